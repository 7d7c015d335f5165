"""The two measures that would change the rating soonest together, where none can alone.

Both move by the same number of typical quarterly changes, the thesis's way or against it, and everything else
stays in the middle of what is known of it. The search is bounded: of the measures with a known typical change
the twelve with the shortest way of their own, and six typical changes each.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import combinations
from typing import NamedTuple

from thesis.core.interval import point
from thesis.scoring.assessment import MeasureResult, RatingChange, RatingPair, RuleResult
from thesis.scoring.bands import band_score
from thesis.scoring.rating_changes import RatingStage, moved_measure, threshold

MOST_MEASURES = 12
WITHIN = 6.0  # typical changes that each of the two may move by
LEAST_SHORTER = 1e-9  # typical changes by which a pair must be nearer than one found before it


class _Mover(NamedTuple):
    """A measure with a known typical change, and which way its score is to go."""

    rule: RuleResult
    leaf: MeasureResult
    now: float
    typical: float
    upward: bool

    def value(self, moves: float) -> float:
        """Its value after so many typical changes."""
        rises = self.upward == (self.leaf.edges[0] < self.leaf.edges[-1])
        return self.now + moves * self.typical * (1 if rises else -1)

    def score(self, moves: float) -> float:
        """Its score then; a score that is less certain than its value stays at its own middle till passed."""
        own, there = self.leaf.score.middle, float(band_score(point(self.value(moves)), self.leaf.edges).lo)
        return max(own, there) if self.upward else min(own, there)

    @property
    def name(self) -> tuple[str, str]:
        return self.rule.id, self.leaf.id


def rating_pairs(stage: RatingStage, changes: Sequence[RatingChange]) -> tuple[RatingPair, ...]:
    """The nearest pair for a better and for a worse verdict, each where no single measure can do it.

    Nothing where there is no better or no worse verdict to be had, or a kill criterion has tripped.
    ``changes``: what each measure can do alone.
    """
    alone = {change.better for change in changes if change.to and change.part and change.unit != "level"}
    ends = {True: len(stage.table.levels) - 1, False: 0}
    return tuple(
        _nearest(stage, better=better)
        for better in (True, False)
        if better not in alone and not stage.killed and stage.now != ends[better]
    )


def _nearest(stage: RatingStage, *, better: bool) -> RatingPair:
    movers = _shortest_first(stage, better=better)[:MOST_MEASURES]
    nearest, found, least = None, RatingPair(better, WITHIN), WITHIN
    if not _differs(stage, movers, WITHIN):
        return found  # what all of them together cannot do, no two can
    for pair in combinations(sorted(movers, key=lambda each: each.name), 2):
        if pair[0].leaf.id == pair[1].leaf.id:
            continue  # one measure in two rules is no second one
        reach = least if nearest is None else least - LEAST_SHORTER
        if not _differs(stage, pair, reach):
            continue
        least = threshold(partial(_differs, stage, pair), 0.0, reach)
        nearest = pair
    if nearest is None:
        return found
    to = stage.table.levels[_verdict(stage, nearest, least)]
    parts = tuple(
        moved_measure(
            RatingChange(each.rule.id, each.leaf.id, each.leaf.name, better, to, score=each.score(least)),
            each.leaf,
            each.value(least),
            each.now,
            least,
            upward=each.upward,
        )
        for each in nearest
    )
    return RatingPair(better, WITHIN, to, least, parts)


def _shortest_first(stage: RatingStage, *, better: bool) -> list[_Mover]:
    """The measures by how near each brings the total that it enters to the end of its scale, by itself.

    None of them changes the verdict alone, so the way of each is told by how much of it six typical changes
    cover. A measure that moves nothing by itself may still do it with another, as one of the two that are
    lowest under ``min``: such measures come last, those that hold the total back most first. Of equal ones
    the first by its id.
    """
    found = []
    for finding in (*stage.conditions, *stage.risks):
        upward = better == (finding.kind == "condition")
        effects = stage.effects(finding)
        for leaf in finding.leaves():
            if leaf.kind != "metric" or leaf.typical is None or leaf.value is None or leaf.value.is_anything:
                continue
            mover = _Mover(finding, leaf, leaf.value.middle, leaf.typical, upward)
            effect, scores = effects(leaf), (leaf.score.middle, mover.score(WITHIN))
            own, moved = (stage.middles.total_with(finding, effect(score)) for score in scores)
            if scores[0] != scores[1]:
                held_back = scores[0] if upward else -scores[0]
                found.append(((-abs(moved - own), held_back, mover.name), mover))
    return [mover for _, mover in sorted(found, key=lambda each: each[0])]


def _differs(stage: RatingStage, movers: Sequence[_Mover], moves: float) -> bool:
    return _verdict(stage, movers, moves) != stage.now


def _verdict(stage: RatingStage, movers: Sequence[_Mover], moves: float) -> int:
    """The verdict after some measures moved by so many typical changes each."""
    by_rule: dict[str, tuple[RuleResult, dict[int, float]]] = {}
    for each in movers:
        by_rule.setdefault(each.rule.id, (each.rule, {}))[1][id(each.leaf)] = each.score(moves)
    return stage.verdict_of({rule.id: stage.middle(rule, scores) for rule, scores in by_rule.values()})
