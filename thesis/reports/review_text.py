"""The journal's part of a memo: the last signed review beside the current assessment.

What changed since the last review, what was decided, what was forecast, and what is next.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from thesis.case.forecast_terms import forecast_text
from thesis.core import formatting
from thesis.core.period import Quarter, parse_day
from thesis.journal.causes import OURS
from thesis.journal.difference import CauseStep, Difference, RuleChange
from thesis.journal.difference import rating_text as heard_as
from thesis.journal.forecast_record import ForecastEntry, ForecastRecord, score_of
from thesis.journal.review_schema import Review
from thesis.journal.rule_edits import RuleEdit
from thesis.journal.status import DueItem, JournalStatus
from thesis.journal.triggers import TriggerRecord
from thesis.narrative import rating_change_text, rating_text
from thesis.narrative.difference_text import goalposts_sentence, order_text
from thesis.pack.schema.overrides import Override
from thesis.reports.difference_report import score_change_text, score_or_none
from thesis.reports.review_session import signed_rating_text, trigger_summary
from thesis.scoring.assessment import Assessment


class ReviewContext(NamedTuple):
    """``review`` is the one that was signed for the memo's own day and quarter.

    ``before`` is the one before it (else the last), from which ``change`` leads to the memo.
    """

    standing: JournalStatus
    review: Review | None
    before: Review | None
    change: Difference | None
    record: ForecastRecord
    due: tuple[DueItem, ...]

    @property
    def said(self) -> Review | None:
        """The newest review, whose decision stands."""
        return self.review or self.before

    @property
    def settled(self) -> list[ForecastEntry]:
        """The forecasts that turned out since the review before."""
        since = self.before.as_of if self.before else ""
        return [s for s in self.record.sealed if s.outcome.day and str(s.outcome.day) > since]


# page one ----------------------------------------------------------------------------------------


def since_last_review(r: ReviewContext) -> str:
    """What happened since the review before, in a few sentences; empty where there is none."""
    if r.before is None or r.change is None:
        return ""
    d = r.change
    signed = (
        f"{r.before.name}, signed {formatting.day(parse_day(r.before.signed))}, published "
        f"{r.before.state.level}"
    )
    moved = [step for step in d.steps if step.moves]
    before, after = heard_as(d.before), heard_as(d.after)
    told = f"({signed}): "
    if moved:
        told += "; ".join(_moved(step) for step in moved)
    else:
        told += f"the verdict of the day stays {after}" if before == after else f"{before} to {after}"
    return f"{told}; {goalposts_sentence(d)}."


def _moved(step: CauseStep) -> str:
    whose = "" if step.cause not in OURS else " (ours)"
    return f"{step.name}{whose} moved it from {heard_as(step.before)} to {heard_as(step.after)}"


def signing_effect(r: ReviewContext, quarter: Quarter) -> str:
    """``WATCH since 2026Q1``, signed or not; and what signing today would publish, where that is another."""
    last = r.standing.last
    if last is None:
        return f"{r.standing.state.told}, once this is signed"
    when = formatting.day(parse_day(last.signed))
    mark = ", BACKTEST: written in hindsight" if last.backtest else ""
    signed = f"{signed_rating_text(last)}, signed by {last.by} on {when}{mark}"
    today = r.standing.would_publish(quarter)
    return f"{signed}; signing today publishes {today.told}" if today else signed


def override_effects(a: Assessment) -> list[tuple[str, Override, str, str]]:
    """Each override in force: the rule's name, the override, what it gives and what was worked out."""
    return [
        (
            rating_text.rule_name(found),
            found.override,
            rating_text.override_value(found),
            rating_text.computed_value(found),
        )
        for found in a.overridden
        if found.override
    ]


# sections ----------------------------------------------------------------------------------------


def cause_rows(r: ReviewContext) -> list[tuple[str, str, str]]:
    """Each cause: what it is called, the rows or edits there were of it, and the verdict after it."""
    if r.change is None:
        return []
    d = r.change
    return [(s.name, _amount(d, s), heard_as(s.after)) for s in d.steps]


