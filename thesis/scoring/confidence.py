"""The confidence grade of a verdict: coverage, width and stability under other weights.

Steadiness is the share of other weightings that reach the same verdict: every corner of halving and
doubling the weights, and draws from a Dirichlet distribution around them (OECD/JRC Handbook on
Constructing Composite Indicators, 2008, section 7: report how often the inference survives).
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import product

from thesis.core.interval import Interval, reaches
from thesis.pack.schema.thesis import VerdictTable
from thesis.pack.scores import fraction, least_score
from thesis.scoring.aggregate import POWERS, PowerMean
from thesis.scoring.assessment import Confidence, RuleResult
from thesis.scoring.bands import LOWERED_EDGES
from thesis.scoring.weight_draws import WEIGHT_DRAWS

UNRATED = "D"
MOST_CORNERS = 8  # conditions; beyond, the draws have to do


def confidence(table: VerdictTable, coverage: float, width: float, steady: float) -> Confidence:
    """The worst of three grades; ``weakest`` names the column that decided, if any held the grade down."""
    if not table.confidence:
        return Confidence("", coverage, width, steady, "")
    grades = [grade.grade for grade in table.confidence] + [UNRATED]
    places = {
        "coverage": [reaches(coverage, fraction(grade.coverage)) for grade in table.confidence],
        "width": [reaches(fraction(grade.width), width) for grade in table.confidence],
        "steadiness": [reaches(steady, fraction(grade.steady)) for grade in table.confidence],
    }
    reached = {name: [*fits, True].index(True) for name, fits in places.items()}
    weakest = max(reached, key=lambda name: reached[name])
    place = reached[weakest]
    return Confidence(grades[place], coverage, width, steady, weakest if place else "")


def steadiness(
    table: VerdictTable, conditions: Sequence[RuleResult], verdict: Callable[[Interval], tuple[int, int]]
) -> float:
    """The share of weightings under which ``verdict`` of the conditions' total stays what it is."""
    power = POWERS[table.combine.conditions]
    conditions = sorted(conditions, key=lambda f: f.id)  # their order in the file draws no other weights
    weights = [f.rule.weight for f in conditions]
    if math.isinf(power):
        return 1.0  # the least and the largest do not ask for weights
    mean = PowerMean(power, least_score(table.floor))
    lows, highs = ([mean.into(end) for end in ends] for ends in _ends(conditions))
    edges = [mean.into(edge) for edge in LOWERED_EDGES]
    settings = table.robustness
    draws = WEIGHT_DRAWS.around(weights, settings.draws, settings.concentration, settings.seed)
    samples = [*_corners(weights), *draws]

    def averages(sample: Sequence[float]) -> tuple[float, float]:
        whole = low = high = 0.0  # three sums in one pass, each in the order of ``total``
        for weight, lo, hi in zip(sample, lows, highs, strict=True):
            whole, low, high = whole + weight, low + weight * lo, high + weight * hi
        return low / whole, high / whole

    found: dict[tuple[int, int], tuple[int, int]] = {}

    def reached(sample: Sequence[float]) -> tuple[int, int]:
        """The verdict under a weighting; the same wherever both ends have the same labels."""
        low, high = averages(sample)
        key = bisect_right(edges, low), bisect_right(edges, high)
        if key not in found:
            found[key] = verdict(Interval(mean.back(low), mean.back(high)))
        return found[key]

    own = reached(weights)
    return sum(reached(sample) == own for sample in samples) / len(samples) if samples else 1.0


def _ends(conditions: Sequence[RuleResult]) -> tuple[list[float], list[float]]:
    return [f.score.lo for f in conditions], [f.score.hi for f in conditions]


def _corners(weights: Sequence[float]) -> list[list[float]]:
    factors = product((0.5, 2.0), repeat=len(weights)) if len(weights) <= MOST_CORNERS else []
    return [[w * f for w, f in zip(weights, chosen, strict=True)] for chosen in factors]
