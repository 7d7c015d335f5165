"""What a pack's beliefs come to: against the method's own figures, and by laws of any figures."""

from __future__ import annotations

import math
from datetime import date
from functools import cache
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.method_stakes import with_stakes_of_the_method
from tests.tiers import examples
from thesis.appraisal.appraise import Appraisal, appraise
from thesis.appraisal.price_paths import price_change, price_changes_since, price_point
from thesis.core.interval import EVERYTHING, Interval, point
from thesis.files.cache import Cache
from thesis.language.evaluate import Supposition
from thesis.pack.folder import read_folder
from thesis.pack.load import Pack
from thesis.pack.schema.valuation import BridgeItem
from thesis.pricing.model import ModelState, ModelToday, StakeValue, model_outcome
from thesis.pricing.priced_case import case_as_of
from thesis.pricing.starting_values import after_tax
from thesis.workspace.find_pack import find_pack
from thesis.workspace.open_pack import open_pack

pytestmark = pytest.mark.quick

DAY = date(2026, 11, 22)
Something = TypeVar("Something")
PRICE = point(254.80)  # of 2026-10-06, which the method reckons with
STAKES = 176.8e9  # likewise; the reports give 176.5


@cache
def amazon() -> Pack:
    return open_pack(read_folder(*find_pack("amzn-4t", Path.cwd())), DAY, Cache(None))


@cache
def method() -> Pack:
    return with_stakes_of_the_method(amazon())


@cache
def appraisal() -> Appraisal:
    found = appraise(case_as_of(method(), DAY, {"price": PRICE}), {"stakes": STAKES})
    assert found is not None
    return found


def there(value: Something | None) -> Something:
    assert value is not None
    return value


def near(value: float | Interval | None, expected: float, digits: float) -> bool:
    """Whether a figure is the expected one to half of the last digit that is printed of it."""
    middle = value.middle if isinstance(value, Interval) else value
    return middle is not None and abs(middle - expected) <= digits * 0.51


# the method's reference figures -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("year", "cagr", "price"),
    [(2027, 40.4, 366.8), (2028, 19.5, 363.1), (2029, 12.8, 359.5), (2030, 9.6, 356.0), (2031, 7.6, 352.5)],
)
def test_growth_of_market_value_and_the_price_needed_by_year_end(
    year: int, cagr: float, price: float
) -> None:
    """The method prints 40.2 % for 2027: with the days counted, 404 of 365.25, it is 40.4 %."""
    needs = there(appraisal().needs)
    found = next(each for each in needs.dates if each.day.year == year)
    assert near(found.cap_cagr, cagr / 100, 0.001)
    assert near(found.price, price, 0.1)


@pytest.mark.parametrize(("rate", "years"), [(8, 4.9), (9, 4.35), (10, 3.9), (11, 3.6), (12, 3.3)])
def test_years_at_the_cost_of_equity(rate: int, years: float) -> None:
    needs = there(appraisal().needs)
    assert near(dict(needs.waits)[rate / 100], years, 0.01 if years == 4.35 else 0.1)


@pytest.mark.parametrize(
    ("multiple", "ebit", "times", "growth"),
    [
        (18, 212.7, 2.27, (38.8, 26.4, 20.0)),
        (20, 191.5, 2.04, (33.1, 22.6, 17.2)),
        (22, 174.1, 1.86, (28.1, 19.4, 14.7)),  # 14.75, which the method prints as 14.7
        (25, 153.2, 1.63, (21.7, 15.1, 11.5)),
        (27.5, 139.2, 1.49, (17.2, 12.0, 9.2)),
        (30, 127.6, 1.36, (13.2, 9.2, 7.1)),
    ],
)
def test_profit_needed_by_multiple(
    multiple: float, ebit: float, times: float, growth: tuple[float, ...]
) -> None:
    needs = there(appraisal().needs)
    row = next(each for each in needs.multiples if abs(each.multiple.middle - multiple) < 0.05)
    assert near(row.ebit, ebit * 1e9, 0.1e9)
    assert near(row.times, times, 0.01)
    for found, expected in zip(row.cagr, growth, strict=True):
        assert near(found, expected / 100, 0.0011)


@pytest.mark.parametrize(
    ("multiple", "margins"),
    [(20, (18.3, 17.1, 16.1, 15.1)), (22, (16.6, 15.6, 14.6, 13.8)), (25, (14.6, 13.7, 12.9, 12.1))],
)
def test_margin_needed_by_growth_of_sales(multiple: float, margins: tuple[float, ...]) -> None:
    needs = there(appraisal().needs)
    row = next(each for each in needs.multiples if each.multiple == point(multiple))
    for found, expected in zip(row.margins, margins, strict=True):
        assert near(found, expected / 100, 0.001)


