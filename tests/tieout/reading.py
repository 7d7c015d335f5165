"""Reading: a rendered memo taken apart again, the same way whether it was HTML or Markdown.

Markdown goes through GitHub's parser first. What comes out: tables as rows of cells, each with the numbers of
its notes; everything else that is printed, in order; and the notes, each with its text and its table.
"""

from __future__ import annotations

from html.parser import HTMLParser
from typing import NamedTuple

import pytest

BLOCKS = frozenset(["p", "li", "h1", "h2", "h3", "caption", "summary"])
SKIPPED = frozenset(["script", "style", "nav", "svg", "figure", "fieldset", "title", "footer"])

VOID = frozenset(["meta", "input", "path", "rect", "img"])
OURS = frozenset(["sticky", "back", "skip", "mark", "footnote-backref"])  # classes of what leads about


class Cell(NamedTuple):
    """A cell's text and the notes that it points to."""

    text: str
    notes: tuple[str, ...] = ()


class Table(NamedTuple):
    """Its columns by name, and each row's cells; a cell over several rows stands in each of them."""

    columns: list[str]
    rows: list[list[Cell]]


class Note(NamedTuple):
    """What a note says, and its table of inputs where it has one."""

    text: str
    tables: list[Table]


class Read(NamedTuple):
    """A memo as it can be read."""

    tables: list[Table]
    told: list[Cell]
    notes: dict[str, Note]
    captions: list[str]
    sparks: list[str]
    glance: str
    footer: str

    def table(self, *columns: str) -> list[Table]:
        """The tables whose columns these are among."""
        return [table for table in self.tables if set(columns) <= set(table.columns)]


def read_markdown(text: str) -> Read:
    cmarkgfm = pytest.importorskip("cmarkgfm", reason="cmarkgfm is not installed")
    options = cmarkgfm.cmark.Options.CMARK_OPT_FOOTNOTES
    return read_html(cmarkgfm.markdown_to_html_with_extensions(text, options=options, extensions=["table"]))


def read_html(page: str) -> Read:
    reader = _Reader()
    reader.feed(page)
    notes = {
        number: Note(" ".join(cell.text for cell in told), reader.note_tables.get(number, []))
        for number, told in reader.note_told.items()
    }
    return Read(
        reader.tables, reader.told, notes, reader.captions, reader.sparks, reader.glance, reader.footer
    )


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tables: list[Table] = []
        self.told: list[Cell] = []
        self.note_told: dict[str, list[Cell]] = {}
        self.note_tables: dict[str, list[Table]] = {}
        self.captions: list[str] = []
        self.sparks: list[str] = []
        self.glance = self.footer = ""
        self._note = ""  # the number of the note that we are in
        self._skipping: list[str] = []
        self._aside = ""  # at a glance, or at the foot
        self._text: list[str] = []
        self._marks: list[str] = []
        self._in_mark = False
        self._table = Table([], [])
        self._row: list[tuple[int, int, Cell]] = []
        self._carried: dict[int, tuple[int, Cell]] = {}
        self._spans = (1, 1)
        self._summary = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: text or "" for name, text in attrs}
        if given.get("role") == "img" and "title" in given:
            assert given["title"] == given["aria-label"]
            self.sparks.append(given["title"])
        if self._skipping or tag in SKIPPED or given.get("class") in OURS:
            self._aside = self._aside or {"footer": "footer"}.get(tag, "")
            self._aside = self._aside or {"sticky": "glance"}.get(given.get("class", ""), "")
            self._skipping += [tag] if tag not in VOID else []
        elif tag in ("table", "dl"):
            self._flush()
            self._table = Table([], [[]] if tag == "dl" else [])
        elif tag in ("td", "th", "dt", "dd"):
            self._flush()
            self._spans = int(given.get("rowspan", 1)), int(given.get("colspan", 1))
        elif tag in BLOCKS:
            self._flush()
        elif tag == "sup":
            self._in_mark = True
        self._begin_note(given.get("id", ""))

    def handle_endtag(self, tag: str) -> None:
        if self._skipping:
            if tag == self._skipping[-1]:
                self._skipping.pop()
            self._aside = self._aside if self._skipping else ""
        elif tag == "sup":
            self._in_mark = False
        elif tag in ("td", "th", "dt", "dd", "caption", "summary"):
            self._close_part(tag, self._taken())
        elif tag == "tr":
            self._close_row()
        elif tag in ("table", "dl"):
            (self.note_tables.setdefault(self._note, []) if self._note else self.tables).append(self._table)
        elif tag in BLOCKS:
            self._flush()
        elif tag in ("details", "ol"):
            self._note = ""

    def handle_data(self, data: str) -> None:
        if self._aside:
            setattr(self, self._aside, f"{getattr(self, self._aside)} {data.strip()}".strip())
        elif self._in_mark and not self._skipping:
            self._marks += [data.strip()] if data.strip() else []
        elif not self._skipping:
            self._text.append(data)

    def _begin_note(self, name: str) -> None:
        """A note begins with an element of its name: ``n4`` on a page, ``fn-4`` as GitHub has it."""
        number = name.removeprefix("fn-").removeprefix("n")
        if number.isdigit() and name != number:
            self._note = number
            self.note_told[number] = [Cell(self._summary)]

    def _close_part(self, tag: str, cell: Cell) -> None:
        if tag in ("td", "th"):
            self._row.append((*self._spans, cell))
        elif tag == "dt":
            self._table.columns.append(cell.text)
        elif tag == "dd":
            self._table.rows[0].append(cell)
        elif tag == "summary":
            self._summary = cell.text
        elif not self._note:
            self.captions.append(cell.text)

    def _close_row(self) -> None:
        """A row with the cells of those above that reach into it, and wide cells once for each column."""
        cells: list[Cell] = []
        while self._row or len(cells) in self._carried:
            at = len(cells)
            if at in self._carried:
                left, cell = self._carried.pop(at)
                across = 1
            else:
                left, across, cell = self._row.pop(0)
            if left > 1:
                self._carried[at] = (left - 1, cell)
            cells += [cell] * across
        if self._table.columns:
            self._table.rows.append(cells)
        else:
            self._table.columns.extend(cell.text for cell in cells)

    def _taken(self) -> Cell:
        found = Cell(" ".join("".join(self._text).split()), tuple(self._marks))
        self._text, self._marks = [], []
        return found

    def _flush(self) -> None:
        """Keep what stands between the tags of a block."""
        found = self._taken()
        if found.text:
            (self.note_told.setdefault(self._note, []) if self._note else self.told).append(found)
