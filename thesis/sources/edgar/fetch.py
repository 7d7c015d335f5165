"""Downloads the filings that a pack has not read yet.

**What counts as read.** A row of the entity's fact file cites a 10-K or 10-Q at first hand, for a figure
that only the document has: one with dimensions, or of a tag of the company's own. Rows that companyfacts can
give do not show that anybody opened the document. Of an entity none of whose concepts is like that, any such
row counts. Without being told otherwise, everything is looked at that was filed since the newest filing read,
that day included; where none was read, the last five years.

**Beside the report.** Of an annual report, and of any that states no figure itself, the exhibits that carry
figures are taken too (EX-13), and of each 8-K on results its release (EX-99.1). A release counts as read
where a row cites its filing or the pack has it on file. Without being told otherwise those are looked at that
came shortly before the newest report read or later, and where none was read those of the last year.

Whatever is asked for again out of caution lies in the store by then, and is not downloaded twice.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import IO, TYPE_CHECKING, NamedTuple

from thesis.archive.document_text import MOST_BYTES as MOST_DOCUMENT_BYTES
from thesis.archive.document_text import text_of
from thesis.archive.documents import documents_on_file
from thesis.core.problem import FileProblems, InvalidInput, Problem
from thesis.facts.fact_file import FactRow, read_rows
from thesis.files.disk import read_bytes
from thesis.sources.edgar import index as edgar_index
from thesis.sources.edgar.filing_index import exhibits, read_filing_index
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

BEFORE_REPORT = timedelta(days=45)  # a release comes so long before its report, at most
RELEASES_BACK = timedelta(days=400)  # looked back for releases where no report was read yet
MOST_INDEX_BYTES = 5_000_000
MOST_PAGE_BYTES = 200_000_000
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
    releases_since: date


class AvailableReports(NamedTuple):
    """What the list has for an order: the files of the list, and the reports since, all and those to read.

    ``releases`` are the 8-Ks on results that are to be read.
    """

    order: FetchRequest
    lists: tuple[Path, ...]
    reports: tuple[edgar_index.ListedReport, ...]
    new: tuple[edgar_index.ListedReport, ...]
    releases: tuple[edgar_index.ListedReport, ...]


class FetchedExhibits(NamedTuple):
    """Exhibits on disk, each with its address, and what there is to say of those that are missing."""

    files: tuple[tuple[Path, str], ...]
    told: tuple[str, ...]


# what to look for ------------------------------------------------------------------------------


def fetch_requests(
    pack: Pack, folder: Folder, names: Iterable[str], since: date | None, today: date
) -> Iterator[FetchRequest]:
    """An order for each entity; ``since`` asks for everything from that day on, read or not."""
    on_file = documents_on_file(folder.path, folder.shown)
    for name in names:
        cik = pack.entities[name].cik.lstrip("0")
        if since:
            yield FetchRequest(name, cik, since, frozenset(), since)
            continue
        read = _read(pack, folder, name)
        newest = max(read.values(), default=date(today.year - YEARS, today.month, min(today.day, 28)))
        releases = {each.accession for each in on_file if each.entity == name} | _cited(folder, name)
        first = newest - BEFORE_REPORT if read else today - RELEASES_BACK
        yield FetchRequest(name, cik, newest, frozenset({*read, *releases}), first)


def asked_line_items(pack: Pack, entity: str) -> dict[str, LineItem]:
    """The concepts of an entity that its reports or its releases carry."""
    return {
        name: each
        for name, each in pack.concepts.items()
        if pack.owner(name) == entity and (each.tag or each.release)
    }


def _cited(folder: Folder, entity: str) -> set[str]:
    """The accession numbers of the 8-Ks that rows of an entity cite."""
    name = f"facts/{entity}.csv"
    text = folder.facts.get(name, "")
    rows = read_rows(text, folder.shown + name) if text else []
    return {row.provenance.accession for row in rows if row.provenance.form == "8-K"}


def _read(pack: Pack, folder: Folder, entity: str) -> dict[str, date]:
    """The filings read, by accession, with their days."""
    concepts = {name: each for name, each in asked_line_items(pack, entity).items() if each.tag}
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
        first = self.listing(order.cik)
        if first is None:
            message = f"EDGAR knows no company with the CIK {order.cik}, which `{order.entity}` has"
            raise InvalidInput([Problem("unknown-filer", message, hint="correct its `cik` in metrics.yaml")])
        index = edgar_index.read_submissions_index(_json(first), first.name)
        lists, reports, releases = [first], list(index.reports), list(index.releases)
        for part in index.older(order.since):
            path = self._current(self._hosts.part(part.name), _index_of(""))
            if path is None:
                raise _missing(self._hosts.part(part.name))
            lists.append(path)
            part_of_it = edgar_index.read_submissions_index(_json(path), path.name)
            reports += part_of_it.reports
            releases += part_of_it.releases
        listed, new = edgar_index.reports_to_read(reports, order.since, self._today, order.read)
        told = edgar_index.filed_within(releases, order.releases_since, self._today)
        unread = [each for each in told if each.filing.accession not in order.read]
        return AvailableReports(order, tuple(lists), tuple(listed), tuple(new), tuple(unread))

    def tickers(self) -> Path | None:
        """The SEC's list of companies with their tickers; none, if it has none. Errors: ``InvalidInput``."""
        return self._current(self._hosts.tickers, _is_json)

    def listing(self, cik: str) -> Path | None:
        """The list of a company's filings; none, if there is no such company. Errors: ``InvalidInput``."""
        return self._current(self._hosts.listing(cik), _index_of(cik))

    def companyfacts(self, cik: str) -> Path | None:
        """The company's figures; none, if it has none. Errors: ``InvalidInput``."""
        return self._current(self._hosts.companyfacts(cik), _facts_of(cik))

    def document(self, cik: str, announced: edgar_index.ListedReport) -> tuple[Path, str]:
        """A filing's main document, with its address. Errors: ``InvalidInput``."""
        url = self._hosts.document(cik, announced)
        path = self._filed(url, _is_document)
        if path is None:
            raise _missing(url)
        return path, url

    def exhibits(self, cik: str, announced: edgar_index.ListedReport) -> FetchedExhibits:
        """The exhibits of a filing that carry figures, with their addresses.

        An exhibit that the server does not have is left out, and so are all where it has no list of the
        filing's documents; ``told`` says so. Errors: ``InvalidInput`` for one that cannot be had or used.
        """
        found: list[tuple[Path, str]] = []
        told = []
        form, number = announced.filing.form, announced.filing.accession
        for url in self._hosts.filing_indexes(cik, announced):
            path = self._filed(url, _is_filing_index)
            if path is not None:
                listed = exhibits(form, read_filing_index(read_bytes(path, url, MOST_INDEX_BYTES), url))
                break
        else:
            return FetchedExhibits((), (f"{form} {number}: EDGAR has no list of its documents",))
        for each in listed:
            url = self._hosts.document(cik, announced, each.name)
            path = self._filed(url, _is_exhibit)
            if path is None:
                told.append(f"{form} {number}: EDGAR lists {each.name} and does not have it (404)")
            else:
                found.append((path, url))
        return FetchedExhibits(tuple(found), tuple(told))

    def _filed(self, url: str, check: Check) -> Path | None:
        """A part of a filing, which never changes once filed; none, if the server has none."""
        kept = self._store.find(url)
        return kept.path if kept else self._download(url, {}, check)

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


