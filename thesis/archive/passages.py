"""Quotes and words in the text of a document, each with its place.

A quote is found whatever white space, line ends, soft hyphens, quotation marks and dashes it was copied
with, and across the hyphen at the end of a line. Letters and digits have to be those of the document, in
their case, and parted into words as there.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from thesis.archive.document_text import PLAIN, DocumentText, fold_text

LONGEST_QUOTE = 4_000  # characters
MOST_SHOWN = 400  # characters of a passage that words were found in


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
    pattern = _pattern(quote)
    found = re.finditer(pattern, document.plain) if pattern else ()
    return [_passage(document, match.start(), match.end()) for match in found]


def find_words(document: DocumentText, words: Sequence[str], *, every: bool = True) -> Iterator[Passage]:
    """The paragraphs in which words stand, in order, cut to what is around the first of them.

    Each of ``words`` is the beginning of a word or several words, in any case, and may go on over the end of
    a paragraph; ``every``: all of them have to begin in the paragraph, else any. Errors: ``ValueError`` for
    one longer than ``LONGEST_QUOTE``.
    """
    patterns = [pattern for word in words if (pattern := _pattern(word))]
    first: list[dict[int, tuple[int, int]]] = [{} for _ in patterns]
    for pattern, places in zip(patterns, first, strict=True):
        for match in re.finditer(rf"(?<!\w){pattern}", document.plain, re.IGNORECASE):
            places.setdefault(bisect_right(document.starts, match.start()) - 1, match.span())
    wanted = set.intersection if every else set.union
    for i in sorted(wanted(*map(set, first))) if patterns else ():
        found = min(places[i] for places in first if i in places)
        yield _around(document, i, *found)


def _pattern(text: str) -> str:
    """What matches a text in any document; empty where it has no letter or digit."""
    if len(text) > LONGEST_QUOTE:
        raise ValueError(f"expected a quote of at most {LONGEST_QUOTE:,} characters, found {len(text):,}")
    folded = fold_text(text).translate(PLAIN)
    if not any(c.isalnum() for c in folded):
        return ""
    parts: list[str] = []
    before, is_apart = "", False
    for c in folded:
        if c == " ":
            is_apart = True
            continue
        is_word = before.isalnum() and c.isalnum()
        parts += ["" if not before else (r"\s" if is_apart else "(?:-\n)?") if is_word else r"(?:-?\n|\s)?"]
        parts.append(re.escape(c))
        before, is_apart = c, False
    return "".join(parts)


def _around(document: DocumentText, i: int, start: int, end: int) -> Passage:
    """The paragraph in which something stands, or as much around it as is shown, cut between words."""
    text, starts = document.text, document.starts
    first = starts[i]
    last = max(end, starts[i + 1] - 1 if i + 1 < len(starts) else len(text))
    if last - first > MOST_SHOWN:
        if start - MOST_SHOWN // 3 > first:
            first = start - MOST_SHOWN // 3
            first = text.find(" ", first, start) + 1 or first
        if first + MOST_SHOWN < last:
            last = max(text.rfind(" ", end, first + MOST_SHOWN), end)
    return _passage(document, first, last)


def _passage(document: DocumentText, start: int, end: int) -> Passage:
    text = document.text[start:end].replace("\n", " ")
    return Passage(start, end - start, document.line(start), document.page(start), text)
