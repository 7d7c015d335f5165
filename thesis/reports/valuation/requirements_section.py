"""The bridge from market cap to the business, and what the target requires of it."""

from __future__ import annotations

from datetime import timedelta

from thesis.appraisal.appraise import Appraisal
from thesis.appraisal.target_requirements import RequirementAtMultiple
from thesis.core import formatting
from thesis.core.interval import point
from thesis.core.period import DAYS_A_YEAR
from thesis.narrative.valuation_text import tax_text
from thesis.pack.assumptions import single_number
from thesis.pricing.model import multiple_of
from thesis.pricing.starting_values import BridgeAmount
from thesis.reports.valuation.sheet_blocks import (
    Blocks,
    labelled_pairs,
    paragraph_block,
    sheet_section,
    sheet_table,
)
from thesis.reports.valuation.valuation_sheet import ValuationSheet, percent, rate

LOSS = "EBIT is not, or may not be, positive: of a loss there is no multiple, and no growth."


def bridge_section(sheet: ValuationSheet) -> Blocks:
    """From the market value over what is owed and owned to what is paid for the business."""
    start = sheet.a.start
    per_share = (
        f"{sheet.price(start.price.value)} x {formatting.value(start.shares.value, 'number', 'shares')}"
    )
    rows = [["market value", sheet.amount(start.market_cap.value), per_share]]
    rows += [_claim(sheet, each) for each in start.claims if each.claim.counted]
    enterprise = start.range_over(lambda today: today.enterprise)
    rows += [
        ["= operating EV", sheet.amount(enterprise), "what is paid for the business alone"],
        [
            "EBIT",
            sheet.amount(start.ebit.value),
            f"operating income of four quarters to {sheet.case.quarter}",
        ],
        [f"= {formatting.OPERATING}", _multiple(sheet), ""],
    ]
    return sheet_section(
        "bridge",
        f"from the market value to the business, {sheet.money}",
        sheet_table([], rows, "lrl"),
        paragraph_block("" if start.ebit.value.lo > 0 else LOSS),
        _at_target(sheet),
        [block for each in start.claims if not each.claim.counted for block in _beside(sheet, each)],
    )


def _claim(sheet: ValuationSheet, each: BridgeAmount) -> list[str]:
    sign = "+" if each.claim.kind == "owed" else "-"
    note = f"{sheet.amount(each.value.value)} less {tax_text(each.claim)}" if each.claim.tax else ""
    return [f"{sign} {each.claim.name}", sheet.amount(each.after_tax), note]


def _multiple(sheet: ValuationSheet) -> str:
    return formatting.times(sheet.a.start.range_over(multiple_of))


def _at_target(sheet: ValuationSheet) -> Blocks:
    needs = sheet.a.needs
    if needs is None:
        return []
    told = f"At the target the business would stand at {sheet.money_text(needs.enterprise_then)}"
    times = needs.enterprise_then / sheet.a.start.ebit.value
    if not times.is_anything and sheet.a.start.ebit.value.lo > 0:
        told += f", {formatting.times(times)} today's EBIT"
    return paragraph_block(f"{told}.")


def _beside(sheet: ValuationSheet, each: BridgeAmount) -> Blocks:
    """What is not counted, and what it would do to the multiple."""
    sign = 1 if each.claim.kind == "owed" else -1
    ebit = sheet.a.start.ebit.value
    moved = (
        f", {formatting.cell(each.after_tax / ebit, sign, 2, signed=True)}x on EV/EBIT" if ebit.lo > 0 else ""
    )
    return paragraph_block(f"Not counted: {each.claim.name}, {sheet.money_text(each.after_tax)}{moved}.")


def requirements_section(sheet: ValuationSheet) -> Blocks:
    """Price by year end, time at the cost of equity, EBIT by multiple, margins, multiple by growth."""
    if sheet.a.needs is None:
        return []
    about = f"what {sheet.money_text(sheet.a.target)} asks for"
    return sheet_section(
        "needs", about, _by_date(sheet), _waits(sheet), _by_multiple(sheet), _margins(sheet), _lead(sheet)
    )


