"""Putting on file what a command has read, where there is a cache folder to keep it in."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from thesis.cli.context import cache_folder
from thesis.core.problem import InvalidInput
from thesis.files.disk import read_bytes

if TYPE_CHECKING:
    from thesis.archive.document_store import Intake
    from thesis.archive.documents import Document
    from thesis.pack.folder import Folder

MOST_NAMED = 5


def document_intake(folder: Folder, read: Sequence[tuple[Path, Document]]) -> Intake | None:
    """What is to be put on file of the files that a command has read: the documents with a text.

    None where there is none, or no cache folder to keep its bytes in.
    """
    from thesis.archive.document_store import DocumentStore, Intake
    from thesis.archive.document_text import MOST_BYTES, is_text
    from thesis.archive.documents import Filing

    store = DocumentStore(cache_folder())
    filings = []
    for path, document in read if store.is_open() else ():
        with suppress(InvalidInput):  # larger than a document may be
            if is_text(read_bytes(path, str(path), MOST_BYTES)):
                filings.append(Filing(path, document))
    return Intake(folder.path, folder.shown, store, filings) if filings else None


def print_intake(intake: Intake, folder: Folder) -> None:
    """Print which documents are new on file, and what contradicts what is known of one."""
    from thesis.archive.documents import DOCUMENTS

    for change in intake.changes:
        for told in change.told:
            click.echo(f"warning: {change.document.name} ({change.document.id}): {told}", err=True)
    new = [change.document.name for change in intake.changes if change.kind == "new"]
    if new:
        more = f" and {len(new) - MOST_NAMED:,} more" if len(new) > MOST_NAMED else ""
        click.echo(f"put on file in {folder.shown}{DOCUMENTS}: {', '.join(new[:MOST_NAMED])}{more}")
