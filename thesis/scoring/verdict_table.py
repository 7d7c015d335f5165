"""The verdict table with its caps: from the levels of the conditions and the risks to a verdict."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from thesis.core.interval import reaches
from thesis.scoring.bands import level_of


class VerdictCap(NamedTuple):
    """So many conditions below a score allow this verdict at the most."""

    conditions: int
    below: float
    at_most: int


class VerdictRules(NamedTuple):
    """The verdict table with its caps: ``table[engine level][risk level]`` and 0 for the worst."""

    table: Sequence[Sequence[int]]
    caps: Sequence[VerdictCap]
    killed: int

    def verdict(self, engines: float, risks: float, conditions: Sequence[float], killed: bool = False) -> int:
        """The index of the verdict; falls with every risk, rises with every condition."""
        return self.with_counts(engines, risks, self.counts(conditions), killed=killed)

    def counts(self, conditions: Sequence[float]) -> list[int]:
        """For each cap how many of the conditions' scores are below its own."""
        return [sum(not reaches(c, cap.below) for c in conditions) for cap in self.caps]

    def with_counts(self, engines: float, risks: float, counts: Sequence[int], *, killed: bool) -> int:
        """The verdict where so many conditions are below the score of each cap."""
        if killed:
            return self.killed
        found = self.table[level_of(engines)][level_of(risks)]
        for cap, low in zip(self.caps, counts, strict=True):
            if low >= cap.conditions:
                found = min(found, cap.at_most)
        return found
