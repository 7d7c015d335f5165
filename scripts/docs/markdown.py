"""Markdown: the few forms that generated pages are made of, right on GitHub and in the site alike."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

NOTICE = "<!-- Written by `python -m scripts.docs`: edit the source that it names, not this page. -->"

_MARKED = re.compile(r"(<!-- ([a-z][a-z0-9-]*) -->\n)(.*?)(<!-- /\2 -->)", re.DOTALL)
_SPECIAL = re.compile(r"([\[\]*<|])")
_CODE = re.compile(r"(``?)(.+?)\1", re.DOTALL)


def page(title: str, source: str, *parts: str) -> str:
    """A whole page. ``source`` says where its words come from."""
    head = f"{NOTICE}\n<!-- Source: {source}. -->\n\n# {title}"
    return "\n\n".join([head, *(part.strip("\n") for part in parts if part.strip())]) + "\n"


def fenced(text: str, language: str = "text") -> str:
    """A block that is shown as it is."""
    marks = "`" * max(3, *(len(run) + 1 for run in [*re.findall(r"`{3,}", text), ""]))
    return f"{marks}{language}\n{text.strip(chr(10))}\n{marks}"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def prose(text: str) -> str:
    """Plain words as Markdown: what stands in backticks is code, and nothing else has a meaning."""
    told, start = [], 0
    for found in _CODE.finditer(text):
        told.append(_SPECIAL.sub(r"\\\1", text[start : found.start()]))
        told.append(f"`{found[2]}`")
        start = found.end()
    return "".join([*told, _SPECIAL.sub(r"\\\1", text[start:])])


def with_sections(text: str, sections: Mapping[str, Callable[[], str]]) -> str:
    """A page with what stands between ``<!-- name -->`` and ``<!-- /name -->`` written anew.

    What nobody writes anew stays as it is.
    """

    def renewed(found: re.Match[str]) -> str:
        write = sections.get(found[2])
        return f"{found[1]}{write()}\n{found[4]}" if write else found[0]

    return _MARKED.sub(renewed, text)
