"""How far a series goes from one quarter to the next, and how many such moves away something is.

It is the one scale on which figures in different units are compared. A series that was not seen to move has
no pace, and nothing is said of how near it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from thesis.core.interval import Interval

QUARTERS = 8  # quarters that are looked back over


def typical_change(history: Sequence[Interval]) -> float | None:
    """The median change from one quarter to the next, in the unit of the series; None where it has none.

    ``history`` has a value for each quarter, oldest first. A quarter that is not known is passed over.
    """
    known = [value.middle for value in history if not value.is_anything]
    steps = [abs(after - before) for before, after in pairwise(known)]
    return (_median(steps) or None) if steps else None


def _median(values: Sequence[float]) -> float:
    ordered, half = sorted(values), len(values) // 2
    return ordered[half] if len(values) % 2 else (ordered[half - 1] + ordered[half]) / 2


def typical_changes_away(distance: float, history: Sequence[Interval]) -> float | None:
    """A distance in typical quarterly moves of its series."""
    typical = typical_change(history)
    return distance / typical if typical else None
