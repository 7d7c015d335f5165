"""The method's laws P1 to P20 on scores, means and the verdict table.

P7, P8, P17, P19 and P20 are asked of whole packs as well, in test_packs; P12 is about a state that
is carried from review to review.
"""

from __future__ import annotations

import math
from functools import cache
from itertools import pairwise, product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.tiers import examples
from thesis.core.aggregates import AGGREGATES, EXAMPLES, aggregate_of
from thesis.core.interval import (
    EVERYTHING,
    NO,
    UNKNOWN,
    YES,
    Interval,
    all_of,
    any_of,
    kth_largest,
    negation,
    point,
)
from thesis.files.disk import bundled_folder
from thesis.pack.folder import read_folder
from thesis.pack.load import build
from thesis.pack.schema.thesis import Measure, Rule, VerdictTable
from thesis.scoring.aggregate import combine, combine_numbers
from thesis.scoring.assessment import MeasureResult, RatingChange, RuleResult
from thesis.scoring.bands import band_score, level_of, value_at
from thesis.scoring.rating_changes import RatingStage, rating_changes
from thesis.scoring.verdict import verdict_rules
from thesis.scoring.verdict_table import VerdictRules

HOWS = EXAMPLES
MEANS = sorted(
    (each for each in AGGREGATES.values() if each.power is not None), key=lambda each: each.power or 0.0
)
SPLITTING = [each.example for each in AGGREGATES.values() if not each.is_counted]
FLOOR = 0.05
EDGES = (0.0, 0.25, 0.5, 0.75, 1.0)

scores = st.floats(0.0, 1.0)
alive = st.floats(FLOOR, 1.0)  # above the floor
weights = st.floats(0.01, 100.0)
values = st.floats(-1e6, 1e6)
bands = st.lists(st.integers(-10_000, 10_000), min_size=5, max_size=5, unique=True).map(
    lambda numbers: [n / 100 for n in sorted(numbers)]
)
either_way = bands | bands.map(lambda edges: edges[::-1])


def ranges(numbers: st.SearchStrategy[float]) -> st.SearchStrategy[Interval]:
    return st.tuples(numbers, numbers).map(lambda ends: Interval(min(ends), max(ends)))


parts = st.lists(st.tuples(ranges(scores), weights), min_size=1, max_size=6)


def unzipped(pairs: list[tuple[Interval, float]]) -> tuple[list[Interval], list[float]]:
    return [s for s, _ in pairs], [w for _, w in pairs]


@cache
def table() -> VerdictTable:
    return build(read_folder(bundled_folder("rules") / "amzn-4t", "amzn-4t"))[0].thesis.verdict


@cache
def judge() -> VerdictRules:
    return verdict_rules(table())


# one score -------------------------------------------------------------------------------------------


@given(ranges(values), either_way)
def test_p1_a_score_lies_between_nothing_and_all(value: Interval, edges: list[float]) -> None:
    """P1: a band score is a range inside 0..1, its low end first."""
    score = band_score(value, edges)
    assert 0.0 <= score.lo <= score.hi <= 1.0


@given(values, values, either_way)
def test_p2_a_better_value_never_scores_less(a: float, b: float, edges: list[float]) -> None:
    """P2: raising a value in its good direction never lowers its score."""
    worse, better = sorted((a, b), reverse=edges[0] > edges[-1])
    assert band_score(point(worse), edges).lo <= band_score(point(better), edges).lo


@given(either_way)
def test_p3_an_edge_scores_its_quarter_exactly(edges: list[float]) -> None:
    """P3: the k-th edge scores k quarters, not nearly but exactly, and so gets the better label."""
    for k, edge in enumerate(edges):
        score = band_score(point(edge), edges)
        assert score == point(k / 4)
        assert level_of(score.lo) == min(k, 3)


@given(values, st.floats(0, 10), bands)
def test_p3_a_small_step_moves_a_score_a_little(value: float, step: float, edges: list[float]) -> None:
    """P3: no cliff: a step moves the score by at most a quarter of it per narrowest band."""
    gap = min(b - a for a, b in pairwise(edges))
    moved = band_score(point(value + step), edges).lo - band_score(point(value), edges).lo
    assert moved <= step / (4 * gap) + 1e-9


