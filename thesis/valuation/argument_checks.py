"""What arguments a function takes, and words for those it cannot take.

A formula outside its domain still gives a number, and that number looks like an answer. So every
function says what it expected, what it found and what to do, of all its arguments at once.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Sequence
from types import TracebackType
from typing import Any, Self

Number = Any  # a float, or an array of floats (numpy) in functions that only add, multiply and raise
Yearly = float | Sequence[float]  # one figure for every year, or a list of one a year, year 1 first

MOST_YEARS = 1000
FRACTIONS = "rates are fractions, 9 % is 0.09"


class DomainError(ValueError):
    """An argument for which the formula has no meaning: what was expected, what was found, what to do."""


class ArgumentChecks:
    """Collects what is wrong with the arguments of one call; leaving the block refuses them together.

    >>> with ArgumentChecks() as check:
    ...     check.less("growth", 0.09, "wacc", 0.08)
    Traceback (most recent call last):
    thesis.valuation.argument_checks.DomainError: growth must lie below wacc: \
expected less than 8 %, found 9 %
    """

    __slots__ = ("faults",)

    def __init__(self) -> None:
        self.faults: list[str] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None and self.faults:
            raise DomainError("; ".join(self.faults))

    def that(self, holds: bool, otherwise: str) -> None:
        """Anything else: ``otherwise`` says what was expected and found."""
        if not holds:
            self.faults.append(otherwise)

    def number(
        self,
        name: str,
        value: Number,
        *,
        above: float | None = None,
        least: float | None = None,
        below: float | None = None,
        most: float | None = None,
        rate: bool = False,
        infinite: bool = False,
        hint: str = "",
    ) -> bool:
        """A finite number within bounds; ``infinite`` where plus infinity has a meaning."""
        if not _is_number(value, infinite=infinite):
            self.faults.append(f"{name}: expected a finite number, found {argument_text(value)}")
            return False
        limits = (
            (above, "more than", operator.gt),
            (least, "at least", operator.ge),
            (below, "less than", operator.lt),
            (most, "at most", operator.le),
        )
        for limit, words, within in limits:
            if limit is not None and not everywhere(within(value, limit)):
                remedy = hint or (FRACTIONS if rate else "")
                self.faults.append(
                    f"{name}: expected {words} {argument_text(limit, rate=rate)}, found "
                    f"{argument_text(value, rate=rate)}" + (f" ({remedy})" if remedy else "")
                )
                return False
        return True

    def positive(self, *, hint: str = "", **values: Number) -> None:
        """Amounts or spans that must be more than zero."""
        for name, value in values.items():
            self.number(name, value, above=0, hint=hint)

    def rates(self, **values: Number) -> None:
        """Rates per year above -100 %."""
        for name, value in values.items():
            self.number(name, value, above=-1, rate=True)

    def amounts(self, **values: Number) -> None:
        """Any finite numbers."""
        for name, value in values.items():
            self.number(name, value)

    def whole(self, name: str, value: Any, *, least: int = 1, most: int = MOST_YEARS) -> bool:
        """A whole number, of years mostly."""
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            self.faults.append(
                f"{name}: expected a whole number from {least} to {most}, found {argument_text(value)}"
            )
            return False
        return True

    def path(self, name: str, value: Yearly, years: int, **bounds: Any) -> list[float]:
        """A figure for each year; zeros where something is wrong, so that the rest can be looked at."""
        wanted = years if isinstance(years, int) and 0 < years <= MOST_YEARS else 1
        if isinstance(value, (int, float, str)) or not hasattr(value, "__len__"):
            self.number(name, value, **bounds)
            return [value] * wanted if _is_number(value, infinite=True) else [0.0] * wanted  # type: ignore[list-item]
        figures = list(value)
        if len(figures) != years:
            self.faults.append(
                f"{name}: expected one figure or a list of {years}, one a year, found {len(figures)}"
            )
            return [0.0] * wanted
        fine = [self.number(f"{name} of year {i}", figure, **bounds) for i, figure in enumerate(figures, 1)]
        return figures if all(fine) else [0.0] * wanted

    def less(self, name: str, value: Number, other: str, limit: Number, *, hint: str = "") -> None:
        """One rate below another; says nothing where one of them is no number, which is told elsewhere."""
        if not _is_number(value) or not _is_number(limit, infinite=True):
            return
        if not everywhere(value < limit):
            self.faults.append(
                f"{name} must lie below {other}: expected less than {argument_text(limit, rate=True)},"
                f" found {argument_text(value, rate=True)}" + (f" ({hint})" if hint else "")
            )

    def one_of(self, **given: Any) -> None:
        """Exactly one of several ways to say the same."""
        names = [name for name, value in given.items() if value is not None]
        if len(names) != 1:
            found = " and ".join(names) or "none"
            self.faults.append(f"expected exactly one of {', '.join(given)}, found {found}")


def _is_number(value: Any, *, infinite: bool = False) -> bool:
    try:
        return everywhere((abs(value) < math.inf) | (infinite and value == math.inf))
    except (TypeError, ValueError):
        return False


def power(base: Number, exponent: Number) -> Number:
    """Base^exponent. Errors: ``DomainError`` where it is more than a number can hold."""
    try:
        return base**exponent
    except OverflowError:
        raise DomainError(
            f"{argument_text(base)}^{argument_text(exponent)}: expected a result that a number can "
            "hold, found more;"
            " look at the rate and the years"
        ) from None


def everywhere(condition: Any) -> bool:
    """Whether a condition holds, of arrays for every element."""
    of_array = getattr(condition, "all", None)
    return bool(condition if of_array is None else of_array())


def argument_text(value: Any, *, rate: bool = False) -> str:
    """A number in a message: 8 % of a rate, 3.5 of anything else."""
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        return repr(value)
    return f"{value * 100:.10g} %" if rate and math.isfinite(value) else f"{value:.10g}"
