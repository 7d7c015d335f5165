"""``thesis documents``: what a pack has on file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from thesis.cli.lazy_group import LazyGroup
from thesis.core.problem import InvalidInput, Problem, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Sequence

    from thesis.archive.documents import Document

COMMANDS = {
    "list": "List the documents on file, and whether their bytes are here.",
    "add": "Put a document on file.",
    "text": "Print the text of a document, or where a quote stands in it.",
    "search": "Find words in the documents on file.",
}


class DocumentsGroup(LazyGroup):
    """What is done with documents."""

    known = COMMANDS
    modules = "thesis.cli.documents_"


@click.group(
    "documents",
    cls=DocumentsGroup,
    epilog="\b\nExamples:\n"
    "  thesis documents list\n"
    "  thesis documents add release.htm --form 8-K --filed 2026-10-29\n"
    "  thesis documents search capacity constrained\n\n"
    "`thesis facts fetch`, `import` and `release` put on file what they read. The pack lists its documents "
    "in documents.csv; their bytes are kept in the cache folder, and never in the pack.",
)
def command() -> None:
    """List, add, print and search the documents on file."""


def named_document(documents: Sequence[Document], wanted: str) -> Document:
    """The one document that a text means. Errors: ``InvalidInput`` where it means none, or several."""
    from thesis.archive.documents import find_documents

    found = find_documents(documents, wanted)
    if len(found) == 1:
        return found[0]
    if found:
        listed = ", ".join(f"{each.id} ({each.name})" for each in found[:5])
        message = f"`{wanted}` means {len(found)} documents: {listed}{', ...' if len(found) > 5 else ''}"
        raise InvalidInput([Problem("no-document", message, hint="name one of them by its id")])
    near = did_you_mean(wanted, [name for each in documents for name in (each.name, each.accession) if name])
    message = f"no document on file is called `{wanted}`"
    raise InvalidInput(
        [Problem("no-document", message, hint=near or "thesis documents list shows what is there")]
    )
