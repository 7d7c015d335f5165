"""Tests of calibration: Spiegelhalter's z, and Wilson's interval for a frequency."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from thesis.calibration.forecast_checks import ForecastChecks, binary
from thesis.calibration.mean_scores import NOTHING
from thesis.core.interval import total

LEVEL = 0.95
MOST_COUNTED = 10**15  # whole numbers that a float holds exactly


class Wilson(NamedTuple):
    """An interval for the chance behind a frequency; both ends None where nothing was counted."""

    low: float | None
    high: float | None
    reason: str = ""


class ZTest(NamedTuple):
    """A test against calibration. ``z``: about standard normal where forecasts are calibrated.

    ``p_value``: the chance of a z at least as far from 0, both sides. Both None where it cannot be said.
    """

    z: float | None
    p_value: float | None
    n: int
    reason: str = ""


def wilson(*, hits: int, n: int, level: float = LEVEL) -> Wilson:
    """Wilson's score interval for a share of ``hits`` out of ``n``, without continuity correction.

    (f + z^2/2n +- z sqrt(f (1 - f)/n + z^2/4n^2)) / (1 + z^2/n), f = hits/n, z the normal quantile of
    (1 + level) / 2. It stays within 0 .. 1 and holds for small n. Domain: 0 <= hits <= n, 0 < level < 1;
    the n are taken as independent (``effective_n``). Unknown for n = 0. Errors: ``ScoringError``. Source:
    Wilson, Probable Inference, the Law of Succession, and Statistical Inference, 1927.

    >>> found = wilson(hits=14, n=20)
    >>> round(found.low, 2), round(found.high, 2)
    (0.48, 0.85)
    """
    from statistics import NormalDist  # brings more than the rest of this package

    with ForecastChecks() as check:
        if check.whole("n", n, least=0, most=MOST_COUNTED):
            check.whole("hits", hits, least=0, most=n)
        check.number("level", level, above=0, below=1)
    if n == 0:
        return Wilson(None, None, "nothing was counted")
    z = NormalDist().inv_cdf((1 + level) / 2)
    share = hits / n
    middle = share + z * z / (2 * n)
    reach = z * math.sqrt(share * (1 - share) / n + (z / (2 * n)) ** 2)
    whole = 1 + z * z / n
    # at the ends the formula gives 0 and 1 exactly, its rounding does not
    low = 0.0 if hits == 0 else max(0.0, (middle - reach) / whole)
    high = 1.0 if hits == n else min(1.0, (middle + reach) / whole)
    return Wilson(low, high)


def spiegelhalter_z(p: Sequence[float], y: Sequence[int]) -> ZTest:
    """Spiegelhalter's test of calibration: sum (y - p)(1 - 2p) / sqrt(sum (1 - 2p)^2 p (1 - p)).

    Above 0: the Brier score is worse than these forecasts promise of themselves, as of overconfident ones;
    below 0 better, as of timid ones. Beyond +-1.96 chance alone does so once in twenty times. Forecasts of
    0.5 say nothing here, and of 0 and 1 allow no chance: with those alone it is unknown. It takes forecasts
    as independent. Arguments as ``brier``. Errors: ``ScoringError``. Source: Spiegelhalter, Probabilistic
    Prediction in Patient Management and Clinical Trials, 1986.

    >>> found = spiegelhalter_z([0.1] * 10 + [0.9] * 10, [1] + [0] * 9 + [1] * 8 + [0] * 2)
    >>> round(found.z, 4), round(found.p_value, 2)
    (0.7454, 0.46)
    """
    chances, answers = binary(p, y)
    if not chances:
        return ZTest(None, None, 0, NOTHING)
    variance = total(sorted((1 - 2 * f) ** 2 * f * (1 - f) for f in chances))
    if variance == 0:
        return ZTest(
            None, None, len(chances), "every forecast is 0, 0.5 or 1, which leaves nothing to chance"
        )
    surprise = total(sorted((o - f) * (1 - 2 * f) for f, o in zip(chances, answers, strict=True)))
    z = surprise / math.sqrt(variance)
    return ZTest(z, math.erfc(abs(z) / math.sqrt(2)), len(chances))
