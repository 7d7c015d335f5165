"""Laws of criteria: what is told of a condition agrees with what the evaluator answers.

Conditions are generated over the figures of the small pack, with ``and``, ``or``, ``not``, spans of quarters
and the functions that look over quarters, and figures of single quarters are set to other values.
"""

from __future__ import annotations

import math
from datetime import date
from functools import cache
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tests.properties.test_expressions import answer, condition_texts, series
from thesis.case.case import Case, parse_once
from thesis.core.interval import Interval, point
from thesis.language import nodes as n
from thesis.language.evaluate import Supposition
from thesis.language.normal_form import comparisons, normal_form_of
from thesis.language.syntax import parse
from thesis.narrative.rating_change_text import criterion_text, kill_criterion_lines
from thesis.pack.folder import read_folder
from thesis.pack.load import build
from thesis.pack.schema.thesis import KillCriterion
from thesis.pricing.priced_case import case_as_of
from thesis.scoring.assessment import ConditionTree, Criterion
from thesis.scoring.criterion import Timing, criterion
from thesis.scoring.rules import RuleScorer, typical_change

ACME = Path(__file__).parents[1] / "data" / "acme"
SIDES = ("<", "<=", ">", ">=")


@cache
def acme() -> Case:
    return case_as_of(build(read_folder(ACME, "acme"))[0], date(2026, 10, 15))


# conditions over the small pack --------------------------------------------------------------------

Texts = st.SearchStrategy[str]
ratios = st.sampled_from(["repairs_growth", "margin", "building_burden"])
amounts = st.sampled_from(["sales", "operating_income", "building"])
signs = st.sampled_from([*SIDES, "==", "!="])
counts = st.integers(1, 4)
_compared = st.one_of(
    st.builds("{} {} {}".format, ratios, signs, st.sampled_from(["0", "10%", "-5%", "18.4%", "250bp"])),
    st.builds("{} {} {}".format, st.sampled_from(["0", "20%", "-5%"]), signs, ratios),
    st.builds("{} {} {}".format, amounts, signs, st.sampled_from(["0", "26e6", "1e9"])),
    st.builds("{} {} {}".format, amounts, signs, amounts),
    st.builds(
        "{}({}, {}) {} {}".format,
        st.sampled_from(["min", "max", "median"]),
        ratios,
        counts,
        signs,
        st.just("9%"),
    ),
    st.builds("streak({} > 10%, 4) {} {}".format, ratios, signs, counts),
    st.builds("nth({}, 2, 3) {} 15%".format, ratios, signs),
)


def _grown(below: Texts) -> Texts:
    return st.one_of(
        st.builds("({} {} {})".format, below, st.sampled_from(["and", "or"]), below),
        st.builds("(not {})".format, below),
        st.builds("({} for {} quarters)".format, below, counts),
        counts.flatmap(
            lambda m: st.builds("({} in {} of last {} quarters)".format, below, st.integers(1, m), st.just(m))
        ),
    )


conditions = st.recursive(_compared.map("({})".format), _grown, max_leaves=5)
changes = st.dictionaries(
    st.sampled_from(["repairs_growth", "margin", "operating_income"]),
    st.tuples(
        st.sampled_from([-0.4, -0.05, 0.0, 0.1, 0.184, 0.2, 5.0, 26e6]),
        st.sampled_from([0.0, 0.0, 0.2]),
        st.sampled_from([1, 2, 4]),
    ),
    max_size=2,
)


def moved(set_to: dict[str, tuple[float, float, int]]) -> Case:
    supposed = {
        name: Supposition(Interval(value, value + width), quarters)
        for name, (value, width, quarters) in set_to.items()
    }
    return acme().supposing(supposed) if supposed else acme()


def recorded(case: Case, text: str, *, is_good: bool = False) -> Criterion:
    return criterion(case, text, typical_change, is_good=is_good)


def nodes_of(tree: ConditionTree) -> list[ConditionTree]:
    return [tree, *(each for part in tree.parts for each in nodes_of(part))]


# the normal form -----------------------------------------------------------------------------------


@given(condition_texts, series)
def test_a_condition_and_its_normal_form_have_one_answer(text: str, known: dict[str, list[Interval]]) -> None:
    assert answer(normal_form_of(text), known) == answer(parse(text), known)


