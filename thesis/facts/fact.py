"""Facts: reported values, each with the day it became public; every vintage is kept, none is edited.

A file of facts is a CSV per entity. Looking from a day gives a ``Vintage``: for each concept and
quarter the latest row filed by then. A row is only ever superseded by a later row for the same
period, so a restated old quarter never becomes the newest one.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache, cached_property
from itertools import groupby
from typing import Annotated, Literal, NamedTuple, TypeVar

from thesis.core.field_types import ASSUMED, LARGEST, PROBABILITY, SIGN, UNIT
from thesis.core.interval import EVERYTHING, Interval, point
from thesis.core.number_text import SHOWN, WrittenNumber, read_number, remedy
from thesis.core.period import FIRST_YEAR, LAST_YEAR, Quarter, parse_day, read_quarter
from thesis.core.record import record
from thesis.core.strict_ends import less_than, more_than, stated_end
from thesis.facts.provenance import Provenance, provenance
from thesis.files.csv import read_csv

COLUMNS = ("concept", "period", "value", "unit", "filed", "source", "how")
OPTIONAL = ("note",)
TEXTS = ("source", "how", "note")
"""The columns of sentences, which a spreadsheet might take for formulas."""
FILE_ENDING = ".csv"
WITHHELD = ("not disclosed", "discontinued")
UNDISCLOSED = ("missing", *WITHHELD)
AGREE = 0.005  # two sources of one day that differ by more than this contradict each other
MONTHS = {"FY": 12, "9M": 9, "6M": 6}

CONFIG = {"extra": "forbid", "allow_inf_nan": False}  # for pydantic

Read = TypeVar("Read")
Kind = Literal["flow", "stock", "rate", "daily", "register"]


@record
class LineItem:
    """Something reported: what it is called, measured in and where filings carry it."""

    __pydantic_config__ = CONFIG

    label: str
    """What to call it in a memo."""
    unit: Annotated[str, UNIT]
    """USD, shares, USD/share, ratio, count or years."""
    kind: Kind
    """flow: over a quarter; stock: at its end; rate: a ratio reported as such; daily: by date, like
    a price; register: items that are added up, a quarter with no row at all being unknown."""
    entity: str = ""
    """Whose it is, if not the thesis' own entity's."""
    tag: str = ""
    """The XBRL tag that carries it; of several, `a | b` are two names of one figure, and `a > b` takes
    the first that a filing states for a period."""
    least_share: Annotated[str, PROBABILITY] = ""
    """Of tags in order: a figure below this share of one under a later tag is a part, and is passed over."""
    where: Mapping[str, str] | None = None
    """XBRL dimensions that must be present, and no others: axis to member, or to `*` for any."""
    sign: Annotated[int, SIGN] = 1
    """-1, if filings state it the other way round: an outflow as a negative number."""
    source: str = ""
    """Where it stands, if no XBRL tag carries it."""
    release: str = ""
    """Its line in the tables of earnings releases: `WW shipping costs`, or under a heading
    `AWS segment > Net sales`; several spellings as `old | new`."""
    assume: Annotated[str, ASSUMED] = ""
    """The range to use where no figure is disclosed, with a row that says so or with none: 25%..45%."""
    assume_beside: str = ""
    """Assume it only for a quarter in which this line item is known: `assets`, of what a balance sheet
    would state."""
    assume_unless: Sequence[str] = ()
    """And only where none of these is known in the quarter or the three before it: other line items that
    may hold the figure."""
    central: Annotated[str, ASSUMED] = ""
    """The middle that the author would name, inside the assumed range."""
    reach: Annotated[str, PROBABILITY] = ""
    """How far a one-sided disclosure is read: 20% reads `>25bn` as 25 to 30bn."""
    because: str = ""
    """Why this assumption or reach."""
    above: str = ""
    """What every value lies above: 0 for sales and assets, -100% for a rate of growth."""
    least: str = ""
    """Or the least value that there can be: 0 for costs, spending and debt."""
    note: str = ""
    """What else a reader should know of it."""

    @property
    def tags(self) -> tuple[str, ...]:
        """Every tag that it names, in whatever order they are to be tried."""
        return tuple(tag for tier in parse_tags(self.tag) for tag in tier)

    @property
    def is_average(self) -> bool:
        """Whether a tag says that it is an average over the period, as of weighted shares."""
        return any(_AVERAGE.search(tag) for tag in self.tags)

    @property
    def adds_up(self) -> bool:
        """Whether its quarters add up to its year: a flow of money or of things counted.

        What is stated per share, in percent or as an average does not, and no quarter of it follows from
        longer periods. A flow in shares is an average too, unless its tags name what happened in the
        period, as those of purchases and issues of shares do.
        """
        is_amount = "/" not in self.unit and self.unit not in ("ratio", "years")
        if self.kind != "flow" or not is_amount or self.is_average:
            return False
        return self.unit != "shares" or bool(self.tag and all(map(_HAPPENED.search, self.tags)))


_AVERAGE = re.compile(r"Average|Avg|Dilutive")
_HAPPENED = re.compile(r"DuringPeriod|InPeriod|SharesAcquired|Repurchased")


@cache
def parse_tags(text: str) -> tuple[tuple[str, ...], ...]:
    """Tags in the order in which they are tried; those of one place stand for the same figure.

    Of ``a > b | c``, ``a`` counts where a filing states it for a period, else ``b`` or ``c``.

    >>> parse_tags("us-gaap:Revenues > us-gaap:SalesRevenueNet | us-gaap:SalesRevenueGoodsNet")
    (('us-gaap:Revenues',), ('us-gaap:SalesRevenueNet', 'us-gaap:SalesRevenueGoodsNet'))
    """
    tiers = (tuple(tag.strip() for tag in tier.split("|") if tag.strip()) for tier in text.split(">"))
    return tuple(tier for tier in tiers if tier)


class Least(NamedTuple):
    """The least value that a figure can have; ``is_open``: that value itself is not one of them."""

    value: float
    is_open: bool
    text: str

    def allows(self, value: Interval) -> bool:
        """Whether a value is possible: all of a range, or the upper end of one that has no lower end."""
        lowest = value.hi if value.lo == -math.inf else value.lo
        return lowest > self.value or (lowest == self.value and not self.is_open)

    def __str__(self) -> str:
        return f"above {self.text}" if self.is_open else f"{self.text} or more"


class Impossible(ValueError):
    """A figure below the least value that the pack declares for it."""


def least_value(above: str, least: str) -> Least | None:
    """What `above` and `least` of a concept or a metric say. Errors: ``ValueError`` in words.

    >>> least_value("-100%", ""), least_value("", "")
    (Least(value=-1.0, is_open=True, text='-100%'), None)
    """
    if above and least:
        raise ValueError("expected `above` or `least`, found both")
    return _least_value(above or least, is_open=bool(above)) if above or least else None


@cache
def _least_value(text: str, *, is_open: bool) -> Least:
    value = parse_value(text)
    if not isinstance(value, Interval) or not value.is_point:
        raise ValueError(f"expected one number, as in 0 or -100%, found `{text}`")
    return Least(value.lo, is_open, text)


class YearToDate(NamedTuple):
    """The first six, nine or twelve months of a fiscal year: ``6M2026``, ``9M2026``, ``FY2026``.

    ``year`` is the calendar year in which the *whole* fiscal year ends, also where less of it has passed.
    Of a company whose year ends in June, FY2026 ends on 2026-06-30, 9M2026 on 2026-03-31 and 6M2026 on
    2025-12-31, so that the three of one year carry one number.
    """

    year: int
    months: int

    @classmethod
    def parse(cls, text: str) -> YearToDate:
        """Read ``FY2026``. Errors: ``ValueError`` that says what was expected."""
        months, year = MONTHS.get(text[:2]), text[2:]
        if months is None or len(year) != 4 or not (year.isascii() and year.isdigit()):
            raise ValueError(f"expected a fiscal year or its first months, like FY2026, found `{text}`")
        if not FIRST_YEAR <= int(year) <= LAST_YEAR:
            raise ValueError(f"expected a year from {FIRST_YEAR} to {LAST_YEAR}, found `{text}`")
        return cls(int(year), months)

    def quarters(self, year_ends: str) -> tuple[Quarter, ...]:
        """The quarters it spans, of a fiscal year that ends with ``year_ends`` (Q1 to Q4)."""
        first = Quarter.parse(f"{self.year}{year_ends}") - 3
        return tuple(first + i for i in range(self.months // 3))

    def __str__(self) -> str:
        return next(name for name, months in MONTHS.items() if months == self.months) + str(self.year)


class Fact(NamedTuple):
    """One row: ``value`` is an interval, or the word that says why there is none."""

    concept: str
    item: str  # of a register; else empty
    period: Quarter | date | YearToDate
    value: Interval | str
    unit: str
    filed: date
    source: str
    how: str
    note: str
    file: str
    line: int

    @property
    def provenance(self) -> Provenance:
        """The document that the row stands in, and how it was read."""
        return provenance(self.source, self.how, self.note)

    @property
    def entity(self) -> str:
        """Whose figure it is: a file of facts holds those of one entity, and is named after it."""
        return self.file.rpartition("/")[2].removesuffix(FILE_ENDING)


class Reading(NamedTuple):
    """What a vintage knows of a concept in a quarter: the value, the rows it rests on, or why not.

    ``status``: known, missing, not disclosed, discontinued, conflict, assumed.
    """

    value: Interval
    facts: tuple[Fact, ...]
    status: str


_MISSING = Reading(EVERYTHING, (), "missing")


class FactStore:
    """The rows of every entity, grouped by concept, read into facts when a concept is asked for."""

    def __init__(self, shown: str = "") -> None:
        """``shown`` goes before the name of a file in messages: the path to the pack, with its last slash."""
        self.shown = shown
        self._rows: dict[str, list[tuple[str, int, tuple[str, ...]]]] = {}
        self._read: dict[str, tuple[Fact, ...]] = {}

    def add(self, text: str, file: str) -> None:
        """Take in a file under its name in the pack.

        Errors: ``InvalidInput`` where it is not the CSV expected.
        """
        for line, cells in read_csv(text, self.shown + file, COLUMNS, OPTIONAL, TEXTS):
            name = cells[0].partition("/")[0]
            self._rows.setdefault(name, []).append((file, line, cells))

    @classmethod
    def of_facts(cls, facts: Iterable[Fact]) -> FactStore:
        """Facts that were read already; the rows as they stand in files are not kept."""
        found = cls()
        grouped: dict[str, list[Fact]] = {}
        for fact in facts:
            grouped.setdefault(fact.concept, []).append(fact)
        for name, listed in grouped.items():
            found._rows[name] = []
            found._read[name] = tuple(sorted(listed, key=_order))
        return found

    def known_by(self, day: date) -> FactStore:
        """The rows filed by a day, and no others."""
        found, last, at = FactStore(self.shown), str(day), COLUMNS.index("filed")
        for name, rows in self._rows.items():
            known = [row for row in rows if row[2][at] <= last]
            if known:
                found._rows[name] = known
        return found

    @property
    def concepts(self) -> list[str]:
        return sorted(self._rows)

    @cached_property
    def last_filed(self) -> str:
        """The day on which the newest row was filed; empty where there is none."""
        at = COLUMNS.index("filed")
        days = [cells[at] for _, _, _, cells in self.each()]
        return max([*days, *(str(fact.filed) for facts in self._read.values() for fact in facts)], default="")

    def of(self, concept: str) -> tuple[Fact, ...]:
        """Every vintage of a concept's quarters or days, by filing day and then by what they say."""
        if concept not in self._read:
            self._read[concept] = _in_order(
                row for row in self._rows.get(concept, ()) if row[2][1][:2] not in MONTHS
            )
        return self._read[concept]

    def to_date(self, concept: str) -> tuple[Fact, ...]:
        """Every vintage of what a concept came to in a year, its first nine or six months.

        Kept beside the quarters to derive and to check them by; rules and lists do not see them.
        """
        return _in_order(row for row in self._rows.get(concept, ()) if row[2][1][:2] in MONTHS)

    def each(self) -> Iterator[tuple[str, str, int, tuple[str, ...]]]:
        """Every row as it stands: the concept's name, the file, the line, the cells."""
        for name, rows in self._rows.items():
            for file, line, cells in rows:
                yield name, file, line, cells


