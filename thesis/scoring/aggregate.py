"""Combining several scores into one, by a weighted power mean.

A power mean never falls when one of its scores rises, so the range of the result is calculated exactly from
the low ends and from the high ends of the scores, by the same code. Formulas: OECD/JRC Handbook on
Constructing Composite Indicators (2008), section 6; the cube that risks are combined with leans to the worst.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from thesis.core.interval import Interval, point, total
from thesis.scoring.bands import QUARTERS

POWERS: Mapping[str, float] = {
    "min": -math.inf,
    "harmonic": -1.0,
    "geometric": 0.0,
    "mean": 1.0,
    "cubic": 3.0,
    "max": math.inf,
}


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
    whole = _weight(tuple(weights))
    if not whole > 0:
        raise ValueError("at least one weight above zero is needed")
    if math.isinf(power):
        ordered = [s for w, s in zip(weights, scores, strict=True) if w > 0]
        return min(ordered) if power < 0 else max(ordered)
    mean = PowerMean(power, floor)
    terms = [w * mean.into(s) for w, s in zip(weights, scores, strict=True) if w > 0]
    return mean.back(total(sorted(terms)) / whole)


@lru_cache(maxsize=256)
def _weight(weights: tuple[float, ...]) -> float:
    """The sum of the weights above zero; the same few are asked for thousands of times."""
    return total(sorted(w for w in weights if w > 0))


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
