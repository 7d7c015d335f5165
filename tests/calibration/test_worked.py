"""Examples worked out by hand or a second way, and what is unknown rather than a number."""

from __future__ import annotations

import math
from datetime import date
from itertools import pairwise
from statistics import NormalDist, fmean, stdev
from typing import Any

import numpy as np
import pytest

import thesis.calibration as c

pytestmark = pytest.mark.quick

JAN = [date(2026, 1, day) for day in range(1, 32)]


def test_binned_murphy_needs_the_two_terms_from_within_bins() -> None:
    """One bin of .2 (no) and .4 (yes): REL .04, RES 0, UNC .25, WBV .01, WBC 2 x .05 = .1."""
    found = c.murphy([0.2, 0.4], [0, 1], edges=[0.5])
    parts = (found.reliability, found.resolution, found.uncertainty, found.variance, found.covariance)
    assert parts == pytest.approx((0.04, 0.0, 0.25, 0.01, 0.1), abs=1e-12)
    assert found.brier == pytest.approx(0.04 - 0.0 + 0.25 + 0.01 - 0.1, abs=1e-12)


def test_bins_hold_their_upper_edge_and_the_first_holds_nought() -> None:
    rows = c.reliability_table([0.0, 0.3, 0.30001, 1.0], [0, 0, 1, 1], edges=c.even_bins(10))
    assert [(row.low, row.high, row.n) for row in rows] == [
        (0.0, 0.1, 1),
        (0.2, 0.3, 1),
        (0.3, 0.4, 1),
        (0.9, 1.0, 1),
    ]
    assert rows[0].words == "too few: 1 of 10"
    assert c.reliability_table([0.5] * 10, [1] * 10)[0].words == ""
    assert c.reliability_table([0.5] * 10, [1] * 10, least=11)[0].words == "too few: 10 of 11"


def test_overconfident_forecasts_have_z_above_0_and_timid_ones_below() -> None:
    bold, timid = [0.95] * 40, [0.6] * 40
    y = [1] * 32 + [0] * 8
    over, under = c.spiegelhalter_z(bold, y), c.spiegelhalter_z(timid, y)
    assert over.z is not None and over.z > 1.96
    assert over.p_value is not None and over.p_value < 0.05
    assert under.z is not None and under.z < -1.96


@pytest.mark.parametrize(("hits", "n", "level"), [(0, 5, 0.95), (5, 5, 0.95), (3, 7, 0.9), (50, 80, 0.99)])
def test_wilson_ends_are_where_the_score_test_turns(hits: int, n: int, level: float) -> None:
    found = c.wilson(hits=hits, n=n, level=level)
    z = NormalDist().inv_cdf((1 + level) / 2)
    for end in (found.low, found.high):
        assert end is not None and 0 <= end <= 1
        if 0 < end < 1:
            assert abs(hits / n - end) == pytest.approx(z * math.sqrt(end * (1 - end) / n), rel=1e-9)
    assert (found.low == 0.0) == (hits == 0)
    assert (found.high == 1.0) == (hits == n)


def test_log_scores_are_clipped_and_counted() -> None:
    found = c.log_score([0.0, 0.001, 0.01, 0.5, 0.99, 1.0], [1, 1, 1, 1, 1, 1])
    most, least = -math.log(0.01), -math.log(0.99)
    assert found.each == pytest.approx((most, most, most, math.log(2), least, least))
    assert found.clipped == 3
    assert c.log_score([1.0, 0.2], [1, 0], clip=0).each == pytest.approx((0.0, -math.log(0.8)))
    assert c.log_score([1.0, 0.2], [1, 0], clip=0).clipped == 0
    assert c.log_score_multiclass([[0.0, 0.3, 0.7]], [0]).clipped == 1


def test_a_ladder_of_growth() -> None:
    """P(>= 20 %) .9, P(>= 25 %) .6, P(>= 30 %) .2."""
    ladder = [0.9, 0.6, 0.2]
    expected = [
        (0.81 + 0.36 + 0.04) / 3,
        (0.01 + 0.36 + 0.04) / 3,
        (0.01 + 0.16 + 0.04) / 3,
        (0.01 + 0.16 + 0.64) / 3,
    ]
    assert c.ladder_rps([ladder] * 4, [0, 1, 2, 3]).each == pytest.approx(expected)
    assert c.ladder_classes(ladder) == pytest.approx((0.1, 0.3, 0.4, 0.2))


