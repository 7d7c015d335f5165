"""Solvers: the input that gives a value, or the range that can be reached where none does.

An answer is never clipped to the end of the search: where there is no root there is no value, but
the range of what can be reached and a sentence.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple

from thesis.core.argument_checks import number_text
from thesis.valuation.domain_checks import DomainChecks, DomainError

SAMPLES = 33
EPSILON, TINY = 2.0**-52, 1e-300  # of a float: the last digit of 1, and next to nothing
WIGGLE = 1e-12  # of the largest value: what rounding may do to a function that stands still


Place = tuple[float, float]  # x and f(x)


class Solution(NamedTuple):
    """The input that was looked for. ``value`` is None where there is no root.

    ``least`` and ``most``: the range of the objective over the search; ``reason``: why there is none.
    """

    value: float | None
    least: float
    most: float
    reason: str = ""


class YearsSolution(NamedTuple):
    """A number of years, whole and with a fraction; both None where there is none (``reason``).

    ``value`` lies on a straight line between two years, ``whole`` is the first that reaches the target.
    ``least`` and ``most``: the range of the objective over the years searched.
    """

    value: float | None
    whole: int | None
    least: float
    most: float
    reason: str = ""


def solve(
    f: Callable[[float], float], target: float, low: float, high: float, *, samples: int = SAMPLES
) -> Solution:
    """The x between ``low`` and ``high`` at which f(x) is the target, f rising or falling throughout.

    f is looked at in ``samples`` places first. By Brent's method, to the last digits of a float.
    Errors: ``DomainError`` if f turns between the samples (more than one x could answer: narrow the
    range), is not finite somewhere, or low is not below high. No root is no error: ``Solution.value``
    is None and least, most say what f reaches.

    >>> round(solve(lambda x: x * x, 2.0, 0.0, 2.0).value, 12)
    1.414213562373
    >>> solve(lambda x: x * x, 9.0, 0.0, 2.0)
    Solution(value=None, least=0.0, most=4.0, reason='no root: from 0 to 2 it reaches 0 to 4, not 9')
    """
    with DomainChecks() as check:
        fine = [check.number(name, x) for name, x in (("target", target), ("low", low), ("high", high))]
        if all(fine):
            check.that(
                low < high,
                f"low: expected less than high ({number_text(high)}), found {number_text(low)}",
            )
        check.whole("samples", samples, least=2, most=100_000)
    places = [low + (high - low) * i / (samples - 1) for i in range(samples - 1)] + [high]
    values = [f(place) for place in places]
    _refuse_turns(places, values)
    least, most = min(values), max(values)
    if not least <= target <= most:
        reach = (
            f"from {number_text(low)} to {number_text(high)} it reaches "
            f"{number_text(least)} to {number_text(most)}"
        )
        return Solution(None, least, most, f"no root: {reach}, not {number_text(target)}")
    if least == most:
        return Solution(None, least, most, "every value gives the target: it does not depend on this input")
    return Solution(
        _root(lambda x: f(x) - target, low, high, 2 * EPSILON * max(abs(least), abs(most))), least, most
    )


def _refuse_turns(places: Sequence[float], values: Sequence[float]) -> None:
    """Errors: ``DomainError`` where values turn or are not finite."""
    for place, value in zip(places, values, strict=True):
        if not math.isfinite(value):
            raise DomainError(
                f"f({number_text(place)}): expected a finite number, found {number_text(value)}"
            )
    slack = WIGGLE * max(map(abs, values))
    rises = [b > a + slack for a, b in pairwise(values)]
    falls = [b < a - slack for a, b in pairwise(values)]
    if any(rises) and any(falls):
        turn = places[max(rises.index(True), falls.index(True))]
        raise DomainError(
            f"f: expected to rise or to fall throughout, found it to turn near {number_text(turn)}; "
            "narrow the range"
        )


def _root(f: Callable[[float], float], low: float, high: float, close: float) -> float:
    """Where f is zero between two ends of different sign, to the last digits of a float.

    ``close``: what rounding may do to f, so that nothing nearer to zero is looked for.

    Brent's method: a parabola or a line through the last points while that closes in, halving when not.
    Source: Brent, Algorithms for Minimization without Derivatives, 1973, chapter 4.
    """
    a, b = low, high
    at_a, at_b = f(a), f(b)
    c, at_c = a, at_a
    step = before = b - a
    while True:
        if abs(at_c) < abs(at_b):
            a, b, c = b, c, b
            at_a, at_b, at_c = at_b, at_c, at_b
        fine = 2 * EPSILON * abs(b) + TINY
        half = (c - b) / 2
        if abs(half) <= fine or abs(at_b) <= close:
            return b
        before, step = step, half
        if abs(before) >= fine and abs(at_a) > abs(at_b):
            guess = _guess((a, at_a), (b, at_b), (c, at_c))
            if abs(guess) < min(abs(0.75 * (c - b)), abs(before) / 2) and guess * half > 0:
                step = guess
        a, at_a = b, at_b
        b += step if abs(step) > fine else math.copysign(fine, half)
        at_b = f(b)
        if (at_b > 0) == (at_c > 0):
            c, at_c = a, at_a
            step = b - a


def _guess(a: Place, b: Place, c: Place) -> float:
    """How far from b the zero lies, by an inverse parabola through three points or a line through two."""
    s = b[1] / a[1]
    if a[0] == c[0]:
        return -(c[0] - b[0]) * s / (1 - s)
    q, r = a[1] / c[1], b[1] / c[1]
    p = s * ((c[0] - b[0]) * q * (q - r) - (b[0] - a[0]) * (r - 1))
    return -p / ((q - 1) * (r - 1) * (s - 1))


def solve_years(f: Callable[[int], float], target: float, *, low: int = 0, high: int = 100) -> YearsSolution:
    """The first number of years at which f(years) crosses the target, from ``low`` on.

    For forecast periods that a price implies: f is a model's value by its number of years.
    ``value`` lies on a straight line between the two years around the target. With a ``forecast`` of
    so many years, ``low=1``.
    Errors: ``DomainError`` where f is not finite or low is not below high.
    Source: Rappaport & Mauboussin, Expectations Investing, 2001 (the market-implied forecast period).

    >>> solve_years(lambda n: 10.0 * n, 25.0)
    YearsSolution(value=2.5, whole=3, least=0.0, most=1000.0, reason='')
    """
    with DomainChecks() as check:
        check.number("target", target)
        if check.whole("low", low, least=0) and check.whole("high", high, least=0):
            check.that(low < high, f"low: expected less than high ({high}), found {low}")
    values = [f(years) for years in range(low, high + 1)]
    for years, value in enumerate(values, low):
        if not math.isfinite(value):
            raise DomainError(f"f({years}): expected a finite number, found {number_text(value)}")
    least, most = min(values), max(values)
    if values[0] == target:
        return YearsSolution(float(low), low, least, most)
    for years, (a, b) in enumerate(pairwise(values), low):
        if min(a, b) <= target <= max(a, b) and a != b:
            return YearsSolution(years + (target - a) / (b - a), years + 1, least, most)
    reach = f"from {low} to {high} years it reaches {number_text(least)} to {number_text(most)}"
    return YearsSolution(None, None, least, most, f"no root: {reach}, not {number_text(target)}")
