"""Today's figures for a valuation, each with its evidence and, where it is a range, its possible values.

A figure that is a range (the margin of a segment that publishes none) stays one: whatever is reckoned
from it is reckoned at every corner of what is uncertain, and the answer is the range of the results.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import product
from typing import NamedTuple

from thesis.case.case import Case, EvidenceItem, NothingKnown, parse_once
from thesis.core import formatting
from thesis.core.currency import currency_of
from thesis.core.interval import EVERYTHING, Interval, greatest, least, point
from thesis.core.period import Quarter
from thesis.core.record import record
from thesis.facts.fact import parse_value
from thesis.language import nodes as n
from thesis.pack.schema.valuation import BridgeItem, Segment, ValuationInputs
from thesis.pricing.model import ModelState, ModelToday, StakeValue


class UnknownInputs(NothingKnown):
    """Figures that are needed and cannot be used: ``missing`` are their evidence, ``reason`` says why not."""

    def __init__(self, missing: tuple[EvidenceItem, ...], reason: str = "") -> None:
        super().__init__(reason or f"{formatting.join_words(each.label for each in missing)} not known")
        self.missing = missing
        self.reason = str(self)


@record
class StartingFigure:
    """A segment over the last four quarters. ``margin`` is assumed where no profit is published."""

    segment: Segment
    sales: EvidenceItem
    ebit: EvidenceItem | None
    margin: EvidenceItem | None
    is_rest: bool = False


@record
class BridgeAmount:
    """Something beside the business: its value today and what is left of it after tax.

    ``cost`` is what was paid for it, where the tax falls on the gain alone.
    """

    claim: BridgeItem
    value: EvidenceItem
    after_tax: Interval
    cost: EvidenceItem | None = None


@record
class StartingValues:
    """Where everything starts, as known on the day."""

    price: EvidenceItem
    shares: EvidenceItem
    market_cap: EvidenceItem
    sales: EvidenceItem
    ebit: EvidenceItem
    bases: tuple[StartingFigure, ...]
    claims: tuple[BridgeAmount, ...]

    @property
    def inputs(self) -> dict[str, Interval]:
        """Every figure that something is reckoned from, by name."""
        found = {"price": self.price.value, "shares": self.shares.value}
        for base in self.bases:
            if base.is_rest:
                found |= {"sales": self.sales.value, "ebit": self.ebit.value}
                continue
            found[f"{base.segment.id} sales"] = base.sales.value
            given = base.ebit or base.margin
            assert given  # lint saw to it
            found[f"{base.segment.id} profit"] = given.value
        for each in self.claims:
            if each.claim.counted:
                found[f"{each.claim.id} claim"] = each.after_tax
        return found

    def unknown(self) -> tuple[EvidenceItem, ...]:
        """What is not known at all, or only from one side, of the figures that are needed."""
        figures = [self.price, self.shares, *(each.value for each in self.claims if each.claim.counted)]
        for base in self.bases:
            figures += [self.sales, self.ebit] if base.is_rest else [base.sales, base.ebit or base.margin]  # type: ignore[list-item]
        return tuple(each for each in figures if not _is_bounded(each.value))

    def at(self, values: Mapping[str, float]) -> ModelToday:
        """Today, with each figure one of the numbers that it may be."""
        stands = {}
        sales = ebit = 0.0
        for base in self.bases:
            if base.is_rest:
                continue
            name = base.segment.id
            own, profit = values[f"{name} sales"], values[f"{name} profit"]
            earned = profit if base.ebit else own * profit
            stands[name] = _stand(name, own, earned)
            sales, ebit = sales + own, ebit + earned
        for base in self.bases:
            if base.is_rest:
                name = base.segment.id
                stands[name] = _stand(name, values["sales"] - sales, values["ebit"] - ebit)
        holdings = [
            StakeValue(
                each.claim.id, values[f"{each.claim.id} claim"] * (1 if each.claim.kind == "owned" else -1)
            )
            for each in self.claims
            if each.claim.counted
        ]
        ordered = tuple(stands[base.segment.id] for base in self.bases)
        return ModelToday(values["price"], values["shares"], ordered, tuple(holdings))

    def central(self) -> ModelToday:
        """Today in the middle of what is known. Errors: ``UnknownInputs``."""
        self._require()
        return self.at({name: value.middle for name, value in self.inputs.items()})

    def corners(self) -> list[ModelToday]:
        """Today at every corner of what is uncertain. Errors: ``UnknownInputs``."""
        self._require()
        return self._corners()

    def _corners(self) -> list[ModelToday]:
        inputs = self.inputs
        ends = [(each.lo,) if each.is_point else (each.lo, each.hi) for each in inputs.values()]
        return [self.at(dict(zip(inputs, corner, strict=True))) for corner in product(*ends)]

    def range_over(self, reckon: Callable[[ModelToday], float]) -> Interval:
        """A figure that is monotone in each input, as the range over all corners; anything where it fails."""
        return range_over(self.corners(), reckon)

    def rest_profit(self) -> Interval:
        """The operating income that is left for the segment of the rest; anything without one."""
        places = [i for i, base in enumerate(self.bases) if base.is_rest]
        if not places or self.unknown():
            return EVERYTHING
        return range_over(self._corners(), lambda today: float(today.segments[places[0]].ebit))

    def _require(self) -> None:
        missing = self.unknown()
        if missing:
            raise UnknownInputs(missing)
        reason = self.overdrawn()
        if reason:
            raise UnknownInputs((self.sales,), reason)

    def overdrawn(self) -> str:
        """Why the segments cannot be parts of the total, whose rest would have negative sales; else empty."""
        for i, base in enumerate(self.bases):
            if base.is_rest:
                left = min(today.segments[i].sales for today in self._corners())
                if left < 0:
                    others = "the other segments' sales are more than the total"
                    return (
                        f"{base.segment.name} would have sales of {formatting.exact(point(left))}: {others}"
                    )
        return ""


def range_over(corners: list[ModelToday], reckon: Callable[[ModelToday], float]) -> Interval:
    """The range of what is reckoned at each corner; anything, where at one of them it cannot be.

    Errors: none; a ``ValueError`` or ``ZeroDivisionError`` of the reckoning is an answer that is not known.
    """
    try:
        return range_of([reckon(corner) for corner in corners])
    except (ValueError, ZeroDivisionError, OverflowError):
        return EVERYTHING


def range_of(values: Sequence[float]) -> Interval:
    """The range of some numbers; anything, where one of them is none."""
    if not values or not all(math.isfinite(value) for value in values):
        return EVERYTHING
    return Interval(min(values), max(values)) if min(values) < max(values) else point(values[0])


def starting_values(
    case: Case, valuation: ValuationInputs, quarter: Quarter | None = None, *, claims: bool = True
) -> StartingValues:
    """A pack's figures of the quarter under review, or of an earlier one, as known on the day.

    Without ``claims`` it leaves out what stands beside the business, for which an attribution does not ask.
    Errors: ``NothingKnown`` if nothing was filed by then.
    """
    thesis = case.pack.thesis
    reading = FormulaReader(case, quarter or case.quarter)
    shares = parse_once(valuation.shares)
    cap = f"{thesis.price} * {shares if isinstance(shares, n.Name) else f'({shares})'}"
    return StartingValues(
        reading.of(thesis.price, "Share price", "usd"),
        reading.of(valuation.shares, "Shares", "number"),
        reading.of(cap, "Market value", "billions"),
        reading.of(valuation.total.sales, "Sales, four quarters", "billions"),
        reading.of(valuation.total.ebit, "Operating income, four quarters", "billions"),
        tuple(_base(reading, segment) for segment in valuation.segments),
        tuple(_counted(reading, claim) for claim in valuation.claims if claims),
    )


def _stand(name: str, sales: float, earned: float) -> ModelState:
    """A segment today; one without sales has no margin, and earns or loses what it does all the same."""
    return ModelState(name, sales, earned / sales) if sales else ModelState(name, sales, 0.0, earned)


class FormulaReader(NamedTuple):
    """Reads formulas of a valuation in a quarter, each with its evidence."""

    case: Case
    quarter: Quarter

    def of(self, formula: str, label: str, show: str, unit: str = "") -> EvidenceItem:
        """A formula's value with what it was worked out from."""
        case, quarter = self.case, self.quarter
        thesis = case.pack.thesis
        money = thesis.target.unit if thesis.target else currency_of(case.pack.concepts[thesis.price].unit)
        units = {"usd": f"{money}/share", "billions": money, "number": "shares"}
        if formula in case.pack.concepts or formula in case.pack.metrics:
            return case.evidence(formula, quarter)
        return EvidenceItem(
            name=label,
            label=label,
            unit=unit or units.get(show, "ratio"),
            show=show,
            period=str(quarter),
            value=case.evaluator.ask(parse_once(formula), quarter),
            status="computed",
            formula=formula,
            inputs=case.evidence_of(formula, quarter),
        )


