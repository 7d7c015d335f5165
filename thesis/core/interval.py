"""Intervals, the only values of the rule language, and their arithmetic.

A known number is a point; an assumption, a one-sided disclosure or a rounded figure is a range; a
missing fact is everything. Truth is an interval too: no is 0..0, yes is 1..1, unknown is 0..1.
Every operation holds each result that its inputs allow, so narrowing an input never moves an answer
outside what it was.

The endpoints are floats (one company, one quarter) or arrays (many at once). A carrier names the
few primitives in which the two differ, each of which a SQL expression has as well; everything else
is written once, here. The two endpoints of a point are the same object, and are computed once.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable, Sequence
from functools import reduce
from typing import Any, ClassVar, TypeVar, overload

# Two numbers closer than this, relative to their sizes, compare as equal, so that 110/100 - 1 >= 10 %
# is yes. It is rounding to the twelve significant digits of a printed figure, in a form that stays
# monotone and costs the same on every carrier.
TOLERANCE = 5e-13

Endpoint = Any  # a float or an array of floats; for truth 0 and 1, or booleans
Summand = TypeVar("Summand")


@overload
def total(values: Iterable[float]) -> float: ...


@overload
def total(values: Iterable[Summand], start: Summand) -> Summand: ...


def total(values: Iterable[Any], start: Any = 0.0) -> Any:
    """The sum of some values, added to ``start`` one after the other in the order in which they come.

    The values may be floats, arrays of one shape, or intervals and decimals, whose ``start`` is a zero of
    their own kind. All the numbers of a single numpy array are added, row after row.

    Every sum behind a score or a printed figure is taken here, because a rounded sum depends on how it is
    taken: from Python 3.12 on the built-in ``sum`` carries the rounding error of floats along,
    ``math.fsum`` rounds once at the end, and numpy adds in as many strands as the processor has room for.
    Added one by one, the same numbers give the same bytes under every interpreter. Where their order is to
    have no say, they are sorted first: ``total(sorted(values))`` also never falls when one of them rises.

    >>> total([0.1] * 10)
    0.9999999999999999
    >>> total([Interval(1.0, 2.0), point(10.0)], NO)
    11..12
    """
    if hasattr(values, "cumsum"):
        running = values.cumsum()  # of numpy's ways to add the one that keeps to the order
        return start + float(running[-1]) if running.size else start
    return reduce(operator.add, values, start)


class Floats:
    """The primitives on single numbers, on the standard library alone.

    What is not a number (inf - inf, 0 * inf) passes through ``least`` and ``greatest``, as it does
    on arrays, until ``settle`` replaces it.
    """

    @staticmethod
    def least(a: float, b: float) -> float:
        return a if a < b or a != a else b

    @staticmethod
    def greatest(a: float, b: float) -> float:
        return a if a > b or a != a else b

    @staticmethod
    def choose(condition: bool, yes: float, no: float) -> float:
        return yes if condition else no

    @staticmethod
    def settle(a: float, otherwise: float) -> float:
        """``otherwise`` bounds what a may be: from below if it is not above zero, else from above."""
        return otherwise if a != a else a

    @staticmethod
    def divide(a: float, b: float) -> float:
        return a / b if b else math.nan

    @staticmethod
    def truth(a: bool) -> float:
        return 1.0 if a else 0.0

    @staticmethod
    def contrary(a: float) -> float:
        return 1.0 - a

    exp: ClassVar[Callable[[float], float]] = staticmethod(math.exp)
    log: ClassVar[Callable[[float], float]] = staticmethod(math.log)

    @staticmethod
    def power(a: float, exponent: float) -> float:
        return float(a**exponent)

    ascending: ClassVar[Callable[[Iterable[float]], list[float]]] = staticmethod(sorted)


class Interval:
    """Everything from ``lo`` to ``hi``, ends included; ``lo <= hi``, unbounded ends are infinite.

    >>> Interval(1.0, 2.0) + Interval(10.0, 10.0)
    11..12
    >>> Interval(1.0, 2.0) / Interval(-1.0, 1.0)
    anything
    """

    __slots__ = ("hi", "lo")
    ops: ClassVar[Any] = Floats

    def __init__(self, lo: Endpoint, hi: Endpoint) -> None:
        self.lo = lo
        self.hi = hi

    @classmethod
    def exactly(cls, value: Endpoint) -> Interval:
        """A point; what is not a number is not known."""
        return cls(value, value) if value == value else EVERYTHING

    @classmethod
    def answer(cls, a: Endpoint, b: Endpoint) -> Interval:
        """Whether the point a is the point b or more; unknown where one of them is not known."""
        truth = cls.ops.truth(a >= b)
        return cls(truth, truth)

    @property
    def ends(self) -> tuple[Endpoint, Endpoint]:
        """Both endpoints, what is missing as minus and plus infinity."""
        return self.lo, self.hi

    @property
    def is_point(self) -> bool:
        """Whether the value is known exactly (of an array: by construction)."""
        return self.lo is self.hi or bool(self.lo == self.hi)

    @property
    def is_anything(self) -> bool:
        return bool(self.lo == -math.inf and self.hi == math.inf)

    @property
    def middle(self) -> float:
        """Half way between the ends; the finite end where the other is unbounded."""
        if math.isinf(self.lo) or math.isinf(self.hi):
            return self.hi if math.isinf(self.lo) else self.lo  # type: ignore[no-any-return]
        return self.lo if self.is_point else (self.lo + self.hi) / 2  # type: ignore[no-any-return]

    @property
    def width(self) -> float:
        return 0.0 if self.is_point else self.hi - self.lo

    def holds(self, other: Interval) -> bool:
        """Whether every value of ``other`` is one of this interval's."""
        return bool(self.lo <= other.lo and other.hi <= self.hi)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Interval) and bool(self.lo == other.lo and self.hi == other.hi)

    def __hash__(self) -> int:
        return hash((self.lo, self.hi))

    def __repr__(self) -> str:
        if self.is_anything:
            return "anything"
        return f"{self.lo:.12g}" if self.is_point else f"{self.lo:.12g}..{self.hi:.12g}"

    # arithmetic ------------------------------------------------------------------------------

    def __add__(self, other: Interval) -> Interval:
        kind = _kind(self, other)
        if self.lo is self.hi and other.lo is other.hi:
            return kind.exactly(self.lo + other.lo)
        (a, b), (c, d) = self.ends, other.ends
        return kind(kind.ops.settle(a + c, -math.inf), kind.ops.settle(b + d, math.inf))

    def __sub__(self, other: Interval) -> Interval:
        kind = _kind(self, other)
        if self.lo is self.hi and other.lo is other.hi:
            return kind.exactly(self.lo - other.lo)
        (a, b), (c, d) = self.ends, other.ends
        return kind(kind.ops.settle(a - d, -math.inf), kind.ops.settle(b - c, math.inf))

    def __neg__(self) -> Interval:
        if self.lo is self.hi:
            return type(self).exactly(-self.lo)
        return type(self)(-self.hi, -self.lo)

    def __mul__(self, other: Interval) -> Interval:
        kind = _kind(self, other)
        if self.lo is self.hi and other.lo is other.hi:
            return kind.exactly(self.lo * other.lo)
        (a, b), (c, d) = self.ends, other.ends
        if c is d:
            return _between(kind, a * c, b * c)
        return _between(kind, a * c, a * d, b * c, b * d)

    def __truediv__(self, other: Interval) -> Interval:
        """The quotient; anything where the divisor may be zero."""
        kind = _kind(self, other)
        ops = kind.ops
        if self.lo is self.hi and other.lo is other.hi:
            return kind.exactly(ops.divide(self.lo, other.lo))
        (a, b), (c, d) = self.ends, other.ends
        all_four = _between(kind, ops.divide(a, c), ops.divide(a, d), ops.divide(b, c), ops.divide(b, d))
        zero = (c <= 0) & (d >= 0)
        return kind(ops.choose(zero, -math.inf, all_four.lo), ops.choose(zero, math.inf, all_four.hi))


