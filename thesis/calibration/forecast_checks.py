"""What forecasts and outcomes a score takes, and words for those it cannot take.

A probability of 30 or an outcome of 2 still gives a number, and that number looks like a score. So
every function says what it expected, what it found and what to do, of all its arguments at once.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from numbers import Real
from types import TracebackType
from typing import Any, Self

FRACTIONS = "probabilities are fractions, 30 % is 0.3"
SETTLED = "leave open and annulled forecasts out"
MOST_TOLD = 5  # faults of one call that are spelt out
ROUNDING = 1e-9  # what probabilities may miss of 1, and one of them of the next, from rounding alone


class ScoringError(ValueError):
    """Forecasts that cannot be scored as given: what was expected, what was found, what to do."""


class ForecastChecks:
    """Collects what is wrong with the arguments of one call; leaving the block refuses them together.

    >>> with ForecastChecks() as check:
    ...     _ = check.chances("p", [0.2, 30])
    Traceback (most recent call last):
    thesis.calibration.forecast_checks.ScoringError: p 2: expected at most 1, found 30 \
(probabilities are fractions, 30 % is 0.3)
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
            more = len(self.faults) - MOST_TOLD
            rest = [f"and {more} more like these"] if more > 0 else []
            raise ScoringError("; ".join(self.faults[:MOST_TOLD] + rest))

    def that(self, holds: bool, otherwise: str) -> bool:
        """Anything else: ``otherwise`` says what was expected and found."""
        if not holds:
            self.faults.append(otherwise)
        return holds

    def number(
        self,
        name: str,
        value: Any,
        *,
        above: float = -math.inf,
        least: float = -math.inf,
        below: float = math.inf,
        most: float = math.inf,
        hint: str = "",
    ) -> bool:
        """A finite number within bounds."""
        if not is_number(value):
            return self.that(False, f"{name}: expected a finite number, found {number_text(value)}")
        limits = (
            (value > above, "more than", above),
            (value >= least, "at least", least),
            (value < below, "less than", below),
            (value <= most, "at most", most),
        )
        remedy = f" ({hint})" if hint else ""
        for holds, words, limit in limits:
            if not holds:
                return self.that(
                    False,
                    f"{name}: expected {words} {number_text(limit)}, found {number_text(value)}{remedy}",
                )
        return True

    def whole(self, name: str, value: Any, *, least: int, most: int) -> bool:
        """A whole number within bounds, both included."""
        fine = hasattr(value, "__index__") and not isinstance(value, bool) and least <= value <= most
        words = f"{name}: expected a whole number from {least} to {most}, found {number_text(value)}"
        return self.that(fine, words)

    def several(self, name: str, values: Any) -> list[Any]:
        """A list, whatever it holds; empty where it is none."""
        if isinstance(values, (str, bytes)) or not hasattr(values, "__len__"):
            self.that(False, f"{name}: expected a list, one for each forecast, found {number_text(values)}")
            return []
        return list(values)

    def numbers(self, name: str, values: Sequence[float], **bounds: Any) -> list[float]:
        """A list of finite numbers, each within bounds; empty where one of them is not."""
        figures = self.several(name, values)
        fine = [self.number(f"{name} {i}", figure, **bounds) for i, figure in enumerate(figures, 1)]
        return [float(figure) for figure in figures] if all(fine) else []

    def chances(self, name: str, values: Sequence[float]) -> list[float]:
        """A list of probabilities, 0 to 1."""
        return self.numbers(name, values, least=0, most=1, hint=FRACTIONS)

    def answers(self, name: str, values: Sequence[int]) -> list[int]:
        """A list of what happened: 1 or True for yes, 0 or False for no."""
        found = self.several(name, values)
        fine = [
            self.that(
                isinstance(y, Real) and y in {0, 1},
                f"{name} {i}: expected 1 for yes or 0 for no, found {number_text(y)} ({SETTLED})",
            )
            for i, y in enumerate(found, 1)
        ]
        return [int(y) for y in found] if all(fine) else []

    def as_many(self, name: str, values: Any, other: str, others: Any) -> None:
        """Two lists of one length; says nothing where one of them is no list, which is told elsewhere."""
        if hasattr(values, "__len__") and hasattr(others, "__len__"):
            a, b = len(values), len(others)
            self.that(a == b, f"{other}: expected as many as {name} ({a}), found {b}")


def binary(p: Sequence[float], y: Sequence[int]) -> tuple[list[float], list[int]]:
    """Probabilities and what happened, checked together. Errors: ``ScoringError``."""
    with ForecastChecks() as check:
        chances, answers = check.chances("p", p), check.answers("y", y)
        check.as_many("p", p, "y", y)
    return chances, answers


def is_number(value: Any) -> bool:
    try:
        return isinstance(value, Real) and not isinstance(value, bool) and math.isfinite(value)
    except OverflowError:  # a whole number beyond what a float can hold
        return False


def number_text(value: Any) -> str:
    """A number in a message."""
    return f"{float(value):.10g}" if is_number(value) else repr(value)
