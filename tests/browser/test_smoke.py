"""The memo in a real browser, in the default tier: the rest of what a page must do there is slow."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def test_a_memo_opens_fits_a_phone_and_shows_a_figures_evidence(
    delivered: Any, opened: Any, tmp_path: Path
) -> None:
    file = tmp_path / "memo.html"
    file.write_text(delivered("2026-10-15").html(), encoding="utf-8")
    window = opened(file, 360)
    page = window.page
    assert page.locator("figure svg").count() > 3
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.locator("#scorecard a.note").first.click()
    assert page.locator("#panel").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator("#panel").is_visible()
    assert (window.said, window.popped, window.asked) == ([], [], [file.as_uri()])
