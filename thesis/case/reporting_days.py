"""When a period begins and is over for whoever reports on it, and what is told ahead of its end.

A reported figure is known once its period is over. What is told earlier is guidance, which its name says, or
is entered as told ahead, which its row says; anything else has the wrong day or the wrong period.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from thesis.core.period import Quarter, parse_day
from thesis.facts.fact import COLUMNS, WITHHELD, YearToDate, parse_period
from thesis.facts.provenance import Provenance
from thesis.pack.load import Pack

GUIDANCE = "guidance"
"""The part of a line item's name that says that it is told before its period is over."""
WEEKS_OVER = timedelta(days=21)  # up to which a fiscal quarter may go on in the next one of the calendar
OWN_REPORT = timedelta(days=120)  # after its end a quarter is told by its own report, later as a comparative


class PeriodDays(NamedTuple):
    """The first day of a period, and the last on which it is not over."""

    first: date
    last_open: date


def is_told_ahead(name: str, found: Provenance, value: str) -> bool:
    """Whether a row may be older than its period: guidance, what says so, and what gives no figure."""
    return GUIDANCE in name.split(".") or found.is_told_ahead or value.strip() in WITHHELD


def period_days(pack: Pack, entity: str, period: Quarter | date | YearToDate) -> PeriodDays:
    """The days of a company's period, as ``days_of`` with the company's habit."""
    return days_of(period, pack.entities[entity].year_ends, is_early=reports_early(pack, entity))


def days_of(period: Quarter | date | YearToDate, year_ends: str, *, is_early: bool) -> PeriodDays:
    """The days of a period; the close of a day is known on the day.

    ``is_early`` of a company that reports before the calendar's quarter is over: a fiscal quarter that ends
    in April or May is kept as the second of the calendar, and told before that ends.
    """
    if not isinstance(period, Quarter | YearToDate):
        return PeriodDays(period, period - timedelta(days=1))
    quarters = (period,) if isinstance(period, Quarter) else period.quarters(year_ends)
    first = (quarters[0] - 1).end + timedelta(days=1)
    return PeriodDays(first, (quarters[-1] - 1).end + WEEKS_OVER if is_early else quarters[-1].end)


def reports_early(pack: Pack, entity: str) -> bool:
    """Whether most of a company's own reports were out before the calendar's quarter was over.

    Those count that hold figures of a tag, which are filed in quarters that are the company's own.
    """
    first: dict[Quarter, date] = {}
    for name, _, _, cells in pack.facts.each():
        concept = pack.concepts.get(name)
        if not (concept and concept.tag and concept.kind == "flow" and pack.owner(name) == entity):
            continue
        row = dict(zip(COLUMNS, cells, strict=False))
        try:
            quarter, filed = parse_period(row["period"]), parse_day(row["filed"])
        except ValueError:
            continue  # told at its cell
        if isinstance(quarter, Quarter):
            first[quarter] = min(first.get(quarter, filed), filed)
    own = [
        filed <= quarter.end
        for quarter, filed in first.items()
        if (quarter - 1).end < filed <= quarter.end + OWN_REPORT
    ]
    return own.count(True) > own.count(False)
