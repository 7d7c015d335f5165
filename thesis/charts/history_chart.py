"""One measure by quarter, against the bands that give its label."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import count, groupby, pairwise

from thesis.charts.marks import MARGIN, Label, Mark, fit_label, heading, line, rectangle, text_width
from thesis.charts.quarterly_series import (
    LATE,
    QuarterlySeries,
    SeriesPlot,
    known_values,
    quarterly_series,
    unknown_quarters,
)
from thesis.charts.scales import LinearScale, finite_ends, padded_range, ticks
from thesis.charts.svg import SvgChart, plain_name, svg_chart
from thesis.charts.text_width import shorten_text, spread_labels
from thesis.core import formatting
from thesis.core.period import Quarter, parse_day
from thesis.narrative import rating_text
from thesis.pack.scores import persistence
from thesis.scoring.assessment import Assessment, MeasureResult, RuleResult

WIDE, HIGH = 360, 150  # of the chart; of its plot
NAMED = 8  # quarters whose values the text alternative tells
NARROW = 26  # pixels a quarter, below which only years are named
EDGES, NAMES = 80, 58  # pixels for the edges of the bands on the left, and for their names on the right
ROOM = 0.17  # above and below the values, part of their range: for the figure at the last of them
TICKS = 5  # round numbers on the left, at most
NEXT_TO = 13  # pixels between two lines of small text


def history_charts(a: Assessment, past: Sequence[Assessment] = ()) -> list[SvgChart]:
    """A chart for each measure of which anything is known, rule by rule; of a rule, its headline first."""
    found: dict[str, SvgChart] = {}
    for finding in a.findings:
        for part in sorted(finding.leaves(), key=lambda part: part is not finding.headline):
            name = next(each for each in _names(part, finding) if each not in found)
            drawn = history_chart(a, finding, part, past, name) if part.kind == "metric" else None
            if drawn:
                found[name] = drawn
    return list(found.values())


def _names(part: MeasureResult, finding: RuleResult) -> Iterator[str]:
    """Names for a measure's chart; the rule's stands behind it where the first is another rule's."""
    yield plain_name(f"history-{part.id}")
    yield (longer := plain_name(f"history-{part.id}-{finding.id}"))
    yield from (f"{longer}-{i}" for i in count(2))


def history_chart(
    a: Assessment, finding: RuleResult, part: MeasureResult, past: Sequence[Assessment] = (), name: str = ""
) -> SvgChart | None:
    """A measure's quarters against its bands; None where nothing is known of any of them."""
    series = quarterly_series(part, finding, past)
    known = [each for each in series if not each.value.is_anything]
    if not known:
        return None
    measure = shorten_text(part.name, 1.2 * WIDE, 14, bold=True)
    title = f"{measure}, {formatting.unit_text(part.show, part.unit)} by quarter"
    marks, top = heading(
        title,
        [
            rating_text.what_if_figures(a),
            _noted(part, finding),
            _scored_on(part),
            _in_force(part),
            _read_as(a, series),
        ],
        WIDE,
    )
    plot = _plot(a, part, series, top + 22)
    marks += [
        *_bands(a, finding, part, plot),
        *_quarters(a, plot),
        *_as_of(a, plot),
        *_rule_change(part, plot),
        *_sustained(a, part, plot),
        *known_values(part, series, plot),
        *_last_value(a, part, series, plot),
        *(
            Label("faint", plot.middle(q), plot.value.start - 5, "?", "middle")
            for q in unknown_quarters(a, series)
        ),
    ]
    size = (WIDE, plot.value.start + 36)
    return svg_chart(name or f"history-{part.id}", title, _alt(a, finding, part, series), size, marks)


def _plot(a: Assessment, part: MeasureResult, series: Sequence[QuarterlySeries], top: float) -> SeriesPlot:
    held = [*finite_ends([each.value for each in series]), *part.edges[1:4]]
    low, high = padded_range(held, room=ROOM)
    first, last = series[0].quarter, series[-1].quarter
    until = min(max(Quarter.of(a.as_of), last), last + LATE)
    written = [*rating_text.band_edges_text(part), *(_tick(part, each) for each in ticks(low, high, TICKS))]
    left = MARGIN + min(max(text_width("small", text) for text in written), EDGES) + 6
    right = WIDE - MARGIN - NAMES
    slot = (right - left) / (until.index - first.index + 1)
    return SeriesPlot(first, slot, left, right, LinearScale(low, high, top + HIGH, top))


def _noted(part: MeasureResult, finding: RuleResult) -> str:
    """Where the measure stands, and that less is better where it is."""
    return f"{_standing(part)}{'; lower is better' if is_lower_better(part, finding) else ''}"


