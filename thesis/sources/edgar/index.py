"""The SEC's lists of a company's filings, and their addresses; nothing here sends a request.

The list of a company's filings (``submissions``) names the newest thousand or so, and older parts of itself;
``companyfacts`` holds every figure without dimensions; the documents themselves lie in the archives. See
https://www.sec.gov/search-filings/edgar-application-programming-interfaces.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from thesis.core.period import parse_day
from thesis.core.problem import FileProblems
from thesis.sources.importing.which_filing import ACCESSION, RESULTS
from thesis.sources.reported_fact import FilingReference
from thesis.sources.strict_json import read_json

FORMS = tuple(form + amended for form in ("10-Q", "10-K", "10-QT", "10-KT") for amended in ("", "/A"))

_COLUMNS = ("accessionNumber", "form", "filingDate", "primaryDocument", "isInlineXBRL")
_MORE = ("items", "reportDate")
_DOCUMENT = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]{0,199}")  # a name and no path: it becomes part of one
_PART = re.compile(r"CIK[0-9]{10}-submissions-[0-9]{3}\.json")


REFUSED = (
    "the SEC answers so without a contact it accepts (`Jane Doe jane@example.com`), and for some minutes "
    "after too many requests, also of others from your address"
)
REDIRECTED = "redirects are followed within the same host only; name another with --base-url"


class EdgarHosts(NamedTuple):
    """Where the data and where the archives are: the address before the first slash of the path."""

    data: str = "https://data.sec.gov"
    archives: str = "https://www.sec.gov"

    @property
    def tickers(self) -> str:
        """The list of companies with their tickers."""
        return f"{self.archives}/files/company_tickers.json"

    def listing(self, cik: str) -> str:
        """The list of a company's filings.

        >>> EdgarHosts().listing("1018724")
        'https://data.sec.gov/submissions/CIK0001018724.json'
        """
        return self.part(f"CIK{cik:0>10}.json")

    def part(self, name: str) -> str:
        """An older part of that list."""
        return f"{self.data}/submissions/{name}"

    def companyfacts(self, cik: str) -> str:
        return f"{self.data}/api/xbrl/companyfacts/CIK{cik:0>10}.json"

    def document(self, cik: str, announced: ListedReport, name: str = "") -> str:
        """A document of a filing, by default the main one; the folder is named by the accession number."""
        number = announced.filing.accession.replace("-", "")
        return f"{self.archives}/Archives/edgar/data/{cik.lstrip('0')}/{number}/{name or announced.document}"

    def filing_indexes(self, cik: str, announced: ListedReport) -> tuple[str, ...]:
        """Where the documents of a filing are listed: the page with their types, and the folder's listing."""
        names = (f"{announced.filing.accession}-index.html", f"{announced.filing.accession}-index.htm")
        return tuple(self.document(cik, announced, name) for name in (*names, "index.json"))


class ListedReport(NamedTuple):
    """A report in the list: its main document, and whether that has inline XBRL.

    ``ends`` is the last day that it reports on; none, where the list does not say.
    """

    filing: FilingReference
    document: str
    is_inline: bool
    ends: date | None = None


class OlderList(NamedTuple):
    """A file with the older lines of a list; ``last`` is the newest day in it."""

    name: str
    last: date


class SubmissionsIndex(NamedTuple):
    """A company's annual and quarterly reports as listed, newest first, and the parts that list more.

    ``releases`` are the 8-Ks on results of operations, which carry the earnings releases.
    """

    cik: str
    reports: tuple[ListedReport, ...]
    parts: tuple[OlderList, ...]
    releases: tuple[ListedReport, ...] = ()

    def older(self, since: date) -> list[OlderList]:
        """The parts that reach to a day or beyond it."""
        return [part for part in self.parts if part.last >= since]


