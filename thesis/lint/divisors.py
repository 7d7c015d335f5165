"""Divisors that may turn: quotients that are scored or compared, whose divisor may be zero or less.

Below zero a worse figure would make a better quotient: spending over an operating cash flow of -32M would be
-325%, which no threshold calls severe. The quotient is unknown there, or the highest there is where more of
it is worse (``thesis.pack.directions``); an author who foresees it has a better answer than either. The least
values of line items say which divisors are above zero; the range of each expression follows from them by the
same interval arithmetic that values are worked out with.
"""

from __future__ import annotations

from collections.abc import Iterator

from thesis.case.case import definition, definitions
from thesis.core.field_types import LARGEST
from thesis.core.interval import Interval
from thesis.core.period import Quarter
from thesis.facts.fact import Least, least_value
from thesis.language import nodes as n
from thesis.language.evaluate import Evaluator
from thesis.language.syntax import parse
from thesis.lint.compared_texts import Text, conditions_of, measures_of
from thesis.lint.problem_list import ProblemList
from thesis.pack.folder import METRICS
from thesis.pack.load import Pack

NEAR = 1e-9  # how far above an open least value the range of a figure begins
ANY = Quarter(8000)
HINT = (
    "say `above: 0` of what cannot be zero or less, or divide by `greatest({}, 1% * sales)`; a multiple that "
    "is a metric may say `not_positive: highest`"
)


class Divisors:
    """The warnings about divisors."""

    def __init__(self, report: ProblemList) -> None:
        self.report = report
        self.pack = report.pack
        self.ranges = Ranges(report.pack)
        self.meanings = definitions(report.pack)
        self._seen: set[str] = set()

    def doubts(self) -> None:
        """Quotients that turn round, wherever a measure, a claim, a criterion or a signpost reads them."""
        for each in filter(lambda each: each.text, self._compared()):
            self._quotients(parse(each.text), each)
            self._metrics(parse(each.text))

    def _compared(self) -> Iterator[Text]:
        """Every expression that a score, an answer or a scenario comes from."""
        yield from (Text(each.measure.metric, METRICS, ()) for each in measures_of(self.pack))
        yield from conditions_of(self.pack)

    def _metrics(self, node: n.Node) -> None:
        """The metrics that an expression reads, each once, with those that they are made of."""
        for part in node.walk():
            if isinstance(part, n.Name) and part.name in self.pack.metrics and part.name not in self._seen:
                self._seen.add(part.name)
                metric = self.pack.metrics[part.name]
                formula = definition(metric.formula, metric.not_positive)
                self._quotients(formula, Text(metric.formula, METRICS, ("metrics", part.name, "formula")))
                self._metrics(formula)

    def _quotients(self, node: n.Node, at: Text) -> None:
        for part in node.walk():
            if isinstance(part, n.Product) and part.operator == "/" and not self.ranges.of(part.right).lo > 0:
                span = self.report.documents[at.file].within(at.path, part.right.start, part.right.length)
                is_bounded = isinstance(self.meanings.get(str(part)), n.Multiple)
                what = "counts as the highest there is" if is_bounded else "is unknown"
                message = f"`{part.right}` may be zero or less, where the quotient {what}"
                self.report.warning("divisor-sign", message, span, HINT.format(part.right))


class Ranges:
    """What an expression can come to, by the least values that the pack declares."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        formulas = {name: definition(m.formula, m.not_positive) for name, m in pack.metrics.items()}
        self._evaluator = _Bounded(pack, formulas)

    def of(self, node: n.Node) -> Interval:
        """The range of an expression, whatever the figures are."""
        return self._evaluator.ask(node, ANY)


class _Bounded(Evaluator):
    """Evaluates with every concept anywhere above its least value, and every metric above its own."""

    def __init__(self, pack: Pack, formulas: dict[str, n.Node]) -> None:
        super().__init__(lambda name, _: _range_of(pack, name), formulas)
        self.least = {name: least_value(m.above, m.least) for name, m in pack.metrics.items()}

    def _named(self, name: str, at: int) -> Interval:
        found, least = super()._named(name, at), self.least.get(name)
        return Interval(max(found.lo, _first(least)), found.hi) if least else found


def _range_of(pack: Pack, name: str) -> Interval:
    concept = pack.concepts.get(name)
    least = least_value(concept.above, concept.least) if concept else None
    return Interval(_first(least) if least else -LARGEST, LARGEST)


def _first(least: Least) -> float:
    """The least value that there can be, or what comes after it if it cannot be that itself."""
    return least.value + (NEAR * max(1.0, abs(least.value)) if least.is_open else 0.0)
