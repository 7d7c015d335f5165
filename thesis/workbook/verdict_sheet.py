"""The first sheet: from the totals of conditions and risks to the verdict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from thesis.case.case import EvidenceItem
from thesis.core import formatting
from thesis.core.interval import Interval
from thesis.narrative import rating_text
from thesis.pack.scores import fraction, least_score
from thesis.scoring.assessment import NONE_NAMED, Assessment
from thesis.scoring.verdict import total_coverage
from thesis.workbook import interval_formulas as e
from thesis.workbook import number_formats
from thesis.workbook.interval_formulas import EndFormulas
from thesis.workbook.kill_criteria_sheet import KillAnswerCells
from thesis.workbook.quarter_grid import QuarterGrid
from thesis.workbook.score_formulas import RuleScoreCells, ScoreNames, label_formula, label_of
from thesis.workbook.spreadsheet import (
    BESIDE,
    BOLD,
    HEAD,
    HEAD_RIGHT,
    TITLE,
    CellAddress,
    CellStyle,
    WorkbookSheet,
)
from thesis.workbook.totals_block import TotalCells, VerdictSide, write_total
from thesis.workbook.verdict_formulas import VerdictCells, VerdictFormulas, confidence_formula

NAME = "Verdict"
SWITCH = CellAddress(NAME, 3, 1)  # whether charges are added back
SUMMARY, TOP = 5, 19
WIDTHS = (50, 14, 14, 14, 14, 14, 12, 22, 14, 14, 14, 14)
SCORE, SHARE = CellStyle(number=number_formats.SCORE), CellStyle(number=number_formats.SHARE)
BIG = CellStyle(bold=True, size=14)
SWITCH_TOLD = "Charges added back: 1; everything as reported: 0"


class VerdictLayout(NamedTuple):
    """The rows at which the tables of the sheet begin, and the cells with the names of scores."""

    conditions: int
    risks: int
    decision: VerdictFormulas
    names: ScoreNames


def verdict_layout(sheet: WorkbookSheet, grid: QuarterGrid, a: Assessment) -> VerdictLayout:
    """Where everything will stand: the other sheets read the names of scores from this one."""
    table = grid.case.pack.thesis.verdict
    risks = TOP + len(a.conditions) + 4
    decision = VerdictFormulas(sheet, a, table, risks + len(a.risks) + 4)
    first = decision.grid + 2
    down = f"{CellAddress(NAME, first, 0).reference('')}:{CellAddress(NAME, first + 3, 0).reference(NAME)}"
    across = (
        f"{CellAddress(NAME, first - 1, 1).reference('')}:{CellAddress(NAME, first - 1, 4).reference(NAME)}"
    )
    return VerdictLayout(TOP, risks, decision, ScoreNames(down, across))


def write_verdict(
    sheet: WorkbookSheet,
    grid: QuarterGrid,
    a: Assessment,
    rows: VerdictLayout,
    ruled: Mapping[str, RuleScoreCells],
    tripped: KillAnswerCells | None,
) -> None:
    """Write the sheet."""
    table, v = grid.case.pack.thesis.verdict, a.verdict
    least, names = least_score(table.floor), rows.names
    known = [total_coverage(findings) for findings in (a.conditions, a.risks)]
    conditions = VerdictSide("Conditions", a.conditions, table.combine.conditions, v.engines, known[0],
                      table.labels.conditions, names.conditions)  # fmt: skip
    risks = VerdictSide(
        "Risks", a.risks, table.combine.risks, v.risks, known[1], table.labels.risks, names.risks
    )
    if a.without_overrides:
        conditions = conditions._replace(own=a.without_overrides.engines)
        risks = risks._replace(own=a.without_overrides.risks)
    engines = write_total(sheet, rows.conditions, conditions, ruled, least)
    severity = write_total(sheet, rows.risks, risks, ruled, least)
    reached = rows.decision.write(engines, severity, tripped)
    counted = [engines.coverage, *([severity.coverage] if table.coverage == "all" and a.risks else [])]
    covered = f"MIN({','.join(each.reference(NAME) for each in counted)})"
    grade = confidence_formula(sheet, rows.decision.end, a, table, covered, engines)
    sheet.widths(WIDTHS)
    _Summary(sheet, grid, a, names, covered).write(engines, severity, reached, grade)


def _headline(enough: str, reached: VerdictCells) -> str:
    """The verdict in words, as a formula."""
    worst, best = reached.worst.reference(NAME), reached.best.reference(NAME)
    span = f'IF({worst}={best},{worst},"UNDETERMINED between "&{worst}&" and "&{best})'
    return f'IF({enough},{span},"NOT RATED")'


class _Summary:
    """The top of the sheet."""

    def __init__(
        self, sheet: WorkbookSheet, grid: QuarterGrid, a: Assessment, names: ScoreNames, covered: str
    ) -> None:
        self.sheet, self.grid, self.a, self.names, self.covered = sheet, grid, a, names, covered
        self.row = SUMMARY

    def write(
        self, engines: TotalCells, risks: TotalCells, reached: VerdictCells, grade: CellAddress | None
    ) -> None:
        a, sheet = self.a, self.sheet
        told = (
            f"{a.entity}. Figures to {a.quarter}, filed {formatting.day(a.filed)}; seen from "
            f"{formatting.day(a.as_of)}."
        )
        sheet.text(0, 0, a.title, TITLE)
        sheet.text(1, 0, f"{told} Pack {a.pack} {a.digest[:8]}, thesis {a.version}.")
        sheet.text(SWITCH.row, 0, SWITCH_TOLD)
        sheet.number(SWITCH.row, SWITCH.column, 1, CellStyle(number=number_formats.WHOLE, is_input=True))
        self._headline(engines, reached)
        labels, names = self.grid.case.pack.thesis.verdict.labels, self.names
        self._total("Conditions, together", engines, a.verdict.engines, names.conditions, labels.conditions)
        if a.verdict.has_risks:
            self._total("Risks, together", risks, a.verdict.risks, names.risks, labels.risks)
        else:
            sheet.texts(self.row, 0, ("Risks, together", NONE_NAMED))
            self.row += 1
        is_all = self.grid.case.pack.thesis.verdict.coverage == "all"
        title = "Coverage, the lesser of conditions and risks" if is_all else "Coverage of the conditions"
        self.sheet.text(self.row, 0, title)
        self.sheet.formula(self.row, 1, self.covered, a.verdict.coverage, SHARE)
        self.row += 1
        if grade:
            self._single("Confidence", grade, a.verdict.confidence.grade, CellStyle(right=True))
        self._market()

    def _headline(self, engines: TotalCells, reached: VerdictCells) -> None:
        sheet, a = self.sheet, self.a
        rated = fraction(self.grid.case.pack.thesis.verdict.rated_from)
        sheet.text(self.row, 0, "Verdict", BIG)
        sheet.text(self.row + 1, 0, "Least coverage for a rating")
        least = sheet.number(self.row + 1, 1, rated, SHARE._replace(is_input=True)).reference(NAME)
        enough = e.reaches_formula(self.covered, least)
        sheet.formula(self.row, 1, _headline(enough, reached), a.headline, BIG)
        if reached.own and a.without_overrides:
            told = rating_text.as_reported_text(a.without_overrides)
            sheet.text(self.row + 2, 0, "Verdict without overrides", BOLD)
            sheet.formula(self.row + 2, 1, _headline(enough, reached.own), told, BOLD)
        sheet.text(self.row + 3, 0, "", HEAD)
        sheet.texts(self.row + 3, 1, ("Low", "High"), HEAD_RIGHT)
        self.row += 4

    def _total(
        self, name: str, total: TotalCells, value: Interval, names: str, labels: Sequence[str]
    ) -> None:
        ends = self._pair(name, total.lo.reference(NAME), total.hi.reference(NAME), value, SCORE)
        self.sheet.formula(
            self.row - 1, 3, label_formula(ends.lo, ends.hi, names), label_of(value, labels), BESIDE
        )

    def _single(self, name: str, cell: CellAddress, value: float | str, style: CellStyle) -> None:
        self.sheet.text(self.row, 0, name)
        self.sheet.formula(self.row, 1, cell.reference(NAME), value, style)
        self.row += 1

    def _pair(self, name: str, lo: str, hi: str, value: Interval, style: CellStyle) -> EndFormulas:
        self.sheet.text(self.row, 0, name)
        cells = [
            self.sheet.formula(self.row, 1 + end, text, float(number), style).reference(NAME)
            for end, (text, number) in enumerate(((lo, value.lo), (hi, value.hi)))
        ]
        self.row += 1
        return EndFormulas(*cells)

    def _market(self) -> None:
        """Price, market value and how far the target is, where the pack names them."""
        header, target = self.a.header, self.a.target
        if header.price:
            self._evidence("Price", header.price)
        if not header.market_cap:
            return
        cap = self._evidence("Market value", header.market_cap)
        if target and header.to_target:
            look = number_formats.stored_format("billions", header.market_cap.unit, target["market_cap"])
            self.sheet.text(self.row, 0, f"Target by {target['by']}, {look.unit}")
            style = CellStyle(number=look.number, is_input=True)
            goal = self.sheet.number(self.row, 1, target["market_cap"], style).reference(NAME)
            self.row += 1
            ends = e.sum_formula(
                [(1, e.quotient_formula(EndFormulas(goal, goal), cap)), (-1, e.literal(1.0))]
            )
            self._pair(
                "From here to the target", *ends, header.to_target, CellStyle(number="+0.0%;-0.0%;0.0%")
            )

    def _evidence(self, name: str, evidence: EvidenceItem) -> EndFormulas:
        key = self.grid.ask(evidence.name, [self.grid.case.quarter])
        ends = self.grid.ends(key, self.grid.case.quarter, NAME)
        look = number_formats.stored_format(evidence.show, evidence.unit, abs(evidence.value.middle))
        title = f"{name}, {look.unit} ({evidence.period})"
        return self._pair(title, ends.lo, ends.hi, evidence.value, CellStyle(number=look.number))
