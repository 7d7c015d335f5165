"""The confidence grade of a verdict: coverage, width and stability under other weights.

Steadiness is the share of other weightings that reach the same verdict: every corner of halving and
doubling the weights, and draws from a Dirichlet distribution around them (OECD/JRC Handbook on
Constructing Composite Indicators, 2008, section 7: report how often the inference survives).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence

from thesis.core.aggregates import aggregate_of
from thesis.core.interval import Interval, reaches
from thesis.pack.schema.thesis import VerdictTable
from thesis.pack.scores import fraction, least_score
from thesis.scoring.assessment import Confidence, RuleResult
from thesis.scoring.bands import QUARTERS
from thesis.scoring.weight_draws import WEIGHT_DRAWS

UNRATED = "D"
AT_EDGE = (
    1e-12  # of a score: so near to an edge a total under other weights counts as at it, however it is added
)


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
    """The share of weightings under which ``verdict`` of the conditions' total stays what it is.

    A verdict depends on the label of the total alone, so it is asked once for each pair of labels.
    """
    aggregate = aggregate_of(table.combine.conditions)
    if not aggregate.weighs:
        return 1.0
    conditions = sorted(conditions, key=lambda f: f.id)  # their order in the file draws no other weights
    settings, floor = table.robustness, least_score(table.floor)
    weightings = WEIGHT_DRAWS.around(
        [f.rule.weight for f in conditions], settings.draws, settings.concentration, settings.seed
    )
    edges = [aggregate.mark(level / QUARTERS - AT_EDGE, floor) for level in range(1, QUARTERS)]

    def levels(scores: Sequence[float]) -> list[int]:
        return [bisect_right(edges, whole) for whole in aggregate.under(weightings, scores, floor)]

    lows, highs = [f.score.lo for f in conditions], [f.score.hi for f in conditions]
    low_levels = levels(lows)
    pairs = list(zip(low_levels, low_levels if highs == lows else levels(highs), strict=True))
    found = {
        (low, high): verdict(Interval(low / QUARTERS, max(low, high) / QUARTERS))
        for low, high in dict.fromkeys(pairs)
    }
    own, *others = (found[pair] for pair in pairs)
    return others.count(own) / len(others) if others else 1.0
