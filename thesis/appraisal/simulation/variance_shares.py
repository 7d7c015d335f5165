"""The share of the variance at the horizon that each assumption explains.

Of the logarithm of the market value, under the beliefs with their correlations, three answers:

- first-order, Var(E[Y | X]) / Var(Y): what knowing this driver alone would take away of the variance, with
  all that it says about the drivers it moves with;
- total-effect, E[Var(Y | all others)] / Var(Y): what would be left of it if every other driver were known;
- share: what the driver adds to what is known, averaged over every order in which the drivers could
  become known (the Shapley value). Only these add up, with what is neither, to 1.

Of independent drivers the first sum to 1 at most and no total is below its first. Where drivers move
together neither holds: what two of them have in common is in both of the first and in neither total.
The first two are by pick and freeze, redrawing under the copula (Kucherenko, Tarantola & Annoni,
Estimation of global sensitivity indices for models with dependent variables, Computer Physics
Communications 183, 2012); the first-order index as a correlation (Janon and others 2014), the total by
squared differences (Jansen 1999). The share (Owen & Prieur, On Shapley value for measuring importance
of dependent inputs, SIAM/ASA Journal on Uncertainty Quantification 5, 2017) is that of the straight
line through Y in the drivers' normals (Lindeman, Merenda & Gold 1980): what a line cannot tell, bends and
interplay, is in nobody's share. Draws without a positive value are left out. Needs numpy.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from thesis.appraisal.simulation.draw_blocks import run_blocks
from thesis.appraisal.simulation.engine import PAIRS, Copula, Date, Engine, generator
from thesis.appraisal.simulation.sampling_digits import to_share
from thesis.core.interval import total
from thesis.core.record import record
from thesis.pack.correlations import Matrix, weights_given_others

Floats = npt.NDArray[np.float64]

STUDY = 65_536  # draws: standard errors of about half a percent
MOST_SHARED = 12  # drivers: 4,096 sets of them
NO_VARIANCE = 1e-12  # beside the square of the mean: rounding


@record
class VarianceShare:
    """A driver's part in the variance at the horizon; see the module. None where nothing varies.

    ``share`` is None too where more than a dozen drivers are drawn. ``error``: the larger standard error of
    ``first`` and ``total``.
    """

    driver: str
    share: float | None
    first: float | None
    total: float | None
    error: float | None


def variance_shares(
    end: Sequence[Date], links: Copula, seed: int, draws: int, threads: int
) -> tuple[VarianceShare, ...]:
    """The part of each driver that is drawn, by name. ``end`` is the horizon alone."""
    names = links.names
    if not names:
        return ()
    pairs = (draws + 1) // 2
    rho = np.array(links.rho)
    beside = [weights_given_others(links.lower, k) for k in range(len(names))]

    def block(engine: Engine, i: int) -> Floats:
        """For each driver a row of sums of the first-order index, one of the total and one of the line."""
        size = min(PAIRS, pairs - i * PAIRS)
        random = generator(seed, i, 1)
        one, two = links.normals(random, size), links.normals(random, size)
        y = _logs(engine, names, one)
        rows = []
        for k in range(len(names)):
            # given this driver, the others anew: another draw, moved by what this differs (Matheron's rule)
            anew = two + np.multiply.outer(rho[k], one[k] - two[k])
            rows.append(_sums(y, _logs(engine, names, anew)))
            # given the others, this driver anew: what they say of it stays, what it has of its own changes
            anew = one.copy()
            anew[k] += total(weight * apart for weight, apart in zip(beside[k], two - one, strict=True))
            rows.append(_sums(y, _logs(engine, names, anew)))
            rows.append(_sums(y, np.stack([one[k], -one[k]])))
        return np.array(rows)

    sums = run_blocks(-(-pairs // PAIRS), threads, lambda: Engine(end), block, np.add)
    first, left, line = sums[0::3], sums[1::3], sums[2::3]
    parts = _parts(links.rho, line)
    return tuple(
        VarianceShare(
            name, *map(_kept, (parts[k], _first(first[k]), _total(left[k]), _error(first[k], left[k])))
        )
        for k, name in enumerate(names)
    )


def _kept(share: float | None) -> float | None:
    return None if share is None else to_share(share)


def _logs(engine: Engine, names: Sequence[str], z: Floats) -> Floats:
    """Logarithms of what some normals and their mirror images come to; NaN of what is not positive."""
    caps = engine.caps(0, dict(zip(names, z, strict=True)).__getitem__, z.shape[1])
    with np.errstate(invalid="ignore", divide="ignore"):
        logs = np.log(caps)
    if caps.min() <= 0:
        logs[caps <= 0] = np.nan
    return logs


def _sums(a: Floats, b: Floats) -> list[float]:
    """How many pairs are known, and their sums, sums of squares and of products."""
    product = _dot(a, b)
    if math.isnan(product):
        known = ~np.isnan(a) & ~np.isnan(b)
        a, b = a[known], b[known]
        product = _dot(a, b)
    return [float(a.size), total(a), total(b), _dot(a, a), _dot(b, b), product]


def _dot(a: Floats, b: Floats) -> float:
    """The sum of products; that of a BLAS would depend on the processor and the number of threads."""
    return total(a * b)


def _first(sums: Floats) -> float | None:
    """Cov(Y, Y anew) / Var(Y), mean and variance taken over both."""
    variance, (n, a, b, _, _, ab) = _variance(sums), sums
    return None if variance is None else float((ab / n - ((a + b) / (2 * n)) ** 2) / variance)


def _total(sums: Floats) -> float | None:
    """E[(Y - Y anew)^2] / 2 / Var(Y)."""
    variance, (n, _, _, aa, bb, ab) = _variance(sums), sums
    return None if variance is None else float((aa + bb - 2 * ab) / (2 * n) / variance)


def _variance(sums: Floats) -> float | None:
    n, a, b, aa, bb, _ = sums
    if not n:
        return None
    mean, square = (a + b) / (2 * n), (aa + bb) / (2 * n)
    return float(square - mean**2) if square - mean**2 > NO_VARIANCE * max(1.0, square) else None


def _error(*sums: Floats) -> float | None:
    """Of a correlation r of n draws with as many, (1 - r^2) / sqrt n; a mirrored pair counts as one."""
    found = [_first(each) for each in sums]
    if any(each is None for each in found):
        return None
    return max(
        (1 - (each or 0.0) ** 2) / math.sqrt(row[0] / 2) for each, row in zip(found, sums, strict=True)
    )


class _Triangle(NamedTuple):
    """Of some drivers: the rows of L with L L' = their correlations, and L^-1 c."""

    drivers: list[int]
    rows: Matrix
    solved: list[float]


