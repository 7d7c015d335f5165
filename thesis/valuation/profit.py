"""Economic profit and residual income: what is earned beyond the cost of capital, and its value."""

from __future__ import annotations

import math
from typing import NamedTuple

from thesis.core.interval import total
from thesis.valuation.domain_checks import DomainChecks, Yearly
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
    with DomainChecks() as check:
        check.positive(capital=capital)
        late = terminal.factor > end_factor * (1 + 1e-12)
        _year_ends(check, valuation)
        check.that(not late, "valuation: expected year-end discounting, found terminal_mid_year")
    capitals = [capital]
    for row in rows:
        capitals.append(capitals[-1] + row.reinvestment)
    profits = [row.nopat - row.wacc * before for row, before in zip(rows, capitals, strict=False)]
    explicit = total(profit * row.factor for profit, row in zip(profits, rows, strict=True))
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


def shareholder_value_added(valuation: Valuation, *, base_nopat: float) -> tuple[float, ...]:
    """What each year of a ``dcf`` adds to a profit that went on without growth: Rappaport's SVA by the year.

    SVA_t = FCFF_t factor_t + (NOPAT_t / wacc_t) factor_t - (NOPAT_(t-1) / wacc_(t-1)) factor_(t-1);
    at one wacc (NOPAT_t - NOPAT_(t-1)) / wacc / (1 + wacc)^(t-1) - reinvestment_t / (1 + wacc)^t.
    ``base_nopat``: of the year past, in the unit of the flows. base_nopat / wacc_1 + their sum is the
    enterprise value with terminal_growth = 0 and the last wacc for ever. Year-end, without a stub.
    Errors: ``DomainError``. Source: Rappaport, Creating Shareholder Value, 2nd ed. 1998, chapter 3.

    >>> from thesis.valuation import dcf, forecast
    >>> rows = forecast(sales=100.0, growth=0.1, margin=0.2, years=1, tax=0.25, incremental_investment=0.5)
    >>> [round(x, 6) for x in shareholder_value_added(  # 1.5 / 0.1 - 5 / 1.1
    ...     dcf(rows, wacc=0.1, terminal_growth=0.0, ronic=0.1), base_nopat=15.0)]
    [10.454545]
    """
    with DomainChecks() as check:
        check.amounts(base_nopat=base_nopat)
        for row in valuation.rows:
            check.number(f"wacc of year {row.year}", row.wacc, above=0, rate=True)
        _year_ends(check, valuation)
    added, before = [], base_nopat / valuation.rows[0].wacc
    for row in valuation.rows:
        steady = row.nopat / row.wacc * row.factor
        added.append(row.present_value + steady - before)
        before = steady
    return tuple(added)


def threshold_margin(*, incremental_investment: float, wacc: float, tax: float) -> float:
    """The margin on new sales at which growth neither adds nor takes value: x w / ((1 + w)(1 - tax)).

    ``incremental_investment`` x: fixed and working capital for each unit of new sales. Domain: x and wacc at
    least 0, tax from 0 to below 1. Errors: ``DomainError``. Source: Rappaport 1998, chapter 4.

    >>> round(threshold_margin(incremental_investment=0.44, wacc=0.1, tax=0.2), 9)
    0.05
    """
    with DomainChecks() as check:
        check.number("incremental_investment", incremental_investment, least=0)
        check.number("wacc", wacc, least=0, rate=True)
        check.number("tax", tax, least=0, below=1, rate=True)
    return incremental_investment * wacc / ((1 + wacc) * (1 - tax))


def residual_income(
    book_value: float,
    *,
    roe: Yearly,
    payout: Yearly,
    years: int,
    required_return: float,
    persistence: float = 0.0,
) -> float:
    """The value of equity as book value plus residual income: B_0 + sum of RI_t / (1 + r)^t + CV / (1 + r)^N.

    RI_t = (ROE_t - r) B_(t-1), B_t = B_(t-1) (1 + ROE_t (1 - payout_t)). After year N residual income keeps
    the share ``persistence`` p each year: CV = RI_N p / (1 + r - p); 0 ends it, 1 lets it go on for ever.
    ``book_value``: at the start. Roe and payout: one figure or a list of one a year. Domain: book_value and
    required_return above 0, roe above -1, persistence 0 to 1. Errors: ``DomainError``.
    Source: Ohlson, Earnings, Book Values, and Dividends in Equity Valuation, 1995.

    >>> round(residual_income(100.0, roe=0.2, payout=1.0, years=2, required_return=0.1, persistence=1.0), 9)
    200.0
    """
    with DomainChecks() as check:
        check.positive(book_value=book_value)
        check.number("required_return", required_return, above=0, rate=True)
        check.number("persistence", persistence, least=0, most=1)
        check.whole("years", years)
        returns = check.path("roe", roe, years, above=-1, rate=True)
        paid = check.path("payout", payout, years)
    value, book, factor, extra = book_value, book_value, 1.0, 0.0
    for each, share in zip(returns, paid, strict=True):
        factor /= 1 + required_return
        extra = (each - required_return) * book
        value += extra * factor
        book *= 1 + each * (1 - share)
    return value + extra * persistence / (1 + required_return - persistence) * factor


def _year_ends(check: DomainChecks, valuation: Valuation) -> None:
    check.that(not valuation.mid_year, "valuation: expected year-end discounting, found mid_year")
    check.that(valuation.stub == 1, f"valuation: expected whole years, found stub={valuation.stub:.10g}")
