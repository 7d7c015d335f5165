"""From what a page shows to what it states, and back."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tiers import examples
from thesis.sources.xbrl.number_words import NONE, SCALES, TENS, UNITS, number_from_words
from thesis.sources.xbrl.text_values import value_from_text
from thesis.sources.xbrl.transforms import NUMBERS, format_name, parse_scale, parse_sign, stated_value

NUMBERS_SHOWN = st.decimals(min_value=0, max_value=Decimal("1e15"), places=4, allow_nan=False)


def plain(text: str, form: str) -> Decimal:
    return stated_value(text, form, 0, is_negative=False)


def test_billions_are_exact() -> None:
    """A float would make 16899999999.999998 of it."""
    found = stated_value("16.9", "ixt:num-dot-decimal", 9, is_negative=False)
    assert str(found) == "16900000000"


@pytest.mark.parametrize(
    ("form", "text", "value"),
    [
        ("", "0.45", "0.45"),
        ("", " 7\n", "7"),
        ("ixt:num-dot-decimal", "1,234.5", "1234.5"),
        ("ixt:num-dot-decimal", ".5", "0.5"),
        ("ixt:num-dot-decimal", "1 234 567", "1234567"),
        ("ixt:num-dot-decimal", "1\u00a0234", "1234"),
        ("ixt:num-dot-decimal", "12345", "12345"),
        ("ixt:num-dot-decimal", "12, 345", "12345"),
        ("ixt:num-dot-decimal", "12,3456", "123456"),
        ("ixt:num-dot-decimal-apos", "1'234.5", "1234.5"),
        ("ixt:num-unit-decimal", "1,250 dollars 5 cents", "1250.05"),
        ("ixt:numunitdecimal", "5 EUR 20", "5.20"),
        ("ixt:numdotdecimal", "574,785", "574785"),
        ("ixt:numdotdecimalin", "1,23,45,678.9", "12345678.9"),
        ("ixt:num-comma-decimal", "1.234,5", "1234.5"),
        ("ixt:num-comma-decimal", "1\u202f234,5", "1234.5"),
        ("ixt:numcommadecimal", "1.234", "1234"),
        ("ixt:numdotcomma", "0,25", "0.25"),
        ("ixt:fixed-zero", "no", "0"),
        ("ixt:fixed-zero", "", "0"),
        ("ixt:zerodash", "\u2014", "0"),
        ("ixt:numdash", "-", "0"),
        ("ixt-sec:numwordsen", "Twenty-five", "25"),
        ("ixt-sec:numwordsen", "Twenty\u2011five", "25"),
    ],
)
def test_formats(form: str, text: str, value: str) -> None:
    assert plain(text, form) == Decimal(value)


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("", "1,000"),
        ("", "-5"),
        ("", "(5)"),
        ("", ""),
        ("", "NaN"),
        ("ixt:num-dot-decimal", "1.234.567"),
        ("ixt:numdotdecimal", "1,23"),
        ("ixt:numdotdecimal", "1,234 567"),
        ("ixt:numdotdecimal", "12,3456"),
        ("ixt:num-dot-decimal", "(1,234)"),
        ("ixt:num-dot-decimal", ", "),
        ("ixt:num-unit-decimal", "5 dollars"),
        ("ixt:num-unit-decimal", "5.20"),
        ("ixt:num-dot-decimal", "1,234."),
        ("ixt:num-dot-decimal", ""),
        ("ixt:num-dot-decimal", "\u0663"),
        ("ixt:num-dot-decimal", "9" * 80),
        ("ixt:num-comma-decimal", "1,234.5"),
        ("ixt:zerodash", "0"),
        ("ixt:zerodash", "--"),
        ("ixt-sec:numwordsen", "a few"),
    ],
)
def test_what_is_not_in_the_format_is_no_number(form: str, text: str) -> None:
    with pytest.raises(ValueError, match="expected"):
        plain(text, form)


@examples(200)
@given(NUMBERS_SHOWN, st.integers(-6, 9), st.booleans(), st.sampled_from([",", " ", "\u00a0", ""]))
def test_a_number_shown_is_the_number_stated(
    number: Decimal, scale: int, is_negative: bool, separator: str
) -> None:
    """Writing a number in groups, scaled and with its sign apart, and reading it back changes nothing."""
    shown = f"{number:,}".replace(",", separator)
    found = stated_value(shown, "ixt:num-dot-decimal", scale, is_negative=is_negative)
    assert found == number * Decimal(10) ** scale * (-1 if is_negative else 1)
    with_comma = f"{number:,}".replace(",", "_").replace(".", ",").replace("_", separator.replace(",", "."))
    assert found == stated_value(with_comma, "ixt:num-comma-decimal", scale, is_negative=is_negative)


@examples(200)
@given(NUMBERS_SHOWN, st.sampled_from(sorted(set(NUMBERS) - {"ixt-sec:numwordsen"})))
def test_every_format_reads_exactly_or_refuses(number: Decimal, form: str) -> None:
    """No format takes another's point for a separator: it gives the number, its own zero, or nothing."""
    try:
        found = plain(str(number), form)
    except ValueError:
        return
    assert found == (0 if form == "ixt:fixed-zero" else number)


def test_nothing_is_minus_zero() -> None:
    assert str(stated_value("0", "", 6, is_negative=True)) == "0"


def test_bounds_hold_after_scaling() -> None:
    with pytest.raises(ValueError, match="below"):
        stated_value("999999999999999", "", 12, is_negative=False)


