"""Whether the newest figure known is still the newest that could have been filed by a day.

A figure is fresh until the next report is due, stale for one quarter more and expired after that.
The days come from the pack's calendar: by default those of a large accelerated filer (SEC Form
10-Q, general instruction A.1: 40 days; Form 10-K: 60 days). A deadline on a weekend or a federal
holiday runs to the next business day.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from thesis.core.business_days import next_business_day
from thesis.core.period import Quarter, parse_day
from thesis.pack.schema.judgements import Judgement, TriggerEvent
from thesis.pack.schema.metrics import Calendar

DAYS_IN_QUARTER = 91
_TO_NEXT_WEEKDAY = {4: 3, 5: 2}  # from Friday and Saturday to Monday
FRESH, STALE, EXPIRED = "fresh", "stale", "expired"
LATEST = 1  # quarters past due, after which a figure says nothing


class Freshness(NamedTuple):
    """``late`` counts the quarters, begun or whole, since ``due``."""

    status: str
    due: date
    late: int = 0


def due_day(quarter: Quarter, year_ends: str, calendar: Calendar) -> date:
    """The day by which a quarter's report is filed: the calendar's days after its end, on a business day."""
    annual = f"Q{quarter.number}" == year_ends
    days = calendar.annual if annual else calendar.quarterly
    return next_business_day(quarter.end + timedelta(days=days))


def quarter_freshness(quarter: Quarter, year_ends: str, calendar: Calendar, as_of: date) -> Freshness:
    """How fresh a figure of a quarter is: until the following quarter's report is due."""
    due = due_day(quarter + 1, year_ends, calendar)
    if as_of <= due:
        return Freshness(FRESH, due)
    late = 1
    while as_of > due_day(quarter + 1 + late, year_ends, calendar):
        late += 1
    return Freshness(STALE if late <= LATEST else EXPIRED, due, late)


def price_freshness(day: date, calendar: Calendar, as_of: date) -> Freshness:
    """How fresh a price is: for so many trading days (weekdays; holidays are not known here)."""
    due = day
    for _ in range(calendar.price_days):
        due += timedelta(days=_TO_NEXT_WEEKDAY.get(due.weekday(), 1))
    return _overdue(due, as_of)


def review_due(quarter: Quarter, year_ends: str, calendar: Calendar) -> date:
    """The day by which a quarter's review is signed, where its report comes on the last day for it."""
    return due_day(quarter, year_ends, calendar) + timedelta(days=calendar.review_days)


def last_day_of_grade(
    grade: Judgement, events: Iterable[TriggerEvent], calendar: Calendar, next_review: date
) -> date:
    """The last day on which a judgement counts.

    That is the day by which the next quarter's review is due, or the one that the calendar's `judgement_days`
    give; the judgement's own if it is sooner, or the day before something happened that its rubric names.
    """
    days = calendar.judgement_days
    ends = [next_review if days is None else parse_day(grade.graded) + timedelta(days=days)]
    if grade.until:
        ends.append(parse_day(grade.until))
    ends += [
        parse_day(event.day) - timedelta(days=1)
        for event in events
        if event.rubric == grade.rubric and event.day > grade.graded
    ]
    return min(ends)


def longest_wait(year_ends: str, calendar: Calendar, first: Quarter) -> tuple[int, Quarter]:
    """The most days, of four quarters, from one report's deadline to the day the next one's review is due.

    With the quarter of that report.
    """
    waits = (
        ((review_due(quarter + 1, year_ends, calendar) - due_day(quarter, year_ends, calendar)).days, quarter)
        for quarter in (first + i for i in range(4))
    )
    return max(waits)


def _overdue(due: date, as_of: date) -> Freshness:
    if as_of <= due:
        return Freshness(FRESH, due)
    late = -(-(as_of - due).days // DAYS_IN_QUARTER)
    return Freshness(STALE if late <= LATEST else EXPIRED, due, late)
