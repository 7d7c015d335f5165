"""Scores of forecasts over several classes, and of ladders. All are losses: lower is better."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from thesis.calibration.binary import CLIP, log_loss
from thesis.calibration.forecast_checks import FRACTIONS, ROUNDING, ForecastChecks
from thesis.calibration.mean_scores import Score, mean_of, plain_mean
from thesis.core.argument_checks import number_text
from thesis.core.interval import total

Vectors = Sequence[Sequence[float]]  # one distribution for each forecast


def brier_multiclass(p: Vectors, outcomes: Sequence[int]) -> Score:
    """The Brier score over classes: mean of sum_k (p_k - y_k)^2, on the scale 0 to 2.

    ``p``: for each forecast the probabilities of its classes, adding up to 1; ``outcomes``: which class it
    was, counted from 0. Of two classes it is ``brier_sum``, twice ``brier``. It does not see that classes
    have an order (``rps`` does). Unknown without forecasts. Errors: ``ScoringError``. Source: Brier 1950.

    >>> round(brier_multiclass([[0.25, 0.5, 0.25]], [1]).value, 9)
    0.375
    """
    vectors, happened = _classes(p, outcomes)
    return plain_mean(
        [
            total((f - (k == o)) ** 2 for k, f in enumerate(vector))
            for vector, o in zip(vectors, happened, strict=True)
        ]
    )


def log_score_multiclass(p: Vectors, outcomes: Sequence[int], *, clip: float = CLIP) -> Score:
    """The log score over classes, in nats: mean -ln(probability given to the class that it was).

    Arguments as ``brier_multiclass``; ``clip`` and the count of clipped ones as ``log_score``.
    Errors: ``ScoringError``. Source: Good 1952.

    >>> round(log_score_multiclass([[0.25, 0.5, 0.25]], [1]).value, 6)
    0.693147
    """
    vectors, happened = _classes(p, outcomes)
    return log_loss([vector[o] for vector, o in zip(vectors, happened, strict=True)], clip)


def rps(p: Vectors, outcomes: Sequence[int]) -> Score:
    """The ranked probability score of ordered classes, 0 to 1: sum_{k<K} (P_k - Y_k)^2 / (K - 1).

    P_k and Y_k add up the probabilities and what happened over the first k classes: a near miss costs less
    than a far one. Of two classes it is ``brier``. Arguments as ``brier_multiclass``, the classes in their
    order. Errors: ``ScoringError``. Source: Epstein, A Scoring System for Probability Forecasts of Ranked
    Categories, 1969; divided by K - 1 as by Murphy 1971.

    >>> rps([[0.25, 0.5, 0.25], [0.25, 0.5, 0.25]], [1, 0]).each
    (0.0625, 0.3125)
    """
    vectors, happened = _classes(p, outcomes)
    scores = []
    for vector, o in zip(vectors, happened, strict=True):
        so_far = [total(vector[: k + 1]) for k in range(len(vector) - 1)]
        scores.append(mean_of([(f - (o <= k)) ** 2 for k, f in enumerate(so_far)]))
    return plain_mean(scores)


def ladder_rps(ladders: Vectors, reached: Sequence[int]) -> Score:
    """The ranked probability score of ladders, 0 to 1: the mean over rungs of (p_j - [rung j reached])^2.

    A ladder: P(x >= a_1), P(x >= a_2), ... for rising a_j, so that the chances never rise; ``reached``:
    how many of its rungs x reached. It is ``rps`` of the classes between the rungs (``ladder_classes``).
    Unknown without forecasts. Errors: ``ScoringError``, also for a ladder that rises. Source: as ``rps``.

    >>> round(ladder_rps([[0.9, 0.6, 0.2]], [2]).value, 9)  # (0.01 + 0.16 + 0.04) / 3
    0.07
    """
    with ForecastChecks() as check:
        rungs = [_ladder(check, f"ladder {i}", x) for i, x in enumerate(check.several("ladders", ladders), 1)]
        happened = _which(check, "reached", reached, [len(x) for x in rungs])
        check.as_many("ladders", ladders, "reached", reached)
    return plain_mean(
        [
            mean_of([(f - (j <= count)) ** 2 for j, f in enumerate(ladder, 1)])
            for ladder, count in zip(rungs, happened, strict=True)
        ]
    )


def ladder_classes(ladder: Sequence[float]) -> tuple[float, ...]:
    """The chances of the classes between a ladder's rungs: below a_1, from a_1 to a_2, ..., from the last up.

    One class more than rungs. Domain and errors (``ScoringError``): a ladder as in ``ladder_rps``.

    >>> ladder_classes([0.75, 0.5])
    (0.25, 0.25, 0.5)
    """
    with ForecastChecks() as check:
        rungs = _ladder(check, "ladder", ladder)
    ends = [1.0, *rungs, 0.0]
    return tuple(max(0.0, upper - lower) for upper, lower in pairwise(ends))


def _classes(p: Vectors, outcomes: Sequence[int]) -> tuple[list[list[float]], list[int]]:
    """Distributions and the class that it was, checked together."""
    with ForecastChecks() as check:
        vectors = [_distribution(check, f"p {i}", x) for i, x in enumerate(check.several("p", p), 1)]
        happened = _which(check, "outcomes", outcomes, [len(x) - 1 for x in vectors])
        check.as_many("p", p, "outcomes", outcomes)
    return vectors, happened


def _distribution(check: ForecastChecks, name: str, given: Sequence[float]) -> list[float]:
    chances = check.chances(f"{name}, class", given)
    if not chances:
        check.that(bool(check.faults), f"{name}: expected at least two classes, found none")
        return []
    whole = total(chances)
    check.that(len(chances) > 1, f"{name}: expected at least two classes, found one (that is certain)")
    check.that(
        abs(whole - 1) <= ROUNDING,
        f"{name}: expected probabilities that add up to 1, found {number_text(whole)} ({FRACTIONS})",
    )
    return chances


def _ladder(check: ForecastChecks, name: str, given: Sequence[float]) -> list[float]:
    rungs = check.chances(f"{name}, rung", given)
    check.that(bool(rungs or check.faults), f"{name}: expected at least one rung, found none")
    for j in range(1, len(rungs)):
        check.that(
            rungs[j] <= rungs[j - 1] + ROUNDING,
            f"{name}, rung {j + 1}: expected at most the chance of rung {j} "
            f"({number_text(rungs[j - 1])}), found"
            f" {number_text(rungs[j])} (what reaches a higher rung has reached the lower; is the "
            "order rising?)",
        )
    return rungs


def _which(check: ForecastChecks, name: str, given: Sequence[int], most: Sequence[int]) -> list[int]:
    """Whole numbers from 0 to each forecast's own most."""
    found: list[Any] = check.several(name, given)
    for i, (value, top) in enumerate(zip(found, most, strict=False), 1):
        if top >= 0:  # below that the forecast itself is at fault, which has been told
            check.whole(f"{name} {i}", value, least=0, most=top)
    return found
