"""One language, two carriers: floats one quarter at a time and arrays give the same answers.

Both are worked out from the same text over the same series, which are short enough that every
window also reaches before the first quarter. Endpoints must be equal to the last bit, but for what
``cagr`` takes a root in: numpy and the C library may round a power differently in the last place.
"""

from __future__ import annotations

import math
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, event, example, given
from hypothesis import strategies as st

from tests.properties.calls import calls, sample_call
from tests.tiers import examples
from thesis.case.case import definition
from thesis.core.aggregates import EXAMPLES
from thesis.core.interval import EVERYTHING, Interval
from thesis.core.period import Quarter
from thesis.language import nodes as n
from thesis.language.evaluate import Evaluator
from thesis.language.functions import FUNCTIONS
from thesis.language.panel import Panel, Series, blocks, evaluate
from thesis.language.syntax import parse
from thesis.scoring.aggregate import combine
from thesis.scoring.bands import band_score

QUARTERS, ENTITIES = 9, 2
NAMES = ("revenue", "costs", "labs.backlog", "margin")
START = Quarter.parse("2020Q1")
BANDS = ([0.05, 0.10, 0.15, 0.20, 0.30], [3.0, 2.5, 2.0, 0.0, -1.0])
Cell = tuple[float, float]
MISSING: Cell = (-math.inf, math.inf)

# Few numbers, so that ties, zeros, equal neighbours and edges of bands come up often.
numbers = st.sampled_from(
    [0.0, 1.0, -1.0, 2.0, 3.0, 100.0, 110.0, 0.1, 0.15, -0.5, 4.2e10, 1e-3]
) | st.floats(-1e12, 1e12, allow_subnormal=False)
points = numbers.map(lambda a: (a, a))
ranges = st.tuples(numbers, numbers).map(lambda ends: (min(ends), max(ends)))
one_sided = numbers.map(lambda a: (a, math.inf)) | numbers.map(lambda a: (-math.inf, a))
known_or_not = points | points | points | st.just(MISSING)
anything = known_or_not | ranges | one_sided


def grids(cells: st.SearchStrategy[Cell]) -> st.SearchStrategy[list[list[Cell]]]:
    row = st.lists(cells, min_size=ENTITIES, max_size=ENTITIES)
    return st.lists(row, min_size=QUARTERS, max_size=QUARTERS)


series_by_name = st.fixed_dictionaries({name: grids(known_or_not) | grids(anything) for name in NAMES[:3]})

literals = st.sampled_from(["0", "1", "2.5", "10%", "25bp", "110", "4e12", "-3", "5%..10%", "-1..2"])
counts = st.integers(1, 10)


