"""Chances by drawing: the method's table, its laws, and answers that one can work out by hand."""

from __future__ import annotations

import math
import os
import random
import subprocess
import sys
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tiers import examples
from thesis.appraisal.simulation.distributions import UnfitDistribution, distributions_of
from thesis.appraisal.simulation.engine import PAIRS, Engine, copula, dates, generator
from thesis.appraisal.simulation.monte_carlo import Simulation, bridge_touch_chance, simulate
from thesis.appraisal.simulation.sampling_digits import to_digits
from thesis.core.record import replace_fields
from thesis.pack.assumptions import CASH_FLOW, MULTIPLE, Assumption, central_values
from thesis.pack.correlations import NotPositiveDefinite
from thesis.pack.schema.valuation import AssumptionRange, Correlation
from thesis.pricing.model import ModelState, ModelToday, StakeValue, model_outcome
from thesis.valuation import normal_cdf, normal_quantile, p_end, p_lognormal, p_touch, p_touch_given_end

TARGET, HORIZON, SEED = 4e12, 4.5, 20261122
YEARS = (1.5, 2.5, 3.5, 4.5, 5.5)

# The method's figures of mid-2026: sales and margins of four quarters, net debt, stakes after tax.
TODAY = ModelToday(
    price=254.80,
    shares=10_786_313_572,
    segments=(
        ModelState("aws", 148.404e9, 54.681 / 148.404),
        ModelState("ads", 76.072e9, 0.35),
        ModelState("retail", 551.204e9, (93.712 - 54.681 - 0.35 * 76.072) / 551.204),
    ),
    holdings=(StakeValue("net-debt", -5.906e9), StakeValue("stakes", 176.8e9)),
)


def believed(name: str, middle: float, sd: float | None = None, **how: Any) -> Assumption:
    """A driver that is normal, unless said otherwise, or fixed without an sd."""
    kind = {"distribution": "normal" if sd is not None else "fixed", "sd": "" if sd is None else repr(sd)}
    driver = AssumptionRange(central=repr(middle), low="0", high="0", source="judgement", **{**kind, **how})
    return Assumption(name, name, 0.0, middle, 0.0, "number", driver)


def by_name(*listed: Assumption) -> dict[str, Assumption]:
    return {each.name: each for each in listed}


BELIEFS = by_name(
    believed("aws.growth", 0.18, 0.06),
    believed("aws.margin", 0.35, 0.035),
    believed("ads.growth", 0.14, 0.045),
    believed("ads.margin", 0.35, 0.05),
    believed("retail.growth", 0.08, 0.02),
    believed("retail.margin", 0.025, 0.01),
    believed(MULTIPLE, 20.0, 0.25, distribution="lognormal"),
    believed(CASH_FLOW, 49.5e9),
    believed("stakes", 176.8e9, 0.3, distribution="lognormal", centre="mean", sd_of="year"),
)
CORRELATIONS = tuple(
    Correlation(pair.split(), rho)
    for pair, rho in (
        ("aws.growth aws.margin", 0.3), ("aws.growth multiple", 0.5), ("aws.margin multiple", 0.3),
        ("ads.growth retail.growth", 0.5), ("retail.growth retail.margin", 0.4),
        ("ads.growth ads.margin", 0.3), ("retail.margin multiple", 0.2), ("aws.growth ads.growth", 0.2),
    )
)  # fmt: skip


def drawn(
    beliefs: Mapping[str, Assumption] = BELIEFS, today: ModelToday = TODAY, **options: Any
) -> Simulation:
    """A simulation of the method's figures, small unless asked for more."""
    chosen = {
        "target": TARGET, "years": YEARS, "horizon": HORIZON, "draws": 20_000, "seed": SEED,
        "volatility": 0.3, "study": 0, "correlations": CORRELATIONS, **options,
    }  # fmt: skip
    return simulate(today, beliefs, **chosen)


@pytest.fixture(scope="module")
def reference() -> Simulation:
    return drawn(draws=400_000, study=65_536)


