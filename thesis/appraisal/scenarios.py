"""Scenarios: the market cap of each at the horizon, and which of them today's facts resemble.

A probability is the analyst's own forecast and never follows from a score; without one for each
scenario there is no expected value.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from thesis.appraisal.assumption_sensitivity import SensitivityQuestion, assumption_breakeven
from thesis.appraisal.price_paths import PriceChange, add_paths
from thesis.appraisal.signpost_asker import SignpostAsker
from thesis.core.interval import UNKNOWN, Interval, kth_largest, total
from thesis.core.record import record
from thesis.pack.assumptions import MULTIPLE, scenario_values, single_number
from thesis.pack.schema.valuation import Scenario
from thesis.pricing.inputs import PricingInputs, Reckoned, range_over_corners
from thesis.pricing.model import ModelOutcome, ModelToday
from thesis.valuation import cagr, price_target


@record
class ScenarioSegment:
    """A segment at the horizon."""

    segment: str
    sales: Interval
    margin: Interval
    ebit: Interval


@record
class ScenarioResult:
    """A scenario at the horizon, and what today's facts say of it.

    ``claimed``: whether enough of its signposts hold. ``multiple_needed``: the multiple at which it would
    give the target. ``attribution``: the way of the price from today to there.
    """

    scenario: Scenario
    beliefs: Mapping[str, float]
    segments: tuple[ScenarioSegment, ...]
    sales: Interval
    ebit: Interval
    margin: Interval
    sales_cagr: Interval
    ebit_cagr: Interval
    market_cap: Interval
    cap_cagr: Interval
    price: Interval
    multiple_needed: float | None
    signposts: tuple[Interval, ...]
    claimed: Interval
    attribution: PriceChange
    probability: float | None = None


def scenario_results(setting: PricingInputs, asker: SignpostAsker) -> tuple[ScenarioResult, ...]:
    """Every scenario of a pack. A what-if sets its drivers in each of them."""
    return tuple(_view(setting, scenario, asker) for scenario in setting.valuation.scenarios)


def expected_market_cap(found: tuple[ScenarioResult, ...]) -> Interval | None:
    """The market value expected over the scenarios; None unless each has a probability."""
    if not found or any(view.probability is None for view in found):
        return None
    lo = total((view.probability or 0.0) * view.market_cap.lo for view in found)
    hi = total((view.probability or 0.0) * view.market_cap.hi for view in found)
    return Interval(lo, hi)


def _view(setting: PricingInputs, scenario: Scenario, asker: SignpostAsker) -> ScenarioResult:
    beliefs = scenario_values(setting.assumptions, scenario) | dict(setting.what_if)
    pairs = setting.at_horizon(beliefs)
    horizon, years = setting.horizon, setting.years

    def growth(start: float, end: float, over: float) -> float:
        return float(cagr(start=start, end=end, years=over))

    def price(today: ModelToday, end: ModelOutcome) -> float:
        return float(
            price_target(market_cap=end.market_cap, shares=today.shares, years=years, drift=setting.drift)
        )

    signposts = tuple(asker.answer(signpost.when) for signpost in scenario.signposts)
    question = SensitivityQuestion(setting.today, setting.assumptions, beliefs, setting.target, horizon)
    return ScenarioResult(
        scenario=scenario,
        beliefs=beliefs,
        segments=tuple(_segment(base.segment.id, i, pairs) for i, base in enumerate(setting.start.bases)),
        sales=range_over_corners(pairs, lambda _, end: end.sales),
        ebit=range_over_corners(pairs, lambda _, end: end.ebit),
        margin=range_over_corners(pairs, lambda _, end: end.margin),
        sales_cagr=range_over_corners(pairs, lambda today, end: growth(today.sales, end.sales, horizon)),
        ebit_cagr=range_over_corners(pairs, lambda today, end: growth(today.ebit, end.ebit, horizon)),
        market_cap=range_over_corners(pairs, lambda _, end: end.market_cap),
        cap_cagr=range_over_corners(
            pairs, lambda today, end: growth(today.market_cap, end.market_cap, years)
        ),
        price=range_over_corners(pairs, price),
        multiple_needed=assumption_breakeven(question, setting.assumptions[MULTIPLE]),
        signposts=signposts,
        claimed=kth_largest(signposts, scenario.at_least) if signposts else UNKNOWN,
        attribution=_forward(setting, pairs, price, asker),
        probability=single_number(scenario.probability) if scenario.probability else None,
    )


def _segment(name: str, i: int, pairs: list[tuple[ModelToday, ModelOutcome]]) -> ScenarioSegment:
    return ScenarioSegment(
        name,
        range_over_corners(pairs, lambda _, end: end.segments[i].sales),
        range_over_corners(pairs, lambda _, end: end.segments[i].margin),
        range_over_corners(pairs, lambda _, end: end.segments[i].ebit),
    )


def _forward(
    setting: PricingInputs,
    pairs: list[tuple[ModelToday, ModelOutcome]],
    price: Reckoned,
    asker: SignpostAsker,
) -> PriceChange:
    """The same four bars as looking back, from today to the horizon."""

    def multiple(today: ModelToday, end: ModelOutcome) -> float:
        return math.log(end.market_cap / end.ebit * today.ebit / today.market_cap)

    found = PriceChange(
        since=str(setting.case.as_of),
        until=str(setting.by),
        price=range_over_corners(pairs, lambda today, end: math.log(price(today, end) / today.price)),
        ebit=range_over_corners(pairs, lambda today, end: math.log(end.ebit / today.ebit)),
        multiple=range_over_corners(pairs, multiple),
        shares=range_over_corners(pairs, lambda _, __: -setting.years * math.log1p(setting.drift)),
        multiple_from=range_over_corners(pairs, lambda today, _: today.market_cap / today.ebit),
        multiple_to=range_over_corners(pairs, lambda _, end: end.market_cap / end.ebit),
    )
    return add_paths(found, setting.valuation.paths, asker) if setting.valuation.paths else found
