"""Kill criteria that have triggered, since when, and whether a decision has been recorded.

A trip is handled by a signed review that acts on it (trim, exit), or that overrides it with a reason and an
end. Until then it stays open, and every day counts: also where the criterion holds no more, was edited,
retired or taken out of the thesis since a review was signed that saw it trip.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from thesis.case.case import Case, NothingKnown
from thesis.core.period import parse_day
from thesis.facts.fact import Fact
from thesis.journal.review_schema import ACTED, Review
from thesis.journal.store import reviews_in_force
from thesis.pack.load import Pack
from thesis.pack.schema.thesis import KillCriterion
from thesis.pricing.priced_case import case_as_of
from thesis.scoring.assessment import Assessment, KillResult
from thesis.scoring.rules import RuleScorer


class TriggerRecord(NamedTuple):
    """A criterion that has tripped: ``decided`` is the day of the decision on it, ``how`` what it was.

    ``days`` from the trip to the decision, or to the day looked from while there is none. After an override
    that has ended on the day ``lapsed`` they count from there. ``is_past`` where it holds no more.
    """

    id: str
    claim: str
    since: date
    days: int
    decided: date | None = None
    how: str = ""
    lapsed: date | None = None
    is_past: bool = False

    @property
    def is_open(self) -> bool:
        return self.decided is None


def trigger_records(pack: Pack, a: Assessment, chain: Sequence[Review] = ()) -> list[TriggerRecord]:
    """Every criterion that has tripped for certain, by the figures or by an analyst's word.

    That an override denies it decides nothing before a review is signed that holds it. Those that hold no
    more are listed while nobody has decided on them.
    """
    open_ones = undecided_triggers(chain)
    now = [_trip(pack, k, a.as_of, chain, open_ones) for k in a.kill if k.has_tripped]
    claims = {kill.id: _claim(kill) for kill in pack.thesis.kill}
    past = [
        TriggerRecord(
            kill,
            claims.get(kill, "It is in the thesis no more."),
            since,
            (a.as_of - since).days,
            is_past=True,
        )
        for kill, since in open_ones.items()
        if kill not in [trip.id for trip in now]
    ]
    return [*now, *past]


def _claim(kill: KillCriterion) -> str:
    """What a criterion claims; of one that was retired since also when."""
    return f"{kill.claim} It was retired on {kill.retired.on}." if kill.retired else kill.claim


def undecided_triggers(chain: Sequence[Review]) -> dict[str, date]:
    """What had tripped when a review was signed, since when, and no review has decided on.

    A correction takes no trip back, for it may be the criterion that was corrected.
    """
    found: dict[str, date] = {}
    for review in chain:
        for kill in review.found.kill:
            if kill.since and "yes" in (kill.tripped, kill.own):
                found.setdefault(kill.id, parse_day(kill.since))
        if review.decision in ACTED or review.reunderwriting:
            found.clear()
        for override in review.overrides:
            if override.answer == "no":
                found.pop(override.rule, None)
    return found


def _trip(
    pack: Pack, found: KillResult, day: date, chain: Sequence[Review], open_ones: Mapping[str, date]
) -> TriggerRecord:
    kill = found.kill
    is_given = found.own is not None and found.own.lo < 1.0
    since = (
        parse_day(found.override.since) if is_given and found.override else triggered_since(pack, kill, day)
    )
    since = min(since, open_ones.get(kill.id, since))
    after = [r for r in reviews_in_force(chain) if min(r.as_of, r.signed) >= str(since)]
    for review in after:
        signed = parse_day(review.signed)
        how = _handled(review, kill.id, day)
        if how:
            return TriggerRecord(kill.id, kill.claim, since, (signed - since).days, signed, how)
    ended = [parse_day(o.until) for r in after for o in r.overrides if o.rule == kill.id and o.answer == "no"]
    lapsed = max(ended, default=None)
    return TriggerRecord(kill.id, kill.claim, since, (day - (lapsed or since)).days, lapsed=lapsed)


def _handled(review: Review, kill: str, day: date) -> str:
    """How a review decides on a trip; empty where it does not."""
    if review.decision in ACTED:
        return str(review.decision)
    denied = [o for o in review.overrides if o.rule == kill and o.answer == "no" and o.until >= str(day)]
    return f"overridden until {denied[0].until}" if denied else ""


def triggered_since(pack: Pack, kill: KillCriterion, day: date) -> date:
    """The first day of the unbroken period, up to ``day``, in which a kill criterion is triggered."""
    found = day
    for earlier in _days(pack, kill, day):
        if _trips_on(pack, kill, earlier):
            found = earlier
        else:
            break
    return found


def _trips_on(pack: Pack, kill: KillCriterion, day: date) -> bool:
    try:
        return bool(RuleScorer(case_as_of(pack, day), {}).score_criterion(kill).tripped.lo == 1.0)
    except NothingKnown:  # nothing was filed by then
        return False


def _days(pack: Pack, kill: KillCriterion, day: date) -> list[date]:
    """The days up to one on which something that a criterion reads became known, latest first."""
    if kill.judgement:
        said = [g.graded for g in pack.grades if g.rubric == kill.judgement]
        said += [event.day for event in pack.events if event.rubric == kill.judgement]
        days = {parse_day(text) for text in said}
    else:
        case = case_as_of(pack, day)
        read = {name for name, _ in case.reads(kill.when, case.quarter)}
        days = {fact.filed for name in read for fact in _rows(case, name)}
    return sorted((known for known in days if known <= day), reverse=True)


def _rows(case: Case, name: str) -> list[Fact]:
    return case.vintage.rows(name)
