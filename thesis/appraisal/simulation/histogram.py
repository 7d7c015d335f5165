"""A histogram of positive numbers in classes of narrow relative width, without taking logarithms.

The bits of a positive float, read as a whole number, rise with it, and almost as its logarithm does; so
that number, shifted, is a class. A few thousand classes over the range that a first block of draws shows
hold every statistic of any number of draws, in memory that does not grow. Needs numpy.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from thesis.core.interval import total

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

CLASSES = 8192
WIDER = 1.0  # times the range of the first block, added on either side of it


class Histogram:
    """Classes of equal width in the bits of a float, wide enough for what a first sample shows."""

    def __init__(self, sample: Floats) -> None:
        positive = sample[sample > 0]
        bits = positive.view(np.int64) if positive.size else np.ones(1).view(np.int64)
        least, most = int(bits.min()), int(bits.max())
        room = int((most - least) * WIDER)
        top = int(np.array(np.finfo(np.float64).max).view(np.int64))
        self.first = max(1, least - room)
        self.shift = max(0, (min(top, most + room) - self.first).bit_length() - CLASSES.bit_length() + 1)

    def count(self, values: Floats, room: Whole) -> Whole:
        """How many of the values are in each class, what is beyond the range in the first or the last.

        What is not positive is in the first. ``room`` is working memory of the values' size.
        """
        np.subtract(values.view(np.int64), self.first, out=room)
        np.right_shift(room, self.shift, out=room)
        np.minimum(room, CLASSES - 1, out=room)
        np.maximum(room, 0, out=room)
        return np.bincount(room, minlength=CLASSES)

    def value(self, place: float | npt.NDArray[Any]) -> Floats:
        """The value at a place counted in classes; a whole number is a lower edge."""
        bits = self.first + (np.asarray(place, np.float64) * 2.0**self.shift).astype(np.int64)
        return bits.view(np.float64)

    @property
    def middles(self) -> Floats:
        """The value in the middle of each class; of a class one float wide, that float."""
        half = 0.5 if self.shift else 0.0
        return self.value(np.arange(CLASSES) + half)


def percentiles(classes: Histogram, counts: Whole, below: int, levels: Sequence[float]) -> list[float | None]:
    """Values that so many percent of the draws lie below, in a straight line within a class.

    ``below`` draws are not positive and not in the counts: a percentile among them is not known, None.
    """
    draws = below + int(counts.sum())
    running = below + np.cumsum(counts)
    found: list[float | None] = []
    for level in levels:
        rank = level / 100 * (draws - 1)
        if rank < below:
            found.append(None)
            continue
        k = min(int(np.searchsorted(running, rank, side="right")), CLASSES - 1)
        within = (rank - (running[k] - counts[k]) + 0.5) / counts[k] if counts[k] else 0.0
        place = k + (min(within, 1.0) if classes.shift else 0.0)
        found.append(float(classes.value(place)))
    return found


def log_moments(classes: Histogram, counts: Whole) -> tuple[float, float]:
    """Mean and standard deviation of the logarithm."""
    logs, n = np.log(classes.middles), int(counts.sum())
    if not n:
        return math.nan, 0.0
    mean = total(counts * logs) / n
    return mean, math.sqrt(max(0.0, total(counts * (logs - mean) ** 2) / n))
