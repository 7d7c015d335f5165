"""Correlations between assumptions, and whether all the declared ones are possible together.

On the standard library alone, so that lint can ask. A matrix that is not positive definite describes no
distribution; it is refused and never repaired, for a repair would change somebody's beliefs in silence.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from thesis.core.interval import total
from thesis.pack.schema.valuation import Correlation

Matrix = list[list[float]]

SMALLEST = 1e-10  # an eigenvalue below is no spread at all, but for rounding
SHARE_TO_NAME = 0.3  # of the largest weight in an eigenvector, from which a driver is named
SWEEPS = 60  # Jacobi's method needs about ten


class Shortfall(NamedTuple):
    """What is wrong with a matrix: the drivers that contradict each other, heaviest first, and how much."""

    names: tuple[str, ...]
    smallest: float


class NotPositiveDefinite(ValueError):
    """Correlations that cannot hold at once: ``names`` are the drivers, ``smallest`` the least eigenvalue."""

    def __init__(self, shortfall: Shortfall) -> None:
        self.names, self.smallest = shortfall
        super().__init__(shortfall_text(shortfall))


def shortfall_text(shortfall: Shortfall) -> str:
    """A shortfall in words."""
    return (
        f"the correlations of {', '.join(f'`{name}`' for name in shortfall.names)} cannot all hold at once: "
        f"the smallest eigenvalue of the matrix is {shortfall.smallest:.3g}, expected more than 0"
    )


def correlation_matrix(names: Sequence[str], correlations: Iterable[Correlation]) -> Matrix:
    """The correlation matrix of some drivers, in their order; pairs with another driver are left out.

    Errors: ``ValueError`` in words, for what is no correlation of two drivers, or is said twice.
    """
    rows = [[float(i == j) for j in range(len(names))] for i in range(len(names))]
    seen: set[frozenset[str]] = set()
    for each in correlations:
        pair = frozenset(each.between)
        if len(each.between) != 2 or len(pair) != 2:
            raise ValueError(f"a correlation is between two drivers, found {', '.join(each.between)}")
        told_as = " and ".join(sorted(pair))
        if not -1 <= each.rho <= 1:
            raise ValueError(f"the correlation of {told_as}: expected -1 to 1, found {each.rho:g}")
        if pair in seen:
            raise ValueError(f"the correlation of {told_as} is said twice")
        seen.add(pair)
        if pair <= set(names):
            i, j = (names.index(name) for name in each.between)
            rows[i][j] = rows[j][i] = float(each.rho)
    return rows


def cholesky(rows: Sequence[Sequence[float]]) -> Matrix | None:
    """The lower triangle L with L L' = the matrix, or None where there is none (Golub & Van Loan, 4.2)."""
    lower: Matrix = []
    for i, row in enumerate(rows):
        new = [0.0] * len(rows)
        for j in range(i):
            new[j] = (row[j] - total(new[k] * lower[j][k] for k in range(j))) / lower[j][j]
        left = row[i] - total(each * each for each in new)
        if left <= SMALLEST:
            return None
        new[i] = math.sqrt(left)
        lower.append(new)
    return lower


def weights_given_others(lower: Matrix, k: int) -> list[float]:
    """What is left of the k-th variable of a correlation matrix L L' once all others are known, as weights.

    1 of the variable itself, and of each other minus its weight in the best linear guess from the others:
    row k of the inverse matrix, divided by the element of the row that is on the diagonal.
    """
    n = len(lower)
    solved = [float(i == k) for i in range(n)]
    for i in range(k, n):  # L solved = the k-th column of the identity
        solved[i] = (solved[i] - total(lower[i][j] * solved[j] for j in range(i))) / lower[i][i]
    for i in reversed(range(n)):  # L' row = solved
        solved[i] = (solved[i] - total(lower[j][i] * solved[j] for j in range(i + 1, n))) / lower[i][i]
    return [each / solved[k] for each in solved]


def positive_definite(names: Sequence[str], rows: Sequence[Sequence[float]]) -> Shortfall | None:
    """None if a correlation matrix is positive definite, else which drivers it fails on.

    They are those with the largest weights in the eigenvector of the smallest eigenvalue: the mixture
    of drivers that would have a negative variance.
    """
    if cholesky(rows) is not None:
        return None
    value, vector = smallest_eigenvalue(rows)
    weights = sorted(zip((-abs(weight) for weight in vector), names, strict=True))
    enough = -weights[0][0] * SHARE_TO_NAME
    return Shortfall(tuple(name for weight, name in weights if -weight >= enough), value)


def smallest_eigenvalue(rows: Sequence[Sequence[float]]) -> tuple[float, list[float]]:
    """The smallest eigenvalue of a symmetric matrix and its vector, by Jacobi's rotations.

    Golub & Van Loan, Matrix Computations, 4th ed. 2013, section 8.5: each turn makes one pair of
    off-diagonal elements zero, until all are.
    """
    a, n = [list(row) for row in rows], len(rows)
    turned = [[float(i == j) for j in range(n)] for i in range(n)]
    for _ in range(SWEEPS):
        if total(abs(a[i][j]) for i in range(n) for j in range(i)) < 1e-14:
            break
        for q in range(n):
            for p in range(q):
                if a[p][q]:
                    _rotate(a, turned, p, q)
    value, k = min((a[i][i], i) for i in range(n))
    return value, [row[k] for row in turned]


def _rotate(a: Matrix, turned: Matrix, p: int, q: int) -> None:
    half = (a[q][q] - a[p][p]) / (2 * a[p][q])
    t = math.copysign(1.0, half) / (abs(half) + math.hypot(half, 1.0))
    c = 1 / math.hypot(t, 1.0)
    s = t * c
    for rows in (a, turned):
        for row in rows:
            row[p], row[q] = c * row[p] - s * row[q], s * row[p] + c * row[q]
    for k in range(len(a)):
        a[p][k], a[q][k] = c * a[p][k] - s * a[q][k], s * a[p][k] + c * a[q][k]
