"""Simulated market cap by date, as a fan of percentiles, with the target as a line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import takewhile
from typing import TYPE_CHECKING

from thesis.appraisal.appraise import Appraisal
from thesis.charts.marks import MARGIN, Label, Mark, diamond, dots, heading, line, lines, text_width
from thesis.charts.money_axis import WIDE, money_axis
from thesis.charts.scales import LinearScale, padded_range, ticks
from thesis.charts.svg import SvgChart, svg_chart
from thesis.charts.text_width import spread_labels
from thesis.core import formatting
from thesis.core.interval import Interval
from thesis.narrative import rating_text
from thesis.narrative.key_assumption_text import currency, what_if_assumptions

if TYPE_CHECKING:
    from thesis.appraisal.simulation.target_chances import SimulatedDate, TargetSimulation

HIGH = 240
LEVELS = (5, 25, 50, 75, 95)
LEFT, RIGHT = 104, 98  # pixels beside the plot


class _Plot:
    """Where days and values lie."""

    def __init__(self, a: Appraisal, found: TargetSimulation, top: float) -> None:
        self.unit = currency(a)
        known = [each for dated in found.dates for each in dated.drawn.percentiles if each is not None]
        low, high = padded_range([*known, found.market_cap, found.target], zero=True)
        self.value = LinearScale(min(low, 0.0), high, top + HIGH, top)
        last = max(dated.day for dated in found.dates)
        self.days = LinearScale(found.as_of.toordinal(), last.toordinal(), LEFT, WIDE - RIGHT)

    def x(self, day: date) -> float:
        return self.days(day.toordinal())

    def along(
        self, dated: Sequence[tuple[date, Sequence[float | None]]], level: int
    ) -> list[tuple[float, float]]:
        """A percentile from today on, to the first day on which it is not positive."""
        known = takewhile(lambda each: each[1][level] is not None, dated)
        return [(self.x(day), self.value(values[level] or 0.0)) for day, values in known]

    def to_foot(
        self, places: Sequence[tuple[float, float]], whole: Sequence[tuple[float, float]]
    ) -> list[tuple[float, float]]:
        """The same, going on along the foot of the chart as far as another line goes."""
        return [*places, *((x, self.value.start) for x, _ in whole[len(places) :])]

    def money_text(self, value: Interval | float | None) -> str:
        return "0 or less" if value is None else formatting.short(value, "billions", self.unit)


def fan_chart(a: Appraisal) -> SvgChart | None:
    """The percentiles of the draws by date, and the chances below; None without a simulation."""
    found = a.simulation
    if found is None or not found.dates:
        return None
    title = f"Market value drawn from the beliefs, by date, {money_axis(a)}"
    notes = [
        f"{found.draws:,} draws; inner band: the middle half of them; outer: nine in ten; line: the middle"
    ]
    marks, top = heading(title, [rating_text.what_if_text(what_if_assumptions(a)), *notes], WIDE)
    plot = _Plot(a, found, top + 14)
    marks += [
        *_axes(plot, found),
        *_bands(plot, found),
        *_target(plot, found),
        *_ends(plot, found.dates[-1]),
        *_chances(plot, a, found),
    ]
    return svg_chart("fan", title, _alt(plot, a, found), (WIDE, plot.value.start + 84), marks)


def _axes(plot: _Plot, found: TargetSimulation) -> Iterator[Mark]:
    y = plot.value.start
    for value in ticks(plot.value.low, plot.value.high):
        at = plot.value(value)
        yield line("grid", plot.days.start, at, plot.days.end, at)
        yield Label(
            "tick", plot.days.start - 8, at + 4, formatting.round_value(value, "billions", plot.unit), "end"
        )
    yield line("axis", plot.days.start, y, plot.days.end, y)
    yield Label("small", plot.days.start, y + 17, "today", "middle")
    yield line("axis", plot.days.start, y, plot.days.start, y + 4)


def _bands(plot: _Plot, found: TargetSimulation) -> Iterator[Mark]:
    """Nine in ten, the middle half and the median, each as far as its upper end is a positive value.

    A lower end that is none lies below the foot of the chart, to which the band is drawn.
    """
    start: tuple[float | None, ...] = (found.market_cap,) * len(LEVELS)
    dated = [(found.as_of, start), *((each.day, each.drawn.percentiles) for each in found.dates)]
    for kind, low, high in (("spread", 0, 4), ("core", 1, 3)):
        up, down = plot.along(dated, high), plot.along(dated, low)
        yield lines(kind, [*up, *reversed(plot.to_foot(down, up))], closed=True)
    middle = plot.along(dated, 2)
    yield lines("series", middle)
    for (x, y), (day, values) in zip(middle, dated, strict=False):
        yield from dots(x, y, f"{formatting.day(day)}: {plot.money_text(values[2])} in the middle")


def _target(plot: _Plot, found: TargetSimulation) -> Iterator[Mark]:
    y = plot.value(found.target)
    yield line("target", plot.days.start, y, plot.days.end, y)
    yield diamond(
        "solid",
        plot.x(found.by),
        y,
        5,
        f"target {plot.money_text(found.target)} by {formatting.day(found.by)}",
    )
    yield Label("small", plot.days.start + 6, y - 6, f"target {plot.money_text(found.target)}")


def _ends(plot: _Plot, last: SimulatedDate) -> Iterator[Mark]:
    """The percentiles of the last date beside it, the highest on top."""
    values = zip(LEVELS, last.drawn.percentiles, strict=True)
    named = [(plot.value(0.0 if value is None else value), -level, value) for level, value in values]
    named.sort()
    places = spread_labels([each[0] for each in named], 14, plot.value.end, plot.value.start - 4)
    for y, (at, level, value) in zip(places, named, strict=True):
        x = plot.days.end
        yield line("grid", x + 2, at, x + 8, y)
        yield Label("faint", x + 11, y + 4, f"{-level}%")
        yield Label("small", WIDE - MARGIN, y + 4, plot.money_text(value), "end")


def _chances(plot: _Plot, a: Appraisal, found: TargetSimulation) -> Iterator[Mark]:
    """Under each date the chances to stand at the target and to have touched it; its own day comes first."""
    y = plot.value.start
    yield Label("faint", MARGIN, y + 42, "at the target")
    yield Label("faint", MARGIN, y + 60, "touched by then")
    taken: list[tuple[float, float]] = []
    for dated in sorted(found.dates, key=lambda each: each.day != a.by):
        own = dated.day == a.by
        kind = "strong" if own else "small"
        texts = [
            str(dated.day.year) if dated.day.month == 12 else formatting.month(dated.day),
            *_chance(dated),
        ]
        x = plot.x(dated.day)
        half = max(text_width(kind, text) for text in texts) / 2 + 3
        if x - half < plot.days.start or any(x - half < right and left < x + half for left, right in taken):
            continue
        taken.append((x - half, x + half))
        yield line("axis", x, y, x, y + 4)
        yield from (
            Label(kind, x, y + at, text, "middle") for at, text in zip((17, 42, 60), texts, strict=True)
        )


def _chance(dated: SimulatedDate) -> list[str]:
    return [formatting.short(chance, "percent") for chance in (dated.end, dated.touch)]


def _alt(plot: _Plot, a: Appraisal, found: TargetSimulation) -> str:
    start = (
        f"From {plot.money_text(found.market_cap)} today, {found.draws:,} draws, seed {found.seed}; "
        f"target {plot.money_text(found.target)} by {formatting.day(a.by)}."
    )
    told = [start]
    for dated in found.dates:
        end, touch = _chance(dated)
        spread = ", ".join(_spread(plot, dated.drawn.percentiles))
        told.append(
            f"{formatting.day(dated.day)}: {spread}; {end} at the target, {touch} touched it by then."
        )
    return " ".join(told)


def _spread(plot: _Plot, values: Sequence[float | None]) -> list[str]:
    return [f"{level}% {plot.money_text(value)}" for level, value in zip(LEVELS, values, strict=True)]
