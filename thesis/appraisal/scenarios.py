"""Scenarios: what each set of beliefs comes to at the horizon, and which of them today's facts look like.

A probability is the analyst's own forecast and never follows from a score; without one for each
scenario there is no expected value.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from thesis.appraisal.model import Outcome, Today
from thesis.appraisal.routes import Attribution, with_routes
from thesis.appraisal.sensitivity import Question, breakeven_of
from thesis.appraisal.setting import Reckoned, Setting, ranged
from thesis.assumptions import Scenario
from thesis.beliefs import MULTIPLE, number, of_scenario
from thesis.interval import UNKNOWN, Interval, kth_largest, total
from thesis.records import record
from thesis.valuation import cagr, price_target


@record
class SegmentView:
    """A segment at the horizon."""

    segment: str
    sales: Interval
    margin: Interval
    ebit: Interval


@record
class View:
    """A scenario at the horizon, and what today's facts say of it.

    ``claimed``: whether enough of its signposts hold. ``multiple_needed``: the multiple at which it would
    give the target. ``attribution``: the way of the price from today to there.
    """

    scenario: Scenario
    beliefs: Mapping[str, float]
    segments: tuple[SegmentView, ...]
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
    attribution: Attribution
    probability: float | None = None


def views(setting: Setting) -> tuple[View, ...]:
    """Every scenario of a pack. A what-if sets its drivers in each of them."""
    return tuple(_view(setting, scenario) for scenario in setting.valuation.scenarios)


def expected(found: tuple[View, ...]) -> Interval | None:
    """The market value expected over the scenarios; None unless each has a probability."""
    if not found or any(view.probability is None for view in found):
        return None
    lo = total((view.probability or 0.0) * view.market_cap.lo for view in found)
    hi = total((view.probability or 0.0) * view.market_cap.hi for view in found)
    return Interval(lo, hi)


def _view(setting: Setting, scenario: Scenario) -> View:
    beliefs = of_scenario(setting.known, scenario) | dict(setting.changed)
    pairs = setting.at_horizon(beliefs)
    horizon, years = setting.horizon, setting.years

    def growth(start: float, end: float, over: float) -> float:
        return float(cagr(start=start, end=end, years=over))

    def price(today: Today, end: Outcome) -> float:
        return float(
            price_target(market_cap=end.market_cap, shares=today.shares, years=years, drift=setting.drift)
        )

    signposts = tuple(setting.asker.answer(signpost.when) for signpost in scenario.signposts)
    question = Question(setting.today, setting.known, beliefs, setting.target, horizon)
    return View(
        scenario=scenario,
        beliefs=beliefs,
        segments=tuple(_segment(base.segment.id, i, pairs) for i, base in enumerate(setting.start.bases)),
        sales=ranged(pairs, lambda _, end: end.sales),
        ebit=ranged(pairs, lambda _, end: end.ebit),
        margin=ranged(pairs, lambda _, end: end.margin),
        sales_cagr=ranged(pairs, lambda today, end: growth(today.sales, end.sales, horizon)),
        ebit_cagr=ranged(pairs, lambda today, end: growth(today.ebit, end.ebit, horizon)),
        market_cap=ranged(pairs, lambda _, end: end.market_cap),
        cap_cagr=ranged(pairs, lambda today, end: growth(today.market_cap, end.market_cap, years)),
        price=ranged(pairs, price),
        multiple_needed=breakeven_of(question, setting.known[MULTIPLE]),
        signposts=signposts,
        claimed=kth_largest(signposts, scenario.at_least) if signposts else UNKNOWN,
        attribution=_forward(setting, pairs, price),
        probability=number(scenario.probability) if scenario.probability else None,
    )


def _segment(name: str, i: int, pairs: list[tuple[Today, Outcome]]) -> SegmentView:
    return SegmentView(
        name,
        ranged(pairs, lambda _, end: end.segments[i].sales),
        ranged(pairs, lambda _, end: end.segments[i].margin),
        ranged(pairs, lambda _, end: end.segments[i].ebit),
    )


def _forward(setting: Setting, pairs: list[tuple[Today, Outcome]], price: Reckoned) -> Attribution:
    """The same four bars as looking back, from today to the horizon."""

    def multiple(today: Today, end: Outcome) -> float:
        return math.log(end.market_cap / end.ebit * today.ebit / today.market_cap)

    found = Attribution(
        since=str(setting.case.as_of),
        until=str(setting.by),
        price=ranged(pairs, lambda today, end: math.log(price(today, end) / today.price)),
        ebit=ranged(pairs, lambda today, end: math.log(end.ebit / today.ebit)),
        multiple=ranged(pairs, multiple),
        shares=ranged(pairs, lambda _, __: -setting.years * math.log1p(setting.drift)),
        multiple_from=ranged(pairs, lambda today, _: today.market_cap / today.ebit),
        multiple_to=ranged(pairs, lambda _, end: end.market_cap / end.ebit),
    )
    return with_routes(found, setting.valuation.paths, setting.asker) if setting.valuation.paths else found
