"""An appraisal together with what its sections need to print it."""

from __future__ import annotations

from typing import NamedTuple

from thesis.appraisal.appraise import Appraisal
from thesis.case.case import Case
from thesis.core import formatting
from thesis.core.interval import Interval
from thesis.narrative.key_assumption_text import driver_name
from thesis.pack.assumptions import MULTIPLE


class ValuationSheet(NamedTuple):
    """An appraisal and the case it is of. ``money``: heading of columns of money; ``scale``: theirs."""

    case: Case
    a: Appraisal
    unit: str
    money: str
    scale: float

    @classmethod
    def of(cls, case: Case, a: Appraisal) -> ValuationSheet:
        unit = a.start.market_cap.unit
        money, scale = formatting.money_scale(a.target, unit)
        return cls(case, a, unit, money, scale)

    def amount(self, value: Interval | float | None) -> str:
        """Money in a column of it."""
        return formatting.cell(value, self.scale)

    def money_text(self, value: Interval | float | None) -> str:
        """Money in a sentence."""
        return formatting.short(value, "billions", self.unit)

    def price(self, value: Interval | float | None) -> str:
        """Money a share."""
        return formatting.short(value, "usd", self.a.start.price.unit)

    def segment(self, name: str) -> str:
        """A segment's name by its id."""
        return next((each.name for each in self.a.valuation.segments if each.id == name), name)

    def label(self, driver: str) -> str:
        """A driver's name in the first column of a table: ``AWS growth``, ``EV/EBIT``."""
        told = "EV/EBIT" if driver == MULTIPLE else driver_name(self.a, driver)
        return told[0].upper() + told[1:]


def percent(value: Interval | float | None, *, signed: bool = False) -> str:
    return formatting.short(value, "percent", signed=signed)


def rate(value: float) -> str:
    """A rate in a heading: ``9%``, ``12.5%``."""
    return f"{100 * value:.4g}%"


def logs(value: Interval) -> str:
    """A logarithm in a column of log-%."""
    return formatting.cell(value, 100.0, signed=True)
