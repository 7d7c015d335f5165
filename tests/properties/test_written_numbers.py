"""Laws of numbers and quarters that people write: they read back, and nothing is read in two ways."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any, TypeVar

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from thesis.core import formatting
from thesis.core.interval import point
from thesis.core.number_text import decimal_sign, read_number
from thesis.core.period import Quarter, read_quarter
from thesis.facts.fact import parse_period, parse_value, value_as_typed

Found = TypeVar("Found")

FIGURES = st.decimals(-(10**15), 10**15, allow_nan=False, allow_infinity=False, places=3)
SCALES = {"": 0, "k": 3, "m": 6, "M": 6, "bn": 9, "B": 9, "T": 12, "tn": 12, " million": 6}
SEPARATORS = ("", ",", "_", " ", "'")
QUARTERS = st.integers(2000 * 4, 2089 * 4 + 3).map(Quarter)
FORMS = (
    "{y}Q{n}", "{y}-Q{n}", "{y} Q{n}", "Q{n} {y}", "Q{n}/{y}", "Q{n}{y}", "{n}Q{y}", "{n}Q {y}", "q{n} {y}",
    "{n}Q{s:02}", "{n}q{s:02}", "Q{n} {s:02}", "Q{n}'{s:02}", "{s:02}Q{n}",
)  # fmt: skip


def _read_or_told(read: Callable[..., Found], *given: Any) -> Found | str:
    """What a reader finds, or the message with which it refuses."""
    try:
        return read(*given)
    except ValueError as error:
        return str(error)


@given(FIGURES, st.sampled_from(SEPARATORS), st.sampled_from(sorted(SCALES)), st.sampled_from(["", "$"]))
def test_a_figure_reads_as_it_was_written(figure: Decimal, separator: str, scale: str, sign: str) -> None:
    """With any separator of thousands, any scale and with a sign; or it is refused, and never another."""
    digits = f"{abs(figure):,}".replace(",", separator)
    text = f"{'-' if figure < 0 else ''}{sign}{digits}{scale}"
    read = _read_or_told(read_number, text, "USD")
    if isinstance(read, str):
        assert "whichever it is" in read or abs(figure).scaleb(SCALES[scale]) > Decimal("1e24")
        return
    assert read.exact == figure.scaleb(SCALES[scale])
    assert read_number(str(read), style="language").value == read.value
    assert parse_value(value_as_typed(text, "USD")) == point(read.value)


@given(st.text("0123456789,.", min_size=1, max_size=9))
def test_a_text_that_is_one_number_to_one_reader_and_another_to_another_is_refused(text: str) -> None:
    """Who writes decimals with a comma reads `1,234` otherwise; both agree on what is taken."""
    assume("," in text)
    try:
        read = read_number(text).exact
    except ValueError:
        return
    with pytest.raises(ValueError, match=r"expected one number|expected a decimal comma"):
        read_number(text, style="file", decimal=",")
    assert read == Decimal(text.replace(",", ""))


@given(st.lists(FIGURES.map(abs), min_size=1), st.sampled_from([(",", "."), (".", ",")]), st.randoms())
def test_a_file_reads_as_it_was_written_or_is_refused(
    figures: list[Decimal], signs: tuple[str, str], shuffled: object
) -> None:
    """With points or commas for decimals, thousands separated, in any order of its rows."""
    group, decimal = signs
    swap = {",": group, ".": decimal}
    texts = ["".join(swap.get(each, each) for each in f"{figure.normalize():,f}") for figure in figures]
    sign = _read_or_told(decimal_sign, texts)
    if len(sign) > 1:
        assert "it may be" in sign
        return
    plain = not any(each in "".join(texts) for each in ",.")
    assert plain or sign == decimal
    assert [read_number(text, style="file", decimal=sign).exact for text in texts] == figures


@pytest.mark.parametrize("unit", ["ratio", "years"])
@given(FIGURES, st.sampled_from([each for each in SCALES if each]))
def test_no_ratio_is_an_amount(unit: str, figure: Decimal, scale: str) -> None:
    with pytest.raises(ValueError, match="expected"):
        read_number(f"{figure}{scale}", unit)


@given(st.floats(-1e14, 1e14), st.sampled_from([("billions", "USD"), ("percent", "ratio"), ("bp", "ratio")]))
def test_a_figure_that_was_printed_can_be_typed(value: float, shown: tuple[str, str]) -> None:
    """What a memo prints reads as what it prints, up to its last digit."""
    show, unit = shown
    text = formatting.value(point(value), show, unit)
    read = _read_or_told(read_number, text, unit)
    if isinstance(read, str):
        assert "whichever it is" in read or "up to" in read, text
        return
    assert not read.value or formatting.value(point(read.value), show, unit) == text


@given(QUARTERS, st.sampled_from(FORMS))
def test_a_quarter_reads_as_it_was_written(quarter: Quarter, form: str) -> None:
    text = form.format(y=quarter.year, n=quarter.number, s=quarter.year % 100)
    assert read_quarter(text) == quarter
    assert parse_period(f"{text}") == quarter


@given(st.text("0123456789QqFY -/'HMT", max_size=9))
def test_what_is_read_as_a_quarter_is_one_in_every_form(text: str) -> None:
    quarter = _read_or_told(read_quarter, text)
    if isinstance(quarter, str):
        assert quarter.startswith("expected a ")
        return
    digits = sorted(each for each in text if each.isdigit())
    year = str(quarter.year)
    assert digits in (sorted(f"{year}{quarter.number}"), sorted(f"{year[2:]}{quarter.number}"))
    assert Quarter.parse(str(quarter)) == quarter
