"""The outcomes of forecasts, on the figures as they were first reported.

A forecast settles by itself on the first day on which its quarter is public and what was filed by then
answers it, by the formulas that were sealed with it; a restatement later changes nothing. An analyst's word
settles only what the figures of a public quarter leave open, and what no figure tells; it may annul before.
A verdict is settled by the first review of its quarter that is not a back-test. Once a review states an
outcome, it stays. A forecast that turns out to have been made when its quarter was public is annulled: it
may have been in order on the day it was made, if the filing came that evening or was only found later.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from thesis.case.case import Case
from thesis.case.forecast_terms import (
    ANNULLED,
    forecast_quantiles,
    may_settle,
    outcome_text,
    outcome_value,
    public_since,
    rungs_reached,
)
from thesis.core import formatting
from thesis.core.currency import show_of
from thesis.core.interval import point
from thesis.core.period import Quarter, parse_day
from thesis.journal.review_schema import Review, SettledForecast, number_text
from thesis.pack.load import Pack
from thesis.pack.schema.forecasts import Forecast, Resolution
from thesis.pricing.priced_case import case_as_of


class ForecastOutcome(NamedTuple):
    """A forecast and how it turned out: ``text`` is yes, no, annulled, a verdict or a value, as it is told.

    ``value`` is what it is scored by: 1 or 0, how many rungs were reached, the level's place, the metric's
    value. None of them while it is open. ``was`` is the same a quarter before, where that was known.
    """

    forecast: Forecast
    text: str = ""
    value: float | None = None
    day: date | None = None
    by: str = ""
    was: float | None = None

    @property
    def is_open(self) -> bool:
        return self.day is None


def forecast_outcomes(
    pack: Pack, forecasts: Iterable[Forecast], day: date, chain: Sequence[Review] = ()
) -> list[ForecastOutcome]:
    """Every forecast made by a day, with its outcome as far as that day knows it."""
    said = {r.forecast: r for r in pack.forecasts.resolutions if r.resolved <= str(day)}
    signed = [review for review in chain if review.signed <= str(day)]
    told = {s.forecast: s for review in reversed(signed) for s in review.settled}
    by = {f.id: review.formulas for review in reversed(signed) for f in review.forecasts}
    found = []
    for forecast in forecasts:
        if forecast.id in told:
            found.append(_told(forecast, told[forecast.id]))
        elif forecast.made <= str(day):
            filed = public_since(case_as_of(pack, day), forecast)
            if filed and forecast.made >= str(filed):
                found.append(ForecastOutcome(forecast, ANNULLED, day=parse_day(forecast.made)))
                continue
            sealed = pack.with_formulas({each.metric: each.formula for each in by.get(forecast.id, ())})
            found.append(_outcome(sealed, forecast, said.get(forecast.id), day, signed))
    return found


def settled_forecast(found: ForecastOutcome) -> SettledForecast:
    """An outcome as a review keeps it."""
    value, was = ("" if end is None else number_text(point(end)) for end in (found.value, found.was))
    return SettledForecast(found.forecast.id, found.text, str(found.day), found.by, value, was)


def _told(forecast: Forecast, said: SettledForecast) -> ForecastOutcome:
    value, was = (float(text) if text else None for text in (said.value, said.was))
    return ForecastOutcome(forecast, said.outcome, value, parse_day(said.day), said.by, was)


def _outcome(
    pack: Pack, forecast: Forecast, said: Resolution | None, day: date, signed: Sequence[Review]
) -> ForecastOutcome:
    found = _by_itself(pack, forecast, day, signed)
    if said is None:
        return found
    came_first = found.is_open or (said.outcome == ANNULLED and said.resolved < str(found.day))
    if came_first and may_settle(case_as_of(pack, parse_day(said.resolved)), forecast, said):
        return needs_manual_outcome(forecast, said)
    return found


def _by_itself(pack: Pack, forecast: Forecast, day: date, signed: Sequence[Review]) -> ForecastOutcome:
    """How a forecast turned out by the figures, or by the review of its quarter; open where neither says."""
    if forecast.kind == "verdict":
        return _of_verdict(forecast, signed)
    quarter = Quarter.parse(forecast.period)
    for known in _days(pack, forecast, day):
        case = case_as_of(pack, known, quarter=quarter + 1)  # so that a price is that of the quarter's end
        value = _answered(case, forecast, quarter)
        if value is not None:
            before = _answered(case, forecast, quarter - 1)
            text = _shown(pack, forecast, value) or outcome_text(forecast, value)
            return ForecastOutcome(forecast, text, value, known, was=before)
    return ForecastOutcome(forecast)


def _answered(case: Case, forecast: Forecast, quarter: Quarter) -> float | None:
    """What a quarter's figures say of a forecast, or nothing, where they do not settle it."""
    if forecast.kind == "binary":
        answer = case.answer(forecast.when, quarter)
        return float(answer.lo) if answer.is_point else None
    value = case.value(forecast.metric, quarter)
    if forecast.kind == "quantiles":
        return float(value.lo) if value.is_point else None
    low, high = (rungs_reached(forecast, end) for end in (value.lo, value.hi))
    return float(low) if low == high else None


def _of_verdict(forecast: Forecast, signed: Sequence[Review]) -> ForecastOutcome:
    told = [r for r in signed if not r.backtest]
    review = next((r for r in told if r.quarter == forecast.period), None)
    before = [r for r in told if r.quarter < forecast.period]
    named = list(forecast.levels)
    if review is None or review.state.level not in named:
        return ForecastOutcome(forecast)
    was = before[-1].state.level if before else ""
    place = float(named.index(review.state.level))
    persisted = float(named.index(was)) if was in named else None
    return ForecastOutcome(forecast, review.state.level, place, parse_day(review.signed), was=persisted)


def _shown(pack: Pack, forecast: Forecast, value: float) -> str:
    """A value in its metric's own unit; nothing for what is no value."""
    if forecast.kind != "quantiles":
        return ""
    metric, concept = pack.metrics.get(forecast.metric), pack.concepts.get(forecast.metric)
    unit = metric.unit if metric else concept.unit if concept else ""
    show = metric.show if metric else show_of(unit)
    return formatting.value(value, show, unit, beside=forecast_quantiles(forecast))


def needs_manual_outcome(forecast: Forecast, said: Resolution) -> ForecastOutcome:
    """An outcome that somebody entered, with evidence."""
    day = parse_day(said.resolved)
    value = outcome_value(forecast, said.outcome)
    text = ANNULLED if value is None else outcome_text(forecast, value)
    return ForecastOutcome(forecast, text, value, day, said.by)


def _days(pack: Pack, forecast: Forecast, day: date) -> list[date]:
    """The days after it was made on which it may settle, earliest first.

    The day on which its quarter became public, and each later one on which a figure that it reads was filed.
    """
    quarter = Quarter.parse(forecast.period)
    case = case_as_of(pack, day)
    if not quarter <= case.quarter:
        return []
    text = forecast.when or forecast.metric
    if not text:
        return []  # for people to settle
    read = {name for name, _ in case.reads(text, quarter)}
    known = {fact.filed for name in read for fact in case.vintage.rows(name)}
    first = case.first_filed.get(quarter)
    if first is None:
        return []
    return sorted(each for each in {first, *known} if first <= each <= day and str(each) > forecast.made)
