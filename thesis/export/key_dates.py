"""The dates of a pack: when figures and reviews are due, and when grades and overrides end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from thesis.case import freshness
from thesis.case.case import Case
from thesis.core.formatting import join_words, with_full_stop
from thesis.core.period import Quarter, parse_day
from thesis.journal.status import (
    JournalStatus,
    last_days,
    sealed_forecasts,
    unreviewed_quarters,
    unsettled_forecasts,
)
from thesis.pack.load import Pack
from thesis.pack.schema.overrides import overrides_on
from thesis.pricing.priced_case import case_as_of
from thesis.scoring.assessment import Assessment

AHEAD = 4  # quarters whose reports are listed


class KeyDate(NamedTuple):
    """Something on a day. ``key`` stays the same while it is the same thing, whatever its day."""

    day: date
    key: str
    kind: str
    title: str
    about: str


def key_dates(pack: Pack, a: Assessment, found: JournalStatus) -> list[KeyDate]:
    """What is due, expires or settles, as known on the day of an assessment; earliest first.

    The days are those of ``thesis due``: what is signed is not due, and what is sealed counts.
    """
    case = case_as_of(pack, a.as_of)
    listed = [
        *_figures(case),
        *_reviews(case, a, found),
        *_others(case),
        *_grades(case),
        *_overrides(case),
        *_forecasts(case, found),
        *_target(case),
    ]
    return sorted(listed, key=lambda each: (each.day, each.key))


def _figures(case: Case) -> Iterator[KeyDate]:
    """The next reports of the thesis' own company."""
    thesis = case.pack.thesis
    name = case.pack.entities[thesis.entity].name
    for ahead in range(1, AHEAD + 1):
        yield _report(case, thesis.entity, name, case.quarter + ahead, _since(case))


def _since(case: Case) -> str:
    return f"The newest figures known on {case.as_of} are those of {case.quarter}, filed {case.filed}."


def _reviews(case: Case, a: Assessment, found: JournalStatus) -> Iterator[KeyDate]:
    """The review of each quarter that was filed and not reviewed, and that which follows the next report.

    Without a journal nobody was late with what lies behind.
    """
    days = case.pack.calendar.review_days
    for quarter, filed, by in unreviewed_quarters(case.pack, a, found):
        if found.last or by >= a.as_of:
            yield _review(case, quarter, by, f"Those of {quarter} were filed on {filed}.")
    following = case.quarter + 1
    day = case.due(case.pack.thesis.quarter, following) + timedelta(days=days)
    yield _review(case, following, day, f"Those of {following} are due {days} days before.")


def _review(case: Case, quarter: Quarter, day: date, why: str) -> KeyDate:
    thesis = case.pack.thesis
    about = f"{thesis.title} {_since(case)} {why}"
    return KeyDate(day, f"review-{quarter}", "review", f"{thesis.id}: review on {quarter} due", about)


def _report(case: Case, entity: str, name: str, quarter: Quarter, about: str) -> KeyDate:
    year_ends = case.pack.entities[entity].year_ends
    day = freshness.due_day(quarter, year_ends, case.pack.calendar)
    title = f"{case.pack.thesis.id}: {name}, figures of {quarter} due"
    return KeyDate(day, f"figures-{entity}-{quarter}", "figures", title, about)


def _others(case: Case) -> Iterator[KeyDate]:
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


def _grades(case: Case) -> Iterator[KeyDate]:
    """The last day of the latest grades of each rubric that has a say."""
    for name, given, last in last_days(case):
        if last is not None:
            rubric = case.pack.rubrics[name]
            levels = join_words(dict.fromkeys(grade.level for grade in given))
            people = join_words(dict.fromkeys(grade.by for grade in given))
            about = (
                f"{rubric.asks} Level {levels}, graded {given[0].graded} by {people}; nothing counts after."
            )
            title = f"{case.pack.thesis.id}: judgement {name} expires ({rubric.name})"
            yield KeyDate(last, f"judgement-{name}-{given[0].graded}", "judgement", title, about)


def _overrides(case: Case) -> Iterator[KeyDate]:
    """The last day of each override in force."""
    for override in overrides_on(case.pack.overrides, str(case.as_of)).values():
        about = f"{with_full_stop(override.reason)} Since {override.since}, by {override.by}."
        title = f"{case.pack.thesis.id}: override of {override.rule} ends"
        key = f"override-{override.rule}-{override.since}"
        yield KeyDate(parse_day(override.until), key, "override", title, about)


def _forecasts(case: Case, found: JournalStatus) -> Iterator[KeyDate]:
    """The day by which what settles a forecast is due: figures, or of a verdict the review of them.

    Of those that are sealed, and of those that the next review would seal.
    """
    beside = [forecast for forecast in case.pack.forecasts.forecasts if forecast.made <= str(case.as_of)]
    made = {forecast.id: forecast for forecast in (*beside, *sealed_forecasts(found))}
    over = {forecast.supersedes for forecast in made.values()}
    for forecast in unsettled_forecasts(case.pack, made.values(), case.as_of, found):
        if forecast.id not in over:
            day = case.due(case.pack.thesis.quarter, Quarter.parse(forecast.period))
            if forecast.kind == "verdict":
                day += timedelta(days=case.pack.calendar.review_days)
            title = f"{case.pack.thesis.id}: forecast {forecast.id} settles"
            about = (
                f"{with_full_stop(forecast.text)} Made {forecast.made} by {forecast.by}, on "
                f"{forecast.period}."
            )
            yield KeyDate(day, f"forecast-{forecast.id}", "forecast", title, about)


def _target(case: Case) -> Iterator[KeyDate]:
    thesis = case.pack.thesis
    if thesis.target:
        title = f"{thesis.id}: the target's day"
        yield KeyDate(parse_day(thesis.target.by), "target", "target", title, thesis.title)
