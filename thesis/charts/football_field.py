"""The ranges of market cap that scenarios and other methods give, against today's and the target."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from thesis.appraisal.appraise import Appraisal
from thesis.charts.marks import (
    MARGIN,
    Label,
    Mark,
    bar_between,
    diamond,
    fit_label,
    heading,
    text_width,
    whisker,
)
from thesis.charts.money_axis import WIDE, MoneyAxis, money_axis
from thesis.charts.svg import SvgChart, svg_chart
from thesis.core import formatting
from thesis.core.interval import Interval, point
from thesis.narrative import rating_text
from thesis.narrative.key_assumption_text import currency, lever_range, what_if_assumptions

ROW, BAR, ABOVE = 42, 14, 20


class _Row(NamedTuple):
    """A way to a market value. ``start``: where its bar begins, today's value; none of a range in itself."""

    name: str
    value: Interval
    detail: str
    start: float | None = None
    middle: float | None = None


def football_field(a: Appraisal) -> SvgChart | None:
    """The scenarios as bars from today's market value, other values as ranges; None where there are none."""
    today = a.start.market_cap.value
    rows = [*_scenarios(a, today), *_others(a)]
    if not rows or not a.scenarios:
        return None
    title = (
        f"Market value on {formatting.day(a.by)} in each scenario, against today's and the "
        f"target, {money_axis(a)}"
    )
    marks, top = heading(title, [rating_text.what_if_text(what_if_assumptions(a))], WIDE)
    values = [end for row in rows for end in row.value.ends]
    money = MoneyAxis.along(a, [*values, *today.ends], MARGIN + 4, WIDE - MARGIN - 4)
    lines = [
        (f"today {money.money_text(today)}", today.middle),
        (f"target {money.money_text(a.target)}", a.target),
    ]
    named = money.end_labels(lines, top + 16)
    first = max(label.y for label in named) + 8
    marks += [*named, *(mark for i, row in enumerate(rows) for mark in _row(row, money, first + ROW * i))]
    bars = [(first + ROW * i + ABOVE - 1, first + ROW * i + ABOVE + BAR + 1) for i in range(len(rows))]
    end = first + ROW * len(rows) + 6
    pieces = [(first - 4, first + 2), *bars, (end - 6, end)]
    marks += [*money.today_line(today.middle, pieces, marks), *money.target_line(pieces, marks)]
    marks += money.axis(end)
    return svg_chart("football", title, _alt(a, money, rows), (WIDE, end + 28), marks)


def _scenarios(a: Appraisal, today: Interval) -> Iterator[_Row]:
    for view in a.scenarios:
        chance = formatting.value(view.probability, "percent")
        likely = f", {chance} likely" if chance else ""
        pace = f"{formatting.short(view.cap_cagr, 'percent', signed=True)} a year"
        detail = f"{'growth unknown' if view.cap_cagr.is_anything else pace}{likely}"
        yield _Row(view.scenario.name, view.market_cap, detail, start=today.middle)


def _others(a: Appraisal) -> Iterator[_Row]:
    """What the scenarios come to together, what one belief does alone, the draws, and the parts today."""
    if a.expected is not None:
        yield _Row("Expected over the scenarios", a.expected, "", start=a.start.market_cap.value.middle)
    if a.levers and a.levers[0].swing:
        lever = a.levers[0]
        ends = sorted((lever.at_low, lever.at_high))
        told = f"{lever.label}, {lever_range(lever, currency(a))}"
        yield _Row(
            told,
            Interval(*ends),
            f"all else {'as supposed' if a.changed else 'in the middle'}",
            middle=a.market_cap,
        )
    drawn = (
        next((each.drawn for each in a.simulation.dates if each.day == a.by), None) if a.simulation else None
    )
    if drawn and drawn.percentiles[0] is not None and drawn.percentiles[-1] is not None:
        ends = [drawn.percentiles[0], drawn.percentiles[-1]]
        yield _Row(
            "Drawn from the beliefs", Interval(*ends), "5 to 95% of draws", middle=drawn.percentiles[2]
        )
    if a.parts:
        yield _Row("Sum of the parts", a.parts.market_cap, "today, each at a multiple of its own")


def _row(row: _Row, money: MoneyAxis, y: float) -> Iterator[Mark]:
    """The name and the figures over the bar."""
    value = f"{money.money_text(row.value)}"
    figures = Label("strong", WIDE - MARGIN, y + 14, value, "end")
    room = WIDE - 2 * MARGIN - text_width("strong", value) - 12
    name = fit_label("label", MARGIN, y + 14, row.name, room)
    yield figures
    yield name
    if row.detail and name.right + 10 + text_width("faint", row.detail) < figures.left - 8:
        yield Label("faint", name.right + 10, y + 14, row.detail)
    yield from _bar(row, money, y + ABOVE)


def _bar(row: _Row, money: MoneyAxis, y: float) -> Iterator[Mark]:
    x, to = money.scale(row.value.lo), money.scale(row.value.hi)
    middle = y + BAR / 2
    if row.start is None:
        yield bar_between("spread", x, to, y, BAR)
        yield whisker(x, to, middle, BAR / 2)
        if row.middle is not None:
            yield diamond("solid", money.scale(row.middle), middle)
        return
    end = money.scale(row.value.middle)
    gains = row.value.middle >= row.start
    yield bar_between("bar" if gains else "bar-against", money.scale(row.start), end, y, BAR)
    if not gains:
        yield bar_between("hatch", money.scale(row.start), end, y, BAR)
    if to - x > 2:
        yield whisker(x, to, middle, BAR / 2)
    yield diamond("solid", end, middle)


def _alt(a: Appraisal, money: MoneyAxis, rows: Sequence[_Row]) -> str:
    today = a.start.market_cap.value
    ends = f"target {money.money_text(a.target)} by {formatting.day(a.by)}"
    told = [f"Market value today {money.money_text(today)}, {ends}."]
    for row in rows:
        detail = f" ({row.detail})" if row.detail else ""
        told.append(
            f"{row.name}: {money.money_text(row.value)}{detail}, {_side(row.value, point(a.target))}."
        )
    return " ".join(told)


def _side(value: Interval, target: Interval) -> str:
    if value.lo >= target.hi:
        return "at the target or above"
    return "below the target" if value.hi < target.lo else "on both sides of the target"
