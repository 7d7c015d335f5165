"""A check of the texts of a pack for characters that act on a screen instead of standing for text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from thesis.core.controls import acting_characters
from thesis.core.problem import Problem, SourceSpan

if TYPE_CHECKING:
    from thesis.facts.fact import FactStore
    from thesis.files.yaml import Path_, SourceDocument

HINT = "leave it out; the program never prints it as it is, and other programs that show this file may"


def control_characters(documents: Iterable[SourceDocument], facts: FactStore) -> Iterator[Problem]:
    """A warning for each text in the files of a pack, and each row of its facts, that holds some."""
    for document in documents:
        for path, text in _texts(document.value):
            yield from _warning(text, document.span(path))
    for _, file, line, cells in facts.each():
        yield from _warning("".join(cells), SourceSpan(facts.shown + file, line, 1))


def _warning(text: str, span: SourceSpan) -> Iterator[Problem]:
    found = list(dict.fromkeys(acting_characters(text)))
    if found:
        told = " and ".join(found) if len(found) < 3 else f"{found[0]} and {len(found) - 1} more"
        message = f"a text with {told}, which acts on a screen instead of standing for a letter"
        yield Problem("control-character", message, span, HINT, "warning")


def _texts(value: Any, path: Path_ = ()) -> Iterator[tuple[Path_, str]]:
    """The texts of a document, keys among them, each with its path."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield (*path, key), str(key)
            yield from _texts(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _texts(item, (*path, index))
