"""The pages hang together: every link leads somewhere, every page is in a list, every number is reckoned."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest

from tests.docs.conftest import DOCS, PAGES, anchors, name, words

_LINK = re.compile(r"\]\(([^)\s]+)\)")
_LISTED = re.compile(r"```\{toctree\}\n(.*?)```", re.DOTALL)
_RECKONED = re.compile(r"^```pycon\n(.*?)^```$", re.MULTILINE | re.DOTALL)
METHOD = [
    page for page in PAGES if ">>>" in page.read_text(encoding="utf-8") and page.parent.name == "method"
]


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_link_leads_to_a_page_and_a_heading_of_it(page: Path) -> None:
    lost = []
    for link in _LINK.findall(words(page)):
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if link.startswith(("https://", "http://")):
            continue
        if not target.is_file() or (anchor and anchor not in anchors(target)):
            lost.append(link)
    assert lost == []


def test_every_page_is_in_a_list() -> None:
    """Whoever adds a page adds it to the toctree of its folder's index, and it is found."""
    listed = {DOCS / "index.md"}
    for page in PAGES:
        for block in _LISTED.findall(page.read_text(encoding="utf-8")):
            entries = [line for line in block.splitlines() if line and not line.startswith(":")]
            listed |= {(page.parent / f"{entry}.md").resolve() for entry in entries}
    assert sorted(name(page) for page in PAGES if page not in listed) == []


@pytest.mark.parametrize("page", METHOD, ids=name)
def test_the_numbers_of_the_method_are_reckoned_again(page: Path) -> None:
    """Every line that begins with >>> gives what stands under it."""
    blocks = _RECKONED.findall(page.read_text(encoding="utf-8"))
    names: dict[str, object] = {}
    runner = doctest.DocTestRunner(verbose=False)
    told: list[str] = []
    for block in blocks:
        test = doctest.DocTestParser().get_doctest(block, names, name(page), str(page), 0)
        runner.run(test, out=told.append, clear_globs=False)
        names = test.globs
    assert runner.failures == 0, "".join(told)
    assert runner.tries >= len(blocks)


def test_the_method_is_reckoned_on_most_of_its_pages() -> None:
    assert len(METHOD) >= 6
