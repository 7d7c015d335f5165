"""Checks of conditions, risks, kill criteria and judgements."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise

from thesis.core.aggregates import aggregate_of
from thesis.core.field_types import LARGEST
from thesis.core.period import Quarter, parse_day
from thesis.core.problem import SourceSpan
from thesis.files.yaml import Path_
from thesis.language.units import RATIO
from thesis.lint.problem_list import ProblemList
from thesis.pack import scores
from thesis.pack.folder import JUDGEMENTS, THESIS
from thesis.pack.schema.judgements import Judgement, TriggerEvent
from thesis.pack.schema.thesis import KillCriterion, Measure, Retirement, Rule, Target
from thesis.pack.value_names import is_value

EDGES = 5
_SCORED = "what is scored is a metric, if only one with the concept's name as its formula"
FEWEST_LEVELS, MOST_LEVELS = 2, 11
LEAST_WEIGHT, MOST_WEIGHT = 1e-9, 1e9
"""Weights are added up, halved, doubled and scaled to 1, which numbers near the limits of a float are not."""
WEIGHTS = "0.000000001 to 1,000,000,000"


class RuleChecks:
    """The checks of thesis.yaml, but for its verdict table, and of judgements.yaml."""

    def __init__(self, report: ProblemList) -> None:
        self.report = report
        self.pack = report.pack

    def check(self) -> None:
        self._head()
        thesis = self.pack.thesis
        kinds: tuple[tuple[str, Sequence[Rule]], ...] = (
            ("conditions", thesis.conditions),
            ("risks", thesis.risks),
        )
        for kind, rules in kinds:
            for i, rule in enumerate(rules):
                self._rule(rule, (kind, i))
            if rules:
                self._weights(rules, (kind,))
                self._counted(getattr(thesis.verdict.combine, kind), rules, ("verdict", "combine", kind))
        for i, kill in enumerate(thesis.kill):
            self._kill(kill, ("kill", i))
        ids = [rule.id for rule in (*thesis.conditions, *thesis.risks)] + [kill.id for kill in thesis.kill]
        counted = (("conditions", thesis.conditions), ("risks", thesis.risks), ("kill", thesis.kill))
        paths = [(kind, i, "id") for kind, items in counted for i in range(len(items))]
        self.report.ids(THESIS, ids, paths)
        if JUDGEMENTS in self.report.documents:
            self._rubrics()
            for i, grade in enumerate(self.pack.grades):
                self._grade(grade, ("grades", i))
            for i, event in enumerate(self.pack.events):
                self._event(event, ("events", i))

    def doubts(self) -> None:
        """Measures that give no reason for their edges or weight."""
        thesis = self.pack.thesis
        for kind, rules in (("conditions", thesis.conditions), ("risks", thesis.risks)):
            self._not_the_worse(rules, kind)
            for i, rule in enumerate(rules):
                self._unreasoned(rule.measures, (kind, i))

    def _not_the_worse(self, rules: Sequence[Rule], kind: str) -> None:
        """Two measures that overlap and are not combined by the worse of them: the change may flatter."""
        worst = "max" if kind == "risks" else "min"
        for i, rule in enumerate(rules):
            groups: list[tuple[Path_, str, Sequence[Measure]]] = [((kind, i), rule.combine, rule.measures)]
            while groups:
                path, combine, measures = groups.pop()
                groups += [((*path, "measures", j), m.combine, m.measures) for j, m in enumerate(measures)]
                if combine != worst and any(measure.replaces for measure in measures):
                    hint = f"put the two into a group of their own with `combine: {worst}`"
                    message = f"a change of measure counts the better one too while both count: `{combine}`"
                    self.report.warning("no-effect", message, self.report.span(THESIS, *path), hint)

    def _unreasoned(self, measures: Sequence[Measure], path: Path_) -> None:
        for i, measure in enumerate(measures):
            place: Path_ = (*path, "measures", i)
            if measure.measures:
                self._unreasoned(measure.measures, place)
            elif not measure.because:
                hint = "say why these edges or this weight"
                self.report.warning(
                    "no-reason", "a measure without `because`", self.report.span(THESIS, *place), hint
                )

    def _head(self) -> None:
        report, thesis, pack = self.report, self.pack.thesis, self.pack
        report.entity(thesis.entity, report.span(THESIS, "entity"))
        for field, kind, known in (
            ("quarter", "concept", list(pack.concepts)),
            ("price", "concept", list(pack.concepts)),
            ("market_cap", "metric", list(pack.metrics)),
        ):
            name = getattr(thesis, field)
            if name and name not in known:
                otherwise = "declare it in metrics.yaml"
                report.unknown("unknown-name", kind, name, known, report.span(THESIS, field), otherwise)
        if thesis.target:
            self._target_currency(thesis.target)
        if not thesis.conditions:
            message = "a thesis has at least one condition"
            hint = "write down what has to hold for the thesis to come true, each with a measure"
            report.problem("no-conditions", message, report.span(THESIS, "conditions"), hint)

    def _target_currency(self, target: Target) -> None:
        """A target in another currency than the market value; beside a valuation that is an error."""
        metric = self.pack.metrics.get(self.pack.thesis.market_cap)
        if metric is None or metric.unit == target.unit or self.pack.valuation is not None:
            return
        message = f"the target is in {target.unit}, `{self.pack.thesis.market_cap}` in {metric.unit}"
        hint = (
            f"say `unit: {metric.unit}` in the target, or put one of the two into the currency of the other"
        )
        self.report.warning("other-currency", message, self.report.span(THESIS, "target"), hint)

    def _rule(self, rule: Rule, path: Path_) -> None:
        report = self.report
        if rule.holds:
            report.condition(rule.holds, THESIS, (*path, "holds"))
        if rule.lift:
            report.condition(rule.lift.when, THESIS, (*path, "lift", "when"))
        self._measures(rule.measures, path)
        self._counted(rule.combine, rule.measures, (*path, "combine"))

    def _counted(self, how: str, weighed: Sequence[Rule] | Sequence[Measure], path: Path_) -> None:
        """A way of combining that takes so many of the scores needs as many with a weight."""
        aggregate, weights = aggregate_of(how), sum(each.weight > 0 for each in weighed)
        if aggregate.is_counted and 0 < weights < aggregate.count:
            kind = path[-1] if path[0] == "verdict" else "measures"
            message = f"expected a number from 1 to {weights}, the {kind} with a weight, found `{how}`"
            hint = "with as many as there are it is the plain mean; `mean` asks for weights as well"
            self.report.problem("bad-count", message, self.report.span(THESIS, *path), hint)

    def _weights(self, weighed: Sequence[Rule] | Sequence[Measure], path: Path_) -> None:
        """Weights that are scaled to 1 together: each 0 or within reach of the others, and one above 0."""
        fit = True
        weights = [each.weight for each in weighed]
        for i, weight in enumerate(weights):
            if weight and not LEAST_WEIGHT <= weight <= MOST_WEIGHT:
                fit = False
                message = f"expected a weight of 0, or from {WEIGHTS}, found {weight:g}"
                hint = "only the proportions count: 70 and 30 say the same as 7 and 3"
                self.report.problem("bad-weight", message, self.report.span(THESIS, *path, i, "weight"), hint)
        if fit and not any(weights):
            message = f"expected {path[-1]} with weights of 0 or more, at least one above 0"
            self.report.problem("bad-weight", message, self.report.span(THESIS, *path))

    def _measures(self, measures: Sequence[Measure], path: Path_) -> None:
        self._weights(measures, (*path, "measures"))
        for i, measure in enumerate(measures):
            self._measure(measure, (*path, "measures", i))
            self._takeover(measure, measures, (*path, "measures", i))
        self._in_force(measures, path)

    def _takeover(self, measure: Measure, measures: Sequence[Measure], path: Path_) -> None:
        """A measure that takes over from another one names it, and says after how many quarters."""
        names = [each.metric or each.judgement or each.group for each in measures if each is not measure]
        if measure.replaces and measure.replaces not in names:
            there = f"beside it are {', '.join(names)}" if names else "there is no measure beside it"
            span = self.report.span(THESIS, *path, "replaces")
            self.report.unknown("unknown-name", "measure", measure.replaces, names, span, there)
        if bool(measure.replaces) != (measure.overlap is not None) or (
            measure.replaces and not measure.metric
        ):
            message = "expected `replaces` and `overlap` together, on a metric"
            hint = "`replaces: old_metric` and `overlap: 8` keep both in force until eight quarters are known"
            span = self.report.span(THESIS, *path)
            self.report.problem("missing-key", message, span, hint)

    def _in_force(self, measures: Sequence[Measure], path: Path_) -> None:
        """Some measure with a weight must be in force on every day, or the rule has no score on it."""
        try:
            changes = [parse_day(m.since) for m in measures if m.since]
            changes += [parse_day(m.until) + timedelta(days=1) for m in measures if m.until]
        except ValueError:
            return  # reported with the measure
        for day in map(str, sorted({date.min, *changes})):
            if not any(m.weight > 0 and (m.since or day) <= day <= (m.until or day) for m in measures):
                when = f"on {day}" if day != str(date.min) else f"before {min(changes)}" if changes else ""
                if when:
                    hint = "give one of them no `since` or `until` there: a rule is scored on every day"
                    span = self.report.span(THESIS, *path, "measures")
                    self.report.problem("not-in-force", f"no measure is in force {when}", span, hint)
                return

    def _measure(self, measure: Measure, path: Path_) -> None:
        report = self.report
        kinds = [kind for kind in ("metric", "judgement", "group") if getattr(measure, kind)]
        if len(kinds) != 1:
            found = " and ".join(f"`{kind}`" for kind in kinds) or "none of them"
            message = f"expected one of `metric`, `judgement` and `group`, found {found}"
            report.problem("one-kind", message, report.span(THESIS, *path))
            return
        if measure.group:
            self._measures(measure.measures, path)
            self._counted(measure.combine, measure.measures, (*path, "combine"))
        elif measure.judgement:
            self._known_rubric(measure.judgement, path)
        elif measure.metric not in self.pack.metrics and is_value(measure.metric):
            span = report.span(THESIS, *path, "metric")
            if measure.metric in self.pack.values:
                self._bands(measure, path)
            else:
                report.unknown_value(measure.metric, span)
        elif measure.metric not in self.pack.metrics:
            span = report.span(THESIS, *path, "metric")
            is_concept = measure.metric in self.pack.concepts
            otherwise = f"it is a concept; {_SCORED}" if is_concept else "declare it in metrics.yaml"
            near = () if is_concept else self.pack.metrics
            report.unknown("unknown-name", "metric", measure.metric, near, span, otherwise)
        else:
            self._bands(measure, path)

    def _known_rubric(self, name: str, path: Path_) -> bool:
        if name in self.pack.rubrics:
            return True
        span = self.report.span(THESIS, *path, "judgement")
        otherwise = "describe it under `rubrics` in judgements.yaml"
        self.report.unknown("unknown-rubric", "rubric", name, self.pack.rubrics, span, otherwise)
        return False

    def _bands(self, measure: Measure, path: Path_) -> None:
        report = self.report
        span = report.span(THESIS, *path, *(("bands",) if measure.bands else ()))
        if len(measure.bands) != EDGES:
            report.problem("bad-bands", f"expected five edges, found {len(measure.bands)}", span)
            return
        if not report.fits(THESIS, *path, "bands"):
            return
        edges = scores.band_edges(measure)
        if not all(abs(edge) < LARGEST for edge in edges):
            report.problem("bad-bands", f"expected edges below {LARGEST:g}", span)
            return
        if not all(a < b for a, b in pairwise(edges)) and not all(a > b for a, b in pairwise(edges)):
            hint = "edges rise where more is better, and fall where less is"
            report.problem("bad-bands", "the edges must all rise or all fall", span, hint)
        unit = report.types.get(measure.metric)
        if (
            unit
            and unit.powers != RATIO
            and any(edge.strip().endswith(("%", "bp")) for edge in measure.bands)
        ):
            message = f"`{measure.metric}` is measured in {unit.unit}, these edges are ratios"
            report.problem("unit-clash", message, span)

    def _kill(self, kill: KillCriterion, path: Path_) -> None:
        report = self.report
        if kill.retired:
            self._retired(kill.retired, path)
        if bool(kill.when) == bool(kill.judgement):
            message = f"expected `when` or `judgement`, found {'both' if kill.when else 'neither'}"
            report.problem("one-kind", message, report.span(THESIS, *path))
        elif kill.when:
            report.condition(kill.when, THESIS, (*path, "when"))
        elif self._known_rubric(kill.judgement, path):
            highest = len(self.pack.rubrics[kill.judgement].levels) - 1
            if not 1 <= kill.at_least <= highest:
                message = f"expected a level from 1 to {highest}, found {kill.at_least}"
                report.problem("bad-level", message, report.span(THESIS, *path, "at_least"))
            if not kill.immediate:
                hint = "add `immediate: true`: a grade has no quarter before it to be compared with"
                report.problem(
                    "not-immediate", "a judged criterion trips at once", report.span(THESIS, *path), hint
                )

    def _retired(self, retired: Retirement, path: Path_) -> None:
        """A retirement has a reason, and a successor that exists."""
        report, place = self.report, (*path, "retired")
        if not retired.because.strip():
            hint = "say why it no longer says that the thesis is over"
            span = report.span(THESIS, *place, "because")
            report.problem("no-reason", "a criterion that is retired without a reason", span, hint)
        others = [kill.id for kill in self.pack.thesis.criteria]
        if retired.replaced_by and retired.replaced_by not in others:
            span = report.span(THESIS, *place, "replaced_by")
            there = f"in force are {', '.join(others)}" if others else "no criterion is in force"
            report.unknown("unknown-rule", "kill criterion", retired.replaced_by, others, span, there)

    # judgements.yaml -----------------------------------------------------------------------------

    def _rubrics(self) -> None:
        rubrics = list(self.pack.rubrics.values())
        listed = self.report.documents[JUDGEMENTS].value.get("rubrics") or []
        ids = [str(item.get("id")) for item in listed]
        self.report.ids(JUDGEMENTS, ids, [("rubrics", i, "id") for i in range(len(ids))])
        for i, rubric in enumerate(rubrics):
            if not FEWEST_LEVELS <= len(rubric.levels) <= MOST_LEVELS:
                message = f"expected {FEWEST_LEVELS} to {MOST_LEVELS} levels, found {len(rubric.levels)}"
                self.report.problem(
                    "bad-level", message, self.report.span(JUDGEMENTS, "rubrics", i, "levels")
                )

    def _grade(self, grade: Judgement, path: Path_) -> None:
        report = self.report
        place = report.span(JUDGEMENTS, *path, "level")
        rubric = self.pack.rubrics.get(grade.rubric)
        if rubric is None:
            span = report.span(JUDGEMENTS, *path, "rubric")
            self._unknown_rubric(grade.rubric, span)
        else:
            message = scores.grade_problem(grade.level, len(rubric.levels) - 1)
            if message:
                hint = "a rubric with other levels is another rubric: give it an id of its own"
                report.problem("bad-level", message, place, hint if "0 to" in message else "")
        when = report.span(JUDGEMENTS, *path, "graded")
        if report.fits(JUDGEMENTS, *path, "graded") and grade.graded > str(report.today):
            message = f"graded on {grade.graded}, which is after today ({report.today})"
            report.problem("future-date", message, when)
        if grade.until and report.fits(JUDGEMENTS, *path, "until") and grade.until < grade.graded:
            message = f"expected an end on or after {grade.graded}, found {grade.until}"
            last = report.span(JUDGEMENTS, *path, "until")
            report.problem("bad-date", message, last, "an expiry lies after what it ends")
        if grade.period and report.fits(JUDGEMENTS, *path, "period"):
            self._graded_quarter(grade, path)
        if grade.entered and report.fits(JUDGEMENTS, *path, "entered"):
            self._entered(grade, report.span(JUDGEMENTS, *path, "entered"))
        for field, missing in (("evidence", "evidence"), ("source", "a source")):
            if not getattr(grade, field).strip():
                hint = "say what it rests on, and where that can be read"
                span = report.span(JUDGEMENTS, *path, field)
                report.problem("no-source", f"a grade without {missing}", span, hint)

    def _entered(self, grade: Judgement, span: SourceSpan) -> None:
        """A day between that from which the grade counts and today."""
        first, last = grade.graded, str(self.report.today)
        if not first <= grade.entered <= last:
            message = f"expected a day from {first} to {last}, found {grade.entered}"
            self.report.problem("bad-date", message, span)

    def _graded_quarter(self, grade: Judgement, path: Path_) -> None:
        """A grade is about a quarter that has begun when it is given."""
        if not self.report.fits(JUDGEMENTS, *path, "graded"):
            return
        now = Quarter.of(parse_day(grade.graded))
        if Quarter.parse(grade.period) > now:
            message = f"expected a quarter up to {now}, in which it was graded, found {grade.period}"
            self.report.problem("bad-period", message, self.report.span(JUDGEMENTS, *path, "period"))

    def _event(self, event: TriggerEvent, path: Path_) -> None:
        report = self.report
        if event.rubric not in self.pack.rubrics:
            self._unknown_rubric(event.rubric, report.span(JUDGEMENTS, *path, "rubric"))
        when = report.span(JUDGEMENTS, *path, "day")
        if report.fits(JUDGEMENTS, *path, "day") and event.day > str(report.today):
            message = f"`{event.what}` is to happen on {event.day}, which is after today ({report.today})"
            report.problem("future-date", message, when)
        for field, missing in (("what", "what happened"), ("source", "a source")):
            if not getattr(event, field).strip():
                span = report.span(JUDGEMENTS, *path, field)
                report.problem(
                    "no-source", f"an event without {missing}", span, "say it, and where it can be read"
                )

    def _unknown_rubric(self, name: str, span: SourceSpan) -> None:
        self.report.unknown(
            "unknown-rubric", "rubric", name, self.pack.rubrics, span, "describe it under `rubrics`"
        )
