"""Footnotes: for each figure in a memo where it comes from, down to the filing.

A note gives the formula and the figures that went into it; each figure names its document by a short
mark (``d4``), and the documents are listed once, with the day they were filed and a link.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from thesis import words
from thesis.assessment import Distance, Part
from thesis.case import Evidence
from thesis.facts import Fact
from thesis.shapes import Judgement

ARCHIVE = "https://www.sec.gov/Archives/edgar/data"


class Source(NamedTuple):
    """A document: its mark, its name, the day it was filed, and where it can be read."""

    mark: str
    name: str
    filed: str
    link: str


class Footnotes:
    """Numbers handed out in the order in which figures appear; the same evidence, the same number."""

    def __init__(self, filers: Mapping[str, str]) -> None:
        self._filers = filers
        self._numbers: dict[str, int] = {}
        self._sources: dict[tuple[str, str], Source] = {}

    def mark(self, source: Any) -> str:
        """``[^4]`` for a part, a distance or evidence; nothing where there is nothing to cite."""
        text = self._explained(source)
        if not text:
            return ""
        number = self._numbers.setdefault(text, len(self._numbers) + 1)
        return f"[^{number}]"

    def listed(self) -> list[str]:
        """The notes so far, each as a Markdown footnote."""
        return [f"[^{number}]: {text}" for text, number in self._numbers.items()]

    def sources(self) -> list[Source]:
        """The documents that the notes name."""
        return list(self._sources.values())

    def _explained(self, source: Any) -> str:
        if isinstance(source, Part):
            return grades(source.grades) if source.kind == "judgement" else self._windowed(source.window)
        if isinstance(source, Distance):
            return self._windowed(source.window)
        if isinstance(source, Evidence):
            return self._computed(source) if source.formula else self._reported(source)
        return grades(source) if isinstance(source, (list, tuple)) else ""

    def _windowed(self, window: Sequence[Evidence]) -> str:
        """A value of one quarter, or of several with each of them told."""
        if len(window) == 1:
            return self._explained(window[0])
        told = ", ".join(f"{e.period} {words.value(e.value, e.show, e.unit)}" for e in window)
        return f"{window[0].label}, quarter by quarter: {told}. {self._computed(window[0], window[1:])}"

    def _computed(self, evidence: Evidence, more: Sequence[Evidence] = ()) -> str:
        """The formula, and each concept's quarters that went into it (and into more quarters of it)."""
        leaves = [item for each in (evidence, *more) for item in each.walk() if not item.formula]
        told = [
            self._series([leaf for leaf in leaves if leaf.name == name])
            for name in dict.fromkeys(leaf.name for leaf in leaves)
        ]
        return f"{evidence.label} {evidence.period} = `{evidence.formula}`. {'; '.join(told)}."

    def _reported(self, evidence: Evidence) -> str:
        return f"{self._series([evidence])}."

    def _series(self, leaves: Sequence[Evidence]) -> str:
        """One concept, newest quarter first, each with the document it stands in."""
        seen = {leaf.period: leaf for leaf in leaves}
        ordered = [seen[period] for period in sorted(seen, reverse=True)]
        return f"{ordered[0].label}: " + ", ".join(self._told(leaf) for leaf in ordered)

    def _told(self, leaf: Evidence) -> str:
        if leaf.status == "assumed":
            value = words.value(leaf.value, leaf.show, leaf.unit)
            return f"{value} *assumed*, {leaf.reason.rstrip('.')}"
        if leaf.value.is_anything:
            reason = f", {leaf.reason}" if leaf.reason else ""
            return f"{leaf.period} unknown ({leaf.status}{reason})"
        value = words.value(leaf.value, leaf.show, leaf.unit)
        marks = " ".join(dict.fromkeys(self._cited(fact) for fact in leaf.facts))
        extended = leaf.status == "known" and leaf.reason and not leaf.value.is_point
        reach = f" *read as a range*, {leaf.reason.rstrip('.')}" if extended else ""
        return f"{leaf.period} {value} {marks}{reach}".rstrip()

    def _cited(self, fact: Fact) -> str:
        """``d4``, with how the row was read unless it was simply reported."""
        source = self._source(fact)
        kind, _, detail = fact.how.partition(":")
        if kind == "judged":
            return f"{source.mark} *judged*{detail}"
        if fact.is_secondary:
            return f"{source.mark} *secondary*"
        return f"{source.mark} *derived*" if kind == "derived" else source.mark

    def _source(self, fact: Fact) -> Source:
        name = fact.source.removesuffix(" (secondary)")
        key = name, str(fact.filed)
        if key not in self._sources:
            mark = f"d{len(self._sources) + 1}"
            self._sources[key] = Source(mark, name, str(fact.filed), link_to(fact, self._filers))
        return self._sources[key]


def link_to(fact: Fact, filers: Mapping[str, str]) -> str:
    """Where a fact's filing can be read, or the address that its note gives, or nothing.

    ``filers``: each entity's number at the SEC.
    """
    entity = fact.file.rpartition("/")[2].removesuffix(".csv")
    filer = filers.get(entity, "")
    if not fact.accession or not filer:
        return fact.url
    return f"{ARCHIVE}/{filer}/{fact.accession.replace('-', '')}/"


def grades(given: Sequence[Judgement]) -> str:
    """Who judged, when, on what evidence."""
    return "; ".join(_grade(grade) for grade in given)


def _grade(grade: Judgement) -> str:
    who = f"{grade.by}, {grade.graded}{', in hindsight' if grade.back_filled else ''}"
    return f"{grade.rubric} level {grade.level}, {who}: {grade.evidence.rstrip('.')} ({grade.source})"
