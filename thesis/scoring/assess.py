"""Assess a pack as of a day.

Rule by rule: value, persistence, score, label; measures into rules, rules into two totals, totals
into a verdict. What is not known stays a range all the way to the end.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from thesis import __version__
from thesis.case import freshness
from thesis.case.case import Case, NothingKnown
from thesis.core.interval import Interval, point
from thesis.core.period import parse_day
from thesis.core.record import replace_fields
from thesis.language.evaluate import Supposition
from thesis.pack.load import Pack
from thesis.pack.schema.overrides import Override
from thesis.pricing.priced_case import case_as_of
from thesis.scoring import verdict
from thesis.scoring.assessment import (
    Assessment,
    AssessmentHeader,
    KillResult,
    LastRating,
    RuleResult,
    Verdict,
)
from thesis.scoring.rating_changes import RatingStage, evidence_gaps, rating_changes
from thesis.scoring.rating_pairs import rating_pairs
from thesis.scoring.rules import RuleScorer
from thesis.scoring.what_if import figure_texts

LOOK_BACK = 4  # quarters searched for the last rating


class ScoredRules(NamedTuple):
    """The results of all rules of a pack on one case, and the verdict that follows from them."""

    conditions: tuple[RuleResult, ...]
    risks: tuple[RuleResult, ...]
    kill: tuple[KillResult, ...]
    verdict: Verdict


def score_rules(case: Case, overrides: Mapping[str, Override] | None = None) -> ScoredRules:
    """Score every rule of a case and reach the verdict. ``overrides``: as in ``RuleScorer``."""
    scorer = RuleScorer(case, overrides)
    thesis = case.pack.thesis
    conditions = tuple(scorer.score_rule(rule) for rule in thesis.conditions)
    risks = tuple(scorer.score_rule(rule) for rule in thesis.risks)
    kill = tuple(scorer.score_criterion(criterion) for criterion in thesis.criteria)
    return ScoredRules(
        conditions, risks, kill, verdict.reach_verdict(thesis.verdict, conditions, risks, kill)
    )


def assess(
    pack: Pack,
    as_of: date,
    given: Mapping[str, Interval | Supposition] | None = None,
    assumptions: Mapping[str, float] | None = None,
) -> Assessment:
    """What a pack comes to on a day; ``given`` and ``assumptions`` as ``case_as_of`` takes them.

    Errors: ``NothingKnown`` if nothing was filed by then, ``Impossible`` where a name is given a value that
    it cannot have.
    """
    case = case_as_of(pack, as_of, given, assumptions=assumptions)
    conditions, risks, kill, found = score_rules(case)
    is_overridden = any(f.override for f in (*conditions, *risks)) or any(k.override for k in kill)
    standing = case.freshness(pack.thesis.quarter, case.quarter)
    stage = RatingStage(pack.thesis.verdict, conditions, risks, kill)
    changes = rating_changes(stage)
    target = pack.thesis.target
    return Assessment(
        pack=pack.thesis.id,
        title=pack.thesis.title,
        entity=pack.entities[pack.thesis.entity].name,
        digest=pack.digest,
        version=__version__,
        as_of=as_of,
        quarter=case.quarter,
        filed=case.filed,
        fresh_until=standing.due,
        next_due=f"{case.quarter + 1}",
        target=vars(target) if target else None,
        header=_header(case),
        verdict=found,
        conditions=conditions,
        risks=risks,
        kill=kill,
        flips=changes,
        gaps=evidence_gaps(stage),
        given=case.given,
        supposed=figure_texts(pack, case.given),
        filers={name: entity.cik for name, entity in pack.entities.items() if entity.cik},
        without_overrides=score_rules(case, {}).verdict if is_overridden else None,
        pairs=rating_pairs(stage, changes),
        retired=tuple(RuleScorer(case, {}).score_criterion(each) for each in pack.thesis.retired),
    )


def add_last_rating(pack: Pack, found: Assessment) -> Assessment:
    """Where nothing can be rated: the last day on which it could be, and the verdict of that day."""
    if found.verdict.rated:
        return found
    for back in range(LOOK_BACK):
        quarter = found.quarter - back
        year_ends = pack.entities[pack.thesis.entity].year_ends
        day = freshness.due_day(quarter + 1, year_ends, pack.calendar)
        if day >= found.as_of:
            continue
        try:
            earlier = assess(pack, day)
        except NothingKnown:
            break  # nothing was filed by then
        if earlier.verdict.rated and earlier.quarter == quarter:
            last = LastRating(day, earlier.quarter, earlier.verdict.worst, earlier.verdict.best)
            return replace_fields(found, last_rated=last)
    return found


def add_latest_quarter(pack: Pack, found: Assessment) -> Assessment:
    """Where the pack's files go on after the day: up to which. It has no say in what was found."""
    last = pack.last_known
    return replace_fields(found, known_to=parse_day(last)) if last > str(found.as_of) else found


def _header(case: Case) -> AssessmentHeader:
    thesis = case.pack.thesis
    quarter = case.quarter
    price = case.evidence(thesis.price, quarter) if thesis.price else None
    cap = case.evidence(thesis.market_cap, quarter) if thesis.market_cap else None
    to_target = None
    if cap and thesis.target and thesis.target.unit == cap.unit and not cap.value.is_anything:
        to_target = point(thesis.target.market_cap) / cap.value - point(1.0)
    status = case.freshness(thesis.price, quarter).status if price and price.facts else ""
    return AssessmentHeader(price, status, cap, to_target)
