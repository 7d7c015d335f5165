"""Business days: the federal holidays by rule, held against the days on which they were kept."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thesis.core.business_days import federal_holidays, is_business_day, next_business_day

pytestmark = pytest.mark.quick

# as the Office of Personnel Management lists them, the weekday or two that a rule could miss among them
KEPT = {
    2020: "01-01 01-20 02-17 05-25 07-03 09-07 10-12 11-11 11-26 12-25",
    2021: "01-01 01-18 02-15 05-31 06-18 07-05 09-06 10-11 11-11 11-25 12-24 12-31",
    2022: "01-17 02-21 05-30 06-20 07-04 09-05 10-10 11-11 11-24 12-26",
    2023: "01-02 01-16 02-20 05-29 06-19 07-04 09-04 10-09 11-10 11-23 12-25",
    2024: "01-01 01-15 02-19 05-27 06-19 07-04 09-02 10-14 11-11 11-28 12-25",
    2025: "01-01 01-20 02-17 05-26 06-19 07-04 09-01 10-13 11-11 11-27 12-25",
    2026: "01-01 01-19 02-16 05-25 06-19 07-03 09-07 10-12 11-11 11-26 12-25",
    2027: "01-01 01-18 02-15 05-31 06-18 07-05 09-06 10-11 11-11 11-25 12-24 12-31",
    2028: "01-17 02-21 05-29 06-19 07-04 09-04 10-09 11-10 11-23 12-25",
}


@pytest.mark.parametrize("year", KEPT)
def test_the_holidays_of_a_year_are_those_that_were_kept(year: int) -> None:
    assert federal_holidays(year) == {date.fromisoformat(f"{year}-{day}") for day in KEPT[year].split()}


@given(st.dates(date(1990, 1, 1), date(2100, 12, 31)))
def test_the_next_business_day_is_the_first_that_is_one(day: date) -> None:
    found = next_business_day(day)
    assert is_business_day(found)
    assert found >= day
    assert not any(is_business_day(day + timedelta(days=n)) for n in range((found - day).days))
    assert found - day <= timedelta(days=4)
    assert next_business_day(found) == found


@given(st.integers(1990, 2100))
def test_no_holiday_is_kept_on_a_weekend(year: int) -> None:
    assert all(day.weekday() < 5 and day.year == year for day in federal_holidays(year))
    assert len(federal_holidays(year)) in range(9, 13)
