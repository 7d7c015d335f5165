"""A declared table of base rates as the library of valuation reckons with it."""

from __future__ import annotations

from thesis.pack.schema.valuation import BaseRateTable
from thesis.valuation import BaseRates, base_rates


def base_rate_table(rates: BaseRateTable) -> BaseRates:
    """A declared table in fractions. Errors: ``DomainError`` where it is none."""
    return base_rates(
        edges=[edge / 100 for edge in rates.edges],
        shares=[share / 100 for share in rates.shares],
        years=rates.years,
        source=rates.source,
        mean=rates.mean / 100,
        median=rates.median / 100,
        sd=rates.sd / 100,
        deflator=rates.deflator,
    )
