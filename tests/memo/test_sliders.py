"""Sliders: from where to where each goes, in steps that can be typed, and what the page reckons from."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from thesis.core.interval import Interval
from thesis.core.record import replace_fields
from thesis.core.strict_ends import less_than, more_than
from thesis.language.evaluate import Supposition
from thesis.memo.sliders import Slider, Sliders, memo_sliders
from thesis.pack.assumptions import single_number, unsound_value
from thesis.scoring.assessment import Assessment

DAY = "2026-10-15"
GROWTH = "{central: 12%, low: 5%, high: 20%, sd: 5%, source: judgement, because: Twelve in the last year.}"
MARGIN = "margin: {central: 28%, low: 20%, high: 35%, sd: 4%, source: letter to owners of July 2026}"


def made(found: Assessment) -> Sliders:
    given = memo_sliders(found)
    assert given is not None
    return given


def row(given: Sliders, driver: str) -> Slider:
    return next(each for each in given.rows if each.driver == driver)


@pytest.mark.parametrize("pack", ["amzn-4t", "acme"])
def test_every_place_of_a_slider_is_a_value_that_can_be_typed(pack: str, assessed: Any, priced: Any) -> None:
    """Whole steps from the middle to both ends, and each end a value that the belief can have."""
    for each in made(assessed(DAY, priced() if pack == "acme" else None)).rows:
        at, least, most, step = map(Decimal, (each.at, each.least, each.most, each.step))
        assert (at - least) % step == (most - at) % step == 0
        assert least < at < most
        for end in (each.least, each.most):
            assert not list(unsound_value(each.driver, single_number(f"{end}{each.unit}")))
        assert single_number(f"{each.at}{each.unit}") == float(each.value)


def test_money_moves_in_steps_that_fit_its_size(assessed: Any, priced: Any) -> None:
    large, small = made(assessed(DAY)), made(assessed(DAY, priced()))
    assert (row(large, "cash_flow").unit, row(large, "cash_flow").step) == ("e9", "1")
    assert (row(small, "forge").unit, row(small, "forge").step) == ("e6", "1")


@pytest.mark.parametrize(
    ("driver", "old", "new", "least", "most"),
    [
        ("repairs.growth", GROWTH, GROWTH.replace("low: 5%", "low: -95%"), "-99.9", "77.5"),
        ("repairs.margin", MARGIN, MARGIN.replace("high: 35%", "high: 95%"), "-17.5", "100"),
        ("multiple", "{central: 12, low: 8, high: 16,", "{central: 12, low: 0.2, high: 16,", "0.1", "23.9"),
    ],
)
def test_a_slider_stops_where_values_stop_making_sense(
    driver: str, old: str, new: str, least: str, most: str, assessed: Any, priced: Any
) -> None:
    found = row(made(assessed(DAY, priced((old, new)))), driver)
    assert (found.least, found.most) == (least, most)


def test_figures_that_the_memo_supposes_are_typed_for_a_shell(assessed: Any) -> None:
    found = assessed(DAY)
    given = {
        "price": Supposition(Interval(300.0, 300.0)),
        "a": Supposition(Interval(4.0, 5.5), 4),
        "b": Supposition(more_than(2.0)),
        "c": Supposition(less_than(7.0), None),
    }
    assert made(replace_fields(found, given=given)).supposed == (
        "price=300.0",
        "'a=4.0..5.5*4'",
        "'b=>2.0'",
        "'c=<7.0*all'",
    )


def test_a_belief_that_is_not_counted_has_none(assessed: Any, priced: Any) -> None:
    """It is shown beside the bridge and changes no market value."""
    folder = priced(("    because: It would be sold.", "    counted: false\n    because: It would be sold."))
    assert "forge" not in {each.driver for each in made(assessed(DAY, folder)).rows}


def test_without_a_market_value_there_are_none(assessed: Any, priced: Any) -> None:
    assert memo_sliders(assessed(DAY, priced(without="price"))) is None
