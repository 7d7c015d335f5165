"""The sections of a memo in their order."""

from __future__ import annotations

from thesis.memo.evidence_sections import EVIDENCE_SECTIONS
from thesis.memo.memo_section import MemoSection, MemoSubject
from thesis.memo.page_one import PAGE_ONE, SCORECARD
from thesis.memo.record_section import RECORD_SECTIONS
from thesis.memo.rule_sections import RULE_SECTIONS
from thesis.memo.statement_section import STATEMENT_SECTIONS


def memo_sections(subject: MemoSubject) -> list[MemoSection]:
    """All sections in the order of a memo; what a subject has none of is not even imported."""
    sections = [*PAGE_ONE, SCORECARD, *RULE_SECTIONS]
    if subject.a.appraisal is not None:
        from thesis.memo.valuation_section import VALUATION_SECTIONS

        sections += VALUATION_SECTIONS
    if subject.r is not None or subject.a.overridden:
        from thesis.memo.journal_sections import JOURNAL_SECTIONS

        sections += JOURNAL_SECTIONS
    return [*sections, *EVIDENCE_SECTIONS, *RECORD_SECTIONS, *STATEMENT_SECTIONS]
