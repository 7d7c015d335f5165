"""Scores each rule, with its evidence.

A measure's value is taken from the case, made persistent, put between its bands and labelled; measures
become groups, groups rules. The same rules are scored a second time on the figures as reported, without
the adjustment for special charges.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import dropwhile, islice, product

from thesis.case import freshness
from thesis.case.case import Case, EvidenceItem, parse_once
from thesis.core.interval import NO, UNKNOWN, YES, Interval, at_least, hull, kth_largest, point, total
from thesis.core.period import Quarter
from thesis.core.record import replace_fields
from thesis.language.evaluate import Supposition
from thesis.pack.schema.judgements import Judgement
from thesis.pack.schema.overrides import Override, overrides_on
from thesis.pack.schema.thesis import KillCriterion, Measure, Rule
from thesis.pack.scores import band_edges, fraction, grade_range, least_score, persistence, score_range
from thesis.scoring import verdict
from thesis.scoring.aggregate import PartTree, raise_by, widen
from thesis.scoring.assessment import ConditionTree, Criterion, KillResult, MeasureResult, RuleResult
from thesis.scoring.bands import band_score
from thesis.scoring.criterion import Timing
from thesis.scoring.criterion import criterion as read_criterion
from thesis.scoring.volatility import QUARTERS, quarters_before
from thesis.scoring.volatility import typical_change as typical_move

MOST_ASSUMED = 3  # assumptions in one metric, of which every corner is tried
LONGEST_HISTORY = 80  # quarters that are searched for those in which a new measure is known
ANSWERS = {"yes": YES, "no": NO, "unknown": UNKNOWN}


class RuleScorer:
    """Scores the rules of a case. ``reported`` is the same case without the adjustment for special charges.

    ``overrides``: by the id of their rule; by default those of the pack that are in force on the case's day.
    """

    def __init__(self, case: Case, overrides: Mapping[str, Override] | None = None) -> None:
        self.case = case
        if overrides is None:
            overrides = overrides_on(case.pack.overrides, str(case.as_of))
        self.overrides = overrides
        self.reported = self._as_reported()
        self.table = case.pack.thesis.verdict
        self.floor = least_score(self.table.floor)
        self.stale = fraction(self.table.stale)

    def score_rule(self, rule: Rule) -> RuleResult:
        """A condition or a risk, scored."""
        case, quarter = self.case, self.case.quarter
        kind = "condition" if rule in case.pack.thesis.conditions else "risk"
        labels = self.table.labels.conditions if kind == "condition" else self.table.labels.risks
        parts = self._parts(rule.measures, labels, 1.0)
        score, reported = self._total(PartTree(rule.combine, parts))
        lift = case.answer(rule.lift.when, quarter) if rule.lift else None
        if rule.lift and lift:
            score = raise_by(score, lift, rule.lift.levels)
            reported = raise_by(reported, lift, rule.lift.levels)
        answer = case.answer(rule.holds, quarter) if rule.holds else None
        override = self.overrides.get(rule.id)
        own, own_answer = score, answer
        if override and override.score:
            score = score_range(override.score)
        if override and override.answer:
            answer = ANSWERS[override.answer]
        return RuleResult(
            kind=kind,
            rule=rule,
            score=score,
            label=verdict.score_label(score, labels),
            coverage=total(leaf.share * coverage_credit(leaf) for part in parts for leaf in part.leaves()),
            parts=parts,
            headline=PartTree(rule.combine, parts).headline(),
            answer=answer,
            answer_evidence=self._read_by(rule.holds),
            lift=lift,
            lift_evidence=self._read_by(rule.lift.when) if rule.lift else (),
            reported_score=reported,
            reported_label=verdict.score_label(reported, labels),
            override=override,
            own_score=own if override else None,
            own_label=verdict.score_label(own, labels) if override else "",
            own_answer=own_answer if override else None,
            claim=self._criterion(rule.holds, is_good=True) if rule.holds else None,
        )

    def _total(self, tree: PartTree) -> tuple[Interval, Interval]:
        """The score of some parts together, as adjusted and as reported."""
        adjusted = tree.score(lambda leaf: leaf.score, self.floor)
        return adjusted, tree.score(self._reported_score, self.floor)

    def _reported_score(self, leaf: MeasureResult) -> Interval:
        if leaf.reported is None or leaf.value is None or leaf.reported == leaf.value:
            return leaf.score
        late = self.case.standing(leaf.measure.metric, self.case.quarter).late
        return self._scored(leaf.reported, leaf.measure, late)

    def _parts(
        self, measures: Sequence[Measure], labels: Sequence[str], share: float
    ) -> tuple[MeasureResult, ...]:
        used = measures_in_force(self.case, measures)
        whole = total(m.weight for m in used)
        return tuple(self._part(m, labels, share * m.weight / whole) for m in used)

    def _part(self, measure: Measure, labels: Sequence[str], share: float) -> MeasureResult:
        if measure.group:
            return self._group(measure, labels, share)
        return (
            self._judged(measure, labels, share)
            if measure.judgement
            else self._measured(measure, labels, share)
        )

    def _group(self, measure: Measure, labels: Sequence[str], share: float) -> MeasureResult:
        parts = self._parts(measure.measures, labels, share)
        score, reported = self._total(PartTree(measure.combine, parts))
        return MeasureResult(
            kind="group",
            id=measure.group,
            name=measure.name or measure.group,
            measure=measure,
            score=score,
            label=verdict.score_label(score, labels),
            reported_label=verdict.score_label(reported, labels),
            share=share,
            status="",
            parts=parts,
        )

    def _judged(self, measure: Measure, labels: Sequence[str], share: float) -> MeasureResult:
        case = self.case
        rubric = case.pack.rubrics[measure.judgement]
        grades = case.grades(rubric.id)
        score, status = judgement_score(case, rubric.id, grades, len(rubric.levels) - 1)
        return MeasureResult(
            kind="judgement",
            id=rubric.id,
            name=measure.name or rubric.name,
            measure=measure,
            score=score,
            label=verdict.score_label(score, labels),
            share=share,
            status=status,
            grades=tuple(grades),
            rubric=rubric,
        )

    def _measured(self, measure: Measure, labels: Sequence[str], share: float) -> MeasureResult:
        case, quarter = self.case, self.case.quarter
        metric = case.pack.scored(measure.metric)
        value = sustained_value(case, measure, quarter)
        reported = sustained_value(self.reported, measure, quarter)
        standing = case.standing(measure.metric, quarter)
        score = self._scored(value, measure, standing.late)
        bare = score if reported == value else self._scored(reported, measure, standing.late)
        return MeasureResult(
            kind="metric",
            id=measure.metric,
            name=measure.name or metric.label,
            measure=measure,
            score=score,
            label=verdict.score_label(score, labels),
            reported_label=verdict.score_label(bare, labels),
            share=share,
            status=standing.status,
            value=value,
            reported=reported,
            unit=metric.unit,
            show=metric.show,
            edges=band_edges(measure),
            evidence=self._evidence(measure.metric, quarter),
            window=self._window(measure),
            history=self._history(measure.metric),
            typical=self._typical(measure),
        )

    def _as_reported(self) -> Case:
        """The same case without the adjustment for special charges."""
        return self.case.as_reported()

    def _evidence(self, metric: str, quarter: Quarter) -> EvidenceItem | None:
        """What a metric's value rests on."""
        return self.case.evidence(metric, quarter)

    def _window(self, measure: Measure) -> tuple[EvidenceItem, ...]:
        """The same of each quarter that a measure reads."""
        case, metric = self.case, measure.metric
        return tuple(case.evidence(metric, case.quarter - back) for back in range(persistence(measure)[1]))

    def _read_by(self, text: str) -> tuple[EvidenceItem, ...]:
        """What a condition reads; nothing of an empty one."""
        return self.case.evidence_of(text, self.case.quarter) if text else ()

    def _history(self, metric: str) -> tuple[tuple[str, Interval], ...]:
        """The values of the quarters that are shown beside this one's."""
        case = self.case
        return tuple((str(at), case.value(metric, at)) for at in _looked_back(case.quarter))

    def _typical(self, measure: Measure) -> float | None:
        """The typical quarterly change of a measure."""
        return typical_change(self.case, measure.metric, persistence(measure)[1])

    def _criterion(self, text: str, *, is_good: bool) -> Criterion:
        """The comparisons of a condition, with how far each is from its threshold."""
        return read_criterion(self.case, text, typical_change, is_good=is_good)

    def _scored(self, value: Interval, measure: Measure, late: int) -> Interval:
        if late > freshness.LATEST:
            return UNKNOWN
        return widen(band_score(value, band_edges(measure)), self.stale * late)

    def score_criterion(self, criterion: KillCriterion) -> KillResult:
        """A kill criterion, answered; by an override, where one is in force."""
        found, override = self._kill(criterion), self.overrides.get(criterion.id)
        if override is None or not override.answer:
            return found
        return replace_fields(found, tripped=ANSWERS[override.answer], override=override, own=found.tripped)

    def _kill(self, criterion: KillCriterion) -> KillResult:
        case, quarter = self.case, self.case.quarter
        if criterion.judgement:
            rubric = case.pack.rubrics[criterion.judgement]
            grades = case.grades(rubric.id)
            score, status = judgement_score(case, rubric.id, grades, len(rubric.levels) - 1)
            now = at_least(score, point(criterion.at_least / (len(rubric.levels) - 1)))
            return KillResult(criterion, now, now, grades=tuple(grades), rubric=rubric, status=status)
        is_late = case.standing(criterion.when, quarter).late > freshness.LATEST
        timing = Timing(case, criterion.when, is_immediate=criterion.immediate, is_late=is_late)
        found = self._criterion(criterion.when, is_good=False)
        return KillResult(
            criterion,
            timing.now,
            timing.triggered,
            distances=found.comparisons,
            evidence=self._read_by(criterion.when),
            tree=found.tree,
            waiting=timing.waiting,
        )


