"""Durations: how many years a text like P3Y8M12D stands for.

XBRL writes a length of time as ISO 8601 does, and the SEC's format turns "3.7 years" into it with months of
30 days. So days beside years or months are thirtieths of a month, which gives 3.7 back to the digit; days
that stand alone (P397D) are counted by 365. Such lengths are averages, printed in years with one decimal:
what is a whole number of tenths is read as rounded to them, and anything finer as it stands.
"""

from __future__ import annotations

import re
from decimal import Decimal

from thesis.sources.reported_fact import MOST_DIGITS

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
