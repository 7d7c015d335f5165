"""The language's case table: what each expression answers over a given series, and why.

A row for every bug that is found. Series are written as in trials, several of them parted by ` | `;
`x!=2025Q1` says that for this quarter two sources of one day contradict each other.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping
from pathlib import Path

import pytest

from thesis.core.interval import EVERYTHING, NO, UNKNOWN, YES, Interval
from thesis.core.period import Quarter
from thesis.facts.fact import parse_value
from thesis.language.evaluate import Evaluator
from thesis.language.functions import FUNCTIONS
from thesis.language.nodes import Both, Comparison, Either, Not, Persistence
from thesis.language.syntax import parse
from thesis.workspace.trial_runs import trial_series

pytestmark = pytest.mark.quick

TABLE = Path(__file__).with_name("answers.csv")
TRUTH = {"yes": YES, "no": NO, "unknown": UNKNOWN}
Row = Mapping[str, str]


def rows() -> list[Row]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def known(text: str) -> dict[tuple[str, Quarter], Interval]:
    found: dict[tuple[str, Quarter], Interval] = {}
    for part in filter(None, text.split(" | ")):
        name, _, values = part.partition("=")
        if name.endswith("!"):
            continue
        for quarter, written in trial_series(values):
            value = parse_value(written)
            assert isinstance(value, Interval)
            found[name, quarter] = value
    return found


def contradicted(text: str) -> set[tuple[str, Quarter]]:
    parts = (part.partition("=") for part in filter(None, text.split(" | ")))
    return {(name[:-1], Quarter.parse(at)) for name, _, at in parts if name.endswith("!")}


def wanted(text: str, *, condition: bool) -> Interval:
    if condition:
        return TRUTH[text]
    if text == "unknown":
        return EVERYTHING
    value = parse_value(text)
    assert isinstance(value, Interval)
    return value


def near(a: float, b: float) -> bool:
    """Whether two numbers are one, but for how far inside its end a one-sided figure is kept."""
    return a == b or math.isclose(a, b, rel_tol=1e-11, abs_tol=1e-15)


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row['expression']} -- {row['why']}")
def test_each_expression_answers_as_the_table_says(row: Row) -> None:
    node = parse(row["expression"])
    values, unlike = known(row["series"]), contradicted(row["series"])
    evaluator = Evaluator(
        lambda name, quarter: values.get((name, quarter), EVERYTHING),
        {},
        conflicts=lambda name, quarter: (name, quarter) in unlike,
    )
    found = evaluator.ask(node, Quarter.parse(row["quarter"]))
    expected = wanted(row["answer"], condition=isinstance(node, (Comparison, Both, Either, Not, Persistence)))
    assert near(found.lo, expected.lo), (found, row["why"])
    assert near(found.hi, expected.hi), (found, row["why"])


@pytest.mark.parametrize("word", [*FUNCTIONS, "and", "or", "not", "for", "in", "..", "%", "bp"])
def test_the_table_leaves_no_word_of_the_language_out(word: str) -> None:
    pattern = f"{word}(" if word in FUNCTIONS else word if word in ("..", "%", "bp") else f"{word} "
    assert any(pattern in row["expression"] for row in rows())


def test_every_row_says_what_it_is_there_for() -> None:
    assert len(rows()) >= 90
    assert all(row["why"] for row in rows())
    asked = [(row["expression"], row["series"], row["quarter"]) for row in rows()]
    assert len(asked) == len(set(asked))


def test_metrics_are_worked_out_in_the_quarter_they_are_asked_for() -> None:
    """A name that stands for a formula is that formula's value, back in time as well."""
    values = known("x=2024Q1 1 2 3 4 5 6")
    evaluator = Evaluator(
        lambda name, quarter: values.get((name, quarter), EVERYTHING),
        {"double": parse("2 * x"), "rise": parse("change(double, 1)")},
    )
    now = Quarter.parse("2025Q2")
    assert evaluator.ask(parse("lag(double, 4)"), now) == Interval(4.0, 4.0)
    assert evaluator.named("rise", now) == Interval(2.0, 2.0)


def test_what_is_given_stands_in_every_quarter() -> None:
    """A what-if replaces a name's formula, now and in earlier quarters."""
    evaluator = Evaluator(lambda *_: EVERYTHING, {"growth": parse("yoy(x)")}, {"growth": Interval(0.1, 0.2)})
    now = Quarter.parse("2025Q2")
    assert evaluator.ask(parse("growth >= 10% for 3 quarters"), now) == YES
    assert evaluator.ask(parse("growth >= 15% for 3 quarters"), now) == UNKNOWN


def test_a_value_names_the_quarters_it_rests_on() -> None:
    """What an expression reads, newest use first, each once: the start of its evidence."""
    evaluator = Evaluator(lambda *_: Interval(1.0, 1.0), {})
    asked = evaluator.asks(parse("yoy(x) + ttm(y) > 0 in 1 of last 2 quarters"), Quarter.parse("2025Q2"))
    assert {(ask.name, ask.back) for ask in asked} == {
        *(("x", back) for back in (0, 1, 4, 5)),
        *(("y", back) for back in range(5)),
    }
