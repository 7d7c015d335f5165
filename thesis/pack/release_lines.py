"""How a pack names a line of an earnings release's table.

``WW shipping costs`` is a line wherever it stands, ``AWS segment > Net sales`` the line of that name under
that heading. Several spellings, as they changed over the years, are set apart by ``|``.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

_FOOTNOTE = re.compile(r"\(\d{1,2}\)")
_LONGEST = 300  # characters; no line of a table is called more


class ReleaseLine(NamedTuple):
    """A line by the keys of its heading and its own words; the heading is empty where any will do."""

    heading: str
    words: str


@lru_cache(maxsize=4096)
def key(text: str) -> str:
    """What is compared of a label: letters, digits and percent signs, without marks of footnotes.

    Copies of one release differ in spaces, dashes and brackets, and in nothing else.

    >>> key("WWpaid units -- Y/Y growth (7)") == key("**WW paid units** — Y/Y growth")
    True
    """
    return "".join(c for c in _FOOTNOTE.sub("", text).casefold() if c.isalnum() or c == "%")


def parse_lines(text: str) -> tuple[ReleaseLine, ...]:
    """The lines that a text names. Errors: ``ValueError`` that says what was expected."""
    return tuple(_line(part, text) for part in text.split("|"))


def _line(part: str, whole: str) -> ReleaseLine:
    words = [key(word) for word in part.split(">")]
    if len(words) > 2 or not all(words) or len(part) > _LONGEST:
        raise ValueError(
            "expected a line of a release, like `WW shipping costs` or `AWS segment > Net sales`, found "
            + (f"`{(part.strip() or whole)[:_LONGEST]}`" if whole.strip() else "nothing")
        )
    return ReleaseLine(words[0], words[1]) if len(words) == 2 else ReleaseLine("", words[0])
