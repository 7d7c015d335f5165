"""Whole models and closed forms, worked out a second way beside the library."""

from __future__ import annotations

import math
from itertools import accumulate
from typing import Any

import pytest

from thesis.valuation import (
    attribute_segments,
    bogle,
    compound,
    dcf,
    diluted_shares,
    discount_factors,
    driver_dcf,
    economic_profit,
    expected_value,
    fade,
    failure_adjusted,
    forecast,
    gordon,
    grinold_kroner,
    h_model,
    implied_growth,
    implied_roic,
    implied_wacc,
    implied_years,
    justified_pe,
    levered_beta,
    normal_cdf,
    option_value,
    p_end,
    p_lognormal,
    p_touch,
    p_touch_given_end,
    present_value,
    realised_return,
    sales_part,
    shapley,
    solve,
    solve_years,
    sum_of_the_parts,
    tornado,
    two_stage_pe,
    unlevered_beta,
    value_driver,
    warrant_value,
)

pytestmark = pytest.mark.quick


def test_a_ten_year_model_with_fades_and_losses_carried_forward() -> None:
    """Growth flat for five years and fading to the risk-free rate, as the well-known spreadsheet has it."""
    sales, losses, factor, value = 1000.0, 30.0, 1.0, 0.0
    for year in range(1, 11):
        down = max(0, year - 5) / 5
        growth, tax, cost = 0.2 - 0.16 * down, 0.2 + 0.05 * down, 0.1 - 0.02 * down
        margin = -0.02 + (0.15 + 0.02) * min(year, 5) / 5
        before, sales = sales, sales * (1 + growth)
        ebit = sales * margin
        paid = tax * max(0.0, ebit - losses)
        losses = max(0.0, losses - ebit)
        factor /= 1 + cost
        value += (ebit - paid - (sales - before) / 2.5) * factor
    forever = sales * 1.04 * 0.15 * (1 - 0.25) * (1 - 0.04 / 0.12) / (0.08 - 0.04)

    rows = forecast(
        sales=1000.0,
        growth=fade(0.2, 0.04, 10, hold=5),
        margin=fade(-0.02, 0.15, 10, by=5),
        years=10,
        tax=fade(0.2, 0.25, 10, hold=5),
        sales_to_capital=2.5,
        losses=30.0,
        capital=500.0,
    )
    found = dcf(rows, wacc=fade(0.1, 0.08, 10, hold=5), terminal_growth=0.04, ronic=0.12)
    assert found.explicit == pytest.approx(value, rel=1e-12)
    assert found.terminal.value == pytest.approx(forever, rel=1e-12)
    assert found.enterprise_value == pytest.approx(value + forever * factor, rel=1e-12)
    assert rows[-1].losses == 0.0 and rows[-1].tax_rate == pytest.approx(0.25)
    assert rows[-1].capital == pytest.approx(500 + (rows[-1].sales - 1000) / 2.5)
    assert rows[1].roic == pytest.approx(rows[1].nopat / rows[0].capital) if rows[0].capital else False


def test_what_is_spent_with_a_lag_buys_the_growth_of_later_years() -> None:
    rows = forecast(
        sales=100.0,
        growth=[0.1, 0.2, 0.3],
        margin=0.1,
        years=3,
        sales_to_capital=[1.0, 2.0, 4.0],
        lag=2,
        terminal_growth=0.05,
    )
    sales = list(accumulate([0.1, 0.2, 0.3, 0.05, 0.05], lambda s, g: s * (1 + g), initial=100.0))
    expected = [sales[3] - sales[2], (sales[4] - sales[3]) / 2, (sales[5] - sales[4]) / 4]
    assert [row.reinvestment for row in rows] == pytest.approx(expected)


