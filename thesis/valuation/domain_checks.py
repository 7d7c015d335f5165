"""Checks that the arguments of a valuation formula lie in its domain.

Arguments may be floats or, in functions that only add, multiply and raise to powers, arrays of floats.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from thesis.core.argument_checks import ArgumentChecks, everywhere, number_text

Number = Any  # a float, or an array of floats (numpy) in functions that only add, multiply and raise
Yearly = float | Sequence[float]  # one figure for every year, or a list of one a year, year 1 first

MOST_YEARS = 1000


class DomainError(ValueError):
    """An argument for which the formula has no meaning: what was expected, what was found, what to do."""


class DomainChecks(ArgumentChecks):
    """Collects the faults of one call's arguments and raises them as one ``DomainError``.

    >>> with DomainChecks() as check:
    ...     check.less("growth", 0.09, "wacc", 0.08)
    Traceback (most recent call last):
    thesis.valuation.domain_checks.DomainError: growth must lie below wacc: \
expected less than 8 %, found 9 %
    """

    __slots__ = ()
    error = DomainError

    def positive(self, *, hint: str = "", **values: Number) -> None:
        """Check for amounts or spans above zero."""
        for name, value in values.items():
            self.number(name, value, above=0, hint=hint)

    def rates(self, **values: Number) -> None:
        """Check for rates per year above -100 %."""
        for name, value in values.items():
            self.number(name, value, above=-1, rate=True)

    def amounts(self, **values: Number) -> None:
        """Check for finite numbers."""
        for name, value in values.items():
            self.number(name, value)

    def whole(self, name: str, value: Any, *, least: int = 1, most: int = MOST_YEARS) -> bool:
        """Check for a whole number, mostly of years."""
        return super().whole(name, value, least=least, most=most)

    def path(self, name: str, value: Yearly, years: int, **bounds: Any) -> list[float]:
        """A figure for each year, within bounds; zeros after a fault, so that the other checks can go on."""
        count = years if isinstance(years, int) and 0 < years <= MOST_YEARS else 1
        if isinstance(value, (int, float, str)) or not hasattr(value, "__len__"):
            self.number(name, value, **bounds)
            return [value] * count if self.is_number(value, infinite=True) else [0.0] * count  # type: ignore[list-item]
        figures = list(value)
        if len(figures) != years:
            self.that(
                False, f"{name}: expected one figure or a list of {years}, one a year, found {len(figures)}"
            )
            return [0.0] * count
        fine = [self.number(f"{name} of year {i}", figure, **bounds) for i, figure in enumerate(figures, 1)]
        return figures if all(fine) else [0.0] * count

    def less(self, name: str, value: Number, other: str, limit: Number, *, hint: str = "") -> None:
        """Check that one rate lies below another; what is no number is left to the check that reads it."""
        if not self.is_number(value) or not self.is_number(limit, infinite=True):
            return
        expected, found = number_text(limit, rate=True), number_text(value, rate=True)
        fault = f"{name} must lie below {other}: expected less than {expected}, found {found}"
        self.that(everywhere(value < limit), f"{fault} ({hint})" if hint else fault)

    def one_of(self, **arguments: Any) -> None:
        """Check that exactly one of several alternative arguments is not None."""
        names = [name for name, value in arguments.items() if value is not None]
        found = " and ".join(names) or "none"
        self.that(len(names) == 1, f"expected exactly one of {', '.join(arguments)}, found {found}")

    def is_number(self, value: Any, *, infinite: bool = False) -> bool:
        """Whether a value, or every element of an array, is finite; ``infinite`` allows plus infinity."""
        try:
            return everywhere((abs(value) < math.inf) | (infinite and value == math.inf))
        except (TypeError, ValueError):
            return False


def power(base: Number, exponent: Number) -> Number:
    """Base^exponent. Errors: ``DomainError`` where it is more than a float can hold."""
    try:
        return base**exponent
    except OverflowError:
        raise DomainError(
            f"{number_text(base)}^{number_text(exponent)}: expected a result that a number can hold, found "
            "more; look at the rate and the years"
        ) from None
