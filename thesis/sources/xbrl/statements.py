"""Collects facts as a document states them, then joins them to their contexts and units.

A document may state its contexts after the facts that refer to them, so the joining waits for the end.
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from thesis.core.problem import SourceSpan
from thesis.sources.reported_fact import FilingReference, ReportedFact, parse_decimals
from thesis.sources.xbrl.contexts import Resources
from thesis.sources.xbrl.markup import XSI_NIL, Attributes

FORM_TAG = "dei:DocumentType"
MOST_FORM = 20  # characters; `10-K405/A` is a long one


class TaggedFigure(NamedTuple):
    """A fact that still names its context and unit by their ids; ``unit`` is none where it is a text."""

    tag: str
    context: str
    unit: str | None
    value: Decimal | None
    text: str | None
    decimals: str | None
    place: SourceSpan


def is_nil(attributes: Attributes) -> bool:
    return attributes.get(XSI_NIL, "").strip() in ("true", "1")


class TaggedFigures(Resources):
    """A document of facts; ``filing`` says what the caller knows of it."""

    elsewhere = ""  # where contexts and units may be that are not in the document

    def __init__(self, shown: str, filing: FilingReference) -> None:
        super().__init__(shown)
        self.filing = filing
        self.statements: list[TaggedFigure] = []

    def reported(self) -> list[ReportedFact]:
        """The facts in the order of the document. Errors: ``InvalidInput`` with everything that is wrong."""
        filing = self._filing()
        found = [self._joined(statement, filing) for statement in self.statements]
        self.settle()
        return [fact for fact in found if fact is not None]

    def _filing(self) -> FilingReference:
        """The form from the document's own cover, where the caller does not know it."""
        if self.filing.form:
            return self.filing
        forms = {statement.text for statement in self.statements if statement.tag == FORM_TAG}
        form = forms.pop() if len(forms) == 1 else None
        return self.filing._replace(form=form) if form and len(form) <= MOST_FORM else self.filing

    def _joined(self, statement: TaggedFigure, filing: FilingReference) -> ReportedFact | None:
        tag, name, measure, value, text, accuracy, place = statement
        name, measure = name.strip(), None if measure is None else measure.strip()
        context = self.contexts.get(name)
        if context is None:
            if name not in self.contexts:
                told = f"`{tag}` refers to a context `{name[:80]}` that is not there"
                self.flaw("unknown-context", told, place, self.elsewhere)
            return None
        unit = "" if measure is None else self.units.get(measure)
        if unit is None:
            if measure not in self.units:
                told = f"`{tag}` refers to a unit `{str(measure)[:80]}` that is not there"
                self.flaw("unknown-measure", told, place, self.elsewhere)
            return None
        try:
            decimals = parse_decimals(accuracy)
        except ValueError as error:
            self.flaw("bad-number", f"`{tag}`: {error}", place)
            return None
        entity, period, dimensions = context
        return ReportedFact(tag, dimensions, period, value, text, unit, decimals, name, entity, filing, place)
