"""Cost of capital, from the risk-free rate upwards, and spending such as R&D treated as capital."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from thesis.core.interval import total
from thesis.valuation.domain_checks import DomainChecks, Number


def cost_of_equity(
    *, risk_free: Number, beta: Number, equity_risk_premium: Number, other: Number = 0.0
) -> Number:
    """What a share must return (CAPM): risk_free + beta equity_risk_premium + other.

    Fractions per year; ``other`` for a premium for size or country. Arrays work.
    Errors: ``DomainError`` for what is not finite. Source: Sharpe, Capital Asset Prices, 1964.

    >>> round(cost_of_equity(risk_free=0.04, beta=1.2, equity_risk_premium=0.05), 12)
    0.1
    """
    with DomainChecks() as check:
        check.rates(risk_free=risk_free, other=other, equity_risk_premium=equity_risk_premium)
        check.amounts(beta=beta)
    return risk_free + beta * equity_risk_premium + other


def wacc(
    *,
    cost_of_equity: Number,
    cost_of_debt: Number,
    tax: Number,
    equity: Number,
    debt: Number,
    preferred: Number = 0.0,
    cost_of_preferred: Number = 0.0,
) -> Number:
    """The weighted cost of capital: (E ke + D kd (1 - tax) + Pr kp) / (E + D + Pr).

    Weights are market values in one unit, or shares; ``cost_of_debt`` is before tax, ``tax`` the
    marginal rate. Domain: weights at least 0 with a positive sum, tax from 0 to 1. Arrays work.
    Errors: ``DomainError``. Source: Koller, Goedhart & Wessels, Valuation, 7th ed. 2020, chapter 15.

    >>> round(wacc(cost_of_equity=0.1, cost_of_debt=0.05, tax=0.2, equity=75.0, debt=25.0), 12)
    0.085
    """
    with DomainChecks() as check:
        check.rates(
            cost_of_equity=cost_of_equity, cost_of_debt=cost_of_debt, cost_of_preferred=cost_of_preferred
        )
        check.number("tax", tax, least=0, most=1, rate=True)
        weights = {"equity": equity, "debt": debt, "preferred": preferred}
        fine = [check.number(name, value, least=0) for name, value in weights.items()]
        if all(fine):
            check.number("equity + debt + preferred", equity + debt + preferred, above=0)
    whole = equity + debt + preferred
    return (equity * cost_of_equity + debt * cost_of_debt * (1 - tax) + preferred * cost_of_preferred) / whole


def levered_beta(unlevered: Number, *, debt_to_equity: Number, tax: Number) -> Number:
    """The beta of the shares of a firm with debt: unlevered (1 + (1 - tax) D / E). Arrays work.

    ``debt_to_equity`` at market values, at least 0. Errors: ``DomainError``.
    Source: Hamada, The Effect of the Firm's Capital Structure, 1972.

    >>> round(levered_beta(1.0, debt_to_equity=0.5, tax=0.2), 12)
    1.4
    """
    with DomainChecks() as check:
        check.amounts(unlevered=unlevered)
        check.number("debt_to_equity", debt_to_equity, least=0)
        check.number("tax", tax, least=0, most=1, rate=True)
    return unlevered * (1 + (1 - tax) * debt_to_equity)


def unlevered_beta(levered: Number, *, debt_to_equity: Number, tax: Number) -> Number:
    """The beta of the business alone: levered / (1 + (1 - tax) D / E); undoes ``levered_beta``.

    Errors: ``DomainError``. Arrays work. Source: Hamada 1972.

    >>> round(unlevered_beta(1.4, debt_to_equity=0.5, tax=0.2), 12)
    1.0
    """
    with DomainChecks() as check:
        check.amounts(levered=levered)
        check.number("debt_to_equity", debt_to_equity, least=0)
        check.number("tax", tax, least=0, most=1, rate=True)
    return levered / (1 + (1 - tax) * debt_to_equity)


class CapitalisedInvestment(NamedTuple):
    """What spending would be if it were capital, in its unit.

    ``asset``: not yet written off, adds to invested capital; ``amortisation``: this year's;
    ``ebit_adjustment``: spending less amortisation, adds to EBIT and, as tax does not change, to NOPAT.
    """

    asset: float
    amortisation: float
    ebit_adjustment: float


def capitalised(spending: Sequence[float], *, life: int) -> CapitalisedInvestment:
    """Spending such as R&D as an asset written off in a straight line, from the year after it is spent.

    ``spending``: this year's first, then last year's, back to ``life`` years ago: life + 1 figures.
    asset = sum of spending_k (1 - k / life), k years back; amortisation = sum of spending_1 ... _life / life.
    Domain: life 1 or more, spending at least 0. Errors: ``DomainError``, naming the figures missing.
    Source: Damodaran, Investment Valuation, 3rd ed. 2012, chapter 9.

    >>> capitalised([100.0, 80.0, 60.0], life=2)  # 100 + 80 / 2; (80 + 60) / 2
    CapitalisedInvestment(asset=140.0, amortisation=70.0, ebit_adjustment=30.0)
    """
    with DomainChecks() as check:
        if check.whole("life", life):
            given = len(spending)
            check.that(given == life + 1, f"spending: expected {life + 1} figures, life + 1, found {given}")
        for back, amount in enumerate(spending):
            check.number(f"spending {back} years back", amount, least=0)
    asset = total(amount * (life - back) / life for back, amount in enumerate(spending))
    amortisation = total(spending[1:]) / life
    return CapitalisedInvestment(asset, amortisation, spending[0] - amortisation)
