"""The workbook: an assessment as a spreadsheet in which scores and values are formulas, to be audited."""

from __future__ import annotations

from collections.abc import Mapping

from thesis.appraisal.appraise import Appraisal
from thesis.assessment import Assessment
from thesis.case import Case
from thesis.workbook import (
    asks,
    cases,
    corners,
    drivers,
    facts,
    judging,
    kills,
    measures,
    notes,
    rules,
    today,
    verdict,
)
from thesis.workbook.book import TITLE, Book
from thesis.workbook.counting import Scored
from thesis.workbook.grid import FIGURES, METRICS, Grid
from thesis.workbook.outlook import write_levers, write_scenarios
from thesis.workbook.plan import plan
from thesis.workbook.series import write_figures, write_metrics


def workbook(case: Case, a: Assessment, appraisal: Appraisal | None) -> bytes:
    """The file. ``appraisal``: all of what the target takes, where the pack says what is believed."""
    reckoned = appraisal if appraisal is not None and not appraisal.reason else None
    grid = Grid(case)
    sections = plan(grid, a, reckoned)
    judged = bool(judging.rubrics_of(a))
    names = [verdict.NAME, rules.NAME, measures.NAME, *([judging.NAME] if judged else []), kills.NAME]
    names += [corners.NAME, drivers.NAME, cases.NAME] if reckoned else []
    book = Book(a.title, a.as_of, [*names, METRICS, FIGURES, facts.NAME, notes.NAME])
    sheets = book.sheets
    sources = facts.write_facts(sheets[facts.NAME], grid)
    write_figures(sheets[FIGURES], grid, sources, verdict.SWITCH)
    write_metrics(sheets[METRICS], grid, sections)
    _scorecard(book, grid, a, judged=judged)
    if reckoned:
        _valuation(book, grid, reckoned)
    notes.write_notes(sheets[notes.NAME], a, appraisal)
    return book.bytes()


def _scorecard(book: Book, grid: Grid, a: Assessment, *, judged: bool) -> None:
    sheets = book.sheets
    rubrics: Mapping[str, Scored] = {}
    if judged:
        rubrics = judging.write_judgements(sheets[judging.NAME], grid.case, a)
    measured = measures.write_measures(sheets[measures.NAME], grid, a)
    rows = verdict.layout(sheets[verdict.NAME], grid, a)
    ruled = rules.write_rules(sheets[rules.NAME], grid, a, (measured, rubrics), rows.names)
    tripped = kills.write_kills(sheets[kills.NAME], grid, a, rubrics)
    verdict.write_verdict(sheets[verdict.NAME], grid, a, rows, ruled, tripped)


def _valuation(book: Book, grid: Grid, a: Appraisal) -> None:
    sheet = book.sheets[corners.NAME]
    sheet.text(0, 0, "Valuation", TITLE)
    sheet.text(
        1,
        0,
        "What the target takes, and what the beliefs come to. A second axis: nothing here enters a score.",
    )
    block = today.TodayBlock(sheet, grid, a.start, a.target)
    believed = drivers.Drivers(book.sheets[drivers.NAME], grid.case, a)
    block.write()
    asked = asks.Asks(sheet, block, believed, a.needs) if a.needs else None
    if asked:
        asked.at_todays_multiple()
    believed.write()
    model = cases.Cases(book.sheets[cases.NAME], believed, block, a)
    model.write()
    row = block.row + 2
    row = write_scenarios(sheet, row, model, a)
    row = write_levers(sheet, row, model, believed, a)
    if asked:
        asked.write(row)
    sheet.widths((52, 12, *([13.5] * 20)))
    sheet.freeze(today.TOP, 1)