def test_the_ways_to_reinvest_agree_where_they_should() -> None:
    """In a steady world a return on new capital, a rate, amounts and sales to capital say the same."""
    steady: dict[str, Any] = {"sales": 100.0, "growth": 0.05, "margin": 0.2, "years": 4, "tax": 0.25}
    by_return = forecast(roic_inc=0.25, lag=1, terminal_growth=0.05, **steady)
    by_rate = forecast(reinvestment_rate=0.05 / 0.25, **steady)
    by_amount = forecast(reinvestment=[row.reinvestment for row in by_rate], **steady)
    by_sales = forecast(sales_to_capital=0.25 / 0.15, lag=1, terminal_growth=0.05, **steady)
    for other in (by_rate, by_amount, by_sales):
        assert [row.fcff for row in other] == pytest.approx([row.fcff for row in by_return])
    backward = forecast(roic_inc=0.25, base_nopat=15.0, **steady)
    assert backward[0].reinvestment == pytest.approx((by_return[0].nopat - 15.0) / 0.25)
    free = forecast(roic_inc=math.inf, lag=1, terminal_growth=0.05, **steady)
    assert [row.fcff for row in free] == [row.nopat for row in free]


def test_the_driver_form_is_the_forecast_that_goes_on_investing() -> None:
    rows = forecast(sales=75.0, growth=0.15, margin=1.0, years=10, roic_inc=0.25, lag=1, terminal_growth=0.15)
    long = dcf(rows, wacc=0.09, terminal_growth=0.03, ronic=0.12)
    short = driver_dcf(
        75.0, growth=0.15, years=10, roic_inc=0.25, wacc=0.09, terminal_growth=0.03, ronic=0.12
    )
    assert long.enterprise_value == pytest.approx(short.enterprise_value, rel=1e-12)
    assert long.explicit_share == pytest.approx(short.explicit_share, rel=1e-12)


def test_what_follows_the_last_year_can_be_said_in_four_ways() -> None:
    rows = forecast(sales=100.0, growth=0.1, margin=0.2, years=2, tax=0.25, reinvestment_rate=0.5)
    nopat = 121 * 1.03 * 0.2 * 0.75
    by_return = dcf(rows, wacc=0.1, terminal_growth=0.03, ronic=0.15)
    by_rate = dcf(rows, wacc=0.1, terminal_growth=0.03, terminal_reinvestment_rate=0.2)
    by_amount = dcf(rows, wacc=0.1, terminal_growth=0.03, terminal_fcff=nopat * 0.8)
    assert by_return.terminal.fcff == pytest.approx(nopat * 0.8)
    assert by_rate.enterprise_value == pytest.approx(by_return.enterprise_value)
    assert by_amount.enterprise_value == pytest.approx(by_return.enterprise_value)
    assert by_amount.terminal.reinvestment_rate == pytest.approx(0.2)
    sold = dcf(rows, wacc=0.1, exit_multiple=10.0)
    assert sold.terminal.value == pytest.approx(10 * 121 * 0.2) and sold.terminal.growth is None
    same = dcf(rows, wacc=0.1, exit_multiple=2.0, exit_metric="sales")
    assert same.enterprise_value == pytest.approx(sold.enterprise_value)
    own = dcf(
        rows,
        wacc=0.1,
        terminal_growth=0.03,
        ronic=math.inf,
        terminal_margin=0.3,
        terminal_tax=0.2,
        terminal_wacc=0.08,
    )
    assert own.terminal.value == pytest.approx(121 * 1.03 * 0.3 * 0.8 / 0.05)


def test_mid_year_moves_a_perpetuity_and_leaves_a_sale() -> None:
    rows = forecast(sales=100.0, growth=0.1, margin=0.2, years=3, reinvestment_rate=0.4)
    end, early = (dcf(rows, wacc=0.21, terminal_growth=0.0, ronic=0.2, mid_year=m) for m in (False, True))
    assert early.enterprise_value == pytest.approx(end.enterprise_value * 1.1, rel=1e-12)
    sold = dcf(rows, wacc=0.21, exit_multiple=8.0, mid_year=True)
    assert sold.terminal.present_value == pytest.approx(8 * rows[-1].ebit / 1.21**3)
    asked = dcf(rows, wacc=0.21, exit_multiple=8.0, mid_year=True, terminal_mid_year=True)
    assert asked.terminal.present_value == pytest.approx(sold.terminal.present_value * 1.1)