class Vintage:
    """What was known on a day: per concept and quarter the latest row filed by then."""

    def __init__(self, facts: FactStore, concepts: Mapping[str, LineItem], as_of: date, anchor: str) -> None:
        self.as_of = as_of
        self.facts = facts
        self.concepts = concepts
        self._filed: dict[str, dict[Quarter | date | YearToDate, list[Fact]]] = {}
        self._readings: dict[tuple[str, int], Reading] = {}
        self.quarter = self.newest(anchor)

    def newest(self, concept: str) -> Quarter | None:
        """The latest quarter that a concept is reported for, also where two sources contradict each other."""
        quarters = [
            period
            for period, rows in self._by_period(concept).items()
            if isinstance(period, Quarter) and _settle(rows).status in ("known", "conflict")
        ]
        return max(quarters, default=None)

    def first(self, concept: str) -> Quarter | None:
        """The earliest quarter that a concept has a row for, whatever it says; of a daily one by its days."""
        periods = self._by_period(concept)
        found = [Quarter.of(p) if isinstance(p, date) else p for p in periods]
        return min((quarter for quarter in found if isinstance(quarter, Quarter)), default=None)

    def value(self, concept: str, quarter: Quarter) -> Interval:
        """A concept's value in a quarter; anything, where it is not known."""
        return self.reading(concept, quarter).value

    def reading(self, concept: str, quarter: Quarter) -> Reading:
        """A concept in a quarter, with the rows behind it."""
        key = (concept, quarter.index)
        found = self._readings.get(key)
        if found is None:
            found = self._readings[key] = self._look(concept, quarter)
        return found

    def last_day(self, concept: str, quarter: Quarter) -> date | None:
        """The day of a daily concept's last value in a quarter; of the reviewed quarter, since then.

        None where the quarter has no day of its own: an earlier one is never carried forward.
        """
        first = (quarter - 1).end
        last = self.as_of if self.quarter and quarter >= self.quarter else quarter.end
        days = [p for p in self._by_period(concept) if isinstance(p, date) and first < p <= last]
        return max(days, default=None)

    def newest_day(self, concept: str, by: date = date.max) -> date | None:
        """The latest day that a daily concept has a figure of, in whatever quarter, up to a day."""
        days = (p for p in self._by_period(concept) if isinstance(p, date) and p <= by)
        return max(days, default=None)

    def is_withheld(self, concept: str) -> bool:
        """Whether no row of a concept holds a figure."""
        return all(isinstance(fact.value, str) for fact in self.rows(concept))

    def rows(self, concept: str) -> list[Fact]:
        """Every row of a concept filed by the day, newest period last, vintages in order."""
        listed = [fact for rows in self._by_period(concept).values() for fact in rows]
        return sorted(listed, key=lambda fact: (str(fact.period), fact.item, _order(fact)))

    def _by_period(self, concept: str) -> dict[Quarter | date | YearToDate, list[Fact]]:
        if concept not in self._filed:
            grouped: dict[Quarter | date | YearToDate, list[Fact]] = {}
            for fact in self.facts.of(concept):
                if fact.filed <= self.as_of:
                    grouped.setdefault(fact.period, []).append(fact)
            self._filed[concept] = grouped
        return self._filed[concept]

    def _may_assume(self, concept: LineItem, quarter: Quarter) -> bool:
        """Whether what a line item assumes stands for the quarter: beside what, and in place of nothing."""
        beside, others = concept.assume_beside, concept.assume_unless
        return (not beside or self._is_stated(beside, quarter)) and not any(
            self._is_stated(name, quarter - back) for name in others for back in range(4)
        )

    def _is_stated(self, name: str, quarter: Quarter) -> bool:
        return _settle(self._by_period(name).get(quarter, ())).status in ("known", "conflict")

    def _look(self, name: str, quarter: Quarter) -> Reading:
        concept = self.concepts[name]
        if concept.kind == "daily":
            day = self.last_day(name, quarter)
            rows = self._by_period(name)[day] if day else []
        else:
            rows = self._by_period(name).get(quarter, [])
        found = _add_up(rows) if concept.kind == "register" else _reach(_settle(rows), concept)
        if concept.assume and found.status in UNDISCLOSED and self._may_assume(concept, quarter):
            return Reading(_number_range(concept.assume), found.facts, "assumed")
        return found


