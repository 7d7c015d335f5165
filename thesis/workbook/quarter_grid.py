"""The grid of figures and intermediate steps by quarter, and the cell of each.

A row is a concept, a metric or a step on the way to one; a column is a quarter, the low ends in one block and
the high ends in another, so that the quarters of a row lie side by side.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple

from thesis.case.case import Case, parse_once
from thesis.core.interval import Interval
from thesis.core.period import Quarter
from thesis.language import nodes as n
from thesis.workbook.expression_formulas import expression_formula
from thesis.workbook.interval_formulas import EndFormulas, literal, number_literal
from thesis.workbook.spreadsheet import CellAddress

FIGURES, METRICS = "Figures", "Metrics"
FIRST_COLUMN = 4  # behind label, name, unit and formula
FIRST_ROW = 4  # under title, note and the two lines of the heading
BETWEEN = 1  # columns between the two blocks


class GridKey(NamedTuple):
    """What a row is: a concept, a metric, or a step, by its name or its text."""

    kind: Literal["concept", "metric", "step"]
    name: str


class QuarterGrid:
    """The rows and quarters of a case that are asked for, and all that they rest on."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.nodes: dict[GridKey, n.Node] = {}
        self.quarters: dict[GridKey, set[Quarter]] = {}
        self.rows: dict[GridKey, int] = {}
        self.first = self.last = case.quarter

    def key(self, node: n.Node) -> GridKey:
        """The row that a node is worked out in."""
        if isinstance(node, n.Name):
            return GridKey("concept" if node.name in self.case.pack.concepts else "metric", node.name)
        return GridKey("step", str(node))

    def ask(self, asked: str | n.Node, quarters: Iterable[Quarter]) -> GridKey:
        """See to it that an expression, as text or parsed, is worked out in some quarters."""
        node = parse_once(asked) if isinstance(asked, str) else asked
        for quarter in quarters:
            self._need(node, quarter)
        return self.key(node)

    def _need(self, node: n.Node, quarter: Quarter) -> None:
        key = self.key(node)
        asked = self.quarters.setdefault(key, set())
        if quarter in asked:
            return
        asked.add(quarter)
        self.first = min(self.first, quarter)
        self.nodes.setdefault(key, node)
        if self.is_value(key):
            for name, at in self.case.reads(key.name, quarter):  # the figures it rests on are shown as well
                self._need(parse_once(name), Quarter(at))
        elif key.kind != "concept":
            expression_formula(self.body(key), _Asking(self, quarter))

    def is_value(self, key: GridKey) -> bool:
        """Whether it is a name ``value.*``, which the program works out and the sheet only holds."""
        return key.name in self.case.pack.values

    def body(self, key: GridKey) -> n.Node:
        """What is worked out in a row: a metric's formula, or the step itself."""
        evaluator = self.case.evaluator
        if self.is_value(key):
            return self.nodes[key]
        return evaluator.metrics[key.name] if key.kind == "metric" else evaluator.meaning(self.nodes[key])

    def value(self, key: GridKey, quarter: Quarter) -> Interval:
        """What it comes to."""
        return self.case.evaluator.ask(self.nodes[key], quarter)

    def place(self, keys: Iterable[GridKey], start: int = FIRST_ROW) -> None:
        """Give rows their places, one under the other."""
        for row, key in enumerate(keys, start):
            self.rows[key] = row

    # where a value stands ----------------------------------------------------------------------------

    @property
    def width(self) -> int:
        """Quarters in a block."""
        return self.last.index - self.first.index + 1

    def column(self, quarter: Quarter, end: int) -> int:
        """The column of a quarter's low (0) or high (1) end."""
        return FIRST_COLUMN + (quarter.index - self.first.index) + end * (self.width + BETWEEN)

    def cell(self, key: GridKey, quarter: Quarter, end: int) -> CellAddress:
        sheet = FIGURES if key.kind == "concept" else METRICS
        return CellAddress(sheet, self.rows[key], self.column(quarter, end))

    def ends(self, key: GridKey, quarter: Quarter, sheet: str) -> EndFormulas:
        """Both ends of a value as formulas on a sheet write them."""
        return EndFormulas(*(self.cell(key, quarter, end).reference(sheet) for end in (0, 1)))

    def formula(self, key: GridKey, quarter: Quarter) -> EndFormulas:
        """The formulas of a metric or a step; the ends of what the valuation works out."""
        if self.is_value(key):
            found = self.value(key, quarter)
            return EndFormulas(*(literal(number_literal(end)).lo for end in (found.lo, found.hi)))
        return expression_formula(self.body(key), _Placed(self, quarter, METRICS))


class _Asking:
    """Operands while it is being found out which are needed."""

    def __init__(self, grid: QuarterGrid, quarter: Quarter) -> None:
        self.grid = grid
        self.quarter = quarter

    def is_skipped(self, node: n.Node, back: int) -> bool:
        evaluator, at = self.grid.case.evaluator, (self.quarter - back).index
        return not evaluator.value(node, at).is_anything or bool(evaluator.is_missing(node, at))

    def at(self, node: n.Node, back: int) -> EndFormulas:
        self.grid._need(node, self.quarter - back)
        return EndFormulas("0", "0")

    def span(self, node: n.Node, back: int, quarters: int) -> EndFormulas:
        for i in range(quarters):
            self.grid._need(node, self.quarter - back - i)
        return EndFormulas("0", "0")


class _Placed(_Asking):
    """Operands once everything has its place."""

    def __init__(self, grid: QuarterGrid, quarter: Quarter, sheet: str) -> None:
        super().__init__(grid, quarter)
        self.sheet = sheet

    def at(self, node: n.Node, back: int) -> EndFormulas:
        return self.grid.ends(self.grid.key(node), self.quarter - back, self.sheet)

    def span(self, node: n.Node, back: int, quarters: int) -> EndFormulas:
        key, newest = self.grid.key(node), self.quarter - back
        oldest = newest - (quarters - 1)
        return EndFormulas(*(self._range(key, oldest, newest, end) for end in (0, 1)))

    def _range(self, key: GridKey, oldest: Quarter, newest: Quarter, end: int) -> str:
        start = self.grid.cell(key, oldest, end)
        return f"{start.reference(self.sheet)}:{self.grid.cell(key, newest, end).reference(start.sheet)}"


def steps_of(grid: QuarterGrid, node: n.Node, placed: Mapping[GridKey, object]) -> list[GridKey]:
    """The steps of an expression that are worked out and have no place yet, from the outside in."""
    found = [grid.key(part) for part in node.walk()]
    return [
        key
        for key in dict.fromkeys(found)
        if key.kind == "step" and key in grid.quarters and key not in placed
    ]
