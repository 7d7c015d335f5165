"""Valuation arithmetic: pure functions from which published models can be rebuilt.

Conventions: rates are fractions per year (9 % is 0.09), compounded annually (drift and the rates of
options: continuously) and never rounded before use. Flows come at year end unless ``mid_year=True``; the
first year is whole unless ``stub`` says what is left of it. Money is in any one unit. ``Yearly`` is one
figure for every year or a list of one a year, year 1 first. ``Number`` is a float or an array of floats,
``Pair`` two figures, start and end or low and high. ``inf`` is allowed as a return on new capital
(growth that needs none), nowhere else. An argument without meaning is refused with ``DomainError``, all of a
call's at once. A solver that finds nothing says so (``Solution.value`` is None, with the range that can be
reached); it never gives a clipped number.

    rates        cagr, compound, years_needed; paths by the year: fade (straight), decay (by a share of the
                 gap); discount_factors, present_value; real_rate, nominal_rate
    capital      cost_of_equity (CAPM), wacc, levered_beta, unlevered_beta; capitalised (R&D as an asset)
    forecast     forecast: sales, EBIT, tax, reinvestment, FCFF by the year
                 dcf: their value, with growth for ever or an exit multiple
                 economic_profit: the same value as capital plus economic profit; residual_income: of equity
                 shareholder_value_added, threshold_margin (Rappaport)
    drivers      value_driver: NOPAT (1 - g/RONIC) / (wacc - g); two_stage_value; steady_state, pvgo_share;
                 driver_dcf: growth, its length and its return
    implied      implied_growth, implied_years, implied_roic, implied_wacc of a price, by driver_dcf;
                 solve, solve_years: of any model of one's own
    multiples    gordon, h_model, dividend_discount (two, three or more stages); justified_pe, two_stage_pe,
                 justified_pb, justified_ev_ebit, justified_ev_ebitda, justified_ev_sales
    targets      price_target, required_cagr, required_ebit, required_margin, implied_multiple, core_pe
    bridge       claims, enterprise_value, equity_value, per_share, diluted_shares (treasury stock),
                 option_value, warrant_value; failure_adjusted, expected_value
    parts        ebit_part, ebitda_part, sales_part, value_part, sum_of_the_parts, carve_out
    attribution  attribute_price: EBIT, multiple, shares in logarithms; attribute_segments (LMDI, Shapley);
                 lmdi: any factors by segment; log_mean; shapley: of any model
    returns      compound_return, realised_return, bogle, grinold_kroner: exact beside additive
    chance       p_end, p_touch, p_touch_below, p_touch_given_end, p_lognormal; normal_cdf, normal_quantile
    base rates   base_rates, fraction_above, fraction_bounds, shrink
    sensitivity  tornado, breakeven

Results are named tuples, each explained by its own docstring, as in ``help(thesis.valuation.Valuation)``:
ForecastYear, DcfYear, Terminal, Valuation, EconomicProfit, DriverValue; Solution, YearsSolution; Part,
SumOfParts, CarveOut; PriceAttribution, SegmentEffect, Decomposition, ReturnParts; BaseRates; Bar;
CapitalisedInvestment.

A ten-year model, flat for five years and then fading:

>>> growth, cost = fade(0.12, 0.04, 10, hold=5), fade(0.09, 0.08, 10, hold=5)
>>> rows = forecast(sales=100.0, growth=growth, margin=fade(0.10, 0.15, 10, by=5), years=10, tax=0.25,
...                 sales_to_capital=2.0)
>>> value = dcf(rows, wacc=cost, terminal_growth=0.04, ronic=0.12)
>>> round(per_share(equity_value(value.enterprise_value, debt=50.0, cash=20.0), shares=10.0), 2)
24.99

What a price asks of a model of one's own, here of its margin:

>>> def value_at(margin):
...     rows = forecast(sales=100.0, growth=growth, margin=margin, years=10, tax=0.25, sales_to_capital=2.0)
...     return dcf(rows, wacc=cost, terminal_growth=0.04, ronic=0.12).enterprise_value
>>> solve(value_at, 300.0, 0.05, 0.30).value is not None, solve(value_at, 900.0, 0.05, 0.30).value
(True, None)
"""

from __future__ import annotations

