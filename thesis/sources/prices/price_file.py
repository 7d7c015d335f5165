"""Reads daily closing prices from a table or a JSON file, as sites, libraries and spreadsheets write them.

Only closes adjusted for splits are of use beside share counts: a series that jumps by half or more from
one day to the next looks like one that is not, and is refused, but for the days of splits that are known.
A close adjusted for dividends is none: nobody paid it. How a table is read, and which of its columns is
which, stands in ``price_table`` and ``price_columns``; the forms of days in ``price_days``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import partial
from itertools import pairwise
from typing import Any, NamedTuple

from thesis.core.currency import PARTS, minor_unit, named_currencies
from thesis.core.interval import total
from thesis.core.number_text import decimal_sign, read_number
from thesis.core.problem import FileProblems, Problem, SourceSpan
from thesis.facts.fact_file import plain_digits
from thesis.sources.prices.price_days import DayOrder, day_order, read_day
from thesis.sources.prices.price_table import PriceHead, PriceTable, is_price_table
from thesis.sources.reported_fact import bounded_number
from thesis.sources.strict_json import JsonPlaces, read_json

LARGEST_MOVE = Decimal("1.8")  # a split of 2 for 1 halves the price; no day of trading is expected to
LONGEST_GAP = 10  # days; over more than that a price may well have halved
MOST_BYTES = 50_000_000
HEAD = 8192  # bytes in which the names of the columns, or the first keys of JSON, are expected
_DAYS, _CLOSES, _CURRENCY = ("dates", "date"), ("closes", "close"), "currency"
_BLANK = ("", "null", "nan", "n/a", "none", "-")
_DAILY = ("", "d", "1d", "daily", "day")
_SUFFIXED = re.compile(r"[-+]?([0-9][0-9.,]*) ?[KMB%]?")
_PAID = re.compile(r"([0-9][0-9.,]*)\s+dividend", re.IGNORECASE)
_SPLIT_ROW = re.compile(r"([0-9.]+)\s*(?::|for|/|-)\s*([0-9.]+)\s+(?:stock )?splits?", re.IGNORECASE)
_MONTHLY, _WEEKLY = 27, 7  # days from one row to the next
_ENOUGH = 3  # rows that show at what interval a file has its closes


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
    ``has_adjusted`` says that it has closes adjusted for dividends beside those that were traded, and
    ``splits`` are those that the file states, new shares for old by the day of the new price.
    """

    ticker: str
    closes: list[ClosingPrice]
    flawed: tuple[FlawedDay, ...] = ()
    blank: int = 0
    dividends: Mapping[date, Decimal] = {}
    is_unsure: bool = False
    has_adjusted: bool = False
    splits: Mapping[date, Fraction] = {}


class _Row(NamedTuple):
    """A row as it was found; ``place`` is asked for only if something is wrong with it."""

    day: Any
    close: Any
    place: Callable[[], SourceSpan]
    others: Sequence[str] = ()
    dividend: str = ""
    currency: str = ""
    split: str = ""


def is_prices(head: bytes) -> bool:
    """Whether a file that starts like this holds prices, as far as its first bytes tell."""
    start = head[:HEAD].removeprefix(b"\xef\xbb\xbf").lstrip()
    if start[:1] == b"{":
        return any(b'"%s"' % name.encode() in start for name in _DAYS) and b'"facts"' not in start
    return is_price_table(head[:HEAD])


