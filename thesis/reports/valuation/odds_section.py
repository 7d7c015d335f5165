"""The probability of the target under a random walk, and base rates for the growth it requires."""

from __future__ import annotations

from thesis.appraisal.outside_view import GrowthAgainstBaseRate, OutsideView
from thesis.core import formatting
from thesis.core.interval import Interval
from thesis.pack.assumptions import price_factor
from thesis.pack.schema.valuation import BaseRateTable
from thesis.reports.valuation.sheet_blocks import Blocks, paragraph_block, sheet_section, sheet_table
from thesis.reports.valuation.valuation_sheet import ValuationSheet, percent

LEAST = 0.001  # a share that is printed; what is less is not none


def odds_section(sheet: ValuationSheet) -> Blocks:
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
    below = [*paragraph_block(own), *paragraph_block(told)]
    about = (
        f"if the market value were a random walk with a volatility of {percent(found.volatility)} and an "
        f"expected return of {percent(found.drift)} a year"
    )
    return sheet_section("chance", about, sheet_table(head, rows, "lrrr"), below)


def outside_view_section(sheet: ValuationSheet) -> Blocks:
    """Each growth that is assumed beside how many companies managed it."""
    if not sheet.a.outside:
        return []
    return sheet_section(
        "outside", "how many companies grew so fast", *(_table(sheet, each) for each in sheet.a.outside)
    )


def _table(sheet: ValuationSheet, found: OutsideView) -> Blocks:
    head = ["growth a year", "assumed", "managed by", f"drawn to the median at {found.prior.weight}"]
    rows = [
        [
            _assumed(sheet, each),
            percent(each.growth),
            share_text(each.share),
            percent(each.shrunk),
        ]
        for each in found.managed
    ]
    told = table_description(found.table)
    is_small = any(each.fits is False for each in found.managed)
    mark = "* smaller than the companies counted, and smaller ones grow faster: its share is too low."
    unplaced = price_factor(found.table) is None
    money = f"Its sizes are in {found.table.deflator}; without a price index they are not compared."
    because = f" The weight on one's own view: {found.prior.because}" if found.prior.because else ""
    return [
        *sheet_table(head, rows, "lrrr"),
        *paragraph_block(mark if is_small else money if unplaced else ""),
        *paragraph_block(told + because),
    ]


def _assumed(sheet: ValuationSheet, found: GrowthAgainstBaseRate) -> str:
    told = sheet.label(found.driver) if found.driver else "The whole company"
    return f"{told} *" if found.fits is False else told


def share_text(share: Interval) -> str:
    """A share of companies: ``3.1%``, ``at most 0.1%`` where the table ends, ``none`` where none is in it."""
    if share.hi == 0:
        return "none"
    if share.hi < LEAST:
        return f"under {formatting.value(LEAST, 'percent')}"
    if share.lo == 0:
        return f"at most {formatting.value(share.hi, 'percent')}"
    if share.hi >= 1 and not share.is_point:
        return f"at least {formatting.value(share.lo, 'percent')}"
    return formatting.short(share, "percent")


def money_of_table(rates: BaseRateTable) -> str:
    """In whose money a table's sizes are, and by what index sales of today are brought into it."""
    if rates.price_index is None:
        return ""
    index = rates.price_index
    return f"sales of today x {index.then:g} / {index.now:g} are in {rates.deflator} ({index.source})"


def table_description(rates: BaseRateTable) -> str:
    """What a table counts, in which money, and who published it."""
    real = (
        "nominal growth"
        if rates.deflator == "nominal"
        else f"in {rates.deflator}, so {rates.inflation} of inflation is taken off first"
    )
    index = money_of_table(rates)
    told = f" {index[0].upper()}{index[1:]}." if index else ""
    return f"{rates.name}, {rates.vintage}, {real} ({rates.source}).{told}"