def _is_json(file: IO[bytes], flaws: FileProblems) -> None:
    read_json(_json_of(file, flaws), flaws)


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


def _is_filing_index(file: IO[bytes], flaws: FileProblems) -> None:
    file.seek(0)
    data = file.read(MOST_INDEX_BYTES + 1)
    if len(data) > MOST_INDEX_BYTES:
        raise flaws.refuse_with("download", f"larger than {MOST_INDEX_BYTES:,} bytes")
    _is_no_notice(data, "the list of a filing's documents", flaws)
    read_filing_index(data, flaws.shown)


def _is_exhibit(file: IO[bytes], flaws: FileProblems) -> None:
    """A document with a text; of a page its end as well."""
    file.seek(0)
    data = file.read(MOST_DOCUMENT_BYTES + 1)
    _is_no_notice(data, "an exhibit", flaws)
    text_of(data, flaws.shown)
    tail = data[-TAIL:].lower()
    if b"<html" in data[:HEAD].lower() and b"</html" not in tail and b"</document" not in tail:
        raise flaws.refuse_with("download", "the page has no end", hint="it was cut short; try again")


def has_inline_figures(path: Path) -> bool:
    """Whether a page states figures in inline XBRL, as an exhibit may or may not."""
    return b":nonFraction" in read_bytes(path, str(path), MOST_PAGE_BYTES)


def _is_no_notice(data: bytes, expected: str, flaws: FileProblems) -> None:
    """Errors: ``InvalidInput`` for the page that the SEC answers with instead of a file."""
    title = _TITLE.search(data[:HEAD])
    if title and title[1].strip().startswith(b"SEC.gov"):
        raise flaws.refuse_with("download", f"expected {expected}, found {_instead(data)}", hint=_PAGE_HINT)


_PAGE_HINT = "the SEC answers with a page where it wants a contact, or fewer requests; try again later"


def _instead(data: bytes) -> str:
    title = _TITLE.search(data)
    if title:
        return f"a page called `{' '.join(title[1].decode('utf-8', 'replace').split())}`"
    return "a page" if b"<html" in data[:1000].lower() else f"`{data[:40].decode('utf-8', 'replace')}`"
