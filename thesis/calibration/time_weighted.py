"""Scores of forecasts that are updated while their question stays open."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from itertools import pairwise
from typing import Any, NamedTuple

from thesis.calibration.binary import brier
from thesis.calibration.forecast_checks import ForecastChecks
from thesis.calibration.mean_scores import NOTHING
from thesis.core.interval import total


class TimeWeighted(NamedTuple):
    """A mean score by the day. ``days``: how long each forecast stood; ``value`` is None without one."""

    value: float | None
    days: tuple[int, ...]
    reason: str = ""


def time_weighted(scores: Sequence[tuple[date, float]], *, closed: date) -> TimeWeighted:
    """The mean over days of the score that stood on each: sum of score x days / days.

    ``scores``: (day of the forecast, its score), earliest first; each stands from its day until the next, the
    last until ``closed``, the day on which the answer became known, which itself is not counted. Of several
    on one day the last counts. Days before the first forecast are nobody's, so register it when the question
    opens. Unknown without forecasts. Errors: ``ScoringError``, among them for a forecast made on ``closed``
    or later. Source: daily scoring as in Mellers et al., Psychological Strategies for Winning a Geopolitical
    Forecasting Tournament, 2014.

    >>> time_weighted([(date(2026, 1, 1), 0.25), (date(2026, 1, 4), 0.0)], closed=date(2026, 1, 5))
    TimeWeighted(value=0.1875, days=(3, 1), reason='')
    """
    with ForecastChecks() as check:
        dated = _dated(check, "scores", scores, closed)
        figures = check.numbers("score", [score for _, score in dated])
    if not dated:
        return TimeWeighted(None, (), NOTHING)
    ends = [day for day, _ in dated] + [closed]
    days = tuple((after - day).days for day, after in pairwise(ends))
    whole = total(score * count for score, count in zip(figures, days, strict=True))
    return TimeWeighted(whole / sum(days), days)


def time_weighted_brier(
    updates: Sequence[tuple[date, float]], *, happened: bool, closed: date
) -> TimeWeighted:
    """The Brier score (0 to 1) of one question by the day: a late correct update earns only its days.

    ``updates``: (day, probability), earliest first; ``happened``: whether the answer is yes. The rest, and
    errors (``ScoringError``), as ``time_weighted``; source as there.

    >>> hedged = [(date(2026, 1, 1), 0.5), (date(2026, 1, 10), 1.0)]
    >>> time_weighted_brier(hedged, happened=True, closed=date(2026, 1, 11)).value
    0.225
    """
    with ForecastChecks() as check:
        dated = _dated(check, "updates", updates, closed)
        check.chances("p", [p for _, p in dated])
        check.answers("happened", [happened])
    scores = brier([p for _, p in dated], [happened] * len(dated)).each
    return time_weighted([(day, s) for (day, _), s in zip(dated, scores, strict=True)], closed=closed)


def _dated(check: ForecastChecks, name: str, given: Any, closed: date) -> list[tuple[date, Any]]:
    """Pairs of a day and something, in their order and before the end; empty where one is at fault."""
    rows = check.several(name, given)
    fine = check.that(_is_day(closed), f"closed: expected a date, found {closed!r}")
    for i, row in enumerate(rows, 1):
        pair = isinstance(row, (tuple, list)) and len(row) == 2 and _is_day(row[0])
        fine &= check.that(pair, f"{name} {i}: expected a date and a figure, found {row!r}")
    if not fine:
        return []
    for i, ((day, _), (after, _)) in enumerate(pairwise(rows), 2):
        fine &= check.that(day <= after, f"{name} {i}: expected on or after {day}, found {after}")
    for i, (day, _) in enumerate(rows, 1):
        words = f"{name} {i}: expected before {closed}, when the answer became known, found {day}"
        fine &= check.that(day < closed, words)
    return rows if fine else []


def _is_day(value: Any) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)
