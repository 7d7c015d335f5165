"""Draws of weights are the same whether they are drawn, remembered or recalled from disk."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tiers import examples
from thesis.core.aggregates import EXAMPLES, aggregate_of
from thesis.core.interval import point
from thesis.core.record import replace_fields
from thesis.files.cache import Cache
from thesis.files.disk import bundled_folder
from thesis.pack.folder import read_folder
from thesis.pack.load import build
from thesis.pack.schema.thesis import Combination, Rule, VerdictTable
from thesis.scoring.aggregate import combine_numbers
from thesis.scoring.assessment import RuleResult
from thesis.scoring.bands import level_of
from thesis.scoring.confidence import steadiness
from thesis.scoring.weight_draws import WeightDraws

FLOOR = 0.05
ASKED = ((1.0, 2.0, 0.0), 50, 20.0, 7)


def _tuples(draws: WeightDraws) -> list[tuple[float, ...]]:
    return list(zip(*draws.around(*ASKED), strict=True))


@cache
def bundled_table() -> VerdictTable:
    return build(read_folder(bundled_folder("rules") / "amzn-4t", "amzn-4t"))[0].thesis.verdict


def _with(cache: Cache) -> WeightDraws:
    draws = WeightDraws()
    draws.cache = cache
    return draws


def test_recalled_draws_are_those_that_were_drawn(tmp_path: Path) -> None:
    drawn = _tuples(WeightDraws())
    assert len(drawn) == 1 + 2**3 + 50  # the weights, their corners, the draws
    assert drawn[0] == (1 / 3, 2 / 3, 0.0)
    assert {each[2] for each in drawn} == {0.0}
    assert [sum(each) for each in drawn] == pytest.approx([1.0] * len(drawn))
    kept = Cache(tmp_path)
    assert _tuples(_with(kept)) == drawn
    assert _tuples(_with(kept)) == drawn
    assert [path for path in tmp_path.rglob("*") if path.is_file()]


@pytest.mark.parametrize("damage", [b"", b"not what it was", b"\x00" * 100])
def test_a_damaged_file_is_drawn_anew(damage: bytes, tmp_path: Path) -> None:
    kept = Cache(tmp_path)
    drawn = _tuples(_with(kept))
    for path in tmp_path.rglob("*"):
        if path.is_file():
            path.write_bytes(damage)
    assert _tuples(_with(kept)) == drawn


@given(
    st.lists(st.tuples(st.floats(0, 1), st.floats(0.1, 9)), min_size=1, max_size=9), st.sampled_from(EXAMPLES)
)
@examples(30)
def test_with_numpy_and_without_each_total_is_the_same(pairs: list[tuple[float, float]], how: str) -> None:
    """The total under each weighting, to the last bit, is what the aggregate makes of the scores to 1e-12."""
    pytest.importorskip("numpy")
    scores, weights = [score for score, _ in pairs], [weight for _, weight in pairs]
    weightings = WeightDraws().around(weights, 20, 20.0, 1)
    aggregate = aggregate_of(how)
    with_numpy = list(aggregate.under(weightings, scores, FLOOR))
    with pytest.MonkeyPatch.context() as patch:
        patch.delitem(sys.modules, "numpy")
        without = list(aggregate.under(weightings, scores, FLOOR))
    assert with_numpy == without
    for row, whole in zip(zip(*weightings, strict=True), without, strict=True):
        assert whole == pytest.approx(
            aggregate.mark(combine_numbers(scores, row, how, FLOOR), FLOOR), abs=1e-9
        )


def _steady(scores: list[float], how: str = "mean") -> float:
    table = replace_fields(bundled_table(), combine=Combination(how, "max"))
    rules = [Rule(f"c{i}", "", "", "", []) for i in range(len(scores))]
    leaf: Any = None
    found = [
        RuleResult("condition", r, point(s), "", 1.0, (), leaf) for r, s in zip(rules, scores, strict=True)
    ]
    return steadiness(table, found, lambda total: (level_of(total.lo), level_of(total.hi)))


@pytest.mark.parametrize("how", ["mean", "geometric", "harmonic", "cubic"])
@pytest.mark.parametrize("score", [0.25, 0.5, 0.75])
def test_scores_that_all_stand_on_an_edge_stay_at_it_under_every_weighting(score: float, how: str) -> None:
    """Rounding puts a third of these totals a hair below the edge; that is no other verdict."""
    assert _steady([score] * 5, how) == 1.0
    assert _steady([score - 5e-13] * 5, how) == 1.0


def test_where_weights_have_no_say_every_weighting_agrees() -> None:
    assert [_steady([0.1, 0.9, 0.9], how) for how in ("min", "lowest(2)", "highest(2)", "max")] == [1.0] * 4
    assert _steady([0.1, 0.9, 0.9]) < 1.0