def _kind(a: Interval, b: Interval) -> type[Interval]:
    """The carrier of a result: arrays, as soon as one side is an array."""
    return type(b) if type(a) is Interval else type(a)


def _carrier(values: Sequence[Interval]) -> type[Interval]:
    return next((type(value) for value in values if type(value) is not Interval), Interval)


def _between(kind: type[Interval], *corners: Endpoint) -> Interval:
    """The range of the corners; anything where one of them is not a number (0 times infinity)."""
    ops = kind.ops
    lo = hi = corners[0]
    for corner in corners[1:]:
        lo, hi = ops.least(lo, corner), ops.greatest(hi, corner)
    return kind(ops.settle(lo, -math.inf), ops.settle(hi, math.inf))


EVERYTHING = Interval(-math.inf, math.inf)
NO = Interval(0.0, 0.0)
YES = Interval(1.0, 1.0)
UNKNOWN = Interval(0.0, 1.0)


def point(value: float) -> Interval:
    """A number that is known."""
    return Interval(value, value)


def hull(a: Interval, b: Interval) -> Interval:
    """The smallest interval that holds both: either may be the case."""
    kind = _kind(a, b)
    (p, q), (r, s) = a.ends, b.ends
    return kind(kind.ops.least(p, r), kind.ops.greatest(q, s))


