"""What would change the rating, and which missing figures would narrow it most.

Every score is non-decreasing in its parts and the verdict in every score, so the point at which it
flips is found by bisection. One thing moves at a time; the others stay in the middle of what is
known of them. All of it takes a time that grows with the number of leaves, and not with its square.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from thesis.case.case import EvidenceItem
from thesis.core.aggregates import Effect, aggregate_of
from thesis.core.interval import UNKNOWN, YES, Interval, point
from thesis.core.record import replace_fields
from thesis.pack.schema.thesis import VerdictTable
from thesis.pack.scores import least_score
from thesis.scoring.aggregate import PartTree, combine_numbers, part_with, raise_by
from thesis.scoring.assessment import EvidenceGap, KillResult, MeasureResult, RatingChange, RuleResult
from thesis.scoring.bands import value_at
from thesis.scoring.verdict import verdict_rules
from thesis.scoring.verdict_table import VerdictRules
from thesis.scoring.volatility import typical_changes_away

STEPS = 40  # halvings: a score to twelve digits


class RatingStage:
    """The rules of a thesis with their scores, and the verdict if one score or another were different.

    What the verdict is as a function of one score is prepared for all scores together, in a time that grows
    with their number; to ask it then takes as long for a thesis of a thousand conditions as for one of five.
    """

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
        self.middles = _Totals(self, {f.id: self.middle(f) for f in (*conditions, *risks)})
        self.now = self.middles.verdict(killed=self.killed)

    def middle(self, finding: RuleResult, scores: Mapping[int, float] | None = None) -> float:
        """A rule's score with each leaf at its middle, or at that of ``scores``, by ``id``.

        A score that an analyst gave is that, whatever its leaves are.
        """
        if finding.is_given:
            return finding.score.middle
        leaf = part_with(scores, _middle) if scores else _middle
        return self.lifted(finding, PartTree.of(finding).number(leaf, self.floor), _middle_lift(finding))

    def lifted(self, finding: RuleResult, score: float, condition: float) -> float:
        """A rule's score, raised where the ``condition`` of its lift holds."""
        lift = finding.rule.lift
        if finding.lift is None or lift is None:
            return score
        return raise_by(point(score), point(condition), lift.levels).lo  # type: ignore[no-any-return]

    def effects(self, finding: RuleResult) -> Callable[[MeasureResult], Effect]:
        """A rule's score as a function of one leaf's, the others at their middles."""
        if finding.is_given:
            return lambda _: lambda _: finding.score.middle
        found, lift = PartTree.of(finding).effects(_middle, self.floor), _middle_lift(finding)
        return lambda leaf: lambda score: self.lifted(finding, found[id(leaf)](score), lift)

    def verdict(self, finding: RuleResult, score: float) -> int:
        """The verdict with one rule at another score and every other at its middle."""
        return self.middles.verdict_with(finding, score, killed=self.killed)

    def verdict_of(self, scores: Mapping[str, float]) -> int:
        """The verdict with some rules, by id, at other scores. Its time grows with the number of rules."""
        found = {**self.middles.scores, **scores}
        how = self.table.combine

        def side(findings: Sequence[RuleResult], how: str) -> float:
            given = [found[f.id] for f in findings]
            return (
                combine_numbers(given, [f.rule.weight for f in findings], how, self.floor) if given else 0.0
            )

        engines, risks = side(self.conditions, how.conditions), side(self.risks, how.risks)
        conditions = [found[f.id] for f in self.conditions]
        return self.judge.verdict(engines, risks, conditions, self.killed)


def _middle(leaf: MeasureResult) -> float:
    return leaf.score.middle


def _middle_lift(finding: RuleResult) -> float:
    return finding.lift.middle if finding.lift is not None else 0.0


