"""What is not known, known as a range or not rated: drawn as that, and never as a zero."""

from __future__ import annotations

import math
import re
from datetime import date
from itertools import combinations
from typing import Any

import pytest

from tests.charts.drawn import RATED, STALE, SVG, Drawn, amazon, read, size_of, texts, tips
from thesis.charts import SvgChart, charts
from thesis.charts.history_chart import history_chart
from thesis.core.interval import EVERYTHING, Interval, point
from thesis.core.record import replace_fields
from thesis.scoring.assessment import MeasureResult


def redrawn(values: list[Interval], **changes: Any) -> SvgChart | None:
    """The history of AWS growth, had its last quarters been other values."""
    a = amazon(RATED).a
    finding = a.conditions[0]
    part: MeasureResult = finding.headline
    quarters = [quarter for quarter, _ in part.history][-len(values) :]
    changed = replace_fields(part, history=tuple(zip(quarters, values, strict=True)), **changes)
    return history_chart(a, finding, changed)


def paths(chart: SvgChart, width: str) -> list[str]:
    """The paths of black strokes so wide."""
    found = []
    for each in read(chart).iter():
        if (
            each.get("stroke-width") == width
            and each.get("class") == "s-ink"
            and not each.get("stroke-dasharray")
        ):
            found += [path.attrib["d"] for path in each.iter(f"{SVG}path")]
    return found


def test_a_gap_interrupts_the_line_and_has_a_question_mark() -> None:
    known = [point(0.2)] * 3
    whole, broken = redrawn([*known, point(0.2), *known]), redrawn([*known, EVERYTHING, *known])
    assert whole and broken

    def marks(chart: SvgChart) -> int:
        return [each.text for each in texts(chart)].count("?")

    def pieces(chart: SvgChart) -> list[str]:
        (line,) = paths(chart, "2")
        return re.findall(r"M[^M]+", line)

    assert marks(broken) == marks(whole) + 1
    assert [len(pieces(chart)) for chart in (whole, broken)] == [1, 2]
    assert "2026Q1 0.2" not in broken.alt
    assert "unknown" in broken.alt


def test_nothing_known_is_no_chart() -> None:
    assert redrawn([EVERYTHING] * 8) is None


def test_a_range_is_a_bar_from_its_low_to_its_high_end() -> None:
    chart = redrawn([Interval(0.15, 0.30)])
    assert chart
    (bar,) = [path for path in paths(chart, "1.5") if path.count("M") == 3]
    top, bottom = (float(each) for each in re.findall(r"^M[\d.]+ ([\d.]+)V([\d.]+)", bar)[0])
    edges = {each.text: each.y - 4 for each in texts(chart) if each.anchor == "end"}
    assert top == pytest.approx(edges["30%"], abs=0.1)
    assert bottom == pytest.approx(edges["15%"], abs=0.1)


def test_an_end_that_is_not_bounded_has_no_cap() -> None:
    chart = redrawn([point(0.1), Interval(0.15, math.inf)])
    assert chart
    (bar,) = [path for path in paths(chart, "1.5") if path.count("M") == 2]
    assert "over 15.0%" in chart.alt
    assert bar


def test_quarters_before_the_measure_s_own_are_those_that_were_known_then() -> None:
    chart = amazon(RATED).chart("history-aws_growth")
    assert "Before that, as known when each was filed: from 2022Q3 27.5% to 2024Q2 18.7%" in chart.alt
    assert "before 2024Q3 as known when filed; ?: not known" in {each.text for each in texts(chart)}


def test_a_quarter_that_is_overdue_is_said_to_be() -> None:
    chart = amazon(STALE).chart("history-aws_growth")
    assert "2026Q3 was due by 9 Nov 2026 and is not known." in chart.alt
    assert "36.8% in 2026Q2: strong, stale" in chart.alt
    assert "seen 22 Nov 2026" in {each.text for each in texts(chart)}


def test_what_is_not_rated_is_hollow_and_says_so() -> None:
    """The last rating stays in its column; today's rectangle is dashed, and nothing is filled."""
    rated, stale = amazon(RATED), amazon(STALE)
    for found, dashed in ((rated, False), (stale, True)):
        matrix = found.chart("matrix")
        assert ("stroke-dasharray" in matrix.svg) == dashed
        assert ("NOT RATED today; last rated WATCH on 9 Nov 2026" in matrix.alt) == dashed
    assert "NOT RATED" in stale.chart("scorecard").alt
    assert "2026Q2 WATCH." in stale.chart("scorecard").alt


def test_a_score_of_which_nothing_is_known_is_a_question_mark() -> None:
    chart = amazon(RATED).chart("scorecard")
    assert [each.text for each in texts(chart)].count("?") > 5
    assert ".00-1.00" not in {each.text for each in texts(chart)}


