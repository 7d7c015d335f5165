"""Flips: what would have to be different for another verdict, and what is worth learning.

Every score is non-decreasing in its parts and the verdict in every score, so the point at which it
flips is found by bisection. One thing moves at a time; the others stay in the middle of what is
known of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

from thesis.assessment import Finding, Flip, Gap, KillFinding, Part
from thesis.case import Evidence
from thesis.interval import UNKNOWN, Interval, point
from thesis.levels import fraction
from thesis.scoring import Judge, combine, raise_by, value_at
from thesis.shapes import VerdictTable
from thesis.verdict import judge_of, span, totals

STEPS = 40  # halvings: a score to twelve digits


class _Stage:
    """The findings with one part replaced, and the verdict they then lead to."""

    def __init__(
        self,
        table: VerdictTable,
        conditions: Sequence[Finding],
        risks: Sequence[Finding],
        kill: Sequence[KillFinding],
    ) -> None:
        self.table = table
        self.judge: Judge = judge_of(table)
        self.conditions = conditions
        self.risks = risks
        self.kill = kill
        self.floor = fraction(table.floor)
        self.middles = {f.id: self.score(f, None, None, middle=True) for f in (*conditions, *risks)}

    def score(self, finding: Finding, part: Part | None, score: Interval | None, *, middle: bool) -> Interval:
        """A finding's score with one part's replaced; with every other at its middle, if asked for."""
        found = self._combined(finding.parts, finding.rule.combine, part, score, middle)
        lift = finding.lift
        if lift is None or finding.rule.lift is None:
            return found
        return raise_by(found, point(lift.middle) if middle else lift, finding.rule.lift.levels)

    def _combined(
        self, parts: Sequence[Part], how: str, part: Part | None, score: Interval | None, middle: bool
    ) -> Interval:
        scores = []
        for each in parts:
            if each is part and score is not None:
                scores.append(score)
            elif each.parts:
                scores.append(self._combined(each.parts, each.measure.combine, part, score, middle))
            else:
                scores.append(point(each.score.middle) if middle else each.score)
        return combine(scores, [each.measure.weight for each in parts], how, self.floor)

    def verdict(self, finding: Finding | None, score: float) -> int:
        """The verdict with one finding at a score and the others at their middles."""
        scores = {**self.middles, finding.id: point(score)} if finding else self.middles
        conditions = [scores[f.id] for f in self.conditions]
        engines = self._total(self.conditions, scores, self.table.combine.conditions)
        risks = self._total(self.risks, scores, self.table.combine.risks)
        killed = any(k.tripped.lo == 1.0 for k in self.kill)
        return self.judge.verdict(engines.lo, risks.lo, [c.lo for c in conditions], killed)

    def _total(self, findings: Sequence[Finding], scores: dict[str, Interval], how: str) -> Interval:
        if not findings:
            return point(0.0)
        return combine([scores[f.id] for f in findings], [f.rule.weight for f in findings], how, self.floor)

    def span_with(self, finding: Finding, part: Part, score: Interval) -> tuple[int, int]:
        """The range of verdicts with one part known and all others as they are."""
        replaced = {finding.id: self.score(finding, part, score, middle=False)}
        conditions = [_rescored(f, replaced) for f in self.conditions]
        risks = [_rescored(f, replaced) for f in self.risks]
        return span(self.judge, *totals(self.table, conditions, risks), conditions, self.kill)


def flips(
    table: VerdictTable,
    conditions: Sequence[Finding],
    risks: Sequence[Finding],
    kill: Sequence[KillFinding],
) -> tuple[Flip, ...]:
    """For each rule and each of its leaves: the nearest value for a better and for a worse verdict."""
    stage = _Stage(table, conditions, risks, kill)
    found: list[Flip] = []
    for finding in (*conditions, *risks):
        rises = finding.kind == "condition"
        for better in (True, False):
            found.append(_of_rule(stage, finding, better, upward=better == rises))
            found += [
                _of_leaf(stage, finding, leaf, better, upward=better == rises) for leaf in finding.leaves()
            ]
    return tuple(found)


def _of_rule(stage: _Stage, finding: Finding, better: bool, upward: bool) -> Flip:
    now = stage.middles[finding.id].lo

    def verdict(score: float) -> int:
        return stage.verdict(finding, score)

    score = _threshold(verdict, now, upward)
    to = "" if score is None else stage.table.levels[verdict(score)]
    return Flip(finding.id, "", finding.rule.name, better, to, score=score, now=now)


def _of_leaf(stage: _Stage, finding: Finding, leaf: Part, better: bool, upward: bool) -> Flip:
    def verdict(score: float) -> int:
        replaced = stage.score(finding, leaf, point(score), middle=True)
        return stage.verdict(finding, replaced.lo)

    score = _threshold(verdict, leaf.score.middle, upward)
    if score is None:
        return Flip(finding.id, leaf.id, leaf.name, better)
    to = stage.table.levels[verdict(score)]
    if leaf.kind == "judgement":
        highest = len(leaf.rubric.levels) - 1 if leaf.rubric else 1
        at, given = score * highest, leaf.score.middle * highest
        return Flip(finding.id, leaf.id, leaf.name, better, to, score, at, given, unit="level")
    value = value_at(score, leaf.edges)
    now = leaf.value.middle if leaf.value and not leaf.value.is_anything else None
    return Flip(
        rule=finding.id,
        part=leaf.id,
        label=leaf.name,
        better=better,
        to=to,
        score=score,
        value=value,
        now=now,
        moves=_moves(leaf, value, now),
        unit=leaf.unit,
        show=leaf.show,
        sustained=leaf.measure.sustained,
    )


def _threshold(verdict: Callable[[float], int], now: float, upward: bool) -> float | None:
    """The score nearest to now at which the verdict is another; none if it never is."""
    here = verdict(now)
    inside, outside = now, 1.0 if upward else 0.0
    if verdict(outside) == here:
        return None
    for _ in range(STEPS):
        half = (inside + outside) / 2
        if verdict(half) == here:
            inside = half
        else:
            outside = half
    return outside


def _moves(leaf: Part, value: float, now: float | None) -> float | None:
    """A distance in typical quarterly moves: the median change of the last eight quarters."""
    known = [v.middle for _, v in leaf.history if not v.is_anything]
    steps = [abs(b - a) for a, b in pairwise(known)]
    typical = median(steps) if steps else 0.0
    return abs(value - now) / typical if typical and now is not None else None


def gaps(
    table: VerdictTable,
    conditions: Sequence[Finding],
    risks: Sequence[Finding],
    kill: Sequence[KillFinding],
) -> tuple[Gap, ...]:
    """Everything that is not known exactly: first what could change the verdict, then by swing."""
    stage = _Stage(table, conditions, risks, kill)
    engines, severity = totals(table, conditions, risks)
    now = span(stage.judge, engines, severity, conditions, kill)
    found = [
        _gap(stage, finding, leaf, now, engines if finding.kind == "condition" else severity)
        for finding in (*conditions, *risks)
        for leaf in finding.leaves()
        if not leaf.score.is_point
    ]
    found += [_kill_gap(stage, criterion, now) for criterion in kill if not criterion.tripped.is_point]
    return tuple(sorted(found, key=lambda gap: (not gap.matters, -gap.swing, gap.rule, gap.part)))


def _gap(stage: _Stage, finding: Finding, leaf: Part, now: tuple[int, int], total: Interval) -> Gap:
    ends = [stage.span_with(finding, leaf, point(end)) for end in (leaf.score.lo, leaf.score.hi)]
    fixed = {finding.id: stage.score(finding, leaf, point(leaf.score.middle), middle=False)}
    kind = stage.conditions if finding.kind == "condition" else stage.risks
    how = stage.table.combine.conditions if finding.kind == "condition" else stage.table.combine.risks
    without = combine(
        [fixed.get(f.id, f.score) for f in kind], [f.rule.weight for f in kind], how, stage.floor
    )
    return Gap(
        rule=finding.id,
        part=leaf.id,
        label=leaf.name,
        score=leaf.score,
        status=leaf.status,
        swing=total.width - without.width,
        matters=any(end != now for end in ends),
        waits_for=_waits_for(leaf),
    )


def _kill_gap(stage: _Stage, criterion: KillFinding, now: tuple[int, int]) -> Gap:
    others = [k for k in stage.kill if k is not criterion]
    engines, severity = totals(stage.table, stage.conditions, stage.risks)
    cleared = span(stage.judge, engines, severity, stage.conditions, others)
    waits = [e for item in criterion.evidence for e in item.unknowns()]
    return Gap(
        rule=criterion.id,
        part="",
        label=criterion.kill.claim,
        score=UNKNOWN,
        status="missing" if not criterion.grades else "expired",
        swing=0.0,
        matters=cleared != now,
        waits_for=(f"a grade for {criterion.kill.judgement}",) if criterion.kill.judgement else _named(waits),
    )


def _waits_for(leaf: Part) -> tuple[str, ...]:
    if leaf.kind == "judgement":
        return (f"a grade for {leaf.id}",) if not leaf.is_known else ()
    return _named(leaf.evidence.unknowns()) if leaf.evidence else ()


def _named(unknown: Sequence[Evidence]) -> tuple[str, ...]:
    return tuple(f"{e.name} {e.period}" + (f" ({e.reason})" if e.reason else "") for e in unknown)


def _rescored(finding: Finding, replaced: dict[str, Interval]) -> Finding:
    return replace(finding, score=replaced[finding.id]) if finding.id in replaced else finding
