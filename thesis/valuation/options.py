"""The value of employee options and warrants, which is deducted before that of the shares."""

from __future__ import annotations

import math

from thesis.valuation.chance import normal_cdf
from thesis.valuation.domain_checks import DomainChecks
from thesis.valuation.solving import solve


def option_value(
    *,
    price: float,
    strike: float,
    years: float,
    volatility: float,
    risk_free: float,
    dividend_yield: float = 0.0,
) -> float:
    """A call on one share: S e^(-y T) Phi(d1) - K e^(-r T) Phi(d2).

    d1 = (ln(S / K) + (r - y + volatility^2 / 2) T) / (volatility sqrt T), d2 = d1 - volatility sqrt T.
    ``risk_free`` and ``dividend_yield`` are compounded continuously here: ln(1 + a yearly rate).
    Domain: price, strike, years above 0; volatility at least 0. Errors: ``DomainError``.
    Source: Black & Scholes 1973; Merton, Theory of Rational Option Pricing, 1973.

    >>> round(option_value(price=42.0, strike=40.0, years=0.5, volatility=0.2, risk_free=0.10), 4)
    4.7594
    """
    with DomainChecks() as check:
        check.positive(price=price, strike=strike, years=years)
        check.number("volatility", volatility, least=0, rate=True)
        check.rates(risk_free=risk_free, dividend_yield=dividend_yield)
    share, paid = price * math.exp(-dividend_yield * years), strike * math.exp(-risk_free * years)
    spread = volatility * math.sqrt(years)
    if spread == 0:
        return max(0.0, share - paid)
    d1 = math.log(share / paid) / spread + spread / 2
    return share * normal_cdf(d1) - paid * normal_cdf(d1 - spread)


def warrant_value(
    *,
    price: float,
    strike: float,
    years: float,
    volatility: float,
    risk_free: float,
    options: float,
    shares: float,
    dividend_yield: float = 0.0,
) -> float:
    """One employee option, allowing for the shares that it adds: V = call on (S n + V m) / (n + m).

    ``options`` m and ``shares`` n in one unit. Times m it is the ``options`` of ``claims``; V is what
    solves it. Domain and errors: as ``option_value``; shares above 0, options at least 0.
    Source: Damodaran 2012, chapter 16 (after Galai & Schneller 1978).

    >>> one = dict(price=42.0, strike=40.0, years=0.5, volatility=0.2, risk_free=0.10)
    >>> value = warrant_value(options=10.0, shares=100.0, **one)
    >>> round(value, 4), round((42.0 * 100.0 + value * 10.0) / 110.0, 4)  # and the price that it is on
    (2.3313, 38.3938)
    """
    with DomainChecks() as check:
        check.positive(price=price, shares=shares)
        check.number("options", options, least=0)

    def call(value: float) -> float:
        watered = (price * shares + value * options) / (shares + options)
        return option_value(
            price=watered,
            strike=strike,
            years=years,
            volatility=volatility,
            risk_free=risk_free,
            dividend_yield=dividend_yield,
        )

    found = solve(lambda value: value - call(value), 0.0, 0.0, price).value
    assert found is not None, "a call is worth between nothing and its share"
    return found