class PlainScorer(RuleScorer):
    """The same scores and answers, without what is only shown beside them.

    That is the evidence, earlier quarters, distances, and the scores without the adjustment for special
    charges, in whose place the adjusted ones stand a second time.
    """

    def _as_reported(self) -> Case:
        return self.case

    def _evidence(self, metric: str, quarter: Quarter) -> EvidenceItem | None:
        return None

    def _window(self, measure: Measure) -> tuple[EvidenceItem, ...]:
        return ()

    def _read_by(self, text: str) -> tuple[EvidenceItem, ...]:
        return ()

    def _history(self, metric: str) -> tuple[tuple[str, Interval], ...]:
        return ()

    def _typical(self, measure: Measure) -> float | None:
        return None

    def _criterion(self, text: str, *, is_good: bool) -> Criterion:
        return Criterion(ConditionTree("comparison", UNKNOWN), ())


def measures_in_force(case: Case, measures: Sequence[Measure]) -> list[Measure]:
    """The measures of a rule or group that count on a case's day.

    Beside one that takes over from another, the other counts too until enough quarters of the new one exist.
    """
    today = str(case.rules_day)
    used = [m for m in measures if (m.since or today) <= today <= (m.until or today)]
    gone = {m.replaces for m in used if m.replaces and is_known_in(case, m.metric, m.overlap or 1)}
    return [m for m in used if (m.metric or m.judgement or m.group) not in gone]


