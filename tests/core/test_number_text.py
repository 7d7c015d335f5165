"""Numbers as people type them, as packs have them, and as tables of other programs do."""

from __future__ import annotations

import re

import pytest

from thesis.core.number_text import decimal_sign, read_number, remedy

pytestmark = pytest.mark.quick


@pytest.mark.parametrize(
    ("text", "unit", "written"),
    [
        ("16.9bn", "USD", "16.9e9"),
        ("$16.9 billion", "USD", "16.9e9"),
        ("-$4tn", "USD", "-4e12"),
        ("$-4T", "USD", "-4e12"),
        ("\u22124 T", "USD", "-4e12"),
        ("USD 250m", "USD", "250e6"),
        ("250M EUR", "EUR", "250e6"),
        ("€250mn", "EUR/share", "250e6"),
        ("C$5k", "CAD", "5e3"),
        ("1,234,567", "shares", "1234567"),
        ("1,234,567.25", "USD", "1234567.25"),
        ("1,234.5", "USD", "1234.5"),
        ("1 234 567", "count", "1234567"),
        ("1'234'567", "count", "1234567"),
        ("1_234", "count", "1234"),
        ("+11%", "ratio", "11%"),
        ("25 bps", "ratio", "25bp"),
        ("-1.5pp", "ratio", "-1.5%"),
        ("21.4x", "ratio", "21.4"),
        ("0.25", "ratio", "0.25"),
        ("4.5", "years", "4.5"),
        ("2.5e9", "USD", "2.5e9"),
        (".5", "", ".5"),
    ],
)
def test_what_people_type(text: str, unit: str, written: str) -> None:
    assert str(read_number(text, unit)) == written
    assert read_number(written, style="language").value == read_number(text, unit).value


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("1,234", "found `1,234`: write 1234 or 1.234, whichever it is"),
        ("$1,234bn", "write 1234 or 1.234"),
        ("4,5", "expected a decimal point, found `4,5`: write 4.5"),
        ("1.234,5", "write 1234.5"),
        ("1.234.567", "write 1234567"),
        ("0,234", "write 0.234"),
        ("12,34,567", "expected one number"),
        ("1,23", "write 1.23"),
        ("1_23", "expected one number"),
        ("1,234 567", "expected one number"),
        ("1e400", "expected a number up to 1e+24"),
        ("$5%", "expected one number"),
        ("$5 EUR", "expected one number"),
        ("--5", "expected one number"),
        ("nan", "expected one number"),
        ("٣", "expected one number"),
        ("", "expected one number"),
        ("9" * 99, "expected one number"),
    ],
)
def test_what_may_be_two_numbers_or_is_none_is_refused(text: str, told: str) -> None:
    with pytest.raises(ValueError, match=re.escape(told)):
        read_number(text)


@pytest.mark.parametrize(
    ("text", "unit", "told"),
    [
        ("5%", "USD", "expected USD, found a ratio, `5%`: write it in USD, without `%`"),
        ("25bp", "shares", "expected shares, found a ratio"),
        ("5bn", "ratio", "expected a ratio, found an amount, `5bn`: write it out, as in 0.11 or 11%"),
        ("3m", "years", "expected years, found an amount"),
        ("5x", "USD", "expected USD, found a multiple, `5x`: write it in USD, without `x`"),
        ("$5", "EUR", "expected EUR, found `$5`: convert it into EUR"),
        ("£5", "GBX/share", "expected GBX, found `£5`"),
        ("$5", "ratio", "expected ratio, found an amount of money, `$5`: leave out `$`"),
        ("5 EUR", "shares", "leave out `EUR`"),
    ],
)
def test_a_number_of_another_unit_is_refused_with_a_remedy(text: str, unit: str, told: str) -> None:
    with pytest.raises(ValueError, match=re.escape(told)):
        read_number(text, unit)


@pytest.mark.parametrize("text", ["1,234,567", "$5", "5bn", "5k", "1_000", "21x"])
def test_a_pack_has_plain_numbers_and_the_message_says_how(text: str) -> None:
    with pytest.raises(ValueError, match="expected a number such as") as caught:
        read_number(text, style="language")
    told = str(caught.value).rpartition(": write ")[2]
    assert read_number(told, style="language").value == read_number(text).value
    assert remedy("about five") == ""


@pytest.mark.parametrize(
    ("texts", "sign"),
    [
        (["1,234", "1,234.5"], "."),
        (["1.234", "1.234,5"], ","),
        (["12,5", "1.234"], ","),
        (["1,234,567"], "."),
        (["1234", "", "n/a"], "."),
        (["0.234"], "."),
        (["0,234"], ","),
    ],
)
def test_one_number_decides_for_its_file(texts: list[str], sign: str) -> None:
    assert decimal_sign(texts) == decimal_sign(texts[::-1]) == sign


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        (["1,234", "5"], "found `1,234`: it may be 1234 or 1.234, and the file does not say which"),
        (["1.234", "5"], "found `1.234`: it may be 1.234 or 1234"),
        (["1,234", "1.234"], "found `1,234`: it may be 1234 or 1.234"),
        (["12,5", "12.5"], "a point in `12.5` and a comma in `12,5`: one file has one"),
    ],
)
def test_a_file_that_could_be_read_in_two_ways_is_refused(texts: list[str], told: str) -> None:
    with pytest.raises(ValueError, match=re.escape(told)):
        decimal_sign(texts)


def test_a_file_whose_cells_are_parted_by_commas_has_points() -> None:
    assert decimal_sign(["1.234", "5.678"], default=".") == "."
    with pytest.raises(ValueError, match="it may be"):
        decimal_sign(["1,234"], default=".")
