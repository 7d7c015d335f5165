"""An assessment on one screen of a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from thesis.core import formatting
from thesis.document import plain_text, tones
from thesis.document.blocks import (
    LEFT,
    Block,
    Column,
    Document,
    LabelledTexts,
    Line,
    Paragraph,
    Table,
    TextParts,
    TextWithEnd,
    spaced_groups,
    table_of,
)
from thesis.document.inline import BAD, TonedText
from thesis.narrative import as_of_text, rating_change_text, rating_text
from thesis.pack.scores import falls_short, is_met
from thesis.reports import scorecard
from thesis.scoring.assessment import NONE_NAMED, Assessment, RuleResult

if TYPE_CHECKING:
    from thesis.journal.status import JournalStatus
    from thesis.pack.schema.forecasts import Forecast

WIDTH = 80
LABEL = 10
INDENT = "  "


def check_text(a: Assessment, *, plain: bool = False, standing: JournalStatus | None = None) -> str:
    """The same as ``check_document``, as plain text."""
    return plain_text.document_text(check_document(a, plain=plain, standing=standing))


def check_document(
    a: Assessment,
    *,
    plain: bool = False,
    standing: JournalStatus | None = None,
    late: Sequence[Forecast] = (),
) -> Document:
    """The verdict, a line for each condition, and what matters about risks, kills and flips.

    ``plain``: words instead of symbols. ``standing`` adds what the journal publishes, and criteria that
    tripped; ``late`` the forecasts that count as annulled, for they were made when their quarter was public.
    """
    groups: list[list[Block]] = [
        [
            TextWithEnd(f"{a.pack} {a.title}", f"as of {a.as_of}", " " * (len(a.pack) + 1)),
            Line(f"figures to {a.quarter}, filed {a.filed}; {_freshness(a)}"),
            *_past_target(a),
        ],
        [*_verdict(a), *_labelled([("capped", "; ".join(a.verdict.caps)), *_journal(a, standing)])],
        [_conditions(a.conditions, plain=plain)],
        _labelled(
            [
                ("risks", "; ".join(_risk(f) for f in _heaviest(a.risks))),
                (
                    "kill",
                    TonedText(
                        rating_change_text.kill_criteria_text(a),
                        BAD if any(k.has_tripped for k in a.kill) else "",
                    ),
                ),
                *(_flips(a) if a.verdict.rated else ()),
                ("annulled", "; ".join(_late(forecast) for forecast in late)),
            ]
        ),
    ]
    return Document(WIDTH, spaced_groups(groups))


def _past_target(a: Assessment) -> list[Line]:
    if a.target is None or not as_of_text.is_past_target(a):
        return []
    return [Line(f"the target's day, {a.target['by']}, has passed")]


def _freshness(a: Assessment) -> str:
    if a.as_of <= a.fresh_until:
        return f"fresh until {a.fresh_until}"
    return f"STALE: {a.next_due} was due by {a.fresh_until}"


def _verdict(a: Assessment) -> list[Block]:
    v = a.verdict
    totals = (
        *(f"{g.total_name} {formatting.score(g.total)} {g.label}" for g in scorecard.scorecard_groups(a)),
        *([] if v.has_risks else [f"risks {NONE_NAMED}"]),
        f"coverage {formatting.share(v.coverage)}",
        f"confidence {v.confidence.grade or 'not graded'}",
    )
    why = [] if v.rated else [Paragraph(told, INDENT) for told in rating_text.not_rated_lines(a)]
    told = TonedText(rating_text.verdict_headline(a), tones.verdict_tone(v))
    return [Line(told, INDENT), *why, TextParts(totals, INDENT, is_one_line=True)]


def _journal(a: Assessment, standing: JournalStatus | None) -> list[tuple[str, str]]:
    """What is published, what overrides do, and each tripped criterion with its clock."""
    told: list[tuple[str, str]] = []
    if standing and standing.last:
        from thesis.reports.review_session import signed_rating_text

        last = standing.last
        said = f"{signed_rating_text(last)}; {last.name} signed {last.signed} by {last.by}"
        today = standing.would_publish(a.quarter)
        told.append(("published", f"{said}; signing today: {today.told}" if today else said))
    if a.without_overrides:
        told.append(
            ("overrides", f"in force; without them: {rating_text.as_reported_text(a.without_overrides)}")
        )
    if standing and standing.trips:
        from thesis.reports.review_session import trigger_summary

        told += [
            ("TRIPPED", TonedText(trigger_summary(trip), BAD if trip.is_open else ""))
            for trip in standing.trips
        ]
    return told


def _conditions(findings: Sequence[RuleResult], *, plain: bool) -> Table:
    mark = 7 if plain else 2

    def marked(found: RuleResult) -> str:
        return TonedText(f"{_mark(found, plain):<{mark}}{found.rule.name}", tones.score_tone(found.score))

    columns = (
        Column("condition", marked, width=mark + 24, mark=mark, most=mark + 23, is_head=True),
        scorecard.LATEST._replace(width=18),
        scorecard.THRESHOLD._replace(align=LEFT, width=9),
        scorecard.SCORE._replace(width=10),
        scorecard.TREND._replace(width=0),
        scorecard.SUSTAINED,
        scorecard.HEADROOM._replace(is_extra=True),
        scorecard.LABEL._replace(is_extra=True),
    )
    return table_of(columns, findings, indent=INDENT, is_trimmed=False)


def _flips(a: Assessment) -> list[tuple[str, str]]:
    return [
        ("flips", f"better: {rating_change_text.rating_change_sentences(a, better=True)}"),
        ("", f"worse: {rating_change_text.rating_change_sentences(a, better=False)}"),
        ("unknown", _unknown(a)),
    ]


def _mark(found: RuleResult, plain: bool) -> str:
    """Full for met, half for in between or not known, empty for not met."""
    if is_met(found.score):
        return "met" if plain else "●"
    if falls_short(found.score):
        return "short" if plain else "○"
    return "open" if plain else "◐"


def _heaviest(risks: Sequence[RuleResult], count: int = 3) -> list[RuleResult]:
    return sorted(risks, key=lambda f: (-f.score.hi, f.id))[:count]


def _risk(found: RuleResult) -> str:
    return f"{found.rule.name.lower()} {rating_text.short_measure_figure(found.headline)}, {found.label}"


def _late(forecast: Forecast) -> str:
    return f"forecast {forecast.id}, made on {forecast.made} when {forecast.period} was public"


def _unknown(a: Assessment) -> str:
    waiting = [gap for gap in a.gaps if gap.waits_for]
    if not waiting:
        return rating_text.learning_text(a)
    first = waiting[0]
    if first.matters:
        could = "learning it could change the verdict"
    elif a.verdict.is_determined:
        could = "learning it cannot change the verdict"
    else:
        could = "learning it alone would not settle the verdict"
    more = f"; {len(waiting) - 1} more wait" if len(waiting) > 1 else ""
    return f"{first.label} waits for {rating_text.waiting_text(first)}; {could}{more}"


def _labelled(rows: Sequence[tuple[str, str]]) -> list[Block]:
    """Labels with their texts; what has no text is left out."""
    told = tuple((label, text) for label, text in rows if text)
    return [LabelledTexts(told, LABEL, INDENT)] if told else []
