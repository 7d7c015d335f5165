"""How far figures may be rounded, where their filing does not say so of each.

XBRL says of each figure to which place it is accurate; the SEC's companyfacts and the rows of a fact file
do not. A filing prints its figures of one unit over one kind of span to the same place, which shows in the
digits at which all of them end: 23,112.4 and 873.5 million are in tenths of a million, whatever a third
figure ends with. A table of its own, as one of segments, may be printed otherwise: what a tag shows in many
filings goes first where that is coarser. Nobody rounds statements further than to millions, nor amounts per
share further than to cents; and of figures that are none of them a thousand times the last digit, nobody
can tell.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from decimal import Decimal

from thesis.core.currency import is_currency
from thesis.facts.fact_file import FactRow
from thesis.sources.reported_fact import Decimals, ReportedFact, ReportedPeriod

COARSEST = Decimal(10**6)  # of money and of shares
CENTS = Decimal("0.01")  # of amounts per share
MANY = 8  # figures of one tag that all end at a digit were printed to it
FEWEST = 3  # digits that the largest figure of a filing has at least beside its last one
ZERO = Decimal(0)


def half_of(decimals: Decimals) -> Decimal:
    """How far a figure may be from what it was before it was rounded to so many decimals; 0 if exact.

    >>> half_of(-6), half_of("INF"), half_of(None)
    (Decimal('5E+5'), Decimal('0'), Decimal('0'))
    """
    return Decimal(5).scaleb(-decimals - 1) if isinstance(decimals, int) else ZERO


def last_digit(value: Decimal) -> Decimal:
    """The place of the last digit that is not zero: 1000000 of 42 million."""
    exponent = value.normalize().as_tuple().exponent
    assert isinstance(exponent, int)  # no figure is infinite
    return Decimal(1).scaleb(exponent)


def coarsest_digit(unit: str) -> Decimal | None:
    """The coarsest place to which filings print figures in a unit; none where nobody can tell."""
    if "/" in unit:
        return CENTS
    return COARSEST if is_currency(unit) or unit == "shares" else None


class PrintedDigits:
    """The last digits that groups of figures are printed to, from all of their figures."""

    def __init__(self) -> None:
        self._digits: dict[Hashable, Decimal] = {}
        self._largest: dict[Hashable, Decimal] = {}
        self._counts: Counter[Hashable] = Counter()

    def add(self, group: Hashable, unit: str, value: Decimal) -> None:
        """Take in a figure of a group; 0 says nothing."""
        coarsest = coarsest_digit(unit)
        if value and coarsest is not None:
            digit = min(last_digit(value), coarsest)
            self._counts[group] += 1
            self._digits[group] = min(digit, self._digits.get(group, digit))
            if coarsest > 1:
                self._largest[group] = max(abs(value), self._largest.get(group, ZERO))

    def half(self, group: Hashable, tag: Hashable) -> Decimal:
        """Half of the last digit of a group, or of the tag if that is coarser; 0 where it is not known."""
        return max(self._half(group), self._half(tag) if self._counts[tag] >= MANY else ZERO)

    def _half(self, group: Hashable) -> Decimal:
        digit = self._digits.get(group, ZERO)
        largest = self._largest.get(group, ZERO)
        return min(digit, Decimal(1).scaleb(largest.adjusted() - FEWEST)) / 2 if largest else digit / 2


def _span(period: ReportedPeriod) -> int:
    """The kind of span: 0 for a day, else about how many quarters."""
    days = period.days
    return 0 if days is None else max(1, round(days / 91))


def _group(fact: ReportedFact) -> Hashable:
    return fact.filing, fact.unit, _span(fact.period)


def printed_digits(facts: Iterable[ReportedFact]) -> PrintedDigits:
    """The last digits of the figures of filings that do not state how they are rounded."""
    found = PrintedDigits()
    for fact in facts:
        if fact.decimals is None and fact.value is not None:
            found.add(_group(fact), fact.unit, fact.value)
            found.add((fact.tag, fact.unit), fact.unit, fact.value)
    return found


def rounding_of(fact: ReportedFact, printed: PrintedDigits) -> Decimal:
    """How far a figure may be rounded: as it says, else as the figures beside it show."""
    return (
        printed.half(_group(fact), (fact.tag, fact.unit)) if fact.decimals is None else half_of(fact.decimals)
    )


def with_rounding(rows: Sequence[FactRow]) -> list[FactRow]:
    """The rows of a fact file, each as far rounded as the figures of its document and span show."""
    printed = PrintedDigits()
    groups = [_row_group(row) for row in rows]
    for row, group in zip(rows, groups, strict=True):
        ends = row.ends
        if group and ends and ends[0] == ends[1]:
            printed.add(group, row.unit, ends[0])
            printed.add((row.concept, row.unit), row.unit, ends[0])
    return [
        row._replace(slack=printed.half(group, (row.concept, row.unit))) if group and not row.slack else row
        for row, group in zip(rows, groups, strict=True)
    ]


def _row_group(row: FactRow) -> Hashable:
    """The figures that a row is printed like; none for what was worked out, typed in or quoted."""
    if row.how != "reported" or row.is_daily or ".." in row.value or row.ends is None:
        return None
    return row.provenance.document, row.unit, row.period[:2] if row.period[:2] in ("FY", "9M", "6M") else "Q"
