"""That every figure in a chart is the assessment's, and that every mark stands where its figure says."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.charts.drawn import DRAWS, RATED, STALE, SVG, Drawn, alphabet, amazon, read, texts, tips
from thesis.appraisal.appraise import add_appraisal, appraise
from thesis.charts import SignedQuarter, SvgChart, charts
from thesis.charts.fan_chart import LEVELS
from thesis.charts.tornado_chart import tornado_chart
from thesis.core import formatting
from thesis.memo.markdown import render_memo
from thesis.narrative import rating_text
from thesis.pricing.priced_case import case_as_of
from thesis.reports.quarterly_history import history_text
from thesis.reports.valuation import valuation_text

FIGURE = re.compile(r"[$€]?(?:\d[\d,]*(?:\.\d+)?|\.\d+)(?:%|bp|pp|x|T|bn|M)?")
RANGE = re.compile(r"([$€]?[\d,.]*\d)\.\.([+-]?[$€]?[\d,.]*\d)(%|bp|pp|x|T|bn|M)")
FIXED = {"0", "1", "5", "95%", *(f"{level}%" for level in LEVELS)}  # of the scores' scale and the percentiles


def figures(text: str) -> set[str]:
    """The figures in a text, with their units; both ends of a range have the unit behind it."""
    return set(FIGURE.findall(RANGE.sub(r"\1\3 .. \2\3", text)))


def printed(found: Drawn) -> set[str]:
    """Every figure that the memo, the worksheet and the history print, and each quarter's of each measure."""
    told = [
        render_memo(found.a),
        history_text(found.past),
        *_quarters(found),
        f"{DRAWS.draws:,} {DRAWS.seed}",
    ]
    case = case_as_of(found.pack, found.a.as_of)
    appraisal = appraise(case)
    if appraisal:
        told.append(valuation_text(case, appraisal))
    if found.a.appraisal and found.a.appraisal.simulation:
        told += _drawn(found)
    return figures("\n".join(told)) | FIXED


def _quarters(found: Drawn) -> Iterator[str]:
    for seen in (*found.past, found.a):
        yield f"{seen.as_of} {formatting.day(seen.as_of)} {formatting.short_day(seen.as_of)} {seen.quarter}"
        yield (
            f"{formatting.share(seen.verdict.coverage)} {len([k for k in seen.kill if k.tripped.lo == 1.0])}"
        )
        for finding in seen.findings:
            yield formatting.score(finding.score)
            for leaf in finding.leaves():
                yield (
                    f"{rating_text.measure_figure(leaf)} "
                    f"{rating_text.band_text(leaf) if leaf.kind == 'metric' else ''}"
                )
                for quarter, value in leaf.history:
                    yield f"{quarter} {formatting.value(value, leaf.show, leaf.unit)}"
        yield formatting.score(seen.verdict.risks)
        yield formatting.score(seen.verdict.engines)


def _drawn(found: Drawn) -> Iterator[str]:
    for dated in found.a.appraisal.simulation.dates:
        yield formatting.day(dated.day)
        yield from (formatting.short(chance, "percent") for chance in (dated.end, dated.touch))
        unit = found.a.appraisal.start.market_cap.unit
        yield " ".join(
            formatting.short(value, "billions", unit) for value in dated.drawn.percentiles if value
        )


def test_every_figure_is_one_that_the_memo_or_the_tables_print(case: Drawn) -> None:
    known = printed(case)
    for chart in case.charts:
        seen = [each.text for each in texts(chart) if not each.is_tick]
        for text in (*seen, *tips(chart), chart.title, chart.alt):
            left = figures(_without_names(text, case)) - known
            assert not left, (chart.id, text, left)


def _without_names(text: str, case: Drawn) -> str:
    """A text without the names of the pack, which may have figures of their own (and may be cut)."""
    return re.sub(r"\{\{ 7 [*] 7 \}\}|alert\(1\)?|\{\{ 7[ *7}]*…", "", text)


# where marks stand -----------------------------------------------------------------------------------


def axis(chart: SvgChart, *, across: bool) -> list[tuple[float, float]]:
    """The round numbers along an axis: where each stands, and what it is."""
    found = []
    for each in texts(chart):
        value = number(each.text)
        if each.is_tick and value is not None and (each.anchor == "middle") == across:
            found.append((each.x if across else each.y - 4, value))
    return sorted(found)


