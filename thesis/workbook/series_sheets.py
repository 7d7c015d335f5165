"""The sheets of figures and metrics: a row for each, a column for each quarter."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

from thesis.case.case import parse_once
from thesis.core.currency import show_of
from thesis.core.interval import Interval
from thesis.core.period import Quarter
from thesis.language import nodes as n
from thesis.language.units import ANY, ValueType, infer, read_unit
from thesis.pack.load import Pack
from thesis.pack.schema.metrics import Metric
from thesis.pack.value_names import ValueName
from thesis.workbook import number_formats
from thesis.workbook.facts_sheet import Sources, figure_formula
from thesis.workbook.interval_formulas import EndFormulas
from thesis.workbook.number_formats import NumberFormat
from thesis.workbook.quarter_grid import BETWEEN, FIRST_COLUMN, FIRST_ROW, GridKey, QuarterGrid, steps_of
from thesis.workbook.spreadsheet import (
    BOLD,
    HEAD,
    HEAD_RIGHT,
    PLAIN,
    SECTION,
    STEPPED,
    TITLE,
    CellAddress,
    CellStyle,
    WorkbookSheet,
    column_letters,
)

STANDS_FOR = {"daily": "stock", "register": "flow"}  # as in ``thesis.lint``
ADDED_UP = ("flow", "stock", "annual")


class UnitTypes(dict[str, ValueType]):
    """The type of a name, worked out when it is asked for: a metric's kind follows from its formula."""

    def __init__(self, pack: Pack) -> None:
        super().__init__()
        self.pack = pack

    def get(self, name: str, otherwise: ValueType = ANY) -> ValueType:  # type: ignore[override]
        if name not in self:
            self[name] = self._found(name)
        return self[name]

    def _found(self, name: str) -> ValueType:
        concept = self.pack.concepts.get(name)
        if concept:
            return ValueType(read_unit(concept.unit), STANDS_FOR.get(concept.kind, concept.kind))
        if name in self.pack.values:
            return self.pack.values[name].type
        metric = self.pack.metrics[name]
        kind = self.of(parse_once(metric.formula)).kind
        return ValueType(read_unit(metric.unit), kind if kind in ADDED_UP else "rate")

    def of(self, node: n.Node) -> ValueType:
        """The type of an expression that lint has found in order."""
        return infer(node, self, lambda _: None)


VISIBLE = 8  # quarters of the first block that are in sight when the sheet is opened
LABELS = (42, 28, 13, 46)
QUARTER = 10.5
RANGE, SAME = "#B45F06", "#B0B0B0"
LOW_BLOCK, HIGH_BLOCK = "low end, which is the value where it is known exactly", "high end"
FIGURES_ABOUT = (
    "What was reported, quarter by quarter, read from the sheet Facts. Nothing is worked out here."
)
METRICS_ABOUT = (
    "Each metric with the steps on the way to it, in the words of the rules. A formula reads its own column "
    "and earlier ones. Orange: a range, whose high end stands in the block to the right."
)


def write_figures(sheet: WorkbookSheet, grid: QuarterGrid, sources: Sources, switch: CellAddress) -> None:
    """The figures of every concept that something asks for."""
    keys = [GridKey("concept", name) for name in grid.case.pack.concepts]
    keys = [key for key in keys if key in grid.quarters]
    grid.place(keys)
    _heading(sheet, grid, "Figures", FIGURES_ABOUT, ("Figure", "Name", "Unit", "Kind"))
    for key in keys:
        concept = grid.case.pack.concepts[key.name]
        look = _of_concept(grid, key)
        owner = grid.case.pack.owner(key.name)
        sheet.texts(grid.rows[key], 0, (concept.label, key.name, look.unit, f"{concept.kind}, {owner}"))
        asked = switch.reference(sheet.name) if concept.kind == "register" else ""
        reach = "" if concept.kind == "register" else concept.reach

        def read(quarter: Quarter, key: GridKey = key, reach: str = reach, asked: str = asked) -> EndFormulas:
            return figure_formula(sources[key.name, quarter], reach, asked)

        _row(sheet, grid, key, read, CellStyle(number=look.number))
    _marked(sheet, grid, max(grid.rows.values(), default=FIRST_ROW))


def _of_concept(grid: QuarterGrid, key: GridKey) -> NumberFormat:
    quarter = max(grid.quarters[key])
    evidence = grid.case.evidence(key.name, quarter)
    size = _largest(grid, key)
    return number_formats.stored_format(evidence.show, evidence.unit, _scale(grid, evidence.unit, size), size)


def write_metrics(
    sheet: WorkbookSheet, grid: QuarterGrid, sections: Iterable[tuple[str, Iterable[tuple[str, GridKey]]]]
) -> None:
    """The metrics and, below them, other expressions under headings; each with its label."""
    _heading(sheet, grid, "Metrics", METRICS_ABOUT, ("Metric", "Name", "Unit", "Formula"))
    types = UnitTypes(grid.case.pack)
    row = FIRST_ROW
    labelled: list[tuple[GridKey, str]] = []  # placed first: a formula may refer to a row further down
    for title, keys in sections:
        sheet.text(row, 0, title, SECTION)
        row += 2
        for label, key in keys:
            if key.kind == "concept" or key in grid.rows:
                continue
            steps = steps_of(grid, grid.body(key), grid.rows)
            block = [key, *(step for step in steps if step != key)]
            grid.place(block, row)
            labelled += [(each, label if each == key else "") for each in block]
            row += len(block) + 1
    for key, label in labelled:
        _write_metric(sheet, grid, key, label, types)
    _marked(sheet, grid, row)


