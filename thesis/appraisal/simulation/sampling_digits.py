"""How many digits of a simulated figure are kept, so that every processor gives the same bytes.

numpy computes logarithms and exponentials with the widest instructions that a processor has, and the last
digit of a result depends on them. A simulated figure carries a sampling error many thousand times as large,
so that these digits say nothing. They are rounded away before a figure is stored, printed or sealed.
"""

from __future__ import annotations

DIGITS = 9
"""Significant digits of a figure that is a sum over draws: rounding disturbs it by about 1e-15 of itself."""
SHARE_DECIMALS = 7
"""Decimals of a share of the variance: differences of large sums, disturbed by up to about 1e-10."""


def to_digits(value: float) -> float:
    """The value rounded to ``DIGITS`` significant digits. NaN and infinities stay as they are."""
    return float(f"{value:.{DIGITS}g}")


def to_share(value: float) -> float:
    """A share of the variance rounded to ``SHARE_DECIMALS`` decimals."""
    return round(value, SHARE_DECIMALS)
