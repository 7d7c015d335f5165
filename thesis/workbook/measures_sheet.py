"""The sheet that scores each metric's value against its bands."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from thesis.core.interval import Interval
from thesis.pack.scores import fraction, persistence
from thesis.scoring.assessment import Assessment, MeasureResult, RuleResult
from thesis.scoring.bands import band_score
from thesis.workbook import number_formats
from thesis.workbook.quarter_grid import GridKey, QuarterGrid
from thesis.workbook.score_formulas import MeasureScoreCells, evidence_counts
from thesis.workbook.spreadsheet import HEAD, HEAD_BESIDE, HEAD_RIGHT, TITLE, CellStyle, WorkbookSheet

NAME = "Measures"
TOP = 6
STALE = (2, 4)  # the cell with how much wider a stale score is
ABOUT = (
    "A value between two edges scores in a straight line: 0 at the first edge, a quarter more at each, 1 at "
    "the fifth. Where several quarters are read it is the level that so many of them reach."
)
LATE = "A stale score is wider, each way, for every quarter that it is overdue, by"
LEADING = ("Rule", "Measure", "Metric", "Unit", "Reaches")
EDGES = ("Score 0", "Score .25", "Score .50", "Score .75", "Score 1")
TRAILING = ("By the edges, low", "By the edges, high", "Quarters overdue", "Score low", "Score high",
            "Status", "Counts")  # fmt: skip


def write_measures(sheet: WorkbookSheet, grid: QuarterGrid, a: Assessment) -> Mapping[int, MeasureScoreCells]:
    """Write every metric that is scored, and tell where the score of each part stands."""
    leaves = [(finding, leaf) for finding in a.findings for leaf in finding.leaves() if leaf.kind == "metric"]
    widest = max((persistence(leaf.measure)[1] for _, leaf in leaves), default=1)
    columns = _Columns(widest)
    table = grid.case.pack.thesis.verdict
    sheet.text(0, 0, "Measures", TITLE)
    sheet.text(1, 0, ABOUT)
    sheet.text(STALE[0], 0, LATE)
    sheet.number(*STALE, fraction(table.stale), CellStyle(number=number_formats.SHARE, is_input=True))
    columns.heading(sheet)
    return {
        id(leaf): _Row(sheet, grid, columns, TOP + i, leaf).write(finding)
        for i, (finding, leaf) in enumerate(leaves)
    }


class _Columns:
    """Where things stand: the quarters read take as many columns as the measure that reads most of them."""

    def __init__(self, quarters: int) -> None:
        self.quarters = quarters
        self.low = len(LEADING)
        self.high = self.low + quarters
        self.value = self.high + quarters
        self.edges = self.value + 2
        self.banded = self.edges + len(EDGES)
        self.late = self.banded + 2
        self.score = self.late + 1
        self.status = self.score + 2

    def heading(self, sheet: WorkbookSheet) -> None:
        sheet.texts(TOP - 1, 0, LEADING, HEAD)
        back = ["This quarter", *(f"{i} back" for i in range(1, self.quarters))]
        names = [*(f"{name}, {end}" for end in ("low", "high") for name in back), "Value low", "Value high"]
        sheet.texts(TOP - 1, self.low, [*names, *EDGES, *TRAILING], HEAD_RIGHT)
        sheet.text(TOP - 1, self.status, "Status", HEAD_BESIDE)
        sheet.widths((26, 40, 26, 7, 8))
        sheet.widths([9.5] * (len(names) + len(EDGES) + len(TRAILING)), self.low)
        sheet.freeze(TOP, 2)


class _Row:
    """One measure."""

    def __init__(
        self, sheet: WorkbookSheet, grid: QuarterGrid, columns: _Columns, row: int, leaf: MeasureResult
    ) -> None:
        self.sheet, self.grid, self.columns = sheet, grid, columns
        self.row, self.leaf = row, leaf
        sizes = [abs(edge) for edge in leaf.edges]
        look = number_formats.compared_format(leaf.show, leaf.unit, max(sizes, default=0.0))
        self.look = look.beside(leaf.value, leaf.edges) if leaf.value else look

    def write(self, finding: RuleResult) -> MeasureScoreCells:
        leaf, sheet, row = self.leaf, self.sheet, self.row
        sustained = leaf.measure.sustained
        sheet.texts(row, 0, (finding.rule.name, leaf.name, leaf.id, self.look.unit, sustained))
        self._quarters()
        value = self._value()
        edges = self._edges()
        banded = band_score(leaf.value or Interval(0.0, 0.0), leaf.edges)
        falls = leaf.edges[0] > leaf.edges[-1]
        columns = self.columns
        by_edges = [
            sheet.formula(
                row,
                columns.banded + end,
                band_place_formula(value[end != falls], edges),
                number,
                CellStyle(number=number_formats.SCORE),
            )
            for end, number in enumerate((banded.lo, banded.hi))
        ]
        late = self.grid.case.standing(leaf.id, self.grid.case.quarter).late
        overdue = sheet.number(
            row, columns.late, late, CellStyle(number=number_formats.WHOLE, is_input=True)
        ).reference(NAME)
        stale = sheet.cell(*STALE).reference(NAME)
        low, high = (cell.reference(NAME) for cell in by_edges)
        strong = CellStyle(number=number_formats.SCORE, bold=True)
        lo = sheet.formula(
            row, columns.score, f"IF({overdue}>1,0,MAX(0,{low}-{stale}*{overdue}))", leaf.score.lo, strong
        )
        hi = sheet.formula(
            row,
            columns.score + 1,
            f"IF({overdue}>1,1,MIN(1,{high}+{stale}*{overdue}))",
            leaf.score.hi,
            strong,
        )
        sheet.text(row, columns.status, leaf.status, CellStyle(is_input=True, indent=1))
        state = sheet.cell(row, columns.status)
        credit = evidence_counts(sheet, row, columns.status + 1, lo, hi, state, leaf.score, leaf.status)
        return MeasureScoreCells(lo, hi, leaf.score, credit, leaf.status)

    def _quarters(self) -> None:
        """The metric in each quarter that is read, in the unit of the edges."""
        case, key = self.grid.case, GridKey("metric", self.leaf.id)
        for back in range(persistence(self.leaf.measure)[1]):
            quarter = case.quarter - back
            number = case.value(self.leaf.id, quarter)
            ends = self.grid.ends(key, quarter, NAME)
            for end, value in enumerate((number.lo, number.hi)):
                column = (self.columns.low, self.columns.high)[end] + back
                self._formula(column, self._times(ends[end]), float(value))

    def _times(self, address: str) -> str:
        return address if self.look.factor == 1 else f"{address}*{self.look.factor:g}"

    def _formula(self, column: int, formula: str, value: float, *, bold: bool = False) -> str:
        """A formula for a value in the unit of the edges."""
        style = CellStyle(number=self.look.number, bold=bold)
        return self.sheet.formula(self.row, column, formula, value * self.look.factor, style).reference(NAME)

    def _value(self) -> list[str]:
        """The level that n of m quarters reach: the n-th largest, where less is better the n-th smallest."""
        rank, window = persistence(self.leaf.measure)
        value = self.leaf.value
        assert value is not None
        found = []
        for end, number in enumerate((value.lo, value.hi)):
            column = (self.columns.low, self.columns.high)[end]
            first = self.sheet.cell(self.row, column).reference(NAME)
            last = self.sheet.cell(self.row, column + window - 1).reference(NAME)
            formula = f"LARGE({first}:{last},{rank})" if window > 1 else first
            found.append(self._formula(self.columns.value + end, formula, float(number), bold=True))
        return found

    def _edges(self) -> list[str]:
        style = CellStyle(number=self.look.number, is_input=True)
        return [
            self.sheet.number(self.row, self.columns.edges + i, edge * self.look.factor, style).reference(
                NAME
            )
            for i, edge in enumerate(self.leaf.edges)
        ]


def band_place_formula(value: str, edges: list[str]) -> str:
    """Where a value stands among five edges, 0 to 1."""
    parts = [f"MAX(0,MIN(1,({value}-{low})/({high}-{low})))" for low, high in pairwise(edges)]
    return f"({'+'.join(parts)})/4"