def _standing(part: MeasureResult) -> str:
    """``36.8% in 2026Q2: strong``, and whether that still counts."""
    quarter = f" in {part.evidence.period}" if part.evidence else ""
    status = "" if part.status == "fresh" else f", {part.status}"
    return f"{rating_text.short_measure_figure(part)}{quarter}: {part.label}{status}"


def is_lower_better(part: MeasureResult, finding: RuleResult) -> bool:
    """Whether a smaller value of a measure is the better one: of a risk that grows with it, for one."""
    return (part.edges[0] < part.edges[-1]) != (finding.kind == "condition")


def _scored_on(part: MeasureResult) -> str:
    """The level that several quarters sustain, where that is what counts."""
    if part.evidence is None or part.evidence.value == part.value:
        return ""
    value = formatting.value(part.value, part.show, part.unit)
    return f"scored on {value}, dashed: {part.measure.sustained} quarters"


def _in_force(part: MeasureResult) -> str:
    """``rule change: counts since 30 Sep 2026``, of a measure that came into force on a day."""
    since = part.measure.since
    return f"rule change, dotted: counts since {formatting.day(parse_day(since))}" if since else ""


def _rule_change(part: MeasureResult, plot: SeriesPlot) -> Iterator[Mark]:
    """The day from which a measure counts, as a line across its quarters, where they reach back to it."""
    day = parse_day(part.measure.since) if part.measure.since else None
    if day and Quarter.of(day) >= plot.first:
        x = _place(day, plot)
        yield line("sustained", x, plot.value.end, x, plot.value.start)


def _read_as(a: Assessment, series: Sequence[QuarterlySeries]) -> str:
    """``before 2024Q3 as known when filed; ?: not known``, as far as there is such a thing."""
    first = next((each.quarter for each in series if not each.then), a.quarter)
    earlier = any(each.then and not each.value.is_anything for each in series)
    told = [f"before {first} as known when filed"] if earlier else []
    told += ["?: not known"] if any(unknown_quarters(a, series)) else []
    return "; ".join(told)


# the bands -------------------------------------------------------------------------------------------


def labels_of(a: Assessment, finding: RuleResult) -> Sequence[str]:
    """The four labels that a rule may have, in the order of its bands."""
    labels = a.verdict.labels
    return labels.conditions if finding.kind == "condition" else labels.risks


def side_of(finding: RuleResult) -> str:
    """The colours in which a rule's labels are drawn."""
    return "good" if finding.kind == "condition" else "bad"


def _bands(a: Assessment, finding: RuleResult, part: MeasureResult, plot: SeriesPlot) -> Iterator[Mark]:
    """Four bands with their names on the right, and on the left their edges, and round numbers between."""
    scale, inner, edges = plot.value, part.edges[1:4], rating_text.band_edges_text(part)
    rises = part.edges[0] < part.edges[-1]
    outer = (scale.low, scale.high) if rises else (scale.high, scale.low)
    middles = []
    for i, (start, end) in enumerate(pairwise([outer[0], *inner, outer[1]])):
        y, to = plot.y(start), plot.y(end)
        yield rectangle(
            f"band-{side_of(finding)}-{i + 1}", plot.left, min(y, to), plot.right - plot.left, abs(to - y)
        )
        middles.append((y + to) / 2)
    named = sorted(zip(middles, labels_of(a, finding), strict=True))
    places = spread_labels([at for at, _ in named], NEXT_TO, scale.end, scale.start)
    for y, (_, text) in zip(places, named, strict=True):
        yield fit_label("faint", plot.right + 6, y + 4, text, WIDE - MARGIN - plot.right - 6)
    taken: list[float] = []
    for i in (2, 1, 3, 0, 4):  # the edge from which on a condition is met comes first
        y = plot.y(part.edges[i])
        inside = scale.low <= part.edges[i] <= scale.high
        if inside and all(abs(y - other) >= NEXT_TO for other in taken):
            taken.append(y)
            yield fit_label("small", plot.left - 6, y + 4, edges[i], EDGES, "end")
            yield line("frame" if i == 2 else "grid", plot.left - 3, y, plot.right, y)
    for value in ticks(scale.low, scale.high, TICKS):
        y = plot.y(value)
        if all(abs(y - other) >= NEXT_TO for other in taken):
            taken.append(y)
            yield fit_label("tick", plot.left - 6, y + 4, _tick(part, value), EDGES, "end")


def _tick(part: MeasureResult, value: float) -> str:
    return formatting.round_value(value, part.show, part.unit)


# the values ------------------------------------------------------------------------------------------


