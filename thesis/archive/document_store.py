"""The bytes of documents in the user's cache, each under its digest.

The folder can be entered by the user only. What is read is held against its digest, so that a file that is
damaged, or another's, is never taken for the document. Bytes that are gone can be put back: the pack still
says which document it was, and where it came from.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Literal, NamedTuple

from thesis.archive.document_text import MOST_BYTES, DocumentText, text_of
from thesis.archive.documents import (
    DOCUMENTS,
    Document,
    Filing,
    digest_of,
    documents_text,
    merged,
    read_documents,
    written_documents,
)
from thesis.core.problem import InvalidInput, Problem
from thesis.files.disk import (
    close_to_others,
    is_own,
    make_private_folder,
    pack_lock,
    read_bytes,
    unwritable,
    write_bytes_atomically,
    write_together,
)

State = Literal["here", "missing", "damaged"]
FOLDER = "documents"  # within the cache folder


class FilingChange(NamedTuple):
    """What became of a document that was to be put on file.

    ``kind`` is ``new``, ``known`` (nothing changed), ``completed`` (more is known of it), ``restored`` (its
    bytes are back) or ``contradicted``, with ``told`` saying by what; then its row stays as it was.
    """

    kind: Literal["new", "known", "completed", "restored", "contradicted"]
    document: Document
    told: tuple[str, ...] = ()


class DocumentStore:
    """The user's folder of documents, within the cache folder; without one nothing can be kept."""

    def __init__(self, cache_folder: Path | None) -> None:
        self.folder = cache_folder / FOLDER if cache_folder else None

    def is_open(self) -> bool:
        """Whether documents can be kept: the folder is there and the user's own, or can be made."""
        if self.folder is None:
            return False
        try:
            make_private_folder(self.folder)
            close_to_others(self.folder)
        except OSError:
            return False
        return os.access(self.folder, os.W_OK)

    def state(self, document: Document) -> State:
        """Whether the bytes of a document are here, and are its own."""
        data = self._bytes(document.digest)
        return "missing" if data is None else "here" if digest_of(data) == document.digest else "damaged"

    def read(self, document: Document) -> bytes:
        """A document's bytes. Errors: ``InvalidInput``, with the command that brings them back."""
        data = self._bytes(document.digest)
        if data is not None and digest_of(data) == document.digest:
            return data
        told = "are not in the cache of this machine" if data is None else "are damaged in the cache"
        message = f"the bytes of {document.citation} (`{document.name}`, {document.id}) {told}"
        raise InvalidInput([Problem("no-document", message, hint=way_back(document))])

    def text(self, document: Document) -> DocumentText:
        """A document's text. Errors: ``InvalidInput``, as ``read`` and ``text_of``."""
        return text_of(self.read(document), document.name or document.id)

    def keep(self, data: bytes) -> bool:
        """Keep a document's bytes; whether they were not here. Errors: ``InvalidInput``."""
        if self.folder is None:
            message = "documents are kept in the cache folder, and THESIS_CACHE says that there is none"
            raise InvalidInput(
                [Problem("unwritable", message, hint="set THESIS_CACHE to a folder, or unset it")]
            )
        path = self.folder / digest_of(data)
        try:
            if is_own(path) and self._bytes(path.name) == data:
                return False
            make_private_folder(self.folder)
            close_to_others(self.folder)
            os.chmod(self.folder, 0o700)
            write_bytes_atomically(path, data)
            os.chmod(path, 0o600)
        except OSError as error:
            raise unwritable(str(self.folder), error, "name another folder with THESIS_CACHE") from None
        return True

    def _bytes(self, digest: str) -> bytes | None:
        """What lies under a digest, whether or not it has it; none where nothing can be read there."""
        if self.folder is None:
            return None
        with suppress(InvalidInput):
            return read_bytes(self.folder / digest, digest, MOST_BYTES)
        return None


def way_back(document: Document) -> str:
    """The command that brings a document's bytes back."""
    if document.origin.startswith(("https://", "http://")) and document.filed:
        return f"fetch it again: thesis facts fetch --entity {document.entity} --since {document.filed}"
    return f"add its file again: thesis documents add {document.name or 'FILE'}"


class Intake:
    """Documents that are to be put on file: their bytes in the store, and their rows in the pack.

    ``shown`` goes before the file's name in messages, and ``changes`` say what became of each document.
    """

    def __init__(self, pack: Path, shown: str, store: DocumentStore, filings: Sequence[Filing]) -> None:
        self.pack = pack
        self.changes: list[FilingChange] = []
        self._shown = shown
        self._store = store
        self._filings = filings

    @property
    def is_changed(self) -> bool:
        """Whether documents.csv is another one for them."""
        return any(change.kind in ("new", "completed") for change in self.changes)

    def prepare(self) -> dict[Path, bytes]:
        """Keep the bytes, and return documents.csv as it is to be written; nothing where it stays as it is.

        The caller holds the pack's lock, and writes. Errors: ``InvalidInput`` where the bytes cannot be kept,
        or documents.csv cannot be read.
        """
        text = documents_text(self.pack, self._shown)
        listed = read_documents(text, self._shown + DOCUMENTS) if text else ()
        known = {each.digest: each for each in listed}
        self.changes = [self._change(filing, known) for filing in self._filings]
        known |= {each.document.digest: each.document for each in self.changes}
        text = written_documents(known.values())
        return {self.pack / DOCUMENTS: text.encode()} if self.is_changed else {}

    def _change(self, filing: Filing, known: dict[str, Document]) -> FilingChange:
        data = filing.data
        document = filing.document._replace(digest=digest_of(data))
        is_back = self._store.keep(data)
        old = known.get(document.digest)
        if old is None:
            change = FilingChange("new", document)
        else:
            new, told = merged(old, document)
            kind: Literal["completed", "restored", "known"] = "restored" if is_back else "known"
            change = FilingChange("completed" if new != old else kind, new)
            change = FilingChange("contradicted", old, tuple(told)) if told else change
        known[document.digest] = change.document
        return change


def put_on_file(
    pack: Path, shown: str, store: DocumentStore, filings: Sequence[Filing]
) -> list[FilingChange]:
    """Put documents on file: their bytes into the store, and then their rows into the pack, under its lock.

    The rows of all are written at once, and where nothing changes nothing is. Errors: ``InvalidInput`` where
    either cannot be written; the rows are then as before.
    """
    if not filings:
        return []
    intake = Intake(pack, shown, store, filings)
    with pack_lock(pack, shown.rstrip("/") or "."):
        contents = intake.prepare()
        try:
            write_together(contents)
        except OSError as error:
            raise unwritable(shown + DOCUMENTS, error) from None
    return intake.changes
