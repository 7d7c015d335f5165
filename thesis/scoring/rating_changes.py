"""What would change the rating, and which missing figures would narrow it most.

Every score is non-decreasing in its parts and the verdict in every score, so the point at which it
flips is found by bisection. One thing moves at a time; the others stay in the middle of what is
known of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from thesis.case.case import EvidenceItem
from thesis.core.interval import UNKNOWN, YES, Interval, point
from thesis.core.record import replace_fields
from thesis.pack.schema.thesis import VerdictTable
from thesis.pack.scores import least_score
from thesis.scoring.aggregate import POWERS, combine, power_mean, raise_by
from thesis.scoring.assessment import EvidenceGap, KillResult, MeasureResult, RatingChange, RuleResult
from thesis.scoring.bands import value_at
from thesis.scoring.verdict import total_score, verdict_rules, verdict_span
from thesis.scoring.verdict_table import VerdictRules
from thesis.scoring.volatility import typical_changes_away

STEPS = 40  # halvings: a score to twelve digits


class _Stage:
    """The findings with one part replaced, and the verdict they then lead to."""

    def __init__(
        self,
        table: VerdictTable,
        conditions: Sequence[RuleResult],
        risks: Sequence[RuleResult],
        kill: Sequence[KillResult],
    ) -> None:
        self.table = table
        self.judge: VerdictRules = verdict_rules(table)
        self.conditions = conditions
        self.risks = risks
        self.kill = kill
        self.killed = any(k.tripped.lo == 1.0 for k in kill)
        self.floor = least_score(table.floor)
        self.middles = {f.id: self.middle(f) for f in (*conditions, *risks)}
        self.middle_totals = (
            self._total(conditions, self.middles, table.combine.conditions),
            self._total(risks, self.middles, table.combine.risks),
        )
        self.now = self.verdict()

    def middle(self, finding: RuleResult, part: MeasureResult | None = None, score: float = 0.0) -> float:
        """A finding's score with each leaf at its middle; one part at another score, if asked for.

        A score that an analyst gave is that, whatever its leaves are.
        """
        if finding.is_given:
            return finding.score.middle
        found = self._middle(finding.parts, finding.rule.combine, part, score)
        if finding.lift is None or finding.rule.lift is None:
            return found
        raised = raise_by(point(found), point(finding.lift.middle), finding.rule.lift.levels)
        return float(raised.lo)

    def _middle(
        self, parts: Sequence[MeasureResult], how: str, part: MeasureResult | None, score: float
    ) -> float:
        scores = [
            score
            if each is part
            else self._middle(each.parts, each.measure.combine, part, score)
            if each.parts
            else each.score.middle
            for each in parts
        ]
        return power_mean(scores, [each.measure.weight for each in parts], POWERS[how], self.floor)

    def verdict(self, finding: RuleResult | None = None, score: float = 0.0) -> int:
        """The verdict with every finding at its middle; one at another score, if asked for."""
        scores = {**self.middles, finding.id: score} if finding else self.middles
        engines, risks = self.middle_totals
        if finding and finding.kind == "condition":
            engines = self._total(self.conditions, scores, self.table.combine.conditions)
        elif finding:
            risks = self._total(self.risks, scores, self.table.combine.risks)
        return self.judge.verdict(engines, risks, [scores[f.id] for f in self.conditions], self.killed)

    def _total(self, findings: Sequence[RuleResult], scores: Mapping[str, float], how: str) -> float:
        if not findings:
            return 0.0
        weights = [f.rule.weight for f in findings]
        return power_mean([scores[f.id] for f in findings], weights, POWERS[how], self.floor)

    def score(self, finding: RuleResult, part: MeasureResult, score: Interval) -> Interval:
        """A finding's score with one part known, and all others as they are."""
        if finding.is_given:
            return finding.score
        found = self._combined(finding.parts, finding.rule.combine, part, score)
        if finding.lift is None or finding.rule.lift is None:
            return found
        return raise_by(found, finding.lift, finding.rule.lift.levels)

    def _combined(
        self, parts: Sequence[MeasureResult], how: str, part: MeasureResult, score: Interval
    ) -> Interval:
        scores = [
            score
            if each is part
            else self._combined(each.parts, each.measure.combine, part, score)
            if each.parts
            else each.score
            for each in parts
        ]
        return combine(scores, [each.measure.weight for each in parts], how, self.floor)

    def span_with(self, finding: RuleResult, part: MeasureResult, score: Interval) -> tuple[int, int]:
        """The range of verdicts with one part known and all others as they are."""
        known = self.score(finding, part, score)
        conditions = [known if f is finding else f.score for f in self.conditions]
        risks = [known if f is finding else f.score for f in self.risks]
        return self.span(conditions, risks, self.kill)

    def span(
        self, conditions: Sequence[Interval], risks: Sequence[Interval], kill: Sequence[KillResult]
    ) -> tuple[int, int]:
        """The range of verdicts for these scores."""
        engines, severity = self.totals(conditions, risks)
        return verdict_span(self.judge, engines, severity, conditions, kill)

    def totals(self, conditions: Sequence[Interval], risks: Sequence[Interval]) -> tuple[Interval, Interval]:
        how = self.table.combine
        return (
            total_score(self.conditions, conditions, how.conditions, self.floor),
            total_score(self.risks, risks, how.risks, self.floor),
        )


