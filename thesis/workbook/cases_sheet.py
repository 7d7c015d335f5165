"""The sheet of the valuation model: a row for each scenario and for each assumption moved alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from thesis.appraisal.appraise import Appraisal
from thesis.core.interval import total
from thesis.pack.assumptions import CASH_FLOW, MULTIPLE, growth_name, margin_name
from thesis.pricing.model import ModelOutcome, ModelToday, model_outcome
from thesis.valuation import cagr, price_target
from thesis.workbook.assumptions_sheet import BREAKEVEN, CENTRAL, HIGH, LOW, AssumptionsSheet
from thesis.workbook.corners import MIDDLE, NOT_KNOWN, CornerRows
from thesis.workbook.spreadsheet import HEAD, HEAD_RIGHT, TITLE, CellAddress, CellStyle, WorkbookSheet

NAME = "Cases"
TOP = 5
ABOUT = (
    "Sales grow from today's at a rate, a margin makes profit of them, a multiple makes value of profit, and "
    "what is owned, owed and earned on the way is added. A scenario is reckoned at the middle of today's "
    "figures and at each corner of what is uncertain of them."
)
PER_SEGMENT = ("sales today", "growth a year", "sales then", "margin", "operating income")
TRAILING = ("Market value growth a year", "Sales growth a year", "Operating income growth a year",
            "Share price", "Multiple for the target")  # fmt: skip
MOST_MULTIPLE = 200.0  # beyond, none is looked for
NONE = "none"


class CaseRow(NamedTuple):
    """A case: its title, the column of today that it starts from, and the column of each driver."""

    title: str
    today: int
    start: str
    columns: Mapping[str, int]
    beliefs: Mapping[str, float]


class CasesSheet:
    """The sheet, and where the rows of scenarios and levers stand."""

    def __init__(
        self, sheet: WorkbookSheet, drivers: AssumptionsSheet, block: CornerRows, a: Appraisal
    ) -> None:
        self.sheet, self.drivers, self.block, self.a = sheet, drivers, block, a
        self.segments = [base.segment for base in block.start.bases]
        self.claims = [each.claim for each in block.start.claims if each.claim.counted]
        self.ebit = 2 + len(PER_SEGMENT) * len(self.segments) + 1
        self.multiple, self.value = self.ebit + 1, self.ebit + 2
        self.claim = self.value + 1
        self.cash = self.claim + len(self.claims)
        self.cap = self.cash + 1
        self.row = TOP
        self.scenario_rows: list[range] = []
        self.lever_rows: dict[str, dict[str, int]] = {}

    def write(self) -> None:
        self._heading()
        starts = list(zip(self.block.columns, self.block.names(), strict=True))
        for i, view in enumerate(self.a.scenarios):
            first = self.row
            columns = dict.fromkeys(self.drivers.known, self.drivers.scenario(i))
            for column, start in starts:
                self._write(CaseRow(view.scenario.name, column, start, columns, view.beliefs), trailing=True)
            self.scenario_rows.append(range(first, self.row))
            self.row += 1
        for name, key, row in self._levers():
            self.lever_rows.setdefault(name, {})[key] = self.row
            self._write(row, trailing=False)

    def _levers(self) -> Iterator[tuple[str, str, CaseRow]]:
        """Every belief in the middle, then each moved alone."""
        middle = dict.fromkeys(self.drivers.known, CENTRAL)
        central = {lever.name: lever.central for lever in self.a.levers}
        yield "", "middle", CaseRow("Every belief in the middle", MIDDLE, "Middle", middle, central)
        for lever in self.a.levers:
            moves = [("low", LOW, lever.low), ("high", HIGH, lever.high)]
            if lever.breakeven is not None:
                moves.append(("breakeven", BREAKEVEN, lever.breakeven))
            for key, column, value in moves:
                title = f"{lever.label}: {key}"
                columns, values = {**middle, lever.name: column}, {**central, lever.name: value}
                yield lever.name, key, CaseRow(title, MIDDLE, "Middle", columns, values)

    def _heading(self) -> None:
        sheet = self.sheet
        sheet.text(0, 0, "Cases", TITLE)
        sheet.text(1, 0, ABOUT)
        heads = ["Case", "Today as"]
        for segment in self.segments:
            heads += [f"{segment.name}: {what}" for what in PER_SEGMENT]
        unit = self.block.money.unit
        heads += ["Sales", "Operating income", "Multiple", f"Operating EV, {unit}"]
        heads += [claim.name for claim in self.claims]
        heads += ["Cash flow on the way", f"Market value, {unit}", *TRAILING]
        sheet.texts(TOP - 1, 0, heads, HEAD_RIGHT)
        sheet.texts(TOP - 1, 0, heads[:2], HEAD)
        sheet.widths((46, 44, *([12] * (len(heads) - 2))))
        sheet.freeze(TOP, 1)

    def cell(self, row: int, column: int, sheet: str = NAME) -> str:
        return CellAddress(NAME, row, column).reference(sheet)

    def _write(self, row: CaseRow, *, trailing: bool) -> None:
        today = self.block.todays[row.today - MIDDLE]
        end = model_outcome(today, row.beliefs, self.a.horizon, self.a.horizon)
        self.sheet.texts(self.row, 0, (row.title, row.start))
        for i in range(len(self.segments)):
            self._segment(row, i, today, end)
        self._whole(row, end)
        if trailing:
            self._growth(row, today, end)
        self.row += 1

    def _put(self, column: int, text: str, value: float, number: str, *, bold: bool = False) -> str:
        self.sheet.formula(self.row, column, text, value, CellStyle(number=number, bold=bold))
        return self.cell(self.row, column)

    def _segment(self, row: CaseRow, i: int, today: ModelToday, end: ModelOutcome) -> None:
        name, first, money = self.segments[i].id, 2 + len(PER_SEGMENT) * i, self.block.money.number
        drivers, horizon = self.drivers, self.drivers.terms.horizon
        start = self._put(
            first, self.block.reference(f"{name} today", row.today, NAME), today.segments[i].sales, money
        )
        rate, kept = growth_name(name), margin_name(name)
        grows = self._put(first + 1, drivers.at(rate, row.columns[rate], NAME), row.beliefs[rate], "0.0%")
        sales = self._put(first + 2, f"{start}*(1+{grows})^{horizon}", end.segments[i].sales, money)
        share = self._put(first + 3, drivers.at(kept, row.columns[kept], NAME), row.beliefs[kept], "0.0%")
        self._put(first + 4, f"{sales}*{share}", end.segments[i].ebit, money)

    def _over_segments(self, what: int) -> str:
        return "+".join(
            self.cell(self.row, 2 + len(PER_SEGMENT) * i + what) for i in range(len(self.segments))
        )

    def _whole(self, row: CaseRow, end: ModelOutcome) -> None:
        money, drivers = self.block.money.number, self.drivers
        self._put(self.ebit - 1, self._over_segments(2), end.sales, money)
        ebit = self._put(self.ebit, self._over_segments(4), end.ebit, money)
        believed = drivers.at(MULTIPLE, row.columns[MULTIPLE], NAME)
        multiple = self._put(self.multiple, believed, row.beliefs[MULTIPLE], '0.0"x"')
        parts = [self._put(self.value, f"{multiple}*{ebit}", row.beliefs[MULTIPLE] * end.ebit, money)]
        for i, (claim, holding) in enumerate(zip(self.claims, end.holdings, strict=True)):
            if claim.id in drivers.known:
                text = drivers.at(claim.id, row.columns[claim.id], NAME)
            else:
                sign = "" if claim.kind == "owned" else "-"
                text = sign + self.block.reference(f"{claim.id} claim", row.today, NAME)
            parts.append(self._put(self.claim + i, text, holding.value, money))
        flow = drivers.at(CASH_FLOW, row.columns[CASH_FLOW], NAME) if CASH_FLOW in drivers.known else "0"
        parts.append(self._put(self.cash, flow, end.cash, money))
        self._put(self.cap, "+".join(parts), end.market_cap, money, bold=True)

    def _growth(self, row: CaseRow, today: ModelToday, end: ModelOutcome) -> None:
        """How fast it all grows, the price it comes to, and the multiple at which it would be the target."""
        terms, at = self.drivers.terms, self.block.reference
        cap, sales, ebit = (self.cell(self.row, column) for column in (self.cap, self.ebit - 1, self.ebit))
        for i, (then, name, years, numbers) in enumerate((
            (cap, "cap", terms.years, (today.market_cap, end.market_cap, self.drivers.years)),
            (sales, "all sales", terms.horizon, (today.sales, end.sales, self.a.horizon)),
            (ebit, "all ebit", terms.horizon, (today.ebit, end.ebit, self.a.horizon)),
        )):  # fmt: skip
            now = at(name, row.today, NAME)
            text = f"IF(AND({now}>0,{then}>0),({then}/{now})^(1/{years})-1,1E+100)"
            self._put(self.cap + 1 + i, text, _rate(*numbers), "0.0%")
        shares = at("shares", row.today, NAME)
        text = f"IF({cap}>0,{cap}/({shares}*(1+{terms.drift})^{terms.years}),1E+100)"
        price = _price(end.market_cap, today.shares, self.drivers.years, self.drivers.drift)
        self._put(self.cap + 4, text, price, "#,##0.00")
        if row.today == MIDDLE:
            self._needed(end, ebit)

    def _needed(self, end: ModelOutcome, ebit: str) -> None:
        """The multiple at which the case would come to the target, or that none does."""
        beside = "".join(f"-{self.cell(self.row, column)}" for column in range(self.claim, self.cash + 1))
        asks = f"({self.drivers.terms.target}{beside})/{ebit}"
        text = f'IF({ebit}=0,"{NONE}",IF(AND({asks}>=0,{asks}<={MOST_MULTIPLE:g}),{asks},"{NONE}"))'
        rest = total(holding.value for holding in end.holdings) + end.cash
        found = (self.a.target - rest) / end.ebit if end.ebit else -1.0
        value: float | str = found if 0 <= found <= MOST_MULTIPLE else NONE
        style = CellStyle(number='0.0"x"', right=True)
        self.sheet.formula(self.row, self.cap + 5, text, value, style)


def _rate(start: float, end: float, years: float) -> float:
    try:
        return float(cagr(start=start, end=end, years=years))
    except ValueError:
        return NOT_KNOWN


def _price(cap: float, shares: float, years: float, drift: float) -> float:
    try:
        return float(price_target(market_cap=cap, shares=shares, years=years, drift=drift))
    except ValueError:
        return NOT_KNOWN
