"""Needs: what the target asks of the price, of profit, of margins and of the multiple, and by when."""

from __future__ import annotations

from datetime import date
from functools import partial

from thesis.appraisal.model import Today
from thesis.appraisal.sensitivity import Question, breakeven_of
from thesis.appraisal.setting import Setting
from thesis.appraisal.start import over
from thesis.appraisal.years import years_between
from thesis.beliefs import MULTIPLE, number
from thesis.interval import Interval, total
from thesis.quarter import parse_day
from thesis.records import record
from thesis.valuation import (
    cagr,
    price_target,
    required_cagr,
    required_ebit,
    required_margin,
    years_needed,
)


@record
class ByDate:
    """The target reached on a day: the price then, and the growth a year that leads there."""

    day: date
    years: float
    price: Interval
    cap_cagr: Interval
    price_cagr: Interval


@record
class AtMultiple:
    """The target at a multiple: the EBIT it takes, in times of today's, and its growth over each horizon."""

    multiple: Interval
    is_today: bool
    ebit: Interval
    times: Interval
    cagr: tuple[Interval, ...]
    margins: tuple[Interval, ...]


@record
class Needs:
    """What the target needs. ``horizons`` head the columns of growth, ``sales_growth`` those of margins.

    ``waits``: cost of equity to the years in which it alone leads to the target. ``leads``: value of the
    leading driver to the multiple that the target then takes, None where none does.
    """

    price_now: Interval
    upside: Interval
    enterprise: Interval
    enterprise_then: Interval
    multiple_now: Interval
    dates: tuple[ByDate, ...]
    waits: tuple[tuple[float, Interval], ...]
    horizons: tuple[float, ...]
    sales_growth: tuple[float, ...]
    margin_years: float
    multiples: tuple[AtMultiple, ...]
    lead: str
    leads: tuple[tuple[float, float | None], ...]


def needs(setting: Setting, *, whole: bool = True) -> Needs | None:
    """The tables of a pack that asks for them; else only the rows of its own day and its own multiple."""
    asked = setting.valuation.needs
    if asked is None:
        return None
    target, corners = setting.target, setting.corners
    own = number(setting.valuation.multiple.central)
    multiples = sorted({*map(number, asked.multiples), own}) if whole else [own]
    days = sorted({*map(parse_day, asked.dates), setting.by}) if whole else [setting.by]
    waits = map(number, asked.cost_of_equity) if whole else ()
    leads = map(number, asked.lead_values) if whole else ()
    rows = [_at_multiple(setting, multiple) for multiple in multiples]
    rows.append(_at_multiple(setting, None))
    return Needs(
        price_now=over(corners, lambda t: price_target(market_cap=target, shares=t.shares)),
        upside=over(corners, lambda t: target / t.market_cap - 1),
        enterprise=over(corners, lambda t: t.enterprise),
        enterprise_then=over(corners, lambda t: enterprise_at(t, target)),
        multiple_now=over(corners, multiple_of),
        dates=tuple(_by_date(setting, day) for day in days),
        waits=tuple((rate, _wait(setting, rate)) for rate in waits),
        horizons=tuple(asked.horizons),
        sales_growth=tuple(map(number, asked.sales_growth)),
        margin_years=asked.margin_years,
        multiples=tuple(sorted(rows, key=lambda row: row.multiple.middle)),
        lead=asked.lead,
        leads=tuple((value, _lead(setting, asked.lead, value)) for value in leads),
    )


def multiple_of(today: Today) -> float:
    """Operating enterprise value to EBIT. Errors: ``ValueError`` of a loss, which has no multiple."""
    return float(today.enterprise / _profit(today))


def _profit(today: Today) -> float:
    if today.ebit <= 0:
        raise ValueError("a loss has no multiple")
    return float(today.ebit)


def enterprise_at(today: Today, market_cap: float) -> float:
    """Operating enterprise value at a market value, what stands beside the business being as today."""
    return float(market_cap - total(holding.value for holding in today.holdings))


def _by_date(setting: Setting, day: date) -> ByDate:
    years, drift, target = years_between(setting.case.as_of, day), setting.drift, setting.target
    corners = setting.corners
    return ByDate(
        day,
        years,
        over(corners, lambda t: price_target(market_cap=target, shares=t.shares, years=years, drift=drift)),
        over(corners, lambda t: required_cagr(now=t.market_cap, target=target, years=years)),
        over(corners, lambda t: required_cagr(now=t.market_cap, target=target, years=years, drift=drift)),
    )


def _wait(setting: Setting, rate: float) -> Interval:
    return over(setting.corners, lambda t: years_needed(start=t.market_cap, end=setting.target, rate=rate))


def _at_multiple(setting: Setting, multiple: float | None) -> AtMultiple:
    asked = setting.valuation.needs
    assert asked
    corners, target = setting.corners, setting.target

    def at(today: Today) -> float:
        return multiple_of(today) if multiple is None else multiple

    def ebit(today: Today) -> float:
        return float(required_ebit(enterprise_value=enterprise_at(today, target), multiple=at(today)))

    def growth(today: Today, years: float) -> float:
        return float(cagr(start=today.ebit, end=ebit(today), years=years))

    def margin(today: Today, rate: float) -> float:
        return float(
            required_margin(ebit=ebit(today), sales=today.sales, growth=rate, years=asked.margin_years)
        )

    return AtMultiple(
        over(corners, at),
        multiple is None,
        over(corners, ebit),
        over(corners, lambda t: ebit(t) / _profit(t)),
        tuple(over(corners, partial(growth, years=years)) for years in asked.horizons),
        tuple(over(corners, partial(margin, rate=number(text))) for text in asked.sales_growth),
    )


def _lead(setting: Setting, driver: str, value: float) -> float | None:
    """The multiple at which the target is reached with one driver at a value, the rest in the middle."""
    beliefs = setting.beliefs | {driver: value}
    question = Question(setting.today, setting.known, beliefs, setting.target, setting.horizon)
    return breakeven_of(question, setting.known[MULTIPLE])