def test_scale_and_sign() -> None:
    assert [parse_scale(text) for text in (None, "6", "-2", " 9 ")] == [0, 6, -2, 9]
    assert [parse_sign(text) for text in (None, "", "-")] == [False, False, True]
    for text in ("six", "99", "1.5", "1e3"):
        with pytest.raises(ValueError, match="scale"):
            parse_scale(text)
    with pytest.raises(ValueError, match="sign"):
        parse_sign("+")


def test_a_format_is_known_by_its_registry() -> None:
    """Every version of the registry is read alike; somebody else's of the same name is not."""
    base = "http://www.xbrl.org/inlineXBRL/transformation"
    assert {format_name(f"{base}/{year} zerodash") for year in ("2011-07-31", "2015-02-26")} == {
        "ixt:zerodash"
    }
    assert format_name("http://www.sec.gov/inlineXBRL/transformation/2015-08-31 x") == "ixt-sec:x"
    assert format_name("http://else.example zerodash") not in NUMBERS


# words -----------------------------------------------------------------------------------------


def spelt(number: int) -> str:
    """A number below a thousand billion in words: the opposite of ``in_words``."""
    for name, scale in reversed(SCALES.items()):
        if number >= scale:
            rest = number % scale
            return f"{spelt(number // scale)} {name}" + (f" {spelt(rest)}" if rest else "")
    if number >= 100:
        rest = number % 100
        return f"{spelt(number // 100)} hundred" + (f" and {spelt(rest)}" if rest else "")
    words = {value: word for word, value in (UNITS | TENS).items()}
    if number in words:
        return words[number]
    return f"{words[number // 10 * 10]}-{words[number % 10]}"


@examples(200)
@given(st.one_of(st.integers(1, 2000), st.integers(1, 10**12)))
def test_numbers_in_words_come_back(number: int) -> None:
    assert number_from_words(spelt(number)) == number


def test_none_in_words() -> None:
    assert [number_from_words(word) for word in NONE] == [0] * len(NONE)


@pytest.mark.parametrize(
    "text",
    [
        "", "and", "one and", "twenty thirty", "one two", "hundred", "ten hundred", "thousand",
        "one thousand million", "one half", "twenty-ten", "zero one", "no one", "five hundreds",
    ],
)  # fmt: skip
def test_words_that_are_no_number(text: str) -> None:
    with pytest.raises(ValueError, match="expected a whole number in English words"):
        number_from_words(text)


@pytest.mark.parametrize(
    ("form", "text", "value"),
    [
        ("ixt:fixed-false", "Other Information", "false"),
        ("ixt:fixed-true", "", "true"),
        ("ixt:nocontent", "none", ""),
        ("ixt-sec:boolballotbox", "☒", "true"),
        ("ixt-sec:boolballotbox", "☐", "false"),
        ("ixt:date-monthname-day-year-en", "December 31, 2023", "2023-12-31"),
        ("ixt:date-monthname-day-year-en", "Dec. 31, 2023", "2023-12-31"),
        ("ixt:date-month-day-year", "12/31/2023", "2023-12-31"),
        ("ixt:date-month-day-year", "9/28/24", "2024-09-28"),
        ("ixt:date-monthname-day-year-en", "September 28th, 2024", "2024-09-28"),
        ("ixt:date-day-monthname-year-en", "31 December 2023", "2023-12-31"),
        ("ixt:date-day-monthname-year-en", "1st Dec. 23", "2023-12-01"),
        ("ixt:dateyearmonthday", "2024/9/28", "2024-09-28"),
        ("ixt:date-month-day", "12/31", "--12-31"),
        ("ixt:date-day-month", "31.12", "--12-31"),
        ("ixt-sec:durweek", "13", "P91D"),
        ("ixt:date-year-month-day", "2023-12-31", "2023-12-31"),
        ("ixt:date-monthname-day-en", "December 31", "--12-31"),
        ("ixt-sec:duryear", "3.7", "P3Y8M12D"),
        ("ixt-sec:duryear", "40", "P40Y"),
        ("ixt-sec:durmonth", "24", "P24M"),
        ("ixt-sec:durmonth", "1.5", "P1M15D"),
        ("ixt-sec:durday", "397", "P397D"),
        ("ixt-sec:durwordsen", "twenty-five years", "P25Y"),
        ("ixt-sec:durwordsen", "364-day", "P364D"),
        ("ixt-sec:durwordsen", "two years and six months", "P2Y6M"),
        ("ixt-sec:durwordsen", "two weeks", "P14D"),
    ],
)
def test_texts_become_values(form: str, text: str, value: str) -> None:
    assert value_from_text(text, form) == value


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("ixt-sec:stateprovnameen", "Delaware"),
        ("ixt:date-monthname-day-year-en", "the end of the year"),
        ("ixt:date-monthname-day-year-en", "February 30, 2023"),
        ("ixt:date-monthname-day-year-en", "Ma 3, 2023"),
        ("ixt:date-month-day-year", "9/28/024"),
        ("ixt:date-month-day-year", f"9/{10**20}/2024"),
        ("ixt:date-monthname-day-en", f"May {10**20}"),
        ("ixt-sec:durwordsen", "three to five years"),
        ("ixt-sec:durwordsen", "one year and one year"),
        ("ixt-sec:durday", "1.5"),
        ("ixt-sec:duryear", "-1"),
        ("ixt-sec:boolballotbox", "maybe"),
        ("", "10-K"),
    ],
)
def test_a_text_that_is_not_understood_stays_as_it_is(form: str, text: str) -> None:
    assert value_from_text(f" {text}\n", form) == text
