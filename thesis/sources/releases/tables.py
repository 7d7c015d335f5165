"""Tables as lines of cells, with the text that stands above each, out of Markdown and HTML.

A cell keeps the columns that it spans, so that a head over three narrow columns is known to be over all of
them. Nothing here knows what a table means.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from thesis.core.problem import SourceSpan
from thesis.sources.file_problems import FileProblems

MOST_CELLS = 300_000  # of one file; a release has some five thousand
MOST_COLUMNS = 200
MOST_ROWS_SPANNED = 100
MOST_ABOVE = 2_000  # characters kept of the text above a table
ROWS_ABOVE = 5  # of a table around another that may say what the inner one counts in
DEEPEST = 50  # tables inside one another

_RULE = frozenset(" \t|:=-")
_EMPHASIS = re.compile(r"\*\*|__|<[^<>]{0,80}>|\\(?=[_*|$#])")
_TAG = re.compile(r"(/?)([a-zA-Z][a-zA-Z0-9]*)")
_COLSPAN = re.compile(r"""\bcolspan\s*=\s*["']?\s*([0-9]{1,4})""", re.IGNORECASE)
_ROWSPAN = re.compile(r"""\browspan\s*=\s*["']?\s*([0-9]{1,4})""", re.IGNORECASE)
_HIDDEN = re.compile(r"(?:script|style|title)$", re.IGNORECASE)
_OF_TABLES = frozenset({"table", "tr", "td", "th", "/table", "/tr", "/td", "/th"})
_BREAKS = frozenset({"br", "p", "div"})
_TO_NEXT = {"$", "(", "$(", "($"}  # cells that belong to the figure after them,
_TO_LAST = {")", "%", ")%", "%)"}  # and to the one before


class TableCell(NamedTuple):
    """A text in the columns from ``start`` to before ``end``."""

    text: str
    start: int
    end: int


class TableRow(NamedTuple):
    """The cells of a line of a table that are not blank, and the line of the file it begins on."""

    line: int
    cells: tuple[TableCell, ...]


class SourceTable(NamedTuple):
    """A table and the text above it, back to the table before."""

    above: str
    rows: list[TableRow]
    has_spans: bool  # whether a head over several columns says so


# Markdown --------------------------------------------------------------------------------------


def markdown_tables(text: str, flaws: FileProblems) -> Iterator[SourceTable]:
    """The tables of pipes. Errors: ``InvalidInput`` where there is more than a release can hold."""
    rows: list[TableRow] = []
    above: list[str] = []
    cells = 0
    for number, line in enumerate(text.split("\n"), 1):
        body = line.strip()
        if body.startswith("|"):
            row = _pipes(number, body)
            cells += len(row.cells)
            _bound(cells, row, flaws)
            rows += [row] if row.cells and not _RULE.issuperset(body) else []
            continue
        if rows:
            yield SourceTable(_tail(above), rows, has_spans=False)
            rows, above = [], []
        above += [_plain(body)] if body else []
    if rows:
        yield SourceTable(_tail(above), rows, has_spans=False)


def _pipes(number: int, body: str) -> TableRow:
    parts = [_plain(part) for part in re.split(r"(?<!\\)\|", body.strip("|"))[: MOST_COLUMNS + 1]]
    return TableRow(number, tuple(TableCell(part, i, i + 1) for i, part in enumerate(parts) if part))


def _plain(text: str) -> str:
    return _clean(_EMPHASIS.sub("", text))


def _clean(text: str) -> str:
    """A text on one line, without what a terminal would act on."""
    body = " ".join(html.unescape(text).split())
    return body if body.isprintable() else "".join(c for c in body if c.isprintable())


def _tail(parts: Sequence[str]) -> str:
    return " ".join(parts)[-MOST_ABOVE:]


# HTML ------------------------------------------------------------------------------------------


def html_tables(text: str, flaws: FileProblems) -> Iterator[SourceTable]:
    """The tables of a page, those inside others on their own, before what is around them.

    Tags need not be closed. Errors: ``InvalidInput`` where there is more than a release can hold.
    """
    page = _Page(flaws)
    for number, kind, body in _pieces(text):
        if kind in _OF_TABLES:
            yield from page.take(number, kind, body)
        elif kind == "text":
            page.put(body)
        elif kind.lstrip("/") in _BREAKS:
            page.put(" ")
    while page.tables:
        yield from page.take(0, "/table", "")


