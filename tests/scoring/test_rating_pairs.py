"""The nearest pair of measures: where no single figure changes the rating, which two would together."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tiers import examples
from thesis.core.interval import point
from thesis.narrative.rating_change_text import rating_pair_text
from thesis.pack.schema.thesis import (
    Cap,
    Combination,
    Measure,
    Rule,
    TotalLabels,
    VerdictTable,
)
from thesis.scoring.assessment import MeasureResult, RatingPair, RuleResult
from thesis.scoring.bands import band_score
from thesis.scoring.rating_changes import RatingStage, rating_changes
from thesis.scoring.rating_pairs import WITHIN, rating_pairs

EDGES = (0.0, 0.25, 0.5, 0.75, 1.0)
LABELS = TotalLabels(["broken", "weak", "met", "strong"], ["low", "elevated", "high", "severe"])
ROWS = {label: [label.upper()] * 4 for label in LABELS.conditions}


def table(how: str = "mean", caps: tuple[Cap, ...] = ()) -> VerdictTable:
    """The verdict is the label of the conditions' total alone, but for caps."""
    levels = [label.upper() for label in LABELS.conditions]
    return VerdictTable(levels, LABELS, ROWS, levels[0], caps=caps, combine=Combination(how, "max"))


def condition(name: str, value: float, typical: float | None, weight: float = 1.0) -> RuleResult:
    measure = Measure(weight=1.0, metric=f"m_{name}", bands=("0%", "25%", "50%", "75%", "100%"))
    score = band_score(point(value), EDGES)
    leaf = MeasureResult(
        "metric",
        f"m_{name}",
        name,
        measure,
        score,
        "",
        1.0,
        "fresh",
        value=point(value),
        edges=EDGES,
        typical=typical,
        show="percent",
    )
    return RuleResult(
        "condition", Rule(name, name, "", "", [measure], weight=weight), score, "", 1.0, (leaf,), leaf
    )


def found(
    conditions: list[RuleResult], how: str = "mean", caps: tuple[Cap, ...] = ()
) -> dict[bool, RatingPair]:
    stage = RatingStage(table(how, caps), conditions, [], [])
    return {pair.better: pair for pair in rating_pairs(stage, rating_changes(stage))}


def test_the_two_that_get_there_by_the_fewest_moves_are_told() -> None:
    """(.6 + x, .6 + y, .6) has to reach .75: .45 more, of which two that move by .1 and .05 bring .15 a move.

    None can alone, for it would have to rise to 1.05.
    """
    rules = [condition("a", 0.6, 0.1), condition("b", 0.6, 0.05), condition("c", 0.6, 0.04)]
    pair = found(rules)[True]
    assert (pair.to, [part.rule for part in pair.parts]) == ("STRONG", ["a", "b"])
    assert pair.moves == pytest.approx(3.0, abs=1e-9)
    assert [part.value for part in pair.parts] == pytest.approx([0.9, 0.75])
    assert rating_pair_text(pair) == (
        "the nearest pair: a above 90.0% with b above 75.0% gives STRONG, each 3 typical quarterly moves away"
    )


def test_of_equal_pairs_the_first_by_its_id_is_told_whatever_the_order_of_the_file() -> None:
    rules = [condition(name, 0.6, 0.1) for name in "dbca"]
    pair = found(rules)[True]
    assert [part.rule for part in pair.parts] == ["a", "b"]


def test_no_pair_within_six_moves_is_an_answer() -> None:
    rules = [condition(name, 0.6, 0.01) for name in "abc"]
    pair = found(rules)[True]
    assert (pair.to, pair.moves, pair.parts) == ("", None, ())
    assert rating_pair_text(pair) == "no pair of figures within 6 typical quarterly moves each"


def test_nothing_is_told_where_a_single_figure_does_it_or_there_is_nowhere_to_go() -> None:
    """From .6 a single measure brings the mean of three below .5, if it falls to .3."""
    assert False not in found([condition(name, 0.6, 0.1) for name in "abc"])
    assert True not in found([condition(name, 0.9, 0.1) for name in "abc"])


def test_a_measure_without_a_typical_move_is_in_no_pair() -> None:
    rules = [condition("a", 0.6, None), condition("b", 0.6, 0.1), condition("c", 0.6, 0.1)]
    assert [part.rule for part in found(rules)[True].parts] == ["b", "c"]


def test_two_that_do_nothing_by_themselves_are_found_together() -> None:
    """Under ``min`` the total stays at .4 until both of the lowest have risen."""
    rules = [condition("a", 0.9, 0.1), condition("b", 0.4, 0.05), condition("c", 0.4, 0.1)]
    pair = found(rules, "min")[True]
    assert (pair.to, [part.rule for part in pair.parts]) == ("MET", ["b", "c"])
    assert pair.moves == pytest.approx(2.0, abs=1e-6)


def test_a_cap_is_lifted_by_the_two_that_it_counts() -> None:
    caps = (Cap(1, "50%", "WEAK"),)
    rules = [condition("a", 0.45, 0.01), condition("b", 0.4, 0.05), condition("c", 0.9, 0.1)]
    pair = found(rules, caps=caps)[True]
    assert (pair.to, [part.rule for part in pair.parts]) == ("MET", ["a", "b"])
    assert pair.moves == pytest.approx(5.0, abs=1e-6)


@given(
    st.lists(st.tuples(st.floats(0.05, 0.95), st.floats(0.01, 0.2)), min_size=3, max_size=5),
    st.sampled_from(["mean", "geometric", "min", "lowest(2)"]),
)
@examples(40)
def test_no_other_pair_is_nearer_and_a_little_less_changes_nothing(
    values: list[tuple[float, float]], how: str
) -> None:
    rules = [condition(f"c{i}", value, typical) for i, (value, typical) in enumerate(values)]

    def verdict(movers: tuple[int, ...], moves: float, sign: int) -> int:
        moved = [
            condition(f"c{i}", value + sign * moves * typical, typical) if i in movers else rules[i]
            for i, (value, typical) in enumerate(values)
        ]
        return RatingStage(table(how), moved, [], []).now

    now = RatingStage(table(how), rules, [], []).now
    for better, pair in found(rules, how).items():
        sign = 1 if better else -1
        if not pair.to:
            assert all(verdict(two, WITHIN - 1e-6, sign) == now for two in combinations(range(len(rules)), 2))
            continue
        assert pair.moves is not None
        chosen = tuple(int(part.rule[1:]) for part in pair.parts)
        assert (verdict(chosen, pair.moves + 1e-6, sign) > now) == better
        for two in combinations(range(len(rules)), 2):
            if pair.moves > 1e-6:
                assert verdict(two, pair.moves - 1e-6, sign) == now
