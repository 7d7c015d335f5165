"""What a review has to consider: everything that changed since the last one.

New and restated figures, what has expired, what is missing and whether it matters, which kill criteria are
near, and how earlier forecasts turned out.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from thesis.case.outliers import Outlier
from thesis.facts.fact import Fact
from thesis.journal.causes import CausesBetween, ComparisonSide
from thesis.journal.forecast_record import ForecastEntry, forecast_record
from thesis.journal.outlier_check import open_outliers
from thesis.journal.review_schema import Review
from thesis.journal.status import DueItem, JournalStatus, due_items, journal_status, used_rubrics
from thesis.pack.load import Pack
from thesis.pack.schema.judgements import Judgement, Rubric
from thesis.pricing.priced_case import case_as_of
from thesis.scoring.assessment import Assessment, EvidenceGap, KillResult


class RestatedFigure(NamedTuple):
    """A figure that is another one now: the row that was read before, and the newest."""

    was: Fact | None
    now: Fact


class GradingTask(NamedTuple):
    """A rubric with its grades in force, the last day on which they count, and why they have ended."""

    rubric: Rubric
    grades: tuple[Judgement, ...]
    until: date | None
    ended_by: str = ""


class ReviewAgenda(NamedTuple):
    """One screen of what a review is about."""

    found: Assessment
    standing: JournalStatus
    new: tuple[Fact, ...]
    late: tuple[Fact, ...]
    restated: tuple[RestatedFigure, ...]
    changed: tuple[Fact, ...]
    """Rows that were edited or taken out of the files, and those in their place."""
    expired: tuple[GradingTask, ...]
    gaps: tuple[EvidenceGap, ...]
    near: tuple[KillResult, ...]
    settled: tuple[ForecastEntry, ...]
    open_forecasts: tuple[ForecastEntry, ...]
    due: tuple[DueItem, ...]
    outliers: tuple[Outlier, ...] = ()
    """Figures that stand out from their series and that no review has accepted."""


def review_agenda(
    pack: Pack, a: Assessment, chain: Sequence[Review], before: ComparisonSide | None
) -> ReviewAgenda:
    """What there is to review on a day. ``before`` is the last review's own pack and day, if there is one."""
    where = journal_status(pack, a, chain)
    rows: dict[str, list[Fact]] = {}
    removed: list[Fact] = []
    restated: list[RestatedFigure] = []
    if before is not None:
        between = CausesBetween(before, ComparisonSide("now", pack, a.as_of))
        rows, removed = between.rows, between.deletions
        restated = [_restated(fact, before) for fact in rows["restated"]]
    told = {each.forecast for review in where.chain for each in review.settled}
    record = forecast_record(pack, where.chain, a.as_of)
    return ReviewAgenda(
        found=a,
        standing=where,
        new=tuple(rows.get("quarters", ())),
        late=tuple(rows.get("filled", ())),
        restated=tuple(r for r in restated if r.was is None or r.was.value != r.now.value),
        changed=(*removed, *rows.get("corrected", ())),
        expired=tuple(_expired(pack, a)),
        gaps=tuple(gap for gap in a.gaps if gap.waits_for),
        near=tuple(sorted((k for k in a.kill if k.is_near), key=_moves)),
        settled=tuple(s for s in record.sealed if not s.outcome.is_open and s.forecast.id not in told),
        open_forecasts=tuple(record.open),
        due=tuple(due_items(pack, a, where)),
        outliers=tuple(open_outliers(pack, a.as_of, where.chain)),
    )


def _restated(fact: Fact, before: ComparisonSide) -> RestatedFigure:
    rows = [f for f in before.pack.facts.of(fact.concept) if f.filed <= before.day]
    same = [f for f in rows if (f.item, f.period) == (fact.item, fact.period)]
    return RestatedFigure(same[-1] if same else None, fact)


def _moves(found: KillResult) -> tuple[bool, float]:
    """Those whose distance is known first, the nearest of them before the others."""
    return found.moves is None, found.moves or 0.0


def _expired(pack: Pack, a: Assessment) -> list[GradingTask]:
    case = case_as_of(pack, a.as_of)
    found = []
    for name in used_rubrics(pack):
        grades = case.grades(name)
        until = min((case.counts_until(grade) for grade in grades), default=None)
        if until is None or until < a.as_of:
            found.append(
                GradingTask(pack.rubrics[name], tuple(grades), until, _ended_by(pack, grades, a.as_of))
            )
    return found


def _ended_by(pack: Pack, grades: Sequence[Judgement], day: date) -> str:
    """What happened that ended a grade, if something did."""
    events = [
        event
        for event in pack.events
        if grades and event.rubric == grades[0].rubric and grades[0].graded < event.day <= str(day)
    ]
    return f"{events[-1].what} ({events[-1].day})" if events else ""
