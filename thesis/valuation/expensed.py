"""Expensed investment: research, brands or training, treated as the capital that they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from thesis.core.interval import total
from thesis.valuation.domain_checks import DomainChecks


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
