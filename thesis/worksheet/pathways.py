"""Pathways: how the price came about, quarter by quarter and since chosen days, and how it would go on."""

from __future__ import annotations

from thesis import words, worth
from thesis.appraisal.routes import Attribution
from thesis.worksheet.layout import Blocks, pairs, paragraph, section, table
from thesis.worksheet.sheet import Sheet, logs

HEAD = ["price", "EBIT", "multiple", "shares", "value/EBIT", "path"]
ALIGN = "lrrrrrl"


def paths(sheet: Sheet) -> Blocks:
    """The price taken apart, back and forward, with the path by the pack's own rules."""
    a = sheet.a
    if not a.since and not a.history:
        return []
    told = (
        "Logarithms in percent: price = EBIT + multiple + shares, exactly. The multiple is value/EBIT, of "
        "the market value, cash, debt and stakes included; that of the bridge is of the operating EV. Net "
        "income stands in none of it, for gains on stakes are not earnings."
    )
    return section(
        "paths",
        "how the price came about, in log-%, and how it would go on",
        table(["since", *HEAD], [_row(sheet, each.since, each) for each in a.since], ALIGN),
        _segments(sheet),
        _history(sheet),
        _forward(sheet),
        _rules(sheet),
        paragraph(told),
    )


def _row(sheet: Sheet, label: str, found: Attribution) -> list[str]:
    return [label, *_logs(found), _multiples(found), _path(sheet, found)]


def _logs(found: Attribution) -> list[str]:
    return [logs(each) for each in (found.price, found.ebit, found.multiple, found.shares)]


def _multiples(found: Attribution) -> str:
    if found.multiple.is_anything:
        return words.UNKNOWN_TEXT
    return f"{words.times(found.multiple_from)} to {words.times(found.multiple_to)}"


def _path(sheet: Sheet, found: Attribution) -> str:
    if found.reason:
        return "cannot be told"
    return worth.route(sheet.a, found)


def _segments(sheet: Sheet) -> Blocks:
    """Each segment's part of the change of EBIT, through its sales and through its margin."""
    reasons = dict.fromkeys(each.reason for each in sheet.a.since if each.reason)
    told = [block for reason in reasons for block in paragraph(f"{reason}.")]
    rows = [
        [each.since if not i else "", sheet.segment(share.segment), logs(share.sales), logs(share.margin)]
        for each in sheet.a.since
        for i, share in enumerate(each.segments)
    ]
    head = ["since", "of EBIT", "sales", "margin"]
    return [*(table(head, rows, "llrr") if rows else []), *told]


def _history(sheet: Sheet) -> Blocks:
    if not sheet.a.history:
        return []
    first = sheet.a.history[0][1].since
    rows = [_row(sheet, str(quarter), each) for quarter, each in sheet.a.history]
    about = f"Since {first}, as known on the day each quarter was filed:"
    return [*paragraph(about), *table(["quarter", *HEAD], rows, ALIGN)]


def _forward(sheet: Sheet) -> Blocks:
    if not sheet.a.scenarios:
        return []
    rows = [_row(sheet, view.scenario.name, view.attribution) for view in sheet.a.scenarios]
    return [*paragraph(f"From today to {sheet.a.by}:"), *table(["scenario", *HEAD], rows, ALIGN)]


def _rules(sheet: Sheet) -> Blocks:
    paths = sheet.a.valuation.paths
    if paths is None:
        return []
    rows = [(route.name, route.active) for route in paths.routes]
    return [*paragraph("The first path whose rule holds is the one:"), *pairs(rows)]
