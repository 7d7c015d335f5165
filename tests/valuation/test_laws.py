"""Laws that hold for every input: what a reader may rely on without working an example."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from thesis.valuation import (
    attribute_price,
    attribute_segments,
    base_rates,
    cagr,
    carve_out,
    compound,
    compound_return,
    dcf,
    discount_factors,
    driver_dcf,
    ebit_part,
    economic_profit,
    enterprise_value,
    equity_value,
    fade,
    forecast,
    fraction_above,
    fraction_bounds,
    implied_growth,
    implied_roic,
    implied_wacc,
    implied_years,
    log_mean,
    nominal_rate,
    normal_cdf,
    normal_quantile,
    p_end,
    p_lognormal,
    p_touch,
    p_touch_given_end,
    present_value,
    real_rate,
    realised_return,
    shapley,
    shrink,
    sum_of_the_parts,
    two_stage_pe,
    value_driver,
    years_needed,
)


def between(low: float, high: float) -> st.SearchStrategy[float]:
    return st.floats(low, high, allow_subnormal=False)


RATE, WACC, AMOUNT = between(-0.5, 0.5), between(0.05, 0.2), between(1.0, 1e4)
ROIC = between(0.06, 0.6)
YEARS = st.integers(1, 20)


@given(start=AMOUNT, rate=RATE, years=between(0.5, 30))
def test_growth_undoes_itself(start: float, rate: float, years: float) -> None:
    end = compound(start, rate=rate, years=years)
    assert cagr(start=start, end=end, years=years) == pytest.approx(rate, abs=1e-9)
    assume(abs(rate) > 1e-3)
    assert years_needed(start=start, end=end, rate=rate) == pytest.approx(years, rel=1e-9)
    assert nominal_rate(real_rate(rate, inflation=0.03), inflation=0.03) == pytest.approx(rate, abs=1e-12)


@given(start=RATE, end=RATE, years=YEARS, data=st.data())
def test_a_fade_starts_and_ends_where_it_says(
    start: float, end: float, years: int, data: st.DataObject
) -> None:
    by = data.draw(st.integers(1, years))
    hold = data.draw(st.integers(0, by - 1))
    path = fade(start, end, years, hold=hold, by=by)
    assert len(path) == years
    assert path[:hold] == [start] * hold
    assert path[by - 1 :] == [end] * (years - by + 1)
    steps = [b - a for a, b in pairwise([start, *path[hold:by]])]
    assert steps == pytest.approx([(end - start) / (by - hold)] * len(steps), abs=1e-12)


@given(rates=st.lists(WACC, min_size=1, max_size=15), flow=AMOUNT)
def test_mid_year_is_half_a_year_of_interest_more(rates: list[float], flow: float) -> None:
    n = len(rates)
    end, early = (discount_factors(rates, n, mid_year=m) for m in (False, True))
    assert early == pytest.approx([f * (1 + r) ** 0.5 for f, r in zip(end, rates, strict=True)])
    once = present_value([flow] * n, rates[0])
    assert present_value([flow] * n, rates[0], mid_year=True) == pytest.approx(once * (1 + rates[0]) ** 0.5)


@given(
    growths=st.tuples(between(0.0, 0.3), between(0.0, 0.3)), roic=ROIC, wacc=WACC, years=st.integers(2, 15)
)
def test_growth_adds_value_only_above_the_cost_of_capital(
    growths: tuple[float, float], roic: float, wacc: float, years: int
) -> None:
    """Next year's profit is given; what grows after it is bought at the return on new capital."""
    assume(abs(growths[0] - growths[1]) > 0.01 and abs(roic - wacc) > 0.005)

    def value(growth: float) -> float:
        rows = forecast(
            sales=100.0,
            growth=[0.05] + [growth] * (years - 1),
            margin=1.0,
            years=years,
            roic_inc=roic,
            lag=1,
            terminal_growth=0.02,
        )
        return dcf(rows, wacc=wacc, terminal_growth=0.02, ronic=wacc).enterprise_value

    assert (value(max(growths)) > value(min(growths))) == (roic > wacc)


@given(nopat=AMOUNT, wacc=WACC, growth=between(-0.04, 0.04))
def test_growth_at_the_cost_of_capital_is_worth_nothing(nopat: float, wacc: float, growth: float) -> None:
    assert value_driver(nopat, growth=growth, ronic=wacc, wacc=wacc) == pytest.approx(nopat / wacc, rel=1e-12)


@given(growth=between(-0.2, 0.3), years=st.integers(0, 30), cost=WACC)
def test_a_multiple_without_excess_return_is_one_over_the_cost(
    growth: float, years: int, cost: float
) -> None:
    found = two_stage_pe(growth=growth, years=years, roic_inc=cost, cost_of_equity=cost)
    assert found == pytest.approx(1 / cost, rel=1e-9)