def number(text: str) -> float | None:
    """``$4.00T``, ``-9.4%`` or ``10`` as a number."""
    match = re.fullmatch(r"([+-]?)[$€]?([\d,]+(?:\.\d+)?)(T|bn|M|%|)", text)
    if not match:
        return None
    scale = {"T": 1e12, "bn": 1e9, "M": 1e6, "%": 0.01, "": 1.0}[match[3]]
    return float(f"{match[1]}{match[2].replace(',', '')}") * scale


def place(ticks: list[tuple[float, float]], value: float) -> float:
    """Where a value lies by the axis."""
    (x, low), (to, high) = ticks[0], ticks[-1]
    return x + (value - low) / (high - low) * (to - x)


def diamonds(chart: SvgChart) -> list[tuple[float, float]]:
    """The middles of all diamonds."""
    four = re.compile(r"M([\d.]+) ([\d.]+) ([\d.]+) ([\d.]+) [\d.]+ [\d.]+ [\d.]+ [\d.]+z")
    paths = [each.attrib["d"] for each in read(chart).iter(f"{SVG}path")]
    found = [match for path in paths for match in four.finditer(path)]
    return [
        (float(m[3]), float(m[2])) for m in found if float(m[1]) < float(m[3]) and float(m[4]) < float(m[2])
    ]


@pytest.mark.parametrize("name", ["football", "tornado", "attribution", "fan"])
def test_an_axis_is_straight(name: str) -> None:
    """Equal steps between round numbers are equal steps on the page."""
    chart = amazon(RATED).chart(name)
    ticks = axis(chart, across=name != "fan")
    assert len(ticks) >= 3
    assert all(place(ticks, value) == pytest.approx(at, abs=0.2) for at, value in ticks)


def test_scenarios_end_where_their_values_lie() -> None:
    found = amazon(RATED)
    chart = found.chart("football")
    ticks, marks = axis(chart, across=True), [x for x, _ in diamonds(chart)]
    for view in found.a.appraisal.scenarios:
        assert any(x == pytest.approx(place(ticks, view.market_cap.middle), abs=0.3) for x in marks)


def test_the_price_s_diamonds_stand_where_its_parts_lead() -> None:
    found = amazon(RATED)
    chart = found.chart("attribution")
    ticks, marks = axis(chart, across=True), [x for x, _ in diamonds(chart)]
    ways = [*found.a.appraisal.since, *(view.attribution for view in found.a.appraisal.scenarios)]
    assert len(marks) == len(ways)
    for way, x in zip(ways, marks, strict=True):
        together = way.ebit.middle + way.multiple.middle + way.shares.middle
        assert x == pytest.approx(place(ticks, together), abs=0.3)


def test_a_belief_s_bars_run_from_the_middle_to_what_its_low_and_its_high_value_give() -> None:
    a = amazon(RATED).a.appraisal
    chart = amazon(RATED).chart("tornado")
    ticks = axis(chart, across=True)
    bars = re.findall(r'd="M([\d.]+) [\d.]+h([\d.]+)v[^"]*"><title>(.*?): ', chart.svg)
    high, low = bars[: len(a.levers)], bars[len(a.levers) :]
    for lever, first, second in zip(a.levers, low, high, strict=True):
        for (x, wide, _), value in ((first, lever.at_low), (second, lever.at_high)):
            ends = sorted(place(ticks, each) for each in (a.market_cap, value))
            assert [float(x), float(x) + float(wide)] == pytest.approx(ends, abs=0.3)