def least(a: Interval, b: Interval) -> Interval:
    """The smaller of the two."""
    kind = _kind(a, b)
    (p, q), (r, s) = a.ends, b.ends
    return kind(kind.ops.least(p, r), kind.ops.least(q, s))


def greatest(a: Interval, b: Interval) -> Interval:
    """The larger of the two."""
    kind = _kind(a, b)
    (p, q), (r, s) = a.ends, b.ends
    return kind(kind.ops.greatest(p, r), kind.ops.greatest(q, s))


def magnitude(a: Interval) -> Interval:
    """The size of a number without its sign."""
    return greatest(greatest(a, -a), NO)


def growth(now: Interval, then: Interval) -> Interval:
    """Now / then - 1; anything where the base may be zero or negative, for that has no meaning."""
    kind = _kind(now, then)
    ops = kind.ops
    ratio = now / then
    improper = then.lo <= 0  # where an array does not know the base, it does not know the ratio either
    if ratio.lo is ratio.hi:
        return kind.exactly(ops.choose(improper, math.nan, ratio.lo - 1))
    return kind(ops.choose(improper, -math.inf, ratio.lo - 1), ops.choose(improper, math.inf, ratio.hi - 1))


def quotient(a: Interval, b: Interval) -> Interval:
    """A / b; anything where b may be zero or less, for a share or a multiple of that has no meaning."""
    kind = _kind(a, b)
    ops = kind.ops
    ratio = a / b
    improper = b.lo <= 0  # where an array does not know the divisor, it does not know the ratio either
    if ratio.lo is ratio.hi:
        return kind.exactly(ops.choose(improper, math.nan, ratio.lo))
    return kind(ops.choose(improper, -math.inf, ratio.lo), ops.choose(improper, math.inf, ratio.hi))


def multiple(a: Interval, b: Interval, beyond: float) -> Interval:
    """A / b where b is positive, ``beyond`` (an infinite number) where it is not, either where b may be both.

    For an a above zero, as the price of a share: the multiple then rises without end as b falls to zero, and
    ``beyond`` says on which side of every threshold a loss stands. Anything where a may be zero or less and b
    too: no debt over a loss is no burden.
    """
    kind = _kind(a, b)
    ops = kind.ops
    if a.lo is a.hi and b.lo is b.hi:
        turned = ops.choose(a.lo > 0, beyond, math.nan)
        return kind.exactly(ops.choose(b.lo <= 0, turned, ops.divide(a.lo, b.lo)))
    (p, q), (c, d) = a.ends, b.ends
    never, not_always = (d <= 0) & (p > 0), c <= 0
    unknown = ((c == -math.inf) & (d == math.inf)) | (not_always & (p <= 0))
    # Towards a divisor of zero the quotient grows without end, in the direction of the sign of its numerator.
    lowest = ops.choose(p >= 0, ops.divide(p, d), ops.choose(not_always, -math.inf, ops.divide(p, c)))
    highest = ops.choose(q <= 0, ops.divide(q, d), ops.choose(not_always, math.inf, ops.divide(q, c)))
    lo = ops.choose(unknown, -math.inf, ops.settle(lowest, -math.inf))
    hi = ops.choose(unknown, math.inf, ops.settle(highest, math.inf))
    if beyond > 0:
        return kind(ops.choose(never, beyond, lo), ops.choose(not_always, beyond, hi))
    return kind(ops.choose(not_always, beyond, lo), ops.choose(never, beyond, hi))


# comparison: yes, no or unknown ----------------------------------------------------------------