@given(values, bands, st.floats(1e-3, 1e3))
def test_p4_units_do_not_matter(value: float, edges: list[float], scale: float) -> None:
    """P4: value and edges times the same number score the same; so do both with their signs turned."""
    score = band_score(point(value), edges).lo
    scaled = band_score(point(value * scale), [edge * scale for edge in edges])
    assert scaled.lo == pytest.approx(score, abs=1e-9)
    assert band_score(point(-value), [-edge for edge in edges]).lo == score


@given(st.floats(0.0, 1.0), either_way)
def test_a_value_found_for_a_score_has_that_score(score: float, edges: list[float]) -> None:
    """The inverse that flips are told in: what `value_at` gives scores what was asked."""
    assert band_score(point(value_at(score, edges)), edges).lo == pytest.approx(score, abs=1e-9)


@given(either_way)
def test_what_is_not_known_scores_anything(edges: list[float]) -> None:
    """P7: a missing value scores 0..1, never the middle."""
    assert band_score(EVERYTHING, edges) == UNKNOWN


# several together ------------------------------------------------------------------------------------


@given(parts, st.sampled_from(HOWS))
def test_p1_a_mean_lies_between_its_parts(pairs: list[tuple[Interval, float]], how: str) -> None:
    """P1: a combined score lies between the lowest and the highest part (at least the floor)."""
    found, of = unzipped(pairs)
    total = combine(found, of, how, FLOOR)
    assert total.lo <= total.hi
    assert min(s.lo for s in found) - 1e-12 <= total.lo
    assert total.hi <= max(FLOOR, *(s.hi for s in found)) + 1e-12


@given(parts, st.sampled_from(HOWS), st.data())
def test_p2_a_better_part_never_lowers_the_whole(
    pairs: list[tuple[Interval, float]], how: str, data: st.DataObject
) -> None:
    """P2: raising one score never lowers what it is combined into."""
    found, of = unzipped(pairs)
    place = data.draw(st.integers(0, len(found) - 1))
    raised = list(found)
    raised[place] = Interval(data.draw(st.floats(found[place].lo, 1.0)), 1.0)
    before, after = combine(found, of, how, FLOOR), combine(raised, of, how, FLOOR)
    assert before.lo <= after.lo + 1e-12
    assert before.hi <= after.hi + 1e-12


@given(parts, st.sampled_from(HOWS), st.floats(0.01, 100), st.randoms(use_true_random=False))
def test_p5_neither_order_nor_scale_of_weights_matters(
    pairs: list[tuple[Interval, float]], how: str, scale: float, random: object
) -> None:
    """P5: children in any order, and all weights times a number, give the same score."""
    found, of = unzipped(pairs)
    total = combine(found, of, how, FLOOR)
    shuffled = list(pairs)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert combine(*unzipped(shuffled), how, FLOOR) == total
    scaled = combine(found, [w * scale for w in of], how, FLOOR)
    assert (scaled.lo, scaled.hi) == pytest.approx((total.lo, total.hi), abs=1e-12)


@given(alive, st.lists(weights, min_size=1, max_size=5), st.sampled_from(HOWS))
def test_p6_equal_parts_make_an_equal_whole(score: float, of: list[float], how: str) -> None:
    """P6: a mean of equal scores is that score."""
    total = combine([point(score)] * len(of), of, how, FLOOR)
    assert total.lo == pytest.approx(score, abs=1e-12)


@given(parts, st.sampled_from(SPLITTING))
def test_p6_splitting_a_part_in_two_changes_nothing(pairs: list[tuple[Interval, float]], how: str) -> None:
    """P6: one child given twice at half its weight counts as it did, where parts are not counted."""
    found, of = unzipped(pairs)
    total = combine(found, of, how, FLOOR)
    split = combine([found[0], *found], [of[0] / 2, of[0] / 2, *of[1:]], how, FLOOR)
    assert (split.lo, split.hi) == pytest.approx((total.lo, total.hi), abs=1e-12)