# the method's table ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("i", "end", "touch", "low", "middle", "high"),
    [
        (0, 0.069, 0.112, 2.31, 3.08, 4.12),
        (1, 0.221, 0.333, 2.22, 3.31, 4.96),
        (2, 0.348, 0.501, 2.15, 3.55, 5.90),
        (3, 0.438, 0.612, 2.08, 3.78, 6.95),
        (4, 0.587, 0.745, 2.29, 4.36, 8.45),
    ],
)
def test_the_methods_table_comes_out(
    reference: Simulation, i: int, end: float, touch: float, low: float, middle: float, high: float
) -> None:
    """To its printed digits and three standard errors, of which the table has one of its own."""
    at, digit = reference.dates[i], 0.0005
    assert at.years == YEARS[i]
    own = math.sqrt(end * (1 - end) / 400_000)
    assert abs(at.p_end - end) < digit + 3 * math.hypot(at.p_end_error, own)
    assert abs(at.p_touch - touch) < digit + 3 * math.hypot(at.p_touch_error, own)
    for found, printed, wide in zip(at.percentiles[::2], (low, middle, high), (2.1, 1.26, 2.1), strict=True):
        assert found is not None
        error = found * at.log_sd * wide / math.sqrt(400_000)  # of a percentile of a lognormal
        assert abs(found - printed * 1e12) < 0.005e12 + 4 * error


def test_half_of_the_variance_is_the_multiple(reference: Simulation) -> None:
    found = {share.driver: share for share in reference.shares}
    assert found[MULTIPLE].share == pytest.approx(0.5, abs=0.03)
    assert max(found, key=lambda name: found[name].share or 0.0) == MULTIPLE
    assert 0.97 < sum(share.share or 0.0 for share in reference.shares) <= 1.0


# against what can be worked out --------------------------------------------------------------------


def alone(sd: float = 0.25, **how: Any) -> tuple[dict[str, Assumption], ModelToday]:
    """A company that is worth its multiple, the only thing that is unsure."""
    beliefs = by_name(
        believed("all.growth", 0.0),
        believed("all.margin", 1.0),
        believed(MULTIPLE, 20.0, sd, **{"distribution": "lognormal", **how}),
    )
    return beliefs, ModelToday(20.0, 1.0, (ModelState("all", 1.0, 1.0),), ())


@pytest.mark.parametrize("target", [15.0, 20.0, 25.0, 30.0])
def test_one_lognormal_driver_is_the_closed_form(target: float) -> None:
    beliefs, today = alone()
    found = drawn(beliefs, today, target=target, years=(4.5,), draws=200_000, correlations=()).dates[0]
    exact = p_lognormal(median=20.0, log_sd=0.25, threshold=target)
    assert abs(found.p_end - exact) < 4 * math.sqrt(exact * (1 - exact) / 200_000)
    assert found.log_sd == pytest.approx(0.25, rel=0.01)
    for value, level in zip(found.percentiles, (0.05, 0.25, 0.5, 0.75, 0.95), strict=True):
        assert value == pytest.approx(20.0 * math.exp(0.25 * normal_quantile(level)), rel=0.005)
    assert found.mean == pytest.approx(20.0 * math.exp(0.25**2 / 2), rel=0.005)


def test_a_lognormal_mean_is_the_mean() -> None:
    beliefs, today = alone(sd=0.4, centre="mean")
    found = drawn(beliefs, today, target=20.0, years=(4.5,), draws=200_000, correlations=()).dates[0]
    assert found.mean == pytest.approx(20.0, rel=0.005)


@pytest.mark.parametrize("volatility", [0.1, 0.3])
def test_a_random_walks_ends_give_its_chance_to_touch(volatility: float) -> None:
    """The bridge, averaged over the ends of the walk, is the closed form of the first passage."""
    start, target, years, drift = 2748.4, 4000.0, 3.0, 0.09
    z = generator(SEED, 0).standard_normal(100_000)
    spread = volatility * math.sqrt(years)
    ends = start * np.exp((drift - volatility**2 / 2) * years + spread * np.concatenate([z, -z]))
    walk = {"start": start, "target": target, "years": years, "drift": drift, "volatility": volatility}
    found = float(bridge_touch_chance(ends, start, target, spread).mean())
    assert found == pytest.approx(p_touch(**walk), abs=4 * 0.5 / math.sqrt(200_000))
    assert float((ends >= target).mean()) == pytest.approx(p_end(**walk), abs=4 * 0.5 / math.sqrt(200_000))


def test_the_bridge_is_the_one_of_single_numbers() -> None:
    for end in (10.0, 90.0, 99.0, 120.0):
        one = p_touch_given_end(start=80.0, target=100.0, end=end, years=2.0, volatility=0.2)
        assert bridge_touch_chance(np.array([end]), 80.0, 100.0, 0.2 * math.sqrt(2)) == pytest.approx(one)


