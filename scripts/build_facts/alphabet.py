"""The facts of the Alphabet pack, gathered from the tables, companyfacts and copies of filings.

Most rows are none of this module's doing: what the filings on file state of a concept is taken from them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal

from . import alphabet_tables as tables
from . import amazon, series
from .gathered import Data, named_filing
from .model import BILLION, DataError, Fact, Value, period_end
from .recipe import Recipe
from .tables import INDEXES, MILLION

Filings = Mapping[str, tuple[str, str]]  # quarter -> Alphabet's 10-Q or 10-K and the day it was filed


def gather(data: Data) -> dict[str, list[Fact]]:
    """Every entity's facts as gathered, in no order."""
    rows = [row for row in data.quarterly if row["entity"] == "GOOGL" and "purchases" in row["concept"]]
    filings = {
        row["fiscal_period"]: (named_filing(row["accession_or_source"], row["form"]), row["filed_date"])
        for row in rows
    }
    return {
        "GOOGL": [
            *series.first_reported("GOOGL", data, tables.QUARTERLY),
            *_copies(filings),
            *_free_cash_flow(),
            *_labs(filings),
            *_from_companyfacts(data, filings),
            *_closes(),
        ],
        "AMZN": [fact for fact in amazon.gather(data)["AMZN"] if fact.concept == "aws.net_sales"],
    }


def _copies(filings: Filings) -> Iterator[Fact]:
    for copy in tables.COPIES:
        source, filed = filings[copy.report]
        value, unit = (
            Value.parse(copy.millions).scale(MILLION),
            "shares" if copy.concept == "shares" else "USD",
        )
        how = f"{copy.how}: {copy.place}"
        yield Fact(copy.concept, copy.period, value, unit, filed, f"{source} (secondary)", how, copy.note)


def _free_cash_flow() -> Iterator[Fact]:
    source, filed = tables.RELEASE_2026Q2
    for quarter, millions in tables.FREE_CASH_FLOW.items():
        value, how = Value.parse(millions).scale(MILLION), f"{tables.SECONDARY}: {tables.PACKET}"
        yield Fact("free_cash_flow_published", quarter, value, "USD", filed, f"{source} (secondary)", how)


def _labs(filings: Filings) -> Iterator[Fact]:
    for quarter, (source, filed) in filings.items():
        if "2019Q4" <= quarter < tables.LABS[0][0]:
            yield Fact("labs.backlog", quarter, Value.parse("0"), "USD", filed, source, tables.LABS_BEFORE)
    for quarter, day, billions, how, address in tables.LABS:
        place, note = tables.page(address)
        value = Value.parse(billions).scale(BILLION)
        yield Fact("labs.backlog", quarter, value, "USD", day, f"{place} (secondary)", how, note)


def _from_companyfacts(data: Data, filings: Filings) -> Iterator[Fact]:
    """What takes more than one tag: that no preferred share is outstanding, and debt without leases.

    For four years the balance sheet had one line for long-term debt and finance leases; afterwards the tag of
    that line was used once or twice for debt alone.
    """
    text = (data.folder / "raw" / tables.COMPANYFACTS).read_text(encoding="utf-8")
    tags = (tables.PREFERRED, tables.BOTH, tables.LEASES, tables.LEASES_DUE)
    stated = {
        (tag, row["end"], row["accn"]): Decimal(row["val"])
        for tag in tags
        for rows in json.loads(text)["facts"]["us-gaap"][tag]["units"].values()
        for row in rows
    }
    for quarter, (source, filed) in filings.items():
        end, number = period_end(quarter), source.split()[1]
        preferred, both, leases, due = (stated.get((tag, end, number)) for tag in tags)
        if preferred:
            raise DataError(f"preferred_stock {quarter}: there are shares ({source})")
        if preferred == 0:
            none, how = Value.parse("0"), "read: no shares outstanding"
            yield Fact("preferred_stock", quarter, none, "USD", filed, source, how)
        if both is not None and leases is not None and due is not None and quarter <= tables.LEASES_UNTIL:
            debt = both - leases + due
            how = (
                f"derived: {both / MILLION:,.0f}m with finance leases, less {leases / MILLION:,.0f}m of "
                f"them, of which {due / MILLION:,.0f}m are due within a year"
            )
            yield Fact("long_term_debt", quarter, Value(debt, debt), "USD", filed, source, how)


def _closes() -> Iterator[Fact]:
    words, how = tables.CLOSES.split(), f"{tables.SECONDARY}: {tables.QUOTES}"
    for day, price in zip(words[::2], words[1::2], strict=True):
        yield Fact("price", day, Value.parse(price), "USD/share", day, "exchange close (secondary)", how)


RECIPE = Recipe(
    pack="googl-cloud",
    gather=gather,
    filings=tables.FILINGS,
    indexes=INDEXES,
    ties=(("operating_cash_flow", ["free_cash_flow_published", "capex"]),),
    notes=tables.NOTES,
    explained={},
    uneven=tables.UNEVEN,
    rounded_apart={},
)
