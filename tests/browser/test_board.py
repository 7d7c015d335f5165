"""The board's page in a real Chromium, where there is one: nothing asked for, nothing cut off."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.board.conftest import Theses, _made, every_kind  # noqa: F401  # fixtures of these tests too

pytestmark = pytest.mark.slow

WIDTHS = (360, 800, 1400)


@pytest.fixture
def file(every_kind: Theses, tmp_path: Path) -> Path:  # noqa: F811  # the fixture
    """The page of a board with a thesis of every kind."""
    out = tmp_path / "board.html"
    assert every_kind.do("board", ".", "--out", str(out)).code == 1
    return out


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", WIDTHS)
def test_it_holds_at_every_width_asks_for_nothing_and_can_be_read_by_all(
    width: int, dark: bool, opened: Any, file: Path
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-core is not installed")
    window = opened(file, width, dark=dark, bypass_csp=True)
    page = window.page
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    outside = page.evaluate(
        "[...document.querySelectorAll('td span, th, li, h1, h2')]"
        ".filter(e => e.getBoundingClientRect().right > innerWidth + 1).map(e => e.textContent)"
    )
    assert outside == []
    assert (window.said, window.asked) == ([], [file.as_uri()])
    found = axe.Axe().run(page).response["violations"]
    assert [(each["id"], each["impact"]) for each in found] == []


def test_a_heading_stands_over_each_cell_on_a_phone_and_over_each_column_on_a_desk(
    opened: Any, file: Path
) -> None:
    page = opened(file, 360).page
    label = "getComputedStyle(document.querySelector('td.worse'), '::before').content"
    assert page.evaluate(label) == '"worse"'
    page.set_viewport_size({"width": 1400, "height": 900})
    assert page.evaluate(label) == "none"
    heads = page.evaluate(
        "[...document.querySelectorAll('thead th')].map(e => e.getBoundingClientRect().left)"
    )
    per_group = [heads[i : i + 11] for i in range(0, len(heads), 11)]
    assert all(
        group == per_group[0] for group in per_group
    )  # the columns of all groups stand under one another


def test_no_figure_is_broken_and_an_empty_group_has_none(opened: Any, file: Path) -> None:
    """At the width at which columns are narrowest, each figure and each date stands on one line."""
    page = opened(file, 1000).page
    broken = page.evaluate(
        """() => [...document.querySelectorAll("td .whole")].filter((each) => {
             const range = document.createRange();
             range.selectNodeContents(each);
             return new Set([...range.getClientRects()].map((place) => Math.round(place.top))).size > 1;
           }).map((each) => each.textContent)"""
    )
    told = page.evaluate("[...document.querySelectorAll('td .whole')].map((each) => each.textContent)")
    assert broken == []
    assert any(each.startswith("2026Q") for each in told)
    assert any(each.startswith("+") for each in told)
    for group in page.locator("p.none").all():
        assert group.inner_text() == "None."


def test_details_open_by_keyboard_and_on_paper(opened: Any, file: Path) -> None:
    page = opened(file, 1400).page
    summary = page.locator("summary").first
    summary.focus()
    page.keyboard.press("Enter")
    assert page.locator("details[open] dl").first.is_visible()
    page.emulate_media(media="print")
    shown = page.evaluate(
        "[...document.querySelectorAll('dl')].every(e => e.getBoundingClientRect().height > 0)"
    )
    assert shown
    assert not page.locator("nav").is_visible()
