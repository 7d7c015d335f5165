"""Which quarter a column of a table tells of, out of the heads over it.

``Q3 2025`` is a quarter of the company's own fiscal year; ``Three Months Ended June 30, 2025`` names the day.
Columns of anything else (a change in percent, six months, a year) are passed over.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from thesis.core.period import FIRST_YEAR, LAST_YEAR, Quarter
from thesis.sources.importing.periods import quarter_of
from thesis.sources.releases.tables import SourceTable, TableCell, TableRow
from thesis.sources.xbrl.text_values import value_from_text

MOST_HEADS = 8  # lines of heads; what a table has before its first figure beyond that is not read

_YEAR = r"(?:FY)? ?(?:'|’)?(?P<{0}>20[0-9]{{2}}|[0-9]{{2}})"  # noqa: RUF001 - as printers set it
_MARKS = r"(?: ?\((?:unaudited|[0-9]{1,2})\))*"
_FISCAL = re.compile(
    rf"(?:Q(?P<a>[1-4]) ?{_YEAR.format('ya')}|(?P<b>[1-4])Q ?{_YEAR.format('yb')}"
    rf"|FY ?{_YEAR.format('yc')} ?Q(?P<c>[1-4])){_MARKS}",
    re.IGNORECASE,
)
_ENDED = re.compile(
    r"(?:(?:three|3) months|(?:twelve|thirteen|fourteen|sixteen|seventeen|1[23467]) weeks"
    r"|(?:fiscal )?quarters?) ended "
    rf"(?P<day>[A-Za-z]{{3,9}}\.? [0-9]{{1,2}}, ?[0-9]{{4}}){_MARKS}",
    re.IGNORECASE,
)
_SPAN = re.compile(r"\bended\b", re.IGNORECASE)
_BARE_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_DIGIT = re.compile(r"[0-9]")


class FiscalHead(NamedTuple):
    """A quarter of a fiscal year, as the company counts it."""

    year: int
    number: int


Told = FiscalHead | date


class PeriodColumn(NamedTuple):
    """Columns of a table from ``start`` to before ``end``, and the quarter that they tell of."""

    start: int
    end: int
    told: Told


def parse_head(text: str) -> Told | None:
    """The quarter that a head names, or none.

    >>> parse_head("Q3 2025"), parse_head("Three Months Ended June 30, 2025"), parse_head("Y/Y % Change")
    (FiscalHead(year=2025, number=3), datetime.date(2025, 6, 30), None)
    """
    body = " ".join(text.split())
    found = _FISCAL.fullmatch(body)
    if found:
        parts = found.groupdict()
        number, year = next(
            (parts[n], parts[y]) for n, y in (("a", "ya"), ("b", "yb"), ("c", "yc")) if parts[n]
        )
        return FiscalHead(int(year) if len(year) == 4 else 2000 + int(year), int(number))
    ended = _ENDED.fullmatch(body)
    if ended is None:
        return None
    try:
        return date.fromisoformat(
            value_from_text(ended["day"].replace(".", ""), "ixt:date-monthname-day-year-en")
        )
    except ValueError:
        return None


def quarter_of_head(told: Told, year_ends: str) -> Quarter:
    """The calendar quarter of a head, of a company whose fiscal year ends with ``year_ends`` (Q1 to Q4).

    Errors: ``ValueError`` for a year beyond all reason.
    """
    if isinstance(told, date):
        if not FIRST_YEAR <= told.year <= LAST_YEAR:
            raise ValueError(f"expected a year from {FIRST_YEAR} to {LAST_YEAR}, found `{told.year}`")
        return quarter_of(told)
    return Quarter.parse(f"{told.year}{year_ends}") - (4 - told.number)


def period_columns(sheet: SourceTable) -> tuple[list[PeriodColumn], int]:
    """The columns of quarters in a table, and how many of its lines are heads or above them."""
    heads: list[TableRow] = []
    count = 0
    for i, row in enumerate(sheet.rows[:MOST_HEADS]):
        if not _is_head(row):
            break
        heads += [row]
        count = i + 1
        complete = _complete(heads, sheet.has_spans)
        if complete and not _is_head_like(sheet.rows[i + 1 : i + 2]):
            break
    return _complete(heads, sheet.has_spans), count


def _is_head(row: TableRow) -> bool:
    """Whether a line holds no figure but years, beside what it is called."""
    cells = [cell for cell in row.cells if cell.start] or list(row.cells)
    return all(
        parse_head(cell.text)
        or _BARE_YEAR.fullmatch(cell.text)
        or _SPAN.search(cell.text)
        or not _DIGIT.match(cell.text.lstrip("$( "))
        for cell in cells
    )


def _is_head_like(rows: Sequence[TableRow]) -> bool:
    """Whether the next line goes on with heads: years or days, with nothing in the column of labels."""
    return any(
        row.cells[0].start > 0 and _is_head(row) and any(_DIGIT.search(cell.text) for cell in row.cells)
        for row in rows
    )


def _complete(heads: Sequence[TableRow], has_spans: bool) -> list[PeriodColumn]:
    """The columns that the lines of heads make quarters of, one above the other."""
    last = heads[-1].cells if heads else ()
    rows = [row.cells if has_spans else _spread(row.cells, last) for row in heads]
    found = []
    for cell in last:
        over = [
            each.text
            for cells in rows[:-1]
            for each in cells
            if each.start <= cell.start and cell.end <= each.end
        ]
        whole = parse_head(cell.text) or parse_head(" ".join([*over, cell.text]))
        if whole and cell.start:  # the first column has the labels
            found.append(PeriodColumn(cell.start, cell.end, whole))
    return found


def _spread(cells: tuple[TableCell, ...], last: tuple[TableCell, ...]) -> tuple[TableCell, ...]:
    """Heads of spans drawn over the blanks to their right, where a format has no other way to say so."""
    ends = [cell.start for cell in cells[1:]] + [last[-1].end if last else 0]
    return tuple(
        cell._replace(end=max(end, cell.end))
        if cell.start and _SPAN.search(cell.text) and not parse_head(cell.text)
        else cell
        for cell, end in zip(cells, ends, strict=True)
    )
