"""Calculates the model for a block of a few thousand draws at each date.

The same arithmetic as ``model.outcome``, on arrays small enough to stay in the processor's cache and
written in place. Draws are antithetic: each normal is used with either sign, so an array is two rows of
draws, the second of which mirrors the first. Needs numpy.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from thesis.appraisal.simulation.distributions import Distribution, distributions_of, draw_values
from thesis.core.interval import total
from thesis.pack.assumptions import CASH_FLOW, MULTIPLE, Assumption, growth_name, margin_name
from thesis.pack.correlations import (
    Matrix,
    NotPositiveDefinite,
    cholesky,
    correlation_matrix,
    positive_definite,
)
from thesis.pack.schema.valuation import Correlation
from thesis.pricing.model import ModelToday

Floats = npt.NDArray[np.float64]
Draws = Callable[[str], Floats]  # a driver's normals, by its name

PAIRS = 8192  # of draws in a block, each with its mirror image: 16,384


class Copula(NamedTuple):
    """The drivers that are drawn, by name, their correlations and the triangle that makes them."""

    names: list[str]
    rho: Matrix
    lower: Matrix

    def normals(self, random: np.random.Generator, pairs: int) -> Floats:
        """Correlated standard normals: a row for each driver."""
        z = random.standard_normal((len(self.names), pairs))
        room = np.empty(pairs)
        for i in range(len(self.names) - 1, -1, -1):  # from the last: the rows above are still untouched
            z[i] *= self.lower[i][i]
            for j in range(i):
                if self.lower[i][j]:
                    np.multiply(z[j], self.lower[i][j], out=room)
                    z[i] += room
        return z


def copula(known: Mapping[str, Assumption], correlations: Sequence[Correlation]) -> Copula:
    """How the drivers hang together. Errors: ``NotPositiveDefinite``; ``ValueError`` for what is no pair."""
    names = draw_values(known)
    rho = correlation_matrix(names, correlations)
    lower = cholesky(rho)
    if lower is None:
        shortfall = positive_definite(names, rho)
        assert shortfall
        raise NotPositiveDefinite(shortfall)
    return Copula(names, rho, lower)


def generator(seed: int, block: int, *study: int) -> np.random.Generator:
    """A block's own stream, as ``SeedSequence(seed).spawn`` gives it; a study of the block has another."""
    return np.random.Generator(np.random.SFC64(np.random.SeedSequence(seed, spawn_key=(block, *study))))


class _Part(NamedTuple):
    """A segment's sales today, and the laws of 1 + its growth and of sales today times its margin."""

    base: Distribution
    margin: Distribution


class Date(NamedTuple):
    """Everything about a date: its years from the last quarter, and the laws of what is drawn for it."""

    years: float
    names: tuple[str, ...]
    parts: tuple[_Part, ...]
    multiple: Distribution
    beside: tuple[tuple[str, Distribution], ...]
    fixed: float


def dates(
    today: ModelToday,
    known: Mapping[str, Assumption],
    central: Mapping[str, float],
    years: Sequence[float],
    horizon: float,
) -> tuple[Date, ...]:
    """The dates, earliest first. Segments go by name, so that their order in a file changes nothing."""
    return tuple(
        _date(today, distributions_of(today, known, central, each, horizon), each) for each in sorted(years)
    )


def _date(today: ModelToday, found: Mapping[str, Distribution], years: float) -> Date:
    stands = sorted(today.segments, key=lambda stand: stand.id)
    parts = tuple(
        _Part(found[growth_name(stand.id)].plus(1.0), found[margin_name(stand.id)].times(stand.sales))
        for stand in stands
    )
    beside = [
        (name, found[name]) for name in sorted([CASH_FLOW, *(h.id for h in today.holdings)]) if name in found
    ]
    fixed = total(holding.value for holding in today.holdings if holding.id not in found)
    return Date(
        years,
        tuple(stand.id for stand in stands),
        parts,
        found[MULTIPLE],
        tuple((name, law) for name, law in beside if law.scale),
        fixed + total(law.base for _, law in beside if not law.scale),
    )


class Engine:
    """Works out market values block by block, in memory of its own that it uses again."""

    def __init__(self, steps: Sequence[Date], pairs: int = PAIRS) -> None:
        self.steps = steps
        segments = len(steps[0].parts)
        self._bases = np.empty((segments, 2, pairs))
        self._levels = np.empty((segments, 2, pairs))
        self._cap, self._room = np.empty((2, pairs)), np.empty((2, pairs))

    def caps(self, i: int, draws: Draws, pairs: int) -> Floats:
        """Market values at the i-th date. The dates of a block come in order; the array is used again."""
        step, cap, room = self.steps[i], self._cap[:, :pairs], self._room[:, :pairs]
        cap.fill(0.0)
        for k, (name, part) in enumerate(zip(step.names, step.parts, strict=True)):
            level = self._level(i, k, draws, pairs)
            _put(part.margin, margin_name(name), draws, room)
            room *= level
            cap += room
        _put(step.multiple, MULTIPLE, draws, room)
        cap *= room
        for name, law in step.beside:
            _put(law, name, draws, room)
            cap += room
        cap += step.fixed
        return cap

    def _level(self, i: int, k: int, draws: Draws, pairs: int) -> Floats:
        """What sales have grown to, of 1: (1 + g)^T, from date to date by what is between them.

        Dates a year apart cost one multiplication; a power costs as much as several normals. Where growth
        falls by more than everything, nothing is left.
        """
        law, years = self.steps[i].parts[k].base, self.steps[i].years
        base, level = self._bases[k, :, :pairs], self._levels[k, :, :pairs]
        earlier = self.steps[i - 1] if i else None
        if earlier is None or earlier.parts[k].base != law:
            _put(law, growth_name(self.steps[i].names[k]), draws, base)
            np.maximum(base, 0.0, out=base)
            level.fill(1.0)
            _raise(level, base, years)
        else:
            _raise(level, base, years - earlier.years)
        return level


def _raise(level: Floats, base: Floats, years: float) -> None:
    """Multiply by base^years, without a logarithm for quarters of a year."""
    whole = int(years)
    for _ in range(min(whole, 8)):
        level *= base
    rest = years - min(whole, 8)
    if rest in (0.25, 0.5, 0.75):
        root = np.sqrt(base)
        if rest != 0.25:
            level *= root
        if rest != 0.5:
            level *= np.sqrt(root)
    elif rest:
        level *= base**rest


def _put(law: Distribution, name: str, draws: Draws, out: Floats) -> None:
    """A law's values for a driver's normals in the first row, for their mirror images in the second."""
    if not law.scale:
        out.fill(law.base)
        return
    if not law.log_sd:
        np.multiply(draws(name), law.scale, out=out[0])
        np.subtract(law.base, out[0], out=out[1])
        out[0] += law.base
    else:
        np.multiply(draws(name), law.log_sd, out=out[0])
        np.exp(out[0], out=out[0])
        np.divide(law.scale, out[0], out=out[1])
        out[0] *= law.scale
        if law.base:
            out += law.base