def rating_changes(
    table: VerdictTable,
    conditions: Sequence[RuleResult],
    risks: Sequence[RuleResult],
    kill: Sequence[KillResult],
) -> tuple[RatingChange, ...]:
    """For each rule and each of its leaves: the nearest value for a better and for a worse verdict."""
    stage = _Stage(table, conditions, risks, kill)
    found: list[RatingChange] = []
    for finding in (*conditions, *risks):
        for better in (True, False):
            upward = better == (finding.kind == "condition")
            whole = _of_rule(stage, finding, better=better, upward=upward)
            found.append(whole)
            found += [_of_leaf(stage, finding, leaf, whole, upward=upward) for leaf in finding.leaves()]
    return tuple(found)


def _of_rule(stage: _Stage, finding: RuleResult, *, better: bool, upward: bool) -> RatingChange:
    now, outside = stage.middles[finding.id], 1.0 if upward else 0.0
    if stage.verdict(finding, outside) == stage.now:
        return RatingChange(finding.id, "", finding.rule.name, better, now=now)
    score = _threshold(lambda score: stage.verdict(finding, score) != stage.now, now, outside)
    to = stage.table.levels[stage.verdict(finding, score)]
    return RatingChange(finding.id, "", finding.rule.name, better, to, score=score, now=now)


def _of_leaf(
    stage: _Stage, finding: RuleResult, leaf: MeasureResult, whole: RatingChange, *, upward: bool
) -> RatingChange:
    """The value of a leaf at which its rule's score is the one that flips the verdict."""
    nothing = RatingChange(finding.id, leaf.id, leaf.name, whole.better)
    if whole.score is None:
        return nothing
    edge, outside = whole.score, 1.0 if upward else 0.0

    def crosses(score: float) -> bool:
        reached = stage.middle(finding, leaf, score)
        return reached >= edge if upward else reached <= edge

    if not crosses(outside):
        return nothing
    score = _threshold(crosses, leaf.score.middle, outside)
    found = replace_fields(nothing, to=whole.to, score=score, way=abs(score - leaf.score.middle))
    if leaf.kind == "judgement":
        highest = len(leaf.rubric.levels) - 1 if leaf.rubric else 1
        at, given = score * highest, leaf.score.middle * highest
        return replace_fields(found, side=_side(is_above=upward), value=at, now=given, unit="level")
    value = value_at(score, leaf.edges)
    now = leaf.value.middle if leaf.value and not leaf.value.is_anything else None
    return replace_fields(
        found,
        side=_side(is_above=upward == (leaf.edges[0] < leaf.edges[-1])),
        value=value,
        now=now,
        moves=None if now is None else typical_changes_away(abs(value - now), leaf.typical),
        unit=leaf.unit,
        show=leaf.show,
        sustained=leaf.measure.sustained,
    )


