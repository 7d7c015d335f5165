"""The documents that a pack has on file, and what was found in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import wrap
from typing import Any, NamedTuple

from thesis.archive import documents
from thesis.archive.document_store import State, way_back
from thesis.archive.passages import Passage
from thesis.document.blocks import Column, Document, Line, table_of
from thesis.document.inline import BAD, TonedText

WIDTH = 100
ListedDocument = tuple[documents.Document, State]


class SearchResult(NamedTuple):
    """What was found in a document; ``passages`` are the first of ``total``."""

    document: documents.Document
    passages: tuple[Passage, ...]
    total: int


def document_list(listed: Sequence[ListedDocument]) -> Document:
    """Every document with where its bytes are, and how those that are gone come back."""
    if not listed:
        return Document(WIDTH, (Line("no document is on file yet: thesis documents add FILE"),))
    columns = (
        Column[ListedDocument]("id", lambda row: row[0].id, is_head=True),
        Column[ListedDocument]("entity", lambda row: row[0].entity),
        Column[ListedDocument]("form", lambda row: row[0].form),
        Column[ListedDocument]("number", lambda row: row[0].accession),
        Column[ListedDocument]("filed", lambda row: str(row[0].filed or "not known")),
        Column[ListedDocument]("period", lambda row: str(row[0].period or "")),
        Column[ListedDocument]("bytes", lambda row: TonedText(row[1], BAD if row[1] != "here" else "")),
        Column[ListedDocument]("file", lambda row: row[0].name),
    )
    gone = tuple(Line(f"{each.id} {state}: {way_back(each)}") for each, state in listed if state != "here")
    return Document(WIDTH, (table_of(columns, listed, is_wordy=True), *gone))


def document_list_json(listed: Sequence[ListedDocument]) -> list[dict[str, Any]]:
    """The same as records."""
    return [
        {**document_json(each), "state": state, "way_back": "" if state == "here" else way_back(each)}
        for each, state in listed
    ]


def document_json(document: documents.Document) -> dict[str, Any]:
    """What documents.csv says of a document, with its id."""
    return {"id": document.id, **document._asdict()}


def document_heading(document: documents.Document) -> str:
    """A document in a line: ``10-Q 0001018724-26-000026, filed 2026-07-31 (amzn-20260630.htm, 1f0c2a9b)``."""
    filed = f", filed {document.filed}" if document.filed else ""
    name = f"{document.name}, " if document.name != document.citation else ""
    return f"{document.citation}{filed} ({name}{document.id})"


def search_lines(results: Sequence[SearchResult]) -> Iterator[str]:
    """What was found, document by document, each passage with its place."""
    for document, passages, total in results:
        yield document_heading(document)
        for each in passages:
            yield from wrap(
                f"{each.place}: {each.text}", WIDTH, initial_indent="  ", subsequent_indent="    "
            )
        if total > len(passages):
            yield f"  and {total - len(passages):,} more; --most shows more"


def search_json(results: Sequence[SearchResult]) -> list[dict[str, Any]]:
    """The same as records."""
    return [
        {
            "document": document_json(each.document),
            "total": each.total,
            "passages": passages_json(each.passages),
        }
        for each in results
    ]


def passages_json(passages: Sequence[Passage]) -> list[dict[str, Any]]:
    """Each passage with its place."""
    return [{**each._asdict(), "place": each.place} for each in passages]
