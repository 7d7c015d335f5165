"""Multiples that growth and returns justify, and dividend discount models in closed form.

Forward multiples are on next year's figure, trailing ones on the last year's: forward (1 + growth).
"""

from __future__ import annotations

from collections.abc import Sequence

from thesis.core.argument_checks import number_text
from thesis.core.interval import total
from thesis.valuation.domain_checks import DomainChecks, DomainError, Number
from thesis.valuation.value_drivers import affordable, perpetual


def gordon(dividend_next: Number, *, required_return: Number, growth: Number) -> Number:
    """A dividend that grows for ever: D_1 / (r - g). Arrays work.

    ``dividend_next`` is next year's. Domain: growth below required_return. Errors: ``DomainError``.
    Source: Gordon & Shapiro, Capital Equipment Analysis, 1956; Williams 1938.

    >>> round(gordon(5.0, required_return=0.09, growth=0.04), 9)
    100.0
    """
    with DomainChecks() as check:
        check.amounts(dividend_next=dividend_next)
        perpetual(check, growth, required_return, names=("growth", "required_return"))
    return dividend_next / (required_return - growth)


def h_model(
    dividend: Number, *, required_return: Number, growth_start: Number, growth_long: Number, half_life: Number
) -> Number:
    """Dividends whose growth falls in a line over 2 H years: D_0 ((1 + gL) + H (gS - gL)) / (r - gL).

    ``dividend`` is last year's, ``half_life`` H half the years of the decline. An approximation.
    Domain: growth_long below required_return, half_life at least 0. Arrays work. Errors: ``DomainError``.
    Source: Fuller & Hsia, A Simplified Common Stock Valuation Model, 1984.

    >>> round(h_model(2.0, required_return=0.1, growth_start=0.14, growth_long=0.06, half_life=4.0), 9)
    69.0
    """
    with DomainChecks() as check:
        check.amounts(dividend=dividend)
        check.rates(growth_start=growth_start)
        check.number("half_life", half_life, least=0)
        perpetual(check, growth_long, required_return, names=("growth_long", "required_return"))
    excess = half_life * (growth_start - growth_long)
    return dividend * (1 + growth_long + excess) / (required_return - growth_long)


def dividend_discount(
    dividend: float,
    *,
    growth: Sequence[float],
    required_return: float,
    terminal_growth: float,
    terminal_dividend: float | None = None,
) -> float:
    """Dividends in two, three or more stages: sum of D_t / (1 + r)^t + (D_(N+1) / (r - gT)) / (1 + r)^N.

    ``dividend`` is last year's, ``growth`` a list of one rate a year, year 1 first: two stages are
    ``[g] * 5``, three ``fade(g, g_terminal, 10, hold=5)``. D_(N+1) = D_N (1 + terminal_growth), or
    ``terminal_dividend`` where the payout changes then. For the return that a price implies: ``solve``.
    Domain: terminal_growth below required_return, rates above -1. Errors: ``DomainError``.
    Source: Williams, The Theory of Investment Value, 1938; Damodaran 2012, chapter 13.

    >>> round(dividend_discount(1.0, growth=[0.1], required_return=0.1, terminal_growth=0.05), 9)  # 1 + 21
    22.0
    """
    with DomainChecks() as check:
        check.amounts(dividend=dividend)
        check.that(len(growth) > 0, "growth: expected at least one year, found none")
        growths = check.path("growth", growth, len(growth), above=-1, rate=True)
        perpetual(check, terminal_growth, required_return, names=("terminal_growth", "required_return"))
        if terminal_dividend is not None:
            check.amounts(terminal_dividend=terminal_dividend)
    value, factor = 0.0, 1.0
    for each in growths:
        dividend *= 1 + each
        factor /= 1 + required_return
        value += dividend * factor
    after = dividend * (1 + terminal_growth) if terminal_dividend is None else terminal_dividend
    return value + after / (required_return - terminal_growth) * factor


def justified_pe(*, growth: Number, roe: Number, cost_of_equity: Number, trailing: bool = False) -> Number:
    """Price to earnings of stable growth: (1 - g / ROE) / (r - g), trailing times (1 + g).

    ``roe``: return on new equity, ``inf`` where growth needs none. Domain: growth below cost_of_equity
    and roe. With roe = cost_of_equity it is 1 / r whatever the growth. Arrays work, except inf.
    Errors: ``DomainError``. Source: Damodaran 2012, chapter 18.

    >>> round(justified_pe(growth=0.05, roe=0.20, cost_of_equity=0.10), 9)
    15.0
    """
    with DomainChecks() as check:
        _stable(check, growth, cost_of_equity, ("roe", roe), "cost_of_equity")
    forward = (1 - growth / roe) / (cost_of_equity - growth)
    return forward * (1 + growth) if trailing else forward


