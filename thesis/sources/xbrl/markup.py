"""Reads XML in one pass and in bounded memory, with the place of every element.

On expat of the standard library. A document type with declarations of its own is refused, since it
could rewrite what the document says or grow without end, and nothing outside the file is ever
fetched. Subclasses name the elements they want; of all others only the depth is counted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import BinaryIO
from xml.parsers import expat

from thesis.core.problem import FileProblems, InvalidInput, SourceSpan

MOST_BYTES = 200_000_000
DEEPEST = 256  # elements inside one another; filings stay below 40
MOST_PREFIXES = 500  # declared at one place
CHUNK = 1 << 20

XSI_NIL = "http://www.w3.org/2001/XMLSchema-instance nil"
# The taxonomies whose prefixes everybody uses; a document may spell them differently, we do not.
_TAXONOMY = re.compile(r"https?://(?:www\.)?(?:fasb\.org|xbrl\.us|xbrl\.sec\.gov)/([a-z-]+)/\d{4}")
_IFRS = re.compile(r"https?://xbrl\.ifrs\.org/taxonomy/[0-9-]{10}/(ifrs-full)")
_KNOWN = {"http://www.xbrl.org/2003/instance": "xbrli", "http://www.xbrl.org/2003/iso4217": "iso4217"}
_RESERVED = frozenset({"us-gaap", "srt", "dei", "xbrli", "iso4217"})

# What stands before a document as libraries hand it out, or around it in the text of a whole submission.
_BEFORE = re.compile(rb"(?:\xef\xbb\xbf)?(?:\s|<(?:TEXT|XBRL|XML)>|<!--(?:[^-]|-(?!->))*-->)*", re.IGNORECASE)
_AFTER = re.compile(rb"<?/(?:TEXT|XBRL|XML)>(?:\s|</(?:TEXT|XBRL|XML)>)*", re.IGNORECASE)

_WORDS = {
    3: "the file ends before its last element is closed",
    4: "these characters are no XML, or not in the encoding that the file declares",
    5: "the file ends in the middle of a tag",
    7: "this end tag does not close the element that is open",
    11: "an entity that the file does not declare",
    18: "an encoding that is not known here",
}

Attributes = dict[str, str]
Opened = Callable[[str, Attributes], None]
Bindings = Mapping[str | None, str]


class XmlElement:
    """A small piece of a document with all that is in it: a context or a unit, at one place."""

    __slots__ = ("attributes", "bindings", "children", "name", "parts", "place")

    def __init__(self, name: str, attributes: Attributes, place: SourceSpan, bindings: Bindings) -> None:
        self.name = name
        self.attributes = attributes
        self.place = place
        self.bindings = bindings
        self.children: list[XmlElement] = []
        self.parts: list[str] = []

    @property
    def text(self) -> str:
        """Its own text without the space around it."""
        return "".join(self.parts).strip()

    def every(self, name: str) -> list[XmlElement]:
        """The elements of a name inside it, in order."""
        found = []
        for child in self.children:
            found += [child] if child.name == name else child.every(name)
        return found


def _usual(uri: str) -> str:
    """The prefix that everybody uses for a taxonomy, or nothing."""
    known = _TAXONOMY.match(uri) or _IFRS.fullmatch(uri)
    return known.group(1) if known else _KNOWN.get(uri, "")


def resolve(text: str, bindings: Bindings) -> str:
    """``<namespace> <local name>`` of a name in a text. Errors: ``ValueError`` for a stray prefix."""
    prefix, _, local = text.strip().rpartition(":")
    uri = bindings.get(prefix or None)
    if not local or (prefix and uri is None):
        raise ValueError(f"expected a name with a prefix that is declared, found `{text[:80]}`")
    return f"{uri or ''} {local}"


def length_before(head: bytes) -> int:
    r"""How many bytes stand before a document that starts like this: blank lines, comments, SGML around it.

    >>> length_before(b"<XBRL>\n<?xml version='1.0'?><html/>"), length_before(b"<html/>")
    (7, 0)
    """
    found = _BEFORE.match(head)
    before = found.end() if found and head[found.end() : found.end() + 1] == b"<" else 0
    return before if head[:before] != b"\xef\xbb\xbf" else 0


class XmlReader(FileProblems):
    """A document being read. Names of elements are ``<namespace> <local name>``, as expat gives them."""

    def __init__(self, shown: str) -> None:
        super().__init__(shown)
        self.depth = 0
        self.opens: dict[str, Opened] = {}
        self.closes: dict[str, Callable[[], None]] = {}
        self.otherwise: Opened | None = None
        self.bindings: Bindings = {}
        self._outer: list[Bindings] = []
        self._prefixes: dict[str, str] = {}
        self._tags: dict[str, str] = {}
        self._resolved: dict[str, str] = {}
        self._open: list[XmlElement] = []
        self._has_doctype = False
        self._grown: Callable[[XmlElement], None] | None = None
        self._lines_before = 0
        self.parser = parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.ordered_attributes = True
        parser.UseForeignDTD(True)  # so that entities which nothing declares come to ``_skipped``
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.StartNamespaceDeclHandler = self._declare
        parser.EndNamespaceDeclHandler = self._undeclare
        parser.StartDoctypeDeclHandler = self._doctype
        parser.SkippedEntityHandler = self._skipped

    def parse(self, stream: BinaryIO, most: int = MOST_BYTES) -> None:
        """Read to the end.

        Errors: ``InvalidInput`` with what was found, where it is no XML or out of bounds.
        """
        parser, size, total, fed = self.parser, CHUNK, 0, 0
        data = b""
        try:
            while data := stream.read(size):
                skipped = 0 if total else length_before(data)
                self._lines_before += data.count(b"\n", 0, skipped)
                total += len(data)
                if total > most:
                    raise self.refuse_with("too-large", f"larger than {most // 1_000_000} MB")
                before = parser.CurrentByteIndex
                data = data[skipped:] if skipped else data
                fed += len(data)
                parser.Parse(data, False)
                # expat looks through an unfinished tag anew with every piece: larger pieces, fewer looks
                size = size * 2 if parser.CurrentByteIndex == before else CHUNK
            parser.Parse(b"", True)
        except expat.ExpatError as error:
            rest = data[len(data) - (fed - parser.ErrorByteIndex) :] + stream.read(CHUNK)
            if not self.depth and parser.ErrorByteIndex and _AFTER.fullmatch(rest):
                return  # the end of what is around the document
            told = _WORDS.get(error.code) or str(expat.ErrorString(error.code))
            place = SourceSpan(self.shown, error.lineno + self._lines_before, error.offset + 1)
            raise self._broken(told, place) from None
        except (LookupError, ValueError):  # out of Python's own tables of encodings
            raise self._broken(_WORDS[18], self.place()) from None

    def _broken(self, told: str, place: SourceSpan) -> InvalidInput:
        hint = "fetch the document again as it was filed; a page saved by a browser is no longer XML"
        return self.refuse_with("xml-syntax", told, place, hint)

    def place(self) -> SourceSpan:
        """Where the reader stands."""
        line = self.parser.CurrentLineNumber + self._lines_before
        return SourceSpan(self.shown, line, self.parser.CurrentColumnNumber + 1)

    # names ---------------------------------------------------------------------------------------

    def tag(self, name: str) -> str:
        """An element's name with the usual prefix: ``us-gaap:Assets``."""
        found = self._tags.get(name)
        if found is None:
            uri, _, local = name.rpartition(" ")
            prefix = self._prefix(uri)
            found = self._tags[name] = f"{prefix}:{local}" if prefix else local
        return found

    def qualified_name(self, text: str) -> str:
        """``<namespace> <local name>`` of a name at this place. Errors: ``ValueError`` for a stray prefix."""
        found = self._resolved.get(text)
        if found is None:
            found = self._resolved[text] = resolve(text, self.bindings)
        return found

    def declares(self, uri: str) -> bool:
        """Whether the document has a prefix for a namespace."""
        return uri in self._prefixes

    def _prefix(self, uri: str) -> str:
        return _usual(uri) or self._prefixes.get(uri, "")

    def _declare(self, prefix: str | None, uri: str) -> None:
        self._outer.append(self.bindings)
        self.bindings = {**self.bindings, prefix: uri or ""}
        self._resolved.clear()
        if len(self.bindings) > MOST_PREFIXES:
            raise self.refuse_with("bad-namespace", f"more than {MOST_PREFIXES} prefixes", self.place())
        if prefix:
            self._prefixes.setdefault(uri, prefix)
            if prefix in _RESERVED and _usual(uri) != prefix:
                told = f"the prefix `{prefix}` stands for `{uri[:80]}`, which is not that taxonomy"
                self.flaw("bad-namespace", told, self.place())

    def _undeclare(self, prefix: str | None) -> None:
        self.bindings = self._outer.pop()
        self._resolved.clear()

    # elements ------------------------------------------------------------------------------------

    def _start(self, name: str, listed: list[str]) -> None:
        self.depth = depth = self.depth + 1
        if depth > DEEPEST:
            raise self._too_deep()
        opened = self.opens.get(name, self.otherwise)
        if opened is not None:
            opened(name, dict(zip(listed[::2], listed[1::2], strict=True)))

    def _end(self, name: str) -> None:
        self.depth -= 1
        closed = self.closes.get(name)
        if closed is not None:
            closed()

    def grow(self, name: str, attributes: Attributes, grown: Callable[[XmlElement], None]) -> None:
        """Take in everything up to the end of this element and hand it to ``grown``."""
        if self.parser.CharacterDataHandler is not None:
            raise self.refuse_with("not-read", f"`{self.tag(name)}` inside a fact", self.place())
        self._open = []
        self._grown = grown
        self.parser.StartElementHandler = self._branch
        self.parser.EndElementHandler = self._branched
        self.depth -= 1  # counted once more by the branch
        self._branch(name, [word for pair in attributes.items() for word in pair])

    def _branch(self, name: str, listed: list[str]) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise self._too_deep()
        attributes = dict(zip(listed[::2], listed[1::2], strict=True))
        if self._open:
            outer = self._open[-1]
            element = XmlElement(name, attributes, outer.place, self.bindings)
            outer.children.append(element)
        else:
            element = XmlElement(name, attributes, self.place(), self.bindings)
        self._open.append(element)
        self.parser.CharacterDataHandler = element.parts.append

    def _branched(self, name: str) -> None:
        self.depth -= 1
        element = self._open.pop()
        if self._open:
            self.parser.CharacterDataHandler = self._open[-1].parts.append
            return
        self.parser.CharacterDataHandler = None
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        if self._grown is not None:
            self._grown(element)

    # what is refused -----------------------------------------------------------------------------

    def _too_deep(self) -> InvalidInput:
        return self.refuse_with("too-deep", f"more than {DEEPEST} elements inside one another", self.place())

    def _doctype(self, name: str, system: str | None, public: str | None, has_declarations: int) -> None:
        self._has_doctype = True
        if has_declarations:
            raise self.refuse_with(
                "document-type",
                "a document type with declarations of its own, which could change what the document says",
                self.place(),
                "filings have none; fetch the document again as it was filed",
            )

    def _skipped(self, name: str, is_parameter: bool) -> None:
        """An entity that the document does not declare: HTML's own are known, with a document type or not.

        Others may stand in an outer document type, which is not fetched.
        """
        from html.entities import name2codepoint

        is_known = name in name2codepoint and not is_parameter
        if not is_known and not self._has_doctype:
            raise self._broken(_WORDS[11], self.place())
        if not is_known:
            told = f"`&{name[:80]};` is declared in another file, and no other file is fetched"
            raise self.refuse_with("document-type", told, self.place())
        append = self.parser.CharacterDataHandler
        if append is not None:
            append(chr(name2codepoint[name]))
