"""Checks of the arguments of a function, collected so that one error names everything that is wrong.

A formula outside its domain still gives a number, and that number looks like an answer. So the functions of
``thesis.valuation`` and ``thesis.calibration`` check their arguments first: a message says what was expected,
what was found and, where it helps, what to do.
"""

from __future__ import annotations

import math
import operator
from numbers import Integral, Real
from types import TracebackType
from typing import Any, ClassVar, Self

RATES_ARE_FRACTIONS = "rates are fractions, 9 % is 0.09"


class ArgumentChecks:
    """Collects the faults of one call's arguments; at the end of the block it raises them as one error.

    A subclass sets ``error``, the exception that it raises, and ``most_shown``, how many faults are spelt out
    before the rest are only counted.
    """

    __slots__ = ("faults",)
    error: ClassVar[type[ValueError]] = ValueError
    most_shown: ClassVar[int | None] = None

    def __init__(self) -> None:
        self.faults: list[str] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None and self.faults:
            shown = self.faults[: self.most_shown]
            more = len(self.faults) - len(shown)
            raise self.error("; ".join(shown + ([f"and {more} more like these"] if more else [])))

    def that(self, holds: bool, otherwise: str) -> bool:
        """Add the fault ``otherwise``, which says what was expected and found, unless a condition holds."""
        if not holds:
            self.faults.append(otherwise)
        return holds

    def number(
        self,
        name: str,
        value: Any,
        *,
        above: float | None = None,
        least: float | None = None,
        below: float | None = None,
        most: float | None = None,
        rate: bool = False,
        infinite: bool = False,
        hint: str = "",
    ) -> bool:
        """Check for a finite number within bounds.

        ``infinite`` allows plus infinity; ``rate`` prints the number in percent.
        """
        if not self.is_number(value, infinite=infinite):
            return self.that(False, f"{name}: expected a finite number, found {number_text(value)}")
        limits = (
            (above, "more than", operator.gt),
            (least, "at least", operator.ge),
            (below, "less than", operator.lt),
            (most, "at most", operator.le),
        )
        for limit, words, within in limits:
            if limit is not None and not everywhere(within(value, limit)):
                expected, found = number_text(limit, rate=rate), number_text(value, rate=rate)
                remedy = hint or (RATES_ARE_FRACTIONS if rate else "")
                fault = f"{name}: expected {words} {expected}, found {found}"
                return self.that(False, f"{fault} ({remedy})" if remedy else fault)
        return True

    def whole(self, name: str, value: Any, *, least: int, most: int) -> bool:
        """Check for a whole number from ``least`` to ``most``."""
        fine = isinstance(value, Integral) and not isinstance(value, bool) and least <= int(value) <= most
        fault = f"{name}: expected a whole number from {least} to {most}, found {number_text(value)}"
        return self.that(fine, fault)

    def is_number(self, value: Any, *, infinite: bool = False) -> bool:
        """Whether a value is one finite number, or plus infinity where that is allowed."""
        return is_finite(value) or bool(infinite and value == math.inf)


def is_finite(value: Any) -> bool:
    """Whether a value is one number that a float can hold, neither infinite nor undefined."""
    try:
        return isinstance(value, Real) and not isinstance(value, bool) and math.isfinite(value)
    except OverflowError:  # a whole number beyond what a float can hold
        return False


def everywhere(condition: Any) -> bool:
    """Whether a condition holds: of an array, for every element."""
    of_array = getattr(condition, "all", None)
    return bool(condition if of_array is None else of_array())


def number_text(value: Any, *, rate: bool = False) -> str:
    """A value as a message shows it: a rate in percent, ``8 %``, any other number as ``3.5``."""
    if not is_finite(value):
        return repr(value)
    return f"{float(value) * 100:.10g} %" if rate else f"{float(value):.10g}"
