"""Evaluates an expression in a quarter; values are calculated on demand and cached.

The same walk serves both carriers; only where a series is looked up, and what "so many quarters
ago" costs, differ (``thesis.language.panel``).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from thesis.core import interval as iv
from thesis.core.interval import Endpoint, Interval
from thesis.core.period import Quarter
from thesis.language import nodes as n
from thesis.language.functions import FUNCTIONS, SERIES, Series

Lookup = Callable[[str, Quarter], Interval]
Conflicts = Callable[[str, Quarter], bool]

_ANY_QUARTER = Quarter(8000)

_OPERATORS: dict[str, Callable[[Interval, Interval], Interval]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": iv.quotient,
    ">=": iv.at_least,
    "<": iv.below,
    "<=": lambda a, b: iv.at_least(b, a),
    ">": lambda a, b: iv.below(b, a),
    "==": iv.equal,
    "!=": lambda a, b: iv.negation(iv.equal(a, b)),
    "and": iv.all_of,
    "or": iv.any_of,
}


class Supposition(NamedTuple):
    """A value that a what-if sets for a name, and in how many of the last quarters.

    ``quarters``: 1 for the period under review, 4 for the last four, None for every quarter there is.
    """

    value: Interval
    quarters: int | None = 1


class SeriesRequest(NamedTuple):
    """A named series and how many quarters back it is asked for."""

    name: str
    back: int


class _Argument(NamedTuple):
    """An argument of a function, seen from a position in time."""

    evaluator: Evaluator
    node: n.Node
    at: int
    seen: list[tuple[n.Node, int]] | None = None  # notes what is asked for, and how many quarters back

    def __call__(self, back: int) -> Interval:
        if self.seen is not None:
            self.seen.append((self.node, back))
        return self.evaluator.value(self.node, self.at - back)

    def is_missing(self, back: int) -> Endpoint:
        return self.evaluator.is_missing(self.node, self.at - back)


class Evaluator:
    """Values of expressions for one company, quarter by quarter.

    ``lookup`` gives a concept's value in a quarter (anything, where it is not known); ``metrics``
    are the formulas that names stand for, and what a quotient stands for that is found by its text: one that
    has an answer where its divisor is not positive; ``given`` sets names to a value whatever their formula
    says (a what-if): in the positions that ``spans`` has for a name, and in every one without it.
    ``conflicts`` tells of a concept that is unknown whether it was reported twice, unlike.
    """

    def __init__(
        self,
        lookup: Lookup,
        metrics: Mapping[str, n.Node],
        given: Mapping[str, Interval] | None = None,
        spans: Mapping[str, range] | None = None,
        conflicts: Conflicts | None = None,
    ) -> None:
        self.metrics = metrics
        self.given = dict(given or {})
        self.spans = dict(spans or {})
        self._lookup = lookup
        self._conflicts = conflicts
        self._known: dict[tuple[int, int], Interval] = {}
        self._reads: dict[int, list[SeriesRequest]] = {}
        self._meanings: dict[int, n.Node] = {}
        self._kept: dict[int, n.Node] = {}  # an id is only a key while its node lives

    def ask(self, node: n.Node, quarter: Quarter) -> Interval:
        """The value of an expression in a quarter."""
        self._kept[id(node)] = node
        return self.value(node, quarter.index)

    def named(self, name: str, quarter: Quarter) -> Interval:
        """The value of a metric or a concept in a quarter."""
        return self._named(name, quarter.index)

    def value(self, node: n.Node, at: int) -> Interval:
        """The value at a position in time (here a quarter's index); remembered."""
        key = (id(node), at)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = _VALUES[type(node)](self, node, at)
        return found

    def _named(self, name: str, at: int) -> Interval:
        if self._is_given(name, at):
            return self.given[name]
        formula = self.metrics.get(name)
        return self.value(formula, at) if formula is not None else self._lookup(name, Quarter(at))

    def meaning(self, node: n.Node) -> n.Node:
        """What is calculated for a node: for a quotient that the metrics have under its text, that one."""
        if not (isinstance(node, n.Product) and node.operator == "/"):
            return node
        if id(node) not in self._meanings:
            self._kept[id(node)], self._meanings[id(node)] = node, self.metrics.get(str(node), node)
        return self._meanings[id(node)]

    def _is_given(self, name: str, at: int) -> bool:
        return name in self.given and (name not in self.spans or at in self.spans[name])

    def is_missing(self, node: n.Node, at: int) -> Endpoint:
        """Whether a concept that an expression can read there was not reported, and none is contradicted."""
        missing: Endpoint = False
        for name, position in self._concepts(node, at):
            lo, hi = self._named(name, position).ends
            unknown = (lo == -math.inf) & (hi == math.inf)
            if self._conflicts and unknown and self._conflicts(name, Quarter(position)):
                return False
            missing = missing | unknown
        return missing

    def _concepts(self, node: n.Node, at: int) -> Iterator[tuple[str, int]]:
        """Every concept that an expression can read, and the position at which it reads it."""
        if id(node) not in self._reads:
            self._kept[id(node)], self._reads[id(node)] = node, reads(node)
        for name, back in self._reads[id(node)]:
            formula = self.metrics.get(name)
            if self._is_given(name, at - back):
                continue
            if formula is None:
                yield name, at - back
            else:
                yield from self._concepts(formula, at - back)

    def series(self, node: n.Node, at: int) -> Series:
        """An argument as a function's formula sees it: by quarters back."""
        return _Argument(self, node, at)

    def asks(self, node: n.Node, quarter: Quarter) -> list[SeriesRequest]:
        """The names an expression reads for its value in a quarter, in reading order, each once."""
        self._kept[id(node)] = node
        return list(dict.fromkeys(self._asks(node, quarter.index, 0)))

    def _asks(self, node: n.Node, at: int, back: int) -> Iterator[SeriesRequest]:
        if isinstance(node, n.Name):
            yield SeriesRequest(node.name, back)
        elif isinstance(node, n.Call):
            for argument, quarters in self._consulted(node, at - back):
                yield from self._asks(argument, at, back + quarters)
        elif isinstance(node, n.Persistence):
            for quarters in range(node.window):
                yield from self._asks(node.condition, at, back + quarters)
        else:
            for child in node.children():
                yield from self._asks(child, at, back)

    def _consulted(self, call: n.Call, at: int) -> list[tuple[n.Node, int]]:
        """Which arguments a function's formula asks for, and how many quarters back each."""
        seen: list[tuple[n.Node, int]] = []
        _apply(call, lambda argument: _Argument(self, argument, at, seen))
        return seen


def _apply(call: n.Call, series: Callable[[n.Node], Series]) -> Interval:
    function = FUNCTIONS[call.function]
    arguments = [
        series(argument) if function.kind(i) in SERIES else whole(argument)
        for i, argument in enumerate(call.arguments)
    ]
    return function.formula(*arguments)


def whole(node: n.Node) -> int:
    """The whole number that is written as an argument; ``units.infer`` refuses anything else."""
    assert isinstance(node, n.Number)
    return int(node.text)


def reads(node: n.Node) -> list[SeriesRequest]:
    """Every name that an expression can ask for, whatever is known, with how many quarters back, each once.

    Errors: none, where ``units.infer`` had nothing to complain of.
    """
    return Evaluator(lambda _name, _quarter: iv.EVERYTHING, {}).asks(node, _ANY_QUARTER)


def _number(_: Evaluator, node: n.Number, at: int) -> Interval:
    return iv.point(node.value)


def _range(evaluator: Evaluator, node: n.Range, at: int) -> Interval:
    return iv.hull(evaluator.value(node.lo, at), evaluator.value(node.hi, at))


def _name(evaluator: Evaluator, node: n.Name, at: int) -> Interval:
    return evaluator._named(node.name, at)


def _call(evaluator: Evaluator, node: n.Call, at: int) -> Interval:
    return _apply(node, lambda argument: evaluator.series(argument, at))


def _negative(evaluator: Evaluator, node: n.Negative, at: int) -> Interval:
    return -evaluator.value(node.operand, at)


def _not(evaluator: Evaluator, node: n.Not, at: int) -> Interval:
    return iv.negation(evaluator.value(node.operand, at))


def _product(evaluator: Evaluator, node: n.Product, at: int) -> Interval:
    meant = evaluator.meaning(node)
    if isinstance(meant, n.Multiple):
        return evaluator.value(meant, at)
    divisor = node.right
    if node.operator == "/" and isinstance(divisor, n.Negative) and isinstance(divisor.operand, n.Number):
        return evaluator.value(node.left, at) / evaluator.value(divisor, at)  # as it is written: `x / -2`
    return _binary(evaluator, node, at)


def _binary(evaluator: Evaluator, node: n.Binary, at: int) -> Interval:
    return _OPERATORS[node.operator](evaluator.value(node.left, at), evaluator.value(node.right, at))


def _multiple(evaluator: Evaluator, node: n.Multiple, at: int) -> Interval:
    return iv.multiple(evaluator.value(node.left, at), evaluator.value(node.right, at), node.beyond)


def _held(evaluator: Evaluator, node: n.Persistence, at: int) -> Interval:
    answers = [evaluator.value(node.condition, at - back) for back in range(node.window)]
    return iv.kth_largest(answers, node.least)


_VALUES: dict[type[n.Node], Callable[..., Interval]] = {
    n.Number: _number,
    n.Range: _range,
    n.Name: _name,
    n.Call: _call,
    n.Negative: _negative,
    n.Not: _not,
    n.Sum: _binary,
    n.Product: _product,
    n.Multiple: _multiple,
    n.Comparison: _binary,
    n.Both: _binary,
    n.Either: _binary,
    n.Persistence: _held,
}