def read_submissions_index(data: bytes, shown: str) -> SubmissionsIndex:
    """The reports in a list, or in a part of one, which names no company (``cik`` is empty then).

    Errors: ``InvalidInput`` where it is not what the SEC publishes.
    """
    flaws = FileProblems(shown)
    value = read_json(data, flaws)
    filings = _at(value, "filings")
    table = _at(filings, "recent") if filings is not None else value
    columns = [_at(table, name) for name in _COLUMNS]
    if not all(isinstance(column, list) for column in columns) or len({len(c) for c in columns}) != 1:
        expected = f"expected columns {', '.join(_COLUMNS)} of one length"
        raise flaws.refuse_with("wrong-type", expected)
    rows = list(zip(*columns, *(_optional(table, name, len(columns[0])) for name in _MORE), strict=True))
    reports = tuple(_announced(row, flaws) for row in rows if row[1] in FORMS)
    results = tuple(_announced(row, flaws) for row in rows if row[1] == "8-K" and _is_on_results(row))
    cik = str(_at(value, "cik") or "").lstrip("0")
    parts = _at(filings, "files") or []
    if not isinstance(parts, list):
        raise flaws.refuse_with("wrong-type", f"expected a list of older parts, found `{str(parts)[:80]}`")
    return SubmissionsIndex(cik, reports, tuple(_part(each, flaws) for each in parts), results)


def reports_to_read(
    reports: Iterable[ListedReport], since: date, today: date, have: Collection[str]
) -> tuple[list[ListedReport], list[ListedReport]]:
    """The reports filed from ``since`` to today that have inline XBRL, oldest first: all, and those to read.

    ``have`` are accession numbers that were read already. What a list of today dates to tomorrow, because it
    came in after hours, is left for tomorrow.
    """
    ordered = filed_within((each for each in reports if each.is_inline), since, today)
    return ordered, [each for each in ordered if each.filing.accession not in have]


def filed_within(reports: Iterable[ListedReport], since: date, today: date) -> list[ListedReport]:
    """Those filed from a day to today, each once, oldest first."""
    listed = {
        each.filing.accession: each
        for each in reports
        if each.filing.filed and since <= each.filing.filed <= today
    }
    return sorted(listed.values(), key=lambda each: (str(each.filing.filed), each.filing.accession))


def _at(value: Any, key: str) -> Any:
    return value.get(key) if isinstance(value, dict) else None


def _optional(table: Any, name: str, length: int) -> list[Any]:
    """A column that a list may be without."""
    found = _at(table, name)
    return found if isinstance(found, list) and len(found) == length else [""] * length


def _is_on_results(row: Sequence[Any]) -> bool:
    return RESULTS in str(row[len(_COLUMNS)]).split(",")


def _announced(row: Sequence[Any], flaws: FileProblems) -> ListedReport:
    accession, form, filed, document, is_inline, _, ends = row
    if not isinstance(accession, str) or not ACCESSION.fullmatch(accession):
        raise flaws.refuse_with("wrong-type", f"expected an accession number, found `{str(accession)[:80]}`")
    inline = bool(is_inline)
    if inline and not (isinstance(document, str) and _DOCUMENT.fullmatch(document)):
        raise flaws.refuse_with(
            "wrong-type", f"expected the name of a document, found `{str(document)[:80]}`"
        )
    filing = FilingReference(form, accession, _day(filed, flaws))
    try:
        return ListedReport(filing, str(document), inline, parse_day(str(ends)))
    except ValueError:
        return ListedReport(filing, str(document), inline)


def _part(value: Any, flaws: FileProblems) -> OlderList:
    name = _at(value, "name")
    if not isinstance(name, str) or not _PART.fullmatch(name):
        raise flaws.refuse_with("wrong-type", f"expected the name of an older part, found `{str(name)[:80]}`")
    return OlderList(name, _day(_at(value, "filingTo"), flaws))


def _day(text: Any, flaws: FileProblems) -> date:
    try:
        return parse_day(str(text))
    except ValueError as error:
        raise flaws.refuse_with("wrong-type", str(error)) from None
