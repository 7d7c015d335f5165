"""The bridge between market cap and enterprise value, both ways, with dilution and options.

All amounts in one unit of money. An amount that is not given is taken to be nothing, so give every
one there is. EBIT is after rent, so operating leases stay out where EBIT is what a multiple is of.
"""

from __future__ import annotations

from collections.abc import Sequence

from thesis.core.interval import total
from thesis.valuation.domain_checks import DomainChecks, Number


def claims(
    *,
    debt: Number = 0.0,
    leases: Number = 0.0,
    minority: Number = 0.0,
    preferred: Number = 0.0,
    pensions: Number = 0.0,
    options: Number = 0.0,
    cash: Number = 0.0,
    stakes: Number = 0.0,
    stakes_tax: Number = 0.0,
    other_assets: Number = 0.0,
) -> Number:
    """What lies between enterprise and equity value: claims of others less assets outside operations.

    debt + leases + minority + preferred + pensions + options - cash - (1 - stakes_tax) stakes
    - other_assets. ``leases``: those whose cost is not in EBIT; ``pensions``: the deficit after tax;
    ``options``: the value of employee options; ``stakes``: holdings not consolidated, at market value,
    ``stakes_tax`` the rate on a sale. Domain: finite, stakes_tax from 0 to 1. Arrays work.
    Errors: ``DomainError``. Source: Koller, Goedhart & Wessels, Valuation, 7th ed. 2020, chapter 16.

    >>> claims(debt=30.0, cash=10.0, stakes=20.0, stakes_tax=0.25)
    5.0
    """
    with DomainChecks() as check:
        check.amounts(debt=debt, leases=leases, minority=minority, preferred=preferred, pensions=pensions)
        check.amounts(options=options, cash=cash, stakes=stakes, other_assets=other_assets)
        check.number("stakes_tax", stakes_tax, least=0, most=1, rate=True)
    owed = debt + leases + minority + preferred + pensions + options
    return owed - cash - (1 - stakes_tax) * stakes - other_assets


def enterprise_value(market_cap: Number, **amounts: Number) -> Number:
    """The value of operations: market value of the shares + claims(...). Arrays work.

    ``amounts``: those of ``claims``, by name (debt, leases, minority, preferred, pensions, options, cash,
    stakes, stakes_tax, other_assets). Errors: ``DomainError``; ``TypeError`` for an unknown name.
    Source: as ``claims``.

    >>> enterprise_value(100.0, debt=30.0, cash=10.0, stakes=20.0, stakes_tax=0.25)
    105.0
    """
    with DomainChecks() as check:
        check.amounts(market_cap=market_cap)
    return market_cap + claims(**amounts)


def equity_value(enterprise_value: Number, **amounts: Number) -> Number:
    """The value of the shares: enterprise value - claims(...); undoes ``enterprise_value``. Arrays work.

    Errors: as ``enterprise_value``. Below 0 where the claims are worth more than the business.

    >>> equity_value(105.0, debt=30.0, cash=10.0, stakes=20.0, stakes_tax=0.25)
    100.0
    """
    with DomainChecks() as check:
        check.amounts(enterprise_value=enterprise_value)
    return enterprise_value - claims(**amounts)


def per_share(equity_value: Number, *, shares: Number) -> Number:
    """Value of one share: equity value / shares, shares above 0. Arrays work. Errors: ``DomainError``.

    >>> per_share(100.0, shares=8.0)
    12.5
    """
    with DomainChecks() as check:
        check.amounts(equity_value=equity_value)
        check.positive(shares=shares)
    return equity_value / shares


def diluted_shares(
    *, basic: float, price: float, options: Sequence[tuple[float, float]] = (), units: float = 0.0
) -> float:
    """Shares by the treasury-stock method: basic + units + sum of max(0, n (1 - strike / price)).

    ``options``: pairs of number and strike; what is exercised buys shares back at ``price``. ``units``:
    restricted shares not yet vested, which cost nothing. Domain: basic and price above 0, the others at
    least 0. Errors: ``DomainError``. Source: FASB ASC 260-10-45 (1997 as SFAS 128).
    At a value per share of one's own, not the market's, price and count depend on each other: ``solve``.

    >>> diluted_shares(basic=100.0, price=50.0, options=[(10.0, 40.0), (10.0, 60.0)], units=3.0)
    105.0
    >>> from thesis.valuation import solve
    >>> worth = lambda p: p * diluted_shares(basic=100.0, price=p, options=[(10.0, 40.0)])
    >>> round(solve(worth, 5100.0, 1.0, 100.0).value, 9)  # of an equity value of 5100; 102 shares
    50.0
    """
    with DomainChecks() as check:
        check.positive(basic=basic, price=price)
        check.number("units", units, least=0)
        for number, (count, strike) in enumerate(options, 1):
            check.number(f"count of option {number}", count, least=0)
            check.number(f"strike of option {number}", strike, least=0)
    added = total(count * (price - strike) / price for count, strike in options if strike < price)
    return basic + units + added


def failure_adjusted(value: Number, *, probability: Number, proceeds: Number = 0.0) -> Number:
    """A value that may fail to come about: value (1 - p) + proceeds p. Arrays work.

    ``proceeds``: what is left in failure, in the unit of the value. Domain: probability from 0 to 1.
    Errors: ``DomainError``. Source: Damodaran, The Dark Side of Valuation, 2nd ed. 2010.

    >>> failure_adjusted(100.0, probability=0.25, proceeds=40.0)
    85.0
    """
    with DomainChecks() as check:
        check.amounts(value=value, proceeds=proceeds)
        check.number("probability", probability, least=0, most=1, rate=True)
    return value * (1 - probability) + proceeds * probability


def expected_value(values: Sequence[float], *, probabilities: Sequence[float]) -> float:
    """The mean of scenarios: the sum of value_i p_i.

    Domain: as many probabilities as values, from 0 to 1, adding up to 1 (to a billionth).
    Errors: ``DomainError``: weights that do not add up are not rescaled.

    >>> expected_value([50.0, 100.0, 200.0], probabilities=[0.25, 0.5, 0.25])
    112.5
    """
    with DomainChecks() as check:
        check.that(len(values) > 0, "values: expected at least one, found none")
        weights = check.path("probabilities", list(probabilities), len(values), least=0, most=1, rate=True)
        for number, value in enumerate(values, 1):
            check.number(f"value {number}", value)
        if not check.faults:
            check.number("sum of probabilities", total(weights), least=1 - 1e-9, most=1 + 1e-9)
    return total(value * weight for value, weight in zip(values, weights, strict=True))
