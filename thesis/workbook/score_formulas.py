"""Formulas and cells that all sheets with scores share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from thesis.core.interval import Interval
from thesis.scoring.assessment import RuleResult
from thesis.scoring.bands import QUARTERS, level_of
from thesis.workbook import number_formats
from thesis.workbook.interval_formulas import reaches_formula
from thesis.workbook.spreadsheet import CellAddress, CellStyle, WorkbookSheet

CREDITS = {"fresh": 1.0, "stale": 0.5}  # as in ``thesis.scoring.rules``
EDGES = tuple(f"{place / QUARTERS:g}" for place in range(1, QUARTERS))


class ScoreNames(NamedTuple):
    """The cells with the four names of a score, as the verdict's table has them."""

    conditions: str
    risks: str


class RuleScoreCells(NamedTuple):
    """Where a rule's score and its coverage stand; ``own``: the score without an override."""

    lo: CellAddress
    hi: CellAddress
    coverage: CellAddress
    own: tuple[CellAddress, CellAddress]


class MeasureScoreCells(NamedTuple):
    """A score's two cells and its value, the cell that says how far its evidence counts, and why."""

    lo: CellAddress
    hi: CellAddress
    score: Interval
    credit: CellAddress
    status: str


def evidence_counts(
    sheet: WorkbookSheet,
    row: int,
    column: int,
    lo: CellAddress,
    hi: CellAddress,
    state: CellAddress,
    score: Interval,
    status: str,
) -> CellAddress:
    """Write what a leaf adds to coverage: 1 fresh, a half stale, nothing where nothing is known."""
    a, b, s = (cell.reference(sheet.name) for cell in (lo, hi, state))
    known = f"OR({a}>0,{b}<1,{a}={b})"
    text = f'IF({known},IF({s}="fresh",1,IF({s}="stale",0.5,0)),0)'
    return sheet.formula(row, column, text, credit_of(score, status), CellStyle(number=number_formats.WEIGHT))


def credit_of(score: Interval, status: str) -> float:
    """The same as a number."""
    is_known = score.lo > 0.0 or score.hi < 1.0 or score.is_point
    return CREDITS.get(status, 0.0) if is_known else 0.0


def level_formula(score: str) -> str:
    """Which quarter of the score, 0 to 3; a score on an edge counts as past it."""
    return "+".join(f"({reaches_formula(score, edge)})" for edge in EDGES)


def label_formula(lo: str, hi: str, names: str) -> str:
    """What a score is called, by a range of cells with the four names."""
    low, high = (f"INDEX({names},1+{level_formula(score)})" for score in (lo, hi))
    return f'IF({level_formula(lo)}={level_formula(hi)},{low},{low}&" to "&{high})'


def put_header(given: Sequence[str], own: Sequence[str]) -> list[str]:
    """Formulas for both ends of a score: those of an override if both its cells have one, else calculated."""
    is_there = f"COUNT({given[0]}:{given[1]})=2"
    return [f"IF({is_there},{put_in},{worked})" for put_in, worked in zip(given, own, strict=True)]


def computed_score_formula(finding: RuleResult) -> Interval:
    """The score without an override."""
    return finding.own_score if finding.own_score is not None else finding.score


def label_of(score: Interval, names: Sequence[str]) -> str:
    """The label as ``thesis.scoring.verdict`` has it."""
    low, high = names[level_of(score.lo)], names[level_of(score.hi)]
    return low if low == high else f"{low} to {high}"
