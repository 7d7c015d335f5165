"""The record: periods, bounds and what a number may look like."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from thesis.core.period import Quarter
from thesis.sources.reported_fact import (
    INF,
    NO_FILING,
    ReportedPeriod,
    bounded_number,
    parse_decimals,
    parse_number,
)


def period(start: str, end: str) -> ReportedPeriod:
    return ReportedPeriod(date.fromisoformat(start) if start else None, date.fromisoformat(end))


@pytest.mark.parametrize(
    ("start", "end", "days", "length"),
    [
        ("2023-01-01", "2023-03-31", 90, "is_quarter"),
        ("2022-10-02", "2022-12-31", 91, "is_quarter"),
        ("2023-01-01", "2023-06-30", 181, "is_half"),
        ("2023-01-01", "2023-09-30", 273, "is_nine_months"),
        ("2024-01-01", "2024-12-31", 366, "is_year"),
        ("2022-09-25", "2023-09-30", 371, "is_year"),
    ],
)
def test_a_period_is_told_by_its_length(start: str, end: str, days: int, length: str) -> None:
    """Calendars of 52 and 53 weeks count too, and no period has two lengths."""
    found = period(start, end)
    assert found.days == days
    lengths = ("is_quarter", "is_half", "is_nine_months", "is_year")
    assert [name for name in lengths if getattr(found, name)] == [length]
    assert not found.is_instant


def test_a_month_has_none_of_the_lengths() -> None:
    found = period("2023-01-01", "2023-01-31")
    assert not any((found.is_quarter, found.is_half, found.is_nine_months, found.is_year))


def test_an_instant_has_no_days_and_a_quarter() -> None:
    found = period("", "2023-12-31")
    assert found.is_instant and found.days is None and not found.is_quarter
    assert found.quarter == Quarter.parse("2023Q4")
    assert str(found) == "2023-12-31"


def test_for_ever_is_neither_instant_nor_length() -> None:
    found = ReportedPeriod(None, None)
    assert not found.is_instant and found.days is None and found.quarter is None
    assert str(found) == "forever"


@pytest.mark.parametrize("text", ["12", "-0.5", " 7 ", ".5", "1.5e3", "+3", "-.25E-2"])
def test_a_number_is_read_exactly(text: str) -> None:
    assert parse_number(text) == Decimal(text.strip())


@pytest.mark.parametrize(
    "text",
    ["", "NaN", "INF", "-inf", "1e400", "1e24", "-1E+99", "1_000", "1,000", "٣", "0x10", "1e-400", "9" * 61],
)
def test_what_is_no_number_is_said_so(text: str) -> None:
    """Python would take some of these for numbers."""
    with pytest.raises(ValueError, match="expected"):
        parse_number(text)


def test_a_whole_number_is_written_out() -> None:
    assert str(bounded_number(Decimal("1.69E+10"))) == "16900000000"


def test_decimals_are_a_number_of_places_or_exact() -> None:
    assert [parse_decimals(text) for text in ("-6", " 2 ", "INF", None)] == [-6, 2, INF, None]
    for text in ("six", "1.5", "-600"):
        with pytest.raises(ValueError, match="expected"):
            parse_decimals(text)


def test_a_filing_of_which_nothing_is_known_is_empty() -> None:
    assert NO_FILING == ("", "", None)