@pytest.mark.parametrize(
    ("driver", "swing", "breakeven", "digit"),
    [
        ("multiple", 1769, 21.36, 0.01),
        ("aws.growth", 1240, 0.208, 0.001),
        ("aws.margin", 688, 0.389, 0.001),
        ("retail.margin", 623, 0.0405, 0.0001),
        ("ads.margin", 549, 0.438, 0.001),
        ("ads.growth", 369, 0.198, 0.001),
        ("cash_flow", 350, 291e9, 1e9),
        ("stakes", 280, 418e9, 1e9),
        ("retail.growth", 64, 0.202, 0.001),
    ],
)
def test_swings_and_breakevens(driver: str, swing: float, breakeven: float, digit: float) -> None:
    lever = next(each for each in appraisal().levers if each.name == driver)
    assert near(lever.swing, swing * 1e9, 1e9)
    assert near(lever.breakeven, breakeven, digit)


def test_drivers_are_listed_by_what_they_move() -> None:
    assert [lever.name for lever in appraisal().levers][:4] == [
        "multiple", "aws.growth", "aws.margin", "retail.margin",
    ]  # fmt: skip


@pytest.mark.parametrize(("rate", "multiple"), [(10, 25.7), (15, 22.9), (18, 21.4), (20, 20.4), (25, 18.1)])
def test_multiple_that_the_target_takes_by_aws_growth(rate: int, multiple: float) -> None:
    needs = there(appraisal().needs)
    assert near(dict(needs.leads)[rate / 100], multiple, 0.1)


@pytest.mark.parametrize(
    ("name", "ebit", "growth", "sales", "margin", "cap"),
    [
        ("bear", 105.4, 2.6, 6.7, 10.2, 1757),
        ("base", 176.9, 15.2, 10.8, 14.4, 3759),
        ("bull", 243.0, 23.6, 13.9, 17.4, 5617),
    ],
)
def test_scenarios(name: str, ebit: float, growth: float, sales: float, margin: float, cap: float) -> None:
    view = next(each for each in appraisal().scenarios if each.scenario.id == name)
    assert near(view.ebit, ebit * 1e9, 0.1e9)
    assert near(view.ebit_cagr, growth / 100, 0.001)
    assert near(view.sales_cagr, sales / 100, 0.001)
    assert near(view.margin, margin / 100, 0.001)
    assert near(view.market_cap, cap * 1e9, 1e9)


@pytest.mark.parametrize(
    ("wacc", "roic", "now", "then"),
    [
        (0.08, 0.18, 16.6, None), (0.08, 0.25, 14.9, 20.9), (0.08, 0.35, 13.9, 19.7),
        (0.08, math.inf, 12.0, 17.2),
        (0.09, 0.18, None, None), (0.09, 0.25, 18.7, None), (0.09, 0.35, 17.2, 23.3),
        (0.09, math.inf, 14.5, 19.9),
        (0.10, 0.18, None, None), (0.10, 0.25, 22.6, None), (0.10, 0.35, 20.4, 26.7),
        (0.10, math.inf, 16.9, 22.4),
    ],
)  # fmt: skip
def test_growth_that_a_price_implies(wacc: float, roic: float, now: float | None, then: float | None) -> None:
    found = there(appraisal().expectations)
    for implied, expected in ((found.now, now), (found.then, then)):
        value = next(c for c in implied.cells if (c.wacc, c.roic) == (wacc, roic)).solved.value
        assert value is None if expected is None else near(value, expected / 100, 0.001)


def test_where_no_growth_pays_for_the_price_the_most_that_can_be_reached_is_said() -> None:
    found = there(appraisal().expectations)
    most = {(c.wacc, c.roic): c.solved.most for c in (*found.now.cells, *found.then.cells)}
    assert near(most[0.09, 0.18], 2134e9, 1e9)
    assert near(most[0.09, 0.25], 3797e9, 1e9)


def test_years_of_growth_and_growth_to_come_that_a_price_implies() -> None:
    found = there(appraisal().expectations)
    assert [solved.whole for _, solved in found.now.years] == [19, 14, 11]
    assert [solved.whole for _, solved in found.then.years] == [29, 20, 16]
    assert near(found.now.growth_value, 0.677, 0.001)
    assert near(found.then.growth_value, 0.782, 0.001)
    assert near(found.now.explicit, 0.12, 0.01)