@given(parts, st.sampled_from(HOWS), st.data())
def test_p7_and_p8_ignorance_widens_and_knowledge_narrows(
    pairs: list[tuple[Interval, float]], how: str, data: st.DataObject
) -> None:
    """P7: a part gone missing gives a range that holds the old one. P8: settled anywhere, one inside it."""
    found, of = unzipped(pairs)
    total = combine(found, of, how, FLOOR)
    place = data.draw(st.integers(0, len(found) - 1))
    missing = [UNKNOWN if i == place else s for i, s in enumerate(found)]
    assert combine(missing, of, how, FLOOR).holds(total)
    settled = [point(data.draw(st.floats(s.lo, s.hi))) for s in found]
    within = combine(settled, of, how, FLOOR)
    assert total.lo - 1e-12 <= within.lo <= total.hi + 1e-12


@given(st.lists(st.tuples(alive, weights), min_size=1, max_size=6))
def test_p9_means_are_ordered_by_their_power(pairs: list[tuple[float, float]]) -> None:
    """P9: min <= harmonic <= geometric <= mean <= cubic <= max."""
    found, of = [s for s, _ in pairs], [w for _, w in pairs]
    means = [combine_numbers(found, of, each.example, FLOOR) for each in MEANS]
    assert all(a <= b + 1e-12 for a, b in pairwise(means))


@examples(25)
@given(st.lists(st.tuples(ranges(scores), weights), min_size=1, max_size=4), st.sampled_from(HOWS))
def test_p10_the_ends_are_those_of_every_completion(pairs: list[tuple[Interval, float]], how: str) -> None:
    """P10: the low end is the least over a grid of what the parts may be, the high end the most."""
    found, of = unzipped(pairs)
    total = combine(found, of, how, FLOOR)
    grid = [[s.lo, s.middle, s.hi] for s in found]
    completions = [combine([point(s) for s in row], of, how, FLOOR).lo for row in product(*grid)]
    assert min(completions) == pytest.approx(total.lo, abs=1e-12)
    assert max(completions) == pytest.approx(total.hi, abs=1e-12)


@given(parts, st.sampled_from(HOWS), st.data())
def test_what_the_whole_is_as_a_function_of_one_part_is_the_whole(
    pairs: list[tuple[Interval, float]], how: str, data: st.DataObject
) -> None:
    """What changes of the rating are looked for with, prepared for all parts at once, to 1e-12."""
    found, of = [s.lo for s, _ in pairs], [data.draw(st.sampled_from([w, 0.0])) for _, w in pairs]
    assume(any(of))
    for place, effect in enumerate(aggregate_of(how).effects(found, of, FLOOR)):
        score = data.draw(scores)
        moved = [score if i == place else s for i, s in enumerate(found)]
        assert effect(score) == pytest.approx(combine_numbers(moved, of, how, FLOOR), abs=1e-12)


@given(parts, st.sampled_from(HOWS), ranges(scores))
def test_p15_a_part_without_weight_has_no_effect(
    pairs: list[tuple[Interval, float]], how: str, extra: Interval
) -> None:
    """P15: a child of weight 0 changes nothing, not even the weakest link."""
    found, of = unzipped(pairs)
    assert combine([*found, extra], [*of, 0.0], how, FLOOR) == combine(found, of, how, FLOOR)


# the verdict -----------------------------------------------------------------------------------------

LEVELS = (0.1, 0.3, 0.6, 0.9)


def test_p11_the_table_falls_with_risk_and_rises_with_the_engines() -> None:
    """P11: over all sixteen cells, more of the engines is never worse and more risk never better."""
    found = {(e, r): judge().verdict(LEVELS[e], LEVELS[r], []) for e in range(4) for r in range(4)}
    for (e, r), verdict in found.items():
        if e:
            assert found[e - 1, r] <= verdict
        if r:
            assert found[e, r - 1] >= verdict
    assert found[3, 0] == 4
    assert found[0, 3] == 1


