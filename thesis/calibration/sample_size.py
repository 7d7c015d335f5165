"""How many independent forecasts there are, and whether they are enough to judge by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from typing import NamedTuple

from thesis.calibration.forecast_checks import ForecastChecks
from thesis.calibration.mean_scores import NOTHING, Figure, Score, mean_of, plain_mean
from thesis.core.argument_checks import number_text

ENOUGH = 40  # resolved forecasts before anything is said of calibration
ENOUGH_IN_BIN = 10  # forecasts in a bin before anything is said of it


class Evidence(NamedTuple):
    """Whether there is enough to go by; ``words``: "too few: 12 of 40", or nothing."""

    enough: bool
    words: str


def enough(n: float, *, least: float = ENOUGH) -> Evidence:
    """Whether ``n`` resolved forecasts carry a claim. Under 40 they do not, in a bin under 10.

    Give the number that are independent (``effective_n``). At 20 forecasts and 14 hits a frequency is known
    to about +-0.19 (``wilson``). Domain: both at least 0. Errors: ``ScoringError``.

    >>> enough(12), enough(40).enough
    (Evidence(enough=False, words='too few: 12 of 40'), True)
    """
    with ForecastChecks() as check:
        check.number("n", n, least=0)
        check.number("least", least, least=0)
    return (
        Evidence(True, "")
        if n >= least
        else Evidence(False, f"too few: {number_text(n)} of {number_text(least)}")
    )


def effective_n(clusters: Sequence[Hashable]) -> int:
    """How many forecasts count as independent: the number of clusters. One cluster counts as one.

    ``clusters``: for each forecast what it hangs on, as (review, driver); five dates of one target are
    nearly one event. It takes the forecasts of a cluster as wholly dependent and clusters as independent,
    so one more forecast never lowers it; with it belong scores averaged by ``cluster_means``. For partial
    dependence see ``design_effect``. Errors: ``ScoringError``. Source: that it is the number of clusters
    which counts: Cameron & Miller, A Practitioner's Guide to Cluster-Robust Inference, 2015.

    >>> effective_n([("2026Q1", "touch")] * 5 + [("2026Q1", "aws"), ("2026Q2", "aws")])
    3
    """
    return len(_counted(clusters))


def design_effect(clusters: Sequence[Hashable], *, icc: float) -> Figure:
    """By how much clusters blow up the variance of a plain mean: 1 + icc (sum m^2 / n - 1), m their sizes.

    ``icc``: the correlation of two scores of one cluster, 0 (independent) to 1 (the same). n over it is
    Kish's effective size. At 1 that is the number of clusters where all are of one size, and less where
    some are larger, because the plain mean leans on those. Unknown without forecasts. Errors:
    ``ScoringError``. Source: Kish, Survey Sampling, 1965.

    >>> design_effect(["a", "a", "a", "a", "b", "b", "b", "b"], icc=0.5).value
    2.5
    """
    sizes = _counted(clusters).values()
    with ForecastChecks() as check:
        check.number("icc", icc, least=0, most=1)
    n = sum(sizes)
    if n == 0:
        return Figure(None, NOTHING)
    return Figure(1 + icc * (sum(m * m for m in sizes) / n - 1))


def cluster_means(scores: Sequence[float], clusters: Sequence[Hashable]) -> Score:
    """The mean over clusters of each cluster's mean score: a cluster counts once however large it is.

    ``scores``: as ``each`` of a ``Score``; ``clusters`` as in ``effective_n``. ``each`` of the result are the
    clusters' means, in the order in which clusters first appear. Unknown without forecasts. Errors:
    ``ScoringError``.

    >>> cluster_means([0.5, 0.5, 0.25, 0.0], ["a", "a", "a", "b"]).each[1]
    0.0
    >>> round(cluster_means([0.5, 0.25, 0.0], ["a", "a", "b"]).value, 9)
    0.1875
    """
    _counted(clusters)
    with ForecastChecks() as check:
        figures = check.numbers("score", scores)
        check.as_many("scores", scores, "clusters", clusters)
    together: dict[Hashable, list[float]] = {}
    for score, cluster in zip(figures, clusters, strict=True):
        together.setdefault(cluster, []).append(score)
    return plain_mean([mean_of(members) for members in together.values()])


def _counted(clusters: Sequence[Hashable]) -> Counter[Hashable]:
    with ForecastChecks() as check:
        names = check.several("clusters", clusters)
        for i, name in enumerate(names, 1):
            fine = isinstance(name, Hashable) and _hashes(name)
            check.that(fine, f"clusters {i}: expected a name or a tuple of names, found {name!r}")
    return Counter(names)


def _hashes(name: Hashable) -> bool:
    try:
        hash(name)
    except TypeError:  # a tuple with a list in it
        return False
    return True
