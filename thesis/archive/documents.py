"""The documents that a pack has on file: ``documents.csv``, a row for each.

A row says which document it is, by the digest of its bytes, and whose, and where it came from. The bytes lie
in the user's cache (``thesis.archive.document_store``) and never in the pack. The file has no say in any
answer about the thesis, and so none in the pack's digest.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from thesis.archive.document_text import MOST_BYTES as MOST_DOCUMENT_BYTES
from thesis.core.period import Quarter, parse_day
from thesis.core.problem import InvalidInput, Problem, SourceSpan
from thesis.files.csv import marked_text, read_csv
from thesis.files.disk import MOST_BYTES, read_bytes
from thesis.files.own_folder import found_in, own_text

DOCUMENTS = "documents.csv"
COLUMNS = ("digest", "entity", "form", "accession", "filed", "period", "origin")
TEXTS = ("entity", "form", "origin")
SHORT = 8  # characters of a digest that name a document
LONGEST = 500  # characters of a text in a row
ACCESSION = re.compile(r"[0-9]{10}-[0-9]{2}-[0-9]{6}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_PREFIX = re.compile(r"[0-9a-f]{4,64}")


class Document(NamedTuple):
    """A document on file; what is not known of it is empty, or none.

    ``digest`` is the SHA-256 of its bytes, ``filed`` the day from which it is known, ``period`` the newest
    quarter that it reports on, and ``origin`` the address that it was fetched from, or the name of its file.
    """

    digest: str
    entity: str = ""
    form: str = ""
    accession: str = ""
    filed: date | None = None
    period: Quarter | None = None
    origin: str = ""

    @property
    def id(self) -> str:
        """What commands call it: the beginning of its digest."""
        return self.digest[:SHORT]

    @property
    def name(self) -> str:
        """The name of its file."""
        return self.origin.rstrip("/").rpartition("/")[2]

    @property
    def citation(self) -> str:
        """What a fact file gives as the source of a figure in it: ``10-Q 0001018724-26-000026``."""
        return " ".join(part for part in (self.form, self.accession) if part) or self.name

    def is_known_on(self, day: date) -> bool:
        """Whether it was filed by a day; not, where its day is not known."""
        return self.filed is not None and self.filed <= day


class Filing(NamedTuple):
    """What somebody says of a document that is put on file: all of its bytes, or the file that holds them."""

    source: bytes | Path
    document: Document

    @property
    def data(self) -> bytes:
        """Its bytes. Errors: ``InvalidInput`` where the file cannot be read, or is too large."""
        if isinstance(self.source, bytes):
            return self.source
        return read_bytes(self.source, str(self.source), MOST_DOCUMENT_BYTES)


def digest_of(data: bytes) -> str:
    """The name of a document's bytes."""
    return sha256(data).hexdigest()


def documents_on_file(pack: Path, shown: str = "") -> list[Document]:
    """The documents of a pack in the order of its file; none where it has no such file.

    ``shown`` goes before the file's name in messages. Errors: ``InvalidInput`` with every row that is wrong.
    """
    text = documents_text(pack, shown)
    return read_documents(text, shown + DOCUMENTS) if text else []


def documents_text(pack: Path, shown: str = "") -> str:
    """The text of a pack's ``documents.csv``; empty where it has none. Errors: ``InvalidInput``."""
    is_there = found_in(pack, DOCUMENTS, shown + DOCUMENTS)
    return own_text(pack, DOCUMENTS, shown + DOCUMENTS, MOST_BYTES) if is_there else ""


def read_documents(text: str, shown: str) -> list[Document]:
    """The documents that a file lists. Errors: ``InvalidInput`` with every row that is wrong."""
    problems: list[Problem] = []
    found: dict[str, Document] = {}
    for line, cells in read_csv(text, shown, COLUMNS, (), TEXTS):
        row = dict(zip(COLUMNS, cells, strict=True))
        wrong = list(_wrong_cells(row))
        if row["digest"] in found:
            wrong.append("the document of this digest stands here twice")
        problems += [Problem("bad-document", told, SourceSpan(shown, line, 1), _MEND) for told in wrong]
        if not wrong:
            found[row["digest"]] = _document(row)
    if problems:
        raise InvalidInput(problems, {shown: text})
    return list(found.values())


_MEND = "correct the row or delete it, and put the document on file again with `thesis documents add`"


def _wrong_cells(row: dict[str, str]) -> Iterator[str]:
    if not _DIGEST.fullmatch(row["digest"]):
        yield f"`digest`: expected 64 digits from 0 to f, found `{row['digest'][:80]}`"
    if row["accession"] and not ACCESSION.fullmatch(row["accession"]):
        yield f"`accession`: expected a number like 0001018724-24-000008, found `{row['accession'][:80]}`"
    for name, read in (("filed", parse_day), ("period", Quarter.parse)):
        try:
            if row[name]:
                read(row[name])
        except ValueError as error:
            yield f"`{name}`: {error}"
    yield from (f"`{name}`: longer than {LONGEST} characters" for name in TEXTS if len(row[name]) > LONGEST)


def _document(row: dict[str, str]) -> Document:
    return Document(
        row["digest"],
        row["entity"],
        row["form"],
        row["accession"],
        parse_day(row["filed"]) if row["filed"] else None,
        Quarter.parse(row["period"]) if row["period"] else None,
        row["origin"],
    )


def written_documents(documents: Iterable[Document]) -> str:
    """The text of a file that lists documents: by entity, day, form and number."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for each in sorted(documents, key=_order):
        row = {name: str(cell or "") for name, cell in zip(COLUMNS, each, strict=True)}
        writer.writerow(marked_text(row[name]) if name in TEXTS else row[name] for name in COLUMNS)
    return out.getvalue()


def _order(each: Document) -> tuple[str, ...]:
    return each.entity, str(each.filed or ""), each.form, each.accession, each.origin, each.digest


def merged(known: Document, new: Document) -> tuple[Document, list[str]]:
    """A document with what somebody says of it now, and what of that contradicts what is known.

    What is known stays as it is, and so does its origin: a document under two names is one document.
    """
    told = [
        f"`{name}` is {old} in {DOCUMENTS}, and {said} now"
        for name, old, said in zip(COLUMNS[1:-1], known[1:-1], new[1:-1], strict=True)
        if old and said and old != said
    ]
    parts = (old or said for old, said in zip(known, new, strict=True))
    return Document(*parts), told  # type: ignore[arg-type]


def find_documents(documents: Sequence[Document], wanted: str) -> list[Document]:
    """The documents that a text means: the beginning of a digest, an accession number or a file's name."""
    text = wanted.strip()
    if ACCESSION.fullmatch(text):
        return [each for each in documents if each.accession == text]
    named = [each for each in documents if text and text in (each.name, each.origin)]
    if named or not _PREFIX.fullmatch(text):
        return named
    return [each for each in documents if each.digest.startswith(text)]
