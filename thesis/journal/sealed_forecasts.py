"""The forecasts that a review seals, and the outcomes by its day of those sealed earlier."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from thesis.core.problem import InvalidInput, Problem
from thesis.journal.forecast_outcomes import forecast_outcomes, needs_manual_outcome, settled_forecast
from thesis.journal.review_schema import Review, SettledForecast
from thesis.pack.load import Pack
from thesis.pack.schema.forecasts import Forecast
from thesis.pack.schema.shapes import freeze


def new_forecasts(pack: Pack, chain: Sequence[Review], day: date) -> list[Forecast]:
    """The pack's forecasts made by a day that no review holds yet.

    Errors: ``InvalidInput`` for one that was edited after a review sealed it, or whose outcome was that one
    told.
    """
    problems = [*_edited(pack, chain), *_retold(pack, chain)]
    if problems:
        raise InvalidInput(problems)
    held = {f.id for review in chain for f in review.forecasts}
    return [f for f in pack.forecasts.forecasts if f.id not in held and f.made <= str(day)]


def newly_settled(pack: Pack, chain: Sequence[Review], day: date) -> list[SettledForecast]:
    """The forecasts of earlier reviews that are settled by now, and that no review has told of."""
    told = {each.forecast for review in chain for each in review.settled}
    made = [f for review in chain for f in review.forecasts if f.id not in told]
    return [settled_forecast(each) for each in forecast_outcomes(pack, made, day, chain) if not each.is_open]


def _edited(pack: Pack, chain: Sequence[Review]) -> Iterator[Problem]:
    """Forecasts that are no longer what a review sealed."""
    held = {f.id: (freeze(f), review.quarter) for review in reversed(chain) for f in review.forecasts}
    for forecast in pack.forecasts.forecasts:
        was, quarter = held.get(forecast.id, ("", ""))
        if was and was != freeze(forecast):
            message = f"the forecast `{forecast.id}` was edited after the review of {quarter} sealed it"
            hint = "put it back as it was; a change of mind is a new forecast that supersedes it"
            yield Problem("edited-forecast", message, hint=hint)


def _retold(pack: Pack, chain: Sequence[Review]) -> Iterator[Problem]:
    """Outcomes by hand that are no longer what a review told."""
    said = {(r.forecast, r.resolved, r.by): r for r in pack.forecasts.resolutions}
    made = {f.id: f for review in chain for f in review.forecasts}
    for review in chain:
        for told in review.settled:
            now = said.get((told.forecast, told.day, told.by))
            if told.by and (
                now is None
                or settled_forecast(needs_manual_outcome(made[told.forecast], now)).value != told.value
            ):
                since = f"the review of {review.quarter} told it"
                message = f"how `{told.forecast}` turned out was edited after {since}"
                hint = "put it back as it was; what a review told stays"
                yield Problem("edited-outcome", message, hint=hint)
