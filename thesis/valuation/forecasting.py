"""A forecast of sales, profit, tax, reinvestment and free cash flow, year by year."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from thesis.valuation.domain_checks import DomainChecks, Yearly

MOST_LAG = 3
BEYOND = "what follows the last year is asked for"


class ForecastYear(NamedTuple):
    """One year of a forecast, money in the unit of the sales given.

    ``tax_rate`` as given, ``tax`` as paid after losses; ``nopat`` = EBIT - tax; ``fcff`` = NOPAT -
    reinvestment; ``losses`` still to be carried forward; ``capital`` invested at the end of the year and
    ``roic`` = NOPAT / capital at its start, both None where no capital was given.
    """

    year: int
    growth: float
    sales: float
    margin: float
    ebit: float
    tax_rate: float
    tax: float
    nopat: float
    reinvestment: float
    fcff: float
    losses: float
    capital: float | None
    roic: float | None


def forecast(
    *,
    sales: float,
    growth: Yearly,
    margin: Yearly,
    years: int,
    tax: Yearly = 0.0,
    sales_to_capital: Yearly | None = None,
    roic_inc: Yearly | None = None,
    reinvestment_rate: Yearly | None = None,
    reinvestment: Yearly | None = None,
    incremental_investment: Yearly | None = None,
    lag: int = 0,
    terminal_growth: float | None = None,
    base_nopat: float | None = None,
    losses: float = 0.0,
    capital: float | None = None,
) -> list[ForecastYear]:
    """An explicit forecast of ``years`` years. Each driver is one figure or a list of one a year.

    sales_t = sales_(t-1) (1 + growth_t), ``sales`` being the year past; EBIT_t = sales_t margin_t.
    A loss adds to ``losses`` and pays no tax; a profit uses them up first:
    tax_t = tax rate_t max(0, EBIT_t - losses_(t-1)). FCFF_t = EBIT_t - tax_t - reinvestment_t.

    Reinvestment (net of depreciation, with working capital) is exactly one of
    ``sales_to_capital``: (sales_(t+lag) - sales_(t+lag-1)) / sales_to_capital_t;
    ``roic_inc``: (NOPAT_(t+lag) - NOPAT_(t+lag-1)) / roic_inc_t, with lag 0 from last year to this (needs
    ``base_nopat``), with lag 1 from this year to the next; ``inf`` where growth needs no capital;
    ``incremental_investment``: x_t (sales_(t+lag) - sales_(t+lag-1)), by unit of new sales, of any sign:
    Rappaport's incremental fixed and working capital rates added up;
    ``reinvestment_rate``: a share of NOPAT_t; ``reinvestment``: the amounts themselves (capital spending -
    depreciation + rise in working capital).
    With a ``lag`` (0 to 3 years from spending to growth) sales and NOPAT after the last year grow by
    ``terminal_growth``. Falling sales release capital (a negative reinvestment).

    For a model in NOPAT alone: sales = NOPAT of the year past, margin = 1, tax = 0. For one of dividends or
    FCFE: sales = net income, margin = 1, reinvestment_rate = 1 - payout; then in ``dcf`` the cost of equity.
    Domain: sales above 0, growth above -1, margin at most 1, tax 0 to 1, sales_to_capital and roic_inc
    above 0, losses at least 0. Errors: ``DomainError``, naming a list of the wrong length.
    Source: Damodaran, Investment Valuation, 3rd ed. 2012, chapters 10-12; Koller et al. 2020, chapter 3;
    Rappaport, Creating Shareholder Value, 2nd ed. 1998, chapter 3.

    >>> year, = forecast(sales=100.0, growth=0.1, margin=0.2, years=1, tax=0.25, sales_to_capital=2.0)
    >>> round(year.sales, 9), round(year.nopat, 9), round(year.reinvestment, 9), round(year.fcff, 9)
    (110.0, 16.5, 5.0, 11.5)
    """
    with DomainChecks() as check:
        check.whole("years", years)
        check.positive(sales=sales)
        check.number("losses", losses, least=0)
        growths = check.path("growth", growth, years, above=-1, rate=True)
        margins = check.path("margin", margin, years, most=1, rate=True)
        taxes = check.path("tax", tax, years, least=0, most=1, rate=True)
        way = _way(
            check, years, sales_to_capital, roic_inc, reinvestment_rate, reinvestment, incremental_investment
        )
        _ahead(check, way[0], lag, terminal_growth, base_nopat)
        if capital is not None:
            check.positive(capital=capital)
    path = _sales(sales, growths)
    profits = [s * m for s, m in zip(path, margins, strict=True)]
    paid, left = _taxes(profits, taxes, losses)
    nopats = [profit - tax for profit, tax in zip(profits, paid, strict=True)]
    spent = _reinvestments(way, [sales, *path], [base_nopat or 0.0, *nopats], lag, terminal_growth or 0.0)
    capitals = _capitals(capital, spent)
    return [
        ForecastYear(
            t + 1, growths[t], path[t], margins[t], profits[t], taxes[t], paid[t], nopats[t], spent[t],
            nopats[t] - spent[t], left[t], capitals[t + 1], _return(nopats[t], capitals[t]),
        )
        for t in range(years)
    ]  # fmt: skip


Way = tuple[str, list[float]]


def _way(check: DomainChecks, years: int, *given: Yearly | None) -> Way:
    """How reinvestment is given, with its figure for each year."""
    names = ("sales_to_capital", "roic_inc", "reinvestment_rate", "reinvestment", "incremental_investment")
    check.one_of(**dict(zip(names, given, strict=True)))
    for name, value in zip(names, given, strict=True):
        if value is not None:
            bounds = {"above": 0, "infinite": True} if name in names[:2] else {}
            rate = name in ("roic_inc", "reinvestment_rate")
            return name, check.path(name, value, years, rate=rate, **bounds)
    return "reinvestment", [0.0]


def _ahead(
    check: DomainChecks, way: str, lag: int, terminal_growth: float | None, base_nopat: float | None
) -> None:
    """What is needed of the years before the first and after the last."""
    if not check.whole("lag", lag, least=0, most=MOST_LAG):
        return
    if way in ("reinvestment_rate", "reinvestment"):
        check.that(lag == 0, f"lag: expected 0 with {way}, which says what is spent when, found {lag}")
    elif lag:
        check.that(terminal_growth is not None, f"terminal_growth: expected with lag={lag}, {BEYOND}")
    if terminal_growth is not None:
        check.rates(terminal_growth=terminal_growth)
    if base_nopat is not None:
        check.amounts(base_nopat=base_nopat)
    elif way == "roic_inc" and lag == 0:
        check.that(
            holds=False,
            otherwise="base_nopat: expected with roic_inc and lag=0, year 1 grows from it; or give lag=1",
        )


def _sales(sales: float, growths: Sequence[float]) -> list[float]:
    path = []
    for growth in growths:
        sales *= 1 + growth
        path.append(sales)
    return path


def _taxes(
    profits: Sequence[float], rates: Sequence[float], losses: float
) -> tuple[list[float], list[float]]:
    """Tax paid and losses left by the year."""
    paid, left = [], []
    for profit, rate in zip(profits, rates, strict=True):
        paid.append(rate * max(0.0, profit - losses))
        losses = max(0.0, losses - profit)
        left.append(losses)
    return paid, left


def _reinvestments(
    way: Way, sales: list[float], nopats: list[float], lag: int, terminal_growth: float
) -> list[float]:
    """By the year; ``sales`` and ``nopats`` start with the year past."""
    name, figures = way
    if name == "reinvestment":
        return figures
    if name == "reinvestment_rate":
        return [rate * nopat for rate, nopat in zip(figures, nopats[1:], strict=True)]
    base = nopats if name == "roic_inc" else sales
    longer = base + [base[-1] * (1 + terminal_growth) ** k for k in range(1, lag + 1)]
    rises = [longer[t + 1 + lag] - longer[t + lag] for t in range(len(figures))]
    if name == "incremental_investment":
        return [rise * figure for rise, figure in zip(rises, figures, strict=True)]
    return [rise / figure for rise, figure in zip(rises, figures, strict=True)]


def _capitals(capital: float | None, spent: Sequence[float]) -> list[float | None]:
    """Invested capital at the start, then at the end of each year."""
    path = [capital]
    for amount in spent:
        capital = None if capital is None else capital + amount
        path.append(capital)
    return path


def _return(nopat: float, capital: float | None) -> float | None:
    return nopat / capital if capital is not None and capital > 0 else None