def _amount(d: Difference, step: CauseStep) -> str:
    if step.cause == "rules":
        return formatting.count(sum(not edit.is_wording for edit in d.edits), "edit")
    rows = d.between.count(step.cause)
    return formatting.count(rows, "figure") if rows else ""


def changed_rules(r: ReviewContext) -> list[tuple[RuleChange, str, str, str]]:
    """Each rule whose score changed: before, after, and each cause's part in hundredths."""
    if r.change is None:
        return []
    found = []
    for rule in r.change.rules:
        if rule.is_changed:
            parts = [
                f"{step.name} {score_change_text(rule, i)}"
                for i, step in enumerate(r.change.steps)
                if score_change_text(rule, i)
            ]
            first, last = score_or_none(rule.scores[0]), score_or_none(rule.scores[-1])
            found.append((rule, first, last, "; ".join(parts)))
    return found


def scoring_edits(r: ReviewContext) -> Sequence[RuleEdit]:
    """The edited values that can move a score."""
    return [edit for edit in r.change.edits if not edit.is_wording] if r.change else []


def forecast_summary(sealed: ForecastEntry) -> str:
    """What was forecast, in short."""
    return forecast_text(sealed.forecast)


def forecast_score(sealed: ForecastEntry) -> str:
    """A forecast's own score with its name, or why it has none."""
    name, score = score_of(sealed)
    if score is None:
        return sealed.excluded or "open"
    return f"{name} {f'{score:.4g}' if name == 'pinball' else formatting.loss(score)}"


def track_record(r: ReviewContext) -> str:
    """The record in one sentence."""
    whole = r.record.whole
    if not whole.n:
        return "No forecast has been settled and scored yet."
    told = []
    if whole.brier.value is not None:
        told.append(f"Brier {formatting.loss(whole.brier.value)} on the scale 0 to 1 over {whole.brier.n}")
    if whole.rps.value is not None:
        told.append(f"RPS {formatting.loss(whole.rps.value)} over {whole.rps.n}")
    if whole.coverage.n:
        told.append(f"{whole.coverage.hits} of {whole.coverage.n} ranges of 80% held the outcome")
    if whole.evidence.enough:
        return f"So far: {'; '.join(told)}."
    few = f"With {whole.independent} that are independent that says nothing of skill yet."
    return f"So far: {'; '.join(told)}. {few}"


def next_review_text(a: Assessment, r: ReviewContext) -> str:
    """When the next review is due."""
    listed = [each for each in r.due if each.kind == "review"]
    if listed:
        word = "has been overdue since" if listed[0].is_overdue else "is due by"
        return f"{listed[0].what[0].upper()}{listed[0].what[1:]} {word} {formatting.day(listed[0].day)}."
    return (
        f"The figures of {a.next_due} are due by {formatting.day(a.fresh_until)}, and the next "
        "review with them."
    )


def watch_list(a: Assessment) -> list[str]:
    """What to watch until then: the figures nearest to another verdict, and kill criteria that are near."""
    found = [
        rating_change_text.rating_change_text(f)
        for better in (False, True)
        for f in rating_change_text.nearest_changes(a.flips, better=better)
    ]
    near = [k for k in a.kill if k.distances and k.is_near and not k.has_tripped]
    return found + [
        f"{k.id}: {rating_change_text.kill_criterion_text(k)}, {rating_change_text.kill_distance_text(k)}"
        for k in near
    ]


def first_review_text(r: ReviewContext) -> str:
    """The verdict that the change begins with."""
    return heard_as(r.change.before) if r.change else ""


def cause_order(r: ReviewContext) -> str:
    """Whether another order of the causes would tell another story."""
    return order_text(r.change) if r.change else ""


def trigger_text(each: TriggerRecord) -> str:
    """A tripped criterion with its clock."""
    return trigger_summary(each)


def overdue_text(r: ReviewContext) -> list[DueItem]:
    """What is overdue, but for the review itself."""
    return [each for each in r.due if each.is_overdue and each.kind not in ("review", "figures")]
