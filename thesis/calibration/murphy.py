"""Murphy's decomposition of the Brier score into reliability, resolution and uncertainty."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from thesis.calibration.mean_scores import NOTHING, mean_of
from thesis.calibration.reliability import Group, forecast_clusters
from thesis.core.interval import total


class Murphy(NamedTuple):
    """A Brier score in parts: brier = reliability - resolution + uncertainty + variance - covariance.

    ``reliability``: how far forecasts lie from the frequencies that follow them, lower is better;
    ``resolution``: how far those frequencies lie apart, higher is better; ``uncertainty``: the score of
    always giving the base rate, nobody's merit. ``variance`` and ``covariance`` come from within bins, 0
    by distinct forecasts; resolution - variance + covariance is the generalised resolution. All are None
    without forecasts. Where everything came out alike, resolution and uncertainty are 0: it was not tested.
    """

    brier: float | None
    reliability: float | None
    resolution: float | None
    uncertainty: float | None
    variance: float | None
    covariance: float | None
    n: int
    reason: str = ""


def murphy(p: Sequence[float], y: Sequence[int], *, edges: Sequence[float] | None = None) -> Murphy:
    """Murphy's split of the Brier score, by distinct forecasts or by bins, and exact either way.

    Over bins b of n_b forecasts with mean f_b and frequency o_b, o the frequency of all:
    REL = 1/N sum n_b (f_b - o_b)^2, RES = 1/N sum n_b (o_b - o)^2, UNC = o (1 - o), and within bins
    WBV = 1/N sum (f - f_b)^2, WBC = 2/N sum (f - f_b)(y - o_b): BS = REL - RES + UNC + WBV - WBC.
    ``edges`` as in ``reliability_table``. With few forecasts in a bin REL and RES are both too large.
    Errors: ``ScoringError``. Source: Murphy, A New Vector Partition of the Probability Score, 1973;
    Stephenson, Coelho & Jolliffe, Two Extra Components in the Brier Score Decomposition, 2008.

    >>> found = murphy([0.2, 0.2, 0.8, 0.8], [0, 0, 1, 0])
    >>> [round(x, 9) for x in (found.brier, found.reliability, found.resolution, found.uncertainty)]
    [0.19, 0.065, 0.0625, 0.1875]
    """
    groups = forecast_clusters(p, y, edges)
    n = len(p)
    if not groups:
        return Murphy(None, None, None, None, None, None, 0, NOTHING)
    base = mean_of([float(o) for group in groups for o in group.y])
    shared = total(sorted((f - g.forecast) * (o - g.frequency) for f, o, g in _members(groups)))
    return Murphy(
        brier=total(sorted((f - o) ** 2 for f, o, _ in _members(groups))) / n,
        reliability=total(sorted(len(g.p) * (g.forecast - g.frequency) ** 2 for g in groups)) / n,
        resolution=total(sorted(len(g.p) * (g.frequency - base) ** 2 for g in groups)) / n,
        uncertainty=base * (1 - base),
        variance=total(sorted((f - g.forecast) ** 2 for f, _, g in _members(groups))) / n,
        covariance=2 * shared / n,
        n=n,
    )


def _members(groups: Sequence[Group]) -> list[tuple[float, int, Group]]:
    return [(f, o, group) for group in groups for f, o in zip(group.p, group.y, strict=True)]
