"""How the values of a what-if are printed, each in the unit of the driver or line item that it replaces."""

from __future__ import annotations

from collections.abc import Mapping

from thesis.core import formatting
from thesis.core.currency import show_of
from thesis.core.interval import Interval
from thesis.language.evaluate import Supposition
from thesis.pack.assumptions import assumptions_of
from thesis.pack.load import Pack
from thesis.pack.schema.valuation import ValuationInputs

EVERY = "all"  # behind `*` for every quarter


def assumption_texts(
    valuation: ValuationInputs, changed: Mapping[str, float], currency: str
) -> dict[str, str]:
    """Drivers by their names, each as it is printed: ``22.0%``, ``11.0x``. ``currency`` is the target's."""
    known = assumptions_of(valuation) if changed else {}
    return {name: formatting.value(value, known[name].show, currency) for name, value in changed.items()}


def figure_texts(pack: Pack, given: Mapping[str, Supposition]) -> dict[str, str]:
    """Metrics and concepts by their names, each as it is printed.

    ``36.0%`` in the quarter under review, ``$300.00 in each of the last 4 quarters``.
    """
    return {
        name: f"{_printed(pack, name, supposed.value)}{_when(supposed.quarters)}"
        for name, supposed in given.items()
    }


def _when(quarters: int | None) -> str:
    if quarters is None:
        return " in every quarter"
    return "" if quarters == 1 else f" in each of the last {quarters} quarters"


def _printed(pack: Pack, name: str, value: Interval) -> str:
    if name not in pack.concepts:
        shape = pack.scored(name)
        return formatting.value(value, shape.show, shape.unit)
    unit = pack.concepts[name].unit
    return formatting.value(value, show_of(unit), unit)
