"""The agreement of two people who graded the same rubrics in the same quarters.

A rubric on which they do not agree measures the grader; calibration asks that it be written anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from thesis import calibration as c
from thesis.calibration.agreement import REWRITE_BELOW
from thesis.calibration.mean_scores import Figure
from thesis.calibration.sample_size import ENOUGH_IN_BIN
from thesis.pack.load import Pack
from thesis.pack.scores import grade_range


class GraderAgreement(NamedTuple):
    """Cohen's weighted kappa of a rubric, at most 1, over ``n`` quarters that two people graded."""

    rubric: str
    name: str
    n: int
    kappa: Figure

    @property
    def few(self) -> str:
        """That there are too few quarters for a claim; empty where there are enough."""
        return "" if self.n >= ENOUGH_IN_BIN else f"too few: {self.n} of {ENOUGH_IN_BIN}"

    @property
    def is_poor(self) -> bool:
        """Whether the rubric has to be written anew."""
        return not self.few and self.kappa.value is not None and self.kappa.value < REWRITE_BELOW


def grader_agreements(pack: Pack, day: str) -> list[GraderAgreement]:
    """Each rubric that two people graded on one quarter by a day."""
    found = []
    for rubric in pack.rubrics.values():
        pairs = list(_pairs(pack, rubric.id, day))
        if pairs:
            a, b = zip(*pairs, strict=True)
            kappa = c.weighted_kappa(a, b, levels=range(len(rubric.levels)))
            found.append(GraderAgreement(rubric.id, rubric.name, len(pairs), kappa))
    return found


def _pairs(pack: Pack, rubric: str, day: str) -> Iterator[tuple[int, int]]:
    """The last words of two graders on each quarter; a span of levels is no word to compare."""
    said: dict[str, dict[str, int]] = {}
    given = [g for g in pack.grades if g.rubric == rubric and g.period and g.graded <= day]
    for grade in sorted(given, key=lambda g: g.graded):
        level = grade_range(grade.level)
        if level.is_point:
            said.setdefault(grade.period, {})[grade.by] = int(level.lo)
    for graders in said.values():
        if len(graders) > 1:
            first, second, *_ = (graders[name] for name in sorted(graders))
            yield first, second
