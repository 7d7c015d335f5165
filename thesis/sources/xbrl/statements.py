"""Collects facts as a document states them, then joins them to their contexts and units.

A document may state its contexts after the facts that refer to them, so the joining waits for the end.
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from thesis.core.problem import Problem, SourceSpan
from thesis.sources.reported_fact import FilingReference, ReportedFact, parse_decimals
from thesis.sources.xbrl.contexts import NOWHERE, Context, Resources
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
    flaw: Problem | None = None


def is_nil(attributes: Attributes) -> bool:
    return attributes.get(XSI_NIL, "").strip() in ("true", "1")


class TaggedFigures(Resources):
    """A document of facts; ``filing`` says what the caller knows of it."""

    elsewhere = ""  # where contexts and units may be that are not in the document

    def __init__(self, shown: str, filing: FilingReference) -> None:
        super().__init__(shown)
        self.filing = filing
        self.statements: list[TaggedFigure] = []
        self.others: tuple[TaggedFigures, ...] = ()
        """The other documents of the filing, which may state the contexts and units of this one."""

    def reported(self) -> list[ReportedFact]:
        """The facts in the order of the document, those that cannot be read with their flaw.

        Errors: ``InvalidInput`` with what is wrong with the document as a whole.
        """
        filing = self._filing()
        found = [self._joined(statement, filing) for statement in self.statements]
        self.settle()
        return found

    def _filing(self) -> FilingReference:
        """The form from the document's own cover, where the caller does not know it."""
        if self.filing.form:
            return self.filing
        pages = (self, *self.others)
        forms = {
            each.text for page in pages for each in page.statements if each.tag == FORM_TAG and each.text
        }
        form = forms.pop() if len(forms) == 1 else None
        return self.filing._replace(form=form) if form and len(form) <= MOST_FORM else self.filing

    def _joined(self, statement: TaggedFigure, filing: FilingReference) -> ReportedFact:
        tag, name, measure, value, text, accuracy, place, flaw = statement
        name = name.strip()
        context = self._context_of(name)
        if context is None:
            told = f"`{tag}` refers to a context `{name[:80]}` that is not there"
            flaw = flaw or self.figure_flaw("unknown-context", told, place, self.elsewhere)
        unit = "" if measure is None else self._unit_of(measure.strip())
        if unit is None:
            told = f"`{tag}` refers to a unit `{str(measure)[:80]}` that is not there"
            flaw = flaw or self.figure_flaw("unknown-measure", told, place, self.elsewhere)
        decimals = None
        try:
            decimals = parse_decimals(accuracy)
        except ValueError as error:
            flaw = flaw or self.figure_flaw("bad-number", f"`{tag}`: {error}", place)
        entity, period, dimensions, broken = context or NOWHERE
        flaw = flaw or broken or (unit if isinstance(unit, Problem) else None)
        if flaw:
            value = text = None
        if not isinstance(unit, str):
            unit = "?"  # a number all the same
        return ReportedFact(
            tag, dimensions, period, value, text, unit, decimals, name, entity, filing, place, flaw=flaw
        )

    def _context_of(self, name: str) -> Context | None:
        """The context of an id: this document's own, else another's of the filing."""
        return next((page.contexts[name] for page in (self, *self.others) if name in page.contexts), None)

    def _unit_of(self, name: str) -> str | Problem | None:
        return next((page.units[name] for page in (self, *self.others) if name in page.units), None)
