"""A fact as a filing states it, before it is mapped to a line item.

Values are decimals, so that 16.9 in billions is 16900000000 and not a neighbour of it. Nothing is
rounded, converted, merged or chosen here: a figure that stands three times in a filing is three facts.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Literal, NamedTuple

from thesis.core.period import Quarter
from thesis.core.problem import Problem, SourceSpan

LARGEST = Decimal("1e24")  # no figure that a company reports is larger
EARLIEST, LATEST = 1000, 9998  # years that a filing may speak of; what a pack keeps is narrower
MOST_DIGITS = 60  # characters of a number; what is longer is none
INF: Literal["INF"] = "INF"

Decimals = int | Literal["INF"] | None
Dimensions = tuple[tuple[str, str], ...]
UNREADABLE: Dimensions = (("", ""),)  # the dimensions of a context that cannot be read

_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")


class ReportedPeriod(NamedTuple):
    """The days a fact is about: from start to end, both counted; an instant has an end alone.

    ``forever``, which XBRL allows and filings hardly use, has neither.
    """

    start: date | None
    end: date | None

    @property
    def is_instant(self) -> bool:
        return self.start is None and self.end is not None

    @property
    def days(self) -> int | None:
        """How many days it spans; none of an instant or for ever."""
        if self.start is None or self.end is None:
            return None
        return (self.end - self.start).days + 1

    @property
    def is_quarter(self) -> bool:
        """About three months long: 13 weeks, or 12, 14, 16 and 17 in calendars that need them."""
        return self._spans(80, 100) or self.days in (16 * 7, 17 * 7)

    @property
    def is_half(self) -> bool:
        """About six months long, or two quarters of 12 weeks, or of 12 and 16."""
        return self._spans(170, 192) or self.days in (24 * 7, 28 * 7)

    @property
    def is_nine_months(self) -> bool:
        """About nine months long, or three quarters of 12 weeks."""
        return self._spans(260, 285) or self.days == 36 * 7

    @property
    def is_year(self) -> bool:
        """About twelve months long: 52 or 53 weeks count as well."""
        return self._spans(350, 380)

    @property
    def quarter(self) -> Quarter | None:
        """The calendar quarter of its last day."""
        return Quarter.of(self.end) if self.end else None

    def _spans(self, least: int, most: int) -> bool:
        days = self.days
        return days is not None and least <= days <= most

    def __str__(self) -> str:
        if self.end is None:
            return "forever"
        return f"{self.start}..{self.end}" if self.start else f"{self.end}"


NO_PERIOD = ReportedPeriod(None, None)


class FilingReference(NamedTuple):
    """The document that a fact stands in: what is not known of it is empty, or none."""

    form: str = ""
    accession: str = ""
    filed: date | None = None


NO_FILING = FilingReference()


class ReportedFact(NamedTuple):
    """One fact, as stated.

    A number has a unit and a ``value``, none where it is reported as nil. Any other fact has no unit and
    a ``text``: of an instance the text as it is, of an inline document without its markup, after the
    transformation that it names where that is one of ours (dates, yes and no, durations).

    A fact that cannot be read has a ``flaw`` and no value; what else of it cannot be read is empty,
    ``NO_PERIOD`` or ``UNREADABLE``. Whether that matters depends on whether somebody asks for it.
    """

    tag: str
    """The concept with the usual prefix of its taxonomy: us-gaap:Assets."""
    dimensions: Dimensions
    """Axis and member, sorted; a typed axis carries its text."""
    period: ReportedPeriod
    value: Decimal | None
    text: str | None
    unit: str
    """USD, shares, USD/shares, pure; amzn:segment for a measure of the company's own."""
    decimals: Decimals
    """To which decimal place it is accurate: -6 is millions."""
    context: str
    """The id that the document gives to entity, period and dimensions; empty in companyfacts."""
    entity: str
    """Who reports: the CIK without leading zeros."""
    filing: FilingReference
    place: SourceSpan
    """File, line and column; line 0 in JSON, which has no lines to speak of."""
    frame: str = ""
    """Of companyfacts: the calendar frame that the SEC counts it to."""
    flaw: Problem | None = None
    """What is wrong with it, at its place."""

    @property
    def form(self) -> str:
        return self.filing.form

    @property
    def accession(self) -> str:
        return self.filing.accession

    @property
    def filed(self) -> date | None:
        return self.filing.filed

    @property
    def is_number(self) -> bool:
        return bool(self.unit)


def bounded_number(value: Decimal) -> Decimal:
    """The value, written without an exponent where it is whole. Errors: ``ValueError`` beyond bounds."""
    if not value.is_finite() or value.copy_abs() >= LARGEST:  # ``abs`` rounds, and raises for 1e99999999
        raise ValueError(f"expected a number below {LARGEST:.0e}, found `{str(value)[:MOST_DIGITS]}`")
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int) or exponent < -MOST_DIGITS:
        raise ValueError(f"expected at most {MOST_DIGITS} decimal places, found `{value:.3e}`")
    return value if exponent <= 0 else Decimal(int(value))


def parse_number(text: str) -> Decimal:
    """A number as XML writes it: 12, -0.5, 1.5e3. Errors: ``ValueError`` that says what was expected."""
    body = text.strip()
    if len(body) > MOST_DIGITS or not _NUMBER.fullmatch(body):
        raise ValueError(f"expected a number, found `{body[:MOST_DIGITS]}`")
    return bounded_number(Decimal(body))


def parse_any_day(text: str) -> date:
    """A day that a filing may speak of: firms began in 1837, programs in 1984, leases run to 2122.

    Errors: ``ValueError`` that says what was expected.
    """
    try:
        day = date.fromisoformat(text) if len(text) == 10 and text[7] == "-" else None
    except ValueError:
        day = None
    if day is None:
        raise ValueError(f"expected a date like 2026-07-31, found `{text[:80]}`")
    if not EARLIEST <= day.year <= LATEST:
        raise ValueError(f"expected a year from {EARLIEST} to {LATEST}, found `{text}`")
    return day


@lru_cache(maxsize=256)
def parse_decimals(text: str | None) -> Decimals:
    """``-6``, ``INF``, or none. Errors: ``ValueError`` that says what was expected."""
    if text is None:
        return None
    body = text.strip()
    if body == INF:
        return INF
    if re.fullmatch(r"[+-]?[0-9]{1,2}", body):
        return int(body)
    raise ValueError(f"expected a number of decimal places or INF, found `{body[:MOST_DIGITS]}`")
