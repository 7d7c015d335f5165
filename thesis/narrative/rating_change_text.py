"""The figures nearest to changing the rating or to ending the thesis, in sentences.

What is near is counted in typical quarterly moves. A figure without a known one may be the nearest of all,
so it is never left out for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from thesis.case.case import words_of
from thesis.core import formatting
from thesis.core.interval import point
from thesis.narrative.rating_text import measure_figure, sustained_over
from thesis.scoring.assessment import (
    NONE_NAMED,
    Assessment,
    ConditionTree,
    Criterion,
    Headroom,
    KillResult,
    MeasureResult,
    RatingChange,
    RatingPair,
)

UNTIL_NEXT_BUT_ONE = 2  # quarters: what every criterion that is not immediate has to wait
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
    if found.unit == "level":
        return f"{found.label} {found.side} level {formatting.level(found.value or 0.0)} gives {found.to}"
    number = changed_value(found)
    return (
        f"{found.label}{_sustained(found)} {found.side} {number} gives {found.to}, "
        f"{typical_changes_text(found.moves)}"
    )


def rating_change_cell(found: RatingChange) -> str:
    """``8.4% (AT RISK, 7 moves)``, for a table; or that nothing does it."""
    if not found.to:
        return "none"
    if found.unit == "level":
        return f"level {formatting.level(found.value or 0.0)} ({found.to})"
    moves = "move unknown" if found.moves is None else formatting.rounded_count(found.moves, "move")
    return f"{changed_value(found)} ({found.to}, {moves})"


def changed_value(found: RatingChange) -> str:
    """The value that gives another rating, with as many digits as tell it from the present one."""
    return formatting.value(
        found.value, found.show, found.unit, beside=[] if found.now is None else [found.now]
    )


def figure_beside_changes(a: Assessment, rule: str, part: MeasureResult) -> str:
    """A measure's figure, with as many digits as tell it from the values that would change the rating."""
    return figure_beside(part, changes_by_measure(a).get((rule, part.id), ()))


def figure_beside(part: MeasureResult, changes: Iterable[RatingChange]) -> str:
    """The same, for the changes of the measure."""
    return measure_figure(part, [x.value for x in changes if x.value is not None and x.unit != "level"])


def changes_by_measure(a: Assessment) -> dict[tuple[str, str], list[RatingChange]]:
    """What each measure would have to be alone, by its rule and its own id."""
    found: dict[tuple[str, str], list[RatingChange]] = {}
    for change in a.flips:
        found.setdefault((change.rule, change.part), []).append(change)
    return found


def rating_change_sentences(a: Assessment, *, better: bool) -> str:
    """What would make the verdict better, or worse: single figures, or the nearest pair where none can."""
    return "; ".join([single_change_sentences(a, better=better), *rating_pair_texts(a, better=better)])


def rating_pair_texts(a: Assessment, *, better: bool) -> list[str]:
    """The nearest pair for a better or a worse verdict; nothing where a single figure does it."""
    return [rating_pair_text(pair) for pair in a.pairs if pair.better == better]


def rating_pair_text(found: RatingPair) -> str:
    """``the nearest pair: margin above 8% with capex below 90% gives WATCH, each 3 typical moves away``."""
    if not found.to:
        moves = formatting.rounded_count(found.within, "typical quarterly move")
        return f"no pair of figures within {moves} each"
    one, other = (f"{each.label}{_sustained(each)} {each.side} {changed_value(each)}" for each in found.parts)
    return f"the nearest pair: {one} with {other} gives {found.to}, each {typical_changes_text(found.moves)}"


def _sustained(found: RatingChange) -> str:
    return f" ({found.sustained} quarters)" if found.sustained else ""


def single_change_sentences(a: Assessment, *, better: bool) -> str:
    """The figures, the grades or the rules of which one alone would make the verdict better, or worse."""
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
    return f"{kind}{found.label} at a score of {formatting.score(point(round(found.score or 0.0, 9)))}"


