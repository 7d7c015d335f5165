"""Chances: the target by a date if the share price were a random walk (closed form, no draws)."""

from __future__ import annotations

from datetime import date

from thesis.appraisal.setting import Setting
from thesis.appraisal.start import over
from thesis.appraisal.years import years_between
from thesis.beliefs import number
from thesis.interval import Interval
from thesis.quarter import parse_day
from thesis.records import record
from thesis.valuation import p_end, p_touch


@record
class Chance:
    """Of standing at the target on a day, and of having touched it by then."""

    day: date
    years: float
    end: Interval
    touch: Interval


@record
class Chances:
    """The walk's volatility and drift a year, and its chances by date; ``by`` is the target's own day."""

    volatility: float
    drift: float
    dates: tuple[Chance, ...]
    by: Chance


def chances(setting: Setting) -> Chances | None:
    """The chances of a pack that says how its share moves."""
    market = setting.valuation.market
    if market is None:
        return None
    volatility, drift = number(market.volatility), number(market.drift)
    asked = setting.valuation.needs.dates if setting.valuation.needs else ()
    days = sorted({*map(parse_day, asked), setting.by})

    def chance(day: date) -> Chance:
        years = years_between(setting.case.as_of, day)
        walk = {"target": setting.target, "years": years, "drift": drift, "volatility": volatility}
        return Chance(
            day,
            years,
            over(setting.corners, lambda t: p_end(start=t.market_cap, **walk)),
            over(setting.corners, lambda t: p_touch(start=t.market_cap, **walk)),
        )

    return Chances(volatility, drift, tuple(map(chance, days)), chance(setting.by))
