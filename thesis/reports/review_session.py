"""What a review has to consider and what is due, each on one screen of a terminal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from thesis.case.forecast_terms import forecast_text
from thesis.case.outliers import Outlier
from thesis.core import formatting
from thesis.core.period import Quarter
from thesis.document import plain_text, tones
from thesis.document.blocks import Block, Document, LabelledTexts, Line, spaced_groups
from thesis.document.inline import BAD, FAIR, STRONG, TonedText
from thesis.facts.fact import Fact
from thesis.journal.agenda import GradingTask, RestatedFigure, ReviewAgenda
from thesis.journal.forecast_record import ForecastEntry, score_of
from thesis.journal.review_schema import Review
from thesis.journal.status import DueItem, JournalStatus
from thesis.journal.triggers import TriggerRecord
from thesis.narrative import rating_change_text, rating_text
from thesis.scoring.assessment import KillResult

WIDTH = 80
LABEL = 12
MOST = 6  # lines of one kind
SETTLED_NONE = "none turned out since the last review"
OVERDUE = ("figures", "override", "forecast")  # that no other line of the screen tells of
FIRST = "a first review publishes the worst that the day allows, its dead band included"

Item = TypeVar("Item")


def review_start_text(found: ReviewAgenda) -> str:
    """The same as ``review_start_document``, as plain text."""
    return plain_text.document_text(review_start_document(found))


def review_start_document(found: ReviewAgenda) -> Document:
    """What a review is about: what is new, what has to be judged again, what is near, what turned out."""
    a, where = found.found, found.standing
    near = [_near(k) for k in found.near if k.distances]
    missing = [_gap(gap.label, rating_text.waiting_text(gap), matters=gap.matters) for gap in found.gaps]
    overdue = [f"{d.what}, since {d.day}" for d in found.due if d.is_overdue and d.kind in OVERDUE]
    still_open = formatting.count(len(found.open_forecasts), "forecast") if found.open_forecasts else ""
    told = TonedText(_today(where, rating_text.verdict_headline(a), a.quarter), tones.verdict_tone(a.verdict))
    groups: list[list[Block]] = [
        [Line(TonedText(f"review of {a.quarter}, seen from {a.as_of}    {a.pack}", STRONG))],
        [
            *labelled_blocks("last", _last(where.last)),
            *labelled_blocks("today", told),
            *(block for trip in where.trips for block in labelled_blocks("TRIPPED", _trip(trip))),
        ],
        [
            *labelled_blocks("new", _new(found.new, is_first=where.last is None)),
            *labelled_blocks("found late", _listed(found.late, _fact)),
            *labelled_blocks("restated", _listed(found.restated, _restated)),
            *labelled_blocks("rows edited", _listed(found.changed, _fact)),
            *_blocks("stands out", [TonedText(_outlier(each), FAIR) for each in found.outliers], ""),
        ],
        [
            *_blocks("judge again", [_grading(each) for each in found.expired], "nothing has expired"),
            *_blocks("missing", missing, "nothing"),
            *_blocks("kill", near or [rating_change_text.kill_criteria_text(a)], ""),
            *_blocks("forecasts", list(map(settled_forecast_text, found.settled)), SETTLED_NONE),
            *labelled_blocks("", f"{still_open} open" if still_open else ""),
            *_blocks("overdue", [TonedText(each, FAIR) for each in overdue], ""),
        ],
        _next(found),
    ]
    return Document(WIDTH, spaced_groups(groups))


def _outlier(each: Outlier) -> str:
    return f"{each.id} ({each.fact.file}:{each.fact.line}): {each.text}; {each.hint}"


def due_document(listed: Sequence[DueItem]) -> Document:
    """What is due, what is overdue first, a line each."""
    overdue = [each for each in listed if each.is_overdue]
    coming = [each for each in listed if not each.is_overdue]
    none = [] if overdue else [Line("nothing is overdue")]
    rows = tuple(map(_due, [*overdue, *coming]))
    return Document(WIDTH, (*none, *([LabelledTexts(rows, 20, "", breaks=False)] if rows else [])))


def _due(each: DueItem) -> tuple[str, str]:
    label = f"{'OVERDUE' if each.is_overdue else 'due':<8} {each.kind}"
    told = f"{each.what}, {'since' if each.is_overdue else 'by'} {each.day}"
    return label, TonedText(told, BAD if each.is_overdue else "")


def _trip(trip: TriggerRecord) -> str:
    return TonedText(trigger_summary(trip), BAD if trip.is_open else "")


def trigger_summary(trip: TriggerRecord) -> str:
    """``K2 on 2026-02-06: ...; 93 days without a decision``."""
    days = formatting.count(trip.days, "day")
    if trip.is_open:
        after = f", after an override that ended on {trip.lapsed}" if trip.lapsed else ""
        past = " It holds no more." if trip.is_past else ""
        return f"{trip.id} on {trip.since}: {trip.claim}{past} {days} without a decision{after}."
    return f"{trip.id} on {trip.since}: {trip.claim} Decided on {trip.decided}, after {days}: {trip.how}."


def settled_forecast_text(each: ForecastEntry) -> str:
    """``F1 60% that ...: yes on 2026-07-31, Brier .160``."""
    forecast, outcome = each.forecast, each.outcome
    told = f"{forecast.id} ({forecast_text(forecast)}) {forecast.text}: {outcome.text} on {outcome.day}"
    name, score = score_of(each)
    if score is not None:
        return f"{told}; {name} {f'{score:.4g}' if name == 'pinball' else formatting.loss(score)}"
    return f"{told}; not counted: {each.excluded}" if each.excluded else told


def _near(found: KillResult) -> str:
    told = f"{rating_change_text.kill_criterion_text(found)}, {rating_change_text.kill_distance_text(found)}"
    return f"{found.id}: {told}; tripped: {rating_text.trigger_answer(found)}"


def signed_rating_text(review: Review) -> str:
    """``WATCH since 2026Q1``, with how sure that is."""
    state = review.state
    return state.text_with(
        f"{state.level} since {state.since}" if state.since != review.quarter else state.level
    )


def _last(review: Review | None) -> str:
    if review is None:
        return "none: this is the first review"
    marks = ", BACKTEST" if review.backtest else ""
    marks += "" if review.is_of_these_rules else f", under rules version {review.rules_version}"
    decision = f", decision: {review.decision}" if review.decision else ""
    return (
        f"{review.name}, {signed_rating_text(review)}; signed {review.signed} by {review.by}{marks}{decision}"
    )


def _today(where: JournalStatus, headline: str, quarter: Quarter) -> str:
    state = where.would_publish(quarter)
    if state is None:
        return headline
    told = f"{headline}; signing publishes {state.told}"
    if state.broken and not any(trip.is_open for trip in where.trips):
        told += f"; {state.level} stays until it is underwritten anew"
    return f"{told}; {FIRST}" if where.last is None else told


def _new(rows: Sequence[Fact], *, is_first: bool) -> str:
    if is_first:
        return "everything: there is no earlier review"
    if not rows:
        return "no figures of a new quarter"
    by_period: dict[str, list[Fact]] = {}
    for fact in rows:
        by_period.setdefault(str(fact.period), []).append(fact)
    told = []
    for period in sorted(by_period, reverse=True)[:MOST]:
        days = sorted({str(fact.filed) for fact in by_period[period]})
        when = days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}"
        told.append(f"{period}: {formatting.count(len(by_period[period]), 'figure')}, filed {when}")
    return "; ".join(told)


def _fact(fact: Fact) -> str:
    name = f"{fact.concept}/{fact.item}" if fact.item else fact.concept
    return f"{name} {fact.period}"


def _restated(each: RestatedFigure) -> str:
    was = f"{formatting.exact(each.was.value)} -> " if each.was else ""
    return f"{_fact(each.now)}: {was}{formatting.exact(each.now.value)}, {each.now.source}"


def _listed(items: Sequence[Item], told: Callable[[Item], str]) -> str:
    if not items:
        return ""
    texts = list(dict.fromkeys(map(told, items)))
    shown = "; ".join(texts[:MOST])
    return f"{shown}; and {len(texts) - MOST} more" if len(texts) > MOST else shown


def _grading(each: GradingTask) -> str:
    asks = f"{each.rubric.id}: {each.rubric.asks}"
    if not each.grades:
        return f"{asks} Never graded."
    levels = " and ".join(f"{g.level} by {g.by}" for g in each.grades)
    why = f"ended by {each.ended_by}" if each.ended_by else f"expired after {each.until}"
    return f"{asks} Level {levels} on {each.grades[0].graded}, {why}."


def _gap(label: str, waits_for: str, *, matters: bool) -> str:
    return f"{label}: {waits_for}; {'could change the verdict' if matters else 'cannot change the verdict'}"


def _blocks(label: str, items: Sequence[str], otherwise: str) -> list[Block]:
    """Each item with an indent of its own; the label before the first."""
    if not items:
        return labelled_blocks(label, otherwise)
    more = [f"and {len(items) - MOST} more"] if len(items) > MOST else []
    told = [*items[:MOST], *more]
    return [block for i, item in enumerate(told) for block in labelled_blocks("" if i else label, item)]


def _next(found: ReviewAgenda) -> list[Block]:
    last = found.standing.last
    if last and last.period == found.found.quarter:
        return labelled_blocks(
            "then", f"{last.name} is signed; a correction: thesis review sign --supersede WHY"
        )
    rubrics = [each.rubric.id for each in found.expired]
    steps = [f"thesis judge {rubrics[0]}"] if rubrics else []
    steps += ["thesis forecast", *(["thesis diff"] if last else []), "thesis review sign --by NAME"]
    return labelled_blocks("then", "  ".join(f"{i}. {step}" for i, step in enumerate(steps, 1)))


def labelled_blocks(label: str, text: str) -> list[Block]:
    """A text beside a label; nothing where there is no text."""
    return [LabelledTexts(((label, text),), LABEL, breaks=False)] if text else []
