"""Past forecasts beside what came of them."""

from __future__ import annotations

import re
from itertools import combinations

import pytest

from tests.charts.drawn import SVG, read, size_of, texts, tips
from thesis.calibration import reliability_table, wilson
from thesis.charts import reliability

pytestmark = pytest.mark.quick

GIVEN = [0.1] * 12 + [0.3] * 9 + [0.5] * 14 + [0.9] * 5
CAME = [1] + [0] * 11 + [1] * 4 + [0] * 5 + [1] * 6 + [0] * 8 + [1] * 5
BINS = reliability_table(GIVEN, CAME)


def test_each_row_is_told_with_its_interval_and_few_are_said_to_be_few() -> None:
    chart = reliability(BINS, 40)
    shown = [each.text for each in texts(chart)]
    assert shown.count("too few") == 2
    low, high, _ = wilson(hits=1, n=12)
    assert low is not None and high is not None
    assert "1 of 12" in shown
    assert f"{low:.0%}".removesuffix("%") + f"..{high:.0%}" in shown
    assert "given 30%, 4 of 9 came true (19..73%, too few: 9 of 10)" in chart.alt
    assert "40 forecasts came due" in shown


def test_points_stand_where_the_axes_say() -> None:
    """A forecast of 50% that came true in 6 of 14 stands above 50%, at 43% of the height."""
    chart = reliability(BINS, 40)
    ticks = [each for each in texts(chart) if each.is_tick]
    across = {each.text: each.x for each in ticks if each.anchor == "middle"}
    up = {each.text: each.y - 4 for each in ticks if each.anchor == "end"}
    circles = re.findall(r'd="M([\d.]+) ([\d.]+)a5 5[^"]*"><title>(.*?)<', chart.svg)
    x, y = next((float(x) + 5, float(y)) for x, y, tip in circles if tip == "50%: 6 of 14")
    assert x == pytest.approx(across["50%"], abs=0.1)
    assert y == pytest.approx(up["0%"] + (up["100%"] - up["0%"]) * 6 / 14, abs=0.1)


def test_too_few_are_hollow() -> None:
    chart = reliability(BINS, 40)
    hollow = [
        "".join(each.itertext())
        for each in read(chart).iter(f"{SVG}g")
        if each.get("fill") == "#fff" and each.get("stroke") == "#222"
    ]
    assert hollow == ["30%: 4 of 990%: 5 of 5"]
    assert len(tips(chart)) == 4


def test_fewer_independent_ones_than_forecasts_are_said_to_be_too_few() -> None:
    told = {each.text for each in texts(reliability(BINS, 8))}
    assert "40 forecasts came due, 8 of them independent, too few: 8 of 40" in told


def test_no_forecasts_are_no_figures() -> None:
    chart = reliability([], 0)
    assert chart.alt == "No forecast has come due yet."
    assert "no forecast has come due yet" in {each.text for each in texts(chart)}


@pytest.mark.parametrize("count", [1, 4, 40])
def test_labels_keep_apart_however_many_rows(count: int) -> None:
    p = [i / (2 * count) for i in range(count)] * 2
    chart = reliability(reliability_table(p, [0, 1] * count), 2 * count)
    wide, high = size_of(chart)
    boxes = [each.box for each in texts(chart)]
    assert all(b[0] >= 0 and b[1] >= 0 and b[2] <= wide and b[3] <= high for b in boxes)
    assert not [
        1 for a, b in combinations(boxes, 2) if a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
    ]
