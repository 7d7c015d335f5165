"""The section of a memo that goes through the statements of the thesis' source, one by one."""

from __future__ import annotations

from thesis.document.blocks import Block
from thesis.memo.evidence_sections import EVIDENCE_SECTIONS
from thesis.memo.memo_section import MemoSection, MemoSubject
from thesis.memo.page_one import PAGE_ONE, SCORECARD
from thesis.memo.rule_sections import RULE_SECTIONS


def _statements(subject: MemoSubject) -> list[Block]:
    draw = subject.page.statements
    if draw is None:
        return []
    from thesis.reports.statement_report import statement_blocks

    return statement_blocks(draw(), section_titles(subject))


def section_titles(subject: MemoSubject) -> dict[str, str]:
    """The titles of the sections that a statement may name, by their ids."""
    sections = [*PAGE_ONE, SCORECARD, *RULE_SECTIONS, *EVIDENCE_SECTIONS]
    if subject.a.appraisal is not None:
        from thesis.memo.valuation_section import VALUATION_SECTIONS

        sections += VALUATION_SECTIONS
    return {section.id: section.title_for(subject) for section in sections}


STATEMENT_SECTIONS = (MemoSection("statements", "The source, statement by statement", "Source", _statements),)
