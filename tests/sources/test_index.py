"""Edgar: what is listed, and what of it is wanted."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from thesis.core.problem import InvalidInput
from thesis.sources.edgar.index import EdgarHosts, SubmissionsIndex, read_submissions_index, reports_to_read

LINES = [  # newest first, as the SEC has them
    ("0000012345-26-000009", "10-Q", "2026-11-23", "acme-q3.htm", 1),
    ("0000012345-26-000008", "8-K", "2026-10-29", "acme-8k.htm", 1),
    ("0000012345-26-000007", "10-Q", "2026-07-30", "acme-q2.htm", 1),
    ("0000012345-26-000006", "10-K/A", "2026-04-30", "acme-ka.htm", 1),
    ("0000012345-26-000005", "4", "2026-03-01", "xslF345X06/ownership.xml", 0),
    ("0000012345-26-000004", "10-KT", "2026-02-01", "acme-kt.htm", 1),
    ("0000012345-18-000003", "10-K", "2018-02-01", "acme-10k.htm", 0),
]
COLUMNS = ("accessionNumber", "form", "filingDate", "primaryDocument", "isInlineXBRL")


def table(lines: list[tuple[Any, ...]]) -> dict[str, list[Any]]:
    return {name: [line[i] for line in lines] for i, name in enumerate(COLUMNS)}


def index(lines: list[tuple[Any, ...]] = LINES, files: object = ()) -> bytes:
    body = {"cik": "0000012345", "filings": {"recent": table(lines), "files": files}}
    return json.dumps(body).encode()


def read(*parts: Any) -> SubmissionsIndex:
    return read_submissions_index(index(*parts), "index")


def test_addresses() -> None:
    """As the SEC documents them; a mirror has all under one."""
    report = read().reports[1]
    hosts = EdgarHosts()
    assert hosts.listing("12345") == "https://data.sec.gov/submissions/CIK0000012345.json"
    assert hosts.companyfacts("12345") == "https://data.sec.gov/api/xbrl/companyfacts/CIK0000012345.json"
    assert (
        hosts.document("12345", report)
        == "https://www.sec.gov/Archives/edgar/data/12345/000001234526000007/acme-q2.htm"
    )
    assert EdgarHosts("http://m", "http://m").document("12345", report).startswith("http://m/Archives/")


def test_wanted_are_reports_with_inline_xbrl_since_a_day_that_were_not_read() -> None:
    """Oldest first, the day itself included; nothing that is dated to tomorrow."""
    today = date(2026, 11, 22)
    listed, new = reports_to_read(read().reports, date(2026, 2, 1), today, ["0000012345-26-000006"])
    assert [each.filing.form for each in listed] == ["10-KT", "10-K/A", "10-Q"]
    assert [each.document for each in new] == ["acme-kt.htm", "acme-q2.htm"]
    assert len(reports_to_read(read().reports, date(2026, 2, 2), today, [])[0]) == 2
    assert len(reports_to_read(read().reports, date(2010, 1, 1), date(2026, 11, 23), [])[0]) == 4


def test_older_parts_are_followed_as_far_as_needed() -> None:
    files = [
        {"name": "CIK0000012345-submissions-001.json", "filingTo": "2020-02-02"},
        {"name": "CIK0000012345-submissions-002.json", "filingTo": "1998-10-24"},
    ]
    found = read(LINES, files)
    assert found.older(date(2020, 2, 3)) == []
    assert [part.name[-8:] for part in found.older(date(2020, 2, 2))] == ["001.json"]
    assert len(found.older(date(1990, 1, 1))) == 2


def test_a_part_names_no_company() -> None:
    found = read_submissions_index(json.dumps(table(LINES)).encode(), "part")
    assert (found.cik, len(found.reports), found.parts) == ("", 5, ())


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (("12", "10-K", "2026-01-01", "a.htm", 1), "expected an accession number"),
        (("0000012345-26-000001", "10-K", "soon", "a.htm", 1), "expected a date"),
        (("0000012345-26-000001", "10-K", "2026-01-01", "../../etc/passwd", 1), "name of a document"),
        (("0000012345-26-000001", "10-K", "2026-01-01", "..", 1), "name of a document"),
        (("0000012345-26-000001", "10-K", "2026-01-01", "a.htm?b", 1), "name of a document"),
        (("0000012345-26-000001", "10-K", "2026-01-01", None, 1), "name of a document"),
    ],
)
def test_what_a_list_must_not_say(line: tuple[Any, ...], told: str) -> None:
    """A name that becomes part of an address and of a path is a name and nothing else."""
    with pytest.raises(InvalidInput) as caught:
        read([line])
    assert told in caught.value.problems[0].message


@pytest.mark.parametrize("part", [{"name": "../x.json", "filingTo": "2020-01-01"}, {"name": 1}, "x"])
def test_what_an_older_part_must_not_be(part: object) -> None:
    with pytest.raises(InvalidInput):
        read(LINES, [part])
    with pytest.raises(InvalidInput):
        read(LINES, {"name": part})


@pytest.mark.parametrize("body", [b"<html>", b"[]", b"{}", b'{"filings": {"recent": {"form": [1]}}}'])
def test_what_is_no_list(body: bytes) -> None:
    with pytest.raises(InvalidInput):
        read_submissions_index(body, "index")


@pytest.mark.parametrize("cik", ["0001652044", "0001018724", "0000789019"])
def test_real_lists(raw: Path, cik: str) -> None:
    """Four reports a year, all with inline XBRL since 2020."""
    found = read_submissions_index((raw / f"raw/submissions_2026/CIK{cik}.json").read_bytes(), "index")
    assert found.cik == cik.lstrip("0")
    listed, _ = reports_to_read(found.reports, date(2023, 1, 1), date(2025, 12, 31), [])
    assert len([each for each in listed if each.filing.form in ("10-K", "10-Q")]) == 12
    assert found.older(date(2023, 1, 1)) == []
    assert found.older(date(2015, 10, 2))[0].name == f"CIK{cik}-submissions-001.json"
