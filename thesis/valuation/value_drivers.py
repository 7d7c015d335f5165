"""The value of a business from its profit, growth and return on capital.

Profit here is NOPAT, operating profit after tax, with share-based pay expensed. Money in any one
unit, rates as fractions per year.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from thesis.core.interval import total
from thesis.valuation.domain_checks import DomainChecks, Number


class DriverValue(NamedTuple):
    """A value and its parts: the present values of the explicit years and of what follows.

    ``steady_state`` is the profit for ever; ``pvgo_share`` the share of the value that growth makes.
    """

    enterprise_value: float
    explicit: float
    terminal: float
    explicit_share: float
    steady_state: float
    pvgo_share: float


def value_driver(nopat_next: Number, *, growth: Number, ronic: Number, wacc: Number) -> Number:
    """The value of a profit that grows for ever: NOPAT_next (1 - growth / ronic) / (wacc - growth).

    ``nopat_next`` is next year's; ``ronic`` the return on new capital, ``inf`` where growth needs none
    (then it is profit that rises with inflation). Domain: growth below wacc and not above ronic,
    ronic above 0. With ronic = wacc growth does not matter: NOPAT / wacc. Arrays work, except inf.
    Errors: ``DomainError``. Source: Koller, Goedhart & Wessels, Valuation, 7th ed. 2020, chapter 3.

    >>> round(value_driver(100.0, growth=0.05, ronic=0.20, wacc=0.10), 9)
    1500.0
    """
    with DomainChecks() as check:
        check.amounts(nopat_next=nopat_next)
        perpetual(check, growth, wacc, names=("growth", "wacc"))
        affordable(check, ("growth", growth), ("ronic", ronic))
    return nopat_next * (1 - growth / ronic) / (wacc - growth)


def perpetual(
    check: DomainChecks,
    growth: Number,
    wacc: Number,
    *,
    names: tuple[str, str] = ("terminal_growth", "wacc"),
    risk_free: float | None = None,
) -> None:
    """What growth for ever must satisfy, added to the checks of a function."""
    check.number(names[0], growth, above=-1, rate=True)
    check.number(names[1], wacc, above=0, rate=True)
    check.less(names[0], growth, names[1], wacc)
    if risk_free is not None and check.number("risk_free", risk_free, above=-1, rate=True):
        check.number(
            names[0],
            growth,
            most=risk_free,
            rate=True,
            hint="no firm outgrows the economy: risk_free caps it",
        )


def affordable(check: DomainChecks, growth: tuple[str, Number], returns: tuple[str, Number]) -> None:
    """Growth that takes less than the whole profit: below the return on the capital that it needs."""
    if check.number(*returns, above=0, rate=True, infinite=True):
        check.less(*growth, *returns, hint="growth would take more than all profit")


def two_stage_value(
    nopat_next: float,
    *,
    growth: float,
    years: int,
    ronic: float,
    wacc: float,
    terminal_growth: float,
    terminal_ronic: float,
) -> float:
    """The value of a profit that grows in two stages: McKinsey's two-stage continuing value.

    NOPAT_t = nopat_next (1 + growth)^(t - 1) for t = 1 ... years + 1; FCF_t = NOPAT_t (1 - growth / ronic)
    for t up to years; then NOPAT_(years + 1) (1 - gT / terminal_ronic) / (wacc - gT), gT = terminal_growth.
    ``nopat_next`` is the first year's; growth may exceed ronic (money is put in) and wacc.
    Domain: returns above 0 or ``inf``, years 0 or more, terminal_growth below wacc and terminal_ronic.
    Errors: ``DomainError``. Source: Koller, Goedhart & Wessels, Valuation, 7th ed. 2020, chapter 14.

    >>> round(two_stage_value(100.0, growth=0.1, years=1, ronic=0.2, wacc=0.1, terminal_growth=0.05,
    ...                       terminal_ronic=0.1), 9)  # 50 / 1.1 + (110 x 0.5 / 0.05) / 1.1
    1045.454545455
    """
    with DomainChecks() as check:
        check.amounts(nopat_next=nopat_next)
        check.rates(growth=growth)
        check.whole("years", years, least=0)
        check.number("ronic", ronic, above=0, rate=True, infinite=True)
        perpetual(check, terminal_growth, wacc)
        affordable(check, ("terminal_growth", terminal_growth), ("terminal_ronic", terminal_ronic))
    ratio, payout = (1 + growth) / (1 + wacc), 1 - growth / ronic
    explicit = total(payout * ratio**t for t in range(years)) / (1 + wacc)
    rest = ratio**years * (1 - terminal_growth / terminal_ronic) / (wacc - terminal_growth)
    return nopat_next * (explicit + rest)


def steady_state(nopat: Number, *, wacc: Number) -> Number:
    """Profit for ever without growth: NOPAT / wacc. Arrays work.

    Domain: wacc above 0. Errors: ``DomainError``.
    Source: Miller & Modigliani, Dividend Policy, Growth, and the Valuation of Shares, 1961.

    >>> steady_state(10.0, wacc=0.125)
    80.0
    """
    with DomainChecks() as check:
        check.amounts(nopat=nopat)
        check.number("wacc", wacc, above=0, rate=True)
    return nopat / wacc


def pvgo_share(enterprise_value: Number, *, nopat: Number, wacc: Number) -> Number:
    """The share of a value that today's profit does not explain: 1 - (NOPAT / wacc) / EV. Arrays work.

    Below 0 where the price expects profit to shrink. Domain: EV and wacc above 0.
    Errors: ``DomainError``. Source: Brealey, Myers & Allen, chapter 4 (value of growth opportunities).

    >>> pvgo_share(160.0, nopat=10.0, wacc=0.125)
    0.5
    """
    with DomainChecks() as check:
        check.positive(enterprise_value=enterprise_value)
    return 1 - steady_state(nopat, wacc=wacc) / enterprise_value


def driver_dcf(
    nopat: float,
    *,
    growth: float,
    years: int,
    roic_inc: float,
    wacc: float,
    terminal_growth: float,
    ronic: float,
    mid_year: bool = False,
    risk_free: float | None = None,
) -> DriverValue:
    """Discounted cash flow from five drivers: growth, its length, its return, and the same for ever after.

    NOPAT_t = NOPAT_(t-1) (1 + growth), NOPAT_0 = ``nopat`` of the year past;
    FCFF_t = NOPAT_t (1 - growth / roic_inc) for t = 1 ... years;
    TV = NOPAT_years (1 + terminal_growth)(1 - terminal_growth / ronic) / (wacc - terminal_growth);
    EV = sum of FCFF_t / (1 + wacc)^t + TV / (1 + wacc)^years; ``mid_year`` times (1 + wacc)^0.5.
    The last year still invests for ``growth``; ``forecast`` with ``lag=1`` invests for what follows. Year
    N + 1 grows at terminal_growth already; McKinsey's formula, where it still grows at the first rate, is
    ``two_stage_value``. With nopat = 1, earnings and a cost of equity it is a trailing P/E of two stages
    (Damodaran 2012, chapter 18): roic_inc = growth / (1 - payout).

    Domain: nopat above 0; years 0 or more; growth below roic_inc; terminal_growth below wacc and ronic
    and, where given, at most ``risk_free``; roic_inc and ronic may be ``inf`` (growth needs no capital).
    Errors: ``DomainError``. Source: Rappaport & Mauboussin 2001; Koller et al. 2020, chapter 3.

    >>> value = driver_dcf(100.0, growth=0.1, years=1, roic_inc=0.2, wacc=0.1, terminal_growth=0.0, ronic=0.1)
    >>> round(value.enterprise_value, 9)  # 55 / 1.1 + (110 / 0.1) / 1.1
    1050.0
    >>> round(value.explicit_share, 6), round(value.pvgo_share, 6)
    (0.047619, 0.047619)
    """
    with DomainChecks() as check:
        check.positive(nopat=nopat, hint="a loss cannot be grown; value it by explicit years with dcf()")
        check.rates(growth=growth)
        check.whole("years", years, least=0)
        affordable(check, ("growth", growth), ("roic_inc", roic_inc))
        perpetual(check, terminal_growth, wacc, risk_free=risk_free)
        affordable(check, ("terminal_growth", terminal_growth), ("ronic", ronic))
    explicit, terminal = present_values(
        nopat, growth, years, roic_inc, wacc, terminal_growth, ronic, mid_year=mid_year
    )
    value, steady = explicit + terminal, nopat / wacc
    return DriverValue(value, explicit, terminal, explicit / value, steady, 1 - steady / value)


def present_values(
    nopat: float,
    growth: float,
    years: int,
    roic_inc: float,
    wacc: float,
    terminal_growth: float,
    ronic: float,
    *,
    mid_year: bool = False,
) -> tuple[float, float]:
    """Of the explicit years and of the perpetuity after them; year by year, nothing checked."""
    explicit, factor = 0.0, math.sqrt(1 + wacc) if mid_year else 1.0
    for _ in range(years):
        nopat *= 1 + growth
        factor /= 1 + wacc
        explicit += nopat * (1 - growth / roic_inc) * factor
    after = nopat * (1 + terminal_growth) * (1 - terminal_growth / ronic)
    return explicit, after / (wacc - terminal_growth) * factor
