"""Reads daily closing prices from a CSV or JSON file.

Only closes adjusted for splits are of use beside share counts: a series that jumps by half or more from
one day to the next looks like one that is not, and is refused, but for the days of splits that are known.
A close adjusted for dividends is none: nobody paid it. The forms read beside a plain table of Date and Close
are those of yfinance (days with a midnight, heads of several lines) and of Nasdaq (``Close/Last`` in
dollars, days with the month first).
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import partial
from itertools import pairwise
from typing import Any, NamedTuple

from thesis.core.currency import PARTS, minor_unit, named_currencies
from thesis.core.interval import total
from thesis.core.number_text import decimal_sign, read_number
from thesis.core.period import parse_day
from thesis.core.problem import FileProblems, Problem, SourceSpan
from thesis.facts.fact_file import plain_digits
from thesis.sources.reported_fact import bounded_number
from thesis.sources.strict_json import JsonPlaces, read_json

LARGEST_MOVE = Decimal("1.8")  # a split of 2 for 1 halves the price; no day of trading is expected to
LONGEST_GAP = 10  # days; over more than that a price may well have halved
MOST_BYTES = 50_000_000
HEAD = 4096  # bytes in which the header of a CSV, or the first keys of JSON, are expected
MOST_HEADS = 4  # lines of the head of a CSV
_DAYS, _CLOSES, _CURRENCY = ("dates", "date"), ("closes", "close"), "currency"
_DAY_COLUMNS, _CLOSE_COLUMNS = ("date", "datetime"), ("close", "close/last")
_STACKED = ("price", "ticker", "attributes", "symbols")  # how the heads of yfinance's downloads begin
_BLANK = ("", "null", "nan", "n/a", "none", "-")
_MIDNIGHT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[ T]([0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?)"
    r" ?(?:Z|[+-][0-9]{2}:?[0-9]{2})?"
)
_US_DAY = re.compile(r"([0-9]{2})/([0-9]{2})/([0-9]{4})")


class ClosingPrice(NamedTuple):
    """A day and what the share closed at, in whole units of its currency.

    ``currency`` is empty where neither the file nor the user names one. ``quoted`` is the price as the file
    has it where that is in pence or the like: ``1234 GBX``.
    """

    day: date
    close: Decimal
    currency: str = ""
    quoted: str = ""


class FlawedDay(NamedTuple):
    """A row that cannot be read, and its day, if that can be."""

    day: date | None
    problem: Problem


class PriceFile(NamedTuple):
    """The closes of one share, oldest first, and what else the file says.

    ``ticker`` says whose they are, where the file says so. ``blank`` counts the days without any figure.
    ``dividends`` are those that the closes are adjusted for, by the day from which the share is traded
    without them; ``is_unsure`` says that the closes may be adjusted for dividends that are not in the file.
    """

    ticker: str
    closes: list[ClosingPrice]
    flawed: tuple[FlawedDay, ...] = ()
    blank: int = 0
    dividends: Mapping[date, Decimal] = {}
    is_unsure: bool = False


class _Row(NamedTuple):
    """A row as it was found; ``place`` is asked for only if something is wrong with it."""

    day: Any
    close: Any
    place: Callable[[], SourceSpan]
    others: Sequence[str] = ()
    dividend: str = ""
    currency: str = ""


class _Heads(NamedTuple):
    """What the head of a CSV says: where day, close and dividend stand, and of whose share."""

    length: int
    day: int
    close: int
    dividend: int | None
    currency: int | None
    ticker: str
    is_us: bool  # the month goes first in its days
    is_adjusted: bool  # no other column has the close that was adjusted for dividends
    is_download: bool  # several lines, as yfinance writes them
    delimiter: str = ","  # between cells


def is_prices(head: bytes) -> bool:
    """Whether a file that starts like this holds prices, as far as its first bytes tell."""
    start = head[:HEAD].removeprefix(b"\xef\xbb\xbf").lstrip()
    if start[:1] == b"{":
        return any(b'"%s"' % name.encode() in start for name in _DAYS) and b'"facts"' not in start
    lines = start.split(b"\n")[:MOST_HEADS]
    between = _delimiter(lines[0]).encode()
    cells = [line.strip().lower().replace(b'"', b"").split(between) for line in lines]
    marks = {row[0].decode("utf-8", "replace") for row in cells}
    names = [name for row in cells[: MOST_HEADS if marks & set(_STACKED) else 1] for name in row]
    is_dated = any(name.encode() in names for name in _DAY_COLUMNS)
    return is_dated and any(b"close" in name for name in names)


def _delimiter(line: bytes) -> str:
    """What stands between the cells of a line: a comma, else a semicolon or a tab."""
    return next((mark for mark in (",", ";", "\t") if mark.encode() in line), ",")


def read_prices(data: bytes, shown: str, splits: Collection[date] = (), currency: str = "") -> PriceFile:
    """The closes, oldest first; a row that cannot be read is kept with what is wrong with it.

    Of a CSV with the columns Date and Close, or of JSON with lists ``dates`` and ``closes``, and perhaps a
    ``ticker``; a column or key ``currency`` says what they are in, else ``currency`` does, GBX being pence,
    else a ``$`` before the closes. Over a day of ``splits``, or of a jump that is accepted, a price may
    jump: whether it is adjusted for is not asked here.
    Errors: ``InvalidInput`` where the file is of another form or no row of it can be read, with days that
    are doubled, and with jumps that look like splits.
    """
    flaws = FileProblems(shown)
    is_json = data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[")
    heads: _Heads | None = None
    if is_json:
        value = read_json(data, flaws)
        named = value.get("ticker") if isinstance(value, dict) else None
        ticker = named if isinstance(named, str) else ""
        rows: Iterator[_Row | FlawedDay] = _from_json(value, data, flaws)
    else:
        table = _open_csv(data, flaws)
        heads = _read_heads(table, flaws)
        ticker, rows = heads.ticker, _from_csv(table, heads, flaws)
    found = list(rows)
    read = _ReadRows(flaws, currency, _decimal_sign(found, heads, flaws), is_us=bool(heads and heads.is_us))
    for row in found:
        read.take(row)
    closes = read.in_order(splits)
    if not closes and not flaws.problems:
        _tell_of_none(read.flawed, flaws)
    is_adjusted = bool(heads and heads.is_adjusted)
    if is_adjusted and closes:
        _refuse_large_dividends(read.dividends, closes, flaws)
    flaws.settle()
    dividends = read.dividends if is_adjusted else {}
    is_unsure = bool(heads and heads.is_download and is_adjusted and not dividends)
    return PriceFile(ticker, closes, tuple(read.flawed), read.blank, dividends, is_unsure)


def _refuse_large_dividends(
    dividends: Mapping[date, Decimal], closes: Sequence[ClosingPrice], flaws: FileProblems
) -> None:
    """Tell of dividends that no share at such a price pays; every close before would be put back by them."""
    for day, dividend in dividends.items():
        near = min(closes, key=lambda close: abs(close.day - day))
        if dividend >= near.close:
            told = f"a dividend of {dividend} on {day}, where the share closed at {near.close}"
            flaws.flaw(
                "bad-value", told, None, "correct the dividend; the closes before it are adjusted for it"
            )


def _tell_of_none(flawed: Sequence[FlawedDay], flaws: FileProblems) -> None:
    """That a file has no close that can be read: once, at its first row, as all are of one form."""
    if not flawed:
        flaws.flaw("empty-file", "no prices in it")
        return
    first = flawed[0].problem
    told = f"no row has a day and a close that can be read; the first of {len(flawed):,}: {first.message}"
    flaws.flaw(first.code, told, first.span, "write days as 2026-07-31 and closes as 1234.56")


class _ReadRows:
    """The rows of a file, taken one by one."""

    def __init__(self, flaws: FileProblems, currency: str, decimal: str, *, is_us: bool) -> None:
        self._flaws = flaws
        self._decimal = decimal
        self._currency = currency
        self._is_us = is_us
        self._closes: list[tuple[ClosingPrice, _Row]] = []
        self.flawed: list[FlawedDay] = []
        self.dividends: dict[date, Decimal] = {}
        self.blank = 0

    def take(self, row: _Row | FlawedDay) -> None:
        """A day's close; a day without any figure is counted."""
        if isinstance(row, FlawedDay):
            self.flawed.append(row)
            return
        try:
            day = _day(str(row.day).strip(), is_us=self._is_us)
        except ValueError as error:
            flaw = self._flaws.figure_flaw("bad-date", str(error), row.place())
            self.flawed.append(FlawedDay(None, flaw))
            return
        try:
            if _is_blank(row.close) and all(_is_blank(cell) or _is_zero(cell) for cell in row.others):
                self.blank += 1
                return
            self._note_dividend(day, row)
            close = _in_whole_units(day, *self._price(str(row.close), row.currency or self._currency))
            self._closes.append((close, row))
        except ValueError as error:
            flaw = self._flaws.figure_flaw("bad-value", str(error), row.place())
            self.flawed.append(FlawedDay(day, flaw))

    def _note_dividend(self, day: date, row: _Row) -> None:
        """The dividend of a day, which closes before it are adjusted for, whether or not it has one itself.

        Errors: ``ValueError`` that says what was expected.
        """
        dividend = Decimal(0) if _is_blank(row.dividend) else self._dividend(row.dividend)
        if dividend > 0:
            is_minor = minor_unit(row.currency or self._currency) is not None
            self.dividends[day] = dividend / PARTS if is_minor else dividend

    def _dividend(self, text: str) -> Decimal:
        return bounded_number(read_number(text, style="file", decimal=self._decimal).exact)

    def _price(self, text: str, currency: str) -> tuple[Decimal, str]:
        """A price above 0 and its currency: the one stated, else that of its own sign, ``$`` being USD.

        Errors: ``ValueError`` that says what was expected.
        """
        number = read_number(text, currency, "file", decimal=self._decimal)
        price = bounded_number(number.exact)
        if price <= 0:
            raise ValueError(f"expected a price above 0, found `{price}`")
        if currency or not number.money:
            return price, currency
        named = named_currencies(number.money)
        if "USD" not in named and len(named) != 1:
            raise ValueError(f"expected a currency that is known, found `{text[:40]}`: say which, as in GBP")
        return price, "USD" if "USD" in named else next(iter(named))

    def in_order(self, splits: Collection[date]) -> list[ClosingPrice]:
        """The closes, oldest first; days that are doubled and jumps are noted."""
        self._closes.sort(key=lambda pair: pair[0].day)
        for (before, _), (after, row) in pairwise(self._closes):
            if not any(before.day < day <= after.day for day in splits):
                _compare(before, after, row, self._flaws)
        return [close for close, _ in self._closes]