from thesis.valuation.attribution import PriceAttribution as PriceAttribution
from thesis.valuation.attribution import SegmentEffect as SegmentEffect
from thesis.valuation.attribution import attribute_price, attribute_segments, log_mean, shapley
from thesis.valuation.base_rates import BaseRates as BaseRates
from thesis.valuation.base_rates import base_rates, fraction_above, fraction_bounds, shrink
from thesis.valuation.breakeven import Bar as Bar
from thesis.valuation.breakeven import breakeven, tornado
from thesis.valuation.bridge import (
    claims,
    diluted_shares,
    enterprise_value,
    equity_value,
    expected_value,
    failure_adjusted,
    per_share,
)
from thesis.valuation.capital import CapitalisedInvestment as CapitalisedInvestment
from thesis.valuation.capital import capitalised, cost_of_equity, levered_beta, unlevered_beta, wacc
from thesis.valuation.chance import (
    normal_cdf,
    normal_quantile,
    p_end,
    p_lognormal,
    p_touch,
    p_touch_below,
    p_touch_given_end,
)
from thesis.valuation.domain_checks import DomainError
from thesis.valuation.domain_checks import Number as Number
from thesis.valuation.domain_checks import Yearly as Yearly
from thesis.valuation.flows import DcfYear as DcfYear
from thesis.valuation.flows import Terminal as Terminal
from thesis.valuation.flows import Valuation as Valuation
from thesis.valuation.flows import dcf
from thesis.valuation.forecasting import ForecastYear as ForecastYear
from thesis.valuation.forecasting import forecast
from thesis.valuation.growth_rates import (
    cagr,
    compound,
    decay,
    discount_factors,
    fade,
    nominal_rate,
    present_value,
    real_rate,
    years_needed,
)
from thesis.valuation.implied import implied_growth, implied_roic, implied_wacc, implied_years
from thesis.valuation.mean_divisia import Decomposition as Decomposition
from thesis.valuation.mean_divisia import lmdi
from thesis.valuation.multiples import (
    dividend_discount,
    gordon,
    h_model,
    justified_ev_ebit,
    justified_ev_ebitda,
    justified_ev_sales,
    justified_pb,
    justified_pe,
    two_stage_pe,
)
from thesis.valuation.options import option_value, warrant_value
from thesis.valuation.profit import EconomicProfit as EconomicProfit
from thesis.valuation.profit import (
    economic_profit,
    residual_income,
    shareholder_value_added,
    threshold_margin,
)
from thesis.valuation.returns import ReturnParts as ReturnParts
from thesis.valuation.returns import bogle, compound_return, grinold_kroner, realised_return
from thesis.valuation.solving import Solution as Solution
from thesis.valuation.solving import YearsSolution as YearsSolution
from thesis.valuation.solving import solve, solve_years
from thesis.valuation.sum_of_parts import CarveOut as CarveOut
from thesis.valuation.sum_of_parts import Part as Part
from thesis.valuation.sum_of_parts import SumOfParts as SumOfParts
from thesis.valuation.sum_of_parts import (
    carve_out,
    ebit_part,
    ebitda_part,
    sales_part,
    sum_of_the_parts,
    value_part,
)
from thesis.valuation.targets import (
    core_pe,
    implied_multiple,
    price_target,
    required_cagr,
    required_ebit,
    required_margin,
)
from thesis.valuation.value_drivers import DriverValue as DriverValue
from thesis.valuation.value_drivers import driver_dcf, pvgo_share, steady_state, two_stage_value, value_driver

# the results' classes can be imported too; left out here, they do not hide the functions in help()
__all__ = [
    "DomainError",
    "attribute_price",
    "attribute_segments",
    "base_rates",
    "bogle",
    "breakeven",
    "cagr",
    "capitalised",
    "carve_out",
    "claims",
    "compound",
    "compound_return",
    "core_pe",
    "cost_of_equity",
    "dcf",
    "decay",
    "diluted_shares",
    "discount_factors",
    "dividend_discount",
    "driver_dcf",
    "ebit_part",
    "ebitda_part",
    "economic_profit",
    "enterprise_value",
    "equity_value",
    "expected_value",
    "fade",
    "failure_adjusted",
    "forecast",
    "fraction_above",
    "fraction_bounds",
    "gordon",
    "grinold_kroner",
    "h_model",
    "implied_growth",
    "implied_multiple",
    "implied_roic",
    "implied_wacc",
    "implied_years",
    "justified_ev_ebit",
    "justified_ev_ebitda",
    "justified_ev_sales",
    "justified_pb",
    "justified_pe",
    "levered_beta",
    "lmdi",
    "log_mean",
    "nominal_rate",
    "normal_cdf",
    "normal_quantile",
    "option_value",
    "p_end",
    "p_lognormal",
    "p_touch",
    "p_touch_below",
    "p_touch_given_end",
    "per_share",
    "present_value",
    "price_target",
    "pvgo_share",
    "real_rate",
    "realised_return",
    "required_cagr",
    "required_ebit",
    "required_margin",
    "residual_income",
    "sales_part",
    "shapley",
    "shareholder_value_added",
    "shrink",
    "solve",
    "solve_years",
    "steady_state",
    "sum_of_the_parts",
    "threshold_margin",
    "tornado",
    "two_stage_pe",
    "two_stage_value",
    "unlevered_beta",
    "value_driver",
    "value_part",
    "wacc",
    "warrant_value",
    "years_needed",
]

# the names that these results had before; they stay for one release
Capitalised, CarvedOut, Solved, SolvedYears = CapitalisedInvestment, CarveOut, Solution, YearsSolution
