"""The probability of the target if the share price follows a random walk, in closed form."""

from __future__ import annotations

from datetime import date

from thesis.core.interval import Interval
from thesis.core.period import parse_day, years_between
from thesis.core.record import record
from thesis.pack.assumptions import single_number
from thesis.pricing.inputs import PricingInputs
from thesis.pricing.starting_values import range_over
from thesis.valuation import p_end, p_touch


@record
class TargetOdds:
    """Of standing at the target on a day, and of having touched it by then."""

    day: date
    years: float
    end: Interval
    touch: Interval


@record
class TargetOddsTable:
    """The walk's volatility and drift a year, and its chances by date; ``by`` is the target's own day."""

    volatility: float
    drift: float
    dates: tuple[TargetOdds, ...]
    by: TargetOdds


def target_odds(setting: PricingInputs) -> TargetOddsTable | None:
    """The chances of a pack that says how its share moves."""
    market = setting.valuation.market
    if market is None:
        return None
    volatility, drift = single_number(market.volatility), single_number(market.drift)
    asked = setting.valuation.needs.dates if setting.valuation.needs else ()
    days = sorted({*map(parse_day, asked), setting.by})

    def chance(day: date) -> TargetOdds:
        years = years_between(setting.case.as_of, day)
        walk = {"target": setting.target, "years": years, "drift": drift, "volatility": volatility}
        return TargetOdds(
            day,
            years,
            range_over(setting.corners, lambda t: p_end(start=t.market_cap, **walk)),
            range_over(setting.corners, lambda t: p_touch(start=t.market_cap, **walk)),
        )

    return TargetOddsTable(volatility, drift, tuple(map(chance, days)), chance(setting.by))
