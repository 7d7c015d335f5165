"""Odds: the chance of the target if the share were a random walk, and how often others grew so fast."""

from __future__ import annotations

from thesis import words
from thesis.appraisal.priors import Managed, Outside
from thesis.assumptions import BaseRate
from thesis.interval import Interval
from thesis.worksheet.layout import Blocks, paragraph, section, table
from thesis.worksheet.sheet import Sheet, percent

LEAST = 0.001  # a share that is printed; what is less is not none


def chance(sheet: Sheet) -> Blocks:
    """The closed form of a random walk, by date."""
    a, found = sheet.a, sheet.a.chances
    if found is None:
        return []
    head = ["", "years", "at the target on the day", "reached it by then"]
    rows = [
        [
            f"{each.day}{' *' if each.day == a.by else ''}",
            f"{each.years:.2f}",
            percent(each.end),
            percent(each.touch),
        ]
        for each in found.dates
    ]
    event = a.valuation.event
    told = (
        f"On the day counts the mean of {event.end} closes, reached are {event.touch} closes in a row; the "
        f"walk looks at every moment. Not from the beliefs above: `thesis simulate` draws from those."
    )
    own = "* the thesis's own day." if any(each.day == a.by for each in found.dates) else ""
    below = [*paragraph(own), *paragraph(told)]
    about = (
        f"if the market value were a random walk with a volatility of {percent(found.volatility)} and an "
        f"expected return of {percent(found.drift)} a year"
    )
    return section("chance", about, table(head, rows, "lrrr"), below)


def outside(sheet: Sheet) -> Blocks:
    """Each growth that is assumed beside how many companies managed it."""
    if not sheet.a.outside:
        return []
    return section(
        "outside", "how many companies grew so fast", *(_table(sheet, each) for each in sheet.a.outside)
    )


def _table(sheet: Sheet, found: Outside) -> Blocks:
    head = ["growth a year", "assumed", "managed by", f"drawn to the median at {found.prior.weight}"]
    rows = [
        [
            _assumed(sheet, each),
            percent(each.growth),
            managed(each.share),
            percent(each.shrunk),
        ]
        for each in found.managed
    ]
    told = described(found.table)
    is_small = any(each.fits is False for each in found.managed)
    mark = "* smaller than the companies counted, and smaller ones grow faster: its share is too low."
    because = f" The weight on one's own view: {found.prior.because}" if found.prior.because else ""
    return [*table(head, rows, "lrrr"), *paragraph(mark if is_small else ""), *paragraph(told + because)]


def _assumed(sheet: Sheet, found: Managed) -> str:
    told = sheet.label(found.driver) if found.driver else "The whole company"
    return f"{told} *" if found.fits is False else told


def managed(share: Interval) -> str:
    """A share of companies: ``3.1%``, ``at most 0.1%`` where the table ends, ``none`` where none is in it."""
    if share.hi == 0:
        return "none"
    if share.hi < LEAST:
        return f"under {words.value(LEAST, 'percent')}"
    if share.lo == 0:
        return f"at most {words.value(share.hi, 'percent')}"
    if share.hi >= 1 and not share.is_point:
        return f"at least {words.value(share.lo, 'percent')}"
    return words.short(share, "percent")


def described(rates: BaseRate) -> str:
    """What a table counts, in which money, and who published it."""
    real = (
        "nominal growth"
        if rates.deflator == "nominal"
        else f"in {rates.deflator}, so {rates.inflation} of inflation is taken off first"
    )
    return f"{rates.name}, {rates.vintage}, {real} ({rates.source})."
