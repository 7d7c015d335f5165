"""Scores: from a value among edges to a label, and the numbers people would work out by hand."""

from __future__ import annotations

import math

import pytest

from thesis.core.interval import EVERYTHING, UNKNOWN, Interval, point
from thesis.scoring.aggregate import combine, combine_numbers, raise_by, widen
from thesis.scoring.bands import band_score, level_of, value_at
from thesis.scoring.verdict_table import VerdictCap, VerdictRules

pytestmark = pytest.mark.quick

RISING = (0.05, 0.10, 0.15, 0.20, 0.30)
FALLING = (0.01, 0.004, 0.0, -0.005, -0.012)


@pytest.mark.parametrize(
    ("value", "edges", "score"),
    [
        (0.284, RISING, 0.96),  # .75 + .25 x 8.4/10
        (0.12, RISING, 0.35),  # .25 + .25 x 2/5
        (0.04, RISING, 0.0),
        (0.99, RISING, 1.0),
        (-0.005, FALLING, 0.75),
        (0.00122, FALLING, 0.42375),  # .25 + .25 x 27.8/40
        (0.02, FALLING, 0.0),
        (-0.05, FALLING, 1.0),
    ],
)
def test_a_value_scores_by_its_place_among_the_edges(
    value: float, edges: tuple[float, ...], score: float
) -> None:
    assert band_score(point(value), edges).lo == pytest.approx(score, abs=1e-12)


@pytest.mark.parametrize(
    ("value", "score"),
    [
        (Interval(0.10, 0.20), Interval(0.25, 0.75)),
        (Interval(0.20, math.inf), Interval(0.75, 1.0)),
        (Interval(-math.inf, 0.20), Interval(0.0, 0.75)),
        (EVERYTHING, UNKNOWN),
    ],
)
def test_a_range_scores_a_range(value: Interval, score: Interval) -> None:
    found = band_score(value, RISING)
    assert (found.lo, found.hi) == pytest.approx((score.lo, score.hi), abs=1e-12)


def test_with_falling_edges_the_high_end_of_a_value_is_the_low_end_of_its_score() -> None:
    assert band_score(Interval(-0.005, 0.004), FALLING) == Interval(0.25, 0.75)


@pytest.mark.parametrize(
    ("score", "value"),
    [(0.0, 0.05), (0.25, 0.10), (0.375, 0.125), (0.96, 0.284), (1.0, 0.30), (-1.0, 0.05), (2.0, 0.30)],
)
def test_a_flip_is_told_as_the_value_that_has_its_score(score: float, value: float) -> None:
    assert value_at(score, RISING) == pytest.approx(value)


@pytest.mark.parametrize(
    ("scores", "weights", "how", "mean"),
    [
        ((0.2, 0.8), (1, 1), "mean", 0.5),
        ((0.2, 0.8), (1, 3), "mean", 0.65),
        ((0.2, 0.8), (1, 1), "geometric", 0.4),
        ((0.2, 0.8), (1, 1), "harmonic", 0.32),
        ((0.2, 0.8), (1, 1), "min", 0.2),
        ((0.2, 0.8), (1, 1), "max", 0.8),
        ((1, 0, 0, 0, 0, 0), (1,) * 6, "cubic", (1 / 6) ** (1 / 3)),  # one severe risk of six: .55
        ((0.0, 0.8), (1, 1), "geometric", 0.2),  # sqrt(.05 x .8): a dead part counts as the floor
        ((0.0, 0.8), (1, 1), "harmonic", 2 / (1 / 0.05 + 1 / 0.8)),
        ((0.0, 0.8), (1, 1), "min", 0.0),  # the weakest link has no floor
        ((0.0, 0.8), (0, 1), "min", 0.8),  # and does not see what has no weight
        ((0.2, 0.9, 0.4), (9, 1, 1), "lowest(2)", 0.3),  # whatever their weights
        ((0.2, 0.9, 0.4), (9, 1, 1), "highest(2)", 0.65),
        ((0.2, 0.9, 0.4), (1, 1, 0), "lowest(3)", 0.55),  # of all, where there are fewer
    ],
)
def test_means_by_hand(scores: tuple[float, ...], weights: tuple[float, ...], how: str, mean: float) -> None:
    assert combine_numbers(scores, weights, how, 0.05) == pytest.approx(mean, abs=1e-12)


def test_a_mean_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one weight above zero"):
        combine_numbers([0.5], [0.0], "mean", 0.05)


def test_an_unknown_part_is_neither_left_out_nor_taken_as_middling() -> None:
    """Half the weight unknown: from the floor to the full score, not the other half's score."""
    found = combine([point(0.64), UNKNOWN], [1, 1], "mean", 0.05)
    assert (found.lo, found.hi) == pytest.approx((0.32, 0.82))
    found = combine([point(0.64), UNKNOWN], [1, 1], "geometric", 0.05)
    assert (found.lo, found.hi) == pytest.approx((math.sqrt(0.64 * 0.05), 0.8))


def test_a_stale_score_may_be_off_either_way_but_stays_a_score() -> None:
    assert widen(point(0.5), 0.1) == Interval(0.4, 0.6)
    assert widen(Interval(0.05, 0.95), 0.1) == Interval(0.0, 1.0)
    assert widen(point(0.5), 0.0) == point(0.5)


def test_a_risk_rises_by_levels_while_something_else_holds_and_no_further_than_severe() -> None:
    assert raise_by(point(0.3), point(1.0), 1) == point(0.55)
    assert raise_by(point(0.3), point(0.0), 1) == point(0.3)
    assert raise_by(point(0.3), UNKNOWN, 1) == Interval(0.3, 0.55)
    assert raise_by(point(0.9), point(1.0), 2) == point(1.0)


@pytest.mark.parametrize(
    ("score", "level"), [(0.0, 0), (0.2499, 0), (0.25, 1), (0.5, 2), (0.7499, 2), (0.75, 3), (1.0, 3)]
)
def test_a_label_is_a_quarter_of_the_score(score: float, level: int) -> None:
    assert level_of(score) == level


JUDGE = VerdictRules(
    [[1, 1, 1, 1], [3, 2, 2, 1], [4, 3, 3, 2], [4, 4, 3, 2]],
    [VerdictCap(1, 0.25, 2), VerdictCap(2, 0.5, 3)],
    0,
)


@pytest.mark.parametrize(
    ("conditions", "verdict"),
    [
        ([0.9, 0.9, 0.9], 4),
        ([0.9, 0.9, 0.49], 4),  # one short is allowed
        ([0.9, 0.49, 0.49], 3),  # two are not
        ([0.9, 0.9, 0.25], 4),  # on the edge
        ([0.9, 0.9, 0.24], 2),  # one has stopped
    ],
)
def test_caps_count_the_conditions_below_their_level(conditions: list[float], verdict: int) -> None:
    assert JUDGE.verdict(0.9, 0.1, conditions) == verdict
    assert JUDGE.verdict(0.9, 0.1, conditions, killed=True) == 0
