"""Figures stated as more or less than a number: compared strictly, printed as they were filed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tiers import examples
from thesis.core import formatting
from thesis.core.interval import Interval, at_least, below, equal, point
from thesis.core.strict_ends import as_stated, stated_end
from thesis.facts.fact import parse_value

YES, NO, UNKNOWN = point(1.0), point(0.0), Interval(0.0, 1.0)


@st.composite
def _numbers(draw: st.DrawFn) -> float:
    """Numbers as people type them: up to fifteen digits, of any size and sign, and zero."""
    digits = draw(st.integers(-(10**15) + 1, 10**15 - 1))
    return float(f"{digits}e{draw(st.integers(-18, 8))}")


numbers = _numbers()


def _read(text: str) -> Interval:
    value = parse_value(text)
    assert isinstance(value, Interval)
    return value


@given(number=numbers)
@examples(200)
def test_what_is_below_a_number_is_not_that_number(number: float) -> None:
    """`<100e9` is below 100e9 and neither equal to it nor at least that; `>100e9` the other way round."""
    less, more, itself = _read(f"<{number!r}"), _read(f">{number!r}"), point(number)
    assert (below(less, itself), at_least(less, itself), equal(less, itself)) == (YES, NO, NO)
    assert (below(itself, more), at_least(itself, more), equal(more, itself)) == (YES, NO, NO)
    assert (at_least(itself, less), at_least(more, itself)) == (YES, YES)


@given(number=numbers, far=st.sampled_from([1e-9, 1e-6, 0.01, 0.5]))
@examples(200)
def test_no_more_is_left_out_than_the_number_itself(number: float, far: float) -> None:
    """A figure a little inside the end, at the precision of a printed figure, may still be the one meant."""
    near = abs(number) * far or far
    assert at_least(_read(f"<{number!r}"), point(number - near)) == UNKNOWN
    assert at_least(point(number + near), _read(f">{number!r}")) == UNKNOWN


@given(number=numbers)
@examples(200)
def test_it_is_printed_as_it_was_filed(number: float) -> None:
    less, more = _read(f"<{number!r}"), _read(f">{number!r}")
    assert formatting.exact(less) == f"<{number:,.15g}".replace("-0", "0" if number == 0 else "-0")
    assert formatting.exact(more) == f">{number:,.15g}".replace("-0", "0" if number == 0 else "-0")
    assert (as_stated(less).hi, as_stated(more).lo) == (number, number)
    assert stated_end(less.hi, is_lower=False) == number


@pytest.mark.parametrize("text", ["4", "4..6", "-1..0", "0"])
def test_a_number_or_a_range_is_kept_as_it_is(text: str) -> None:
    value = _read(text)
    assert as_stated(value) == value == _read(text)


@pytest.mark.parametrize(
    ("declared", "text", "is_allowed"),
    [
        ("above", ">0", True),
        ("above", "0", False),
        ("least", ">0", True),
        ("least", "<0", False),
        ("least", "<1", True),
    ],
)
def test_a_least_value_is_held_against_the_strict_end(declared: str, text: str, is_allowed: bool) -> None:
    from thesis.facts.fact import least_value

    least = least_value("0" if declared == "above" else "", "0" if declared == "least" else "")
    assert least is not None
    assert least.allows(_read(text)) is is_allowed
