"""The record of a condition: its comparisons, how they combine, how near each is to its threshold.

One is made for each kill criterion and for the claim of each condition, from the normal form of its
expression. Whatever prints a criterion prints this record; nothing reads the expression a second time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from thesis.case.case import Case, EvidenceItem
from thesis.core import formatting
from thesis.core.interval import UNKNOWN, Interval, all_of, any_of, apart, kth_largest, magnitude
from thesis.core.period import Quarter
from thesis.language import nodes as n
from thesis.language.normal_form import normal_form_of
from thesis.language.syntax import SyntaxProblem
from thesis.scoring.assessment import ConditionTree, Criterion, Headroom, Waiting
from thesis.scoring.volatility import NEAR, typical_changes_away

SIDES = {
    "<": "below",
    "<=": "at or below",
    ">": "above",
    ">=": "at or above",
    "==": "at exactly",
    "!=": "away from",
}
LONGEST_WAIT = 12  # quarters that are counted backwards or forwards

TypicalChange = Callable[[Case, str, int], float | None]


def criterion(case: Case, text: str, typical: TypicalChange, *, is_good: bool) -> Criterion:
    """The record of a condition in the quarter under review.

    ``is_good``: whether the thesis wants it to hold. Headroom is positive on the side that the thesis wants:
    of a kill criterion while it does not hold, of a claim while it does. ``typical`` gives the typical change
    of an expression for a window of quarters.
    """
    found = _Reading(case, typical, is_good=is_good)
    tree = found.tree(normal_form_of(text), 0)
    return Criterion(tree, tuple(found.comparisons))


class _Reading:
    """One condition being read, comparison by comparison."""

    def __init__(self, case: Case, typical: TypicalChange, *, is_good: bool) -> None:
        self.case = case
        self.typical = typical
        self.is_good = is_good
        self.comparisons: list[Headroom] = []

    def tree(self, node: n.Node, back: int) -> ConditionTree:
        """A part of the condition, as of so many quarters ago."""
        case, quarter = self.case, self.case.quarter - back
        if isinstance(node, (n.Both, n.Either)):
            parts = [each for side in (node.left, node.right) for each in self._flat(side, type(node), back)]
            is_both = isinstance(node, n.Both)
            return ConditionTree(
                "and" if is_both else "or",
                case.evaluator.ask(node, quarter),
                _nearest(parts) if is_both == self.is_good else _farthest(parts, self._is_over),
                parts=tuple(parts),
            )
        if isinstance(node, n.Comparison):
            return self._compared(node, node, 1, 1, back)
        if isinstance(node, n.Persistence) and isinstance(node.condition, n.Comparison):
            return self._compared(node, node.condition, node.least, node.window, back)
        if isinstance(node, n.Persistence):
            return self._span(node, back)
        return ConditionTree("comparison", case.evaluator.ask(node, quarter))

    def _is_over(self, part: ConditionTree) -> bool:
        """Whether a part is certainly where the thesis does not want it."""
        return bool(part.holds.hi == 0.0 if self.is_good else part.holds.lo == 1.0)

    def _flat(self, node: n.Node, kind: type[n.Node], back: int) -> Iterator[ConditionTree]:
        """The parts of a chain such as ``a and b and c``, side by side."""
        if type(node) is kind and isinstance(node, n.Binary):
            for side in (node.left, node.right):
                yield from self._flat(side, kind, back)
        else:
            yield self.tree(node, back)

    def _span(self, node: n.Persistence, back: int) -> ConditionTree:
        """A condition of several comparisons over some quarters: the parts are those of the newest one."""
        case, newest = self.case, self.case.quarter - back
        parts = [self.tree(node.condition, back + i) for i in range(node.window)]
        answers = [case.evaluator.ask(node.condition, newest - i) for i in range(node.window)]
        moves = sorted(each.moves for each in parts if each.moves is not None)
        rank = node.window - node.least if self.is_good else node.least - 1
        return ConditionTree(
            "quarters",
            case.evaluator.ask(node, newest),
            moves[rank] if len(moves) == node.window else None,
            parts=(parts[0],),
            least=node.least,
            window=node.window,
            held=_count(answers),
        )

    def _compared(
        self, node: n.Node, compared: n.Comparison, least: int, window: int, back: int
    ) -> ConditionTree:
        """A comparison, of this quarter or over some quarters; those of earlier ones are not listed."""
        found = self._headroom(compared, least, window, back)
        if not back:
            self.comparisons.append(found)
        return ConditionTree(
            "comparison",
            self.case.evaluator.ask(node, self.case.quarter - back),
            found.moves,
            place=len(self.comparisons) - 1,
            least=least,
            window=window,
            held=found.held,
        )

    def _headroom(self, node: n.Comparison, least: int, window: int, back: int) -> Headroom:
        """The comparison of a value with its threshold: the level that so many quarters reach."""
        case, quarter, ask = self.case, self.case.quarter - back, self.case.evaluator.ask
        quarters = [quarter - i for i in range(window)]
        falls = node.operator in ("<", "<=")
        threshold = _written(node.right)
        shown = self._evidence(node.left, node.right, quarter)
        against = "" if threshold is not None else str(node.right)
        edges = [ask(node.right, at) for at in quarters]
        values = [ask(node.left, at) for at in quarters]
        gaps = [_gap(value, edge, node.operator) for value, edge in zip(values, edges, strict=True)]
        rank = window - least + 1 if falls else least
        if self.is_good:
            gaps = [-gap for gap in gaps]
        gap = kth_largest(gaps, least if self.is_good else window - least + 1)
        measured = str(node.left) if not against else f"({node.left}) - ({node.right})"
        return Headroom(
            label=shown.label,
            value=kth_largest(values, rank),
            edge=_edge_text(case, node.right, threshold, shown, values[0]),
            at=threshold if threshold is not None else edges[0].middle,
            trips=SIDES[node.operator],
            unit=shown.unit,
            show=shown.show,
            gap=gap,
            window=tuple(self._evidence(node.left, node.right, at) for at in quarters),
            sustained=f"{least} of {window}" if window > 1 else "",
            moves=typical_changes_away(gap.lo, self._typical(measured, window)),
            holds=kth_largest([ask(node, at) for at in quarters], least),
            held=_count([ask(node, at) for at in quarters]),
            figure=str(node.left),
            against=against,
        )

    def _typical(self, text: str, window: int) -> float | None:
        try:
            return self.typical(self.case, text, window)
        except SyntaxProblem:  # the difference of two sides that are as long or as deep as they may be
            return None

    def _evidence(self, left: n.Node, right: n.Node, quarter: Quarter) -> EvidenceItem:
        """The evidence of the left side: of a name its own, of an expression what it reads."""
        case = self.case
        if isinstance(left, n.Name) and _is_named(case, left.name) and _written(right) is not None:
            return case.evidence(left.name, quarter)
        asks = [*case.evaluator.asks(left, quarter), *case.evaluator.asks(right, quarter)]
        inputs = tuple(
            dict.fromkeys(
                case.evidence(ask.name, quarter - ask.back) for ask in asks if _is_named(case, ask.name)
            )
        )
        own = (
            case.evidence(left.name, quarter)
            if isinstance(left, n.Name) and _is_named(case, left.name)
            else None
        )
        unit, show = (own.unit, own.show) if own else _look(left, right, inputs)
        return EvidenceItem(
            name=str(left),
            label=own.label if own else str(left),
            unit=unit,
            show=show,
            period=str(quarter),
            value=case.evaluator.ask(left, quarter),
            status="computed",
            formula=str(left),
            inputs=inputs,
        )


def _is_named(case: Case, name: str) -> bool:
    return case.pack.shape(name) is not None


def _look(left: n.Node, right: n.Node, inputs: Sequence[EvidenceItem]) -> tuple[str, str]:
    """The unit of an expression and how it is printed, where no metric says so."""
    growth = isinstance(left, n.Call) and left.function in ("yoy", "qoq", "cagr")
    if growth or any(isinstance(each, n.Number) and each.mark for each in right.walk()):
        return "ratio", "percent"
    units = {(each.unit, each.show) for each in inputs}
    is_quotient = any(isinstance(each, n.Product) for each in left.walk())
    is_count = isinstance(left, n.Call) and left.function == "streak"
    if len(units) == 1 and not is_quotient and not is_count:
        return units.pop()
    return "ratio", "number"


def _written(node: n.Node) -> float | None:
    """A threshold that is written as a number; None where it is worked out."""
    if isinstance(node, n.Number):
        return node.value
    inner = _written(node.operand) if isinstance(node, n.Negative) else None
    return None if inner is None else -inner


def _edge_text(
    case: Case, node: n.Node, threshold: float | None, shown: EvidenceItem, value: Interval
) -> str:
    """A threshold as it is printed: a number in the figure's unit, else its name and what it comes to."""
    if threshold is not None:
        return formatting.edge(str(node), threshold, shown.show, shown.unit)
    name = str(node)
    if isinstance(node, n.Name) and _is_named(case, node.name):
        name = case.evidence(node.name, case.quarter).label
    edge = case.evaluator.ask(node, case.quarter)
    return f"{name} ({formatting.value(edge, shown.show, shown.unit, beside=(value.lo, value.hi))})"


