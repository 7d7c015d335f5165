"""The HTML memo in a real browser: on a phone, on a desk, in the dark, on paper, and without script."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.kept import LAST, LATER
from thesis.files.disk import bundled_folder

pytestmark = pytest.mark.slow

RATED, UNRATED = "2026-10-15", "2026-11-22"
WIDTHS = (360, 800, 1400)
ACME = Path(__file__).parents[1] / "data" / "acme"
GOOGL = bundled_folder("rules") / "googl-cloud"

Saved = Callable[..., Path]


@pytest.fixture(scope="session")
def saved(delivered: Any, tmp_path_factory: pytest.TempPathFactory) -> Saved:
    """``saved("2026-10-15", folder, draw=True)``: the memo of a day with its charts as a file, made once."""
    folder = tmp_path_factory.mktemp("memos")
    made: dict[str, Path] = {}

    def call(day: str, pack: Path | None = None, **more: Any) -> Path:
        key = f"{day} {pack} {more}"
        if key not in made:
            made[key] = folder / f"{len(made)}.html"
            made[key].write_text(delivered(day, pack, **more).html(), encoding="utf-8")
        return made[key]

    return call


@pytest.fixture(
    scope="session",
    params=["rated", "not rated", "drawn from the beliefs", "what if", "a small pack", "another thesis",
            "the day of a review", "overrides after a review", "a criterion has tripped"],
)  # fmt: skip
def memo(request: pytest.FixtureRequest, saved: Saved, kept: Any) -> Path:
    return {
        "rated": lambda: saved(RATED),
        "not rated": lambda: saved(UNRATED),
        "drawn from the beliefs": lambda: saved(RATED, draw=True),
        "what if": lambda: saved(RATED, given={"price": 300.0}, beliefs={"aws.growth": 0.22}),
        "a small pack": lambda: saved(RATED, ACME),
        "another thesis": lambda: saved("2026-08-15", GOOGL, draw=True),
        "the day of a review": lambda: saved(LAST, kept.kept),
        "overrides after a review": lambda: saved(LATER, kept.kept, draw=True),
        "a criterion has tripped": lambda: saved(LATER, kept.tripped),
    }[request.param]()


# quiet, whole and readable ---------------------------------------------------------------------------


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_it_says_nothing_on_the_console_and_asks_for_nothing(memo: Path, opened: Any, dark: bool) -> None:
    window = opened(memo, dark=dark)
    window.page.wait_for_load_state("networkidle")
    assert (window.said, window.popped) == ([], [])
    assert window.asked == [memo.as_uri()]


@pytest.mark.parametrize("width", WIDTHS)
def test_the_page_never_scrolls_sideways(memo: Path, opened: Any, width: int) -> None:
    """What is wider than the window scrolls inside its own box, with everything unfolded too."""
    page = opened(memo, width).page
    page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    beyond = page.evaluate(
        """() => [...document.querySelectorAll("body *")].filter((each) => {
             const place = each.getBoundingClientRect();
             const boxed = each.closest(".scroll, svg, .skip, .unseen, #panel");
             return place.width && !boxed && (place.right > innerWidth + 1 || place.left < -1);
           }).map((each) => each.outerHTML.slice(0, 80))"""
    )
    assert beyond == []


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing_serious(memo: Path, opened: Any, dark: bool) -> None:
    """Contrast, names, landmarks, headings, tables and what the keyboard reaches, all evidence unfolded."""
    _audit(opened(memo, 800, dark=dark, bypass_csp=True).page)


@pytest.mark.parametrize("width", [360, 1400])
def test_axe_finds_nothing_serious_at_any_width(saved: Saved, opened: Any, width: int) -> None:
    _audit(opened(saved(RATED), width, bypass_csp=True).page)


def _audit(page: Any) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")
    page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
    found = axe.Axe().run(page).response
    assert len(found["passes"]) > 30
    grave = [
        (v["id"], v["nodes"][0]["html"])
        for v in found["violations"]
        if v["impact"] in ("serious", "critical")
    ]
    assert grave == []


def test_the_verdict_stays_in_sight(saved: Saved, opened: Any) -> None:
    """Scrolled down to the sources, the bar still says what page one says."""
    page = opened(saved(RATED)).page
    first = " ".join(page.locator("main").inner_text().split())
    page.locator("#documents").scroll_into_view_if_needed()
    bar = page.get_by_role("region", name="Verdict at a glance")
    assert bar.bounding_box()["y"] == 0
    shown = re.fullmatch(
        r"(\S+) engines (\S+) (\w+) risks (\S+) (\w+) coverage (\S+) confidence (\w)",
        " ".join(bar.inner_text().split()),
    )
    assert shown, bar.inner_text()
    verdict, engines, met, risks, high, coverage, confidence = shown.groups()
    assert f"{verdict}, second best of five ratings" in first
    scores = f"Conditions score {engines} ({met}); risks score {risks} ({high})"
    assert f"{scores}; evidence coverage {coverage}" in first
    assert f"Confidence {confidence}" in first


def test_what_a_link_leads_to_is_not_under_the_verdict(saved: Saved, opened: Any) -> None:
    for width in WIDTHS:
        page = opened(saved(RATED), width).page
        page.locator("nav a", has_text="Risks").click()
        bar = page.locator(".sticky").bounding_box()
        assert page.locator("#risks-title").bounding_box()["y"] >= bar["height"]


@pytest.mark.parametrize("width", WIDTHS)
def test_charts_can_be_read_at_any_width(memo: Path, opened: Any, width: int) -> None:
    """No letter of a chart is smaller than seven pixels; a large chart scrolls in its own box."""
    page = opened(memo, width).page
    small = page.evaluate(
        """() => [...document.querySelectorAll("figure svg")].flatMap((svg) => {
             const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
             const texts = [...svg.querySelectorAll("text")];
             const sizes = texts.map((each) => parseFloat(getComputedStyle(each).fontSize));
             const least = Math.min(...sizes) * scale;
             return least < 7 ? [svg.id + " " + least] : [];
           })"""
    )
    assert small == []
    assert page.locator("figure svg").count() > 3


def test_a_large_chart_is_scrolled_by_the_keyboard(saved: Saved, opened: Any) -> None:
    page = opened(saved(RATED), 360).page
    box = page.locator("figure.large .scroll").first
    box.focus()
    before = box.evaluate("(each) => each.scrollLeft")
    page.keyboard.press("ArrowLeft")
    page.wait_for_timeout(400)  # it glides
    assert box.evaluate("(each) => each.scrollLeft") < before


def test_a_chart_of_the_past_opens_at_today_and_the_verdict_table_where_the_thesis_stands(
    saved: Saved, opened: Any
) -> None:
    """On a phone and without script; on a wide window a chart stands at the left as the rest does."""
    page = opened(saved(RATED), 360, script=False).page
    for chart, seen in (("scorecard", "15 Oct"), ("matrix", "")):
        box = page.locator("figure.large .scroll").filter(has=page.locator(f"#chart-{chart}")).bounding_box()
        drawing = page.locator(f"#chart-{chart}")
        mark = drawing.get_by_text(seen, exact=True) if seen else drawing.locator("path").last
        place = mark.bounding_box()
        assert box["x"] <= place["x"]
        assert place["x"] + place["width"] <= box["x"] + box["width"]
    wide = opened(saved(RATED), 1400).page
    assert wide.locator("#chart-matrix").bounding_box()["x"] == wide.locator("main").bounding_box()["x"]


# tables on a phone -----------------------------------------------------------------------------------


def test_the_mark_of_a_note_stays_with_its_figure_when_the_table_is_scrolled(
    saved: Saved, opened: Any
) -> None:
    page = opened(saved(RATED), 360).page
    places = """(by) => {
      const box = document.querySelectorAll("table.measures")[1].closest(".scroll");
      box.scrollLeft = by;
      const mark = box.querySelector("td.num sup"), cell = mark.closest("td");
      return [mark.getBoundingClientRect().left - cell.getBoundingClientRect().left, box.scrollLeft];
    }"""
    (at, start), (then, scrolled) = page.evaluate(places, 0), page.evaluate(places, 90)
    assert (start, scrolled) == (0, 90)
    assert then == pytest.approx(at, abs=0.5)
    name = page.locator("table.measures").nth(1).locator("tbody th").nth(1)
    name.evaluate("(each) => each.scrollIntoView({block: 'center'})")
    place = name.bounding_box()
    hit = "([x, y]) => document.elementFromPoint(x, y).closest('th, td').tagName"
    for x in range(round(place["x"]) + 2, round(place["x"] + place["width"]) - 2, 4):
        assert page.evaluate(hit, [x, place["y"] + 12]) == "TH"


def test_the_title_of_a_table_is_read_whole_on_a_phone(saved: Saved, kept: Any, opened: Any) -> None:
    page = opened(saved(LATER, kept.kept, draw=True), 360).page
    page.evaluate("for (const each of document.querySelectorAll('.scroll')) each.scrollLeft = 150")
    beyond = page.evaluate(
        """() => [...document.querySelectorAll("caption:not(.unseen)")].filter((each) => {
             const range = document.createRange();
             range.selectNodeContents(each);
             const place = range.getBoundingClientRect();
             return place.left < 0 || place.right > innerWidth;
           }).map((each) => each.textContent)"""
    )
    assert beyond == []


def test_a_score_of_a_forecast_is_on_one_line_on_paper_too(saved: Saved, kept: Any, opened: Any) -> None:
    page = opened(saved(LAST, kept.kept), 700).page
    page.emulate_media(media="print")
    scores = page.locator("#forecasts tbody td .day", has_text=re.compile(r"^(Brier|RPS) "))
    assert scores.count() >= 1
    wraps = scores.evaluate_all("(all) => all.map((each) => getComputedStyle(each).whiteSpace)")
    assert set(wraps) == {"nowrap"}


@pytest.mark.parametrize("width", [800, 1400])
def test_a_name_without_a_space_leaves_room_for_the_figures(
    width: int, folder_pack: Any, saved: Saved, opened: Any
) -> None:
    thesis = (ACME / "thesis.yaml").read_text("utf-8").replace("name: Repairs grow", f"name: {'W' * 140}")
    page = opened(saved(RATED, folder_pack({"thesis.yaml": thesis})), width).page
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for heading in page.locator("#scorecard table").first.locator("thead th").all():
        place = heading.bounding_box()
        assert place["x"] + place["width"] <= width


def test_where_the_labels_of_a_score_change_can_be_seen_on_its_bar(saved: Saved, opened: Any) -> None:
    """The quarters stand out from the track, and the track from the page."""
    for dark in (False, True):
        page = opened(saved(RATED), dark=dark).page
        track, mark, paper = page.evaluate(
            """() => { const bar = document.querySelector(".bar"), of = (each) => getComputedStyle(each);
                 return [of(bar).backgroundColor, of(bar.querySelector("path")).stroke,
                         of(document.body).backgroundColor]; }"""
        )
        assert _contrast(track, paper) > 1.35
        assert _contrast(mark, track) > 3


def _contrast(one: str, other: str) -> float:
    """Of two colours as a browser tells them, by the rule of WCAG."""

    def light(colour: str) -> float:
        parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((light(one), light(other)))
    return (high + 0.05) / (low + 0.05)


# evidence --------------------------------------------------------------------------------------------


def test_without_script_every_note_lands_on_its_evidence(memo: Path, opened: Any) -> None:
    """The browser itself unfolds what a link leads to; and every way back leads to the figure."""
    page = opened(memo, script=False).page
    numbers = dict.fromkeys(page.locator("a.note").all_inner_texts())
    assert len(numbers) >= 4
    for number in numbers:
        page.locator(f"#r{number}").click()
        note = page.locator(f"#n{number}")
        assert note.is_visible()
        assert page.url.endswith(f"#n{number}")
        bar, place = page.locator(".sticky").bounding_box(), note.bounding_box()
        assert bar["height"] <= place["y"] < 900
        page.locator(f"#n{number} .back a").click()
        assert page.url.endswith(f"#r{number}")
        assert 0 <= page.locator(f"#r{number}").bounding_box()["y"] < 900


def test_with_script_a_notes_evidence_opens_beside_the_figure(memo: Path, opened: Any) -> None:
    """The same words as at the end, in place; Escape closes it and the figure has the focus again."""
    window = opened(memo)
    page, panel = window.page, window.page.locator("#panel")
    for number in dict.fromkeys(page.locator("a.note").all_inner_texts()):
        before = page.url
        page.locator("a.note", has_text=re.compile(f"^{number}$")).last.focus()
        page.keyboard.press("Enter")
        assert panel.is_visible()
        assert page.url == before
        shown = page.evaluate("document.querySelector('#panel > div').textContent")
        note = page.evaluate(f"document.querySelector('#n{number}').textContent")
        assert shown.partition("Where it stands")[0] == note.partition("Back to figure")[0]
        page.keyboard.press("Escape")
        assert not panel.is_visible()
        assert page.evaluate("document.activeElement.className") == "note"
    assert window.said == []


def test_from_the_panel_one_gets_to_all_evidence(saved: Saved, opened: Any) -> None:
    page = opened(saved(RATED)).page
    page.locator("#scorecard a.note").first.click()
    page.locator("#panel a", has_text="Where it stands").click()
    assert not page.locator("#panel").is_visible()
    assert page.locator("#n3").is_visible()
    assert page.url.endswith("#n3")


def test_evidence_unfolds_by_mouse_and_by_keyboard(saved: Saved, opened: Any) -> None:
    page = opened(saved(RATED)).page
    first, second = page.locator(".evidence summary").nth(0), page.locator(".evidence summary").nth(1)
    first.click()
    assert page.locator("#n1").is_visible()
    second.focus()
    page.keyboard.press("Enter")
    assert page.locator("#n2").is_visible()
    page.keyboard.press("Enter")
    assert not page.locator("#n2").is_visible()


def test_the_keyboard_gets_past_the_top_and_shows_where_it_is(saved: Saved, opened: Any) -> None:
    page = opened(saved(RATED)).page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "To the memo"
    assert page.locator(".skip").bounding_box()["x"] >= 0
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    inside = "document.querySelector('main').contains(document.activeElement)"
    assert page.evaluate(inside)
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"


# paper -----------------------------------------------------------------------------------------------


def test_printed_from_the_browser_all_evidence_is_open(saved: Saved, opened: Any) -> None:
    """Page one by itself, the pack and the day at the foot of each page, nothing folded and no sliders."""
    pypdf = pytest.importorskip("pypdf")
    made = opened(saved(RATED)).page.pdf(prefer_css_page_size=True)
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(made)).pages]
    assert "Bottom line." in pages[0]
    assert "Conditions score" in pages[0]
    assert "Scorecard and kill criteria" not in pages[0]
    assert "Scorecard and kill criteria" in pages[1]
    assert "Accounts are restated" in pages[1]
    whole = re.sub(r"\s+", " ", " ".join(pages))
    assert "ttm(intl.operating_income + charges.intl) / ttm(intl.net_sales)" in whole
    assert "What if?" not in whole
    for number, page in enumerate(pages, 1):
        assert re.search(r"amzn-4t [0-9a-f]{8}, seen from 15 Oct 2026", page)
        assert f"{number} / {len(pages)}" in page


# what somebody wrote ---------------------------------------------------------------------------------


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_nothing_that_somebody_wrote_runs(
    delivered: Any, hostile: Path, tmp_path: Path, opened: Any, script: bool
) -> None:
    """Every part of the page is opened and moved, and nothing pops up, loads or complains."""
    file = tmp_path / "hostile.html"
    file.write_text(delivered(UNRATED, hostile).html(), encoding="utf-8")
    window = opened(file, script=script)
    page = window.page
    for summary in page.locator("summary").all():
        summary.click()
    for mark in page.locator("a.note").all() if script else []:
        mark.click()
        page.keyboard.press("Escape")
    for slider in page.locator("input[type=range]").all() if script else []:
        slider.focus()
        page.keyboard.press("ArrowRight")
    assert (window.popped, window.said) == ([], [])
    assert window.asked == [file.as_uri()]
    assert page.locator("img, iframe, b b").count() == 0
    assert "<script>alert(1)</script>" in page.locator("h1").inner_text()
