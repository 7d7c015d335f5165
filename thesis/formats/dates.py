"""Dates: what a pack waits for, each with the day by which it comes or until which it counts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from thesis import freshness
from thesis.case import Case
from thesis.quarter import Quarter
from thesis.words import joined

AHEAD = 4  # quarters whose reports are listed


class Dated(NamedTuple):
    """Something on a day. ``key`` stays the same while it is the same thing, whatever its day."""

    day: date
    key: str
    kind: str
    title: str
    about: str


def dates_of(case: Case) -> list[Dated]:
    """What is due, expires or settles, as known on the day seen from; earliest first."""
    found = [
        *_figures(case),
        *_others(case),
        *_grades(case),
        *_overrides(case),
        *_forecasts(case),
        *_target(case),
    ]
    return sorted(found, key=lambda each: (each.day, each.key))


def _figures(case: Case) -> Iterator[Dated]:
    """The next reports of the thesis' own company, and the review that follows the first of them."""
    thesis, newest = case.pack.thesis, case.quarter
    name = case.pack.entities[thesis.entity].name
    since = f"The newest figures known on {case.as_of} are those of {newest}, filed {case.filed}."
    for ahead in range(1, AHEAD + 1):
        quarter = newest + ahead
        yield _report(case, thesis.entity, name, quarter, since)
    day = case.due(thesis.quarter, newest + 1) + timedelta(days=case.pack.calendar.review_days)
    about = (
        f"{thesis.title} {since} Those of {newest + 1} are due {case.pack.calendar.review_days} days before."
    )
    yield Dated(day, f"review-{newest + 1}", "review", f"{thesis.id}: review on {newest + 1} due", about)


def _report(case: Case, entity: str, name: str, quarter: Quarter, about: str) -> Dated:
    year_ends = case.pack.entities[entity].year_ends
    day = freshness.due_day(quarter, year_ends, case.pack.calendar)
    title = f"{case.pack.thesis.id}: {name}, figures of {quarter} due"
    return Dated(day, f"figures-{entity}-{quarter}", "figures", title, about)


def _others(case: Case) -> Iterator[Dated]:
    """The next report of each other company whose quarters are among the facts."""
    pack = case.pack
    newest: dict[str, Quarter] = {}
    for concept in pack.concepts:
        entity, quarter = pack.owner(concept), case.vintage.newest(concept)
        if quarter is not None and entity != pack.thesis.entity and pack.entities[entity].cik:
            newest[entity] = max(newest.get(entity, quarter), quarter)
    for entity, quarter in sorted(newest.items()):
        about = f"The newest of its figures known on {case.as_of} are those of {quarter}."
        yield _report(case, entity, pack.entities[entity].name, quarter + 1, about)


def _grades(case: Case) -> Iterator[Dated]:
    """The last day of each rubric's latest grades."""
    for name, rubric in case.pack.rubrics.items():
        given = case.grades(name)
        if given:
            levels = joined(dict.fromkeys(grade.level for grade in given))
            people = joined(dict.fromkeys(grade.by for grade in given))
            about = (
                f"{rubric.asks} Level {levels}, graded {given[0].graded} by {people}; nothing counts after."
            )
            title = f"{case.pack.thesis.id}: judgement {name} expires ({rubric.name})"
            last = min(case.counts_until(grade) for grade in given)
            yield Dated(last, f"judgement-{name}-{given[0].graded}", "judgement", title, about)


def _overrides(case: Case) -> Iterator[Dated]:
    for override in case.pack.overrides:
        if override.since <= str(case.as_of):
            about = f"{override.reason} Since {override.since}, by {override.by}."
            title = f"{case.pack.thesis.id}: override of {override.rule} ends"
            key = f"override-{override.rule}-{override.since}"
            yield Dated(date.fromisoformat(override.until), key, "override", title, about)


def _forecasts(case: Case) -> Iterator[Dated]:
    """The day by which the figures are due that settle a forecast which nobody has settled yet."""
    forecasts = case.pack.forecasts
    over = {
        resolution.forecast for resolution in forecasts.resolutions if resolution.resolved <= str(case.as_of)
    }
    over |= {forecast.supersedes for forecast in forecasts.forecasts}
    for forecast in forecasts.forecasts:
        if forecast.made <= str(case.as_of) and forecast.id not in over:
            day = case.due(case.pack.thesis.quarter, Quarter.parse(forecast.period))
            title = f"{case.pack.thesis.id}: forecast {forecast.id} settles"
            about = f"{forecast.text} Made {forecast.made} by {forecast.by}, on {forecast.period}."
            yield Dated(day, f"forecast-{forecast.id}", "forecast", title, about)


def _target(case: Case) -> Iterator[Dated]:
    thesis = case.pack.thesis
    if thesis.target:
        title = f"{thesis.id}: the target's day"
        yield Dated(date.fromisoformat(thesis.target.by), "target", "target", title, thesis.title)
