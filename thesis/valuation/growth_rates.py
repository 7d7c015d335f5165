"""Compound growth, paths from one rate to another, and discounting.

Rates are fractions per year, compounded annually. Source of the formulas, unless a function says
otherwise: Brealey, Myers & Allen, Principles of Corporate Finance, chapter 2.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from thesis.core.argument_checks import number_text
from thesis.core.interval import total
from thesis.valuation.domain_checks import DomainChecks, DomainError, Number, Yearly, power


def cagr(*, start: Number, end: Number, years: Number) -> Number:
    """Yearly compound growth from ``start`` to ``end``: (end / start)^(1 / years) - 1.

    Start and end in one unit, years may be a fraction. Domain: all three above 0. Arrays work.
    Errors: ``DomainError`` outside the domain: growth from or to nothing or a loss has no rate.

    >>> round(cagr(start=100.0, end=121.0, years=2), 12)
    0.1
    """
    with DomainChecks() as check:
        check.positive(start=start, end=end, hint="a rate from or to zero or a loss has no meaning")
        check.positive(years=years)
    return power(end / start, 1 / years) - 1


def compound(start: Number, *, rate: Number, years: Number) -> Number:
    """What ``start`` grows to: start (1 + rate)^years.

    Years may be a fraction or negative (what it was before). Domain: rate above -1. Arrays work.
    Errors: ``DomainError``.

    >>> round(compound(100.0, rate=0.1, years=2), 9)
    121.0
    """
    with DomainChecks() as check:
        check.amounts(start=start, years=years)
        check.rates(rate=rate)
    return start * power(1 + rate, years)


def years_needed(*, start: float, end: float, rate: float) -> float:
    """Years until ``start`` has become ``end`` at a yearly rate: ln(end / start) / ln(1 + rate).

    With market value, target and cost of equity: when a share that pays nothing and earns just its
    cost of equity gets there. Domain: start, end above 0; rate above -1 and towards the end.
    Errors: ``DomainError``, also where the rate leads away from the end (a target already passed).

    >>> round(years_needed(start=100.0, end=121.0, rate=0.1), 12)
    2.0
    """
    with DomainChecks() as check:
        check.positive(start=start, end=end)
        check.rates(rate=rate)
    if start == end:
        return 0.0
    if rate == 0 or (rate > 0) != (end > start):
        raise DomainError(
            f"rate: {number_text(start)} never becomes {number_text(end)} at "
            f"{number_text(rate, rate=True)} a year;"
            f" expected a rate {'above' if end > start else 'below'} 0 %, or the target has passed"
        )
    return math.log(end / start) / math.log1p(rate)


def fade(start: float, end: float, years: int, *, hold: int = 0, by: int | None = None) -> list[float]:
    """A straight path from ``start`` to ``end``: a list for the years 1 to ``years``.

    Years 1 to ``hold`` are ``start``. Then equal steps, one a year, so that year ``by`` (the last, if
    not given) is exactly ``end``; later years stay there. With ``hold=0`` the value ``start`` belongs
    to year 0, and year 1 is a step away from it already:
    value of year t = start + (end - start) (t - hold) / (by - hold) for hold < t < by.

    Growth, tax and cost of capital of a ten-year model that is flat for five: ``fade(g, g_terminal,
    10, hold=5)``; with growth of its own in year 1: ``[g_1, *fade(g, g_terminal, 9, hold=4)]``.
    A margin that goes from the base year's to a target in year 3: ``fade(margin_0, target, 10, by=3)``; from
    year 1's own: ``fade(margin_1, target, 10, hold=1, by=3)``. Damodaran's spreadsheet fcffsimpleginzu does
    otherwise: year 1 has its own, later years lie as if that had been year 0's:
    ``[margin_1, *fade(margin_1, target, 10, by=3)[1:]]``.
    Domain: 0 <= hold < by <= years. Errors: ``DomainError``. A gap that closes by a share: ``decay``.
    Source: Damodaran, Investment Valuation, 3rd ed. 2012, chapter 12.

    >>> fade(10.0, 2.0, 6, hold=2)
    [10.0, 10.0, 8.0, 6.0, 4.0, 2.0]
    >>> fade(0.0, 3.0, 5, by=3)
    [1.0, 2.0, 3.0, 3.0, 3.0]
    """
    last = years if by is None else by
    with DomainChecks() as check:
        check.amounts(start=start, end=end)
        whole = check.whole("years", years) and check.whole("by", last) and check.whole("hold", hold, least=0)
        if whole:
            check.that(last <= years, f"by: expected at most years ({years}), found {last}")
            check.that(hold < last, f"hold: expected less than the year of the end ({last}), found {hold}")

    def value(year: int) -> float:
        if year <= hold or year >= last:
            return start if year <= hold else end
        passed, ahead = year - hold, last - year
        return (start * ahead + end * passed) / (last - hold)

    return [value(year) for year in range(1, years + 1)]


def decay(start: float, end: float, years: int, *, keep: float) -> list[float]:
    """A path on which a share ``keep`` of the gap is left each year: a list for the years 1 to ``years``.

    value of year t = end + (start - end) keep^t, ``start`` being year 0's. For returns and margins that
    regress to a mean: ``keep`` is the correlation from one year to the next, or 0.5 where the gap halves.
    Domain: keep from 0 to 1, years 1 or more. Errors: ``DomainError``. A straight path: ``fade``.
    Source: Mauboussin, The Success Equation, 2012, chapter 10.

    >>> decay(20.0, 10.0, 3, keep=0.5)
    [15.0, 12.5, 11.25]
    """
    with DomainChecks() as check:
        check.amounts(start=start, end=end)
        check.number("keep", keep, least=0, most=1)
        check.whole("years", years)
    return [end + (start - end) * keep**year for year in range(1, years + 1)]


def discount_factors(rate: Yearly, years: int, *, mid_year: bool = False, stub: float = 1.0) -> list[float]:
    """What one unit paid in year 1 ... ``years`` is worth today, at rates that may change by the year.

    At year end: factor_t = factor_(t-1) / (1 + rate_t), factor_0 = 1. In the middle of the year:
    factor_(t-1) at year end / (1 + rate_t)^0.5. Rate: one, or a list of one a year; above -1.
    ``stub``: the part of year 1 that is left on the day of the valuation, above 0 to 1. Year 1 then ends
    after ``stub`` years, its middle is after stub / 2, and every later year comes that much sooner.
    Errors: ``DomainError``. Source: Damodaran 2012, chapter 12 (changing cost of capital is cumulated).

    >>> [round(f, 6) for f in discount_factors([0.25, 0.6], 2)]
    [0.8, 0.5]
    >>> [round(f, 6) for f in discount_factors(0.21, 2, mid_year=True)]
    [0.909091, 0.751315]
    """
    with DomainChecks() as check:
        check.whole("years", years)
        rates = check.path("rate", rate, years, above=-1, rate=True)
        check.number("stub", stub, above=0, most=1, hint="the part of year 1 that is left")
    factors, so_far, span = [], 1.0, stub
    for each in rates:
        whole = 1 + each if span == 1 else (1 + each) ** span
        factors.append(so_far / (1 + each) ** (span / 2) if mid_year else so_far / whole)
        so_far, span = so_far / whole, 1.0
    return factors


def present_value(flows: Sequence[float], rate: Yearly, *, mid_year: bool = False) -> float:
    """The value today of the flows of years 1, 2, ...: the sum of flow_t factor_t.

    Flows in one unit of money, signs free; the rate as in ``discount_factors``. For a valuation day within
    a year either carry the value on, ``compound(value, rate=..., years=0.25)``, or take what is left of
    year 1 for its flow and discount with ``discount_factors(..., stub=0.75)``. Errors: ``DomainError``.

    >>> round(present_value([110.0, 121.0], 0.1), 9)
    200.0
    """
    with DomainChecks() as check:
        check.that(len(flows) > 0, "flows: expected at least one year, found none")
        for year, flow in enumerate(flows, 1):
            check.number(f"flow of year {year}", flow)
    factors = discount_factors(rate, len(flows), mid_year=mid_year)
    return total(flow * factor for flow, factor in zip(flows, factors, strict=True))


def real_rate(nominal: Number, *, inflation: Number) -> Number:
    """The rate after inflation, exactly: (1 + nominal) / (1 + inflation) - 1. Arrays work.

    Errors: ``DomainError``. Source: Fisher, The Theory of Interest, 1930.

    >>> round(real_rate(0.155, inflation=0.05), 12)
    0.1
    """
    with DomainChecks() as check:
        check.rates(nominal=nominal, inflation=inflation)
    return (1 + nominal) / (1 + inflation) - 1


def nominal_rate(real: Number, *, inflation: Number) -> Number:
    """The rate before inflation: (1 + real)(1 + inflation) - 1; undoes ``real_rate``. Arrays work.

    Errors: ``DomainError``. Source: Fisher, The Theory of Interest, 1930.

    >>> round(nominal_rate(0.1, inflation=0.05), 12)
    0.155
    """
    with DomainChecks() as check:
        check.rates(real=real, inflation=inflation)
    return (1 + real) * (1 + inflation) - 1
