"""What is written by the program: whole pages, sections of others, and what the examples print."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from scripts.docs.commands import commands
from scripts.docs.examples import has_examples, performed
from scripts.docs.glossary import glossary
from scripts.docs.markdown import NOTICE, with_sections
from scripts.docs.modules import libraries
from scripts.docs.problems import problems
from scripts.docs.sections import SECTIONS
from scripts.docs.shapes import pack_pages, review_page
from scripts.docs.standard import standard_pages

DOCS = Path(__file__).parents[2] / "docs"
FILES = DOCS / "files"  # beside them, what a page's examples read: a folder by the page's name


def whole_pages() -> dict[Path, str]:
    """The pages that nobody edits."""
    reference = DOCS / "reference"
    single: Mapping[str, Callable[[], str]] = {
        "commands.md": commands,
        "glossary.md": glossary,
        "problems.md": problems,
        "review-file.md": review_page,
    }
    found = {reference / name: write() for name, write in single.items()}
    found |= {reference / "pack" / name: text for name, text in pack_pages().items()}
    found |= {reference / "standard" / name: text for name, text in standard_pages().items()}
    return found | {reference / "python" / name: text for name, text in libraries().items()}


def written_by_hand() -> Iterator[Path]:
    """The other pages: those without the notice that nobody edits them."""
    for page in sorted(DOCS.rglob("*.md")):
        if FILES not in page.parents and not page.read_text(encoding="utf-8").startswith(NOTICE):
            yield page


def sections_renewed(text: str) -> str:
    """A page by hand with its sections as they are now."""
    return with_sections(text, SECTIONS)


def examples_renewed(page: Path, text: str, folder: Path) -> str:
    """A page by hand with what its commands print now, run in a folder that is not there yet."""
    if not has_examples(text):
        return text
    files = FILES / page.stem
    return performed(page, text, folder, files if files.is_dir() else None)


def renew() -> list[Path]:
    """Bring every page up to date; those that changed."""
    changed = []
    for page, text in whole_pages().items():
        changed += _write(page, text)
    for page in written_by_hand():
        with tempfile.TemporaryDirectory() as place:
            text = sections_renewed(page.read_text(encoding="utf-8"))
            changed += _write(page, examples_renewed(page, text, Path(place) / "work"))
    return changed


def _write(page: Path, text: str) -> list[Path]:
    if page.exists() and page.read_text(encoding="utf-8") == text:
        return []
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(text, encoding="utf-8")
    return [page]