@pytest.mark.parametrize("driver", [None, 0.0])
@pytest.mark.parametrize("years", [*YEARS, 0.7, 4.25, 6.75, 11.5])
def test_without_spread_it_is_the_plain_arithmetic(driver: float | None, years: float) -> None:
    """Every chance is 0 or 1, and every percentile the value that single numbers give."""
    sd, kind = ("0", "normal") if driver is not None else ("", "fixed")
    sure = {
        name: belief._replace(driver=replace_fields(belief.driver, sd=sd, distribution=kind))
        for name, belief in BELIEFS.items()
    }
    value = model_outcome(TODAY, central_values(sure), years, HORIZON).market_cap
    for factor, chance in ((1 - 1e-9, 1.0), (1.0, 1.0), (1 + 1e-9, 0.0)):
        found = drawn(sure, years=(years,), target=value * factor, draws=10, study=100)
        at = found.dates[0]
        assert (at.p_end, at.p_end_error, at.log_sd) == (chance, 0.0, 0.0)
        assert at.p_touch == (1.0 if value * factor <= TODAY.market_cap else chance)
        assert at.percentiles == (to_digits(value),) * 5
        assert at.mean == to_digits(value)
        assert all(share.share is None and share.first is None for share in found.shares)


def test_each_draw_is_the_plain_arithmetic() -> None:
    """The arrays give, draw for draw, what the laws and single numbers give."""
    links = copula(BELIEFS, CORRELATIONS)
    normals = links.normals(generator(3, 0), 5)
    draws = dict(zip(links.names, normals, strict=True))
    engine = Engine(dates(TODAY, BELIEFS, central_values(BELIEFS), YEARS, HORIZON), 5)
    for i, years in enumerate(YEARS):
        caps = engine.caps(i, draws.__getitem__, 5)
        at = distributions_of(TODAY, BELIEFS, central_values(BELIEFS), years, HORIZON)
        for row, sign in enumerate((1.0, -1.0)):
            for k in range(5):
                values = {
                    name: law.value(sign * float(draws[name][k]) if name in draws else 0.0)
                    for name, law in at.items()
                }
                sales = [s.sales * (1 + values[f"{s.id}.growth"]) ** years for s in TODAY.segments]
                profit = sum(s * values[f"{t.id}.margin"] for s, t in zip(sales, TODAY.segments, strict=True))
                worth = values[MULTIPLE] * profit + values["stakes"] - 5.906e9 + values[CASH_FLOW]
                assert caps[row, k] == pytest.approx(worth, rel=1e-12)


def test_normals_are_correlated_as_declared() -> None:
    links = copula(BELIEFS, CORRELATIONS)
    found = np.corrcoef(np.concatenate([links.normals(generator(1, i), PAIRS) for i in range(8)], axis=1))
    assert np.abs(found - np.array(links.rho)).max() < 4 / math.sqrt(8 * PAIRS)


# laws of spreading ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "how", "years", "base", "scale", "log_sd"),
    [
        ("aws.growth", {}, 1.0, 0.18, 0.06, 0.0),
        ("aws.growth", {"sd_of": "year"}, 4.0, 0.18, 0.03, 0.0),
        ("ads.margin", {}, 2.25, 0.35, 0.025, 0.0),
        ("ads.margin", {}, 9.0, 0.35, 0.05, 0.0),
        ("ads.margin", {"sd_of": "year"}, 4.0, 0.35, 0.1, 0.0),
        (MULTIPLE, {"sd": "0.3"}, 4.5 / 9, None, None, 0.1),
        (MULTIPLE, {"distribution": "normal", "sd": "3", "sd_of": "year"}, 4.0, None, 6.0, 0.0),
        ("stakes", {}, 4.0, 0.0, 176.8e9 * math.exp(-0.18), 0.6),
        ("stakes", {"centre": "median", "sd_of": "horizon"}, 9.0, 0.0, 176.8e9, 0.3),
        (CASH_FLOW, {}, 9.0, 99e9, 0.0, 0.0),
        (CASH_FLOW, {"distribution": "normal", "sd": "9e9"}, 2.25, 24.75e9, 4.5e9, 0.0),
        (CASH_FLOW, {"distribution": "normal", "sd": "9e9", "sd_of": "year"}, 2.25, 24.75e9, 13.5e9, 0.0),
    ],
)  # fmt: skip
def test_how_a_driver_spreads_after_some_years(
    name: str, how: dict[str, str], years: float, base: float | None, scale: float | None, log_sd: float
) -> None:
    belief = BELIEFS[name]
    changed = {**BELIEFS, name: belief._replace(driver=replace_fields(belief.driver, **how))}
    law = distributions_of(TODAY, changed, central_values(changed), years, HORIZON)[name]
    if base is not None:
        assert law.base == pytest.approx(base)
    if scale is not None:
        assert law.scale == pytest.approx(scale)
    assert law.log_sd == pytest.approx(log_sd)


