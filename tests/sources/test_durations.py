"""Durations: lengths of time as filings state them, in years."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thesis.sources.xbrl.text_values import in_years, value_from_text


@pytest.mark.parametrize(
    ("text", "lo", "hi"),
    [
        ("P3Y8M12D", "3.65", "3.75"),
        ("P4Y", "3.95", "4.05"),
        ("P10M24D", "0.85", "0.95"),
        ("P24M", "1.95", "2.05"),
        ("P01Y", "0.95", "1.05"),
        ("P3Y1M", "3.083333", "3.083333"),
        ("P397D", "1.087671", "1.087671"),
        ("P1M15D", "0.125", "0.125"),
    ],
)
def test_a_duration_in_years(text: str, lo: str, hi: str) -> None:
    assert in_years(text) == (Decimal(lo), Decimal(hi))


@pytest.mark.parametrize(
    "text",
    [
        *("", "P", "P0D", "P0Y0M", "3.7", "P3.7Y", "-P3Y", "P3Y8M12DT1H", "PT5H", "P8M3Y", "P2W", "p3y"),
        *("P٣Y", "P9999999Y", "three years", "P3YM"),
    ],
)
def test_what_is_no_duration(text: str) -> None:
    with pytest.raises(ValueError, match="expected a duration like P3Y8M12D"):
        in_years(text)


@given(st.integers(1, 500))
def test_years_as_printed_come_back(tenths: int) -> None:
    """What a page prints in years with one decimal is, rounded, what it stands for."""
    printed = Decimal(tenths) / 10
    half = Decimal("0.05")
    assert in_years(value_from_text(str(printed), "ixt-sec:duryear")) == (printed - half, printed + half)
