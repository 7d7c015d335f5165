"""Quotes and words in the text of a document, each with its place.

A quote is found whatever white space, line ends, soft hyphens, quotation marks and dashes it was copied
with, and across the hyphen at the end of a line. Letters and digits have to be those of the document, in
their case.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from thesis.library.document_text import PLAIN, DocumentText, fold_text

LONGEST_QUOTE = 4_000  # characters
MOST_SHOWN = 400  # characters of a passage that words were found in
_JOINT = r"(?:-?\n| )?"  # what may stand between two characters of a quote


class Passage(NamedTuple):
    """A piece of a document's text.

    ``offset`` counts characters of ``DocumentText.text`` and ``line`` its lines; ``page`` is 0 where the
    document has no breaks between pages. ``text`` is the document's own, without line ends.
    """

    offset: int
    length: int
    line: int
    page: int
    text: str

    @property
    def place(self) -> str:
        """Where it stands, for people: ``page 3, line 120``."""
        return f"page {self.page}, line {self.line}" if self.page else f"line {self.line}"


def find_quote(document: DocumentText, quote: str) -> list[Passage]:
    """Every place where a quote stands, in order; none where it does not, or where it has no letter or digit.

    Errors: ``ValueError`` for one longer than ``LONGEST_QUOTE``.
    """
    if len(quote) > LONGEST_QUOTE:
        raise ValueError(f"expected a quote of at most {LONGEST_QUOTE:,} characters, found {len(quote):,}")
    pattern = _pattern(quote)
    if pattern is None:
        return []
    found = re.finditer(pattern, document.plain)
    return [_passage(document, match.start(), match.end()) for match in found]


def find_words(document: DocumentText, words: Sequence[str], *, every: bool = True) -> Iterator[Passage]:
    """The paragraphs in which words stand, in order, cut to what is around the first of them.

    Each of ``words`` is a word's beginning or several words, in any case; ``every``: all of them have to
    stand in the paragraph, else any.
    """
    patterns = [pattern for word in words if (pattern := _word_pattern(word))]
    if not patterns:
        return
    for start, text in document.paragraphs():
        plain = document.plain[start : start + len(text)]
        found = [match.start() for pattern in patterns if (match := pattern.search(plain))]
        if len(found) == len(patterns) if every else found:
            first, last = _window(text, min(found))
            yield _passage(document, start + first, start + last)


def _pattern(quote: str) -> str | None:
    folded = fold_text(quote).translate(PLAIN)
    if not any(c.isalnum() for c in folded):
        return None
    return _JOINT.join(re.escape(c) for c in folded if c != " ")


def _word_pattern(word: str) -> re.Pattern[str] | None:
    parts = fold_text(word).translate(PLAIN).split()
    if not parts:
        return None
    before = r"(?<!\w)" if parts[0][0].isalnum() else ""
    return re.compile(before + r"\s".join(map(re.escape, parts)), re.IGNORECASE)


def _window(text: str, found: int) -> tuple[int, int]:
    """The part of a paragraph around a place, cut between words."""
    if len(text) <= MOST_SHOWN:
        return 0, len(text)
    first = max(0, min(found - MOST_SHOWN // 3, len(text) - MOST_SHOWN))
    last = first + MOST_SHOWN
    first = (first and text.find(" ", first, found) + 1) or first
    last = last if last >= len(text) else max(text.rfind(" ", found, last), found + 1)
    return first, last


def _passage(document: DocumentText, start: int, end: int) -> Passage:
    text = document.text[start:end].replace("\n", " ")
    return Passage(start, end - start, document.line(start), document.page(start), text)
