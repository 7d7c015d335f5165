"""What has no meaning is refused, in words: what was expected, what was found, what to do."""

from __future__ import annotations

import inspect
import math
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import thesis.valuation as v
from thesis.valuation import DomainError

DRIVERS: dict[str, Any] = {
    "growth": 0.1,
    "years": 5,
    "roic_inc": 0.2,
    "wacc": 0.08,
    "terminal_growth": 0.03,
    "ronic": 0.1,
}
PLAIN: dict[str, Any] = {"sales": 100.0, "growth": 0.1, "margin": 0.2, "years": 3, "sales_to_capital": 2.0}
TEXT: Any = "0.1"
ONE: Any = (1.0,)
ROWS = v.forecast(**PLAIN)
WALK: dict[str, Any] = {"start": 1.0, "target": 2.0, "years": 1.0, "drift": 0.0, "volatility": 0.2}
TABLE: dict[str, Any] = {"edges": [0.0, 0.1], "shares": [0.3, 0.6, 0.1], "years": 5, "source": "invented"}


@pytest.mark.parametrize(
    ("call", "words"),
    [
        pytest.param(
            lambda: v.driver_dcf(1.0, **DRIVERS | {"terminal_growth": 0.09}),
            "terminal_growth must lie below wacc: expected less than 8 %, found 9 %",
            id="growth above the cost of capital for ever",
        ),
        pytest.param(
            lambda: v.driver_dcf(-1.0, **DRIVERS | {"terminal_growth": 0.08, "growth": 0.3}),
            "nopat: expected more than 0, found -1 (a loss cannot be grown; value it by explicit years with"
            " dcf()); growth must lie below roic_inc: expected less than 20 %, found 30 % (growth would take"
            " more than all profit); terminal_growth must lie below wacc: expected less than 8 %, found 8 %",
            id="everything wrong is told at once",
        ),
        pytest.param(
            lambda: v.driver_dcf(1.0, **DRIVERS, risk_free=0.02),
            "terminal_growth: expected at most 2 %, found 3 % (no firm outgrows the economy",
            id="growth above the rate without risk",
        ),
        pytest.param(
            lambda: v.dcf(ROWS, wacc=0.08, terminal_growth=0.08, ronic=0.1),
            "terminal_growth must lie below terminal wacc: expected less than 8 %, found 8 %",
            id="a terminal value without end",
        ),
        pytest.param(
            lambda: v.value_driver(1.0, growth=0.05, ronic=0.04, wacc=0.09),
            "growth must lie below ronic: expected less than 4 %, found 5 %",
            id="growth above its return",
        ),
        pytest.param(
            lambda: v.forecast(**PLAIN | {"margin": 1.2}),
            "margin: expected at most 100 %, found 120 % (rates are fractions, 9 % is 0.09)",
            id="a margin above everything",
        ),
        pytest.param(
            lambda: v.forecast(**PLAIN | {"growth": [0.1, 0.1], "margin": []}),
            "growth: expected one figure or a list of 3, one a year, found 2; margin: expected one figure"
            " or a list of 3, one a year, found 0",
            id="lists that do not fit",
        ),
        pytest.param(
            lambda: v.forecast(**PLAIN | {"growth": [0.1, -1.5, 0.1]}),
            "growth of year 2: expected more than -100 %, found -150 %",
            id="a year of a list",
        ),
        pytest.param(
            lambda: v.forecast(**PLAIN, roic_inc=0.2),
            "expected exactly one of sales_to_capital, roic_inc, reinvestment_rate, reinvestment,"
            " incremental_investment, found sales_to_capital and roic_inc",
            id="two ways to reinvest",
        ),
        pytest.param(
            lambda: v.forecast(**PLAIN, lag=1),
            "terminal_growth: expected with lag=1, what follows the last year is asked for",
            id="a lag into the unknown",
        ),
        pytest.param(
            lambda: v.forecast(sales=1.0, growth=0.1, margin=0.1, years=1, roic_inc=0.2),
            "base_nopat: expected with roic_inc and lag=0",
            id="growth from nowhere",
        ),
        pytest.param(
            lambda: v.forecast(sales=1.0, growth=0.1, margin=0.1, years=1, reinvestment=0.2, lag=2),
            "lag: expected 0 with reinvestment",
            id="a lag of amounts",
        ),
        pytest.param(
            lambda: v.forecast(**PLAIN | {"years": -3}),
            "years: expected a whole number from 1 to 1000, found -3",
            id="negative years",
        ),
        pytest.param(
            lambda: v.dcf([], wacc=0.1, terminal_growth=0.0, ronic=0.1),
            "rows: expected at least one year of a forecast, found none",
            id="no years",
        ),
        pytest.param(
            lambda: v.dcf(ROWS, wacc=0.1, terminal_growth=0.0, ronic=0.1, exit_multiple=9.0),
            "expected exactly one of terminal_growth, exit_multiple",
            id="two endings",
        ),
        pytest.param(
            lambda: v.dcf(ROWS, wacc=0.1, terminal_growth=0.0),
            "expected exactly one of ronic, terminal_reinvestment_rate, terminal_fcff, found none",
            id="growth at no price",
        ),
        pytest.param(
            lambda: v.dcf(ROWS, wacc=0.1, terminal_growth=0.0, ronic=0.1, terminal_margin=-0.1),
            "terminal_margin: expected more than 0 %, found -10 % (no loss lasts for ever)",
            id="a loss for ever",
        ),
        pytest.param(
            lambda: v.dcf(ROWS, wacc=0.1, exit_multiple=9.0, exit_metric="ebitda"),
            "exit_metric: expected ebit, nopat, sales or an amount, found 'ebitda'",
            id="an unknown metric",
        ),
        pytest.param(
            lambda: v.dcf(v.forecast(**PLAIN | {"margin": -0.1}), wacc=0.1, exit_multiple=9.0),
            "a multiple of nothing or a loss says nothing",
            id="a multiple of a loss",
        ),
        pytest.param(
            lambda: v.economic_profit(
                v.dcf(ROWS, wacc=0.1, terminal_growth=0.0, ronic=0.1, mid_year=True), capital=10.0
            ),
            "valuation: expected year-end discounting, found mid_year",
            id="economic profit within a year",
        ),
        pytest.param(
            lambda: v.implied_multiple(enterprise_value=100.0, ebit=-5.0),
            "ebit: expected more than 0, found -5 (a ratio to nothing or to a loss says nothing; use sales)",
            id="a multiple of a negative EBIT",
        ),
        pytest.param(
            lambda: v.core_pe(market_cap=100.0, ebit=1.0, tax=0.2, net_interest=-3.0),
            "earnings: expected more than 0, found -2.2",
            id="a multiple of negative earnings",
        ),
        pytest.param(
            lambda: v.two_stage_pe(growth=0.2, years=15, roic_inc=0.04, cost_of_equity=0.08),
            "a multiple needs more than 0",
            id="a business worth less than nothing",
        ),
        pytest.param(
            lambda: v.attribute_segments(
                sales={"na": (1.0, 2.0), "intl": (1.0, 2.0)}, ebit={"na": (1.0, 2.0), "intl": (-0.1, 0.2)}
            ),
            "EBIT of intl at the start: expected more than 0, found -0.1 (logarithmic weights need a profit;"
            " use method='shapley')",
            id="a segment's loss has no logarithm",
        ),
        pytest.param(
            lambda: v.attribute_segments(sales={"a": (1.0, 2.0)}, ebit={"b": (1.0, 2.0)}),
            "segments: expected the same in sales and ebit, found a and b",
            id="other segments",
        ),
        pytest.param(
            lambda: v.attribute_segments(sales={"a": (1.0, 2.0)}, ebit={"a": ONE}),
            "EBIT of a: expected start and end, found 1 figures",
            id="half a pair",
        ),
        pytest.param(lambda: v.normal_cdf(TEXT), "x: expected a finite number, found '0.1'", id="text for x"),
        pytest.param(
            lambda: v.compound(1.0, rate=1e300, years=3),
            "1e+300^3: expected a result that a number can hold",
            id="more than a number",
        ),
        pytest.param(
            lambda: v.attribute_price(price=(1.0, 2.0), ebit=(-1.0, 2.0), shares=(1.0, 1.0)),
            "ebit at the start: expected more than 0, found -1",
            id="a loss at the start",
        ),
        pytest.param(
            lambda: v.expected_value([1.0, 2.0], probabilities=[0.5, 0.6]),
            "sum of probabilities: expected at most 1.000000001, found 1.1",
            id="weights that do not add up",
        ),
        pytest.param(
            lambda: v.base_rates(**TABLE | {"shares": [0.3, 0.3, 0.1]}),
            "sum of shares: expected at least 0.99, found 0.7",
            id="a table that does not add up",
        ),
        pytest.param(
            lambda: v.base_rates(**TABLE | {"edges": [0.1, 0.0]}), "edges: expected to rise", id="edges"
        ),
        pytest.param(
            lambda: v.wacc(cost_of_equity=0.1, cost_of_debt=0.05, tax=0.2, equity=0.0, debt=0.0),
            "equity + debt + preferred: expected more than 0, found 0",
            id="no capital",
        ),
        pytest.param(
            lambda: v.sum_of_the_parts([v.ebit_part("a", ebit=1.0, multiple=1.0)] * 2),
            "parts: expected each name once, found a twice",
            id="a part twice",
        ),
        pytest.param(
            lambda: v.carve_out(sales=10.0, ebit=1.0, part_sales=11.0, part_margin=0.1),
            "sales of the rest: expected at least 0, found -1 (a part is at most the whole)",
            id="a part larger than the whole",
        ),
        pytest.param(
            lambda: v.years_needed(start=100.0, end=90.0, rate=0.1),
            "rate: 100 never becomes 90 at 10 % a year; expected a rate below 0 %, or the target has passed",
            id="a target already passed",
        ),
        pytest.param(
            lambda: v.fade(0.1, 0.0, 10, hold=5, by=5),
            "hold: expected less than the year of the end (5), found 5",
            id="no year left to fade",
        ),
        pytest.param(
            lambda: v.fade(0.1, 0.0, 10, by=12), "by: expected at most years (10), found 12", id="too late"
        ),
        pytest.param(lambda: v.present_value([], 0.1), "flows: expected at least one year", id="no flows"),
        pytest.param(
            lambda: v.present_value([1.0], TEXT), "rate: expected a finite number, found '0.1'", id="text"
        ),
        pytest.param(
            lambda: v.p_touch(**WALK | {"volatility": -0.1}), "volatility: expected at least 0 %", id="vol"
        ),
        pytest.param(lambda: v.normal_quantile(1.0), "p: expected less than 1, found 1", id="certainty"),
        pytest.param(
            lambda: v.solve(lambda x: x * x, 0.5, -1.0, 1.0),
            "f: expected to rise or to fall throughout, found it to turn near 0",
            id="a function that turns",
        ),
        pytest.param(
            lambda: v.solve(lambda _: math.inf, 0.5, -1.0, 1.0), "f(-1): expected a finite number", id="pole"
        ),
        pytest.param(
            lambda: v.solve(math.exp, 1.0, 1.0, 0.0), "low: expected less than high", id="backwards"
        ),
        pytest.param(
            lambda: v.breakeven(lambda _: 0.0, {"aws": 1.0}, "asw", 1.0, low=0.0, high=1.0),
            "input: expected one of aws, found 'asw'",
            id="an unknown driver",
        ),
        pytest.param(
            lambda: v.shapley(lambda _: 0.0, {"a": 1.0}, {"b": 1.0}), "inputs: expected the same", id="inputs"
        ),
        pytest.param(
            lambda: v.compound_return({"a": 0.1}, inverse=["b"]),
            "inverse: expected names of growths, found b",
            id="inverse",
        ),
        pytest.param(
            lambda: v.realised_return({"a": (0.0, 1.0)}, years=2),
            "a at the start: expected more than 0, found 0",
            id="a factor of nothing",
        ),
    ],
)
def test_refused_in_words(call: Callable[[], object], words: str) -> None:
    with pytest.raises(DomainError) as refused:
        call()
    assert words in str(refused.value)


