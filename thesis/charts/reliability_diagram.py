"""A reliability diagram: observed frequencies against forecast probabilities."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from thesis.calibration import Bin, enough
from thesis.charts.marks import MARGIN, Label, Mark, Shape, coordinate_text, heading, line, ring
from thesis.charts.scales import LinearScale
from thesis.charts.svg import SvgChart, svg_chart
from thesis.core import formatting

WIDE = 600
SIDE = 236  # pixels of the square
LEFT = 46
ROW = 20


def reliability_diagram(bins: Sequence[Bin], n: int) -> SvgChart:
    """Rows of ``thesis.calibration.reliability_table`` as points with their Wilson intervals, and as a table.

    ``n``: the forecasts that count as independent; too few of them are said to be too few.
    """
    title = "Past forecasts: how often they came true, against the chance that was given, percent"
    marks, top = heading(title, [_evidence(bins, n)], WIDE)
    x_of = LinearScale(0.0, 1.0, MARGIN + LEFT, MARGIN + LEFT + SIDE)
    y_of = LinearScale(0.0, 1.0, top + 20 + SIDE, top + 20)
    marks += [*_square(x_of, y_of), *(mark for each in bins for mark in _point(each, x_of, y_of))]
    rows, end = _table(bins, x_of.end + 24, top + 20)
    foot = max(y_of.start + 46, end + 8)
    return svg_chart("reliability", title, _alt(bins, n), (WIDE, foot), [*marks, *rows])


def _evidence(bins: Sequence[Bin], n: int) -> str:
    """``60 forecasts came due, 30 of them independent, too few: 30 of 40``."""
    counted = sum(each.n for each in bins)
    told = [f"{counted} forecast{'' if counted == 1 else 's'} came due"]
    told += [f"{n} of them independent"] if n < counted else []
    return ", ".join(filter(None, [*told, enough(n).words]))


def _square(x_of: LinearScale, y_of: LinearScale) -> Iterator[Mark]:
    """The square with its axes; on the diagonal what was said is what happened."""
    for i in range(5):
        value = i / 4
        x, y = x_of(value), y_of(value)
        yield line("grid", x, y_of.start, x, y_of.end)
        yield line("grid", x_of.start, y, x_of.end, y)
        yield Label("tick", x, y_of.start + 16, formatting.share(value), "middle")
        yield Label("tick", x_of.start - 6, y + 4, formatting.share(value), "end")
    yield line("steps", x_of.start, y_of.start, x_of.end, y_of.end)
    yield line("axis", x_of.start, y_of.start, x_of.end, y_of.start)
    yield line("axis", x_of.start, y_of.start, x_of.start, y_of.end)
    yield Label("faint", (x_of.start + x_of.end) / 2, y_of.start + 34, "chance that was given", "middle")
    yield Label("faint", MARGIN, y_of.end - 12, "came true")


def _point(each: Bin, x_of: LinearScale, y_of: LinearScale) -> Iterator[Shape]:
    """How often it came true, with the interval of chance; hollow where there are too few to say."""
    x, top, bottom = (
        coordinate_text(x_of(each.forecast)),
        coordinate_text(y_of(each.wilson_high)),
        coordinate_text(y_of(each.wilson_low)),
    )
    cap = coordinate_text(x_of(each.forecast) - 4)
    yield Shape("whisker", f"M{cap} {top}h8M{x} {top}V{bottom}M{cap} {bottom}h8")
    tip = f"{_percent(each.forecast)}: {each.hits} of {each.n}"
    yield ring("hollow" if each.words else "solid", x_of(each.forecast), y_of(each.frequency), 5, tip)


def _table(bins: Sequence[Bin], left: float, top: float) -> tuple[list[Mark], float]:
    """The same in figures, a row for each point."""
    ends = (left + 36, left + 104, left + 192)
    heads = ("given", "came true", "95% interval")
    marks: list[Mark] = [Label("faint", x, top, text, "end") for x, text in zip(ends, heads, strict=True)]
    y = top + ROW
    for each in bins:
        between = f"{_digits(each.wilson_low)}..{_percent(each.wilson_high)}"
        texts = (_percent(each.forecast), f"{each.hits} of {each.n}", between)
        marks += [Label("small", x, y, text, "end") for x, text in zip(ends, texts, strict=True)]
        if each.words:
            marks.append(Label("faint", ends[-1] + 12, y, "too few"))
        y += ROW
    if not bins:
        marks.append(Label("note", left, y, "no forecast has come due yet"))
        y += ROW
    return marks, y


def _percent(value: float) -> str:
    return formatting.share(value)


def _digits(value: float) -> str:
    return formatting.share(value).removesuffix("%")


def _alt(bins: Sequence[Bin], n: int) -> str:
    if not bins:
        return "No forecast has come due yet."
    rows = [
        f"given {_percent(each.forecast)}, {each.hits} of {each.n} came true "
        f"({_digits(each.wilson_low)}..{_percent(each.wilson_high)}{f', {each.words}' if each.words else ''})"
        for each in bins
    ]
    return f"{_evidence(bins, n)}: {'; '.join(rows)}. In brackets the 95% interval of Wilson."
