"""The glossary: README's table of words, on a page of its own."""

from __future__ import annotations

import re
from pathlib import Path

from scripts.docs.markdown import page, table

README = Path(__file__).parents[2] / "README.md"
INTRO = "One word, one meaning: in the program, in what it prints, and on these pages."
_ROW = re.compile(r"^\| (?!word |---)(.+?) \| (.+?) \|$", re.MULTILINE)


def glossary() -> str:
    """The page, its words by the letter."""
    rows = sorted(words(), key=lambda row: row[0].lower())
    return page("Glossary", 'README.md, "Words"', INTRO, table(["word", "means"], rows))


def words() -> list[tuple[str, str]]:
    """Each word with its meaning, in README's order, from the simplest on."""
    section = README.read_text(encoding="utf-8").split("\n## Words\n")[1].split("\n## ")[0]
    return [(found[1], found[2]) for found in _ROW.finditer(section)]
