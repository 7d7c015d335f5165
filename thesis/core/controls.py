r"""Characters that act on a screen instead of standing for text, and how they are shown.

Control characters move the cursor, change colours or the title of a window; overrides and embeddings of the
writing direction make a text read otherwise than it is (https://www.unicode.org/reports/tr9/). They are shown
as what they are, ``\x1b`` and ``[U+202E]``, on every way out of the program: terminal, text files, pages,
workbook. Line feeds and tabs stay. So do isolates, the left-to-right and right-to-left marks and the joiners,
which Hebrew and Arabic names and emoji need and which cannot reach beyond their own text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# Controls (C0 and C1), embeddings and overrides, separators of lines and paragraphs, and what no UTF-8 holds.
_ACTING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2028\u2029\ud800-\udfff\ufffe\uffff]")


def show_controls(text: str) -> str:
    r"""A text of which nothing acts on a screen. Applied again it changes nothing.

    >>> print(show_controls("red \x1b[31m, turned \u202e round"))
    red \x1b[31m, turned [U+202E] round
    """
    return _ACTING.sub(_shown, text)


def acting_characters(text: str) -> Iterator[str]:
    """The characters of a text that act on a screen, as they are shown."""
    return map(_shown, _ACTING.finditer(text))


def json_escaped(text: str) -> str:
    r"""JSON that holds the same, with those characters as escapes: ``\u202e``."""
    return _ACTING.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _shown(found: re.Match[str]) -> str:
    point = ord(found[0])
    return f"\\x{point:02x}" if point < 0x100 else f"[U+{point:04X}]"
