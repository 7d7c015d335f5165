"""The probability distribution of each assumption at a date before, at or beyond the horizon.

Every driver hangs on one standard normal, the same at all dates: a belief is one belief, seen early or
late. With T years gone of a horizon of H, and the way w = min(1, T / H):

- A rate of growth is drawn once and holds in every year. With ``sd_of: year`` each year has a growth of
  its own, and the average of T years spreads by sd / sqrt T.
- A margin is drawn for the horizon and travels there in a straight line, so that it spreads by sd w. With
  ``sd_of: year`` the middle travels, and the margin spreads around it by sd sqrt T.
- The middle of the multiple travels from today's; it spreads by sd sqrt w, or sd sqrt T of ``sd_of: year``.
- A holding stays around its middle and spreads as the multiple does.
- Cash comes in evenly: T / H of what is drawn for the horizon; of ``sd_of: year``, T / H of the middle with
  a spread of sd sqrt T.

Of a lognormal driver ``sd`` is that of the logarithm, and the middle is the median or, with ``centre: mean``,
the mean. A fixed driver does not spread. Nothing here needs numpy.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from thesis.pack.assumptions import (
    CASH_FLOW,
    MULTIPLE,
    Assumption,
    growth_name,
    margin_name,
    single_number,
    unsound_middle,
    unsound_spread,
)
from thesis.pack.schema.valuation import AssumptionRange
from thesis.pricing.model import ModelToday


class Distribution(NamedTuple):
    """Base + scale z, or base + scale exp(log_sd z) where log_sd is not 0; z a standard normal."""

    base: float
    scale: float = 0.0
    log_sd: float = 0.0

    def times(self, factor: float) -> Distribution:
        return Distribution(self.base * factor, self.scale * factor, self.log_sd)

    def plus(self, step: float) -> Distribution:
        return Distribution(self.base + step, self.scale, self.log_sd)

    def value(self, z: float) -> float:
        """The value that belongs to a draw of the normal."""
        return self.base + self.scale * (math.exp(self.log_sd * z) if self.log_sd else z)


class DistributionFault(NamedTuple):
    """A driver that cannot be drawn, and why."""

    driver: str
    message: str


class UnfitDistribution(ValueError):
    """Beliefs that cannot be drawn from: ``distribution_faults`` has them all."""

    def __init__(self, faults: tuple[DistributionFault, ...]) -> None:
        self.faults = faults
        super().__init__("; ".join(f"`{fault.driver}`: {fault.message}" for fault in faults))


def draw_values(known: Mapping[str, Assumption]) -> list[str]:
    """The drivers that spread, by name, whatever their order in the file."""
    return sorted(name for name, belief in known.items() if belief.driver.distribution != "fixed")


def distributions_of(
    today: ModelToday,
    known: Mapping[str, Assumption],
    central: Mapping[str, float],
    years: float,
    horizon: float,
) -> dict[str, Distribution]:
    """Each driver's law after some years; ``central`` are the middle values."""
    way = min(1.0, years / horizon)
    found = {}
    for stand in today.segments:
        name = growth_name(stand.id)
        found[name] = _around(known[name].driver, central[name], _sd_of_rate(known[name].driver, years))
        name = margin_name(stand.id)
        found[name] = _travelling(known[name].driver, stand.margin, central[name], way, years)
    middle = today.multiple + (central[MULTIPLE] - today.multiple) * way
    driver = known[MULTIPLE].driver
    found[MULTIPLE] = _around(driver, middle, _sd_after(driver, way, years))
    for holding in today.holdings:
        if holding.id in known:
            driver = known[holding.id].driver
            found[holding.id] = _around(driver, central[holding.id], _sd_after(driver, way, years))
    if CASH_FLOW in known:
        found[CASH_FLOW] = _coming_in(known[CASH_FLOW].driver, central[CASH_FLOW], years, horizon)
    return found


def _travelling(
    driver: AssumptionRange, start: float, central: float, way: float, years: float
) -> Distribution:
    if driver.sd_of == "year":
        return _around(driver, start + (central - start) * way, _sd(driver) * math.sqrt(years))
    return _around(driver, central, _sd(driver)).times(way).plus(start * (1 - way))


def _coming_in(driver: AssumptionRange, central: float, years: float, horizon: float) -> Distribution:
    if driver.sd_of == "year":
        return _around(driver, central * years / horizon, _sd(driver) * math.sqrt(years))
    return _around(driver, central, _sd(driver)).times(years / horizon)


def _around(driver: AssumptionRange, central: float, sd: float) -> Distribution:
    if not sd:
        return Distribution(central)
    if driver.distribution == "normal":
        return Distribution(central, sd)
    return Distribution(0.0, central * math.exp(-sd * sd / 2) if driver.centre == "mean" else central, sd)


def _sd_after(driver: AssumptionRange, way: float, years: float) -> float:
    return _sd(driver) * math.sqrt(years if driver.sd_of == "year" else way)


def _sd_of_rate(driver: AssumptionRange, years: float) -> float:
    return _sd(driver) / math.sqrt(years) if driver.sd_of == "year" else _sd(driver)


def _sd(driver: AssumptionRange) -> float:
    return 0.0 if driver.distribution == "fixed" else single_number(driver.sd)


# what cannot be drawn ------------------------------------------------------------------------------


def distribution_faults(
    known: Mapping[str, Assumption], central: Mapping[str, float], years: float
) -> Iterator[DistributionFault]:
    """What is wrong with beliefs up to a date, driver by driver."""
    for name, belief in known.items():
        yield from (
            DistributionFault(name, message) for message in unsound_middle(name, belief.driver, central[name])
        )
        if belief.driver.distribution != "fixed":
            yield from (
                DistributionFault(name, message) for message in unsound_spread(name, belief.driver, years)
            )
