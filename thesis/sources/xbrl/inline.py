"""Reads inline XBRL: facts inside the HTML document that a company files.

Facts lie inside one another and across one another: a note is a fact and holds the figures in its
tables; a text may go on in another place (``ix:continuation``) and leave out what does not belong to
it (``ix:exclude``). Every element that carries meaning has a frame; text goes to the innermost frame
and, when that closes, on to the one around it.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import BinaryIO

from thesis.core.problem import InvalidInput, Problem, SourceSpan
from thesis.sources.reported_fact import NO_FILING, FilingReference, ReportedFact
from thesis.sources.xbrl.markup import MOST_BYTES, Attributes
from thesis.sources.xbrl.statements import TaggedFigure, TaggedFigures, is_nil
from thesis.sources.xbrl.text_values import value_from_text
from thesis.sources.xbrl.transforms import NUMBERS, format_name, parse_scale, parse_sign, stated_value

NAMESPACES = ("http://www.xbrl.org/2013/inlineXBRL", "http://www.xbrl.org/2008/inlineXBRL")
_NO_XBRL = "a page without inline XBRL: nothing in it is tagged"
_NO_CONTEXTS = "a page without contexts: what its figures are about is said in another page of the filing"
_ELSEWHERE = "another page of the filing may say so: give both together, or its `_htm.xml`, which holds all"
_HINT = "take the 10-K or 10-Q itself (from 2019 on), or the `_htm.xml` beside it"


def parse_page(
    stream: BinaryIO, shown: str, filing: FilingReference = NO_FILING, most: int = MOST_BYTES
) -> InlinePage:
    """A page with its figures, not yet joined to their contexts. Errors: ``InvalidInput``."""
    page = InlinePage(shown, filing)
    try:
        page.parse(stream, most)
    except InvalidInput:
        if page.problems[-1].code != "xml-syntax" or any(page.declares(uri) for uri in NAMESPACES):
            raise
        page.problems.clear()  # a page that is no XBRL need not be XML either
    return page


def pages_together(pages: Sequence[InlinePage]) -> list[list[ReportedFact]]:
    """The facts of each page of one filing: what one says of contexts and units holds for all of them.

    Errors: ``InvalidInput`` where none of them has inline XBRL, or with what is wrong with a page.
    """
    if not any(page.met for page in pages):
        raise pages[0].refuse_with("no-inline-xbrl", _NO_XBRL, hint=_HINT)
    for page in pages:
        page.others = tuple(other for other in pages if other is not page)
    return [page.reported() for page in pages]


class _Frame:
    """An element of inline XBRL that is open, and the text in it so far."""

    __slots__ = ("attributes", "flaw", "form", "kind", "parts", "place", "tag")

    def __init__(self, kind: str, attributes: Attributes, place: SourceSpan) -> None:
        self.kind = kind
        self.attributes = attributes
        self.place = place
        self.parts: list[str] = []
        self.tag = ""
        self.form = ""
        self.flaw: Problem | None = None


class InlinePage(TaggedFigures):
    """A page with inline XBRL: a report, or an exhibit of one."""

    elsewhere = _ELSEWHERE

    def __init__(self, shown: str, filing: FilingReference) -> None:
        super().__init__(shown, filing)
        self.met = False
        self._frames: list[_Frame] = []
        self._continuations: dict[str, tuple[str, str]] = {}
        self._doubled: set[str] = set()  # ids of two continuations
        self._continued: list[tuple[int, _Frame, str]] = []
        self._numbers: dict[tuple[str, str, str | None, str | None], Decimal] = {}
        for uri in NAMESPACES:
            for kind in ("nonFraction", "nonNumeric", "continuation", "exclude"):
                self.opens[f"{uri} {kind}"] = self._open_frame
                self.closes[f"{uri} {kind}"] = self._close_frame
            for kind in ("fraction", "tuple"):
                self.opens[f"{uri} {kind}"] = self._not_read

    def _open_frame(self, name: str, attributes: Attributes) -> None:
        self.met = True
        frame = _Frame(name.rpartition(" ")[2], attributes, self.place())
        if frame.kind in ("nonFraction", "nonNumeric"):
            self._name(frame)
        self._frames.append(frame)
        self.parser.CharacterDataHandler = frame.parts.append

    def _name(self, frame: _Frame) -> None:
        """Resolve the names in its attributes while their prefixes are known."""
        try:
            frame.tag = self.tag(self.qualified_name(frame.attributes.get("name", "")))
            form = frame.attributes.get("format")
            frame.form = format_name(self.qualified_name(form)) if form else ""
        except ValueError as error:
            frame.tag = frame.attributes.get("name", "").strip()
            frame.flaw = self.figure_flaw("bad-namespace", str(error), frame.place)
        if "target" in frame.attributes:
            told = f"`{frame.tag}` belongs to another report than the filing's"
            frame.flaw = frame.flaw or self.figure_flaw("not-read", told, frame.place)

    def _close_frame(self) -> None:
        frame = self._frames.pop()
        text = "".join(frame.parts)
        if frame.kind == "continuation":
            self._keep(frame, text)
        elif frame.kind != "exclude":
            self._state(frame, text)
        if self._frames:
            outer = self._frames[-1].parts
            if frame.kind != "exclude":
                outer.append(text)
            self.parser.CharacterDataHandler = outer.append
        else:
            self.parser.CharacterDataHandler = None

    def _not_read(self, name: str, attributes: Attributes) -> None:
        self.met = True
        frame = _Frame(name.rpartition(" ")[2], attributes, self.place())
        self._name(frame)
        told = f"`ix:{frame.kind}`, which the SEC does not allow"
        flaw = self.figure_flaw("not-read", told, frame.place)
        context = attributes.get("contextRef", "")
        self.statements.append(TaggedFigure(frame.tag, context, None, None, None, None, frame.place, flaw))

    # facts -----------------------------------------------------------------------------------------

    def _state(self, frame: _Frame, shown: str) -> None:
        attributes = frame.attributes
        unit = attributes.get("unitRef")
        value: Decimal | None = None
        text: str | None = None
        if frame.kind == "nonNumeric":
            unit = None
            text = None if is_nil(attributes) else value_from_text(shown, frame.form)
        elif unit is None:
            told = f"`{frame.tag}` is a number without a unit"
            frame.flaw = frame.flaw or self.figure_flaw("unknown-measure", told, frame.place)
        elif not is_nil(attributes):
            value = self._number(frame, shown)
        context = attributes.get("contextRef")
        if context is None:
            told = f"`{frame.tag}` has no context"
            frame.flaw = frame.flaw or self.figure_flaw("unknown-context", told, frame.place)
        if text is not None and "continuedAt" in attributes:
            self._continued.append((len(self.statements), frame, shown))
        accuracy = attributes.get("decimals")
        self.statements.append(
            TaggedFigure(frame.tag, context or "", unit, value, text, accuracy, frame.place, frame.flaw)
        )

    def _number(self, frame: _Frame, shown: str) -> Decimal | None:
        attributes = frame.attributes
        key = shown, frame.form, attributes.get("scale"), attributes.get("sign")
        found = self._numbers.get(key)
        if found is not None:
            return found
        if frame.form not in NUMBERS:
            told = (
                f"`{frame.tag}` shows `{shown.strip()[:80]}` in the format `{frame.form}`, which is not known"
            )
            frame.flaw = frame.flaw or self.figure_flaw("unknown-format", told, frame.place)
            return None
        try:
            scale, is_negative = parse_scale(attributes.get("scale")), parse_sign(attributes.get("sign"))
            found = stated_value(shown, frame.form, scale, is_negative=is_negative)
        except ValueError as error:
            frame.flaw = frame.flaw or self.figure_flaw("bad-number", f"`{frame.tag}`: {error}", frame.place)
            return None
        self._numbers[key] = found
        return found

    # texts that go on elsewhere --------------------------------------------------------------------

    def _keep(self, frame: _Frame, text: str) -> None:
        name = frame.attributes.get("id", "")
        if name in self._continuations:
            self._doubled.add(name)
        self._continuations[name] = text, frame.attributes.get("continuedAt", "")

    def reported(self) -> list[ReportedFact]:
        if self.statements and not any(page.contexts for page in (self, *self.others)):
            raise self.refuse_with("unknown-context", _NO_CONTEXTS, hint=_ELSEWHERE)
        for index, frame, shown in self._continued:
            text = value_from_text(self._followed(frame, shown), frame.form)
            statement = self.statements[index]
            self.statements[index] = statement._replace(text=text, flaw=statement.flaw or frame.flaw)
        return super().reported()

    def _followed(self, frame: _Frame, shown: str) -> str:
        parts, seen, name = [shown], set[str](), frame.attributes["continuedAt"]
        while name:
            found = self._continuation(name)
            if name in seen or found is None:
                told = "in a circle" if name in seen else "which is not there"
                message = f"`{frame.tag}` goes on at `{name[:80]}`, {told}"
                frame.flaw = self.figure_flaw("bad-continuation", message, frame.place)
                break
            if name in self._doubled:
                told = f"`{frame.tag}` goes on at `{name[:80]}`, which is given twice"
                frame.flaw = self.figure_flaw("duplicate-id", told, frame.place)
            seen.add(name)
            text, name = found
            parts.append(text)
        return "".join(parts)

    def _continuation(self, name: str) -> tuple[str, str] | None:
        """A piece of a text that goes on in this page or in another of the filing, and where it goes on."""
        pages = (self, *(page for page in self.others if isinstance(page, InlinePage)))
        return next((page._continuations[name] for page in pages if name in page._continuations), None)