def test_a_belief_set_outside_its_range_has_each_label_at_its_own_end() -> None:
    """Its two bars meet between its ends and never overlap; the middle lies elsewhere."""
    found = amazon(RATED)
    a = add_appraisal(found.pack, found.a, {"multiple": 11.0}).appraisal
    chart = tornado_chart(a)
    assert chart
    ticks, labels = axis(chart, across=True), texts(chart)
    lever = next(each for each in a.levers if each.name == "multiple")
    assert a.market_cap < lever.at_low < lever.at_high
    low, high = (next(t for t in labels if t.text == text and t.size == 11) for text in ("16.0x", "26.0x"))
    assert low.box[2] == pytest.approx(place(ticks, lever.at_low), abs=8)
    assert high.box[0] == pytest.approx(place(ticks, lever.at_high), abs=8)
    bars = re.findall(r'd="M([\d.]+) [\d.]+h([\d.]+)v[^"]*"><title>(16.0x|26.0x): ', chart.svg)
    spans = sorted((float(x), float(x) + float(wide)) for x, wide, _ in bars)
    assert spans[0][0] == pytest.approx(place(ticks, lever.at_low), abs=0.3)
    assert spans[0][1] == pytest.approx(spans[1][0], abs=0.2)
    assert spans[1][1] == pytest.approx(place(ticks, lever.at_high), abs=0.3)


def test_round_numbers_go_on_where_a_history_lies_beyond_its_edges() -> None:
    """The highest quarter, 81.8%, stands far above the last edge; its scale and its figure are there."""
    chart = alphabet().chart("history-cloud_growth")
    named = {each.text: each for each in texts(chart)}
    edge, round_ = named["50%"], named["80%"]
    assert round_.box[2] == pytest.approx(edge.box[2], abs=0.5)
    heights = [float(y) for y in re.findall(r"M[\d.]+ ([\d.]+)h.01", chart.svg)]
    up = (edge.y - round_.y) / 30  # pixels for a point of percent
    assert min(heights) == pytest.approx(round_.y - 4 - 1.8 * up, abs=0.3)
    assert 0 < min(heights) - named["81.8%"].y < 15


def test_the_last_value_stands_at_its_point_and_says_where_less_is_better() -> None:
    found = amazon(RATED)
    growth, spending = (found.chart(f"history-{name}") for name in ("aws_growth", "capex_burden"))
    for chart, text in ((growth, "36.8%"), (spending, "109.7%")):
        last = max(re.findall(r"M([\d.]+) ([\d.]+)h.01", chart.svg), key=lambda at: float(at[0]))
        label = next(each for each in texts(chart) if each.text == text)
        assert abs(float(last[1]) - label.y) < 20
        assert label.box[0] < float(last[0]) < label.box[2] + 5
    assert "Lower is better." in spending.alt
    assert "Lower is better." not in growth.alt


def test_the_table_of_verdicts_shows_the_way_of_eight_quarters() -> None:
    """A ring for each rated quarter before, where its totals lie, and in words what it came to."""
    found = amazon(RATED)
    chart = found.chart("matrix")
    earlier = [each for each in found.past if found.a.quarter - 8 < each.quarter < found.a.quarter]
    rated = [each for each in earlier if each.verdict.rated]
    across, up = axis(chart, across=True), axis(chart, across=False)
    rings = [(float(x) + 3.5, float(y)) for x, y in re.findall(r"M([\d.]+) ([\d.]+)a3.5", chart.svg)]
    assert len(rings) == len(rated) > 3
    for (x, y), each in zip(rings, rated, strict=True):
        assert x == pytest.approx(place(across, each.verdict.risks.middle), abs=0.3)
        assert y == pytest.approx(place(up, each.verdict.engines.middle), abs=0.3)
        assert f"{each.quarter} conditions" in chart.alt


def test_edges_are_in_the_unit_of_what_is_held_against_them() -> None:
    """Points are held against points, in the chart as in the memo."""
    found = amazon(RATED)
    chart = found.chart("history-aws_growth_change")
    assert "-2pp" in {each.text for each in texts(chart)}
    assert "2pp · 0pp · -2pp · -4pp · -8pp" in chart.alt.replace("Bands ", "")
    memo = render_memo(found.a)
    assert "| -2pp |" in memo
    assert "| 2pp · 0pp · -2pp · -4pp · -8pp |" in memo


def test_the_rectangle_covers_the_ranges_of_both_totals() -> None:
    """By the numbers along the sides; a range too narrow to be seen is widened about its middle."""
    v = amazon(STALE).a.verdict
    chart = amazon(STALE).chart("matrix")
    across, up = axis(chart, across=True), axis(chart, across=False)
    (drawn,) = re.findall(r'stroke-dasharray="5 4" d="M([\d. ]+)z"', chart.svg)
    places = [float(each) for each in drawn.split()]
    assert (min(places[::2]), max(places[::2])) == pytest.approx(
        (place(across, v.risks.lo), place(across, v.risks.hi)), abs=0.2
    )
    assert (min(places[1::2]), max(places[1::2])) == pytest.approx(
        (place(up, v.engines.hi), place(up, v.engines.lo)), abs=0.2
    )


