"""Scores of yes-or-no forecasts. All are losses: lower is better."""

from __future__ import annotations

import math
from collections.abc import Sequence

from thesis.calibration.forecast_checks import ForecastChecks, binary
from thesis.calibration.mean_scores import Score, plain_mean

CLIP = 0.01  # as near to 0 and 1 as a forecast is taken by the log score


def brier(p: Sequence[float], y: Sequence[int]) -> Score:
    """The Brier score on the scale 0 to 1: mean (p - y)^2. Always 0.5 scores 0.25.

    ``p``: probabilities as fractions; ``y``: 1 where it happened, 0 where not. Unknown without forecasts.
    Strictly proper: in expectation nothing beats the probability one believes in. Errors: ``ScoringError``.
    Source: Brier, Verification of Forecasts Expressed in Terms of Probability, 1950 (see ``brier_sum``).

    >>> round(brier([0.1, 0.9, 0.8, 0.3], [0, 1, 1, 0]).value, 9)
    0.0375
    >>> brier([], [])
    Score(value=None, each=(), reason='no forecasts', clipped=0)
    """
    chances, answers = binary(p, y)
    return plain_mean([(f - o) ** 2 for f, o in zip(chances, answers, strict=True)])


def brier_sum(p: Sequence[float], y: Sequence[int]) -> Score:
    """The Brier score on the scale 0 to 2: the sum over yes and no, twice ``brier``. Always 0.5 scores 0.5.

    It is Brier's own form and that of forecasting tournaments; a figure without its scale says nothing.
    Arguments and errors (``ScoringError``): as ``brier``. Source: Brier 1950; Tetlock & Gardner,
    Superforecasting, 2015, chapter 3.

    >>> brier_sum([0.5, 0.5], [0, 1]).value
    0.5
    """
    return plain_mean([2 * score for score in brier(p, y).each])


def log_score(p: Sequence[float], y: Sequence[int], *, clip: float = CLIP) -> Score:
    """The log score in nats: mean -ln(probability given to what happened), drawn in to clip .. 1 - clip.

    Always 0.5 scores 0.693. ``clipped`` of the result counts the forecasts drawn in; with clip 0 none is,
    and 0 given to what happened is refused, its score being infinite. Clipping gives up properness outside
    clip .. 1 - clip: there 0.999 earns no more than 0.99. Domain: 0 <= clip < 0.5; ``p``, ``y`` as
    ``brier``. Errors: ``ScoringError``. Source: Good, Rational Decisions, 1952.

    >>> found = log_score([1.0, 0.5], [0, 1])
    >>> [round(score, 6) for score in found.each], found.clipped
    ([4.60517, 0.693147], 1)
    """
    chances, answers = binary(p, y)
    return log_loss([f if o else 1 - f for f, o in zip(chances, answers, strict=True)], clip)


def log_loss(given: Sequence[float], clip: float) -> Score:
    """The log score of the probabilities given to what happened. Errors: ``ScoringError``."""
    with ForecastChecks() as check:
        if check.number("clip", clip, least=0, below=0.5) and clip == 0:
            for i, f in enumerate(given, 1):
                hint = "its log score is infinite; give a clip"
                check.number(f"probability of what happened {i}", f, above=0, hint=hint)
    drawn = [min(max(f, clip), 1 - clip) for f in given]
    # + 0.0: certainty scores 0, not -0
    scores = [-math.log(f) + 0.0 for f in drawn]
    return plain_mean(scores, clipped=sum(f != d for f, d in zip(given, drawn, strict=True)))
