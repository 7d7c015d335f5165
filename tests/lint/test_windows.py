"""A whole number is a window only where the entry of the function says so."""

from __future__ import annotations

from typing import Any

import pytest

from thesis.language.evaluate import SeriesRequest, reads
from thesis.language.functions import FUNCTIONS, SERIES
from thesis.language.syntax import parse

WIDE = 5000  # quarters that no window may have, and an amount like any other
TAKES = {"value": "sales", "condition": "sales > 0", "quarters": "3", "lag": "3", "years": "1", "rank": "1"}
PLACES = [
    (name, place)
    for name, function in FUNCTIONS.items()
    for place, kind in enumerate(function.takes)
    if kind in SERIES
]


def _call(name: str, place: int, number: str) -> str:
    arguments = [TAKES[kind] for kind in FUNCTIONS[name].takes]
    arguments[place] = f"sales > {number}" if FUNCTIONS[name].kind(place) == "condition" else number
    return f"{name}({', '.join(arguments)})"


@pytest.mark.parametrize(("name", "place"), PLACES)
def test_an_amount_in_place_of_a_value_is_read_in_no_quarter(name: str, place: int) -> None:
    """An expression reads what it reads of the other arguments, whatever the amount is."""
    assert reads(parse(_call(name, place, "1"))) == reads(parse(_call(name, place, str(WIDE))))


@pytest.mark.parametrize(
    "formula",
    [
        f"greatest(yoy(sales) * 1, {WIDE})",
        f"least({WIDE}, margin)",
        f"if(margin > {WIDE}, {WIDE}, margin)",
        f"mean(greatest(margin, {WIDE}), 80)",
        f"lag(if(margin > 1, 80, {WIDE}), 4)",
        f"nth(least(margin, {WIDE}), 2, 40)",
    ],
)
def test_no_amount_makes_a_formula_look_up_too_much(folder_pack: Any, run: Any, formula: str) -> None:
    """Lint counts the values that a formula looks up; an amount in it is none of them."""
    metric = f"  odd: {{formula: '{formula}', unit: ratio, show: number, label: Odd}}\n\nidentities:"
    text = (folder_pack() / "metrics.yaml").read_text("utf-8").replace("identities:", metric, 1)
    folder = folder_pack({"metrics.yaml": text}, name="odd")
    found = run("lint", cwd=folder)
    assert "error" not in found.err


def test_a_window_is_read_in_each_of_its_quarters() -> None:
    assert reads(parse("mean(least(sales, 60), 3)")) == [SeriesRequest("sales", back) for back in range(3)]