def read_prices(data: bytes, shown: str, splits: Collection[date] = (), currency: str = "") -> PriceFile:
    """The closes, oldest first; a row that cannot be read is kept with what is wrong with it.

    Of a table with a day and a close, or of JSON with lists ``dates`` and ``closes``, and perhaps a
    ``ticker``; a column or key ``currency`` says what they are in, else ``currency`` does, GBX being pence,
    else a ``$`` before the closes. Over a day of ``splits``, of a split that the file states, or of a jump
    that is accepted, a price may jump: whether it is adjusted for is not asked here.
    Errors: ``InvalidInput`` where the file is of another form or no row of it can be read, with days that
    are doubled, and with jumps that look like splits.
    """
    flaws = FileProblems(shown)
    is_json = data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[")
    head: PriceHead | None = None
    if is_json:
        value = read_json(data, flaws)
        named = value.get("ticker") if isinstance(value, dict) else None
        ticker = named if isinstance(named, str) else ""
        rows: Iterator[_Row | FlawedDay] = _from_json(value, data, flaws)
        found = list(rows)
    else:
        table = PriceTable(data, flaws)
        head = table.head
        found, ticker = _from_table(table, flaws)
    order = _day_order(found, head, flaws)
    read = _ReadRows(flaws, currency, _decimal_sign(found, head, flaws), order)
    for row in found:
        read.take(row)
    closes = read.in_order([*splits, *read.splits])
    if not closes and not flaws.problems:
        _tell_of_none(read.flawed, flaws)
    _refuse_longer_steps([close.day for close in closes], flaws)
    has_adjusted = head is not None and "adjusted" in head.columns
    is_adjusted = head is not None and not has_adjusted
    if is_adjusted and closes:
        _refuse_large_dividends(read.dividends, closes, flaws)
    flaws.settle()
    dividends = read.dividends if is_adjusted else {}
    is_unsure = bool(head and head.is_download and is_adjusted and not dividends)
    flawed = tuple(read.flawed)
    return PriceFile(ticker, closes, flawed, read.blank, dividends, is_unsure, has_adjusted, read.splits)


def _refuse_longer_steps(days: Sequence[date], flaws: FileProblems) -> None:
    """Tell of a file of weeks or months whose days are the first of each, while a close is of its last."""
    steps = [(after - before).days for before, after in pairwise(days)]
    if len(days) < _ENOUGH:
        return
    is_weekly = min(steps) >= _WEEKLY and {day.weekday() for day in days[:-1]} == {0}
    if is_weekly or (min(steps) >= _MONTHLY and all(day.day == 1 for day in days[:-1])):
        rows = "Mondays of weeks" if is_weekly else "first days of months"
        told = f"its rows are the {rows}, and the close of a week or a month is of its last day"
        flaws.flaw("not-daily", told, None, "take daily closes")


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

    def __init__(self, flaws: FileProblems, currency: str, decimal: str, order: DayOrder) -> None:
        self._flaws = flaws
        self._decimal = decimal
        self._currency = currency
        self._order = order
        self._closes: list[tuple[ClosingPrice, _Row]] = []
        self.splits: dict[date, Fraction] = {}
        self.flawed: list[FlawedDay] = []
        self.dividends: dict[date, Decimal] = {}
        self.blank = 0

    def take(self, row: _Row | FlawedDay) -> None:
        """A day's close; a day without any figure is counted."""
        if isinstance(row, FlawedDay):
            self.flawed.append(row)
            return
        try:
            day = read_day(str(row.day), self._order)
        except ValueError as error:
            flaw = self._flaws.figure_flaw("bad-date", str(error), row.place())
            self.flawed.append(FlawedDay(None, flaw))
            return
        try:
            if row.split:
                self._note_split(day, row.split)
            if _is_blank(row.close) and all(_is_blank(cell) or _is_zero(cell) for cell in row.others):
                self._note_dividend(day, row)
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

    def _note_split(self, day: date, text: str) -> None:
        """New shares for old on a day, where a file states them. Errors: ``ValueError``."""
        parts = text.split(":")
        ratio = Fraction(1) if _is_blank(text) or all(_is_zero(part) for part in parts) else _ratio(parts)
        if ratio != 1:
            self.splits[day] = ratio

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


def _ratio(parts: Sequence[str]) -> Fraction:
    """Errors: ``ValueError`` for what is no ratio of shares."""
    numbers = [Fraction(bounded_number(read_number(part, style="file").exact)) for part in parts]
    if len(numbers) > 2 or min(numbers) <= 0:
        raise ValueError(f"expected new shares for old, as in 4 or 4:1, found `{':'.join(parts)[:40]}`")
    return numbers[0] / numbers[1] if len(numbers) > 1 else numbers[0]


def _day_order(rows: Sequence[_Row | FlawedDay], head: PriceHead | None, flaws: FileProblems) -> DayOrder:
    """Which number of the days goes first. Errors: ``InvalidInput`` where the file does not say."""
    texts = [str(row.day) for row in rows if isinstance(row, _Row)]
    try:
        return day_order(texts, head.day_order if head else "")
    except ValueError as error:
        place = _place_of(rows, str(error), "day")
        raise flaws.refuse_with("two-readings", str(error), place, "write days as 2026-07-31") from None


def _decimal_sign(rows: Sequence[_Row | FlawedDay], head: PriceHead | None, flaws: FileProblems) -> str:
    """The decimal sign of a file: by its closes, else by its other columns as well.

    Errors: ``InvalidInput`` where it has two, or may have either.
    """
    sound = [row for row in rows if isinstance(row, _Row)]
    own = [str(row.close) for row in sound] + [row.dividend for row in sound if row.dividend]
    others = [
        found[1] for row in sound for cell in row.others if (found := _SUFFIXED.fullmatch(cell.strip()))
    ]
    usual = "." if head is None or head.separator == "," else ""
    try:
        try:
            return decimal_sign(own)
        except ValueError:
            return decimal_sign([*own, *others], default=usual)
    except ValueError as error:
        hint = "write closes with a decimal point and without separators, as in 1234.56"
        place = _place_of(rows, str(error), "close")
        raise flaws.refuse_with("two-readings", str(error), place, hint) from None


def _place_of(rows: Sequence[_Row | FlawedDay], told: str, field: str) -> SourceSpan | None:
    """Where the cell stands that a message quotes."""
    named = (row for row in rows if isinstance(row, _Row) and f"`{str(getattr(row, field)).strip()}`" in told)
    return next((row.place() for row in named), None)


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


# tables ----------------------------------------------------------------------------------------


def _from_table(table: PriceTable, flaws: FileProblems) -> tuple[list[_Row | FlawedDay], str]:
    """The rows of a table, and whose prices they are, by its head or by a column.

    Errors: ``InvalidInput`` for rows of several shares, or of other steps than days.
    """
    head, found = table.head, list[_Row | FlawedDay]()
    tickers: dict[str, None] = {}
    used = {
        head.columns[role] for role in ("day", "close", "currency", "ticker", "step") if role in head.columns
    }
    for cells in table.rows():
        place = table.place()
        paid = [cell for i, cell in enumerate(cells) if cell.strip() and i != head.columns["day"]]
        if len(paid) == 1 and (row := _of_event(cells[head.columns["day"]], paid[0], place)):
            found.append(row)
            continue
        if len(cells) != head.width:
            if _is_note(cells):
                continue
            told = f"expected {head.width} cells, found {len(cells)}"
            found.append(FlawedDay(None, flaws.figure_flaw("wrong-columns", told, place)))
            continue
        if (step := head.cell(cells, "step").strip().casefold()) not in _DAILY:
            told = f"a row is of `{step[:20]}`, and not of a day"
            raise flaws.refuse_with("not-daily", told, place, "take daily closes")
        tickers[head.cell(cells, "ticker").strip().upper()] = None
        if len(tickers) > 1:
            told = f"it holds the prices of several shares: {', '.join(tickers)[:80]}"
            raise flaws.refuse_with("several-shares", told, place, "write one file for each of them")
        found.append(
            _Row(
                head.cell(cells, "day"),
                head.cell(cells, "close"),
                partial(_same, place),
                [cell for i, cell in enumerate(cells) if i not in used],
                head.cell(cells, "dividend"),
                head.cell(cells, "currency").strip() or head.currency,
                head.cell(cells, "split").strip(),
            )
        )
    return found, head.ticker or next(iter(tickers), "").removesuffix(".US")


def _is_note(cells: Sequence[str]) -> bool:
    """Whether a row is a remark below a table: one text, and no day."""
    texts = [cell for cell in cells if cell.strip()]
    try:
        read_day(texts[0])
    except ValueError:
        return len(texts) == 1
    return False


def _of_event(day: str, told: str, place: SourceSpan) -> _Row | None:
    """A row that states a dividend or a split in words, as Yahoo's page does among its prices."""
    paid, split = _PAID.fullmatch(told.strip()), _SPLIT_ROW.fullmatch(told.strip())
    if not (paid or split):
        return None
    ratio = f"{split[1]}:{split[2]}" if split else ""
    return _Row(day, "", partial(_same, place), (), paid[1] if paid else "", "", ratio)


def _same(place: SourceSpan) -> SourceSpan:
    return place


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
