"""Checklist: an assessment on one screen of a terminal, eighty columns wide."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from thesis import nearing, plaintext, standpoint, telling, tones, words
from thesis.assessment import Assessment, Finding, Part
from thesis.layout import (
    BAD,
    Block,
    Column,
    Ends,
    Layout,
    Line,
    Pairs,
    Paragraph,
    Parts,
    Table,
    Toned,
    apart,
)
from thesis.levels import MET

if TYPE_CHECKING:
    from thesis.journal.standing import Standing

WIDTH = 80
LABEL = 10
INDENT = "  "


def checklist(a: Assessment, *, plain: bool = False, standing: Standing | None = None) -> str:
    """The same as ``laid_out``, as plain text."""
    return plaintext.text(laid_out(a, plain=plain, standing=standing))


def laid_out(a: Assessment, *, plain: bool = False, standing: Standing | None = None) -> Layout:
    """The verdict, a line for each condition, and what matters about risks, kills and flips.

    ``plain``: words instead of symbols. ``standing`` adds what the journal publishes, and criteria that
    tripped.
    """
    groups: list[list[Block]] = [
        [
            Ends(f"{a.pack} {a.title}", f"as of {a.as_of}", " " * (len(a.pack) + 1)),
            Line(f"figures to {a.quarter}, filed {a.filed}; {_freshness(a)}"),
            *_past_target(a),
        ],
        [*_verdict(a), *_labelled(_journal(a, standing))],
        [_conditions(a.conditions, plain=plain)],
        _labelled(
            [
                ("risks", "; ".join(_risk(f) for f in _heaviest(a.risks))),
                ("kill", Toned(nearing.kills(a), BAD if any(k.has_tripped for k in a.kill) else "")),
                *(_flips(a) if a.verdict.rated else ()),
            ]
        ),
    ]
    return Layout(WIDTH, apart(groups))


def _past_target(a: Assessment) -> list[Line]:
    if a.target is None or not standpoint.is_past_target(a):
        return []
    return [Line(f"the target's day, {a.target['by']}, has passed")]


def _freshness(a: Assessment) -> str:
    if a.as_of <= a.fresh_until:
        return f"fresh until {a.fresh_until}"
    return f"STALE: {a.next_due} was due by {a.fresh_until}"


def _verdict(a: Assessment) -> list[Block]:
    v = a.verdict
    totals = (
        f"engines {words.score(v.engines)} {v.engines_label}",
        f"risks {words.score(v.risks)} {v.risks_label}",
        f"coverage {words.share(v.coverage)}",
        f"confidence {v.confidence.grade or 'not graded'}",
    )
    why = [] if v.rated else [Paragraph(telling.unrated(a), INDENT, breaks=True)]
    told = Toned(telling.headline(a), tones.of_verdict(v))
    return [Line(told, INDENT), *why, Parts(totals, INDENT, is_one_line=True)]


def _journal(a: Assessment, standing: Standing | None) -> list[tuple[str, str]]:
    """What is published, what overrides do, and each tripped criterion with its clock."""
    told: list[tuple[str, str]] = []
    if standing and standing.last:
        from thesis.session import published

        last = standing.last
        said = f"{published(last)}; {last.name} signed {last.signed} by {last.by}"
        today = standing.would_publish(a.quarter)
        told.append(("published", f"{said}; signing today: {today.told}" if today else said))
    if a.without_overrides:
        told.append(("overrides", f"in force; without them: {telling.unlike(a.without_overrides)}"))
    if standing and standing.trips:
        from thesis.session import trip_text

        told += [("TRIPPED", Toned(trip_text(trip), BAD if trip.is_open else "")) for trip in standing.trips]
    return told


def _conditions(findings: Sequence[Finding], *, plain: bool) -> Table:
    mark = 7 if plain else 2
    columns = (
        Column("conditions", width=mark + 24, mark=mark, most=mark + 23, is_head=True),
        Column("now", width=18),
        Column("needs", width=9),
        Column("score", width=10),
        Column("8 quarters", width=0),
        Column("scored on", is_extra=True),
        Column("margin", is_extra=True),
        Column("standing", is_extra=True),
    )
    rows = tuple(_condition(found, mark, plain=plain) for found in findings)
    return Table(columns, rows, INDENT, is_trimmed=False)


def _condition(found: Finding, mark: int, *, plain: bool) -> list[str]:
    head = found.headline
    return [
        Toned(f"{_mark(found, plain):<{mark}}{found.rule.name}", tones.of_score(found.score)),
        telling.short_figure(head),
        telling.needed(head),
        words.score(found.score),
        telling.trend(head),
        _scored_on(head),
        telling.margin(head),
        found.label,
    ]


def _scored_on(part: Part) -> str:
    """What several quarters sustain, where that is not what this one has."""
    if part.evidence is None or part.evidence.value == part.value:
        return ""
    return f"{words.value(part.value, part.show, part.unit)} ({part.measure.sustained})"


def _flips(a: Assessment) -> list[tuple[str, str]]:
    return [
        ("flips", f"better: {nearing.changes(a, better=True)}"),
        ("", f"worse: {nearing.changes(a, better=False)}"),
        ("unknown", _unknown(a)),
    ]


def _mark(found: Finding, plain: bool) -> str:
    """Full for met, half for in between or not known, empty for not met."""
    if found.score.lo >= MET:
        return "met" if plain else "●"
    if found.score.hi < MET:
        return "short" if plain else "○"
    return "open" if plain else "◐"


def _heaviest(risks: Sequence[Finding], count: int = 3) -> list[Finding]:
    return sorted(risks, key=lambda f: (-f.score.hi, f.id))[:count]


def _risk(found: Finding) -> str:
    return f"{found.rule.name.lower()} {telling.short_figure(found.headline)}, {found.label}"


def _unknown(a: Assessment) -> str:
    waiting = [gap for gap in a.gaps if gap.waits_for]
    if not waiting:
        return telling.learning(a)
    first = waiting[0]
    if first.matters:
        could = "learning it could change the verdict"
    elif a.verdict.is_determined:
        could = "learning it cannot change the verdict"
    else:
        could = "learning it alone would not settle the verdict"
    more = f"; {len(waiting) - 1} more wait" if len(waiting) > 1 else ""
    return f"{first.label} waits for {telling.waiting(first)}; {could}{more}"


def _labelled(rows: Sequence[tuple[str, str]]) -> list[Block]:
    """Labels with their texts; what has no text is left out."""
    told = tuple((label, text) for label, text in rows if text)
    return [Pairs(told, LABEL, INDENT)] if told else []
