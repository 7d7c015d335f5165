"""Business days of the United States: weekdays that are no federal holiday.

A report to the SEC whose last day falls on a Saturday, a Sunday or a federal holiday is in time on the next
business day (Rule 0-3 under the Securities Exchange Act). The holidays are those of 5 U.S.C. 6103, each from
the year in which it was first kept; a day that an executive order closes offices for, as Christmas Eve in
some years, is not among them.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

_DAY = timedelta(days=1)
_MONDAY, _THURSDAY, _SATURDAY, _SUNDAY = 0, 3, 5, 6
_FIRST_JUNETEENTH = 2021
_FIRST_KING_DAY = 1986


def next_business_day(day: date) -> date:
    """The day itself where it is a business day, else the first one after it.

    >>> next_business_day(date(2026, 8, 9))  # a Sunday
    datetime.date(2026, 8, 10)
    """
    while not is_business_day(day):
        day += _DAY
    return day


def is_business_day(day: date) -> bool:
    """Whether a day is neither part of a weekend nor a federal holiday."""
    return day.weekday() < _SATURDAY and day not in federal_holidays(day.year)


@cache
def federal_holidays(year: int) -> frozenset[date]:
    """The federal holidays that are kept in a year, each on the day on which offices are closed.

    A holiday of a fixed day is kept on the Friday before where it falls on a Saturday, and on the Monday
    after where it falls on a Sunday. So New Year's Day of 2022 was kept in 2021.
    """
    fixed = [date(year, 1, 1), date(year, 7, 4), date(year, 11, 11), date(year, 12, 25), date(year + 1, 1, 1)]
    if year >= _FIRST_JUNETEENTH:
        fixed.append(date(year, 6, 19))
    kept = {_observed(day) for day in fixed}
    kept |= {
        _nth(3, _MONDAY, year, 2),  # Washington's Birthday
        _nth(1, _MONDAY, year, 6) - 7 * _DAY,  # Memorial Day, the last Monday of May
        _nth(1, _MONDAY, year, 9),  # Labor Day
        _nth(2, _MONDAY, year, 10),  # Columbus Day
        _nth(4, _THURSDAY, year, 11),  # Thanksgiving Day
    }
    if year >= _FIRST_KING_DAY:
        kept.add(_nth(3, _MONDAY, year, 1))
    return frozenset(day for day in kept if day.year == year)


def _observed(day: date) -> date:
    """The day on which a holiday of a fixed day is kept."""
    if day.weekday() == _SATURDAY:
        return day - _DAY
    return day + _DAY if day.weekday() == _SUNDAY else day


def _nth(count: int, weekday: int, year: int, month: int) -> date:
    """The first, second, ... of a weekday in a month."""
    first = date(year, month, 1)
    return first + (weekday - first.weekday()) % 7 * _DAY + (count - 1) * 7 * _DAY
