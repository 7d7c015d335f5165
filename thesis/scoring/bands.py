"""Turning a value into a score between 0 and 1 by a rule's bands, and a score into its level.

A rule's bands are five edges. The first scores 0, each further one a quarter more, the last scores 1, and
values in between are interpolated. A label such as "weak" or "met" stands for a quarter of the score, so that
a label and its score can never disagree.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from thesis.core.interval import TOLERANCE, Endpoint, Interval

QUARTERS = 4  # a label is a quarter of the score
LOWERED_EDGES = tuple(edge - TOLERANCE * edge for edge in (0.25, 0.5, 0.75))  # as in ``reaches``


def band_score(value: Interval, edges: Sequence[float]) -> Interval:
    """Where a value stands among five edges: 0 at the first, a quarter more at each, 1 at the last.

    Edges rise where more is better and fall where less is. Straight between edges, so a label,
    which is a quarter of the score, can never disagree with it. What is not known scores 0..1.

    >>> from thesis.core.interval import point
    >>> band_score(point(0.284), [0.05, 0.10, 0.15, 0.20, 0.30])
    0.96
    """
    if edges[0] > edges[-1]:
        value, edges = -value, [-edge for edge in edges]
    ops = value.ops
    lo = hi = _place(ops, value.lo, edges)
    if value.lo is not value.hi:
        hi = _place(ops, value.hi, edges)
    return type(value)(ops.settle(lo, 0.0), ops.settle(hi, 1.0))


def _place(ops: Any, value: Endpoint, edges: Sequence[float]) -> Endpoint:
    """The score of one end; what is not a number stays so."""
    score = 0.0
    for low, high in pairwise(edges):
        score = score + ops.least(ops.greatest((value - low) / (high - low), 0.0), 1.0)
    return score / QUARTERS


def value_at(score: float, edges: Sequence[float]) -> float:
    """The value that has a score: the inverse of ``band_score`` between the outer edges."""
    place = min(max(score, 0.0), 1.0) * QUARTERS
    k = min(int(place), QUARTERS - 1)
    return edges[k] + (edges[k + 1] - edges[k]) * (place - k)


def level_of(score: float) -> int:
    """Which quarter of the score: 0 to 3; a score on an edge counts as past it."""
    raised = score + TOLERANCE * score
    low, half, high = LOWERED_EDGES
    return (raised >= low) + (raised >= half) + (raised >= high)
