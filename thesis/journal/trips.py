"""Trips: kill criteria that have tripped, since when, and whether somebody has decided what to do.

A trip is handled by a signed review that acts on it (trim, exit), or that overrides it with a reason and an
end. Until then it stays open, and every day counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from thesis.assessment import Assessment
from thesis.case import Case
from thesis.court import Court
from thesis.facts import Fact
from thesis.journal.records import ACTED, Review
from thesis.journal.store import in_force
from thesis.pack import Pack
from thesis.quarter import parse_day
from thesis.shapes import Kill


class Trip(NamedTuple):
    """A criterion that has tripped: ``decided`` is the day of the decision on it, ``how`` what it was.

    ``days`` from the trip to the decision, or to the day looked from while there is none.
    """

    id: str
    claim: str
    since: date
    days: int
    decided: date | None = None
    how: str = ""

    @property
    def is_open(self) -> bool:
        return self.decided is None


def trips(pack: Pack, a: Assessment, chain: Sequence[Review] = ()) -> list[Trip]:
    """Every criterion that has tripped for certain, whatever an override says, with what was decided."""
    return [_trip(pack, k.kill, a.as_of, chain) for k in a.kill if k.has_tripped]


def _trip(pack: Pack, kill: Kill, day: date, chain: Sequence[Review]) -> Trip:
    since = tripped_since(pack, kill, day)
    for review in in_force(chain):
        signed = parse_day(review.signed)
        how = _handled(review, kill.id, since, day)
        if how:
            return Trip(kill.id, kill.claim, since, (signed - since).days, signed, how)
    return Trip(kill.id, kill.claim, since, (day - since).days)


def _handled(review: Review, kill: str, since: date, day: date) -> str:
    """How a review decides on a trip; empty where it does not."""
    if min(review.as_of, review.signed) < str(since):
        return ""
    if review.decision in ACTED:
        return str(review.decision)
    override = next((o for o in review.overrides if o.rule == kill and o.until >= str(day)), None)
    return f"overridden until {override.until}" if override else ""


def tripped_since(pack: Pack, kill: Kill, day: date) -> date:
    """The first day from which on a criterion that has tripped on a day has been so without a break."""
    found = day
    for earlier in _days(pack, kill, day):
        if _trips_on(pack, kill, earlier):
            found = earlier
        else:
            break
    return found


def _trips_on(pack: Pack, kill: Kill, day: date) -> bool:
    try:
        return bool(Court(Case(pack, day), {}).kill(kill).tripped.lo == 1.0)
    except LookupError:  # nothing was filed by then
        return False


def _days(pack: Pack, kill: Kill, day: date) -> list[date]:
    """The days up to one on which something that a criterion reads became known, latest first."""
    if kill.judgement:
        said = [g.graded for g in pack.grades if g.rubric == kill.judgement]
        said += [event.day for event in pack.events if event.rubric == kill.judgement]
        days = {parse_day(text) for text in said}
    else:
        case = Case(pack, day)
        read = {name for name, _ in case.reads(kill.when, case.quarter)}
        days = {fact.filed for name in read for fact in _rows(case, name)}
    return sorted((known for known in days if known <= day), reverse=True)


def _rows(case: Case, name: str) -> list[Fact]:
    return case.vintage.rows(name)
