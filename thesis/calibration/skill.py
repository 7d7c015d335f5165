"""Scores compared with a reference forecast's: the skill ratio, and a paired test of the differences."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from thesis.calibration.forecast_checks import ForecastChecks
from thesis.calibration.mean_scores import Figure, mean_of
from thesis.core.interval import total

SAME = 1e-12  # of the largest score: differences that lie closer differ by rounding
MOST_LAG = 1000


class PairedTest(NamedTuple):
    """How two forecasters' scores differ: ours less theirs, so that below 0 we are better.

    ``error``: the standard error of ``difference``; ``t``: their ratio. None where it cannot be said.
    """

    difference: float | None
    error: float | None
    t: float | None
    n: int
    reason: str = ""


def skill(*, score: float | None, reference: float | None) -> Figure:
    """The skill score: 1 - score / reference. 1 is perfect, 0 no better than the reference, below 0 worse.

    Both are mean losses of the same kind over the same forecasts: of the base rate, of last quarter's
    answer, of the market. Unknown where either is, and where the reference made no error: nothing is better
    than perfect, and no ratio says by how much we are worse. The base rate of the very outcomes scored is a
    harsh reference for few forecasts. Domain: both at least 0. Errors: ``ScoringError``. Source: Murphy,
    Skill Scores Based on the Mean Square Error, 1988; Mason, On Using "Climatology" as a Reference Strategy
    in the Brier and Ranked Probability Skill Scores, 2004.

    >>> skill(score=0.125, reference=0.25).value, skill(score=0.1, reference=0.0).reason
    (0.5, 'the reference made no error, and nothing can be measured against that')
    """
    with ForecastChecks() as check:
        for name, value in (("score", score), ("reference", reference)):
            if value is not None:
                check.number(name, value, least=0, hint="losses, where lower is better")
    if score is None or reference is None:
        return Figure(None, f"{'we' if score is None else 'the reference'} scored nothing")
    if reference == 0:
        return Figure(None, "the reference made no error, and nothing can be measured against that")
    ratio = score / reference
    if math.isinf(ratio):
        return Figure(None, "the reference made next to no error, and nothing can be measured against that")
    return Figure(1 - ratio)


def paired(ours: Sequence[float], theirs: Sequence[float], *, lag: int = 0) -> PairedTest:
    """Whether we beat a reference on the same forecasts: t = mean d / (s / sqrt n), d = ours - theirs.

    With lag 0, s is the standard deviation of d (divisor n - 1). Forecasts whose horizons overlap share
    surprises: give them in the order of time with the ``lag`` over which they do, and the variance becomes
    Newey and West's, g_0 + 2 sum_{k<=lag} (1 - k / (lag + 1)) g_k, times n / (n - 1), g_k the mean product
    of deviations k apart. Read t with n - 1 degrees of freedom; beyond +-2 is more than chance. ``ours``,
    ``theirs``: ``each`` of two scores. Unknown for n <= lag + 1 and where all d are the same. Errors:
    ``ScoringError``. Source: Diebold & Mariano, Comparing Predictive Accuracy, 1995; Newey & West 1987.

    >>> found = paired([1.0, 2.0, 3.0, 4.0], [0.0, 0.0, 0.0, 0.0], lag=1)
    >>> found.difference, round(found.error, 6), round(found.t, 6)
    (2.5, 0.721688, 3.464102)
    """
    with ForecastChecks() as check:
        us, them = check.numbers("ours", ours), check.numbers("theirs", theirs)
        check.as_many("ours", ours, "theirs", theirs)
        check.whole("lag", lag, least=0, most=MOST_LAG)
    apart = [a - b for a, b in zip(us, them, strict=True)]
    n = len(apart)
    if n == 0:
        return PairedTest(None, None, None, 0, "no pairs of scores")
    middle = mean_of(apart)
    if n <= lag + 1:
        return PairedTest(middle, None, None, n, f"{n} pairs: more than {lag + 1} are needed for an error")
    off = [d - middle for d in apart]
    scale = max(map(abs, off))
    if scale <= SAME * max(map(abs, us + them)):
        return PairedTest(middle, None, None, n, "every difference is the same, so that chance shows nowhere")
    # in units of the largest deviation, so that squares neither vanish nor overflow
    error = math.sqrt(_long_run([d / scale for d in off], lag) / (n - 1))
    return PairedTest(middle, scale * error, middle / scale / error, n)


def _long_run(off: Sequence[float], lag: int) -> float:
    """The variance with what neighbours share; Bartlett's weights keep it above 0."""
    n = len(off)
    shared = [total(a * b for a, b in zip(off, off[k:], strict=False)) / n for k in range(lag + 1)]
    return shared[0] + 2 * total((1 - k / (lag + 1)) * shared[k] for k in range(1, lag + 1))
