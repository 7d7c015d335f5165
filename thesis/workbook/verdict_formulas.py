"""The formulas from two totals through table, caps and kill criteria to the worst and best verdict."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from thesis.core.interval import Interval, reaches
from thesis.pack.schema.thesis import VerdictTable
from thesis.pack.scores import fraction
from thesis.scoring.assessment import Assessment, Verdict
from thesis.scoring.bands import level_of
from thesis.scoring.verdict import verdict_rules
from thesis.scoring.verdict_table import VerdictCap
from thesis.workbook import interval_formulas as e
from thesis.workbook import number_formats
from thesis.workbook.kill_criteria_sheet import KillAnswerCells
from thesis.workbook.score_formulas import computed_score_formula, level_formula
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
from thesis.workbook.totals_block import TotalCells

WHOLE, SHARE = CellStyle(number=number_formats.WHOLE), CellStyle(number=number_formats.SHARE, is_input=True)
GIVEN = CellStyle(number=number_formats.WHOLE, is_input=True)
CAPS = ("Cap", "Conditions", "Below", "At most", "Place", "Worst case: below", "Best case: below")
REACHED = ("Worst case", "Best case")
UNLIKE = ("Without overrides, worst", "Without overrides, best")


class VerdictCells(NamedTuple):
    """Where the worst and the best verdict stand, as words; ``own``: without overrides, if there are any."""

    worst: CellAddress
    best: CellAddress
    own: VerdictCells | None = None


class VerdictInputs(NamedTuple):
    """What goes into the table, as cells and as values: with overrides, or as it was worked out.

    ``kills`` has a range for the low and one for the high ends; ``first``: so many columns stand before.
    """

    engines: TotalCells
    risks: TotalCells
    kills: tuple[str, str]
    verdict: Verdict
    conditions: Sequence[Interval]
    tripped: Sequence[Interval]
    first: int = 0


class VerdictFormulas:
    """The lower half of the sheet: the scale, the table, the caps, and what they come to."""

    def __init__(self, sheet: WorkbookSheet, a: Assessment, table: VerdictTable, row: int) -> None:
        self.sheet, self.a, self.table = sheet, a, table
        self.judge = verdict_rules(table)
        self.scale = row
        self.grid = self.scale + len(table.levels) + 3
        self.caps = self.grid + 8
        self.reached = self.caps + len(table.caps) + (3 if table.caps else 0)
        self.end = self.reached + 9

    def _span(self, first: tuple[int, int], last: tuple[int, int]) -> str:
        name = self.sheet.name
        return f"{CellAddress(name, *first).reference(name)}:{CellAddress(name, *last).reference(name)}"

    @property
    def levels(self) -> str:
        """The cells with the verdicts, worst first."""
        return self._span((self.scale + 2, 0), (self.scale + 1 + len(self.table.levels), 0))

    def _placed(self, word: str) -> str:
        """The place of a verdict on the scale, by its name; no mark in a name stands for another here."""
        places = self._span((self.scale + 2, 1), (self.scale + 1 + len(self.table.levels), 1))
        return f"SUMPRODUCT(({self.levels}={word})*{places})"

    def write(self, engines: TotalCells, risks: TotalCells, tripped: KillAnswerCells | None) -> VerdictCells:
        heard = self._heard(engines, risks, tripped)
        self._scale()
        self._table()
        self._caps(heard)
        with_overrides, *without = self._reached(heard)
        return with_overrides._replace(own=without[0] if without else None)

    def _heard(
        self, engines: TotalCells, risks: TotalCells, tripped: KillAnswerCells | None
    ) -> list[VerdictInputs]:
        a, none = self.a, ("", "")
        kills = (tripped.lo, tripped.hi) if tripped else none
        scores, answers = [f.score for f in a.conditions], [k.tripped for k in a.kill]
        heard = [VerdictInputs(engines, risks, kills, a.verdict, scores, answers)]
        if a.without_overrides and engines.own and risks.own:
            kills = tripped.own if tripped else none
            scores, answers = (
                [computed_score_formula(f) for f in a.conditions],
                [k.own or k.tripped for k in a.kill],
            )
            heard += [
                VerdictInputs(engines.own, risks.own, kills, a.without_overrides, scores, answers, first=2)
            ]
        return heard

    def _scale(self) -> None:
        self.sheet.text(self.scale, 0, "The scale, worst first", SECTION)
        self.sheet.text(self.scale + 1, 0, "Verdict", HEAD)
        self.sheet.text(self.scale + 1, 1, "Place", HEAD_RIGHT)
        for i, name in enumerate(self.table.levels):
            self.sheet.text(self.scale + 2 + i, 0, name, CellStyle(is_input=True))
            self.sheet.number(self.scale + 2 + i, 1, i + 1, GIVEN)

    def _table(self) -> None:
        sheet, labels = self.sheet, self.table.labels
        sheet.text(self.grid, 0, "The table: conditions down, risks across", SECTION)
        sheet.text(self.grid + 1, 0, "", HEAD)
        sheet.texts(self.grid + 1, 1, labels.risks, HEAD._replace(is_input=True))
        for i, name in enumerate(labels.conditions):
            sheet.text(self.grid + 2 + i, 0, name, BOLD._replace(is_input=True))
            sheet.texts(self.grid + 2 + i, 1, list(self.table.table[name]), CellStyle(is_input=True))

    def _caps(self, heard: Sequence[VerdictInputs]) -> None:
        sheet, row = self.sheet, self.caps
        if not self.table.caps:
            return
        sheet.text(row, 0, "Caps: so many conditions below a score allow this verdict at the most", SECTION)
        sheet.texts(row + 1, 0, CAPS, HEAD)
        sheet.texts(row + 1, 1, CAPS[1:3], HEAD_RIGHT)
        sheet.text(row + 1, 3, CAPS[3], HEAD_BESIDE)
        sheet.texts(row + 1, 4, [*CAPS[4:], *(UNLIKE if len(heard) > 1 else ())], HEAD_RIGHT)
        for i, (cap, shape) in enumerate(zip(self.judge.caps, self.table.caps, strict=True)):
            at = row + 2 + i
            sheet.text(at, 0, shape.because or f"cap {i + 1}")
            sheet.number(at, 1, cap.conditions, GIVEN)
            below = sheet.number(at, 2, cap.below, SHARE).reference(sheet.name)
            word = sheet.cell(at, 3)
            sheet.text(at, 3, shape.at_most, CellStyle(is_input=True, indent=1))
            sheet.formula(at, 4, self._placed(word.reference(sheet.name)), cap.at_most + 1, WHOLE)
            for each in heard:
                for end, scores in enumerate(each.engines.scores):
                    low = f"SUMPRODUCT(1*({scores}-{below}<-5E-13*({scores}+{below})))"
                    sheet.formula(at, 5 + each.first + end, low, _below(each, cap, end), WHOLE)

    def _reached(self, heard: Sequence[VerdictInputs]) -> list[VerdictCells]:
        sheet, row = self.sheet, self.reached
        sheet.text(row, 0, "What it comes to", SECTION)
        sheet.text(row + 1, 0, "", HEAD)
        sheet.texts(row + 1, 1, [*REACHED, *(UNLIKE if len(heard) > 1 else ())], HEAD_RIGHT)
        killed = f"A kill criterion may have tripped, or has: {self.table.killed}"
        lines = ("Place by the table", "After the caps", killed, "Place of the verdict", "In words")
        sheet.texts_down(row + 2, 0, lines)
        return [VerdictCells(self._side(row + 2, each, 0), self._side(row + 2, each, 1)) for each in heard]

    def _side(self, row: int, heard: VerdictInputs, end: int) -> CellAddress:
        """One case from the table to the word: the worst takes the low ends of what is good."""
        sheet, column, name, v = self.sheet, 1 + heard.first + end, self.sheet.name, heard.verdict
        good, bad = (heard.engines.hi, heard.risks.lo) if end else (heard.engines.lo, heard.risks.hi)
        engines, risks, word = v.engines.ends[end], v.risks.ends[1 - end], (v.worst, v.best)[end]
        kills = heard.kills[1 - end]
        rows = f"1+{level_formula(good.reference(name))}", f"1+{level_formula(bad.reference(name))}"
        found = f"INDEX({self._span((self.grid + 2, 1), (self.grid + 5, 4))},{rows[0]},{rows[1]})"
        at = self.judge.table[level_of(engines)][level_of(risks)]
        table = sheet.formula(row, column, self._placed(found), at + 1, WHOLE).reference(name)
        capped = min([at, *(c.at_most for c in self.judge.caps if _below(heard, c, end) >= c.conditions)])
        after = sheet.formula(
            row + 1, column, self._capped(table, heard.first + end), capped + 1, WHOLE
        ).reference(name)
        dead = sheet.formula(row + 2, column, f"MAX({kills})" if kills else "0", _dead(heard, end),
                             CellStyle(number=number_formats.TRUTH)).reference(name)  # fmt: skip
        ended = f"IF({dead}=1,{self.judge.killed + 1},{after})"
        place = sheet.formula(row + 3, column, ended, self._place(word), WHOLE).reference(name)
        return sheet.formula(
            row + 4, column, f"INDEX({self.levels},{place})", word, BOLD._replace(right=True)
        )

    def _capped(self, table: str, place: int) -> str:
        name = self.sheet.name
        held = []
        for i in range(len(self.table.caps)):
            cells = (self.sheet.cell(self.caps + 2 + i, column) for column in (5 + place, 1, 4))
            count, least, at_most = (cell.reference(name) for cell in cells)
            held.append(f"IF({count}>={least},{at_most},{table})")
        return f"MIN({','.join([table, *held])})"

    def _place(self, word: str) -> int:
        return list(self.table.levels).index(word) + 1


def _below(heard: VerdictInputs, cap: VerdictCap, end: int) -> int:
    """How many conditions are below a cap's score."""
    return sum(not reaches(score.ends[end], cap.below) for score in heard.conditions)


