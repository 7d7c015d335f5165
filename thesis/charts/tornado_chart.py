"""A tornado chart: the change of market cap as each assumption moves alone from low to high."""

from __future__ import annotations

from collections.abc import Iterator

from thesis.appraisal.appraise import Appraisal
from thesis.appraisal.assumption_sensitivity import AssumptionSwing
from thesis.charts.marks import (
    MARGIN,
    Label,
    Mark,
    bar_between,
    fit_label,
    heading,
    line,
    rectangle,
    text_width,
)
from thesis.charts.money_axis import WIDE, MoneyAxis, money_axis
from thesis.charts.svg import SvgChart, svg_chart
from thesis.core import formatting
from thesis.narrative import rating_text, valuation_text
from thesis.narrative.key_assumption_text import driver_name, is_short, joint_move_text, what_if_assumptions

ROW, BAR, ABOVE = 38, 14, 18
KEY = 20


def tornado_chart(a: Appraisal) -> SvgChart | None:
    """The beliefs by how far they move market value; None where none has a range."""
    if a.market_cap is None or not any(lever.swing for lever in a.levers):
        return None
    title = (
        f"Which belief decides: market value on {formatting.day(a.by)} with each moved alone, {money_axis(a)}"
    )
    verb = "reaches the target" if is_short(a) else "misses the target"
    notes = [f"on the right, where a belief alone {verb}, inside or outside its own range"]
    marks, top = heading(title, [rating_text.what_if_text(what_if_assumptions(a)), *notes], WIDE)
    ends = [end for lever in a.levers for end in (lever.at_low, lever.at_high)]
    side = max(
        text_width("small", valuation_text.assumption_text(a, lever, v))
        for lever in a.levers
        for v in _range(lever)
    )
    money = MoneyAxis.along(a, [*ends, a.market_cap], MARGIN + side + 6, WIDE - MARGIN - side - 6)
    lines = [
        (
            f"{'as supposed' if a.changed else 'all in the middle'} {money.money_text(a.market_cap)}",
            a.market_cap,
        ),
        (f"target {money.money_text(a.target)}", a.target),
    ]
    marks += _key(top + 14)
    named = money.end_labels(lines, top + KEY + 16)
    first = max(label.y for label in named) + 6
    rows = [first + ROW * i for i in range(len(a.levers))]
    marks += [*named, *(m for lever, y in zip(a.levers, rows, strict=True) for m in _row(a, lever, money, y))]
    end = rows[-1] + ROW + 4
    pieces = [(first - 4, first), *((y + ABOVE - 2, y + ABOVE + BAR + 2) for y in rows), (end - 6, end)]
    marks += [*money.today_line(a.market_cap, pieces, marks), *money.target_line(pieces, marks)]
    marks += money.axis(end)
    return svg_chart("tornado", title, _alt(a, money), (WIDE, end + 28), marks)


def _range(lever: AssumptionSwing) -> tuple[float, float]:
    return lever.low, lever.high


def _key(y: float) -> Iterator[Mark]:
    yield rectangle("bar-low", MARGIN, y - 9, 14, 10)
    yield rectangle("hatch", MARGIN, y - 9, 14, 10)
    low = Label("faint", MARGIN + 20, y, "the belief at its low value")
    yield low
    yield rectangle("bar", low.right + 16, y - 9, 14, 10)
    yield Label("faint", low.right + 36, y, "at its high value")


def _row(a: Appraisal, lever: AssumptionSwing, money: MoneyAxis, y: float) -> Iterator[Mark]:
    """The belief's name and where it alone decides, over the bar with its low and its high value."""
    alone = valuation_text.single_move_text(a, lever)
    alone = f"{alone}, inside" if lever.inside else alone
    room = WIDE - 2 * MARGIN - text_width("label", alone) - 12
    yield fit_label("label", MARGIN, y + 12, formatting.capitalise(driver_name(a, lever.name)), room)
    yield Label("strong" if lever.inside else "note", WIDE - MARGIN, y + 12, alone, "end")
    assert a.market_cap is not None
    middle, low, high = (money.scale(v) for v in (a.market_cap, lever.at_low, lever.at_high))
    top = y + ABOVE
    tips = [f"{valuation_text.assumption_text(a, lever, v)}: {money.money_text(at)}" for v, at in (
        (lever.low, lever.at_low), (lever.high, lever.at_high))]  # fmt: skip
    if lever.low == lever.high:
        yield Label("small", low + 6, top + 11, valuation_text.assumption_text(a, lever, lever.low))
        yield line("whisker", low, top, low, top + BAR)
        return
    # A what-if may set a belief outside its own range: then both ends lie on one side of the middle, and the
    # bars meet half way between them instead.
    meet = middle if min(low, high) <= middle <= max(low, high) else (low + high) / 2
    yield bar_between("bar-low", meet, low, top, BAR, tips[0])
    yield bar_between("hatch", meet, low, top, BAR)
    yield bar_between("bar", meet, high, top, BAR, tips[1])
    (left, first), (right, last) = sorted([(low, lever.low), (high, lever.high)])
    yield Label("small", left - 5, top + 11, valuation_text.assumption_text(a, lever, first), "end")
    yield Label("small", right + 5, top + 11, valuation_text.assumption_text(a, lever, last))


def _alt(a: Appraisal, money: MoneyAxis) -> str:
    assert a.market_cap is not None
    total = formatting.capitalise(joint_move_text(a))
    told = [f"{total} {money.money_text(a.market_cap)}, target {money.money_text(a.target)}."]
    for lever in a.levers:
        values = " to ".join(valuation_text.assumption_text(a, lever, value) for value in _range(lever))
        caps = f"{money.money_text(lever.at_low)} to {money.money_text(lever.at_high)}"
        alone = valuation_text.single_move_text(a, lever)
        end = "no value alone gives the target" if alone == "none" else f"the target at {alone}"
        told.append(f"{formatting.capitalise(driver_name(a, lever.name))} {values}: {caps}, {end}.")
    return " ".join(told)
