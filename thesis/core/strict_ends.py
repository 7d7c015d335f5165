"""The ends of figures that are stated as more or less than a number, which they are not themselves.

``<100e9`` is kept as an interval whose end lies a little inside, by more than the tolerance of comparisons,
so that it is below 100e9 wherever it is compared; intervals need no open ends for that. It is printed as it
was filed.
"""

from __future__ import annotations

import math

from thesis.core.interval import TOLERANCE, Interval

INSIDE = 8 * TOLERANCE  # of the number; a comparison takes two numbers for equal up to twice the tolerance
BESIDE_ZERO = 1e-30
"""How far from zero an end lies that is not zero itself: of no figure is so little left."""
_DIGITS = (12, 15)  # with which it may have been typed; the fewest that lead back to an end are taken


def more_than(number: float) -> Interval:
    """Everything above a number.

    >>> more_than(25e9).lo > 25e9, stated_end(more_than(25e9).lo, is_lower=True)
    (True, 25000000000.0)
    """
    return Interval(_moved(number, 1.0), math.inf)


def less_than(number: float) -> Interval:
    """Everything below a number."""
    return Interval(-math.inf, _moved(number, -1.0))


def stated_end(end: float, *, is_lower: bool) -> float:
    """The number that an end was stated with; the end itself, where it was not moved."""
    way = 1.0 if is_lower else -1.0
    if end == way * BESIDE_ZERO:
        return 0.0
    size = math.copysign(INSIDE, way) * math.copysign(1.0, end)
    for digits in _DIGITS if math.isfinite(end) else ():
        stated = float(f"{end / (1 + size):.{digits}g}")
        if stated and _moved(stated, way) == end:
            return stated
    return end


def as_stated(value: Interval) -> Interval:
    """A value with no bound on one side, its other end as it was stated; any other value as it is."""
    if math.isinf(value.lo) == math.isinf(value.hi):
        return value
    return Interval(stated_end(value.lo, is_lower=True), stated_end(value.hi, is_lower=False))


def stated_gap(gap: Interval, at: float) -> Interval:
    """A distance from a number, with ends of zero where it is that of a figure stated with the number itself.

    >>> stated_gap(less_than(80e6) - Interval(80e6, 80e6), 80e6).hi
    0.0
    """
    lo, hi = (0.0 if abs(end) <= 2 * INSIDE * abs(at) else end for end in (gap.lo, gap.hi))
    return Interval(lo, hi)


def _moved(number: float, way: float) -> float:
    return number + way * INSIDE * abs(number) if number else way * BESIDE_ZERO
