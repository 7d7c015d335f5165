"""Downloads the filings that a pack has not read yet.

**What counts as read.** A row of the entity's fact file cites a 10-K or 10-Q at first hand, for a figure
that only the document has: one with dimensions, or of a tag of the company's own. Rows that companyfacts can
give do not show that anybody opened the document. Of an entity none of whose concepts is like that, any such
row counts. Without being told otherwise, everything is looked at that was filed since the newest filing read,
that day included; where none was read, the last five years.

Whatever is asked for again out of caution lies in the store by then, and is not downloaded twice.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import IO, TYPE_CHECKING, NamedTuple

from thesis.core.problem import FileProblems, InvalidInput, Problem
from thesis.facts.fact_file import FactRow, read_rows
from thesis.files.disk import read_bytes
from thesis.sources.edgar import index as edgar_index
from thesis.sources.importing.to_rows import SHARED
from thesis.sources.importing.which_filing import ACCESSION
from thesis.sources.strict_json import read_json
from thesis.sources.xbrl.companyfacts import is_companyfacts

if TYPE_CHECKING:
    from thesis.facts.fact import LineItem
    from thesis.pack.folder import Folder
    from thesis.pack.load import Pack
    from thesis.sources.download_session import DownloadSession
    from thesis.sources.edgar.download_store import DownloadStore

YEARS = 5  # looked back where nothing was read yet
HEAD, TAIL = 1 << 20, 1 << 14  # bytes of a document in which its marks are looked for
MOST_BYTES = 50_000_000  # of JSON, which is read whole

_TITLE = re.compile(rb"<title>\s*([^<]{1,200})", re.IGNORECASE)

Check = Callable[[IO[bytes], FileProblems], None]


class FetchRequest(NamedTuple):
    """What to look for: a company, from which filing day on, and what needs no reading again."""

    entity: str
    cik: str
    since: date
    read: frozenset[str]


class AvailableReports(NamedTuple):
    """What the list has for an order: the files of the list, and the reports since, all and those to read."""

    order: FetchRequest
    lists: tuple[Path, ...]
    reports: tuple[edgar_index.ListedReport, ...]
    new: tuple[edgar_index.ListedReport, ...]


# what to look for ------------------------------------------------------------------------------


def fetch_requests(
    pack: Pack, folder: Folder, names: Iterable[str], since: date | None, today: date
) -> Iterator[FetchRequest]:
    """An order for each entity; ``since`` asks for everything from that day on, read or not."""
    for name in names:
        cik = pack.entities[name].cik.lstrip("0")
        if since:
            yield FetchRequest(name, cik, since, frozenset())
            continue
        read = _read(pack, folder, name)
        newest = max(read.values(), default=date(today.year - YEARS, today.month, min(today.day, 28)))
        yield FetchRequest(name, cik, newest, frozenset(read))


def tagged_line_items(pack: Pack, entity: str) -> dict[str, LineItem]:
    """The concepts of an entity that filings carry."""
    return {name: each for name, each in pack.concepts.items() if pack.owner(name) == entity and each.tag}


def _read(pack: Pack, folder: Folder, entity: str) -> dict[str, date]:
    """The filings read, by accession, with their days."""
    concepts = tagged_line_items(pack, entity)
    telling = {name for name, each in concepts.items() if _is_only_in_documents(each)} or set(concepts)
    name = f"facts/{entity}.csv"
    text = folder.facts.get(name, "")
    rows = [row for row in read_rows(text, folder.shown + name) if row.concept in telling] if text else []
    return {number: row.filed for row in rows if (number := _report(row))}


def _is_only_in_documents(concept: LineItem) -> bool:
    return bool(concept.where) or not any(tag.startswith(SHARED) for tag in concept.tags)


def _report(row: FactRow) -> str:
    """The accession number of the report that a row was read in, or nothing."""
    form, _, number = row.source.partition(" ")
    is_report = form in edgar_index.FORMS and ACCESSION.fullmatch(number) and not row.provenance.is_secondary
    return number if is_report else ""


# getting it ------------------------------------------------------------------------------------


class Fetcher:
    """Gets files of EDGAR through a session into a store."""

    def __init__(
        self, session: DownloadSession, store: DownloadStore, hosts: edgar_index.EdgarHosts, today: date
    ) -> None:
        self._session, self._store, self._hosts, self._today = session, store, hosts, today

    def look(self, order: FetchRequest) -> AvailableReports:
        """What EDGAR lists for an order. Errors: ``InvalidInput``, also where it knows no such company."""
        first = self._current(self._hosts.listing(order.cik), _index_of(order.cik))
        if first is None:
            message = f"EDGAR knows no company with the CIK {order.cik}, which `{order.entity}` has"
            raise InvalidInput([Problem("unknown-filer", message, hint="correct its `cik` in metrics.yaml")])
        index = edgar_index.read_submissions_index(_json(first), first.name)
        lists, reports = [first], list(index.reports)
        for part in index.older(order.since):
            path = self._current(self._hosts.part(part.name), _index_of(""))
            if path is None:
                raise _missing(self._hosts.part(part.name))
            lists.append(path)
            reports += edgar_index.read_submissions_index(_json(path), path.name).reports
        listed, new = edgar_index.reports_to_read(reports, order.since, self._today, order.read)
        return AvailableReports(order, tuple(lists), tuple(listed), tuple(new))

    def companyfacts(self, cik: str) -> Path | None:
        """The company's figures; none, if it has none. Errors: ``InvalidInput``."""
        return self._current(self._hosts.companyfacts(cik), _facts_of(cik))

    def document(self, cik: str, announced: edgar_index.ListedReport) -> Path:
        """A filing's main document, which never changes once filed. Errors: ``InvalidInput``."""
        url = self._hosts.document(cik, announced)
        kept = self._store.find(url)
        if kept:
            return kept.path
        path = self._download(url, {}, _is_document)
        if path is None:
            raise _missing(url)
        return path

    def _current(self, url: str, check: Check) -> Path | None:
        """A file that changes from time to time: as kept, if the server says that it is still the same."""
        kept = self._store.find(url)
        return self._download(url, kept.conditions if kept else {}, check)

    def _download(self, url: str, conditions: Mapping[str, str], check: Check) -> Path | None:
        """Where the file lies; none, if the server has none. Errors: ``InvalidInput``."""
        with _writing(self._store.folder), self._store.room(url) as file:
            answer = self._session.get(url, file, conditions)
            if answer.status == 404:
                return None
            if answer.status == 304:
                return self._store.path(url)
            check(file, FileProblems(url))
            return self._store.keep(url, file, answer.headers)


