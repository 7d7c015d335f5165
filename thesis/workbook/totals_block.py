"""The totals of conditions and risks as two scores, with their evidence coverage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from thesis.core.aggregates import aggregate_of
from thesis.core.interval import Interval
from thesis.scoring.assessment import NONE_NAMED, RuleResult
from thesis.workbook import number_formats
from thesis.workbook.score_formulas import RuleScoreCells, computed_score_formula, label_formula, label_of
from thesis.workbook.spreadsheet import (
    BOLD,
    HEAD,
    HEAD_BESIDE,
    HEAD_RIGHT,
    SECTION,
    CellAddress,
    CellStyle,
    WorkbookSheet,
)

HEADINGS = (
    "Weight",
    "Score low",
    "Score high",
    "As averaged, low",
    "As averaged, high",
    "Coverage",
    "Called",
)
WORKED_OUT = (
    "Without overrides, low",
    "Without overrides, high",
    "Without overrides, as averaged, low",
    "Without overrides, as averaged, high",
)
WEIGHT, LOW, INTO, COVERAGE, CALLED, OWN = 1, 2, 4, 6, 7, 8
SCORE, STRONG = (
    CellStyle(number=number_formats.SCORE),
    CellStyle(number=number_formats.SCORE, bold=True, top=True),
)
SHARE = CellStyle(number=number_formats.SHARE)


class TotalCells(NamedTuple):
    """A total's two cells, the cell of its coverage, and the scores of its rules as two ranges.

    ``own``: the same without overrides, where there are any.
    """

    lo: CellAddress
    hi: CellAddress
    coverage: CellAddress
    scores: tuple[str, str]
    own: TotalCells | None = None


class VerdictSide(NamedTuple):
    """One side of the verdict: the conditions or the risks, and how they become one score.

    ``own``: the total without overrides, where there are any.
    """

    title: str
    findings: Sequence[RuleResult]
    how: str
    total: Interval
    coverage: float
    labels: Sequence[str]
    names: str
    own: Interval | None = None


def write_total(
    sheet: WorkbookSheet, row: int, side: VerdictSide, ruled: Mapping[str, RuleScoreCells], least: float
) -> TotalCells:
    """Write a table of rules with their total below."""
    name = sheet.name
    sheet.text(row, 0, f"{side.title}: {aggregate_of(side.how).caption}", SECTION)
    sheet.text(row + 1, 0, "", HEAD)
    sheet.texts(row + 1, WEIGHT, HEADINGS, HEAD_RIGHT)
    sheet.text(row + 1, CALLED, HEADINGS[-1], HEAD_BESIDE)
    if side.own is not None:
        sheet.texts(row + 1, OWN, WORKED_OUT, HEAD_RIGHT)
    first, last = row + 2, row + 1 + len(side.findings)

    def span(column: int) -> str:
        ends = (CellAddress(name, row, column).reference(name) for row in (first, last))
        return ":".join(ends)

    for i, finding in enumerate(side.findings):
        _rule(sheet, first + i, finding, side, ruled[finding.id], least)
    total = last + 1
    sheet.text(total, 0, side.title, BOLD._replace(top=True))
    aggregate = aggregate_of(side.how)

    def totalled(first: int, into: int, value: Interval) -> tuple[CellAddress, CellAddress]:
        for column in (WEIGHT, into, into + 1):
            sheet.text(total, column, "", STRONG)
        columns = (span(into), span(into + 1))
        ends = [aggregate.whole_formula(span(WEIGHT), terms) if side.findings else "0" for terms in columns]
        low = sheet.formula(total, first, ends[0], value.lo, STRONG)
        return low, sheet.formula(total, first + 1, f"MAX({low.reference(name)},{ends[1]})", value.hi, STRONG)

    low, high = totalled(LOW, INTO, side.total)
    averaged = f"SUMPRODUCT({span(WEIGHT)},{span(COVERAGE)})/SUM({span(WEIGHT)})" if side.findings else "0"
    covered = sheet.formula(total, COVERAGE, averaged, side.coverage, SHARE._replace(bold=True, top=True))
    _called(sheet, total, side, side.total, BOLD._replace(top=True))
    found = TotalCells(low, high, covered, (span(LOW), span(LOW + 1)))
    if side.own is None:
        return found
    own = totalled(OWN, OWN + 2, side.own)
    return found._replace(own=TotalCells(*own, covered, (span(OWN), span(OWN + 1))))


def _rule(
    sheet: WorkbookSheet,
    row: int,
    finding: RuleResult,
    side: VerdictSide,
    found: RuleScoreCells,
    least: float,
) -> None:
    name = sheet.name
    sheet.text(row, 0, finding.rule.name)
    weight = sheet.number(
        row, WEIGHT, finding.rule.weight, CellStyle(number=number_formats.WEIGHT, is_input=True)
    ).reference(name)
    aggregate = aggregate_of(side.how)

    def scored(first: int, into: int, cells: tuple[CellAddress, CellAddress], score: Interval) -> None:
        for end, (cell, value) in enumerate(zip(cells, score.ends, strict=True)):
            at = sheet.formula(row, first + end, cell.reference(name), value, SCORE).reference(name)
            term = aggregate.term_formula(at, weight, f"{least:.15g}")
            number = aggregate.term(value, finding.rule.weight, least)
            sheet.formula(row, into + end, term, number, CellStyle(number="0.000"))

    scored(LOW, INTO, (found.lo, found.hi), finding.score)
    if side.own is not None:
        scored(OWN, OWN + 2, found.own, computed_score_formula(finding))
    sheet.formula(row, COVERAGE, found.coverage.reference(name), finding.coverage, SHARE)
    _called(sheet, row, side, finding.score, CellStyle())


def _called(sheet: WorkbookSheet, row: int, side: VerdictSide, score: Interval, style: CellStyle) -> None:
    if not side.findings:
        sheet.text(row, CALLED, NONE_NAMED, style._replace(indent=1))
        return
    low, high = (sheet.cell(row, LOW + end).reference(sheet.name) for end in (0, 1))
    sheet.formula(
        row,
        CALLED,
        label_formula(low, high, side.names),
        label_of(score, side.labels),
        style._replace(indent=1),
    )
