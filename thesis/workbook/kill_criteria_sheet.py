"""The sheet of kill criteria, with their answers in two quarters and their headroom."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from thesis.case.freshness import LATEST
from thesis.core.interval import Interval
from thesis.language import nodes as n
from thesis.language.normal_form import normal_form_of
from thesis.narrative.rating_change_text import CriterionLine, kill_criterion_lines
from thesis.scoring.assessment import Assessment, Headroom, KillResult
from thesis.scoring.criterion import SIDES, Timing, held_before
from thesis.workbook import number_formats
from thesis.workbook.interval_formulas import (
    EndFormulas,
    at_least_formula,
    largest_formula,
    least_formula,
    literal,
    magnitude_formula,
)
from thesis.workbook.quarter_grid import GridKey, QuarterGrid
from thesis.workbook.score_formulas import MeasureScoreCells, put_header
from thesis.workbook.spreadsheet import (
    BESIDE,
    HEAD,
    HEAD_BESIDE,
    HEAD_RIGHT,
    SECTION,
    TITLE,
    WRAPPED,
    CellAddress,
    CellStyle,
    WorkbookSheet,
)

NAME = "Kill criteria"
ABOUT = (
    "Low and high are an answer: no and no, yes and yes, or no and yes where it is not known. A criterion "
    "trips once it holds in two quarters running; one that trips at once needs only the first. A part that "
    "says itself over how many quarters it must hold counts in the quarter before as it does in this one."
)
HEADINGS = ("", "Claim", "Holds when", "Quarters overdue", "This quarter, low", "This quarter, high",
            "Quarter before, low", "Quarter before, high", "At once", "Tripped, low", "Tripped, high",
            "Says")  # fmt: skip
WIDTHS = (7, 60, 48, 9, 9, 9, 9, 9, 8, 9, 9, 12)
DISTANCES = ("", "Figure", "Reads", "Value low", "Value high", "Edge", "Unit", "Trips", "", "Distance low",
             "Distance high")  # fmt: skip
OVERRIDDEN = ("Worked out, low", "Worked out, high", "Given, low", "Given, high", "Override")
OVERRIDDEN_WIDTHS = (9, 9, 9, 9, 60)
LATE, NOW, BEFORE, ONCE, TRIPPED, SAYS, OWN, GIVEN, WHOSE = 3, 4, 6, 8, 9, 11, 12, 14, 16
TOP = 4
ANSWER = CellStyle(number=number_formats.TRUTH)


class KillAnswerCells(NamedTuple):
    """Where all answers stand: a range of low ends and one of high ends; ``own``: without overrides."""

    lo: str
    hi: str
    own: tuple[str, str]


def write_kills(
    sheet: WorkbookSheet, grid: QuarterGrid, a: Assessment, rubrics: Mapping[str, MeasureScoreCells]
) -> KillAnswerCells | None:
    """Write every criterion, and tell where the answers stand; None where there is none."""
    sheet.text(0, 0, "Kill criteria", TITLE)
    sheet.text(1, 0, ABOUT)
    sheet.texts(TOP - 1, 0, HEADINGS, HEAD)
    sheet.texts(TOP - 1, LATE, HEADINGS[LATE:SAYS], HEAD_RIGHT)
    sheet.text(TOP - 1, SAYS, HEADINGS[SAYS], HEAD_BESIDE)
    sheet.widths(WIDTHS)
    sheet.freeze(TOP, 2)
    is_overridden = any(found.override for found in a.kill)
    if is_overridden:
        sheet.texts(TOP - 1, OWN, OVERRIDDEN, HEAD_RIGHT)
        sheet.text(TOP - 1, WHOSE, OVERRIDDEN[-1], HEAD_BESIDE)
        sheet.widths(OVERRIDDEN_WIDTHS, OWN)
    for i, found in enumerate(a.kill):
        _Row(sheet, grid, TOP + i, found, is_overridden=is_overridden).write(rubrics)
    _distances(sheet, grid, a, TOP + len(a.kill) + 2)
    if not a.kill:
        return None
    own = OWN if is_overridden else TRIPPED
    last = TOP + len(a.kill) - 1
    lo, hi, own_lo, own_hi = (
        f"{CellAddress(NAME, TOP, column).reference('')}:{CellAddress(NAME, last, column).reference(NAME)}"
        for column in (TRIPPED, TRIPPED + 1, own, own + 1)
    )
    return KillAnswerCells(lo, hi, (own_lo, own_hi))


class _Row:
    """One criterion."""

    def __init__(
        self, sheet: WorkbookSheet, grid: QuarterGrid, row: int, found: KillResult, *, is_overridden: bool
    ) -> None:
        self.sheet, self.grid, self.row, self.found = sheet, grid, row, found
        self.is_overridden = is_overridden  # one of the sheet's criteria is, and all have the columns for it

    def write(self, rubrics: Mapping[str, MeasureScoreCells]) -> None:
        kill, sheet, row = self.found.kill, self.sheet, self.row
        rubric = self.found.rubric
        asks = f"{rubric.name}: level {kill.at_least} or more" if rubric else kill.when
        sheet.texts(row, 0, (kill.id, kill.claim, asks), WRAPPED)
        if rubric:
            score = rubrics[rubric.id]
            edge = literal(kill.at_least / (len(rubric.levels) - 1))
            answer = at_least_formula(EndFormulas(score.lo.reference(NAME), score.hi.reference(NAME)), edge)
            now = self._answer(NOW, answer, self.found.now)
            before = now
        else:
            now, before = self._measured()
        once = sheet.number(
            row, ONCE, float(kill.immediate or bool(rubric)), ANSWER._replace(is_input=True)
        ).reference(NAME)
        both = least_formula([now, before])
        tripped = EndFormulas(*(f"IF({once}=1,{now[end]},{both[end]})" for end in (0, 1)))
        if self.is_overridden:
            tripped = self._overridden(tripped)
        found = self._answer(TRIPPED, tripped, self.found.tripped, bold=True)
        text = f'IF({found.lo}=1,"tripped",IF({found.hi}=1,"not known","not tripped"))'
        sheet.formula(row, SAYS, text, _says(self.found.tripped), CellStyle(bold=True, indent=1))

    def _overridden(self, tripped: EndFormulas) -> EndFormulas:
        """What was worked out, and what somebody gives in its place while it stands there."""
        found, override = self.found, self.found.override
        own = self._answer(OWN, tripped, found.own or found.tripped)
        if override is None:
            return own
        look = ANSWER._replace(is_input=True)
        put_in = [
            self.sheet.number(self.row, GIVEN + end, x, look).reference(NAME)
            for end, x in enumerate(found.tripped.ends)
        ]
        told = f"{override.by}, {override.since} to {override.until}: {override.reason}"
        self.sheet.text(self.row, WHOSE, told, WRAPPED)
        return EndFormulas(*put_header(put_in, own))

    def _measured(self) -> tuple[EndFormulas, EndFormulas]:
        case, kill = self.grid.case, self.found.kill
        late = case.standing(kill.when, case.quarter).late
        overdue = self.sheet.number(
            self.row, LATE, late, CellStyle(number=number_formats.WHOLE, is_input=True)
        ).reference(NAME)
        key = self.grid.ask(kill.when, [case.quarter, case.quarter - 1])
        said = self.grid.ends(key, case.quarter, NAME)
        fresh = EndFormulas(*(f"IF({overdue}>{LATEST},{end},{said[end]})" for end in (0, 1)))
        now = self._answer(NOW, fresh, self.found.now)
        timing = Timing(case, kill.when, is_immediate=kill.immediate, is_late=late > LATEST)
        earlier = self.grid.ends(key, case.quarter - 1, NAME)
        node = normal_form_of(kill.when)
        if any(isinstance(part, n.Persistence) for part in node.walk()):
            earlier = largest_formula([earlier, self._waited(node, overdue)])
        return now, self._answer(BEFORE, earlier, timing.before)

    def _waited(self, node: n.Node, overdue: str) -> EndFormulas:
        """The criterion as of the quarter before, but for what says itself its quarters."""
        grid, newest = self.grid, self.grid.case.quarter

        def ask(part: n.Node, back: int) -> EndFormulas:
            said = grid.ends(grid.key(part), newest - back, NAME)
            if back:
                return said
            return EndFormulas(*(f"IF({overdue}>{LATEST},{end},{said[end]})" for end in (0, 1)))

        return held_before(
            node, ask, lambda a, b: least_formula([a, b]), lambda a, b: largest_formula([a, b])
        )

    def _answer(self, column: int, ends: EndFormulas, value: Interval, *, bold: bool = False) -> EndFormulas:
        cells = [
            self.sheet.formula(
                self.row, column + end, text, float(number), ANSWER._replace(bold=bold)
            ).reference(NAME)
            for end, (text, number) in enumerate(((ends.lo, value.lo), (ends.hi, value.hi)))
        ]
        return EndFormulas(*cells)


def _says(tripped: Interval) -> str:
    return "not known" if not tripped.is_point else "tripped" if tripped.lo else "not tripped"


def criterion_keys(grid: QuarterGrid, found: KillResult) -> list[GridKey]:
    """Ask the grid for all that the lines of a criterion read, and give the rows that it then has."""

    def ask(part: n.Node, back: int) -> list[GridKey]:
        return [grid.ask(part, [grid.case.quarter - back])]

    def join(left: list[GridKey], right: list[GridKey]) -> list[GridKey]:
        return [*left, *right]

    keys = held_before(normal_form_of(found.kill.when), ask, join, join) if found.kill.when else []
    keys += [_ask(grid, d, text) for d in found.distances for text in _compared(d)]
    return list(dict.fromkeys(keys))


def _distances(sheet: WorkbookSheet, grid: QuarterGrid, a: Assessment, row: int) -> None:
    """How far each figure is from where it trips, as a formula of the figure and the edge."""
    sheet.text(row, 0, "How far each figure is from its edge", SECTION)
    sheet.texts(row + 1, 0, DISTANCES, HEAD)
    sheet.texts(row + 1, 3, DISTANCES[3:6], HEAD_RIGHT)
    sheet.texts(row + 1, 6, DISTANCES[6:9], HEAD_BESIDE)
    sheet.texts(row + 1, 9, DISTANCES[9:], HEAD_RIGHT)
    place = row + 2
    for found in a.kill:
        for line in kill_criterion_lines(found):
            _distance(sheet, grid, place, found, line)
            place += 1


def _distance(
    sheet: WorkbookSheet, grid: QuarterGrid, row: int, found: KillResult, line: CriterionLine
) -> None:
    d = line.comparison
    look = number_formats.compared_format(d.show, d.unit, abs(d.at)).beside(d.value, [d.at])
    style, left = CellStyle(number=look.number), CellStyle(number=look.beside(d.gap, [0.0]).number)
    sheet.texts(row, 0, (found.id, d.label, f"{d.sustained} quarters" if d.sustained else "this quarter"))
    read = read_comparison(grid, d)
    value = [
        sheet.formula(row, 3 + end, f"{text}*{look.factor:g}", float(number) * look.factor, style).reference(
            NAME
        )
        for end, (text, number) in enumerate(zip(read.value, (d.value.lo, d.value.hi), strict=True))
    ]
    if d.against:
        sheet.text(row, 5, d.edge)
        apart = EndFormulas(*(f"{end}*{look.factor:g}" for end in read.apart))
    else:
        edge = sheet.number(row, 5, d.at * look.factor, style._replace(is_input=True)).reference(NAME)
        apart = EndFormulas(f"{value[0]}-{edge}", f"{value[1]}-{edge}")
    sheet.texts(row, 6, (look.unit, f"{line.before}{d.trips}", line.after.strip()), BESIDE)
    ends = _gap_formula(d, apart)
    for end, (text, number) in enumerate(zip(ends, (d.gap.lo, d.gap.hi), strict=True)):
        sheet.formula(row, 9 + end, text, float(number) * look.factor, left)


def _gap_formula(d: Headroom, apart: EndFormulas) -> EndFormulas:
    """The headroom of a comparison from the value less its threshold."""
    if d.trips.endswith("below"):
        return apart
    turned = EndFormulas(f"-({apart.hi})", f"-({apart.lo})")
    if d.trips.endswith("above"):
        return turned
    away = magnitude_formula(EndFormulas(f"({apart.lo})", f"({apart.hi})"))
    return away if d.trips == SIDES["=="] else EndFormulas(f"-({away.hi})", f"-({away.lo})")


class ComparisonCells(NamedTuple):
    """Where a comparison is read: its value, and that less what it is compared with."""

    value: EndFormulas
    apart: EndFormulas


def read_comparison(grid: QuarterGrid, d: Headroom) -> ComparisonCells:
    """The figure of a comparison, or the level that so many quarters of it reach."""
    value, *apart = (_read(grid, d, text) for text in _compared(d))
    return ComparisonCells(value, apart[0] if apart else value)


def _compared(d: Headroom) -> list[str]:
    """The expressions that a comparison is read from: its figure, and that less what it is compared with."""
    return [d.figure, f"({d.figure}) - ({d.against})"] if d.against else [d.figure]


def _ask(grid: QuarterGrid, d: Headroom, text: str) -> GridKey:
    return grid.ask(text, [grid.case.quarter - back for back in range(len(d.window))])


def _read(grid: QuarterGrid, d: Headroom, text: str) -> EndFormulas:
    newest, key = grid.case.quarter, _ask(grid, d, text)
    if len(d.window) == 1:
        return grid.ends(key, newest, NAME)
    count = int(d.sustained.partition(" of ")[0])
    rank = len(d.window) - count + 1 if d.trips.endswith("below") else count
    oldest = newest - (len(d.window) - 1)
    ranges = [(grid.cell(key, oldest, end), grid.cell(key, newest, end)) for end in (0, 1)]
    return EndFormulas(
        *(f"LARGE({first.reference(NAME)}:{last.reference(first.sheet)},{rank})" for first, last in ranges)
    )
