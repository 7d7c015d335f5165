"""The footnotes of a memo: for each figure its sources, down to the filing.

A note gives the formula and the figures that went into it; each figure names its document by a short
mark (``d4``), and the documents are listed once, with the day they were filed and a link. What a note
says is worked out here, once; each kind of memo has its own way of writing it down.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any, NamedTuple

from thesis.case.case import EvidenceItem, words_of
from thesis.core import formatting
from thesis.document.blocks import Column, Table, table_of
from thesis.document.inline import Link, unbroken
from thesis.facts.fact import Fact
from thesis.pack.schema.judgements import Judgement
from thesis.scoring.assessment import Headroom, MeasureResult

ARCHIVE = "https://www.sec.gov/Archives/edgar/data"
DERIVED, SECONDARY, JUDGED = "derived", "secondary", "judged"
ASSUMED, RANGED, UNKNOWN = "assumed", "read as a range", "unknown"
EVERY = "any quarter"


class FootnoteSource(NamedTuple):
    """A document: its mark, its name, the day it was filed, and where it can be read."""

    mark: str
    name: str
    filed: str
    link: str


class Citation(NamedTuple):
    """A document that a figure stands in, and how it was read there: nothing, if it was simply reported."""

    source: FootnoteSource
    how: str = ""
    detail: str = ""


class FootnoteFigure(NamedTuple):
    """A concept's value in one period with its documents.

    ``status``: assumed (then for every period), read as a range, unknown, or nothing; ``reason`` says why.
    """

    period: str
    value: str
    cited: tuple[Citation, ...] = ()
    status: str = ""
    reason: str = ""


class FootnoteSeries(NamedTuple):
    """One concept, newest period first."""

    label: str
    figures: tuple[FootnoteFigure, ...]


class GradeNote(NamedTuple):
    """Who judged, when, on what evidence."""

    rubric: str
    level: str
    by: str
    day: str
    in_hindsight: bool
    evidence: str
    source: str
    link: str


class FigureGrid(NamedTuple):
    """Figures as a table: what its first column holds, its other columns, and its rows by name."""

    corner: str
    columns: list[str]
    rows: list[tuple[str, list[FootnoteFigure | None]]]


class FootnoteRemark(NamedTuple):
    """What has to be said of one figure beside its value."""

    label: str
    period: str
    how: str
    why: str


class Footnote(NamedTuple):
    """What stands behind a figure: a formula with its inputs, a reported figure, or somebody's grades.

    ``quarters``: each quarter's value, where several of them make the figure.
    """

    label: str = ""
    period: str = ""
    value: str = ""
    formula: str = ""
    quarters: tuple[tuple[str, str], ...] = ()
    series: tuple[FootnoteSeries, ...] = ()
    grades: tuple[GradeNote, ...] = ()

    @property
    def documents(self) -> list[FootnoteSource]:
        """Every document that it names, each once, in the order of their marks."""
        found = {c.source for each in self.series for figure in each.figures for c in figure.cited}
        return sorted(found, key=lambda source: int(source.mark[1:]))

    @property
    def grid(self) -> FigureGrid:
        """Its figures as a table: quarters down, or concepts where there are more of them than quarters."""
        by_period = [{figure.period: figure for figure in each.figures} for each in self.series]
        periods = sorted({period for figures in by_period for period in figures}, reverse=True)
        named, told = [each.label for each in self.series], [period or EVERY for period in periods]
        across = [[figures.get(period) for period in periods] for figures in by_period]
        if len(named) > len(periods):
            return FigureGrid("input", told, list(zip(named, across, strict=True)))
        down = [list(row) for row in zip(*across, strict=True)]
        return FigureGrid("quarter", named, list(zip(told, down, strict=True)))

    @property
    def remarks(self) -> list[FootnoteRemark]:
        """What has to be said of single figures: how they were judged, assumed or read, or why unknown."""
        return [
            remark
            for each in self.series
            for figure in each.figures
            for remark in _remarks(each.label, figure)
        ]


def _remarks(label: str, figure: FootnoteFigure) -> list[FootnoteRemark]:
    judged = [FootnoteRemark(label, figure.period, c.how, c.detail) for c in figure.cited if c.detail]
    told = [FootnoteRemark(label, figure.period, figure.status, figure.reason)] if figure.status else []
    return judged + told


class FootnoteList:
    """Numbers handed out in the order in which figures appear; the same evidence, the same number."""

    def __init__(self, filers: Mapping[str, str]) -> None:
        self._filers = filers
        self._numbers: dict[tuple[Hashable, ...], int] = {}
        self._notes: list[Footnote] = []
        self._sources: dict[tuple[str, str], FootnoteSource] = {}

    def number(self, source: Any) -> int:
        """The number of a part's, a distance's or evidence's note; 0 where there is nothing to cite."""
        key = _evidence_key(source)
        if not key:
            return 0
        if key not in self._numbers:
            note = self._explained(source)
            assert note
            self._notes.append(note)
            self._numbers[key] = len(self._notes)
        return self._numbers[key]

    def entries(self) -> list[tuple[int, Footnote]]:
        """The notes so far, each with its number."""
        return list(enumerate(self._notes, 1))

    def sources(self) -> list[FootnoteSource]:
        """The documents that the notes name."""
        return list(self._sources.values())

    def _explained(self, source: Any) -> Footnote | None:
        if isinstance(source, MeasureResult):
            return grade_note(source.grades) if source.kind == "judgement" else self._windowed(source.window)
        if isinstance(source, Headroom):
            return self._windowed(source.window)
        if isinstance(source, EvidenceItem):
            return self._told([source])
        return grade_note(source) if isinstance(source, (list, tuple)) else None

    def _windowed(self, window: Sequence[EvidenceItem]) -> Footnote:
        """A value of one quarter, or of several with each of them told."""
        note = self._told(window)
        if len(window) == 1 or not note.formula:
            return note
        return note._replace(quarters=tuple((e.period, _value(e)) for e in window))

    def _told(self, window: Sequence[EvidenceItem]) -> Footnote:
        """The newest quarter's formula, and the quarters of each concept that went into any of them."""
        newest = window[0]
        leaves = [item for each in window for item in each.walk() if _is_leaf(item)]
        names = dict.fromkeys(leaf.name for leaf in leaves)
        return Footnote(
            label=newest.label,
            period=newest.period,
            value=_value(newest),
            formula="" if _is_leaf(newest) else newest.formula,
            series=tuple(self._series([leaf for leaf in leaves if leaf.name == name]) for name in names),
        )

    def _series(self, leaves: Sequence[EvidenceItem]) -> FootnoteSeries:
        """One concept, newest quarter first, each with the document it stands in."""
        seen = {leaf.period: leaf for leaf in leaves}
        ordered = [seen[period] for period in sorted(seen, reverse=True)]
        return FootnoteSeries(ordered[0].label, tuple(dict.fromkeys(self._figure(leaf) for leaf in ordered)))

    def _figure(self, leaf: EvidenceItem) -> FootnoteFigure:
        if leaf.status == "assumed":
            return FootnoteFigure("", _value(leaf), (), ASSUMED, leaf.reason.rstrip("."))
        if leaf.value.is_anything:
            why = f"{leaf.status}, {leaf.reason}" if leaf.reason else leaf.status
            return FootnoteFigure(leaf.period, _value(leaf), (), UNKNOWN, why)
        cited = tuple(dict.fromkeys(self._cited(fact) for fact in leaf.facts))
        if leaf.status == "known" and leaf.reason and not leaf.value.is_point:
            return FootnoteFigure(leaf.period, _value(leaf), cited, RANGED, leaf.reason.rstrip("."))
        return FootnoteFigure(leaf.period, _value(leaf), cited)

    def _cited(self, fact: Fact) -> Citation:
        """A document, with how the row was read unless it was simply reported."""
        source = self._source(fact)
        origin = fact.provenance
        if origin.kind == JUDGED:
            return Citation(source, JUDGED, origin.detail)
        if origin.is_secondary:
            return Citation(source, SECONDARY)
        return Citation(source, DERIVED) if origin.kind == DERIVED else Citation(source)

    def _source(self, fact: Fact) -> FootnoteSource:
        name = fact.provenance.citation
        key = name, str(fact.filed)
        if key not in self._sources:
            mark = f"d{len(self._sources) + 1}"
            self._sources[key] = FootnoteSource(mark, name, str(fact.filed), link_to(fact, self._filers))
        return self._sources[key]