def _side(*, is_above: bool) -> str:
    return "above" if is_above else "below"


def _threshold(crosses: Callable[[float], bool], inside: float, outside: float) -> float:
    """The score nearest to inside at which something holds that holds at outside."""
    for _ in range(STEPS):
        half = (inside + outside) / 2
        if crosses(half):
            outside = half
        else:
            inside = half
    return outside


def evidence_gaps(
    table: VerdictTable,
    conditions: Sequence[RuleResult],
    risks: Sequence[RuleResult],
    kill: Sequence[KillResult],
) -> tuple[EvidenceGap, ...]:
    """Everything that is not known exactly: first what could change the verdict, then by swing."""
    stage = _Stage(table, conditions, risks, kill)
    own = [f.score for f in conditions], [f.score for f in risks]
    now = stage.span(*own, kill)
    found = [
        _gap(stage, finding, leaf, now)
        for finding in (*conditions, *risks)
        for leaf in finding.leaves()
        if not leaf.score.is_point
    ]
    for criterion in kill:
        if not criterion.tripped.is_point:
            others = [k for k in kill if k is not criterion]
            trips = [*others, replace_fields(criterion, tripped=YES)]
            ends = [stage.span(*own, others), stage.span(*own, trips)]
            found.append(_kill_gap(criterion, matters=any(end != now for end in ends)))
    return tuple(sorted(found, key=lambda gap: (not gap.matters, -gap.swing, gap.rule, gap.part)))


def _gap(stage: _Stage, finding: RuleResult, leaf: MeasureResult, now: tuple[int, int]) -> EvidenceGap:
    ends = [stage.span_with(finding, leaf, point(end)) for end in (leaf.score.lo, leaf.score.hi)]
    return EvidenceGap(
        rule=finding.id,
        part=leaf.id,
        label=leaf.name,
        score=leaf.score,
        status=leaf.status,
        swing=_swing(stage, finding, leaf),
        matters=any(end != now for end in ends),
        waits_for=_waits_for(leaf),
    )


def _swing(stage: _Stage, finding: RuleResult, leaf: MeasureResult) -> float:
    """How much narrower the total that a leaf enters would be, if it were known."""
    known = stage.score(finding, leaf, point(leaf.score.middle))
    kind = 0 if finding.kind == "condition" else 1
    own = [f.score for f in stage.conditions], [f.score for f in stage.risks]
    settled = [
        [known if f is finding else f.score for f in found] for found in (stage.conditions, stage.risks)
    ]
    return stage.totals(*own)[kind].width - stage.totals(*settled)[kind].width


def _kill_gap(criterion: KillResult, *, matters: bool) -> EvidenceGap:
    grade = criterion.kill.judgement
    unknown = [e for item in criterion.evidence for e in item.unknowns()]
    return EvidenceGap(
        rule=criterion.id,
        part="",
        label=f"whether {criterion.id} has tripped",
        score=UNKNOWN,
        status="expired" if criterion.grades else "missing",
        swing=0.0,
        matters=matters,
        waits_for=(f"a grade for {grade}",) if grade else _named(unknown),
    )


def _waits_for(leaf: MeasureResult) -> tuple[str, ...]:
    if leaf.kind == "judgement":
        return (f"a grade for {leaf.id}",) if not leaf.is_known else ()
    return _named(leaf.evidence.unknowns()) if leaf.evidence else ()


def _named(unknown: Sequence[EvidenceItem]) -> tuple[str, ...]:
    return tuple(f"{e.name} {e.period}" + (f" ({e.reason})" if e.reason else "") for e in unknown)
