"""Discounted cash flow: the value of a forecast's flows and of what follows them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from thesis.core.argument_checks import number_text
from thesis.core.interval import total
from thesis.valuation.domain_checks import DomainChecks, DomainError, Yearly
from thesis.valuation.forecasting import ForecastYear
from thesis.valuation.growth_rates import discount_factors
from thesis.valuation.value_drivers import affordable, perpetual

METRICS = ("ebit", "nopat", "sales")


class DcfYear(NamedTuple):
    """A ``ForecastYear`` with its cost of capital, its discount factor and its present value."""

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
    wacc: float
    factor: float
    present_value: float


class Terminal(NamedTuple):
    """What follows the last year: a perpetuity from year N + 1 on, or a sale at the end of year N.

    ``sales``, ``ebit``, ``nopat``, ``fcff`` are of year N + 1. With an exit multiple there is no year
    N + 1: these, ``growth`` and ``reinvestment_rate`` are None. ``value`` stands at the end of year N.
    """

    method: str
    growth: float | None
    wacc: float
    sales: float | None
    ebit: float | None
    nopat: float | None
    reinvestment_rate: float | None
    fcff: float | None
    value: float
    factor: float
    present_value: float


class Valuation(NamedTuple):
    """An enterprise value with its years; ``explicit`` and ``terminal_share`` say where it lies.

    The shares are None where the value is not positive. ``stub``: the part of year 1 that was left.
    """

    rows: tuple[DcfYear, ...]
    terminal: Terminal
    explicit: float
    enterprise_value: float
    explicit_share: float | None
    terminal_share: float | None
    mid_year: bool
    stub: float = 1.0


def dcf(
    rows: Sequence[ForecastYear],
    *,
    wacc: Yearly,
    terminal_growth: float | None = None,
    ronic: float | None = None,
    terminal_reinvestment_rate: float | None = None,
    terminal_fcff: float | None = None,
    terminal_wacc: float | None = None,
    terminal_margin: float | None = None,
    terminal_tax: float | None = None,
    exit_multiple: float | None = None,
    exit_metric: str | float = "ebit",
    mid_year: bool = False,
    terminal_mid_year: bool | None = None,
    stub: float = 1.0,
    risk_free: float | None = None,
) -> Valuation:
    """Enterprise value of a ``forecast``: sum of FCFF_t factor_t + terminal value factor_N.

    Factors are cumulated from ``wacc``, one rate or one a year (``discount_factors``). What follows is
    either growth for ever or a sale.

    Growth for ever, with ``terminal_growth`` g: year N + 1 has sales_N (1 + g), ``terminal_margin`` and
    ``terminal_tax`` (if not given those of year N), and TV = FCFF_(N+1) / (terminal_wacc - g), with
    ``terminal_wacc`` the last year's if not given. FCFF_(N+1) is NOPAT (1 - g / ``ronic``) (``inf``:
    growth needs no capital), or NOPAT (1 - ``terminal_reinvestment_rate``), or the amount
    ``terminal_fcff`` (``rows[-1].fcff * (1 + g)`` where a model just lets the flow grow). One of the three.
    Losses not used up by year N are not counted. A perpetuity without growth, NOPAT_N / wacc, is
    terminal_growth = 0 with any ronic; one that rises with inflation alone, NOPAT_N (1 + i) / (wacc - i),
    is terminal_growth = inflation and ronic = inf. Growth below 0 releases capital by g / ronic; where
    nothing is to be released (Damodaran's spreadsheet), terminal_reinvestment_rate = 0.

    A sale: ``exit_multiple`` times ``exit_metric``: "ebit", "nopat" or "sales" of year N, or an amount
    such as EBITDA or next year's EBIT.

    ``mid_year`` takes the flows half a year earlier. The value of a perpetuity then is too (its flows
    come mid-year as well), that of a sale is not; ``terminal_mid_year`` says otherwise.
    ``stub``, on a day within year 1, is the part of it that is left: 0.25 with three months to go. That part
    of its flow counts (times ``stub``; FCFF in the rows is the whole year's), and all years come sooner.
    Domain: terminal_growth below terminal_wacc, not above ronic, at most ``risk_free`` where that is
    given; NOPAT for ever above 0. Errors: ``DomainError``.
    Source: Damodaran 2012, chapter 12; Koller et al. 2020, chapters 10 and 14.

    >>> from thesis.valuation import forecast
    >>> rows = forecast(sales=100.0, growth=0.1, margin=0.2, years=1, tax=0.25, sales_to_capital=2.0)
    >>> result = dcf(rows, wacc=0.1, terminal_growth=0.0, ronic=0.1)
    >>> round(result.enterprise_value, 6)  # 11.5 / 1.1 + (16.5 / 0.1) / 1.1
    160.454545
    """
    years = len(rows)
    with DomainChecks() as check:
        check.that(years > 0, "rows: expected at least one year of a forecast, found none")
        waccs = check.path("wacc", wacc, years, above=-1, rate=True)
        check.one_of(terminal_growth=terminal_growth, exit_multiple=exit_multiple)
    year_end = discount_factors(waccs, years, stub=stub)
    factors = discount_factors(waccs, years, mid_year=mid_year, stub=stub)
    late = waccs[-1] if terminal_wacc is None else terminal_wacc
    if exit_multiple is not None:
        bare = _sale(rows[-1], exit_multiple, exit_metric, late)
    else:
        assert terminal_growth is not None
        bare = _perpetuity(
            rows[-1], terminal_growth, late, ronic, terminal_reinvestment_rate, terminal_fcff,
            terminal_margin, terminal_tax, risk_free,
        )  # fmt: skip
    early = mid_year and exit_multiple is None if terminal_mid_year is None else terminal_mid_year
    factor = year_end[-1] * (1 + waccs[-1]) ** 0.5 if early else year_end[-1]
    terminal = bare._replace(factor=factor, present_value=bare.value * factor)
    parts = [stub] + [1.0] * (years - 1)
    valued = tuple(
        DcfYear(*row, rate, f, row.fcff * part * f)
        for row, rate, f, part in zip(rows, waccs, factors, parts, strict=True)
    )
    return _summed(valued, terminal, mid_year=mid_year, stub=stub)


def _summed(rows: tuple[DcfYear, ...], terminal: Terminal, *, mid_year: bool, stub: float) -> Valuation:
    explicit = total(row.present_value for row in rows)
    value = explicit + terminal.present_value
    share = explicit / value if value > 0 else None
    rest = None if share is None else 1 - share
    return Valuation(rows, terminal, explicit, value, share, rest, mid_year, stub)


def _perpetuity(
    last: ForecastYear,
    growth: float,
    wacc: float,
    ronic: float | None,
    reinvestment_rate: float | None,
    fcff: float | None,
    margin: float | None,
    tax: float | None,
    risk_free: float | None,
) -> Terminal:
    margin = last.margin if margin is None else margin
    tax = last.tax_rate if tax is None else tax
    with DomainChecks() as check:
        perpetual(check, growth, wacc, names=("terminal_growth", "terminal wacc"), risk_free=risk_free)
        if ronic is not None:
            affordable(check, ("terminal_growth", growth), ("ronic", ronic))
        check.one_of(ronic=ronic, terminal_reinvestment_rate=reinvestment_rate, terminal_fcff=fcff)
        check.number("terminal_margin", margin, above=0, most=1, rate=True, hint="no loss lasts for ever")
        check.number("terminal_tax", tax, least=0, below=1, rate=True)
        if reinvestment_rate is not None:
            check.number("terminal_reinvestment_rate", reinvestment_rate, most=1, rate=True)
        if fcff is not None:
            check.amounts(terminal_fcff=fcff)
    sales = last.sales * (1 + growth)
    ebit = sales * margin
    nopat = ebit * (1 - tax)
    if ronic is not None:
        reinvestment_rate = growth / ronic
    if reinvestment_rate is None:
        assert fcff is not None
        reinvestment_rate = 1 - fcff / nopat
    flow = nopat * (1 - reinvestment_rate) if fcff is None else fcff
    value = flow / (wacc - growth)
    return Terminal("perpetuity", growth, wacc, sales, ebit, nopat, reinvestment_rate, flow, value, 0.0, 0.0)


def _sale(last: ForecastYear, multiple: float, metric: str | float, wacc: float) -> Terminal:
    if isinstance(metric, str) and metric not in METRICS:
        raise DomainError(
            f"exit_metric: expected {', '.join(METRICS)} or an amount, found {number_text(metric)}"
        )
    amount = getattr(last, metric) if isinstance(metric, str) else metric
    with DomainChecks() as check:
        check.positive(exit_multiple=multiple)
        hint = "a multiple of nothing or a loss says nothing; use sales or an amount"
        check.number(f"exit_metric {metric}", amount, above=0, hint=hint)
    value = multiple * amount
    return Terminal("exit multiple", None, wacc, None, None, None, None, None, value, 0.0, 0.0)