def _write_metric(
    sheet: WorkbookSheet, grid: QuarterGrid, key: GridKey, label: str, types: UnitTypes
) -> None:
    metric = grid.case.pack.scored(key.name) if key.kind == "metric" else None
    look = _of_metric(grid, key, metric, types)
    row = grid.rows[key]
    text = metric.formula if isinstance(metric, Metric) else key.name
    is_result = bool(label)
    name = key.name if metric else ""
    sheet.text(row, 0, label or text, BOLD if is_result else CellStyle(step=True, indent=2))
    sheet.texts(row, 1, (name, look.unit), PLAIN if is_result else STEPPED)
    sheet.text(row, 3, text if is_result else "", PLAIN)
    style = CellStyle(number=look.number, bold=is_result, step=not is_result)
    _row(sheet, grid, key, lambda quarter: grid.formula(key, quarter), style)


def _of_metric(
    grid: QuarterGrid, key: GridKey, metric: Metric | ValueName | None, types: UnitTypes
) -> NumberFormat:
    largest = _largest(grid, key)
    if metric:
        return number_formats.stored_format(
            metric.show, metric.unit, _scale(grid, metric.unit, largest), largest
        )
    found = types.of(grid.nodes[key])
    if found.kind == "truth":
        return NumberFormat("no, yes", number_formats.TRUTH)
    unit = found.unit
    if unit == "ratio":
        return NumberFormat("", "0.0000" if largest < number_formats.EVERYDAY else "#,##0")
    return number_formats.stored_format(show_of(unit), unit, _scale(grid, unit, largest), largest)


def _scale(grid: QuarterGrid, unit: str, size: float) -> float:
    """The size that decides the scale of money: that of the figures by which the quarter is told."""
    asked = grid.case.pack.thesis.quarter
    if unit != grid.case.pack.concepts[asked].unit or GridKey("concept", asked) not in grid.quarters:
        return size
    return _largest(grid, GridKey("concept", asked))


def _largest(grid: QuarterGrid, key: GridKey) -> float:
    values = [grid.value(key, quarter) for quarter in grid.quarters[key]]
    return max((abs(end) for value in values for end in _known(value)), default=0.0)


def _known(value: Interval) -> list[float]:
    return [float(end) for end in (value.lo, value.hi) if math.isfinite(end)]


# what both sheets have in common ---------------------------------------------------------------------


def _heading(
    sheet: WorkbookSheet, grid: QuarterGrid, title: str, about: str, labels: tuple[str, ...]
) -> None:
    sheet.text(0, 0, title, TITLE)
    sheet.text(1, 0, about)
    sheet.texts(FIRST_ROW - 1, 0, labels, HEAD)
    sheet.texts(FIRST_ROW - 2, 0, ("",) * len(labels), HEAD)
    for end, caption in enumerate((LOW_BLOCK, HIGH_BLOCK)):
        for place in range(grid.width):
            quarter = grid.first + place
            column = grid.column(quarter, end)
            sheet.text(FIRST_ROW - 2, column, "", HEAD)
            sheet.text(FIRST_ROW - 1, column, str(quarter), HEAD_RIGHT)
        first = grid.column(max(grid.first, grid.last - (VISIBLE - 1)), end)
        sheet.text(FIRST_ROW - 2, first, caption, HEAD._replace(wrap=False))
    sheet.widths(LABELS)
    sheet.widths([QUARTER] * grid.width, FIRST_COLUMN)
    sheet.widths([3], FIRST_COLUMN + grid.width)
    sheet.widths([QUARTER] * grid.width, FIRST_COLUMN + grid.width + BETWEEN)
    shown_from = FIRST_COLUMN + max(0, grid.width - VISIBLE)
    sheet.freeze(FIRST_ROW, FIRST_COLUMN, shown_from)


def _row(
    sheet: WorkbookSheet,
    grid: QuarterGrid,
    key: GridKey,
    formulas: Callable[[Quarter], EndFormulas],
    style: CellStyle,
) -> None:
    """A row's formulas in every quarter that is asked for."""
    for quarter in sorted(grid.quarters[key]):
        value = grid.value(key, quarter)
        for end, (formula, number) in enumerate(zip(formulas(quarter), (value.lo, value.hi), strict=True)):
            sheet.formula(grid.rows[key], grid.column(quarter, end), formula, float(number), style)


def _marked(sheet: WorkbookSheet, grid: QuarterGrid, last: int) -> None:
    """What is unknown as such, ranges in orange, and the high end in grey where it says nothing new."""
    file = sheet.book.file
    low, high = grid.column(grid.first, 0), grid.column(grid.first, 1)
    a, b = f"{column_letters(low)}{FIRST_ROW + 1}", f"{column_letters(high)}{FIRST_ROW + 1}"
    for column in (low, high):
        sheet.tell_unknown(FIRST_ROW, column, last, column + grid.width - 1)
    for column, rule, colour in (
        (low, f"={a}<>{b}", RANGE),
        (high, f"={a}<>{b}", RANGE),
        (high, f"={a}={b}", SAME),
    ):
        options = {"type": "formula", "criteria": rule, "format": file.add_format({"font_color": colour})}
        sheet.sheet.conditional_format(FIRST_ROW, column, last, column + grid.width - 1, options)
