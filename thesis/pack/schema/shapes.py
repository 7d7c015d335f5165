"""The record class of each YAML file of a pack, all record classes by name, and both as JSON text.

The classes are plain records, so that opening a pack that was checked before does not import pydantic.
Where a file is new, pydantic validates it by the same classes and writes the JSON Schema from them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from thesis.core.record import field_names
from thesis.facts.fact import LineItem
from thesis.pack.schema import forecasts, judgements, metrics, overrides, standard, thesis, trials, valuation

FILES: dict[str, type] = {
    "thesis.yaml": thesis.ThesisFile,
    "metrics.yaml": metrics.MetricsFile,
    "judgements.yaml": judgements.JudgementsFile,
    "valuation.yaml": valuation.ValuationInputs,
    "overrides.yaml": overrides.Overrides,
    "forecasts.yaml": forecasts.Forecasts,
}
"""File name to the class of what it holds."""

SHAPES: dict[str, type] = {
    shape.__name__: shape
    for module in (thesis, metrics, judgements, valuation, overrides, forecasts, trials, standard)
    for shape in module.SHAPES
} | {LineItem.__name__: LineItem}
"""Class name to class, of everything that a file of a pack may hold."""


def freeze(value: Any) -> Any:
    """A record as values that JSON can hold; the key ``""`` of each holds the name of its class."""
    names = field_names(value)
    if names:
        return {"": type(value).__name__, **{name: freeze(getattr(value, name)) for name in names}}
    if isinstance(value, Mapping):
        return {key: freeze(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [freeze(item) for item in value]
    return value


def thaw(value: dict[str, Any], shapes: Mapping[str, type] = SHAPES) -> Any:
    """The record that ``freeze`` turned into a dictionary; an ``object_hook`` for ``json.loads``."""
    name = value.pop("", None)
    return shapes[name](**value) if name else value
