"""Calibration arithmetic: pure functions that score forecasts once their outcomes are known.

Conventions: probabilities are fractions (30 % is 0.3). Outcomes of yes-or-no questions are 1 and 0, of
classes their number, counted from 0. Forecasts come as lists, one entry each, with outcomes in the same
order; whoever calls leaves open, annulled and backtested ones out. Every score is a loss: lower is better.
What has no meaning is refused with ``ScoringError``, all of a call's at once. What cannot be said (no
forecasts, a reference without error, one class alone) is None with a ``reason``, never nan, 0 or infinity.

    yes or no    brier: scale 0 to 1; brier_sum: scale 0 to 2; log_score: clipped, with the count
    classes      brier_multiclass: scale 0 to 2; log_score_multiclass; rps: ordered classes;
                 ladder_rps: chances to reach rising levels; ladder_classes: those as classes
    numbers      pinball, quantile_score, interval_score, crps_normal; interval_coverage, quantile_coverage
    reliability  reliability_table, ece, by distinct forecast or by bins (even_bins)
                 murphy: reliability, resolution, uncertainty and what bins add
    significance spiegelhalter_z: are they calibrated; wilson: the interval of a frequency
    comparing    skill: against a reference; paired: t of the differences, Newey-West for overlap
    waiting      time_weighted, time_weighted_brier: by the day, of questions open for long
    evidence     enough: "too few" under 40; effective_n, design_effect, cluster_means: what hangs together
    agreement    kendall_tau, level_means: of verdicts with what followed; weighted_kappa: of two graders

Results are named tuples, each explained by its own docstring, as in ``help(thesis.calibration.Score)``:
Score, Figure; Coverage; Bin, Murphy; Wilson, ZTest; PairedTest; TimeWeighted; Evidence; LevelMean,
LevelMeans.

Thirty forecasts, ten each of 10, 50 and 90 %, of which 1, 6 and 8 came true:

>>> p = [0.1] * 10 + [0.5] * 10 + [0.9] * 10
>>> y = [1] + [0] * 9 + [1] * 6 + [0] * 4 + [1] * 8 + [0] * 2
>>> parts = murphy(p, y)
>>> [round(x, 6) for x in (parts.brier, parts.reliability, parts.resolution, parts.uncertainty)]
[0.17, 0.006667, 0.086667, 0.25]
>>> round(skill(score=brier(p, y).value, reference=parts.uncertainty).value, 9)
0.32
>>> enough(len(p)).words
'too few: 30 of 40'

One review's forecasts beside the base rate's, where five hang on one driver:

>>> y = [1, 1, 1, 0, 0, 0]
>>> ours, base = brier([0.9, 0.8, 0.7, 0.6, 0.5, 0.2], y), brier([0.4] * 6, y)
>>> driver = ["touch"] * 5 + ["aws"]
>>> against = paired(cluster_means(ours.each, driver).each, cluster_means(base.each, driver).each)
>>> round(against.difference, 4), against.n, effective_n(driver)
(-0.125, 2, 2)
"""

from __future__ import annotations

from thesis.calibration.agreement import LevelMean as LevelMean
from thesis.calibration.agreement import LevelMeans as LevelMeans
from thesis.calibration.agreement import kendall_tau, level_means, weighted_kappa
from thesis.calibration.binary import brier, brier_sum, log_score
from thesis.calibration.classes import brier_multiclass, ladder_classes, ladder_rps, log_score_multiclass, rps
from thesis.calibration.forecast_checks import ScoringError
from thesis.calibration.mean_scores import Figure as Figure
from thesis.calibration.mean_scores import Score as Score
from thesis.calibration.murphy import Murphy as Murphy
from thesis.calibration.murphy import murphy
from thesis.calibration.numeric import Coverage as Coverage
from thesis.calibration.numeric import (
    crps_normal,
    interval_coverage,
    interval_score,
    pinball,
    quantile_coverage,
    quantile_score,
)
from thesis.calibration.reliability import Bin as Bin
from thesis.calibration.reliability import ece, even_bins, reliability_table
from thesis.calibration.sample_size import Evidence as Evidence
from thesis.calibration.sample_size import cluster_means, design_effect, effective_n, enough
from thesis.calibration.significance import Wilson as Wilson
from thesis.calibration.significance import ZTest as ZTest
from thesis.calibration.significance import spiegelhalter_z, wilson
from thesis.calibration.skill import PairedTest as PairedTest
from thesis.calibration.skill import paired, skill
from thesis.calibration.time_weighted import TimeWeighted as TimeWeighted
from thesis.calibration.time_weighted import time_weighted, time_weighted_brier

# the results' classes can be imported too; left out here, they do not hide the functions in help()
__all__ = [
    "ScoringError",
    "brier",
    "brier_multiclass",
    "brier_sum",
    "cluster_means",
    "crps_normal",
    "design_effect",
    "ece",
    "effective_n",
    "enough",
    "even_bins",
    "interval_coverage",
    "interval_score",
    "kendall_tau",
    "ladder_classes",
    "ladder_rps",
    "level_means",
    "log_score",
    "log_score_multiclass",
    "murphy",
    "paired",
    "pinball",
    "quantile_coverage",
    "quantile_score",
    "reliability_table",
    "rps",
    "skill",
    "spiegelhalter_z",
    "time_weighted",
    "time_weighted_brier",
    "weighted_kappa",
    "wilson",
]

Paired = PairedTest  # the name that this result had before; it stays for one release