def _decimal_sign(rows: Sequence[_Row | FlawedDay], heads: _Heads | None, flaws: FileProblems) -> str:
    """The decimal sign of a file. Errors: ``InvalidInput`` where it has two, or may have either."""
    prices = [str(row.close) for row in rows if isinstance(row, _Row)]
    dividends = [row.dividend for row in rows if isinstance(row, _Row) and row.dividend]
    usual = "." if heads is None or heads.delimiter == "," else ""
    try:
        return decimal_sign([*prices, *dividends], default=usual)
    except ValueError as error:
        named = (row for row in rows if isinstance(row, _Row) and f"`{str(row.close).strip()}`" in str(error))
        place = next((row.place() for row in named), None)
        hint = "write closes with a decimal point and without separators, as in 1234.56"
        raise flaws.refuse_with("two-readings", str(error), place, hint) from None


def _in_whole_units(day: date, price: Decimal, currency: str) -> ClosingPrice:
    """A close in pounds where it is quoted in pence."""
    minor = minor_unit(currency)
    if minor is None:
        return ClosingPrice(day, price, currency.upper())
    return ClosingPrice(day, price / PARTS, minor.currency, f"{plain_digits(price)} {currency}")


def _is_blank(cell: Any) -> bool:
    return cell is None or (isinstance(cell, str) and cell.strip().casefold() in _BLANK)


