"""The number formats of a workbook and their units.

Money is stored in whole units and shown in millions or billions; basis points and points of percent, which no
number format can make of a ratio, are stored as such where they are compared with their edges, and as a ratio
elsewhere.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import NamedTuple

from thesis.core import formatting
from thesis.core.formatting import money_scale
from thesis.core.interval import Interval

SCORE = "0.00"
WEIGHT = "General"
SHARE = "0%"
TRUTH = '[=0]"no";[=1]"yes";0.00'
WHOLE = "0"
BILLION = 1e9
EVERYDAY = 1e4  # from here on a bare number needs no decimals


_DECIMALS = re.compile(r"0(\.0+)?(?=[^0.]*$)")


class NumberFormat(NamedTuple):
    """A unit's name, its number format, and what a value is multiplied with to be stored in it."""

    unit: str
    number: str
    factor: float = 1.0

    @property
    def finer(self) -> str:
        """The number format with one more digit, for a value that is held against others in this one."""
        return self.number.replace(".0", ".00", 1)

    def beside(self, value: Interval, others: Iterable[float]) -> NumberFormat:
        """The format with as many decimals as tell a value from some others, as the memo prints it."""
        found = _DECIMALS.search(self.number)
        if found is None:
            return self
        commas = len(self.number) - len(self.number.rstrip(","))
        scale = self.factor * (100.0 if "%" in self.number else 1.0) / 1000.0**commas
        digits = len(found[1] or ".") - 1
        more = formatting.telling_digits(value, others, scale, digits) - digits
        whole = self.number[: found.end()] + ("." if more and not digits else "") + "0" * more
        return self._replace(number=whole + self.number[found.end() :])


def stored_format(show: str, unit: str, largest: float, size: float = math.inf) -> NumberFormat:
    """How a value stored in its own unit is shown.

    ``largest`` decides the scale of money, which is one for a whole book; ``size``, that of the row, how many
    decimals it takes to tell its values apart.
    """
    if show in ("percent", "points"):
        return NumberFormat("%", "0.0%")
    if show == "bp":
        return NumberFormat("%, 0.01% = 1bp", "0.00%")
    if show == "multiple":
        return NumberFormat("x", '0.00"x"')
    if show == "billions":
        name, scale = money_scale(largest, unit)
        return _thousands(name, scale, min(size, largest))
    if unit == "shares":
        name, scale = ("bn shares", 1e-9) if largest >= BILLION else ("M shares", 1e-6)
        return _thousands(name, scale, 1.0 / scale)
    if show == "usd":
        return NumberFormat(unit, "#,##0.00")
    return NumberFormat("" if unit == "ratio" else unit, "#,##0.00" if largest < EVERYDAY else "#,##0")


def _thousands(name: str, scale: float, size: float) -> NumberFormat:
    """Every comma behind the digits takes three places off; the smaller the figures, the more decimals."""
    digits = 1 if size * scale >= 10 else 2 if size * scale > 1 else 3
    commas = "," * round(-math.log10(scale) / 3)
    return NumberFormat(name, f"#,##0.{'0' * digits}{commas}")


def compared_format(show: str, unit: str, largest: float) -> NumberFormat:
    """How a value is stored and shown beside the edges it is compared with."""
    if show == "bp":
        return NumberFormat("bp", "0", 1e4)
    if show == "points":
        return NumberFormat("pp", "0.0", 100.0)
    return stored_format(show, unit, largest)
