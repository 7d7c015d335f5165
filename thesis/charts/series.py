"""Series: a measure's quarters, as known today or as known then, and how they are drawn."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from typing import NamedTuple

from thesis import words
from thesis.assessment import Assessment, Finding, Part
from thesis.charts.marks import Shape, dots, lines, told
from thesis.charts.scales import Scale
from thesis.interval import EVERYTHING, Interval
from thesis.quarter import Quarter

LONGEST = 16  # quarters
LATE = 4  # quarters after the last one that are still drawn
FLAT = 3  # pixels, below which a range is drawn as a point


class Quarterly(NamedTuple):
    """A measure's value in a quarter; ``then``: as known in an earlier assessment, not today."""

    quarter: Quarter
    value: Interval
    then: bool


class Plot(NamedTuple):
    """Where quarters and values lie: ``first`` at the left edge, each quarter as wide as ``slot``."""

    first: Quarter
    slot: float
    left: float
    right: float
    value: Scale

    def middle(self, quarter: Quarter) -> float:
        return self.left + (quarter.index - self.first.index + 0.5) * self.slot

    def y(self, value: float) -> float:
        return self.value(value)


def quarterly(part: Part, finding: Finding, past: Sequence[Assessment]) -> list[Quarterly]:
    """The measure's quarters, oldest first; what today's assessment does not hold is from earlier ones."""
    found: dict[Quarter, Quarterly] = {}
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
    return [found.get(quarter, Quarterly(quarter, EVERYTHING, then=True)) for quarter in listed]


def _read(part: Part, *, then: bool) -> list[Quarterly]:
    return [Quarterly(Quarter.parse(quarter), value, then) for quarter, value in part.history]


def values(part: Part, series: Sequence[Quarterly], plot: Plot) -> Iterator[Shape]:
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


def _spread(pairs: Sequence[tuple[Quarterly, Quarterly]], plot: Plot) -> Iterator[Shape]:
    """What lies between the low and the high ends of neighbours."""
    run = [pairs[0][0], *(last for _, last in pairs)]
    lows = [_at(each, each.value.lo, plot) for each in run]
    highs = [_at(each, each.value.hi, plot) for each in run]
    yield lines("series", highs)
    yield lines("core", [*lows, *reversed(highs)], closed=True)


def _at(each: Quarterly, value: float, plot: Plot) -> tuple[float, float]:
    return plot.middle(each.quarter), plot.y(value)


def _is_wide(each: Quarterly, plot: Plot) -> bool:
    """Whether a value is drawn as a range."""
    return plot.y(each.value.lo) - plot.y(each.value.hi) > FLAT


def _value(part: Part, each: Quarterly, plot: Plot) -> Iterator[Shape]:
    x, value = plot.middle(each.quarter), each.value
    tip = "" if each.then else f"{each.quarter}: {words.value(value, part.show, part.unit)}"
    if not _is_wide(each, plot):
        yield from dots(x, plot.y(value.middle), tip, hollow=each.then)
        return
    top, bottom = told(plot.y(value.hi)), told(plot.y(value.lo))
    caps = [end for end, known in ((top, value.hi), (bottom, value.lo)) if math.isfinite(known)]
    drawn = "".join(f"M{told(x - 3)} {y}h6" for y in caps)
    yield Shape("whisker", f"M{told(x)} {top}V{bottom}{drawn}", tip)


def unknown(a: Assessment, series: Sequence[Quarterly]) -> list[Quarter]:
    """The quarters that have ended and are not known, those after the last one included."""
    ended, now = series[-1].quarter + 1, Quarter.of(a.as_of)
    missing = [each.quarter for each in series if each.value.is_anything]
    return missing + [ended + i for i in range(min(now.index - ended.index, LATE))]
