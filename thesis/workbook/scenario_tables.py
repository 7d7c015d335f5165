"""The results of the model as tables of scenarios and assumptions, on the sheet of the valuation."""

from __future__ import annotations

from thesis.appraisal.appraise import Appraisal
from thesis.appraisal.assumption_sensitivity import AssumptionSwing
from thesis.appraisal.scenarios import ScenarioResult
from thesis.core.interval import Interval
from thesis.narrative import valuation_text
from thesis.workbook import number_formats
from thesis.workbook.assumptions_sheet import BREAKEVEN, CENTRAL, HIGH, LOW, AssumptionsSheet
from thesis.workbook.cases_sheet import CasesSheet
from thesis.workbook.corners import NAME, corner_range
from thesis.workbook.interval_formulas import number_literal
from thesis.workbook.spreadsheet import (
    BESIDE,
    BOLD,
    HEAD,
    HEAD_BESIDE,
    HEAD_RIGHT,
    SECTION,
    CellStyle,
    WorkbookSheet,
)

SCENARIO = ("Market value, {unit}", "Sales, {unit}", "Operating income, {unit}", "Market value growth a year",
            "Sales growth a year", "Operating income growth a year", "Share price")  # fmt: skip
LEVER = ("Low", "Middle", "High", "Market value at low", "Market value at high", "Swing", "Breakeven",
         "Market value there", "Breakeven lies")  # fmt: skip


def write_scenarios(sheet: WorkbookSheet, row: int, cases: CasesSheet, a: Appraisal) -> int:
    """Write a row for each scenario, ends side by side, and tell the next free row."""
    if not a.scenarios:
        return row
    unit, number = cases.block.money.unit, cases.block.money.number
    sheet.text(row, 0, "Scenarios on the target's day", SECTION)
    sheet.text(row + 1, 0, "", HEAD)
    heads = [f"{name.format(unit=unit)}, {end}" for name in SCENARIO for end in ("low", "high")]
    sheet.texts(row + 1, 1, [*heads, "Multiple for the target", "Chance"], HEAD_RIGHT)
    sheet.text(row + 1, 3 + len(heads), "Looks like it today", HEAD_BESIDE)
    columns = (
        cases.cap,
        cases.ebit - 1,
        cases.ebit,
        cases.cap + 1,
        cases.cap + 2,
        cases.cap + 3,
        cases.cap + 4,
    )
    formats = (number, number, number, *["0.0%"] * 3, "#,##0.00")
    for i, view in enumerate(a.scenarios):
        at = row + 2 + i
        sheet.text(at, 0, view.scenario.name, BOLD)
        for j, (column, form, value) in enumerate(zip(columns, formats, _values(view), strict=True)):
            rows = cases.scenario_rows[i]
            corners = f"{cases.cell(rows[1], column, NAME)}:{cases.cell(rows[-1], column, '').split('!')[-1]}"
            for end, (text, found) in enumerate(
                zip(corner_range(corners), (value.lo, value.hi), strict=False)
            ):
                sheet.formula(at, 1 + 2 * j + end, text, float(found), CellStyle(number=form))
        _beside(sheet, at, 1 + 2 * len(columns), cases, i, view)
    return _expected(sheet, row + 2, cases, a)


def _values(view: ScenarioResult) -> tuple[Interval, ...]:
    return view.market_cap, view.sales, view.ebit, view.cap_cagr, view.sales_cagr, view.ebit_cagr, view.price


def _beside(
    sheet: WorkbookSheet, row: int, column: int, cases: CasesSheet, i: int, view: ScenarioResult
) -> None:
    needed = view.multiple_needed
    middle = cases.cell(cases.scenario_rows[i][0], cases.cap + 5, NAME)
    sheet.formula(
        row, column, middle, "none" if needed is None else needed, CellStyle(number='0.0"x"', right=True)
    )
    if view.probability is not None:
        sheet.number(row, column + 1, view.probability, CellStyle(number=number_formats.SHARE, is_input=True))
    sheet.text(row, column + 2, valuation_text.scenario_status(view), BESIDE)


