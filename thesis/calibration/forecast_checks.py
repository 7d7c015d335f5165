"""Checks of forecasts and their outcomes before they are scored.

A probability of 30 or an outcome of 2 still gives a number, and that number looks like a score.
"""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Real
from typing import Any

from thesis.core.argument_checks import ArgumentChecks, number_text

FRACTIONS = "probabilities are fractions, 30 % is 0.3"
SETTLED = "leave open and annulled forecasts out"
ROUNDING = 1e-9
"""How far rounding alone may move a sum of probabilities from 1, or one probability past the next."""


class ScoringError(ValueError):
    """Forecasts that cannot be scored: what was expected, what was found, what to do."""


class ForecastChecks(ArgumentChecks):
    """Collects the faults of one call's arguments and raises them as one ``ScoringError``.

    >>> with ForecastChecks() as check:
    ...     _ = check.chances("p", [0.2, 30])
    Traceback (most recent call last):
    thesis.calibration.forecast_checks.ScoringError: p 2: expected at most 1, found 30 \
(probabilities are fractions, 30 % is 0.3)
    """

    __slots__ = ()
    error = ScoringError
    most_shown = 5

    def several(self, name: str, values: Any) -> list[Any]:
        """A list of anything; empty where ``values`` is no list."""
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
        """A list of probabilities, 0 to 1; empty where one of them is not."""
        return self.numbers(name, values, least=0, most=1, hint=FRACTIONS)

    def answers(self, name: str, values: Sequence[int]) -> list[int]:
        """A list of outcomes, 1 or True for yes, 0 or False for no; empty where one is something else."""
        outcomes = self.several(name, values)
        fine = [
            self.that(
                isinstance(y, Real) and y in {0, 1},
                f"{name} {i}: expected 1 for yes or 0 for no, found {number_text(y)} ({SETTLED})",
            )
            for i, y in enumerate(outcomes, 1)
        ]
        return [int(y) for y in outcomes] if all(fine) else []

    def as_many(self, name: str, values: Any, other: str, others: Any) -> None:
        """Check that two lists have one length; what is no list is left to the check that reads it."""
        if hasattr(values, "__len__") and hasattr(others, "__len__"):
            a, b = len(values), len(others)
            self.that(a == b, f"{other}: expected as many as {name} ({a}), found {b}")


def binary(p: Sequence[float], y: Sequence[int]) -> tuple[list[float], list[int]]:
    """Probabilities and yes-or-no outcomes, checked together. Errors: ``ScoringError``."""
    with ForecastChecks() as check:
        chances, answers = check.chances("p", p), check.answers("y", y)
        check.as_many("p", p, "y", y)
    return chances, answers
