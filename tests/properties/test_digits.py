"""Laws of digits: what is printed beside each other reads as it compares.

Two figures that compare unlike never print alike, and what is left to a threshold prints as nothing only if
it is nothing.
"""

from __future__ import annotations

import math
import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from thesis.core import formatting
from thesis.core.interval import Interval, apart, at_least, point, reaches

FACTORS = {
    "%": 1e-2,
    "pp": 1e-2,
    "bp": 1e-4,
    "T": 1e12,
    "bn": 1e9,
    "M": 1e6,
    "bn shares": 1e9,
    "M shares": 1e6,
}
UNITS = st.sampled_from(
    [
        ("percent", "ratio"),
        ("points", "ratio"),
        ("bp", "ratio"),
        ("multiple", "ratio"),
        ("billions", "USD"),
        ("billions", "EUR"),
        ("usd", "USD/share"),
        ("number", "ratio"),
        ("number", "shares"),
        ("number", "count"),
    ]
)
thresholds = st.sampled_from(
    ["20%", "-2.5%", "0", "15.25%", "250bp", "1", "1.25", "8", "82e6", "1e9", "999e6", "1e12", "4e12", "12.5"]
)


def number(text: str) -> float:
    """A figure as a reader takes it, from the text alone."""
    found = re.fullmatch(r"([-+]?)[^\d.+-]*([\d.,]+)\s?(%|pp|bp|T|bn shares|M shares|bn|M|x|)", text)
    assert found, text
    size = float(found[2].replace(",", "")) * FACTORS.get(found[3], 1.0)
    return -size if found[1] == "-" else size


def side(a: float, b: float) -> int:
    return 0 if reaches(a, b) and reaches(b, a) else 1 if a > b else -1


def read(text: str) -> float:
    factor = {"%": 1e-2, "p": 1e-4}.get(text[-1], 1.0)
    return float(text.removesuffix("bp").removesuffix("%")) * factor


@st.composite
def near(draw: st.DrawFn) -> tuple[str, float]:
    """A threshold as it is written, and a value that may be as near to it as twelve digits tell apart."""
    written = draw(thresholds)
    at = read(written)
    apart_by = draw(st.sampled_from([0.0, 1e-11, 1e-9, 1e-6, 2e-4, 1e-3, 0.04, 1.0, 30.0]))
    value = at + draw(st.sampled_from([-1, 1])) * apart_by * (abs(at) or 1.0)
    return written, value


def is_amount(look: tuple[str, str], at: float, value: float) -> bool:
    """Whether a threshold makes sense for money: no part of a dollar, nor missed by less than a cent."""
    return look[0] != "billions" or not (0 < abs(at) < 1 or 0 < abs(value - at) < 0.01)


@given(near(), UNITS)
def test_a_value_reads_on_the_side_of_its_threshold_on_which_it_is(
    pair: tuple[str, float], look: tuple[str, str]
) -> None:
    written, value = pair
    at = read(written)
    assume(is_amount(look, at, value))
    told = formatting.value(value, *look, beside=[at])
    against = formatting.edge(written, at, *look)
    if written.endswith(("%", "bp")) and against == written:
        return  # a share of a plain number stays as it was typed
    assert side(number(told), number(against)) == side(value, at), (told, against)


@given(near(), UNITS, st.floats(0.0, 2.0))
def test_both_ends_of_a_range_do(pair: tuple[str, float], look: tuple[str, str], width: float) -> None:
    written, value = pair
    at = read(written)
    assume(is_amount(look, at, value))
    told = formatting.value(Interval(value, value + width), *look, beside=[at])
    if ".." not in told:
        return
    bare = re.sub(r"^[-+]?[^\d.+-]*", "", told)
    assert bare
    low, high = told.split("..")
    suffix = re.sub(r"^[-+]?[^\d.+-]*[\d.,]+", "", high)
    prefix = re.match(r"[-+]?([^\d.+-]*)", low)
    assert prefix
    ends = (number(low + suffix), number(high))
    against = number(formatting.edge(written, at, *look))
    assert (side(ends[0], against), side(ends[1], against)) == (side(value, at), side(value + width, at))


@given(near(), UNITS)
def test_two_values_that_compare_unlike_never_print_alike(
    pair: tuple[str, float], look: tuple[str, str]
) -> None:
    written, value = pair
    other = read(written) * (1 + 1e-7)
    told, against = (formatting.value(a, *look, beside=[b]) for a, b in ((value, other), (other, value)))
    if side(value, other):
        assert side(number(told), number(against)) == side(value, other)


@given(near(), UNITS)
def test_headroom_is_nothing_only_if_it_is(pair: tuple[str, float], look: tuple[str, str]) -> None:
    written, value = pair
    at = read(written)
    left = apart(point(value), point(at))
    told = formatting.gap(left, *look)
    assert side(number(told), 0.0) == side(value, at)
    assert (left.lo >= 0) == (at_least(point(value), point(at)) == point(1.0))


@given(st.floats(0.0, 1.0))
def test_a_score_reads_in_the_quarter_in_which_it_is(score: float) -> None:
    told = float(formatting.score(point(score)))
    for edge in (0.25, 0.5, 0.75):
        assert (told >= edge) == reaches(score, edge)


@pytest.mark.parametrize(
    ("value", "at", "show", "unit", "told", "left"),
    [
        (0.1998, 0.2, "percent", "ratio", "19.98%", "-0.02pp"),
        (0.2, 0.2, "percent", "ratio", "20.0%", "0.0pp"),
        (0.2004, 0.2, "percent", "ratio", "20.04%", "+0.04pp"),
        (-0.01002, -0.01, "bp", "ratio", "-100.2bp", "-0.2bp"),
        (999.96e6, 1e9, "billions", "USD", "$999.96M", "-$0.04M"),
        (81.6e6, 82e6, "billions", "USD", "$81.6M", "-$0.4M"),
        (24.96, 25.0, "multiple", "ratio", "24.96x", "-0.04x"),
        (100.4, 100.0, "number", "count", "100.4", "+0.40"),
        (0.28, 0.2, "percent", "ratio", "28.0%", "+8.0pp"),
    ],
)
def test_digits_as_many_as_tell_the_two_apart(
    value: float, at: float, show: str, unit: str, told: str, left: str
) -> None:
    assert formatting.value(value, show, unit, beside=[at]) == told
    assert formatting.gap(apart(point(value), point(at)), show, unit) == left


def test_no_bound_has_no_digits() -> None:
    assert formatting.value(Interval(-math.inf, 0.1998), "percent", beside=[0.2]) == "under 19.98%"
    assert formatting.value(Interval(-math.inf, math.inf), "percent", beside=[0.2]) == "unknown"
