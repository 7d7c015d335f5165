"""The charts as a reader meets them: told in words, legible, within bounds, and the same bytes each time."""

from __future__ import annotations

import re
from itertools import combinations, pairwise
from typing import Any

import pytest

from tests.charts.drawn import (
    EDITS,
    HOSTILE,
    RATED,
    STALE,
    SVG,
    Drawn,
    amazon,
    drawn,
    read,
    size_of,
    texts,
    tips,
)
from thesis.charts import SvgChart, charts
from thesis.charts.paint import PALETTE, SHAPES, TEXTS
from thesis.core.record import replace_fields

NARROWEST = 11.0  # pixels of a text on a page whose column has 720
COLUMN = 720.0


def test_the_same_assessment_makes_the_same_bytes(case: Drawn) -> None:
    assert charts(case.a, case.past) == list(case.charts)


def test_every_kind_of_chart_is_there_in_the_order_of_the_memo() -> None:
    names = [each.id for each in amazon(RATED).charts]
    kinds = [name for name in names if not name.startswith("history-")]
    assert kinds == ["scorecard", "matrix", "attribution", "football", "tornado", "fan"]
    metrics = [leaf.id for f in amazon(RATED).a.findings for leaf in f.leaves() if leaf.kind == "metric"]
    assert sorted(names) == sorted([*kinds, *(f"history-{name}" for name in metrics)])
    assert names.index("history-aws_growth") == 2


def test_all_of_them_together_are_light() -> None:
    """Whatever the number of measures: a page holds them all."""
    rated, stale = amazon(RATED), amazon(STALE)
    assert rated.size < 6_000 * len(rated.charts)
    assert stale.size < 6_000 * len(stale.charts)


def test_each_is_one_element_that_names_and_describes_itself(case: Drawn) -> None:
    for chart in case.charts:
        svg = read(chart)
        assert svg.tag == f"{SVG}svg"
        assert svg.attrib["role"] == "img"
        assert not {"width", "height"} & set(svg.attrib)
        titled, described = svg.attrib["aria-labelledby"].split()
        found = {each.get("id"): "".join(each.itertext()) for each in svg}
        assert (found[titled], found[described]) == (chart.title, chart.alt)
        assert len(chart.alt) > len(chart.title) > 10


def test_ids_do_not_meet_when_all_stand_on_one_page(case: Drawn) -> None:
    ids = [each.attrib["id"] for chart in case.charts for each in read(chart).iter() if "id" in each.attrib]
    assert len(ids) == len(set(ids))
    for chart in case.charts:
        assert all(each.startswith(f"chart-{chart.id}") for each in re.findall(r'id="(.*?)"', chart.svg))
        assert set(re.findall(r"#([\w-]*chart[\w-]+)", chart.svg)) <= set(ids)


def test_nothing_is_fetched_and_no_script_runs(case: Drawn) -> None:
    for chart in case.charts:
        elements = {each.tag.removeprefix(SVG) for each in read(chart).iter()}
        assert elements <= {"svg", "title", "desc", "style", "pattern", "path", "g", "text"}
        names = {name for each in read(chart).iter() for name in each.attrib}
        assert not {name for name in names if name.startswith("on") or "href" in name}
        outside = chart.svg.replace('xmlns="http://www.w3.org/2000/svg"', "")
        assert "url(#chart-" in outside or "url(" not in outside
        assert "@import" not in outside
        assert "@font-face" not in outside


def test_no_label_meets_another_or_the_edge(case: Drawn) -> None:
    for chart in case.charts:
        wide, high = size_of(chart)
        boxes = [(each.text, each.box) for each in texts(chart)]
        for text, (left, top, right, bottom) in boxes:
            assert left >= 0 and top >= 0 and right <= wide and bottom <= high, (chart.id, text)
        for (one, a), (other, b) in combinations(boxes, 2):
            apart = a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]
            assert apart, (chart.id, one, other)


def test_no_label_is_smaller_than_can_be_read(case: Drawn) -> None:
    for chart in case.charts:
        wide, _ = size_of(chart)
        assert min(each.size for each in texts(chart)) * COLUMN / wide >= NARROWEST, chart.id


def test_names_of_a_pack_are_text_and_nothing_else(draw: Any) -> None:
    """Markup, template syntax and characters that XML has not are shown as they are, or left out."""
    found: Drawn = draw("valued", *EDITS)
    shown = " ".join(each.text for chart in found.charts for each in texts(chart))
    assert "<script>alert(1)</script> {{ 7 * 7 }} & 'q'" in shown
    assert any(HOSTILE in chart.alt for chart in found.charts)
    assert not any("<script" in chart.svg for chart in found.charts)
    assert not any("\x01" in chart.svg or "\ufffe" in chart.svg for chart in found.charts)
    assert "長い名前" in shown