def test_a_near_miss_costs_less_than_a_far_one_only_by_rps() -> None:
    near, far = [0.1, 0.8, 0.1, 0.0, 0.0], [0.0, 0.0, 0.1, 0.1, 0.8]
    by_rps = c.rps([near, far], [0, 0]).each
    assert by_rps[0] < by_rps[1]
    assert c.rps([near], [0]).value == pytest.approx((0.81 + 0.01) / 4)
    assert c.brier_multiclass([near], [0]).value == pytest.approx(0.81 + 0.64 + 0.01)


def test_quantile_score_is_the_mean_over_levels_and_misses_cost_by_side() -> None:
    row, came = [9.0, 10.0, 12.0], 13.0
    each = [c.pinball([x], [came], q=q).value for x, q in zip(row, (0.1, 0.5, 0.9), strict=True)]
    assert each == pytest.approx([0.4, 1.5, 0.9])
    assert c.quantile_score([row], [came]).value == pytest.approx(2.8 / 3)


def test_interval_score_is_the_pinball_of_its_ends() -> None:
    """Gneiting & Raftery 2007: the two tails' pinball losses, times 2 / alpha."""
    for came in (5.0, 10.0, 14.0, 26.0):
        tails = [c.pinball([x], [came], q=q).each[0] for x, q in ((10.0, 0.1), (20.0, 0.9))]
        assert c.interval_score([(10.0, 20.0)], [came]).value == pytest.approx(sum(tails) * 2 / 0.2)


def test_coverage_of_the_80_percent_band() -> None:
    intervals = [(10.0, 20.0)] * 10
    found = c.interval_coverage(intervals, [10, 12, 14, 16, 18, 20, 21, 30, 9, 0], level=0.8)
    assert (found.hits, found.n, found.nominal, found.frequency) == (6, 10, 0.8, 0.6)
    assert (found.low, found.high) == pytest.approx((0.3127, 0.8318), abs=1e-4)
    below = c.quantile_coverage([10.0] * 4, [9.0, 10.0, 10.5, 11.0], q=0.5)
    assert (below.hits, below.frequency) == (2, 0.5)


@pytest.mark.parametrize(("centre", "sd", "came"), [(0.0, 1.0, 1.5), (3.0, 0.5, 1.0), (10.0, 4.0, 10.1)])
def test_crps_is_the_squared_distance_between_distributions(centre: float, sd: float, came: float) -> None:
    cdf = NormalDist(centre, sd).cdf
    low, high, steps = min(came, centre) - 12 * sd, max(came, centre) + 12 * sd, 40_000
    width = (high - low) / steps
    points = [low + (i + 0.5) * width for i in range(steps)]
    integral = sum((cdf(x) - (x >= came)) ** 2 for x in points) * width
    assert c.crps_normal([(centre, sd)], [came]).value == pytest.approx(integral, rel=1e-3)


def test_a_late_correct_update_earns_only_its_days() -> None:
    steady = c.time_weighted_brier([(JAN[0], 0.5)], happened=True, closed=JAN[30])
    late = c.time_weighted_brier([(JAN[0], 0.5), (JAN[27], 1.0)], happened=True, closed=JAN[30])
    early = c.time_weighted_brier([(JAN[0], 0.5), (JAN[3], 1.0)], happened=True, closed=JAN[30])
    assert (steady.value, steady.days) == (0.25, (30,))
    assert late.value == pytest.approx(0.25 * 27 / 30)
    assert early.value == pytest.approx(0.25 * 3 / 30)
    assert (late.days, early.days) == ((27, 3), (3, 27))


def test_the_last_of_a_day_counts() -> None:
    found = c.time_weighted([(JAN[0], 1.0), (JAN[0], 0.5), (JAN[1], 0.0)], closed=JAN[2])
    assert (found.value, found.days) == (0.25, (0, 1, 1))