def test_p11_gates_only_lower_the_verdict() -> None:
    """P11: over all cells, all mixtures of five conditions and a kill, a gate never raises a verdict."""
    for e, r, conditions in product(LEVELS, LEVELS, product(LEVELS, repeat=5)):
        free = judge().verdict(e, r, [])
        capped = judge().verdict(e, r, conditions)
        low, short = sum(c < 0.25 for c in conditions), sum(c < 0.5 for c in conditions)
        most = 1 if low >= 2 else 2 if low else 3 if short >= 2 else 4
        assert capped == min(free, most)
        assert judge().verdict(e, r, conditions, killed=True) == 0


@pytest.mark.parametrize("level", [1, 2, 3])
def test_an_edge_of_the_verdict_belongs_to_the_better_label(level: int) -> None:
    """A total on an edge counts as past it, also when it misses it by rounding."""
    assert level_of(level / 4) == level
    assert level_of(level / 4 * (1 - 1e-13)) == level
    assert level_of(level / 4 - 1e-9) == level - 1


# persistence -----------------------------------------------------------------------------------------


@given(st.lists(ranges(values), min_size=1, max_size=6), st.data())
def test_p14_n_of_m_does_not_depend_on_order(window: list[Interval], data: st.DataObject) -> None:
    """P14: the k-th largest is that of any order; n of n is the least and 1 of m the largest."""
    k = data.draw(st.integers(1, len(window)))
    found = kth_largest(window, k)
    assert kth_largest(data.draw(st.permutations(window)), k) == found
    assert found.lo == sorted((v.lo for v in window), reverse=True)[k - 1]
    assert kth_largest(window, len(window)).lo == min(v.lo for v in window)
    assert kth_largest(window, 1).hi == max(v.hi for v in window)


@given(st.lists(values, min_size=1, max_size=6), st.data())
def test_p14_a_better_quarter_never_lowers_what_is_sustained(
    window: list[float], data: st.DataObject
) -> None:
    """P14: raising one quarter never lowers the level that n of m quarters reach."""
    k = data.draw(st.integers(1, len(window)))
    place = data.draw(st.integers(0, len(window) - 1))
    raised = [v + (1000.0 if i == place else 0.0) for i, v in enumerate(window)]
    before = kth_largest([point(v) for v in window], k)
    assert before.lo <= kth_largest([point(v) for v in raised], k).lo


# yes, no and unknown ---------------------------------------------------------------------------------

ANSWERS = (NO, UNKNOWN, YES)


def completions(answer: Interval) -> tuple[bool, ...]:
    return (False, True) if answer == UNKNOWN else (bool(answer.lo),)


def told(possible: set[bool]) -> Interval:
    return UNKNOWN if len(possible) == 2 else YES if True in possible else NO


@pytest.mark.parametrize(("a", "b"), list(product(ANSWERS, repeat=2)))
def test_p16_unknown_matters_only_where_it_could(a: Interval, b: Interval) -> None:
    """P16: `and`, `or` and `not` are unknown only if both completions of an unknown differ."""
    both = set(product(completions(a), completions(b)))
    assert all_of(a, b) == told({x and y for x, y in both})
    assert any_of(a, b) == told({x or y for x, y in both})
    assert negation(a) == told({not x for x in completions(a)})


@pytest.mark.parametrize("k", [1, 2, 3])
@pytest.mark.parametrize("window", list(product(ANSWERS, repeat=3)))
def test_p16_k_of_n_quarters_is_settled_as_soon_as_it_can_be(k: int, window: tuple[Interval, ...]) -> None:
    """P16: yes if k are yes, no if k can no longer be, else unknown."""
    possible = {sum(row) >= k for row in product(*map(completions, window))}
    assert kth_largest(window, k) == told(possible)


# flips -----------------------------------------------------------------------------------------------


def finding(kind: str, name: str, score: float, weight: float) -> RuleResult:
    """A rule of one measure whose score is its value."""
    measure = Measure(weight=1.0, metric=name, bands=("0%", "25%", "50%", "75%", "100%"))
    leaf = MeasureResult(
        "metric", name, name, measure, point(score), "", 1.0, "fresh", value=point(score), edges=EDGES
    )
    rule = Rule(name, name, "", "", [measure], combine="mean", weight=weight)
    return RuleResult(kind, rule, point(score), "", 1.0, (leaf,), leaf)


