"""Days as price files write them, and which of a day's numbers is the month."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Literal

from thesis.core.period import parse_day

DayOrder = Literal["day first", "month first", ""]
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
SHOWN = 40  # characters of a text that a message repeats
_ISO = re.compile(r"([0-9]{4})([-/.]?)([0-9]{2})\2([0-9]{2})")
_MIDNIGHT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[ T]([0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?)"
    r" ?(?:Z|[+-][0-9]{2}:?[0-9]{2})?"
)
_NUMBERS = re.compile(r"([0-9]{1,2})([./-])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})")
_WORDS = re.compile(
    r"(?:(?P<month>[A-Za-z]{3,9})\.? (?P<day>[0-9]{1,2}),? "
    r"|(?P<first>[0-9]{1,2})[ -](?P<name>[A-Za-z]{3,9})\.?[ -])(?P<year>[0-9]{4}|[0-9]{2})"
)
_LAST_MONTH = 12


def day_order(texts: Iterable[str], usual: DayOrder) -> DayOrder:
    """Which number of a file's days goes first: the one that is over 12 somewhere, else what is usual.

    ``usual`` is what the rest of the file suggests; empty where it suggests nothing. With points between the
    numbers the day goes first. Errors: ``ValueError`` where days could be read either way; it names both.
    """
    proved: dict[DayOrder, str] = {}
    unsure = ""
    for text in texts:
        body = text.strip()
        found = _NUMBERS.fullmatch(body)
        if found is None or found[2] == ".":
            continue
        first, second = int(found[1]), int(found[3])
        if max(first, second) > _LAST_MONTH >= min(first, second):
            proved.setdefault("day first" if first > second else "month first", body)
        elif first != second:
            unsure = unsure or body
    if len(proved) == 1:
        return next(iter(proved))
    if proved and not usual:
        one, other = proved["day first"], proved["month first"]
        raise ValueError(f"the day goes first in `{one}` and the month in `{other}`: one file has one order")
    if unsure and not usual:
        readings = [_of_numbers(unsure, order) for order in ("day first", "month first")]
        told = f"it may be {readings[0]} or {readings[1]}, and the file does not say which"
        raise ValueError(f"expected one reading, found `{unsure[:SHOWN]}`: {told}")
    return usual


def read_day(text: str, order: DayOrder = "") -> date:
    """A day in one of the forms of price files: 2026-07-31, 20260731, 31.07.2026, 07/31/2026, Jul 31, 2026.

    ``order`` is that of the file (``day_order``). A midnight stands for the day that it begins; a year of two
    digits is one from 2000 on. Errors: ``ValueError`` that says what was expected.
    """
    body = text.strip()
    midnight = _MIDNIGHT.fullmatch(body)
    if midnight:
        if midnight[2].strip("0:."):
            raise ValueError(f"expected a day, found a time in it, `{body[:SHOWN]}`: take daily closes")
        return parse_day(midnight[1])
    iso, words = _ISO.fullmatch(body), _WORDS.fullmatch(body)
    if iso:
        return parse_day(f"{iso[1]}-{iso[3]}-{iso[4]}")
    if words and (name := (words["month"] or words["name"]).lower()[:3]) in MONTHS:
        day = words["day"] or words["first"]
        return _day(body, words["year"], MONTHS.index(name) + 1, int(day))
    return _of_numbers(body, order) if _NUMBERS.fullmatch(body) else parse_day(body[:SHOWN])


def _of_numbers(text: str, order: DayOrder) -> date:
    found = _NUMBERS.fullmatch(text)
    assert found
    first, second = int(found[1]), int(found[3])
    is_month_first = order == "month first" and found[2] != "."
    day, month = (second, first) if is_month_first else (first, second)
    try:
        return _day(text, found[4], month, day)
    except ValueError:
        like = "its month first, like 07/31/2026" if is_month_first else "its month second, like 31.07.2026"
        raise ValueError(f"expected a day with {like}, found `{text[:SHOWN]}`") from None


def _day(text: str, year: str, month: int, day: int) -> date:
    try:
        return parse_day(f"{year if len(year) > 2 else f'20{year}'}-{month:02}-{day:02}")
    except ValueError:
        raise ValueError(f"expected a day like 2026-07-31, found `{text[:SHOWN]}`") from None
