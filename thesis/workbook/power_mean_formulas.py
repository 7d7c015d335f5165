"""Power means as formulas over columns of weights and scores."""

from __future__ import annotations

from typing import NamedTuple

from thesis.scoring.aggregate import POWERS
from thesis.scoring.aggregate import PowerMean as Mean

TOLD = {
    "min": "the weakest decides",
    "harmonic": "harmonic mean",
    "geometric": "geometric mean",
    "mean": "mean",
    "cubic": "cubic mean, which leans to the worst",
    "max": "the worst decides",
}


class PowerMeanFormula(NamedTuple):
    """How scores become one: ``into`` each, the average by weight, and ``back``.

    ``floor`` is an address: the least that a score counts where a dead part would else cost everything.
    """

    how: str
    floor: str
    least: float

    @property
    def is_plain(self) -> bool:
        """Whether one of the scores is the answer, and nothing is averaged."""
        return self.how in ("min", "max")

    def into(self, score: str, weight: str) -> str:
        """A score as it is averaged; one without weight decides nothing."""
        if self.is_plain:
            return f"IF({weight}>0,{score},{1 if self.how == 'min' else 0})"
        raised = f"MAX({score},{self.floor})"
        forms = {
            "harmonic": f"-1/{raised}",
            "geometric": f"LN({raised})",
            "cubic": f"{score}^3",
        }
        return forms.get(self.how, score)

    def value(self, score: float, weight: float) -> float:
        """The same of a number."""
        if self.is_plain:
            return score if weight > 0 else float(self.how == "min")
        return Mean(POWERS[self.how], self.least).into(score)

    def back(self, weights: str, averaged: str) -> str:
        """The mean, of a range of weights and one of scores as they are averaged."""
        if self.is_plain:
            return f"{self.how.upper()}({averaged})"
        average = f"SUMPRODUCT({weights},{averaged})/SUM({weights})"
        forms = {
            "harmonic": f"-1/({average})",
            "geometric": f"EXP({average})",
            "cubic": f"({average})^(1/3)",
        }
        return forms.get(self.how, average)