def _gap(value: Interval, edge: Interval, operator: str) -> Interval:
    """How far a comparison is from holding: more than zero while it does not, zero at its threshold."""
    if operator in ("<", "<="):
        return apart(value, edge)
    if operator in (">", ">="):
        return apart(edge, value)
    distance = magnitude(apart(value, edge))
    return distance if operator == "==" else -distance


def _count(answers: Sequence[Interval]) -> int:
    return len([answer for answer in answers if answer.lo == 1.0])


def _farthest(parts: Sequence[ConditionTree], is_over: Callable[[ConditionTree], bool]) -> float | None:
    """Where all have to change, the typical changes of the farthest; None where one has none.

    What has changed already has no way to go, also where its typical change is not known.
    """
    to_go = [part.moves for part in parts if part.moves is not None or not is_over(part)]
    known = [moves for moves in to_go if moves is not None]
    return max(known) if known and len(known) == len(to_go) else None


def _nearest(parts: Sequence[ConditionTree]) -> float | None:
    """Where one is enough: the typical changes of the nearest.

    One whose typical change is not known may be nearer than any, so that only what is near is said then.
    """
    known = [part.moves for part in parts if part.moves is not None]
    if not known or (len(known) < len(parts) and min(known) >= NEAR):
        return None
    return min(known)


