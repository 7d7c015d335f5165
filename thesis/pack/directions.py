"""Whether the rules of a thesis call a larger value of a figure better or worse.

A measure says so by its bands, a claim, a lift or a kill criterion by its comparisons. A quotient has no
meaning where its divisor is not positive, as a share of a loss; where every rule that reads it calls a larger
one worse, it then stands beyond every threshold, since that is where it went as its divisor fell to zero.

A quotient that is written inside a rule, as in ``debt / ttm(operating_income) > 4``, is read like a metric
with that formula: it goes by its text.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from thesis.core.interval import Interval
from thesis.facts.fact import parse_value
from thesis.language import nodes as n
from thesis.language.syntax import SyntaxProblem, parse
from thesis.pack.schema.metrics import Metric
from thesis.pack.schema.thesis import Measure, ThesisFile

BETTER, WORSE = "better", "worse"  # what a larger value is
RISING = ("lag", "mean", "median", "min", "max", "sum", "ttm", "nth", "latest", "if", "least", "greatest")
"""Functions that never fall where a value that they are given rises."""


def not_positive(thesis: ThesisFile, metrics: Mapping[str, Metric]) -> dict[str, str]:
    """For each metric and each quotient written in a rule: what it is where its divisor is not positive.

    A quotient stands under its text. What a metric itself declares, else ``highest`` where every rule that
    reads it calls a larger value worse, else nothing: it is then unknown. What a rule compares or scores
    itself goes before what it reads by way of other metrics and functions.
    """
    formulas = {name: _parsed(metric.formula) for name, metric in metrics.items()}
    keys = {name: str(node) if _is_quotient(node) else name for name, node in formulas.items()}
    declared = {keys[name]: metric.not_positive for name, metric in metrics.items() if metric.not_positive}
    near, far = defaultdict[str, set[str]](set), defaultdict[str, set[str]](set)
    for use in _closure(_uses(thesis), formulas):
        (near if use.is_direct else far)[keys.get(use.name, use.name)].add(use.larger)
    sides = {
        key: declared.get(key) or ("highest" if (near.get(key) or far.get(key)) == {WORSE} else "")
        for key in [*keys.values(), *near, *far]
    }
    named = {name: metric.not_positive or sides[keys[name]] for name, metric in metrics.items()}
    return {**sides, **named}


class _Use(NamedTuple):
    """A metric, a concept or the text of a quotient that a rule reads, with what a larger value of it is."""

    name: str
    larger: str
    is_direct: bool = True


def _closure(uses: Iterator[_Use], formulas: Mapping[str, n.Node | None]) -> Iterator[_Use]:
    """The uses, and those of the metrics that they read in turn."""
    seen: set[_Use] = set()
    waiting = list(uses)
    while waiting:
        use = waiting.pop()
        if use in seen:
            continue
        seen.add(use)
        yield use
        formula = formulas.get(use.name)
        if formula is not None:
            waiting += [found._replace(is_direct=False) for found in _rising(formula, use.larger)]


def _uses(thesis: ThesisFile) -> Iterator[_Use]:
    """What every rule reads."""
    for rules, good in ((thesis.conditions, BETTER), (thesis.risks, WORSE)):
        for rule in rules:
            yield from _measured(rule.measures, good)
            yield from _compared(rule.holds, is_good=True)
            if rule.lift:
                yield from _compared(rule.lift.when, is_good=False)
    for kill in thesis.kill:
        yield from _compared(kill.when, is_good=False)


def _measured(measures: Sequence[Measure], rising: str) -> Iterator[_Use]:
    for measure in measures:
        yield from _measured(measure.measures, rising)
        ends = [_number(measure.bands[i]) for i in (0, -1)] if measure.metric and measure.bands else []
        if len(ends) == 2 and ends[0] != ends[1]:
            yield _Use(measure.metric, rising if ends[0] < ends[1] else _OTHER[rising])


_OTHER = {BETTER: WORSE, WORSE: BETTER}


def _number(text: str) -> float:
    try:
        value = parse_value(text)
    except ValueError:
        return 0.0  # told by lint
    return value.lo if isinstance(value, Interval) else 0.0


def _compared(text: str, *, is_good: bool) -> Iterator[_Use]:
    return iter(_comparisons(text, is_good=is_good)) if text else iter(())


@cache
def _comparisons(text: str, *, is_good: bool) -> tuple[_Use, ...]:
    node = _parsed(text)
    return tuple(_sides(node, is_good=is_good)) if node else ()


@cache
def _parsed(text: str) -> n.Node | None:
    try:
        return parse(text)
    except SyntaxProblem:
        return None  # told by lint


def _sides(node: n.Node, *, is_good: bool) -> Iterator[_Use]:
    """What a condition compares; ``is_good``: if it holds."""
    if isinstance(node, n.Not):
        yield from _sides(node.operand, is_good=not is_good)
    elif isinstance(node, n.Comparison) and node.operator[0] in "<>":
        for side, operand in ((">", node.left), ("<", node.right)):
            yield from _rising(operand, BETTER if (node.operator[0] == side) == is_good else WORSE)
    elif isinstance(node, (n.Both, n.Either, n.Persistence)):
        for child in node.children():
            yield from _sides(child, is_good=is_good)


def _rising(node: n.Node, larger: str, *, is_direct: bool = True) -> Iterator[_Use]:
    """The names and quotients that an expression rises or falls with; ``larger``: what more of it is."""
    if isinstance(node, n.Name) or _is_quotient(node):
        yield _Use(str(node), larger, is_direct)
        return
    parts: list[tuple[n.Node, str]] = []
    if isinstance(node, n.Negative):
        parts = [(node.operand, _OTHER[larger])]
    elif isinstance(node, n.Sum):
        parts = [(node.left, larger), (node.right, larger if node.operator == "+" else _OTHER[larger])]
    elif isinstance(node, n.Product):
        parts = [
            (part, larger if factor.value > 0 else _OTHER[larger])
            for part, factor in ((node.left, node.right), (node.right, node.left))
            if isinstance(factor, n.Number) and factor.value
        ]
    elif isinstance(node, n.Call) and node.function in RISING:
        parts = [(argument, larger) for argument in node.arguments]
    for part, what in parts:
        yield from _rising(part, what, is_direct=False)


def _is_quotient(node: n.Node | None) -> bool:
    """Whether it is a quotient whose divisor may turn: not one of a written number."""
    return isinstance(node, n.Product) and node.operator == "/" and not node.right.is_constant
