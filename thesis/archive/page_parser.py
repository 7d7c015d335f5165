"""Markup taken apart into tags and texts, in one pass and whether or not its tags are closed."""

from __future__ import annotations

import re
from collections.abc import Iterator

_TAG = re.compile(r"(/?)([a-zA-Z][a-zA-Z0-9:_.-]*)")
_UNSEEN = re.compile(r"(?:script|style|title)$", re.IGNORECASE)


def markup_pieces(text: str) -> Iterator[tuple[int, str, str]]:
    """Texts and tags in order: the line, the tag's name in small letters, and what it holds.

    A text has no name, and the name of an end tag begins with a slash. Comments, and what stands in
    ``script``, ``style`` and ``title``, are left out. One pass forward: what is never closed ends the page.
    """
    at, line, counted = 0, 1, 0
    while at < len(text):
        opened = text.find("<", at)
        end = opened if opened >= 0 else len(text)
        if end > at:
            yield line, "", text[at:end]
        if opened < 0:
            return
        line += text.count("\n", counted, opened)
        counted = opened
        is_comment = text.startswith("<!--", opened)
        closed = text.find("-->", opened) + 2 if is_comment else text.find(">", opened)
        if closed < opened:
            return
        tag = None if is_comment else _TAG.match(text, opened + 1)
        at = closed + 1
        if tag is None:
            continue
        name = tag[2].lower()
        if _UNSEEN.match(name) and not tag[1]:
            ended = re.compile(f"</{name}", re.IGNORECASE).search(text, at)
            at = ended.start() if ended else len(text)
            continue
        yield line, tag[1] + name, text[tag.end() : closed]
