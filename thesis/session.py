"""Session: what a review is about and what is due, each on one screen of a terminal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from textwrap import fill
from typing import TypeVar

from thesis import nearing, plaintext, telling, tones, words
from thesis.assessment import KillFinding
from thesis.facts import Fact
from thesis.forecasts import said
from thesis.journal.agenda import Agenda, Grading, Restated
from thesis.journal.records import Review
from thesis.journal.standing import Due, Standing
from thesis.journal.track import Sealed, score_of
from thesis.journal.trips import Trip
from thesis.layout import BAD, FAIR, STRONG, Block, Layout, Line, Pairs, Toned, apart
from thesis.quarter import Quarter

WIDTH = 80
LABEL = 12
MOST = 6  # lines of one kind
SETTLED_NONE = "none turned out since the last review"
OVERDUE = ("figures", "override", "forecast")  # that no other line of the screen tells of
FIRST = "a first review publishes the worst that the day allows, its dead band included"

Item = TypeVar("Item")


def screen(found: Agenda) -> str:
    """The same as ``laid_out``, as plain text."""
    return plaintext.text(laid_out(found))


def laid_out(found: Agenda) -> Layout:
    """What a review is about: what is new, what has to be judged again, what is near, what turned out."""
    a, where = found.found, found.standing
    near = [_near(k) for k in found.near if k.distances]
    missing = [_gap(gap.label, telling.waiting(gap), matters=gap.matters) for gap in found.gaps]
    overdue = [f"{d.what}, since {d.day}" for d in found.due if d.is_overdue and d.kind in OVERDUE]
    still_open = words.count(len(found.open_forecasts), "forecast") if found.open_forecasts else ""
    told = Toned(_today(where, telling.headline(a), a.quarter), tones.of_verdict(a.verdict))
    groups: list[list[Block]] = [
        [Line(Toned(f"review of {a.quarter}, seen from {a.as_of}    {a.pack}", STRONG))],
        [
            *labelled("last", _last(where.last)),
            *labelled("today", told),
            *(block for trip in where.trips for block in labelled("TRIPPED", _trip(trip))),
        ],
        [
            *labelled("new", _new(found.new, is_first=where.last is None)),
            *labelled("found late", _listed(found.late, _fact)),
            *labelled("restated", _listed(found.restated, _restated)),
            *labelled("rows edited", _listed(found.changed, _fact)),
        ],
        [
            *_blocks("judge again", [_grading(each) for each in found.expired], "nothing has expired"),
            *_blocks("missing", missing, "nothing"),
            *_blocks("kill", near or [nearing.kills(a)], ""),
            *_blocks("forecasts", list(map(settled_text, found.settled)), SETTLED_NONE),
            *labelled("", f"{still_open} open" if still_open else ""),
            *_blocks("overdue", [Toned(each, FAIR) for each in overdue], ""),
        ],
        _next(found),
    ]
    return Layout(WIDTH, apart(groups))


def due_text(listed: Sequence[Due]) -> str:
    """What is due, what is overdue first, a line each."""
    overdue = [each for each in listed if each.is_overdue]
    coming = [each for each in listed if not each.is_overdue]
    lines = [_due(each, "since") for each in overdue] or ["nothing is overdue"]
    lines += [_due(each, "by") for each in coming]
    return "\n".join(lines) + "\n"


def _due(each: Due, word: str) -> str:
    mark = "OVERDUE" if each.is_overdue else "due"
    return fill(
        f"{mark:<8} {each.kind:<10} {each.what}, {word} {each.day}",
        WIDTH,
        subsequent_indent=" " * 20,
    )


def _trip(trip: Trip) -> str:
    return Toned(trip_text(trip), BAD if trip.is_open else "")


def trip_text(trip: Trip) -> str:
    """``K2 on 2026-02-06: ...; 93 days without a decision``."""
    days = words.count(trip.days, "day")
    if trip.is_open:
        after = f", after an override that ended on {trip.lapsed}" if trip.lapsed else ""
        past = " It holds no more." if trip.is_past else ""
        return f"{trip.id} on {trip.since}: {trip.claim}{past} {days} without a decision{after}."
    return f"{trip.id} on {trip.since}: {trip.claim} Decided on {trip.decided}, after {days}: {trip.how}."


def settled_text(each: Sealed) -> str:
    """``F1 60% that ...: yes on 2026-07-31, Brier .160``."""
    forecast, outcome = each.forecast, each.outcome
    told = f"{forecast.id} ({said(forecast)}) {forecast.text}: {outcome.text} on {outcome.day}"
    name, score = score_of(each)
    if score is not None:
        return f"{told}; {name} {f'{score:.4g}' if name == 'pinball' else words.loss(score)}"
    return f"{told}; not counted: {each.excluded}" if each.excluded else told


def _near(found: KillFinding) -> str:
    told = f"{nearing.kill_text(found.distances)}, {nearing.away(found.moves)}"
    return f"{found.id}: {told}; tripped: {telling.tripped(found)}"


def published(review: Review) -> str:
    """``WATCH since 2026Q1``, with how sure that is."""
    state = review.state
    return state.told_as(
        f"{state.level} since {state.since}" if state.since != review.quarter else state.level
    )


def _last(review: Review | None) -> str:
    if review is None:
        return "none: this is the first review"
    marks = ", BACKTEST" if review.backtest else ""
    marks += "" if review.is_of_these_rules else f", under rules version {review.rules_version}"
    decision = f", decision: {review.decision}" if review.decision else ""
    return f"{review.name}, {published(review)}; signed {review.signed} by {review.by}{marks}{decision}"


def _today(where: Standing, headline: str, quarter: Quarter) -> str:
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
        told.append(f"{period}: {words.count(len(by_period[period]), 'figure')}, filed {when}")
    return "; ".join(told)


def _fact(fact: Fact) -> str:
    name = f"{fact.concept}/{fact.item}" if fact.item else fact.concept
    return f"{name} {fact.period}"


def _restated(each: Restated) -> str:
    was = f"{words.exact(each.was.value)} -> " if each.was else ""
    return f"{_fact(each.now)}: {was}{words.exact(each.now.value)}, {each.now.source}"


def _listed(items: Sequence[Item], told: Callable[[Item], str]) -> str:
    if not items:
        return ""
    texts = list(dict.fromkeys(map(told, items)))
    shown = "; ".join(texts[:MOST])
    return f"{shown}; and {len(texts) - MOST} more" if len(texts) > MOST else shown


def _grading(each: Grading) -> str:
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
        return labelled(label, otherwise)
    more = [f"and {len(items) - MOST} more"] if len(items) > MOST else []
    told = [*items[:MOST], *more]
    return [block for i, item in enumerate(told) for block in labelled("" if i else label, item)]


def _next(found: Agenda) -> list[Block]:
    last = found.standing.last
    if last and last.period == found.found.quarter:
        return labelled("then", f"{last.name} is signed; a correction: thesis review sign --supersede WHY")
    rubrics = [each.rubric.id for each in found.expired]
    steps = [f"thesis judge {rubrics[0]}"] if rubrics else []
    steps += ["thesis forecast", *(["thesis diff"] if last else []), "thesis review sign --by NAME"]
    return labelled("then", "  ".join(f"{i}. {step}" for i, step in enumerate(steps, 1)))


def labelled(label: str, text: str) -> list[Block]:
    """A text beside a label; nothing where there is no text."""
    return [Pairs(((label, text),), LABEL, breaks=False)] if text else []