# over time ---------------------------------------------------------------------------------------


class Timing:
    """The answers of a kill criterion over quarters, with the built-in wait of two.

    A criterion that is not immediate has to hold in two quarters running. A part of it that says itself over
    how many quarters (``for 2 quarters``, ``in 2 of last 3 quarters``) has waited by then, and is not asked
    of the quarter before once more.
    """

    def __init__(self, case: Case, text: str, *, is_immediate: bool, is_late: bool) -> None:
        self.case = case
        self.node = normal_form_of(text)
        self.is_immediate = is_immediate
        self.is_late = is_late

    @property
    def now(self) -> Interval:
        """Whether it holds in the quarter under review; unknown where the figures are out of date."""
        return UNKNOWN if self.is_late else self._answer(self.node, 0)

    @property
    def triggered(self) -> Interval:
        """Whether it has held for as long as it must."""
        return self.after(0)

    @property
    def waiting(self) -> Waiting | None:
        """For how many quarters the situation has held and must hold; None where it is not waiting.

        ``must`` is the number of quarters after which it would trigger if each quarter to come were like the
        newest.
        """
        if self.is_late or self.triggered.lo == 1.0 or self._bare(self.node, 0).lo < 1.0:
            return None
        to_go = next((i for i in range(1, LONGEST_WAIT + 1) if self.after(i).lo == 1.0), None)
        if to_go is None:
            return None
        held = next((i for i in range(1, LONGEST_WAIT) if self._bare(self.node, -i).lo < 1.0), LONGEST_WAIT)
        return Waiting(held, held + to_go)

    def after(self, at: int) -> Interval:
        """Whether it has triggered so many quarters from now, each of them like the newest."""
        now = self.now if at == 0 else self._answer(self.node, at)
        if self.is_immediate:
            return now
        return all_of(now, self._before(at))

    @property
    def before(self) -> Interval:
        """Whether it held in the quarter before, or has waited for the quarters that it asks for itself."""
        return self._before(0)

    def _before(self, at: int) -> Interval:
        def ask(node: n.Node, back: int) -> Interval:
            is_out_of_date = self.is_late and at == 0 and not back
            return UNKNOWN if is_out_of_date else self._answer(node, at - back)

        return any_of(self._answer(self.node, at - 1), held_before(self.node, ask, all_of, any_of))

    def _answer(self, node: n.Node, at: int) -> Interval:
        """The answer so many quarters from now; quarters to come are like the newest."""
        if at <= 0:
            return self.case.evaluator.ask(node, self.case.quarter + at)
        if isinstance(node, (n.Both, n.Either)):
            return _joined(node, self._answer(node.left, at), self._answer(node.right, at))
        if isinstance(node, n.Persistence):
            return kth_largest([self._answer(node.condition, at - i) for i in range(node.window)], node.least)
        return self._answer(node, 0)

    def _bare(self, node: n.Node, at: int) -> Interval:
        """The answer of one quarter alone, whatever number of quarters is asked for."""
        if isinstance(node, (n.Both, n.Either)):
            return _joined(node, self._bare(node.left, at), self._bare(node.right, at))
        if isinstance(node, n.Persistence):
            return self._bare(node.condition, at)
        return self._answer(node, at)


Answer = TypeVar("Answer")


def held_before(
    node: n.Node,
    ask: Callable[[n.Node, int], Answer],
    both: Callable[[Answer, Answer], Answer],
    either: Callable[[Answer, Answer], Answer],
) -> Answer:
    """A condition as of the quarter before, but for parts that say themselves how many quarters they take.

    Those are asked of this quarter. ``ask`` gives the answer of a part so many quarters ago; ``both`` and
    ``either`` join two answers.
    """
    if isinstance(node, (n.Both, n.Either)):
        join = both if isinstance(node, n.Both) else either
        return join(*(held_before(side, ask, both, either) for side in (node.left, node.right)))
    is_timed = isinstance(node, n.Persistence) and node.least > 1
    return ask(node, 0 if is_timed else 1)


def _joined(node: n.Both | n.Either, left: Interval, right: Interval) -> Interval:
    return all_of(left, right) if isinstance(node, n.Both) else any_of(left, right)