def _json(path: Path) -> bytes:
    return read_bytes(path, str(path), MOST_BYTES)


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    """Errors: ``InvalidInput`` where the folder cannot be written into."""
    try:
        yield
    except OSError as error:
        message = f"cannot keep downloads in `{folder}`: {error.strerror or error}"
        hint = "make room there, or name another folder with THESIS_CACHE"
        raise InvalidInput([Problem("unwritable", message, hint=hint)]) from None


def _missing(url: str) -> InvalidInput:
    hint = "EDGAR lists it, and may have it in a moment; or leave the filing out with --since a later day"
    return FileProblems(url).refuse_with("download", "the server has no such file (404)", hint=hint)


# whether it is what was asked for --------------------------------------------------------------


def _index_of(cik: str) -> Check:
    """The list of the company, or, with no CIK, a part of one."""

    def check(file: IO[bytes], flaws: FileProblems) -> None:
        found = edgar_index.read_submissions_index(_json_of(file, flaws), flaws.shown)
        if found.cik != cik:
            raise flaws.refuse_with("download", f"expected the filings of CIK {cik}, found `{found.cik}`")

    return check


def _facts_of(cik: str) -> Check:
    def check(file: IO[bytes], flaws: FileProblems) -> None:
        value = read_json(_json_of(file, flaws), flaws)
        if not is_companyfacts(value) or str(value["cik"]).lstrip("0") != cik:
            raise flaws.refuse_with("download", f"expected the companyfacts of CIK {cik}, found other JSON")

    return check


def _json_of(file: IO[bytes], flaws: FileProblems) -> bytes:
    file.seek(0)
    data = file.read(MOST_BYTES + 1)
    if not data.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{"):
        raise flaws.refuse_with("download", f"expected JSON, found {_instead(data)}", hint=_PAGE_HINT)
    if len(data) > MOST_BYTES:
        raise flaws.refuse_with("download", f"larger than {MOST_BYTES:,} bytes")
    return data


def _is_document(file: IO[bytes], flaws: FileProblems) -> None:
    """A page with inline XBRL from its beginning to its end."""
    file.seek(0)
    head = file.read(HEAD)
    size = file.seek(0, 2)
    file.seek(max(0, size - TAIL))
    tail = file.read().lower()
    if b"/inlineXBRL" not in head:
        expected = f"expected a report with inline XBRL, found {_instead(head)}"
        raise flaws.refuse_with("download", expected, hint=_PAGE_HINT)
    if b"</html" not in tail and b":html>" not in tail:
        raise flaws.refuse_with("download", "the page has no end", hint="it was cut short; try again")


_PAGE_HINT = "the SEC answers with a page where it wants a contact, or fewer requests; try again later"


def _instead(data: bytes) -> str:
    title = _TITLE.search(data)
    if title:
        return f"a page called `{' '.join(title[1].decode('utf-8', 'replace').split())}`"
    return "a page" if b"<html" in data[:1000].lower() else f"`{data[:40].decode('utf-8', 'replace')}`"
