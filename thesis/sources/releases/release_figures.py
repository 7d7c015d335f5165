"""The figures of a release's quarterly tables, each with its label, headings, quarter and scale.

A column's heading names its quarter: ``Q3 2025`` is a quarter of the company's own fiscal year, ``Three
Months Ended June 30, 2025`` names the last day. Columns of anything else (a change in percent, six months, a
year) are skipped. The scale (``in millions, except per share data``) is printed above a table and holds for
every unit that it does not except. A cell with a dash or ``N/A`` is missing, never zero, and a text that is
not plainly one figure is not read as one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from thesis.core.currency import SIGN, named_currencies
from thesis.core.period import FIRST_YEAR, LAST_YEAR, Quarter
from thesis.sources.importing.periods import quarter_of
from thesis.sources.releases.tables import MOST_HEADS, SourceTable, TableCell, TableRow
from thesis.sources.xbrl.text_values import value_from_text

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


class FiscalQuarter(NamedTuple):
    """A quarter of a fiscal year, as the company counts it."""

    year: int
    number: int


ColumnPeriod = FiscalQuarter | date
"""A quarter as a heading names it: by the fiscal year, or by its last day."""


class PeriodColumn(NamedTuple):
    """The columns from ``start`` up to, but not including, ``end``, and the quarter of their figures."""

    start: int
    end: int
    period: ColumnPeriod


def parse_head(text: str) -> ColumnPeriod | None:
    """The quarter that a column heading names, or None.

    >>> parse_head("Q3 2025"), parse_head("Three Months Ended June 30, 2025"), parse_head("Y/Y % Change")
    (FiscalQuarter(year=2025, number=3), datetime.date(2025, 6, 30), None)
    """
    body = " ".join(text.split())
    found = _FISCAL.fullmatch(body)
    if found:
        parts = found.groupdict()
        number, year = next(
            (parts[n], parts[y]) for n, y in (("a", "ya"), ("b", "yb"), ("c", "yc")) if parts[n]
        )
        return FiscalQuarter(int(year) if len(year) == 4 else 2000 + int(year), int(number))
    ended = _ENDED.fullmatch(body)
    if ended is None:
        return None
    try:
        return date.fromisoformat(
            value_from_text(ended["day"].replace(".", ""), "ixt:date-monthname-day-year-en")
        )
    except ValueError:
        return None


def quarter_of_head(period: ColumnPeriod, year_ends: str) -> Quarter:
    """The calendar quarter that a heading names; ``year_ends`` is the last one of the fiscal year, Q1 to Q4.

    Errors: ``ValueError`` for a year beyond all reason.
    """
    if isinstance(period, date):
        if not FIRST_YEAR <= period.year <= LAST_YEAR:
            raise ValueError(f"expected a year from {FIRST_YEAR} to {LAST_YEAR}, found `{period.year}`")
        return quarter_of(period)
    return Quarter.parse(f"{period.year}{year_ends}") - (4 - period.number)


class TableHead(NamedTuple):
    """The columns of quarters in a table, where its columns of figures begin, and how many lines are heads.

    Other periods may stand to the left of the quarters, as nine months do in some releases.
    """

    columns: list[PeriodColumn]
    first: int
    lines: int


def table_head(sheet: SourceTable) -> TableHead:
    """The head of a table; without columns, where it is of something else."""
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
    columns = _complete(heads, sheet.has_spans)
    starts = [column.start for column in columns]
    starts += [cell.start for cell in heads[-1].cells if cell.start and _is_period(cell)] if heads else []
    return TableHead(columns, min(starts, default=0), count)


def _is_period(cell: TableCell) -> bool:
    """Whether the head of a column names a time, whatever its length."""
    return bool(_SPAN.search(cell.text) or _DIGIT.search(cell.text))


def _is_head(row: TableRow) -> bool:
    """Whether a line holds no figure but years, beside what it is called."""
    cells = [cell for cell in row.cells if cell.start] or list(row.cells)
    return all(
        parse_head(cell.text)
        or _BARE_YEAR.fullmatch(cell.text)
        or _SPAN.search(cell.text)
        or not _DIGIT.match(SIGN.sub("", cell.text).lstrip("( "))
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


MOST_DIGITS = 40  # characters of a figure; what is longer is none

_ABSENT = re.compile(r"[\s$€£¥%()*.–—―−-]*(?:n\s*/\s*[am]|n\.?[am]\.?|nm)?[\s$€£¥%()*]*", re.IGNORECASE)  # noqa: RUF001
_MINUS = re.compile("[‐‑–—−]")  # noqa: RUF001 - dashes that printers set for a minus
_FIGURE = re.compile(
    r"(?P<open>\(?)\s*(?P<minus>-?)\s*(?P<whole>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?P<part>\.[0-9]+)?\s*"
    r"(?P<percent>%?)\s*(?P<close>\)?)\s*(?P<after>%?)"
)
_FOOTNOTE = re.compile(r"(?<=[0-9%)])\s+\([0-9]{1,2}\)$")


class PrintedNumber(NamedTuple):
    """A figure, to how many decimal places it is printed, and whether in percent."""

    value: Decimal
    places: int
    is_percent: bool


def is_absent(text: str) -> bool:
    """Whether a cell shows that there is no figure: a dash, ``N/A`` or nothing."""
    return len(text) <= MOST_DIGITS and bool(_ABSENT.fullmatch(text.strip()))


def parse_printed(text: str) -> PrintedNumber:
    """The figure of a cell. Errors: ``ValueError`` where it is not one figure.

    >>> parse_printed("$ (1,204)").value, parse_printed("(6.5)%").places
    (Decimal('-1204'), 1)
    """
    body = _MINUS.sub("-", SIGN.sub("", _FOOTNOTE.sub("", text.strip()))).strip()
    found = _FIGURE.fullmatch(body) if len(body) <= MOST_DIGITS else None
    if found is None or bool(found["open"]) != bool(found["close"]) or (found["percent"] and found["after"]):
        raise ValueError(f"expected one figure, found `{text.strip()[:MOST_DIGITS]}`")
    value = Decimal(found["whole"].replace(",", "") + (found["part"] or ""))
    is_negative = bool(found["open"]) != bool(found["minus"])
    return PrintedNumber(
        -value if is_negative else value,
        len(found["part"] or ".") - 1,
        bool(found["percent"] or found["after"]),
    )


SCALES = {"thousands": Decimal(10**3), "millions": Decimal(10**6), "billions": Decimal(10**9)}
MOST_HEADINGS = 5  # kept of those that follow one another
LONGEST = 400  # characters of a label

_CAPTION = re.compile(
    rf"(?:\bin (?:(?-i:[A-Z]{{3}}) |(?:{SIGN.pattern}) ?)?|\b(?-i:[A-Z]{{3}}) |(?<=[€£¥])|(?<=[€£¥] ))"
    r"(?P<scale>thousands?|millions?|billions?)\b(?P<but>[^()]{0,300})",
    re.IGNORECASE,
)
_OF_SHARES = re.compile(r"\bshares\b,?[^,]*\bin (?P<scale>thousands|millions|billions)\b", re.IGNORECASE)
_PER_SHARE = re.compile(r"\bper[\s-]share\b( (?:data|amounts|information))?", re.IGNORECASE)
_SAYS_NOTHING = re.compile(
    r"\b(?:except|for|and|or|data|amounts|information|shares?|percentages?|unaudited)\b|[^a-z]+"
)


class TableCaption(NamedTuple):
    """The scale of a table's figures, the words after it that exempt some of them, and the currency it names.

    ``currencies`` are those that the words may mean, as ``$`` any dollar; none where they name none.
    """

    scale: Decimal
    but: str
    currencies: frozenset[str] = frozenset()


class ReleaseFigure(NamedTuple):
    """A cell of a quarterly table, as it is printed."""

    headings: tuple[str, ...]
    label: str
    period: ColumnPeriod
    text: str
    caption: TableCaption | None
    line: int
    currencies: frozenset[str] = frozenset()
    """Those that it may be in, by its own sign, the table's caption or the signs of other cells."""


