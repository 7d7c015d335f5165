"""The status of a thesis by its journal on a day, and what is due.

The published verdict is that of the last review; beside it stands what signing today would publish.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from thesis.case.case import Case
from thesis.core.period import Quarter, parse_day
from thesis.journal.forecast_outcomes import forecast_outcomes
from thesis.journal.review_schema import RatingState, Review
from thesis.journal.signed_rating import inherited_reunderwriting, next_state, state_before
from thesis.journal.store import reviews_in_force
from thesis.journal.triggers import TriggerRecord, trigger_records
from thesis.pack.load import Pack
from thesis.pack.schema.forecasts import Forecast
from thesis.pack.schema.judgements import Judgement
from thesis.pack.schema.overrides import overrides_on as overrides_in_force
from thesis.pack.schema.thesis import Measure
from thesis.pricing.priced_case import case_as_of
from thesis.scoring.assessment import Assessment

SOON = 14  # days ahead that count as soon


class DueItem(NamedTuple):
    """Something that somebody has to do: what, and since when it is overdue or by when it is due."""

    kind: str
    what: str
    day: date
    is_overdue: bool


class SigningOutcome(NamedTuple):
    """What a journal publishes: the last review's state, and what signing today would make of it.

    ``review``, ``signed`` and ``seal`` are of the last review and empty without one; ``today`` is None where
    the quarter is signed already.
    """

    published: RatingState | None
    today: RatingState | None
    review: str
    signed: str
    seal: str
    trips: tuple[TriggerRecord, ...]


class JournalStatus(NamedTuple):
    """``last`` is the newest review in force, if there is any; ``state`` what signing today would publish."""

    last: Review | None
    state: RatingState
    trips: tuple[TriggerRecord, ...]
    chain: tuple[Review, ...]

    def would_publish(self, quarter: Quarter) -> RatingState | None:
        """What signing today would publish; None, where that is signed already.

        A quarter that is signed says no more, unless a criterion has tripped since.
        """
        if self.last is None or self.last.period < quarter or self.state.broken != self.last.state.broken:
            return self.state
        return None

    def publication(self, quarter: Quarter) -> SigningOutcome:
        """What is published, as data."""
        last = self.last
        signed = (last.state, last.name, last.signed, last.seal) if last else (None, "", "", "")
        return SigningOutcome(signed[0], self.would_publish(quarter), *signed[1:], trips=self.trips)

    @property
    def open_trips(self) -> list[TriggerRecord]:
        return [trip for trip in self.trips if trip.is_open]


def journal_status(pack: Pack, a: Assessment, chain: Sequence[Review]) -> JournalStatus:
    """Where a thesis stands on the day of an assessment; what was reviewed later is not looked at."""
    seen = tuple(review for review in chain if review.as_of <= str(a.as_of))
    force = reviews_in_force(seen)
    last = force[-1] if force else None
    return JournalStatus(
        last=last,
        state=next_state(state_before(seen, a.quarter), a, anew=bool(inherited_reunderwriting(seen, a))),
        trips=tuple(trigger_records(pack, a, seen)),
        chain=seen,
    )


def due_items(pack: Pack, a: Assessment, found: JournalStatus) -> list[DueItem]:
    """What is due on a day: what is overdue first, each kind by its day."""
    listed = [
        *_trips(found),
        *_review(pack, a, found),
        *_figures(a),
        *_judgements(pack, a),
        *_overrides(pack, a, found),
        *_forecasts(pack, a, found),
    ]
    return sorted(listed, key=lambda each: (not each.is_overdue, each.day, each.kind, each.what))


def _trips(found: JournalStatus) -> Iterator[DueItem]:
    for trip in found.open_trips:
        claim = trip.claim.rstrip(".")
        yield DueItem("decision", f"{trip.id} has tripped: {claim}", trip.since, is_overdue=True)


def unreviewed_quarters(pack: Pack, a: Assessment, found: JournalStatus) -> list[tuple[Quarter, date, date]]:
    """The quarters that were filed and not reviewed: when each was filed, and the day its review is due."""
    last = found.last.period if found.last else None
    days = timedelta(days=pack.calendar.review_days)
    return [
        (quarter, filed, filed + days)
        for quarter, filed in case_as_of(pack, a.as_of).first_filed.items()
        if (quarter > last if last else quarter == a.quarter)
    ]


def _review(pack: Pack, a: Assessment, found: JournalStatus) -> Iterator[DueItem]:
    for quarter, filed, by in unreviewed_quarters(pack, a, found):
        yield _due("review", f"the review of {quarter}, filed {filed}", by, a)


def _figures(a: Assessment) -> Iterator[DueItem]:
    yield _due("figures", f"the figures of {a.next_due}", a.fresh_until, a)


def _due(kind: str, what: str, last: date, a: Assessment) -> DueItem:
    """Something that is in time up to a day, and overdue from the next on."""
    is_overdue = a.as_of > last
    return DueItem(kind, what, last + timedelta(days=is_overdue), is_overdue)


def _judgements(pack: Pack, a: Assessment) -> Iterator[DueItem]:
    for rubric, grades, last in last_days(case_as_of(pack, a.as_of)):
        if last is None:
            yield DueItem("judgement", f"{rubric} was never graded", a.filed, is_overdue=True)
        elif last < a.as_of + timedelta(days=SOON):
            what = f"{rubric}, graded {grades[0].graded} by {grades[0].by}"
            yield _due("judgement", what, last, a)


def last_days(case: Case) -> Iterator[tuple[str, list[Judgement], date | None]]:
    """Each rubric that has a say, its grades, and the last day on which they count; None without grades."""
    for rubric in used_rubrics(case.pack):
        grades = case.grades(rubric)
        yield rubric, grades, min((case.counts_until(grade) for grade in grades), default=None)


def used_rubrics(pack: Pack) -> list[str]:
    """The rubrics that have a say in a rule or a kill criterion, in the order of the thesis."""
    rules = [
        rubric for rule in (*pack.thesis.conditions, *pack.thesis.risks) for rubric in _of(rule.measures)
    ]
    return list(dict.fromkeys([*rules, *(kill.judgement for kill in pack.thesis.criteria if kill.judgement)]))


def _of(measures: Sequence[Measure]) -> Iterator[str]:
    for measure in measures:
        if measure.judgement:
            yield measure.judgement
        yield from _of(measure.measures)


def _overrides(pack: Pack, a: Assessment, found: JournalStatus) -> Iterator[DueItem]:
    """Overrides that end soon, and those that ended since the last review."""
    day = str(a.as_of)
    force = overrides_in_force(pack.overrides, day)
    for override in force.values():
        last = parse_day(override.until)
        if last < a.as_of + timedelta(days=SOON):
            what = f"{override.rule}: {override.reason.rstrip('.')}"
            yield DueItem("override", what, last, is_overdue=False)
    for override in found.last.overrides if found.last else ():
        if override.until < day and override.rule not in force:
            what = f"{override.rule} is no longer overridden: {override.reason.rstrip('.')}"
            ended = parse_day(override.until) + timedelta(days=1)
            yield DueItem("override", what, ended, is_overdue=True)


def _forecasts(pack: Pack, a: Assessment, found: JournalStatus) -> Iterator[DueItem]:
    """Forecasts whose quarter is public and which no figure settled by the day its review is due."""
    known = case_as_of(pack, a.as_of).first_filed
    for forecast in unsettled_forecasts(pack, sealed_forecasts(found), a.as_of, found):
        filed = known.get(Quarter.parse(forecast.period))
        if filed and forecast.kind != "verdict":
            what = f"{forecast.id} is not settled by the figures: {forecast.text}"
            yield _due("forecast", what, filed + timedelta(days=pack.calendar.review_days), a)


def sealed_forecasts(found: JournalStatus) -> list[Forecast]:
    """The forecasts that reviews hold."""
    return [forecast for review in found.chain for forecast in review.forecasts]


def unsettled_forecasts(
    pack: Pack, made: Iterable[Forecast], day: date, found: JournalStatus
) -> list[Forecast]:
    """Those of some forecasts that nothing has settled by a day."""
    return [each.forecast for each in forecast_outcomes(pack, made, day, found.chain) if each.is_open]
