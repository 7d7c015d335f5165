"""Verdict: the sheet that comes first, from the totals of conditions and risks to one word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from thesis import telling, words
from thesis.assessment import Assessment
from thesis.case import Evidence
from thesis.interval import Interval, total
from thesis.levels import fraction
from thesis.workbook import ends as e
from thesis.workbook import shown
from thesis.workbook.book import BESIDE, BOLD, HEAD, HEAD_RIGHT, TITLE, Cell, Sheet, Style
from thesis.workbook.counting import Names, Ruled, label, label_of
from thesis.workbook.deciding import Decision, Reached, confidence
from thesis.workbook.ends import Ends
from thesis.workbook.grid import Grid
from thesis.workbook.kills import Tripped
from thesis.workbook.totals import Side, Total, write_total

NAME = "Verdict"
SWITCH = Cell(NAME, 3, 1)  # whether charges are added back
SUMMARY, TOP = 5, 19
WIDTHS = (50, 14, 14, 14, 14, 14, 12, 22, 14, 14, 14, 14)
SCORE, SHARE = Style(number=shown.SCORE), Style(number=shown.SHARE)
BIG = Style(bold=True, size=14)
SWITCH_TOLD = "Charges added back: 1; everything as reported: 0"


class Layout(NamedTuple):
    """The rows at which the tables of the sheet begin, and the cells with the names of scores."""

    conditions: int
    risks: int
    decision: Decision
    names: Names


def layout(sheet: Sheet, grid: Grid, a: Assessment) -> Layout:
    """Where everything will stand: the other sheets read the names of scores from this one."""
    table = grid.case.pack.thesis.verdict
    risks = TOP + len(a.conditions) + 4
    decision = Decision(sheet, a, table, risks + len(a.risks) + 4)
    first = decision.grid + 2
    down = f"{Cell(NAME, first, 0).seen('')}:{Cell(NAME, first + 3, 0).seen(NAME)}"
    across = f"{Cell(NAME, first - 1, 1).seen('')}:{Cell(NAME, first - 1, 4).seen(NAME)}"
    return Layout(TOP, risks, decision, Names(down, across))


def write_verdict(
    sheet: Sheet, grid: Grid, a: Assessment, rows: Layout, ruled: Mapping[str, Ruled], tripped: Tripped | None
) -> None:
    """Write the sheet."""
    table, v = grid.case.pack.thesis.verdict, a.verdict
    least, names = fraction(table.floor), rows.names
    conditions = Side("Conditions", a.conditions, table.combine.conditions, v.engines, v.coverage,
                      table.labels.conditions, names.conditions)  # fmt: skip
    covered = _coverage(a)
    risks = Side("Risks", a.risks, table.combine.risks, v.risks, covered, table.labels.risks, names.risks)
    if a.without_overrides:
        conditions = conditions._replace(own=a.without_overrides.engines)
        risks = risks._replace(own=a.without_overrides.risks)
    engines = write_total(sheet, rows.conditions, conditions, ruled, least)
    severity = write_total(sheet, rows.risks, risks, ruled, least)
    reached = rows.decision.write(engines, severity, tripped)
    grade = confidence(sheet, rows.decision.end, a, table, engines.coverage, engines)
    sheet.widths(WIDTHS)
    _Summary(sheet, grid, a, names).write(engines, severity, reached, grade)


def _coverage(a: Assessment) -> float:
    whole = total(f.rule.weight for f in a.risks)
    return total(f.rule.weight * f.coverage for f in a.risks) / whole if whole else 0.0


def _headline(enough: str, reached: Reached) -> str:
    """The verdict in words, as a formula."""
    worst, best = reached.worst.seen(NAME), reached.best.seen(NAME)
    span = f'IF({worst}={best},{worst},"UNDETERMINED between "&{worst}&" and "&{best})'
    return f'IF({enough},{span},"NOT RATED")'


class _Summary:
    """The top of the sheet."""

    def __init__(self, sheet: Sheet, grid: Grid, a: Assessment, names: Names) -> None:
        self.sheet, self.grid, self.a, self.names = sheet, grid, a, names
        self.row = SUMMARY

    def write(self, engines: Total, risks: Total, reached: Reached, grade: Cell | None) -> None:
        a, sheet = self.a, self.sheet
        told = (
            f"{a.entity}. Figures to {a.quarter}, filed {words.day(a.filed)}; seen from {words.day(a.as_of)}."
        )
        sheet.text(0, 0, a.title, TITLE)
        sheet.text(1, 0, f"{told} Pack {a.pack} {a.digest[:8]}, thesis {a.version}.")
        sheet.text(SWITCH.row, 0, SWITCH_TOLD)
        sheet.number(SWITCH.row, SWITCH.column, 1, Style(number=shown.WHOLE, given=True))
        self._headline(engines, reached)
        labels, names = self.grid.case.pack.thesis.verdict.labels, self.names
        self._total("Conditions, together", engines, a.verdict.engines, names.conditions, labels.conditions)
        self._total("Risks, together", risks, a.verdict.risks, names.risks, labels.risks)
        self._single("Coverage of the conditions", engines.coverage, a.verdict.coverage, SHARE)
        if grade:
            self._single("Confidence", grade, a.verdict.confidence.grade, Style(right=True))
        self._market()

    def _headline(self, engines: Total, reached: Reached) -> None:
        sheet, a = self.sheet, self.a
        rated = fraction(self.grid.case.pack.thesis.verdict.rated_from)
        sheet.text(self.row, 0, "Verdict", BIG)
        sheet.text(self.row + 1, 0, "Least coverage for a rating")
        least = sheet.number(self.row + 1, 1, rated, SHARE._replace(given=True)).seen(NAME)
        enough = e.reaches(engines.coverage.seen(NAME), least)
        sheet.formula(self.row, 1, _headline(enough, reached), a.headline, BIG)
        if reached.own and a.without_overrides:
            told = telling.unlike(a.without_overrides)
            sheet.text(self.row + 2, 0, "Verdict without overrides", BOLD)
            sheet.formula(self.row + 2, 1, _headline(enough, reached.own), told, BOLD)
        sheet.text(self.row + 3, 0, "", HEAD)
        sheet.texts(self.row + 3, 1, ("Low", "High"), HEAD_RIGHT)
        self.row += 4

    def _total(self, name: str, total: Total, value: Interval, names: str, labels: Sequence[str]) -> None:
        ends = self._pair(name, total.lo.seen(NAME), total.hi.seen(NAME), value, SCORE)
        self.sheet.formula(self.row - 1, 3, label(ends.lo, ends.hi, names), label_of(value, labels), BESIDE)

    def _single(self, name: str, cell: Cell, value: float | str, style: Style) -> None:
        self.sheet.text(self.row, 0, name)
        self.sheet.formula(self.row, 1, cell.seen(NAME), value, style)
        self.row += 1

    def _pair(self, name: str, lo: str, hi: str, value: Interval, style: Style) -> Ends:
        self.sheet.text(self.row, 0, name)
        cells = [
            self.sheet.formula(self.row, 1 + end, text, float(number), style).seen(NAME)
            for end, (text, number) in enumerate(((lo, value.lo), (hi, value.hi)))
        ]
        self.row += 1
        return Ends(*cells)

    def _market(self) -> None:
        """Price, market value and how far the target is, where the pack names them."""
        header, target = self.a.header, self.a.target
        if header.price:
            self._evidence("Price", header.price)
        if not header.market_cap:
            return
        cap = self._evidence("Market value", header.market_cap)
        if target and header.to_target:
            look = shown.stored("billions", header.market_cap.unit, target["market_cap"])
            self.sheet.text(self.row, 0, f"Target by {target['by']}, {look.unit}")
            style = Style(number=look.number, given=True)
            goal = self.sheet.number(self.row, 1, target["market_cap"], style).seen(NAME)
            self.row += 1
            ends = e.added([(1, e.over(Ends(goal, goal), cap)), (-1, e.literal(1.0))])
            self._pair("From here to the target", *ends, header.to_target, Style(number="+0.0%;-0.0%;0.0%"))

    def _evidence(self, name: str, evidence: Evidence) -> Ends:
        key = self.grid.ask(evidence.name, [self.grid.case.quarter])
        ends = self.grid.ends(key, self.grid.case.quarter, NAME)
        look = shown.stored(evidence.show, evidence.unit, abs(evidence.value.middle))
        title = f"{name}, {look.unit} ({evidence.period})"
        return self._pair(title, ends.lo, ends.hi, evidence.value, Style(number=look.number))