class _Totals:
    """The totals and the counts of the caps for one number for each rule, and for each of them another."""

    def __init__(self, stage: RatingStage, scores: Mapping[str, float]) -> None:
        self.judge, self.scores = stage.judge, scores
        how, floor = stage.table.combine, stage.floor
        conditions = [scores[f.id] for f in stage.conditions]
        self.counts = self.judge.counts(conditions)
        self.engines, self.risks = 0.0, 0.0
        self.effects: dict[str, Effect] = {}
        if stage.conditions:
            self.engines = self._side(stage.conditions, how.conditions, floor)
        if stage.risks:
            self.risks = self._side(stage.risks, how.risks, floor)

    def _side(self, findings: Sequence[RuleResult], how: str, floor: float) -> float:
        scores, weights = [self.scores[f.id] for f in findings], [f.rule.weight for f in findings]
        effects = aggregate_of(how).effects(scores, weights, floor)
        self.effects.update((f.id, effect) for f, effect in zip(findings, effects, strict=True))
        return combine_numbers(scores, weights, how, floor)

    def verdict(self, *, killed: bool) -> int:
        return self.judge.with_counts(self.engines, self.risks, self.counts, killed=killed)

    def total_with(self, finding: RuleResult, score: float) -> float:
        """The total that a rule enters, with that rule at another score."""
        return self.effects[finding.id](score)

    def counts_with(self, finding: RuleResult, score: float) -> list[int]:
        if finding.kind != "condition":
            return self.counts
        before, after = self.judge.counts([self.scores[finding.id]]), self.judge.counts([score])
        return [count - was + now for count, was, now in zip(self.counts, before, after, strict=True)]

    def verdict_with(self, finding: RuleResult, score: float, *, killed: bool) -> int:
        total, is_condition = self.total_with(finding, score), finding.kind == "condition"
        engines, risks = (total, self.risks) if is_condition else (self.engines, total)
        return self.judge.with_counts(engines, risks, self.counts_with(finding, score), killed=killed)


class _Open:
    """The range of verdicts, as it is and with one leaf known: for what would narrow it."""

    def __init__(self, stage: RatingStage) -> None:
        self.stage = stage
        rules = (*stage.conditions, *stage.risks)
        self.lows = _Totals(stage, {f.id: f.score.lo for f in rules})
        self.highs = _Totals(stage, {f.id: f.score.hi for f in rules})

    def span(self, kill: Sequence[KillResult]) -> tuple[int, int]:
        """The range of verdicts with every score as it is."""
        low, high = self.lows, self.highs
        return (
            low.judge.with_counts(low.engines, high.risks, low.counts, killed=_may_be_killed(kill)),
            low.judge.with_counts(high.engines, low.risks, high.counts, killed=_is_killed(kill)),
        )

    def scores(self, finding: RuleResult) -> Callable[[MeasureResult, float], Interval]:
        """A rule's score with one leaf known and all others as they are, for each leaf and number."""
        if finding.is_given:
            return lambda *_: finding.score
        tree, floor = PartTree.of(finding), self.stage.floor
        lows, highs = (
            tree.effects(lambda leaf: leaf.score.lo, floor),
            tree.effects(lambda leaf: leaf.score.hi, floor),
        )

        def known(leaf: MeasureResult, score: float) -> Interval:
            low = lows[id(leaf)](score)
            found = Interval(low, max(low, highs[id(leaf)](score)))
            if finding.lift is None or finding.rule.lift is None:
                return found
            return raise_by(found, finding.lift, finding.rule.lift.levels)

        return known

    def span_with(self, finding: RuleResult, score: Interval) -> tuple[int, int]:
        """The range of verdicts with one rule at another score."""
        total = self.total_with(finding, score)
        lows = self.lows.counts_with(finding, score.lo)
        highs = self.highs.counts_with(finding, score.hi)
        engines, risks = (
            Interval(self.lows.engines, self.highs.engines),
            Interval(self.lows.risks, self.highs.risks),
        )
        engines, risks = (total, risks) if finding.kind == "condition" else (engines, total)
        return (
            self.lows.judge.with_counts(engines.lo, risks.hi, lows, killed=_may_be_killed(self.stage.kill)),
            self.lows.judge.with_counts(engines.hi, risks.lo, highs, killed=_is_killed(self.stage.kill)),
        )

    def total_with(self, finding: RuleResult, score: Interval) -> Interval:
        low = self.lows.total_with(finding, score.lo)
        return Interval(low, max(low, self.highs.total_with(finding, score.hi)))


def _may_be_killed(kill: Sequence[KillResult]) -> bool:
    return any(k.tripped.hi == 1.0 for k in kill)


def _is_killed(kill: Sequence[KillResult]) -> bool:
    return any(k.tripped.lo == 1.0 for k in kill)


def rating_changes(stage: RatingStage) -> tuple[RatingChange, ...]:
    """For each rule and each of its leaves: the nearest value for a better and for a worse verdict."""
    found: list[RatingChange] = []
    for finding in (*stage.conditions, *stage.risks):
        effects = stage.effects(finding)
        for better in (True, False):
            upward = better == (finding.kind == "condition")
            whole = _of_rule(stage, finding, better=better, upward=upward)
            found.append(whole)
            found += [
                _of_leaf(finding, leaf, whole, effects(leaf), upward=upward) for leaf in finding.leaves()
            ]
    return tuple(found)