def test_paired_is_the_t_of_the_differences() -> None:
    ours, theirs = [0.1, 0.3, 0.2, 0.4, 0.05], [0.25, 0.2, 0.3, 0.45, 0.3]
    found = c.paired(ours, theirs)
    apart = [a - b for a, b in zip(ours, theirs, strict=True)]
    assert found.difference == pytest.approx(fmean(apart))
    assert found.error == pytest.approx(stdev(apart) / math.sqrt(5))
    assert found.t == pytest.approx(fmean(apart) / (stdev(apart) / math.sqrt(5)))
    swapped = c.paired(theirs, ours)
    assert (swapped.difference, swapped.t) == pytest.approx((-fmean(apart), -found.t))  # type: ignore[operator]


def test_overlap_widens_the_error_of_the_difference() -> None:
    """Beside the sandwich of a regression on a constant, weighted by Bartlett, in matrices."""
    ours = [1.0, 1.2, 1.1, 0.4, 0.2, 0.3, 0.9, 1.3, 1.2, 0.1]
    apart = np.array(ours) - np.mean(ours)
    n, lag = len(ours), 2
    weights = np.array([[max(0.0, 1 - abs(i - j) / (lag + 1)) for i in range(n)] for j in range(n)])
    variance = float(apart @ weights @ apart) / n**2 * n / (n - 1)
    found = c.paired(ours, [0.0] * n, lag=lag)
    assert found.error == pytest.approx(math.sqrt(variance), rel=1e-12)
    alone = c.paired(ours, [0.0] * n)
    assert found.error is not None and alone.error is not None and found.error > alone.error


def test_tau_b_with_ties() -> None:
    """x 1 1 2 3, y 1 2 2 3: four pairs in order, none against, one tied in each of 6."""
    assert c.kendall_tau([1, 1, 2, 3], [1, 2, 2, 3]).value == pytest.approx(4 / 5)
    # twelve against two, with three pairs tied in x
    found = c.kendall_tau([12, 2, 1, 12, 2], [1, 4, 7, 1, 0]).value
    assert found == pytest.approx(-0.47140452079103173, abs=1e-12)


def test_verdicts_beside_what_followed() -> None:
    found = c.level_means([4, 1, 2, 2, 4], [0.3, -0.5, 0.25, 0.75, 0.1])
    assert [(row.level, row.n) for row in found.rows] == [(1, 1), (2, 2), (4, 2)]
    assert [row.mean for row in found.rows] == pytest.approx([-0.5, 0.5, 0.2])
    assert found.rising is False
    assert c.level_means([1, 2], [0.0, 0.0]).rising is True


def test_weighted_kappa_of_two_graders() -> None:
    """Cells off the diagonal of a 3 x 3 table, by quadratic and by linear distance."""
    table = {(0, 0): 10, (0, 1): 3, (1, 0): 2, (1, 1): 8, (1, 2): 4, (2, 1): 1, (2, 2): 9, (0, 2): 1}
    a = [i for (i, _), count in table.items() for _ in range(count)]
    b = [j for (_, j), count in table.items() for _ in range(count)]
    n, names = len(a), ["low", "middle", "high"]
    for weights, power in (("linear", 1), ("quadratic", 2)):
        seen = sum(abs(i - j) ** power * count for (i, j), count in table.items()) / n
        by_chance = sum(abs(i - j) ** power for i in a for j in b) / n**2
        found = c.weighted_kappa([names[i] for i in a], [names[j] for j in b], levels=names, weights=weights)
        assert found.value == pytest.approx(1 - seen / by_chance)


def test_two_levels_leave_plain_kappa() -> None:
    """Cohen's textbook table 20, 5, 10, 15: observed .7, by chance .5, kappa .4."""
    a = ["yes"] * 25 + ["no"] * 25
    b = ["yes"] * 20 + ["no"] * 5 + ["yes"] * 10 + ["no"] * 15
    for weights in ("linear", "quadratic"):
        found = c.weighted_kappa(a, b, levels=["no", "yes"], weights=weights)
        assert found.value == pytest.approx(0.4, abs=1e-12)


def test_five_dates_of_one_event_count_once() -> None:
    ladder, alone = [("2026Q2", "touch")] * 5, [("2026Q2", driver) for driver in ("aws", "ads", "capex")]
    assert c.effective_n(ladder) == 1
    assert c.effective_n(ladder + alone) == 4
    assert c.effective_n([]) == 0
    once = c.cluster_means([0.4] * 5 + [0.0, 0.2, 0.2], ladder + alone)
    assert once.n == 4
    assert once.value == pytest.approx(0.2)


