"""Checks of metrics.yaml: names, units and circular definitions."""

from __future__ import annotations

from thesis.case.freshness import longest_wait
from thesis.core.currency import PARTS, is_currency, minor_unit
from thesis.core.formatting import count
from thesis.core.period import Quarter
from thesis.facts.fact import LineItem, assumed_range, least_value, parse_tags
from thesis.files.yaml import Path_
from thesis.language import nodes as n
from thesis.language.syntax import SyntaxProblem, parse
from thesis.language.units import Powers, ValueType, read_unit, unit_name
from thesis.lint.definition_order import ValueGraph, definition_order
from thesis.lint.divisors import Ranges
from thesis.lint.problem_list import MOST_READS, ProblemList
from thesis.pack.folder import METRICS
from thesis.pack.schema.metrics import Metric, parse_release_lines
from thesis.pack.share_basis import meant_ratio
from thesis.pack.used_names import used_names


class MetricChecks:
    """The checks of metrics.yaml; afterwards the report knows the type of every name."""

    def __init__(self, report: ProblemList) -> None:
        self.report = report
        self.pack = report.pack
        self.formulas: dict[str, n.Node] = {}

    def check(self) -> None:
        self._names()
        for name in self.pack.concepts:
            self._concept(name)
        for name, metric in self.pack.metrics.items():
            node = self.report.expression(metric.formula, METRICS, ("metrics", name, "formula"))
            if node is not None:
                self.formulas[name] = node
        self.report.types.update({name: each.type for name, each in self.pack.values.items()})
        values = ValueGraph(self.report)
        for name in definition_order(self.report, self.formulas, values.formulas):
            if name in self.formulas:
                self._metric(name)
            else:
                values.measure(name)
        self._identities()
        self._splits()
        self._jumps()

    def _ends_of_grades(self) -> None:
        """Grades that end before the next review is due, so that a rating lapses in between."""
        pack, days = self.pack, self.pack.calendar.judgement_days
        if days is None or not pack.rubrics:
            return
        year_ends, first = pack.entities[pack.thesis.entity].year_ends, Quarter.of(self.report.today) - 1
        needed, quarter = longest_wait(year_ends, pack.calendar, first)
        if days < needed:
            short = count(needed - days, "day")
            message = (
                f"a grade given when the figures of {quarter} are due ends {short} before the review of "
                f"{quarter + 1} is due"
            )
            hint = f"leave `judgement_days` out, and a grade lives until that review is due; or say {needed}"
            span = self.report.span(METRICS, "calendar", "judgement_days")
            self.report.warning("grade-gap", message, span, hint)

    def doubts(self) -> None:
        """Concepts that formulas read and nobody has reported."""
        self._ends_of_grades()
        for name, concept in self.pack.concepts.items():
            if concept.kind == "flow" and concept.is_average:
                message = f"`{name}` is an average over its period, and quarters of an average do not add up"
                hint = "declare it as `kind: stock`: each quarter then stands as it is reported"
                self.report.warning(
                    "average-flow", message, self.report.span(METRICS, "concepts", name, "kind"), hint
                )
        read = used_names(self.pack) if self.pack.origins else self.formulas
        formulas = [formula for name, formula in self.formulas.items() if name in read]
        used = {node.name for formula in formulas for node in formula.walk() if isinstance(node, n.Name)}
        for name in sorted(used & set(self.pack.concepts) - set(self.pack.facts.concepts)):
            if not self.pack.concepts[name].assume:
                message = f"there is no fact for `{name}`; what uses it is unknown"
                span = self.report.documents[METRICS].key_span(("concepts", name))
                hint = f"add rows to facts/{self.pack.owner(name)}.csv, or a range to `assume` here"
                self.report.warning("no-facts", message, span, hint)

    def _names(self) -> None:
        for kind in ("concepts", "metrics"):
            for name in getattr(self.pack, kind):
                key = self.report.documents[METRICS].key_span((kind, name))
                if not _is_name(name):
                    message = f"expected a name such as aws.net_sales, found `{name}`"
                    self.report.problem(
                        "bad-name", message, key, "letters, digits and _, with dots between words"
                    )
                elif kind == "metrics" and name in self.pack.concepts:
                    hint = "a name stands for one thing"
                    self.report.problem("duplicate-name", f"`{name}` is a concept already", key, hint)

    def _concept(self, name: str) -> None:
        report, concept = self.report, self.pack.concepts[name]
        path = ("concepts", name)
        if report.fits(METRICS, *path, "unit"):
            kind = {"daily": "stock", "register": "flow"}.get(concept.kind, concept.kind)
            report.types[name] = ValueType(read_unit(concept.unit), kind)
        self._minor_unit(concept, path)
        if concept.entity:
            report.entity(concept.entity, report.span(METRICS, *path, "entity"))
        self._release(concept, path)
        self._least(concept, path)
        self._assumption(concept, path)
        if concept.least_share and len(parse_tags(concept.tag)) < 2:
            hint = "write tags in order, as in `first > second`, or leave `least_share` out"
            message = "there is no later tag to compare with"
            report.problem("bad-value", message, report.span(METRICS, *path, "least_share"), hint)
        if (concept.assume or concept.reach) and not concept.because:
            span = report.span(METRICS, *path, "assume" if concept.assume else "reach")
            hint = "add `because:` and say who judged it and why"
            report.problem("no-source", "an assumption without a reason", span, hint)

    def _assumption(self, concept: LineItem, path: tuple[str, str]) -> None:
        """Whether what an assumption stands beside, or in place of, is a line item."""
        report = self.report
        named: list[tuple[Path_, str]] = [
            (("assume_unless", i), name) for i, name in enumerate(concept.assume_unless)
        ]
        named += [(("assume_beside",), concept.assume_beside)] if concept.assume_beside else []
        for place, name in named:
            span = report.span(METRICS, *path, *place)
            if not concept.assume:
                report.problem("bad-value", f"`{place[0]}` without `assume`", span, "say what is assumed")
            elif name not in self.pack.concepts:
                report.unknown("unknown-name", "concept", name, self.pack.concepts, span)

    def _minor_unit(self, concept: LineItem, path: tuple[str, str]) -> None:
        """A price in pence: a hundredth of what it is multiplied and compared with."""
        minor, _, per = concept.unit.partition("/")
        found = minor_unit(minor)
        if found is None or not is_currency(minor):
            return  # of `GBp` the unit itself is told
        unit = f"{found.currency}/{per}" if per else found.currency
        message = f"`{path[1]}` is measured in {found.name}, of which {PARTS} make one {found.currency}"
        hint = (
            f"say `unit: {unit}` and divide its figures by {PARTS}; an import of prices in {minor} does that"
        )
        self.report.warning("minor-unit", message, self.report.span(METRICS, *path, "unit"), hint)

    def _least(self, shape: LineItem | Metric, path: tuple[str, str]) -> None:
        """Whether the least value that is declared can be one."""
        report, key = self.report, "above" if shape.above else "least"
        if not shape.above and not shape.least:
            return
        span = report.span(METRICS, *path, key)
        if not report.attempt("bad-value", span, least_value, shape.above, shape.least):
            return
        least = least_value(shape.above, shape.least)
        is_ratio = shape.unit == "ratio" or least is None or not least.text.strip().endswith(("%", "bp"))
        if not is_ratio:
            report.problem("bad-value", f"expected {shape.unit}, found a ratio, `{least}`", span)
        if not isinstance(shape, LineItem):
            return
        if shape.kind == "register":
            message = "the items of a register may have either sign"
            report.problem("bad-value", message, span, f"leave `{key}` out")
        is_read = shape.assume and report.fits(METRICS, *path, "assume")
        if least and is_read and not least.allows(assumed_range(shape.assume)):
            message = f"assumes {shape.assume}, and is {least}"
            report.problem("below-least", message, report.span(METRICS, *path, "assume"))

    def _release(self, concept: LineItem, path: tuple[str, str]) -> None:
        """Whether the line of a release can be looked for; a key with nothing behind it names none."""
        report, written = self.report, (*path, "release")
        if written not in report.documents[METRICS].spans:
            return
        span = report.span(METRICS, *written)
        report.attempt("bad-value", span, parse_release_lines, concept.release or "")
        if concept.kind in ("daily", "register"):
            hint = "a flow, a stock or a rate stands there"
            message = f"a {concept.kind} concept is not read from the tables of releases"
            report.problem("bad-value", message, span, hint)

    def _metric(self, name: str) -> None:
        report, metric = self.report, self.pack.metrics[name]
        path = ("metrics", name, "formula")
        if not report.is_too_high(self.formulas[name], METRICS, path):
            report.heights[name] = report.height(self.formulas[name])
            reads = report.lookups(self.formulas[name])
            report.reads[name] = reads if reads <= MOST_READS else 0
        found = report.inferred(self.formulas[name], METRICS, path)
        self._least(metric, ("metrics", name))
        if metric.not_positive:
            self._multiple(name)
        if not report.fits(METRICS, "metrics", name, "unit"):
            return
        declared = read_unit(metric.unit)
        report.types[name] = ValueType(
            declared, found.kind if found.kind in ("flow", "stock", "annual") else "rate"
        )
        if found.kind == "truth":
            message = "a metric is a number, this formula is a condition"
            report.problem("unit-clash", message, report.span(METRICS, *path), "use `if(condition, 1, 0)`")
        elif found.powers is not None and found.powers != declared:
            message = f"declared as {metric.unit}, but the formula gives {unit_name(found.powers)}"
            span = report.span(METRICS, "metrics", name, "unit")
            report.problem("unit-clash", message, span, _in_hundredths(found.powers))

    def _multiple(self, name: str) -> None:
        """Whether `not_positive` has a quotient to speak of."""
        node, span = self.formulas[name], self.report.span(METRICS, "metrics", name, "not_positive")
        if not (isinstance(node, n.Product) and node.operator == "/"):
            message = "expected a formula that is one quotient, as in `price / earnings`"
            self.report.problem("bad-value", message, span)

    def check_multiples(self) -> None:
        """A multiple of what may be negative has no side on which a loss stands."""
        ranges = Ranges(self.pack)
        for name, metric in self.pack.metrics.items():
            node = self.formulas[name]
            if metric.not_positive and isinstance(node, n.Product) and ranges.of(node.left).lo < 0:
                message = f"`not_positive` needs a numerator that cannot be negative, found `{node.left}`"
                span = self.report.span(METRICS, "metrics", name, "not_positive")
                hint = "say `above: 0` or `least: 0` of the line items that it is made of"
                self.report.problem("bad-value", message, span, hint)

    def _identities(self) -> None:
        report = self.report
        for i, identity in enumerate(self.pack.identities):
            left = report.number(identity.left, METRICS, ("identities", i, "left"))
            right = report.number(identity.right, METRICS, ("identities", i, "right"))
            if left and right and None not in (left.powers, right.powers) and left.powers != right.powers:
                message = f"the two sides differ: {left.unit} and {right.unit}"
                report.problem("unit-clash", message, report.span(METRICS, "identities", i, "right"))
        paths = [("identities", i, "id") for i in range(len(self.pack.identities))]
        report.ids(METRICS, [identity.id for identity in self.pack.identities], paths)

    def _splits(self) -> None:
        report = self.report
        for i, split in enumerate(self.pack.splits):
            report.entity(split.entity, report.span(METRICS, "splits", i, "entity"))
            if report.fits(METRICS, "splits", i, "ratio") and meant_ratio(split.ratio):
                span = report.span(METRICS, "splits", i, "ratio")
                message = f"`{split.ratio}` is rounded, and every figure from before the split with it"
                report.warning("rounded-ratio", message, span, f"say {meant_ratio(split.ratio)}")
            if not split.source.strip():
                span = report.span(METRICS, "splits", i)
                report.problem("no-source", "a split without a source", span, "name the filing that tells it")

    def _jumps(self) -> None:
        report = self.report
        for i, jump in enumerate(self.pack.jumps):
            report.entity(jump.entity, report.span(METRICS, "jumps", i, "entity"))
            if not jump.because.strip():
                span = report.span(METRICS, "jumps", i)
                report.problem("no-source", "a jump without a reason", span, "say what moved the price")


def _in_hundredths(powers: Powers) -> str:
    """What to do where a unit is made of pence or the like; nothing where it is not."""
    for word, _ in powers:
        minor = minor_unit(word)
        if minor:
            return f"{PARTS} {word} make one {minor.currency}: declare prices in {minor.currency}/share"
    return ""


def _is_name(text: str) -> bool:
    try:
        return isinstance(parse(text), n.Name)
    except SyntaxProblem:
        return False