DOCUMENT_COLUMNS = (
    Column[FootnoteSource]("", lambda source: source.mark),
    Column[FootnoteSource]("document", lambda source: Link(source.name, source.link)),
    Column[FootnoteSource]("filed", lambda source: unbroken(source.filed)),
)


def document_table(sources: Sequence[FootnoteSource]) -> Table:
    """The documents that notes name, each with its mark, the day it was filed, and a link."""
    caption = "Documents that the evidence names"
    return table_of(DOCUMENT_COLUMNS, sources, caption=caption, is_captioned=False, kind="long")


def grade_note(given: Sequence[Judgement]) -> Footnote | None:
    """The note of some grades; None where there is none."""
    return Footnote(grades=tuple(_graded(grade) for grade in given)) if given else None


def _graded(grade: Judgement) -> GradeNote:
    evidence, link = grade.evidence.rstrip("."), web_address(grade.url)
    hindsight = grade.is_hindsight
    return GradeNote(
        grade.rubric, grade.level, grade.by, grade.graded, hindsight, evidence, grade.source, link
    )


def web_address(text: str) -> str:
    """An address that a reader may follow, or nothing: http or https, in one piece."""
    is_plain = not any(c.isspace() or not c.isprintable() or c in "<>()[]|`\"'\\" for c in text)
    return text if is_plain and text.startswith(("https://", "http://")) else ""


def _evidence_key(source: Any) -> tuple[Hashable, ...]:
    """What stands behind a figure, as a key: the values of a window, or grades; empty for nothing.

    In one assessment a value is known by its name, its period, and how it was worked out.
    """
    if isinstance(source, MeasureResult):
        source = source.grades if source.kind == "judgement" else source.window
    elif isinstance(source, Headroom):
        source = source.window
    elif isinstance(source, EvidenceItem):
        source = (source,)
    elif not isinstance(source, (list, tuple)):
        return ()
    return tuple(
        (each.name, each.period, each.label, each.formula) if isinstance(each, EvidenceItem) else each
        for each in source
    )


def _is_leaf(evidence: EvidenceItem) -> bool:
    """Whether nothing stands below it: a concept, or a metric that is assumed instead of worked out."""
    return not evidence.formula or evidence.status == ASSUMED


def _value(evidence: EvidenceItem) -> str:
    return words_of(evidence) or formatting.value(evidence.value, evidence.show, evidence.unit)


def link_to(fact: Fact, filers: Mapping[str, str]) -> str:
    """Where a fact's filing can be read, or the address that its note gives, or nothing.

    ``filers``: each entity's number at the SEC.
    """
    origin, filer = fact.provenance, filers.get(fact.entity, "")
    if not origin.accession or not filer.isdecimal():
        return origin.address
    return f"{ARCHIVE}/{filer}/{origin.accession.replace('-', '')}/"
