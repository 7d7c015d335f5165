"""One sum: added one by one on every carrier, and no other way to add behind a score or a printed figure."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from thesis.core.interval import NO, Interval, total
from thesis.files.disk import bundled_folder
from thesis.language.panel import Panel

ROOT = Path(__file__).parents[2]
PROGRAM = ROOT / "thesis"

BUILT_IN = {"sum", "fsum", "sumprod", "fmean"}
OF_ARRAYS = {
    *("sum", "nansum", "mean", "nanmean", "average", "std", "var", "cov", "corrcoef", "cumsum", "reduce"),
    *("dot", "vdot", "inner", "matmul", "tensordot", "einsum", "trapezoid", "convolve", "linalg"),
    *("stdev", "variance", "pstdev"),
}
LIBRARIES = {"np", "numpy", "math", "statistics"}
COUNTS = {bool.__name__, int.__name__, len.__name__, isinstance.__name__}
WHOLE_NUMBERS = {
    "counts.sum",
    "np.cumsum",
    "sum((each.n for each in bins))",
    "sum((fact.provenance.is_secondary for fact in found))",
    "sum((item.times for item in held))",
    "sum((len(cell) + 1 for cell in cells[:index]))",
    "sum((len(line) + 1 for line in lines[:start.line - 1]))",
    "sum((m * m for m in sizes))",
    "sum((most for _, most in needs))",
    "sum((reaches(value, scores.parse_score(text)) for text in forecast.levels))",
    "sum((times[i] * self.lookups(argument) for i, argument in enumerate(node.arguments)))",
    "sum((self.lookups(child) for child in node.children()))",
    "sum((line.is_backtest for line in self.lines))",
    "sum((report.lookups(node) for node in nodes if _is_in_order(node)))",
    "sum(bits)",
    "sum(days)",
    "sum(group.y)",
    "sum(hits)",
    "sum(named)",
    "sum(map(len, listed))",
    "sum(self.y)",
    "sum(sizes)",
    "sum(sizes.values())",
    "sum(taken.unmapped.values())",
    "sum(widths)",
    "sum(widths[:-1])",
    "sum(widths[len(row) - 1:])",
}
"""Sums of whole numbers, which come out the same in any order and by any way, where that does not show."""
NO_SUMS = {
    "values.cumsum",  # in `total` itself
    "self.sum",  # the parser's rule of that name
}


def _is_count(argument: ast.expr) -> bool:
    """Whether what is added up is said to be yes or no, or a length."""
    if not isinstance(argument, ast.GeneratorExp | ast.ListComp):
        return False
    each = argument.elt
    if isinstance(each, ast.BoolOp):
        return any(isinstance(part, ast.Compare) for part in each.values)
    if isinstance(each, ast.Call):
        return isinstance(each.func, ast.Name) and each.func.id in COUNTS
    return isinstance(each, ast.Compare) or (isinstance(each, ast.UnaryOp) and isinstance(each.op, ast.Not))


def other_sums(source: str) -> Iterator[tuple[int, str]]:
    """The line and the text of every sum in a module that is neither `total` nor plainly a count."""
    tree = ast.parse(source)
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in BUILT_IN:
            if not (node.func.id == "sum" and len(node.args) == 1 and _is_count(node.args[0])):
                yield node.lineno, ast.unparse(node)
        elif isinstance(node, ast.Name) and node.id in BUILT_IN and id(node) not in called:
            yield node.lineno, node.id
        elif isinstance(node, ast.Attribute) and node.attr in BUILT_IN | OF_ARRAYS:
            if id(node) in called or (isinstance(node.value, ast.Name) and node.value.id in LIBRARIES):
                yield node.lineno, ast.unparse(node)
        elif isinstance(node, ast.BinOp | ast.AugAssign):
            if isinstance(node.op, ast.MatMult):
                yield node.lineno, ast.unparse(node)
        elif isinstance(node, ast.ImportFrom) and node.module in ("math", "statistics", "numpy"):
            named = [each.name for each in node.names if each.name in BUILT_IN | OF_ARRAYS]
            yield from ((node.lineno, f"from {node.module} import {name}") for name in named)


def test_every_sum_of_the_program_is_the_one_that_all_interpreters_agree_on() -> None:
    found = [
        (text, f"{path.relative_to(PROGRAM)}:{line}: {text}")
        for path in sorted(PROGRAM.rglob("*.py"))
        for line, text in other_sums(path.read_text("utf-8"))
    ]
    new = [told for text, told in found if text not in WHOLE_NUMBERS | NO_SUMS]
    assert not new, "use thesis.core.interval.total, or list what adds whole numbers: " + "; ".join(new)
    assert {text for text, _ in found} == WHOLE_NUMBERS | NO_SUMS, "listed, and no longer there"


def test_no_template_adds_up() -> None:
    """Jinja's filter is the built-in sum."""
    for path in bundled_folder("templates").rglob("*.j2"):
        assert not re.search(r"\|\s*sum\b", path.read_text("utf-8")), path


