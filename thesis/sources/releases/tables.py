"""Tables in Markdown and HTML files, and tables that a copy ran together into one line, as rows of cells.

Each table carries the text above it. A cell keeps the columns that it spans, so that a heading over three
narrow columns is known to be over all of them. What the cells mean is for ``release_figures`` to say.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from thesis.archive.page_parser import markup_pieces
from thesis.core.problem import FileProblems, SourceSpan

MOST_CELLS = 300_000  # of one file; a release has some five thousand
MOST_COLUMNS = 200
MOST_ROWS_SPANNED = 100
MOST_ABOVE = 2_000  # characters kept of the text above a table
ROWS_ABOVE = 5  # of a table around another that may say what the inner one counts in
DEEPEST = 50  # tables inside one another
MOST_HEADS = 8  # lines of headings; what a table has before its first figure beyond that is not read

_RULE = frozenset(" \t|:=-")
_EMPHASIS = re.compile(r"\*\*|__|<[^<>]{0,80}>|\\(?=[_*|$#])")
_COLSPAN = re.compile(r"""\bcolspan\s*=\s*["']?\s*([0-9]{1,4})""", re.IGNORECASE)
_ROWSPAN = re.compile(r"""\browspan\s*=\s*["']?\s*([0-9]{1,4})""", re.IGNORECASE)
_OF_TABLES = frozenset({"table", "tr", "td", "th", "/table", "/tr", "/td", "/th"})
_BREAKS = frozenset({"br", "p", "div"})
_SIGNS = ("$", "US$", "€", "£", "¥")
_TO_NEXT = {
    "(",
    *_SIGNS,
    *(f"{sign}(" for sign in _SIGNS),
    *(f"({sign}" for sign in _SIGNS),
}  # cells that belong to the figure after them,
_TO_LAST = {")", "%", ")%", "%)"}  # and to the one before


class TableCell(NamedTuple):
    """A text, and the columns that it spans: from ``start`` up to, but not including, ``end``."""

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
    has_spans: bool  # whether the format states how many columns a cell spans


# Markdown --------------------------------------------------------------------------------------


def markdown_tables(text: str, flaws: FileProblems) -> Iterator[SourceTable]:
    """The tables drawn with pipes. Errors: ``InvalidInput`` for more cells than a release can hold."""
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
    for number, kind, body in markup_pieces(text):
        if kind in _OF_TABLES:
            yield from page.take(number, kind, body)
        elif not kind:
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
            above = self.tables[-1].text_above() if self.tables else self._above
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

    def text_above(self) -> list[str]:
        """The text above a table that begins inside this one, in parts."""
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


def _bound(cells: int, row: TableRow | None, flaws: FileProblems) -> None:
    if row and cells > MOST_CELLS:
        told = f"more than {MOST_CELLS:,} cells in tables"
        raise flaws.refuse_with("too-large", told, SourceSpan(flaws.shown, max(row.line, 1), 1))


# Tables run together into one line -------------------------------------------------------------
#
# As in ``Q1 2025Q2 2025Net sales$1,204$1,310``. Only what can be cut in one way is read: a figure must show
# where it ends, by its comma groups, cents, a percent sign, a bracket, or a next character that is no digit.
# Figures that could be cut in two ways become part of the label after them, which then matches no line item.

LONGEST_RUN_ON = 100_000  # characters of one line

_HEAD = r"Q[1-4] 20[0-9]{2}"
_HEADS = re.compile(rf"(?:{_HEAD}){{2,12}}(?!FY)")  # years beside quarters would be columns of their own
_CHANGE = re.compile(r"(?:Y/Y ?)?%? ?Change")
_NUMBER = r"[0-9]{1,3}(?:(?:,[0-9]{3})+|\.[0-9]{2}(?!%)|(?![0-9.,%]))"
_VALUE = (
    r"(?:N/A|[—–](?: ?%)?"  # noqa: RUF001 - a dash for nothing
    r"|\([0-9]{1,4}(?:\.[0-9])?\) ?%|[0-9]{1,4}(?:\.[0-9])? ?%"
    rf"|\$?\({_NUMBER}\)(?! ?%)|\$?{_NUMBER})"
)
_SEAM = re.compile(r"(?<=[a-z:)])(?=[A-Z])")  # where a heading ends and a label begins
_CUT_SHORT = tuple("0123456789$(,.%")  # a label that ends so has taken a part of a figure
_CAPTION_LINES = 6


def split_run_on_table(text: str, flaws: FileProblems) -> Iterator[SourceTable]:
    """The tables in lines that begin with quarters run together, such as ``Q1 2025Q2 2025``.

    Errors: ``InvalidInput`` for a line longer than ``LONGEST_RUN_ON``.
    """
    above: list[str] = []
    for number, line in enumerate(text.split("\n"), 1):
        heads = _HEADS.match(line)
        if heads is None:
            above = [*above, line.strip()[:200]][-_CAPTION_LINES:]
            continue
        if len(line) > LONGEST_RUN_ON:
            told = f"a table in one line of more than {LONGEST_RUN_ON:,} characters"
            raise flaws.refuse_with("too-large", told, SourceSpan(flaws.shown, number, 1))
        yield SourceTable(" ".join(above), list(_rows(line, heads.group(), number)), has_spans=True)
        above = []


def _rows(line: str, heads: str, number: int) -> Iterator[TableRow]:
    quarters = re.findall(_HEAD, heads)
    yield TableRow(number, tuple(TableCell(quarter, i, i + 1) for i, quarter in enumerate(quarters, 1)))
    body = line[len(heads) :]
    change = _CHANGE.match(body)
    body = body[change.end() :] if change else body
    wanted = len(quarters) + bool(change)
    values = re.compile(rf"(?:{_VALUE}){{{wanted}}}(?!N/A)(?=[A-Z]|$)")
    start = 0
    for found in values.finditer(body):
        *headings, label = _SEAM.split(body[start : found.start()])
        start = found.end()
        for heading in headings[-MOST_HEADS:]:
            yield TableRow(number, (TableCell(heading, 0, 1),))
        if label.endswith(_CUT_SHORT):
            continue
        cells = re.findall(_VALUE, found.group())[: len(quarters)]
        yield TableRow(
            number, (TableCell(label, 0, 1), *(TableCell(cell, i, i + 1) for i, cell in enumerate(cells, 1)))
        )