def test_the_multiple_travels_from_todays() -> None:
    half = distributions_of(TODAY, BELIEFS, central_values(BELIEFS), HORIZON / 2, HORIZON)[MULTIPLE]
    assert half.scale == pytest.approx((TODAY.multiple + 20) / 2)
    assert TODAY.multiple == pytest.approx(27.5, abs=0.05)


# properties ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name in BELIEFS if name != "stakes"])
def test_the_chance_rises_with_each_middle(name: str) -> None:
    belief = BELIEFS[name]
    higher = drawn(changed={name: belief.central + abs(belief.central) / 10})
    for more, less in zip(higher.dates, drawn().dates, strict=True):
        assert more.p_end > less.p_end
        assert more.p_touch > less.p_touch


def test_the_chance_falls_with_the_target() -> None:
    targets = (2e12, 2.5e12, 3e12, 4e12, 5e12, 8e12)
    found = [drawn(target=target).dates for target in targets]
    for lower, higher in pairwise(found):
        for a, b in zip(lower, higher, strict=True):
            assert a.p_end > b.p_end
            assert a.p_touch >= b.p_touch
    assert all(at.p_touch == 1.0 for at in found[0])  # it stands behind us


@examples(25)
@given(
    middles=st.tuples(st.floats(-0.3, 0.5), st.floats(-0.1, 0.6), st.floats(5, 40)),
    sds=st.tuples(st.floats(0, 0.5), st.floats(0, 0.3), st.floats(0, 1)),
    target=st.floats(1e11, 2e13),
    years=st.lists(st.floats(0.05, 12), min_size=1, max_size=3, unique=True),
    seed=st.integers(0, 2**40),
)
def test_whatever_is_believed(
    middles: tuple[float, ...], sds: tuple[float, ...], target: float, years: list[float], seed: int
) -> None:
    """Touching is no less likely than ending there, percentiles are in order, chances between 0 and 1."""
    beliefs = dict(BELIEFS)
    for name, middle, sd in zip(("aws.growth", "aws.margin", MULTIPLE), middles, sds, strict=True):
        kind = {"distribution": "lognormal"} if name == MULTIPLE else {}
        beliefs[name] = believed(name, middle, sd, **kind)
    found = drawn(beliefs, target=target, years=years, seed=seed, draws=1_000)
    assert [at.years for at in found.dates] == sorted(years)
    for at in found.dates:
        assert 0.0 <= at.p_end <= at.p_touch <= 1.0
        known = [value for value in at.percentiles if value is not None]
        assert known == sorted(known)
        assert all(value > 0 for value in known)
        assert at.volatility <= 0.3
        assert math.isfinite(at.mean)


@pytest.mark.parametrize("draws", [2, 101, 2 * PAIRS, 2 * PAIRS + 2, 100_000])
def test_the_number_of_threads_changes_nothing(draws: int) -> None:
    one, two, five = (drawn(draws=draws, threads=threads, study=1_000) for threads in (1, 2, 5))
    assert repr(one) == repr(two) == repr(five)
    assert one.draws == draws + draws % 2


def test_a_seed_gives_its_draws_again_and_another_others() -> None:
    assert repr(drawn()) == repr(drawn())
    assert drawn().dates[0].mean != drawn(seed=1).dates[0].mean


def test_the_order_in_the_file_changes_nothing() -> None:
    """Drivers, segments, holdings, correlations and dates in any order; only today's sums are rounded."""
    mix = random.Random(4)
    names, segments, holdings = list(BELIEFS), list(TODAY.segments), list(TODAY.holdings)
    pairs = [Correlation(each.between[::-1], each.rho) for each in CORRELATIONS]
    for listed in (names, segments, holdings, pairs):
        mix.shuffle(listed)
    today = TODAY._replace(segments=tuple(segments), holdings=tuple(holdings))
    beliefs = {name: BELIEFS[name] for name in names}
    shuffled = drawn(beliefs, today, correlations=pairs, years=YEARS[::-1], study=1_000)
    plain = drawn(study=1_000)
    for a, b in zip(shuffled.dates, plain.dates, strict=True):
        assert a.percentiles == pytest.approx(b.percentiles, rel=1e-9)
        assert (a.p_end, a.mean) == pytest.approx((b.p_end, b.mean), rel=1e-9)
    assert [share.driver for share in shuffled.shares] == [share.driver for share in plain.shares]