@given(condition_texts, series)
def test_the_contrary_of_a_condition_has_the_contrary_answer(
    text: str, known: dict[str, list[Interval]]
) -> None:
    found = answer(parse(text), known)
    assert answer(normal_form_of(f"not ({text})"), known) == Interval(1 - found.hi, 1 - found.lo)


@given(condition_texts)
def test_a_normal_form_has_no_not_and_no_number_on_the_left(text: str) -> None:
    node = normal_form_of(text)
    assert not any(isinstance(part, n.Not) for part in _outer(node))
    for part in comparisons(node):
        assert isinstance(part, n.Comparison)
        assert not isinstance(part.left, n.Number) or isinstance(part.right, (n.Number, n.Negative))
    assert normal_form_of(f"not not ({text})") == node


def _outer(node: n.Node) -> list[n.Node]:
    """The parts of a condition that are conditions themselves."""
    if isinstance(node, n.Comparison):
        return [node]
    return [node, *(each for child in node.children() for each in _outer(child))]


# the record ----------------------------------------------------------------------------------------


@given(conditions, changes)
def test_the_record_holds_where_the_evaluator_says_so(
    text: str, set_to: dict[str, tuple[float, float, int]]
) -> None:
    case = moved(set_to)
    for is_good in (True, False):
        assert recorded(case, text, is_good=is_good).tree.holds == case.answer(text, case.quarter)


@given(conditions, changes)
def test_a_part_holds_as_its_parts_do(text: str, set_to: dict[str, tuple[float, float, int]]) -> None:
    for node in nodes_of(recorded(moved(set_to), text).tree):
        if node.how in ("and", "or"):
            choose = min if node.how == "and" else max
            assert node.holds.lo == choose(part.holds.lo for part in node.parts)
            assert node.holds.hi == choose(part.holds.hi for part in node.parts)


@given(conditions, changes)
def test_headroom_is_on_the_side_on_which_the_comparison_is(
    text: str, set_to: dict[str, tuple[float, float, int]]
) -> None:
    """Of a kill criterion it is above zero while a comparison does not hold, of a claim while it does."""
    case = moved(set_to)
    for is_good in (True, False):
        found = recorded(case, text, is_good=is_good)
        assert [leaf.holds for leaf in found.tree.leaves()] == [d.holds for d in found.comparisons]
        for d in found.comparisons:
            if d.gap.is_anything:
                continue
            certain, never = (d.holds.lo == 1.0, d.holds.hi == 0.0)
            if certain if is_good else never:
                assert d.gap.lo >= 0
            if never if is_good else certain:
                assert d.gap.hi <= 0


@given(conditions, changes)
def test_of_or_the_nearest_decides_and_of_and_the_farthest(
    text: str, set_to: dict[str, tuple[float, float, int]]
) -> None:
    for node in nodes_of(recorded(moved(set_to), text).tree):
        known = [part.moves for part in node.parts if part.moves is not None]
        if node.moves is not None and node.how in ("and", "or"):
            assert node.moves == (max if node.how == "and" else min)(known)
        if node.how in ("and", "or") and len(known) == len(node.parts):
            assert node.moves is not None


@given(conditions, changes, st.sampled_from([1e-9, 1e-3, 1.0]))
def test_a_value_moved_past_its_threshold_turns_the_comparison(
    text: str, set_to: dict[str, tuple[float, float, int]], step: float
) -> None:
    case = moved(set_to)
    for d in recorded(case, text).comparisons:
        is_range = d.trips in ("below", "at or below", "above", "at or above")
        if d.against or d.sustained or d.figure not in case.pack.metrics or not is_range:
            continue
        size = step * max(abs(d.at), 1.0)
        outwards = -size if d.trips.endswith("below") else size
        for way, holds in ((outwards, 1.0), (-outwards, 0.0)):
            there = case.supposing({d.figure: Supposition(point(d.at + way), 1)})
            again = next(
                e
                for e in recorded(there, text).comparisons
                if (e.figure, e.at, e.trips, e.sustained) == (d.figure, d.at, d.trips, d.sustained)
            )
            assert again.holds == point(holds)
            assert (again.gap.hi < 0) if holds else (again.gap.lo > 0)


# the words -----------------------------------------------------------------------------------------


