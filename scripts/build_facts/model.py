"""What a fact file holds: values as intervals, facts as rows, and the dates that periods stand for."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from decimal import Decimal

HEADER = ("concept", "period", "value", "unit", "filed", "source", "how", "note")
Row = dict[str, str]
BILLION = Decimal(10**9)


class DataError(Exception):
    """The gathered data contradicts itself, or the notes that describe it."""


@dataclass(frozen=True)
class Target:
    """Where a source concept goes: our name and unit, its scale, and half its last printed digit."""

    concept: str
    unit: str = "USD"
    scale: Decimal = Decimal(1)
    half: Decimal = Decimal(0)


@dataclass(frozen=True)
class Value:
    """A figure as printed: a point, a range, one-sided, or a word such as `discontinued`."""

    lo: Decimal | None = None
    hi: Decimal | None = None
    word: str = ""

    @staticmethod
    def parse(text: str) -> Value:
        if text[0] in "<>":
            end = Decimal(text[1:])
            return Value(lo=end) if text[0] == ">" else Value(hi=end)
        ends = sorted(Decimal(end) for end in text.split(".."))
        return Value(ends[0], ends[-1])

    @property
    def ends(self) -> tuple[Decimal, Decimal]:
        if self.lo is None or self.hi is None:
            raise DataError(f"{self} has no two ends")
        return self.lo, self.hi

    @property
    def width(self) -> Decimal:
        return Decimal("Infinity") if self.lo is None or self.hi is None else self.hi - self.lo

    def widen(self, half: Decimal) -> Value:
        """The range that rounds to this point; ranges and one-sided figures stay as they are."""
        return self if self.width else Value(self.ends[0] - half, self.ends[1] + half)

    def scale(self, by: Decimal) -> Value:
        return Value(None if self.lo is None else self.lo * by, None if self.hi is None else self.hi * by)

    def less(self, other: Value) -> Value:
        (low, high), (other_low, other_high) = self.ends, other.ends
        return Value(low - other_high, high - other_low)

    def covers(self, other: Value) -> bool:
        if self.word or other.word:
            return self == other
        below = self.lo is None or (other.lo is not None and self.lo <= other.lo)
        return below and (self.hi is None or (other.hi is not None and other.hi <= self.hi))

    def __str__(self) -> str:
        if self.word:
            return self.word
        if self.lo is None or self.hi is None:
            return f">{plain(self.lo)}" if self.lo is not None else f"<{plain(self.hi or Decimal(0))}"
        return plain(self.lo) if self.lo == self.hi else f"{plain(self.lo)}..{plain(self.hi)}"


def plain(number: Decimal) -> str:
    """Digits without exponent or trailing zeros after the point."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


@dataclass(frozen=True)
class Fact:
    """One row of a fact file."""

    concept: str
    period: str
    value: Value
    unit: str
    filed: str
    source: str
    how: str
    note: str = ""

    @property
    def second_hand(self) -> bool:
        return self.how.startswith("transcribed (secondary)")

    @property
    def is_copy(self) -> bool:
        """Whether it was read in a copy, a restatement among them."""
        return "(secondary)" in self.how.partition(":")[0]

    def cells(self) -> tuple[str, ...]:
        return (
            self.concept,
            self.period,
            str(self.value),
            self.unit,
            self.filed,
            self.source,
            self.how,
            self.note,
        )


def quarter_of(day: str) -> str:
    return f"{day[:4]}Q{(int(day[5:7]) + 2) // 3}"


def period_end(period: str) -> str:
    """The last day of a quarter; a dated period is its own end."""
    if "Q" not in period:
        return period
    year, month = int(period[:4]), 3 * int(period[5])
    return f"{year}-{month:02d}-{monthrange(year, month)[1]}"


def full_date(filed: str) -> str:
    """A filing known by its month only counts from that month's last day."""
    return filed if len(filed) > 7 else f"{filed}-{monthrange(int(filed[:4]), int(filed[5:7]))[1]}"