def _of_rule(stage: RatingStage, finding: RuleResult, *, better: bool, upward: bool) -> RatingChange:
    now, outside = stage.middles.scores[finding.id], 1.0 if upward else 0.0
    if stage.verdict(finding, outside) == stage.now:
        return RatingChange(finding.id, "", finding.rule.name, better, now=now)
    score = threshold(lambda score: stage.verdict(finding, score) != stage.now, now, outside)
    to = stage.table.levels[stage.verdict(finding, score)]
    return RatingChange(finding.id, "", finding.rule.name, better, to, score=score, now=now)


def _of_leaf(
    finding: RuleResult, leaf: MeasureResult, whole: RatingChange, effect: Effect, *, upward: bool
) -> RatingChange:
    """The value of a leaf at which its rule's score is the one that flips the verdict."""
    nothing = RatingChange(finding.id, leaf.id, leaf.name, whole.better)
    if whole.score is None:
        return nothing
    edge, outside = whole.score, 1.0 if upward else 0.0

    def crosses(score: float) -> bool:
        reached = effect(score)
        return reached >= edge if upward else reached <= edge

    if not crosses(outside):
        return nothing
    score = threshold(crosses, leaf.score.middle, outside)
    found = replace_fields(nothing, to=whole.to, score=score, way=abs(score - leaf.score.middle))
    if leaf.kind == "judgement":
        highest = len(leaf.rubric.levels) - 1 if leaf.rubric else 1
        at, given = score * highest, leaf.score.middle * highest
        return replace_fields(found, side=_side(is_above=upward), value=at, now=given, unit="level")
    value = value_at(score, leaf.edges)
    now = leaf.value.middle if leaf.value and not leaf.value.is_anything else None
    moves = None if now is None else typical_changes_away(abs(value - now), leaf.typical)
    return moved_measure(found, leaf, value, now, moves, upward=upward)


def moved_measure(
    found: RatingChange,
    leaf: MeasureResult,
    value: float,
    now: float | None,
    moves: float | None,
    *,
    upward: bool,
) -> RatingChange:
    """A change of the rating with the value that a measure has to reach. ``upward``: its score rises."""
    return replace_fields(
        found,
        side=_side(is_above=upward == (leaf.edges[0] < leaf.edges[-1])),
        value=value,
        now=now,
        moves=moves,
        unit=leaf.unit,
        show=leaf.show,
        sustained=leaf.measure.sustained,
    )


def _side(*, is_above: bool) -> str:
    return "above" if is_above else "below"


def threshold(crosses: Callable[[float], bool], inside: float, outside: float) -> float:
    """The score nearest to inside at which something holds that holds at outside."""
    for _ in range(STEPS):
        half = (inside + outside) / 2
        if crosses(half):
            outside = half
        else:
            inside = half
    return outside


def evidence_gaps(stage: RatingStage) -> tuple[EvidenceGap, ...]:
    """Everything that is not known exactly: first what could change the verdict, then by swing."""
    ranges = _Open(stage)
    now = ranges.span(stage.kill)
    found = []
    for finding in (*stage.conditions, *stage.risks):
        unknown = [leaf for leaf in finding.leaves() if not leaf.score.is_point]
        if unknown:
            known = ranges.scores(finding)
            found += [_gap(ranges, finding, leaf, known, now) for leaf in unknown]
    for criterion in stage.kill:
        if not criterion.tripped.is_point:
            others = [k for k in stage.kill if k is not criterion]
            trips = [*others, replace_fields(criterion, tripped=YES)]
            ends = [ranges.span(others), ranges.span(trips)]
            found.append(_kill_gap(criterion, matters=any(end != now for end in ends)))
    return tuple(sorted(found, key=lambda gap: (not gap.matters, -gap.swing, gap.rule, gap.part)))


def _gap(
    ranges: _Open,
    finding: RuleResult,
    leaf: MeasureResult,
    known: Callable[[MeasureResult, float], Interval],
    now: tuple[int, int],
) -> EvidenceGap:
    ends = [ranges.span_with(finding, known(leaf, end)) for end in (leaf.score.lo, leaf.score.hi)]
    settled = ranges.total_with(finding, known(leaf, leaf.score.middle))
    return EvidenceGap(
        rule=finding.id,
        part=leaf.id,
        label=leaf.name,
        score=leaf.score,
        status=leaf.status,
        swing=ranges.total_with(finding, finding.score).width - settled.width,
        matters=any(end != now for end in ends),
        waits_for=_waits_for(leaf),
    )


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