def verdict_at(conditions: list[float], of: list[float], risks: list[float]) -> int:
    engines = combine([point(c) for c in conditions], of, "geometric", FLOOR)
    severity = combine([point(r) for r in risks], [1.0] * len(risks), "cubic", FLOOR)
    return judge().verdict(engines.lo, severity.lo, conditions)


@examples(25)
@given(
    st.lists(st.tuples(alive, st.floats(0.5, 4.0)), min_size=5, max_size=5),
    st.lists(scores, min_size=2, max_size=3),
)
def test_p18_a_flip_flips_and_nothing_short_of_it_does(
    pairs: list[tuple[float, float]], risks: list[float]
) -> None:
    """P18: a condition or risk set to its flip changes the verdict as told; a little less does not."""
    found, of = [s for s, _ in pairs], [w for _, w in pairs]
    conditions = [finding("condition", f"c{i}", s, w) for i, (s, w) in enumerate(pairs)]
    severities = [finding("risk", f"r{i}", s, 1.0) for i, s in enumerate(risks)]
    now = verdict_at(found, of, risks)
    listed: tuple[RatingChange, ...] = rating_changes(RatingStage(table(), conditions, severities, []))
    assert len(listed) == 4 * (len(found) + len(risks))
    for flip in listed:
        place, kind = int(flip.rule[1:]), flip.rule[0]
        up = flip.better == (kind == "c")

        def reached(score: float, place: int = place, kind: str = kind) -> int:
            moved = [score if i == place else s for i, s in enumerate(found if kind == "c" else risks)]
            return verdict_at(moved, of, risks) if kind == "c" else verdict_at(found, of, moved)

        if not flip.to:
            assert reached(1.0 if up else 0.0) == now
            continue
        assert flip.score is not None
        there = reached(flip.score)
        assert (there > now) == flip.better
        assert there != now
        assert flip.to == table().levels[there]
        here = (found if kind == "c" else risks)[place]
        short = flip.score - 1e-9 if up else flip.score + 1e-9
        if here < short if up else short < here:
            assert reached(short) == now


@examples(25)
@given(st.lists(st.tuples(st.floats(0.5, 0.7), st.floats(0.5, 4.0)), min_size=5, max_size=5))
def test_p18_the_flip_is_where_the_geometric_mean_says(pairs: list[tuple[float, float]]) -> None:
    """P18: C* = C (E* / E)^(1/w) makes the total E*, and is where bisection finds the flip, to 1e-9."""
    found, of = [s for s, _ in pairs], [w for _, w in pairs]
    total = combine_numbers(found, of, "geometric", FLOOR)
    conditions = [finding("condition", f"c{i}", s, w) for i, (s, w) in enumerate(pairs)]
    elevated = [finding("risk", "r0", 0.3, 1.0)]
    share = [w / math.fsum(of) for w in of]
    listed = {
        f.rule: f
        for f in rating_changes(RatingStage(table(), conditions, elevated, []))
        if f.better and not f.part
    }
    for i, (score, w) in enumerate(zip(found, share, strict=True)):
        needed = score * (0.75 / total) ** (1 / w)
        flip = listed[f"c{i}"]
        if needed > 1 - 1e-9:
            assert not flip.to or flip.score == pytest.approx(1.0, abs=1e-9)
            continue
        assert flip.score == pytest.approx(needed, abs=1e-9)
        moved = [needed if j == i else s for j, s in enumerate(found)]
        assert combine_numbers(moved, of, "geometric", FLOOR) == pytest.approx(0.75, abs=1e-9)


@examples(30)
@given(st.lists(alive, min_size=5, max_size=5))
def test_one_weight_more_moves_the_total_by_its_share(found: list[float]) -> None:
    """The elasticity of a weighted geometric mean is the weight: one per cent more of C is w per cent."""
    of = [25.0, 20.0, 15.0, 15.0, 25.0]
    assume(max(found) < 0.98)
    total = combine_numbers(found, of, "geometric", FLOOR)
    for i, w in enumerate(of):
        moved = [s * (1.01 if i == j else 1.0) for j, s in enumerate(found)]
        assert combine_numbers(moved, of, "geometric", FLOOR) / total == pytest.approx(
            1.01 ** (w / 100), rel=1e-9
        )
