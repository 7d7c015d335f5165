"""The valuation model: from today's figures and a set of assumptions to market cap at a later date.

Plain arithmetic, written once for single numbers and for arrays of draws. Sales compound at a rate of
growth; a margin and the multiple travel in a straight line from where they stand today to what is
believed of the horizon, and stay there; equity is the business less what is owed plus what is owned,
plus the cash that came in on the way.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from thesis.core.interval import total
from thesis.pack.assumptions import CASH_FLOW, MULTIPLE, growth_name, margin_name

Number = Any  # a float, or an array with one value a draw


class ModelState(NamedTuple):
    """A segment over the last four quarters: sales in currency, operating income as a share of them.

    ``earned`` is the operating income of a segment without sales, of which no margin tells it.
    """

    id: str
    sales: Number
    margin: Number
    earned: Number = 0.0

    @property
    def ebit(self) -> Number:
        return self.sales * self.margin + self.earned


class StakeValue(NamedTuple):
    """A claim beside the business in currency, after tax: positive owned, negative owed."""

    id: str
    value: Number


class ModelToday(NamedTuple):
    """Where everything starts, each figure one number."""

    price: Number
    shares: Number
    segments: tuple[ModelState, ...]
    holdings: tuple[StakeValue, ...]

    @property
    def market_cap(self) -> Number:
        return self.price * self.shares

    @property
    def sales(self) -> Number:
        return total(stand.sales for stand in self.segments)

    @property
    def ebit(self) -> Number:
        return total(stand.ebit for stand in self.segments)

    @property
    def enterprise(self) -> Number:
        """Operating enterprise value: what the market pays for the business alone."""
        return self.market_cap - total(holding.value for holding in self.holdings)

    @property
    def multiple(self) -> Number:
        """Operating enterprise value to operating income. Meaningless unless that is positive."""
        return self.enterprise / self.ebit


def enterprise_at(today: ModelToday, market_cap: float) -> float:
    """Operating enterprise value at a market value, what stands beside the business being as today."""
    return float(market_cap - total(holding.value for holding in today.holdings))


def multiple_of(today: ModelToday) -> float:
    """Operating enterprise value to EBIT. Errors: ``ValueError`` of a loss, which has no multiple."""
    return float(today.enterprise / profit_of(today))


def profit_of(today: ModelToday) -> float:
    """Operating income of four quarters. Errors: ``ValueError`` of a loss, which has no multiple."""
    if today.ebit <= 0:
        raise ValueError("a loss has no multiple")
    return float(today.ebit)


class ModelOutcome(NamedTuple):
    """What it comes to after some years: segments, multiple, holdings and the cash added up."""

    years: float
    segments: tuple[ModelState, ...]
    multiple: Number
    holdings: tuple[StakeValue, ...]
    cash: Number

    @property
    def sales(self) -> Number:
        return total(stand.sales for stand in self.segments)

    @property
    def ebit(self) -> Number:
        return total(stand.ebit for stand in self.segments)

    @property
    def margin(self) -> Number:
        return self.ebit / self.sales

    @property
    def market_cap(self) -> Number:
        return self.multiple * self.ebit + total(holding.value for holding in self.holdings) + self.cash


Beliefs = Mapping[str, Number]  # driver to its value at the horizon


def model_outcome(today: ModelToday, beliefs: Beliefs, years: float, horizon: float) -> ModelOutcome:
    """What beliefs about the horizon come to after some years, on the way there or beyond.

    ``beliefs`` needs a growth and a margin for each segment and the multiple; a holding without a belief
    stays as it is. Of each segment: sales (1 + g)^T times its margin, all times the multiple.
    """
    return value_after(today, partway_values(today, beliefs, min(1.0, years / horizon)), years, horizon)


def partway_values(today: ModelToday, beliefs: Beliefs, way: float) -> dict[str, Number]:
    """Beliefs about the horizon as values after a part of the way there, 0 to 1."""
    values = dict(beliefs)
    for stand in today.segments:
        name = margin_name(stand.id)
        values[name] = stand.margin + (beliefs[name] - stand.margin) * way
    if way < 1:  # there, today's does not matter, and of a loss there is none
        start = today.multiple
        values[MULTIPLE] = start + (beliefs[MULTIPLE] - start) * way
    return values


def value_after(today: ModelToday, values: Beliefs, years: float, horizon: float) -> ModelOutcome:
    """What values that hold after some years come to; of the cash flow, what has come in by then."""
    segments = tuple(
        ModelState(
            stand.id,
            stand.sales * (1 + values[growth_name(stand.id)]) ** years,
            values[margin_name(stand.id)],
        )
        for stand in today.segments
    )
    holdings = tuple(
        StakeValue(holding.id, values.get(holding.id, holding.value)) for holding in today.holdings
    )
    cash = values.get(CASH_FLOW, 0.0) * (years / horizon)
    return ModelOutcome(years, segments, values[MULTIPLE], holdings, cash)
