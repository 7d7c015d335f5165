"""Which filing a file belongs to, and the day it became public.

No document states its own filing day, and few their accession number. They come from whoever downloaded
it, from the name it was saved under, or from the list of a company's filings that the SEC publishes as
JSON (``submissions/CIK##########.json``). Without a day nothing is imported: a figure counts from then on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from thesis.core.period import parse_day
from thesis.core.problem import FileProblems, InvalidInput, Problem
from thesis.files.disk import read_bytes
from thesis.sources.importing.periods import year_seams
from thesis.sources.reported_fact import FilingReference, ReportedFact
from thesis.sources.strict_json import read_json

ACCESSION = re.compile(r"(?<![0-9])([0-9]{10})-?([0-9]{2})-?([0-9]{6})(?![0-9])")
MOST_BYTES = 50_000_000
RESULTS = "2.02"  # the item of an 8-K on results of operations
TOLD_WITHIN = timedelta(days=85)  # after the quarter's end; later comes the next quarter's
_COLUMNS = ("accessionNumber", "form", "filingDate", "reportDate")


class ListedFiling(NamedTuple):
    """A line of the SEC's list: a filing and the last day of the period that it reports on.

    ``items`` says of an 8-K what it is about: 2.02 is results of operations.
    """

    cik: str
    filing: FilingReference
    reports: str
    items: str = ""


def read_filing_list(path: Path, shown: str) -> list[ListedFiling]:
    """The filings in a submissions file; in one of its older parts, which name no company, too.

    Errors: ``InvalidInput`` where it is not what the SEC publishes.
    """
    flaws = FileProblems(shown)
    value = read_json(read_bytes(path, shown, MOST_BYTES), flaws)
    table = _at(_at(value, "filings"), "recent") or value
    columns = [_at(table, name) for name in _COLUMNS]
    is_table = all(isinstance(column, list) for column in columns)
    if not is_table or len({len(column) for column in columns}) != 1:
        raise flaws.refuse_with(
            "wrong-type", f"expected columns {', '.join(_COLUMNS)} of one length", hint=_INDEX_HINT
        )
    cik = str(_at(value, "cik") or "").lstrip("0")
    listed = [_listed(cik, row, flaws) for row in zip(*columns, strict=True)]
    items = _at(table, "items")
    if not isinstance(items, list) or len(items) != len(listed):
        return listed
    return [each._replace(items=str(told)) for each, told in zip(listed, items, strict=True)]


_INDEX_HINT = "the list of a company's filings is https://data.sec.gov/submissions/CIK<ten digits>.json"


def _at(value: Any, key: str) -> Any:
    return value.get(key) if isinstance(value, dict) else None


def _listed(cik: str, row: Sequence[Any], flaws: FileProblems) -> ListedFiling:
    accession, form, filed, reports = row
    if not all(isinstance(cell, str) for cell in row) or not ACCESSION.fullmatch(accession):
        raise flaws.refuse_with("wrong-type", f"expected texts, found `{str(row)[:80]}`", hint=_INDEX_HINT)
    try:
        return ListedFiling(cik, FilingReference(form, accession, parse_day(filed)), reports)
    except ValueError as error:
        raise flaws.refuse_with("wrong-type", str(error), hint=_INDEX_HINT) from None


def accession_of(path: Path) -> str:
    """The accession number in a file's name or its folder's, with dashes; or nothing.

    >>> accession_of(Path("000101872424000008/amzn-20231231.htm"))
    '0001018724-24-000008'
    """
    for name in (path.name, path.parent.name):
        found = ACCESSION.search(name)
        if found:
            return "-".join(found.groups())
    return ""


def identify_filings(
    facts: Sequence[ReportedFact],
    path: Path,
    shown: str,
    given: FilingReference,
    index: Iterable[ListedFiling],
) -> list[ReportedFact]:
    """The facts of a file with the filing that they stand in.

    ``given`` is what the user says, which goes before what the file or the index does. Errors:
    ``InvalidInput`` where accession, form or day stay unknown.
    """
    if all(fact.flaw or (fact.accession and fact.filed and fact.form) for fact in facts):
        return list(facts)
    form = given.form or next((fact.form for fact in facts if fact.form), "")
    known = FilingReference(form, given.accession or accession_of(path), given.filed)
    ciks = {fact.entity for fact in facts}
    found = _in_index(known, str(year_seams(facts).end), ciks, index)
    filing = FilingReference(
        known.form or found.form, known.accession or found.accession, known.filed or found.filed
    )
    problems = list(_missing(filing, shown))
    if problems:
        raise InvalidInput(problems)
    return [fact._replace(filing=filing) for fact in facts]


def release_filing(
    path: Path, shown: str, given: FilingReference, cik: str, end: date, index: Iterable[ListedFiling]
) -> FilingReference:
    """The filing that an earnings release is, by what the user says, the file's name and the SEC's list.

    ``end`` is the last day that it reports on. Errors: ``InvalidInput`` where accession or day stay unknown.
    """
    form, number = given.form or "8-K", given.accession or accession_of(path)
    listed = [each for each in index if each.cik in ("", cik) and each.filing.form == form]
    if number:
        listed = [each for each in listed if each.filing.accession == number]
    else:
        listed = [each for each in listed if _tells_results(each, end)]
        listed = [each for each in listed if given.filed in (None, each.filing.filed)]
    found = listed[0].filing if len(listed) == 1 else FilingReference()
    filing = FilingReference(form, number or found.accession, given.filed or found.filed)
    problems = list(_missing(filing, shown))
    if problems:
        raise InvalidInput(problems)
    return filing


def _tells_results(listed: ListedFiling, end: date) -> bool:
    """Whether an 8-K is the one on the results of a quarter, told within the next one."""
    filed = listed.filing.filed
    return RESULTS in listed.items.split(",") and filed is not None and end < filed <= end + TOLD_WITHIN


def _in_index(
    known: FilingReference, end: str, ciks: set[str], index: Iterable[ListedFiling]
) -> FilingReference:
    """The line of the list that is meant: by accession, else the one of the same form and period."""
    listed = [each for each in index if not each.cik or each.cik in ciks]
    if known.accession:
        found = {each.filing for each in listed if each.filing.accession == known.accession}
    else:
        found = {each.filing for each in listed if each.filing.form == known.form and each.reports == end}
    return found.pop() if len(found) == 1 else FilingReference()  # the parts of a list may overlap


def _missing(filing: FilingReference, shown: str) -> Iterator[Problem]:
    if not filing.accession:
        yield Problem(
            "unknown-filing",
            f"`{shown}` does not say which filing it is",
            hint="give its number with --accession 0001018724-24-000008, or save the file under it",
        )
    if filing.filed is None:
        yield Problem(
            "unknown-filing",
            f"`{shown}` does not say on which day it was filed",
            hint="give it with --filed 2024-02-02, or the SEC's list of the company's filings with --index",
        )
    if not filing.form:
        yield Problem(
            "unknown-filing",
            f"`{shown}` does not say what kind of report it is",
            hint="say so with --form 10-K",
        )


def late_filings(filing: FilingReference, end: date | None, shown: str, today: date) -> Iterator[Problem]:
    """What is wrong with the day of a filing: it is still to come, or before what it reports on was over."""
    if filing.filed and filing.filed > today:
        message = f"`{shown}` is said to be filed on {filing.filed}, which is after today ({today})"
        yield Problem("future-date", message)
    elif filing.filed and end and filing.filed <= end:
        message = f"`{shown}` is said to be filed on {filing.filed}, and reports on the time to {end}"
        yield Problem("bad-date", message, hint="look the day up in the SEC's list of the company's filings")