def test_a_metric_that_two_rules_look_at_has_two_charts(draw: Any) -> None:
    twice = ("thesis.yaml", "metric: building_burden", "metric: margin")
    rest = "        weight: 30\n        because: Whether the tools"
    measure = "      - metric: margin\n        bands: [1%, 2%, 3%, 4%, 5%]\n"
    again = ("thesis.yaml", f"      - judgement: J1\n{rest}", f"{measure}{rest}")
    names = [each.id for each in draw("acme", twice, again).charts]
    assert names[-3:] == ["history-margin", "history-margin-margins", "history-margin-building"]


def test_what_has_nothing_to_show_is_left_out(draw: Any) -> None:
    """No matrix without risks, no fan without draws, no history of what was never known."""
    found: Drawn = draw("acme")
    bare = replace_fields(found.a, risks=())
    assert "matrix" not in {each.id for each in charts(bare)}
    without: Drawn = draw("valued", without="shares")
    assert without.a.appraisal.reason
    assert not {"football", "tornado", "fan", "attribution"} & {each.id for each in without.charts}
    undrawn = drawn(amazon(RATED).pack, RATED, simulated=False)
    assert "fan" not in {each.id for each in undrawn.charts}
    unknown: Drawn = draw("acme", without="building")
    assert "history-building_burden" not in {each.id for each in unknown.charts}
    assert "?" in {each.text for each in texts(unknown.chart("scorecard"))}


# colours ---------------------------------------------------------------------------------------------


def luminance(colour: str) -> float:
    """Relative luminance as in WCAG 2.2."""
    digits = colour[1:] if len(colour) == 7 else "".join(2 * each for each in colour[1:])
    channels = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("page", ["light", "dark"])
def test_texts_stand_out_from_every_ground_that_they_may_stand_on(page: str) -> None:
    def of(name: str) -> str:
        return str(getattr(PALETTE[name], page))

    for face in TEXTS.values():
        assert contrast(of(face.colour), of("paper")) >= 4.5
    for name in PALETTE:
        if name[-1].isdigit():
            assert contrast(of("ink"), of(name)) >= 4.5
    assert contrast(of("accent"), of("paper")) >= 3
    assert contrast(of("bad"), of("paper")) >= 3


@pytest.mark.parametrize("page", ["light", "dark"])
@pytest.mark.parametrize("side", ["good", "bad"])
def test_labels_are_told_apart_without_colour(side: str, page: str) -> None:
    """The four steps of a ramp differ in lightness, always in the same direction."""
    steps = [luminance(getattr(PALETTE[f"{side}-{i}"], page)) for i in range(1, 5)]
    assert all(contrast_of >= 1.15 for contrast_of in _ratios(steps))
    assert steps in (sorted(steps), sorted(steps, reverse=True))


def _ratios(steps: list[float]) -> list[float]:
    return [(max(pair) + 0.05) / (min(pair) + 0.05) for pair in pairwise(steps)]


def test_a_page_may_set_every_colour_and_print_keeps_the_light_ones(case: Drawn) -> None:
    """Colours stand as attributes; a screen takes the page's own, or the fallback of its scheme."""
    for chart in case.charts:
        style = "".join(next(read(chart).iter(f"{SVG}style")).itertext())
        assert style.startswith("@supports (color:light-dark(red,red)){@media screen{")
        for name, light, dark in re.findall(r"var\(--([\w-]+),light-dark\((#\w+),(#\w+)\)\)", style):
            assert PALETTE[name] == (light, dark)
        painted = {value for each in read(chart).iter() for name, value in each.attrib.items()
                   if name in ("fill", "stroke") and value.startswith("#")}  # fmt: skip
        assert painted <= {colour.light for colour in PALETTE.values()}


def test_every_kind_of_mark_has_a_known_colour() -> None:
    assert {paint.fill for paint in SHAPES.values()} | {p.stroke for p in SHAPES.values()} <= {"", *PALETTE}


# tips ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["football", "tornado"])
def test_the_target_is_seen_on_the_bars_that_it_crosses(name: str) -> None:
    """Under its dashes lies a wider line in the colour of the page, painted after every bar."""
    svg = amazon(RATED).chart(name).svg
    edge, target = (
        re.search(r'stroke="#fff" stroke-width="6" d="([^"]+)"', svg),
        re.search(r'stroke="#bf4d00" stroke-width="2" stroke-dasharray="7 4" d="([^"]+)"', svg),
    )
    assert edge and target
    assert edge[1] == target[1]
    assert svg.rindex('fill="#0b5fa5"') < edge.start() < target.start()


def test_a_pointer_over_a_quarter_tells_its_value() -> None:
    chart = amazon(RATED).chart("history-aws_growth")
    assert "2026Q2: 36.8%" in tips(chart)
    assert len(tips(chart)) == 8
    assert isinstance(chart, SvgChart)