def kill_criteria_text(a: Assessment) -> str:
    """``none tripped; nearest K2: AWS margin 36.9%, trips below 28%, 10 typical quarterly moves away``."""
    if not a.kill:
        return NONE_NAMED
    tripped = [k.id for k in a.kill if k.tripped.lo == 1.0]
    denied = [k.id for k in a.kill if k.has_tripped and k.tripped.lo < 1.0]
    waiting = [k for k in a.kill if k.waiting and not k.override]
    unclear = [k.id for k in a.kill if not k.tripped.is_point and k.id not in denied]
    parts = [f"{formatting.join_words(tripped)} TRIPPED"] if tripped else [] if denied else ["none tripped"]
    if denied:
        parts.append(f"{formatting.join_words(denied)} TRIPPED as worked out, an override says otherwise")
    parts += [f"{k.id} {waits_text(k)}" for k in waiting]
    if unclear:
        parts.append(f"{formatting.join_words(unclear)} not known")
    if not tripped:
        parts += _nearest_kill(a.kill)
    return "; ".join([*parts, *retired_text(a)])


def retired_text(a: Assessment) -> list[str]:
    """``K2, retired on 2026-12-01, would have tripped``: of each criterion that is no longer in force."""
    return [
        f"{k.id}, retired on {k.kill.retired.on}, would have tripped"
        for k in a.retired
        if k.has_tripped and k.kill.retired
    ]


def _nearest_kill(kill: Sequence[KillResult]) -> list[str]:
    """The criterion that is nearest, and those of which that cannot be told."""
    close = closest_kill_criterion(kill)
    told = [f"nearest {close.id}: {kill_criterion_text(close)}, {kill_distance_text(close)}"] if close else []
    open_ = [k.id for k in measurable_kill_criteria(kill) if k.moves is None]
    if open_:
        moves = "move is" if len(open_) == 1 else "moves are"
        named = formatting.join_words(open_)
        told.append(f"no distance can be given for {named}, whose typical quarterly {moves} unknown")
    return told


def closest_kill_criterion(kill: Sequence[KillResult]) -> KillResult | None:
    """The criterion with the fewest typical quarterly moves to go, of those of which they are known.

    One that has to hold for more quarters than that is as far away as those.
    """
    known = [k for k in measurable_kill_criteria(kill) if k.moves is not None]
    return min(known, key=lambda k: max(k.moves or 0.0, k.soonest), default=None)


def measurable_kill_criteria(kill: Sequence[KillResult]) -> list[KillResult]:
    """The criteria that stand on known figures and have not tripped."""
    return [k for k in kill if k.criterion and not k.has_tripped and k.criterion.is_measured]


def kill_criterion_text(k: KillResult) -> str:
    """Each comparison of a criterion, joined as its condition joins them; empty where a judgement decides."""
    return criterion_text(k.criterion, "trips ") if k.criterion else ""


def criterion_text(found: Criterion, verb: str = "") -> str:
    """``AWS margin 36.9%, trips below 28% or Debt $80M, trips above $82M``; ``verb`` before each side."""
    return _tree_text(found, found.tree, verb, "")


def _tree_text(found: Criterion, tree: ConditionTree, verb: str, above: str) -> str:
    if tree.how == "quarters":
        inner = _tree_text(found, tree.parts[0], verb, "quarters")
        return f"({inner}) {quarters_text(tree)}"
    if tree.parts:
        told = f" {tree.how} ".join(_tree_text(found, part, verb, tree.how) for part in tree.parts)
        return f"({told})" if above in ("and", "or") else told
    return comparison_text(found.comparisons[tree.place], verb) if tree.place >= 0 else ""


def comparison_text(d: Headroom, verb: str = "") -> str:
    """``AWS margin 36.9%, trips below 28%``: the value and the side of its threshold that is meant."""
    return f"{d.label} {compared_value(d)}{sustained_over(d)}, {verb}{d.trips} {d.edge}"


def compared_value(d: Headroom) -> str:
    """The value of a comparison, with as many digits as tell it from its threshold."""
    words = words_of(d.window[0], d.value) if d.window else ""
    return words or formatting.value(d.value, d.show, d.unit, beside=(d.at,))