def _dead(heard: VerdictInputs, end: int) -> float:
    """Whether a criterion may have tripped, of the worst case, or has, of the best."""
    return max([float(answer.ends[1 - end]) for answer in heard.tripped], default=0.0)


def confidence_formula(
    sheet: WorkbookSheet,
    row: int,
    a: Assessment,
    table: VerdictTable,
    coverage: str,
    engines: TotalCells,
) -> CellAddress | None:
    """The grade of how sure the verdict is: the worst of three columns decides. None where none is asked."""
    if not table.confidence:
        return None
    found, name = a.verdict.confidence, sheet.name
    sheet.text(row, 0, "Confidence: the worst of three decides", SECTION)
    sheet.text(row + 1, 0, "", HEAD)
    sheet.texts(row + 1, 1, ("Coverage", "Width", "Steadiness"), HEAD_RIGHT)
    sheet.text(row + 2, 0, "Found; the steadiness was worked out by thesis")
    wide = f"{engines.hi.reference(name)}-{engines.lo.reference(name)}"
    measured = [
        sheet.formula(row + 2, 1, coverage, found.coverage, CellStyle(number=number_formats.SHARE)),
        sheet.formula(row + 2, 2, wide, found.width, CellStyle(number=number_formats.SCORE)),
        sheet.number(row + 2, 3, found.steady, SHARE),
    ]
    grades = [*table.confidence]
    for i, grade in enumerate(grades):
        sheet.text(row + 3 + i, 0, grade.grade, CellStyle(is_input=True))
        for column, text in enumerate((grade.coverage, grade.width, grade.steady), 1):
            sheet.number(row + 3 + i, column, fraction(text), SHARE)
    last = row + 3 + len(grades)
    sheet.text(last, 0, "D")
    sheet.text(last, 1, "anything less", CellStyle(right=True))
    places = [_first_met(sheet, row + 3, len(grades), column, measured[column - 1]) for column in (1, 2, 3)]
    numbers = _places(a, table)
    sheet.text(last + 1, 0, "Place of the best grade that is met")
    cells = [
        sheet.formula(last + 1, i + 1, text, number, WHOLE).reference(name)
        for i, (text, number) in enumerate(zip(places, numbers, strict=True))
    ]
    sheet.text(last + 2, 0, "Confidence", BOLD)
    names = f"{CellAddress(name, row + 3, 0).reference(name)}:{CellAddress(name, last, 0).reference(name)}"
    return sheet.formula(
        last + 2, 1, f"INDEX({names},MAX({','.join(cells)}))", found.grade, BOLD._replace(right=True)
    )


def _first_met(sheet: WorkbookSheet, first: int, count: int, column: int, measured: CellAddress) -> str:
    """1 for the first grade whose threshold is met, one more than there are if none is."""
    text, value = str(count + 1), measured.reference(sheet.name)
    for i in reversed(range(count)):
        edge = sheet.cell(first + i, column).reference(sheet.name)
        met = e.reaches_formula(edge, value) if column == 2 else e.reaches_formula(value, edge)
        text = f"IF({met},{i + 1},{text})"
    return text


def _places(a: Assessment, table: VerdictTable) -> Sequence[int]:
    found = a.verdict.confidence
    met = (
        [reaches(found.coverage, fraction(grade.coverage)) for grade in table.confidence],
        [reaches(fraction(grade.width), found.width) for grade in table.confidence],
        [reaches(found.steady, fraction(grade.steady)) for grade in table.confidence],
    )
    return [[*each, True].index(True) + 1 for each in met]
