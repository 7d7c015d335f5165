"""Expressions of the rule language as spreadsheet formulas, one step at a time.

A formula reads cells and written numbers only: whatever is an operand and neither a name nor a number has a
row of its own, in which it is worked out for each quarter. So a ratio shows its two sides, and "four quarters
ago" is the cell so many columns to the left.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from thesis.language import nodes as n
from thesis.language.evaluate import whole
from thesis.language.functions import FUNCTIONS, SERIES
from thesis.workbook import interval_formulas as e
from thesis.workbook.interval_formulas import EndFormulas

DEEPEST = 12  # brackets in brackets


class OperandCells(Protocol):
    """Where the operands of a formula stand, seen from a cell of some quarter."""

    def at(self, node: n.Node, back: int) -> EndFormulas:
        """An operand so many quarters back."""

    def span(self, node: n.Node, back: int, quarters: int) -> EndFormulas:
        """Its quarters up to so many back, as a range of cells."""

    def is_skipped(self, node: n.Node, back: int) -> bool:
        """Whether `latest` looks past an operand there, once it is unknown."""


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
        return operand(node.arguments[0], cells, back + whole(node.arguments[1]))
    return cells.at(node, back)


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


def _multiple(node: n.Multiple, cells: OperandCells) -> EndFormulas:
    return e.multiple(operand(node.left, cells), operand(node.right, cells), is_highest=node.beyond > 0)


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
    function = FUNCTIONS[node.function]
    arguments = [
        argument if function.kind(i) in SERIES else whole(argument)
        for i, argument in enumerate(node.arguments)
    ]
    found: EndFormulas = function.cells(_Functions(cells), *arguments)
    return found


_FORMULAS: dict[type[n.Node], Callable[..., EndFormulas]] = {
    n.Name: _name,
    n.Range: _range,
    n.Negative: _negative,
    n.Sum: _sum,
    n.Product: _product,
    n.Multiple: _multiple,
    n.Comparison: _comparison,
    n.Both: _both,
    n.Either: _either,
    n.Not: _not,
    n.Persistence: _held,
    n.Call: _call,
}

# the functions of the language -----------------------------------------------------------------------


class _Functions:
    """What the functions of the language need of a spreadsheet; see ``language.functions.Sheet``."""

    def __init__(self, cells: OperandCells) -> None:
        self.cells = cells

    def at(self, argument: n.Node, back: int) -> EndFormulas:
        return operand(argument, self.cells, back)

    def over(self, name: str, argument: n.Node, quarters: int) -> EndFormulas:
        span = self.cells.span(argument, 0, quarters)
        return EndFormulas(f"{name}({span.lo})", f"{name}({span.hi})")

    def nth(self, argument: n.Node, rank: int, quarters: int) -> EndFormulas:
        span = self.cells.span(argument, 0, quarters)
        return EndFormulas(f"LARGE({span.lo},{rank})", f"LARGE({span.hi},{rank})")

    def difference(self, now: EndFormulas, then: EndFormulas) -> EndFormulas:
        return e.sum_formula([(1, now), (-1, then)])

    growth = staticmethod(e.growth_formula)
    compound = staticmethod(e.compound_growth_formula)
    either = staticmethod(e.either_formula)
    smallest = staticmethod(e.least_formula)
    largest = staticmethod(e.largest_formula)
    size = staticmethod(e.magnitude_formula)

    def run(self, answers: Sequence[EndFormulas]) -> EndFormulas:
        """Answers of the newest quarters, until one is no: each counts if all before it do."""
        return EndFormulas(*(_run([answer[end] for answer in answers]) for end in (0, 1)))

    def newest(self, argument: n.Node, quarters: int) -> EndFormulas:
        """The newest quarter of which something is known, past those that were not reported.

        How far to look is settled as the sheet is written: a conflict of sources is no figure in a cell.
        """
        values = [self.at(argument, 0)]
        while len(values) < quarters and self.cells.is_skipped(argument, len(values) - 1):
            values.append(self.at(argument, len(values)))

        def side(end: int) -> str:
            told = values[-1][end]
            for value in reversed(values[:-1]):
                told = f"IF(AND({value.lo}<=-1E+60,{value.hi}>=1E+60),{told},{value[end]})"
            return told

        return EndFormulas(side(0), side(1))


def _run(answers: list[str]) -> str:
    """How many of the first answers are 1, in pieces that no program finds too deep."""
    some, rest = answers[:DEEPEST], answers[DEEPEST:]
    told = some[-1]
    for answer in reversed(some[:-1]):
        told = f"{answer}*(1+{told})"
    return f"{told}+({told}={len(some)})*({_run(rest)})" if rest else told
