"""The typical change of a series from one quarter to the next, and distances counted in such changes.

It is the one scale on which figures in different units are compared. The figures that are being judged have
no say in it, or a worse figure would seem farther from a threshold for having moved so much: the history that
it is taken from ends before the year under review (``quarters_before``). A series that was not seen to move
has no typical change, and nothing is said of how near it is.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from thesis.core.interval import Interval
from thesis.core.period import Quarter

QUARTERS = 8  # quarters that are looked back over
NEAR = 4.0  # typical changes to a threshold: a year of them, all one way
YEAR = 4  # quarters that a figure over twelve months shares with the newest one


def quarters_before(quarter: Quarter, window: int = 1) -> list[Quarter]:
    """The quarters that a typical change is taken from, oldest first.

    The eight before the year that ends with the quarter under review, or before the ``window`` of quarters
    that a condition asks for where that is longer.
    """
    last = quarter - max(window, YEAR)
    return [last - back for back in reversed(range(QUARTERS))]


def typical_change(history: Sequence[Interval]) -> float | None:
    """The median change from one quarter to the next, in the unit of the series; None where it has none.

    ``history`` has a value for each quarter, oldest first. Of ranges the largest change that they allow
    counts, so that a value known less exactly never makes the typical change smaller; one that is not known
    may have changed by any amount.
    """
    typical = _median([_largest(before, after) for before, after in pairwise(history)])
    return typical if 0 < typical < math.inf else None


def _largest(a: Interval, b: Interval) -> float:
    """The largest change from one range to another; infinite where it has no bound."""
    found = max(b.hi - a.lo, a.hi - b.lo)
    return math.inf if math.isnan(found) else float(found)


def _median(values: Sequence[float]) -> float:
    if not values:
        return 0.0
    ordered, half = sorted(values), len(values) // 2
    return ordered[half] if len(values) % 2 else (ordered[half - 1] + ordered[half]) / 2


def typical_changes_away(distance: float, typical: float | None) -> float | None:
    """A distance in typical changes of its series; None where there is none, or the distance has no end."""
    return distance / typical if typical and math.isfinite(distance) else None
