"""The site builds without the network and without a warning, and asks for nothing when it is read."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.docs.conftest import DOCS, PAGES

NEEDED = ("sphinx", "myst_parser", "furo")
MISSING = [module for module in NEEDED if find_spec(module) is None]
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        bool(MISSING), reason=f"{', '.join(MISSING)} not installed: pip install 'thesis[docs]'"
    ),
]
NOBODY = "http://127.0.0.1:9"
_ASKED_FOR = re.compile(
    r"""<(?:script|img|iframe|source|link)\b[^>]*?\b(?:src|href)=["']?((?:https?:)?//[^"'\s>]+)"""
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built where every way out leads nowhere."""
    folder = tmp_path_factory.mktemp("site")
    ways_out = ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
    built = subprocess.run(
        [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", str(DOCS), str(folder)],
        env={**os.environ, **dict.fromkeys(ways_out, NOBODY), "NO_PROXY": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (built.returncode, built.stderr) == (0, "")
    return folder


def test_every_page_is_built(site: Path) -> None:
    for page in PAGES:
        assert (site / page.relative_to(DOCS)).with_suffix(".html").exists()


def test_a_page_asks_nobody_for_anything(site: Path) -> None:
    """No script, style, picture or font comes from elsewhere."""
    for page in site.rglob("*.html"):
        assert _ASKED_FOR.findall(page.read_text(encoding="utf-8")) == []
    for style in site.rglob("*.css"):
        text = style.read_text(encoding="utf-8")
        assert not re.search(r"""(?:url\(|@import)\s*["']?(?:https?:)?//""", text), style


def test_what_stands_on_the_pages_is_found(site: Path) -> None:
    """The index of the search is a script beside the pages, so that it works from a folder as well."""
    index = (site / "searchindex.js").read_text(encoding="utf-8")
    assert index.startswith("Search.setIndex(")
    assert "sustain" in index
    assert "how-to/quarterly-review" in index


def test_the_changelog_and_the_decisions_are_there_by_reference(site: Path) -> None:
    """They are the files of the repository, and no copies of them."""
    assert "For readers of memos" in (site / "changes.html").read_text(encoding="utf-8")
    assert "One paragraph for each choice" in (site / "decisions.html").read_text(encoding="utf-8")
    assert (DOCS / "changes.md").stat().st_size < 100
