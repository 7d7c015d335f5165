"""Rows of a fact file, and what new rows add to those already in it.

Rows are only ever added. A figure that says again what was known on its day adds nothing; one that says
something else is a restatement and is kept, from its own filing day on. The lines that a file has stay as
they are, byte for byte, and new ones go where they belong among them.
"""

from __future__ import annotations

import csv
import io
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Literal, NamedTuple, get_args

from thesis.core.interval import Interval
from thesis.core.period import parse_day
from thesis.facts.fact import COLUMNS, OPTIONAL, TEXTS, common_value, parse_period, parse_value
from thesis.facts.provenance import DERIVED, Provenance, provenance
from thesis.files.csv import marked_text, read_csv

Kind = Literal["new", "restated", "sharper", "confirmed", "unchanged", "conflicting"]
KINDS: tuple[Kind, ...] = get_args(Kind)
ADDED: tuple[Kind, ...] = ("new", "restated", "sharper", "confirmed")

HEADER = ",".join((*COLUMNS, *OPTIONAL))


class FactRow(NamedTuple):
    """A row of a fact file, or one to be; ``value`` and ``period`` are texts as the file has them.

    ``place`` says where it stands: a line of the fact file, or of the filing. ``slack`` is how far a value
    may be from it and still be the same figure before it was rounded; 0 where it is exact, or nobody knows.
    """

    concept: str
    period: str
    value: str
    unit: str
    filed: date
    source: str
    how: str
    note: str = ""
    place: str = ""
    slack: Decimal = Decimal(0)

    @property
    def provenance(self) -> Provenance:
        """The document that the row stands in, and how it was read."""
        return provenance(self.source, self.how, self.note)

    @property
    def is_daily(self) -> bool:
        """Whether its period is a day, as a price's is."""
        return "-" in self.period

    @property
    def ends(self) -> tuple[Decimal, Decimal] | None:
        """The value exactly, or its two ends; none of a word, a floor or a percentage."""
        lo, dots, hi = self.value.partition("..")
        try:
            low = Decimal(lo)
            return (low, Decimal(hi) if dots else low) if low.is_finite() else None
        except InvalidOperation:
            return None

    @property
    def order(self) -> tuple[str, str, str, str]:
        return self.concept, self.period, str(self.filed), self.source


class RowChange(NamedTuple):
    """What a row does to a file: it is added or not, and ``old`` is the row that it was held against."""

    kind: Kind
    row: FactRow
    old: FactRow | None = None


def plain_digits(value: Decimal) -> str:
    """Digits, without an exponent or zeros that say nothing.

    >>> plain_digits(Decimal("1.690E+10")), plain_digits(Decimal("0.7560"))
    ('16900000000', '0.756')
    """
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def value_text(lo: Decimal, hi: Decimal) -> str:
    """A value as a file has it: one number, or two ends."""
    return plain_digits(lo) if lo == hi else f"{plain_digits(lo)}..{plain_digits(hi)}"


def half_a_digit(price: Decimal) -> Decimal:
    """Half of the last digit of a price, which is quoted in cents at the coarsest.

    >>> half_a_digit(Decimal("21.7045")), half_a_digit(Decimal("84"))
    (Decimal('0.00005'), Decimal('0.005'))
    """
    exponent = price.as_tuple().exponent
    assert isinstance(exponent, int)  # no price is infinite
    return Decimal(5).scaleb(min(exponent, -2) - 1)


def rows_on(rows: Iterable[FactRow], day: date) -> list[FactRow]:
    """The rows that count on a day: those of the last filing day by then."""
    known = [row for row in rows if row.filed <= day]
    newest = max((row.filed for row in known), default=day)
    return [row for row in known if row.filed == newest]


class FactFile:
    """The rows of one file by concept and period, growing."""

    def __init__(self, rows: Iterable[FactRow]) -> None:
        self._rows: dict[str, dict[str, list[FactRow]]] = defaultdict(dict)
        for row in rows:
            self._put(row)

    @property
    def concepts(self) -> list[str]:
        return sorted(self._rows)

    def of(self, concept: str) -> dict[str, list[FactRow]]:
        """The rows of a concept by period."""
        return self._rows[concept]

    def take(self, rows: Iterable[FactRow]) -> Iterator[RowChange]:
        """What each row does, in order of filing; those that add something are added."""
        for row in sorted(rows, key=_turn):
            change = _change(row, self._rows[row.concept].get(row.period, []))
            if change.kind in ADDED:
                self._put(row)
            yield change

    def _put(self, row: FactRow) -> None:
        self._rows[row.concept].setdefault(row.period, []).append(row)


def _turn(row: FactRow) -> tuple[object, ...]:
    """The order in which rows are taken: whatever the order of files, and what is stated before the rest."""
    worked_out = row.provenance.kind == DERIVED
    return row.filed, row.source, row.order, row.value, worked_out, row.how, row.note


def _change(row: FactRow, known: Sequence[FactRow]) -> RowChange:
    """A row held against what was known of its period on its day."""
    if row.provenance.is_difference and any(
        not each.provenance.is_difference and each.filed <= row.filed for each in known
    ):
        return RowChange("unchanged", row)  # what is stated needs no working out
    held = rows_on(known, row.filed)
    if not held:
        return RowChange("new", row)
    same_day = held[0].filed == row.filed
    equal = [old for old in held if _says_no_more(row, old)]
    if equal:
        firsthand = not row.provenance.is_secondary and all(old.provenance.is_secondary for old in equal)
        return RowChange("confirmed" if firsthand else "unchanged", row, equal[0])
    old = held[-1]
    if same_day and any(
        each.provenance.document == row.provenance.document and _overlap(row, each) for each in held
    ):
        return RowChange("unchanged", row, old)  # one document, read more or less exactly
    if any(_is_sharper(row, each) for each in held):
        return RowChange("sharper", row, old)
    if not same_day:
        return RowChange("restated", row, old)
    worked_out = row.provenance.is_difference or all(each.provenance.is_difference for each in held)
    close = all(common_value(_value(row), _value(each)) is not None for each in held)
    return RowChange(
        "unchanged" if worked_out and close else "conflicting", row, old
    )  # differences round apart


