"""Market-implied growth, and years of growth, by solving a discounted cash flow for the price.

In value drivers, because free cash flow while everything is being built says nothing of what it is
built for. Where no growth pays for the price there is none, and the most that can be reached is said.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from thesis.core.interval import Interval
from thesis.core.record import record
from thesis.pack.assumptions import single_number
from thesis.pack.schema.valuation import DiscountedCashFlow
from thesis.pricing.growth_in_price import (
    CashFlowTerms,
    growth_range,
    own_terms,
    return_on_capital,
    solve_growth,
)
from thesis.pricing.inputs import PricingInputs
from thesis.pricing.model import ModelToday, enterprise_at
from thesis.pricing.starting_values import range_over
from thesis.valuation import (
    DomainError,
    Solution,
    YearsSolution,
    driver_dcf,
    implied_years,
    pvgo_share,
)


class ImpliedGrowthCell(NamedTuple):
    """The growth implied at a cost of capital and a return on new capital."""

    wacc: float
    roic: float
    solved: Solution


@record
class ImpliedGrowth:
    """What a value of the business stands for. ``own``: at the pack's own cost of capital and return.

    ``growth``: over everything that is uncertain today, as ``value.implied_growth``; ``own`` is its middle.
    ``years``: growth to how long it would have to last. ``growth_value``: the share of the value that is
    paid for growth to come; ``explicit``: the share that the explicit years make up at the root.
    """

    label: str
    enterprise: Interval
    growth: Interval
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
    terms = own_terms(dcf)
    return MarketImplied(
        dcf,
        range_over(setting.corners, lambda t: t.ebit * (1 - terms.tax)),
        _implied(setting, dcf, "today's price", None, whole=whole),
        _implied(setting, dcf, "the target", setting.target, whole=whole),
    )


def _implied(
    setting: PricingInputs, dcf: DiscountedCashFlow, label: str, cap: float | None, *, whole: bool
) -> ImpliedGrowth:
    terms, today = own_terms(dcf), setting.today

    def worth(at: ModelToday) -> float:
        return float(at.enterprise if cap is None else enterprise_at(at, cap))

    def cell(wacc: float, roic: float) -> ImpliedGrowthCell:
        solved = solve_growth(worth(today), today.ebit, terms._replace(wacc=wacc, roic=roic))
        return ImpliedGrowthCell(wacc, roic, solved)

    def years(growth: float) -> YearsSolution:
        try:
            return implied_years(worth(today), growth=growth, **_dcf(today.ebit, terms))
        except DomainError as reason:
            return YearsSolution(None, None, math.nan, math.nan, str(reason))

    own, explicit = cell(terms.wacc, terms.roic), None
    if own.solved.value is not None:
        rates = _dcf(today.ebit, terms)
        nopat = rates.pop("nopat")
        explicit = driver_dcf(nopat, growth=own.solved.value, years=terms.years, **rates).explicit_share
    enterprise = range_over(setting.corners, worth)
    grid = [(single_number(w), return_on_capital(r)) for w in dcf.wacc for r in dcf.roic]
    return ImpliedGrowth(
        label=label,
        enterprise=enterprise,
        growth=growth_range(enterprise, setting.start.ebit.value, terms),
        own=own,
        cells=tuple(cell(w, r) for w, r in grid) if whole else (own,),
        years=tuple((growth, years(growth)) for growth in map(single_number, dcf.growth)) if whole else (),
        growth_value=range_over(
            setting.corners, lambda t: pvgo_share(worth(t), nopat=t.ebit * (1 - terms.tax), wacc=terms.wacc)
        ),
        explicit=explicit,
    )


def _dcf(ebit: float, terms: CashFlowTerms) -> dict[str, Any]:
    """The arguments that models in value drivers share."""
    return {
        "nopat": ebit * (1 - terms.tax),
        "roic_inc": terms.roic,
        "wacc": terms.wacc,
        "mid_year": terms.mid_year,
        "terminal_growth": terms.terminal_growth,
        "ronic": terms.terminal_return,
    }
