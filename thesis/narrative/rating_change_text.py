"""The figures nearest to changing the rating or to ending the thesis, in sentences.

What is near is counted in typical quarterly moves. A figure without a known one may be the nearest of all,
so it is never left out for it.
"""

from __future__ import annotations

from collections.abc import Sequence

from thesis.core import formatting
from thesis.core.interval import point
from thesis.narrative.rating_text import sustained_over
from thesis.scoring.assessment import Assessment, Headroom, KillResult, RatingChange

UNKNOWN_PACE = "its typical quarterly move unknown"


def nearest_changes(flips: Sequence[RatingChange], *, better: bool, count: int = 2) -> list[RatingChange]:
    """The figures that would change the verdict soonest, counted in their own typical moves.

    Behind them at most as many whose typical move is not known, by the way their score has to go. Grades of
    a judgement are named where no figure does it: they have no pace, and change when somebody gives another.
    """
    able = [f for f in flips if f.better == better and f.to and f.part]
    figures = [f for f in able if f.unit != "level"]
    paced = sorted((f for f in figures if f.moves is not None), key=lambda f: (f.moves or 0.0, f.rule))
    others = [f for f in figures if f.moves is None] if figures else able
    unpaced = sorted(others, key=lambda f: (f.way or 0.0, f.rule))
    return paced[:count] + unpaced[:count]


def rating_change_text(found: RatingChange) -> str:
    """``AWS sales growth (2 of 3 quarters) below 8.4% gives AT RISK, 7 typical quarterly moves away``."""
    sustained = f" ({found.sustained} quarters)" if found.sustained else ""
    if found.unit == "level":
        return f"{found.label} {found.side} level {formatting.level(found.value or 0.0)} gives {found.to}"
    number = formatting.value(found.value, found.show, found.unit)
    return (
        f"{found.label}{sustained} {found.side} {number} gives {found.to}, "
        f"{typical_changes_text(found.moves)}"
    )


def rating_change_cell(found: RatingChange) -> str:
    """``8.4% (AT RISK, 7 moves)``, for a table; or that nothing does it."""
    if not found.to:
        return "none"
    if found.unit == "level":
        return f"level {formatting.level(found.value or 0.0)} ({found.to})"
    moves = "move unknown" if found.moves is None else formatting.rounded_count(found.moves, "move")
    return f"{formatting.value(found.value, found.show, found.unit)} ({found.to}, {moves})"


def rating_change_sentences(a: Assessment, *, better: bool) -> str:
    """What would make the verdict better, or worse."""
    found = nearest_changes(a.flips, better=better)
    if found:
        return "; ".join(rating_change_text(each) for each in found)
    rules = [f for f in a.flips if f.better == better and f.to and not f.part]
    if rules:
        return (
            "no measure alone, only a whole rule could: "
            f"{formatting.join_words(_rule(a, f) for f in rules[:2])}"
        )
    return "nothing alone can"


def _rule(a: Assessment, found: RatingChange) -> str:
    rule = a.finding(found.rule)
    kind = f"the {rule.kind} " if rule else ""
    return f"{kind}{found.label} at a score of {formatting.score(point(found.score or 0.0))}"


def kill_criteria_text(a: Assessment) -> str:
    """``none tripped; nearest K2: AWS margin 36.9%, trips below 28%, 10 typical quarterly moves away``."""
    tripped = [k.id for k in a.kill if k.tripped.lo == 1.0]
    denied = [k.id for k in a.kill if k.has_tripped and k.tripped.lo < 1.0]
    once = [k.id for k in a.kill if k.now.lo == 1.0 and k.tripped.lo < 1.0 and not k.override]
    unclear = [k.id for k in a.kill if not k.tripped.is_point and k.id not in denied]
    parts = [f"{formatting.join_words(tripped)} TRIPPED"] if tripped else [] if denied else ["none tripped"]
    if denied:
        parts.append(f"{formatting.join_words(denied)} TRIPPED as worked out, an override says otherwise")
    if once:
        parts.append(f"{formatting.join_words(once)} trips if it holds next quarter too")
    if unclear:
        parts.append(f"{formatting.join_words(unclear)} not known")
    if not tripped:
        parts += _nearest_kill(a.kill)
    return "; ".join(parts)


def _nearest_kill(kill: Sequence[KillResult]) -> list[str]:
    """The criterion that is nearest, and those of which that cannot be told."""
    close = closest_kill_criterion(kill)
    told = (
        [f"nearest {close.id}: {kill_text(close.distances)}, {typical_changes_text(close.moves)}"]
        if close
        else []
    )
    open_ = [k.id for k in measurable_kill_criteria(kill) if k.moves is None]
    if open_:
        told.append(f"how near {formatting.join_words(open_)} is cannot be told, {UNKNOWN_PACE}")
    return told


def closest_kill_criterion(kill: Sequence[KillResult]) -> KillResult | None:
    """The criterion with the fewest typical quarterly moves to go, of those of which they are known."""
    known = [k for k in measurable_kill_criteria(kill) if k.moves is not None]
    return min(known, key=lambda k: k.moves or 0.0, default=None)


def measurable_kill_criteria(kill: Sequence[KillResult]) -> list[KillResult]:
    """The criteria that stand on known figures and have not tripped."""
    return [
        k
        for k in kill
        if k.distances and not k.has_tripped and all(not d.gap.is_anything for d in k.distances)
    ]


def kill_text(distances: Sequence[Headroom]) -> str:
    """Each comparison of a criterion: the value and the edge at which it trips."""
    return " and ".join(
        f"{d.label} {formatting.value(d.value, d.show, d.unit)}{sustained_over(d)}, trips {d.trips} {d.edge}"
        for d in distances
    )


def headroom_text(d: Headroom) -> str:
    """``+8.5pp, 10 moves``: a distance in the figure's unit, and in typical moves where it is not used up."""
    if d.gap.is_anything:
        return formatting.UNKNOWN_TEXT
    gap = formatting.gap(d.gap, d.show, d.unit)
    if d.gap.lo < 0:
        return gap
    return f"{gap}, {'move unknown' if d.moves is None else formatting.rounded_count(d.moves, 'move')}"


def typical_changes_text(moves: float | None) -> str:
    """``7 typical quarterly moves away``; or that it cannot be told, or is not a way any more."""
    if moves is None:
        return UNKNOWN_PACE
    return (
        f"{formatting.rounded_count(moves, 'typical quarterly move')} away"
        if moves >= 0
        else "beyond it already"
    )
