"""Implied expectations: the growth, years, return or cost of capital that a price stands for.

``driver_dcf`` turned around, one input at a time. Where no input gives the price there is no value,
but the range that can be reached. Source: Rappaport & Mauboussin, Expectations Investing, 2001.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from thesis.core.argument_checks import number_text
from thesis.core.interval import total
from thesis.valuation.domain_checks import DomainChecks
from thesis.valuation.solving import Solution, YearsSolution, solve, solve_years
from thesis.valuation.value_drivers import affordable, driver_dcf, perpetual, present_values

LOWEST_GROWTH, HIGHEST_GROWTH = -0.20, 0.60
HIGHEST_ROIC = 10.0  # a year; what lies beyond is told from infinity
HIGHEST_WACC = 1.0
EDGE = 1e-9  # how close to a pole a search goes
SCAN = 100  # places at which a peak is looked for


def implied_growth(
    enterprise_value: float,
    *,
    nopat: float,
    years: int,
    roic_inc: float,
    wacc: float,
    terminal_growth: float,
    ronic: float,
    mid_year: bool = False,
    low: float = LOWEST_GROWTH,
    high: float = HIGHEST_GROWTH,
    risk_free: float | None = None,
) -> Solution:
    """The growth over ``years`` at which ``driver_dcf`` gives the value.

    Looked for from ``low`` to the lesser of ``high`` and roic_inc (above it growth takes more than all
    profit). Growth adds value only if roic_inc exceeds wacc: otherwise there is no root, and the reason
    says so. Where the value peaks within the range, the growth below the peak is the answer.
    Domain and errors: as ``driver_dcf``; enterprise_value above 0, years 1 or more.

    >>> one = dict(nopat=100.0, years=1, wacc=0.1, terminal_growth=0.0, ronic=0.1)
    >>> round(implied_growth(1050.0, roic_inc=0.2, **one).value, 9)
    0.1
    >>> implied_growth(1500.0, roic_inc=0.2, **one).reason
    'no root: from -20 % to 20 % growth the value reaches 872.727273 to 1090.909091, not 1500'
    """
    with DomainChecks() as check:
        check.positive(enterprise_value=enterprise_value, nopat=nopat)
        check.whole("years", years)
        check.number("roic_inc", roic_inc, above=0, rate=True, infinite=True)
        check.rates(low=low, high=high)
        check.less("low", low, "high and roic_inc", min(high, roic_inc))
        perpetual(check, terminal_growth, wacc, risk_free=risk_free)
        affordable(check, ("terminal_growth", terminal_growth), ("ronic", ronic))

    def value(growth: float) -> float:
        return total(
            present_values(nopat, growth, years, roic_inc, wacc, terminal_growth, ronic, mid_year=mid_year)
        )

    top = min(high, roic_inc * (1 - EDGE))
    peak, least, most = _peak(value, low, top)
    reach = (
        f"from {number_text(low, rate=True)} to {number_text(min(high, roic_inc), rate=True)} growth"
        f" the value reaches {number_text(round(least, 6))} to {number_text(round(most, 6))}"
    )
    if roic_inc <= wacc:
        words = (
            f"no root: growth at a return of {number_text(roic_inc, rate=True)} adds no value at a cost of"
        )
        return Solution(None, least, most, f"{words} {number_text(wacc, rate=True)}; {reach}")
    if not value(low) <= enterprise_value <= most:
        return Solution(None, least, most, f"no root: {reach}, not {number_text(enterprise_value)}")
    return Solution(solve(value, enterprise_value, low, peak, samples=2).value, least, most)


def _peak(f: Callable[[float], float], low: float, high: float) -> tuple[float, float, float]:
    """Where f is highest, and its least and most: on a grid, then by thirds around the best place."""
    places = [low + (high - low) * i / SCAN for i in range(SCAN)] + [high]
    values = [f(place) for place in places]
    best = values.index(max(values))
    if best in (0, SCAN):
        return places[best], min(values), values[best]
    a, b = places[best - 1], places[best + 1]
    while b - a > EDGE * (high - low):
        third = (b - a) / 3
        a, b = (a + third, b) if f(a + third) < f(b - third) else (a, b - third)
    return (a + b) / 2, min(values), f((a + b) / 2)


def implied_years(
    enterprise_value: float,
    *,
    nopat: float,
    growth: float,
    roic_inc: float,
    wacc: float,
    terminal_growth: float,
    ronic: float,
    mid_year: bool = False,
    low: int = 0,
    high: int = 100,
    risk_free: float | None = None,
) -> YearsSolution:
    """How many years of ``growth`` the value stands for: the market-implied forecast period.

    ``value`` with a fraction on a straight line between two whole numbers of years, ``whole`` the first
    at which ``driver_dcf`` reaches the price. Domain and errors: as ``driver_dcf``.

    >>> one = dict(nopat=100.0, roic_inc=0.2, wacc=0.1, terminal_growth=0.0, ronic=0.1)
    >>> round(implied_years(1075.0, growth=0.1, **one).value, 9)  # 1000 at 0 years, 50 more each year
    1.5
    """
    with DomainChecks() as check:
        check.positive(enterprise_value=enterprise_value)

    driver_dcf(
        nopat,
        growth=growth,
        years=low,
        roic_inc=roic_inc,
        wacc=wacc,
        terminal_growth=terminal_growth,
        ronic=ronic,
        risk_free=risk_free,
    )  # refuses what has no meaning, once

    def value(years: int) -> float:
        return total(
            present_values(nopat, growth, years, roic_inc, wacc, terminal_growth, ronic, mid_year=mid_year)
        )

    return solve_years(value, enterprise_value, low=low, high=high)


def implied_roic(
    enterprise_value: float,
    *,
    nopat: float,
    growth: float,
    years: int,
    wacc: float,
    terminal_growth: float,
    ronic: float,
    mid_year: bool = False,
    high: float = HIGHEST_ROIC,
    risk_free: float | None = None,
) -> Solution:
    """The return on new capital over the explicit years at which ``driver_dcf`` gives the value.

    Looked for from just above growth to ``high``; the most is the value of growth that needs no
    capital, and a price between the two has no root but is told. Domain: growth above 0 (capital that
    is not used has no return), otherwise as ``driver_dcf``. Errors: ``DomainError``.

    >>> one = dict(nopat=100.0, growth=0.1, years=1, wacc=0.1, terminal_growth=0.0, ronic=0.1)
    >>> round(implied_roic(1050.0, **one).value, 9)
    0.2
    """
    with DomainChecks() as check:
        check.positive(enterprise_value=enterprise_value)
        check.number("growth", growth, above=0, rate=True, hint="without growth nothing is invested")
        check.less("growth", growth, "high", high)

    driver_dcf(
        nopat,
        growth=growth,
        years=years,
        roic_inc=math.inf,
        wacc=wacc,
        terminal_growth=terminal_growth,
        ronic=ronic,
        risk_free=risk_free,
    )  # refuses what has no meaning, once

    def value(roic_inc: float) -> float:
        return total(
            present_values(nopat, growth, years, roic_inc, wacc, terminal_growth, ronic, mid_year=mid_year)
        )

    found = solve(value, enterprise_value, growth * (1 + EDGE), high)
    most = value(math.inf)
    if found.value is None and found.most < enterprise_value <= most:
        return Solution(
            None, found.least, most, f"no root: only a return above {number_text(high, rate=True)} gives it"
        )
    return found._replace(most=most)


def implied_wacc(
    enterprise_value: float,
    *,
    nopat: float,
    growth: float,
    years: int,
    roic_inc: float,
    terminal_growth: float,
    ronic: float,
    mid_year: bool = False,
    high: float = HIGHEST_WACC,
) -> Solution:
    """The cost of capital at which ``driver_dcf`` gives the value: the return that the price offers.

    Looked for from just above the greater of terminal_growth and 0 to ``high``; ``ronic`` stays as given.
    Of a share or an index, with what is paid out last year as ``nopat`` and inf for both returns, it is the
    implied cost of equity. Domain and errors: as ``driver_dcf``.

    >>> one = dict(nopat=100.0, growth=0.1, years=1, roic_inc=0.2, terminal_growth=0.0, ronic=0.1)
    >>> round(implied_wacc(1050.0, **one).value, 9)
    0.1
    >>> paid = dict(nopat=59.03, growth=0.05, years=5, roic_inc=math.inf, ronic=math.inf)
    >>> round(implied_wacc(1468.36, terminal_growth=0.0402, **paid).value, 4)  # S&P 500 (Damodaran, 2008)
    0.0839
    """
    with DomainChecks() as check:
        check.positive(enterprise_value=enterprise_value)
        check.rates(terminal_growth=terminal_growth, high=high)
        check.less("terminal_growth", terminal_growth, "high", high)

    driver_dcf(
        nopat,
        growth=growth,
        years=years,
        roic_inc=roic_inc,
        wacc=high,
        terminal_growth=terminal_growth,
        ronic=ronic,
        risk_free=None,
    )  # refuses what has no meaning, once

    def value(wacc: float) -> float:
        return total(
            present_values(nopat, growth, years, roic_inc, wacc, terminal_growth, ronic, mid_year=mid_year)
        )

    return solve(value, enterprise_value, max(terminal_growth, 0.0) + 1e-6, high)