def is_known_in(case: Case, metric: str, quarters: int) -> bool:
    """Whether something is known of a metric in so many quarters, up to the one under review."""
    known = (
        back for back in range(LONGEST_HISTORY) if not case.value(metric, case.quarter - back).is_anything
    )
    return len(list(islice(known, quarters))) == quarters


def _looked_back(quarter: Quarter) -> list[Quarter]:
    """The quarters whose values are kept beside this one's, oldest first."""
    return [quarter - back for back in reversed(range(QUARTERS))]


def typical_change(case: Case, name: str, window: int) -> float | None:
    """The typical change of a metric, a concept or an expression from one quarter to the next, in its unit.

    Taken from the quarters before the year under review, and before the ``window`` that is asked for; those
    before the first row of a figure that it reads have no say. What the pack assumes is one number in all of
    them: the end of its range at which the series changes most counts. None where there is no typical change.
    """
    begun = list(dropwhile(lambda at: not case.has_begun(name, at), quarters_before(case.quarter, window)))
    node = parse_once(name)
    found = [typical_move([each.evaluator.ask(node, at) for at in begun]) for each in _at_ends(case, name)]
    known = [each for each in found if each is not None]
    return max(known) if len(known) == len(found) else None


def _at_ends(case: Case, name: str) -> list[Case]:
    """The case with each assumption that a name reads at either end of its range, unless they are many."""
    names = sorted({concept for concept, _ in case.reads(name, case.quarter) if case.is_assumed(concept)})
    if not names or len(names) > MOST_ASSUMED:
        return [case]
    ranges = [case.vintage.value(concept, case.quarter) for concept in names]
    corners = product(*((point(each.lo), point(each.hi)) for each in ranges))
    return [
        case.supposing({concept: Supposition(end, None) for concept, end in zip(names, corner, strict=True)})
        for corner in corners
    ]


def sustained_value(case: Case, measure: Measure, quarter: Quarter) -> Interval:
    """A measure's value: this quarter's, or the level that n of the last m quarters reach."""
    rank, window = persistence(measure)
    values = [case.value(measure.metric, quarter - back) for back in range(window)]
    return kth_largest(values, rank) if window > 1 else values[0]


def judgement_score(
    case: Case, rubric: str, grades: Sequence[Judgement], highest: int
) -> tuple[Interval, str]:
    """A rubric's score and status: graders who differ make a range, an old grade says nothing.

    One of several that has expired leaves nothing known: the others would seem more certain for it.
    """
    if not grades:
        return UNKNOWN, "missing"
    if any(case.counts_until(grade) < case.clock for grade in grades):
        return UNKNOWN, freshness.EXPIRED
    levels = [grade_range(grade.level) for grade in grades]
    span = levels[0]
    for level in levels[1:]:
        span = hull(span, level)
    return span / point(float(highest)), freshness.FRESH


def coverage_credit(leaf: MeasureResult) -> float:
    """What a leaf adds to coverage: 1 fresh, a half stale, nothing if an input is not known."""
    credit = {freshness.FRESH: 1.0, freshness.STALE: 0.5}
    return credit.get(leaf.status, 0.0) if leaf.is_known else 0.0