@pytest.mark.parametrize(
    "line",
    [
        "x = sum(weights)",
        "x = sum(w * s for w, s in parts)",
        "x = sum(m.weight for m in measures)",
        "x = math.fsum(values)",
        "x = list(map(sum, rows))",
        "x = array.sum()",
        "x = np.mean(array)",
        "x = a @ b",
        "a @= b",
        "x = np.linalg.inv(a)",
        "from math import fsum as added",
        "x = np.add.reduce(a)",
    ],
)
def test_another_sum_would_be_found(line: str) -> None:
    assert list(other_sums(line))


@pytest.mark.parametrize(
    "line", ["x = sum(a > b for a, b in pairs)", "x = sum(not each for each in found)", "x = total(weights)"]
)
def test_a_count_is_no_sum_of_figures(line: str) -> None:
    assert not list(other_sums(line))


NUMBERS = st.lists(st.floats(-1e15, 1e15), max_size=40)


@given(NUMBERS)
def test_each_step_of_a_total_is_rounded(values: list[float]) -> None:
    """Every partial sum is the nearest float to the exact sum of the one before and the next value."""
    expected = Fraction(0)
    for value in values:
        expected = Fraction(float(expected + Fraction(value)))
    assert total(values) == expected


@given(NUMBERS)
def test_arrays_and_intervals_come_to_the_same_as_numbers(values: list[float]) -> None:
    expected = total(values)
    array = np.array(values)
    assert total(array) == expected
    assert total(np.array([values, values]).ravel()) == total(np.array([values, values]))
    assert total([Interval(value, value + 1) for value in values], NO).lo == expected
    columns = total([np.array([value, -value]) for value in values], np.zeros(2))
    assert columns.tolist() == [expected, -expected]
    panel = total([Panel.exactly(np.array([[value]])) for value in values], Panel.exactly(np.zeros((1, 1))))
    assert panel.cell(0, 0).lo == expected


@given(NUMBERS, st.randoms(use_true_random=False), st.data())
def test_a_sorted_total_has_no_order_and_rises_with_each_value(
    values: list[float], dice: object, data: st.DataObject
) -> None:
    mixed = list(values)
    dice.shuffle(mixed)  # type: ignore[attr-defined]
    assert total(sorted(mixed)) == total(sorted(values))
    if values:
        place = data.draw(st.integers(0, len(values) - 1))
        mixed = list(values)
        mixed[place] += data.draw(st.floats(0, 1e15))
        assert total(sorted(mixed)) >= total(sorted(values))


def test_nothing_adds_up_to_the_start() -> None:
    assert total([]) == 0.0
    assert total(np.array([])) == 0.0
    assert total([], Decimal(0)) == Decimal(0)
    assert total([Decimal("0.1")] * 3, Decimal(0)) == Decimal("0.3")
