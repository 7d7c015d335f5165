"""The commands that bring what a rating lacks, to be copied; what a reader has to fill in is in capitals."""

from __future__ import annotations

import shlex

from thesis.archive.documents import Document
from thesis.worklist.input_source import PRICES, RELEASE, InputSource
from thesis.worklist.owed_inputs import InputKey


def loading(source: InputSource, document: Document | None, named: str, *, is_at_sec: bool) -> str:
    """The command that reads a report, a release or prices into the facts."""
    if source.kind == RELEASE:
        file = document.name if document and document.name else "FILE"
        known = [f"--accession {document.accession}"] if document and document.accession else []
        known += [f"--filed {document.filed}"] if document and document.filed else []
        return _joined("facts release", shlex.quote(file), *known, named=named)
    if source.kind == PRICES or not is_at_sec:
        return _joined("facts import", "FILE", named=named)
    return _joined("facts fetch", f"--entity {shlex.quote(source.entity)}", named=named)


def confirming(period: str, named: str) -> str:
    """The command that confirms that a quarter's registers have no item, after a search of the documents."""
    return _joined("facts none-stated", f"--period {period}", named=named)


def entering(key: InputKey, document: Document | None, named: str) -> str:
    """The command that enters a figure by hand, with what is known of the document that it stands in."""
    return _joined(
        f"facts add {shlex.quote(key.name)}",
        f"--period {key.period} --value VALUE {_cited(document)} --quote QUOTE",
        named=named,
    )


def entering_table(document: Document | None, named: str) -> str:
    """The command that enters several figures of one document, from a table of them."""
    return _joined("facts add --from FILE", _cited(document), named=named)


def _cited(document: Document | None) -> str:
    """The options that say which document a figure stands in: one on file gives its source and its day."""
    return f"--document {document.id}" if document else "--filed DATE --source SOURCE"


def grading(rubric: str, period: str, named: str) -> str:
    """The command that grades a rubric on a quarter."""
    return _joined(
        f"judge {shlex.quote(rubric)}",
        f"--period {period} --level LEVEL --evidence TEXT --source SOURCE",
        named=named,
    )


def _joined(*words: str, named: str) -> str:
    return " ".join(["thesis", *words, *([f"-p {shlex.quote(named)}"] if named else [])])
