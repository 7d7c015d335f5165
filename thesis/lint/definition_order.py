"""The dependency graph of a pack: metrics, the formulas of valuation.yaml and the names ``value.*``.

A value reads formulas of valuation.yaml, these read metrics, and a metric may read values; so all three stand
in one graph. What is made of itself is reported with its path.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from thesis.language import nodes as n
from thesis.language.functions import FUNCTIONS
from thesis.language.syntax import SyntaxProblem, parse
from thesis.lint.problem_list import MOST_READS, ProblemList
from thesis.pack.folder import METRICS, VALUATION
from thesis.pack.value_names import start_formulas

Formulas = Mapping[str, Sequence[n.Node]]


class ValueGraph:
    """The formulas behind each name ``value.*`` of a pack; those that cannot be parsed are left out."""

    def __init__(self, report: ProblemList) -> None:
        self.report = report
        pack = report.pack
        self.formulas: dict[str, list[n.Node]] = {}
        for name, each in pack.values.items():
            assert pack.valuation  # without one there are no names
            texts = start_formulas(each.kind, pack.valuation, pack.thesis.price)
            self.formulas[name] = [node for node in map(_parsed, texts) if node is not None]

    def measure(self, name: str) -> None:
        """Note how deep and how wide a value is, as metrics are, for what reads it."""
        report, nodes = self.report, self.formulas[name]
        report.heights[name] = max((report.height(node) for node in nodes), default=0)
        reads = sum(report.lookups(node) for node in nodes if _is_in_order(node))
        report.reads[name] = reads if reads <= MOST_READS else 0


def definition_order(
    report: ProblemList, metrics: Mapping[str, n.Node], values: Mapping[str, Sequence[n.Node]]
) -> list[str]:
    """Metrics and values after those that they are made of; a circle is reported and cut."""
    formulas: Formulas = {**{name: [node] for name, node in metrics.items()}, **values}
    done: dict[str, bool] = {}
    order: list[str] = []
    for start in formulas:
        stack = [(start, _parents(start, report, formulas))] if start not in done else []
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
                stack.append((parent, _parents(parent, report, formulas)))
            elif not done[parent]:
                circle = [item for item, _ in stack]
                _report_circle(report, [*circle[circle.index(parent) :], parent])
    return order


def _parents(name: str, report: ProblemList, formulas: Formulas) -> Iterator[str]:
    found = {part.name for node in formulas[name] for part in node.walk() if isinstance(part, n.Name)}
    return iter(sorted(found & set(formulas) - set(report.pack.concepts)))


def _report_circle(report: ProblemList, circle: Sequence[str]) -> None:
    """Told at a metric of the circle; values alone make none, for they read one another by way of metrics."""
    at = next((i for i, name in enumerate(circle[:-1]) if name in report.pack.metrics), None)
    if at is None:
        span = report.span(VALUATION)
    else:
        circle = [*circle[at:-1], *circle[:at], circle[at]]
        span = report.span(METRICS, "metrics", circle[0], "formula")
    message = f"`{circle[0]}` is made of itself: {' -> '.join(circle)}"
    hint = "a metric cannot depend on its own value in the same quarter"
    report.problem("cycle", message, span, hint)


def _parsed(text: str) -> n.Node | None:
    try:
        return parse(text)
    except SyntaxProblem:
        return None  # reported with the formula


def _is_in_order(node: n.Node) -> bool:
    """Whether what an expression looks up can be counted: all of its functions are known."""
    return all(part.function in FUNCTIONS for part in node.walk() if isinstance(part, n.Call))
