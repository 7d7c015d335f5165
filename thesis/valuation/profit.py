"""Economic profit: what is earned beyond the cost of capital, and the value that it adds up to."""

from __future__ import annotations

import math
from typing import NamedTuple

from thesis.valuation.domain import Checks
from thesis.valuation.flows import Valuation


class EconomicProfit(NamedTuple):
    """Capital, the present values of economic profit, and their sum, the enterprise value.

    ``profits`` by the year; ``capitals`` at the start of each year and at the end of the last.
    """

    capital: float
    profits: tuple[float, ...]
    capitals: tuple[float, ...]
    explicit: float
    terminal: float
    enterprise_value: float


def economic_profit(valuation: Valuation, *, capital: float) -> EconomicProfit:
    """The value of a ``dcf`` as capital plus economic profit; equal to it, whatever the capital.

    EP_t = NOPAT_t - wacc_t capital_(t-1), capital_t = capital_(t-1) + reinvestment_t;
    EV = capital_0 + sum of EP_t factor_t + CV factor_N with, for a perpetuity,
    CV = EP_(N+1) / w + NOPAT_(N+1) (g / RONIC)(RONIC - w) / (w (w - g)), w the terminal wacc.
    After a sale CV is its proceeds less the capital at the end.
    ``capital``: operating capital at the start, in the unit of the flows, above 0. Year-end only: of a
    mid-year valuation, discount at year end and multiply by (1 + wacc)^0.5.
    Errors: ``DomainError``. Source: Koller, Goedhart & Wessels, Valuation, 7th ed. 2020, chapters 10 and 14.

    >>> from thesis.valuation import dcf, forecast
    >>> rows = forecast(sales=100.0, growth=0.1, margin=0.2, years=1, tax=0.25, sales_to_capital=2.0)
    >>> result = economic_profit(dcf(rows, wacc=0.1, terminal_growth=0.0, ronic=0.1), capital=100.0)
    >>> round(result.profits[0], 9), result.capitals  # 16.5 less 10 % of 100
    (6.5, (100.0, 105.0))
    >>> round(result.enterprise_value, 6)  # 100 + 6.5 / 1.1 + ((16.5 - 10.5) / 0.1) / 1.1
    160.454545
    """
    rows, terminal = valuation.rows, valuation.terminal
    end_factor = math.prod(1 / (1 + row.wacc) for row in rows)
    with Checks() as check:
        check.positive(capital=capital)
        late = terminal.factor > end_factor * (1 + 1e-12)
        check.that(
            not (valuation.mid_year or late), "valuation: expected year-end discounting, found mid_year"
        )
    capitals = [capital]
    for row in rows:
        capitals.append(capitals[-1] + row.reinvestment)
    profits = [row.nopat - row.wacc * before for row, before in zip(rows, capitals, strict=False)]
    explicit = math.fsum(profit * row.factor for profit, row in zip(profits, rows, strict=True))
    continuing = _continuing(valuation, capitals[-1]) * end_factor
    return EconomicProfit(
        capital, tuple(profits), tuple(capitals), explicit, continuing, capital + explicit + continuing
    )


def _continuing(valuation: Valuation, capital: float) -> float:
    terminal = valuation.terminal
    if terminal.growth is None or terminal.nopat is None or terminal.reinvestment_rate is None:
        return terminal.value - capital
    w, g = terminal.wacc, terminal.growth
    first = terminal.nopat - w * capital
    # g / RONIC is the reinvestment rate, so (g / RONIC)(RONIC - w) is g less the rate times w: no division
    return first / w + terminal.nopat * (g - terminal.reinvestment_rate * w) / (w * (w - g))
