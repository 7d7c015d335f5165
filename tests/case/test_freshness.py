"""Freshness: until when a figure is the newest there can be."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given as given_
from hypothesis import strategies as st

from thesis.case.freshness import (
    due_day,
    last_day_of_grade,
    longest_wait,
    price_freshness,
    quarter_freshness,
    review_due,
)
from thesis.core.period import Quarter
from thesis.core.record import replace_fields
from thesis.pack.schema.judgements import Judgement, TriggerEvent
from thesis.pack.schema.metrics import Calendar

pytestmark = pytest.mark.quick

CALENDAR = Calendar()


@pytest.mark.parametrize(
    ("quarter", "year_ends", "due"),
    [
        ("2026Q3", "Q4", date(2026, 11, 9)),
        ("2026Q4", "Q4", date(2027, 3, 1)),
        ("2026Q2", "Q4", date(2026, 8, 10)),  # the fortieth day is a Sunday
        ("2026Q2", "Q2", date(2026, 8, 31)),  # the sixtieth is a Saturday
        ("2025Q2", "Q4", date(2025, 8, 11)),  # a Saturday
        ("2024Q3", "Q4", date(2024, 11, 12)),  # a Saturday, and Veterans Day after the Sunday
    ],
)
def test_a_report_is_due_forty_days_after_a_quarter_and_sixty_after_a_fiscal_year(
    quarter: str, year_ends: str, due: date
) -> None:
    assert due_day(Quarter.parse(quarter), year_ends, CALENDAR) == due


@pytest.mark.parametrize(
    ("as_of", "status", "late"),
    [
        (date(2026, 7, 31), "fresh", 0),
        (date(2026, 11, 9), "fresh", 0),
        (date(2026, 11, 10), "stale", 1),
        (date(2027, 3, 1), "stale", 1),
        (date(2027, 3, 2), "expired", 2),
        (date(2027, 5, 11), "expired", 3),
    ],
)
def test_a_figure_is_fresh_until_the_next_is_due_and_stale_for_one_report_more(
    as_of: date, status: str, late: int
) -> None:
    """Figures of 2026Q2: those of 2026Q3 are due on 9 November, those of the year on 1 March."""
    found = quarter_freshness(Quarter.parse("2026Q2"), "Q4", CALENDAR, as_of)
    assert (found.status, found.late, found.due) == (status, late, date(2026, 11, 9))


@pytest.mark.parametrize(
    ("day", "last"),
    [
        (date(2026, 9, 30), date(2026, 10, 7)),  # Wednesday to Wednesday
        (date(2026, 10, 2), date(2026, 10, 9)),  # over a weekend
        (date(2026, 10, 3), date(2026, 10, 9)),  # from a Saturday
    ],
)
def test_a_price_is_fresh_for_five_trading_days(day: date, last: date) -> None:
    assert price_freshness(day, CALENDAR, last).status == "fresh"
    assert price_freshness(day, CALENDAR, date.fromordinal(last.toordinal() + 1)).status == "stale"
    assert price_freshness(day, CALENDAR, date.fromordinal(last.toordinal() + 92)).status == "expired"


NEXT_REVIEW = date(2026, 11, 23)


def test_a_judgement_lives_until_the_next_review_is_due() -> None:
    """It expires without having been stale, and its own end can only be sooner."""
    given = Judgement("J1", "2", "2026-08-15", "A. Analyst", "Said so.", "a call")
    ninety = Calendar(judgement_days=90)
    assert last_day_of_grade(given, [], CALENDAR, NEXT_REVIEW) == NEXT_REVIEW
    assert last_day_of_grade(given, [], ninety, NEXT_REVIEW) == date(2026, 11, 13)
    for until, last in (("2026-09-01", date(2026, 9, 1)), ("2027-09-01", NEXT_REVIEW)):
        assert last_day_of_grade(replace_fields(given, until=until), [], CALENDAR, NEXT_REVIEW) == last


def test_what_a_rubric_names_ends_the_judgements_before_it() -> None:
    """The day it happened they count no more; a judgement of that day has seen it."""
    suit = TriggerEvent("J1", "2026-08-31", "a suit", "a court")
    other = TriggerEvent("J2", "2026-08-20", "another", "a court")
    given = Judgement("J1", "2", "2026-08-15", "A. Analyst", "Said so.", "a call")
    assert last_day_of_grade(given, [suit, other], CALENDAR, NEXT_REVIEW) == date(2026, 8, 30)
    seen = replace_fields(given, graded="2026-08-31")
    assert last_day_of_grade(seen, [suit, other], CALENDAR, NEXT_REVIEW) == NEXT_REVIEW


@given_(
    st.integers(2020 * 4, 2030 * 4).map(Quarter),
    st.sampled_from(["Q1", "Q2", "Q3", "Q4"]),
    st.integers(20, 100),
    st.integers(20, 120),
    st.integers(1, 30),
    st.integers(0, 14),
)
def test_grades_of_reviews_in_time_leave_no_gap(
    quarter: Quarter, year_ends: str, quarterly: int, annual: int, review_days: int, early: int
) -> None:
    """A grade given with one quarter's review counts on every day up to that of the next one's review."""
    calendar = Calendar(quarterly=quarterly, annual=annual, review_days=review_days)
    following = review_due(quarter + 1, year_ends, calendar)
    given = review_due(quarter, year_ends, calendar) - timedelta(days=min(early, review_days))
    grade = Judgement("J1", "2", str(given), "A. Analyst", "Said so.", "a call")
    assert last_day_of_grade(grade, [], calendar, following) == following
    needed, _ = longest_wait(year_ends, calendar, quarter)
    in_days = replace_fields(calendar, judgement_days=needed)
    assert last_day_of_grade(grade, [], in_days, following) >= following


def test_a_pack_sets_its_own_days() -> None:
    slow = Calendar(quarterly=90, annual=120)
    assert due_day(Quarter.parse("2026Q2"), "Q4", slow) == date(2026, 9, 28)
    assert due_day(Quarter.parse("2025Q3"), "Q4", Calendar(quarterly=86)) == date(2025, 12, 26)  # Christmas
