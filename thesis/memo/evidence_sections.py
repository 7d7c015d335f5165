"""The sections of a memo about what people judged and what is not known."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from thesis.core import formatting
from thesis.document.blocks import Block, Column, Paragraph, table_of
from thesis.document.inline import Link, Text, unbroken
from thesis.memo.footnotes import web_address
from thesis.memo.memo_section import MemoSection, MemoSubject
from thesis.narrative import rating_text
from thesis.pack.schema.judgements import Judgement, Rubric
from thesis.scoring.assessment import Assessment, EvidenceGap


class GradeRow(NamedTuple):
    """A grade of a question, or the question alone where nobody graded it."""

    rubric: Rubric
    grade: Judgement | None
    status: str


def _grades(a: Assessment) -> Iterator[GradeRow]:
    for rubric, grades, status in rating_text.judgement_rows(a):
        for grade in grades or (None,):
            yield GradeRow(rubric, grade, status)


def _level(row: GradeRow) -> Text:
    if row.grade is None:
        return "not graded"
    expired = " (expired)" if row.status == "expired" else ""
    return (unbroken(f"{row.grade.level} of {len(row.rubric.levels) - 1}"), expired)


def _given(row: GradeRow) -> Text:
    if row.grade is None:
        return ""
    return (unbroken(row.grade.graded), ", in hindsight" if row.grade.back_filled else "")


def _evidence(row: GradeRow) -> Text:
    if row.grade is None:
        return ""
    source = Link(row.grade.source, web_address(row.grade.url))
    return (f"{row.grade.evidence} (", source, ")")


GRADE_COLUMNS = (
    Column[GradeRow]("question", lambda row: f"{row.rubric.id}: {row.rubric.asks}"),
    Column("level", _level),
    Column[GradeRow]("by", lambda row: row.grade.by if row.grade else ""),
    Column("given", _given),
    Column("evidence", _evidence),
)
GAP_COLUMNS = (
    Column[EvidenceGap]("what", lambda gap: gap.label),
    Column[EvidenceGap]("score somewhere in", lambda gap: formatting.score(gap.score)),
    Column[EvidenceGap]("could change the verdict", lambda gap: "yes" if gap.matters else "no"),
    Column[EvidenceGap]("waits for", rating_text.waiting_text),
)


def _judgements(subject: MemoSubject) -> list[Block]:
    rows = list(_grades(subject.a))
    caption = "What was judged, by whom, and on what evidence"
    table = table_of(GRADE_COLUMNS, rows, caption=caption, is_captioned=False, kind="wordy")
    return [table] if rows else []


def _unknowns(subject: MemoSubject) -> list[Block]:
    if not subject.a.gaps:
        return [Paragraph("Nothing that enters the score.")]
    caption = "What is not known exactly"
    return [table_of(GAP_COLUMNS, subject.a.gaps, caption=caption, is_captioned=False, kind="wordy")]


EVIDENCE_SECTIONS = (
    MemoSection("judgements", "Judgements", "Judgements", _judgements),
    MemoSection("unknowns", "What we do not know", "Unknowns", _unknowns),
)
