"""Monte Carlo simulation of the probability that a pack's assumptions reach the target.

Draws come in blocks, each with a random stream of its own, and what a block shows is added up in the order
of the blocks: the answer does not depend on the number of threads. Drivers and segments go by name, so
neither does it on their order in a file. Only counts are kept, so memory does not grow with the draws.
Needs numpy.

Chances at a date T are those of the market value at T alone. The chance to have touched the target by
then knows where each draw ends and asks a Brownian bridge from today's value: 1 at or above the target,
else exp(-2 ln(K / today) ln(K / end) / (s^2 T)), the s being the smaller of the market's volatility and
sd(ln end) / sqrt T (Karatzas & Shreve, Brownian Motion and Stochastic Calculus, 2nd ed. 1991, section 4.3;
for single numbers it is ``thesis.valuation.p_touch_given_end``).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from thesis.appraisal.simulation.distributions import (
    DistributionFault,
    UnfitDistribution,
    distribution_faults,
)
from thesis.appraisal.simulation.draw_blocks import run_blocks
from thesis.appraisal.simulation.engine import PAIRS, Copula, Date, Engine, copula, dates, generator
from thesis.appraisal.simulation.histogram import Histogram, log_moments, percentiles
from thesis.appraisal.simulation.sampling_digits import to_digits
from thesis.appraisal.simulation.variance_shares import STUDY, VarianceShare, variance_shares
from thesis.core.interval import TOLERANCE, total
from thesis.core.record import record
from thesis.pack.assumptions import Assumption, central_values
from thesis.pack.schema.valuation import Correlation
from thesis.pricing.model import ModelToday

Whole = npt.NDArray[np.int64]

LEVELS = (5, 25, 50, 75, 95)
NO_SPREAD = 1e-9  # of a logarithm: rounding, not chance


@record
class DrawsAtDate:
    """The market value some years from the end of the last quarter.

    ``p_end``: the share of draws at or above the target; ``p_touch``: the chance to have been there by then;
    each with its standard error (that of ``p_touch`` does not count what mirrored draws gain).
    ``percentiles``: at 5, 25, 50, 75, 95%, None where the value there is not positive. ``log_sd``: of the
    logarithm. ``volatility``: a year's, that the bridge used. ``not_positive``: draws without a positive
    value; they count as below the target and enter no logarithm. Every figure is kept to the digits that do
    not depend on the processor; see ``sampling_digits``.
    """

    years: float
    p_end: float
    p_end_error: float
    p_touch: float
    p_touch_error: float
    percentiles: tuple[float | None, ...]
    mean: float
    log_sd: float
    volatility: float
    not_positive: int


@record
class Simulation:
    """What some draws from the beliefs come to at each date, and at the horizon what the spread comes from.

    ``draws``: as many as were made, an even number. ``shares``: see ``variance``; none without a study.
    """

    draws: int
    seed: int
    dates: tuple[DrawsAtDate, ...]
    shares: tuple[VarianceShare, ...]


class _Block(NamedTuple):
    """What a block adds at one date."""

    counts: Whole
    hits: int
    both: int
    total: float
    not_positive: int


def simulate(
    today: ModelToday,
    known: Mapping[str, Assumption],
    correlations: Sequence[Correlation] = (),
    *,
    target: float,
    years: Sequence[float],
    horizon: float,
    draws: int,
    seed: int,
    volatility: float | None = None,
    changed: Mapping[str, float] | None = None,
    threads: int = 1,
    study: int = STUDY,
    progress: Callable[[float], None] | None = None,
) -> Simulation:
    """Chances of a market value of ``target``, each of some years from the end of the last quarter.

    ``changed`` moves the middle of drivers, whose spread stays. ``draws`` is rounded up to an even number.
    ``study``: how many draws the shares of the variance are worked out from; 0 for none. ``progress`` is told
    the part that is done, now and then, from the calling thread.

    Errors: ``UnfitDistribution`` for beliefs that cannot be drawn from, ``NotPositiveDefinite`` for
    correlations that cannot hold at once, ``ValueError`` in words for other arguments.
    """
    middle = central_values(known, changed)
    _check(today, known, middle, target, years, horizon, draws)
    links = copula(known, correlations)
    pairs = (draws + 1) // 2
    steps = dates(today, known, middle, years, horizon)
    level = target * (1 - 2 * TOLERANCE)  # as figures compare everywhere else
    classes = _classes(steps, links, seed, min(pairs, PAIRS))

    def block(engine: Engine, i: int) -> list[_Block]:
        normals = links.normals(generator(seed, i), min(PAIRS, pairs - i * PAIRS))
        return _block(engine, links, normals, classes, level)

    added = run_blocks(-(-pairs // PAIRS), threads, lambda: Engine(steps), block, _add, progress)
    found = tuple(
        _at(each, step, pairs, classes[i], today.market_cap, target, volatility)
        for i, (each, step) in enumerate(zip(added, steps, strict=True))
    )
    end = dates(today, known, middle, [horizon], horizon)
    told = variance_shares(end, links, seed, study, threads) if study else ()
    return Simulation(2 * pairs, seed, found, told)


def _check(
    today: ModelToday,
    known: Mapping[str, Assumption],
    middle: Mapping[str, float],
    target: float,
    years: Sequence[float],
    horizon: float,
    draws: int,
) -> None:
    if not (years and all(0 < each < math.inf for each in (*years, horizon, target)) and draws >= 2):
        raise ValueError(
            "expected dates and a horizon after the last quarter, a target above 0 and 2 draws or more"
        )
    if not (0 < today.ebit < math.inf and 0 < today.market_cap < math.inf):
        raise ValueError(
            "today's operating income and market value must be positive: the multiple travels from today's"
        )
    wrong: tuple[DistributionFault, ...] = tuple(distribution_faults(known, middle, max(*years, horizon)))
    if wrong:
        raise UnfitDistribution(wrong)


def _classes(steps: Sequence[Date], links: Copula, seed: int, pairs: int) -> list[Histogram]:
    """Classes for each date, from what the first block shows."""
    engine = Engine(steps)
    draws = dict(zip(links.names, links.normals(generator(seed, 0), pairs), strict=True)).__getitem__
    return [Histogram(engine.caps(i, draws, pairs).ravel()) for i in range(len(steps))]


def _block(
    engine: Engine,
    links: Copula,
    normals: npt.NDArray[np.float64],
    classes: Sequence[Histogram],
    level: float,
) -> list[_Block]:
    pairs = normals.shape[1]
    draws = dict(zip(links.names, normals, strict=True)).__getitem__
    room = np.empty(2 * pairs, np.int64)
    found = []
    for i, each in enumerate(classes):
        caps = engine.caps(i, draws, pairs)
        reached = caps >= level
        counts = each.count(np.ascontiguousarray(caps).ravel(), room)
        not_positive = int(np.count_nonzero(caps <= 0)) if counts[0] else 0
        counts[0] -= not_positive
        hits, both = int(np.count_nonzero(reached)), int(np.count_nonzero(reached[0] & reached[1]))
        found.append(_Block(counts, hits, both, total(caps), not_positive))
    return found


def _add(a: list[_Block], b: list[_Block]) -> list[_Block]:
    return [
        _Block(
            x.counts + y.counts,
            x.hits + y.hits,
            x.both + y.both,
            x.total + y.total,
            x.not_positive + y.not_positive,
        )
        for x, y in zip(a, b, strict=True)
    ]


def _at(
    found: _Block,
    step: Date,
    pairs: int,
    classes: Histogram,
    start: float,
    target: float,
    volatility: float | None,
) -> DrawsAtDate:
    n = 2 * pairs
    p = found.hits / n
    one = found.hits - 2 * found.both  # pairs of which one draw reached it
    spread = (found.both * (1 - p) ** 2 + one * (0.5 - p) ** 2 + (pairs - found.both - one) * p**2) / pairs
    _, log_sd = log_moments(classes, found.counts)
    log_sd = log_sd if log_sd > NO_SPREAD else 0.0
    sigma = min(volatility if volatility is not None else math.inf, log_sd / math.sqrt(step.years))
    touch, touch_error = p, math.sqrt(spread / pairs)
    if start >= target:
        touch, touch_error = 1.0, 0.0
    elif sigma:
        chance = bridge_touch_chance(classes.middles, start, target, sigma * math.sqrt(step.years))
        chance[classes.middles >= target] = 0.0  # these are counted exactly
        below = total(found.counts * chance) / n
        square = total(found.counts * chance**2) / n
        touch = min(1.0, p + below)
        touch_error = math.sqrt(max(0.0, p + square - touch**2) / n)
    return DrawsAtDate(
        years=step.years,
        p_end=p,
        p_end_error=to_digits(math.sqrt(spread / pairs)),
        p_touch=to_digits(touch),
        p_touch_error=to_digits(touch_error),
        percentiles=tuple(
            None if each is None else to_digits(each)
            for each in percentiles(classes, found.counts, found.not_positive, LEVELS)
        ),
        mean=to_digits(found.total / n),
        log_sd=to_digits(log_sd),
        volatility=to_digits(sigma),
        not_positive=found.not_positive,
    )


def bridge_touch_chance(
    ends: npt.NDArray[np.float64], start: float, target: float, spread: float
) -> npt.NDArray[np.float64]:
    """The chance of a Brownian bridge from ``start`` to each of the ends to have touched the target.

    ``spread``: of the logarithm at the end, volatility times the root of the years.
    """
    power = 2 * math.log(target / start) / spread**2
    return np.exp(np.minimum(0.0, power * np.log(ends / target)))