def _with(found: _Triangle, rho: Matrix, c: Sequence[float], driver: int) -> _Triangle:
    """The triangle with one more driver below the others."""
    row: list[float] = []
    for other, above in zip(found.drivers, found.rows, strict=True):
        row.append((rho[driver][other] - total(map(operator.mul, row, above))) / above[-1])
    row.append(math.sqrt(1 - total(each * each for each in row)))
    solved = (c[driver] - total(map(operator.mul, row, found.solved))) / row[-1]
    return _Triangle([*found.drivers, driver], [*found.rows, row], [*found.solved, solved])


def _parts(rho: Matrix, line: Floats) -> list[float | None]:
    """Each driver's Shapley value of the variance that the straight line tells.

    Of a set of drivers the line tells c' R^-1 c / Var(Y), c being how Y moves with each of their normals:
    with L L' = R the squares of L^-1 c added up, of which each further driver adds one.
    """
    count = len(rho)
    n, a, b, aa, _, ab = line.T
    variance = aa[0] / n[0] - (a[0] / n[0]) ** 2 if n[0] else 0.0
    if count > MOST_SHARED or variance <= NO_VARIANCE * max(1.0, aa[0] / n[0] if n[0] else 0.0):
        return [None] * count
    c = (ab / n - a * b / n**2).tolist()
    told, triangles = [0.0] * (1 << count), [_Triangle([], [], [])] * (1 << count)
    for chosen in range(1, 1 << count):
        last = chosen.bit_length() - 1
        before = chosen ^ 1 << last
        triangles[chosen] = _with(triangles[before], rho, c, last)
        told[chosen] = told[before] + triangles[chosen].solved[-1] ** 2 / float(variance)
    weights = [1 / (count * math.comb(count - 1, size)) for size in range(count)]
    return [
        total(
            weights[s.bit_count()] * (told[s | 1 << k] - told[s]) for s in range(1 << count) if not s >> k & 1
        )
        for k in range(count)
    ]
