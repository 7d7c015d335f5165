"""The price, profit, margin and multiple that the target requires, by date."""

from __future__ import annotations

from datetime import date
from functools import partial

from thesis.appraisal.assumption_sensitivity import SensitivityQuestion, assumption_breakeven
from thesis.core.interval import Interval
from thesis.core.period import parse_day, years_between
from thesis.core.record import record
from thesis.pack.assumptions import MULTIPLE, single_number
from thesis.pricing.inputs import PricingInputs
from thesis.pricing.model import ModelToday, enterprise_at, multiple_of, profit_of
from thesis.pricing.starting_values import range_over
from thesis.valuation import cagr, price_target, required_cagr, required_ebit, required_margin, years_needed


@record
class RequirementByDate:
    """The target reached on a day: the price then, and the growth a year that leads there."""

    day: date
    years: float
    price: Interval
    cap_cagr: Interval
    price_cagr: Interval


@record
class RequirementAtMultiple:
    """The target at a multiple: the EBIT it takes, in times of today's, and its growth over each horizon."""

    multiple: Interval
    is_today: bool
    ebit: Interval
    times: Interval
    cagr: tuple[Interval, ...]
    margins: tuple[Interval, ...]


@record
class TargetRequirements:
    """What the target needs. ``horizons`` head the columns of growth, ``sales_growth`` those of margins.

    ``waits``: cost of equity to the years in which it alone leads to the target. ``leads``: value of the
    leading driver to the multiple that the target then takes, None where none does.
    """

    price_now: Interval
    upside: Interval
    enterprise: Interval
    enterprise_then: Interval
    multiple_now: Interval
    dates: tuple[RequirementByDate, ...]
    waits: tuple[tuple[float, Interval], ...]
    horizons: tuple[float, ...]
    sales_growth: tuple[float, ...]
    margin_years: float
    multiples: tuple[RequirementAtMultiple, ...]
    lead: str
    leads: tuple[tuple[float, float | None], ...]


def target_requirements(setting: PricingInputs, *, whole: bool = True) -> TargetRequirements | None:
    """What the target needs, with every table that the pack asks for.

    Without ``whole`` the tables have only the rows of the thesis's own day and its own multiple.
    """
    asked = setting.valuation.needs
    if asked is None:
        return None
    target, corners = setting.target, setting.corners
    own = single_number(setting.valuation.multiple.central)
    multiples = sorted({*map(single_number, asked.multiples), own}) if whole else [own]
    days = sorted({*map(parse_day, asked.dates), setting.by}) if whole else [setting.by]
    waits = map(single_number, asked.cost_of_equity)
    leads = map(single_number, asked.lead_values) if whole else ()
    rows = [_at_multiple(setting, multiple) for multiple in multiples]
    rows.append(_at_multiple(setting, None))
    return TargetRequirements(
        price_now=range_over(corners, lambda t: price_target(market_cap=target, shares=t.shares)),
        upside=range_over(corners, lambda t: target / t.market_cap - 1),
        enterprise=range_over(corners, lambda t: t.enterprise),
        enterprise_then=range_over(corners, lambda t: enterprise_at(t, target)),
        multiple_now=range_over(corners, multiple_of),
        dates=tuple(_by_date(setting, day) for day in days),
        waits=tuple((rate, _wait(setting, rate)) for rate in waits),
        horizons=tuple(asked.horizons),
        sales_growth=tuple(map(single_number, asked.sales_growth)),
        margin_years=asked.margin_years,
        multiples=tuple(sorted(rows, key=lambda row: row.multiple.middle)),
        lead=asked.lead,
        leads=tuple((value, _lead(setting, asked.lead, value)) for value in leads),
    )


def _by_date(setting: PricingInputs, day: date) -> RequirementByDate:
    years, drift, target = years_between(setting.case.as_of, day), setting.drift, setting.target
    corners = setting.corners
    return RequirementByDate(
        day,
        years,
        range_over(
            corners, lambda t: price_target(market_cap=target, shares=t.shares, years=years, drift=drift)
        ),
        range_over(corners, lambda t: required_cagr(now=t.market_cap, target=target, years=years)),
        range_over(
            corners, lambda t: required_cagr(now=t.market_cap, target=target, years=years, drift=drift)
        ),
    )


def _wait(setting: PricingInputs, rate: float) -> Interval:
    return range_over(
        setting.corners, lambda t: years_needed(start=t.market_cap, end=setting.target, rate=rate)
    )


def _at_multiple(setting: PricingInputs, multiple: float | None) -> RequirementAtMultiple:
    asked = setting.valuation.needs
    assert asked
    corners, target = setting.corners, setting.target

    def at(today: ModelToday) -> float:
        return multiple_of(today) if multiple is None else multiple

    def ebit(today: ModelToday) -> float:
        return float(required_ebit(enterprise_value=enterprise_at(today, target), multiple=at(today)))

    def growth(today: ModelToday, years: float) -> float:
        return float(cagr(start=today.ebit, end=ebit(today), years=years))

    def margin(today: ModelToday, rate: float) -> float:
        return float(
            required_margin(ebit=ebit(today), sales=today.sales, growth=rate, years=asked.margin_years)
        )

    return RequirementAtMultiple(
        range_over(corners, at),
        multiple is None,
        range_over(corners, ebit),
        range_over(corners, lambda t: ebit(t) / profit_of(t)),
        tuple(range_over(corners, partial(growth, years=years)) for years in asked.horizons),
        tuple(range_over(corners, partial(margin, rate=single_number(text))) for text in asked.sales_growth),
    )


def _lead(setting: PricingInputs, driver: str, value: float) -> float | None:
    """The multiple at which the target is reached with one driver at a value, the rest in the middle."""
    beliefs = setting.beliefs | {driver: value}
    question = SensitivityQuestion(
        setting.today, setting.assumptions, beliefs, setting.target, setting.horizon
    )
    return assumption_breakeven(question, setting.assumptions[MULTIPLE])
