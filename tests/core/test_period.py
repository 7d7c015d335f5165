"""Quarters and days as they are written in packs."""

from __future__ import annotations

from datetime import date

import pytest

from thesis.core.period import Quarter, parse_day

pytestmark = pytest.mark.quick


@pytest.mark.parametrize("text", ["1990Q1", "2026Q2", "2100Q4"])
def test_a_quarter_reads_back_as_it_was_written(text: str) -> None:
    assert str(Quarter.parse(text)) == text


def test_quarters_are_counted_across_years() -> None:
    quarter = Quarter.parse("2026Q1")
    assert str(quarter - 1) == "2025Q4"
    assert str(quarter + 7) == "2027Q4"
    assert (quarter.year, quarter.number) == (2026, 1)
    assert sorted([quarter, quarter - 4, quarter + 1]) == [quarter - 4, quarter, quarter + 1]
    assert quarter >= quarter - 1
    assert len({quarter, Quarter.parse("2026Q1")}) == 1


@pytest.mark.parametrize(
    ("day", "quarter", "end"),
    [
        (date(2026, 1, 1), "2026Q1", date(2026, 3, 31)),
        (date(2026, 6, 30), "2026Q2", date(2026, 6, 30)),
        (date(2024, 2, 29), "2024Q1", date(2024, 3, 31)),
        (date(2026, 12, 31), "2026Q4", date(2026, 12, 31)),
    ],
)
def test_a_day_lies_in_the_quarter_that_ends_on_or_after_it(day: date, quarter: str, end: date) -> None:
    assert str(Quarter.of(day)) == quarter
    assert Quarter.of(day).end == end


@pytest.mark.parametrize(
    "text", ["2026Q5", "2026Q0", "2026q2", "26Q2", "2026-Q2", "2026Q2 ", "", "²026Q1", "2026Q²"]
)
def test_what_is_no_quarter_is_quoted_back(text: str) -> None:
    with pytest.raises(ValueError, match="expected a quarter like 2026Q2, found"):
        Quarter.parse(text)


@pytest.mark.parametrize("text", ["1989Q4", "2101Q1", "0000Q1"])
def test_a_year_far_off_is_a_slip(text: str) -> None:
    with pytest.raises(ValueError, match="expected a year from 1990 to 2100"):
        Quarter.parse(text)


@pytest.mark.parametrize("text", ["2026-02-30", "2026-7-31", "20260731", "31.07.2026", "2026-W31-5", ""])
def test_what_is_no_day_is_quoted_back(text: str) -> None:
    with pytest.raises(ValueError, match="expected a date like 2026-07-31, found"):
        parse_day(text)


def test_a_day_far_off_is_a_slip() -> None:
    assert parse_day("2026-07-31") == date(2026, 7, 31)
    with pytest.raises(ValueError, match="expected a year from 1990 to 2100"):
        parse_day("2206-07-31")
