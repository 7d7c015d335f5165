"""The section of a memo that says what was said before, and what the price did after."""

from __future__ import annotations

from thesis.document.blocks import Block
from thesis.memo.memo_section import MemoSection, MemoSubject


def _record(subject: MemoSubject) -> list[Block]:
    draw = subject.page.record
    if draw is None:
        return []
    from thesis.reports.track_record_report import record_blocks

    return record_blocks(draw())


RECORD_SECTIONS = (MemoSection("record", "Track record", "Record", _record),)
