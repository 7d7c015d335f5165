"""The values that texts of an inline document stand for: dates, yes and no, durations.

Dates become 2023-12-31, ballot boxes true and false, durations what ISO 8601 makes of them (3.7 years
are P3Y8M12D, with months of 30 days, as the SEC has it). Text in any other format, or not in the
format it claims, stays as it is shown: nothing is computed from it here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal

from thesis.sources.reported_fact import MOST_DIGITS, parse_number
from thesis.sources.xbrl.number_words import number_from_words

_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november", "december",
)  # fmt: skip
_YES, _NO = "☑☒✓✔", "☐"
_ORDINAL = re.compile(r"(?<=[0-9])(?:st|nd|rd|th)\b", re.IGNORECASE)
_PARTS = re.compile(r"([a-z0-9 .,-]+?)[\s-]*(year|month|week|day)s?\b[\s,]*(?:and\b)?\s*")


def value_from_text(text: str, form: str) -> str:
    """The value of a text in a format, or the text itself.

    >>> value_from_text("December 31, 2023", "ixt:date-monthname-day-year-en")
    '2023-12-31'
    """
    reader = TEXTS.get(form)
    try:
        return reader(text.strip()) if reader else text.strip()
    except (ValueError, OverflowError):  # a day beyond all days
        return text.strip()


def _month(name: str) -> int:
    found = [i for i, month in enumerate(_MONTHS, 1) if len(name) >= 3 and month.startswith(name.lower())]
    if len(found) != 1:
        raise ValueError(name)
    return found[0]


def _words(text: str) -> list[str]:
    return re.findall(r"[A-Za-z]+|[0-9]+", _ORDINAL.sub("", text))


def _month_day_year(text: str) -> str:
    month, day, year = _words(text)
    if len(year) not in (2, 4):
        raise ValueError(text)
    in_full = int(year) if len(year) == 4 else 2000 + int(year)  # as every version of the registry has it
    return date(in_full, _month(month) if month.isalpha() else int(month), int(day)).isoformat()


def _day_month_year(text: str) -> str:
    day, month, year = _words(text)
    return _month_day_year(f"{month} {day} {year}")


def _year_month_day(text: str) -> str:
    year, month, day = _words(text)
    return _month_day_year(f"{month} {day} {year}")


def _month_day(text: str) -> str:
    month, day = _words(text)
    found = date(2000, _month(month) if month.isalpha() else int(month), int(day))
    return f"--{found:%m-%d}"


def _day_month(text: str) -> str:
    day, month = _words(text)
    return _month_day(f"{month} {day}")


def _box(text: str) -> str:
    if len(text) == 1 and text in _YES + _NO:
        return "true" if text in _YES else "false"
    raise ValueError(text)


def _years(text: str) -> str:
    years, rest = _whole_and_rest(parse_number(text), 12)
    months, days = _whole_and_rest(rest, 30)
    return _duration(years, months, round(days))


def _in_months(text: str) -> str:
    months, days = _whole_and_rest(parse_number(text), 30)
    return _duration(0, months, round(days))


def _in_days(text: str) -> str:
    days = parse_number(text)
    if days % 1:
        raise ValueError(text)
    return _duration(0, 0, int(days))


def _in_weeks(text: str) -> str:
    return _in_days(str(parse_number(text) * 7))


def _whole_and_rest(number: Decimal, of: int) -> tuple[int, Decimal]:
    if number < 0 or number > 10**6:
        raise ValueError(str(number)[:MOST_DIGITS])
    return int(number), number % 1 * of


def _duration(years: int, months: int, days: int) -> str:
    named = ((years, "Y"), (months, "M"), (days, "D"))
    return "P" + ("".join(f"{number}{letter}" for number, letter in named if number) or "0D")


def _in_words(text: str) -> str:
    """``two years and six months``, ``364-day``."""
    body, at, found = text.lower(), 0, dict.fromkeys(("year", "month", "week", "day"), 0)
    while at < len(body):
        part = _PARTS.match(body, at)
        if not part or found[part[2]]:
            raise ValueError(text)
        shown = part[1].strip()
        found[part[2]] = int(shown) if re.fullmatch("[0-9]{1,6}", shown) else number_from_words(shown)
        at = part.end()
    return _duration(found["year"], found["month"], found["week"] * 7 + found["day"])


def _always(value: str) -> Callable[[str], str]:
    return lambda _: value


TEXTS: dict[str, Callable[[str], str]] = {
    "ixt:fixed-true": _always("true"),
    "ixt:booleantrue": _always("true"),
    "ixt:fixed-false": _always("false"),
    "ixt:booleanfalse": _always("false"),
    "ixt:fixed-empty": _always(""),
    "ixt:nocontent": _always(""),
    "ixt-sec:boolballotbox": _box,
    "ixt:date-monthname-day-year-en": _month_day_year,
    "ixt:date-month-day-year": _month_day_year,
    "ixt:datemonthdayyearen": _month_day_year,
    "ixt:datemonthdayyear": _month_day_year,
    "ixt:datelongus": _month_day_year,
    "ixt:dateshortus": _month_day_year,
    "ixt:dateslashus": _month_day_year,
    "ixt:datedotus": _month_day_year,
    "ixt:date-day-monthname-year-en": _day_month_year,
    "ixt:date-day-month-year": _day_month_year,
    "ixt:datedaymonthyearen": _day_month_year,
    "ixt:datedaymonthyear": _day_month_year,
    "ixt:datelonguk": _day_month_year,
    "ixt:dateshortuk": _day_month_year,
    "ixt:dateslasheu": _day_month_year,
    "ixt:datedoteu": _day_month_year,
    "ixt:date-year-month-day": _year_month_day,
    "ixt:dateyearmonthday": _year_month_day,
    "ixt:date-monthname-day-en": _month_day,
    "ixt:date-month-day": _month_day,
    "ixt:datemonthdayen": _month_day,
    "ixt:datemonthday": _month_day,
    "ixt:date-day-monthname-en": _day_month,
    "ixt:date-day-month": _day_month,
    "ixt:datedaymonthen": _day_month,
    "ixt:datedaymonth": _day_month,
    "ixt-sec:duryear": _years,
    "ixt-sec:durmonth": _in_months,
    "ixt-sec:durweek": _in_weeks,
    "ixt-sec:durday": _in_days,
    "ixt-sec:durwordsen": _in_words,
}


# Durations in years -----------------------------------------------------------------------------
#
# XBRL writes a length of time as ISO 8601 does, and the SEC's format turns "3.7 years" into it with months of
# 30 days. So days beside years or months are thirtieths of a month, which gives 3.7 back to the digit; days
# that stand alone (P397D) are counted by 365. Such lengths are averages, printed in years with one decimal: a
# whole number of tenths is read as rounded to them, and anything finer as it stands.

HALF_A_TENTH = Decimal("0.05")
FINEST = Decimal("1e-6")  # of a year: half a minute
_DURATION = re.compile(r"P(?=[0-9])(?:([0-9]{1,6})Y)?(?:([0-9]{1,6})M)?(?:([0-9]{1,6})D)?")


def in_years(text: str) -> tuple[Decimal, Decimal]:
    """The two ends of a duration in years; equal where it is not rounded.

    Errors: ``ValueError`` for what is no duration in years, months and days, or is none at all.

    >>> in_years("P3Y8M12D")
    (Decimal('3.65'), Decimal('3.75'))
    >>> in_years("P397D")[0]
    Decimal('1.087671')
    """
    found = _DURATION.fullmatch(text.strip())
    years, months, days = (int(part or 0) for part in found.groups()) if found else (0, 0, 0)
    if not years and not months and not days:
        raise ValueError(f"expected a duration like P3Y8M12D, found `{text.strip()[:MOST_DIGITS]}`")
    of_year = 360 if years or months else 365
    exact = Decimal(years) + Decimal(months) / 12 + Decimal(days) / of_year
    value = exact.quantize(FINEST)
    if value % (2 * HALF_A_TENTH):
        return value, value
    tenths = value.quantize(HALF_A_TENTH)
    return tenths - HALF_A_TENTH, tenths + HALF_A_TENTH
