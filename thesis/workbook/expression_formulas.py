"""Expressions of the rule language as spreadsheet formulas, a step at a time.

A formula reads cells and written numbers only: whatever is an operand and neither a name nor a number has a
row of its own, in which it is worked out for each quarter. So a ratio shows its two sides, and "four quarters
ago" is the cell so many columns to the left.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from thesis.language import nodes as n
from thesis.language.functions import LOOKBACK
from thesis.workbook import interval_formulas as e
from thesis.workbook.interval_formulas import EndFormulas

DEEPEST = 12  # brackets in brackets


class OperandCells(Protocol):
    """Where the operands of a formula stand, seen from a cell of some quarter."""

    def at(self, node: n.Node, back: int) -> EndFormulas:
        """An operand so many quarters back."""

    def span(self, node: n.Node, back: int, quarters: int) -> EndFormulas:
        """Its quarters up to so many back, as a range of cells."""


def expression_formula(node: n.Node, cells: OperandCells) -> EndFormulas:
    """An expression as formulas over cells."""
    fixed = constant(node)
    return fixed if fixed is not None else _FORMULAS[type(node)](node, cells)


def constant(node: n.Node) -> EndFormulas | None:
    """A number that is written out, or a range of two; None for anything else."""
    if isinstance(node, n.Number):
        return e.literal(node.value)
    if isinstance(node, n.Negative):
        inner = constant(node.operand)
        return e.negative_formula(inner) if inner and inner.number is not None else None
    if isinstance(node, n.Range):
        lo, hi = constant(node.lo), constant(node.hi)
        return EndFormulas(lo.lo, hi.hi) if lo and hi else None
    return None


def operand(node: n.Node, cells: OperandCells, back: int = 0) -> EndFormulas:
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


def _name(node: n.Name, cells: OperandCells) -> EndFormulas:
    return operand(node, cells)


def _range(node: n.Range, cells: OperandCells) -> EndFormulas:
    values = [operand(node.lo, cells), operand(node.hi, cells)]
    return EndFormulas(e.least_formula(values).lo, e.largest_formula(values).hi)


def _negative(node: n.Negative, cells: OperandCells) -> EndFormulas:
    return e.negative_formula(operand(node.operand, cells))


def _sum(node: n.Sum, cells: OperandCells) -> EndFormulas:
    return e.sum_formula([(sign, operand(term, cells)) for sign, term in _terms(node, 1)])


def _terms(node: n.Node, sign: int) -> list[tuple[int, n.Node]]:
    """The terms of a sum of sums, each with its sign."""
    if not isinstance(node, n.Sum):
        return [(sign, node)]
    return [*_terms(node.left, sign), *_terms(node.right, sign if node.operator == "+" else -sign)]


def _product(node: n.Product, cells: OperandCells) -> EndFormulas:
    combine = e.product_formula if node.operator == "*" else e.quotient_formula
    return combine(operand(node.left, cells), operand(node.right, cells))


def _comparison(node: n.Comparison, cells: OperandCells) -> EndFormulas:
    a, b = operand(node.left, cells), operand(node.right, cells)
    if node.operator in ("<", ">"):
        return e.negation_formula(
            e.at_least_formula(a, b) if node.operator == "<" else e.at_least_formula(b, a)
        )
    if node.operator in (">=", "<="):
        return e.at_least_formula(a, b) if node.operator == ">=" else e.at_least_formula(b, a)
    same = e.least_formula([e.at_least_formula(a, b), e.at_least_formula(b, a)])
    return same if node.operator == "==" else e.negation_formula(same)


def _both(node: n.Both, cells: OperandCells) -> EndFormulas:
    return e.least_formula([operand(node.left, cells), operand(node.right, cells)])


def _either(node: n.Either, cells: OperandCells) -> EndFormulas:
    return e.largest_formula([operand(node.left, cells), operand(node.right, cells)])


def _not(node: n.Not, cells: OperandCells) -> EndFormulas:
    return e.negation_formula(operand(node.operand, cells))


def _held(node: n.Persistence, cells: OperandCells) -> EndFormulas:
    answers = cells.span(node.condition, 0, node.window)
    return EndFormulas(*(f"IF(SUM({answers[end]})>={node.least},1,0)" for end in (0, 1)))


def _call(node: n.Call, cells: OperandCells) -> EndFormulas:
    return _CALLS[node.function](node.arguments, cells)


_FORMULAS: dict[type[n.Node], Callable[..., EndFormulas]] = {
    n.Name: _name,
    n.Range: _range,
    n.Negative: _negative,
    n.Sum: _sum,
    n.Product: _product,
    n.Comparison: _comparison,
    n.Both: _both,
    n.Either: _either,
    n.Not: _not,
    n.Persistence: _held,
    n.Call: _call,
}

# the functions of the language -----------------------------------------------------------------------

Arguments = tuple[n.Node, ...]
Function = Callable[[Arguments, OperandCells], EndFormulas]


def _lag(arguments: Arguments, cells: OperandCells) -> EndFormulas:
    return operand(arguments[0], cells, _whole(arguments[1]))


def _change(arguments: Arguments, cells: OperandCells) -> EndFormulas:
    then = operand(arguments[0], cells, _whole(arguments[1]))
    return e.sum_formula([(1, operand(arguments[0], cells)), (-1, then)])


def _growth(quarters: int) -> Function:
    return lambda arguments, cells: e.growth_formula(
        operand(arguments[0], cells), operand(arguments[0], cells, quarters)
    )


def _windowed(function: str, quarters: int = 0) -> Function:
    """SUM, AVERAGE, MIN or MAX of the last quarters, end by end."""

    def over(arguments: Arguments, cells: OperandCells) -> EndFormulas:
        span = cells.span(arguments[0], 0, quarters or _whole(arguments[1]))
        return EndFormulas(f"{function}({span.lo})", f"{function}({span.hi})")

    return over


def _nth(arguments: Arguments, cells: OperandCells) -> EndFormulas:
    span, rank = cells.span(arguments[0], 0, _whole(arguments[2])), _whole(arguments[1])
    return EndFormulas(f"LARGE({span.lo},{rank})", f"LARGE({span.hi},{rank})")


def _cagr(arguments: Arguments, cells: OperandCells) -> EndFormulas:
    years = _whole(arguments[1])
    return e.compound_growth_formula(
        operand(arguments[0], cells), operand(arguments[0], cells, 4 * years), years
    )


def _streak(arguments: Arguments, cells: OperandCells) -> EndFormulas:
    """Answers of the newest quarters, until one is no: each counts if all before it do."""
    answers = [operand(arguments[0], cells, back) for back in range(_whole(arguments[1]))]
    return EndFormulas(*(_run([answer[end] for answer in answers]) for end in (0, 1)))


def _run(answers: list[str]) -> str:
    """How many of the first answers are 1, in pieces that no program finds too deep."""
    some, rest = answers[:DEEPEST], answers[DEEPEST:]
    told = some[-1]
    for answer in reversed(some[:-1]):
        told = f"{answer}*(1+{told})"
    return f"{told}+({told}={len(some)})*({_run(rest)})" if rest else told


def _latest(arguments: Arguments, cells: OperandCells) -> EndFormulas:
    """The newest quarter of which something is known."""
    quarters = [operand(arguments[0], cells, back) for back in range(LOOKBACK)]

    def side(end: int) -> str:
        told = quarters[-1][end]
        for value in reversed(quarters[:-1]):
            told = f"IF(AND({value.lo}<=-1E+60,{value.hi}>=1E+60),{told},{value[end]})"
        return told

    return EndFormulas(side(0), side(1))


def _choice(arguments: Arguments, cells: OperandCells) -> EndFormulas:
    condition, yes, no = (operand(argument, cells) for argument in arguments)
    return e.either_formula(condition, yes, no)


def _least(arguments: Arguments, cells: OperandCells) -> EndFormulas:
    return e.least_formula([operand(argument, cells) for argument in arguments])


def _greatest(arguments: Arguments, cells: OperandCells) -> EndFormulas:
    return e.largest_formula([operand(argument, cells) for argument in arguments])


def _abs(arguments: Arguments, cells: OperandCells) -> EndFormulas:
    return e.magnitude_formula(operand(arguments[0], cells))


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
