"""The law of direction: a worse figure never makes a better answer, and neither does knowing less.

Moving an input in the direction that a rule, monotone in it, calls bad, through zero and beyond, improves
neither end of its score, nor the rating, nor the headroom of a kill criterion in units or in typical changes.
Widening an input never improves a low end, and never makes a criterion look farther off.
"""

from __future__ import annotations

import math
import sys
from copy import copy
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.properties.moving import MOVES, Stage, Swept, sweep, sweep_of_ranges
from thesis.core.aggregates import EXAMPLES
from thesis.core.period import Quarter
from thesis.core.record import replace_fields
from thesis.files.disk import bundled_folder
from thesis.pack.folder import read_folder
from thesis.pack.load import Pack, build
from thesis.pack.schema.metrics import Metric
from thesis.pack.schema.thesis import KillCriterion, Measure, Rule
from thesis.pricing.priced_case import case_as_of

ACME = Path(__file__).parent.parent / "data" / "acme"
PACKS = {
    "amzn-4t": (bundled_folder("rules") / "amzn-4t", date(2026, 10, 15)),
    "googl-cloud": (bundled_folder("rules") / "googl-cloud", date(2026, 8, 15)),
    "acme": (ACME, date(2026, 10, 15)),
}
QUICK = (-10, -0.01, 0.01, 0.6, 1, 10)
SIZES = [size * ten for ten in (0.001, 0.01, 0.1, 1, 10, 100) for size in (1, 1.3, 2, 3, 5, 7)]
FULL = sorted([*SIZES, *(-size for size in SIZES), 0, 0.8, 0.9, 0.95, 1.05, 1.1])


@cache
def stage(name: str) -> Stage:
    folder, day = PACKS[name]
    return Stage(build(read_folder(folder, name))[0], day)


def say(name: str, what: str, found: Swept) -> None:
    """Say how much was tried, and what was left out: shown by ``pytest -s`` and where a test fails."""
    told = [f"{name}, {what}: {found.tried:,} pairs of an input and an answer in {found.cases:,} cases"]
    told += [f"  left out: {each}" for each in found.left_out]
    sys.stdout.write("\n".join(told) + "\n")


@pytest.mark.parametrize("name", PACKS)
def test_a_worse_figure_never_makes_a_better_answer(name: str) -> None:
    """Every input of every rule, in the newest quarter, in the last four and through what-ifs."""
    found = sweep(stage(name), QUICK)
    say(name, "moved", found)
    assert found.tried > 20 * len(MOVES)
    assert found.broken == []


@pytest.mark.parametrize("name", PACKS)
def test_knowing_less_never_makes_a_better_answer(name: str) -> None:
    """Every input in the newest quarter and in the one that typical changes end with, known less exactly."""
    found = sweep_of_ranges(stage(name), 1, [0.3])
    say(name, "widened", found)
    assert found.broken == []


# generated packs --------------------------------------------------------------------------------------

POSITIVE, SIGNED = ("repairs.sales", "anvils.sales", "building"), ("operating_income", "cash_from_operations")
LEAVES = (
    "{}",
    "ttm({})",
    "mean({}, 3)",
    "min({}, 3)",
    "max({}, 2)",
    "nth({}, 2, 3)",
    "median({}, 3)",
    "change({}, 4)",
    "cagr({}, 1)",
)
NUMERATORS = (
    "{0}",
    "{0} + {1}",
    "{0} - {1}",
    "2 * {0}",
    "{0} + 10e6",
    "least({0}, {1})",
    "greatest({0}, {1})",
)
WHOLE = (
    "{0}",
    "{0} / ttm(sales)",
    "{0} / greatest({1}, 1% * ttm(sales))",
    "{0} / greatest({1}, 5e6)",
)
BURDENS = ("ttm(building) / ttm({})", "building / {}", "ttm(building) / change(ttm({}), 4)")