def _is_zero(cell: str) -> bool:
    return not cell.strip().strip("0.")


def _day(text: str, *, is_us: bool) -> date:
    """A day, also as the midnight that it begins with. Errors: ``ValueError`` that says what was expected."""
    found = _MIDNIGHT.fullmatch(text)
    if found:
        if found[2].strip("0:."):
            raise ValueError(f"expected a day, found a time in it, `{text[:40]}`: take daily closes")
        return parse_day(found[1])
    us = _US_DAY.fullmatch(text) if is_us else None
    if us is None:
        return parse_day(text)
    try:
        return parse_day(f"{us[3]}-{us[1]}-{us[2]}")
    except ValueError:
        raise ValueError(f"expected a day with its month first, like 07/31/2026, found `{text}`") from None


def _compare(before: ClosingPrice, after: ClosingPrice, row: _Row, flaws: FileProblems) -> None:
    if before.day == after.day:
        flaws.flaw("duplicate-day", f"{after.day} is given twice", row.place())
        return
    move = max(after.close / before.close, before.close / after.close)
    if move >= LARGEST_MOVE and (after.day - before.day).days <= LONGEST_GAP:
        is_hundredth = PARTS / LARGEST_MOVE < move < PARTS * LARGEST_MOVE
        flaws.flaw(
            "unadjusted",
            f"the close goes from {before.close} on {before.day} to {after.close} on {after.day}",
            row.place(),
            _HUNDREDTHS if is_hundredth else _SPLIT,
        )


