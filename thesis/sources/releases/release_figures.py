"""Every figure of a release's quarterly tables, with its label, headings, quarter and scale.

The tables are those with quarters for columns. What a table counts in (``in millions, except per share
data``) stands above it, and holds for every unit that it does not except.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from thesis.sources.releases.column_periods import PeriodColumn, Told, period_columns
from thesis.sources.releases.printed_numbers import is_absent
from thesis.sources.releases.tables import SourceTable, TableRow

SCALES = {"thousands": Decimal(10**3), "millions": Decimal(10**6), "billions": Decimal(10**9)}
MOST_HEADINGS = 5  # kept of those that follow one another
LONGEST = 400  # characters of a label

_CAPTION = re.compile(r"\bin (?P<scale>thousands|millions|billions)\b(?P<but>[^()]{0,300})", re.IGNORECASE)
_OF_SHARES = re.compile(r"\bshares\b,?[^,]*\bin (?P<scale>thousands|millions|billions)\b", re.IGNORECASE)
_PER_SHARE = re.compile(r"\bper[\s-]share\b( (?:data|amounts|information))?", re.IGNORECASE)
_SAYS_NOTHING = re.compile(
    r"\b(?:except|for|and|or|data|amounts|information|shares?|percentages?|unaudited)\b|[^a-z]+"
)


class TableCaption(NamedTuple):
    """What a table counts in, and the words after it that except something."""

    scale: Decimal
    but: str


class ReleaseFigure(NamedTuple):
    """A cell of a quarterly table, as it is printed."""

    headings: tuple[str, ...]
    label: str
    told: Told
    text: str
    caption: TableCaption | None
    line: int


def release_figures(sheets: Iterable[SourceTable]) -> Iterator[ReleaseFigure]:
    """The figures of the tables that have quarters for columns; what is left blank or dashed is none."""
    known: list[PeriodColumn] = []
    caption: TableCaption | None = None
    for sheet in sheets:
        found, heads = period_columns(sheet)
        if not found and _goes_on(sheet):
            yield from _body(sheet.rows, known, caption)
            continue
        known = found
        caption = _caption(
            " ".join([sheet.above, *(cell.text for row in sheet.rows[:heads] for cell in row.cells)])
        )
        yield from _body(sheet.rows[heads:], known, caption)


def _goes_on(sheet: SourceTable) -> bool:
    """Whether a table without heads is the one before, broken off by a blank line."""
    first = sheet.rows[0].cells if sheet.rows else ()
    return not sheet.above and not sheet.has_spans and len(first) == 1 and first[0].start == 0


def _body(
    rows: Sequence[TableRow], known: Sequence[PeriodColumn], caption: TableCaption | None
) -> Iterator[ReleaseFigure]:
    if not known:
        return
    first = min(column.start for column in known)
    headings: tuple[str, ...] = ()
    is_run = False  # of headings without a figure between them
    for row in rows:
        label = " ".join(cell.text for cell in row.cells if cell.end <= first)[:LONGEST]
        if all(cell.end <= first for cell in row.cells):
            headings = (*headings, label)[-MOST_HEADINGS:] if is_run else (label,)
            is_run = True
            continue
        is_run = False
        for column in known:
            text = " ".join(
                c.text for c in row.cells if c.start < column.end and column.start < c.end and c.end > first
            )
            if not is_absent(text):
                yield ReleaseFigure(headings, label, column.told, text, caption, row.line)


def _caption(text: str) -> TableCaption | None:
    """The last of a text: what stands nearest to the table."""
    found = next(iter([*_CAPTION.finditer(text)][-1:]), None)
    return TableCaption(SCALES[found["scale"].lower()], found["but"].lower()) if found else None


def scale_of(unit: str, caption: TableCaption | None) -> Decimal:
    """What a printed figure in a unit counts in. Errors: ``ValueError`` where the table does not say.

    >>> caption = TableCaption(Decimal(10**6), ", except per share data")
    >>> scale_of("shares", caption), scale_of("USD/share", caption)
    (Decimal('1000000'), Decimal('1'))
    """
    one = Decimal(1)
    if unit in ("ratio", "years") or "/" in unit:
        return one
    if unit == "count":
        if caption is None or _SAYS_NOTHING.sub("", _PER_SHARE.sub("", caption.but)):
            return one
        raise ValueError("the table does not say whether counts are excepted from what it is counted in")
    if caption is None:
        raise ValueError("the table does not say what it is counted in, as in `(in millions)`")
    but = _PER_SHARE.sub("", caption.but)
    if unit == "shares" and "share" in but:
        own = _OF_SHARES.search(but)
        return SCALES[own["scale"].lower()] if own else one
    return caption.scale