def _last_value(
    a: Assessment, part: MeasureResult, series: Sequence[QuarterlySeries], plot: SeriesPlot
) -> Iterator[Label]:
    """The newest known value, at its point: above a rise and below a fall, where there is room."""
    known = [each for each in series if not each.value.is_anything]
    last, before = known[-1], known[-2] if len(known) > 1 else None
    text = formatting.value(last.value, part.show, part.unit)
    wide, x = text_width("strong", text), plot.middle(last.quarter)
    ends = [plot.y(end) for end in last.value.ends if math.isfinite(end)] or [plot.y(last.value.middle)]
    above, below = min(ends) - 7, max(ends) + 16
    fits_above = above - 10 >= plot.value.end
    fits_below = below + 14 <= plot.value.start
    rises = before is None or last.value.middle >= before.value.middle
    y = above if fits_above and (rises or not fits_below) else below if fits_below else above
    at = max(min(x, _seen_at(a, plot) - wide / 2 - 4), plot.left + wide / 2 + 2)
    yield Label("strong", at, y, text, "middle")


# the quarters ----------------------------------------------------------------------------------------


def _quarters(a: Assessment, plot: SeriesPlot) -> Iterator[Mark]:
    y = plot.value.start
    yield line("axis", plot.left, y, plot.right, y)
    shown = [plot.first + i for i in range(round((plot.right - plot.left) / plot.slot))]
    if plot.slot >= NARROW:
        yield from (Label("tick", plot.middle(q), y + 14, f"Q{q.number}", "middle") for q in shown)
    below = 28 if plot.slot >= NARROW else 16
    for year, group in groupby(shown, key=lambda q: q.year):
        quarters = list(group)
        start = plot.middle(quarters[0]) - plot.slot / 2
        if year != plot.first.year:
            yield line("axis", start, y, start, y + below)
        middle = start + plot.slot * len(quarters) / 2
        if plot.slot * len(quarters) >= text_width("tick", str(year)) + 6:
            yield Label("tick", middle, y + below, str(year), "middle")


def _as_of(a: Assessment, plot: SeriesPlot) -> Iterator[Mark]:
    """The day that is looked from, as a line with its date above it."""
    x = _seen_at(a, plot)
    yield line("now", x, plot.value.end - 8, x, plot.value.start)
    text = f"seen {formatting.day(a.as_of)}"
    wide = text_width("small", text)
    yield Label("small", min(x + wide / 2, WIDE - MARGIN), plot.value.end - 11, text, "end")


def _seen_at(a: Assessment, plot: SeriesPlot) -> float:
    """Where the day lies that is looked from."""
    return _place(a.as_of, plot)


def _place(day: date, plot: SeriesPlot) -> float:
    """Where a day lies among the quarters; on the right edge at the most."""
    quarter = Quarter.of(day)
    first_day = (quarter - 1).end + timedelta(days=1)
    part = (day - first_day).days / ((quarter.end - first_day).days + 1)
    return min(plot.middle(quarter) + (part - 0.5) * plot.slot, plot.right)


def _sustained(a: Assessment, part: MeasureResult, plot: SeriesPlot) -> Iterator[Mark]:
    """The level that counts, over the quarters that were looked at for it."""
    if part.evidence is None or part.value is None or part.value == part.evidence.value:
        return
    _, window = persistence(part.measure)
    start = max(plot.middle(a.quarter - (window - 1)) - plot.slot / 2, plot.left)
    end = plot.middle(a.quarter) + plot.slot / 2
    for level in dict.fromkeys(part.value.ends):
        if math.isfinite(level):
            yield line("sustained", start, plot.y(level), end, plot.y(level))


def _alt(a: Assessment, finding: RuleResult, part: MeasureResult, series: Sequence[QuarterlySeries]) -> str:
    """What the chart says, with the figures."""

    def said(each: QuarterlySeries) -> str:
        return f"{each.quarter} {formatting.value(each.value, part.show, part.unit)}"

    told = [
        f"{part.name}, {finding.rule.name}: {_standing(part)}.",
        f"{formatting.capitalise(_scored_on(part))}." if _scored_on(part) else "",
        f"Bands {rating_text.band_text(part)}: {', '.join(labels_of(a, finding))}.",
        f"{formatting.capitalise(_in_force(part))}." if part.measure.since else "",
        "Lower is better." if is_lower_better(part, finding) else "",
        f"By quarter: {'; '.join(map(said, series[-NAMED:]))}.",
    ]
    earlier = [each for each in series[:-NAMED] if each.then and not each.value.is_anything]
    if earlier:
        told.append(
            f"Before that, as known when each was filed: from {said(earlier[0])} to {said(earlier[-1])}."
        )
    if a.as_of > a.fresh_until:
        told.append(f"{a.next_due} was due by {formatting.day(a.fresh_until)} and is not known.")
    return " ".join([*filter(None, told), f"Seen from {formatting.day(a.as_of)}."])
