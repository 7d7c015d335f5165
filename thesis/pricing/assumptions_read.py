"""The assumptions of valuation.yaml that each name ``value.*`` reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from thesis.core.interval import Interval, point
from thesis.facts.fact import parse_value
from thesis.pack.assumptions import assumptions_of, scenario_values, single_number
from thesis.pack.schema.valuation import DiscountedCashFlow, RandomWalk, ValuationInputs
from thesis.pack.value_names import KINDS, OF_MARKET_CAP, ValueName
from thesis.pricing.growth_in_price import own_terms

PERCENT = "percent"
PER_SHARE = ("required_return", "price", "return")  # kinds that count how many shares there will be


class AssumptionRead(NamedTuple):
    """An assumption that a value reads. ``is_method``: it may be applied to days before it was written."""

    name: str
    label: str
    value: Interval
    show: str
    source: str = ""
    is_method: bool = False


def assumptions_read(
    each: ValueName, valuation: ValuationInputs, what_if: Mapping[str, float]
) -> list[AssumptionRead]:
    """Everything assumed that a value reads, with the drivers of its scenario as a what-if sets them."""
    found: list[AssumptionRead] = []
    if each.kind in ("implied_growth", "growth_share") and valuation.implied:
        found += _rates(valuation.implied, has_growth=each.kind == "implied_growth")
    if each.kind in ("odds.end", "odds.touch") and valuation.market:
        found += _walk(valuation.market)
    if each.kind in PER_SHARE and valuation.needs:
        drift = single_number(valuation.needs.share_drift)
        found += [AssumptionRead("needs.share_drift", "Growth in shares", point(drift), PERCENT)] * bool(
            drift
        )
    if KINDS[each.kind].of_scenarios:
        found += _drivers(each, valuation, what_if)
    if each.kind not in OF_MARKET_CAP:
        found += _taxes(valuation)
    return found


def _rates(dcf: DiscountedCashFlow, *, has_growth: bool) -> Iterator[AssumptionRead]:
    terms = own_terms(dcf)
    rates = [("tax", "Tax on operating income", terms.tax), ("wacc", "Cost of capital", terms.wacc)]
    if has_growth:
        rates += [
            ("roic", "Return on new capital", terms.roic),
            ("terminal_growth", "Growth after those years", terms.terminal_growth),
            ("terminal_return", "Return on new capital after those years", terms.terminal_return),
        ]
    for key, label, rate in rates:
        yield AssumptionRead(f"implied.{key}", label, point(rate), PERCENT, dcf.source, dcf.method)


def _walk(walk: RandomWalk) -> Iterator[AssumptionRead]:
    for key in ("volatility", "drift"):
        rate = point(single_number(getattr(walk, key)))
        label = f"{key.capitalize()} of the share price"
        yield AssumptionRead(f"market.{key}", label, rate, PERCENT, walk.source)


def _drivers(
    each: ValueName, valuation: ValuationInputs, what_if: Mapping[str, float]
) -> Iterator[AssumptionRead]:
    values = driver_values(each, valuation, what_if)
    for name, found in assumptions_of(valuation).items():
        yield AssumptionRead(name, found.label, point(values[name]), found.show, found.driver.source)


def driver_values(
    each: ValueName, valuation: ValuationInputs, what_if: Mapping[str, float]
) -> dict[str, float]:
    """Each driver's value in the scenario that a name is of, or what a what-if sets."""
    scenario = next(scenario for scenario in valuation.scenarios if scenario.id == each.scenario)
    return scenario_values(assumptions_of(valuation), scenario) | dict(what_if)


def _taxes(valuation: ValuationInputs) -> Iterator[AssumptionRead]:
    for claim in valuation.claims:
        if claim.counted and claim.tax:
            tax = parse_value(claim.tax)
            assert isinstance(tax, Interval)  # lint saw to it
            label = f"Tax on {claim.name[:1].lower()}{claim.name[1:]}"
            yield AssumptionRead(f"{claim.id}.tax", label, tax, PERCENT, is_method=claim.method)