def _by_date(sheet: ValuationSheet) -> Blocks:
    a, needs = sheet.a, sheet.a.needs
    assert needs
    price = a.start.price.unit.partition("/")[0]
    head = ["target reached on", "years", "market value a year", f"price, {price}", "price a year"]
    rows = [
        [
            f"{each.day}{' *' if each.day == a.by else ''}",
            f"{each.years:.2f}",
            percent(each.cap_cagr, signed=True),
            formatting.cell(each.price, digits=2),
            percent(each.price_cagr, signed=True),
        ]
        for each in needs.dates
    ]
    now = f"{sheet.price(needs.price_now)}, {percent(needs.upside, signed=True)}"
    told = f"Reached today the price would be {now}. Prices by date {_drift(a)}."
    own = "* the thesis's own day." if any(each.day == a.by for each in needs.dates) else ""
    return [*sheet_table(head, rows, "lrrrr"), *paragraph_block(own), *paragraph_block(told)]


def _drift(a: Appraisal) -> str:
    drift = single_number(a.valuation.needs.share_drift) if a.valuation.needs else 0.0
    if not drift:
        return "at today's number of shares"
    return f"with {rate(abs(drift))} {'more' if drift > 0 else 'fewer'} shares a year"


def _waits(sheet: ValuationSheet) -> Blocks:
    a, needs = sheet.a, sheet.a.needs
    assert needs
    if not needs.waits or a.is_passed:
        return []
    head = ["at a cost of equity of", *(rate(each) for each, _ in needs.waits)]
    rows = [
        [
            "the target comes by itself in, years",
            *(formatting.cell(wait, digits=2) for _, wait in needs.waits),
        ]
    ]
    blocks = sheet_table(head, rows, "l" + "r" * len(needs.waits))
    middle, wait = needs.waits[len(needs.waits) // 2]
    if wait.is_anything:
        return blocks
    day = sheet.case.as_of + timedelta(days=round(wait.middle * DAYS_A_YEAR))
    told = (
        f"At {rate(middle)} the cost of equity alone leads there by {formatting.month(day)}: a later "
        "date is not "
        f"bullish. The thesis's own, {formatting.day(a.by)}, is {'earlier' if a.by < day else 'later'}."
    )
    return [*blocks, *paragraph_block(told)]


def _by_multiple(sheet: ValuationSheet) -> Blocks:
    needs = sheet.a.needs
    assert needs
    over = [f"{'a year ' if not i else ''}over {years:g} y" for i, years in enumerate(needs.horizons)]
    head = ["EV/EBIT", f"EBIT, {sheet.money}", "times today's", *over]
    rows = [
        [
            _at(row),
            sheet.amount(row.ebit),
            formatting.times(row.times, 2),
            *(percent(each, signed=True) for each in row.cagr),
        ]
        for row in needs.multiples
        if not row.multiple.is_anything
    ]
    since = f"growth counts from the four quarters to {sheet.case.quarter}"
    about = f"EBIT needed, by the multiple paid for it; {since}:"
    return [*paragraph_block(about), *sheet_table(head, rows, "l" + "r" * (len(head) - 1))]


def _at(row: RequirementAtMultiple) -> str:
    return f"{formatting.times(row.multiple)}{' today' if row.is_today else ''}"


def _margins(sheet: ValuationSheet) -> Blocks:
    a, needs = sheet.a, sheet.a.needs
    assert needs
    if not needs.sales_growth:
        return []
    head = ["EV/EBIT", *(f"at {rate(each)}" for each in needs.sales_growth)]
    rows = [
        [_at(row), *(percent(each) for each in row.margins)]
        for row in needs.multiples
        if not row.multiple.is_anything
    ]
    now = a.start.range_over(lambda today: today.ebit / today.sales)
    when = f"in {needs.margin_years:g} years"
    about = f"EBIT margin needed {when}, by growth of sales a year; today {percent(now)}:"
    return [*paragraph_block(about), *sheet_table(head, rows, "l" + "r" * len(needs.sales_growth))]


def _lead(sheet: ValuationSheet) -> Blocks:
    needs = sheet.a.needs
    assert needs
    if not needs.leads:
        return []
    lever = next((each for each in sheet.a.levers if each.name == needs.lead), None)
    show = lever.show if lever else "percent"
    head = [sheet.label(needs.lead), *(_lead_value(sheet, value, show) for value, _ in needs.leads)]
    row = [
        "EV/EBIT the target then takes",
        *(formatting.times(multiple) or "none" for _, multiple in needs.leads),
    ]
    return sheet_table(head, [row], "l" + "r" * len(needs.leads))


def _lead_value(sheet: ValuationSheet, value: float, show: str) -> str:
    return rate(value) if show == "percent" else formatting.short(point(value), show, sheet.unit)


def absent_note(name: str, why: str) -> Blocks:
    """A section that was asked for, and why there is none."""
    return sheet_section(name, "", labelled_pairs([("none", why)]))
