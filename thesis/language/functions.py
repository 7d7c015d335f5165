"""The functions of the rule language: one entry for each holds everything that is known of it.

An entry (``Function``) has the arguments, the rule for the unit of the result, the formula on intervals, the
same formula as spreadsheet cells and the meaning in a sentence. The quarters that a function reads follow
from its formula (``Function.reads``), so there is no second list of look-backs to keep in step.

A formula is given its arguments as series: ``x(0)`` is the value in this quarter, ``x(4)`` four
quarters ago, whatever the carrier. What a formula is built from is interval arithmetic, so a quarter
that is missing makes the result as unknown as it has to be, and no more.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, NamedTuple, Protocol

from thesis.core import interval
from thesis.core.interval import (
    EVERYTHING,
    NO,
    YES,
    Endpoint,
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


class Series(Protocol):
    """An argument as a formula sees it: its value in each quarter, and whether it is missing there."""

    def __call__(self, back: int) -> Interval:
        """The value so many quarters ago."""

    def is_missing(self, back: int) -> Endpoint:
        """Whether a figure that the value rests on was not reported, and none is contradicted.

        A truth of the carrier: one answer, or one for each entity.
        """


LOOKBACK = 8  # quarters that `latest` searches, the newest included


SERIES = ("value", "condition")  # kinds of argument that are series; all others are whole numbers


class Sheet(Protocol):
    """How a spreadsheet writes what the functions need; ``Any`` stands for an argument or a pair of formulas.

    The workbook implements it. Each method returns the formulas of the low and the high end.
    """

    def at(self, argument: Any, back: int) -> Any:
        """An argument so many quarters ago."""

    def over(self, name: str, argument: Any, quarters: int) -> Any:
        """A spreadsheet function of a range, such as SUM or MEDIAN, over the last quarters of an argument."""

    def nth(self, argument: Any, rank: int, quarters: int) -> Any:
        """The k-th largest of the last quarters."""

    def difference(self, now: Any, then: Any) -> Any:
        """One value less another."""

    def growth(self, now: Any, then: Any) -> Any:
        """Growth from one value to another."""

    def compound(self, now: Any, then: Any, years: int) -> Any:
        """Growth a year over so many years."""

    def run(self, answers: Sequence[Any]) -> Any:
        """How many of the first answers are yes."""

    def newest(self, argument: Any, quarters: int) -> Any:
        """The newest known value of an argument, past quarters in which it was not reported."""

    def either(self, condition: Any, yes: Any, no: Any) -> Any:
        """The second where the condition holds, else the third."""

    def smallest(self, values: Sequence[Any]) -> Any:
        """The smallest of the values."""

    def largest(self, values: Sequence[Any]) -> Any:
        """The largest of the values."""

    def size(self, value: Any) -> Any:
        """A value without its sign."""


class Read(NamedTuple):
    """One value that a function reads: of which argument, counted from 0, and how many quarters ago."""

    argument: int
    back: int


class Function(NamedTuple):
    """A function of the language.

    ``takes`` names each argument: value, condition, quarters (a whole number of at least 1), lag (of at
    least 0), years, rank. ``gives`` is the rule by which the unit of the result follows: that of the first
    argument (``same``), ``ratio``, ``annual`` (a flow added up over a year), ``sum``, ``count``.
    ``formula`` takes a series for each value and condition, and an int for each whole number. ``cells``
    is the same as formulas of a spreadsheet. ``repeats``: the last argument may be given any number of times.
    ``rank``, of a function that picks one of the last quarters by size, says which: given its whole numbers,
    it returns 1 for the largest, 2 for the next, and None where the result need not be one of them.
    """

    takes: tuple[str, ...]
    gives: str
    formula: Callable[..., Interval]
    meaning: str
    cells: Callable[..., Any]
    repeats: bool = False
    rank: Callable[..., int | None] | None = None

    def kind(self, argument: int) -> str:
        """What an argument has to be, counted from 0; the last one stands for those that are repeated."""
        return self.takes[min(argument, len(self.takes) - 1)]

    def reads(self, arguments: Sequence[int | None]) -> tuple[Read, ...]:
        """Every value that the formula reads where nothing is known, in order.

        ``arguments`` has the number for each whole number and None for each series. The formula itself is
        run on unknown values, on which `latest` searches as far as it ever does.
        """
        return _reads(self.formula, tuple(arguments))


@cache
def _reads(formula: Callable[..., Interval], arguments: tuple[int | None, ...]) -> tuple[Read, ...]:
    seen: list[Read] = []
    formula(*(_Unreported(i, seen) if number is None else number for i, number in enumerate(arguments)))
    return tuple(seen)


class _Unreported(NamedTuple):
    """An argument of which nothing was ever reported; it notes what it is asked for."""

    argument: int
    seen: list[Read]

    def __call__(self, back: int) -> Interval:
        self.seen.append(Read(self.argument, back))
        return EVERYTHING

    def is_missing(self, back: int) -> Endpoint:
        return True


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


def median(x: Series, quarters: int) -> Interval:
    """The middle one of the last quarters by size; of an even number the mean of the middle two."""
    values = [x(back) for back in range(quarters)]
    upper, lower = kth_largest(values, (quarters + 1) // 2), kth_largest(values, quarters // 2 + 1)
    return (upper + lower) / point(2.0)


def cagr(x: Series, years: int) -> Interval:
    """Compound growth; -100% where nothing or less is left, unknown from a base that may not be positive."""
    ratio = growth(x(0), x(4 * years)) + YES
    lo, hi = ratio.ends
    ops = ratio.ops
    unknown = (lo == -math.inf) & (hi == math.inf)
    return type(ratio)(
        ops.choose(unknown, -math.inf, ops.power(ops.greatest(lo, 0.0), 1 / years) - 1),
        ops.choose(unknown, math.inf, ops.power(ops.greatest(hi, 0.0), 1 / years) - 1),
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
    for what is not reported every quarter. What was reported and is unknown all the same, for two
    sources contradict each other or a divisor may be zero, is the newest there is, and unknown.
    """
    result, skipped = x(0), True
    for back in range(1, LOOKBACK):
        lo, hi = result.ends
        if type(result) is Interval and not result.is_anything:
            break
        skipped = skipped & x.is_missing(back - 1)
        if skipped is False:
            break
        ops = result.ops
        earlier = x(back)
        missing = (lo == -math.inf) & (hi == math.inf) & skipped
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


