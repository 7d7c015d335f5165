"""The facts of the Amazon pack, gathered from the tables, the raw texts and our own readings."""

from __future__ import annotations

from . import readings, series, tables
from .gathered import Data
from .model import Fact
from .recipe import Recipe


def gather(data: Data) -> dict[str, list[Fact]]:
    """Every entity's facts as gathered, in no order."""
    found = {
        "AMZN": [
            *series.first_reported("AMZN", data, tables.QUARTERLY["AMZN"]),
            *series.every_statement(data),
            *series.release_tables(data),
            *series.annual_reports(data),
            *series.supplement("AMZN", data),
            *readings.charges(data),
            *readings.labs_in_backlog(data),
            *readings.paid_for_anthropic(data),
            readings.stopped_measure(data),
        ]
    }
    for entity in ("GOOGL", "META", "MSFT"):
        found[entity] = [*series.first_reported(entity, data, tables.QUARTERLY[entity])]
    found["MSFT"] += series.supplement("MSFT", data)
    return {**found, "US": [*series.supplement("US", data)]}


RECIPE = Recipe(
    pack="amzn-4t",
    gather=gather,
    filings=tables.FILINGS,
    indexes=tables.INDEXES,
    ties=(
        ("net_sales", [f"{ours}.net_sales" for ours in tables.SEGMENTS.values()]),
        ("net_sales", [*(target.concept for target in tables.PRODUCTS.values()), "aws.net_sales"]),
        ("operating_income", [f"{ours}.operating_income" for ours in tables.SEGMENTS.values()]),
    ),
    notes=tables.NOTES,
    explained=tables.EXPLAINED,
    uneven=tables.UNEVEN,
    rounded_apart=tables.ROUNDED_APART,
    unusable=tables.UNUSABLE,
    release_files=tables.RELEASE_FILES,
    prices=tables.PRICES,
    named=tables.NAMED,
    every_close=tables.EVERY_CLOSE,
    closes_of=tables.CLOSES_OF,
)
