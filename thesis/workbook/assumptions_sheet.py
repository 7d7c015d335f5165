"""The sheet of assumptions, each by scenario."""

from __future__ import annotations

from typing import NamedTuple

from thesis.appraisal.appraise import Appraisal
from thesis.appraisal.assumption_sensitivity import AssumptionSwing
from thesis.case.case import Case
from thesis.core.period import years_between
from thesis.pack.assumptions import Assumption, assumptions_of, single_number
from thesis.workbook import number_formats
from thesis.workbook.number_formats import NumberFormat
from thesis.workbook.spreadsheet import (
    BESIDE,
    HEAD,
    HEAD_BESIDE,
    HEAD_RIGHT,
    TITLE,
    WRAPPED,
    CellAddress,
    CellStyle,
    WorkbookSheet,
)

NAME = "Drivers"
TERMS, TOP = 3, 10
LOW, CENTRAL, HIGH, BREAKEVEN, SCENARIOS = 3, 4, 5, 6, 7
ABOUT = (
    "What is believed of the target's day. A scenario takes the middle unless it says otherwise (blue). The "
    "breakeven is the value that alone gives the target; it was searched for, and the sheet Cases checks it."
)
NONE = "none"


class DriverTerms(NamedTuple):
    """The cells of what everything is reckoned with, and their values."""

    target: str
    horizon: str
    years: str
    drift: str


class AssumptionsSheet:
    """The sheet, and where each value on it stands."""

    def __init__(self, sheet: WorkbookSheet, case: Case, a: Appraisal) -> None:
        self.sheet, self.case, self.a = sheet, case, a
        self.known = assumptions_of(a.valuation)
        self.rows = {name: TOP + i for i, name in enumerate(self.known)}
        self.levers: dict[str, AssumptionSwing] = {lever.name: lever for lever in a.levers}
        self.years = years_between(case.as_of, a.by)
        self.drift = single_number(a.valuation.needs.share_drift) if a.valuation.needs else 0.0

    @property
    def terms(self) -> DriverTerms:
        """The target, the years of growth, those of the price, the drift of shares: from another sheet."""
        return DriverTerms(*(CellAddress(NAME, TERMS + i, 2).reference("") for i in range(4)))

    def at(self, name: str, column: int, sheet: str) -> str:
        return CellAddress(NAME, self.rows[name], column).reference(sheet)

    def scenario(self, place: int) -> int:
        """The column of a scenario."""
        return SCENARIOS + place

    def write(self) -> None:
        sheet, a = self.sheet, self.a
        sheet.text(0, 0, "Drivers", TITLE)
        sheet.text(1, 0, ABOUT)
        self._terms()
        names = [view.scenario.name for view in a.scenarios]
        heads = ("Belief", "Name", "Unit", "Low", "Middle", "High", "Breakeven", *names, "Source", "Because")
        sheet.texts(TOP - 1, 0, heads, HEAD)
        sheet.texts(TOP - 1, LOW, heads[LOW : SCENARIOS + len(names)], HEAD_RIGHT)
        sheet.text(TOP - 1, SCENARIOS + len(names), "Source", HEAD_BESIDE)
        sheet.widths((52, 16, 8, *([11] * (4 + len(names))), 30, 100))
        sheet.freeze(TOP, 1)
        for belief in self.known.values():
            self._belief(belief)

    def _terms(self) -> None:
        case, sheet, a = self.case, self.sheet, self.a
        money = self._look("billions")
        ends = f"{case.quarter.end} to {a.by}"
        for i, (label, unit, value, form) in enumerate((
            ("Target", money.unit, a.target, money.number),
            (f"Years over which sales grow, {ends}", "years", a.horizon, "0.00"),
            (f"Years over which the price moves, {case.as_of} to {a.by}", "years", self.years, "0.00"),
            ("Growth of the number of shares, a year", "%", self.drift, "0.0%"),
        )):  # fmt: skip
            sheet.text(TERMS + i, 0, label)
            sheet.text(TERMS + i, 1, unit)
            sheet.number(TERMS + i, 2, value, CellStyle(number=form, is_input=True))

    def _look(self, show: str) -> NumberFormat:
        return number_formats.stored_format(show, self.a.start.market_cap.unit, self.a.target)

    def _belief(self, belief: Assumption) -> None:
        sheet, row = self.sheet, self.rows[belief.name]
        look = self._look(belief.show)
        given = CellStyle(number=look.number, is_input=True)
        sheet.texts(row, 0, (belief.label, belief.name, look.unit))
        lever = self.levers[belief.name]
        for column, value in ((LOW, belief.low), (CENTRAL, lever.central), (HIGH, belief.high)):
            sheet.number(row, column, value, given)
        if lever.breakeven is None:
            sheet.text(row, BREAKEVEN, NONE, CellStyle(step=True, right=True))
        else:
            sheet.number(row, BREAKEVEN, lever.breakeven, given._replace(number=look.finer))
        for i, view in enumerate(self.a.scenarios):
            value, own = view.beliefs[belief.name], (view.scenario.drivers or {})
            if belief.name in own:
                sheet.number(row, self.scenario(i), value, given)
            else:
                middle = sheet.cell(row, CENTRAL).reference(NAME)
                sheet.formula(row, self.scenario(i), middle, value, CellStyle(number=look.number))
        driver = belief.driver
        last = self.scenario(len(self.a.scenarios))
        sheet.text(row, last, driver.source, BESIDE._replace(wrap=True))
        sheet.text(row, last + 1, driver.because, WRAPPED)
