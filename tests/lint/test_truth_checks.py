"""Conditions and caps that are settled before any figure is known."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tiers import examples
from thesis.core.interval import NO, YES, Interval, point
from thesis.core.period import Quarter
from thesis.language.evaluate import Evaluator
from thesis.language.syntax import parse
from thesis.lint.divisors import Ranges
from thesis.lint.truth_checks import Truths
from thesis.pack.folder import read_folder
from thesis.pack.load import build

ACME = build(read_folder(Path(__file__).parents[1] / "data" / "acme", "acme"))[0]
TRUTHS = Truths(Ranges(ACME))  # sales lie above 0, spending on buildings is 0 or more, income may be anything
NAMES = ("sales", "building", "operating_income")

NEVER = [
    "abs(operating_income) < 0",
    "1 < 0",
    "sales < 0",
    "sales <= 0",
    "building < 0 for 2 quarters",
    "yoy(sales) < -100%",
    "sales > 5e6 and sales < 4e6",
    "margin > 10% and margin <= 10%",
    "margin == 10% and margin != 10%",
    "not (sales > 0)",
    "not (margin < 10% or margin >= 10%)",
    "5 > sales and 6 < sales",
    "sales < sales",
    "sales < 0 in 1 of last 3 quarters",
    "streak(margin > 10%, 3) > 3",
    "margin - margin > 0",
    "2 * margin < margin + margin",
    "margin > margin + 1%",
    "max(margin, 4) < min(margin, 4)",
    "mean(margin, 3) > max(margin, 4)",
    "margin < min(margin, 3)",
    "least(margin, repairs_growth) > greatest(repairs_growth, 5%)",
]
ALWAYS = [
    "1 > 0",
    "sales > 0",
    "abs(margin) >= 0",
    "building >= 0 for 3 quarters",
    "margin < 10% or margin >= 10%",
    "margin > 5% or margin < 6%",
    "not sales < 0",
    "sales >= sales",
    "2 * 3 == 6",
    "margin - 5% < margin",
    "max(margin, 4) - min(margin, 2) >= 0",
    "margin / 2 + margin / 2 == margin",
]
EITHER = [
    "margin > 10%",
    "sales > 0.5",
    "operating_income < 0",
    "margin > 10% and margin < 20%",
    "margin < 10% or margin > 10%",
    "margin > 10% and sales < 5e6",
    "yoy(sales) < -99%",
    "building == 0",
    "margin >= 10% and margin <= 10%",
    "max(margin, 4) > min(margin, 4)",
    "max(margin, 2) > mean(margin, 4)",
    "least(margin, 5%) > least(margin, repairs_growth)",
    "margin - lag(margin, 1) > 0",
]


@pytest.mark.parametrize(("texts", "answer"), [(NEVER, NO), (ALWAYS, YES)], ids=["never", "always"])
def test_what_no_figure_can_change_is_known(texts: list[str], answer: object) -> None:
    assert {text: TRUTHS.of(parse(text)) for text in texts} == dict.fromkeys(texts, answer)


@pytest.mark.parametrize("text", EITHER)
def test_what_figures_decide_is_left_to_them(text: str) -> None:
    assert not TRUTHS.of(parse(text)).is_point
    assert list(TRUTHS.settled(parse(text))) == []


values = st.sampled_from([-2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0])
numbers = values.map(lambda value: f"{value:g}")
names = st.sampled_from(NAMES)
made = st.sampled_from(
    ["abs({0})", "max({0}, 2)", "min({0}, 3)", "mean({0}, 2)", "nth({0}, 2, 3)", "lag({0}, 1)", "2 * {0}",
     "least({0}, {1})", "greatest({0}, {1})", "{0} + {1}", "{0} - {1}", "{0} / 2 + 1"]
)  # fmt: skip
sides = st.one_of(names, numbers, st.builds(str.format, made, names, names))
comparisons = st.builds("{} {} {}".format, sides, st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), sides)
conditions = st.recursive(
    comparisons,
    lambda some: st.one_of(
        st.builds("({} and {})".format, some, some),
        st.builds("({} or {})".format, some, some),
        st.builds("not ({})".format, some),
    ),
    max_leaves=5,
)
figures = st.fixed_dictionaries(
    {
        "sales": values.filter(lambda v: v > 0),
        "building": values.filter(lambda v: v >= 0),
        "operating_income": values,
    }
)


@given(text=conditions, known=figures)
@examples(400)
def test_no_figures_that_there_can_be_contradict_what_is_said(text: str, known: Mapping[str, float]) -> None:
    """Where a condition is said to hold always or never, the figures of no company say otherwise."""
    node = parse(text)

    def look(name: str, quarter: Quarter) -> Interval:
        return point(known[name] * (1 + quarter.index % 3))

    answer = Evaluator(look, {}).ask(node, Quarter(8000))
    for part, told in TRUTHS.settled(node):
        found = Evaluator(look, {}).ask(part, Quarter(8000))
        assert found == told, part
    assert TRUTHS.of(node).holds(answer)


CAPS = [
    ("{conditions: 0, below: 25%, at_most: AT RISK}", "this cap always binds"),
    ("{conditions: -1, below: 25%, at_most: AT RISK}", "this cap always binds"),
    (
        "{conditions: 3, below: 25%, at_most: AT RISK}",
        "this cap never binds: it takes 3 conditions, and there are 2",
    ),
    ("{conditions: 1, below: 0%, at_most: AT RISK}", "this cap never binds: no score is below 0%"),
    (
        "{conditions: 1, below: 25%, at_most: ON TRACK}",
        "this cap never binds: ON TRACK is the best verdict there is",
    ),
    ("{conditions: 1, below: 25%, at_most: AT RISK}", ""),
    ("{conditions: 2, below: 100%, at_most: WATCH}", ""),
]
WRITTEN = "{conditions: 1, below: 25%, at_most: AT RISK, because: One of two has stopped.}"


def _lint(folder_pack: Any, run: Any, *changes: tuple[str, str]) -> list[str]:
    text = (folder_pack(name="before") / "thesis.yaml").read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    found = run("lint", cwd=folder_pack({"thesis.yaml": text}))
    assert found.code == 0, found.err
    return [line for line in found.err.splitlines() if "warning[never-or-always]" in line]


@pytest.mark.parametrize(("cap", "told"), CAPS)
def test_a_cap_that_figures_do_not_decide_is_told_with_the_reason(
    folder_pack: Any, run: Any, cap: str, told: str
) -> None:
    found = _lint(folder_pack, run, (WRITTEN, cap))
    assert [told in line for line in found] == ([True] if told else [])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("when: repairs_growth < 0 in 2 of last 3 quarters", "when: abs(repairs_growth) < 0"),
        ("holds: repairs_growth >= 10%", "holds: 1 > 0"),
        ("combine: max", "combine: max\n    lift: {when: sales < 0, because: So.}"),
        ("holds: repairs_growth >= 10%", "holds: repairs_growth >= 10% and sales > 0"),
    ],
)
def test_lint_tells_a_condition_that_figures_do_not_decide(
    folder_pack: Any, run: Any, old: str, new: str
) -> None:
    assert len(_lint(folder_pack, run, (old, new))) == 1


def test_check_says_why_a_verdict_is_capped(folder_pack: Any, run: Any) -> None:
    text = (folder_pack(name="before") / "thesis.yaml").read_text("utf-8")
    for because, told in (
        (", because: Two of two.", "at most AT RISK: Two of two."),
        ("", "at most AT RISK: 0 of 2 conditions below 25%; it takes 0"),
    ):
        cap = f"{{conditions: 0, below: 25%, at_most: AT RISK{because}}}"
        folder = folder_pack({"thesis.yaml": text.replace(WRITTEN, cap, 1)}, name=f"capped{len(because)}")
        found = run("check", "--as-of", "2026-10-15", cwd=folder)
        assert f"capped    {told}" in found.out
