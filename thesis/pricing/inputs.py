"""What a valuation starts from: today's figures, the assumptions, the target and the years until it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import NamedTuple

from thesis.case.case import Case
from thesis.core.interval import EVERYTHING, Interval
from thesis.core.period import Quarter, parse_day, years_between, years_from_quarter
from thesis.pack.assumptions import Assumption, assumptions_of, central_values, single_number
from thesis.pack.schema.valuation import ValuationInputs
from thesis.pricing.model import ModelOutcome, ModelToday, model_outcome
from thesis.pricing.starting_values import StartingValues, range_of, starting_values


class PricingInputs(NamedTuple):
    """A pack's assumptions on what is known on a day.

    ``corners``: today at every corner of what is uncertain, ``today`` in the middle of it. ``what_if``:
    drivers that a what-if sets. ``horizon``: years from the end of the last quarter to the target's day,
    over which sales grow; ``years``: from the day seen from, over which the price moves.
    """

    case: Case
    valuation: ValuationInputs
    start: StartingValues
    today: ModelToday
    corners: list[ModelToday]
    assumptions: Mapping[str, Assumption]
    what_if: Mapping[str, float]
    target: float
    by: date
    horizon: float
    years: float

    @property
    def beliefs(self) -> dict[str, float]:
        """The middle value of each driver, or what a what-if says."""
        return central_values(self.assumptions, self.what_if)

    @property
    def drift(self) -> float:
        """Growth of the number of shares, a year."""
        return single_number(self.valuation.needs.share_drift) if self.valuation.needs else 0.0

    def at_horizon(self, beliefs: Mapping[str, float]) -> list[tuple[ModelToday, ModelOutcome]]:
        """Each corner of today with what some beliefs make of it."""
        return [(today, model_outcome(today, beliefs, self.horizon, self.horizon)) for today in self.corners]


Reckoned = Callable[[ModelToday, ModelOutcome], float]


def range_over_corners(pairs: list[tuple[ModelToday, ModelOutcome]], reckon: Reckoned) -> Interval:
    """A figure over all corners; anything, where at one of them it cannot be reckoned."""
    try:
        return range_of([float(reckon(today, end)) for today, end in pairs])
    except (ValueError, ZeroDivisionError, OverflowError):
        return EVERYTHING


def pricing_inputs(
    case: Case, valuation: ValuationInputs, changed: Mapping[str, float], quarter: Quarter | None = None
) -> PricingInputs:
    """The setting of a pack with a target: in the quarter under review, or at the end of an earlier one.

    Errors: ``UnknownInputs`` where figures to start from are missing.
    """
    quarter = case.quarter if quarter is None else quarter
    target = case.pack.thesis.target
    assert target  # lint saw to it
    found = starting_values(case, valuation, quarter)
    by = parse_day(target.by)
    return PricingInputs(
        case=case,
        valuation=valuation,
        start=found,
        today=found.central(),
        corners=found.corners(),
        assumptions=assumptions_of(valuation),
        what_if=changed,
        target=target.market_cap,
        by=by,
        horizon=years_from_quarter(quarter, by),
        years=years_between(day_of(case, quarter), by),
    )


def day_of(case: Case, quarter: Quarter) -> date:
    """The day from which a quarter is priced: its end, and for the one under review the as-of day."""
    return case.as_of if quarter >= case.quarter else quarter.end
