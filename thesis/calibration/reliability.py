"""Reliability: forecast probabilities against observed frequencies, by distinct forecast or by bins."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from thesis.calibration.forecast_checks import ForecastChecks, binary
from thesis.calibration.mean_scores import NOTHING, Figure, mean_of
from thesis.calibration.sample_size import ENOUGH_IN_BIN, enough
from thesis.calibration.significance import wilson
from thesis.core.interval import total

MOST_BINS = 1000


class Bin(NamedTuple):
    """A row of a reliability table: ``n`` forecasts above ``low`` up to ``high``, ``hits`` of them came true.

    Of a bin by distinct value both are that value; the first of given bins holds 0 too. ``forecast``: the
    mean forecast; ``frequency``: hits / n, with its 95 % Wilson interval; ``words``: as "too few: 3 of 10",
    or nothing.
    """

    low: float
    high: float
    n: int
    hits: int
    forecast: float
    frequency: float
    wilson_low: float
    wilson_high: float
    words: str


class Group(NamedTuple):
    """Forecasts that stand together, at least one; outcomes in the same order."""

    low: float
    high: float
    p: tuple[float, ...]
    y: tuple[int, ...]

    @property
    def forecast(self) -> float:
        return mean_of(self.p)

    @property
    def frequency(self) -> float:
        return sum(self.y) / len(self.y)


def even_bins(count: int) -> tuple[float, ...]:
    """The inner edges of ``count`` bins of equal width: 1/count, 2/count, ... Domain: count at least 1.

    Errors: ``ScoringError``.

    >>> even_bins(5)
    (0.2, 0.4, 0.6, 0.8)
    """
    with ForecastChecks() as check:
        check.whole("count", count, least=1, most=MOST_BINS)
    return tuple(i / count for i in range(1, count))


def reliability_table(
    p: Sequence[float],
    y: Sequence[int],
    *,
    edges: Sequence[float] | None = None,
    least: int = ENOUGH_IN_BIN,
) -> tuple[Bin, ...]:
    """What was forecast beside how often it came true, lowest forecasts first.

    Without ``edges`` one row for each distinct forecast; with them (inner edges, rising within 0 .. 1, as
    of ``even_bins``) bins that hold their upper edge. A bin without forecasts has no row. Rows of fewer
    than ``least`` say "too few". Arguments as ``brier``. Errors: ``ScoringError``. Source: Murphy & Winkler,
    Reliability of Subjective Probability Forecasts of Precipitation and Temperature, 1977.

    >>> for row in reliability_table([0.2, 0.3, 0.9], [0, 1, 1], edges=even_bins(2)):
    ...     print(row.n, round(row.forecast, 6), row.frequency, row.words)
    2 0.25 0.5 too few: 2 of 10
    1 0.9 1.0 too few: 1 of 10
    """
    return tuple(_row(group, least) for group in forecast_clusters(p, y, edges))


def ece(p: Sequence[float], y: Sequence[int], *, edges: Sequence[float] | None = None) -> Figure:
    """The expected calibration error, 0 to 1: sum of n_b / N |mean forecast - frequency| over bins.

    Bins as in ``reliability_table``, whose answer depends on them: the finer, the larger by chance alone,
    up to the mean |p - y| with one forecast in each. Unknown without forecasts. Errors: ``ScoringError``.
    Source: Naeini, Cooper & Hauskrecht, Obtaining Well Calibrated Probabilities Using Bayesian Binning, 2015.

    >>> round(ece([0.2, 0.4, 0.9, 0.9], [0, 1, 1, 1], edges=even_bins(2)).value, 9)
    0.15
    """
    groups = forecast_clusters(p, y, edges)
    if not groups:
        return Figure(None, NOTHING)
    return Figure(total(len(group.p) * abs(group.forecast - group.frequency) for group in groups) / len(p))


def forecast_clusters(p: Sequence[float], y: Sequence[int], edges: Sequence[float] | None) -> list[Group]:
    """The forecasts by distinct value, or by the bins between inner edges. Errors: ``ScoringError``."""
    chances, answers = binary(p, y)
    with ForecastChecks() as check:
        inner = check.numbers("edge", [] if edges is None else edges, above=0, below=1)
        rising = all(a < b for a, b in pairwise(inner))
        check.that(rising, f"edges: expected rising ones, found {', '.join(map(str, inner))}")
    ends = [0.0, *inner, 1.0]
    groups: dict[tuple[float, float], list[tuple[float, int]]] = {}
    for f, o in zip(chances, answers, strict=True):
        i = bisect_left(inner, f)
        place = (f, f) if edges is None else (ends[i], ends[i + 1])
        groups.setdefault(place, []).append((f, o))
    return [
        Group(low, high, tuple(f for f, _ in rows), tuple(o for _, o in rows))
        for (low, high), rows in sorted(groups.items())
    ]


def _row(group: Group, least: int) -> Bin:
    n, hits = len(group.y), sum(group.y)
    low, high, _ = wilson(hits=hits, n=n)
    assert low is not None  # a group holds at least one
    assert high is not None
    words = enough(n, least=least).words
    return Bin(group.low, group.high, n, hits, group.forecast, group.frequency, low, high, words)
