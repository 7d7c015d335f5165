"""Scores of forecasts of a number (quantiles, intervals, normal distributions), in the number's unit.

Scores of sales in billions and of margins in percent have no mean in common: score each kind by itself.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from thesis.calibration.forecast_checks import ForecastChecks
from thesis.calibration.mean_scores import NOTHING, Score, mean_of, plain_mean
from thesis.calibration.significance import wilson
from thesis.core.argument_checks import number_text

LEVELS = (0.1, 0.5, 0.9)  # the quantiles that a review asks for
Pairs = Sequence[tuple[float, float]]


class Coverage(NamedTuple):
    """How often outcomes fell where they were said to: ``hits`` of ``n``, ``frequency`` beside ``nominal``.

    ``low`` and ``high``: the 95 % Wilson interval of the frequency. The three are None without forecasts.
    """

    hits: int
    n: int
    nominal: float
    frequency: float | None
    low: float | None
    high: float | None
    reason: str = ""


def pinball(x: Sequence[float], y: Sequence[float], *, q: float) -> Score:
    """The pinball loss of q-quantiles: mean of (y - x) q where y >= x, else (x - y)(1 - q).

    ``x``: the quantiles forecast, ``y``: what came. Twice the loss at q = 0.5 is the absolute error.
    Domain: 0 < q < 1. Unknown without forecasts. Errors: ``ScoringError``. Source: Koenker & Bassett,
    Regression Quantiles, 1978.

    >>> [round(score, 9) for score in pinball([10.0, 10.0], [14.0, 6.0], q=0.9).each]
    [3.6, 0.4]
    """
    with ForecastChecks() as check:
        forecasts, came = check.numbers("x", x), check.numbers("y", y)
        check.as_many("x", x, "y", y)
        check.number("q", q, above=0, below=1)
    return plain_mean([_pinball(f, o, q) for f, o in zip(forecasts, came, strict=True)])


def quantile_score(
    quantiles: Sequence[Sequence[float]], y: Sequence[float], *, levels: Sequence[float] = LEVELS
) -> Score:
    """The mean pinball loss over a forecast's quantiles. Twice it nears the CRPS as levels grow dense.

    ``quantiles``: for each forecast one figure for each of ``levels``, rising or equal; levels rise within
    0 .. 1. Unknown without forecasts. Errors: ``ScoringError``, among them for quantiles that cross.
    Source: Gneiting & Raftery, Strictly Proper Scoring Rules, Prediction, and Estimation, 2007, section 6.1.

    >>> round(quantile_score([[10.0, 20.0, 30.0]], [24.0]).value, 9)  # (1.4 + 2 + 0.6) / 3
    1.333333333
    """
    with ForecastChecks() as check:
        at = check.numbers("levels", levels, above=0, below=1)
        check.that(all(a < b for a, b in pairwise(at)), f"levels: expected rising ones, found {_list(at)}")
        rows = [
            _rising(check, f"quantiles {i}", row, len(at))
            for i, row in enumerate(check.several("quantiles", quantiles), 1)
        ]
        came = check.numbers("y", y)
        check.as_many("quantiles", quantiles, "y", y)
        check.that(bool(at or check.faults), "levels: expected at least one, found none")
    return plain_mean(
        [
            mean_of([_pinball(f, o, q) for f, q in zip(row, at, strict=True)])
            for row, o in zip(rows, came, strict=True)
        ]
    )


def interval_score(intervals: Pairs, y: Sequence[float], *, level: float = 0.8) -> Score:
    """The interval score: mean of width + 2 / (1 - level) x how far the outcome lies outside.

    ``intervals``: (low, high) of central intervals meant to hold the outcome with chance ``level``; 0.8 goes
    from the 10 % to the 90 % quantile. Domain: 0 < level < 1. Unknown without forecasts. Errors:
    ``ScoringError``. Source: Gneiting & Raftery 2007, section 6.2, alpha = 1 - level.

    >>> round(interval_score([(10.0, 20.0)], [25.0], level=0.8).value, 9)
    60.0
    """
    pairs, came = _intervals(intervals, y, level)
    return plain_mean(
        [
            (high - low) + 2 / (1 - level) * max(low - o, o - high, 0.0)
            for (low, high), o in zip(pairs, came, strict=True)
        ]
    )


def interval_coverage(intervals: Pairs, y: Sequence[float], *, level: float = 0.8) -> Coverage:
    """How often the outcome lay within its interval, ends included, beside ``level``.

    Arguments and errors (``ScoringError``): as ``interval_score``.

    >>> found = interval_coverage([(10.0, 20.0), (10.0, 20.0)], [25.0, 20.0])
    >>> found.hits, found.n, found.nominal, found.frequency
    (1, 2, 0.8, 0.5)
    """
    pairs, came = _intervals(intervals, y, level)
    return _coverage([low <= o <= high for (low, high), o in zip(pairs, came, strict=True)], level)


def quantile_coverage(x: Sequence[float], y: Sequence[float], *, q: float) -> Coverage:
    """How often the outcome lay at or below its q-quantile, beside q.

    Arguments and errors (``ScoringError``): as ``pinball``.

    >>> quantile_coverage([10.0, 10.0, 10.0, 10.0], [9.0, 10.0, 11.0, 12.0], q=0.9).frequency
    0.5
    """
    pinball(x, y, q=q)
    return _coverage([o <= f for f, o in zip(x, y, strict=True)], q)


def crps_normal(normals: Pairs, y: Sequence[float]) -> Score:
    """The continuous ranked probability score of normals: its mean for forecasts that are normals.

    sd (z (2 Phi(z) - 1) + 2 phi(z) - 1 / sqrt pi), z = (y - mean) / sd, Phi and phi the standard normal's.
    ``normals``: (mean, standard deviation); with 0 as the second it is the absolute error. Unknown without
    forecasts. Errors: ``ScoringError``. Source: Gneiting & Raftery 2007, section 4.2, there as a gain.

    >>> round(crps_normal([(0.0, 1.0)], [0.0]).value, 6)
    0.233695
    """
    with ForecastChecks() as check:
        given = _pairs(check, "normals", normals, "mean and standard deviation")
        for i, (_, sd) in enumerate(given, 1):
            check.number(f"standard deviation {i}", sd, least=0)
        came = check.numbers("y", y)
        check.as_many("normals", normals, "y", y)
    return plain_mean([_crps(o - centre, sd) for (centre, sd), o in zip(given, came, strict=True)])


def _pinball(x: float, y: float, q: float) -> float:
    return (y - x) * q if y >= x else (x - y) * (1 - q)


def _crps(error: float, sd: float) -> float:
    z = error / sd if sd > 0 else math.inf
    if math.isinf(z):  # of a spread of next to nothing too
        return abs(error)
    density = math.exp(-z * z / 2) * math.sqrt(2 / math.pi)
    return sd * (z * math.erf(z / math.sqrt(2)) + density - 1 / math.sqrt(math.pi))


def _coverage(hits: Sequence[bool], nominal: float) -> Coverage:
    n, inside = len(hits), sum(hits)
    if n == 0:
        return Coverage(0, 0, nominal, None, None, None, NOTHING)
    low, high, _ = wilson(hits=inside, n=n)
    return Coverage(inside, n, nominal, inside / n, low, high)


def _intervals(intervals: Pairs, y: Sequence[float], level: float) -> tuple[Pairs, list[float]]:
    with ForecastChecks() as check:
        pairs = _pairs(check, "intervals", intervals, "low and high")
        for i, (low, high) in enumerate(pairs, 1):
            check.that(
                low <= high,
                f"interval {i}: expected low at most high, found {number_text(low)}..{number_text(high)}",
            )
        came = check.numbers("y", y)
        check.as_many("intervals", intervals, "y", y)
        check.number("level", level, above=0, below=1)
    return pairs, came


def _pairs(check: ForecastChecks, name: str, given: Any, what: str) -> list[tuple[float, float]]:
    rows = [check.numbers(f"{name} {i},", row) for i, row in enumerate(check.several(name, given), 1)]
    for i, row in enumerate(rows, 1):
        check.that(len(row) == 2 or bool(check.faults), f"{name} {i}: expected {what}, found {_list(row)}")
    return [(row[0], row[1]) for row in rows if len(row) == 2]


def _rising(check: ForecastChecks, name: str, given: Sequence[float], wanted: int) -> list[float]:
    row = check.numbers(f"{name},", given)
    if not row or len(row) != wanted:
        check.that(
            bool(check.faults), f"{name}: expected one for each of {wanted} levels, found {_list(row)}"
        )
        return []
    check.that(
        all(a <= b for a, b in pairwise(row)),
        f"{name}: expected quantiles that never fall, found {_list(row)} (they cross)",
    )
    return row


def _list(values: Sequence[float]) -> str:
    return ", ".join(number_text(value) for value in values) or "none"
