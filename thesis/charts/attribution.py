"""Attribution: the change of the price by what made it, operating income, its multiple and the shares."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from thesis import telling, words, worth
from thesis.appraisal.appraise import Appraisal
from thesis.appraisal.routes import Attribution
from thesis.charts.drawing import Chart, chart
from thesis.charts.market import WIDE
from thesis.charts.marks import (
    MARGIN,
    Label,
    Mark,
    between,
    diamond,
    fitted,
    heading,
    line,
    whisker,
)
from thesis.charts.scales import Scale, around, ends, ticks
from thesis.deciding import supposed
from thesis.interval import Interval

STEP, BAR, HEAD, GROUP = 18, 12, 20, 86
NAMES, VALUES = 174, 76  # pixels beside the plot


class _Way(NamedTuple):
    """A change of the price: since a day in the past, or to a scenario."""

    name: str
    found: Attribution

    @property
    def parts(self) -> list[tuple[str, Interval]]:
        return [
            ("operating income", self.found.ebit),
            (f"multiple {_multiples(self.found)}".strip(), self.found.multiple),
            ("shares", self.found.shares),
        ]


def attribution(a: Appraisal) -> Chart | None:
    """Step by step to the change of the price, for each day and scenario; None where none is known."""
    ways = [_Way(f"Price since {each.since}", each) for each in a.since]
    ways += [_Way(f"Price to {a.by}, {view.scenario.name}", view.attribution) for view in a.scenarios]
    if not any(_is_known(way) for way in ways):
        return None
    what = f"operating income, the multiple ({words.OF_MARKET}) and shares"
    title = f"Price by what moves it: {what}, in percent of logarithms"
    marks, top = heading(
        title, [telling.supposed(supposed(a)), "parts add up to the price, marked by a diamond"], WIDE
    )
    x = _scale(ways)
    y = top + 6
    for way in ways:
        marks += _group(a, way, x, y)
        y += GROUP if _is_known(way) else HEAD + STEP + 8
    marks += _axis(x, y)
    return chart("attribution", title, _alt(a, ways), (WIDE, y + 28), marks)


def _is_known(way: _Way) -> bool:
    return not any(each.is_anything for each in (way.found.price, *(part for _, part in way.parts)))


def _multiples(found: Attribution) -> str:
    """``42.8x to 28.4x``."""
    if found.multiple.is_anything:
        return ""
    return f"{words.times(found.multiple_from)} to {words.times(found.multiple_to)}"


def _scale(ways: list[_Way]) -> Scale:
    """Wide enough for every step of every way."""
    places = [0.0]
    for way in filter(_is_known, ways):
        at = 0.0
        for _, part in way.parts:
            places += [at, *(at + end for end in ends([part]))]
            at += part.middle
        places += ends([way.found.price])
    low, high = around(places)
    return Scale(low, high, MARGIN + NAMES, WIDE - MARGIN - VALUES)


def _group(a: Appraisal, way: _Way, x: Scale, y: float) -> Iterator[Mark]:
    """The change of the price with its path, and the steps that lead to it."""
    price = words.short(way.found.price, "percent", signed=True)
    figure = Label("strong", WIDE - MARGIN, y + 13, price, "end")
    name = fitted("strong", MARGIN, y + 13, way.name, 260)
    path = worth.route(a, way.found) if a.valuation.paths else way.found.reason
    yield figure
    yield name
    yield fitted("faint", name.right + 10, y + 13, path, figure.left - name.right - 20)
    y += HEAD
    if not _is_known(way):
        yield Label("note", MARGIN, y + 12, words.UNKNOWN_TEXT)
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


def _step(label: str, part: Interval, x: Scale, at: float, y: float) -> Iterator[Mark]:
    """One part as a bar from where the last one ended; what is a range has a whisker at its end."""
    yield fitted("small", MARGIN + 10, y + 10, label, NAMES - 14)
    yield Label("small", WIDE - MARGIN, y + 10, words.short(part, "percent", signed=True), "end")
    gains = part.middle >= 0
    yield between("bar" if gains else "bar-against", x(at), x(at + part.middle), y, BAR)
    if not gains:
        yield between("hatch", x(at), x(at + part.middle), y, BAR)
    if x(part.hi) - x(part.lo) > 2:
        yield whisker(x(at + part.lo), x(at + part.hi), y + BAR / 2)


def _axis(x: Scale, y: float) -> Iterator[Mark]:
    yield line("axis", x.start, y, x.end, y)
    for value in ticks(x.low, x.high):
        yield line("axis", x(value), y, x(value), y + 4)
        text = words.round_value(value, "percent")
        yield Label("tick", x(value), y + 17, text, "middle")


def _alt(a: Appraisal, ways: list[_Way]) -> str:
    told = []
    for way in ways:
        if not _is_known(way):
            told.append(
                f"{way.name}: {words.UNKNOWN_TEXT}{f', {way.found.reason}' if way.found.reason else ''}."
            )
            continue
        parts = ", ".join(f"{name} {words.short(part, 'percent', signed=True)}" for name, part in way.parts)
        price = words.short(way.found.price, "percent", signed=True)
        path = f"; path: {worth.route(a, way.found)}" if a.valuation.paths else ""
        told.append(f"{way.name}: {price}, of which {parts}{path}.")
    return " ".join(told)
