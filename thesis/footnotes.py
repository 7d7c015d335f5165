"""Footnotes: for each figure in a memo where it comes from, down to the filing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from thesis import words
from thesis.assessment import Distance, Part
from thesis.case import Evidence
from thesis.facts import Fact
from thesis.shapes import Judgement


class Footnotes:
    """Numbers handed out in the order in which figures appear; the same evidence, the same number."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def mark(self, source: Any) -> str:
        """``[^4]`` for a part, a distance or evidence; nothing where there is nothing to cite."""
        text = explain(source)
        if not text:
            return ""
        number = self._numbers.setdefault(text, len(self._numbers) + 1)
        return f"[^{number}]"

    def listed(self) -> list[str]:
        """The notes so far, each as a Markdown footnote."""
        return [f"[^{number}]: {text}" for text, number in self._numbers.items()]


def explain(source: Any) -> str:
    """What a figure rests on, in one line."""
    if isinstance(source, Part):
        return grades(source.grades) if source.kind == "judgement" else explain(source.evidence)
    if isinstance(source, Distance):
        return explain(source.evidence)
    if isinstance(source, Evidence):
        return of_metric(source) if source.formula else of_concept(source)
    return grades(source) if isinstance(source, (list, tuple)) else ""


def of_metric(evidence: Evidence) -> str:
    """The formula with what went into it, each with its rows; long series are told by their ends."""
    leaves = list(_concepts(evidence))
    parts = []
    for name in dict.fromkeys(leaf.name for leaf in leaves):
        parts.append(_series([leaf for leaf in leaves if leaf.name == name]))
    told = "; ".join(parts)
    return f"{evidence.label} {evidence.period} = `{evidence.formula}`. {told}."


def of_concept(evidence: Evidence) -> str:
    if not evidence.facts:
        return f"{evidence.label} {evidence.period}: {evidence.status}{f', {evidence.reason}' if evidence.reason else ''}."
    return f"{_series([evidence])}."


def _series(leaves: Sequence[Evidence]) -> str:
    """One concept's quarters: values newest first, then the filings they stand in."""
    seen = {leaf.period: leaf for leaf in leaves}
    ordered = [seen[period] for period in sorted(seen, reverse=True)]
    shown = ", ".join(f"{leaf.period} {_told(leaf)}" for leaf in ordered)
    sources = dict.fromkeys(cite(fact) for leaf in ordered for fact in leaf.facts)
    filed = f" ({'; '.join(sources)})" if sources else ""
    return f"{ordered[0].label} {shown}{filed}"


def _told(leaf: Evidence) -> str:
    if leaf.status == "assumed":
        return f"{words.value(leaf.value, leaf.show, leaf.unit)} assumed: {leaf.reason}"
    if leaf.value.is_anything:
        return f"unknown ({leaf.status}{f', {leaf.reason}' if leaf.reason else ''})"
    return words.value(leaf.value, leaf.show, leaf.unit)


def _concepts(evidence: Evidence) -> Iterator[Evidence]:
    return (item for item in evidence.walk() if not item.formula)


def cite(fact: Fact) -> str:
    """``10-Q 0001018724-26-000026, filed 2026-07-31``, with how it was read unless simply reported."""
    how = "" if fact.how == "reported" else f", {fact.how}"
    return f"{fact.source}, filed {fact.filed}{how}"


def grades(given: Sequence[Judgement]) -> str:
    """Who judged, when, on what evidence."""
    told = []
    for grade in given:
        hindsight = ", in hindsight" if grade.back_filled else ""
        told.append(
            f"{grade.rubric} level {grade.level}, {grade.by}, {grade.graded}{hindsight}: "
            f"{grade.evidence.rstrip('.')} ({grade.source})"
        )
    return "; ".join(told)
