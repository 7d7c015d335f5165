"""Rounding: a figure printed to fewer digits is the same figure, and one printed to as many is not."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tiers import examples
from thesis.core.problem import SourceSpan
from thesis.facts.fact_file import FactFile, FactRow
from thesis.sources.importing.rounding import printed_digits, rounding_of, with_rounding
from thesis.sources.reported_fact import Decimals, FilingReference, ReportedFact, ReportedPeriod

MILLION = Decimal(10**6)
QUARTER = ReportedPeriod(date(2025, 1, 1), date(2025, 3, 31))
YEAR = ReportedPeriod(date(2025, 1, 1), date(2025, 12, 31))


def fact(
    value: str, period: ReportedPeriod = YEAR, decimals: Decimals = None, unit: str = "USD", number: int = 1
) -> ReportedFact:
    filing = FilingReference("10-K", f"0000012345-26-{number:06}", date(2026, 2, 1))
    place = SourceSpan("f", 1, 1)
    return ReportedFact("us-gaap:X", (), period, Decimal(value), None, unit, decimals, "", "1", filing, place)


@pytest.mark.parametrize(
    ("beside", "half"),
    [
        # the figures of a year in tenths of a million, those of quarters in millions: as Deere has them
        ([fact("873500000"), fact("42100000000", QUARTER)], "50000"),
        ([fact("42100000000", QUARTER)], "50000"),
        ([fact("23112000000")], "50000"),
        ([fact("1")], "0.5"),
        # another filing, unit or day says nothing of it
        ([fact("1", number=2), fact("1", unit="EUR"), fact("1", ReportedPeriod(None, YEAR.end))], "50000"),
    ],
)
def test_a_figure_is_rounded_like_those_of_its_filing_unit_and_span(
    beside: list[ReportedFact], half: str
) -> None:
    one = fact("23112400000")
    assert rounding_of(one, printed_digits([one, *beside])) == Decimal(half)


def test_a_tag_that_ends_at_a_digit_in_many_filings_is_printed_to_it() -> None:
    """A segment's income in millions, in reports that are in tenths of a million otherwise."""
    filings = range(1, 9)
    income = [fact(f"{840 + number}000000", QUARTER, number=number) for number in filings]
    sales = [fact(f"{6000 + number}400000", QUARTER, number=number) for number in filings]
    sales = [each._replace(tag="us-gaap:Sales") for each in sales]
    printed = printed_digits([*income, *sales])
    assert {rounding_of(each, printed) for each in income} == {50000}, "of hundreds nobody can tell"
    larger = [each._replace(value=(each.value or Decimal(0)) * 10) for each in income]
    printed = printed_digits([*larger, *sales])
    assert {rounding_of(each, printed) for each in larger} == {500000}
    assert {rounding_of(each, printed) for each in sales} == {50000}
    few = printed_digits([*larger[:7], *sales])
    assert {rounding_of(each, few) for each in larger[:7]} == {50000}


@pytest.mark.parametrize(
    ("value", "unit", "decimals", "half"),
    [
        ("420000000", "USD", None, "50000"),  # of one figure with few digits nobody can tell
        ("420000000000", "USD", None, "500000"),
        ("1000000", "USD", None, "500"),
        ("1.5", "USD/shares", None, "0.005"),
        ("1.234", "USD/shares", None, "0.0005"),
        ("0.2", "pure", None, "0"),
        ("420000000", "USD", -6, "500000"),
        ("420000000", "USD", "INF", "0"),
        ("0", "USD", None, "0"),
    ],
)
def test_what_a_figure_says_of_its_rounding_goes_first(
    value: str, unit: str, decimals: Decimals, half: str
) -> None:
    one = fact(value, decimals=decimals, unit=unit)
    assert rounding_of(one, printed_digits([one])) == Decimal(half)


def row(value: Decimal, filed: int, digit: Decimal) -> FactRow:
    day = date(2025, 1, 1).replace(month=filed)
    return FactRow("x", "2024Q4", f"{value:f}", "USD", day, f"10-Q {filed}", "reported", slack=digit / 2)


def rounded(value: Decimal, digit: Decimal) -> Decimal:
    return (value / digit).quantize(Decimal(1), ROUND_HALF_EVEN) * digit


@examples(200)
@given(exact=st.integers(10**9, 10**12), fine=st.integers(0, 5), further=st.integers(1, 4))
def test_rounding_further_restates_nothing(exact: int, fine: int, further: int) -> None:
    """The finer figure first: nothing new. The coarser one first: the same, more exactly."""
    digits = Decimal(10) ** fine, Decimal(10) ** (fine + further)
    finer, coarser = (rounded(Decimal(exact), digit) for digit in digits)
    said = [row(finer, 1, digits[0]), row(coarser, 2, digits[1]), row(finer, 3, digits[0])]
    assert [change.kind for change in FactFile(()).take(said)] == ["new", "unchanged", "unchanged"]
    said = [row(coarser, 1, digits[1]), row(finer, 2, digits[0])]
    kinds = [change.kind for change in FactFile(()).take(said)]
    assert kinds == ["new", "unchanged" if finer == coarser else "sharper"]


@examples(200)
@given(value=st.integers(1000, 10**6), apart=st.integers(1, 1000), digit=st.sampled_from([1, 10**3, 10**6]))
def test_another_figure_of_the_same_digits_is_a_restatement(value: int, apart: int, digit: int) -> None:
    first, second = (Decimal(each) * digit for each in (value, value + apart))
    said = [row(first, 1, Decimal(digit)), row(second, 2, Decimal(digit))]
    assert [change.kind for change in FactFile(()).take(said)] == ["new", "restated"]


def test_rows_of_a_file_are_rounded_like_those_of_their_document() -> None:
    listed = [
        row(Decimal(23112400000), 1, Decimal(0)),
        row(Decimal(42000000000), 1, Decimal(0)),
        row(Decimal(42000000000), 2, Decimal(0)),
        row(Decimal(42000000000), 2, Decimal(0))._replace(how="derived: FY less nine months (a, b)"),
        row(Decimal(1), 2, Decimal(0))._replace(value="1..2"),
    ]
    assert [each.slack for each in with_rounding(listed)] == [50000, 50000, 500000, 0, 0]
