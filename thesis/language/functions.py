"""Functions: what the language knows to do with a series of quarters, each written once.

A formula is given its arguments as series: ``x(0)`` is the value in this quarter, ``x(4)`` four
quarters ago, whatever the carrier. The quarters that it asks for are its evidence. What a formula
is built from is interval arithmetic, so a quarter that is missing makes the result as unknown as it
has to be, and no more.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

from thesis.core import interval
from thesis.core.interval import (
    NO,
    YES,
    Interval,
    all_of,
    choice,
    greatest,
    growth,
    kth_largest,
    least,
    magnitude,
    point,
)

Series = Callable[[int], Interval]
LOOKBACK = 8  # quarters that `latest` searches


class Function(NamedTuple):
    """``takes`` names each argument: value, condition, quarters (a whole number), years, rank.

    ``gives`` is the rule by which the unit of the result follows: that of the first argument
    (``same``), ``ratio``, ``annual`` (a flow added up over a year), ``sum``, ``count``.
    """

    takes: tuple[str, ...]
    gives: str
    formula: Callable[..., Interval]
    meaning: str
    repeats: bool = False  # the last argument may be given any number of times


def lag(x: Series, quarters: int) -> Interval:
    return x(quarters)


def change(x: Series, quarters: int) -> Interval:
    return x(0) - x(quarters)


def yoy(x: Series) -> Interval:
    return growth(x(0), x(4))


def qoq(x: Series) -> Interval:
    return growth(x(0), x(1))


def total(x: Series, quarters: int) -> Interval:
    return interval.total(map(x, range(1, quarters)), x(0))


def ttm(x: Series) -> Interval:
    return total(x, 4)


def mean(x: Series, quarters: int) -> Interval:
    return total(x, quarters) / point(float(quarters))


def lowest(x: Series, quarters: int) -> Interval:
    result = x(0)
    for back in range(1, quarters):
        result = least(result, x(back))
    return result


def highest(x: Series, quarters: int) -> Interval:
    result = x(0)
    for back in range(1, quarters):
        result = greatest(result, x(back))
    return result


def nth(x: Series, rank: int, quarters: int) -> Interval:
    return kth_largest([x(back) for back in range(quarters)], rank)


def cagr(x: Series, years: int) -> Interval:
    """Compound growth; unknown unless both ends are surely above zero."""
    ratio = growth(x(0), x(4 * years)) + YES
    lo, hi = ratio.ends
    ops = ratio.ops
    return type(ratio)(
        ops.choose(lo > 0, ops.power(ops.greatest(lo, 0.0), 1 / years) - 1, -math.inf),
        ops.choose(lo > 0, ops.power(ops.greatest(hi, 0.0), 1 / years) - 1, math.inf),
    )


def streak(condition: Series, quarters: int) -> Interval:
    """Quarters in a row, up to now, in which the condition holds; at most ``quarters``."""
    running, count = condition(0), NO
    for back in range(quarters):
        if back:
            running = all_of(running, condition(back))
        count = count + choice(running, YES, NO)
    return count


def latest(x: Series) -> Interval:
    """The newest known value of the last eight quarters.

    The one function that looks past a gap: a quarter that is missing is skipped, so use it only
    for what is not reported every quarter.
    """
    result = x(0)
    for back in range(1, LOOKBACK):
        lo, hi = result.ends
        if type(result) is Interval and not result.is_anything:
            break
        ops = result.ops
        earlier = x(back)
        missing = (lo == -math.inf) & (hi == math.inf)
        a, b = earlier.ends
        kind = type(earlier) if type(result) is Interval else type(result)
        result = kind(ops.choose(missing, a, lo), ops.choose(missing, b, hi))
    return result


def if_(condition: Series, yes: Series, no: Series) -> Interval:
    return choice(condition(0), yes(0), no(0))


def pointwise(combine: Callable[[Interval, Interval], Interval]) -> Callable[..., Interval]:
    def formula(*values: Series) -> Interval:
        result = values[0](0)
        for value in values[1:]:
            result = combine(result, value(0))
        return result

    return formula


def absolute(x: Series) -> Interval:
    return magnitude(x(0))


FUNCTIONS: dict[str, Function] = {
    "lag": Function(("value", "quarters"), "same", lag, "the value so many quarters ago"),
    "change": Function(("value", "quarters"), "same", change, "the value less that of so many quarters ago"),
    "yoy": Function(
        ("value",), "ratio", yoy, "growth over four quarters; unknown from a base that may not be positive"
    ),
    "qoq": Function(
        ("value",), "ratio", qoq, "growth over one quarter; unknown from a base that may not be positive"
    ),
    "ttm": Function(("value",), "annual", ttm, "the four quarters up to this one added up; of flows only"),
    "mean": Function(("value", "quarters"), "same", mean, "the mean of the last quarters; unknown if one is"),
    "min": Function(("value", "quarters"), "same", lowest, "the lowest of the last quarters"),
    "max": Function(("value", "quarters"), "same", highest, "the highest of the last quarters"),
    "sum": Function(("value", "quarters"), "sum", total, "the last quarters added up; of flows only"),
    "nth": Function(
        ("value", "rank", "quarters"), "same", nth, "the k-th largest of the last m quarters: nth(x, k, m)"
    ),
    "cagr": Function(("value", "years"), "ratio", cagr, "growth a year, compounded, over so many years"),
    "streak": Function(
        ("condition", "quarters"),
        "count",
        streak,
        "quarters in a row in which the condition holds, at most so many",
    ),
    "latest": Function(("value",), "same", latest, f"the newest known value of the last {LOOKBACK} quarters"),
    "if": Function(
        ("condition", "value", "value"), "same", if_, "the second where the condition holds, else the third"
    ),
    "least": Function(("value", "value"), "same", pointwise(least), "the smallest of its arguments", True),
    "greatest": Function(
        ("value", "value"), "same", pointwise(greatest), "the largest of its arguments", True
    ),
    "abs": Function(("value",), "same", absolute, "the size without the sign"),
}
