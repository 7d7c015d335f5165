"""Expectations: the growth, or the years of it, that a price stands for (a discounted cash flow, reversed).

In value drivers, because free cash flow while everything is being built says nothing of what it is
built for. Where no growth pays for the price there is none, and the most that can be reached is said.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from thesis.appraisal.needs import enterprise_at
from thesis.appraisal.setting import Setting
from thesis.appraisal.start import over
from thesis.assumptions import Dcf
from thesis.beliefs import number
from thesis.interval import Interval
from thesis.records import record
from thesis.valuation import (
    DomainError,
    Solved,
    SolvedYears,
    driver_dcf,
    implied_growth,
    implied_years,
    pvgo_share,
)

OWN_WACC, OWN_ROIC = "the middle one", 1


class Cell(NamedTuple):
    """The growth implied at a cost of capital and a return on new capital."""

    wacc: float
    roic: float
    solved: Solved


@record
class Implied:
    """What a value of the business stands for. ``own``: at the pack's own cost of capital and return.

    ``years``: growth to how long it would have to last. ``growth_value``: the share of the value that is
    paid for growth to come; ``explicit``: the share that the explicit years make up at the root.
    """

    label: str
    enterprise: Interval
    own: Cell
    cells: tuple[Cell, ...]
    years: tuple[tuple[float, SolvedYears], ...]
    growth_value: Interval
    explicit: float | None


@record
class Expectations:
    """What today's price implies, and what the target would at today's profit."""

    dcf: Dcf
    nopat: Interval
    now: Implied
    then: Implied


def expectations(setting: Setting, *, whole: bool = True) -> Expectations | None:
    """What the price implies; with only the pack's own cell unless the whole table is asked for."""
    dcf = setting.valuation.implied
    if dcf is None:
        return None
    tax = number(dcf.tax)
    return Expectations(
        dcf,
        over(setting.corners, lambda t: t.ebit * (1 - tax)),
        _implied(setting, dcf, "today's price", None, whole=whole),
        _implied(setting, dcf, "the target", setting.target, whole=whole),
    )


def _implied(setting: Setting, dcf: Dcf, label: str, cap: float | None, *, whole: bool) -> Implied:
    today = setting.today
    value = today.enterprise if cap is None else enterprise_at(today, cap)
    nopat = today.ebit * (1 - number(dcf.tax))
    waccs = [number(text) for text in dcf.wacc]
    roics = [math.inf if text == "none" else number(text) for text in dcf.roic]
    wacc, roic = waccs[len(waccs) // 2], roics[min(OWN_ROIC, len(roics) - 1)]
    gt, ronic = number(dcf.terminal_growth), number(dcf.terminal_return)

    def cell(wacc: float, roic: float) -> Cell:
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
            found = Solved(None, math.nan, math.nan, str(reason))
        return Cell(wacc, roic, found)

    def years(growth: float) -> SolvedYears:
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
            return SolvedYears(None, None, math.nan, math.nan, str(reason))

    own = cell(wacc, roic)
    explicit = None
    if own.solved.value is not None:
        explicit = driver_dcf(
            nopat, growth=own.solved.value, years=dcf.years, roic_inc=roic, wacc=wacc, mid_year=dcf.mid_year,
            terminal_growth=gt,
                ronic=ronic,
        ).explicit_share  # fmt: skip
    tax = number(dcf.tax)
    return Implied(
        label=label,
        enterprise=over(setting.corners, lambda t: t.enterprise if cap is None else enterprise_at(t, cap)),
        own=own,
        cells=tuple(cell(w, r) for w in waccs for r in roics) if whole else (own,),
        years=tuple((growth, years(growth)) for growth in map(number, dcf.growth)) if whole else (),
        growth_value=over(
            setting.corners,
            lambda t: pvgo_share(
                t.enterprise if cap is None else enterprise_at(t, cap), nopat=t.ebit * (1 - tax), wacc=wacc
            ),
        ),
        explicit=explicit,
    )