NUMBERS: dict[str, tuple[Any, dict[str, float]]] = {
    "cagr": (v.cagr, {"start": 1.0, "end": 2.0, "years": 1.0}),
    "cost_of_equity": (v.cost_of_equity, {"risk_free": 0.04, "beta": 1.0, "equity_risk_premium": 0.05}),
    "driver_dcf": (v.driver_dcf, {"nopat": 1.0, **DRIVERS}),
    "gordon": (v.gordon, {"dividend_next": 1.0, "required_return": 0.1, "growth": 0.0}),
    "p_end": (v.p_end, WALK),
    "price_target": (v.price_target, {"market_cap": 1.0, "shares": 1.0, "years": 1.0, "drift": 0.0}),
    "shrink": (v.shrink, {"inside": 0.1, "outside": 0.0, "weight": 0.5}),
    "justified_pb": (v.justified_pb, {"growth": 0.0, "roe": 0.1, "cost_of_equity": 0.1}),
    "claims": (v.claims, {"debt": 1.0, "cash": 1.0, "stakes_tax": 0.2}),
}


@pytest.mark.parametrize(
    ("name", "bad"), [(n, b) for n in NUMBERS for b in (math.nan, -math.inf, math.inf, None)]
)
def test_what_is_no_number_is_refused_wherever_it_stands(name: str, bad: float) -> None:
    function, arguments = NUMBERS[name]
    assert function(**arguments) is not None
    for argument in arguments:
        if math.inf in (bad, -math.inf) and bad == math.inf and argument in ("roic_inc", "ronic"):
            continue
        with pytest.raises(DomainError, match=argument):
            function(**arguments | {argument: bad})


