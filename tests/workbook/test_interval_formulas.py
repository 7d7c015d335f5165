"""The workbook's arithmetic: each formula gives what ``thesis.core.interval`` gives, for any ranges."""

from __future__ import annotations

import math
import warnings
from functools import cache
from itertools import pairwise
from typing import Any

from hypothesis import assume, example, given
from hypothesis import strategies as st

from tests.tiers import examples
from thesis.core import interval as iv
from thesis.core.interval import EVERYTHING, Interval, point
from thesis.language.functions import cagr
from thesis.scoring.bands import band_score
from thesis.workbook import interval_formulas as e
from thesis.workbook.interval_formulas import EndFormulas
from thesis.workbook.measures_sheet import band_place_formula

numbers = st.sampled_from([0.0, 1.0, -1.0, 0.1, -0.25, 3.0, 2e11]) | st.floats(-1e12, 1e12).filter(
    lambda x: x == 0 or abs(x) > 1e-6
)


@st.composite
def ranges(draw: st.DrawFn) -> Interval:
    """Points, ranges, what is known from one side only, and what is not known."""
    kind = draw(st.sampled_from(["point", "range", "at least", "at most", "unknown"]))
    a, b = sorted((draw(numbers), draw(numbers)))
    found = {"point": point(a), "range": Interval(a, b), "at least": Interval(a, math.inf),
             "at most": Interval(-math.inf, b), "unknown": EVERYTHING}  # fmt: skip
    return found[kind]


A, B, C = EndFormulas("A1", "B1"), EndFormulas("C1", "D1"), EndFormulas("E1", "F1")


@cache
def compiled(text: str) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of that package, not of ours
        from formulas import Parser

        return Parser().ast(f"={text}")[1].compile()


def worked_out(text: str, *values: Interval) -> float:
    """A formula of A1, B1 ... with the ends of some values in these cells."""
    cells = dict(
        zip(
            "ABCDEF",
            (e.number_literal(end) for value in values for end in (value.lo, value.hi)),
            strict=False,
        )
    )
    function = compiled(text)
    found = function(*(cells[str(name)[0]] for name in function.inputs))
    return float(found if not hasattr(found, "item") else found.item())


def comes_to(ends: EndFormulas, expected: Interval, *values: Interval) -> bool:
    return all(
        _alike(worked_out(text, *values), float(end))
        for text, end in ((ends.lo, expected.lo), (ends.hi, expected.hi))
    )


def _alike(found: float, expected: float) -> bool:
    if math.isinf(expected):
        return abs(found) >= e.BEYOND and found * expected > 0
    return math.isclose(found, expected, rel_tol=1e-9, abs_tol=1e-9)


@examples(150)
@given(ranges(), ranges())
@example(EVERYTHING, point(0.0))
@example(Interval(0.0, math.inf), Interval(-1.0, 0.0))
@example(Interval(2.0, math.inf), Interval(3.0, math.inf))
@example(Interval(-1.0, 2.0), Interval(-3.0, 4.0))
def test_sums_differences_products_and_quotients(a: Interval, b: Interval) -> None:
    assert comes_to(e.sum_formula([(1, A), (1, B)]), a + b, a, b)
    assert comes_to(e.sum_formula([(1, A), (-1, B)]), a - b, a, b)
    assert comes_to(e.product_formula(A, B), a * b, a, b)
    assert comes_to(e.quotient_formula(A, B), iv.quotient(a, b), a, b)


@examples(80)
@given(ranges(), ranges())
@example(point(5.0), point(-2.0))
@example(point(5.0), Interval(-2.0, 4.0))
def test_a_multiple_of_what_is_not_positive_lies_beyond_every_threshold(a: Interval, b: Interval) -> None:
    assume(not math.isinf(iv.magnitude(a).hi))  # of two without a bound a sheet knows less
    assert comes_to(e.multiple(A, B, is_highest=True), iv.multiple(a, b, math.inf), a, b)
    assert comes_to(e.multiple(A, B, is_highest=False), iv.multiple(a, b, -math.inf), a, b)


@examples(60)
@given(ranges(), numbers.filter(bool))
def test_by_a_number_that_is_written_out(a: Interval, number: float) -> None:
    written = e.literal(number)
    assert written.number == number
    assert comes_to(e.product_formula(A, written), a * point(number), a)
    assert comes_to(e.product_formula(written, A), point(number) * a, a)
    assert comes_to(e.quotient_formula(A, written), a / point(number), a)
    assert comes_to(e.quotient_formula(written, A), iv.quotient(point(number), a), a)


@examples(100)
@given(ranges(), ranges())
@example(Interval(1.0, math.inf), Interval(2.0, math.inf))
def test_growth_over_a_quarter_and_over_years(now: Interval, then: Interval) -> None:
    assert comes_to(e.growth_formula(A, B), iv.growth(now, then), now, then)
    expected = cagr({0: now, 8: then}.__getitem__, 2)  # type: ignore[arg-type]  # looks past nothing
    assert comes_to(e.compound_growth_formula(A, B, 2), expected, now, then)


@examples(100)
@given(ranges(), ranges(), st.sampled_from([iv.NO, iv.YES, iv.UNKNOWN]))
def test_comparisons_answers_and_choices(a: Interval, b: Interval, truth: Interval) -> None:
    assert comes_to(e.at_least_formula(A, B), iv.at_least(a, b), a, b)
    assert comes_to(e.negation_formula(e.at_least_formula(A, B)), iv.below(a, b), a, b)
    assert comes_to(e.least_formula([A, B]), iv.least(a, b), a, b)
    assert comes_to(e.largest_formula([A, B]), iv.greatest(a, b), a, b)
    assert comes_to(e.magnitude_formula(A), iv.magnitude(a), a)
    assert comes_to(e.either_formula(C, A, B), iv.choice(truth, a, b), a, b, truth)


@given(st.floats(0.05, 1.0))
def test_a_value_on_an_edge_counts_as_past_it(edge: float) -> None:
    """To twelve digits, whichever way the last bits fell."""
    for value in (edge, edge * (1 - 1e-15), edge * (1 + 1e-15), edge * (1 - 1e-9)):
        found = worked_out(f"IF({e.reaches_formula('A1', 'C1')},1,0)", point(value), point(edge))
        assert bool(found) == iv.reaches(value, edge)


edges = (
    st.lists(st.floats(-1.0, 1.0), min_size=5, max_size=5, unique=True)
    .map(sorted)
    .filter(lambda found: min(b - a for a, b in pairwise(found)) > 1e-3)
)


@examples(60)
@given(ranges(), edges, st.booleans())
def test_where_a_value_stands_among_its_edges(value: Interval, rising: list[float], falls: bool) -> None:
    bounds = rising[::-1] if falls else rising
    expected = band_score(value, bounds)
    written = [e.literal(bound).lo for bound in bounds]
    low, high = ("B1", "A1") if falls else ("A1", "B1")
    assert comes_to(
        EndFormulas(band_place_formula(low, written), band_place_formula(high, written)), expected, value
    )
