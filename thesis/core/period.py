"""Calendar quarters such as ``2026Q2`` and their arithmetic, dates, and the years between two dates."""

from __future__ import annotations

from datetime import date, timedelta
from functools import total_ordering

# Dates outside these years are typing mistakes, not filings.
FIRST_YEAR, LAST_YEAR = 1990, 2100


@total_ordering
class Quarter:
    """A quarter, counted from the year 0 so that arithmetic is counting.

    >>> Quarter.parse("2026Q2") - 4
    2025Q2
    """

    __slots__ = ("index",)

    def __init__(self, index: int) -> None:
        self.index = index

    @classmethod
    def parse(cls, text: str) -> Quarter:
        """Read ``2026Q2``. Errors: ``ValueError`` that says what was expected."""
        year, mark, number = text[:4], text[4:5], text[5:]
        if not (year.isascii() and year.isdigit() and mark == "Q" and number in ("1", "2", "3", "4")):
            raise ValueError(f"expected a quarter like 2026Q2, found `{text}`")
        if not FIRST_YEAR <= int(year) <= LAST_YEAR:
            raise ValueError(f"expected a year from {FIRST_YEAR} to {LAST_YEAR}, found `{text}`")
        return cls(int(year) * 4 + int(number) - 1)

    @classmethod
    def of(cls, day: date) -> Quarter:
        """The quarter a day lies in."""
        return cls(day.year * 4 + (day.month - 1) // 3)

    @property
    def year(self) -> int:
        return self.index // 4

    @property
    def number(self) -> int:
        """1 to 4."""
        return self.index % 4 + 1

    @property
    def end(self) -> date:
        """Its last day."""
        return date((self.index + 1) // 4, (self.index + 1) % 4 * 3 + 1, 1) - timedelta(days=1)

    def __add__(self, quarters: int) -> Quarter:
        return Quarter(self.index + quarters)

    def __sub__(self, quarters: int) -> Quarter:
        return Quarter(self.index - quarters)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Quarter) and self.index == other.index

    def __lt__(self, other: Quarter) -> bool:
        return self.index < other.index

    def __hash__(self) -> int:
        return self.index

    def __repr__(self) -> str:
        return f"{self.year}Q{self.number}"


def parse_day(text: str) -> date:
    """Read ``2026-07-31``. Errors: ``ValueError`` that says what was expected."""
    try:
        day = date.fromisoformat(text) if len(text) == 10 and text[7] == "-" else None
    except ValueError:
        day = None
    if day is None:
        raise ValueError(f"expected a date like 2026-07-31, found `{text}`")
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(f"expected a year from {FIRST_YEAR} to {LAST_YEAR}, found `{text}`")
    return day


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
