"""A base rate in words: the share of companies, then the sample that was counted."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from thesis.core.interval import Interval
from thesis.document import plain_text
from thesis.document.blocks import Document, spaced_groups
from thesis.pack.assumptions import single_number
from thesis.pack.schema.valuation import BaseRateTable, OwnViewWeight
from thesis.reports.valuation.odds_section import money_of_table, share_text
from thesis.reports.valuation.sheet_blocks import WIDTH, Blocks, labelled_pairs, paragraph_block, sheet_table
from thesis.reports.valuation.valuation_sheet import percent, rate

BAR = 30  # characters of the longest class


def base_rate_section(
    rates: BaseRateTable,
    growth: float,
    share: Interval,
    doubts: Sequence[str],
    prior: OwnViewWeight | None,
    drawn: float | None,
) -> str:
    """The share of a table's companies that grew faster than a nominal rate, and where that comes from.

    ``doubts``: why the table is not quite the one asked for. ``drawn``: the rate drawn towards the median,
    by the weight that ``prior`` declares.
    """
    inflation = single_number(rates.inflation)
    real = growth - inflation
    told = share_text(share)
    lead = "None of the companies" if told == "none" else f"{told[0].upper()}{told[1:]} of the companies"
    blocks = paragraph_block(f"{lead} grew faster than {rate(growth)} a year for {rates.years} years.", "")
    blocks += paragraph_block(f"But {'; and '.join(doubts)}." if doubts else "", "")
    taken = (
        ""
        if rates.deflator == "nominal"
        else f" less {rates.inflation} inflation: {percent(real)} in {rates.deflator}"
    )
    rows = [
        ("growth", f"{rate(growth)} a year{taken}"),
        ("counted", f"{rates.name}, {rates.vintage}"),
        (
            "growth of all",
            f"mean {rates.mean:g}%, median {rates.median:g}%, standard deviation {rates.sd:g}%",
        ),
    ]
    if prior and drawn is not None:
        rows.append(
            ("drawn to it", f"{percent(drawn)} a year, with a weight of {prior.weight} on {rate(growth)}")
        )
    rows.append(("source", rates.source))
    if money_of_table(rates):
        rows.append(("sizes", money_of_table(rates)))
    return plain_text.document_text(
        Document(WIDTH, spaced_groups([blocks, labelled_pairs(rows), _classes(rates, real)]))
    )


def _classes(rates: BaseRateTable, real: float) -> Blocks:
    """Every class of growth with its share of the companies; the one asked for is marked."""
    edges = [-float("inf"), *rates.edges, float("inf")]
    most = max(rates.shares) or 1.0
    money = "nominal" if rates.deflator == "nominal" else f"in {rates.deflator}"
    rows = [
        [
            _between(low, high),
            f"{share:g}%",
            "█" * round(share / most * BAR) + (" <" if low <= 100 * real < high else ""),
        ]
        for (low, high), share in zip(pairwise(edges), rates.shares, strict=True)
    ]
    return sheet_table([f"growth a year, {money}", "companies", ""], rows, "lrl")


def _between(low: float, high: float) -> str:
    if low == -float("inf"):
        return f"below {high:g}%"
    return f"above {low:g}%" if high == float("inf") else f"{low:g}..{high:g}%"