def _numbers(x: st.SearchStrategy[str], c: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Every operator and function that gives a number."""
    operators = st.builds("({} {} {})".format, x, st.sampled_from("+-*/"), x)
    return st.one_of(operators, calls(x, c, counts), st.builds("(-{})".format, x))


def _conditions(x: st.SearchStrategy[str], c: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    signs = st.sampled_from(["<", "<=", ">", ">=", "==", "!="])
    return st.one_of(
        st.builds("({} {} {})".format, x, signs, x),
        st.builds("({} {} {})".format, c, st.sampled_from(["and", "or"]), c),
        st.builds("(not {})".format, c),
        st.builds("({} for {} quarters)".format, c, counts),
        counts.flatmap(
            lambda m: st.builds("({} in {} of last {} quarters)".format, c, st.integers(1, m), st.just(m))
        ),
    )


def _expressions(depth: int) -> tuple[st.SearchStrategy[str], st.SearchStrategy[str]]:
    leaves = st.sampled_from(NAMES) | st.sampled_from(NAMES) | literals
    compared = st.builds("({} {} {})".format, leaves, st.sampled_from(["<", ">=", "=="]), leaves)
    x, c = leaves, compared
    for _ in range(depth):
        x, c = st.one_of(x, _numbers(x, c)), st.one_of(c, _conditions(x, c))
    return _numbers(x, c), _conditions(x, c)


number_expressions, condition_expressions = _expressions(2)
METRICS = {"margin": parse("(ttm(revenue) - ttm(costs)) / ttm(revenue)")}


def as_series(grid: list[list[Cell]], *, as_points: bool) -> Series:
    """Arrays for a grid of cells: one with NaN for gaps where all are points, else a pair."""
    lo, hi = (
        np.array([[cell[0] for cell in row] for row in grid]),
        np.array([[cell[1] for cell in row] for row in grid]),
    )
    if as_points and bool(np.all((lo == hi) | (np.isinf(lo) & np.isinf(hi)))):
        return np.where(lo == hi, lo, np.nan)
    return np.where(np.isinf(lo), np.nan, lo), np.where(np.isinf(hi), np.nan, hi)


def one_by_one(
    node: n.Node, grids: dict[str, list[list[Cell]]], metrics: dict[str, n.Node] = METRICS
) -> list[list[Interval]]:
    """The answers of the float carrier, quarter by quarter and entity by entity."""
    columns = []
    for entity in range(ENTITIES):

        def lookup(name: str, quarter: Quarter, entity: int = entity) -> Interval:
            row = quarter.index - START.index
            if not 0 <= row < QUARTERS:
                return EVERYTHING
            lo, hi = grids[name][row][entity]
            return Interval(lo, lo) if lo == hi else Interval(lo, hi)

        evaluator = Evaluator(lookup, metrics)
        columns.append([evaluator.ask(node, START + row) for row in range(QUARTERS)])
    return [[columns[entity][row] for entity in range(ENTITIES)] for row in range(QUARTERS)]


def same(a: float, b: float, *, exactly: bool) -> bool:
    return a == b or (not exactly and math.isclose(a, b, rel_tol=1e-12))


def assert_same(panel: Panel, cells: list[list[Interval]], *, exactly: bool = True) -> None:
    for row in range(QUARTERS):
        for entity in range(ENTITIES):
            found, expected = panel.cell(row, entity), cells[row][entity]
            assert same(found.lo, expected.lo, exactly=exactly), (row, entity, found, expected)
            assert same(found.hi, expected.hi, exactly=exactly), (row, entity, found, expected)


@given(st.data())
def test_numbers_are_the_same_on_both_carriers(data: st.DataObject) -> None:
    check(data.draw(number_expressions), data)


@given(st.data())
def test_answers_are_the_same_on_both_carriers(data: st.DataObject) -> None:
    check(data.draw(condition_expressions), data)


def check(text: str, data: st.DataObject) -> None:
    node = parse(text)
    cells = data.draw(series_by_name)
    as_points = data.draw(st.booleans())
    facts = {name: as_series(grid, as_points=as_points) for name, grid in cells.items()}
    for part in node.walk():
        event(part.function if isinstance(part, n.Call) else type(part).__name__)
    panel = evaluate({"x": node}, facts, METRICS, block=data.draw(st.integers(1, ENTITIES)))["x"]
    # A root that differs in the last place may be magnified by a difference, or tip a comparison that
    # is a tie: what is built on one is compared only where it is the last step.
    inside = [part for root in (node, *METRICS.values()) for part in root.walk() if part is not node]
    if not any(isinstance(part, n.Call) and part.function == "cagr" for part in inside):
        assert_same(panel, one_by_one(node, cells), exactly="cagr" not in text)


@pytest.mark.parametrize("function", sorted(FUNCTIONS))
@examples(20)
@given(cells=series_by_name, as_points=st.booleans(), window=st.integers(2, 10))
def test_every_function_is_the_same_on_both_carriers(
    function: str, cells: dict[str, list[list[Cell]]], as_points: bool, window: int
) -> None:
    node = parse(sample_call(function, "margin", "revenue > costs", window))
    facts = {name: as_series(grid, as_points=as_points) for name, grid in cells.items()}
    panel = evaluate({"x": node}, facts, METRICS)["x"]
    assert_same(panel, one_by_one(node, cells), exactly=function != "cagr")


OPERATIONS = (
    *(f"revenue {sign} costs" for sign in "+-*/"),
    *(f"revenue {sign} costs" for sign in ("<", "<=", ">", ">=", "==", "!=")),
    *("revenue / 0", "revenue * 2", "2 / revenue", "revenue - revenue", "-revenue", "revenue / 3..5"),
    *("revenue > 1 and costs > 1", "revenue > 1 or costs > 1", "not revenue > costs"),
    *("not (2 > 1 and revenue > 1)", "revenue > 1 for 3 quarters", "revenue > 1 in 3 of last 4 quarters"),
)


@pytest.mark.parametrize("text", OPERATIONS)
@examples(20)
@given(cells=series_by_name, as_points=st.booleans())
def test_every_operator_is_the_same_on_both_carriers(
    text: str, cells: dict[str, list[list[Cell]]], as_points: bool
) -> None:
    facts = {name: as_series(grid, as_points=as_points) for name, grid in cells.items()}
    assert_same(evaluate({"x": parse(text)}, facts)["x"], one_by_one(parse(text), cells))


@pytest.mark.parametrize("side", ["highest", "lowest"])
@examples(20)
@given(cells=series_by_name, as_points=st.booleans())
def test_a_multiple_is_the_same_on_both_carriers(
    side: str, cells: dict[str, list[list[Cell]]], as_points: bool
) -> None:
    node = definition("revenue / costs", side)
    facts = {name: as_series(grid, as_points=as_points) for name, grid in cells.items()}
    assert_same(evaluate({"x": node}, facts)["x"], one_by_one(node, cells))


@pytest.mark.parametrize("side", ["highest", "lowest"])
@examples(20)
@given(cells=series_by_name, as_points=st.booleans())
def test_a_quotient_that_is_found_by_its_text_is_that_multiple_on_both_carriers(
    side: str, cells: dict[str, list[list[Cell]]], as_points: bool
) -> None:
    bounded = {**METRICS, "revenue / costs": definition("revenue / costs", side)}
    facts = {name: as_series(grid, as_points=as_points) for name, grid in cells.items()}
    for text in ("revenue / costs", "-max(revenue / costs, 2) < -150%", "revenue / costs - lag(margin, 1)"):
        named = {**METRICS, "multiple": bounded["revenue / costs"]}
        by_name = parse(text.replace("revenue / costs", "multiple"))
        found = evaluate({"x": parse(text)}, facts, bounded)["x"]
        assert_same(found, one_by_one(parse(text), cells, bounded))
        assert_same(found, one_by_one(by_name, cells, named))


@given(grid=grids(known_or_not) | grids(anything), edges=st.sampled_from(BANDS), as_points=st.booleans())
def test_band_scores_are_the_same_on_both_carriers(
    grid: list[list[Cell]], edges: list[float], as_points: bool
) -> None:
    expected = [[band_score(Interval(*cell), edges) for cell in row] for row in grid]
    facts = {"x": as_series(grid, as_points=as_points)}

    def scored(found: dict[str, Interval]) -> dict[str, Interval]:
        return {"score": band_score(found["x"], edges)}

    assert_same(evaluate({"x": parse("x")}, facts, finish=scored)["score"], expected)


@given(
    st.lists(st.tuples(grids(known_or_not), st.sampled_from([0.0, 0.5, 1.0, 3.0])), min_size=1, max_size=4),
    st.sampled_from(EXAMPLES),
)
def test_scores_combine_to_the_same_on_both_carriers(
    parts: list[tuple[list[list[Cell]], float]], how: str
) -> None:
    """To 1e-12: numpy's logarithms and powers may differ from those of Python in the last digit."""
    weights = [weight for _, weight in parts]
    assume(any(weights))
    panels = [
        [np.array([[cell[end] for cell in row] for row in grid]) for end in (0, 1)] for grid, _ in parts
    ]
    single = [[[band_score(Interval(*cell), BANDS[0]) for cell in row] for row in grid] for grid, _ in parts]
    found: Any = combine([band_score(Panel(*each), BANDS[0]) for each in panels], weights, how, 0.05)
    for row, entity in product(range(QUARTERS), range(ENTITIES)):
        expected = combine([grid[row][entity] for grid in single], weights, how, 0.05)
        cell = found.cell(row, entity)
        assert (cell.lo, cell.hi) == pytest.approx((expected.lo, expected.hi), abs=1e-12)


@given(cells=series_by_name, value=anything)
@example(cells={name: [[(1.0, 1.0)] * ENTITIES] * QUARTERS for name in NAMES[:3]}, value=MISSING)
def test_what_is_given_is_the_same_on_both_carriers(cells: dict[str, list[list[Cell]]], value: Cell) -> None:
    """A name set to a value is so in every quarter, those before the first among them."""
    node = parse("lag(margin, 2) + yoy(costs) >= margin / revenue for 2 quarters")
    given_ = {"revenue": Interval(*value), "costs": EVERYTHING}
    facts = {name: as_series(grid, as_points=True) for name, grid in cells.items()}
    panel = evaluate({"x": node}, facts, METRICS, given_)["x"]
    for entity in range(ENTITIES):
        grid_ = {name: [[row[entity]] * ENTITIES for row in grid] for name, grid in cells.items()}
        evaluator = Evaluator(lambda name, q, g=grid_: _cell(g[name], q), METRICS, given_)  # type: ignore[misc]
        for row in range(QUARTERS):
            expected = evaluator.ask(node, START + row)
            found = panel.cell(row, entity)
            assert (found.lo, found.hi) == (expected.lo, expected.hi)


def _cell(grid: list[list[Cell]], quarter: Quarter) -> Interval:
    row = quarter.index - START.index
    return Interval(*grid[row][0]) if 0 <= row < QUARTERS else EVERYTHING


@examples(20)
@given(cells=series_by_name, width=st.integers(1, ENTITIES), threads=st.integers(1, 3))
def test_neither_blocks_nor_threads_change_an_answer(
    cells: dict[str, list[list[Cell]]], width: int, threads: int
) -> None:
    expressions = {"a": parse("yoy(margin) > 5% in 2 of last 3 quarters"), "b": parse("mean(margin, 3)")}
    facts = {name: as_series(grid, as_points=True) for name, grid in cells.items()}
    whole = evaluate(expressions, facts, METRICS)
    threaded = evaluate(expressions, facts, METRICS, block=width, threads=threads)
    for part, found in blocks(expressions, facts, METRICS, block=width):
        for name, value in found.items():
            for end in ("lo", "hi"):
                expected = getattr(whole[name], end)
                np.testing.assert_array_equal(getattr(value, end), expected[:, part])
                np.testing.assert_array_equal(getattr(threaded[name], end), expected)
