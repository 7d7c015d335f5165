"""The sheet of reported values with their documents, which the other sheets refer to.

A value that is not known is a word where its number would stand. The figures take a cell that holds no number
for what nobody knows, so that clearing one shows what the thesis says without it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from thesis.core.interval import Interval
from thesis.core.period import Quarter
from thesis.core.strict_ends import INSIDE, as_stated
from thesis.facts.fact import Fact, Reading
from thesis.memo.footnotes import link_to
from thesis.pack.scores import fraction
from thesis.workbook.interval_formulas import HIGH, LOW, UNBOUNDED, EndFormulas, number_literal
from thesis.workbook.quarter_grid import GridKey, QuarterGrid
from thesis.workbook.spreadsheet import (
    BESIDE,
    HEAD,
    HEAD_BESIDE,
    HEAD_RIGHT,
    STEPPED,
    TITLE,
    CellStyle,
    WorkbookSheet,
)

NAME = "Facts"
HEADINGS = ("Figure", "Name", "Item", "Period", "Low", "High", "Unit", "Status", "Filed", "Document",
            "How it was read", "Note", "Row")  # fmt: skip
WIDTHS = (34, 30, 14, 12, 19, 19, 10, 14, 11, 36, 48, 40, 40)
LOW_COLUMN, HIGH_COLUMN, UNIT, FILED, DOCUMENT = 4, 5, 6, 8, 9
TOP = 3
NO_BOUND, MISSING = "no bound", "missing"
ABOUT = (
    "Every value as it was reported and known on the day. Documents lead to the filing. Blue numbers are "
    "what the rest is worked out from; a cleared one counts as not known."
)


class FigureRows(NamedTuple):
    """The rows that a figure rests on: a list for each item of a register, else one list.

    ``one_sided``: those whose value is stated as more or less than a number, which it is not itself.
    """

    reading: Reading
    rows: Sequence[Sequence[int]]
    one_sided: frozenset[int] = frozenset()


Sources = Mapping[tuple[str, Quarter], FigureRows]


def write_facts(sheet: WorkbookSheet, grid: QuarterGrid) -> Sources:
    """Write what the grid's figures rest on, and tell where each stands."""
    sheet.text(0, 0, "Facts", TITLE)
    sheet.text(1, 0, ABOUT)
    sheet.texts(TOP - 1, 0, HEADINGS, HEAD)
    for column in (LOW_COLUMN, HIGH_COLUMN, FILED):
        sheet.text(TOP - 1, column, HEADINGS[column], HEAD_RIGHT)
    for column in (UNIT, DOCUMENT):
        sheet.text(TOP - 1, column, HEADINGS[column], HEAD_BESIDE)
    sheet.widths(WIDTHS)
    sheet.freeze(TOP, 2)
    writer = _Writer(sheet, grid)
    found = {}
    for name in grid.case.pack.concepts:
        for quarter in sorted(grid.quarters.get(GridKey("concept", name), ())):
            found[name, quarter] = writer.source(name, quarter)
    sheet.sheet.autofilter(TOP - 1, 0, max(TOP, writer.row - 1), len(HEADINGS) - 1)
    return found


class _Writer:
    """Writes rows one under the other."""

    def __init__(self, sheet: WorkbookSheet, grid: QuarterGrid) -> None:
        self.sheet = sheet
        self.case = grid.case
        self.row = TOP
        pack = grid.case.pack
        self.filers = {name: entity.cik for name, entity in pack.entities.items() if entity.cik}
        self._assumed: dict[str, int] = {}

    def source(self, name: str, quarter: Quarter) -> FigureRows:
        reading = self.case.vintage.reading(name, quarter)
        if reading.status == "assumed":
            if name not in self._assumed:
                self._assumed[name] = self._assumption(name, reading)
            return FigureRows(reading, [[self._assumed[name]]])
        if not reading.facts:
            return FigureRows(reading, [[self._missing(name, quarter)]])
        items: dict[str, list[int]] = {}
        for fact in reading.facts:
            items.setdefault(fact.item, []).append(self._fact(fact, reading.status))
        rows = [row for rows in items.values() for row in rows]
        open_ended = (row for fact, row in zip(reading.facts, rows, strict=True) if _is_one_sided(fact.value))
        return FigureRows(reading, list(items.values()), frozenset(open_ended))

    def _fact(self, fact: Fact, status: str) -> int:
        self._head(fact.concept, fact.item, str(fact.period), status)
        withheld = fact.value if isinstance(fact.value, str) else ""
        stated = None if isinstance(fact.value, str) else as_stated(fact.value)
        ends = (stated.lo, stated.hi) if stated else (None, None)
        self._ends(fact.concept, ends, withheld)
        self.sheet.day(self.row, FILED, fact.filed, CellStyle(right=True))
        self.sheet.link(self.row, DOCUMENT, link_to(fact, self.filers), fact.source, BESIDE)
        self.sheet.texts(self.row, DOCUMENT + 1, (fact.how, fact.note, f"{fact.file}:{fact.line}"))
        return self._next()

    def _assumption(self, name: str, reading: Reading) -> int:
        concept = self.case.pack.concepts[name]
        self._head(name, "", "every quarter", "assumed")
        self._ends(name, (reading.value.lo, reading.value.hi), "")
        self.sheet.text(self.row, DOCUMENT, "assumed in metrics.yaml", BESIDE)
        self.sheet.text(self.row, DOCUMENT + 2, concept.because)
        return self._next()

    def _missing(self, name: str, quarter: Quarter) -> int:
        self._head(name, "", str(quarter), MISSING)
        self._ends(name, (None, None), MISSING)
        self.sheet.text(self.row, DOCUMENT + 2, self.case.evidence(name, quarter).reason)
        return self._next()

    def _head(self, name: str, item: str, period: str, status: str) -> None:
        concept = self.case.pack.concepts[name]
        self.sheet.texts(self.row, 0, (concept.label, name, item, period))
        self.sheet.text(self.row, UNIT, concept.unit, BESIDE)
        self.sheet.text(self.row, UNIT + 1, status)

    def _ends(self, name: str, ends: tuple[float | None, float | None], word: str) -> None:
        style = CellStyle(is_input=True, number=_number(self.case.pack.concepts[name].unit))
        for column, end in zip((LOW_COLUMN, HIGH_COLUMN), ends, strict=True):
            if end is None or abs(number_literal(end)) >= UNBOUNDED:
                self.sheet.text(self.row, column, word or NO_BOUND, STEPPED._replace(right=True))
            else:
                self.sheet.number(self.row, column, end, style)

    def _next(self) -> int:
        self.row += 1
        return self.row - 1