def _each(combine: str) -> Callable[..., Any]:
    return lambda s, *values: getattr(s, combine)([s.at(value, 0) for value in values])


FUNCTIONS: dict[str, Function] = {
    "lag": Function(
        ("value", "lag"), "same", lag, "the value so many quarters ago", lambda s, x, back: s.at(x, back)
    ),
    "change": Function(
        ("value", "quarters"),
        "same",
        change,
        "the value less that of so many quarters ago",
        lambda s, x, back: s.difference(s.at(x, 0), s.at(x, back)),
    ),
    "yoy": Function(
        ("value",),
        "ratio",
        yoy,
        "growth over four quarters; unknown from a base that may not be positive",
        lambda s, x: s.growth(s.at(x, 0), s.at(x, 4)),
    ),
    "qoq": Function(
        ("value",),
        "ratio",
        qoq,
        "growth over one quarter; unknown from a base that may not be positive",
        lambda s, x: s.growth(s.at(x, 0), s.at(x, 1)),
    ),
    "ttm": Function(
        ("value",),
        "annual",
        ttm,
        "the four quarters up to this one added up; of flows only",
        lambda s, x: s.over("SUM", x, 4),
    ),
    "mean": Function(
        ("value", "quarters"),
        "same",
        mean,
        "the mean of the last quarters; unknown if one is",
        lambda s, x, quarters: s.over("AVERAGE", x, quarters),
    ),
    "median": Function(
        ("value", "quarters"),
        "same",
        median,
        "the median of the last quarters; of an even number the mean of the middle two",
        lambda s, x, quarters: s.over("MEDIAN", x, quarters),
        rank=lambda quarters: (quarters + 1) // 2 if quarters % 2 else None,
    ),
    "min": Function(
        ("value", "quarters"),
        "same",
        lowest,
        "the lowest of the last quarters",
        lambda s, x, quarters: s.over("MIN", x, quarters),
        rank=lambda quarters: quarters,
    ),
    "max": Function(
        ("value", "quarters"),
        "same",
        highest,
        "the highest of the last quarters",
        lambda s, x, quarters: s.over("MAX", x, quarters),
        rank=lambda _: 1,
    ),
    "sum": Function(
        ("value", "quarters"),
        "sum",
        total,
        "the last quarters added up; of flows only",
        lambda s, x, quarters: s.over("SUM", x, quarters),
    ),
    "nth": Function(
        ("value", "rank", "quarters"),
        "same",
        nth,
        "the k-th largest of the last m quarters: nth(x, k, m)",
        lambda s, x, rank, quarters: s.nth(x, rank, quarters),
        rank=lambda rank, _: rank,
    ),
    "cagr": Function(
        ("value", "years"),
        "ratio",
        cagr,
        "growth a year, compounded, over so many years; -100% where nothing or less is left",
        lambda s, x, years: s.compound(s.at(x, 0), s.at(x, 4 * years), years),
    ),
    "streak": Function(
        ("condition", "quarters"),
        "count",
        streak,
        "quarters in a row in which the condition holds, at most so many",
        lambda s, condition, quarters: s.run([s.at(condition, back) for back in range(quarters)]),
    ),
    "latest": Function(
        ("value",),
        "same",
        latest,
        f"the newest value of the last {LOOKBACK} quarters, past those in which it was not reported",
        lambda s, x: s.newest(x, LOOKBACK),
    ),
    "if": Function(
        ("condition", "value", "value"),
        "same",
        if_,
        "the second where the condition holds, else the third",
        lambda s, condition, yes, no: s.either(s.at(condition, 0), s.at(yes, 0), s.at(no, 0)),
    ),
    "least": Function(
        ("value", "value"),
        "same",
        pointwise(least),
        "the smallest of its arguments",
        _each("smallest"),
        repeats=True,
    ),
    "greatest": Function(
        ("value", "value"),
        "same",
        pointwise(greatest),
        "the largest of its arguments",
        _each("largest"),
        repeats=True,
    ),
    "abs": Function(
        ("value",), "same", absolute, "the size without the sign", lambda s, x: s.size(s.at(x, 0))
    ),
}
