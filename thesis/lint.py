"""Lint: whether names, units, levels and dates across a pack's files fit together.

Every check reports to one list and goes on; a part that was reported once is not reported again by
what depends on it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from thesis import levels
from thesis.documents import Document, Path_
from thesis.facts import parse_value
from thesis.interval import Interval
from thesis.language import nodes as n
from thesis.language.functions import FUNCTIONS
from thesis.language.syntax import SyntaxProblem, parse
from thesis.language.units import RATIO, Type, infer, read_unit, unit_name
from thesis.pack import Pack
from thesis.problems import Problem, Span, did_you_mean
from thesis.quarter import Quarter, parse_day
from thesis.shapes import Kill, Measure, Rule
from thesis.ties import untied

NAME = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-")


class Place(NamedTuple):
    """A value in a document."""

    file: str
    path: Path_


def check(pack: Pack, documents: Mapping[str, Document], today: date) -> list[Problem]:
    """Everything wrong or doubtful in a pack whose files have the right form."""
    return _Lint(pack, documents, today).all()


class _Lint:
    def __init__(self, pack: Pack, documents: Mapping[str, Document], today: date) -> None:
        self.pack = pack
        self.documents = documents
        self.today = today
        self.problems: list[Problem] = []
        self.types: dict[str, Type] = {}
        self.formulas: dict[str, n.Node] = {}

    def all(self) -> list[Problem]:
        self.names()
        self.concepts()
        self.metrics()
        self.thesis()
        self.verdict()
        self.judgements()
        self.facts()
        if not any(problem.level == "error" for problem in self.problems):
            self.problems += untied(self.pack, self.documents["metrics.yaml"])
            self.doubts()
        return self.problems

    # reporting -----------------------------------------------------------------------------------

    def problem(self, code: str, message: str, place: Place, hint: str = "") -> None:
        self.problems.append(Problem(code, message, self.span(place), hint))

    def span(self, place: Place) -> Span:
        return self.documents[place.file].span(place.path)

    def attempt(self, code: str, place: Place, read: Callable[[], object]) -> bool:
        """Whether a small text can be read; if not, it is reported."""
        try:
            read()
        except SyntaxProblem as problem:
            self.problem(code, problem.message, place, problem.hint)
        except ValueError as error:
            self.problem(code, str(error), place)
        else:
            return True
        return False

    # metrics.yaml --------------------------------------------------------------------------------

    def names(self) -> None:
        for kind in ("concepts", "metrics"):
            for name in getattr(self.pack, kind):
                place = Place("metrics.yaml", (kind, name))
                key = self.documents["metrics.yaml"].key_span(place.path)
                if not set(name) <= NAME - {"-"} or not _is_name(name):
                    message = f"expected a name such as aws.net_sales, found `{name}`"
                    self.problems.append(Problem("bad-name", message, key, "letters, digits, _ and dots between words"))
                if kind == "metrics" and name in self.pack.concepts:
                    message = f"`{name}` is a concept already"
                    self.problems.append(Problem("duplicate-name", message, key, "a name stands for one thing"))

    def concepts(self) -> None:
        for name, concept in self.pack.concepts.items():
            path: Path_ = ("concepts", name)
            if self.attempt("bad-unit", Place("metrics.yaml", (*path, "unit")), lambda c=concept: read_unit(c.unit)):  # type: ignore[misc]
                kind = {"daily": "stock", "register": "flow"}.get(concept.kind, concept.kind)
                self.types[name] = Type(read_unit(concept.unit), kind)
            self.entity(concept.entity or self.pack.thesis.entity, Place("metrics.yaml", (*path, "entity")))
            for field in ("assume", "central"):
                text = getattr(concept, field)
                if text:
                    self.attempt("bad-value", Place("metrics.yaml", (*path, field)), lambda t=text: _assumed(t))  # type: ignore[misc]
            if concept.reach:
                self.attempt("bad-value", Place("metrics.yaml", (*path, "reach")), lambda c=concept: levels.number(c.reach))  # type: ignore[misc]
            if (concept.assume or concept.reach) and not concept.because:
                word = "assume" if concept.assume else "reach"
                hint = "add `because:` and say who judged it and why"
                self.problem("no-source", "an assumption without a reason", Place("metrics.yaml", (*path, word)), hint)

    def entity(self, name: str, place: Place) -> None:
        if name not in self.pack.entities:
            hint = did_you_mean(name, self.pack.entities) or "name it under `entities` in metrics.yaml"
            self.problem("unknown-entity", f"no entity is called `{name}`", place, hint)

    def metrics(self) -> None:
        for name, metric in self.pack.metrics.items():
            node = self.expression(metric.formula, Place("metrics.yaml", ("metrics", name, "formula")))
            if node is not None:
                self.formulas[name] = node
        for name in self._in_order():
            self._metric_type(name)
        for i, identity in enumerate(self.pack.identities):
            sides = [
                self.number(getattr(identity, side), Place("metrics.yaml", ("identities", i, side)))
                for side in ("left", "right")
            ]
            if all(side and side.powers is not None for side in sides) and sides[0].powers != sides[1].powers:  # type: ignore[union-attr]
                message = f"the two sides differ: {sides[0].unit} and {sides[1].unit}"  # type: ignore[union-attr]
                self.problem("unit-clash", message, Place("metrics.yaml", ("identities", i, "right")))
        self.duplicates("metrics.yaml", "identities", [identity.id for identity in self.pack.identities])

    def _in_order(self) -> list[str]:
        """Metrics after those that they are made of; a circle is reported and left out."""
        done: dict[str, bool] = {}
        order: list[str] = []
        for start in self.formulas:
            stack: list[tuple[str, Iterator[str]]] = [(start, self._parents(start))] if start not in done else []
            done.setdefault(start, False)
            while stack:
                name, parents = stack[-1]
                parent = next(parents, None)
                if parent is None:
                    stack.pop()
                    done[name] = True
                    order.append(name)
                elif parent not in done:
                    done[parent] = False
                    stack.append((parent, self._parents(parent)))
                elif not done[parent]:
                    circle = [item for item, _ in stack]
                    self._report_circle([*circle[circle.index(parent) :], parent])
        return order

    def _parents(self, name: str) -> Iterator[str]:
        found = {node.name for node in self.formulas[name].walk() if isinstance(node, n.Name)}
        return iter(sorted(found & set(self.formulas)))

    def _report_circle(self, circle: Sequence[str]) -> None:
        place = Place("metrics.yaml", ("metrics", circle[0], "formula"))
        message = f"`{circle[0]}` is made of itself: {' -> '.join(circle)}"
        self.problem("cycle", message, place, "a metric cannot depend on its own value in the same quarter")

    def _metric_type(self, name: str) -> None:
        metric = self.pack.metrics[name]
        place = Place("metrics.yaml", ("metrics", name, "formula"))
        found = self.inferred(self.formulas[name], place)
        unit_place = Place("metrics.yaml", ("metrics", name, "unit"))
        if not self.attempt("bad-unit", unit_place, lambda: read_unit(metric.unit)):
            return
        declared = read_unit(metric.unit)
        self.types[name] = Type(declared, found.kind if found.kind in ("flow", "stock", "annual") else "rate")
        if found.kind == "truth":
            self.problem("unit-clash", "a metric is a number, this formula is a condition", place, "use `if(condition, 1, 0)`")
        elif found.powers is not None and found.powers != declared:
            message = f"declared as {metric.unit}, but the formula gives {unit_name(found.powers)}"
            self.problem("unit-clash", message, unit_place)

    # expressions ---------------------------------------------------------------------------------

    def expression(self, text: str, place: Place) -> n.Node | None:
        """The node of an expression whose names are all known; else None, and the reasons reported."""
        document = self.documents[place.file]
        try:
            node = parse(text)
        except SyntaxProblem as problem:
            span = document.within(place.path, problem.start, problem.length)
            self.problems.append(Problem(problem.code, problem.message, span, problem.hint))
            return None
        known = True
        for part in node.walk():
            found = self._unknown(part)
            if found:
                known = False
                span = document.within(place.path, part.start, len(found[1]))
                self.problems.append(Problem(found[0], found[2], span, found[3]))
        return node if known else None

    def _unknown(self, part: n.Node) -> tuple[str, str, str, str] | None:
        if isinstance(part, n.Name) and part.name not in self.pack.concepts and part.name not in self.pack.metrics:
            hint = did_you_mean(part.name, [*self.pack.concepts, *self.pack.metrics])
            return "unknown-name", part.name, f"no concept or metric is called `{part.name}`", hint
        if isinstance(part, n.Call) and part.function not in FUNCTIONS:
            hint = did_you_mean(part.function, FUNCTIONS) or f"there are {', '.join(FUNCTIONS)}"
            return "unknown-function", part.function, f"no function is called `{part.function}`", hint
        return None

    def inferred(self, node: n.Node, place: Place) -> Type:
        document = self.documents[place.file]

        def complain(clash: object) -> None:
            code, message, hint, part = clash  # type: ignore[misc]
            span = document.within(place.path, part.start, part.length)  # type: ignore[has-type]
            self.problems.append(Problem(code, message, span, hint))  # type: ignore[has-type]

        return infer(node, self.types, complain)

    def number(self, text: str, place: Place) -> Type | None:
        node = self.expression(text, place)
        found = self.inferred(node, place) if node is not None else None
        if found and found.kind == "truth":
            self.problem("unit-clash", "expected a number, found a condition", place)
        return found

    def condition(self, text: str, place: Place) -> None:
        node = self.expression(text, place)
        if node is None:
            return
        found = self.inferred(node, place)
        if found.kind not in ("truth", "any"):
            hint = "compare it with something, as in `... >= 10%`"
            self.problem("unit-clash", f"expected a condition, found a number ({found.unit})", place, hint)

    # thesis.yaml ---------------------------------------------------------------------------------

    def thesis(self) -> None:
        thesis = self.pack.thesis
        self.entity(thesis.entity, Place("thesis.yaml", ("entity",)))
        if thesis.quarter not in self.pack.concepts:
            hint = did_you_mean(thesis.quarter, self.pack.concepts)
            self.problem("unknown-name", f"no concept is called `{thesis.quarter}`", Place("thesis.yaml", ("quarter",)), hint)
        for field, known in (("price", self.pack.concepts), ("market_cap", self.pack.metrics)):
            name = getattr(thesis, field)
            if name and name not in known:
                what = "concept" if field == "price" else "metric"
                place = Place("thesis.yaml", (field,))
                self.problem("unknown-name", f"no {what} is called `{name}`", place, did_you_mean(name, known))
        if thesis.target:
            self.attempt("bad-date", Place("thesis.yaml", ("target", "by")), lambda: parse_day(thesis.target.by))  # type: ignore[union-attr]
        if not thesis.conditions:
            self.problem("no-conditions", "a thesis has at least one condition", Place("thesis.yaml", ("conditions",)))
        for kind in ("conditions", "risks"):
            for i, rule in enumerate(getattr(thesis, kind)):
                self.rule(rule, (kind, i))
        for i, kill in enumerate(thesis.kill):
            self.kill(kill, ("kill", i))
        ids = [rule.id for rule in (*thesis.conditions, *thesis.risks)] + [kill.id for kill in thesis.kill]
        paths = [(kind, i, "id") for kind in ("conditions", "risks", "kill") for i in range(len(getattr(thesis, kind)))]
        self._duplicate_ids("thesis.yaml", ids, paths)

    def rule(self, rule: Rule, path: Path_) -> None:
        if rule.holds:
            self.condition(rule.holds, Place("thesis.yaml", (*path, "holds")))
        if rule.lift:
            self.condition(rule.lift.when, Place("thesis.yaml", (*path, "lift", "when")))
        if not rule.weight >= 0:
            self.problem("bad-weight", f"expected a weight of 0 or more, found {rule.weight:g}", Place("thesis.yaml", (*path, "weight")))
        self.measures(rule.measures, path)

    def measures(self, measures: Sequence[Measure], path: Path_) -> None:
        if not sum(m.weight for m in measures) > 0 or any(m.weight < 0 for m in measures):
            message = "expected measures with weights of 0 or more, at least one above 0"
            self.problem("bad-weight", message, Place("thesis.yaml", (*path, "measures")))
        for i, measure in enumerate(measures):
            self.measure(measure, (*path, "measures", i))

    def measure(self, measure: Measure, path: Path_) -> None:
        place = Place("thesis.yaml", path)
        kinds = [kind for kind in ("metric", "judgement", "group") if getattr(measure, kind)]
        if len(kinds) != 1:
            found = " and ".join(f"`{kind}`" for kind in kinds) or "none of them"
            self.problem("one-kind", f"expected one of `metric`, `judgement` and `group`, found {found}", place)
            return
        for field in ("since", "until"):
            text = getattr(measure, field)
            if text:
                self.attempt("bad-date", Place("thesis.yaml", (*path, field)), lambda t=text: parse_day(t))  # type: ignore[misc]
        if measure.group:
            self.measures(measure.measures, path)
        elif measure.judgement and measure.judgement not in self.pack.rubrics:
            hint = did_you_mean(measure.judgement, self.pack.rubrics) or "describe it under `rubrics` in judgements.yaml"
            message = f"no rubric is called `{measure.judgement}`"
            self.problem("unknown-rubric", message, Place("thesis.yaml", (*path, "judgement")), hint)
        elif measure.metric and measure.metric not in self.pack.metrics:
            hint = did_you_mean(measure.metric, self.pack.metrics)
            message = f"no metric is called `{measure.metric}`"
            self.problem("unknown-name", message, Place("thesis.yaml", (*path, "metric")), hint)
        elif measure.metric:
            self.bands(measure, path)

    def bands(self, measure: Measure, path: Path_) -> None:
        place = Place("thesis.yaml", (*path, "bands") if measure.bands else path)
        if len(measure.bands) != 5:
            self.problem("bad-bands", f"expected five edges, found {len(measure.bands)}", place)
            return
        read = [
            self.attempt("bad-bands", Place("thesis.yaml", (*path, "bands", i)), lambda e=edge: levels.number(e))  # type: ignore[misc]
            for i, edge in enumerate(measure.bands)
        ]
        if not all(read):
            return
        edges = levels.edges_of(measure)
        rises = [a < b for a, b in zip(edges, edges[1:], strict=False)]
        falls = [a > b for a, b in zip(edges, edges[1:], strict=False)]
        if not all(rises) and not all(falls):
            hint = "edges rise where more is better, or fall where less is"
            self.problem("bad-bands", "the edges must all rise or all fall", place, hint)
        marked = any(edge.strip().endswith(("%", "bp")) for edge in measure.bands)
        unit = self.types.get(measure.metric)
        if marked and unit and unit.powers != RATIO:
            self.problem("unit-clash", f"`{measure.metric}` is measured in {unit.unit}, these edges are ratios", place)
        if measure.sustained:
            self.attempt("bad-sustained", Place("thesis.yaml", (*path, "sustained")), lambda: levels.persistence(measure))

    def kill(self, kill: Kill, path: Path_) -> None:
        if bool(kill.when) == bool(kill.judgement):
            found = "both" if kill.when else "neither"
            self.problem("one-kind", f"expected `when` or `judgement`, found {found}", Place("thesis.yaml", path))
        elif kill.when:
            self.condition(kill.when, Place("thesis.yaml", (*path, "when")))
        elif kill.judgement not in self.pack.rubrics:
            message = f"no rubric is called `{kill.judgement}`"
            place = Place("thesis.yaml", (*path, "judgement"))
            self.problem("unknown-rubric", message, place, did_you_mean(kill.judgement, self.pack.rubrics))
        else:
            highest = len(self.pack.rubrics[kill.judgement].levels) - 1
            if not 1 <= kill.at_least <= highest:
                message = f"expected a level from 1 to {highest}, found {kill.at_least}"
                self.problem("bad-level", message, Place("thesis.yaml", (*path, "at_least")))
            if not kill.immediate:
                hint = "add `immediate: true`: a grade has no quarter before to be compared with"
                self.problem("not-immediate", "a judged criterion trips at once", Place("thesis.yaml", path), hint)

    def duplicates(self, file: str, key: str, ids: Sequence[str]) -> None:
        self._duplicate_ids(file, ids, [(key, i, "id") for i in range(len(ids))])

    def _duplicate_ids(self, file: str, ids: Sequence[str], paths: Sequence[Path_]) -> None:
        first: dict[str, Path_] = {}
        for name, path in zip(ids, paths, strict=True):
            if name in first:
                line = self.span(Place(file, first[name])).line
                self.problem("duplicate-id", f"the id `{name}` is used twice", Place(file, path), f"it is on line {line} already")
            elif not set(name) <= NAME or not name:
                self.problem("bad-name", f"expected an id such as aws-growth, found `{name}`", Place(file, path))
            first.setdefault(name, path)

    # the verdict ---------------------------------------------------------------------------------

    def verdict(self) -> None:
        table, path = self.pack.thesis.verdict, ("verdict",)
        for field in ("rated_from", "dead_band", "floor", "stale"):
            self.share(getattr(table, field), (*path, field))
        for kind in ("conditions", "risks"):
            labels = getattr(table.labels, kind)
            if len(labels) != 4:
                self.problem("bad-labels", f"expected four labels, found {len(labels)}", Place("thesis.yaml", (*path, "labels", kind)))
                return
        self.level(table.killed, (*path, "killed"))
        for i, cap in enumerate(table.caps):
            self.share(cap.below, (*path, "caps", i, "below"))
            self.level(cap.at_most, (*path, "caps", i, "at_most"))
        for i, grade in enumerate(table.confidence):
            for field in ("coverage", "width", "steady"):
                self.share(getattr(grade, field), (*path, "confidence", i, field))
        self._table(table.labels.conditions, table.table)
        if not 0 <= table.robustness.draws <= 100_000 or not table.robustness.concentration > 0:
            self.problem("wrong-value", "expected 0 to 100,000 draws and a concentration above 0", Place("thesis.yaml", (*path, "robustness")))

    def _table(self, labels: Sequence[str], rows: Mapping[str, Sequence[str]]) -> None:
        path: Path_ = ("verdict", "table")
        if set(rows) != set(labels):
            message = f"expected the rows {', '.join(labels)}, found {', '.join(rows) or 'none'}"
            self.problem("bad-table", message, Place("thesis.yaml", path))
            return
        levels_ = self.pack.thesis.verdict.levels
        for row in labels:
            if len(rows[row]) != 4:
                self.problem("bad-table", f"expected four verdicts, found {len(rows[row])}", Place("thesis.yaml", (*path, row)))
                return
            if not all(self.level(cell, (*path, row, i)) for i, cell in enumerate(rows[row])):
                return
        index = [[list(levels_).index(cell) for cell in rows[row]] for row in labels]
        for i, row in enumerate(labels):
            if any(a < b for a, b in zip(index[i], index[i][1:], strict=False)):
                self.problem("bad-table", "a higher risk gives a better verdict here", Place("thesis.yaml", (*path, row)))
            if i and any(a > b for a, b in zip(index[i - 1], index[i], strict=True)):
                message = f"`{row}` gives a worse verdict than `{labels[i - 1]}` at the same risk"
                self.problem("bad-table", message, Place("thesis.yaml", (*path, row)))

    def level(self, name: str, path: Path_) -> bool:
        known = name in self.pack.thesis.verdict.levels
        if not known:
            hint = did_you_mean(name, self.pack.thesis.verdict.levels)
            self.problem("unknown-level", f"no verdict is called `{name}`", Place("thesis.yaml", path), hint)
        return known

    def share(self, text: str, path: Path_) -> None:
        self.attempt("bad-share", Place("thesis.yaml", path), lambda: levels.fraction(text))

    # judgements.yaml and facts -------------------------------------------------------------------

    def judgements(self) -> None:
        if "judgements.yaml" not in self.documents:
            return
        listed = list(self.pack.rubrics)
        self.duplicates("judgements.yaml", "rubrics", listed)
        for i, rubric in enumerate(self.pack.rubrics.values()):
            if not 2 <= len(rubric.levels) <= 11:
                message = f"expected 2 to 11 levels, found {len(rubric.levels)}"
                self.problem("bad-level", message, Place("judgements.yaml", ("rubrics", i, "levels")))
        for i, grade in enumerate(self.pack.grades):
            path: Path_ = ("grades", i)
            rubric = self.pack.rubrics.get(grade.rubric)  # type: ignore[assignment]
            if rubric is None:
                hint = did_you_mean(grade.rubric, self.pack.rubrics)
                self.problem("unknown-rubric", f"no rubric is called `{grade.rubric}`", Place("judgements.yaml", (*path, "rubric")), hint)
            elif self.attempt("bad-level", Place("judgements.yaml", (*path, "level")), lambda g=grade: levels.grade_range(g.level)):  # type: ignore[misc]
                if levels.grade_range(grade.level).hi > len(rubric.levels) - 1:
                    message = f"expected a level from 0 to {len(rubric.levels) - 1}, found `{grade.level}`"
                    self.problem("bad-level", message, Place("judgements.yaml", (*path, "level")))
            place = Place("judgements.yaml", (*path, "graded"))
            if self.attempt("bad-date", place, lambda g=grade: parse_day(g.graded)) and grade.graded > str(self.today):  # type: ignore[misc]
                self.problem("future-date", f"graded on {grade.graded}, which is after today ({self.today})", place)
            if grade.period:
                self.attempt("bad-period", Place("judgements.yaml", (*path, "period")), lambda g=grade: Quarter.parse(g.period))  # type: ignore[misc]

    def facts(self) -> None:
        owner = {name: self.pack.owner(name) for name in self.pack.concepts}
        self.problems += self.pack.facts.check(self.pack.concepts, owner, self.today)

    def doubts(self) -> None:
        """What can be evaluated but is likely not meant."""
        used = {node.name for formula in self.formulas.values() for node in formula.walk() if isinstance(node, n.Name)}
        with_facts = set(self.pack.facts.concepts)
        for name in sorted(used & set(self.pack.concepts) - with_facts):
            if not self.pack.concepts[name].assume:
                span = self.documents["metrics.yaml"].key_span(("concepts", name))
                self.problems.append(Problem("no-facts", f"there is no fact for `{name}`; what uses it is unknown", span, level="warning"))
        for kind in ("conditions", "risks"):
            for i, rule in enumerate(getattr(self.pack.thesis, kind)):
                self._unreasoned(rule.measures, (kind, i))

    def _unreasoned(self, measures: Sequence[Measure], path: Path_) -> None:
        for i, measure in enumerate(measures):
            place: Path_ = (*path, "measures", i)
            if measure.measures:
                self._unreasoned(measure.measures, place)
            elif not measure.because:
                span = self.documents["thesis.yaml"].span(place)
                self.problems.append(Problem("no-reason", "a measure without `because`", span, "say why these edges or this weight", "warning"))


def _is_name(text: str) -> bool:
    try:
        return isinstance(parse(text), n.Name)
    except SyntaxProblem:
        return False


def _assumed(text: str) -> Interval:
    value = parse_value(text)
    if not isinstance(value, Interval):
        raise ValueError(f"expected a range such as 25%..45%, found `{text}`")
    return value


