"""The profit growth that a price implies, on ranges, with a side where no growth gives the price.

``thesis.valuation.implied_growth`` turns a discounted cash flow around for one value of the business and one
profit. Growth rises with the first and falls as the second rises, so that of ranges their ends are enough.
Where the price is above everything that growth can support, growth is above every threshold (``inf``), where
a decline would support it, below every one (``-inf``): that a price cannot be supported is an answer.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import NamedTuple

from thesis.core.interval import EVERYTHING, Interval, point
from thesis.pack.assumptions import single_number
from thesis.pack.schema.valuation import DiscountedCashFlow
from thesis.pack.value_names import NONE_NEEDED, NONE_SUPPORTS
from thesis.valuation import DomainError, Solution, implied_growth

OWN_ROIC = 1
"""Which of the returns on new capital that a pack shows is its own."""


class CashFlowTerms(NamedTuple):
    """The rates of a discounted cash flow in value drivers, as numbers."""

    tax: float
    years: int
    wacc: float
    roic: float
    terminal_growth: float
    terminal_return: float
    mid_year: bool


def own_terms(dcf: DiscountedCashFlow) -> CashFlowTerms:
    """The pack's own rates: the middle cost of capital, and the second return on new capital."""
    return CashFlowTerms(
        tax=single_number(dcf.tax),
        years=dcf.years,
        wacc=single_number(dcf.wacc[len(dcf.wacc) // 2]),
        roic=return_on_capital(dcf.roic[min(OWN_ROIC, len(dcf.roic) - 1)]),
        terminal_growth=single_number(dcf.terminal_growth),
        terminal_return=single_number(dcf.terminal_return),
        mid_year=dcf.mid_year,
    )


def return_on_capital(text: str) -> float:
    """A return on new capital; infinite for ``none``, where growth takes no capital."""
    return math.inf if text == "none" else single_number(text)


def growth_range(enterprise: Interval, ebit: Interval, terms: CashFlowTerms) -> Interval:
    """The growth of operating income a year that a range of enterprise values implies.

    ``ebit``: operating income of four quarters, before tax. Anything where either is not known at all.
    """
    if enterprise.is_anything or ebit.is_anything:
        return EVERYTHING
    lo = _growth(enterprise.lo, ebit.hi, terms).lo
    hi = _growth(enterprise.hi, ebit.lo, terms).hi
    return point(lo) if lo == hi else Interval(lo, hi)


def _growth(enterprise: float, ebit: float, terms: CashFlowTerms) -> Interval:
    """The growth that one value implies. Of a loss no growth makes a profit, whatever the business costs."""
    if enterprise <= 0 and ebit <= 0:
        return EVERYTHING
    if ebit <= 0 or enterprise == math.inf:
        return point(math.inf)
    if enterprise <= 0 or ebit == math.inf:
        return point(-math.inf)
    found = solve_growth(enterprise, ebit, terms)
    if found.value is not None:
        return point(found.value)
    if not math.isfinite(found.most):
        return EVERYTHING
    if enterprise > found.most:
        return point(math.inf)
    adds_value = terms.roic > terms.wacc
    return point(-math.inf) if adds_value or enterprise < found.least else EVERYTHING


@lru_cache(maxsize=4096)
def solve_growth(enterprise: float, ebit: float, terms: CashFlowTerms) -> Solution:
    """The growth that gives an enterprise value; a solution without a value where none does.

    ``ebit`` is before tax. The reason of a solution without a value says what can be reached, or which of
    the rates has no meaning; its ``most`` is then not a number.
    """
    try:
        return implied_growth(
            enterprise,
            nopat=ebit * (1 - terms.tax),
            years=terms.years,
            roic_inc=terms.roic,
            wacc=terms.wacc,
            mid_year=terms.mid_year,
            terminal_growth=terms.terminal_growth,
            ronic=terms.terminal_return,
        )
    except DomainError as reason:
        return Solution(None, math.nan, math.nan, str(reason))


def side_text(growth: Interval) -> str:
    """What is said of growth that has no number; empty where it has one."""
    if not growth.is_point or math.isfinite(growth.lo):
        return ""
    return NONE_SUPPORTS if growth.lo > 0 else NONE_NEEDED