def test_plain_arithmetic_takes_arrays() -> None:
    rates: Any = np.array([0.05, 0.06, 0.07])
    found = v.value_driver(100.0, growth=0.03, ronic=0.12, wacc=rates)
    each = [v.value_driver(100.0, growth=0.03, ronic=0.12, wacc=float(rate)) for rate in rates]
    assert found.tolist() == each
    assert v.enterprise_value(rates * 1e3, debt=rates).shape == (3,)
    assert v.cagr(start=1.0, end=1 + rates, years=1).tolist() == pytest.approx(rates.tolist())
    with pytest.raises(DomainError, match="growth must lie below wacc"):
        v.value_driver(100.0, growth=0.055, ronic=0.12, wacc=rates)
    with pytest.raises(DomainError, match="wacc: expected a finite number"):
        v.value_driver(100.0, growth=0.03, ronic=0.12, wacc=np.array([0.05, math.nan]))
    assert v.discount_factors(rates, 3) == v.discount_factors(rates.tolist(), 3)


@pytest.mark.parametrize("name", v.__all__)
def test_every_function_is_explained(name: str) -> None:
    """A stranger has the docstrings alone: formula or meaning, errors, and an example."""
    text = inspect.getdoc(getattr(v, name)) or ""
    assert name in (v.__doc__ or ""), "the map names everything"
    assert len(text) > 60
    if inspect.isfunction(getattr(v, name)):
        assert ">>> " in text
        assert "rrors: " in text or name.endswith("_part")


def test_every_result_is_explained_and_named_on_the_map() -> None:
    results = [x for x in vars(v).values() if isinstance(x, type) and issubclass(x, tuple)]
    assert len(results) > 10
    for result in results:
        assert len(inspect.getdoc(result) or "") > 60
        assert result.__name__ in (v.__doc__ or "")


def test_importing_it_needs_nothing_heavy() -> None:
    code = "import sys, thesis.valuation; print([m for m in sys.modules if m.split('.')[0] in %r])"
    heavy = ("numpy", "pydantic", "yaml", "click", "dataclasses", "decimal", "statistics", "jinja2")
    done = subprocess.run([sys.executable, "-c", code % (heavy,)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_results_can_still_be_imported_by_their_former_names() -> None:
    assert (v.Solved, v.SolvedYears) == (v.Solution, v.YearsSolution)
    assert (v.Capitalised, v.CarvedOut) == (v.CapitalisedInvestment, v.CarveOut)