def test_kish_effective_size() -> None:
    even = ["a"] * 4 + ["b"] * 4
    assert c.design_effect(even, icc=1).value == 4.0
    assert c.design_effect(even, icc=0).value == 1.0
    # unequal clusters: n over it is (sum m)^2 / sum m^2, below the number of clusters
    deff = c.design_effect(["a"] * 5 + ["b"], icc=1).value
    assert deff is not None and 6 / deff == pytest.approx(36 / 26)


def test_forty_are_enough_and_one_less_is_not() -> None:
    assert c.enough(40) == (True, "")
    assert c.enough(39) == (False, "too few: 39 of 40")
    assert c.enough(9, least=10).words == "too few: 9 of 10"


@pytest.mark.parametrize(
    "found",
    [
        c.brier([], []),
        c.brier_sum([], []),
        c.log_score([], []),
        c.brier_multiclass([], []),
        c.log_score_multiclass([], []),
        c.rps([], []),
        c.ladder_rps([], []),
        c.pinball([], [], q=0.5),
        c.quantile_score([], []),
        c.interval_score([], []),
        c.crps_normal([], []),
        c.ece([], []),
        c.cluster_means([], []),
        c.time_weighted([], closed=JAN[0]),
        c.time_weighted_brier([], happened=True, closed=JAN[0]),
        c.design_effect([], icc=0.5),
    ],
)
def test_without_forecasts_a_score_is_unknown(found: c.Score | c.Figure | c.TimeWeighted) -> None:
    assert found.value is None
    assert found.reason == "no forecasts"


def test_what_cannot_be_said_is_unknown_with_its_reason() -> None:
    unknown: list[tuple[Any, str]] = [
        (c.murphy([], []), "no forecasts"),
        (c.wilson(hits=0, n=0), "nothing was counted"),
        (c.interval_coverage([], []), "no forecasts"),
        (c.spiegelhalter_z([], []), "no forecasts"),
        (c.spiegelhalter_z([0.5, 1.0, 0.0], [1, 1, 0]), "every forecast is 0, 0.5 or 1"),
        (c.skill(score=0.1, reference=0.0), "the reference made no error"),
        (c.skill(score=1.0, reference=5e-324), "the reference made next to no error"),
        (c.skill(score=None, reference=0.2), "we scored nothing"),
        (c.skill(score=0.2, reference=None), "the reference scored nothing"),
        (c.paired([], []), "no pairs of scores"),
        (c.paired([0.1], [0.2]), "1 pairs: more than 1 are needed"),
        (c.paired([0.1, 0.2, 0.3], [0.2, 0.2, 0.2], lag=2), "3 pairs: more than 3 are needed"),
        (c.paired([0.1, 0.2, 0.3], [0.2, 0.3, 0.4]), "every difference is the same"),
        (c.kendall_tau([], []), "an order takes two or more, here 0"),
        (c.kendall_tau([1, 1, 1], [1, 2, 3]), "all x are the same"),
        (c.kendall_tau([1, 2, 3], [4, 4, 4]), "all y are the same"),
        (c.level_means([], []), "an order takes two or more levels, here 0"),
        (c.level_means([3, 3], [0.1, 0.2]), "an order takes two or more levels, here 1"),
        (c.weighted_kappa([], [], levels=[1, 2]), "no grades"),
        (c.weighted_kappa([1, 1], [1, 1], levels=[1, 2]), "both gave 1 throughout"),
    ]
    for found, reason in unknown:
        assert found.reason.startswith(reason)
        assert None in found
        assert not any(isinstance(x, float) and not math.isfinite(x) for x in found)


def test_one_class_alone_tests_no_resolution() -> None:
    found = c.murphy([0.8, 0.9], [1, 1])
    assert (found.resolution, found.uncertainty) == (0.0, 0.0)
    assert found.brier == pytest.approx(found.reliability)
    assert c.skill(score=found.brier, reference=found.uncertainty).value is None


def test_even_bins_are_the_decimals_one_writes() -> None:
    assert c.even_bins(10) == (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
    assert c.even_bins(1) == ()
    assert all(a < b for a, b in pairwise(c.even_bins(1000)))
