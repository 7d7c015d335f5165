"""What the price implies (a reverse discounted cash flow), and the value of the parts."""

from __future__ import annotations

import math

from thesis.appraisal.segment_multiples import HIGH, SegmentMultiple
from thesis.core import formatting
from thesis.pricing.growth_in_price import OWN_ROIC
from thesis.pricing.market_implied import ImpliedGrowth, ImpliedGrowthCell
from thesis.pricing.model import multiple_of
from thesis.reports.valuation.sheet_blocks import (
    Blocks,
    labelled_pairs,
    paragraph_block,
    sheet_section,
    sheet_table,
)
from thesis.reports.valuation.valuation_sheet import ValuationSheet, percent, rate


def implied_growth_section(sheet: ValuationSheet) -> Blocks:
    """The growth that today's price, and then the target, would have to be paid for with."""
    found = sheet.a.expectations
    if found is None:
        return []
    dcf = found.dcf
    about = f"growth of NOPAT a year for {dcf.years} years that a value stands for"
    if not found.nopat.lo > 0:
        told = f"NOPAT is {sheet.money_text(found.nopat)}: not, or not certainly, positive."
        return sheet_section(
            "implied", about, paragraph_block(f"{told} No growth of a loss is worth a price.")
        )
    when = "in the middle of each year" if dcf.mid_year else "at year ends"
    terms = (
        f"NOPAT is {sheet.money_text(found.nopat)}, operating income less {dcf.tax} tax. It grows for "
        f"{dcf.years} years while growth / return on new capital of it is put back; then "
        f"{dcf.terminal_growth} a year for ever on a return of {dcf.terminal_return}. Flows {when}."
    )
    marks = (
        "* the pack's own. none: no growth pays for it, and beside it the most that any growth comes to, "
        f"{sheet.money}."
    )
    below = [*paragraph_block(marks), *paragraph_block(terms)]
    return sheet_section("implied", about, _table(sheet, found.now), _table(sheet, found.then), below)


def _table(sheet: ValuationSheet, found: ImpliedGrowth) -> Blocks:
    waccs = sorted({cell.wacc for cell in found.cells})
    roics = list(dict.fromkeys(cell.roic for cell in found.cells))
    at = {(cell.wacc, cell.roic): cell for cell in found.cells}
    columns = ("none needed" if math.isinf(roic) else rate(roic) for roic in roics)
    head = ["cost of capital (down), return on new capital", *columns]
    rows = [
        [rate(wacc), *(_cell(sheet, at[wacc, roic], found.own, found.enterprise.middle) for roic in roics)]
        for wacc in waccs
    ]
    who = f"{found.label[0].upper()}{found.label[1:]}, operating EV {sheet.money_text(found.enterprise)}"
    later = paragraph_block(
        f"{who}: {percent(found.growth_value)} of it is growth to come.{_explicit(found)}"
    )
    return [*later, *sheet_table(head, rows, "l" + "r" * len(roics)), *_years(sheet, found)]


def _cell(sheet: ValuationSheet, cell: ImpliedGrowthCell, own: ImpliedGrowthCell, value: float) -> str:
    """The growth that pays for a value; else how far growth gets, from below or from above."""
    mark = "*" if (cell.wacc, cell.roic) == (own.wacc, own.roic) else ""
    solved = cell.solved
    if solved.value is not None:
        return f"{mark}{percent(solved.value)}"
    if not math.isfinite(solved.most):
        return f"{mark}none"
    if value < solved.least:
        return f"{mark}none (from {formatting.cell(solved.least, sheet.scale, 0)})"
    return f"{mark}none ({formatting.cell(solved.most, sheet.scale, 0)})"


def _explicit(found: ImpliedGrowth) -> str:
    """How much of the value lies in the explicit years, at the pack's own root."""
    if found.explicit is None:
        return ""
    own = percent(found.own.solved.value)
    return f" Growing {own} a year, the explicit years make up {percent(found.explicit)} of it."


def _years(sheet: ValuationSheet, found: ImpliedGrowth) -> Blocks:
    if not found.years:
        return []
    dcf = sheet.a.valuation.implied
    assert dcf
    roic = dcf.roic[min(OWN_ROIC, len(dcf.roic) - 1)]
    told = formatting.join_words(
        f"{f'{solved.whole} years' if solved.whole is not None else 'no number of years'} of {rate(growth)}"
        for growth, solved in found.years
    )
    return paragraph_block(f"Instead of {dcf.years} years, at {rate(found.own.wacc)} and {roic}: {told}.")


def segment_multiples_section(sheet: ValuationSheet) -> Blocks:
    """The segments at multiples of their own, beside what the market pays for all of them."""
    a, found = sheet.a, sheet.a.parts
    if found is None:
        return []
    is_whole = all(part.value.lo > 0 for part in found.parts)  # of a sum with a loss there are no shares
    head = ["", "sales", "EBIT", "multiple", "value", "share of it" if is_whole else ""]
    rows = [
        [
            sheet.segment(part.segment),
            sheet.amount(part.sales),
            sheet.amount(part.ebit),
            _multiple(part),
            sheet.amount(part.value),
            percent(part.share) if is_whole else "",
        ]
        for part in found.parts
    ]
    sales = a.start.range_over(lambda today: today.sales)
    whole = [
        "sum of the parts",
        sheet.amount(sales),
        sheet.amount(found.ebit),
        formatting.times(found.multiple),
        sheet.amount(found.enterprise),
        "",
    ]
    now = [
        "the market",
        "",
        "",
        formatting.times(a.start.range_over(multiple_of)),
        sheet.amount(a.start.range_over(lambda today: today.enterprise)),
        "",
    ]
    cap = sheet.money_text(found.market_cap)
    told = [
        ("a share", f"{sheet.price(found.price)}, against {sheet.price(a.start.price.value)} in the market"),
        (
            "",
            f"market value {cap}, with what is owed and owned as in the bridge",
        ),
    ]
    return sheet_section(
        "parts",
        f"each segment at a multiple of its own, operating EV to EBIT, four quarters, {sheet.money}",
        sheet_table(head, [*rows, whole, now], "lrrrrr"),
        labelled_pairs(told),
        paragraph_block(_high(sheet)),
        paragraph_block(_invariance(sheet)),
    )


def _multiple(part: SegmentMultiple) -> str:
    return f"{formatting.times(part.multiple)}{' sales' if part.of_sales else ''}"


def _high(sheet: ValuationSheet) -> str:
    found = sheet.a.parts
    assert found
    if not found.is_high:
        return ""
    sure = "is" if found.multiple.lo > HIGH else "may be"
    return f"The multiple of the whole {sure} above {HIGH:g}x: the parts have outrun their market."


def _invariance(sheet: ValuationSheet) -> str:
    """That an assumed margin moves profit between segments and not the whole."""
    segments = sheet.a.valuation.segments
    assumed = [each.name for each in segments if each.margin_now]
    rest = next((each.name for each in segments if each.rest), "")
    if not assumed or not rest:
        return ""
    return (
        f"Total EBIT does not depend on the margin assumed for {formatting.join_words(assumed)}: "
        f"what {'it earns' if len(assumed) == 1 else 'they earn'} more, {rest} earns less."
    )
