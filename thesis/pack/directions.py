"""Whether the rules of a thesis call a larger value of a metric better or worse.

A measure says so by its bands, a claim, a lift or a kill criterion by its comparisons. A quotient has no
meaning where its divisor is not positive, as a share of a loss; where every rule that reads it calls a larger
one worse, it then stands beyond every threshold, since that is where it went as its divisor fell to zero.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from thesis.core.interval import Interval
from thesis.facts.fact import parse_value
from thesis.language import nodes as n
from thesis.language.syntax import SyntaxProblem, parse
from thesis.pack.schema.metrics import Metric
from thesis.pack.schema.thesis import Measure, ThesisFile

BETTER, WORSE = "better", "worse"  # what a larger value is


def not_positive(thesis: ThesisFile, metrics: Mapping[str, Metric]) -> dict[str, str]:
    """For each metric what it counts as where it is a quotient whose divisor is not positive.

    What the metric itself declares, else ``highest`` where every rule that reads it calls a larger value
    worse, else nothing: it is then unknown.
    """
    uses: defaultdict[str, set[str]] = defaultdict(set)
    for name, larger in _uses(thesis):
        uses[name].add(larger)
    return {
        name: metric.not_positive or ("highest" if uses.get(name) == {WORSE} else "")
        for name, metric in metrics.items()
    }


def _uses(thesis: ThesisFile) -> Iterator[tuple[str, str]]:
    """Each metric that a rule reads directly, with what a larger value of it is."""
    for rules, good in ((thesis.conditions, BETTER), (thesis.risks, WORSE)):
        for rule in rules:
            yield from _measured(rule.measures, good)
            yield from _compared(rule.holds, is_good=True)
            if rule.lift:
                yield from _compared(rule.lift.when, is_good=False)
    for kill in thesis.kill:
        yield from _compared(kill.when, is_good=False)


def _measured(measures: Sequence[Measure], rising: str) -> Iterator[tuple[str, str]]:
    for measure in measures:
        yield from _measured(measure.measures, rising)
        ends = [_number(measure.bands[i]) for i in (0, -1)] if measure.metric and measure.bands else []
        if len(ends) == 2 and ends[0] != ends[1]:
            yield measure.metric, rising if ends[0] < ends[1] else _OTHER[rising]


_OTHER = {BETTER: WORSE, WORSE: BETTER}


def _number(text: str) -> float:
    try:
        value = parse_value(text)
    except ValueError:
        return 0.0  # told by lint
    return value.lo if isinstance(value, Interval) else 0.0


def _compared(text: str, *, is_good: bool) -> Iterator[tuple[str, str]]:
    return iter(_comparisons(text, is_good=is_good)) if text else iter(())


@cache
def _comparisons(text: str, *, is_good: bool) -> tuple[tuple[str, str], ...]:
    try:
        return tuple(_sides(parse(text), is_good=is_good))
    except SyntaxProblem:
        return ()  # told by lint


def _sides(node: n.Node, *, is_good: bool) -> Iterator[tuple[str, str]]:
    """The names that a condition compares, with what a larger value is; ``is_good``: if it holds."""
    if isinstance(node, n.Not):
        yield from _sides(node.operand, is_good=not is_good)
    elif isinstance(node, n.Comparison) and node.operator[0] in "<>":
        for side, name in ((">", node.left), ("<", node.right)):
            if isinstance(name, n.Name):
                yield name.name, BETTER if (node.operator[0] == side) == is_good else WORSE
    elif isinstance(node, (n.Both, n.Either, n.Persistence)):
        for child in node.children():
            yield from _sides(child, is_good=is_good)
