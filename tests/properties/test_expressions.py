"""Laws of the language: of any expression over any series, and of its text."""

from __future__ import annotations

import math
import random
from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from tests.properties.calls import calls
from thesis.core.interval import EVERYTHING, Interval
from thesis.core.period import Quarter
from thesis.language.evaluate import Evaluator
from thesis.language.nodes import Call, Name, Node, Number
from thesis.language.syntax import parse

QUARTERS = 10
START = Quarter.parse("2024Q1")
NOW = START + (QUARTERS - 1)
NAMES = ("sales", "costs", "labs.backlog")
METRICS = {"margin": parse("(ttm(sales) - ttm(costs)) / ttm(sales)")}

numbers = st.sampled_from([0.0, 1.0, -1.0, 2.0, 100.0, 110.0, 0.1]) | st.floats(
    -1e9, 1e9, allow_subnormal=False
)
points = numbers.map(lambda a: Interval(a, a))
ranges = st.tuples(numbers, numbers).map(lambda ends: Interval(min(ends), max(ends)))
floors = numbers.map(lambda a: Interval(a, math.inf)) | numbers.map(lambda a: Interval(-math.inf, a))
cells = points | ranges | floors | st.just(EVERYTHING)
series = st.fixed_dictionaries(
    {name: st.lists(cells, min_size=QUARTERS, max_size=QUARTERS) for name in NAMES}
)

literals = st.sampled_from(["0", "1", "2.5", "10%", "25bp", "4e12", "5%..10%", "-3", "1..2"])
counts = st.integers(1, 5)
Texts = st.SearchStrategy[str]


def numbers_from(x: Texts, c: Texts) -> Texts:
    """Every operator and function that gives a number. `latest` looks past a gap: see below."""
    return st.one_of(
        st.builds("({} {} {})".format, x, st.sampled_from("+-*/"), x),
        st.builds("(-{})".format, x),
        calls(x, c, counts, without=["latest"]),
    )


def conditions_from(x: Texts, c: Texts) -> Texts:
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


def grown(depth: int) -> tuple[Texts, Texts]:
    x: Texts = st.sampled_from((*NAMES, *NAMES, "margin")) | literals
    c: Texts = st.builds("({} {} {})".format, x, st.sampled_from(["<", ">=", "=="]), x)
    for _ in range(depth):
        x, c = st.one_of(x, numbers_from(x, c)), st.one_of(c, conditions_from(x, c))
    return x, c


number_texts, condition_texts = grown(2)
expressions = number_texts | condition_texts


def answer(node: Node, known: dict[str, list[Interval]]) -> Interval:
    def lookup(name: str, quarter: Quarter) -> Interval:
        row = quarter.index - START.index
        return known[name][row] if 0 <= row < QUARTERS else EVERYTHING

    return Evaluator(lookup, METRICS).ask(node, NOW)


def each(known: dict[str, list[Interval]], turn: Callable[[Interval], Interval]) -> dict[str, list[Interval]]:
    return {name: [turn(cell) for cell in row] for name, row in known.items()}


def narrower(cell: Interval, mix: random.Random) -> Interval:
    """Some value, or some part, of what a cell may be."""
    lo = cell.lo if math.isfinite(cell.lo) else min(cell.hi, 0.0) - mix.choice([0.0, 1.0, 1e6])
    hi = cell.hi if math.isfinite(cell.hi) else max(lo, 0.0) + mix.choice([0.0, 1.0, 1e6])
    a, b = sorted(min(max(lo + (hi - lo) * mix.random(), lo), hi) for _ in range(2))
    return mix.choice([cell, Interval(a, a), Interval(lo, lo), Interval(hi, hi), Interval(a, b)])


def holds(wide: Interval, narrow: Interval, text: str) -> bool:
    """Exactly, but for a root, which the C library may round either way."""
    slack = 1e-9 if "cagr" in text else 0.0
    lo = narrow.lo + slack * abs(narrow.lo) if math.isfinite(narrow.lo) else narrow.lo
    hi = narrow.hi - slack * abs(narrow.hi) if math.isfinite(narrow.hi) else narrow.hi
    return bool(wide.lo <= lo and hi <= wide.hi)


def has_root_inside(node: Node) -> bool:
    """Whether something is built on a root: a tie may then tip."""
    return any(isinstance(n, Call) and n.function == "cagr" for n in node.walk() if n is not node)


@given(expressions, series, st.integers(0, 2**32))
def test_learning_never_flips(text: str, known: dict[str, list[Interval]], seed: int) -> None:
    """Whatever the figures turn out to be inside their ranges, the answer was inside its range."""
    node = parse(text)
    if has_root_inside(node):
        return
    mix = random.Random(seed)
    learned = each(known, lambda cell: narrower(cell, mix))
    assert holds(answer(node, known), answer(node, learned), text)


@given(expressions, series, st.integers(0, 2**32))
def test_no_gain_from_ignorance(text: str, known: dict[str, list[Interval]], seed: int) -> None:
    """Figures taken away never raise the low end of an answer, nor lower its high end."""
    node = parse(text)
    if has_root_inside(node):
        return
    mix = random.Random(seed)
    forgotten = each(known, lambda cell: EVERYTHING if mix.random() < 0.3 else cell)
    assert holds(answer(node, forgotten), answer(node, known), text)


@given(expressions, series)
def test_an_answer_is_a_range(text: str, known: dict[str, list[Interval]]) -> None:
    """Every answer has its low end first, and is a number or unbounded, never a nonsense."""
    found = answer(parse(text), known)
    assert found.lo <= found.hi


@given(condition_texts, series)
def test_a_condition_is_yes_no_or_unknown(text: str, known: dict[str, list[Interval]]) -> None:
    """Truth has two ends, each 0 or 1."""
    found = answer(parse(text), known)
    assert found.lo in (0.0, 1.0)
    assert found.hi in (0.0, 1.0)


@given(expressions, series, st.integers(1, 8))
def test_nothing_outside_its_window_has_a_say(text: str, known: dict[str, list[Interval]], back: int) -> None:
    """An answer rests on the quarters that it asks for, and asks for all that it rests on."""
    node = parse(text)

    def lookup(name: str, quarter: Quarter) -> Interval:
        row = quarter.index - START.index
        return known[name][row] if 0 <= row < QUARTERS else EVERYTHING

    evaluator = Evaluator(lookup, METRICS)
    asked = {(ask.name, ask.back) for ask in evaluator.asks(node, NOW)}
    if any(name == "margin" for name, _ in asked):
        return
    row = QUARTERS - 1 - back
    changed = {
        name: [EVERYTHING if i == row and (name, back) not in asked else cell for i, cell in enumerate(line)]
        for name, line in known.items()
    }
    assert answer(node, changed) == answer(node, known)


@given(expressions)
def test_printing_and_reading_again_gives_the_same_expression(text: str) -> None:
    """parse(print(x)) = x, and printing is settled after once."""
    node = parse(text)
    again = parse(str(node))
    assert again == node
    assert str(again) == str(node)


@given(expressions, st.sampled_from([" ", "\n", "\t", "   "]))
def test_spaces_mean_nothing(text: str, space: str) -> None:
    """An expression reads the same over several lines as on one."""
    assert parse(text.replace(" ", space)) == parse(text)


@given(expressions)
def test_every_node_knows_where_it_stands(text: str) -> None:
    """The place of each part in the text is where an error about it would point."""
    for part in parse(text).walk():
        shown = text[part.start : part.start + part.length]
        assert shown.strip() == shown
        assert shown
        if isinstance(part, (Name, Number)):
            assert shown == str(part)