@given(data=st.data(), years=st.integers(1, 12), capital=AMOUNT)
def test_economic_profit_comes_to_the_same_value(data: st.DataObject, years: int, capital: float) -> None:
    def path(each: st.SearchStrategy[float]) -> list[float]:
        return data.draw(st.lists(each, min_size=years, max_size=years))

    rows = forecast(
        sales=100.0,
        growth=path(between(-0.2, 0.4)),
        margin=[*path(between(-0.2, 0.5))[:-1], 0.15],
        years=years,
        tax=path(between(0.0, 0.4)),
        sales_to_capital=path(between(0.5, 5.0)),
        losses=data.draw(between(0, 50)),
    )
    valuation = dcf(rows, wacc=path(WACC), terminal_growth=0.02, ronic=data.draw(between(0.03, 0.5)))
    found = economic_profit(valuation, capital=capital)
    assert found.enterprise_value == pytest.approx(valuation.enterprise_value, rel=1e-9, abs=1e-7)


@given(
    growth=between(0.01, 0.14), excess=between(0.03, 0.3), wacc=between(0.06, 0.14), years=st.integers(2, 20)
)
def test_solved_inputs_give_back_the_price(growth: float, excess: float, wacc: float, years: int) -> None:
    true: dict[str, Any] = {
        "growth": growth,
        "roic_inc": max(wacc, growth) + excess,
        "wacc": wacc,
        "years": years,
    }
    fixed: dict[str, Any] = {"nopat": 50.0, "terminal_growth": 0.025, "ronic": 0.12}
    price = driver_dcf(**true, **fixed).enterprise_value
    solvers = {"growth": implied_growth, "roic_inc": implied_roic, "wacc": implied_wacc}
    for name, solver in solvers.items():
        known = {other: value for other, value in true.items() if other != name}
        found = solver(price, **known, **fixed)  # type: ignore[operator]
        assert found.value is not None, found.reason
        again = driver_dcf(**{**true, name: found.value}, **fixed).enterprise_value
        assert again == pytest.approx(price, rel=1e-9)
    periods = implied_years(price, **{k: v for k, v in true.items() if k != "years"}, **fixed)
    assert periods.value is not None and periods.whole is not None
    whole = driver_dcf(**{**true, "years": periods.whole}, **fixed).enterprise_value
    assert whole == pytest.approx(price, rel=1e-9) or whole > price


PAIR = st.tuples(AMOUNT, AMOUNT)


@given(price=PAIR, ebit=PAIR, shares=PAIR, sales=PAIR, dividends=between(0, 100))
def test_an_attribution_adds_up(
    price: tuple[float, float],
    ebit: tuple[float, float],
    shares: tuple[float, float],
    sales: tuple[float, float],
    dividends: float,
) -> None:
    found = attribute_price(price=price, ebit=ebit, shares=shares, sales=sales, dividends=dividends)
    assert found.ebit + found.multiple + found.shares == pytest.approx(
        math.log(price[1] / price[0]), abs=1e-12
    )
    assert found.sales is not None and found.margin is not None
    assert found.sales + found.margin == pytest.approx(found.ebit, abs=1e-12)
    assert found.total == pytest.approx(math.log((price[1] + dividends) / price[0]), abs=1e-12)


@given(sales=st.lists(PAIR, min_size=1, max_size=5), margins=st.lists(PAIR, min_size=5, max_size=5))
def test_segments_add_up_by_both_weights(
    sales: list[tuple[float, float]], margins: list[tuple[float, float]]
) -> None:
    sold = {str(i): pair for i, pair in enumerate(sales)}
    ebit = {
        str(i): (pair[0] * m[0] / 1e4, pair[1] * m[1] / 1e4)
        for i, (pair, m) in enumerate(zip(sales, margins, strict=False))
    }
    whole = math.log(sum(e[1] for e in ebit.values()) / sum(e[0] for e in ebit.values()))
    for method in ("lmdi", "shapley"):
        found = attribute_segments(sales=sold, ebit=ebit, method=method)
        assert sum(e.total for e in found.values()) == pytest.approx(whole, abs=1e-12)
        assert all(e.sales + e.margin == pytest.approx(e.total, abs=1e-12) for e in found.values())


@given(a=AMOUNT, b=AMOUNT)
def test_the_log_mean_lies_between_geometric_and_arithmetic(a: float, b: float) -> None:
    mean = log_mean(a, b)
    assert math.sqrt(a * b) * (1 - 1e-9) <= mean <= (a + b) / 2 * (1 + 1e-9)
    assert mean == pytest.approx(log_mean(b, a), rel=1e-12)


@given(start=st.lists(RATE, min_size=3, max_size=3), end=st.lists(RATE, min_size=3, max_size=3))
def test_shapley_effects_add_up_whatever_the_model(start: list[float], end: list[float]) -> None:
    def model(x: Any) -> float:
        return float(x["a"] * x["b"] + math.exp(x["c"]) * x["a"])

    a, b = (dict(zip("abc", values, strict=True)) for values in (start, end))
    assert sum(shapley(model, a, b).values()) == pytest.approx(model(b) - model(a), abs=1e-12)


@given(growths=st.lists(RATE, min_size=1, max_size=4), income=between(0, 0.1))
def test_residual_is_what_adding_leaves_out(growths: list[float], income: float) -> None:
    found = compound_return({str(i): g for i, g in enumerate(growths)}, income=income)
    assert found.additive + found.residual == pytest.approx(found.exact, abs=1e-12)
    if len(growths) == 1:
        assert found.residual == pytest.approx(0.0, abs=1e-12)