def test_the_present_value_of_a_hundred_years_is_nearly_that_of_all() -> None:
    assert value_driver(100.0, growth=0.05, ronic=0.2, wacc=0.1) == pytest.approx(
        1500
    )  # the book's Value Inc.
    assert value_driver(100.0, growth=0.05, ronic=0.1, wacc=0.1) == pytest.approx(1000)  # and Volume Inc.
    flows = [75.0 * 1.05**t for t in range(600)]
    assert present_value(flows, 0.1) == pytest.approx(1500, rel=1e-9)
    dividends = [5.0 * 1.04**t for t in range(900)]
    assert gordon(5.0, required_return=0.09, growth=0.04) == pytest.approx(present_value(dividends, 0.09))
    assert discount_factors([0.1, 0.2], 2, mid_year=True)[1] == pytest.approx(1 / 1.1 / math.sqrt(1.2))


@pytest.mark.parametrize("growth", [0.0, 0.04, 0.06, 0.08, 0.10])
@pytest.mark.parametrize("roic", [0.08, 0.16, 0.24, math.inf])
def test_price_to_earnings_by_growth_and_return(growth: float, roic: float) -> None:
    """Fifteen years at 8 % cost of equity, then a steady state: 12.5 wherever the return is just 8 %."""
    ratio = 1.08 / (1 + growth)
    annuity = 15 / 1.08 if growth == 0.08 else (1 - ratio**-15) / (0.08 - growth)
    expected = (1 - growth / roic) * annuity + ratio**-15 / 0.08
    found = two_stage_pe(growth=growth, years=15, roic_inc=roic, cost_of_equity=0.08)
    assert found == pytest.approx(expected, rel=1e-12)
    if roic == 0.08:
        assert found == pytest.approx(12.5, rel=1e-12)
        assert justified_pe(growth=growth / 2, roe=0.08, cost_of_equity=0.08) == pytest.approx(12.5)


def test_growth_below_its_cost_can_lower_a_multiple_to_nearly_nothing() -> None:
    found = two_stage_pe(growth=0.06, years=15, roic_inc=0.04, cost_of_equity=0.08)
    assert 0 < found < 4


def test_fading_growth_lies_near_the_exact_sum() -> None:
    """The H-model is an approximation of growth falling in a line."""
    growths = fade(0.12, 0.05, 10, hold=0)
    dividends = list(accumulate(growths, lambda d, g: d * (1 + g), initial=1.0))[1:]
    rest = gordon(dividends[-1] * 1.05, required_return=0.1, growth=0.05) / 1.1**10
    exact = present_value(dividends, 0.1) + rest
    found = h_model(1.0, required_return=0.1, growth_start=0.12, growth_long=0.05, half_life=5)
    assert found == pytest.approx(exact, rel=0.03)


def test_economic_profit_of_a_sale_and_of_a_perpetuity() -> None:
    rows = forecast(sales=100.0, growth=0.1, margin=0.2, years=3, tax=0.25, sales_to_capital=1.5)
    endings: tuple[dict[str, Any], ...] = (
        {"exit_multiple": 9.0},
        {"terminal_growth": 0.02, "ronic": math.inf},
    )
    for ending in endings:
        value = dcf(rows, wacc=[0.1, 0.09, 0.08], **ending)
        found = economic_profit(value, capital=80.0)
        assert found.enterprise_value == pytest.approx(value.enterprise_value, rel=1e-12)
        assert found.profits[0] == pytest.approx(rows[0].nopat - 0.1 * 80)


# solvers ---------------------------------------------------------------------------------------

DRIVERS: dict[str, Any] = {"nopat": 75.0, "years": 10, "wacc": 0.09, "terminal_growth": 0.03, "ronic": 0.12}