def _settle(rows: Iterable[Fact]) -> Reading:
    """The latest rows of one period, and what they agree on."""
    listed = list(rows)
    if not listed:
        return _MISSING
    newest = max(fact.filed for fact in listed)
    last = [fact for fact in listed if fact.filed == newest]
    value = common_value(*(fact.value for fact in last))
    if value is None:
        return Reading(EVERYTHING, tuple(last), "conflict")
    if isinstance(value, str):
        return Reading(EVERYTHING, tuple(last), value)
    return Reading(value, tuple(last), "known")


def common_value(*stated: Interval | str) -> Interval | str | None:
    """What the rows of one day say together: where all overlap, else both of the farthest if they are close.

    None where any two of them contradict each other, in whatever order they stand, as ``<80e6`` and ``80e6``
    do: how far rounding may set two figures apart has no say where one is a bound.
    """
    if len(stated) == 1:
        return stated[0]
    values = [each for each in stated if isinstance(each, Interval)]
    words = {each for each in stated if isinstance(each, str)}
    if words:
        return words.pop() if len(words) == 1 and not values else None
    lo, hi = max(each.lo for each in values), min(each.hi for each in values)
    if lo <= hi:
        return point(lo) if lo == hi else Interval(lo, hi)
    is_bounded = all(math.isfinite(end) for each in values for end in (each.lo, each.hi))
    return Interval(hi, lo) if is_bounded and lo - hi <= AGREE * max(abs(lo), abs(hi)) else None


