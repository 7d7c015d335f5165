"""Page one of a memo, and the tables of the whole scorecard that the body begins with."""

from __future__ import annotations

from collections.abc import Sequence

from thesis.core import formatting
from thesis.document.blocks import Block, LabelledTexts, Paragraph
from thesis.document.inline import SMALL, Span, Text
from thesis.memo.memo_section import MemoSection, MemoSubject
from thesis.reports import page_one, scorecard
from thesis.scoring.assessment import Assessment


def glance(a: Assessment) -> list[Block]:
    """The totals, the coverage and the confidence, for what stays in sight on a page."""
    rows: list[tuple[str, Text]] = [
        (group.total_name, (f"{formatting.score(group.total)} ", Span(group.label, SMALL)))
        for group in scorecard.scorecard_groups(a)
    ]
    rows.append(("coverage", formatting.share(a.verdict.coverage)))
    rows.append(("confidence", a.verdict.confidence.grade or "none"))
    return [LabelledTexts(tuple(rows), 12)]


def head(subject: MemoSubject) -> Sequence[Block]:
    """Price, market cap, target and what lies between them, for the head of a memo."""
    return [page_one.head_figures(subject.page)]


def _statements(subject: MemoSubject) -> Sequence[Block]:
    return page_one.statements(subject.page)


def _tables(subject: MemoSubject) -> Sequence[Block]:
    return page_one.tables(subject.page)


def _claims(subject: MemoSubject) -> Sequence[Block]:
    """The scorecard with the claims as stated, headroom and scores."""
    a = subject.a
    kill: Block = scorecard.kill_table(a) if a.kill else Paragraph("No kill criterion is named.")
    return [scorecard.condition_table(a), scorecard.risk_table(a), kill]


PAGE_ONE = (
    MemoSection("verdict", "Rating", "Rating", _statements, is_front=True),
    MemoSection("needs", "What the thesis needs", "Needs", _tables, is_front=True),
)
SCORECARD = MemoSection("scorecard", "Scorecard and kill criteria", "Scorecard", _claims)