def test_a_price_that_no_input_gives_has_no_root_and_a_range() -> None:
    growth = implied_growth(9000.0, roic_inc=0.2, **DRIVERS)
    assert growth.value is None and growth.least < growth.most < 9000
    assert growth.reason.startswith("no root: from -20 % to 20 % growth")
    poor = implied_growth(1000.0, roic_inc=0.08, **DRIVERS)
    assert poor.value is None and "adds no value" in poor.reason
    rest = {name: value for name, value in DRIVERS.items() if name != "years"}
    years = implied_years(9e9, growth=0.12, roic_inc=0.2, **rest)
    assert years.value is None and years.whole is None and "from 0 to 100 years" in years.reason
    returns = implied_roic(3000.0, growth=0.12, **DRIVERS)
    assert returns.value is None and returns.most < 3000
    no_limit = driver_dcf(roic_inc=math.inf, growth=0.12, **DRIVERS).enterprise_value
    above = implied_roic(no_limit * (1 - 1e-9), growth=0.12, **DRIVERS)
    assert above.value is None and "above 1000 %" in above.reason
    cheap = implied_wacc(1.0, growth=0.1, roic_inc=0.2, **{k: v for k, v in DRIVERS.items() if k != "wacc"})
    assert cheap.value is None and cheap.least > 1.0


def test_solvers_on_a_model_of_ones_own() -> None:
    falling = solve(lambda x: 1 / x, 4.0, 0.1, 10.0)
    assert falling.value == pytest.approx(0.25, rel=1e-14)
    assert solve(lambda _: 7.0, 7.0, 0.0, 1.0).value is None
    assert solve(lambda _: 7.0, 7.0, 0.0, 1.0).reason.startswith("every value")
    assert solve(lambda x: x, 1.0, 0.0, 1.0).value == 1.0  # an end of the search that is the root itself
    assert solve_years(lambda n: 100.0 - n, 97.5).value == 2.5
    assert solve_years(float, 0.0).whole == 0
    bars = tornado(lambda x: x["a"], {"a": 1.0, "b": 1.0}, {"a": (0, 1), "b": (0, 1)}, target=3.0)
    assert [bar.swing for bar in bars] == [1, 0]
    assert all(bar.breakeven is not None and bar.breakeven.value is None for bar in bars)


# chance ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("drift", [-0.2, 0.0, 0.09, 0.4])
def test_touch_is_the_bridge_over_every_end(drift: float) -> None:
    """First passage in closed form against the Brownian bridge integrated over where a walk ends."""
    sd, years = 0.3, 3.0
    mean, spread = (drift - sd**2 / 2) * years, sd * math.sqrt(years)
    n = 20_000
    total = 0.0
    for i in range(n):
        z = -10 + 20 * (i + 0.5) / n
        density = math.exp(-z * z / 2) / math.sqrt(2 * math.pi) * 20 / n
        end = 100 * math.exp(mean + spread * z)
        total += density * p_touch_given_end(start=100.0, target=145.0, end=end, years=years, volatility=sd)
    walk = {"start": 100.0, "target": 145.0, "years": years, "drift": drift, "volatility": sd}
    assert p_touch(**walk) == pytest.approx(total, abs=1e-6)


def test_far_tails_and_no_volatility_keep_their_sense() -> None:
    walk = {"start": 100.0, "target": 200.0, "years": 1.0}
    assert p_touch(drift=0.5, volatility=0.001, **walk) == pytest.approx(0.0, abs=1e-12)
    assert p_touch(drift=5.0, volatility=0.001, **walk) == 1.0
    assert p_end(drift=0.6, volatility=0.0, **walk) == p_touch(drift=0.6, volatility=0.0, **walk) == 0.0
    assert p_end(drift=0.7, volatility=0.0, **walk) == p_touch(drift=0.7, volatility=0.0, **walk) == 1.0
    assert p_touch(start=100.0, target=90.0, years=1.0, drift=0.0, volatility=0.2) == 1.0
    assert p_lognormal(median=20.0, log_sd=0.25, threshold=25.0) == pytest.approx(
        1 - normal_cdf(math.log(1.25) / 0.25)
    )
    assert [p_lognormal(median=m, log_sd=0.0, threshold=20.0) for m in (19.0, 20.0)] == [0.0, 1.0]
    assert normal_cdf(-math.inf) == 0.0 and normal_cdf(math.inf) == 1.0


# shares, parts, returns ------------------------------------------------------------------------