@given(factors=st.lists(PAIR, min_size=1, max_size=4), years=between(0.5, 10))
def test_realised_factors_compound_to_the_price(factors: list[tuple[float, float]], years: float) -> None:
    found = realised_return({str(i): pair for i, pair in enumerate(factors)}, years=years)
    ratio = math.prod(pair[1] / pair[0] for pair in factors)
    assert (1 + found.exact) ** years == pytest.approx(ratio, rel=1e-9)


NAMES = ("debt", "leases", "minority", "preferred", "pensions", "options", "cash", "stakes", "other_assets")


@given(cap=AMOUNT, amounts=st.lists(AMOUNT, min_size=9, max_size=9), tax=between(0, 1))
def test_the_bridge_leads_back(cap: float, amounts: list[float], tax: float) -> None:
    given_ = dict(zip(NAMES, amounts, strict=True)) | {"stakes_tax": tax}
    assert equity_value(enterprise_value(cap, **given_), **given_) == pytest.approx(cap, rel=1e-9)


@given(margin=between(0.0, 0.9), multiple=between(1, 40))
def test_the_sum_of_profits_does_not_depend_on_the_margin_assumed(margin: float, multiple: float) -> None:
    cut = carve_out(sales=600.0, ebit=40.0, part_sales=70.0, part_margin=margin)
    parts = [ebit_part("ads", ebit=cut.part_ebit, multiple=multiple)]
    whole = sum_of_the_parts([*parts, ebit_part("rest", ebit=cut.rest_ebit, multiple=multiple)])
    assert whole.ebit == pytest.approx(40.0, rel=1e-12)
    assert whole.enterprise_value == pytest.approx(40.0 * multiple, rel=1e-9)
    assert whole.multiple == pytest.approx(multiple, rel=1e-9)


WALK = {
    "start": between(50, 150),
    "target": between(50, 300),
    "years": between(0.1, 10),
    "drift": between(-0.3, 0.3),
    "volatility": between(0.05, 1.0),
}


@given(higher=between(1.01, 2.0), **WALK)
def test_chances_are_ordered(higher: float, **walk: float) -> None:
    end, touch = p_end(**walk), p_touch(**walk)
    assert 0 <= end <= touch <= 1
    up = walk | {"target": walk["target"] * higher}
    assert p_end(**up) <= end and p_touch(**up) <= touch + 1e-15
    more = walk | {"drift": walk["drift"] + 0.05}
    assert p_end(**more) >= end and p_touch(**more) >= touch - 1e-12


@given(end=between(20, 400), **WALK)
def test_a_bridge_knows_its_ends(end: float, drift: float, **walk: float) -> None:
    found = p_touch_given_end(end=end, **walk)
    assert 0 <= found <= 1
    if max(walk["start"], end) >= walk["target"]:
        assert found == 1.0


@given(**{**WALK, "volatility": st.just(0.0)})
def test_without_volatility_chance_is_the_formula(**walk: float) -> None:
    there = walk["start"] * math.exp(walk["drift"] * walk["years"])
    assume(abs(there / walk["target"] - 1) > 1e-9)
    assert p_end(**walk) == float(there >= walk["target"])
    assert p_touch(**walk) == float(max(there, walk["start"]) >= walk["target"])


@given(p=between(1e-12, 1 - 1e-12))
def test_quantile_undoes_the_distribution(p: float) -> None:
    assert normal_cdf(normal_quantile(p)) == pytest.approx(p, rel=1e-9)


@given(median=AMOUNT, threshold=AMOUNT, sd=between(0.01, 2))
def test_a_lognormal_over_a_year_is_a_walk_without_drift_of_its_log(
    median: float, threshold: float, sd: float
) -> None:
    walk = p_end(start=median, target=threshold, years=1.0, drift=sd**2 / 2, volatility=sd)
    assert p_lognormal(median=median, log_sd=sd, threshold=threshold) == pytest.approx(walk, abs=1e-12)


TABLE = base_rates(edges=[-0.1, 0.0, 0.05, 0.2], shares=[0.1, 0.2, 0.4, 0.2, 0.1], years=5, source="invented")


@given(growths=st.tuples(between(-0.4, 0.5), between(-0.4, 0.5)))
def test_fewer_firms_grow_faster(growths: tuple[float, float]) -> None:
    slow, fast = sorted(growths)
    least, most = fraction_bounds(TABLE, growth=slow)
    assert 0 <= least <= fraction_above(TABLE, growth=slow) <= most <= 1 + 1e-12
    assert fraction_above(TABLE, growth=slow) >= fraction_above(TABLE, growth=fast) - 1e-12


@given(inside=RATE, outside=RATE, weight=between(0, 1))
def test_shrinking_stays_between(inside: float, outside: float, weight: float) -> None:
    found = shrink(inside=inside, outside=outside, weight=weight)
    assert min(inside, outside) - 1e-15 <= found <= max(inside, outside) + 1e-15
