"""Reads a downloaded file of facts of any kind that is known.

The kind is told by what is in the file, never by its name: SEC companyfacts (JSON), an XBRL instance
(XML) or a filed document with inline XBRL (XHTML).
"""

from __future__ import annotations

import io
import os
import re
import stat
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO
from xml.parsers import expat

from thesis.core.problem import MOST_FLAWS, FileProblems, InvalidInput, Problem
from thesis.files.disk import unreadable
from thesis.sources.reported_fact import NO_FILING, FilingReference, ReportedFact
from thesis.sources.strict_json import read_json
from thesis.sources.xbrl.companyfacts import companyfacts, is_companyfacts
from thesis.sources.xbrl.inline import InlinePage, pages_together, parse_page
from thesis.sources.xbrl.instance import ROOT, read_instance
from thesis.sources.xbrl.markup import MOST_BYTES, length_before

HEAD = 1 << 16  # bytes within which a document's first element is expected
MOST_UTF_16 = 50_000_000  # bytes of a file that is put into UTF-8 before it is read
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")  # the marks that such a file begins with
DECLARATION = 300  # characters in which an XML declaration ends
MOST_EXCERPTED = 20_000_000  # bytes of a file whose text is kept beside its problems

_PACKED = {b"PK\x03\x04": "a zip archive", b"\x1f\x8b": "a gzip archive", b"%PDF": "a PDF"}
_SUBMISSION = (b"<SEC-DOCUMENT>", b"<SEC-HEADER>", b"<DOCUMENT>", b"-----BEGIN PRIVACY")
_PAGE = re.compile(rb"<!doctype\s+html|<html", re.IGNORECASE)
_UNTOLD = "?"  # XML that is broken or refused before its first element: for the reader to say
_KINDS = "expected SEC companyfacts, an XBRL instance or a filing with inline XBRL"
_PRICES = "if these are prices, the first line names the columns, as in `Date,Close`, parted by commas"
_HINT = "take the document itself: the 10-K or 10-Q, or the `_htm.xml` beside it"


def read_facts(
    source: Path | str | bytes,
    shown: str,
    filing: FilingReference = NO_FILING,
    wanted: Collection[str] | None = None,
    most: int = MOST_BYTES,
) -> list[ReportedFact]:
    """Every fact in a file of which no fact is flawed, in the file's order, as stated.

    The arguments are those of ``read_document``; ``wanted`` keeps only facts of these tags. Errors:
    ``InvalidInput`` with everything that is wrong with the file or with a fact in it.
    """
    found = read_document(source, shown, filing, wanted, most)
    flaws = list(dict.fromkeys(fact.flaw for fact in found if fact.flaw))
    if flaws:
        raise InvalidInput(flaws[:MOST_FLAWS], excerpt_source(source, shown))
    return found if wanted is None else [fact for fact in found if fact.tag in wanted]


def read_document(
    source: Path | str | bytes,
    shown: str,
    filing: FilingReference = NO_FILING,
    wanted: Collection[str] | None = None,
    most: int = MOST_BYTES,
) -> list[ReportedFact]:
    """Every fact in a file, in the file's order, as stated; one that cannot be read has a flaw.

    ``source`` is a path or the bytes themselves, ``shown`` what to call the file in problems. ``filing``
    says what is known of the document from elsewhere, such as its accession number and filing day, which
    no document states of itself; companyfacts says so for every fact, and is read for the ``wanted`` tags
    alone. Errors: ``InvalidInput`` with everything that is wrong with the file as a whole.
    """
    return read_filing([(source, shown)], filing, wanted, most)[0]


def read_filing(
    sources: Sequence[tuple[Path | str | bytes, str]],
    filing: FilingReference = NO_FILING,
    wanted: Collection[str] | None = None,
    most: int = MOST_BYTES,
) -> list[list[ReportedFact]]:
    """The facts of each document of one filing: of a report and its exhibits.

    What one page says of periods and units holds in the others, and one cover page for all. Errors:
    ``InvalidInput`` with everything that is wrong with the documents as a whole.
    """
    read: list[list[ReportedFact] | InlinePage] = []
    problems: list[Problem] = []
    for source, shown in sources:
        try:
            with open_file(source, shown) as stream:
                read.append(_read(stream, shown, filing, wanted, most))
        except InvalidInput as flawed:
            problems += flawed.problems
    pages = [page for page in read if isinstance(page, InlinePage)]
    facts: Iterator[list[ReportedFact]] = iter(())
    if pages and not problems:
        try:
            facts = iter(pages_together(pages))
        except InvalidInput as flawed:
            problems += flawed.problems
    if problems:
        texts: dict[str, str] = {}
        for source, shown in sources:
            texts |= excerpt_source(source, shown)
        raise InvalidInput(problems, texts)
    return [next(facts) if isinstance(each, InlinePage) else each for each in read]


