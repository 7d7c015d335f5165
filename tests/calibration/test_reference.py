"""Published numbers, and a fixture small enough to be worked out by hand."""

from __future__ import annotations

import math

import pytest

from thesis.calibration import (
    brier,
    brier_multiclass,
    brier_sum,
    crps_normal,
    ece,
    enough,
    even_bins,
    interval_score,
    log_score,
    murphy,
    reliability_table,
    rps,
    skill,
    spiegelhalter_z,
    wilson,
)

# ten forecasts each of 10, 50 and 90 %, of which 1, 6 and 8 came true
P = [0.1] * 10 + [0.5] * 10 + [0.9] * 10
Y = [1] + [0] * 9 + [1] * 6 + [0] * 4 + [1] * 8 + [0] * 2


@pytest.mark.parametrize(
    ("p", "y", "expected"), [(1.0, 1, 0.0), (0.7, 1, 0.09), (0.3, 1, 0.49), (0.5, 1, 0.25), (1.0, 0, 1.0)]
)
def test_brier_of_rain(p: float, y: int, expected: float) -> None:
    assert brier([p], [y]).value == pytest.approx(expected, abs=1e-12)
    assert brier_sum([p], [y]).value == pytest.approx(2 * expected, abs=1e-12)
    assert brier_multiclass([[p, 1 - p]], [1 - y]).value == pytest.approx(2 * expected, abs=1e-12)


def test_scikit_learn_brier_score_loss() -> None:
    assert brier([0.1, 0.9, 0.8, 0.3], [0, 1, 1, 0]).value == pytest.approx(0.0375, abs=1e-12)


def test_scikit_learn_log_loss() -> None:
    found = log_score([0.1, 0.9, 0.8, 0.35], [0, 1, 1, 0])
    assert found.value == pytest.approx(0.21616187468057912, abs=1e-12)
    assert found.clipped == 0


def test_scikit_learn_calibration_curve() -> None:
    y = [0, 0, 0, 0, 1, 1, 1, 1, 1]
    p = [0.1, 0.2, 0.3, 0.4, 0.65, 0.7, 0.8, 0.9, 1.0]
    rows = reliability_table(p, y, edges=even_bins(3))
    assert [row.forecast for row in rows] == pytest.approx([0.2, 0.525, 0.85], abs=1e-12)
    assert [row.frequency for row in rows] == [0.0, 0.5, 1.0]
    assert [row.n for row in rows] == [3, 2, 4]
    assert ece(p, y, edges=even_bins(3)).value == pytest.approx((3 * 0.2 + 2 * 0.025 + 4 * 0.15) / 9)


@pytest.mark.parametrize(("p", "printed"), [(0.264, "1.0834"), (0.677, "0.2087"), (0.5, "0.5000")])
def test_tournament_scores_are_on_the_scale_to_two(p: float, printed: str) -> None:
    """The steady probability behind published scores: the page's worst, its example, and always one half."""
    assert f"{brier_sum([p], [1]).value:.4f}" == printed
    assert f"{2 * brier([p], [1]).each[0]:.4f}" == printed


def test_a_mean_of_30_on_the_scale_to_two_beats_always_one_half_by_two_fifths() -> None:
    always = brier_sum([0.5] * 10, [1, 0] * 5)
    assert always.value == 0.5
    assert skill(score=0.30, reference=always.value).value == pytest.approx(0.4, abs=1e-12)


def test_price_targets_of_which_38_percent_were_met() -> None:
    """Who takes every target as met scores .62, the base rate .2356, and the 15 points of bias show."""
    met = [1] * 38 + [0] * 62
    believed, base = brier([1.0] * 100, met), brier([0.38] * 100, met)
    assert believed.value == pytest.approx(0.62, abs=1e-12)
    assert base.value == pytest.approx(0.2356, abs=1e-12)
    assert skill(score=believed.value, reference=base.value).value == pytest.approx(1 - 0.62 / 0.2356)
    hedged = murphy([0.53] * 100, met)
    assert hedged.reliability == pytest.approx(0.15**2, abs=1e-12)


def test_the_exact_fixture() -> None:
    parts = murphy(P, Y)
    assert parts.brier == pytest.approx(0.17, abs=1e-12)
    assert parts.reliability == pytest.approx(0.2 / 30, abs=1e-12)
    assert parts.resolution == pytest.approx(2.6 / 30, abs=1e-12)
    assert parts.uncertainty == 0.25
    assert (parts.variance, parts.covariance) == (0.0, 0.0)
    assert brier(P, Y).value == pytest.approx(0.17, abs=1e-12)
    assert skill(score=parts.brier, reference=parts.uncertainty).value == pytest.approx(0.32, abs=1e-12)
    assert f"{log_score(P, Y).value:.4f}" == "0.5210"
    test = spiegelhalter_z(P, Y)
    assert f"{test.z:.4f}" == "0.7454"
    assert test.p_value == pytest.approx(0.456057, abs=1e-6)
    assert enough(len(P)).words == "too few: 30 of 40"


def test_the_exact_fixture_as_a_table() -> None:
    rows = reliability_table(P, Y)
    assert [(row.low, row.high, row.n, row.hits, row.forecast, row.frequency, row.words) for row in rows] == [
        (0.1, 0.1, 10, 1, 0.1, 0.1, ""),
        (0.5, 0.5, 10, 6, 0.5, 0.6, ""),
        (0.9, 0.9, 10, 8, 0.9, 0.8, ""),
    ]
    assert (rows[1].wilson_low, rows[1].wilson_high) == pytest.approx((0.3127, 0.8318), abs=1e-4)
    assert ece(P, Y).value == pytest.approx(0.2 / 3, abs=1e-12)


def test_rps_of_three_classes() -> None:
    middle, low, high = rps([[0.25, 0.5, 0.25]] * 3, [1, 0, 2]).each
    assert (middle, low, high) == (0.0625, 0.3125, 0.3125)


def test_crps_of_the_standard_normal_at_its_centre() -> None:
    found = crps_normal([(0.0, 1.0)], [0.0]).value
    assert found == pytest.approx((math.sqrt(2) - 1) / math.sqrt(math.pi), abs=1e-12)
    assert f"{found:.4f}" == "0.2337"


def test_interval_score_of_a_miss() -> None:
    assert interval_score([(10.0, 20.0)], [25.0], level=0.8).value == pytest.approx(60.0, abs=1e-9)


def test_wilson_of_few() -> None:
    of_20, of_10 = wilson(hits=14, n=20), wilson(hits=6, n=10)
    assert (f"{of_20.low:.2f}", f"{of_20.high:.2f}") == ("0.48", "0.85")
    assert of_20.low is not None and of_20.high is not None
    assert of_10.low is not None and of_10.high is not None
    assert (of_20.high - of_20.low) / 2 == pytest.approx(0.19, abs=0.005)
    assert (of_10.high - of_10.low) / 2 == pytest.approx(0.26, abs=0.005)
