"""Workbook: an assessment as a spreadsheet whose scores and values are formulas, for an audit."""

from __future__ import annotations

from collections.abc import Mapping

from thesis.appraisal.appraise import Appraisal
from thesis.case.case import Case
from thesis.scoring.assessment import Assessment
from thesis.workbook import (
    assumptions_sheet,
    cases_sheet,
    corners,
    facts_sheet,
    judgements_sheet,
    kill_criteria_sheet,
    measures_sheet,
    notes_sheet,
    requirements_block,
    rules_sheet,
    starting_values_block,
    verdict_sheet,
)
from thesis.workbook.quarter_grid import FIGURES, METRICS, QuarterGrid
from thesis.workbook.requested_cells import plan_grid
from thesis.workbook.scenario_tables import write_levers, write_scenarios
from thesis.workbook.score_formulas import MeasureScoreCells
from thesis.workbook.series_sheets import write_figures, write_metrics
from thesis.workbook.spreadsheet import TITLE, Workbook


def workbook(case: Case, a: Assessment, appraisal: Appraisal | None) -> bytes:
    """The file. ``appraisal``: all of what the target takes, where the pack says what is believed."""
    reckoned = appraisal if appraisal is not None and not appraisal.reason else None
    grid = QuarterGrid(case)
    sections = plan_grid(grid, a, reckoned)
    judged = bool(judgements_sheet.rubrics_of(a))
    names = [
        verdict_sheet.NAME,
        rules_sheet.NAME,
        measures_sheet.NAME,
        *([judgements_sheet.NAME] if judged else []),
        kill_criteria_sheet.NAME,
    ]
    names += [corners.NAME, assumptions_sheet.NAME, cases_sheet.NAME] if reckoned else []
    book = Workbook(a.title, a.as_of, [*names, METRICS, FIGURES, facts_sheet.NAME, notes_sheet.NAME])
    sheets = book.sheets
    sources = facts_sheet.write_facts(sheets[facts_sheet.NAME], grid)
    write_figures(sheets[FIGURES], grid, sources, verdict_sheet.SWITCH)
    write_metrics(sheets[METRICS], grid, sections)
    _scorecard(book, grid, a, judged=judged)
    if reckoned:
        _valuation(book, grid, reckoned)
    notes_sheet.write_notes(sheets[notes_sheet.NAME], a, appraisal)
    return book.bytes()


def _scorecard(book: Workbook, grid: QuarterGrid, a: Assessment, *, judged: bool) -> None:
    sheets = book.sheets
    rubrics: Mapping[str, MeasureScoreCells] = {}
    if judged:
        rubrics = judgements_sheet.write_judgements(sheets[judgements_sheet.NAME], grid.case, a)
    measured = measures_sheet.write_measures(sheets[measures_sheet.NAME], grid, a)
    rows = verdict_sheet.verdict_layout(sheets[verdict_sheet.NAME], grid, a)
    ruled = rules_sheet.write_rules(sheets[rules_sheet.NAME], grid, a, (measured, rubrics), rows.names)
    tripped = kill_criteria_sheet.write_kills(sheets[kill_criteria_sheet.NAME], grid, a, rubrics)
    verdict_sheet.write_verdict(sheets[verdict_sheet.NAME], grid, a, rows, ruled, tripped)


def _valuation(book: Workbook, grid: QuarterGrid, a: Appraisal) -> None:
    sheet = book.sheets[corners.NAME]
    sheet.text(0, 0, "Valuation", TITLE)
    sheet.text(
        1,
        0,
        "What the target takes, and what the beliefs come to. A second axis: nothing here enters a score.",
    )
    block = starting_values_block.StartingValuesBlock(sheet, grid, a.start, a.target)
    believed = assumptions_sheet.AssumptionsSheet(book.sheets[assumptions_sheet.NAME], grid.case, a)
    block.write()
    asked = requirements_block.RequirementsBlock(sheet, block, believed, a.needs) if a.needs else None
    if asked:
        asked.at_todays_multiple()
    believed.write()
    model = cases_sheet.CasesSheet(book.sheets[cases_sheet.NAME], believed, block, a)
    model.write()
    row = block.row + 2
    row = write_scenarios(sheet, row, model, a)
    row = write_levers(sheet, row, model, believed, a)
    if asked:
        asked.write(row)
    sheet.widths((52, 12, *([13.5] * 20)))
    sheet.freeze(starting_values_block.TOP, 1)