def quarters_text(tree: ConditionTree) -> str:
    """``in 2 of the last 3 quarters, so far in 1``: how often a condition has to hold, and has held."""
    spell = (
        f"for {formatting.count(tree.window, 'quarter')}"
        if tree.least == tree.window
        else f"in {tree.least} of the last {formatting.count(tree.window, 'quarter')}"
    )
    return f"{spell}, so far in {tree.held}"


class CriterionLine(NamedTuple):
    """One comparison as the line of a table, with what stands before its side and after its edge."""

    comparison: Headroom
    before: str
    after: str


def kill_criterion_lines(k: KillResult) -> list[CriterionLine]:
    """The lines of a kill criterion; none where a judgement decides."""
    return criterion_lines(k.criterion) if k.criterion else []


def criterion_lines(found: Criterion) -> list[CriterionLine]:
    """The comparisons of a criterion as lines of a table, each with the ``and`` or ``or`` that follows it."""
    return _lines(found, found.tree, "")


def _lines(found: Criterion, tree: ConditionTree, above: str) -> list[CriterionLine]:
    if not tree.parts:
        return [CriterionLine(found.comparisons[tree.place], "", "")] if tree.place >= 0 else []
    lines: list[CriterionLine] = []
    for i, part in enumerate(tree.parts):
        lines += _lines(found, part, tree.how)
        if i < len(tree.parts) - 1:
            lines[-1] = lines[-1]._replace(after=f"{lines[-1].after} {tree.how}")
    if above in ("and", "or") or tree.how == "quarters":
        after = f"{lines[-1].after})"
        if tree.how == "quarters":
            after += f" {quarters_text(tree)}"
        lines[0] = lines[0]._replace(before=f"({lines[0].before}")
        lines[-1] = lines[-1]._replace(after=after)
    return lines


def waits_text(k: KillResult) -> str:
    """``trips if it holds next quarter too (held for 1 of 2 quarters)``: of a criterion that is waiting."""
    if k.waiting is None:
        return ""
    left = k.waiting.must - k.waiting.held
    next_ones = "next quarter too" if left == 1 else f"for {formatting.count(left, 'more quarter')}"
    return f"trips if it holds {next_ones} (held for {k.waiting.held} of {k.waiting.must} quarters)"


def waiting_rule(k: KillResult) -> str:
    """How long a criterion has to hold before it trips."""
    if k.kill.immediate or k.tree is None:
        return "trips at once"
    timed = [part.least > 1 for part in _ends(k.tree)]
    if all(timed):
        return "trips at once, since it says itself for how many quarters it must hold"
    if any(timed):
        return "must hold in two quarters running, but for what says itself for how many"
    return "must hold in two quarters running"


def _ends(tree: ConditionTree) -> Iterator[ConditionTree]:
    """The parts of a condition that are comparisons or have quarters of their own."""
    if not tree.parts or (tree.how == "quarters" and tree.least > 1):
        yield tree
    else:
        for part in tree.parts:
            yield from _ends(part)


def headroom_text(d: Headroom) -> str:
    """``+8.5pp, 10 moves``: a distance in the figure's unit, and in typical moves where it is not used up."""
    if d.gap.is_anything:
        return formatting.UNKNOWN_TEXT
    gap = formatting.gap(d.gap, d.show, d.unit, d.at)
    if d.gap.lo < 0:
        return gap
    return f"{gap}, {'move unknown' if d.moves is None else formatting.rounded_count(d.moves, 'move')}"


def kill_distance_text(k: KillResult) -> str:
    """How far a criterion is from tripping; ``perhaps`` beyond it where its figures do not settle that."""
    told = typical_changes_text(k.moves)
    if k.moves is not None and k.soonest > max(k.moves, UNTIL_NEXT_BUT_ONE):
        told += f" and {formatting.count(k.soonest, 'quarter')} at the soonest"
    return f"perhaps {told}" if k.moves is not None and k.moves < 0 and k.now.lo < 1.0 else told


def typical_changes_text(moves: float | None) -> str:
    """``7 typical quarterly moves away``; or that it cannot be told, or is not a way any more."""
    if moves is None:
        return UNKNOWN_PACE
    return (
        f"{formatting.rounded_count(moves, 'typical quarterly move')} away"
        if moves >= 0
        else "beyond it already"
    )
