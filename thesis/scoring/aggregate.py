"""From a value to a score, from several scores to one, and from two totals to a verdict.

Every step is non-decreasing in each score, so the range of the result is found from the ends of
the ranges that go in, exactly, by the same code. Formulas: power means as in the OECD/JRC Handbook
on Constructing Composite Indicators (2008), section 6; the cube for risks leans to the worst.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from thesis.core.interval import TOLERANCE, Endpoint, Interval, point, reaches, total

POWERS: Mapping[str, float] = {
    "min": -math.inf,
    "harmonic": -1.0,
    "geometric": 0.0,
    "mean": 1.0,
    "cubic": 3.0,
    "max": math.inf,
}
QUARTERS = 4  # a label is a quarter of the score
LOWERED_EDGES = tuple(edge - TOLERANCE * edge for edge in (0.25, 0.5, 0.75))  # as in ``reaches``


def band_score(value: Interval, edges: Sequence[float]) -> Interval:
    """Where a value stands among five edges: 0 at the first, a quarter more at each, 1 at the last.

    Edges rise where more is better and fall where less is. Straight between edges, so a label,
    which is a quarter of the score, can never disagree with it. What is not known scores 0..1.

    >>> band_score(point(0.284), [0.05, 0.10, 0.15, 0.20, 0.30])
    0.96
    """
    if edges[0] > edges[-1]:
        value, edges = -value, [-edge for edge in edges]
    ops = value.ops
    lo = hi = _place(ops, value.lo, edges)
    if value.lo is not value.hi:
        hi = _place(ops, value.hi, edges)
    return type(value)(ops.settle(lo, 0.0), ops.settle(hi, 1.0))


def _place(ops: Any, value: Endpoint, edges: Sequence[float]) -> Endpoint:
    """The score of one end; what is not a number stays so."""
    score = 0.0
    for low, high in pairwise(edges):
        score = score + ops.least(ops.greatest((value - low) / (high - low), 0.0), 1.0)
    return score / QUARTERS


def value_at(score: float, edges: Sequence[float]) -> float:
    """The value that has a score: the inverse of ``band_score`` between the outer edges."""
    place = min(max(score, 0.0), 1.0) * QUARTERS
    k = min(int(place), QUARTERS - 1)
    return edges[k] + (edges[k + 1] - edges[k]) * (place - k)


class PowerMean(NamedTuple):
    """A power mean in three steps: ``into`` each score, average, ``back``.

    A score that is averaged many times, under many weights, is so transformed only once. Both steps
    rise with what they are given.
    """

    power: float
    floor: float

    def into(self, score: float) -> float:
        if self.power <= 0:
            score = max(score, self.floor)
        if self.power == 0:
            return math.log(score)
        return math.copysign(score**self.power, self.power)

    def back(self, average: float) -> float:
        return math.exp(average) if self.power == 0 else float(abs(average) ** (1 / self.power))


def power_mean(scores: Sequence[float], weights: Sequence[float], power: float, floor: float) -> float:
    """(sum w s^p)^(1/p), the weights scaled to 1; p = 0 geometric, -inf least, inf largest.

    A score counts at least ``floor`` where p <= 0 (but for the least), so that a dead part costs a
    fixed factor and not everything. Weights of 0 leave their score out. The order of the scores has no say:
    the terms are added from the smallest up, which also keeps the sum rising in each of them.
    Errors: ``ValueError`` if no weight is above zero.
    """
    parts = [(w, s) for w, s in zip(weights, scores, strict=True) if w > 0]
    whole = total(sorted(w for w, _ in parts))
    if not whole > 0:
        raise ValueError("at least one weight above zero is needed")
    if math.isinf(power):
        ordered = [s for _, s in parts]
        return min(ordered) if power < 0 else max(ordered)
    mean = PowerMean(power, floor)
    return mean.back(total(sorted(w * mean.into(s) for w, s in parts)) / whole)


def combine(scores: Sequence[Interval], weights: Sequence[float], how: str, floor: float) -> Interval:
    """The power mean of ranges: that of the low ends and that of the high ends."""
    power = POWERS[how]
    lo = power_mean([s.lo for s in scores], weights, power, floor)
    if all(s.is_point for s in scores):
        return point(lo)
    return Interval(lo, max(lo, power_mean([s.hi for s in scores], weights, power, floor)))


def widen(score: Interval, by: float) -> Interval:
    """A score that may be off by so much either way, inside 0..1."""
    return Interval(max(0.0, score.lo - by), min(1.0, score.hi + by)) if by else score


def raise_by(score: Interval, condition: Interval, levels: int) -> Interval:
    """A severity, higher by whole levels where a condition holds."""
    step = levels / QUARTERS
    return Interval(min(1.0, score.lo + step * condition.lo), min(1.0, score.hi + step * condition.hi))


def level_of(score: float) -> int:
    """Which quarter of the score: 0 to 3; a score on an edge counts as past it."""
    raised = score + TOLERANCE * score
    low, half, high = LOWERED_EDGES
    return (raised >= low) + (raised >= half) + (raised >= high)


class VerdictCap(NamedTuple):
    """So many conditions below a score allow this verdict at the most."""

    conditions: int
    below: float
    at_most: int


class VerdictRules(NamedTuple):
    """The verdict table with its caps: ``table[engine level][risk level]`` and 0 for the worst."""

    table: Sequence[Sequence[int]]
    caps: Sequence[VerdictCap]
    killed: int

    def verdict(self, engines: float, risks: float, conditions: Sequence[float], killed: bool = False) -> int:
        """The index of the verdict; falls with every risk, rises with every condition."""
        if killed:
            return self.killed
        found = self.table[level_of(engines)][level_of(risks)]
        for cap in self.caps:
            low = sum(not reaches(c, cap.below) for c in conditions)
            if low >= cap.conditions:
                found = min(found, cap.at_most)
        return found