def two_stage_pe(
    *,
    growth: float,
    years: int,
    roic_inc: float,
    cost_of_equity: float,
    terminal_growth: float = 0.0,
    ronic: float | None = None,
    trailing: bool = False,
) -> float:
    """Price to earnings of N years of growth at a return on new capital, then a steady state. All equity.

    Of earnings 1 next year: E_t = (1 + growth)^(t-1); payout 1 - growth / roic_inc in years 1 ... N, which
    buys the growth of the years 2 ... N + 1; then E_(N+1) (1 - gT / ronic) / (r - gT). ``ronic`` not given
    is cost_of_equity: later growth adds nothing and the rest is E_(N+1) / r. Growth may exceed
    roic_inc (the payout is negative) and cost_of_equity. With roic_inc = cost_of_equity and ronic not
    given the forward multiple is 1 / r for any growth. ``trailing``: times (1 + growth). The multiple of the
    steady state (commodity) is 1 / r, the franchise's the rest. Where E_(N+1) is E_N (1 + gT), as in
    Damodaran 2012, chapter 18, take ``driver_dcf(1.0, ...)``: a trailing multiple.
    Domain: roic_inc above 0 (``inf``: needs no capital), years 0 or more, terminal_growth below
    cost_of_equity. Errors: ``DomainError``, also where the business is worth nothing or less.
    Source: Mauboussin & Callahan, What Does a Price-Earnings Multiple Mean?, Credit Suisse 2014.

    >>> round(two_stage_pe(growth=0.08, years=15, roic_inc=0.16, cost_of_equity=0.08), 4)  # 7.5 / 1.08 + 12.5
    19.4444
    """
    late = cost_of_equity if ronic is None else ronic
    with DomainChecks() as check:
        check.rates(growth=growth)
        check.whole("years", years, least=0)
        check.number("roic_inc", roic_inc, above=0, rate=True, infinite=True)
        perpetual(check, terminal_growth, cost_of_equity, names=("terminal_growth", "cost_of_equity"))
        affordable(check, ("terminal_growth", terminal_growth), ("ronic", late))
    ratio, payout = (1 + growth) / (1 + cost_of_equity), 1 - growth / roic_inc
    explicit = total(payout * ratio**t for t in range(years)) / (1 + cost_of_equity)
    rest = ratio**years * (1 - terminal_growth / late) / (cost_of_equity - terminal_growth)
    forward = explicit + rest
    if forward <= 0:
        raise DomainError(
            f"growth: {number_text(growth, rate=True)} at a return of "
            f"{number_text(roic_inc, rate=True)} makes the business"
            f" worth {number_text(forward)} times earnings; a multiple needs more than 0: expect "
            "less growth"
        )
    return forward * (1 + growth) if trailing else forward


def justified_pb(*, growth: Number, roe: Number, cost_of_equity: Number) -> Number:
    """Price to book value of stable growth: (ROE - g) / (r - g). Arrays work.

    Domain: growth below cost_of_equity and roe. Errors: ``DomainError``.
    Source: Damodaran 2012, chapter 19.

    >>> round(justified_pb(growth=0.05, roe=0.20, cost_of_equity=0.10), 9)
    3.0
    """
    with DomainChecks() as check:
        _stable(check, growth, cost_of_equity, ("roe", roe), "cost_of_equity")
        check.number("roe", roe)
    return (roe - growth) / (cost_of_equity - growth)


def justified_ev_ebit(
    *, growth: Number, ronic: Number, wacc: Number, tax: Number, trailing: bool = False
) -> Number:
    """Enterprise value to EBIT of stable growth: (1 - tax)(1 - g / RONIC) / (wacc - g).

    ``trailing`` times (1 + g). Domain: growth below wacc and ronic (``inf``: growth needs no capital), tax
    from 0 to below 1. Arrays work, except inf. Errors: ``DomainError``. Source: Damodaran 2012, chapter 18.

    >>> round(justified_ev_ebit(growth=0.05, ronic=0.20, wacc=0.10, tax=0.2), 9)
    12.0
    """
    with DomainChecks() as check:
        _stable(check, growth, wacc, ("ronic", ronic), "wacc")
        check.number("tax", tax, least=0, below=1, rate=True)
    forward = (1 - tax) * (1 - growth / ronic) / (wacc - growth)
    return forward * (1 + growth) if trailing else forward


def justified_ev_ebitda(
    *,
    depreciation_share: Number,
    growth: Number,
    ronic: Number,
    wacc: Number,
    tax: Number,
    trailing: bool = False,
) -> Number:
    """Enterprise value to EBITDA of stable growth: (1 - depreciation_share) times ``justified_ev_ebit``.

    ``depreciation_share``: depreciation and amortisation to EBITDA, from 0 to below 1. Where capital spending
    is given, ronic = g / reinvestment rate, and the rate is (capital spending - depreciation + rise in
    working capital) / NOPAT. Arrays work. Errors: ``DomainError``. Source: Damodaran 2012, chapter 18.

    >>> round(justified_ev_ebitda(depreciation_share=0.25, growth=0.05, ronic=0.20, wacc=0.10, tax=0.2), 9)
    9.0
    """
    with DomainChecks() as check:
        check.number("depreciation_share", depreciation_share, least=0, below=1, rate=True)
    ebit = justified_ev_ebit(growth=growth, ronic=ronic, wacc=wacc, tax=tax, trailing=trailing)
    return (1 - depreciation_share) * ebit


def justified_ev_sales(
    *, margin: Number, growth: Number, ronic: Number, wacc: Number, tax: Number, trailing: bool = False
) -> Number:
    """Enterprise value to sales of stable growth: margin times ``justified_ev_ebit``.

    ``margin``: EBIT to sales, above 0 and at most 1. Price to sales is net margin times ``justified_pe``.
    Arrays work. Errors: ``DomainError``.
    Source: Damodaran 2012, chapter 20.

    >>> round(justified_ev_sales(margin=0.25, growth=0.05, ronic=0.20, wacc=0.10, tax=0.2), 9)
    3.0
    """
    with DomainChecks() as check:
        check.number("margin", margin, above=0, most=1, rate=True)
    return margin * justified_ev_ebit(growth=growth, ronic=ronic, wacc=wacc, tax=tax, trailing=trailing)


def _stable(
    check: DomainChecks, growth: Number, rate: Number, returns: tuple[str, Number], rate_name: str
) -> None:
    perpetual(check, growth, rate, names=("growth", rate_name))
    affordable(check, ("growth", growth), returns)