def _number(unit: str) -> str:
    if unit == "ratio":
        return "0.0##%"
    return "#,##0.00" if "/" in unit else "General" if unit in ("count", "years") else "#,##0"


# what a figure makes of its rows ---------------------------------------------------------------------


def figure_formula(source: FigureRows, reach: str, switch: str) -> EndFormulas:
    """The formulas that read a figure. ``switch``: of a register, the cell that says whether it counts."""
    if source.reading.status == "conflict":
        return EndFormulas(LOW, HIGH)
    found = _settled(source.rows[0], source) if len(source.rows) == 1 else _added_up(source)
    if reach:
        found = _reaching(found, fraction(reach))
    return EndFormulas(*(f"IF({switch}=1,{end},0)" for end in found)) if switch else found


def _added_up(source: FigureRows) -> EndFormulas:
    """A register's items together; of a row each they are a range of cells, all of which must be known."""
    items = source.rows
    if source.one_sided or any(len(rows) > 1 for rows in items):
        settled = [_settled(rows, source) for rows in items]
        return EndFormulas(*("+".join(each[end] for each in settled) for end in (0, 1)))
    first, last = items[0][0] + 1, items[-1][0] + 1
    low, high = (f"{NAME}!{letter}{first}:{letter}{last}" for letter in "EF")
    known = len(items)
    return EndFormulas(
        f"IF(COUNT({low})={known},SUM({low}),{LOW})", f"IF(COUNT({high})={known},SUM({high}),{HIGH})"
    )


def _settled(rows: Sequence[int], source: FigureRows) -> EndFormulas:
    """What the rows of one period say: of several of one day where all overlap, else the farthest two."""
    read = [_inside(_read(row)) if row in source.one_sided else _read(row) for row in rows]
    if len(read) == 1:
        return read[0]
    highest_low, lowest_high = f"MAX({','.join(a.lo for a in read)})", f"MIN({','.join(a.hi for a in read)})"
    return EndFormulas(f"MIN({highest_low},{lowest_high})", f"MAX({highest_low},{lowest_high})")


def _read(row: int) -> EndFormulas:
    low, high = (f"{NAME}!{letter}{row + 1}" for letter in "EF")
    return EndFormulas(f"IF(ISNUMBER({low}),{low},{LOW})", f"IF(ISNUMBER({high}),{high},{HIGH})")


def _inside(a: EndFormulas) -> EndFormulas:
    """The ends of a value that is not the number itself with which it is stated, moved as its interval is."""
    far = f"{INSIDE:.15G}"
    return EndFormulas(f"({a.lo}+{far}*ABS({a.lo}))", f"({a.hi}-{far}*ABS({a.hi}))")


def _is_one_sided(value: Interval | str) -> bool:
    return isinstance(value, Interval) and as_stated(value) != value


def _reaching(a: EndFormulas, share: float) -> EndFormulas:
    """A one-sided value, read only as far as the pack says that such disclosures reach."""
    far = f"{share:.15g}"
    return EndFormulas(
        f"IF(AND({a.lo}<=-1E+60,{a.hi}<1E+60),{a.hi}-ABS({a.hi})*{far},{a.lo})",
        f"IF(AND({a.hi}>=1E+60,{a.lo}>-1E+60),{a.lo}+ABS({a.lo})*{far},{a.hi})",
    )
