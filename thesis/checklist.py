"""Checklist: an assessment on one screen of a terminal, eighty columns wide."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import fill, shorten, wrap
from typing import TYPE_CHECKING

from thesis import telling, words
from thesis.assessment import Assessment, Finding, spoken

if TYPE_CHECKING:
    from thesis.journal.standing import Standing

WIDTH = 80
LABEL = 10


def checklist(a: Assessment, *, plain: bool = False, standing: Standing | None = None) -> str:
    """The verdict, a line for each condition, and what matters about risks, kills and flips.

    ``standing`` adds what the journal publishes, and criteria that tripped.
    """
    lines = [
        *_head(a),
        f"figures to {a.quarter}, filed {a.filed}; {_freshness(a)}",
        "",
        *_verdict(a),
        *_journal(a, standing),
        "",
        *_conditions(a.conditions, plain=plain),
        "",
        *_labelled("risks", "; ".join(_risk(f) for f in _heaviest(a.risks))),
        *_labelled("kill", telling.kills(a)),
        *(_flips(a) if a.verdict.rated else ()),
    ]
    return "\n".join(lines) + "\n"


def _flips(a: Assessment) -> list[str]:
    return [
        *_labelled("flips", f"better: {telling.changes(a, better=True)}"),
        *_labelled("", f"worse: {telling.changes(a, better=False)}"),
        *_labelled("unknown", _unknown(a)),
    ]


def _head(a: Assessment) -> list[str]:
    """Pack and title, over as many lines as the title takes, with the day at the end of the first."""
    day, indent = f"as of {a.as_of}", " " * (len(a.pack) + 1)
    first, *more = wrap(f"{a.pack} {a.title}", WIDTH - len(day) - 2, subsequent_indent=indent)
    return [f"{first:<{WIDTH - len(day)}}{day}", *more]


def _freshness(a: Assessment) -> str:
    if a.as_of <= a.fresh_until:
        return f"fresh until {a.fresh_until}"
    return f"STALE: {a.next_due} was due by {a.fresh_until}"


def _verdict(a: Assessment) -> list[str]:
    v = a.verdict
    totals = [
        f"engines {words.score(v.engines)} {v.engines_label}",
        f"risks {words.score(v.risks)} {v.risks_label}",
        f"coverage {words.share(v.coverage)}",
        f"confidence {v.confidence.grade or 'not graded'}",
    ]
    wide = "   ".join(totals)
    told = [f"  {telling.headline(a)}"]
    if not v.rated:
        told.append(fill(telling.unrated(a), WIDTH, initial_indent="  ", subsequent_indent="  "))
    return [*told, f"  {wide if len(wide) <= WIDTH - 2 else '  '.join(totals)}"]


def _journal(a: Assessment, standing: Standing | None) -> list[str]:
    """What is published, what overrides do, and each tripped criterion with its clock."""
    told: list[tuple[str, str]] = []
    if standing and standing.last:
        from thesis.session import published

        last = standing.last
        said = f"{published(last)}; {last.name} signed {last.signed} by {last.by}"
        today = standing.would_publish(a.quarter)
        told.append(("published", f"{said}; signing today: {today.told}" if today else said))
    if a.without_overrides:
        v = a.without_overrides
        without = spoken(v.worst, v.best) if v.rated else "NOT RATED"
        told.append(("overrides", f"in force; without them: {without}"))
    if standing and standing.trips:
        from thesis.session import trip_text

        told += [("TRIPPED", trip_text(trip)) for trip in standing.trips]
    return [line for label, text in told for line in _labelled(label, text)]


def _conditions(findings: Sequence[Finding], *, plain: bool) -> list[str]:
    mark = 7 if plain else 2
    rows = [
        f"  {'conditions':<{mark + 24}}{'now':<18}{'needs':<9}{'score':<10}8 quarters".rstrip(),
    ]
    for found in findings:
        head = found.headline
        rows.append(
            f"  {_mark(found, plain):<{mark}}{shorten(found.rule.name, 23, placeholder='…'):<24}"
            f"{telling.short_figure(head):<18}{telling.needed(head):<9}{words.score(found.score):<10}{telling.trend(head)}"
        )
    return rows


def _mark(found: Finding, plain: bool) -> str:
    """Full for met, half for in between or not known, empty for not met."""
    if found.score.lo >= telling.MET:
        return "met" if plain else "●"
    if found.score.hi < telling.MET:
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


def _labelled(label: str, text: str) -> list[str]:
    indent = " " * (LABEL + 2)
    return fill(text, WIDTH, initial_indent=f"  {label:<{LABEL}}", subsequent_indent=indent).splitlines()
