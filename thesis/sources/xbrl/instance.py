"""Reads XBRL instances, XML documents of facts such as EDGAR's ``*_htm.xml``."""

from __future__ import annotations

from typing import BinaryIO

from thesis.core.problem import Problem, SourceSpan
from thesis.sources.reported_fact import NO_FILING, FilingReference, ReportedFact, parse_number
from thesis.sources.xbrl.contexts import XBRLI
from thesis.sources.xbrl.markup import MOST_BYTES, Attributes
from thesis.sources.xbrl.statements import TaggedFigure, TaggedFigures, is_nil

ROOT = f"{XBRLI} xbrl"
_LINKS = "http://www.xbrl.org/2003/linkbase "  # references to the taxonomy and footnotes


def read_instance(
    stream: BinaryIO, shown: str, filing: FilingReference = NO_FILING, most: int = MOST_BYTES
) -> list[ReportedFact]:
    """The facts of an instance document, in its order.

    Errors: ``InvalidInput`` with what is wrong with the document; where the XML is broken, up to there.
    """
    instance = _Instance(shown, filing)
    instance.parse(stream, most)
    return instance.reported()


class _Instance(TaggedFigures):
    def __init__(self, shown: str, filing: FilingReference) -> None:
        super().__init__(shown, filing)
        self.otherwise = self._opened
        self._fact: tuple[str, Attributes, SourceSpan] | None = None
        self._parts: list[str] = []
        self._flaw: Problem | None = None

    def _opened(self, name: str, attributes: Attributes) -> None:
        if self.depth == 1:
            if name != ROOT:
                told = f"expected an XBRL instance, found an element `{self.tag(name)}`"
                raise self.refuse_with("not-a-filing", told, self.place())
        elif self.depth == 2 and not name.startswith(_LINKS):
            self._begin(name, attributes)
        elif self._fact is not None and self.depth == 3:
            told = f"`{self._fact[0]}` holds other elements; facts inside facts are not read"
            self._flaw = self._flaw or self.figure_flaw("not-read", told, self.place())

    def _begin(self, name: str, attributes: Attributes) -> None:
        tag = self.tag(name)
        self._flaw = None
        if "contextRef" not in attributes:
            self._flaw = self.figure_flaw("unknown-context", f"`{tag}` has no context", self.place())
        self._fact = tag, attributes, self.place()
        self._parts = []
        self.closes = {name: self._finish}
        self.parser.CharacterDataHandler = self._parts.append

    def _finish(self) -> None:
        if self.depth != 1 or self._fact is None:
            return
        tag, attributes, place = self._fact
        self._fact, self.closes = None, {}
        self.parser.CharacterDataHandler = None
        text: str | None = "".join(self._parts)
        unit, value = attributes.get("unitRef"), None
        if is_nil(attributes):
            text = None
        elif unit is not None:
            try:
                value = parse_number(text or "")
            except ValueError as error:
                self._flaw = self._flaw or self.figure_flaw("bad-number", f"`{tag}`: {error}", place)
            text = None
        context, accuracy = attributes.get("contextRef", ""), attributes.get("decimals")
        self.statements.append(TaggedFigure(tag, context, unit, value, text, accuracy, place, self._flaw))
