"""Words: how figures are printed, everywhere the same."""

from __future__ import annotations

import math
from datetime import date

import pytest

from thesis.core import formatting
from thesis.core.interval import EVERYTHING, NO, UNKNOWN, YES, Interval, point
from thesis.core.strict_ends import less_than

pytestmark = pytest.mark.quick


@pytest.mark.parametrize(
    ("value", "show", "unit", "text"),
    [
        (point(0.2844), "percent", "ratio", "28.4%"),
        (point(-0.0005), "percent", "ratio", "-0.1%"),
        (point(0.0), "percent", "ratio", "0.0%"),
        (point(-0.00001), "percent", "ratio", "0.0%"),
        (Interval(0.2666, 0.5238), "percent", "ratio", "26.7..52.4%"),
        (Interval(0.28401, 0.28402), "percent", "ratio", "28.4%"),
        (Interval(1.0, math.inf), "percent", "ratio", "over 100.0%"),
        (Interval(-math.inf, 0.1), "percent", "ratio", "under 10.0%"),
        (point(0.132), "points", "ratio", "+13.2pp"),
        (point(0.0023), "bp", "ratio", "+23bp"),
        (Interval(-0.0032, 0.0031), "bp", "ratio", "-32..+31bp"),
        (point(42.232e9), "billions", "USD", "$42.2bn"),
        (point(-6.4e8), "billions", "USD", "-$640M"),
        (point(2.69e12), "billions", "USD", "$2.69T"),
        (point(0.0), "billions", "USD", "$0bn"),
        (Interval(0.56e9, 1.14e9), "billions", "USD", "$0.6..$1.1bn"),
        (point(42.2e9), "billions", "EUR", "€42.2bn"),
        (point(249.15), "usd", "USD/share", "$249.15"),
        (point(3.31), "multiple", "ratio", "3.31x"),
        (point(27.5), "multiple", "ratio", "27.5x"),
        (point(10786313572.0), "number", "shares", "10.786bn shares"),
        (point(0.77), "number", "ratio", "0.77"),
        (point(1578000.0), "number", "count", "1,578,000"),
        (EVERYTHING, "percent", "ratio", "unknown"),
        (None, "percent", "ratio", ""),
    ],
)
def test_a_figure_is_printed_in_its_unit(value: Interval | None, show: str, unit: str, text: str) -> None:
    assert formatting.value(value, show, unit) == text


@pytest.mark.parametrize(
    ("number", "show", "unit", "text"),
    [
        (2e12, "billions", "USD", "$2T"),
        (2.5e11, "billions", "EUR", "€250bn"),
        (-1.25e9, "billions", "USD", "-$1.25bn"),
        (0.0, "billions", "USD", "$0"),
        (0.15, "percent", "ratio", "15%"),
        (0.0, "percent", "ratio", "0%"),
        (-0.025, "percent", "ratio", "-2.5%"),
        (0.25, "number", "ratio", "0.25"),
    ],
)
def test_a_round_number_has_the_decimals_that_it_has(number: float, show: str, unit: str, text: str) -> None:
    """On an axis 1.25 is not rounded to 1.3, and 2 is not 2.00."""
    assert formatting.round_value(number, show, unit) == text


@pytest.mark.parametrize(
    ("show", "unit", "text"),
    [
        ("percent", "ratio", "percent"),
        ("points", "ratio", "percentage points"),
        ("bp", "ratio", "basis points"),
        ("multiple", "ratio", "times"),
        ("billions", "USD", "dollars"),
        ("billions", "CHF", "CHF"),
        ("usd", "EUR/share", "euros a share"),
        ("number", "ratio", "a ratio"),
        ("number", "shares", "shares"),
    ],
)
def test_a_unit_is_named_in_words(show: str, unit: str, text: str) -> None:
    assert formatting.unit_text(show, unit) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (point(0.746), ".746"),  # short of .75, where its label changes
        (point(0.4995), ".499"),
        (point(0.5), ".50"),
        (point(0.0), ".00"),
        (point(1.0), "1.00"),
        (Interval(0.801, 0.886), ".80-.89"),
        (Interval(0.7401, 0.7402), ".74"),
        (UNKNOWN, ".00-1.00"),
    ],
)
def test_a_score_has_two_digits(value: Interval, text: str) -> None:
    assert formatting.score(value) == text