def release_figures(sheets: Iterable[SourceTable]) -> Iterator[ReleaseFigure]:
    """The figures of the tables that have quarters for columns; what is left blank or dashed is none."""
    known = TableHead([], 0, 0)
    caption: TableCaption | None = None
    for sheet in sheets:
        found = table_head(sheet)
        if not found.columns and _goes_on(sheet):
            yield from _body(sheet.rows, known, caption)
            continue
        known = found
        caption = _caption(
            " ".join([sheet.above, *(cell.text for row in sheet.rows[: found.lines] for cell in row.cells)])
        )
        yield from _body(sheet.rows[found.lines :], known, caption)


def _goes_on(sheet: SourceTable) -> bool:
    """Whether a table without heads is the one before, broken off by a blank line."""
    first = sheet.rows[0].cells if sheet.rows else ()
    return not sheet.above and not sheet.has_spans and len(first) == 1 and first[0].start == 0


def _body(
    rows: Sequence[TableRow], known: TableHead, caption: TableCaption | None
) -> Iterator[ReleaseFigure]:
    if not known.columns:
        return
    signs = frozenset[str]().union(*(_signs(cell.text) for row in rows for cell in row.cells))
    stated = (caption.currencies if caption else frozenset()) or signs
    first = known.first
    headings: tuple[str, ...] = ()
    is_run = False  # of headings without a figure between them
    for row in rows:
        label = " ".join(cell.text for cell in row.cells if cell.end <= first)[:LONGEST]
        if all(cell.end <= first for cell in row.cells):
            headings = (*headings, label)[-MOST_HEADINGS:] if is_run else (label,)
            is_run = True
            continue
        is_run = False
        for column in known.columns:
            text = " ".join(
                c.text for c in row.cells if c.start < column.end and column.start < c.end and c.end > first
            )
            if not is_absent(text):
                currencies = _signs(text) or stated
                yield ReleaseFigure(headings, label, column.period, text, caption, row.line, currencies)


def _caption(text: str) -> TableCaption | None:
    """The last of a text: what stands nearest to the table."""
    found = [*_CAPTION.finditer(text)]
    if not found:
        return None
    last = found[-1]
    scale = next(each for name, each in SCALES.items() if name.startswith(last["scale"].lower().rstrip("s")))
    before = text[found[-2].end() if len(found) > 1 else 0 : last.end()]
    clause = before[max(before.rfind(mark) for mark in ("(", ". ", ";")) + 1 :]
    return TableCaption(scale, last["but"].lower(), named_currencies(clause[-LONGEST:]))


def _signs(text: str) -> frozenset[str]:
    """The currencies whose sign stands before a cell's figure."""
    return named_currencies(text) if SIGN.match(text.strip().lstrip("(")) else frozenset()


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
