"""Trials: the notation of series, and how figures written by hand are compared."""

from __future__ import annotations

import math
from functools import cache
from pathlib import Path

import pytest

from thesis.core.interval import EVERYTHING, Interval, point
from thesis.core.problem import InvalidInput
from thesis.files.disk import bundled_folder
from thesis.pack.folder import read_folder
from thesis.pack.load import Pack, build
from thesis.workspace.trial_runs import outcome_agrees, read_trials, run_trials, trial_series

ACME = Path(__file__).parents[1] / "data" / "acme"


@cache
def acme() -> Pack:
    return build(read_folder(ACME, "acme"))[0]


@pytest.mark.parametrize(
    ("text", "listed"),
    [
        ("2024Q4 1 2", ["2024Q4 1", "2025Q1 2"]),
        ("2024Q1 1 _ 3", ["2024Q1 1", "2024Q3 3"]),
        ("2024Q1 10+1x3", ["2024Q1 10", "2024Q2 11", "2024Q3 12", "2024Q4 13"]),
        ("2024Q1 10-1x2 5", ["2024Q1 10", "2024Q2 9", "2024Q3 8", "2024Q4 5"]),
        ("2024Q1 100+0x1", ["2024Q1 100", "2024Q2 100"]),
        ("2024Q1 -5+1x1", ["2024Q1 -5", "2024Q2 -4"]),
        ("2024Q1 3..4 >5 17% 1e9", ["2024Q1 3..4", "2024Q2 >5", "2024Q3 17%", "2024Q4 1e9"]),
        ("2024Q1", []),
    ],
)
def test_a_series_is_its_first_quarter_and_a_value_for_each(text: str, listed: list[str]) -> None:
    assert [f"{quarter} {value}" for quarter, value in trial_series(text)] == listed


@pytest.mark.parametrize(
    "text",
    ["10 11 12", "2024Q1 abc", "2024Q1 1+1x1.5", "2024Q1 1+1x999", "2024Q1 1x3", "2024Q1 " + "1 " * 201],
)
def test_what_is_no_series_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"expected|a series may have"):
        trial_series(text)


@pytest.mark.parametrize(
    ("found", "wanted", "same"),
    [
        (point(0.2), "20%", True),
        (point(0.2004), "20%", True),
        (point(0.2051), "20%", False),
        (point(0.2004), "20.0%", True),
        (point(0.2006), "20.0%", False),
        (point(0.0023), "23bp", True),
        (point(21.722e9), "21.722e9", True),
        (point(21.723e9), "21.722e9", False),
        (Interval(0.275, 0.66), "27.5%..66.0%", True),
        (Interval(0.275, 0.70), "27.5%..66.0%", False),
        (point(0.3), "0.3..0.4", False),
        (EVERYTHING, "unknown", True),
        (EVERYTHING, "0", False),
        (point(0.0), "unknown", False),
        (Interval(5.0, math.inf), ">5", True),
        (Interval(5.0, 9.0), ">5", False),
    ],
)
def test_figures_are_compared_to_the_last_digit_written(found: Interval, wanted: str, same: bool) -> None:
    assert outcome_agrees(found, wanted) is same


@pytest.mark.parametrize("pack", ["amzn-4t", "googl-cloud", "acme"])
def test_a_pack_s_own_trials_pass(pack: str) -> None:
    path = ACME if pack == "acme" else bundled_folder("rules") / pack
    opened = build(read_folder(path, pack))[0]
    outcomes = run_trials(
        opened, *read_trials((path / "trials.yaml").read_text(encoding="utf-8"), "trials.yaml", opened)
    )
    assert [o for o in outcomes if not o.passed] == []
    assert len(outcomes) >= 4


def test_a_trial_that_fails_tells_what_came_out_instead() -> None:
    text = (
        "- name: Growth\n"
        "  facts: {repairs.sales: 2024Q1 100 110 110 110 120}\n"
        "  expect:\n"
        "    - {of: repairs_growth, at: 2025Q1, value: 25%}\n"
        "    - {of: repairs-growth, at: 2025Q1, holds: no}\n"
        "    - {of: repairs-growth, at: 2025Q1, label: weak}\n"
        "    - {of: K1, at: 2025Q1, answer: yes}\n"
    )
    found = run_trials(acme(), *read_trials(text, "trials.yaml", acme()))
    assert [(o.found, o.wanted, o.passed, o.line) for o in found] == [
        ("0.2", "25%", False, 4),
        ("yes", "no", False, 5),
        ("broken to strong", "weak", False, 6),
        ("unknown", "yes", False, 7),
    ]


def test_a_trial_knows_nothing_but_what_it_gives() -> None:
    """The pack's own facts and grades stay out of its trials."""
    text = "- {name: Empty, facts: {sales: 2026Q2 1}, expect: [{of: margins, at: 2026Q2, score: 0.05..1}]}"
    (found,) = run_trials(acme(), *read_trials(text, "trials.yaml", acme()))
    assert (found.found, found.passed) == ("0.05..1", True)


def test_every_mistake_in_a_file_of_trials_is_told_at_once() -> None:
    text = (
        "- name: Wrong\n"
        "  facts: {repair.sales: 2024Q1 1, sales: 10 11}\n"
        "  judgements: {J9: 1}\n"
        "  expect:\n"
        "    - {of: margins, at: 2024Q9, answer: yes}\n"
        "    - {of: nobody, at: 2024Q1, value: 1}\n"
    )
    with pytest.raises(InvalidInput) as caught:
        read_trials(text, "trials.yaml", acme())
    assert sorted({problem.code for problem in caught.value.problems}) == [
        "bad-period",
        "bad-series",
        "one-kind",
        "unknown-name",
        "unknown-rubric",
    ]