def _raised(a: Endpoint) -> Endpoint:
    """The most that a may be, to twelve significant digits; rises with a.

    Of an end that is unbounded downwards the sum is not a number, and no comparison with it is
    true, as it should be. So it is with ``_lowered`` upwards.
    """
    return a + TOLERANCE * abs(a)


def _lowered(b: Endpoint) -> Endpoint:
    """The least that b may be, to twelve significant digits; rises with b."""
    return b - TOLERANCE * abs(b)


def reaches(a: float, b: float) -> bool:
    """Whether one number is another or more, to twelve significant digits."""
    return bool(_raised(a) >= _lowered(b))


def at_least(a: Interval, b: Interval) -> Interval:
    """Whether a >= b: certain if the worst a reaches the best b, possible if the best the worst."""
    kind = _kind(a, b)
    if a.lo is a.hi and b.lo is b.hi:
        return kind.answer(_raised(a.lo), _lowered(b.lo))
    (p, q), (r, s) = a.ends, b.ends
    truth = kind.ops.truth
    return kind(truth(_raised(p) >= _lowered(s)), truth(_raised(q) >= _lowered(r)))


def apart(a: Interval, b: Interval) -> Interval:
    """A - b, of numbers, with an end of zero where the two ends are equal to twelve significant digits.

    So that what is left to a threshold agrees with whether it is reached.
    """
    lo, hi = (
        0.0 if math.isfinite(p - q) and reaches(p, q) and reaches(q, p) else p - q
        for p, q in ((a.lo, b.hi), (a.hi, b.lo))
    )
    return EVERYTHING if math.isnan(lo) or math.isnan(hi) else Interval(lo, hi)


def below(a: Interval, b: Interval) -> Interval:
    """A < b: the contrary of a >= b."""
    return negation(at_least(a, b))


def equal(a: Interval, b: Interval) -> Interval:
    """A == b: possible if the ranges meet, certain only between points."""
    return all_of(at_least(a, b), at_least(b, a))


def all_of(a: Interval, b: Interval) -> Interval:
    """Both hold (Kleene): no if either is no, yes if both are yes."""
    return least(a, b)


def any_of(a: Interval, b: Interval) -> Interval:
    """At least one holds (Kleene): yes if either is yes, no if both are no."""
    return greatest(a, b)


def negation(a: Interval) -> Interval:
    """The contrary: unknown stays unknown."""
    lo, hi = a.ends
    return type(a)(a.ops.contrary(hi), a.ops.contrary(lo))


def choice(condition: Interval, yes: Interval, no: Interval) -> Interval:
    """``yes`` where the condition holds, ``no`` where it does not, either where it is unknown."""
    kind = _carrier((condition, yes, no))
    ops = kind.ops
    certain, possible = condition.ends
    if yes is YES and no is NO:
        return kind(1.0 * certain, 1.0 * possible)  # truth as a number: on arrays it may be boolean
    (a, b), (c, d), either = yes.ends, no.ends, hull(yes, no)
    e, f = either.ends
    return kind(
        ops.choose(certain, a, ops.choose(possible, e, c)),
        ops.choose(certain, b, ops.choose(possible, f, d)),
    )


def kth_largest(values: Sequence[Interval], k: int) -> Interval:
    """The k-th largest, end by end: n of the last m reach a level if the n-th largest reaches it.

    Errors: ``ValueError`` where there is no k-th. Rises with each value, whatever their order.
    """
    if not 1 <= k <= len(values):
        raise ValueError(f"the {k}-th largest of {len(values)}")
    kind = _carrier(values)
    lows = [value.ends[0] for value in values]
    highs = [value.ends[1] for value in values]
    return kind(_kth(kind.ops, lows, k), _kth(kind.ops, highs, k))


def _kth(ops: Any, ends: list[Endpoint], k: int) -> Endpoint:
    """Carry out the k - 1 largest, or as many smallest as are fewer; the next one is the k-th.

    The larger and the smaller of two are all it needs.
    """
    first, second = ops.greatest, ops.least
    if 2 * k > len(ends) + 1:
        first, second, k = second, first, len(ends) + 1 - k
    for _ in range(k - 1):
        rest, carried = [], ends[0]
        for end in ends[1:]:
            rest.append(second(carried, end))
            carried = first(carried, end)
        ends = rest
    result = ends[0]
    for end in ends[1:]:
        result = first(result, end)
    return result
