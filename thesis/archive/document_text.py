"""The text of a document: one form of it, whatever the document is, with offsets that stay.

Markup is off, characters are in their compatible form (NFKC), soft hyphens and characters without width are
gone, and white space is one character: a line feed where a paragraph, a row of a table or a line of a plain
text ends, and else a space. So an offset means the same whether line ends count or not. What a page does not
show is not in its text: the header of an inline report, scripts, and what is styled not to be displayed.
"""

from __future__ import annotations

import html
import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import cached_property

from thesis.archive.page_parser import markup_pieces
from thesis.core.problem import FileProblems

MOST_BYTES = 60_000_000  # of one document; the largest annual reports have thirty million
HEAD = 100_000  # characters in which a page shows that it is one
MOST_CONTROLS = 0.001  # of the characters of a text

_PACKED = {
    b"PK\x03\x04": "a zip archive or an office file",
    b"\x1f\x8b": "a gzip archive",
    b"%PDF": "a PDF",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
}
_HINT = "save it as a page (.htm) or as text, and add that"
_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_.:-]{1,40})""", re.IGNORECASE)
_ENCODINGS = re.compile(
    r"(?:windows-|cp)125\d|iso-8859-\d{1,2}|koi8-[ru]|big5|gbk|gb2312|gb18030|shift_jis|euc-(?:jp|kr)"
)
_BOM = "\ufeff"
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f]")
_DOCUMENT = re.compile(r"^<DOCUMENT>", re.MULTILINE)
_PAGE_MARKS = ("<html", "<body", "<div", "<p>", "<p ", "<td", "<font", "<span")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_SPACE = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")
_CELLS = frozenset({"td", "th"})
_CELL_ENDS = frozenset({"/td", "/th", "tr", "/tr", "table", "/table"})
_BLOCKS = frozenset({
    "address", "article", "blockquote", "body", "br", "caption", "center", "dd", "div", "dl", "document",
    "dt", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav",
    "ol", "option", "p", "page", "pre", "section", "table", "tbody", "tfoot", "thead", "tr", "ul",
})  # fmt: skip
_VOID = frozenset({"br", "hr", "img", "input", "meta", "link", "col", "wbr", "area", "base"})
_ENDS = frozenset({"/body", "/html"})
_ROWS_ENDS = _ENDS | {"/table", "/thead", "/tbody", "/tfoot", "tbody", "tfoot"}
_CELL_STOPS = _ROWS_ENDS | {"td", "th", "tr", "/tr"}
_DEFINITION_STOPS = _ENDS | {"dd", "dt", "/dl"}
_IMPLIED: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "p": (
        frozenset(f"{end}{name}" for name in (_BLOCKS | _CELLS) - {"br", "option"} for end in ("", "/"))
        | _ENDS,
        frozenset(),
    ),
    "li": (_ENDS | {"li", "/ul", "/ol", "/menu"}, frozenset({"ul", "ol", "menu"})),
    "tr": (_ROWS_ENDS | {"tr"}, frozenset({"table"})),
    "td": (_CELL_STOPS, frozenset({"table"})),
    "th": (_CELL_STOPS, frozenset({"table"})),
    "dd": (_DEFINITION_STOPS, frozenset({"dl"})),
    "dt": (_DEFINITION_STOPS, frozenset({"dl"})),
    "option": (_ENDS | {"option", "optgroup", "/optgroup", "/select", "/datalist"}, frozenset()),
}
"""The elements that HTML lets end without a tag: which tags end each, and which elements within it may hold
others of its kind."""
_NOT_SHOWN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_NEW_PAGE = re.compile(r"(?:page-)?break-(?:before|after)\s*:\s*(?:always|page)", re.IGNORECASE)
_SGML_PAGE = re.compile(r"^[ \t]*<PAGE>[ \t0-9]*$", re.MULTILINE)
_LINE_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,300}>")
_LINK = re.compile(r"!?\[([^\[\]]{0,300})\]\([^()\s]{0,500}\)")
_EMPHASIS = re.compile(r"\*\*|__|\\(?=[_*|$#\[\]-])")
_PIPE = re.compile(r"(?<!\\)\|")
_MARK = re.compile(r"(?:#{1,6}\s|>\s?)+")
_OWN_LINE = re.compile(r"#|\||[-*+\u2022]\s|[0-9]{1,3}[.)]\s")
_BULLET = re.compile(r"\A[-*+]\s+(?=[^\W\d])")
_RULE = frozenset(" \t|:=-_")


class DocumentText:
    """The text of a document, and where its paragraphs and pages begin.

    ``starts`` are the offsets of its paragraphs, and ``pages`` those of the pages after the first; none,
    where the document does not tell.
    """

    def __init__(self, text: str, starts: tuple[int, ...], pages: tuple[int, ...]) -> None:
        self.text = text
        self.starts = starts
        self.pages = pages

    @cached_property
    def plain(self) -> str:
        """The text with plain quotation marks and dashes, of the same length: what is searched."""
        return self.text.translate(PLAIN)

    @cached_property
    def _ends(self) -> list[int]:
        return [i for i, c in enumerate(self.text) if c == "\n"]

    def line(self, offset: int) -> int:
        """The line of the text that an offset lies on, from 1."""
        return bisect_left(self._ends, offset) + 1

    def page(self, offset: int) -> int:
        """The page that an offset lies on, from 1; 0 where the document has no breaks between pages."""
        return bisect_right(self.pages, offset) + 1 if self.pages else 0

    def paragraphs(self) -> Iterator[tuple[int, str]]:
        """Each paragraph with its offset."""
        ends = (*self.starts[1:], len(self.text) + 1)
        for start, end in zip(self.starts, ends, strict=True):
            yield start, self.text[start : end - 1]


PLAIN = str.maketrans(
    "\u2018\u2019\u201a\u201b\u2032\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb\u2010\u2011\u2012\u2013\u2014\u2015\u2212",
    '\'\'\'\'\'"""""""-------',
)
"""Quotation marks and dashes, each to the plain one that people type."""


def fold_text(text: str) -> str:
    r"""A text as documents have theirs: compatible characters, nothing without width, single spaces.

    >>> fold_text("net\u00a0sales  of\nthe seg\u00adment: \uff15")
    'net sales of the segment: 5'
    """
    return _SPACE.sub(" ", _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))).strip()


def text_of(data: bytes, shown: str) -> DocumentText:
    """The text of a document: a page, inline XBRL too, Markdown or plain text.

    ``shown`` is what messages call it. Errors: ``InvalidInput`` where it is no text, empty or too large.
    """
    flaws = FileProblems(shown)
    text = _decoded(data, flaws)
    if len(_DOCUMENT.findall(text[:2_000_000])) > 1:
        told = "a whole submission, many documents in one text"
        raise flaws.refuse_with("not-a-document", told, hint="take the documents themselves")
    found = _page_text(text, flaws) if _is_page(text) else _plain_text(text)
    if not found.text:
        raise flaws.refuse_with("empty-file", "there is no text in it")
    return found


def is_text(data: bytes) -> bool:
    """Whether a file begins as a document with a text: not as data (JSON, XBRL), nor as something packed."""
    head = data[:HEAD].lstrip(b"\xef\xbb\xbf \t\r\n")
    is_data = head[:1] in (b"{", b"[") or (
        head.startswith((b"<?xml", b"<xbrl", b"<xbrli:"))
        and not re.search(rb"<(?:\w+:)?html", head, re.IGNORECASE)
    )
    return bool(head) and not is_data and not _packed(head)


def _packed(head: bytes) -> str:
    return next((what for mark, what in _PACKED.items() if head.startswith(mark)), "")


def _decoded(data: bytes, flaws: FileProblems) -> str:
    """The characters of a document. Errors: ``InvalidInput`` where it is no text."""
    if len(data) > MOST_BYTES:
        raise flaws.refuse_with("too-large", f"larger than {MOST_BYTES // 1_000_000} MB")
    what = _packed(data)
    if what:
        raise flaws.refuse_with("not-a-document", f"{what}, which has no text to be read here", hint=_HINT)
    text = _characters(data)
    if text is None or len(_CONTROLS.findall(text)) > MOST_CONTROLS * len(text):
        raise flaws.refuse_with("not-a-document", "this is no text", hint=_HINT)
    if not text.strip():
        raise flaws.refuse_with("empty-file", "nothing in it")
    return text.removeprefix(_BOM).replace("\r\n", "\n").replace("\r", "\n")


def _characters(data: bytes) -> str | None:
    """The characters in UTF-8, in UTF-16 with its mark, or in the Western encoding of older pages."""
    declared = _DECLARED.search(data[:2_000])
    name = declared[1].decode("ascii").lower() if declared else ""
    others = (name, "cp1252") if _ENCODINGS.fullmatch(name) else ("cp1252",)
    for encoding in ("utf-16",) if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8", *others):
        try:
            return data.decode(encoding)
        except (UnicodeDecodeError, LookupError):  # also for an encoding that does not exist
            continue
    return None


def _is_page(text: str) -> bool:
    head = text[:HEAD].lower()
    begins = head.lstrip().startswith("<")
    return "<html" in head or ":html" in head or (begins and any(mark in head for mark in _PAGE_MARKS))


class _Writer:
    """Writes a text paragraph by paragraph."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.starts: list[int] = []
        self.pages: list[int] = []
        self._length = 0

    def put(self, text: str) -> None:
        """A paragraph, of which the lines are folded already; nothing where it is blank."""
        if text:
            self.starts.append(self._length)
            self.parts.append(text)
            self._length += len(text) + 1

    def turn(self) -> None:
        """Begin a page; one without a text is no page."""
        if self._length > (self.pages[-1] if self.pages else 0):
            self.pages.append(self._length)

    def written(self) -> DocumentText:
        pages = tuple(page for page in self.pages if page < self._length)
        return DocumentText("\n".join(self.parts), tuple(self.starts), pages)


