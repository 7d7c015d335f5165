"""Footnotes in Markdown: a mark after the figure and the text at the end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from thesis.document.markdown_text import single_line
from thesis.memo.footnotes import (
    ASSUMED,
    RANGED,
    UNKNOWN,
    Citation,
    Footnote,
    FootnoteFigure,
    FootnoteList,
    FootnoteSeries,
    FootnoteSource,
    GradeNote,
)


class Footnotes:
    """The notes of one memo."""

    def __init__(self, filers: Mapping[str, str]) -> None:
        self._notes = FootnoteList(filers)

    def mark(self, source: Any) -> str:
        """``[^4]`` for a part, a distance or evidence; nothing where there is nothing to cite."""
        number = self._notes.number(source)
        return f"[^{number}]" if number else ""

    def listed(self) -> list[str]:
        """The notes so far, each as a Markdown footnote on one line."""
        return [f"[^{number}]: {single_line(_text(note))}" for number, note in self._notes.entries()]

    def sources(self) -> list[FootnoteSource]:
        """The documents that the notes name."""
        return self._notes.sources()


def _text(note: Footnote) -> str:
    if note.grades:
        return "; ".join(_grade(grade) for grade in note.grades)
    series = "; ".join(_series(each) for each in note.series)
    if not note.formula:
        return f"{series}."
    told = ", ".join(f"{period} {value}" for period, value in note.quarters)
    quarters = f"{note.label}, quarter by quarter: {told}. " if told else ""
    return f"{quarters}{note.label} {note.period} = `{note.formula}`. {series}."


def _series(series: FootnoteSeries) -> str:
    return f"{series.label}: " + ", ".join(_figure(figure) for figure in series.figures)


def _figure(figure: FootnoteFigure) -> str:
    if figure.status == ASSUMED:
        return f"{figure.value} *assumed*, {figure.reason}"
    if figure.status == UNKNOWN:
        return f"{figure.period} {figure.value} ({figure.reason})"
    marks = " ".join(_cited(each) for each in figure.cited)
    reach = f" *{RANGED}*, {figure.reason}" if figure.status == RANGED else ""
    return f"{figure.period} {figure.value} {marks}{reach}".rstrip()


def _cited(cited: Citation) -> str:
    """``d4``, with how the row was read unless it was simply reported."""
    how = f" *{cited.how}*" if cited.how else ""
    detail = f" {cited.detail}" if cited.detail else ""
    return f"{cited.source.mark}{how}{detail}"


def _grade(grade: GradeNote) -> str:
    who = f"{grade.by}, {grade.day}{', in hindsight' if grade.in_hindsight else ''}"
    return f"{grade.rubric} level {grade.level}, {who}: {grade.evidence} ({grade.source})"
