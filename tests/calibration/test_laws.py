"""Laws that hold for every input: what a reader may rely on without working an example."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import thesis.calibration as c

CHANCE = st.one_of(st.sampled_from([0.0, 0.05, 0.1, 0.5, 0.9, 1.0]), st.floats(0, 1, allow_subnormal=False))
FORECAST = st.tuples(CHANCE, st.integers(0, 1))
FORECASTS = st.lists(FORECAST, min_size=1, max_size=60)
NUMBER = st.floats(-1e3, 1e3, allow_subnormal=False)
GRID = [i / 100 for i in range(1, 100)]
INSIDE = st.sampled_from(GRID)
EDGES = st.lists(st.sampled_from([i / 20 for i in range(1, 20)]), unique=True, max_size=8).map(sorted)


def split(forecasts: list[tuple[float, int]]) -> tuple[list[float], list[int]]:
    return [p for p, _ in forecasts], [y for _, y in forecasts]


def known(value: float | None) -> float:
    assert value is not None
    return value


@st.composite
def distributions(draw: st.DrawFn) -> list[float]:
    parts = draw(st.lists(st.integers(0, 20), min_size=2, max_size=6).filter(any))
    return [part / sum(parts) for part in parts]


@given(FORECASTS)
def test_scores_stay_on_their_scales(forecasts: list[tuple[float, int]]) -> None:
    p, y = split(forecasts)
    assert 0 <= known(c.brier(p, y).value) <= 1
    assert c.brier_sum(p, y).value == pytest.approx(2 * known(c.brier(p, y).value), abs=1e-12)
    assert -math.log(0.99) <= known(c.log_score(p, y).value) <= -math.log(0.01)
    assert 0 <= known(c.ece(p, y).value) <= 1


@given(st.lists(st.integers(0, 1), min_size=1))
def test_foresight_scores_nothing(y: list[int]) -> None:
    p = [float(o) for o in y]
    assert c.brier(p, y).value == 0
    assert c.log_score(p, y, clip=0).value == 0
    assert c.ece(p, y).value == 0
    assert c.rps([[1 - f, f] for f in p], y).value == 0


@given(INSIDE)
def test_nothing_beats_saying_what_one_believes(q: float) -> None:
    """Strictly proper: over the grid the expected score is least at p = q alone."""
    rules = (c.brier, c.brier_sum, c.log_score)
    for rule in rules:
        expected = {p: q * known(rule([p], [1]).value) + (1 - q) * known(rule([p], [0]).value) for p in GRID}
        best = min(expected, key=expected.__getitem__)
        assert best == q
        assert sum(value <= expected[best] + 1e-12 for value in expected.values()) == 1


@given(distributions(), st.data())
def test_nothing_beats_saying_what_one_believes_of_classes(q: list[float], data: st.DataObject) -> None:
    other = data.draw(distributions().filter(lambda p: len(p) == len(q) and p != pytest.approx(q, abs=1e-6)))
    for rule in (c.brier_multiclass, c.rps):
        honest, told = (
            math.fsum(chance * known(rule([p], [k]).value) for k, chance in enumerate(q)) for p in (q, other)
        )
        assert honest < told


@given(st.lists(NUMBER, min_size=2, max_size=20), st.sampled_from([0.1, 0.25, 0.5, 0.9]), NUMBER)
def test_no_figure_has_less_pinball_loss_than_the_quantile(sample: list[float], q: float, x: float) -> None:
    quantile = sorted(sample)[math.ceil(q * len(sample)) - 1]
    losses = [known(c.pinball([f] * len(sample), sample, q=q).value) for f in (quantile, x)]
    assert losses[0] <= losses[1] + 1e-9


@given(FORECASTS)
def test_murphy_adds_up_by_distinct_forecasts(forecasts: list[tuple[float, int]]) -> None:
    p, y = split(forecasts)
    m = c.murphy(p, y)
    assert known(m.brier) == known(c.brier(p, y).value)
    total = known(m.reliability) - known(m.resolution) + known(m.uncertainty)
    assert total == pytest.approx(known(m.brier), abs=1e-12)
    assert (m.variance, m.covariance) == (0.0, 0.0)


@given(FORECASTS, EDGES)
def test_murphy_adds_up_by_any_bins(forecasts: list[tuple[float, int]], edges: list[float]) -> None:
    p, y = split(forecasts)
    m = c.murphy(p, y, edges=edges)
    within = known(m.variance) - known(m.covariance)
    total = known(m.reliability) - known(m.resolution) + known(m.uncertainty) + within
    assert total == pytest.approx(known(m.brier), abs=1e-12)
    assert known(m.brier) == known(c.brier(p, y).value)
    rows = c.reliability_table(p, y, edges=edges)
    assert sum(row.n for row in rows) == len(p)
    assert sum(row.hits for row in rows) == sum(y)
    assert all(row.low <= row.forecast <= row.high for row in rows)
    assert all(row.wilson_low <= row.frequency <= row.wilson_high for row in rows)


@given(FORECASTS, st.randoms(use_true_random=False))
def test_order_does_not_matter(forecasts: list[tuple[float, int]], dice: random.Random) -> None:
    mixed = list(forecasts)
    dice.shuffle(mixed)
    for rule in (c.brier, c.log_score):
        assert rule(*split(mixed)).value == rule(*split(forecasts)).value
    assert c.murphy(*split(mixed)) == c.murphy(*split(forecasts))
    assert c.spiegelhalter_z(*split(mixed)) == c.spiegelhalter_z(*split(forecasts))
    assert c.ece(*split(mixed), edges=[0.5]) == c.ece(*split(forecasts), edges=[0.5])


@given(FORECASTS)
def test_the_same_again_leaves_means_as_they_are(forecasts: list[tuple[float, int]]) -> None:
    once, twice = split(forecasts), split(forecasts * 2)
    for rule in (c.brier, c.log_score):
        assert rule(*twice).value == pytest.approx(rule(*once).value, abs=1e-12)
    assert c.murphy(*twice)[:6] == pytest.approx(c.murphy(*once)[:6], abs=1e-12)
    assert c.ece(*twice).value == pytest.approx(c.ece(*once).value, abs=1e-12)
    z, of_both = c.spiegelhalter_z(*once).z, c.spiegelhalter_z(*twice).z
    assert (z is None) == (of_both is None)
    if z is not None and of_both is not None:  # evidence does grow
        assert of_both == pytest.approx(z * math.sqrt(2), rel=1e-9, abs=1e-9)


@given(FORECASTS)
def test_of_two_classes_rps_is_brier_and_the_sum_form_twice_that(forecasts: list[tuple[float, int]]) -> None:
    p, y = split(forecasts)
    vectors = [[1 - f, f] for f in p]
    assert c.rps(vectors, y).value == pytest.approx(c.brier(p, y).value, abs=1e-12)
    assert c.brier_multiclass(vectors, y).value == pytest.approx(c.brier_sum(p, y).value, abs=1e-12)
    assert c.ladder_rps([[f] for f in p], y).value == pytest.approx(c.brier(p, y).value, abs=1e-12)
    assert c.log_score_multiclass(vectors, y).value == pytest.approx(c.log_score(p, y).value, abs=1e-9)


@given(st.lists(CHANCE, min_size=1, max_size=6), st.data())
def test_a_ladder_is_the_rps_of_its_classes(chances: list[float], data: st.DataObject) -> None:
    ladder = sorted(chances, reverse=True)
    reached = data.draw(st.integers(0, len(ladder)))
    classes = c.ladder_classes(ladder)
    assert math.fsum(classes) == pytest.approx(1)
    assert c.ladder_rps([ladder], [reached]).value == pytest.approx(
        c.rps([classes], [reached]).value, abs=1e-9
    )


@given(st.lists(st.tuples(FORECAST, st.floats(0, 1)), min_size=1, max_size=40))
def test_brier_and_log_agree_where_one_is_nearer_throughout(
    drawn: list[tuple[tuple[float, int], float]],
) -> None:
    y = [o for (_, o), _ in drawn]
    worse = [p for (p, _), _ in drawn]
    better = [p + share * (o - p) for (p, o), share in drawn]
    for rule in (c.brier, c.log_score):
        assert known(rule(better, y).value) <= known(rule(worse, y).value) + 1e-12


@given(FORECASTS)
def test_no_skill_over_oneself(forecasts: list[tuple[float, int]]) -> None:
    score = c.brier(*split(forecasts))
    found = c.skill(score=score.value, reference=score.value)
    assert found.value == (0 if score.value else None)
    against = c.paired(score.each, score.each)
    assert against.difference == 0
    assert against.t is None


@given(st.lists(st.integers(0, 1), min_size=2, max_size=40), CHANCE)
def test_one_probability_for_all_never_beats_the_base_rate_in_hindsight(y: list[int], p: float) -> None:
    """Climatology of the very outcomes scored is a harsh reference: even the true chance loses to it."""
    assume(0 < sum(y) < len(y))
    constant = [p] * len(y)
    found = c.skill(score=c.brier(constant, y).value, reference=c.murphy(constant, y).uncertainty)
    assert known(found.value) <= 1e-9


@given(st.integers(0, 200), st.integers(1, 200), st.sampled_from([0.8, 0.95, 0.99]))
def test_wilson_holds_the_frequency_and_mirrors(hits: int, n: int, level: float) -> None:
    assume(hits <= n)
    found, mirrored = c.wilson(hits=hits, n=n, level=level), c.wilson(hits=n - hits, n=n, level=level)
    low, high = known(found.low), known(found.high)
    assert 0 <= low <= hits / n <= high <= 1
    assert (low, high) == pytest.approx((1 - known(mirrored.high), 1 - known(mirrored.low)), abs=1e-12)
    more = c.wilson(hits=4 * hits, n=4 * n, level=level)
    assert known(more.high) - known(more.low) < high - low


@given(st.lists(NUMBER, min_size=3, max_size=12), NUMBER, st.floats(0.1, 10), st.floats(0.1, 10))
def test_numeric_scores_move_with_the_unit_and_not_with_the_origin(
    figures: list[float], shift: float, scale: float, sd: float
) -> None:
    low, centre, high = sorted(figures[:3])
    came = figures[-1]

    def scores(a: float, b: float) -> list[float]:
        lo, mid, hi, y = (a + b * x for x in (low, centre, high, came))
        return [
            known(c.quantile_score([[lo, mid, hi]], [y]).value),
            known(c.interval_score([(lo, hi)], [y]).value),
            known(c.crps_normal([(mid, b * sd)], [y]).value),
        ]

    plain = scores(0, 1)
    assert all(score >= 0 for score in plain)
    assert scores(shift, scale) == pytest.approx([scale * score for score in plain], rel=1e-9, abs=1e-6)


@given(NUMBER, NUMBER)
def test_a_normal_of_no_spread_is_a_point(centre: float, came: float) -> None:
    assert c.crps_normal([(centre, 0.0)], [came]).value == abs(came - centre)
    assert c.crps_normal([(centre, 1e-9)], [came]).value == pytest.approx(abs(came - centre), abs=1e-8)


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(-5, 5)), min_size=2, max_size=15))
def test_tau_sees_order_alone(pairs: list[tuple[int, int]]) -> None:
    x, y = [a for a, _ in pairs], [b for _, b in pairs]
    tau = c.kendall_tau(x, y).value
    if tau is None:
        assert len(set(x)) == 1 or len(set(y)) == 1
        return
    assert -1 - 1e-12 <= tau <= 1 + 1e-12
    assert c.kendall_tau(y, x).value == pytest.approx(tau)
    assert c.kendall_tau([a**3 for a in x], [math.exp(b) for b in y]).value == pytest.approx(tau)
    assert c.kendall_tau(x, [-b for b in y]).value == pytest.approx(-tau)
    assert c.kendall_tau(x, x).value == pytest.approx(1)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=30))
def test_kappa_is_the_same_whoever_grades_first(pairs: list[tuple[int, int]]) -> None:
    a, b = [i for i, _ in pairs], [j for _, j in pairs]
    for weights in ("linear", "quadratic"):
        found = c.weighted_kappa(a, b, levels=range(4), weights=weights)
        assert c.weighted_kappa(b, a, levels=range(4), weights=weights).value == found.value
        backwards = c.weighted_kappa(a, b, levels=range(3, -1, -1), weights=weights)
        assert backwards.value == pytest.approx(found.value)
        assert found.value is None or found.value <= 1
    alike = c.weighted_kappa(a, a, levels=range(4)).value
    assert alike == (1 if len(set(a)) > 1 else None)


@given(st.lists(st.tuples(st.integers(0, 5), st.floats(0, 1)), min_size=1, max_size=30), st.floats(0, 1))
def test_clusters_never_count_for_more_than_their_members(
    members: list[tuple[int, float]], icc: float
) -> None:
    clusters, scores = [k for k, _ in members], [s for _, s in members]
    n, many = len(members), c.effective_n(clusters)
    assert 1 <= many <= n
    assert c.effective_n([*clusters, clusters[0]]) == many
    assert c.cluster_means(scores, clusters).n == many
    deff = known(c.design_effect(clusters, icc=icc).value)
    assert deff >= 1 - 1e-12
    assert n / known(c.design_effect(clusters, icc=1).value) <= many + 1e-9
    alone = c.cluster_means(scores, range(n)).value
    assert alone == pytest.approx(math.fsum(scores) / n)


@given(st.lists(NUMBER, min_size=4, max_size=25), st.integers(0, 6))
def test_the_error_of_a_difference_is_a_number_whatever_the_lag(ours: list[float], lag: int) -> None:
    found = c.paired(ours, [0.0] * len(ours), lag=lag)
    assert (found.t is None) == bool(found.reason)
    if found.error is not None:
        assert found.error > 0
        assert math.isfinite(known(found.t))