_SPLIT = (
    "if the share was split, declare it under `splits` in metrics.yaml, or take adjusted closes; if the "
    "price did move so, declare that under `jumps`, with its reason"
)
_HUNDREDTHS = (
    f"{PARTS} times is a change between pence and pounds: take closes of one unit, or a file that has a "
    "column `Currency` (GBX for pence)"
)


def without_dividends(
    closes: Sequence[ClosingPrice], dividends: Mapping[date, Decimal]
) -> list[ClosingPrice]:
    """Closes as they were traded, of closes that are adjusted for dividends.

    The adjustment, as Yahoo makes it, multiplies every close before the day of a dividend D with 1 - D/P,
    where P is the close of the day before; so P follows from the adjusted close of that day.
    """
    found: list[ClosingPrice] = []
    factor = Decimal(1)
    after: date | None = None
    for each in reversed(closes):
        between = (amount for ex, amount in dividends.items() if after and each.day < ex <= after)
        traded = each.close / factor + total(between, Decimal(0))
        factor = each.close / traded
        found.append(each._replace(close=traded))
        after = each.day
    return found[::-1]


# CSV -------------------------------------------------------------------------------------------


class _CsvTable:
    """The rows of a CSV one by one, with the line that each ends on."""

    def __init__(self, text: str, flaws: FileProblems) -> None:
        self.delimiter = _delimiter(text.lstrip().partition("\n")[0].encode())
        self._rows = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=self.delimiter)
        self._flaws = flaws

    def next(self) -> list[str] | None:
        """The next row, or none at the end. Errors: ``InvalidInput`` where it is no CSV."""
        try:
            return next(self._rows, None)
        except csv.Error as error:
            place = SourceSpan(self._flaws.shown, max(1, self._rows.line_num), 1)
            raise self._flaws.refuse_with("csv-syntax", str(error), place) from None

    def place(self) -> SourceSpan:
        """Where the row ends that was read last."""
        return SourceSpan(self._flaws.shown, max(1, self._rows.line_num), 1)


def _open_csv(data: bytes, flaws: FileProblems) -> _CsvTable:
    try:
        return _CsvTable(data.decode("utf-8-sig"), flaws)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        told = f"expected UTF-8 text, found the byte 0x{data[error.start]:02x}"
        raise flaws.refuse_with("not-utf-8", told, SourceSpan(flaws.shown, line, 1)) from None