def _read(
    stream: BinaryIO, shown: str, filing: FilingReference, wanted: Collection[str] | None, most: int
) -> list[ReportedFact] | InlinePage:
    """The facts of a document, or a page of which other pages may say more."""
    flaws = FileProblems(shown)
    head = stream.read(HEAD)
    stream.seek(0)
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not start:
        raise flaws.refuse_with("empty-file", "nothing in it")
    for mark, what in _PACKED.items():
        if start.startswith(mark):
            raise flaws.refuse_with("compressed", f"{what}, which is not opened", hint=_HINT)
    if start.startswith(_SUBMISSION):
        raise flaws.refuse_with("not-a-filing", "a whole submission, many documents in one text", hint=_HINT)
    if start[:1] in (b"{", b"["):
        data = stream.read(most + 1)
        if len(data) > most:
            raise flaws.refuse_with("too-large", f"larger than {most // 1_000_000} MB")
        value = read_json(data, flaws)
        if not is_companyfacts(value):
            raise flaws.refuse_with("not-a-filing", f"JSON of another kind; {_KINDS}")
        return companyfacts(value, data, flaws, wanted)
    head = head[length_before(head) :]
    root = _root(head)
    local = root.rpartition(" ")[2].lower()
    if root in (ROOT, _UNTOLD):
        return read_instance(stream, shown, filing, most)
    if local == "html" or _PAGE.search(head):
        return parse_page(stream, shown, filing, most)
    told = f"its first element is `{local[:80]}`; {_KINDS}" if local else _KINDS
    is_table = b"<" not in head and any(mark in head.split(b"\n")[0] for mark in (b",", b";", b"\t"))
    raise flaws.refuse_with("not-a-filing", told, hint=_PRICES if is_table else _HINT)


def _root(head: bytes) -> str:
    """The first element as ``<namespace> <local name>``; nothing where it is no XML up to there."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = _found
    parser.StartDoctypeDeclHandler = _declared
    try:
        parser.Parse(head, False)
    except _Root as root:
        return root.name
    except (expat.ExpatError, LookupError, ValueError):  # also of an encoding that is not known
        return _UNTOLD if head.lstrip().startswith(b"<?xml") else ""
    return _UNTOLD if b"<" in head else ""


class _Root(Exception):
    """Stops the reader at the first element."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def _found(name: str, attributes: object) -> None:
    raise _Root(name)


def _declared(name: str, system: str | None, public: str | None, has_declarations: int) -> None:
    if has_declarations:
        raise _Root(_UNTOLD)


@contextmanager
def open_file(source: Path | str | bytes, shown: str) -> Iterator[BinaryIO]:
    """A file as a stream.

    Errors: ``InvalidInput`` where it is no ordinary file or cannot be read, also where reading it fails later
    on, inside the ``with``.
    """
    flaws = FileProblems(shown)
    try:
        with io.BytesIO(source) if isinstance(source, bytes) else _opened(source, flaws) as stream:
            yield stream
    except FileNotFoundError:
        raise flaws.refuse_with("missing-file", "there is no such file") from None
    except OSError as error:
        raise unreadable(shown, error) from None


def _opened(path: Path | str, flaws: FileProblems) -> BinaryIO:
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):
            raise flaws.refuse_with("unreadable-file", "not an ordinary file")
        with open(path, "rb") as stream:
            is_wide = stream.read(2) in _UTF_16
        return _in_utf_8(open(path, "rb"), flaws) if is_wide else open(path, "rb")
    except ValueError as error:  # a path with a null byte
        raise flaws.refuse_with("unreadable-file", f"cannot be read: {error}") from None


def _in_utf_8(stream: BinaryIO, flaws: FileProblems) -> BinaryIO:
    """A file in UTF-16 as one in UTF-8, without the words in which an XML declaration names the former.

    Errors: ``InvalidInput`` where it is too large to be held, or no UTF-16.
    """
    with stream:
        data = stream.read(MOST_UTF_16 + 1)
    if len(data) > MOST_UTF_16:
        raise flaws.refuse_with("too-large", f"larger than {MOST_UTF_16 // 1_000_000} MB, and in UTF-16")
    try:
        text = data.decode("utf-16")
    except UnicodeDecodeError:
        raise flaws.refuse_with("not-utf-8", "it begins as UTF-16, and is none") from None
    head, rest = text[:DECLARATION], text[DECLARATION:]
    head = re.sub(r"""(<\?xml[^>]*?)\s+encoding=(?:"[^"]*"|'[^']*')""", r"\1", head, count=1)
    return io.BytesIO((head + rest).encode())


def excerpt_source(source: Path | str | bytes, shown: str) -> dict[str, str]:
    """The text of the file, for the lines that its problems stand in."""
    try:
        with open_file(source, shown) as stream:
            data = stream.read(MOST_EXCERPTED + 1)
    except (InvalidInput, OSError):
        return {}
    return {shown: data.decode("utf-8-sig", "replace")} if len(data) <= MOST_EXCERPTED else {}
