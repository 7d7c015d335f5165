"""Agreement: of verdicts with what followed them, and of two graders with each other."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Sequence
from itertools import combinations, pairwise
from typing import NamedTuple

from thesis.calibration.forecast_checks import ForecastChecks
from thesis.calibration.mean_scores import Figure, mean_of
from thesis.core.interval import total

REWRITE_BELOW = 0.6  # the weighted kappa under which a rubric is written anew
POWERS = {"linear": 1, "quadratic": 2}  # of the distance between two levels


class LevelMean(NamedTuple):
    """What followed one level of verdict: the mean of ``n`` values."""

    level: float
    n: int
    mean: float


class LevelMeans(NamedTuple):
    """The means by level, lowest first. ``rising``: whether none is below the one before.

    None where fewer than two levels occur.
    """

    rows: tuple[LevelMean, ...]
    rising: bool | None
    reason: str = ""


def kendall_tau(x: Sequence[float], y: Sequence[float]) -> Figure:
    """Kendall's tau-b, -1 to 1: (C - D) / sqrt((pairs not tied in x)(pairs not tied in y)).

    C pairs are in the same order in both, D in opposite ones; a pair tied in either counts as neither.
    Unknown for fewer than two, and where all x or all y are the same. Errors: ``ScoringError``. Source:
    Kendall, The Treatment of Ties in Ranking Problems, 1945.

    >>> kendall_tau([1, 2, 3], [10, 30, 20]).value  # two pairs in order, one not
    0.3333333333333333
    """
    with ForecastChecks() as check:
        a, b = check.numbers("x", x), check.numbers("y", y)
        check.as_many("x", x, "y", y)
    if len(a) < 2:
        return Figure(None, f"an order takes two or more, here {len(a)}")
    signs = [(_sign(a[i], a[j]), _sign(b[i], b[j])) for i, j in combinations(range(len(a)), 2)]
    untied = sum(s != 0 for s, _ in signs), sum(t != 0 for _, t in signs)
    if not all(untied):
        return Figure(None, f"all {'y' if untied[0] else 'x'} are the same, which is no order")
    return Figure(total(s * t for s, t in signs) / math.sqrt(untied[0] * untied[1]))


def level_means(levels: Sequence[float], values: Sequence[float]) -> LevelMeans:
    """What followed each level: means of ``values`` (a return, a change of EBIT) by verdict level.

    Verdicts that mean something have means that rise with the level. Errors: ``ScoringError``.

    >>> found = level_means([1, 2, 2], [0.0, 0.25, 0.75])
    >>> [(row.level, row.n, row.mean) for row in found.rows], found.rising
    ([(1.0, 1, 0.0), (2.0, 2, 0.5)], True)
    """
    with ForecastChecks() as check:
        at, what = check.numbers("levels", levels), check.numbers("values", values)
        check.as_many("levels", levels, "values", values)
    together: dict[float, list[float]] = {}
    for level, value in zip(at, what, strict=True):
        together.setdefault(level, []).append(value)
    rows = tuple(LevelMean(level, len(found), mean_of(found)) for level, found in sorted(together.items()))
    if len(rows) < 2:
        return LevelMeans(rows, None, f"an order takes two or more levels, here {len(rows)}")
    return LevelMeans(rows, all(a.mean <= b.mean for a, b in pairwise(rows)))


def weighted_kappa(
    a: Sequence[Hashable], b: Sequence[Hashable], *, levels: Sequence[Hashable], weights: str = "quadratic"
) -> Figure:
    """Cohen's weighted kappa of two graders: 1 - sum w observed / sum w expected by chance, at most 1.

    ``a``, ``b``: the two grades of each case; ``levels``: the rubric's, in order; w = |i - j| of two levels
    (``linear``) or its square (``quadratic``). 0 is what chance alone would give. A rubric below
    ``REWRITE_BELOW`` is not one that two people read alike. Unknown without grades, and where both gave one
    and the same level throughout, which chance would do as well. Errors: ``ScoringError``. Source: Cohen,
    Weighted Kappa, 1968.

    >>> levels = ["weak", "fair", "strong"]
    >>> weighted_kappa(["weak", "fair", "strong"], ["weak", "strong", "strong"], levels=levels).value
    0.8
    """
    with ForecastChecks() as check:
        rubric = check.several("levels", levels)
        grades = check.several("a", a), check.several("b", b)
        check.as_many("a", a, "b", b)
        names = ", ".join(map(str, rubric))
        twice = len(set(map(repr, rubric))) < len(rubric)
        check.that(len(rubric) > 1 and not twice, f"levels: expected two or more, each once, found {names}")
        for grader, given in zip("ab", grades, strict=True):
            for i, grade in enumerate(given, 1):
                check.that(grade in rubric, f"{grader} {i}: expected one of {names}, found {grade!r}")
        check.that(weights in list(POWERS), f"weights: expected {' or '.join(POWERS)}, found {weights!r}")
    n = len(grades[0])
    if n == 0:
        return Figure(None, "no grades")
    first, second = ([rubric.index(grade) for grade in given] for given in grades)
    power = POWERS[weights]
    seen = total(abs(i - j) ** power for i, j in zip(first, second, strict=True))
    # by chance: every grade of one beside every grade of the other
    chance = total(
        abs(i - j) ** power * m * k for i, m in Counter(first).items() for j, k in Counter(second).items()
    )
    if chance == 0:
        return Figure(None, f"both gave {rubric[first[0]]} throughout, and chance alone would agree as well")
    return Figure(1 - n * seen / chance)


def _sign(a: float, b: float) -> int:
    return (a > b) - (a < b)