def _add_up(rows: Iterable[Fact]) -> Reading:
    """A register's quarter: the sum over its items; unknown if nothing was ever entered."""
    items: dict[str, list[Fact]] = {}
    for fact in rows:
        items.setdefault(fact.item, []).append(fact)
    if not items:
        return _MISSING
    total = point(0.0)
    used: list[Fact] = []
    for item in sorted(items):
        reading = _settle(items[item])
        if reading.status != "known":
            return reading
        total = total + reading.value
        used += reading.facts
    return Reading(total, tuple(used), "known")


def _reach(reading: Reading, concept: LineItem) -> Reading:
    """A one-sided value, read only as far as the pack says that such disclosures reach."""
    if not concept.reach or reading.status != "known":
        return reading
    far = float(concept.reach.rstrip("%")) / 100
    lo, hi = reading.value.lo, reading.value.hi
    if math.isinf(hi) and math.isfinite(lo):
        return reading._replace(value=Interval(lo, _reached(stated_end(lo, is_lower=True), far)))
    if math.isinf(lo) and math.isfinite(hi):
        return reading._replace(value=Interval(_reached(stated_end(hi, is_lower=False), -far), hi))
    return reading


def _reached(stated: float, far: float) -> float:
    return stated + abs(stated) * far


# reading a row ---------------------------------------------------------------------------------