@given(conditions)
def test_the_words_join_the_comparisons_as_the_condition_does(text: str) -> None:
    """Read back, with each comparison as a letter, the sentence is the normal form."""
    found = recorded(acme(), text)
    shape = _shape(found.tree)
    told = criterion_text(found, "trips ")
    for i, d in enumerate(found.comparisons):
        over = f" ({d.sustained} quarters)" if d.sustained else ""
        assert f"{over}, trips {d.trips} {d.edge}" in told
        head = told.index(d.label)
        tail = told.index(f"{over}, trips {d.trips} {d.edge}", head)
        told = told[:head] + f"#{i}" + told[tail + len(f"{over}, trips {d.trips} {d.edge}") :]
    assert told == shape


def _shape(tree: ConditionTree, above: str = "") -> str:
    if tree.how == "comparison":
        return f"#{tree.place}"
    if tree.how == "quarters":
        often = (
            f"for {tree.window} quarters"
            if tree.least == tree.window
            else f"in {tree.least} of the last {tree.window} quarters"
        )
        return f"({_shape(tree.parts[0])}) {often}, so far in {tree.held}"
    joined = f" {tree.how} ".join(_shape(part, tree.how) for part in tree.parts)
    return f"({joined})" if above else joined


@given(conditions)
def test_the_lines_of_a_table_join_the_comparisons_as_the_sentence_does(text: str) -> None:
    found = RuleScorer(acme()).score_criterion(KillCriterion("K", "It ends.", "Because.", when=text))
    assert found.tree is not None
    lines = kill_criterion_lines(found)
    assert [line.comparison for line in lines] == list(found.distances)
    told = " ".join(f"{line.before}#{i}{line.after}" for i, line in enumerate(lines))
    assert told == _shape(found.tree)


# over time -----------------------------------------------------------------------------------------


@given(conditions, changes)
def test_a_criterion_trips_no_later_than_after_two_quarters_of_its_condition(
    text: str, set_to: dict[str, tuple[float, float, int]]
) -> None:
    case = moved(set_to)
    now, before = (case.answer(text, case.quarter - back) for back in (0, 1))
    timing = Timing(case, text, is_immediate=False, is_late=False)
    assert timing.now == now
    assert min(now.lo, before.lo) <= timing.triggered.lo <= now.lo
    assert min(now.hi, before.hi) <= timing.triggered.hi <= now.hi
    assert Timing(case, text, is_immediate=True, is_late=False).triggered == now


@given(conditions.filter(lambda text: " quarters" not in text and "streak" not in text), changes, counts)
def test_quarters_that_the_condition_asks_for_are_not_counted_twice(
    text: str, set_to: dict[str, tuple[float, float, int]], quarters: int
) -> None:
    """``c for 2 quarters`` trips when c has held for two, as c alone does with the two that are built in."""
    case = moved(set_to)
    longer = f"({text}) for {quarters + 1} quarters"
    found = Timing(case, longer, is_immediate=False, is_late=False)
    if not any(call in text for call in ("min", "max", "median", "nth")):
        assert found.triggered == case.answer(longer, case.quarter)
    held = [case.answer(text, case.quarter - back) for back in range(quarters + 1)]
    if all(each.lo == 1.0 for each in held):
        assert found.triggered == point(1.0)


@given(conditions, changes)
def test_what_waits_trips_after_as_many_quarters_as_it_says(
    text: str, set_to: dict[str, tuple[float, float, int]]
) -> None:
    case = moved(set_to)
    for is_immediate in (True, False):
        timing = Timing(case, text, is_immediate=is_immediate, is_late=False)
        if timing.waiting is None:
            continue
        assert timing.triggered.lo < 1.0
        assert 0 < timing.waiting.held < timing.waiting.must
        left = timing.waiting.must - timing.waiting.held
        assert timing.after(left).lo == 1.0
        assert timing.after(left - 1).lo < 1.0


def test_a_plain_condition_waits_for_its_second_quarter() -> None:
    case = acme().supposing({"margin": Supposition(point(0.01), 1)})
    text = "margin < 2%"
    assert parse_once(text)
    timing = Timing(case, text, is_immediate=False, is_late=False)
    assert (timing.now, timing.triggered) == (point(1.0), point(0.0))
    assert timing.waiting is not None
    assert (timing.waiting.held, timing.waiting.must) == (1, 2)
    assert not math.isinf(case.value("margin", case.quarter).lo)
