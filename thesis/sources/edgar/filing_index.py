"""The documents of one filing as EDGAR lists them, and which of them carry figures beside the report.

A page lists them with their types (``0001018724-25-000121-index.html``). The listing of the folder
(``index.json``) has names alone, of which the usual ones say what a document is: ``ex991.htm``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from thesis.core.problem import FileProblems
from thesis.sources.releases.tables import SourceTable, html_tables
from thesis.sources.strict_json import read_json

MOST_EXHIBITS = 4  # taken of one filing
MOST_LISTED = 2_000  # documents of one filing
RELEASE = "EX-99.1"
ANNUAL = "EX-13"

_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]{0,199}")
_READABLE = (".htm", ".html", ".txt")
_TYPES = (
    (RELEASE, re.compile(r"EX-99(?:\.0?1)?(?![0-9.])", re.IGNORECASE)),
    (ANNUAL, re.compile(r"EX-13(?:\.[0-9]{1,2})?(?![0-9.])", re.IGNORECASE)),
)
_NAMES = (
    (RELEASE, re.compile(r"ex(?:h|hibit)?[-_. ]?99(?:[-_.dx]?0?1)?(?![0-9]|[-_.][0-9])", re.IGNORECASE)),
    (ANNUAL, re.compile(r"ex(?:h|hibit)?[-_. ]?13(?:[-_.][0-9])?(?![0-9])", re.IGNORECASE)),
)


class FiledDocument(NamedTuple):
    """A document of a filing: the name of its file, and its type (``EX-99.1``), or nothing where not told."""

    name: str
    type: str


def read_filing_index(data: bytes, shown: str) -> list[FiledDocument]:
    """The documents that a page or a folder's listing names, in its order.

    Errors: ``InvalidInput`` where it is neither of the two.
    """
    flaws = FileProblems(shown)
    is_json = data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")
    found = list(_from_json(read_json(data, flaws)) if is_json else _from_page(data, flaws))[:MOST_LISTED]
    if not found:
        raise flaws.refuse_with("download", "expected the list of a filing's documents, and it names none")
    return found


def exhibits(form: str, listed: Sequence[FiledDocument]) -> list[FiledDocument]:
    """The exhibits that carry figures: of an 8-K the release (EX-99.1), of a report EX-13.

    Only pages and plain text, and no more than ``MOST_EXHIBITS``.
    """
    wanted = RELEASE if form.startswith("8-K") else ANNUAL
    readable = [each for each in listed if each.name.lower().endswith(_READABLE)]
    found = [each for each in readable if _kind(each) == wanted]
    return list(dict.fromkeys(found))[:MOST_EXHIBITS]


def _kind(document: FiledDocument) -> str:
    """Which exhibit a document is, by its type, or else by its name; nothing where it is none of these."""
    if document.type:
        return next((kind for kind, pattern in _TYPES if pattern.fullmatch(document.type.strip())), "")
    return next((kind for kind, pattern in _NAMES if pattern.search(document.name)), "")


def _from_page(data: bytes, flaws: FileProblems) -> Iterator[FiledDocument]:
    for table in html_tables(data.decode("utf-8", "replace"), flaws):
        yield from _from_table(table)


def _from_table(table: SourceTable) -> Iterator[FiledDocument]:
    """The documents of a table whose heads name ``Document`` and ``Type``."""
    heads: dict[str, int] = {}
    for row in table.rows:
        cells = {cell.start: cell.text for cell in row.cells}
        labels = {text.strip().lower(): place for place, text in cells.items()}
        if {"document", "type"} <= labels.keys():
            heads = labels
        elif heads:
            name = cells.get(heads["document"], "").split(" ")[0]
            if _NAME.fullmatch(name):
                yield FiledDocument(name, cells.get(heads["type"], ""))


def _from_json(value: Any) -> Iterator[FiledDocument]:
    directory = value.get("directory") if isinstance(value, dict) else None
    items = directory.get("item") if isinstance(directory, dict) else None
    for each in items if isinstance(items, list) else ():
        name, told = (each.get("name"), each.get("type")) if isinstance(each, dict) else (None, None)
        if isinstance(name, str) and _NAME.fullmatch(name):
            is_type = isinstance(told, str) and told.upper().startswith("EX-")
            yield FiledDocument(name, str(told) if is_type else "")
