"""Conditions that can never or always hold, and caps that can never or always bind.

What a condition can come to follows from the least values of line items, by the arithmetic that values are
worked out with, and from comparisons of one expression with several numbers.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from thesis.core.interval import NO, YES, Interval, all_of, negation
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
        if isinstance(node, n.Comparison) and node.left == node.right:
            return YES if node.operator in ("<=", ">=", "==") else NO
        return self.ranges.of(node) if _is_condition(node) else EITHER

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
