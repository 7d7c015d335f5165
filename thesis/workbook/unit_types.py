"""Unit and kind of every concept and metric, for the units of the steps between them."""

from __future__ import annotations

from thesis.case.case import parse_once
from thesis.language import nodes as n
from thesis.language.units import ANY, ValueType, infer, read_unit
from thesis.pack.load import Pack

STANDS_FOR = {"daily": "stock", "register": "flow"}  # as in ``thesis.lint``
ADDED_UP = ("flow", "stock", "annual")


class UnitTypes(dict[str, ValueType]):
    """The type of a name, worked out when it is asked for: a metric's kind follows from its formula."""

    def __init__(self, pack: Pack) -> None:
        super().__init__()
        self.pack = pack

    def get(self, name: str, otherwise: ValueType = ANY) -> ValueType:  # type: ignore[override]
        if name not in self:
            self[name] = self._found(name)
        return self[name]

    def _found(self, name: str) -> ValueType:
        concept = self.pack.concepts.get(name)
        if concept:
            return ValueType(read_unit(concept.unit), STANDS_FOR.get(concept.kind, concept.kind))
        metric = self.pack.metrics[name]
        kind = self.of(parse_once(metric.formula)).kind
        return ValueType(read_unit(metric.unit), kind if kind in ADDED_UP else "rate")

    def of(self, node: n.Node) -> ValueType:
        """The type of an expression that lint has found in order."""
        return infer(node, self, lambda _: None)
