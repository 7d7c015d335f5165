"""A price file in text as rows under named columns, in whatever encoding and with whatever separator.

Files come from sites, from libraries and out of spreadsheets: with commas, semicolons or tabs, in UTF-8 or
UTF-16, with a line ``sep=;`` or some lines of title before the names of the columns, or with names in several
lines, as yfinance writes them.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

from thesis.core.problem import FileProblems, SourceSpan
from thesis.sources.prices.price_columns import (
    COLUMN_NAMES,
    ENGLISH,
    MONTH_FIRST,
    Role,
    columns_of,
    folded,
    is_price_head,
    unit_named,
)
from thesis.sources.prices.price_days import DayOrder

MOST_BEFORE = 20  # lines that may stand before the names of the columns
MOST_HEADS = 4  # lines of a head that has several
NAMES_SHOWN = 12  # columns that a message lists
_STACKED = ("price", "ticker", "attributes", "symbols")  # how the heads of yfinance's downloads begin
_SEPARATORS = (",", ";", "\t", "|")
_MARKED = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


class PriceHead(NamedTuple):
    """What the head of a price file says: where each thing stands, of whose share, in what currency.

    ``is_download`` says that it has several lines, as yfinance writes them. ``day_order`` is what it suggests
    for days like 03/04/2026.
    """

    width: int
    columns: Mapping[Role, int]
    ticker: str = ""
    currency: str = ""
    is_download: bool = False
    day_order: DayOrder = ""
    separator: str = ","

    def cell(self, cells: Sequence[str], role: Role) -> str:
        """A row's cell of one column; empty where the file has no such column."""
        at = self.columns.get(role)
        return "" if at is None else cells[at]


class PriceTable:
    """The head of a price file, and its rows one by one with the line that each ends on.

    Errors: ``InvalidInput`` where the bytes are no text or no CSV, where a column is missing or doubled, and
    where the file holds several shares.
    """

    def __init__(self, data: bytes, flaws: FileProblems) -> None:
        self._flaws = flaws
        text = _text(data, flaws)
        separator, skipped, start = _head_line(text)
        rest = io.StringIO("\n" * skipped + text[start:], newline="")
        self._rows = csv.reader(rest, strict=True, delimiter=separator)
        self.head = self._read_head(separator)

    def rows(self) -> Iterator[list[str]]:
        """The rows that are not empty."""
        while (cells := self._next()) is not None:
            if any(cell.strip() for cell in cells):
                yield self._fitted(cells)

    def place(self) -> SourceSpan:
        """Where the row ends that was read last."""
        return SourceSpan(self._flaws.shown, max(1, self._rows.line_num), 1)

    def _fitted(self, cells: list[str]) -> list[str]:
        """A row without the empty cells that it has beyond the head's width."""
        while len(cells) > self.head.width and not cells[-1].strip():
            cells.pop()
        return cells

    def _next(self) -> list[str] | None:
        try:
            return next(self._rows, None)
        except csv.Error as error:
            raise self._flaws.refuse_with("csv-syntax", str(error), self.place()) from None

    def _read_head(self, separator: str) -> PriceHead:
        cells = self._next()
        while cells is not None and not any(cell.strip() for cell in cells):
            cells = self._next()
        shown = [cell.strip() for cell in cells or ()]
        names, ticker, is_download = _names(shown), "", False
        if names and names[0] in _STACKED and not columns_of(names, "day"):
            is_download = True
            names, ticker = self._stacked(names)
            shown = names
        self._check_columns(names, shown)
        found: dict[Role, list[int]] = {role: columns_of(names, role) for role in COLUMN_NAMES}
        units = [unit_named(shown[i])[1] for i in found["close"]]
        is_us = bool(MONTH_FIRST & set(names))
        return PriceHead(
            len(names),
            {role: places[0] for role, places in found.items() if places},
            ticker,
            next(iter(units), ""),
            is_download,
            "month first" if is_us else "" if ENGLISH & set(names) else "day first",
            separator,
        )

    def _stacked(self, first: list[str]) -> tuple[list[str], str]:
        """The names and the share of a head of several lines: fields, ticker and name of the index."""
        lines = [first]
        while len(lines) < MOST_HEADS and not (lines[-1] and lines[-1][0] in COLUMN_NAMES["day"]):
            lines.append(_names(self._next() or ()))
        names = next((line for line in lines if "close" in line), lines[0])
        others = {name for line in lines if line is not names for name in line[1:] if name}
        if len(others) > 1:
            told = f"it holds the prices of {len(others)} shares: {', '.join(sorted(others))[:80]}"
            raise self._flaws.refuse_with(
                "several-shares", told, self.place(), "write one file for each of them"
            )
        return ["date", *names[1:]], next(iter(others), "").upper()

    def _check_columns(self, names: Sequence[str], shown: Sequence[str]) -> None:
        """Tell what is missing among the columns, or there twice, naming what was found."""
        for role, told, hint in _NEEDED:
            found = columns_of(names, role)
            if len(found) == 1:
                continue
            if found:
                told = f"the column `{shown[found[0]]}` is there twice"
                raise self._flaws.refuse_with("duplicate-column", told, self.place(), "keep one of them")
            listed = ", ".join(f"`{name[:30]}`" for name in shown[:NAMES_SHOWN] if name)
            more = f" and {len(shown) - NAMES_SHOWN} more" if len(shown) > NAMES_SHOWN else ""
            columns = f"its columns are {listed}{more}: " if listed else ""
            raise self._flaws.refuse_with("missing-column", f"{columns}{told}", self.place(), hint)


