"""The sheet of judgements: rubrics, their grades, and the scores that follow."""

from __future__ import annotations

from collections.abc import Mapping

from thesis.case.case import Case
from thesis.core.formatting import join_words
from thesis.core.interval import hull
from thesis.pack.schema.judgements import Judgement, Rubric
from thesis.pack.scores import grade_range
from thesis.scoring.assessment import Assessment
from thesis.scoring.rules import judgement_score
from thesis.workbook import number_formats
from thesis.workbook.score_formulas import MeasureScoreCells, evidence_counts
from thesis.workbook.spreadsheet import (
    BESIDE,
    HEAD,
    HEAD_BESIDE,
    HEAD_RIGHT,
    PLAIN,
    TITLE,
    WRAPPED,
    CellAddress,
    CellStyle,
    WorkbookSheet,
)

NAME = "Judgements"
HEADINGS = ("Rubric", "Name", "Asks", "Level low", "Level high", "Highest", "Score low", "Score high",
            "Status", "Counts", "Graded", "By", "Evidence", "Source")  # fmt: skip
WIDTHS = (9, 26, 44, 9, 9, 9, 9, 9, 10, 8, 12, 16, 60, 40)
TOP = 3
NUMBERS, STATE, COUNTS = range(3, 8), 8, 9
ABOUT = (
    "What facts do not settle. A score is the level over the highest; a grade that has expired says nothing."
)
NOT_GRADED = "not graded"


def rubrics_of(a: Assessment) -> list[Rubric]:
    """Every rubric that has a say, in the order of the rules."""
    found = [leaf.rubric for finding in a.findings for leaf in finding.leaves() if leaf.rubric]
    found += [kill.rubric for kill in a.kill if kill.rubric]
    return list({rubric.id: rubric for rubric in found}.values())


def write_judgements(sheet: WorkbookSheet, case: Case, a: Assessment) -> Mapping[str, MeasureScoreCells]:
    """Write the grades, and tell where each rubric's score stands."""
    sheet.text(0, 0, "Judgements", TITLE)
    sheet.text(1, 0, ABOUT)
    sheet.texts(TOP - 1, 0, HEADINGS, HEAD)
    for column in (*NUMBERS, COUNTS):
        sheet.text(TOP - 1, column, HEADINGS[column], HEAD_RIGHT)
    for column in (STATE, COUNTS + 1):
        sheet.text(TOP - 1, column, HEADINGS[column], HEAD_BESIDE)
    sheet.widths(WIDTHS)
    sheet.freeze(TOP, 2)
    rubrics = rubrics_of(a)
    return {rubric.id: _write(sheet, TOP + i, case, rubric) for i, rubric in enumerate(rubrics)}


def _write(sheet: WorkbookSheet, row: int, case: Case, rubric: Rubric) -> MeasureScoreCells:
    grades, highest = case.grades(rubric.id), len(rubric.levels) - 1
    score, status = judgement_score(case, rubric.id, grades, highest)
    sheet.texts(row, 0, (rubric.id, rubric.name, rubric.asks), WRAPPED)
    levels = _levels(sheet, row, grades)
    top = sheet.number(row, 5, highest, CellStyle(number=number_formats.WHOLE, is_input=True)).reference(NAME)
    said = f'AND(I{row + 1}="fresh",ISNUMBER({levels[0]}),ISNUMBER({levels[1]}))'
    look = CellStyle(number=number_formats.SCORE, bold=True)
    lo = sheet.formula(row, 6, f"IF({said},{levels[0]}/{top},0)", score.lo, look)
    hi = sheet.formula(row, 7, f"IF({said},{levels[1]}/{top},1)", score.hi, look)
    state = sheet.cell(row, STATE)
    sheet.text(row, STATE, status, CellStyle(is_input=True, indent=1))
    credit = evidence_counts(sheet, row, COUNTS, lo, hi, state, score, status)
    first = grades[0] if grades else None
    sheet.text(row, COUNTS + 1, first.graded if first else "", BESIDE)
    told = (
        join_words(dict.fromkeys(g.by for g in grades)),
        _each(grades, "evidence"),
        _each(grades, "source"),
    )
    sheet.texts(row, COUNTS + 2, told, WRAPPED)
    return MeasureScoreCells(lo, hi, score, credit, status)


def _each(grades: list[Judgement], name: str) -> str:
    return "; ".join(dict.fromkeys(str(getattr(grade, name)) for grade in grades))


def _levels(sheet: WorkbookSheet, row: int, grades: list[Judgement]) -> list[str]:
    """The lowest and the highest level that was given."""
    cells: list[CellAddress] = []
    span = None
    for grade in grades:
        level = grade_range(grade.level)
        span = level if span is None else hull(span, level)
    for column, end in ((3, span.lo if span else None), (4, span.hi if span else None)):
        if end is None:
            sheet.text(row, column, NOT_GRADED, PLAIN)
        else:
            sheet.number(row, column, end, CellStyle(number=number_formats.WHOLE, is_input=True))
        cells.append(sheet.cell(row, column))
    return [cell.reference(NAME) for cell in cells]
