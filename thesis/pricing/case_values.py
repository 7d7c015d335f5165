"""Works out the names ``value.*`` for one case: values as of its day, each with its evidence.

A value reads line items and metrics by the formulas of valuation.yaml, and assumptions. It is unknown on days
before its assumptions were written, except for those that the pack marks as a method. Nothing here reads a
score. Values are worked out when they are asked for and remembered by name and quarter.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping

from thesis.case.case import Case, EvidenceItem, NothingKnown, parse_once
from thesis.core.interval import EVERYTHING, Interval, multiple
from thesis.core.period import Quarter, parse_day, years_between
from thesis.pack.assumptions import single_number
from thesis.pack.value_names import ValueName, start_formulas
from thesis.pricing.assumptions_read import assumptions_read, driver_values
from thesis.pricing.growth_in_price import growth_range, own_terms, side_text
from thesis.pricing.inputs import PricingInputs, Reckoned, day_of, pricing_inputs, range_over_corners
from thesis.pricing.starting_values import FormulaReader, after_tax, after_tax_formula, range_of
from thesis.valuation import cagr, p_end, p_touch, price_target, pvgo_share, required_cagr


class CaseValues:
    """The values of one case. ``assumptions``: drivers that a what-if sets, as in ``thesis value --set``."""

    def __init__(self, case: Case, assumptions: Mapping[str, float]) -> None:
        valuation, target = case.pack.valuation, case.pack.thesis.target
        assert valuation  # a pack has no names of values without both
        assert target
        self.case = case
        self.valuation = valuation
        self.written = parse_day(valuation.written)
        self.target = target.market_cap
        self.by = parse_day(target.by)
        self.what_if = assumptions
        self._known: dict[tuple[str, int], Interval] = {}
        self._inputs: dict[int, PricingInputs] = {}
        self._least = case.evaluator_with_least()

    def value(self, name: str, quarter: Quarter) -> Interval:
        """The value of a name in a quarter; anything where it is not known."""
        key = (name, quarter.index)
        if key not in self._known:
            each = self.case.pack.values[name]
            is_written = not self._unwritten(each, quarter)
            self._known[key] = self._figure(each, quarter) if is_written else EVERYTHING
        return self._known[key]

    def reads(self, name: str) -> tuple[str, ...]:
        """The formulas that a value is worked out from."""
        return start_formulas(self.case.pack.values[name].kind, self.valuation, self.case.pack.thesis.price)

    def evidence(self, name: str, quarter: Quarter) -> EvidenceItem:
        """A value with the figures and assumptions that it was worked out from, or why it is unknown."""
        each, value = self.case.pack.values[name], self.value(name, quarter)
        unwritten = self._unwritten(each, quarter)
        inputs = () if unwritten else (*self._figures(each, quarter), *self._assumed(each))
        return EvidenceItem(
            name=name,
            label=each.label,
            unit=each.unit,
            show=each.show,
            period=str(quarter),
            value=value,
            status="missing" if unwritten else "computed",
            formula="" if unwritten else self._formula(each),
            reason=unwritten or side_text(value) or self._why_unknown(value, inputs, quarter),
            inputs=inputs,
        )

    # assumptions ---------------------------------------------------------------------------------

    def _unwritten(self, each: ValueName, quarter: Quarter) -> str:
        """Why a value is unknown on a quarter's day, where an assumption was written after it; else empty."""
        day = day_of(self.case, quarter)
        is_assumed = any(not read.is_method for read in assumptions_read(each, self.valuation, self.what_if))
        if not is_assumed or day >= self.written:
            return ""
        return f"what it assumes was written on {self.written}, after {day}"

    def _assumed(self, each: ValueName) -> Iterator[EvidenceItem]:
        """The assumptions as evidence, each with its source and the day it was written."""
        for read in assumptions_read(each, self.valuation, self.what_if):
            source = f"{read.source}, " if read.source else ""
            method = ", a method that is also applied to earlier days" if read.is_method else ""
            yield EvidenceItem(
                name=read.name,
                label=read.label,
                unit=self.case.pack.thesis.target.unit if read.show == "billions" else "ratio",  # type: ignore[union-attr]
                show=read.show,
                period=str(self.written),
                value=read.value,
                status="assumed",
                reason=f"{source}written on {self.written}{method}",
            )

    # evidence ------------------------------------------------------------------------------------

    def _figures(self, each: ValueName, quarter: Quarter) -> Iterator[EvidenceItem]:
        reader = FormulaReader(self.case, quarter)
        known = self.case.pack
        for text in dict.fromkeys(self.reads(each.name)):
            shape = known.declared(text)
            yield self.case.evidence(text, quarter) if shape else reader.of(text, text, "number")

    def _formula(self, each: ValueName) -> str:
        """What is worked out, in words and the formulas of valuation.yaml."""
        return _FORMULAS[each.kind].format(
            price=self.case.pack.thesis.price,
            shares=self.valuation.shares,
            ebit=self.valuation.total.ebit,
            ev=self._bridge_text(),
            years=self.valuation.implied.years if self.valuation.implied else "",
            tax=self.valuation.implied.tax if self.valuation.implied else "",
            target=f"{self.target:g}",
            by=self.by,
            scenario=each.scenario,
        )

    def _bridge_text(self) -> str:
        text = f"{self.case.pack.thesis.price} * {self.valuation.shares}"
        for claim in self.valuation.claims:
            if claim.counted:
                text += f" {'+' if claim.kind == 'owed' else '-'} {after_tax_formula(claim)}"
        return text

    def _why_unknown(self, value: Interval, inputs: tuple[EvidenceItem, ...], quarter: Quarter) -> str:
        if not value.is_anything or any(item.value.is_anything for item in inputs):
            return ""
        if self.by <= day_of(self.case, quarter):
            return f"the target's day, {self.by}, has passed"
        return "today's figures and assumptions give no such value"

    # values --------------------------------------------------------------------------------------

    def _figure(self, each: ValueName, quarter: Quarter) -> Interval:
        try:
            return _FIGURES[each.kind](self, each, quarter)
        except (NothingKnown, ArithmeticError, ValueError):
            return EVERYTHING

    def _ask(self, text: str, quarter: Quarter) -> Interval:
        return self.case.evaluator.ask(parse_once(text), quarter)

    def _cap(self, quarter: Quarter) -> Interval:
        return self._ask(self.case.pack.thesis.price, quarter) * self._ask(self.valuation.shares, quarter)

    def _enterprise(self, quarter: Quarter) -> Interval:
        """Operating enterprise value; of what is not known beside the business, the least that it can be."""
        found = self._cap(quarter)
        for claim in self.valuation.claims:
            if claim.counted:
                cost = self._least.ask(parse_once(claim.cost), quarter) if claim.cost else None
                value = after_tax(claim, self._least.ask(parse_once(claim.value), quarter), cost)
                found = found + value if claim.kind == "owed" else found - value
        return found

    def _over_cap(self, quarter: Quarter, reckon: Callable[[float, float], float]) -> Interval:
        """A figure of market cap and the years to the target, which only rises or only falls with it."""
        cap, day = self._cap(quarter), day_of(self.case, quarter)
        if self.by <= day or not (math.isfinite(cap.lo) and math.isfinite(cap.hi)):
            return EVERYTHING
        years = years_between(day, self.by)
        return range_of([float(reckon(end, years)) for end in dict.fromkeys((cap.lo, cap.hi))])

    def enterprise(self, each: ValueName, quarter: Quarter) -> Interval:
        return self._enterprise(quarter)

    def multiple(self, each: ValueName, quarter: Quarter) -> Interval:
        ebit = self._ask(self.valuation.total.ebit, quarter)
        return multiple(self._enterprise(quarter), ebit, math.inf)

    def implied_growth(self, each: ValueName, quarter: Quarter) -> Interval:
        assert self.valuation.implied
        ebit = self._ask(self.valuation.total.ebit, quarter)
        return growth_range(self._enterprise(quarter), ebit, own_terms(self.valuation.implied))

    def growth_share(self, each: ValueName, quarter: Quarter) -> Interval:
        assert self.valuation.implied
        terms = own_terms(self.valuation.implied)
        worth, ebit = self._enterprise(quarter), self._ask(self.valuation.total.ebit, quarter)
        ends = [
            float(pvgo_share(ev, nopat=profit * (1 - terms.tax), wacc=terms.wacc))
            for ev, profit in ((worth.lo, ebit.hi), (worth.hi, ebit.lo))
        ]
        return range_of(ends)

    def upside_to_target(self, each: ValueName, quarter: Quarter) -> Interval:
        return self._over_cap(quarter, lambda cap, _: self.target / cap - 1)

    def required_return(self, each: ValueName, quarter: Quarter) -> Interval:
        assert self.valuation.needs
        drift = single_number(self.valuation.needs.share_drift)
        return self._over_cap(
            quarter,
            lambda cap, years: float(required_cagr(now=cap, target=self.target, years=years, drift=drift)),
        )

    def odds(self, each: ValueName, quarter: Quarter) -> Interval:
        assert self.valuation.market
        drift, volatility = (
            single_number(getattr(self.valuation.market, key)) for key in ("drift", "volatility")
        )
        chance = p_end if each.kind == "odds.end" else p_touch
        return self._over_cap(
            quarter,
            lambda cap, years: chance(
                start=cap, target=self.target, years=years, drift=drift, volatility=volatility
            ),
        )

    # scenarios -----------------------------------------------------------------------------------

    def _at_horizon(self, each: ValueName, quarter: Quarter, reckon: Reckoned) -> Interval:
        """A figure of a scenario, over every corner of what is uncertain today."""
        if self.by <= day_of(self.case, quarter):
            return EVERYTHING
        if quarter.index not in self._inputs:
            self._inputs[quarter.index] = pricing_inputs(self.case, self.valuation, self.what_if, quarter)
        beliefs = driver_values(each, self.valuation, self.what_if)
        return range_over_corners(self._inputs[quarter.index].at_horizon(beliefs), reckon)

    def market_cap(self, each: ValueName, quarter: Quarter) -> Interval:
        return self._at_horizon(each, quarter, lambda _, end: float(end.market_cap))

    def upside(self, each: ValueName, quarter: Quarter) -> Interval:
        return self._at_horizon(
            each, quarter, lambda today, end: float(end.market_cap / today.market_cap - 1)
        )

    def price(self, each: ValueName, quarter: Quarter) -> Interval:
        years, drift = self._way(quarter)
        return self._at_horizon(
            each,
            quarter,
            lambda today, end: float(
                price_target(market_cap=end.market_cap, shares=today.shares, years=years, drift=drift)
            ),
        )

    def price_return(self, each: ValueName, quarter: Quarter) -> Interval:
        years, drift = self._way(quarter)
        return self._at_horizon(
            each,
            quarter,
            lambda today, end: (
                (1 + float(cagr(start=today.market_cap, end=end.market_cap, years=years))) / (1 + drift) - 1
            ),
        )

    def _way(self, quarter: Quarter) -> tuple[float, float]:
        """Years to the target, and the growth of the number of shares."""
        drift = single_number(self.valuation.needs.share_drift) if self.valuation.needs else 0.0
        return years_between(day_of(self.case, quarter), self.by), drift


