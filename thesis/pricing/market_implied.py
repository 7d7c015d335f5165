"""Market-implied growth, and years of growth, by solving a discounted cash flow for the price.

In value drivers, because free cash flow while everything is being built says nothing of what it is
built for. Where no growth pays for the price there is none, and the most that can be reached is said.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from thesis.core.interval import Interval
from thesis.core.record import record
from thesis.pack.assumptions import single_number
from thesis.pack.schema.valuation import DiscountedCashFlow
from thesis.pricing.inputs import PricingInputs
from thesis.pricing.model import enterprise_at
from thesis.pricing.starting_values import range_over
from thesis.valuation import (
    DomainError,
    Solution,
    YearsSolution,
    driver_dcf,
    implied_growth,
    implied_years,
    pvgo_share,
)

OWN_WACC, OWN_ROIC = "the middle one", 1


class ImpliedGrowthCell(NamedTuple):
    """The growth implied at a cost of capital and a return on new capital."""

    wacc: float
    roic: float
    solved: Solution


@record
class ImpliedGrowth:
    """What a value of the business stands for. ``own``: at the pack's own cost of capital and return.

    ``years``: growth to how long it would have to last. ``growth_value``: the share of the value that is
    paid for growth to come; ``explicit``: the share that the explicit years make up at the root.
    """

    label: str
    enterprise: Interval
    own: ImpliedGrowthCell
    cells: tuple[ImpliedGrowthCell, ...]
    years: tuple[tuple[float, YearsSolution], ...]
    growth_value: Interval
    explicit: float | None


@record
class MarketImplied:
    """What today's price implies, and what the target would at today's profit."""

    dcf: DiscountedCashFlow
    nopat: Interval
    now: ImpliedGrowth
    then: ImpliedGrowth


def market_implied(setting: PricingInputs, *, whole: bool = True) -> MarketImplied | None:
    """What the price implies; with only the pack's own cell unless the whole table is asked for."""
    dcf = setting.valuation.implied
    if dcf is None:
        return None
    tax = single_number(dcf.tax)
    return MarketImplied(
        dcf,
        range_over(setting.corners, lambda t: t.ebit * (1 - tax)),
        _implied(setting, dcf, "today's price", None, whole=whole),
        _implied(setting, dcf, "the target", setting.target, whole=whole),
    )


def _implied(
    setting: PricingInputs, dcf: DiscountedCashFlow, label: str, cap: float | None, *, whole: bool
) -> ImpliedGrowth:
    today = setting.today
    value = today.enterprise if cap is None else enterprise_at(today, cap)
    nopat = today.ebit * (1 - single_number(dcf.tax))
    waccs = [single_number(text) for text in dcf.wacc]
    roics = [math.inf if text == "none" else single_number(text) for text in dcf.roic]
    wacc, roic = waccs[len(waccs) // 2], roics[min(OWN_ROIC, len(roics) - 1)]
    gt, ronic = single_number(dcf.terminal_growth), single_number(dcf.terminal_return)

    def cell(wacc: float, roic: float) -> ImpliedGrowthCell:
        try:
            found = implied_growth(
                value,
                nopat=nopat,
                years=dcf.years,
                roic_inc=roic,
                wacc=wacc,
                mid_year=dcf.mid_year,
                terminal_growth=gt,
                ronic=ronic,
            )
        except DomainError as reason:
            found = Solution(None, math.nan, math.nan, str(reason))
        return ImpliedGrowthCell(wacc, roic, found)

    def years(growth: float) -> YearsSolution:
        try:
            return implied_years(
                value,
                nopat=nopat,
                growth=growth,
                roic_inc=roic,
                wacc=wacc,
                mid_year=dcf.mid_year,
                terminal_growth=gt,
                ronic=ronic,
            )
        except DomainError as reason:
            return YearsSolution(None, None, math.nan, math.nan, str(reason))

    own = cell(wacc, roic)
    explicit = None
    if own.solved.value is not None:
        explicit = driver_dcf(
            nopat, growth=own.solved.value, years=dcf.years, roic_inc=roic, wacc=wacc, mid_year=dcf.mid_year,
            terminal_growth=gt,
                ronic=ronic,
        ).explicit_share  # fmt: skip
    tax = single_number(dcf.tax)
    return ImpliedGrowth(
        label=label,
        enterprise=range_over(
            setting.corners, lambda t: t.enterprise if cap is None else enterprise_at(t, cap)
        ),
        own=own,
        cells=tuple(cell(w, r) for w in waccs for r in roics) if whole else (own,),
        years=tuple((growth, years(growth)) for growth in map(single_number, dcf.growth)) if whole else (),
        growth_value=range_over(
            setting.corners,
            lambda t: pvgo_share(
                t.enterprise if cap is None else enterprise_at(t, cap), nopat=t.ebit * (1 - tax), wacc=wacc
            ),
        ),
        explicit=explicit,
    )
