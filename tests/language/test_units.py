"""Units: which sums make sense, before anything is evaluated."""

from __future__ import annotations

import pytest

from thesis.language.syntax import parse
from thesis.language.units import RATIO, UnitClash, ValueType, infer, read_unit, unit_name

pytestmark = pytest.mark.quick

TYPES = {
    "sales": ValueType(read_unit("USD"), "flow"),
    "costs": ValueType(read_unit("USD"), "flow"),
    "cash": ValueType(read_unit("USD"), "stock"),
    "shares": ValueType(read_unit("shares"), "stock"),
    "price": ValueType(read_unit("USD/share"), "stock"),
    "growth": ValueType(RATIO, "rate"),
}


def look(text: str) -> tuple[ValueType, list[UnitClash]]:
    clashes: list[UnitClash] = []
    return infer(parse(text), TYPES, clashes.append), clashes


@pytest.mark.parametrize(
    ("text", "unit", "kind"),
    [
        ("sales + costs", "USD", "flow"),
        ("sales / costs", "ratio", "rate"),
        ("cash / sales", "ratio", "rate"),
        ("price * shares", "USD", "rate"),
        ("shares / sales", "shares/USD", "rate"),
        ("sales * growth", "USD", "flow"),
        ("ttm(sales)", "USD", "annual"),
        ("ttm(sales * growth)", "USD", "annual"),
        ("ttm(sales) / ttm(costs)", "ratio", "rate"),
        ("yoy(cash)", "ratio", "rate"),
        ("change(cash, 4)", "USD", "stock"),
        ("mean(sales, 4)", "USD", "flow"),
        ("greatest(sales, 0)", "USD", "flow"),
        ("if(growth > 5%, sales, costs)", "USD", "flow"),
        ("streak(growth > 5%, 4)", "count", "rate"),
        ("growth > 5%", "yes or no", "truth"),
        ("price * shares > 4e12", "yes or no", "truth"),
        ("5 + sales", "USD", "flow"),
        ("sales > 5", "yes or no", "truth"),
    ],
)
def test_a_unit_follows_through_an_expression(text: str, unit: str, kind: str) -> None:
    found, clashes = look(text)
    assert (found.unit, found.kind, clashes) == (unit, kind, [])


@pytest.mark.parametrize(
    ("text", "code", "message", "at"),
    [
        ("sales + growth", "unit-clash", "adds a ratio to USD", "growth"),
        ("sales - 10%", "unit-clash", "takes a ratio from USD", "10%"),
        ("sales > 5%", "unit-clash", "compares USD with a ratio", "5%"),
        ("greatest(sales, 5%)", "unit-clash", "puts a ratio beside USD", "5%"),
        ("if(growth > 1, sales, growth)", "unit-clash", "puts a ratio beside USD", "growth"),
        ("if(sales, 1, 2)", "unit-clash", "expected a condition, found a number (USD)", "sales"),
        ("not sales", "unit-clash", "expected a condition, found a number (USD)", "sales"),
        ("sales for 2 quarters", "unit-clash", "expected a condition, found a number (USD)", "sales"),
        ("(sales > 1) + 1", "unit-clash", "expected a number, found a condition", "sales > 1"),
        ("ttm(cash)", "not-a-flow", "quarters of a stock, which stands at a quarter's end", "cash"),
        ("ttm(ttm(sales))", "not-a-flow", "added up over a year already", "ttm(sales)"),
        ("ttm(growth)", "not-a-flow", "a ratio that is not a flow", "growth"),
        ("sum(cash, 2)", "not-a-flow", "`sum` adds up quarters of a stock", "cash"),
        ("yoy(sales, 2)", "arguments", "`yoy` takes 1 (value), found 2", "yoy(sales, 2)"),
        ("least(sales)", "arguments", "`least` takes 2 (value, value, ...), found 1", "least(sales)"),
        ("lag(sales, 1.5)", "arguments", "expected a whole number of quarters up to 80, found `1.5`", "1.5"),
        ("lag(sales, growth)", "arguments", "expected a whole number of quarters up to 80", "growth"),
        ("lag(sales, 81)", "arguments", "up to 80, found `81`", "81"),
        ("mean(sales, 0)", "arguments", "expected at least 1 of quarters, found 0", "0"),
        ("cagr(sales, 21)", "arguments", "expected at most 20 years", "21"),
        ("nth(sales, 4, 3)", "arguments", "there is no number 4 among 3", "nth(sales, 4, 3)"),
    ],
)
def test_what_does_not_fit_is_named_where_it_stands(text: str, code: str, message: str, at: str) -> None:
    clashes = look(text)[1]
    assert [clash.code for clash in clashes] == [code]
    assert message in clashes[0].message
    assert str(clashes[0].node) == at


@pytest.mark.parametrize(
    "text", ["ttm(sales + growth)", "(sales + growth) * 2 + cash", "nope(sales) + growth"]
)
def test_one_mistake_is_told_once(text: str) -> None:
    """What follows from a misfit, or from a name nobody knows, is not told again."""
    assert len(look(text)[1]) <= 1


def test_two_mistakes_are_told_both() -> None:
    assert [str(clash.node) for clash in look("sales + growth > 0 and not cash")[1]] == ["growth", "cash"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("USD", "USD"),
        ("USD/share", "USD/share"),
        ("shares", "shares"),
        ("EUR/share/year", "EUR/share/year"),
        ("USD/USD", "ratio"),
        ("ratio", "ratio"),
    ],
)
def test_units_are_written_as_people_write_them(text: str, name: str) -> None:
    assert unit_name(read_unit(text)) == name


@pytest.mark.parametrize("text", ["usd", "dollars", "ratio/share", "US", ""])
def test_what_is_no_unit_is_refused_with_the_units_there_are(text: str) -> None:
    with pytest.raises(ValueError, match="expected USD, shares, USD/share, ratio, count or years"):
        read_unit(text)