@st.composite
def formulas(draw: st.DrawFn) -> tuple[str, bool]:
    """A formula that reads each line item once; whether it is a quotient with a bare divisor."""
    if draw(st.integers(0, 4)) == 4:
        burden = draw(st.sampled_from(BURDENS))
        return burden.format(draw(st.sampled_from(SIGNED))), True
    names = draw(st.permutations([*POSITIVE, *SIGNED]))
    parts = [draw(st.sampled_from(LEAVES)).format(name) for name in names[:3]]
    numerator = f"({draw(st.sampled_from(NUMERATORS)).format(*parts)})"
    return draw(st.sampled_from(WHOLE)).format(numerator, parts[2]), False


@st.composite
def packs(draw: st.DrawFn) -> Pack:
    """Acme's figures under other rules: a condition, a risk and two criteria, all of one metric."""
    pack = copy(stage("acme").pack)
    formula, is_burden = draw(formulas())
    margin = pack.metrics["margin"]
    pack.metrics = {"m": Metric(formula, "ratio", "number", "M"), "margin": margin}
    now = case_as_of(pack, date(2026, 10, 15)).value("m", Quarter.parse("2026Q2"))
    middle = now.middle if math.isfinite(now.middle) else 1.0
    width = draw(st.sampled_from([0.01, 0.2, 1.0])) * (abs(middle) or 1.0)
    edges = [f"{middle + width * step:.6g}" for step in (-2, -1, 0, 1, 2)]
    assume(len(set(map(float, edges))) == len(edges))
    is_worse = is_burden or draw(st.booleans())
    sustained = draw(st.sampled_from(["", "2 of 3"]))
    combine = draw(st.sampled_from(EXAMPLES))
    at, operator = draw(st.sampled_from(edges)), ">" if is_worse else "<"
    read = draw(
        st.sampled_from(["m", f"({formula})"])
    )  # by the metric's name, or written where it is compared
    is_scored = read == "m" or draw(st.booleans())  # else no rule reads the metric by its name
    held = draw(st.sampled_from(["", " in 2 of last 3 quarters"]))
    falling, rising = edges[::-1], edges
    bands = (falling if is_worse else rising) if is_scored else ["5%", "10%", "15%", "20%", "25%"]
    scored = "m" if is_scored else "margin"
    condition = Measure(1.0, metric=scored, bands=bands, sustained=sustained)
    risk = Measure(1.0, metric="m", bands=rising if is_worse else falling, sustained=sustained)
    pack.thesis = replace_fields(
        pack.thesis,
        conditions=[
            Rule(
                "c",
                "C",
                "",
                "",
                [condition],
                holds=f"{read} {'<=' if is_worse else '>='} {at}",
                combine=combine,
            )
        ],
        risks=[Rule("r", "R", "", "", [risk], combine="max")] if is_scored else [],
        kill=[
            KillCriterion("K1", "", "", when=f"{read} {operator} {at}{held}"),
            KillCriterion("K2", "", "", f"{read} {operator} {at}", immediate=True),
            KillCriterion("K3", "", "", f"2 * mean({read}, 1) {operator} 2 * {at}", immediate=True),
        ],
    )
    return pack


@settings(max_examples=20)
@given(packs())
def test_in_generated_packs_neither_a_worse_figure_nor_knowing_less_makes_a_better_answer(pack: Pack) -> None:
    """Formulas without a divisor that can turn, and burdens with one of which more is worse everywhere."""
    made = Stage(pack, date(2026, 10, 15))
    formula = pack.metrics["m"].formula
    moved = sweep(made, QUICK)
    widened = sweep_of_ranges(made, 2, [0.5])
    say(formula, "moved and widened", moved)
    assert (formula, moved.broken) == (formula, [])
    assert (formula, widened.broken) == (formula, [])


# all of it --------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("name", PACKS)
def test_a_worse_figure_never_makes_a_better_answer_however_it_is_moved(name: str) -> None:
    found = sweep(stage(name), FULL)
    say(name, "moved", found)
    assert found.broken == []


@pytest.mark.slow
@pytest.mark.parametrize("name", PACKS)
def test_knowing_less_of_any_quarter_never_makes_a_better_answer(name: str) -> None:
    found = sweep_of_ranges(stage(name), 13, [0.001, 0.1, 2, 20])
    say(name, "widened", found)
    assert found.broken == []
