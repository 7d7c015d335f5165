"""The starting values of the valuation, those of each segment, and the market's multiples of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from thesis.core.interval import Interval, point, total
from thesis.facts.fact import parse_value
from thesis.pricing.model import ModelToday, enterprise_at, multiple_of
from thesis.pricing.starting_values import BridgeAmount, StartingFigure, StartingValues
from thesis.workbook import interval_formulas as e
from thesis.workbook import number_formats
from thesis.workbook.corners import CORNERS, HIGH, LOW, MIDDLE, NAME, CornerRows, Formula
from thesis.workbook.interval_formulas import EndFormulas
from thesis.workbook.number_formats import NumberFormat
from thesis.workbook.quarter_grid import QuarterGrid
from thesis.workbook.spreadsheet import HEAD, HEAD_RIGHT, SECTION, CellStyle, WorkbookSheet

TOP = 5


class StartingValuesBlock(CornerRows):
    """The block of today's figures on the sheet of the valuation."""

    def __init__(self, sheet: WorkbookSheet, grid: QuarterGrid, start: StartingValues, target: float) -> None:
        super().__init__(sheet, start, target, TOP)
        self.grid = grid
        self.values: Mapping[str, Interval] = start.inputs

    def write(self) -> None:
        """Write it."""
        self.sheet.text(TOP - 2, 0, "Today", SECTION)
        self.sheet.texts(TOP - 1, 0, ("", "Unit"), HEAD)
        self.sheet.texts(TOP - 1, LOW, ("Low", "High", *self.names()), HEAD_RIGHT)
        self._inputs()
        self._segments()
        self._whole()

    # what it is reckoned from ------------------------------------------------------------------------

    def _inputs(self) -> None:
        start, valuation = self.start, self.grid.case.pack.valuation
        assert valuation
        number = number_formats.stored_format("number", start.shares.unit, abs(start.shares.value.middle))
        price = number_formats.stored_format("usd", start.price.unit, 0.0)
        self._input("price", "Share price", price, self._asked(start.price.name))
        self._input("shares", "Shares", number, self._asked(valuation.shares))
        if any(base.is_rest for base in start.bases):
            self._input("sales", "Sales, four quarters", self.money, self._asked(valuation.total.sales))
            asked = self._asked(valuation.total.ebit)
            self._input("ebit", "Operating income, four quarters", self.money, asked)
        for base in start.bases:
            if not base.is_rest:
                self._base(base)
        for counted in start.claims:
            if counted.claim.counted:
                self._claim(counted)

    def _asked(self, text: str) -> EndFormulas:
        """Where the sheet of metrics works a formula out."""
        key = self.grid.ask(text, [self.grid.case.quarter])
        return self.grid.ends(key, self.grid.case.quarter, NAME)

    def _base(self, base: StartingFigure) -> None:
        segment = base.segment
        title = f"{segment.name}: sales, four quarters"
        self._input(f"{segment.id} sales", title, self.money, self._asked(segment.sales))
        if base.ebit:
            title, look, asked = f"{segment.name}: operating income, four quarters", self.money, segment.ebit
        else:
            title, asked = f"{segment.name}: margin that is assumed for today", segment.margin_now
            look = number_formats.stored_format("percent", "ratio", 0.0)
        self._input(f"{segment.id} profit", title, look, self._asked(asked))

    def _claim(self, counted: BridgeAmount) -> None:
        claim = counted.claim
        ends, label = self._asked(claim.value), claim.name
        if claim.tax:
            tax = parse_value(claim.tax)
            assert isinstance(tax, Interval)  # lint saw to it
            kept = e.product_formula(ends, e.interval_literal(point(1.0) - tax))
            if claim.cost:
                cost = e.largest_formula([self._asked(claim.cost), e.literal(0.0)])
                taxed = e.product_formula(cost, e.interval_literal(tax))
                ends = e.least_formula([ends, e.sum_formula([(1, kept), (1, taxed)])])
            else:
                ends = kept
            label += f", after {claim.tax} tax{' on the gain' if claim.cost else ''}"
        self._input(f"{claim.id} claim", f"{label} ({claim.kind})", self.money, ends)

    def _input(self, name: str, label: str, look: NumberFormat, ends: EndFormulas) -> None:
        """A figure with both ends; the middle of it, and at each corner one of the ends."""
        value, style = self.values[name], CellStyle(number=look.number)
        self.label(name, label, look.unit)
        for column, text, end in ((LOW, ends.lo, value.lo), (HIGH, ends.hi, value.hi)):
            self.sheet.formula(self.row, column, text, float(end), style)
        low, high = self.at(name, LOW), self.at(name, HIGH)
        self.sheet.formula(self.row, MIDDLE, f"({low}+{high})/2", value.middle, style)
        for i, taken in enumerate(self.ends_by_corner(name)):
            text, end = ((low, value.lo), (high, value.hi))[taken]
            self.sheet.formula(self.row, CORNERS + i, text, float(end), style)
        self.row += 1

    # what follows ------------------------------------------------------------------------------------

    def _segments(self) -> None:
        self.heading("Segments today")
        bases = list(enumerate(self.start.bases))
        others = [base.segment.id for _, base in bases if not base.is_rest]
        for i, base in sorted(bases, key=lambda each: each[1].is_rest):
            name = base.segment.id
            if base.is_rest:
                sales = self._left("sales", [f"{other} today" for other in others])
                earned = self._left("ebit", [f"{other} ebit today" for other in others])
            else:
                sales = self._copied(f"{name} sales")
                earned = self._copied(f"{name} profit") if base.ebit else self._earned(name)
            self._segment(i, base, sales, earned)

    def _segment(self, i: int, base: StartingFigure, sales: Formula, earned: Formula) -> None:
        name, title = base.segment.id, base.segment.name
        self.money_row(f"{name} today", f"{title}: sales", sales, lambda t: t.segments[i].sales)
        title = f"{title}: operating income"
        self.money_row(f"{name} ebit today", title, earned, lambda t: t.segments[i].ebit)

    def _left(self, whole: str, parts: Sequence[str]) -> Formula:
        return lambda column: "-".join([self.at(whole, column), *(self.at(part, column) for part in parts)])

    def _copied(self, name: str) -> Formula:
        return lambda column: self.at(name, column)

    def _earned(self, name: str) -> Formula:
        return lambda column: f"{self.at(f'{name} today', column)}*{self.at(f'{name} profit', column)}"

    def _added(self, names: Sequence[str]) -> Formula:
        return lambda column: "+".join(self.at(name, column) for name in names)

    def _whole(self) -> None:
        at, ids = self.at, [base.segment.id for base in self.start.bases]
        goal = e.literal(self.target).lo
        self.heading("The whole today")
        self.money_row(
            "all sales", "Sales", self._added([f"{name} today" for name in ids]), lambda t: t.sales
        )
        earned = self._added([f"{name} ebit today" for name in ids])
        self.money_row("all ebit", "Operating income", earned, lambda t: t.ebit)
        self.money_row(
            "cap", "Market value", lambda c: f"{at('price', c)}*{at('shares', c)}", lambda t: t.market_cap
        )
        self.money_row("beside", "Owned less owed, beside the business", self._beside, _beside)
        self.money_row(
            "ev",
            "Operating enterprise value",
            lambda c: f"{at('cap', c)}-{at('beside', c)}",
            lambda t: t.enterprise,
        )
        multiple = CellStyle(number='0.0"x"')
        self.row_of("multiple", "EV to operating income", multiple, "x", self._multiple, multiple_of)
        self.money_row(
            "ev then", "Operating EV at the target", lambda c: f"{goal}-{at('beside', c)}",
            lambda t: enterprise_at(t, self.target),
        )  # fmt: skip

    def _multiple(self, column: int) -> str:
        income = self.at("all ebit", column)
        return f"IF({income}>0,{self.at('ev', column)}/{income},{e.HIGH})"

    def _beside(self, column: int) -> str:
        """Everything that is counted beside the business, with its sign."""
        text = "".join(
            f"{'+' if counted.claim.kind == 'owned' else '-'}{self.at(f'{counted.claim.id} claim', column)}"
            for counted in self.start.claims
            if counted.claim.counted
        )
        return text or "0"


def _beside(today: ModelToday) -> float:
    return float(total(holding.value for holding in today.holdings))
