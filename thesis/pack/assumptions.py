"""The assumptions of a valuation by name, each with its low, central and high value."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from thesis.core.interval import Interval
from thesis.facts.fact import parse_value
from thesis.pack.schema.valuation import AssumptionRange, BaseRateTable, Scenario, ValuationInputs

if TYPE_CHECKING:
    from thesis.valuation import BaseRates

MULTIPLE, CASH_FLOW = "multiple", "cash_flow"
MOST_UNCERTAIN = 8  # figures to start from that are ranges: 256 corners
MOST_LOG_SD = 3.0  # of a lognormal driver at any date: a factor of twenty either way
MOST_RATE_SD = 1.0  # of a growth rate or a margin: more is a percent sign left out
MOST_GROWTH = 10.0  # a year, likewise


def growth_name(segment: str) -> str:
    """The name of a segment's growth driver."""
    return f"{segment}.growth"


def margin_name(segment: str) -> str:
    """The name of the driver of a segment's margin."""
    return f"{segment}.margin"


class Assumption(NamedTuple):
    """A driver in numbers. ``show`` is how to print it."""

    name: str
    label: str
    low: float
    central: float
    high: float
    show: str
    driver: AssumptionRange


def assumptions_of(valuation: ValuationInputs) -> dict[str, Assumption]:
    """Every driver of a valuation by name: ``aws.growth``, ``aws.margin``, ``multiple``, ``stakes`` ..."""
    found: dict[str, Assumption] = {}

    def add(name: str, label: str, show: str, driver: AssumptionRange) -> None:
        low, central, high = (single_number(text) for text in (driver.low, driver.central, driver.high))
        found[name] = Assumption(name, label, low, central, high, show, driver)

    for segment in valuation.segments:
        add(growth_name(segment.id), f"{segment.name}: sales growth a year", "percent", segment.growth)
        add(margin_name(segment.id), f"{segment.name}: margin at the horizon", "percent", segment.margin)
    add(MULTIPLE, "Operating EV to EBIT at the horizon", "multiple", valuation.multiple)
    if valuation.cash_flow:
        add(CASH_FLOW, "Free cash flow to the horizon", "billions", valuation.cash_flow)
    for claim in valuation.claims:
        if claim.horizon:
            add(claim.id, f"{claim.name} at the horizon", "billions", claim.horizon)
    return found


def central_values(
    known: Mapping[str, Assumption], changed: Mapping[str, float] | None = None
) -> dict[str, float]:
    """The middle value of each driver, but for those that are changed."""
    return {name: belief.central for name, belief in known.items()} | dict(changed or {})


def scenario_values(known: Mapping[str, Assumption], scenario: Scenario) -> dict[str, float]:
    """The values of a scenario: its own, else the middle ones."""
    return central_values(
        known, {name: single_number(text) for name, text in (scenario.drivers or {}).items()}
    )


def single_number(text: str) -> float:
    """``18%``, ``50e9``, ``20`` as one number. Errors: ``ValueError`` in words, for a range or a word."""
    try:
        value = parse_value(text)
    except ValueError:
        value = ""
    if not isinstance(value, Interval) or not value.is_point:
        raise ValueError(f"expected one number such as 18% or 50e9, found `{text}`")
    return float(value.lo)


def number_range(text: str) -> Interval:
    """``22..30`` or ``25`` as a range. Errors: ``ValueError`` in words."""
    value = parse_value(text)
    if not isinstance(value, Interval) or math.isinf(value.width):
        raise ValueError(f"expected a number or a range such as 22..30, found `{text}`")
    return value


def unsound_value(name: str, value: float) -> Iterator[str]:
    """Why a driver cannot have a value, in words; nothing, if it can."""
    if not math.isfinite(value):
        yield f"expected a number, found {value:g}"
    elif name.endswith(".growth") and value <= -1:
        yield f"expected growth above -100% a year, found {100 * value:.6g}%"
    elif name.endswith(".growth") and value > MOST_GROWTH:
        yield f"expected growth of {MOST_GROWTH:.0%} a year at most, found {100 * value:.6g}%"
    elif name.endswith(".margin") and value > 1:
        yield f"expected a margin of 100% at most, found {100 * value:.6g}%"
    elif name == MULTIPLE and value <= 0:
        yield f"expected a multiple above 0, found {value:g}"


def unsound_middle(name: str, driver: AssumptionRange, value: float) -> Iterator[str]:
    """Why a driver cannot have a value in the middle, in words; nothing, if it can."""
    found = list(unsound_value(name, value))
    yield from found
    if not found and driver.distribution == "lognormal" and value <= 0:
        yield f"expected a middle above 0 of a lognormal driver, found {value:g}"


def unsound_spread(name: str, driver: AssumptionRange, years: float) -> Iterator[str]:
    """Why a driver cannot be drawn up to some years from now, in words; nothing, if it can."""
    if driver.distribution == "fixed":
        return
    try:
        sd = single_number(driver.sd)
    except ValueError:
        found = f"found `{driver.sd}`" if driver.sd else "found none"
        yield f"expected `sd`, a number, or `distribution: fixed`, {found}"
        return
    widest = sd * math.sqrt(years) if driver.sd_of == "year" else sd
    if not (sd >= 0 and math.isfinite(sd)):
        yield f"expected an sd of 0 or more, found {driver.sd}"
    elif driver.distribution == "lognormal" and widest > MOST_LOG_SD:
        found = f"{driver.sd} a year, which comes to {widest:.3g}" if driver.sd_of == "year" else driver.sd
        yield f"expected an sd of the logarithm of {MOST_LOG_SD:g} at most, found {found}"
    elif name.endswith((".growth", ".margin")) and sd > MOST_RATE_SD:
        yield f"expected an sd of 100% at most, found {driver.sd}: is a percent sign missing?"


NOMINAL = "nominal"
"""The deflator of a table that counts in the money of each year."""


def price_factor(rates: BaseRateTable) -> float | None:
    """What sales of today are multiplied by to be in a table's money; None where the pack does not say."""
    if rates.deflator == NOMINAL:
        return 1.0
    return rates.price_index.then / rates.price_index.now if rates.price_index else None


def base_rate_table(rates: BaseRateTable) -> BaseRates:
    """A pack's table of base rates in fractions, for ``thesis.valuation``.

    Errors: ``DomainError`` where edges and shares make no distribution.
    """
    from thesis.valuation import base_rates

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