# pages -------------------------------------------------------------------------------------------


def _page_text(text: str, flaws: FileProblems) -> DocumentText:
    """The text of a page. Errors: ``InvalidInput`` where it hides what follows, and does not say how far."""
    page = _Page()
    for _, name, body in markup_pieces(text):
        if page.hides(name, body):
            continue
        if name:
            page.tag(name, body)
        else:
            page.words(body)
    if page.unseen:
        told = (
            f"it ends within an element `{page.unseen}` that is not displayed, so what it shows is not known"
        )
        raise flaws.refuse_with("not-a-document", told, hint=_HINT)
    page.end()
    return page.out.written()


class _Page:
    """A page being read: the paragraph that is open, and what is open around it."""

    def __init__(self) -> None:
        self.out = _Writer()
        self._held: list[str] = []
        self._in_cell = self._in_pre = False
        self.unseen = ""  # the element that is open and not displayed
        self._depth = 0  # how often it is open
        self._inner = 0  # the elements open within it that may hold others of its kind

    def hides(self, name: str, body: str) -> bool:
        """Whether a piece is not displayed: within an element that is not, or its beginning."""
        if self.unseen and not self._is_ended_by(name):
            is_again = name == self.unseen and not body.endswith("/")
            self._depth += 0 if self._inner else is_again - (name == f"/{self.unseen}")
            self.unseen = self.unseen if self._depth else ""
            return True
        if not name or name in _VOID or name.startswith("/") or body.endswith("/"):
            return False
        if name == "ix:header" or ("none" in body and _NOT_SHOWN.search(body)):
            self.tag(name, body)
            self.unseen, self._depth, self._inner = name, 1, 0
            return True
        return False

    def _is_ended_by(self, name: str) -> bool:
        """Whether a tag ends the element that is not displayed, where that needs no end tag of its own."""
        ends, holders = _IMPLIED.get(self.unseen, (frozenset(), frozenset()))
        if name != f"/{self.unseen}" and not self._inner and name in ends:
            self.unseen = ""
            return True
        self._inner += (name in holders) - (name.lstrip("/") in holders and name.startswith("/"))
        return False

    def words(self, text: str) -> None:
        """A text, which in preformatted text has lines of its own."""
        for i, piece in enumerate(text.split("\n") if self._in_pre else [text]):
            if i:
                self.end()
            self._held.append(html.unescape(piece))

    def tag(self, name: str, body: str) -> None:
        """What a tag does to the paragraph: a cell is a space in its row, and other blocks end it."""
        is_turn = name == "page" or bool("break" in body and _NEW_PAGE.search(body))
        is_block = name.lstrip("/") in _BLOCKS
        self._in_pre = (self._in_pre or name == "pre") and name != "/pre"
        self._in_cell = name in _CELLS or (self._in_cell and name not in _CELL_ENDS)
        if name in _CELLS or (self._in_cell and is_block):
            self._held.append(" ")
        elif is_block or is_turn:
            self.end()
        if is_turn:
            self.out.turn()

    def end(self) -> None:
        """End the paragraph."""
        self.out.put(fold_text("".join(self._held)))
        self._held.clear()


