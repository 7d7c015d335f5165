"""Priors: how often companies of the size managed such growth, and a view drawn towards them."""

from __future__ import annotations

from thesis import valuation as lib
from thesis.appraisal.setting import Setting
from thesis.appraisal.start import over
from thesis.assumptions import BaseRate, Prior
from thesis.beliefs import growth, number
from thesis.interval import Interval
from thesis.rates import table
from thesis.records import record


@record
class Managed:
    """An assumed growth rate, the share of companies that grew as fast, and the rate drawn towards theirs.

    ``fits``: whether the segment is as large as the companies counted; None where that is not known.
    """

    driver: str
    label: str
    growth: float
    share: Interval
    shrunk: float
    fits: bool | None


@record
class Outside:
    """A table of base rates and the assumptions held against it."""

    table: BaseRate
    prior: Prior
    managed: tuple[Managed, ...]


def managed_by(rates: BaseRate, rate: float) -> Interval:
    """The share of companies that grew faster than a nominal rate; a range in an open class."""
    low, high = lib.fraction_bounds(table(rates), growth=rate, inflation=number(rates.inflation))
    return Interval(low, high)


def shrunk(rates: BaseRate, prior: Prior, rate: float) -> float:
    """A nominal rate drawn towards the table's median, which is brought to nominal."""
    outside = rates.median / 100 + number(rates.inflation)
    return float(lib.shrink(inside=rate, outside=outside, weight=number(prior.weight)))


def outside(setting: Setting) -> tuple[Outside, ...]:
    """Every growth assumption that a pack holds against a table, and the growth of the whole company."""
    tables = {rates.id: rates for rates in setting.valuation.base_rates}
    return tuple(_outside(setting, tables[prior.table], prior) for prior in setting.valuation.priors)


def _outside(setting: Setting, rates: BaseRate, prior: Prior) -> Outside:
    sizes = {
        growth(base.segment.id): over(setting.corners, lambda t, i=i: t.segments[i].sales)  # type: ignore[misc]
        for i, base in enumerate(setting.start.bases)
    }
    listed = [
        _managed(rates, prior, name, setting.known[name].label, setting.beliefs[name], sizes.get(name))
        for name in prior.drivers
    ]
    pairs = setting.at_horizon(setting.beliefs)
    start, end = pairs[0][0].sales, pairs[0][1].sales
    if start > 0 and end > 0:
        whole = lib.cagr(start=start, end=end, years=setting.horizon)
        sales = over(setting.corners, lambda t: t.sales)
        listed.append(_managed(rates, prior, "", "The whole company: sales growth a year", whole, sales))
    return Outside(rates, prior, tuple(listed))


def _managed(
    rates: BaseRate, prior: Prior, name: str, label: str, rate: float, size: Interval | None
) -> Managed:
    fits = None
    if size is not None and not size.is_anything:
        fits = size.lo >= rates.sales_from
    return Managed(name, label, rate, managed_by(rates, rate), shrunk(rates, prior, rate), fits)