@pytest.mark.parametrize(
    ("since", "ebit", "multiple", "shares"),
    [("2023-12-29", 93.3, -37.8, -3.8), ("2024-12-31", 31.2, -14.4, -1.8), ("2025-12-31", 15.9, -5.5, -0.5)],
)
def test_where_the_price_came_from(since: str, ebit: float, multiple: float, shares: float) -> None:
    """Off by up to .1 in the multiple: the shares here are those of the reports' cover pages."""
    found = next(each for each in appraisal().since if each.since == since)
    assert near(found.ebit, ebit / 100, 0.001)
    assert near(found.multiple, multiple / 100, 0.003)
    assert near(found.shares, shares / 100, 0.002)


def test_the_earnings_path_against_a_falling_multiple_is_the_one_taken() -> None:
    assert appraisal().since[0].active == "earnings-against-derating"


@pytest.mark.parametrize(
    ("year", "end", "touch"),
    [
        (2027, 0.152, 0.282),
        (2028, 0.260, 0.464),
        (2029, 0.328, 0.568),
        (2030, 0.377, 0.637),
        (2031, 0.415, 0.686),
    ],
)
def test_chances_of_a_random_walk(year: int, end: float, touch: float) -> None:
    """For 2027 the method counts a few days more: .152 and .282 against .151 and .281."""
    chances = there(appraisal().chances)
    found = next(each for each in chances.dates if each.day.year == year)
    slack = 0.004 if year == 2027 else 0.001
    assert near(found.end, end, slack)
    assert near(found.touch, touch, slack)


@pytest.mark.parametrize(
    ("driver", "share"), [("aws.growth", 3.1), ("ads.growth", 8.2), ("retail.growth", 25.5)]
)
def test_companies_that_managed_it(driver: str, share: float) -> None:
    found = next(m for outside in appraisal().outside for m in outside.managed if m.driver == driver)
    assert near(found.share, share / 100, 0.001)


# laws --------------------------------------------------------------------------------------------


def test_the_range_of_the_advertising_margin_reaches_the_sum_of_the_parts_and_not_its_profit() -> None:
    found = there(appraisal().parts)
    assert found.ebit.is_point
    ads, retail = found.parts[1], found.parts[2]
    assert ads.ebit == Interval(0.25 * ads.sales.lo, 0.45 * ads.sales.lo)
    assert math.isclose(ads.ebit.hi + retail.ebit.lo, ads.ebit.lo + retail.ebit.hi)
    assert found.enterprise.width > 0


@pytest.mark.parametrize("which", [0, 1, 2])
def test_the_parts_of_a_price_add_up(which: int) -> None:
    found = appraisal().since[which]
    assert math.isclose(found.price.lo, found.ebit.lo + found.multiple.lo + found.shares.lo, abs_tol=1e-12)
    sales = sum(part.sales.middle + part.margin.middle for part in found.segments)
    assert math.isclose(sales, found.ebit.lo, abs_tol=1e-9)


def test_forward_parts_add_up_in_every_scenario() -> None:
    for view in appraisal().scenarios:
        way = view.attribution
        assert math.isclose(way.price.lo, way.ebit.lo + way.multiple.middle + way.shares.lo, abs_tol=1e-3)


def test_a_breakeven_put_back_gives_the_target() -> None:
    case = case_as_of(method(), DAY, {"price": PRICE})
    found = appraise(case, {"multiple": 21.364390673757, "stakes": STAKES})
    assert found is not None
    assert found.market_cap is not None
    assert math.isclose(found.market_cap, 4e12, rel_tol=1e-9)


def test_the_pair_with_the_smallest_move_beats_each_driver_alone() -> None:
    found = there(appraisal().pair)
    alone = min(lever.stretch for lever in appraisal().levers)
    assert found.move < alone
    again = appraise(
        case_as_of(method(), DAY, {"price": PRICE}),
        {"stakes": STAKES, **dict(zip((found.first, found.second), found.values, strict=True))},
    )
    assert again is not None
    assert again.market_cap is not None
    assert math.isclose(again.market_cap, 4e12, rel_tol=1e-6)


def test_the_middle_of_the_stakes_is_what_they_are_carried_at() -> None:
    """As its reason says. Once it lay outside the range that the bridge has."""
    case = case_as_of(amazon(), date(2026, 10, 15))
    found = there(appraise(case))
    carried = next(each.after_tax for each in found.start.claims if each.claim.id == "stakes")
    middle = next(lever.central for lever in found.levers if lever.name == "stakes")
    assert carried.lo <= middle <= carried.hi