def _expected(sheet: WorkbookSheet, first: int, cases: CasesSheet, a: Appraisal) -> int:
    """The mean of the scenarios by their chances, where each has one."""
    last = first + len(a.scenarios) - 1
    if a.expected is None:
        return last + 3
    row = last + 1
    chance = 2 + 2 * len(SCENARIO)
    chances = f"{sheet.cell(first, chance).reference(NAME)}:{sheet.cell(last, chance).reference(NAME)}"
    sheet.text(row, 0, "By their chances", BOLD._replace(top=True))
    for end, value in enumerate((a.expected.lo, a.expected.hi)):
        values = f"{sheet.cell(first, 1 + end).reference(NAME)}:{sheet.cell(last, 1 + end).reference(NAME)}"
        style = CellStyle(number=cases.block.money.number, bold=True, top=True)
        sheet.formula(row, 1 + end, f"SUMPRODUCT({chances},{values})", float(value), style)
    return row + 3


def write_levers(
    sheet: WorkbookSheet, row: int, cases: CasesSheet, drivers: AssumptionsSheet, a: Appraisal
) -> int:
    """Write a row for each belief, the widest swing first, and tell the next free row."""
    sheet.text(row, 0, "Which belief decides: one moved at a time, the others in the middle", SECTION)
    sheet.text(row + 1, 0, "", HEAD)
    sheet.texts(row + 1, 1, LEVER, HEAD_RIGHT)
    assert a.market_cap is not None
    number = cases.block.money.number
    sheet.text(row + 2, 0, f"Market value with every belief in the middle, {cases.block.money.unit}", BOLD)
    middle = cases.cell(cases.lever_rows[""]["middle"], cases.cap, NAME)
    sheet.formula(row + 2, 4, middle, a.market_cap, CellStyle(number=number, bold=True))
    for i, lever in enumerate(a.levers):
        _lever(sheet, row + 3 + i, cases, drivers, lever)
    return row + 3 + len(a.levers) + 2


def _lever(
    sheet: WorkbookSheet, row: int, cases: CasesSheet, drivers: AssumptionsSheet, lever: AssumptionSwing
) -> None:
    look = number_formats.stored_format(lever.show, cases.block.unit, drivers.a.target)
    number, rows = cases.block.money.number, cases.lever_rows[lever.name]
    sheet.text(row, 0, lever.label)
    for column, place, value in ((1, LOW, lever.low), (2, CENTRAL, lever.central), (3, HIGH, lever.high)):
        sheet.formula(row, column, drivers.at(lever.name, place, NAME), value, CellStyle(number=look.number))
    ends = [
        sheet.formula(
            row, column, cases.cell(rows[key], cases.cap, NAME), value, CellStyle(number=number)
        ).reference(NAME)
        for column, key, value in ((4, "low", lever.at_low), (5, "high", lever.at_high))
    ]
    sheet.formula(
        row, 6, f"ABS({ends[1]}-{ends[0]})", number_literal(lever.swing), CellStyle(number=number, bold=True)
    )
    if lever.breakeven is None:
        sheet.text(row, 7, "none", CellStyle(step=True, right=True))
        return
    sheet.formula(
        row, 7, drivers.at(lever.name, BREAKEVEN, NAME), lever.breakeven, CellStyle(number=look.finer)
    )
    there = cases.cell(rows["breakeven"], cases.cap, NAME)
    sheet.formula(row, 8, there, drivers.a.target, CellStyle(number=number))
    low, high, at = (sheet.cell(row, column).reference(NAME) for column in (1, 3, 7))
    inside = f'IF(AND({at}>={low},{at}<={high}),"inside the range","outside it")'
    sheet.formula(row, 9, inside, "inside the range" if lever.inside else "outside it", CellStyle(right=True))