def _base(reading: FormulaReader, segment: Segment) -> StartingFigure:
    name = segment.name
    sales = reading.of(segment.sales or "0", f"{name}: sales, four quarters", "billions")
    ebit = (
        reading.of(segment.ebit, f"{name}: operating income, four quarters", "billions")
        if segment.ebit
        else None
    )
    margin = reading.of(segment.margin_now, f"{name}: margin", "percent") if segment.margin_now else None
    return StartingFigure(segment, sales, ebit, margin, segment.rest)


def _counted(reading: FormulaReader, claim: BridgeItem) -> BridgeAmount:
    value = reading.of(claim.value, claim.name, "billions")
    cost = reading.of(claim.cost, f"{claim.name}: what was paid", "billions") if claim.cost else None
    return BridgeAmount(claim, value, after_tax(claim, value.value, cost.value if cost else None), cost)


def after_tax(claim: BridgeItem, value: Interval, cost: Interval | None) -> Interval:
    """What is left of a bridge item's value after the tax that the pack assumes on it, or on its gain.

    Without a cost the tax falls on all of it. Otherwise ``least(v, v (1 - t) + c t)`` is left: a loss saves
    no tax. A cost that is not known is nothing at the least, and the gain then the whole value at the most.
    """
    tax = parse_value(claim.tax) if claim.tax else point(0.0)
    assert isinstance(tax, Interval)  # lint saw to it
    left = value * (point(1.0) - tax)
    return left if cost is None else least(value, left + greatest(cost, point(0.0)) * tax)


def after_tax_formula(claim: BridgeItem) -> str:
    """The same as a formula of the rule language over those of the pack."""
    value = _operand(claim.value)
    if not claim.tax:
        return value
    left = f"{value} * (1 - {claim.tax})"
    return f"least({value}, {left} + {_operand(claim.cost)} * {claim.tax})" if claim.cost else left


def _operand(text: str) -> str:
    return text if isinstance(parse_once(text), n.Name) else f"({text})"


def _is_bounded(value: Interval) -> bool:
    return math.isfinite(value.lo) and math.isfinite(value.hi)