def test_the_fan_s_edges_are_the_percentiles_of_each_date() -> None:
    found = amazon(RATED).a.appraisal.simulation
    chart = amazon(RATED).chart("fan")
    ticks = axis(chart, across=False)
    for opacity, low, high in ((".2", 0, 4), (".35", 1, 3)):
        (drawn,) = re.findall(rf'fill-opacity="{opacity}" d="M([\d. ]+)z"', chart.svg)
        heights = [float(each) for each in drawn.split()][1::2]
        upper = [found.market_cap, *(each.drawn.percentiles[high] for each in found.dates)]
        lower = [found.market_cap, *(each.drawn.percentiles[low] for each in found.dates)]
        assert heights == pytest.approx([place(ticks, v) for v in (*upper, *reversed(lower))], abs=0.3)


def test_a_quarter_s_point_lies_between_the_edges_that_its_value_lies_between() -> None:
    """Band edges are the axis of a history: by two of them, every point is where its value is."""
    chart = amazon(RATED).chart("history-aws_growth")
    edges = {
        each.text: each.y - 4 for each in texts(chart) if each.anchor == "end" and each.text.endswith("%")
    }
    ticks = sorted((y, number(text) or 0.0) for text, y in edges.items())
    points = re.findall(r'd="M[\d.]+ ([\d.]+)h\.01"><title>\d{4}Q\d: (.*?)%<', chart.svg)
    assert len(points) == 8
    for y, value in points:
        assert float(y) == pytest.approx(place(ticks, float(value) / 100), abs=0.6)


def test_the_scorecard_has_each_score_under_its_quarter_and_beside_its_rule(case: Drawn) -> None:
    chart = case.chart("scorecard")
    shown = texts(chart)
    heads = sorted({each.x for each in shown if re.fullmatch(r"Q\d", each.text)})
    columns = [*zip(heads, case.past[-len(heads) :], strict=True)] if heads else []
    columns.append((max(each.x for each in shown if each.anchor == "middle"), case.a))
    rules = [f.id for f in (*case.a.conditions, *case.a.risks)]
    rows = sorted(
        {each.y for each in shown if each.size == 12 and each.x == 8 and not each.bold and each.y > 90}
    )
    assert len(rows) == len(rules)
    for x, seen in columns:
        for rule, y in zip(rules, rows, strict=True):
            score = seen.finding(rule).score  # type: ignore[union-attr]
            (cell,) = [each.text for each in shown if (each.x, each.y) == (x, y)]
            assert cell == ("?" if (score.lo, score.hi) == (0.0, 1.0) else formatting.score(score))


def test_signed_ratings_and_changes_of_the_rules_are_marked_on_the_history() -> None:
    """A diamond under its quarter, on the rung of what was signed, and a line before new rules."""
    found = amazon(RATED)
    first, second = (found.past[i].quarter for i in (-3, -2))
    signed = [SignedQuarter(first, "AT RISK"), SignedQuarter(second, "WATCH", is_changed=True)]
    chart = charts(found.a, found.past, signed)[0]
    named = [each for each in texts(chart) if each.text in ("WATCH", "AT RISK")]
    rungs = {each.text: each.y for each in named}
    heads = [each.x for each in texts(chart) if re.fullmatch(r"Q[1-4]", each.text)]
    *marked, legend = sorted(diamonds(chart), key=lambda at: at[1])
    marked.sort()
    assert legend[1] > max(rungs.values())
    assert [x for x, _ in marked] == pytest.approx(sorted(heads)[-3:-1], abs=0.2)
    assert [y + 4 for _, y in marked] == pytest.approx([rungs["AT RISK"], rungs["WATCH"]], abs=0.6)
    assert f"Signed: {first} AT RISK; {second} WATCH (rules changed)." in chart.alt
    plain = charts(found.a, found.past)[0]
    assert "Signed" not in plain.alt
    assert not diamonds(plain)
