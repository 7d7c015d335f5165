"""The sources of a return, multiplied exactly and added up as is common.

Adding percentages leaves a residual; it is shown, not spread.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from thesis.core.interval import total
from thesis.valuation.attribution import Pair
from thesis.valuation.domain_checks import DomainChecks
from thesis.valuation.growth_rates import cagr


class ReturnParts(NamedTuple):
    """A yearly return and its contributions, all fractions.

    ``parts`` by name; ``exact``: everything multiplied out; ``additive``: the sum of the parts;
    ``residual``: exact - additive.
    """

    parts: dict[str, float]
    exact: float
    additive: float
    residual: float


def compound_return(
    growths: Mapping[str, float], *, income: float = 0.0, inverse: Sequence[str] = ()
) -> ReturnParts:
    """A year's return from growth of factors: product of (1 + growth_i) - 1 + income.

    ``inverse`` names factors that divide (a growing share count): they enter as 1 / (1 + growth), and
    with a minus in the sum. ``income``: paid at the end of the year, as a fraction of the price at its
    start; where it is reinvested, give it as a factor instead. Domain: growths above -1.
    Errors: ``DomainError``.

    >>> found = compound_return({"earnings": 0.1, "multiple": 0.1}, income=0.03)
    >>> round(found.exact, 9), round(found.additive, 9), round(found.residual, 9)
    (0.24, 0.23, 0.01)
    """
    with DomainChecks() as check:
        check.rates(**growths)
        check.amounts(income=income)
        strange = [name for name in inverse if name not in growths]
        check.that(not strange, f"inverse: expected names of growths, found {', '.join(strange)}")
    factors = [1 / (1 + g) if name in inverse else 1 + g for name, g in growths.items()]
    parts = {name: -g if name in inverse else g for name, g in growths.items()}
    if income:
        parts["income"] = income
    exact = math.prod(factors) - 1 + income
    additive = total(parts.values())
    return ReturnParts(parts, exact, additive, exact - additive)


def realised_return(factors: Mapping[str, Pair], *, years: float, inverse: Sequence[str] = ()) -> ReturnParts:
    """The yearly return of a price that is a product of factors: 1 + r = product of (f1/f0)^(1/years).

    Each factor a pair, start and end: {"sales": (100, 150), "margin": (0.1, 0.12), "multiple": (20, 18),
    "shares": (10, 9)} with ``inverse=["shares"]`` for a price. Dividends reinvested are a factor too:
    units held, (1, 1.08). Domain: figures and years above 0. Errors: ``DomainError``.
    Source: O'Shaughnessy Asset Management, Factors from Scratch, 2018.

    >>> found = realised_return({"earnings": (10.0, 14.4), "multiple": (20.0, 20.0)}, years=2)
    >>> round(found.exact, 9), round(found.residual, 9)
    (0.2, 0.0)
    """
    with DomainChecks() as check:
        check.positive(years=years)
        check.that(bool(factors), "factors: expected at least one, found none")
        for name, pair in factors.items():
            check.that(len(pair) == 2, f"{name}: expected two figures, start and end, found {len(pair)}")
            for when, value in zip(("start", "end"), pair, strict=False):
                check.number(f"{name} at the {when}", value, above=0)
    growths = {name: cagr(start=a, end=b, years=years) for name, (a, b) in factors.items()}
    return compound_return(growths, inverse=inverse)


def bogle(
    *, dividend_yield: float, earnings_growth: float, pe_start: float, pe_end: float, years: float
) -> ReturnParts:
    """Dividend yield + earnings growth + yearly change of the multiple, beside what they multiply to.

    The change is (pe_end / pe_start)^(1 / years) - 1, Bogle's speculative return; the first two are the
    investment return. ``exact`` is (1 + growth)(1 + change) - 1 + yield, the yield being of the price at
    the start of each year. Domain: multiples and years above 0. Errors: ``DomainError``.
    Source: Bogle, Investing in the 1990s, Journal of Portfolio Management 1991.

    >>> found = bogle(dividend_yield=0.03, earnings_growth=0.1, pe_start=10.0, pe_end=12.1, years=2)
    >>> round(found.parts["multiple"], 9), round(found.additive, 9), round(found.exact, 9)
    (0.1, 0.23, 0.24)
    """
    with DomainChecks() as check:
        check.positive(pe_start=pe_start, pe_end=pe_end, years=years)
    change = cagr(start=pe_start, end=pe_end, years=years)
    return compound_return({"earnings": earnings_growth, "multiple": change}, income=dividend_yield)


def grinold_kroner(
    *,
    dividend_yield: float,
    inflation: float,
    real_growth: float,
    share_change: float,
    multiple_change: float,
) -> ReturnParts:
    """Expected return: D/P - change of shares + inflation + real growth + change of P/E, a year.

    ``share_change``: growth of the share count (below 0 with buybacks); ``real_growth``: of total earnings.
    ``additive`` is the published form; ``exact`` is (1 + i)(1 + g)(1 + change) / (1 + share_change)
    - 1 + D/P.
    Domain: rates above -1. Errors: ``DomainError``.
    Source: Grinold & Kroner, The Equity Risk Premium, Barclays Global Investors 2002.

    >>> found = grinold_kroner(dividend_yield=0.02, inflation=0.03, real_growth=0.025, share_change=-0.01,
    ...                        multiple_change=-0.005)
    >>> round(found.additive, 9)
    0.08
    """
    growths = {
        "inflation": inflation,
        "real_growth": real_growth,
        "multiple": multiple_change,
        "shares": share_change,
    }
    return compound_return(growths, income=dividend_yield, inverse=("shares",))
