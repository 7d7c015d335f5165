"""Scores of several parts as one: the one place where the parts of a rule, a tree, are gone through.

How scores combine is ``thesis.core.aggregates``' to say. A rule has measures, judgements and groups of them;
``PartTree`` combines them on any carrier and says what the whole is as a function of a single leaf.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from thesis.core.aggregates import Effect, aggregate_of
from thesis.core.interval import Floats, Interval
from thesis.scoring.assessment import MeasureResult, RuleResult
from thesis.scoring.bands import QUARTERS

LeafScore = Callable[[MeasureResult], Interval]
LeafNumber = Callable[[MeasureResult], float]


def combine(scores: Sequence[Interval], weights: Sequence[float], how: str, floor: float) -> Interval:
    """The aggregate of ranges, on their carrier: that of the low ends and that of the high ends.

    ``how``: as a pack names it (``thesis.core.aggregates``). ``floor``: the least that a score counts in a
    geometric or harmonic mean.
    """
    aggregate = aggregate_of(how)
    kind = next((type(score) for score in scores if type(score) is not Interval), Interval)
    lo = aggregate.over(kind.ops, [s.lo for s in scores], weights, floor)
    if all(s.is_point for s in scores):
        return kind(lo, lo)
    hi = aggregate.over(kind.ops, [s.hi for s in scores], weights, floor)
    return kind(lo, kind.ops.greatest(lo, hi))


def combine_numbers(scores: Sequence[float], weights: Sequence[float], how: str, floor: float) -> float:
    """The same of numbers."""
    return float(aggregate_of(how).over(Floats, scores, weights, floor))


class PartTree(NamedTuple):
    """Some parts that are combined, with the tree below each of them that is a group.

    ``group``: the part whose parts they are; None at the top of a rule.
    """

    how: str
    parts: Sequence[MeasureResult]
    group: MeasureResult | None = None

    @classmethod
    def of(cls, finding: RuleResult) -> PartTree:
        return cls(finding.rule.combine, finding.parts)

    @property
    def weights(self) -> list[float]:
        return [part.measure.weight for part in self.parts]

    def below(self, part: MeasureResult) -> PartTree | None:
        """The tree of a group; None of a leaf."""
        return PartTree(part.measure.combine, part.parts, part) if part.parts else None

    def walk(self) -> Iterator[PartTree]:
        """This tree and those of the groups below, the outer ones first."""
        yield self
        for part in self.parts:
            branch = self.below(part)
            if branch:
                yield from branch.walk()

    def score(self, leaf: LeafScore, floor: float) -> Interval:
        """The score of the whole, where each leaf has the score that ``leaf`` gives it."""
        scores = [
            branch.score(leaf, floor) if (branch := self.below(part)) else leaf(part) for part in self.parts
        ]
        return combine(scores, self.weights, self.how, floor)

    def number(self, leaf: LeafNumber, floor: float) -> float:
        """The same of scores that are numbers."""
        return combine_numbers(self._numbers(leaf, floor), self.weights, self.how, floor)

    def effects(self, leaf: LeafNumber, floor: float) -> dict[int, Effect]:
        """What the whole is as a function of each leaf's score, the others as ``leaf`` says; by ``id``.

        All together take a time that grows with the number of leaves, a call one that grows with the depth.
        """
        aggregate = aggregate_of(self.how)
        found: dict[int, Effect] = {}
        outer = aggregate.effects(self._numbers(leaf, floor), self.weights, floor)
        for part, effect in zip(self.parts, outer, strict=True):
            branch = self.below(part)
            if branch is None:
                found[id(part)] = effect
            else:
                inner = branch.effects(leaf, floor)
                found.update((key, _chained(effect, each)) for key, each in inner.items())
        return found

    def headline(self) -> MeasureResult:
        """The leaf that stands for the whole: of the part that decides, else of the heaviest."""
        places = aggregate_of(self.how).deciding([part.score.lo + part.score.hi for part in self.parts])
        chosen = self.parts[places[0]] if places else max(self.parts, key=lambda part: part.share)
        branch = self.below(chosen)
        return branch.headline() if branch else chosen

    def _numbers(self, leaf: LeafNumber, floor: float) -> list[float]:
        return [
            branch.number(leaf, floor) if (branch := self.below(part)) else leaf(part) for part in self.parts
        ]


def _chained(outer: Effect, inner: Effect) -> Effect:
    return lambda score: outer(inner(score))


def part_with(scores: Mapping[int, float], otherwise: LeafNumber) -> LeafNumber:
    """The scores of some leaves, by ``id``, and of the others what they were."""
    return lambda part: scores[id(part)] if id(part) in scores else otherwise(part)


def widen(score: Interval, by: float) -> Interval:
    """A score that may be off by so much either way, inside 0..1."""
    return Interval(max(0.0, score.lo - by), min(1.0, score.hi + by)) if by else score


def raise_by(score: Interval, condition: Interval, levels: int) -> Interval:
    """A severity, higher by whole levels where a condition holds."""
    step = levels / QUARTERS
    return Interval(min(1.0, score.lo + step * condition.lo), min(1.0, score.hi + step * condition.hi))