_PLAIN = (
    "take the plain close, in a column `Close`: one adjusted for dividends will not do (yfinance: "
    "`auto_adjust=False`)"
)
_NEEDED: tuple[tuple[Role, str, str], ...] = (
    ("day", "none of them holds days", "name the column of the days `Date`"),
    (
        "close",
        "none of them holds the close as it was traded",
        _PLAIN,
    ),
)


def is_price_table(start: bytes) -> bool:
    """Whether bytes that begin a file hold the names of a price file's columns."""
    encoding = next((name for mark, name in _MARKED if start.startswith(mark)), "utf-8")
    text = start.decode(encoding, "replace")
    if "\ufffd" in text.partition("\n")[0]:
        text = _windows(start)
    separator, _, start_of_head = _head_line(text)
    lines = io.StringIO(text[start_of_head:], newline="")
    cells = [_cells(line, separator) for line in islice(lines, MOST_HEADS)]
    if cells and cells[0] and cells[0][0] in _STACKED:
        cells = [[name for row in cells for name in row]]
    return bool(cells) and is_price_head(cells[0])


def _text(data: bytes, flaws: FileProblems) -> str:
    """The text of a file. One in Windows' own encoding is read where only the head has letters of it."""
    encoding = next((name for mark, name in _MARKED if data.startswith(mark)), "utf-8")
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        head, _, rest = data.partition(b"\n")
        if (
            encoding == "utf-8"
            and rest.isascii()
            and is_price_head(_cells(_windows(head), _separator(_windows(head))))
        ):
            return _windows(data)
        line = data.count(b"\n", 0, error.start) + 1
        told = (
            f"expected {encoding.removesuffix('-sig').upper()} text, found the byte 0x{data[error.start]:02x}"
        )
        raise flaws.refuse_with(
            "not-utf-8", told, SourceSpan(flaws.shown, line, 1), "save the file as CSV in UTF-8"
        ) from None


def _windows(data: bytes) -> str:
    return data.decode("cp1252", "replace")


def _head_line(text: str) -> tuple[str, int, int]:
    """The separator of a file, how many lines stand before the names of its columns, and where these begin.

    Where no line has such names, the first that is not empty is taken for them.
    """
    stream = io.StringIO(text, newline="")
    stated, first = "", None
    for skipped in range(MOST_BEFORE):
        start = stream.tell()
        line = stream.readline()
        if not skipped and line.casefold().startswith("sep="):
            stated = line[4:5]
        elif line.strip():
            separator = stated or _separator(line)
            names = _cells(line, separator)
            if is_price_head(names) or (names and names[0] in _STACKED):
                return separator, skipped, start
            first = first or (separator, skipped, start)
    return first or (stated or ",", 0, 0)


def _separator(line: str) -> str:
    """What stands between the cells of a line: the sign that occurs most often outside quotation marks."""
    bare = "".join(line.split('"')[::2])
    return max(_SEPARATORS, key=bare.count)


def _cells(line: str, separator: str) -> list[str]:
    return _names(next(csv.reader([line], delimiter=separator), []))


def _names(cells: Sequence[str]) -> list[str]:
    return [folded(unit_named(cell)[0]) for cell in cells]
