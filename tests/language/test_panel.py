"""Panels by example: three companies, a few quarters, answers one can check by hand."""

from __future__ import annotations

import gc
import math
import subprocess
import sys
import weakref

import numpy as np
import pytest

from thesis.core.interval import EVERYTHING, UNKNOWN, YES, Interval, point
from thesis.language.panel import Panel, PanelEvaluator, Series, blocks, evaluate
from thesis.language.syntax import parse

GAP = math.nan
# rows are quarters, oldest first; columns are companies: one that grows, one with a gap, one that shrinks
REVENUE = np.array(
    [
        [100.0, 100.0, 100.0],
        [102.0, GAP, 98.0],
        [104.0, 104.0, 96.0],
        [107.0, 107.0, 94.0],
        [110.0, 110.0, 92.0],
        [115.0, 115.0, 90.0],
    ]
)
LAST = 5


def worked_out(text: str, facts: dict[str, Series] | None = None, **metrics: str) -> Panel:
    formulas = {name: parse(formula) for name, formula in metrics.items()}
    return evaluate({"x": parse(text)}, facts or {"revenue": REVENUE}, formulas)["x"]


def test_growth_of_every_company_at_once() -> None:
    growth = worked_out("yoy(revenue)")
    assert growth.is_point
    assert growth.cell(4, 0) == point(110 / 100 - 1)
    assert growth.cell(LAST, 1) == EVERYTHING  # its base is the gap
    assert growth.cell(3, 0) == EVERYTHING  # its base is before the first quarter


def test_ten_percent_is_at_least_ten_percent() -> None:
    assert worked_out("yoy(revenue) >= 10%").cell(4, 0) == YES


def test_a_gap_makes_an_answer_unknown_only_where_it_matters() -> None:
    fell = worked_out("revenue < 95 in 1 of last 5 quarters")
    assert fell.lo.dtype == bool
    assert [fell.cell(LAST, company) for company in range(3)] == [Interval(0, 0), UNKNOWN, YES]


def test_a_sum_with_a_gap_is_not_known() -> None:
    year = worked_out("ttm(revenue)")
    assert [year.cell(4, company) for company in range(3)] == [point(423.0), EVERYTHING, point(380.0)]
    assert year.cell(LAST, 1) == point(436.0)


def test_the_lowest_of_a_window_with_a_gap_has_an_upper_end() -> None:
    assert worked_out("min(revenue, 6)").cell(LAST, 1) == Interval(-math.inf, 100.0)


def test_a_division_by_zero_is_not_known() -> None:
    assert worked_out("1 / (revenue - 100)").cell(0, 0) == EVERYTHING


def test_ranges_and_one_sided_values_are_pairs_of_arrays() -> None:
    lo, hi = np.array([[10.0, 25.0, GAP]]), np.array([[12.0, GAP, 7.0]])
    doubled = worked_out("2 * x", {"x": (lo, hi)})
    assert not doubled.is_point
    assert [doubled.cell(0, company) for company in range(3)] == [
        Interval(20, 24),
        Interval(50, math.inf),
        Interval(-math.inf, 14),
    ]


def test_a_metric_stands_for_its_formula() -> None:
    assert worked_out("lag(margin, 1)", margin="revenue / 200").cell(LAST, 0) == point(0.55)


def test_before_the_first_quarter_a_constant_is_still_a_constant() -> None:
    before = worked_out("lag(if(revenue > 1, 5, 5), 3)")
    assert before.cell(0, 0) == point(5.0)


def test_a_window_may_be_longer_than_the_panel() -> None:
    assert worked_out("lag(revenue, 80)").cell(LAST, 0) == EVERYTHING
    assert worked_out("streak(revenue > 90, 80)").cell(LAST, 0) == Interval(6, 80)


def test_what_does_not_depend_on_facts_is_the_same_everywhere() -> None:
    assert worked_out("25%..45%").cell(0, 2) == Interval(0.25, 0.45)
    assert worked_out("2 > 1").cell(LAST, 2) == YES


def test_a_given_name_is_given_in_every_quarter() -> None:
    panel = evaluate(
        {"x": parse("change(revenue, 1)")}, {"revenue": REVENUE}, {}, {"revenue": Interval(1, 2)}
    )["x"]
    assert panel.cell(0, 0) == Interval(-1, 1)


def test_a_part_that_is_written_twice_is_worked_out_once() -> None:
    class Counting(dict[str, np.ndarray]):
        asked = 0

        def __getitem__(self, name: str) -> np.ndarray:
            self.asked += 1
            return super().__getitem__(name)

    facts = Counting(revenue=REVENUE)
    evaluator = PanelEvaluator(facts, {})
    evaluator.panel(parse("revenue + lag(revenue, 1) + lag(revenue, 2)"))
    assert facts.asked == 1


def test_blocks_come_one_at_a_time_and_whole_together() -> None:
    expressions = {"x": parse("qoq(revenue)")}
    parts = list(blocks(expressions, {"revenue": REVENUE}, block=2))
    assert [part for part, _ in parts] == [slice(0, 2), slice(2, 3)]
    whole = evaluate(expressions, {"revenue": REVENUE}, block=2, threads=2)["x"]
    np.testing.assert_array_equal(np.hstack([found["x"].lo for _, found in parts]), whole.lo)


def test_a_block_is_let_go_of_without_the_collector() -> None:
    gc.disable()
    try:
        evaluator = PanelEvaluator({"revenue": REVENUE}, {})
        evaluator.panel(parse("streak(yoy(revenue) > 1%, 3)"))
        held = weakref.ref(evaluator)
        del evaluator
        assert held() is None
    finally:
        gc.enable()


def test_results_may_be_written_over_earlier_ones() -> None:
    expressions = {"x": parse("revenue * 2")}
    first = evaluate(expressions, {"revenue": REVENUE})
    again = evaluate(expressions, {"revenue": REVENUE * 10}, into=first)
    assert again["x"] is first["x"]
    assert first["x"].cell(0, 0) == point(2000.0)


def test_no_entities_give_empty_panels() -> None:
    assert evaluate({"x": parse("yoy(revenue)")}, {"revenue": np.empty((6, 0))})["x"].shape == (6, 0)


def test_series_of_different_shapes_are_refused() -> None:
    with pytest.raises(ValueError, match="all of one shape"):
        worked_out("a + b", {"a": REVENUE, "b": REVENUE[1:]})
    with pytest.raises(ValueError, match="quarters x entities"):
        worked_out("a", {"a": REVENUE[0]})


def test_a_name_without_a_series_is_an_error() -> None:
    with pytest.raises(KeyError, match="revenues"):
        worked_out("yoy(revenues)")


def test_a_panel_says_what_it_is() -> None:
    assert repr(worked_out("revenue")) == "points of 6 quarters x 3 entities"
    assert repr(worked_out("revenue > 1")) == "ranges of 6 quarters x 3 entities"


def test_the_way_to_one_company_needs_no_arrays() -> None:
    code = "import sys, thesis.language.evaluate, thesis.scoring.aggregate; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
