"""Base rates of growth, and an own forecast shrunk towards them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from thesis.core.interval import total
from thesis.valuation.domain_checks import DomainChecks, Number

ROUNDING = 0.01  # published shares are rounded; what they may miss of the whole


class BaseRates(NamedTuple):
    """A table of growth rates of many firms over ``years``; made and checked by ``base_rates``.

    ``edges`` e_1 < ... < e_n as fractions per year; ``shares`` of firms below e_1, from e_1 to e_2, ...,
    above e_n, n + 1 fractions. ``deflator``: "nominal", or the prices in which the rates are real.
    """

    edges: tuple[float, ...]
    shares: tuple[float, ...]
    years: float
    mean: float | None
    median: float | None
    sd: float | None
    deflator: str
    source: str


def base_rates(
    *,
    edges: Sequence[float],
    shares: Sequence[float],
    years: float,
    source: str,
    mean: float | None = None,
    median: float | None = None,
    sd: float | None = None,
    deflator: str = "nominal",
) -> BaseRates:
    """A checked table. All rates and shares are fractions: 5 % is 0.05.

    Domain: edges rising, one share more than edges (the first bin is open below, the last above; give
    0.0 where a table has none), shares at least 0 adding up to 1 within 0.01, for published ones are
    rounded; they are not rescaled. ``deflator``: "nominal", or the prices that the rates are in ("2015 $").
    Errors: ``DomainError``.

    >>> table = base_rates(edges=[0.0, 0.1], shares=[0.3, 0.6, 0.1], years=5, source="example")
    >>> round(fraction_above(table, growth=0.05), 9)
    0.4
    """
    with DomainChecks() as check:
        check.positive(years=years)
        check.that(bool(edges), "edges: expected at least one, found none")
        rising = check.path("edges", list(edges), len(edges), above=-1, rate=True)
        parts = check.path("shares", list(shares), len(edges) + 1, least=0, most=1, rate=True)
        for name, value in (("mean", mean), ("median", median), ("sd", sd)):
            if value is not None:
                check.number(name, value)
        if not check.faults:
            check.that(sorted(set(rising)) == rising, f"edges: expected to rise, found {list(edges)}")
            check.number("sum of shares", total(parts), least=1 - ROUNDING, most=1 + ROUNDING)
    return BaseRates(tuple(rising), tuple(parts), years, mean, median, sd, deflator, source)


def fraction_bounds(table: BaseRates, *, growth: float, inflation: float = 0.0) -> tuple[float, float]:
    """The least and most share of firms that grew faster than ``growth`` - ``inflation``.

    Equal within a bin that has two edges, where firms are spread evenly; in an open bin at either end
    nobody knows, and the bin is all or nothing. ``inflation`` is taken off by subtraction, as readers of
    such tables do; for the exact real rate give ``real_rate(growth, inflation=...)`` and no inflation.
    Errors: ``DomainError``.

    >>> table = base_rates(edges=[0.0, 0.1], shares=[0.3, 0.6, 0.1], years=5, source="example")
    >>> fraction_bounds(table, growth=0.15)
    (0.0, 0.1)
    """
    with DomainChecks() as check:
        check.rates(growth=growth, inflation=inflation)
    rate = growth - inflation
    bin_ = bisect_right(table.edges, rate)
    above = total(table.shares[bin_ + 1 :])
    share = table.shares[bin_]
    if bin_ == 0 or bin_ == len(table.edges):
        return above, above + share
    low, high = table.edges[bin_ - 1 : bin_ + 1]
    inside = above + share * (high - rate) / (high - low)
    return inside, inside


def fraction_above(table: BaseRates, *, growth: float, inflation: float = 0.0) -> float:
    """The share of firms that grew faster than ``growth`` - ``inflation``, a line within each bin.

    In an open bin the share at its edge: above the last edge that is the most it can be, below the first
    the least (``fraction_bounds`` gives both ends). Units, inflation, errors: as ``fraction_bounds``.
    Source of such tables: Mauboussin, Callahan & Majd, The Base Rate Book, Credit Suisse 2016.

    >>> table = base_rates(edges=[0.0, 0.1], shares=[0.3, 0.6, 0.1], years=5, source="example")
    >>> round(fraction_above(table, growth=0.10, inflation=0.02), 9)  # 0.1 + 0.6 x 2 / 10
    0.22
    """
    least, most = fraction_bounds(table, growth=growth, inflation=inflation)
    return most if growth - inflation >= table.edges[-1] else least


def shrink(*, inside: Number, outside: Number, weight: Number) -> Number:
    """One's own estimate drawn to the base rate: weight inside + (1 - weight) outside. Arrays work.

    ``outside``: the table's median or mean; ``weight``: about the correlation of a firm's growth with its
    next (0.3 after one year, 0.2 after five for sales). Domain: weight from 0 to 1. Errors: ``DomainError``.
    Source: Kahneman & Tversky, Intuitive Prediction, 1979; Mauboussin et al. 2016.

    >>> round(shrink(inside=0.18, outside=0.02, weight=0.25), 9)
    0.06
    """
    with DomainChecks() as check:
        check.amounts(inside=inside, outside=outside)
        check.number("weight", weight, least=0, most=1, rate=True)
    return weight * inside + (1 - weight) * outside
