"""Intervals: arithmetic on what is not exactly known."""

from __future__ import annotations

import math

import pytest

from thesis.core.interval import (
    EVERYTHING,
    NO,
    UNKNOWN,
    YES,
    Interval,
    at_least,
    below,
    choice,
    equal,
    growth,
    hull,
    kth_largest,
    magnitude,
    point,
)

pytestmark = pytest.mark.quick

FLOOR = Interval(5.0, math.inf)
CEILING = Interval(-math.inf, 5.0)


def test_points_stay_points_through_arithmetic() -> None:
    """A known number has one end, so that nothing is worked out twice and nothing widens by rounding."""
    total = (point(0.1) + point(0.2)) * point(3.0) / point(7.0) - point(1.0)
    assert total.is_point
    assert total.lo is total.hi
    assert total.lo == (0.1 + 0.2) * 3.0 / 7.0 - 1.0


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (Interval(1, 2) + Interval(10, 20), Interval(11, 22)),
        (Interval(1, 2) - Interval(10, 20), Interval(-19, -8)),
        (-Interval(1, 2), Interval(-2, -1)),
        (Interval(-1, 2) * Interval(-3, 4), Interval(-6, 8)),
        (Interval(1, 2) / Interval(4, 5), Interval(0.2, 0.5)),
        (Interval(1, 2) / Interval(-1, 1), EVERYTHING),
        (point(1.0) / point(0.0), EVERYTHING),
        (FLOOR + point(1.0), Interval(6, math.inf)),
        (point(1.0) / FLOOR, Interval(0, 0.2)),
        (FLOOR - FLOOR, EVERYTHING),
        (CEILING + FLOOR, EVERYTHING),
        (point(0.0) * EVERYTHING, EVERYTHING),
        (EVERYTHING - EVERYTHING, EVERYTHING),
        (growth(point(110.0), point(100.0)), point(110.0 / 100.0 - 1)),
        (growth(point(110.0), point(-100.0)), EVERYTHING),
        (growth(point(110.0), Interval(0, 100)), EVERYTHING),
        (growth(Interval(90, 110), point(100.0)), Interval(90 / 100 - 1, 110 / 100 - 1)),
        (magnitude(Interval(-3, 2)), Interval(0, 3)),
        (hull(point(1.0), point(3.0)), Interval(1, 3)),
        (hull(point(1.0), EVERYTHING), EVERYTHING),
    ],
)
def test_a_result_holds_what_its_inputs_allow_and_nothing_that_is_no_number(
    found: Interval, expected: Interval
) -> None:
    assert (found.lo, found.hi) == pytest.approx((expected.lo, expected.hi), rel=1e-15)


@pytest.mark.parametrize(
    ("a", "b", "reaches"),
    [
        (point(110 / 100 - 1), point(0.10), YES),
        (point(0.1 + 0.2), point(0.3), YES),
        (point(0.3), point(0.1 + 0.2), YES),
        (point(1 - 1e-9), point(1.0), NO),
        (point(-1.0), point(-1.0 - 1e-15), YES),
        (Interval(1, 2), point(1.0), YES),
        (Interval(1, 2), point(1.5), UNKNOWN),
        (Interval(1, 2), point(2.0), UNKNOWN),
        (Interval(1, 2), point(2.5), NO),
        (FLOOR, point(5.0), YES),
        (CEILING, point(5.0), UNKNOWN),
        (CEILING, point(6.0), NO),
        (EVERYTHING, point(0.0), UNKNOWN),
        (EVERYTHING, EVERYTHING, UNKNOWN),
    ],
)
def test_reaching_is_certain_only_if_the_worst_reaches_the_best(
    a: Interval, b: Interval, reaches: Interval
) -> None:
    assert at_least(a, b) == reaches
    assert below(a, b) == {YES: NO, NO: YES, UNKNOWN: UNKNOWN}[reaches]


def test_equality_is_certain_only_between_known_numbers() -> None:
    assert equal(point(1.0), point(1.0)) == YES
    assert equal(Interval(1, 2), Interval(1, 2)) == UNKNOWN
    assert equal(Interval(1, 2), Interval(3, 4)) == NO


def test_an_open_condition_leaves_both_branches_possible() -> None:
    assert choice(YES, point(1.0), point(3.0)) == point(1.0)
    assert choice(NO, point(1.0), point(3.0)) == point(3.0)
    assert choice(UNKNOWN, point(1.0), point(3.0)) == Interval(1, 3)


@pytest.mark.parametrize("k", [0, 4])
def test_there_is_no_fourth_of_three(k: int) -> None:
    with pytest.raises(ValueError, match=f"the {k}-th largest of 3"):
        kth_largest([YES, NO, UNKNOWN], k)


@pytest.mark.parametrize(
    ("value", "text"),
    [(point(0.1 + 0.2), "0.3"), (Interval(1, 2.5), "1..2.5"), (EVERYTHING, "anything"), (FLOOR, "5..inf")],
)
def test_an_interval_reads_as_people_write_it(value: Interval, text: str) -> None:
    assert repr(value) == text


def test_the_middle_of_a_floor_is_the_floor() -> None:
    """What has no other end stands at the end it has, for charts and one-at-a-time questions."""
    assert (FLOOR.middle, CEILING.middle, Interval(1, 2).middle, point(3.0).middle) == (5.0, 5.0, 1.5, 3.0)
    assert (FLOOR.width, point(3.0).width, Interval(1, 2).width) == (math.inf, 0.0, 1.0)


def test_equal_intervals_are_one_key() -> None:
    assert len({Interval(1.0, 2.0), Interval(1.0, 2.0), point(1.0)}) == 2
    assert point(1.0) != 1.0