def test_mirrored_draws_are_nearer_to_the_middle() -> None:
    """A value that is a straight line in a normal has its mean exactly, whatever the draws."""
    beliefs, today = alone(sd=3.0, distribution="normal")
    found = drawn(beliefs, today, target=20.0, years=(4.5,), draws=50, correlations=()).dates[0]
    assert found.mean == pytest.approx(20.0, rel=1e-12)
    assert (found.p_end, found.p_end_error) == (0.5, 0.0)


def test_standard_errors_are_what_other_seeds_show() -> None:
    several = [drawn(seed=seed, draws=4_000, years=(4.5,)).dates[0] for seed in range(60)]
    for chance, error in (("p_end", "p_end_error"), ("p_touch", "p_touch_error")):
        seen = float(np.std([getattr(at, chance) for at in several]))
        told = float(np.mean([getattr(at, error) for at in several]))
        assert seen < 1.4 * told  # mirrored draws may do better than is told of touching, never worse


# what the spread comes from --------------------------------------------------------------------------


def linear(
    correlations: tuple[Correlation, ...] = (),
) -> tuple[dict[str, Assumption], ModelToday, tuple[Correlation, ...]]:
    """A value whose logarithm is all but a straight line: small spreads of two holdings."""
    beliefs = by_name(
        believed("all.growth", 0.0),
        believed("all.margin", 1.0),
        believed(MULTIPLE, 20.0),
        believed("a", 40.0, 0.3),
        believed("b", 40.0, 0.4),
    )
    return (
        beliefs,
        ModelToday(
            100.0, 1.0, (ModelState("all", 1.0, 1.0),), (StakeValue("a", 40.0), StakeValue("b", 40.0))
        ),
        correlations,
    )


def test_of_independent_drivers_the_three_shares_are_one() -> None:
    beliefs, today, _ = linear()
    shares = drawn(beliefs, today, correlations=(), years=(4.5,), study=65_536).shares
    for share, exact in zip(shares, (0.09 / 0.25, 0.16 / 0.25), strict=True):
        assert share.share == pytest.approx(exact, abs=0.01)
        assert share.first == pytest.approx(exact, abs=4 * (share.error or 0.0))
        assert share.total == pytest.approx(exact, abs=4 * (share.error or 0.0))


def test_of_drivers_that_move_together_the_shares_are_those_of_the_normal_law() -> None:
    """Of Y = .3 x + .4 y with correlation r all three have closed forms."""
    rho, a, b = 0.6, 0.3, 0.4
    beliefs, today, links = linear((Correlation(["a", "b"], rho),))
    shares = drawn(beliefs, today, correlations=links, years=(4.5,), study=65_536).shares
    variance = a * a + b * b + 2 * rho * a * b
    for share, own, other in zip(shares, (a, b), (b, a), strict=True):
        first = (own + rho * other) ** 2 / variance
        total = own**2 * (1 - rho**2) / variance
        assert share.first == pytest.approx(first, abs=4 * (share.error or 0.0))
        assert share.total == pytest.approx(total, abs=4 * (share.error or 0.0))
        assert share.share == pytest.approx((first + total) / 2, abs=0.01)
        assert (share.first or 0.0) > (share.total or 0.0)


# what is refused -----------------------------------------------------------------------------------


def test_correlations_that_cannot_hold_are_refused_by_name() -> None:
    impossible = (
        *CORRELATIONS,
        Correlation(["ads.margin", "stakes"], 0.9),
        Correlation(["stakes", "retail.margin"], 0.9),
        Correlation(["ads.margin", "retail.margin"], -0.9),
    )
    with pytest.raises(NotPositiveDefinite) as refused:
        drawn(correlations=impossible)
    assert {"ads.margin", "stakes", "retail.margin"} <= set(refused.value.names)
    assert "multiple" not in refused.value.names
    rho = copula(BELIEFS, CORRELATIONS).rho
    names = copula(BELIEFS, CORRELATIONS).names
    for between, value in ((each.between, each.rho) for each in impossible):
        i, j = (names.index(name) for name in between)
        rho[i][j] = rho[j][i] = value
    assert refused.value.smallest == pytest.approx(np.linalg.eigvalsh(np.array(rho)).min())
    assert f"{refused.value.smallest:.3g}" in str(refused.value)


