"""Setting: everything that an appraisal is reckoned from, put together once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import NamedTuple

from thesis.appraisal.asker import Asker
from thesis.appraisal.model import Outcome, Today, outcome
from thesis.appraisal.start import Start, over_values, start
from thesis.appraisal.years import years_between, years_from_quarter
from thesis.assumptions import Valuation
from thesis.beliefs import Belief, beliefs, central, number
from thesis.case import Case
from thesis.interval import EVERYTHING, Interval
from thesis.quarter import parse_day


class Setting(NamedTuple):
    """A pack's assumptions on what is known on a day.

    ``corners``: today at every corner of what is uncertain, ``today`` in the middle of it. ``changed``:
    drivers that a what-if sets. ``horizon``: years from the end of the last quarter to the target's day,
    over which sales grow; ``years``: from the day seen from, over which the price moves.
    """

    case: Case
    valuation: Valuation
    start: Start
    today: Today
    corners: list[Today]
    known: Mapping[str, Belief]
    changed: Mapping[str, float]
    target: float
    by: date
    horizon: float
    years: float
    asker: Asker

    @property
    def beliefs(self) -> dict[str, float]:
        """The middle value of each driver, or what a what-if says."""
        return central(self.known, self.changed)

    @property
    def drift(self) -> float:
        """Growth of the number of shares, a year."""
        return number(self.valuation.needs.share_drift) if self.valuation.needs else 0.0

    def at_horizon(self, beliefs: Mapping[str, float]) -> list[tuple[Today, Outcome]]:
        """Each corner of today with what some beliefs make of it."""
        return [(today, outcome(today, beliefs, self.horizon, self.horizon)) for today in self.corners]


Reckoned = Callable[[Today, Outcome], float]


def ranged(pairs: list[tuple[Today, Outcome]], reckon: Reckoned) -> Interval:
    """A figure over all corners; anything, where at one of them it cannot be reckoned."""
    try:
        return over_values([float(reckon(today, end)) for today, end in pairs])
    except (ValueError, ZeroDivisionError, OverflowError):
        return EVERYTHING


def setting(
    case: Case, valuation: Valuation, changed: Mapping[str, float], scores: Mapping[str, Interval]
) -> Setting:
    """The setting of a pack with a target. Errors: ``Unknown`` where figures to start from are missing."""
    target = case.pack.thesis.target
    assert target  # lint saw to it
    found = start(case, valuation)
    by = parse_day(target.by)
    return Setting(
        case=case,
        valuation=valuation,
        start=found,
        today=found.central(),
        corners=found.corners(),
        known=beliefs(valuation),
        changed=changed,
        target=target.market_cap,
        by=by,
        horizon=years_from_quarter(case.quarter, by),
        years=years_between(case.as_of, by),
        asker=Asker(case, scores),
    )