def _says_no_more(row: FactRow, old: FactRow) -> bool:
    """Whether a row has the value of another, a wider range around it, or that value rounded."""
    new, was = _value(row), _value(old)
    if isinstance(new, str) or isinstance(was, str):
        return new == was
    if new.lo <= was.lo and was.hi <= new.hi:
        return True
    return _is_rounder(row, old)


def _is_rounder(row: FactRow, old: FactRow) -> bool:
    """Whether a row may be another rounded further: what both may be before rounding has a part in common.

    Figures rounded to the same place are the same figure only if they are equal.
    """
    mine, theirs = row.ends, old.ends
    if mine is None or theirs is None:
        return False
    if row.is_daily:
        slack = max(row.slack, half_a_digit(theirs[0])) if row.slack else row.slack
    else:
        slack = row.slack + old.slack if row.slack > old.slack else Decimal(0)
    return bool(slack) and all(abs(a - b) <= slack for a, b in zip(mine, theirs, strict=True))


def is_same_figure(row: FactRow, old: FactRow) -> bool:
    """Whether two rows may state one figure, either of them rounded further or told less exactly."""
    return _says_no_more(row, old) or _is_sharper(row, old)


def _is_sharper(row: FactRow, old: FactRow) -> bool:
    """Whether a row says the same more exactly: within the range that was known, or of fewer digits lost."""
    new, was = _value(row), _value(old)
    if isinstance(was, str) or isinstance(new, str):
        return False
    is_within = was.lo <= new.lo and new.hi <= was.hi
    return is_within or (not row.is_daily and row.slack > 0 and _is_rounder(old, row))


def _overlap(row: FactRow, old: FactRow) -> bool:
    new, was = _value(row), _value(old)
    return isinstance(new, Interval) and isinstance(was, Interval) and new.lo <= was.hi and was.lo <= new.hi


def _value(row: FactRow) -> Interval | str:
    return parse_value(row.value)


# the file --------------------------------------------------------------------------------------


def read_rows(text: str, shown: str) -> list[FactRow]:
    """The rows of a file that was checked. Errors: ``InvalidInput`` where it is not the CSV expected."""
    return [
        FactRow(
            concept, _in_files(period), value, unit, parse_day(filed), source, how, note, f"{shown}:{line}"
        )
        for line, (concept, period, value, unit, filed, source, how, note) in read_csv(
            text, shown, COLUMNS, OPTIONAL, TEXTS
        )
    ]


def _in_files(period: str) -> str:
    """A period that was checked, as files have it: ``2026Q2`` of ``Q2 2026``."""
    is_canonical = "q" not in period.lower() or (len(period) == 6 and period[4] == "Q")
    return period if is_canonical else str(parse_period(period))


def add_rows(data: bytes, shown: str, rows: Sequence[FactRow]) -> bytes:
    """A file with rows added, each after the last row that it follows in order of concept, period and day.

    A file that is empty gets a header. Errors: ``InvalidInput`` where it is not the CSV expected.
    """
    if not rows:
        return data
    text = data.decode("utf-8") or f"{HEADER}\n"
    lines = text.split("\n")
    ended = "\r\n" if lines[0].endswith("\r") else "\n"
    records = read_csv(text.removeprefix("\ufeff").replace("\r\n", "\n"), shown, COLUMNS, OPTIONAL)
    header = next(csv.reader([lines[0].removeprefix("\ufeff").rstrip("\r")]))
    keys = sorted(((cells[0], cells[1], cells[4], cells[5]), i) for i, (_, cells) in enumerate(records))
    first = records[0][0] - 1 if records else 1
    inserts: dict[int, list[str]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: row.order):
        before = bisect_right(keys, (row.order, len(records)))
        after = _last_line(keys[before - 1][1], records, lines) if before else first
        inserts[after].append(_line(row, header))
    whole = [f"{line}\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])
    if len(whole) in inserts and not whole[-1].endswith("\n"):
        whole[-1] += ended
    out = [whole[0]]
    for number, line in enumerate(whole[1:], 1):
        out += [added + ended for added in inserts.pop(number, ())]
        out.append(line)
    out += [added + ended for added in inserts.pop(len(whole), ())]
    return "".join(out).encode("utf-8")


def _last_line(record: int, records: Sequence[tuple[int, Sequence[str]]], lines: Sequence[str]) -> int:
    """The number of the line on which a row ends: a quoted text may hold several."""
    last = records[record + 1][0] - 1 if record + 1 < len(records) else len(lines)
    while last > records[record][0] and not lines[last - 1].strip():
        last -= 1
    return last


def _line(row: FactRow, header: Sequence[str]) -> str:
    """A row in the order of a file's columns; where it has none for notes, the note goes with `how`."""
    cells = dict(zip((*COLUMNS, *OPTIONAL), (*row[:4], str(row.filed), *row[5:8]), strict=True))
    if "note" not in header and row.note:
        cells["how"] = f"{row.how}; {row.note}"
    cells |= {name: marked_text(cells[name]) for name in TEXTS}
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow([cells[name] for name in header])
    return out.getvalue()