def _read_heads(table: _CsvTable, flaws: FileProblems) -> _Heads:
    """The head of a CSV: one line, or as yfinance writes it the fields, the ticker and the name of the index.

    Errors: ``InvalidInput`` where a column is missing or doubled, or the file holds several shares.
    """
    first = table.next()
    while first == []:  # an empty line
        first = table.next()
    names = _names(first)
    ticker, is_download = "", names[:1] != [] and names[0] in _STACKED
    if is_download:
        lines = [names]
        while len(lines) < MOST_HEADS and lines[-1][:1] not in ([each] for each in _DAY_COLUMNS):
            lines.append(_names(table.next()))
        names = next((line for line in lines if "close" in line), names)
        others = {name for line in lines if line is not names for name in line[1:] if name}
        if len(others) > 1:
            told = f"it holds the prices of {len(others)} shares: {', '.join(sorted(others))[:80]}"
            raise flaws.refuse_with("several-shares", told, table.place(), "write one file for each of them")
        ticker = next(iter(others), "").upper()
        names = ["date", *names[1:]]
    day = _column(names, _DAY_COLUMNS, flaws)
    close = _column(names, _CLOSE_COLUMNS, flaws)
    return _Heads(
        len(names),
        day,
        close,
        next((names.index(name) for name in ("dividends", "dividend") if name in names), None),
        names.index(_CURRENCY) if _CURRENCY in names else None,
        ticker,
        names[close] == "close/last",
        not any(name.startswith("adj") for name in names),
        is_download,
        table.delimiter,
    )


def _names(cells: Sequence[str] | None) -> list[str]:
    return [name.strip().casefold() for name in cells or ()]


def _from_csv(table: _CsvTable, heads: _Heads, flaws: FileProblems) -> Iterator[_Row | FlawedDay]:
    while (cells := table.next()) is not None:
        if not cells:
            continue
        if len(cells) != heads.length:
            told = f"expected {heads.length} cells, found {len(cells)}"
            yield FlawedDay(None, flaws.figure_flaw("wrong-columns", told, table.place()))
            continue
        money = "" if heads.currency is None else cells[heads.currency].strip()
        others = [cell for i, cell in enumerate(cells) if i not in (heads.day, heads.close, heads.currency)]
        dividend = "" if heads.dividend is None else cells[heads.dividend]
        yield _Row(
            cells[heads.day], cells[heads.close], partial(_same, table.place()), others, dividend, money
        )


def _same(place: SourceSpan) -> SourceSpan:
    return place


def _column(names: list[str], wanted: tuple[str, ...], flaws: FileProblems) -> int:
    place = SourceSpan(flaws.shown, 1, 1)
    found = [name for name in wanted if name in names]
    if found and names.count(found[0]) == 1:
        return names.index(found[0])
    if found:
        raise flaws.refuse_with("duplicate-column", f"the column `{found[0]}` is there twice", place)
    hint = (
        "take the plain close: one adjusted for dividends will not do (yfinance: `auto_adjust=False`)"
        if wanted is _CLOSE_COLUMNS
        else ""
    )
    raise flaws.refuse_with("missing-column", f"there is no column `{wanted[0]}`", place, hint)


# JSON ------------------------------------------------------------------------------------------


def _from_json(value: Any, data: bytes, flaws: FileProblems) -> Iterator[_Row]:
    days, closes = _list(value, _DAYS, flaws), _list(value, _CLOSES, flaws)
    if len(days[1]) != len(closes[1]):
        told = f"{len(days[1]):,} dates and {len(closes[1]):,} closes"
        raise flaws.refuse_with("wrong-type", told, JsonPlaces(data, flaws.shown).of(closes[0]))
    places: list[JsonPlaces] = []

    def place(index: int) -> SourceSpan:
        if not places:
            places.append(JsonPlaces(data, flaws.shown))
        return places[0].of(closes[0], index)

    currency = str(value.get(_CURRENCY) or "").strip()
    for index, (day, close) in enumerate(zip(days[1], closes[1], strict=True)):
        yield _Row(day, close, partial(place, index), currency=currency)


def _list(value: Any, names: tuple[str, ...], flaws: FileProblems) -> tuple[str, list[Any]]:
    found = [name for name in names if isinstance(value, dict) and isinstance(value.get(name), list)]
    if len(found) != 1:
        raise flaws.refuse_with("missing-key", f"expected an object with a list `{names[0]}`")
    return found[0], value[found[0]]
