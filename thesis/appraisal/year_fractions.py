"""How far one day lies from another, in years."""

from __future__ import annotations

from datetime import date

from thesis.core.period import Quarter

DAYS_A_YEAR = 365.25


def years_from_quarter(quarter: Quarter, day: date) -> float:
    """Years from a quarter's end to a day: in quarters where the day ends one, else in days of 365.25 a year.

    >>> years_from_quarter(Quarter.parse("2026Q2"), date(2030, 12, 31))
    4.5
    """
    ends = Quarter.of(day)
    if ends.end == day:
        return (ends.index - quarter.index) / 4
    return (day - quarter.end).days / DAYS_A_YEAR


def years_between(first: date, last: date) -> float:
    """Years between two days, of 365.25 days each."""
    return (last - first).days / DAYS_A_YEAR
