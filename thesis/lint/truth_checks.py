"""Conditions that can never or always hold, and caps that can never or always bind.

What a condition can come to follows from the least values of line items, by the arithmetic that values are
worked out with, and from comparisons of one expression with several numbers.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import chain
from typing import NamedTuple, TypeGuard

from thesis.core.interval import NO, YES, Interval, all_of, at_least, below, equal, negation, point
from thesis.language import nodes as n
from thesis.language.normal_form import CONTRARY, FLIPPED
from thesis.language.syntax import parse
from thesis.lint.compared_texts import Text, conditions_of, forecast_conditions, formulas_of
from thesis.lint.divisors import Ranges
from thesis.lint.problem_list import ProblemList
from thesis.pack.folder import THESIS
from thesis.pack.schema.thesis import Cap
from thesis.pack.scores import fraction

EITHER = Interval(0.0, 1.0)


class TruthChecks:
    """The warnings about what is settled before any figure is known."""

    def __init__(self, report: ProblemList) -> None:
        self.report = report
        self.pack = report.pack
        self.truths = Truths(Ranges(report.pack))

    def doubts(self, doubted: Collection[Text] = ()) -> None:
        """Conditions and caps that are settled; ``doubted``: expressions of which something else is told."""
        texts = chain(conditions_of(self.pack), formulas_of(self.pack), forecast_conditions(self.pack))
        for text in texts:
            for part, answer in self.truths.settled(parse(text.text)) if text.text else ():
                if text in doubted:
                    continue
                how = "always holds" if answer == YES else "can never hold"
                span = self.report.documents[text.file].within(text.path, part.start, part.length)
                hint = "compare a figure with what it may or may not reach"
                self.report.warning(
                    "never-or-always", f"`{part}` {how}, whatever the figures are", span, hint
                )
        for i, cap in enumerate(self.pack.thesis.verdict.caps):
            told = self._cap(cap)
            if told:
                span = self.report.span(THESIS, "verdict", "caps", i)
                count = len(self.pack.thesis.conditions)
                some = "1 condition" if count == 1 else f"1 to {count} conditions"
                hint = f"expected {some} below a score above 0%"
                self.report.warning("never-or-always", told, span, hint)

    def _cap(self, cap: Cap) -> str:
        """Why a cap always or never binds; empty where figures decide."""
        conditions, levels = len(self.pack.thesis.conditions), self.pack.thesis.verdict.levels
        if cap.conditions <= 0:
            return f"this cap always binds: {cap.conditions} or more conditions are always below {cap.below}"
        if cap.conditions > conditions > 0:
            return f"this cap never binds: it takes {cap.conditions} conditions, and there are {conditions}"
        if not fraction(cap.below) > 0:
            return f"this cap never binds: no score is below {cap.below}"
        if cap.at_most == levels[-1]:
            return f"this cap never binds: {cap.at_most} is the best verdict there is"
        return ""


class SettledPart(NamedTuple):
    """A part of an expression whose answer no figure can change."""

    node: n.Node
    answer: Interval


class Truths:
    """What conditions can come to, whatever the figures are."""

    def __init__(self, ranges: Ranges) -> None:
        self.ranges = ranges

    def settled(self, node: n.Node) -> Iterator[SettledPart]:
        """The largest parts of an expression that are conditions and always, or never, hold."""
        if _is_condition(node):
            answer = self.of(node)
            if answer.is_point:
                yield SettledPart(node, answer)
                return
        for child in node.children():
            yield from self.settled(child)

    def of(self, node: n.Node) -> Interval:
        """Yes, no, or either."""
        if isinstance(node, n.Persistence):
            return self.of(node.condition)
        if isinstance(node, n.Not):
            return negation(self.of(node.operand))
        if isinstance(node, n.Both):
            return self._all(list(_joined(node, n.Both)))
        if isinstance(node, n.Either):
            parts = _joined(node, n.Either)
            return negation(self._all([n.Not(each.start, each.length, each) for each in parts]))
        if isinstance(node, n.Comparison):
            settled = self._by_terms(node)
            if settled is not None:
                return settled
        return self.ranges.of(node) if _is_condition(node) else EITHER

    def _by_terms(self, node: n.Comparison) -> Interval | None:
        """The answer of a comparison that its own terms settle; None where they do not.

        What stands on both sides goes out, as in ``x - x > 0``. Of what is left, some figures are never more
        than others: ``min(x, 4)`` is never more than ``max(x, 4)``.
        """
        number, terms = _difference(node)
        if not terms:
            left, right = point(number), point(0.0)
        elif number == 0 and len(terms) == 2 and sorted(sign for sign, _ in terms) == [-1.0, 1.0]:
            (_, smaller), (_, larger) = sorted(terms, key=lambda term: term[0])
            if _never_more(smaller, larger):  # the difference is zero or more
                left, right = Interval(0.0, math.inf), point(0.0)
            elif _never_more(larger, smaller):
                left, right = Interval(-math.inf, 0.0), point(0.0)
            else:
                return None
        else:
            return None
        answer = _COMPARED[node.operator](left, right)
        return answer if answer.is_point else None

    def _all(self, parts: Sequence[n.Node]) -> Interval:
        """Whether all parts hold: no, where one never does or some of one expression exclude each other."""
        found = YES
        for part in parts:
            found = all_of(found, self.of(part))
        return NO if self._exclude(parts) else found

    def _exclude(self, parts: Sequence[n.Node]) -> bool:
        """Whether the comparisons of some expression with numbers leave it no value."""
        left: dict[str, _Remainder] = {}
        for part in parts:
            found = self._comparison(part)
            if found:
                left.setdefault(found.expression, _Remainder()).take(found.operator, found.number)
        return any(each.is_empty for each in left.values())

    def _comparison(self, part: n.Node) -> _Limit | None:
        """What a part says of one expression; None where it is no comparison with a number."""
        is_contrary = False
        while isinstance(part, n.Not):
            part, is_contrary = part.operand, not is_contrary
        if not isinstance(part, n.Comparison):
            return None
        left, operator, right = part.left, part.operator, part.right
        if left.is_constant:
            left, operator, right = right, FLIPPED[operator], left
        number = self.ranges.of(right) if right.is_constant and not left.is_constant else EITHER
        if not number.is_point:
            return None
        return _Limit(str(left), CONTRARY[operator] if is_contrary else operator, number.lo)


_COMPARED: Mapping[str, Callable[[Interval, Interval], Interval]] = {
    ">=": at_least,
    "<": below,
    "<=": lambda a, b: at_least(b, a),
    ">": lambda a, b: below(b, a),
    "==": equal,
    "!=": lambda a, b: negation(equal(a, b)),
}


def _difference(node: n.Comparison) -> tuple[float, list[tuple[float, n.Node]]]:
    """The left side less the right one: a number, and each term with how often it is taken."""
    number, terms = 0.0, dict[str, tuple[float, n.Node]]()

    def add(part: n.Node, times: float) -> None:
        nonlocal number
        if isinstance(part, n.Sum):
            add(part.left, times)
            add(part.right, times if part.operator == "+" else -times)
        elif isinstance(part, n.Negative):
            add(part.operand, -times)
        elif isinstance(part, n.Number):
            number += times * part.value
        elif isinstance(part, n.Product) and part.operator == "*" and isinstance(part.left, n.Number):
            add(part.right, times * part.left.value)
        elif isinstance(part, n.Product) and isinstance(part.right, n.Number) and part.right.value:
            scale = part.right.value
            add(part.left, times * scale if part.operator == "*" else times / scale)
        else:
            before = terms[str(part)][0] if str(part) in terms else 0.0
            terms[str(part)] = (before + times, part)

    add(node.left, 1.0)
    add(node.right, -1.0)
    return number, [(times, part) for times, part in terms.values() if times]


def _never_more(smaller: n.Node, larger: n.Node) -> bool:
    """Whether one expression is never more than another, whatever the figures are."""
    low, high = _look_back(smaller), _look_back(larger)
    if low and high and low.argument == high.argument:
        is_low = low.rank == "min" and high.window <= low.window
        is_high = high.rank == "max" and low.window <= high.window
        return is_low or is_high
    lowest = smaller.arguments if _is_call(smaller, "least") else (smaller,)
    highest = larger.arguments if _is_call(larger, "greatest") else (larger,)
    return any(each in highest for each in lowest)


def _is_call(node: n.Node, name: str) -> TypeGuard[n.Call]:
    return isinstance(node, n.Call) and node.function == name


class _LookBack(NamedTuple):
    """A figure that lies among those of some quarters: the lowest, the highest, or one between."""

    argument: n.Node
    window: int
    rank: str


def _look_back(node: n.Node) -> _LookBack | None:
    """A figure as one of a window of quarters; a figure itself as that of this quarter alone."""
    if isinstance(node, n.Call) and node.function in ("min", "max", "mean", "median", "nth"):
        counts = [each for each in node.arguments[1:] if isinstance(each, n.Number) and each.text.isdigit()]
        if len(counts) != len(node.arguments) - 1:
            return None
        return _LookBack(node.arguments[0], int(counts[-1].text), node.function)
    return None if node.is_constant else _LookBack(node, 1, "itself")


class _Limit(NamedTuple):
    """That an expression is less than, equal to or more than a number."""

    expression: str
    operator: str
    number: float


class _Remainder:
    """What an expression may still be once each limit has been taken."""

    def __init__(self) -> None:
        self.low, self.high = -math.inf, math.inf
        self.is_above = self.is_below = False  # and neither of the two ends itself
        self.excepted: set[float] = set()

    def take(self, operator: str, number: float) -> None:
        if operator in (">", ">=", "=="):
            self.low, self.is_above = max((self.low, self.is_above), (number, operator == ">"))
        if operator in ("<", "<=", "=="):
            high, self.is_below = max((-self.high, self.is_below), (-number, operator == "<"))
            self.high = -high
        if operator == "!=":
            self.excepted.add(number)

    @property
    def is_empty(self) -> bool:
        if self.low < self.high:
            return False
        return self.low > self.high or self.is_above or self.is_below or self.low in self.excepted


def _joined(node: n.Node, kind: type[n.Binary]) -> Iterator[n.Node]:
    if isinstance(node, kind):
        yield from _joined(node.left, kind)
        yield from _joined(node.right, kind)
    else:
        yield node


def _is_condition(node: n.Node) -> bool:
    return isinstance(node, (n.Comparison, n.Both, n.Either, n.Not, n.Persistence))
