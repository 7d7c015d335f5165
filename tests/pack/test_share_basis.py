"""Splits: how a ratio is written, and which shares a figure counts by the day on which it was told."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thesis.facts.fact import LineItem
from thesis.facts.provenance import provenance
from thesis.pack.schema.metrics import ShareSplit
from thesis.pack.share_basis import (
    day_told,
    meant_ratio,
    ratio_text,
    rebasing,
    split_ratio,
)
from thesis.sources.importing.to_rows import FINEST, scale_figure

pytestmark = pytest.mark.quick

SHARES = LineItem("Shares", "shares", "stock")
EARNINGS = LineItem("Earnings a share", "USD/share", "flow")
parts = st.integers(1, 100)


def split(ratio: str, day: str = "2026-08-14") -> ShareSplit:
    return ShareSplit("ACME", day, ratio, "8-K")


@pytest.mark.parametrize(
    ("text", "ratio"),
    [
        ("20", Fraction(20)),
        ("20/1", Fraction(20)),
        ("1/30", Fraction(1, 30)),
        ("1:30", Fraction(1, 30)),
        ("1-for-30", Fraction(1, 30)),
        ("1 for 30", Fraction(1, 30)),
        ("3/2", Fraction(3, 2)),
        ("1.5", Fraction(3, 2)),
        ("0.05", Fraction(1, 20)),
        ("20.0", Fraction(20)),
    ],
)
def test_a_ratio_is_new_shares_for_old_however_it_is_written(text: str, ratio: Fraction) -> None:
    assert split_ratio(text) == ratio


@pytest.mark.parametrize("text", ["", "0", "-2", "1/0", "0/5", "1/2/3", "two", "1e3", "inf", "9" * 30, "1/"])
def test_a_ratio_that_is_none(text: str) -> None:
    with pytest.raises(ValueError, match="expected new shares for one old one"):
        split_ratio(text)


@pytest.mark.parametrize(
    ("text", "meant"),
    [("0.0333", "1/30"), ("0.33", "1/3"), ("0.333333", "1/3"), ("1.333", "4/3"), ("0.0667", "1/15")]
    + [(exact, "") for exact in ("0.05", "0.1", "0.5", "1.5", "20", "2.0", "1/30", "0.125")],
)
def test_a_rounded_ratio_is_told_from_an_exact_one(text: str, meant: str) -> None:
    assert meant_ratio(text) == meant


@given(new=parts, old=parts)
def test_every_fraction_is_read_and_printed_exactly(new: int, old: int) -> None:
    ratio = split_ratio(f"{new}/{old}")
    assert ratio == Fraction(new, old)
    assert split_ratio(ratio_text(ratio)) == ratio


@given(new=parts, old=parts, count=st.integers(1, 10**12), cents=st.integers(-(10**6), 10**6))
def test_a_split_moves_counts_and_figures_a_share_so_that_the_whole_stays(
    new: int, old: int, count: int, cents: int
) -> None:
    """Where a count divides evenly nothing is rounded; a figure a share is at most a half-millionth off."""
    shares, each = Decimal(count * old), Decimal(cents).scaleb(-2)
    now = scale_figure(shares, rebasing(SHARES, [split(f"{new}/{old}")]).factor)
    per = scale_figure(each, rebasing(EARNINGS, [split(f"{new}/{old}")]).factor)
    assert now == count * new
    exact = Fraction(each) * Fraction(old, new)
    assert abs(Fraction(per) - exact) <= Fraction(FINEST) / 2
    if (Fraction(exact) * 10**6).denominator == 1:
        assert Fraction(per) == exact


@pytest.mark.parametrize(
    ("filed", "note", "told"),
    [
        ("2026-08-20", "", "2026-08-20"),
        ("2026-08-20", "cover page of 2026-08-10", "2026-08-10"),
        ("2026-08-20", "rounded; cover page of 2026-08-10; tag dei:X", "2026-08-10"),
        ("2026-08-20", "cover page of 2026-13-10", "2026-08-20"),
    ],
)
def test_the_day_of_a_count_decides_else_that_of_its_filing(filed: str, note: str, told: str) -> None:
    assert str(day_told(date.fromisoformat(filed), provenance("", "", note))) == told


@pytest.mark.parametrize(
    ("how", "note", "settled"),
    [
        ("reported", "", False),
        ("transcribed (secondary)", "", False),
        ("reported (split-adjusted)", "", True),
        ("reported (daily close, split-adjusted)", "", True),
        ("transcribed", "adjusted for the split", True),
        ("derived: as filed / 30 for the split of 2026-08-14", "as filed 450000000", True),
        ("derived: as filed x 4 for the split of 2025-06-02 and 2026-08-14", "", True),
        ("derived: as filed x 4 for the split of 2025-06-02", "", False),
        ("derived: as filed x 20 for the split of June 2022", "", True),
        ("reported", "filed on 2026-08-14", False),
    ],
)
def test_a_row_says_whether_it_is_adjusted_for_a_split(how: str, note: str, settled: bool) -> None:
    assert provenance("", how, note).is_settled_for(split("1/30").day) is settled


@pytest.mark.parametrize(
    ("ratio", "shares", "earnings"),
    [
        ("20", "x 20", "/ 20"),
        ("1/30", "/ 30", "x 30"),
        ("3/2", "x 1.5", "/ 1.5"),
        ("0.0333", "x 0.0333", "/ 0.0333"),
        ("7/3", "x 7/3", "x 3/7"),
    ],
)
def test_the_step_of_a_split_is_told_in_plain_numbers_where_it_can_be(
    ratio: str, shares: str, earnings: str
) -> None:
    assert rebasing(SHARES, [split(ratio)]).step == shares
    assert rebasing(EARNINGS, [split(ratio)]).step == earnings
