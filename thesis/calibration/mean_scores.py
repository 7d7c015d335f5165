"""Mean scores with their sample, and single figures; either may be unknown, with a reason."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from thesis.calibration.forecast_checks import ScoringError
from thesis.core.interval import total

NOTHING = "no forecasts"


class Score(NamedTuple):
    """A mean score. ``value`` is None where nothing was scored, and ``reason`` says why.

    ``each``: the scores of which it is the mean, in the order given, as ``paired`` and ``cluster_means``
    take them. ``clipped``: how many forecasts were drawn in from 0 or 1 (of log scores).
    """

    value: float | None
    each: tuple[float, ...]
    reason: str = ""
    clipped: int = 0

    @property
    def n(self) -> int:
        """How many were scored."""
        return len(self.each)


class Figure(NamedTuple):
    """A single figure; ``value`` is None where it cannot be said, and ``reason`` says why."""

    value: float | None
    reason: str = ""


def plain_mean(each: Sequence[float], *, clipped: int = 0) -> Score:
    """The plain mean, whatever the order. Errors: ``ScoringError``."""
    if not each:
        return Score(None, (), NOTHING)
    return Score(mean_of(each), tuple(each), clipped=clipped)


def mean_of(values: Sequence[float]) -> float:
    """The mean of at least one number; of equal ones exactly that number.

    Errors: ``ScoringError`` where it is more than a number can hold.
    """
    found = values[0] if min(values) == max(values) else total(sorted(values)) / len(values)
    if not math.isfinite(found):
        raise ScoringError("mean: expected what a number can hold, found more; look at the units")
    return found