@pytest.mark.parametrize(
    ("value", "cost", "tax", "left"),
    [
        ((219.1, 219.1), (46.7, 46.7), (0.21, 0.21), (182.896, 182.896)),  # of the gain alone
        ((28.7, 28.7), (28.7, 28.7), (0.21, 0.21), (28.7, 28.7)),  # carried at cost: no gain
        ((10.0, 10.0), (30.0, 30.0), (0.21, 0.21), (10.0, 10.0)),  # a loss saves no tax
        ((90.0, 110.0), (0.0, 0.0), (0.21, 0.21), (71.1, 86.9)),  # all of it gain
        ((100.0, 100.0), (-math.inf, math.inf), (0.2, 0.2), (80.0, 100.0)),  # not known: none to all of it
        ((4.0, 4.0), (0.0, 0.0), (0.0, 0.2), (3.2, 4.0)),
    ],
)
def test_tax_falls_on_the_gain_of_something_owned(
    value: tuple[float, float], cost: tuple[float, float], tax: tuple[float, float], left: tuple[float, float]
) -> None:
    claim = BridgeItem("stake", "A stake", "stake", "owned", f"{tax[0]}..{tax[1]}", cost="cost")
    found = after_tax(claim, Interval(*value), Interval(*cost))
    assert (found.lo, found.hi) == pytest.approx(left)


def test_history_uses_nothing_filed_later() -> None:
    case = case_as_of(amazon(), DAY)
    whole, valuation = appraise(case), amazon().valuation
    assert whole is not None
    assert valuation is not None
    for quarter, found in whole.history[-4:]:
        (then,) = price_changes_since(
            valuation, case_as_of(amazon(), case.first_filed[quarter]), [date(2023, 12, 29)]
        )
        assert (found.until, found.price, found.ebit) == (then.until, then.price, then.ebit)
        assert found.until <= str(case.first_filed[quarter])


def test_what_is_not_known_leaves_nothing_reckoned_and_is_named() -> None:
    found = appraise(case_as_of(amazon(), date(2024, 5, 15)))
    assert found is not None
    assert {each.label for each in found.missing} == {"Stakes in Anthropic and OpenAI", "Equity warrants"}
    assert found.needs is None
    assert found.levers == ()


def test_a_loss_today_leaves_the_multiple_unknown_and_no_traceback() -> None:
    loss = point(-5e9)
    case = case_as_of(amazon(), DAY, {"price": PRICE, "operating_income": Supposition(loss, 4)})
    found = appraise(case)
    assert found is not None
    assert found.needs is not None
    assert found.needs.dates[0].price.is_point
    assert all(row.times == EVERYTHING or row.times.hi <= 0 for row in found.needs.multiples)


def test_supposing_a_price_changes_today_and_not_the_past() -> None:
    plain, supposed = (
        appraise(case_as_of(amazon(), DAY)),
        appraise(case_as_of(amazon(), DAY, {"price": point(500.0)})),
    )
    assert plain is not None
    assert supposed is not None
    assert supposed.since[0].price.lo > plain.since[0].price.lo
    assert [a.price for _, a in supposed.history] == [a.price for _, a in plain.history]
    assert supposed.is_passed
    assert not plain.is_passed


rates = st.floats(-0.3, 0.6)
margins = st.floats(-0.2, 0.6)


@examples(100)
@given(rates, rates, margins, st.floats(1, 60), st.floats(1, 60))
def test_market_value_rises_with_growth_and_with_the_multiple(
    slow: float, fast: float, margin: float, low: float, high: float
) -> None:
    today = ModelToday(10.0, 100.0, (ModelState("a", 500.0, 0.1),), (StakeValue("debt", -20.0),))
    slow, fast = sorted((slow, fast))
    low, high = sorted((low, high))

    def cap(growth: float, multiple: float) -> float:
        beliefs = {"a.growth": growth, "a.margin": abs(margin), "multiple": multiple}
        return float(model_outcome(today, beliefs, 4.0, 4.0).market_cap)

    assert cap(slow, low) <= cap(fast, low) + 1e-9
    assert cap(slow, low) <= cap(slow, high) + 1e-9


@examples(100)
@given(st.floats(0.1, 10.0))
def test_at_the_start_nothing_has_moved(horizon: float) -> None:
    today = ModelToday(
        10.0,
        100.0,
        (ModelState("a", 500.0, 0.1), ModelState("b", 300.0, -0.02)),
        (StakeValue("debt", -20.0),),
    )
    beliefs = {"a.growth": 0.2, "a.margin": 0.3, "b.growth": 0.1, "b.margin": 0.1, "multiple": 9.0}
    assert math.isclose(model_outcome(today, beliefs, 0.0, horizon).market_cap, today.market_cap)


def test_a_change_from_a_day_to_itself_is_none() -> None:
    case = case_as_of(amazon(), DAY)
    valuation = amazon().valuation
    assert valuation is not None
    now = price_point(valuation, case)
    found = price_change(now, now)
    assert (found.price, found.ebit, found.multiple, found.shares) == (point(0.0),) * 4