def assumed_range(text: str) -> Interval:
    """A range or a number that stands for what is not disclosed. Errors: ``ValueError`` in words."""
    value = parse_value(text)
    if not isinstance(value, Interval):
        raise ValueError(f"expected a range such as 25%..45%, found `{text}`")  # noqa: TRY004 - a text, not a type
    return value


def parse_value(text: str) -> Interval | str:
    """``5``, ``4..6``, ``>4``, ``<6``, ``not disclosed``. Errors: ``ValueError`` in words.

    A number itself is neither above nor below it: 4 is not in ``>4``.
    """
    body = text.strip()
    if body in WITHHELD:
        return body
    if body.startswith(">"):
        return more_than(_number(body[1:], text))
    if body.startswith("<"):
        return less_than(_number(body[1:], text))
    lo, dots, hi = body.partition("..")
    if not dots:
        return point(_number(body, text))
    a, b = _number(lo, text), _number(hi, text)
    if a > b:
        raise ValueError(f"the range `{text}` runs backwards; the smaller number comes first")
    return Interval(a, b) if a < b else point(a)


def _number(part: str, whole: str) -> float:
    try:
        value = read_number(part, style="language").value
    except ValueError:
        value = math.nan
    if not abs(value) <= LARGEST:
        raise ValueError(f"expected a number, a range a..b, >a or <a, found `{whole}`{remedy(whole)}")
    return value


