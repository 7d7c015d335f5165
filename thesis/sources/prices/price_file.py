"""Reads daily closing prices from a CSV or JSON file.

Only closes adjusted for splits are of use beside share counts: a series that jumps by half or more from
one day to the next looks like one that is not, and is refused, but for the days of splits that are known.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Collection, Iterator
from datetime import date
from decimal import Decimal
from functools import partial
from itertools import pairwise
from typing import Any, NamedTuple

from thesis.core.currency import PARTS, minor_unit
from thesis.core.period import parse_day
from thesis.core.problem import FileProblems, SourceSpan
from thesis.facts.fact_file import plain_digits
from thesis.sources.reported_fact import parse_number
from thesis.sources.strict_json import JsonPlaces, read_json

LARGEST_MOVE = Decimal("1.8")  # a split of 2 for 1 halves the price; no day of trading is expected to
LONGEST_GAP = 10  # days; over more than that a price may well have halved
MOST_BYTES = 50_000_000
HEAD = 4096  # bytes in which the header of a CSV, or the first keys of JSON, are expected
_DAYS, _CLOSES, _CURRENCY = ("dates", "date"), ("closes", "close"), "currency"


class ClosingPrice(NamedTuple):
    """A day and what the share closed at, in whole units of its currency.

    ``currency`` is empty where neither the file nor the user names one. ``quoted`` is the price as the file
    has it where that is in pence or the like: ``1234 GBX``.
    """

    day: date
    close: Decimal
    currency: str = ""
    quoted: str = ""


class PriceFile(NamedTuple):
    """The closes of one share, oldest first, and whose they are, where the file says so."""

    ticker: str
    closes: list[ClosingPrice]


class _Row(NamedTuple):
    """A row as it was found; ``place`` is asked for only if something is wrong with it."""

    day: Any
    close: Any
    place: Callable[[], SourceSpan]
    currency: str = ""


def is_prices(head: bytes) -> bool:
    """Whether a file that starts like this holds prices, as far as its first bytes tell."""
    start = head[:HEAD].removeprefix(b"\xef\xbb\xbf").lstrip()
    if start[:1] == b"{":
        return any(b'"%s"' % name.encode() in start for name in _DAYS) and b'"facts"' not in start
    names = start.split(b"\n")[0].strip().lower().replace(b'"', b"").split(b",")
    return b"date" in names and any(b"close" in name for name in names)


def read_prices(data: bytes, shown: str, splits: Collection[date] = (), currency: str = "") -> PriceFile:
    """The closes, oldest first.

    Of a CSV with the columns Date and Close, or of JSON with lists ``dates`` and ``closes``, and perhaps a
    ``ticker``; a column or key ``currency`` says what they are in, else ``currency`` does, GBX being pence.
    Over a day of ``splits`` a price may jump: whether it is adjusted for is not asked here.
    Errors: ``InvalidInput`` with every row that is wrong, doubled, or a jump that looks like a split.
    """
    flaws = FileProblems(shown)
    is_json = data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[")
    value = read_json(data, flaws) if is_json else None
    rows = _from_json(value, data, flaws) if is_json else _from_csv(data, flaws)
    read = [(close, row) for row in rows if (close := _close(row, flaws, currency)) is not None]
    read.sort(key=lambda pair: pair[0].day)
    for (before, _), (after, row) in pairwise(read):
        if not any(before.day < day <= after.day for day in splits):
            _compare(before, after, row, flaws)
    if not read and not flaws.problems:
        flaws.flaw("empty-file", "no prices in it")
    flaws.settle()
    ticker = value.get("ticker") if isinstance(value, dict) else None
    return PriceFile(ticker if isinstance(ticker, str) else "", [close for close, _ in read])


def _close(row: _Row, flaws: FileProblems, currency: str) -> ClosingPrice | None:
    try:
        price = parse_number(str(row.close))
    except ValueError as error:
        flaws.flaw("bad-value", str(error), row.place())
        return None
    if price <= 0:
        flaws.flaw("bad-value", f"expected a price above 0, found `{price}`", row.place())
        return None
    try:
        return _in_whole_units(parse_day(str(row.day).strip()), price, row.currency or currency)
    except ValueError as error:
        flaws.flaw("bad-date", str(error), row.place())
        return None


def _in_whole_units(day: date, price: Decimal, currency: str) -> ClosingPrice:
    """A close in pounds where it is quoted in pence."""
    minor = minor_unit(currency)
    if minor is None:
        return ClosingPrice(day, price, currency.upper())
    return ClosingPrice(day, price / PARTS, minor.currency, f"{plain_digits(price)} {currency}")


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


_SPLIT = "if the share was split, declare it under `splits` in metrics.yaml, or take adjusted closes"
_HUNDREDTHS = (
    f"{PARTS} times is a change between pence and pounds: take closes of one unit, or a file that has a "
    "column `Currency` (GBX for pence)"
)


# CSV -------------------------------------------------------------------------------------------


def _from_csv(data: bytes, flaws: FileProblems) -> Iterator[_Row]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        told = f"expected UTF-8 text, found the byte 0x{data[error.start]:02x}"
        raise flaws.refuse_with("not-utf-8", told, SourceSpan(flaws.shown, line, 1)) from None
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [name.strip().casefold() for name in next(rows, [])]
        day, close = (_column(header, name, flaws) for name in ("date", "close"))
        money = header.index(_CURRENCY) if _CURRENCY in header else None
        for cells in rows:
            place = SourceSpan(flaws.shown, rows.line_num, 1)
            if not cells:
                continue
            if len(cells) != len(header):
                flaws.flaw("wrong-columns", f"expected {len(header)} cells, found {len(cells)}", place)
                continue
            currency = cells[money].strip() if money is not None else ""
            yield _Row(cells[day], cells[close], partial(SourceSpan, flaws.shown, rows.line_num, 1), currency)
    except csv.Error as error:
        raise flaws.refuse_with(
            "csv-syntax", str(error), SourceSpan(flaws.shown, max(1, rows.line_num), 1)
        ) from None


def _column(header: list[str], name: str, flaws: FileProblems) -> int:
    place = SourceSpan(flaws.shown, 1, 1)
    if header.count(name) == 1:
        return header.index(name)
    if name in header:
        raise flaws.refuse_with("duplicate-column", f"the column `{name}` is there twice", place)
    hint = "a close adjusted for dividends will not do" if name == "close" else ""
    raise flaws.refuse_with("missing-column", f"there is no column `{name}`", place, hint)


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
        yield _Row(day, close, partial(place, index), currency)


def _list(value: Any, names: tuple[str, ...], flaws: FileProblems) -> tuple[str, list[Any]]:
    found = [name for name in names if isinstance(value, dict) and isinstance(value.get(name), list)]
    if len(found) != 1:
        raise flaws.refuse_with("missing-key", f"expected an object with a list `{names[0]}`")
    return found[0], value[found[0]]