class _Page:
    """A page being read: the tables that are open, one inside the other, and the text since the last."""

    def __init__(self, flaws: FileProblems) -> None:
        self.flaws = flaws
        self.tables: list[_Open] = []
        self._above: list[str] = []
        self._cells = 0

    def put(self, text: str) -> None:
        """Text of a cell, or above the next table."""
        if self.tables:
            self.tables[-1].parts.append(text)
            return
        self._above.append(text)
        if len(self._above) > 2 * MOST_ABOVE:
            self._above = self._above[-MOST_ABOVE:]

    def take(self, number: int, kind: str, body: str) -> Iterator[SourceTable]:
        """A tag of a table; the table that it ends, if it ends one."""
        if kind == "table":
            if len(self.tables) >= DEEPEST:
                told = f"more than {DEEPEST} tables inside one another"
                raise self.flaws.refuse_with("too-deep", told, SourceSpan(self.flaws.shown, number, 1))
            above = self.tables[-1].said() if self.tables else self._above
            self.tables.append(_Open(" ".join(" ".join(above).split())[-MOST_ABOVE:]))
            self._above = []
        elif self.tables:
            here = self.tables[-1]
            row = here.take(number, kind, body)
            self._cells += len(row.cells) if row else 0
            _bound(self._cells, row, self.flaws)
            if kind == "/table":
                self.tables.pop()
                yield SourceTable(here.above, here.rows, has_spans=True)


class _Open:
    """A table being read."""

    def __init__(self, above: str) -> None:
        self.above = above
        self.rows: list[TableRow] = []
        self.parts: list[str] = []
        self._line = 0
        self._cells: list[TableCell] = []
        self._at = 0
        self._span = 0  # of the cell that is open; none is at 0
        self._down = 1  # rows that it reaches
        self._count = 0  # rows so far, blank ones too
        self._held: dict[int, int] = {}  # columns that a cell above reaches into, and up to which row

    def said(self) -> list[str]:
        """The text above a table that begins inside this one."""
        last = [cell.text for row in self.rows[-ROWS_ABOVE:] for cell in row.cells]
        return [self.above, *last, *(cell.text for cell in self._cells), *self.parts]

    def take(self, number: int, kind: str, body: str) -> TableRow | None:
        """A tag of the table; the row that it ends, if it ends one."""
        self._close_cell()
        if kind in ("td", "th"):
            wide, high = _COLSPAN.search(body), _ROWSPAN.search(body)
            self._span = min(max(int(wide[1]), 1), MOST_COLUMNS) if wide else 1
            self._down = min(max(int(high[1]), 1), MOST_ROWS_SPANNED) if high else 1
            self._line = self._line or number
            return None
        if kind in ("/td", "/th"):
            return None
        row = TableRow(self._line, _glued(self._cells)) if self._cells else None
        self.rows += [row] if row else []
        self._count += bool(self._at)
        self._cells, self._at, self._line = [], 0, number
        return row

    def _close_cell(self) -> None:
        body = _clean("".join(self.parts))
        self.parts = []
        if not self._span:
            return
        while self._held.get(self._at, 0) > self._count:
            self._at += 1
        if self._down > 1:
            until = self._count + self._down
            self._held |= dict.fromkeys(range(self._at, min(self._at + self._span, MOST_COLUMNS)), until)
        if body and self._at < MOST_COLUMNS:
            self._cells.append(TableCell(body, self._at, self._at + self._span))
        self._at += self._span
        self._span = 0


def _glued(cells: Sequence[TableCell]) -> tuple[TableCell, ...]:
    """A line with currency and percent signs and brackets put to the figures they belong to."""
    glued: list[TableCell] = []
    for cell in cells:
        last = glued[-1] if glued else None
        if last and (cell.text in _TO_LAST or last.text in _TO_NEXT):
            glued[-1] = TableCell(last.text + cell.text, last.start, cell.end)
        else:
            glued.append(cell)
    return tuple(glued)


def _pieces(text: str) -> Iterator[tuple[int, str, str]]:
    """Texts and tags in order: the line, ``text`` or the tag's name, and what it holds.

    One pass forward: what is never closed ends the page.
    """
    at, line, counted = 0, 1, 0
    while at < len(text):
        opened = text.find("<", at)
        end = opened if opened >= 0 else len(text)
        if end > at:
            yield line, "text", text[at:end]
        if opened < 0:
            return
        line += text.count("\n", counted, opened)
        counted = opened
        is_comment = text.startswith("<!--", opened)
        closed = text.find("-->", opened) + 2 if is_comment else text.find(">", opened)
        if closed < opened:
            return
        tag = None if is_comment else _TAG.match(text, opened + 1)
        at = closed + 1
        if tag is None:
            continue
        name = tag[2].lower()
        if _HIDDEN.match(name) and not tag[1]:
            ended = re.compile(f"</{name}", re.IGNORECASE).search(text, at)
            at = ended.start() if ended else len(text)
            continue
        yield line, tag[1] + name, text[tag.end() : closed]


def _bound(cells: int, row: TableRow | None, flaws: FileProblems) -> None:
    if row and cells > MOST_CELLS:
        told = f"more than {MOST_CELLS:,} cells in tables"
        raise flaws.refuse_with("too-large", told, SourceSpan(flaws.shown, max(row.line, 1), 1))
