"""What a target market cap requires of price, profit, margin and multiple."""

from __future__ import annotations

from thesis.valuation.domain_checks import DomainChecks, Number, power
from thesis.valuation.growth_rates import cagr

RATIO = "a ratio to nothing or to a loss says nothing; use sales"


def price_target(*, market_cap: Number, shares: Number, years: Number = 0.0, drift: Number = 0.0) -> Number:
    """The share price at which the firm is worth ``market_cap``: cap / (shares (1 + drift)^years).

    ``drift``: net growth of the share count a year (below 0 with buybacks). Cap and shares in units that
    fit (dollars and shares, billions and billions). Domain: both above 0, years at least 0. Arrays work.
    Errors: ``DomainError``.

    >>> round(price_target(market_cap=1210.0, shares=10.0, years=2, drift=0.1), 9)
    100.0
    """
    with DomainChecks() as check:
        check.positive(market_cap=market_cap, shares=shares)
        check.number("years", years, least=0)
        check.rates(drift=drift)
    return market_cap / (shares * power(1 + drift, years))


def required_cagr(*, now: Number, target: Number, years: Number, drift: Number = 0.0) -> Number:
    """The yearly growth that leads from ``now`` to ``target``: (target / now)^(1 / years) / (1 + drift) - 1.

    Of market values with a share ``drift`` it is the growth of the price; without, that of the value.
    Domain: now, target, years above 0. Arrays work. Errors: ``DomainError``.

    >>> round(required_cagr(now=100.0, target=121.0, years=2), 12)
    0.1
    """
    with DomainChecks() as check:
        check.positive(now=now, target=target, years=years)
        check.rates(drift=drift)
    return (1 + cagr(start=now, end=target, years=years)) / (1 + drift) - 1


def required_ebit(*, enterprise_value: Number, multiple: Number) -> Number:
    """The EBIT that carries a value at a multiple: EV / multiple. Arrays work.

    From a market value: ``enterprise_value(target, debt=...)`` first. Domain: both above 0.
    Errors: ``DomainError``.

    >>> required_ebit(enterprise_value=3000.0, multiple=20.0)
    150.0
    """
    with DomainChecks() as check:
        check.positive(enterprise_value=enterprise_value, multiple=multiple)
    return enterprise_value / multiple


def required_margin(*, ebit: Number, sales: Number, growth: Number = 0.0, years: Number = 0.0) -> Number:
    """The margin that makes ``ebit`` of grown sales: EBIT / (sales (1 + growth)^years). Arrays work.

    ``sales`` today's, ``ebit`` the one needed then. An answer above 1 is given as it comes: no margin
    does it. Domain: sales above 0, growth above -1, years at least 0. Errors: ``DomainError``.

    >>> round(required_margin(ebit=24.2, sales=100.0, growth=0.1, years=2), 9)
    0.2
    """
    with DomainChecks() as check:
        check.amounts(ebit=ebit)
        check.positive(sales=sales)
        check.rates(growth=growth)
        check.number("years", years, least=0)
    return ebit / (sales * power(1 + growth, years))


def implied_multiple(
    *, enterprise_value: Number, ebit: Number, growth: Number = 0.0, years: Number = 0.0
) -> Number:
    """Enterprise value to EBIT grown for some years: EV / (EBIT (1 + growth)^years). Arrays work.

    Today's with years = 0; of a target's enterprise value the multiple it requires. Domain: EV and EBIT
    above 0, growth above -1, years at least 0. Errors: ``DomainError``.

    >>> round(implied_multiple(enterprise_value=2420.0, ebit=100.0, growth=0.1, years=2), 9)
    20.0
    """
    with DomainChecks() as check:
        check.positive(enterprise_value=enterprise_value)
        check.positive(ebit=ebit, hint=RATIO)
        check.rates(growth=growth)
        check.number("years", years, least=0)
    return enterprise_value / (ebit * power(1 + growth, years))


def core_pe(*, market_cap: Number, ebit: Number, tax: Number, net_interest: Number = 0.0) -> Number:
    """Market value to what operations earn: cap / (EBIT (1 - tax) + net interest). Arrays work.

    Leaves out gains and losses on investments, which are in net income. ``net_interest``: income less
    expense, after tax. Domain: cap and earnings above 0, tax from 0 to 1. Errors: ``DomainError``.

    >>> core_pe(market_cap=300.0, ebit=15.0, tax=0.2)
    25.0
    """
    with DomainChecks() as check:
        check.positive(market_cap=market_cap)
        fine = [check.number("ebit", ebit), check.number("net_interest", net_interest)]
        fine.append(check.number("tax", tax, least=0, most=1, rate=True))
        if all(fine):
            check.positive(earnings=ebit * (1 - tax) + net_interest, hint=RATIO)
    return market_cap / (ebit * (1 - tax) + net_interest)
