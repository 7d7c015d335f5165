"""Formulas: expressions of the rule language as spreadsheet formulas, a step at a time.

A formula reads cells and written numbers only: whatever is an operand and neither a name nor a number has a
row of its own, in which it is worked out for each quarter. So a ratio shows its two sides, and "four quarters
ago" is the cell so many columns to the left.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from thesis.language import nodes as n
from thesis.language.functions import LOOKBACK
from thesis.workbook import ends as e
from thesis.workbook.ends import Ends

DEEPEST = 12  # brackets in brackets


class Cells(Protocol):
    """Where the operands of a formula stand, seen from a cell of some quarter."""

    def at(self, node: n.Node, back: int) -> Ends:
        """An operand so many quarters back."""

    def span(self, node: n.Node, back: int, quarters: int) -> Ends:
        """Its quarters up to so many back, as a range of cells."""


def formula(node: n.Node, cells: Cells) -> Ends:
    """An expression as formulas over cells."""
    fixed = constant(node)
    return fixed if fixed is not None else _FORMULAS[type(node)](node, cells)


def constant(node: n.Node) -> Ends | None:
    """A number that is written out, or a range of two; None for anything else."""
    if isinstance(node, n.Number):
        return e.literal(node.value)
    if isinstance(node, n.Negative):
        inner = constant(node.operand)
        return e.negative(inner) if inner and inner.number is not None else None
    if isinstance(node, n.Range):
        lo, hi = constant(node.lo), constant(node.hi)
        return Ends(lo.lo, hi.hi) if lo and hi else None
    return None


def operand(node: n.Node, cells: Cells, back: int = 0) -> Ends:
    """What stands on one side of an operator: a number, or the cell it is worked out in."""
    fixed = constant(node)
    if fixed is not None:
        return fixed
    if isinstance(node, n.Call) and node.function == "lag":
        return operand(node.arguments[0], cells, back + _whole(node.arguments[1]))
    return cells.at(node, back)


def _whole(node: n.Node) -> int:
    assert isinstance(node, n.Number)  # units.infer saw to it
    return int(node.text)


def _name(node: n.Name, cells: Cells) -> Ends:
    return operand(node, cells)


def _range(node: n.Range, cells: Cells) -> Ends:
    values = [operand(node.lo, cells), operand(node.hi, cells)]
    return Ends(e.least(values).lo, e.largest(values).hi)


def _negative(node: n.Negative, cells: Cells) -> Ends:
    return e.negative(operand(node.operand, cells))


def _sum(node: n.Sum, cells: Cells) -> Ends:
    return e.added([(sign, operand(term, cells)) for sign, term in _terms(node, 1)])


def _terms(node: n.Node, sign: int) -> list[tuple[int, n.Node]]:
    """The terms of a sum of sums, each with its sign."""
    if not isinstance(node, n.Sum):
        return [(sign, node)]
    return [*_terms(node.left, sign), *_terms(node.right, sign if node.operator == "+" else -sign)]


def _product(node: n.Product, cells: Cells) -> Ends:
    combine = e.times if node.operator == "*" else e.over
    return combine(operand(node.left, cells), operand(node.right, cells))


def _comparison(node: n.Comparison, cells: Cells) -> Ends:
    a, b = operand(node.left, cells), operand(node.right, cells)
    if node.operator in ("<", ">"):
        return e.contrary(e.at_least(a, b) if node.operator == "<" else e.at_least(b, a))
    if node.operator in (">=", "<="):
        return e.at_least(a, b) if node.operator == ">=" else e.at_least(b, a)
    same = e.least([e.at_least(a, b), e.at_least(b, a)])
    return same if node.operator == "==" else e.contrary(same)


def _both(node: n.Both, cells: Cells) -> Ends:
    return e.least([operand(node.left, cells), operand(node.right, cells)])


def _either(node: n.Either, cells: Cells) -> Ends:
    return e.largest([operand(node.left, cells), operand(node.right, cells)])


def _not(node: n.Not, cells: Cells) -> Ends:
    return e.contrary(operand(node.operand, cells))


def _held(node: n.Held, cells: Cells) -> Ends:
    answers = cells.span(node.condition, 0, node.window)
    return Ends(*(f"IF(SUM({answers[end]})>={node.least},1,0)" for end in (0, 1)))


def _call(node: n.Call, cells: Cells) -> Ends:
    return _CALLS[node.function](node.arguments, cells)


_FORMULAS: dict[type[n.Node], Callable[..., Ends]] = {
    n.Name: _name,
    n.Range: _range,
    n.Negative: _negative,
    n.Sum: _sum,
    n.Product: _product,
    n.Comparison: _comparison,
    n.Both: _both,
    n.Either: _either,
    n.Not: _not,
    n.Held: _held,
    n.Call: _call,
}

# the functions of the language -----------------------------------------------------------------------

Arguments = tuple[n.Node, ...]
Function = Callable[[Arguments, Cells], Ends]


def _lag(arguments: Arguments, cells: Cells) -> Ends:
    return operand(arguments[0], cells, _whole(arguments[1]))


def _change(arguments: Arguments, cells: Cells) -> Ends:
    then = operand(arguments[0], cells, _whole(arguments[1]))
    return e.added([(1, operand(arguments[0], cells)), (-1, then)])


def _growth(quarters: int) -> Function:
    return lambda arguments, cells: e.grown(
        operand(arguments[0], cells), operand(arguments[0], cells, quarters)
    )


def _windowed(function: str, quarters: int = 0) -> Function:
    """SUM, AVERAGE, MIN or MAX of the last quarters, end by end."""

    def over(arguments: Arguments, cells: Cells) -> Ends:
        span = cells.span(arguments[0], 0, quarters or _whole(arguments[1]))
        return Ends(f"{function}({span.lo})", f"{function}({span.hi})")

    return over


def _nth(arguments: Arguments, cells: Cells) -> Ends:
    span, rank = cells.span(arguments[0], 0, _whole(arguments[2])), _whole(arguments[1])
    return Ends(f"LARGE({span.lo},{rank})", f"LARGE({span.hi},{rank})")


def _cagr(arguments: Arguments, cells: Cells) -> Ends:
    years = _whole(arguments[1])
    return e.compounded(operand(arguments[0], cells), operand(arguments[0], cells, 4 * years), years)


def _streak(arguments: Arguments, cells: Cells) -> Ends:
    """Answers of the newest quarters, until one is no: each counts if all before it do."""
    answers = [operand(arguments[0], cells, back) for back in range(_whole(arguments[1]))]
    return Ends(*(_run([answer[end] for answer in answers]) for end in (0, 1)))


def _run(answers: list[str]) -> str:
    """How many of the first answers are 1, in pieces that no program finds too deep."""
    some, rest = answers[:DEEPEST], answers[DEEPEST:]
    told = some[-1]
    for answer in reversed(some[:-1]):
        told = f"{answer}*(1+{told})"
    return f"{told}+({told}={len(some)})*({_run(rest)})" if rest else told


def _latest(arguments: Arguments, cells: Cells) -> Ends:
    """The newest quarter of which something is known."""
    quarters = [operand(arguments[0], cells, back) for back in range(LOOKBACK)]

    def side(end: int) -> str:
        told = quarters[-1][end]
        for value in reversed(quarters[:-1]):
            told = f"IF(AND({value.lo}<=-1E+60,{value.hi}>=1E+60),{told},{value[end]})"
        return told

    return Ends(side(0), side(1))


def _choice(arguments: Arguments, cells: Cells) -> Ends:
    condition, yes, no = (operand(argument, cells) for argument in arguments)
    return e.either(condition, yes, no)


def _least(arguments: Arguments, cells: Cells) -> Ends:
    return e.least([operand(argument, cells) for argument in arguments])


def _greatest(arguments: Arguments, cells: Cells) -> Ends:
    return e.largest([operand(argument, cells) for argument in arguments])


def _abs(arguments: Arguments, cells: Cells) -> Ends:
    return e.magnitude(operand(arguments[0], cells))


_CALLS: dict[str, Function] = {
    "lag": _lag,
    "change": _change,
    "yoy": _growth(4),
    "qoq": _growth(1),
    "ttm": _windowed("SUM", 4),
    "mean": _windowed("AVERAGE"),
    "min": _windowed("MIN"),
    "max": _windowed("MAX"),
    "sum": _windowed("SUM"),
    "nth": _nth,
    "cagr": _cagr,
    "streak": _streak,
    "latest": _latest,
    "if": _choice,
    "least": _least,
    "greatest": _greatest,
    "abs": _abs,
}