@pytest.mark.parametrize(("value", "text"), [(YES, "true"), (NO, "false"), (UNKNOWN, "unknown"), (None, "")])
def test_an_answer_is_true_false_or_unknown(value: Interval | None, text: str) -> None:
    assert formatting.answer(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(0.56, "56%"), (0.5599999999999999, "56%"), (0.125, "13%"), (1.0, "100%")]
)
def test_a_share_is_a_whole_per_cent(value: float, text: str) -> None:
    assert formatting.share(value) == text


def test_a_distance_has_a_sign() -> None:
    assert formatting.gap(point(0.134), "percent", "ratio") == "+13.4pp"
    assert formatting.gap(point(-0.12), "multiple", "ratio") == "-0.12x"
    assert formatting.gap(Interval(-0.0026, 0.0008), "bp", "ratio") == "-26..+8bp"


def test_a_trend_goes_from_lowest_to_highest_and_leaves_gaps() -> None:
    line = formatting.sparkline([point(1.0), EVERYTHING, point(2.0), Interval(2.5, 3.5)])
    assert line == "▁·▅█"
    assert formatting.sparkline([point(5.0), point(5.0)]) == "▅▅"
    assert formatting.sparkline([]) == ""


@pytest.mark.parametrize(
    ("items", "text"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_a_list_reads_as_a_sentence(items: list[str], text: str) -> None:
    assert formatting.join_words(items) == text


def test_a_day_is_written_out() -> None:
    assert formatting.day(date(2026, 11, 9)) == "9 Nov 2026"


@pytest.mark.parametrize(("number", "text"), [(3.0, "3"), (2.5, "2.5"), (0.1539, "0.2")])
def test_a_level_is_whole_where_it_can_be(number: float, text: str) -> None:
    assert formatting.level(number) == text


@pytest.mark.parametrize(
    ("values", "drawn"),
    [
        ([(1, 1), (2, 2), (3, 3)], "▁▅█"),
        ([(2, 2), (2, 2)], "▅▅"),  # neither the lowest nor the highest bar would be true
        ([(-math.inf, math.inf), (2, 2)], "·▅"),
        ([(25, math.inf), (1, 1), (3, 3)], "·▁█"),
        ([(1, 1), (1, 3.5), (3, 3)], "▁·█"),  # a range over the whole height has no place in it
        ([(1, 1), (1.9, 2.1), (3, 3)], "▁▅█"),
        ([(0.92, 0.93), (-math.inf, math.inf)], "▅·"),  # the only one that is known
        ([], ""),
    ],
)
def test_a_bar_stands_only_where_a_value_has_its_place(values: list[tuple[float, float]], drawn: str) -> None:
    assert formatting.sparkline([Interval(lo, hi) for lo, hi in values]) == drawn


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (7.4, "7 moves"),
        (0.9, "1 move"),
        (0.3, "0.3 moves"),
        (0.02, "0.02 moves"),
        (2e-5, "under 0.01 moves"),
        (0.0, "0 moves"),
    ],
)
def test_a_count_of_next_to_nothing_is_told_in_words(number: float, text: str) -> None:
    assert formatting.rounded_count(number, "move") == text


@pytest.mark.parametrize(
    ("gap", "at", "text"),
    [
        (less_than(80e6) - point(80e6), 80e6, "under $0bn"),
        (point(80e6) - less_than(80e6), 80e6, "over $0bn"),
        (point(-0.0002), 0.2, "-0.02pp"),
        (point(-1.0), 80e6, "-$0.000001M"),
    ],
)
def test_of_a_figure_stated_as_below_a_threshold_nothing_is_left(gap: Interval, at: float, text: str) -> None:
    show = "percent" if at < 1 else "billions"
    assert formatting.gap(gap, show, "ratio" if at < 1 else "USD", at) == text


def test_nothing_left_of_an_amount_has_no_scale() -> None:
    assert formatting.gap(point(0.0), "billions", "USD", at=82e6) == "$0"
    assert formatting.gap(point(0.0), "percent", "ratio", at=0.2) == "0.0pp"
