"""Scales from values to coordinates, and round numbers for the ticks of an axis."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from thesis.core.interval import Interval

LEAST = 1e-9  # of its values, that an axis must span to have round numbers on it
_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


class LinearScale(NamedTuple):
    """A straight scale: ``low`` lies at ``start``, ``high`` at ``end`` (pixels, which may run downwards)."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """The place of a value; of one beyond the scale, the end on that side."""
        if not self.high > self.low:
            return (self.start + self.end) / 2
        part = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return self.start + part * (self.end - self.start)


def padded_range(values: Iterable[float], *, zero: bool = False, room: float = 0.06) -> tuple[float, float]:
    """The least and the largest of some values with room on both sides; infinite ones do not count.

    ``zero``: from zero on, where nothing lies below it. One value alone has room of its own size.
    Without any finite value: 0 to 1.
    """
    known = [value for value in values if math.isfinite(value)]
    if not known:
        return 0.0, 1.0
    low, high = min(known), max(known)
    if zero:
        low, high = min(low, 0.0), max(high, 0.0)
    by = (high - low or abs(high)) * room or 1.0
    return (low if zero and low == 0.0 else low - by), high + by


def ticks(low: float, high: float, most: int = 6) -> list[float]:
    """Round numbers from low to high, as many as ``most`` allows, evenly spaced.

    >>> ticks(0.0, 5.7e12)
    [0.0, 1000000000000.0, 2000000000000.0, 3000000000000.0, 4000000000000.0, 5000000000000.0]
    """
    if not (math.isfinite(low) and math.isfinite(high) and high - low > max(abs(low), abs(high)) * LEAST):
        return []
    rough = (high - low) / most
    size = 10.0 ** math.floor(math.log10(rough))
    step = next(each * size for each in _STEPS if each * size >= rough * (1 - 1e-9))
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    return [i * step + 0.0 for i in range(first, last + 1)]


def finite_ends(values: Sequence[Interval]) -> list[float]:
    """The finite ends of some ranges."""
    return [end for value in values for end in (value.lo, value.hi) if math.isfinite(end)]
