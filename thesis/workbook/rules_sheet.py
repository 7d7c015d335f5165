"""The sheet that combines scores of measures into scores of groups, conditions and risks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from thesis.core import formatting
from thesis.core.aggregates import Aggregate, aggregate_of
from thesis.core.interval import Interval, total
from thesis.pack.schema.thesis import Measure, Rule
from thesis.pack.scores import least_score
from thesis.scoring.aggregate import PartTree, combine
from thesis.scoring.assessment import Assessment, MeasureResult, RuleResult
from thesis.scoring.bands import QUARTERS
from thesis.workbook import number_formats
from thesis.workbook.quarter_grid import QuarterGrid
from thesis.workbook.score_formulas import (
    MeasureScoreCells,
    RuleScoreCells,
    ScoreNames,
    computed_score_formula,
    credit_of,
    label_formula,
    label_of,
    put_header,
)
from thesis.workbook.spreadsheet import (
    BESIDE,
    BOLD,
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

NAME = "Rules"
ABOUT = (
    "A power mean of the scores by weight, end by end. Two columns hold each score as it is averaged: its "
    "logarithm for a geometric mean, its cube for a cubic one."
)
FLOOR = (2, 4)  # the cell with the least that a score counts in a geometric or harmonic mean
FLOOR_TOLD = "The least that a score counts in a geometric or harmonic mean"
HEADINGS = ("Weight", "Score low", "Score high", "As averaged, low", "As averaged, high", "Share of the rule",
            "Covered", "Called", "Status", "Why")  # fmt: skip
WIDTHS = (46, 9, 9, 9, 11, 11, 10, 10, 18, 10, 100)
WEIGHT, LOW, HIGH, INTO, SHARE, COVERED, CALLED, STATUS, WHY = 1, 2, 3, 4, 6, 7, 8, 9, 10
TOP = 4
Scores = tuple[Mapping[int, MeasureScoreCells], Mapping[str, MeasureScoreCells]]

SCORE, STRONG = (
    CellStyle(number=number_formats.SCORE),
    CellStyle(number=number_formats.SCORE, bold=True, top=True),
)
RATIO = CellStyle(number=number_formats.SHARE)


class Block(NamedTuple):
    """Parts that are averaged, under a heading at ``start``: of a rule, or of a group inside it."""

    how: Rule | Measure
    title: str
    parts: Sequence[MeasureResult]
    start: int
    group: MeasureResult | None = None

    @property
    def rows(self) -> range:
        return range(self.start + 1, self.start + 1 + len(self.parts))

    @property
    def total(self) -> int:
        return self.rows.stop


def write_rules(
    sheet: WorkbookSheet, grid: QuarterGrid, a: Assessment, scored: Scores, names: ScoreNames
) -> Mapping[str, RuleScoreCells]:
    """Write every rule, and tell where it stands. ``scored``: metrics by part, rubrics by name."""
    sheet.text(0, 0, "Conditions and risks", TITLE)
    sheet.text(1, 0, ABOUT)
    sheet.text(FLOOR[0], 0, FLOOR_TOLD)
    least = least_score(grid.case.pack.thesis.verdict.floor)
    sheet.number(*FLOOR, least, RATIO._replace(is_input=True))
    sheet.widths(WIDTHS)
    sheet.freeze(TOP - 1, 1)
    found, row = {}, TOP
    for finding in a.findings:
        writer = _Writer(sheet, grid, finding, scored, names, row)
        found[finding.id] = writer.write()
        row = writer.end
    return found


class _Writer:
    """Writes one rule: its own block, those of its groups below, and what raises it."""

    def __init__(
        self,
        sheet: WorkbookSheet,
        grid: QuarterGrid,
        finding: RuleResult,
        scored: Scores,
        names: ScoreNames,
        row: int,
    ) -> None:
        self.sheet, self.grid, self.finding, self.scored = sheet, grid, finding, scored
        table = grid.case.pack.thesis.verdict
        is_condition = finding.kind == "condition"
        self.names = names.conditions if is_condition else names.risks
        self.labels = table.labels.conditions if is_condition else table.labels.risks
        self.least = least_score(table.floor)
        self.top = row
        self.blocks = list(self._planned())
        self.of_group = {id(block.group): block for block in self.blocks if block.group}
        self.row_of = {id(part): row for b in self.blocks for part, row in zip(b.parts, b.rows, strict=True)}

    def _planned(self) -> Iterator[Block]:
        rule, parts = self.finding.rule, self.finding.parts
        start = self.top + 2
        yield Block(rule, "", parts, start)
        start += len(parts) + (3 if self.finding.lift is None else 5) + (2 if self.finding.is_given else 0)
        for tree in PartTree.of(self.finding).walk():
            if tree.group:
                yield Block(tree.group.measure, tree.group.name, tree.parts, start, tree.group)
                start += len(tree.parts) + 3
        self.end = start + 1

    def write(self) -> RuleScoreCells:
        rule = self.finding.rule
        self.sheet.text(self.top, 0, rule.name, SECTION)
        self.sheet.text(self.top + 1, 0, f"{rule.claim} ({rule.clause})")
        for block in self.blocks:
            self._block(block)
        first = self.blocks[0]
        low, high = (self.sheet.cell(first.total, column) for column in (LOW, HIGH))
        covered = self.sheet.cell(first.total, COVERED)
        if self.finding.lift is not None:
            low, high = self._lifted(first)
        own = low, high
        if self.finding.is_given:
            low, high = self._given(own)
        return RuleScoreCells(low, high, covered, own)

    def _given(self, own: tuple[CellAddress, CellAddress]) -> tuple[CellAddress, CellAddress]:
        """An analyst's own score, which counts while it stands there, and not what was worked out."""
        sheet, finding, row = self.sheet, self.finding, own[0].row + 1
        override = finding.override
        assert override
        sheet.text(row, 0, f"Given by {override.by} until {override.until}; cleared, what is above counts")
        score, look = finding.score, SCORE._replace(is_input=True)
        put_in = [sheet.number(row, LOW + end, x, look).reference(NAME) for end, x in enumerate(score.ends)]
        worked = [cell.reference(NAME) for cell in own]
        cells = [
            sheet.formula(row + 1, LOW + end, put_header(put_in, worked)[end], number, STRONG)
            for end, number in enumerate(score.ends)
        ]
        sheet.text(row, WHY, override.reason, WRAPPED)
        sheet.text(row + 1, 0, f"{finding.rule.name}, as it counts", BOLD)
        self._called(row + 1, finding.score, BOLD._replace(indent=1))
        return cells[0], cells[1]

    def _block(self, block: Block) -> None:
        sheet, how = self.sheet, block.how
        aggregate = aggregate_of(how.combine)
        caption = aggregate.caption
        title = f"{block.title}: {caption}" if block.title else formatting.capitalise(caption)
        sheet.text(block.start, 0, title, HEAD)
        sheet.texts(block.start, WEIGHT, HEADINGS, HEAD_RIGHT)
        sheet.texts(block.start, CALLED, HEADINGS[CALLED - 1 :], HEAD_BESIDE)
        for part, row in zip(block.parts, block.rows, strict=True):
            self._part(block, aggregate, part, row)
        self._total(block, aggregate)

    def _part(self, block: Block, aggregate: Aggregate, part: MeasureResult, row: int) -> None:
        sheet = self.sheet
        sheet.text(row, 0, part.name)
        weight = sheet.number(
            row, WEIGHT, part.measure.weight, CellStyle(number=number_formats.WEIGHT, is_input=True)
        ).reference(NAME)
        low, high, covered = self._read(part)
        for end, (formula, value) in enumerate(((low, part.score.lo), (high, part.score.hi))):
            cell = sheet.formula(row, LOW + end, formula, value, SCORE).reference(NAME)
            term = aggregate.term_formula(cell, weight, sheet.cell(*FLOOR).reference(NAME))
            number = aggregate.term(value, part.measure.weight, self.least)
            sheet.formula(row, INTO + end, term, number, CellStyle(number="0.000"))
        whole = f"SUM({self._range(block, WEIGHT)})"
        outer = sheet.cell(self.row_of[id(block.group)], SHARE).reference(NAME) + "*" if block.group else ""
        sheet.formula(row, SHARE, f"{outer}{weight}/{whole}", part.share, RATIO)
        share = sheet.cell(row, SHARE).reference(NAME)
        sheet.formula(row, COVERED, covered.replace("share", share), _covered(part), RATIO)
        self._called(row, part.score, BESIDE)
        because = " ".join(text for text in (part.measure.because, _misleads(part.measure)) if text)
        sheet.text(row, STATUS, part.status, BESIDE)
        sheet.text(row, WHY, because, WRAPPED)

    def _read(self, part: MeasureResult) -> tuple[str, str, str]:
        """Where a part's score comes from, and what it adds to coverage."""
        if part.parts:
            total = self.of_group[id(part)].total
            low, high, covered = (
                self.sheet.cell(total, column).reference(NAME) for column in (LOW, HIGH, COVERED)
            )
            return low, high, covered
        measured, rubrics = self.scored
        found = rubrics[part.id] if part.kind == "judgement" else measured[id(part)]
        low, high, credit = (cell.reference(NAME) for cell in (found.lo, found.hi, found.credit))
        return low, high, f"share*{credit}"

    def _total(self, block: Block, aggregate: Aggregate) -> None:
        sheet, row = self.sheet, block.total
        scores, weights = [p.score for p in block.parts], [p.measure.weight for p in block.parts]
        score = combine(scores, weights, block.how.combine, self.least)
        sheet.text(row, 0, block.title or self.finding.rule.name, BOLD._replace(top=True))
        sheet.text(row, WEIGHT, "", STRONG)
        weighed = self._range(block, WEIGHT)
        ends = [aggregate.whole_formula(weighed, self._range(block, INTO + end)) for end in (0, 1)]
        low = sheet.formula(row, LOW, ends[0], score.lo, STRONG).reference(NAME)
        sheet.formula(row, HIGH, f"MAX({low},{ends[1]})", score.hi, STRONG)
        covered = total(_covered(part) for part in block.parts)
        sheet.formula(
            row, COVERED, f"SUM({self._range(block, COVERED)})", covered, RATIO._replace(bold=True, top=True)
        )
        for column in (INTO, INTO + 1, SHARE):
            sheet.text(row, column, "", STRONG)
        self._called(row, score, BOLD._replace(top=True, indent=1))
        sheet.text(row, WHY, block.how.because if isinstance(block.how, Rule) else "", WRAPPED)

    def _lifted(self, block: Block) -> tuple[CellAddress, CellAddress]:
        """A risk, higher by whole levels while something else holds."""
        sheet, finding, row = self.sheet, self.finding, block.total + 1
        lift, answer = finding.rule.lift, finding.lift
        assert lift
        assert answer
        key = self.grid.ask(lift.when, [self.grid.case.quarter])
        asked = self.grid.ends(key, self.grid.case.quarter, NAME)
        sheet.text(row, 0, f"Raised by {lift.levels} of 4 levels while {lift.when}")
        cells, raised_to = [], computed_score_formula(finding)
        for end, (holds, score) in enumerate(((answer.lo, raised_to.lo), (answer.hi, raised_to.hi))):
            says = sheet.formula(
                row, LOW + end, asked[end], holds, CellStyle(number=number_formats.TRUTH)
            ).reference(NAME)
            before = sheet.cell(block.total, LOW + end).reference(NAME)
            raised = f"MIN(1,{before}+{lift.levels}/{QUARTERS}*{says})"
            cells.append(sheet.formula(row + 1, LOW + end, raised, score, STRONG))
        sheet.text(row, WHY, lift.because, WRAPPED)
        sheet.text(row + 1, 0, f"{finding.rule.name}, raised", BOLD)
        self._called(row + 1, raised_to, BOLD._replace(indent=1))
        return cells[0], cells[1]

    def _called(self, row: int, score: Interval, style: CellStyle) -> None:
        low, high = (self.sheet.cell(row, column).reference(NAME) for column in (LOW, HIGH))
        text = label_formula(low, high, self.names)
        self.sheet.formula(row, CALLED, text, label_of(score, self.labels), style)

    def _range(self, block: Block, column: int) -> str:
        first, last = (
            self.sheet.cell(row, column).reference(NAME) for row in (block.rows[0], block.rows[-1])
        )
        return f"{first}:{last}"


def _covered(part: MeasureResult) -> float:
    return total(leaf.share * credit_of(leaf.score, leaf.status) for leaf in part.leaves())


def _misleads(measure: Measure) -> str:
    return f"Misleads when: {measure.misleads_when}" if measure.misleads_when else ""
