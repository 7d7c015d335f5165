"""The fewest things to do that bring coverage to where a thesis is rated.

Each measure of a condition adds its share to coverage once all inputs that it lacks are there, and one thing
to do, such as loading a document, may bring inputs of several measures. The search is exact: it goes through
the measures, the heaviest first, and leaves out what cannot be shorter than the best list found so far.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from thesis.core.interval import reaches, total

MOST_STEPS = 200_000  # of the search, after which the best list found is given for what it is


class Gain(NamedTuple):
    """What coverage gains, as a share of 1, once all of some tasks (by number) are done."""

    share: float
    tasks: frozenset[int]
    side: int = 0
    """Of which coverage: 0 that of the conditions, 1 that of the risks, where it counts."""


class ShortList(NamedTuple):
    """The tasks to do and the coverage that follows; ``is_shortest``: there is none with fewer."""

    tasks: frozenset[int]
    coverage: float
    is_shortest: bool


def shortest_list(
    gains: Sequence[Gain], covered: Sequence[float], required: float, always: frozenset[int] = frozenset()
) -> ShortList | None:
    """The fewest tasks after which coverage is what is required; None where all of them are not enough.

    ``covered``: the coverage of each side without any of them, of which the least counts; ``always``: tasks
    that have to be done in any case. Of lists with as few tasks the one that covers more is taken, then the
    one whose tasks come first.

    >>> gains = [Gain(0.3, frozenset({0})), Gain(0.2, frozenset({0, 1})), Gain(0.25, frozenset({2}))]
    >>> sorted(shortest_list(gains, [0.1], 0.6).tasks)
    [0, 2]
    """
    return _Search(gains, covered, required).best(always)


class _Search:
    """One search; ``steps`` counts how many choices were looked at."""

    def __init__(self, gains: Sequence[Gain], covered: Sequence[float], required: float) -> None:
        shares: dict[tuple[frozenset[int], int], list[float]] = {}
        for gain in gains:
            shares.setdefault((gain.tasks, gain.side), []).append(gain.share)
        joined = [Gain(total(sorted(found)), *key) for key, found in shares.items()]
        self.gains = sorted(joined, key=lambda gain: (-gain.share, len(gain.tasks), sorted(gain.tasks)))
        self.rest = [
            frozenset[int]().union(*(gain.tasks for gain in self.gains[at:]))
            for at in range(len(self.gains) + 1)
        ]
        self.covered = covered
        self.required = required
        self.found: ShortList | None = None
        self.steps = 0

    def best(self, always: frozenset[int]) -> ShortList | None:
        """The best list that holds all of ``always``."""
        self._choose(0, always)
        if self.found is None:
            return None
        return self.found._replace(is_shortest=self.steps < MOST_STEPS)

    def _coverage(self, tasks: frozenset[int]) -> float:
        gained = [gain for gain in self.gains if gain.tasks <= tasks]
        return min(
            total(sorted(gain.share for gain in gained if gain.side == side), covered)
            for side, covered in enumerate(self.covered)
        )

    def _choose(self, at: int, tasks: frozenset[int]) -> None:
        """Go on with the measures from ``at`` on, with some tasks taken."""
        self.steps += 1
        is_spent = self.steps >= MOST_STEPS and self.found is not None
        if is_spent or (self.found and len(tasks) > len(self.found.tasks)):
            return
        coverage = self._coverage(tasks)
        if reaches(coverage, self.required):
            self._keep(ShortList(tasks, coverage, is_shortest=True))
            return
        if at == len(self.gains) or not reaches(self._coverage(tasks | self.rest[at]), self.required):
            return
        self._choose(at + 1, tasks | self.gains[at].tasks)
        self._choose(at + 1, tasks)

    def _keep(self, found: ShortList) -> None:
        if self.found is None or _order(found) < _order(self.found):
            self.found = found


def _order(found: ShortList) -> tuple[int, float, list[int]]:
    return len(found.tasks), -found.coverage, sorted(found.tasks)