# Markdown and plain text -------------------------------------------------------------------------


def _plain_text(text: str) -> DocumentText:
    out = _Writer()
    held: list[str] = []
    for i, page in enumerate(_SGML_PAGE.sub("\f", _without_comments(text)).split("\f")):
        if i:
            out.turn()
        for raw in page.split("\n"):
            line = _line(raw)
            if held and (not line or _OWN_LINE.match(raw.lstrip())):
                out.put("\n".join(held))
                held = []
            held += [line] if line else []
        out.put("\n".join(held))
        held = []
    return out.written()


def _without_comments(text: str) -> str:
    """A text without comments; one that is never closed is text."""
    parts, at = [], 0
    while (opened := text.find("<!--", at)) >= 0 and (closed := text.find("-->", opened)) >= 0:
        parts.append(text[at:opened])
        at = closed + 3
    return "".join((*parts, text[at:]))


def _line(raw: str) -> str:
    """A line without the marks of Markdown and the tags that stand in it."""
    line = raw.strip()
    if _RULE.issuperset(line):
        return ""
    if "<" in line:
        line = _LINE_TAG.sub(" " if "<br" in line.lower() else "", line)
    if "](" in line:
        line = _LINK.sub(r"\1", line)
    marked = _MARK.match(line)
    line = line[marked.end() :] if marked else line
    if line.startswith("|"):
        line = _PIPE.sub(" ", line)
    return fold_text(html.unescape(_EMPHASIS.sub("", _BULLET.sub("", line))))
