"""A measure by quarter, as known now or as known at the time, and how a chart draws it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from typing import NamedTuple

from thesis.charts.marks import Shape, coordinate_text, dots, lines
from thesis.charts.scales import LinearScale
from thesis.core import formatting
from thesis.core.interval import EVERYTHING, Interval
from thesis.core.period import Quarter
from thesis.scoring.assessment import Assessment, MeasureResult, RuleResult

LONGEST = 16  # quarters
LATE = 4  # quarters after the last one that are still drawn
FLAT = 3  # pixels, below which a range is drawn as a point


class QuarterlySeries(NamedTuple):
    """A measure's value in a quarter; ``then``: as known in an earlier assessment, not today."""

    quarter: Quarter
    value: Interval
    then: bool


class SeriesPlot(NamedTuple):
    """Where quarters and values lie: ``first`` at the left edge, each quarter as wide as ``slot``."""

    first: Quarter
    slot: float
    left: float
    right: float
    value: LinearScale

    def middle(self, quarter: Quarter) -> float:
        return self.left + (quarter.index - self.first.index + 0.5) * self.slot

    def y(self, value: float) -> float:
        return self.value(value)


def quarterly_series(
    part: MeasureResult, finding: RuleResult, past: Sequence[Assessment]
) -> list[QuarterlySeries]:
    """The measure's quarters, oldest first; what today's assessment does not hold is from earlier ones."""
    found: dict[Quarter, QuarterlySeries] = {}
    for earlier in past:
        before = earlier.finding(finding.id)
        leaves = [leaf for leaf in before.leaves() if leaf.id == part.id] if before else []
        for leaf in leaves[:1]:
            found |= {each.quarter: each for each in _read(leaf, then=True)}
    today = _read(part, then=False)
    found = {q: each for q, each in found.items() if q < today[0].quarter} | {e.quarter: e for e in today}
    first = next((q for q in sorted(found) if not found[q].value.is_anything), today[0].quarter)
    last = today[-1].quarter
    start = max(min(first, today[0].quarter), last - (LONGEST - 1))
    listed = [start + i for i in range(last.index - start.index + 1)]
    return [found.get(quarter, QuarterlySeries(quarter, EVERYTHING, then=True)) for quarter in listed]


def _read(part: MeasureResult, *, then: bool) -> list[QuarterlySeries]:
    return [QuarterlySeries(Quarter.parse(quarter), value, then) for quarter, value in part.history]


def known_values(part: MeasureResult, series: Sequence[QuarterlySeries], plot: SeriesPlot) -> Iterator[Shape]:
    """A point where a value is known, a bar where it is a range; neighbours are joined, gaps stay gaps."""
    for is_gap, group in groupby(series, key=lambda each: each.value.is_anything):
        run = [] if is_gap else list(group)
        if len(run) > 1:
            yield lines("series", [_at(each, each.value.lo, plot) for each in run])
        for ranged, pairs in groupby(pairwise(run), key=lambda pair: any(_is_wide(e, plot) for e in pair)):
            if ranged:
                yield from _spread(list(pairs), plot)
        for each in run:
            yield from _value(part, each, plot)


def _spread(pairs: Sequence[tuple[QuarterlySeries, QuarterlySeries]], plot: SeriesPlot) -> Iterator[Shape]:
    """What lies between the low and the high ends of neighbours."""
    run = [pairs[0][0], *(last for _, last in pairs)]
    lows = [_at(each, each.value.lo, plot) for each in run]
    highs = [_at(each, each.value.hi, plot) for each in run]
    yield lines("series", highs)
    yield lines("core", [*lows, *reversed(highs)], closed=True)


def _at(each: QuarterlySeries, value: float, plot: SeriesPlot) -> tuple[float, float]:
    return plot.middle(each.quarter), plot.y(value)


def _is_wide(each: QuarterlySeries, plot: SeriesPlot) -> bool:
    """Whether a value is drawn as a range."""
    return plot.y(each.value.lo) - plot.y(each.value.hi) > FLAT


def _value(part: MeasureResult, each: QuarterlySeries, plot: SeriesPlot) -> Iterator[Shape]:
    x, value = plot.middle(each.quarter), each.value
    tip = "" if each.then else f"{each.quarter}: {formatting.value(value, part.show, part.unit)}"
    if not _is_wide(each, plot):
        yield from dots(x, plot.y(value.middle), tip, hollow=each.then)
        return
    top, bottom = coordinate_text(plot.y(value.hi)), coordinate_text(plot.y(value.lo))
    caps = [end for end, known in ((top, value.hi), (bottom, value.lo)) if math.isfinite(known)]
    drawn = "".join(f"M{coordinate_text(x - 3)} {y}h6" for y in caps)
    yield Shape("whisker", f"M{coordinate_text(x)} {top}V{bottom}{drawn}", tip)


def unknown_quarters(a: Assessment, series: Sequence[QuarterlySeries]) -> list[Quarter]:
    """The quarters that have ended and are not known, those after the last one included."""
    ended, now = series[-1].quarter + 1, Quarter.of(a.as_of)
    missing = [each.quarter for each in series if each.value.is_anything]
    return missing + [ended + i for i in range(min(now.index - ended.index, LATE))]
