"""Rates: a base rate as text, the share of companies first and then what was counted."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from thesis import plaintext
from thesis.assumptions import BaseRate, Prior
from thesis.beliefs import number
from thesis.interval import Interval
from thesis.layout import Layout, apart
from thesis.worksheet.layout import WIDTH, Blocks, pairs, paragraph, table
from thesis.worksheet.odds import managed
from thesis.worksheet.sheet import percent, rate

BAR = 30  # characters of the longest class


def base_rate(
    rates: BaseRate,
    growth: float,
    share: Interval,
    doubts: Sequence[str],
    prior: Prior | None,
    drawn: float | None,
) -> str:
    """The share of a table's companies that grew faster than a nominal rate, and where that comes from.

    ``doubts``: why the table is not quite the one asked for. ``drawn``: the rate drawn towards the median,
    by the weight that ``prior`` declares.
    """
    inflation = number(rates.inflation)
    real = growth - inflation
    told = managed(share)
    lead = "None of the companies" if told == "none" else f"{told[0].upper()}{told[1:]} of the companies"
    blocks = paragraph(f"{lead} grew faster than {rate(growth)} a year for {rates.years} years.", "")
    blocks += paragraph(f"But {'; and '.join(doubts)}." if doubts else "", "")
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
    return plaintext.text(Layout(WIDTH, apart([blocks, pairs(rows), _classes(rates, real)])))


def _classes(rates: BaseRate, real: float) -> Blocks:
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
    return table([f"growth a year, {money}", "companies", ""], rows, "lrl")


def _between(low: float, high: float) -> str:
    if low == -float("inf"):
        return f"below {high:g}%"
    return f"above {low:g}%" if high == float("inf") else f"{low:g}..{high:g}%"
