"""The verdict table, conditions against risks, with the range of the thesis marked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from thesis.charts.marks import (
    MARGIN,
    Label,
    Mark,
    Place,
    diamond,
    fit_label,
    heading,
    line,
    lines,
    rectangle,
    ring,
    text_width,
)
from thesis.charts.scales import LinearScale
from thesis.charts.svg import SvgChart, svg_chart
from thesis.core import formatting
from thesis.core.interval import Interval
from thesis.narrative import rating_text
from thesis.scoring.assessment import Assessment
from thesis.scoring.bands import level_of

WIDE = 600
CELL = 60
LABELS = 4
TRAIL = 8  # quarters
STEPS = 40  # of a line, at which it is looked for in a label
Box = tuple[float, float, float, float]
LEAST = 7  # pixels, so that the rectangle can be seen


def verdict_matrix(a: Assessment, past: Sequence[Assessment] = ()) -> SvgChart | None:
    """Verdicts by the two totals, with the way of the last eight quarters; None where there are no risks.

    ``past``: earlier assessments, oldest first.
    """
    if not a.risks:
        return None
    title = "Where the thesis stands: conditions up, risks across, and the verdict that each place gives"
    marks, top = heading(
        title,
        [
            rating_text.what_if_figures(a),
            f"{_stands(a)}: {rating_text.verdict_headline(a)}",
            *_held(a),
            _trail_note(a, past),
        ],
        WIDE,
    )
    names = max(text_width("small", name) for name in a.verdict.labels.conditions)
    left = MARGIN + 18 + min(names, 120) + 8
    x_of = LinearScale(0.0, 1.0, left, WIDE - MARGIN - 4)
    y_of = LinearScale(0.0, 1.0, top + 32 + CELL * LABELS, top + 32)
    marks += [
        *_cells(a, past, x_of, y_of),
        *_names(a, x_of, y_of),
        *_trail(a, past, x_of, y_of),
        *_stand(a, x_of, y_of),
    ]
    late = x_of(a.verdict.risks.middle) > WIDE / 2
    return svg_chart("matrix", title, _alt(a, past), (WIDE, y_of.start + 50), marks, is_late=late)


def _cells(a: Assessment, past: Sequence[Assessment], x_of: LinearScale, y_of: LinearScale) -> Iterator[Mark]:
    """A verdict for each pair of labels, darker towards the worst and the best; where we stand in bold."""
    v = a.verdict
    rows, columns = _spanned(v.engines), _spanned(v.risks)
    wide = (x_of.end - x_of.start) / LABELS
    way = _places(trail(a, past), x_of, y_of)
    for i, row in enumerate(v.table):
        for j, verdict in enumerate(row):
            x, y = x_of(j / LABELS), y_of((i + 1) / LABELS)
            yield rectangle(_colour(v.levels.index(verdict), len(v.levels)), x, y, wide, CELL)
            stands = i in rows and j in columns
            label = fit_label("strong" if stands else "small", x + 7, y + 17, verdict, wide - 14)
            yield _clear(label, _box(a, x_of, y_of), way, x + wide - 7, y + CELL - 8)
    for k in range(LABELS + 1):
        x, y = x_of(k / LABELS), y_of(k / LABELS)
        yield line("cell", x, y_of.start, x, y_of.end)
        yield line("cell", x_of.start, y, x_of.end, y)


def _clear(label: Label, box: Box, way: Sequence[Place], right: float, bottom: float) -> Label:
    """A label in the first corner of its cell through which neither the rectangle nor the way runs."""
    corners = [
        label,
        label._replace(y=bottom),
        label._replace(x=right, anchor="end"),
        label._replace(x=right, y=bottom, anchor="end"),
    ]
    free = [each for each in corners if not _is_crossed(each, box)]
    return next((each for each in free if not _is_passed(each, way)), free[0] if free else label)


def _is_passed(label: Label, way: Sequence[Place]) -> bool:
    """Whether a line from place to place runs through a label, or close by."""
    steps = [
        (x + (to_x - x) * i / STEPS, y + (to_y - y) * i / STEPS)
        for (x, y), (to_x, to_y) in pairwise(way)
        for i in range(STEPS + 1)
    ]
    return any(label.left - 5 < x < label.right + 5 and label.y - 15 < y < label.y + 6 for x, y in steps)


def _is_crossed(label: Label, box: Box) -> bool:
    left, top, right, bottom = box
    meets = left < label.right + 4 and label.left - 4 < right and top < label.y + 4 and label.y - 12 < bottom
    inside = left < label.left - 3 and label.right + 3 < right and top < label.y - 12 and label.y + 4 < bottom
    return meets and not inside


def _box(a: Assessment, x_of: LinearScale, y_of: LinearScale) -> Box:
    """The rectangle of both totals, left, top, right and bottom, wide enough to be seen."""
    v = a.verdict
    left, right = _widened(x_of(v.risks.lo), x_of(v.risks.hi))
    top, bottom = _widened(y_of(v.engines.hi), y_of(v.engines.lo))
    return left, top, right, bottom


def _widened(low: float, high: float) -> tuple[float, float]:
    by = max(0.0, LEAST - (high - low)) / 2
    return low - by, high + by


def _spanned(total: Interval) -> range:
    return range(level_of(total.lo), level_of(total.hi) + 1)


def _colour(level: int, of: int) -> str:
    """The worst in the darkest orange, the best in the darkest blue, paler towards the middle."""
    place = 2 * level / (of - 1) - 1 if of > 1 else 0.0
    return f"{'good' if place >= 0 else 'bad'}-{1 + round(abs(place) * 3)}"


def _names(a: Assessment, x_of: LinearScale, y_of: LinearScale) -> Iterator[Mark]:
    """The labels of both totals along the sides, and what the sides are."""
    labels, wide = a.verdict.labels, (x_of.end - x_of.start) / LABELS
    for i, (down, across) in enumerate(zip(labels.conditions, labels.risks, strict=True)):
        middle = (i + 0.5) / LABELS
        yield fit_label("small", x_of.start - 8, y_of(middle) + 4, down, x_of.start - MARGIN - 10, "end")
        yield fit_label("small", x_of(middle), y_of.start + 17, across, wide - 44, "middle")
    for k in range(LABELS + 1):
        edge = formatting.round_value(k / LABELS, "number")
        yield Label("tick", x_of(k / LABELS), y_of.start + 17, edge, "middle")
        yield Label("tick", x_of.start - 8, y_of(k / LABELS) + 4, edge, "end")
    yield Label(
        "faint", (x_of.start + x_of.end) / 2, y_of.start + 36, "risks, more severe to the right", "middle"
    )
    yield Label("faint", MARGIN, y_of.end - 14, "conditions, better upwards")


def _stand(a: Assessment, x_of: LinearScale, y_of: LinearScale) -> Iterator[Mark]:
    """The range of both totals as a rectangle, dashed where nothing is rated; a diamond for a point."""
    left, top, right, bottom = _box(a, x_of, y_of)
    if right - left <= LEAST and bottom - top <= LEAST:
        yield diamond("solid" if a.verdict.rated else "hollow", (left + right) / 2, (top + bottom) / 2, 7)
        return
    corners = [(left, top), (right, top), (right, bottom), (left, bottom)]
    if a.verdict.rated:
        yield lines("stand", corners, closed=True)
    yield lines("stand-edge" if a.verdict.rated else "stand-unrated", corners, closed=True)


def trail(a: Assessment, past: Sequence[Assessment]) -> list[Assessment]:
    """The rated quarters among the eight that end with the one under review, oldest first, each once."""
    found = {each.quarter: each for each in past if a.quarter - TRAIL < each.quarter < a.quarter}
    rated = [each for _, each in sorted(found.items()) if each.verdict.rated]
    return [*rated, a] if rated and a.verdict.rated else []


def _trail(a: Assessment, past: Sequence[Assessment], x_of: LinearScale, y_of: LinearScale) -> Iterator[Mark]:
    """A line through the middles of the quarters, from the oldest to the one under review."""
    listed = trail(a, past)
    places = _places(listed, x_of, y_of)
    if not places:
        return
    yield lines("whisker", places)
    yield from (ring("hollow", x, y, 3.5) for x, y in places[:-1])


def _places(listed: Sequence[Assessment], x_of: LinearScale, y_of: LinearScale) -> list[Place]:
    return [(x_of(each.verdict.risks.middle), y_of(each.verdict.engines.middle)) for each in listed]


def _trail_note(a: Assessment, past: Sequence[Assessment]) -> str:
    listed = trail(a, past)
    if not listed:
        return ""
    return f"line: the way from {listed[0].quarter} to {a.quarter}, each quarter as known when filed"


def _stands(a: Assessment) -> str:
    v = a.verdict
    return f"conditions {rating_text.engines_text(v)}, risks {rating_text.risks_text(v)}"


def _held(a: Assessment) -> list[str]:
    """What makes another verdict than the table's: caps, and kill criteria that have tripped or may."""
    tripped = [k.id for k in a.kill if k.tripped.lo == 1.0]
    unclear = [k.id for k in a.kill if not k.tripped.is_point]
    told = [formatting.capitalise(cap) for cap in a.verdict.caps]
    if tripped:
        told.append(f"tripped, whatever the table says: {formatting.join_words(tripped)}")
    elif unclear:
        told.append(f"may have tripped, whatever the table says: {formatting.join_words(unclear)}")
    return told


def _alt(a: Assessment, past: Sequence[Assessment]) -> str:
    v = a.verdict
    listed = [
        f"{name} conditions: {', '.join(row)}"
        for name, row in reversed(list(zip(v.labels.conditions, v.table, strict=True)))
    ]
    told = [
        f"{formatting.capitalise(_stands(a))}: {rating_text.verdict_headline(a)}.",
        *(f"{formatting.capitalise(each)}." for each in _held(a)),
        f"The table, for risks {', '.join(v.labels.risks)}: {'; '.join(listed)}.",
        *_trail_words(a, past),
    ]
    return " ".join(told)


def _trail_words(a: Assessment, past: Sequence[Assessment]) -> list[str]:
    """The way of the last quarters in words."""
    told = [
        f"{each.quarter} {_stands(each)}: {rating_text.verdict_headline(each)}"
        for each in trail(a, past)[:-1]
    ]
    return [f"Before, as known when filed: {'; '.join(told)}."] if told else []
