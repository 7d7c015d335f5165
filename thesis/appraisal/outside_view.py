"""Base rates for a company's growth, and an own forecast shrunk towards their median."""

from __future__ import annotations

from thesis import valuation as lib
from thesis.core.interval import Interval
from thesis.core.record import record
from thesis.pack.assumptions import base_rate_table, growth_name, price_factor, single_number
from thesis.pack.schema.valuation import BaseRateTable, OwnViewWeight
from thesis.pricing.inputs import PricingInputs
from thesis.pricing.starting_values import range_over


@record
class GrowthAgainstBaseRate:
    """An assumed growth rate, the share of companies that grew as fast, and the rate drawn towards theirs.

    ``fits``: whether the segment is as large as the companies counted, in the table's money; None where
    that is not known.
    """

    driver: str
    label: str
    growth: float
    share: Interval
    shrunk: float
    fits: bool | None


@record
class OutsideView:
    """A table of base rates and the assumptions held against it."""

    table: BaseRateTable
    prior: OwnViewWeight
    managed: tuple[GrowthAgainstBaseRate, ...]


def share_reaching(rates: BaseRateTable, rate: float) -> Interval:
    """The share of companies that grew faster than a nominal rate; a range in an open class."""
    low, high = lib.fraction_bounds(
        base_rate_table(rates), growth=rate, inflation=single_number(rates.inflation)
    )
    return Interval(low, high)


def shrink_to_base_rate(rates: BaseRateTable, prior: OwnViewWeight, rate: float) -> float:
    """A nominal rate drawn towards the table's median, which is brought to nominal."""
    outside = rates.median / 100 + single_number(rates.inflation)
    return float(lib.shrink(inside=rate, outside=outside, weight=single_number(prior.weight)))


def outside_view(setting: PricingInputs) -> tuple[OutsideView, ...]:
    """Every growth assumption that a pack holds against a table, and the growth of the whole company."""
    tables = {rates.id: rates for rates in setting.valuation.base_rates}
    return tuple(_outside(setting, tables[prior.table], prior) for prior in setting.valuation.priors)


def _outside(setting: PricingInputs, rates: BaseRateTable, prior: OwnViewWeight) -> OutsideView:
    sizes = {
        growth_name(base.segment.id): range_over(setting.corners, lambda t, i=i: t.segments[i].sales)  # type: ignore[misc]
        for i, base in enumerate(setting.start.bases)
    }
    listed = [
        _managed(rates, prior, name, setting.assumptions[name].label, setting.beliefs[name], sizes.get(name))
        for name in prior.drivers
    ]
    pairs = setting.at_horizon(setting.beliefs)
    start, end = pairs[0][0].sales, pairs[0][1].sales
    if start > 0 and end > 0:
        whole = lib.cagr(start=start, end=end, years=setting.horizon)
        sales = range_over(setting.corners, lambda t: t.sales)
        listed.append(_managed(rates, prior, "", "The whole company: sales growth a year", whole, sales))
    return OutsideView(rates, prior, tuple(listed))


def _managed(
    rates: BaseRateTable, prior: OwnViewWeight, name: str, label: str, rate: float, size: Interval | None
) -> GrowthAgainstBaseRate:
    fits, factor = None, price_factor(rates)
    if size is not None and not size.is_anything and factor is not None:
        fits = size.lo * factor >= rates.sales_from
    return GrowthAgainstBaseRate(
        name, label, rate, share_reaching(rates, rate), shrink_to_base_rate(rates, prior, rate), fits
    )
