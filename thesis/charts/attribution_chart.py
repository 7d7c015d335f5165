"""The change of the share price split into operating income, its multiple and the share count."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from thesis.appraisal.appraise import Appraisal
from thesis.appraisal.price_paths import PriceChange
from thesis.charts.marks import MARGIN, Label, Mark, bar_between, diamond, fit_label, heading, line, whisker
from thesis.charts.money_axis import WIDE
from thesis.charts.scales import LinearScale, finite_ends, padded_range, ticks
from thesis.charts.svg import SvgChart, svg_chart
from thesis.core import formatting
from thesis.core.interval import Interval
from thesis.narrative import rating_text, valuation_text
from thesis.narrative.key_assumption_text import what_if_assumptions

STEP, BAR, HEAD, GROUP = 18, 12, 20, 86
NAMES, VALUES = 174, 76  # pixels beside the plot


class _Way(NamedTuple):
    """A change of the price: since a day in the past, or to a scenario."""

    name: str
    found: PriceChange

    @property
    def parts(self) -> list[tuple[str, Interval]]:
        return [
            ("operating income", self.found.ebit),
            (f"multiple {_multiples(self.found)}".strip(), self.found.multiple),
            ("shares", self.found.shares),
        ]


def attribution_chart(a: Appraisal) -> SvgChart | None:
    """Step by step to the change of the price, for each day and scenario; None where none is known."""
    ways = [_Way(f"Price since {each.since}", each) for each in a.since]
    ways += [_Way(f"Price to {a.by}, {view.scenario.name}", view.attribution) for view in a.scenarios]
    if not any(_is_known(way) for way in ways):
        return None
    what = f"operating income, the multiple ({formatting.OF_MARKET}) and shares"
    title = f"Price by what moves it: {what}, in percent of logarithms"
    marks, top = heading(
        title,
        [rating_text.what_if_text(what_if_assumptions(a)), "parts add up to the price, marked by a diamond"],
        WIDE,
    )
    x = _scale(ways)
    y = top + 6
    for way in ways:
        marks += _group(a, way, x, y)
        y += GROUP if _is_known(way) else HEAD + STEP + 8
    marks += _axis(x, y)
    return svg_chart("attribution", title, _alt(a, ways), (WIDE, y + 28), marks)


def _is_known(way: _Way) -> bool:
    return not any(each.is_anything for each in (way.found.price, *(part for _, part in way.parts)))


def _multiples(found: PriceChange) -> str:
    """``42.8x to 28.4x``."""
    if found.multiple.is_anything:
        return ""
    return f"{formatting.times(found.multiple_from)} to {formatting.times(found.multiple_to)}"


def _scale(ways: list[_Way]) -> LinearScale:
    """Wide enough for every step of every way."""
    places = [0.0]
    for way in filter(_is_known, ways):
        at = 0.0
        for _, part in way.parts:
            places += [at, *(at + end for end in finite_ends([part]))]
            at += part.middle
        places += finite_ends([way.found.price])
    low, high = padded_range(places)
    return LinearScale(low, high, MARGIN + NAMES, WIDE - MARGIN - VALUES)


def _group(a: Appraisal, way: _Way, x: LinearScale, y: float) -> Iterator[Mark]:
    """The change of the price with its path, and the steps that lead to it."""
    price = formatting.short(way.found.price, "percent", signed=True)
    figure = Label("strong", WIDE - MARGIN, y + 13, price, "end")
    name = fit_label("strong", MARGIN, y + 13, way.name, 260)
    path = valuation_text.path_text(a, way.found) if a.valuation.paths else way.found.reason
    yield figure
    yield name
    yield fit_label("faint", name.right + 10, y + 13, path, figure.left - name.right - 20)
    y += HEAD
    if not _is_known(way):
        yield Label("note", MARGIN, y + 12, formatting.UNKNOWN_TEXT)
        return
    at = 0.0
    for label, part in way.parts:
        yield from _step(label, part, x, at, y)
        at += part.middle
        yield line("steps", x(at), y + BAR, x(at), y + STEP)
        y += STEP
    yield line("axis", x(0.0), y - 3 * STEP - 2, x(0.0), y + 2)
    total = way.found.price
    if x(total.hi) - x(total.lo) > 2:
        yield whisker(x(total.lo), x(total.hi), y + 2, 4)
    yield diamond("solid", x(total.middle), y + 2)


def _step(label: str, part: Interval, x: LinearScale, at: float, y: float) -> Iterator[Mark]:
    """One part as a bar from where the last one ended; what is a range has a whisker at its end."""
    yield fit_label("small", MARGIN + 10, y + 10, label, NAMES - 14)
    yield Label("small", WIDE - MARGIN, y + 10, formatting.short(part, "percent", signed=True), "end")
    gains = part.middle >= 0
    yield bar_between("bar" if gains else "bar-against", x(at), x(at + part.middle), y, BAR)
    if not gains:
        yield bar_between("hatch", x(at), x(at + part.middle), y, BAR)
    if x(part.hi) - x(part.lo) > 2:
        yield whisker(x(at + part.lo), x(at + part.hi), y + BAR / 2)


def _axis(x: LinearScale, y: float) -> Iterator[Mark]:
    yield line("axis", x.start, y, x.end, y)
    for value in ticks(x.low, x.high):
        yield line("axis", x(value), y, x(value), y + 4)
        text = formatting.round_value(value, "percent")
        yield Label("tick", x(value), y + 17, text, "middle")


def _alt(a: Appraisal, ways: list[_Way]) -> str:
    told = []
    for way in ways:
        if not _is_known(way):
            told.append(
                f"{way.name}: {formatting.UNKNOWN_TEXT}{f', {way.found.reason}' if way.found.reason else ''}."
            )
            continue
        parts = ", ".join(
            f"{name} {formatting.short(part, 'percent', signed=True)}" for name, part in way.parts
        )
        price = formatting.short(way.found.price, "percent", signed=True)
        path = f"; path: {valuation_text.path_text(a, way.found)}" if a.valuation.paths else ""
        told.append(f"{way.name}: {price}, of which {parts}{path}.")
    return " ".join(told)
