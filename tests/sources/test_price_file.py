"""Prices: closes by day, adjusted for splits, or not at all."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tiers import examples
from thesis.core.problem import InvalidInput, Problem
from thesis.sources.prices.price_file import (
    ClosingPrice,
    PriceFile,
    is_prices,
    read_prices,
    without_dividends,
)


def sound(*given: Any) -> PriceFile:
    """A file of prices that has no flawed row."""
    found = read_prices(*given)
    if found.flawed:
        raise InvalidInput([each.problem for each in found.flawed])
    return found


def problems(data: bytes) -> tuple[Problem, ...]:
    with pytest.raises(InvalidInput) as caught:
        sound(data, "prices")
    return caught.value.problems


def test_a_csv_of_many_columns() -> None:
    data = b"\xef\xbb\xbfDate,Open,CLOSE,Adj Close\r\n2024-01-03,1,11.5,9\r\n2024-01-02,1,10.25,9\r\n\r\n"
    assert sound(data, "x")[:2] == (
        "",
        [ClosingPrice(date(2024, 1, 2), Decimal("10.25")), ClosingPrice(date(2024, 1, 3), Decimal("11.5"))],
    )


def test_json_lists() -> None:
    data = b'{"ticker": "ACME", "dates": ["2024-01-02", "2024-01-03"], "closes": [10.10, 11]}'
    ticker, closes = sound(data, "x")[:2]
    assert (ticker, [str(each.close) for each in closes]) == ("ACME", ["10.10", "11"])


@pytest.mark.parametrize("value", ["inf", "-3", "0", "1e400", "1_0", "$-5", "five", "12,34,567"])
def test_a_close_that_is_none(value: str) -> None:
    (problem,) = problems(f'date,close\n2024-01-02,10\n2024-01-03,"{value}"\n'.encode())
    assert problem.code == "bad-value" and problem.span is not None and problem.span.line == 3


@pytest.mark.parametrize("value", ["true", "[1]", '"x"'])
def test_a_close_in_json_that_is_none(value: str) -> None:
    data = f'{{"dates": ["2024-01-02",\n"2024-01-03"],\n"closes": [5,\n {value}]}}'.encode()
    (problem,) = problems(data)
    assert problem.code == "bad-value" and problem.span is not None
    assert (problem.span.line, problem.span.column) == (4, 2)


@pytest.mark.parametrize("day", ["2024-13-01", "20240-01-01", "1889-01-01", "32/01/2024", ""])
def test_a_day_that_is_none(day: str) -> None:
    (problem,) = problems(f"date,close\n{day},10\n".encode())
    assert problem.code == "bad-date"


def test_a_day_given_twice() -> None:
    (problem,) = problems(b"date,close\n2024-01-02,10\n2024-01-02,10\n")
    assert problem.code == "duplicate-day"


def test_a_split_that_is_not_adjusted_for() -> None:
    """20 for 1: the close falls to a twentieth overnight."""
    (problem,) = problems(b"date,close\n2022-06-03,2447\n2022-06-06,124.79\n")
    assert problem.code == "unadjusted" and "2022-06-06" in problem.message
    assert "split" in problem.hint


def test_a_price_that_turns_from_pence_to_pounds() -> None:
    """Most files of London closes that mix both do so without a word, and it is no split."""
    (problem,) = problems(b"date,close\n2022-06-03,1247\n2022-06-06,12.61\n")
    assert problem.code == "unadjusted" and "pence" in problem.hint


@pytest.mark.parametrize(
    ("currency", "whole", "quoted"),
    [
        ("GBp", ("GBP", "12.34"), "1234 GBp"),
        ("GBX", ("GBP", "12.34"), "1234 GBX"),
        ("ZAc", ("ZAR", "12.34"), "1234 ZAc"),
        ("ILA", ("ILS", "12.34"), "1234 ILA"),
        ("GBP", ("GBP", "1234"), ""),
        ("usd", ("USD", "1234"), ""),
        ("", ("", "1234"), ""),
    ],
)
def test_a_close_in_hundredths_is_read_in_whole_units(
    currency: str, whole: tuple[str, str], quoted: str
) -> None:
    """By a column of the file, by a key of it, and by what the user says."""
    csv = f"Date,Close,Currency\n2024-01-02,1234,{currency}\n".encode()
    listed = f'{{"currency": "{currency}", "dates": ["2024-01-02"], "closes": [1234]}}'.encode()
    plain = b"Date,Close\n2024-01-02,1234\n"
    for found in (sound(csv, "x"), sound(listed, "x"), sound(plain, "x", (), currency)):
        (close,) = found.closes
        assert ((close.currency, str(close.close)), close.quoted) == (whole, quoted)


def test_a_price_may_halve_over_months() -> None:
    assert len(sound(b"date,close\n2022-01-03,100\n2022-12-30,50\n", "x").closes) == 2


def test_over_the_day_of_a_known_split_a_price_may_jump() -> None:
    data = b"date,close\n2022-06-03,2447\n2022-06-06,124.79\n"
    assert len(sound(data, "x", [date(2022, 6, 6)]).closes) == 2
    with pytest.raises(InvalidInput):
        sound(data, "x", [date(2022, 6, 3)])


@pytest.mark.parametrize(
    ("head", "is_one"),
    [
        (b"\xef\xbb\xbfDate,Open,Close\n2024-01-02,1,2\n", True),
        (b'"date","adj close"\r\n', True),
        (b'{"ticker": "ACME", "dates": []}', True),
        (b'{"cik": 1, "facts": {"date": []}}', False),
        (b"<html>date,close</html>", False),
        (b"day,close\n", False),
        (b"", False),
    ],
)
def test_a_file_of_prices_is_known_by_its_head(head: bytes, is_one: bool) -> None:
    assert is_prices(head) is is_one


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "missing-column"),
        (b"date,close\n", "empty-file"),
        (b"date,adj close\n2024-01-02,10\n", "missing-column"),
        (b"date,close,Close\n2024-01-02,10,10\n", "duplicate-column"),
        (b"date,close\n2024-01-02\n", "wrong-columns"),
        (b'date,close\n2024-01-02,"10\n', "csv-syntax"),
        (b"date,close\n2024-01-02,\xff\n", "not-utf-8"),
        (b'{"dates": ["2024-01-02"]}', "missing-key"),
        (b'{"dates": ["2024-01-02"], "closes": []}', "wrong-type"),
        (b'{"dates": [', "json-syntax"),
        (b"[1]", "missing-key"),
    ],
)
def test_files_that_are_none(data: bytes, code: str) -> None:
    (problem,) = problems(data)
    assert problem.code == code


HEADS = "Price,Close,High\nTicker,DEMO,DEMO\nDate,,\n"


@pytest.mark.parametrize(
    ("text", "ticker", "currency", "is_unsure"),
    [
        ("Date,Close\n2026-06-29,40.5\n2026-06-30,41\n", "", "", False),
        # yfinance: the midnight of the exchange, heads of several lines in either order
        (
            "Date,Open,Close\n2026-06-29 00:00:00-04:00,1,40.5\n2026-06-30 00:00:00-04:00,1,41\n",
            "",
            "",
            False,
        ),
        ("Datetime,Close\n2026-06-29T00:00:00Z,40.5\n2026-06-30T00:00Z,41\n", "", "", False),
        (HEADS + "2026-06-29,40.5,50\n2026-06-30,41,50\n", "DEMO", "", True),
        (HEADS.replace("High", "Adj Close") + "2026-06-29,40.5,30\n2026-06-30,41,30\n", "DEMO", "", False),
        (
            "Ticker,DEMO,DEMO\nPrice,Open,Close\nDate,,\n2026-06-29,50,40.5\n2026-06-30,50,41\n",
            "DEMO",
            "",
            True,
        ),
        # Nasdaq: dollars, the month first, the newest day first
        ("Date,Close/Last,Volume\n06/30/2026,$41.00,5\n06/29/2026,$40.50,5\n", "", "USD", False),
        # days without any figure
        ("Date,Open,Close\n2026-06-26,null,null\n2026-06-29,1,40.5\n2026-06-30,1,41\n", "", "", False),
        ("Date,Close,Volume\n2026-06-26,,0\n2026-06-29,40.5,7\n2026-06-30,41,7\n", "", "", False),
        ('{"dates": ["2026-06-26", "2026-06-29", "2026-06-30"], "closes": [null, 40.5, 41]}', "", "", False),
    ],
)
def test_one_series_in_many_forms(text: str, ticker: str, currency: str, is_unsure: bool) -> None:
    assert is_prices(text.encode())
    found = sound(text.encode(), "x")
    assert [f"{each.day} {each.close.normalize()}" for each in found.closes] == [
        "2026-06-29 40.5",
        "2026-06-30 41",
    ]
    assert {each.currency for each in found.closes} == {currency}
    assert (found.ticker, found.is_unsure) == (ticker, is_unsure)
    assert found.blank == text.count("2026-06-26")
    assert sound(text.encode(), "x", (), "CAD").closes[0].currency == "CAD", "the user's word goes first"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Price,Close,Close\nTicker,A,B\nDate,,\n2026-06-30,1,2\n", "several-shares"),
        ("Date,Close\n2026-06-30 10:00:00-04:00,41\n", "bad-date"),
        ("Date,Close\n06/07/2026,41\n07/07/2026,41\n", "two-readings"),
        ("Date,Close\n06/30/2026,41\n30/06/2026,41\n", "two-readings"),
        ("Date,Close\n2026-06-01,41\n2026-07-01,42\n2026-08-01,43\n", "not-daily"),
        ("Date,Close\n2026-06-01,41\n2026-06-08,42\n2026-06-15,43\n", "not-daily"),
        ("<TICKER>,<PER>,<DATE>,<CLOSE>\nA.US,W,20260630,41\n", "not-daily"),
        ("Symbol,Date,Close\nA,2026-06-30,41\nB,2026-06-30,42\n", "several-shares"),
        ("Open,High,Low,Close\n1,2,1,2\n", "missing-column"),
        ("Date,Close/Last\n31/06/2026,$41\n", "bad-date"),
        ("Date,Open,Close\n2026-06-30,41,\n", "bad-value"),  # traded, and no close
        ("Date,Adj Close\n2026-06-30,41\n", "missing-column"),
        ("Date,Close\n2026/30/06,41\n2026/31/06,41\n\n2026/32/06,x\n", "bad-date"),  # told once, not thrice
        ("Date,Close\n2026-06-30,¥41\n2026-07-01,\n2026-07-02,¥42\n", "bad-value"),
        ('Date,Close\n2026-06-30,"1,041"\n2026-07-01,"1,042"\n', "two-readings"),
        ("Date;Close\n2026-06-30;1.041\n2026-07-01;1.042\n", "two-readings"),
        ('Date,Close\n2026-06-30,41.5\n2026-07-01,"42,5"\n', "two-readings"),
        ("Date,Close\n2026-06-30,-41\n", "bad-value"),
        ("Date,Close\n2026-06-30,41,1\n2026-07-01,42,1\n", "wrong-columns"),
    ],
)
def test_forms_that_would_be_a_guess_are_refused(text: str, code: str) -> None:
    (problem,) = problems(text.encode())
    assert problem.code == code
    assert "10-Q" not in problem.hint


@pytest.mark.parametrize(
    ("text", "closes"),
    [
        ('Date,Close\n2026-06-30,"1.041,50"\n2026-07-01,"1.042"\n', ["1041.50", "1042"]),
        ("Date;Close\n2026-06-30;1.041,5\n2026-07-01;1.042\n", ["1041.5", "1042"]),
        ("Date\tClose\n2026-06-30\t41,5\n2026-07-01\t42\n", ["41.5", "42"]),
        ('Date,Close\n2026-06-30,"1,041.50"\n2026-07-01,"1,042"\n', ["1041.50", "1042"]),
        ("Date,Close\n2026-06-30,1.041\n2026-07-01,1.042\n", ["1.041", "1.042"]),
    ],
)
def test_the_decimal_sign_is_that_of_the_whole_file(text: str, closes: list[str]) -> None:
    assert is_prices(text.encode())
    assert [str(each.close) for each in sound(text.encode(), "x").closes] == closes


@pytest.mark.parametrize(
    "text",
    [
        (
            "timestamp,open,close,adjusted_close,volume,dividend_amount,split_coefficient\n"
            "2026-06-30,1,41,41,9,0.0000,1.0\n2026-06-29,1,40.5,40.5,9,0.0000,1.0\n"
        ),  # Alpha Vantage
        (
            "date,close,adjClose,divCash,splitFactor\n"
            "2026-06-29T00:00:00.000Z,40.5,40,0,1\n2026-06-30,41,40,0,1\n"
        ),  # Tiingo
        "<TICKER>,<PER>,<DATE>,<TIME>,<CLOSE>\nA.US,D,20260629,000000,40.5\nA.US,D,20260630,000000,41\n",
        "Data,Otwarcie,Najwyzszy,Najnizszy,Zamkniecie,Wolumen\n2026-06-29,1,1,1,40.5,9\n2026-06-30,1,1,1,41,9\n",
        "Data,Otwarcie,Najwy\u017cszy,Najni\u017cszy,Zamkni\u0119cie\n2026-06-29,1,1,1,40.5\n2026-06-30,1,1,1,41\n",
        "Datum;Erster;Hoch;Tief;Schlusskurs;Stuecke;Volumen\n2026-06-30;1;1;1;41,00;;\n2026-06-29;1;1;1;40,50;;\n",
        "Datum;Er\u00f6ffnung;Schluss\n30.06.26;1;41,0\n29.06.26;1;40,5\n",
        (
            '"Date","Price","Open","Vol.","Change %"\n"06/30/2026","41.00","1","3.5M","0.1%"\n'
            '"06/29/2026","40.50","1","3.5M","0.1%"\n'
        ),  # Investing
        (
            '"Fecha","\u00daltimo","Apertura","Vol.","% var."\n"30.06.2026","41,00","1","3,5M","0,1%"\n'
            '"29.06.2026","40,50","1","3,5M","0,1%"\n'
        ),
        '"Datum","Zuletzt","Er\u00f6ffn."\n"30.06.2026","41,0","1"\n"29.06.2026","40,5","1"\n',
        '"Date","Dernier","Ouv."," Plus Haut"\n"30/06/2026","41,0","1","1"\n"29/06/2026","40,5","1","1"\n',
        (
            "Date,Open,Close Close price adjusted for splits.,Adj Close Adjusted close price of splits\n"
            '"Jun 30, 2026",1,41,41\n"Jun 29, 2026",1,40.5,40.5\n"Jun 15, 2026",0.25 Dividend\n'
        ),
        (
            "Date\tOpen\tClose*\tAdj Close**\nJun 30, 2026\t1\t41\t41\nJun 29, 2026\t1\t40.5\t40.5\n"
            "*Close price adjusted for splits.\n"
        ),
        "sep=;\nDate;Close\n29.06.2026;40,5\n30.06.2026;41,0\n",
        "Date,Close\n6/29/2026,40.5\n6/30/2026,41\n",  # a spreadsheet, in American settings
        "Date,Close\n29-Jun-26,40.5\n30-Jun-26,41\n",
        "Closes of an anvil maker\n\nDate,Close,,\n2026-06-29,40.5,,\n2026-06-30,41,,\n",
    ],
)
def test_downloads_of_many_sites_are_read(text: str) -> None:
    """The first and the second name no currency and no share; the newest day stands first in some."""
    for data in (text.encode(), text.encode("utf-8-sig"), text.encode("utf-16")):
        assert is_prices(data)
        found = sound(data, "x")
        assert {str(each.day): each.close for each in found.closes} == {
            "2026-06-29": Decimal("40.5"),
            "2026-06-30": 41,
        }


def test_a_head_in_windows_letters_is_read() -> None:
    data = "Fecha;\u00daltimo\n29.06.2026;40,5\n".encode("cp1252")
    assert is_prices(data)
    assert sound(data, "x").closes[0].close == Decimal("40.5")


def test_a_column_may_name_its_currency() -> None:
    (close,) = sound(b"Date,Close (GBX)\n2026-06-30,4150\n", "x").closes
    assert (close.currency, close.close, close.quoted) == ("GBP", Decimal("41.5"), "4150 GBX")


def test_what_is_missing_is_told_with_the_columns_that_are_there() -> None:
    (problem,) = problems(b"Date,Open,Adj Close\n2026-06-30,41,41\n")
    assert problem.message == (
        "its columns are `Date`, `Open`, `Adj Close`: none of them holds the close as it was traded"
    )
    assert "adjusted for dividends" in problem.hint


@pytest.mark.parametrize(
    ("text", "ratio"),
    [
        ("date,close,splitFactor\n2026-06-12,164,1\n2026-06-15,41,4.0\n", "4"),
        ("Date,Close,Stock Splits\n2026-06-12,164,0.0\n2026-06-15,41,4.0\n", "4"),
        ("Date,Close,Volume\n2026-06-12,41,1\n2026-06-15,164,1\n2026-06-15,1:4 Stock Splits\n", "1/4"),
    ],
)
def test_a_split_that_the_file_states_is_no_jump(text: str, ratio: str) -> None:
    found = sound(text.encode(), "x")
    assert found.splits == {date(2026, 6, 15): Fraction(ratio)}
    assert len(found.closes) == 2


DAY_FORMS = (
    "%Y-%m-%d",
    "%Y%m%d",
    "%d.%m.%Y",
    "%m/%d/%Y",
    "%d/%m/%Y",
    "%b %d, %Y",
    "%d-%b-%Y",
    "%Y-%m-%d 00:00:00",
)
HEADS_OF = (
    ("Date", "Open", "Close"),
    ("Datum", "Er\u00f6ffnung", "Schluss"),
    ("Fecha", "Apertura", "Cierre"),
)


@examples(100)
@given(
    cents=st.lists(st.integers(101, 999_999), min_size=20, max_size=40),
    form=st.sampled_from(DAY_FORMS),
    separator=st.sampled_from(",;\t|"),
    is_comma=st.booleans(),
    thousands=st.booleans(),
    heads=st.sampled_from(HEADS_OF),
    encoding=st.sampled_from(("utf-8", "utf-8-sig", "utf-16")),
    is_newest_first=st.booleans(),
)
def test_however_a_table_is_written_its_closes_are_the_same(
    cents: list[int], form: str, separator: str, is_comma: bool, thousands: bool, heads: tuple[str, ...],
    encoding: str, is_newest_first: bool,
) -> None:  # fmt: skip
    closes = {date(2026, 6, 1) + timedelta(days=i): Decimal(each) / 100 for i, each in enumerate(cents)}
    rows = [heads]
    for day, close in closes.items():
        number = f"{close:,.2f}" if thousands else f"{close:.2f}"
        if is_comma:
            number = number.translate(str.maketrans(",.", ".,"))
        rows.append((day.strftime(form), number, number))
    if is_newest_first:
        rows[1:] = rows[:0:-1]
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator).writerows(rows)
    data = text.getvalue().encode(encoding)
    assert is_prices(data)
    found = sound(data, "x", list(closes))
    assert {each.day: each.close for each in found.closes} == closes


@pytest.mark.parametrize(
    ("close", "currency"), [("€41", "EUR"), ("41 GBP", "GBP"), ("$41", "USD"), ("41", "")]
)
def test_a_currency_beside_the_close_is_its_currency(close: str, currency: str) -> None:
    data = f"Date,Close\n2026-06-30,{close}\n2026-07-01,42\n".encode()
    assert sound(data, "x").closes[0].currency == currency
    told = read_prices(data, "x", (), "CHF").flawed if currency else ()
    assert not currency or "expected CHF" in told[0].problem.message


@pytest.mark.parametrize("close", ["40.00", "", "null", "x", "-1"])
def test_a_dividend_counts_whether_or_not_its_day_has_a_close(close: str) -> None:
    found = read_prices(
        f"Date,Close,Dividends\n2026-08-13,39,0\n2026-08-14,{close},0.5\n2026-08-17,39.7,0\n".encode(), "x"
    )
    assert found.dividends == {date(2026, 8, 14): Decimal("0.5")}
    assert without_dividends(found.closes, found.dividends)[0].close == Decimal("39.5")


def test_a_dividend_that_takes_the_whole_price_is_refused() -> None:
    (problem,) = problems(b"Date,Close,Dividends\n2026-08-13,39,0\n2026-08-14,40,45\n2026-08-17,39,0\n")
    assert problem.code == "bad-value" and "a dividend of 45 on 2026-08-14" in problem.message


def test_empty_lines_before_the_head_are_read_past() -> None:
    assert sound(b"\n\r\nDate,Close\n2026-06-30,41\n", "x").closes[0].close == 41


def test_a_day_that_is_refused_is_told_as_it_stands_in_the_file() -> None:
    (problem,) = problems(b"Date,Close/Last\n31/06/2026,$41\n06/30/2026,$41\n")
    assert problem.message == "expected a day with its month first, like 07/31/2026, found `31/06/2026`"


@examples(100)
@given(
    closes=st.lists(st.integers(2000, 4000), min_size=2, max_size=40),
    paid=st.dictionaries(st.integers(1, 39), st.integers(1, 300), max_size=4),
)
def test_closes_adjusted_for_dividends_are_put_back_to_what_was_traded(
    closes: list[int], paid: dict[int, int]
) -> None:
    """Adjusted as Yahoo does it, with the dividends beside them, they are the closes that were paid."""
    days = [date(2026, 1, 1) + timedelta(days=i) for i in range(len(closes))]
    traded = [Decimal(close) / 100 for close in closes]
    dividends = {days[i]: Decimal(amount) / 100 for i, amount in paid.items() if i < len(days)}
    factor, adjusted = Decimal(1), [traded[-1]]
    for i in range(len(days) - 1, 0, -1):
        factor *= 1 - dividends.get(days[i], Decimal(0)) / traded[i - 1]
        adjusted.insert(0, traded[i - 1] * factor)
    found = without_dividends([ClosingPrice(*pair) for pair in zip(days, adjusted, strict=True)], dividends)
    assert [round(each.close, 6) for each in found] == [round(close, 6) for close in traded]


def test_two_real_series_agree(raw: Path) -> None:
    """Two sources that know nothing of each other, on the days that both have."""
    names = ("AMZN_daily_2000_20251007_JJong-03.csv", "AMZN_quotes_btruempi_GMR.json")
    long, short = (
        {close.day: close.close for close in sound((raw / "raw" / "prices" / name).read_bytes(), name).closes}
        for name in names
    )
    assert (len(long), len(short)) == (6479, 501)
    both = sorted(set(long) & set(short))
    assert len(both) == 281
    apart = {day for day in both if abs(long[day] / short[day] - 1) > Decimal("1e-7")}
    assert apart == {max(long)}, "the last day of the older one was taken before its close"