_FIGURES: Mapping[str, Callable[[CaseValues, ValueName, Quarter], Interval]] = {
    "enterprise": CaseValues.enterprise,
    "multiple": CaseValues.multiple,
    "implied_growth": CaseValues.implied_growth,
    "growth_share": CaseValues.growth_share,
    "upside.target": CaseValues.upside_to_target,
    "required_return": CaseValues.required_return,
    "odds.end": CaseValues.odds,
    "odds.touch": CaseValues.odds,
    "upside": CaseValues.upside,
    "market_cap": CaseValues.market_cap,
    "price": CaseValues.price,
    "return": CaseValues.price_return,
}
_FORMULAS: Mapping[str, str] = {
    "enterprise": "{ev}",
    "multiple": "({ev}) / {ebit}",
    "implied_growth": "growth for {years} years at which {ebit} * (1 - {tax}), discounted, is worth {ev}",
    "growth_share": "1 - {ebit} * (1 - {tax}) / cost of capital / ({ev})",
    "upside.target": "{target} / ({price} * {shares}) - 1",
    "required_return": "growth of {price} a year that takes {price} * {shares} to {target} by {by}",
    "odds.end": "chance of a random walk from {price} * {shares} to end at {target} or above on {by}",
    "odds.touch": "chance of a random walk from {price} * {shares} to reach {target} by {by}",
    "upside": "market cap of the scenario {scenario} on {by} / ({price} * {shares}) - 1",
    "market_cap": "market cap of the scenario {scenario} on {by}",
    "price": "share price of the scenario {scenario} on {by}",
    "return": "growth of {price} a year to the scenario {scenario} on {by}",
}
