"""Counting: what the scores of a workbook have in common, wherever they stand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from thesis.assessment import Finding
from thesis.interval import Interval
from thesis.scoring import QUARTERS, level_of
from thesis.workbook import shown
from thesis.workbook.book import Cell, Sheet, Style
from thesis.workbook.ends import reaches

CREDITS = {"fresh": 1.0, "stale": 0.5}  # as in ``thesis.court``
EDGES = tuple(f"{place / QUARTERS:g}" for place in range(1, QUARTERS))


class Names(NamedTuple):
    """The cells with the four names of a score, as the verdict's table has them."""

    conditions: str
    risks: str


class Ruled(NamedTuple):
    """Where a rule's score and its coverage stand; ``own``: the score without an override."""

    lo: Cell
    hi: Cell
    coverage: Cell
    own: tuple[Cell, Cell]


class Scored(NamedTuple):
    """A score's two cells and its value, the cell that says how far its evidence counts, and why."""

    lo: Cell
    hi: Cell
    score: Interval
    credit: Cell
    status: str


def counts(
    sheet: Sheet, row: int, column: int, lo: Cell, hi: Cell, state: Cell, score: Interval, status: str
) -> Cell:
    """Write what a leaf adds to coverage: 1 fresh, a half stale, nothing where nothing is known."""
    a, b, s = (cell.seen(sheet.name) for cell in (lo, hi, state))
    known = f"OR({a}>0,{b}<1,{a}={b})"
    text = f'IF({known},IF({s}="fresh",1,IF({s}="stale",0.5,0)),0)'
    return sheet.formula(row, column, text, credit_of(score, status), Style(number=shown.WEIGHT))


def credit_of(score: Interval, status: str) -> float:
    """The same as a number."""
    is_known = score.lo > 0.0 or score.hi < 1.0 or score.is_point
    return CREDITS.get(status, 0.0) if is_known else 0.0


def level(score: str) -> str:
    """Which quarter of the score, 0 to 3; a score on an edge counts as past it."""
    return "+".join(f"({reaches(score, edge)})" for edge in EDGES)


def label(lo: str, hi: str, names: str) -> str:
    """What a score is called, by a range of cells with the four names."""
    low, high = (f"INDEX({names},1+{level(score)})" for score in (lo, hi))
    return f'IF({level(lo)}={level(hi)},{low},{low}&" to "&{high})'


def put_over(given: Sequence[str], own: Sequence[str]) -> list[str]:
    """Both ends as somebody gave them, as long as both cells hold a number, else as they were worked out."""
    is_there = f"COUNT({given[0]}:{given[1]})=2"
    return [f"IF({is_there},{put_in},{worked})" for put_in, worked in zip(given, own, strict=True)]


def worked_out(finding: Finding) -> Interval:
    """The score without an override."""
    return finding.own_score if finding.own_score is not None else finding.score


def label_of(score: Interval, names: Sequence[str]) -> str:
    """The label as ``thesis.verdict`` has it."""
    low, high = names[level_of(score.lo)], names[level_of(score.hi)]
    return low if low == high else f"{low} to {high}"
