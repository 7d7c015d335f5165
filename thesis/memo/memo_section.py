"""What a memo is made of: sections, each a title and the blocks below it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from thesis.document.blocks import Block
from thesis.scoring.assessment import Assessment

if TYPE_CHECKING:
    from thesis.reports.review_text import ReviewContext


class MemoSubject(NamedTuple):
    """What a memo is about: an assessment and, where one is kept, what the journal says."""

    a: Assessment
    r: ReviewContext | None = None


class MemoSection(NamedTuple):
    """A section of every memo that has something to say in it.

    ``id`` names its place on a page; ``name`` is what the list of contents calls it. ``blocks`` gives what
    stands below its title; a section without blocks is left out. ``is_front``: it belongs on page one.
    """

    id: str
    title: str | Callable[[MemoSubject], str]
    name: str
    blocks: Callable[[MemoSubject], Sequence[Block]]
    is_front: bool = False

    def title_for(self, subject: MemoSubject) -> str:
        """The title in the memo of a subject."""
        return self.title if isinstance(self.title, str) else self.title(subject)


def memo_sections(subject: MemoSubject) -> list[MemoSection]:
    """All sections in the order of a memo; what a subject has none of is not even imported."""
    from thesis.memo.evidence_sections import EVIDENCE_SECTIONS
    from thesis.memo.page_one import PAGE_ONE
    from thesis.memo.rule_sections import RULE_SECTIONS

    sections = [*PAGE_ONE, *RULE_SECTIONS]
    if subject.a.appraisal is not None:
        from thesis.memo.valuation_section import VALUATION_SECTIONS

        sections += VALUATION_SECTIONS
    if subject.r is not None or subject.a.overridden:
        from thesis.memo.journal_sections import JOURNAL_SECTIONS

        sections += JOURNAL_SECTIONS
    return [*sections, *EVIDENCE_SECTIONS]