@pytest.mark.parametrize("rho", [1.0, -1.0])
def test_two_drivers_that_are_one_are_refused(rho: float) -> None:
    with pytest.raises(NotPositiveDefinite):
        drawn(correlations=(Correlation(["aws.growth", "stakes"], rho),))


@pytest.mark.parametrize(
    ("between", "rho", "words"),
    [
        (["aws.growth"], 0.1, "between two drivers"),
        (["aws.growth", "aws.growth"], 0.1, "between two drivers"),
        (["aws.growth", "stakes"], 1.5, "expected -1 to 1, found 1.5"),
        (["multiple", "aws.growth"], 0.1, "said twice"),
    ],
)
def test_what_is_no_correlation_is_refused(between: list[str], rho: float, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        drawn(correlations=(*CORRELATIONS, Correlation(between, rho)))


@pytest.mark.parametrize(
    ("name", "middle", "how", "words"),
    [
        ("aws.growth", -1.0, {}, "growth above -100%"),
        ("aws.margin", 1.01, {}, "100% at most"),
        (MULTIPLE, 0.0, {}, "above 0"),
        ("stakes", -1.0, {}, "above 0"),
        ("aws.growth", 0.1, {"sd": "-0.1"}, "sd of 0 or more"),
        ("aws.growth", 0.1, {"sd": ""}, "found none"),
        ("aws.growth", 0.1, {"sd": "6"}, "percent sign"),
        (MULTIPLE, 20.0, {"sd": "25"}, "logarithm"),
    ],
)
def test_beliefs_that_cannot_be_drawn_are_refused(
    name: str, middle: float, how: dict[str, str], words: str
) -> None:
    belief = BELIEFS[name]
    changed = {**BELIEFS, name: belief._replace(central=middle, driver=replace_fields(belief.driver, **how))}
    with pytest.raises(UnfitDistribution, match=words) as refused:
        drawn(changed)
    assert [fault.driver for fault in refused.value.faults] == [name]


@pytest.mark.parametrize(
    "wrong", [{"years": ()}, {"years": (0.0,)}, {"horizon": -1.0}, {"target": 0.0}, {"draws": 1}]
)
def test_other_arguments_that_make_no_sense_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="expected"):
        drawn(**wrong)


def test_a_company_without_profit_is_refused() -> None:
    losing = TODAY._replace(
        segments=(ModelState("aws", 1e9, -0.5), *TODAY.segments[1:2], ModelState("retail", 1e9, -50.0))
    )
    with pytest.raises(ValueError, match="operating income"):
        drawn(today=losing)


def test_draws_without_value_are_counted_and_stay_below_the_target() -> None:
    """Of a margin of 1% give or take 10 points, nearly half of the draws lose money."""
    beliefs, today = alone()
    beliefs["all.margin"] = believed("all.margin", 0.01, 0.1)
    beliefs[MULTIPLE] = believed(MULTIPLE, 20.0)
    at = drawn(beliefs, today, target=1e-6, years=(4.5,), correlations=(), draws=200_000).dates[0]
    lost = normal_cdf(-0.1)
    assert at.not_positive / 200_000 == pytest.approx(lost, abs=0.005)
    assert at.p_end == pytest.approx(1 - lost, abs=0.005)
    assert at.percentiles[0] is None
    for value, level in zip(at.percentiles[2:], (0.5, 0.75, 0.95), strict=True):
        assert value == pytest.approx(20 * (0.01 + 0.1 * normal_quantile(level)), abs=0.04)


def test_progress_is_told_from_start_to_end() -> None:
    told: list[float] = []
    drawn(draws=6 * PAIRS, threads=2, progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0


def _features() -> str:
    """The instruction sets that numpy may choose from on this processor, beyond what every one has."""
    config: Any = np.show_config(mode="dicts")
    return " ".join(config["SIMD Extensions"].get("found", ()))


def test_another_processor_gives_the_same_bytes(tmp_path: Path) -> None:
    """numpy's logarithms differ in the last digit from one instruction set to the next."""
    features = _features()
    if not features:
        pytest.skip("this processor has no instructions that numpy could do without")
    command = [sys.executable, "-m", "thesis", "simulate", "-p", "amzn-4t", "--as-of", "2026-10-15", "--json",
               "--draws", "20000"]  # fmt: skip
    printed = {
        subprocess.run(
            command,
            env={**os.environ, "NPY_DISABLE_CPU_FEATURES": without, "THESIS_CACHE": str(tmp_path)},
            capture_output=True,
            check=True,
        ).stdout
        for without in ("", features)
    }
    assert len(printed) == 1
