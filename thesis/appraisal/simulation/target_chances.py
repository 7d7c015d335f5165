"""The simulated probability of the target at each date, next to that of a random walk."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from thesis.appraisal.simulation.monte_carlo import DrawsAtDate, Simulation, simulate
from thesis.appraisal.simulation.variance_shares import STUDY
from thesis.core.interval import Interval, point
from thesis.core.period import parse_day, years_from_quarter
from thesis.core.record import record
from thesis.pack.assumptions import Assumption, single_number
from thesis.pricing.inputs import PricingInputs
from thesis.pricing.model import ModelToday
from thesis.pricing.target_odds import TargetOdds, TargetOddsTable, target_odds

AT_CORNERS = 2**18  # draws in all, to see what figures that are ranges do to the chances


class SimulationOptions(NamedTuple):
    """How to draw."""

    draws: int
    seed: int
    threads: int = 1
    progress: Callable[[float], None] | None = None


@record
class SimulatedDate:
    """A date with what the draws come to, and what the random walk does, where a pack declares one.

    ``end`` and ``touch``: the chances as ranges, over what today's uncertain figures may be.
    """

    day: date
    drawn: DrawsAtDate
    end: Interval
    touch: Interval
    walk: TargetOdds | None


@record
class DriverSpread:
    """A driver as it was drawn: its middle (``was``: the pack's own, where a what-if moved it) and spread."""

    name: str
    label: str
    show: str
    distribution: str
    central: float
    was: float | None
    sd: float | None
    sd_of: str
    centre: str
    share: float | None
    first: float | None
    total: float | None


@record
class TargetSimulation:
    """Chances of the target under the pack's beliefs.

    ``hindsight``: the beliefs were written after the day seen from. ``uncertain``: today's figures that are
    ranges. ``error``: the largest standard error of the indices.
    """

    as_of: date
    quarter: str
    written: date
    hindsight: bool
    passed: bool
    target: float
    currency: str
    by: date
    horizon: float
    market_cap: float
    multiple: float
    draws: int
    seed: int
    dates: tuple[SimulatedDate, ...]
    drivers: tuple[DriverSpread, ...]
    error: float | None
    uncertain: tuple[str, ...]
    volatility: float | None
    drift: float | None


def simulate_target(setting: PricingInputs, options: SimulationOptions) -> TargetSimulation:
    """Draw from a pack's beliefs. Dates that are not after the day seen from are left out.

    Errors: as ``simulate``.
    """
    case, walk, wanted = setting.case, target_odds(setting), setting.case.pack.thesis.target
    assert wanted  # lint saw to it
    days = _days(setting)
    found = _simulate(setting, setting.today, days, options, STUDY)
    shifts = _shifts(setting, days, options)
    return TargetSimulation(
        as_of=case.as_of,
        quarter=str(case.quarter),
        written=parse_day(setting.valuation.written),
        hindsight=parse_day(setting.valuation.written) > case.as_of,
        passed=setting.today.market_cap >= setting.target,
        target=setting.target,
        currency=wanted.unit,
        by=setting.by,
        horizon=setting.horizon,
        market_cap=setting.today.market_cap,
        multiple=setting.today.multiple,
        draws=found.draws,
        seed=found.seed,
        dates=tuple(
            _dated(day, drawn, shift, walk)
            for day, drawn, shift in zip(days, found.dates, shifts, strict=True)
        ),
        drivers=tuple(_spread(belief, setting, found) for belief in setting.assumptions.values()),
        error=max((each.error for each in found.shares if each.error is not None), default=None),
        uncertain=tuple(name for name, value in setting.start.inputs.items() if not value.is_point),
        volatility=walk.volatility if walk else None,
        drift=walk.drift if walk else None,
    )


def _days(setting: PricingInputs) -> list[date]:
    asked = setting.valuation.needs.dates if setting.valuation.needs else ()
    return sorted({day for day in (*map(parse_day, asked), setting.by) if day > setting.case.as_of})


def _simulate(
    setting: PricingInputs, today: ModelToday, days: list[date], options: SimulationOptions, study: int
) -> Simulation:
    market = setting.valuation.market
    return simulate(
        today,
        setting.assumptions,
        setting.valuation.correlations,
        target=setting.target,
        years=[years_from_quarter(setting.case.quarter, day) for day in days],
        horizon=setting.horizon,
        draws=options.draws,
        seed=options.seed,
        volatility=single_number(market.volatility) if market else None,
        changed=setting.what_if,
        threads=options.threads,
        study=study,
        progress=options.progress,
    )


def _shifts(
    setting: PricingInputs, days: list[date], options: SimulationOptions
) -> list[tuple[Interval, Interval]]:
    """By how much each date's chances differ at the corners of what is uncertain today, on the same draws."""
    if len(setting.corners) == 1:
        return [(point(0.0), point(0.0))] * len(days)
    few = options._replace(draws=min(options.draws, AT_CORNERS // len(setting.corners)), progress=None)
    middle, *corners = (
        _simulate(setting, today, days, few, study=0).dates for today in (setting.today, *setting.corners)
    )

    def moved(i: int, of: Callable[[DrawsAtDate], float]) -> Interval:
        by = [0.0, *(of(corner[i]) - of(middle[i]) for corner in corners)]
        return Interval(min(by), max(by))

    return [(moved(i, lambda at: at.p_end), moved(i, lambda at: at.p_touch)) for i in range(len(days))]


def _dated(
    day: date, drawn: DrawsAtDate, shift: tuple[Interval, Interval], walk: TargetOddsTable | None
) -> SimulatedDate:
    end, touch = (
        Interval(max(0.0, p + by.lo), min(1.0, p + by.hi))
        for p, by in zip((drawn.p_end, drawn.p_touch), shift, strict=True)
    )
    beside = next((chance for chance in walk.dates if chance.day == day), None) if walk else None
    return SimulatedDate(day, drawn, end, touch, beside)


def _spread(belief: Assumption, setting: PricingInputs, found: Simulation) -> DriverSpread:
    driver, fixed = belief.driver, belief.driver.distribution == "fixed"
    of = next((share for share in found.shares if share.driver == belief.name), None)
    return DriverSpread(
        name=belief.name,
        label=belief.label,
        show=belief.show,
        distribution=driver.distribution,
        central=setting.beliefs[belief.name],
        was=belief.central if belief.name in setting.what_if else None,
        sd=None if fixed else single_number(driver.sd),
        sd_of=driver.sd_of,
        centre=driver.centre,
        share=of.share if of else None,
        first=of.first if of else None,
        total=of.total if of else None,
    )