def test_a_day_of_which_too_little_is_known_leaves_the_way_of_the_price_unknown(draw: Any) -> None:
    """The row stays, with the word and without bars; the others are drawn."""
    early = ("valuation.yaml", "since: [2024-12-31]", "since: [2022-12-31, 2024-12-31]")
    chart = draw("valued", early).chart("attribution")
    assert "Price since 2022Q4: unknown" in chart.alt
    assert [each.text for each in texts(chart)].count("operating income") == 3
    assert "unknown" in {each.text for each in texts(chart)}


def test_a_loss_is_taken_apart_nowhere(draw: Any) -> None:
    """Nothing is reckoned from a negative multiple: no way of the price, and no chart of one."""
    loss = ("valuation.yaml", "ebit: ttm(operating_income)}", "ebit: ttm(operating_income) - 2e9}")
    names = {each.id for each in draw("valued", loss, simulated=False).charts}
    assert "attribution" not in names
    assert "football" in names


def test_draws_that_are_not_positive_are_said_to_be_and_drawn_as_no_figure(draw: Any) -> None:
    """The median ends where it is not a positive value any more; it does not go on at zero."""
    sunk = ("valuation.yaml", "central: 90e6, low: 0, high: 2e8", "central: -90e9, low: -2e11, high: 0")
    chart = draw("valued", sunk).chart("fan")
    assert [each.text for each in texts(chart)].count("0 or less") == 5
    assert "50% 0 or less" in chart.alt
    assert tips(chart)[1:] == ["15 Oct 2026: $980M in the middle"]


def test_a_what_if_says_so_on_the_chart() -> None:
    found = amazon(RATED)
    supposed = replace_fields(found.a, given={"aws_growth": point(0.05)}, supposed={"aws_growth": "5.0%"})
    for chart in charts(supposed)[:3]:
        assert "what if aws_growth = 5.0%" in {each.text for each in texts(chart)}


FAR = {
    "target where we are": ("thesis.yaml", "market_cap: 2e9", "market_cap: 98e7"),
    "target behind us": ("thesis.yaml", "market_cap: 2e9", "market_cap: 1e8"),
    "target out of reach": ("thesis.yaml", "market_cap: 2e9", "market_cap: 9e12"),
    "target soon": ("thesis.yaml", "by: 2030-12-31", "by: 2026-12-31"),
    "dates close together": (
        "valuation.yaml", "dates: [2028-12-31,", "dates: [2026-12-31, 2027-01-31, 2027-02-28, 2050-12-31,"
    ),
    "a wide belief": ("valuation.yaml", "low: 5%, high: 20%", "low: -90%, high: 300%"),
    "a belief without a range": ("valuation.yaml", "low: 8, high: 16", "low: 12, high: 12"),
    "market values below zero": (
        "valuation.yaml", "central: 90e6, low: 0, high: 2e8", "central: -90e9, low: -2e11, high: 0"
    ),
    "narrow bands": (
        "thesis.yaml", "bands: [0%, 5%, 10%, 20%, 30%]", "bands: [-999900%, 10%, 10.1%, 10.2%, 999900%]"
    ),
    "less is better": ("thesis.yaml", "bands: [0%, 5%, 10%, 20%, 30%]", "bands: [300%, 200%, 100%, 50%, 0%]"),
    "ten verdicts": ("thesis.yaml", "levels: [BROKEN,", "levels: [BROKEN, A, B, C, D, E, F,"),
}  # fmt: skip


@pytest.mark.parametrize("name", FAR)
def test_labels_keep_apart_whatever_the_figures(name: str, draw: Any) -> None:
    found: Drawn = draw("valued", FAR[name])
    assert found.charts
    for chart in found.charts:
        wide, high = size_of(chart)
        boxes = [(each.text, each.box) for each in texts(chart)]
        assert all(b[0] >= 0 and b[1] >= 0 and b[2] <= wide and b[3] <= high for _, b in boxes), chart.id
        for (one, a), (other, b) in combinations(boxes, 2):
            meets = a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
            assert not meets, (chart.id, one, other)
        assert "nan" not in chart.svg
        assert "inf" not in re.sub(r"inf\w+", "", chart.svg)


@pytest.mark.parametrize("day", [date(2025, 2, 28), date(2026, 8, 1), date(2029, 1, 1)], ids=str)
def test_any_day_with_figures_can_be_drawn(day: date, draw: Any) -> None:
    """Soon after the first filing, the day after the last, and years later."""
    found: Drawn = draw("valued", day=day)
    assert "scorecard" in {each.id for each in found.charts}
    assert all(f"chart-{each.id}" in each.svg for each in found.charts)