def test_options_worth_what_the_textbook_says() -> None:
    """Hull, Options, Futures, and Other Derivatives: 42, 40, 10 %, 20 %, half a year: 4.76."""
    call = option_value(price=42.0, strike=40.0, years=0.5, volatility=0.2, risk_free=0.10)
    assert round(call, 2) == 4.76
    none = warrant_value(
        price=42.0, strike=40.0, years=0.5, volatility=0.2, risk_free=0.10, options=0.0, shares=100.0
    )
    assert none == pytest.approx(call)
    many = warrant_value(
        price=42.0, strike=40.0, years=0.5, volatility=0.2, risk_free=0.10, options=50.0, shares=100.0
    )
    watered = (42.0 * 100 + many * 50) / 150
    assert many == pytest.approx(
        option_value(price=watered, strike=40.0, years=0.5, volatility=0.2, risk_free=0.10), rel=1e-9
    )
    assert many < call


def test_shares_and_failure() -> None:
    assert diluted_shares(basic=100.0, price=20.0, options=[(10.0, 25.0)]) == 100.0
    assert failure_adjusted(100.0, probability=0.0, proceeds=3.0) == 100.0
    assert expected_value([1.0, 3.0], probabilities=[0.5, 0.5]) == 2.0
    assert unlevered_beta(levered_beta(0.9, debt_to_equity=0.4, tax=0.21), debt_to_equity=0.4, tax=0.21) == (
        pytest.approx(0.9)
    )


def test_a_part_without_known_profit_leaves_the_multiple_of_the_whole_unknown() -> None:
    whole = sum_of_the_parts([sales_part("shop", sales=100.0, multiple=1.0)])
    assert whole.multiple is None and whole.ebit is None and whole.per_share is None
    assert whole.equity_value == 100.0


def test_segments_by_both_weights_are_exact_and_differ_little() -> None:
    sales = {"a": (100.0, 180.0), "b": (300.0, 330.0), "c": (50.0, 50.0)}
    ebit = {"a": (20.0, 45.0), "b": (9.0, 12.0), "c": (5.0, 5.0)}
    for method in ("lmdi", "shapley"):
        found = attribute_segments(sales=sales, ebit=ebit, method=method)
        assert sum(e.total for e in found.values()) == pytest.approx(math.log(62 / 34), abs=1e-14)
        assert found["c"].total == 0.0
    margin = {name: e[1] / sales[name][1] - e[0] / sales[name][0] for name, e in ebit.items()}
    by_shapley = attribute_segments(sales=sales, ebit=ebit, method="shapley")
    assert all((by_shapley[name].margin > 0) == (margin[name] > 0) for name in sales)


def test_two_factors_of_a_product_share_what_they_do_together() -> None:
    found = shapley(lambda x: x["s"] * x["m"], {"s": 100.0, "m": 0.1}, {"s": 150.0, "m": -0.02})
    assert found["s"] == pytest.approx(50 * 0.04) and found["m"] == pytest.approx(-0.12 * 125)


def test_additive_returns_leave_a_residual_and_exact_ones_compound() -> None:
    prices = 100.0, 100.0 * 1.5 * 1.2 * 0.9 / 0.95
    factors = {"sales": (1.0, 1.5), "margin": (0.10, 0.12), "multiple": (20.0, 18.0), "shares": (1.0, 0.95)}
    found = realised_return(factors, years=4, inverse=["shares"])
    assert compound(prices[0], rate=found.exact, years=4) == pytest.approx(prices[1], rel=1e-12)
    assert found.additive + found.residual == pytest.approx(found.exact, abs=1e-15)
    assert abs(found.residual) > 1e-4 and found.parts["shares"] > 0
    still = bogle(dividend_yield=0.02, earnings_growth=0.05, pe_start=15.0, pe_end=15.0, years=10)
    assert still.exact == pytest.approx(0.07) and still.residual == pytest.approx(0.0, abs=1e-15)
    bought_back = grinold_kroner(
        dividend_yield=0.02, inflation=0.02, real_growth=0.03, share_change=-0.01, multiple_change=0.0
    )
    assert bought_back.exact == pytest.approx(1.02 * 1.03 / 0.99 - 1 + 0.02)
    assert bought_back.additive == pytest.approx(0.08)
