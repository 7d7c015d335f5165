"""Calendar quarters such as ``2026Q2`` and their arithmetic, dates, and the years between two dates."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta
from functools import total_ordering

# Dates outside these years are typing mistakes, not filings.
FIRST_YEAR, LAST_YEAR = 1990, 2100
MONTHS = 12  # of a year
SHOWN = 80  # characters of a text that a message repeats


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
        """Read ``2026Q2``, the form of files. Errors: ``ValueError`` that says what was expected."""
        year, mark, number = text[:4], text[4:5], text[5:]
        if not (year.isascii() and year.isdigit() and mark == "Q" and number in ("1", "2", "3", "4")):
            raise ValueError(f"expected a quarter like 2026Q2, found `{text[:SHOWN]}`{_instead(text)}")
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


_WRITTEN = re.compile(
    r"(?:(?P<year>[0-9]{4}|[0-9]{2})[ /-]?Q ?(?P<number>[0-9])"
    r"|Q ?(?P<number_first>[0-9])(?:[ /-]?(?P<year_last>[0-9]{4})|[ /'\u2019-]{1,2}(?P<short_last>[0-9]{2}))"
    r"|(?P<number_before>[0-9]) ?Q[ /'\u2019-]{0,2}(?P<year_after>[0-9]{4}|[0-9]{2}))",
    re.IGNORECASE,
)
_LONGER = re.compile(
    r"(?:FY|CY)[ '\u2019-]?(?:[0-9]{4}|[0-9]{2})|[0-9]{4}(?:[AE]|/[0-9]{2})?|TTM|LTM|YTD"
    r"|(?:[HS][12][ /'\u2019-]*(?:[0-9]{4}|[0-9]{2}))|(?:[12][HS][ /'\u2019-]*(?:[0-9]{4}|[0-9]{2}))"
    r"|(?:[0-9]{4}[ /-]?[HS][12])|(?:[369]|12)M[ -]?(?:[0-9]{4}|[0-9]{2})",
    re.IGNORECASE,
)
_FISCAL = re.compile(r"(?=.*(?:FY|FQ|F[1-4]Q|fiscal))(?=.*Q).*", re.IGNORECASE | re.DOTALL)


def read_quarter(text: str) -> Quarter:
    """Read a calendar quarter as people write it: ``2026Q2``, ``Q2 2026``, ``2Q26``, ``2026-Q2``.

    A year of two digits is one from 2000 to 2089. Errors: ``ValueError`` that says what was expected, and why
    a longer period, a fiscal quarter, a month or a day is none.
    """
    body = text.strip()
    found = _WRITTEN.fullmatch(body)
    if found is None:
        raise ValueError(f"expected a quarter like 2026Q2, found `{body[:SHOWN]}`{_no_quarter(body)}")
    number = found["number"] or found["number_first"] or found["number_before"]
    year = found["year"] or found["year_last"] or found["short_last"] or found["year_after"]
    if number not in "1234":
        raise ValueError(f"expected a quarter like 2026Q2, from Q1 to Q4, found `{body[:SHOWN]}`")
    if len(year) == 2 and year[0] == "9":
        raise ValueError(
            f"expected a year of four digits, found `{body[:SHOWN]}`: it may be 19{year} or 20{year}"
        )
    return Quarter.parse(f"{year if len(year) == 4 else f'20{year}'}Q{number}")


def _no_quarter(text: str) -> str:
    """Why a text that names another period is no quarter, as an ending of a message."""
    if _FISCAL.fullmatch(text):
        return ": quarters are those of the calendar; write the one in which the fiscal quarter ends"
    if _LONGER.fullmatch(text):
        return ": that is no quarter; write the one in which it ends"
    try:
        day = date.fromisoformat(text if len(text) > 7 else f"{text}-01")
    except ValueError:
        return ""
    return f": a day or a month is no quarter; it lies in {Quarter.of(day)}"


def _instead(text: str) -> str:
    """How a file has a quarter that is written in another way, as an ending of a message."""
    try:
        return f": write {read_quarter(text)}"
    except ValueError:
        return _no_quarter(text)


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


def months_later(day: date, months: int) -> date:
    """The same day so many months later; where that month is shorter, its last day."""
    at = day.year * MONTHS + day.month - 1 + months
    year, month = divmod(at, MONTHS)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


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
