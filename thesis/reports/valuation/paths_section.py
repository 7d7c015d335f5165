"""Past price changes by their causes, by quarter and since chosen days, and those in each scenario."""

from __future__ import annotations

from thesis.appraisal.price_paths import PriceChange
from thesis.core import formatting
from thesis.narrative import valuation_text
from thesis.reports.valuation.sheet_blocks import (
    Blocks,
    labelled_pairs,
    paragraph_block,
    sheet_section,
    sheet_table,
)
from thesis.reports.valuation.valuation_sheet import ValuationSheet, logs

HEAD = ["price", "EBIT", "multiple", "shares", "value/EBIT", "path"]
ALIGN = "lrrrrrl"


def paths_section(sheet: ValuationSheet) -> Blocks:
    """The price taken apart, back and forward, with the path by the pack's own rules."""
    a = sheet.a
    if not a.since and not a.history:
        return []
    told = (
        "Logarithms in percent: price = EBIT + multiple + shares, exactly. The multiple is value/EBIT, of "
        "the market value, cash, debt and stakes included; that of the bridge is of the operating EV. Net "
        "income stands in none of it, for gains on stakes are not earnings."
    )
    return sheet_section(
        "paths",
        "how the price came about, in log-%, and how it would go on",
        sheet_table(["since", *HEAD], [_row(sheet, each.since, each) for each in a.since], ALIGN),
        _segments(sheet),
        _history(sheet),
        _forward(sheet),
        _rules(sheet),
        paragraph_block(told),
    )


def _row(sheet: ValuationSheet, label: str, found: PriceChange) -> list[str]:
    return [label, *_logs(found), _multiples(found), _path(sheet, found)]


def _logs(found: PriceChange) -> list[str]:
    return [logs(each) for each in (found.price, found.ebit, found.multiple, found.shares)]


def _multiples(found: PriceChange) -> str:
    if found.multiple.is_anything:
        return formatting.UNKNOWN_TEXT
    return f"{formatting.times(found.multiple_from)} to {formatting.times(found.multiple_to)}"


def _path(sheet: ValuationSheet, found: PriceChange) -> str:
    if found.reason:
        return "cannot be told"
    return valuation_text.path_text(sheet.a, found)


def _segments(sheet: ValuationSheet) -> Blocks:
    """Each segment's part of the change of EBIT, through its sales and through its margin."""
    reasons = dict.fromkeys(each.reason for each in sheet.a.since if each.reason)
    told = [block for reason in reasons for block in paragraph_block(f"{reason}.")]
    rows = [
        [each.since if not i else "", sheet.segment(share.segment), logs(share.sales), logs(share.margin)]
        for each in sheet.a.since
        for i, share in enumerate(each.segments)
    ]
    head = ["since", "of EBIT", "sales", "margin"]
    return [*(sheet_table(head, rows, "llrr") if rows else []), *told]


def _history(sheet: ValuationSheet) -> Blocks:
    if not sheet.a.history:
        return []
    first = sheet.a.history[0][1].since
    rows = [_row(sheet, str(quarter), each) for quarter, each in sheet.a.history]
    about = f"Since {first}, as known on the day each quarter was filed:"
    return [*paragraph_block(about), *sheet_table(["quarter", *HEAD], rows, ALIGN)]


def _forward(sheet: ValuationSheet) -> Blocks:
    if not sheet.a.scenarios:
        return []
    rows = [_row(sheet, view.scenario.name, view.attribution) for view in sheet.a.scenarios]
    return [*paragraph_block(f"From today to {sheet.a.by}:"), *sheet_table(["scenario", *HEAD], rows, ALIGN)]


def _rules(sheet: ValuationSheet) -> Blocks:
    paths = sheet.a.valuation.paths
    if paths is None:
        return []
    rows = [(route.name, route.active) for route in paths.routes]
    return [*paragraph_block("The first path whose rule holds is the one:"), *labelled_pairs(rows)]
