"""A real Chromium for the HTML memo: Debian's own, found on the path; without one these tests skip."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Dialog, Page

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip

Open = Callable[..., "Opened"]


class Opened(NamedTuple):
    """A page with what it said on the console, what it asked the network for, and what popped up."""

    page: Page
    said: list[str]
    asked: list[str]
    popped: list[str]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    found = next((path for path in map(shutil.which, NAMES) if path), None)
    if found is None:
        pytest.skip("there is no Chromium: apt install chromium")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def opened(chromium: Browser) -> Iterator[Open]:
    """``opened(file, width=360, dark=True, script=False)``: a file in a window of its own."""
    contexts: list[BrowserContext] = []

    def call(
        file: Path, width: int = 1200, *, dark: bool = False, script: bool = True, **more: Any
    ) -> Opened:
        context = chromium.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            java_script_enabled=script,
            **more,
        )
        contexts.append(context)
        window = Opened(context.new_page(), [], [], [])

        def popped(dialog: Dialog) -> None:
            window.popped.append(dialog.message)
            dialog.dismiss()

        window.page.on("console", lambda message: window.said.append(f"{message.type}: {message.text}"))
        window.page.on("pageerror", lambda error: window.said.append(f"error: {error}"))
        window.page.on("request", lambda request: window.asked.append(request.url))
        window.page.on("dialog", popped)
        window.page.goto(file.as_uri())
        return window

    yield call
    for context in contexts:
        context.close()