def value_as_typed(text: str, unit: str = "", written: Callable[[WrittenNumber], str] = str) -> str:
    """A value that somebody typed at an option, in the notation of fact files, which ``parse_value`` reads.

    ``unit`` is as of ``read_number``, ``written`` how each number is to be put down. Errors: ``ValueError``
    that says what was expected.

    >>> value_as_typed("$200bn..205bn", "USD"), value_as_typed(">1,250,000", "shares")
    ('200e9..205e9', '>1250000')
    """
    body = text.strip()
    if body in WITHHELD:
        return body
    mark = body[:1] if body[:1] in ("<", ">") else ""
    parts = [written(read_number(part, unit)) for part in body[len(mark) :].split("..")]
    if len(parts) > (1 if mark else 2):
        raise ValueError(f"expected a number, a range a..b, >a or <a, found `{body[:SHOWN]}`")
    value = mark + "..".join(parts)
    parse_value(value)  # within bounds, the smaller end first
    return parts[0] if len(parts) == 2 and parts[0] == parts[1] else value


def _number_range(text: str) -> Interval:
    value = parse_value(text)
    assert isinstance(value, Interval)  # lint refuses an assumption that is no range
    return value


def parse_period(text: str) -> Quarter | date | YearToDate:
    """``2026Q2``, ``2026-07-31`` or ``FY2026``; a quarter also in the other ways that people write it.

    Errors: ``ValueError`` that says what was expected.
    """
    if text[:2] in MONTHS:
        return YearToDate.parse(text)
    return read_quarter(text) if "q" in text.lower() else parse_day(text)


def _in_order(rows: Iterable[tuple[str, int, tuple[str, ...]]]) -> tuple[Fact, ...]:
    """Rows as facts, by filing day and then by what they say.

    Days, periods and names that rows share stand in memory once, and only facts of one day are compared by
    more than the day: a file may hold 200,000 prices.
    """
    day, period, text = _once(parse_day), _once(parse_period), _once(str)
    found = []
    for file, line, cells in rows:
        concept, when, value, unit, filed, source, how, note = cells if len(cells) == 8 else (*cells, "")
        name, _, item = concept.partition("/")
        stated = period(when), parse_value(value), unit, day(filed)
        found.append(Fact(text(name), text(item), *stated, source, how, note, file, line))
    found.sort(key=lambda fact: fact.filed)
    return tuple(
        fact for _, same in groupby(found, key=lambda fact: fact.filed) for fact in sorted(same, key=_order)
    )


def _once(read: Callable[[str], Read]) -> Callable[[str], Read]:
    """A reader that gives one and the same value for the same text."""
    known: dict[str, Read] = {}

    def once(text: str) -> Read:
        found = known.get(text)
        if found is None:
            found = known[text] = read(text)
        return found

    return once


def _order(fact: Fact) -> tuple[date, str, str, str, str]:
    return fact.filed, str(fact.period), fact.item, str(fact.value), fact.source
