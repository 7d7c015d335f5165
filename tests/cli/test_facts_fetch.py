"""``thesis facts fetch`` as a person meets it, against a server on this machine that plays EDGAR."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from thesis import __version__
from thesis.facts.fact_file import read_rows
from thesis.files.disk import bundled_folder

ROOT = Path(__file__).parents[2]
ACME = ROOT / "tests" / "data" / "acme"
RAW = ROOT.parent / "shared" / "data" / "raw"
CONTACT = "Jane Doe jane@example.com"

INDEX = "/submissions/CIK0000012345.json"
FACTS = "/api/xbrl/companyfacts/CIK0000012345.json"
Q1, Q2, Q3 = "0000012345-26-000108", "0000012345-26-000109", "0000012345-26-000111"
FILED = {Q1: "2026-04-28", Q2: "2026-07-29", Q3: "2026-10-29"}
ENDS = {Q1: ("2026-01-01", "2026-03-31"), Q2: ("2026-04-01", "2026-06-30"), Q3: ("2026-07-01", "2026-09-30")}


def at(number: str) -> str:
    return f"/Archives/edgar/data/12345/{number.replace('-', '')}/acme-{ENDS[number][1]}.htm"


def page(number: str, sales: int, anvils: int) -> bytes:
    """A quarterly report with two figures, one of them by line of business."""
    start, end = ENDS[number]
    line = '<xbrldi:explicitMember dimension="acme:LineAxis">acme:AnvilsMember</xbrldi:explicitMember>'
    contexts = "".join(
        f'<xbrli:context id="{name}"><xbrli:entity><xbrli:identifier scheme="http://www.sec.gov/CIK">0000012345'
        f"</xbrli:identifier>{cut}</xbrli:entity><xbrli:period><xbrli:startDate>{start}</xbrli:startDate>"
        f"<xbrli:endDate>{end}</xbrli:endDate></xbrli:period></xbrli:context>"
        for name, cut in (("all", ""), ("anvils", f"<xbrli:segment>{line}</xbrli:segment>"))
    )
    figures = "".join(
        f'<p><ix:nonFraction name="us-gaap:Revenues" contextRef="{context}" unitRef="usd" decimals="0">'
        f"{value}</ix:nonFraction></p>"
        for context, value in (("all", sales), ("anvils", anvils))
    )
    return f"""<?xml version="1.0"?>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:ix="http://www.xbrl.org/2013/inlineXBRL"
 xmlns:xbrli="http://www.xbrl.org/2003/instance" xmlns:xbrldi="http://xbrl.org/2006/xbrldi"
 xmlns:iso4217="http://www.xbrl.org/2003/iso4217" xmlns:us-gaap="http://fasb.org/us-gaap/2026"
 xmlns:dei="http://xbrl.sec.gov/dei/2026" xmlns:acme="http://acme.example/2026"><body>
<div><ix:header><ix:hidden><ix:nonNumeric name="dei:DocumentType" contextRef="all">10-Q</ix:nonNumeric>
</ix:hidden><ix:resources>{contexts}
<xbrli:unit id="usd"><xbrli:measure>iso4217:USD</xbrli:measure></xbrli:unit>
</ix:resources></ix:header></div>{figures}</body></html>
""".encode()


def index(*numbers: str) -> bytes:
    table = {
        "accessionNumber": list(numbers),
        "form": ["10-Q" for _ in numbers],
        "filingDate": [FILED[number] for number in numbers],
        "reportDate": [ENDS[number][1] for number in numbers],
        "primaryDocument": [at(number).rpartition("/")[2] for number in numbers],
        "isInlineXBRL": [1 for _ in numbers],
    }
    return json.dumps({"cik": "0000012345", "filings": {"recent": table, "files": []}}).encode()


def companyfacts(values: Mapping[str, int]) -> bytes:
    rows = [
        {
            "start": ENDS[number][0],
            "end": ENDS[number][1],
            "val": value,
            "accn": number,
            "form": "10-Q",
            "filed": FILED[number],
        }
        for number, value in values.items()
    ]
    facts = {"us-gaap": {"Revenues": {"units": {"USD": rows}}}}
    return json.dumps({"cik": 12345, "entityName": "Acme", "facts": facts}).encode()


SALES = {Q1: 158_000_000, Q2: 159_000_000, Q3: 160_000_000}
ANVILS = {Q1: 97_000_000, Q2: 97_500_000, Q3: 98_000_000}


@pytest.fixture(autouse=True)
def _nobody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    passing = SimpleNamespace(monotonic=lambda: 0.0, time=lambda: 0.0, sleep=lambda _: None)
    monkeypatch.setattr("thesis.cli.facts_fetch.time", passing)


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where downloads are kept, and a contact."""
    monkeypatch.setenv("THESIS_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("SEC_CONTACT", CONTACT)
    return tmp_path / "cache"


@pytest.fixture
def edgar(loopback: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The server, with what Acme filed in 2026."""
    monkeypatch.setenv("SEC_BASE_URL", loopback.url)
    loopback.say(INDEX, index(Q3, Q2, Q1), headers={"ETag": '"i1"'})
    loopback.say(FACTS, companyfacts(SALES), headers={"Last-Modified": "Thu, 29 Oct 2026 20:00:00 GMT"})
    for number in ENDS:
        loopback.say(at(number), page(number, SALES[number], ANVILS[number]))
    return loopback


@pytest.fixture
def pack(folder_pack: Any) -> Path:
    """The Acme pack with its number and the tags of its sales, and rows to the second quarter."""
    text = (ACME / "metrics.yaml").read_text(encoding="utf-8")
    where = "where: {acme:LineAxis: acme:AnvilsMember}"
    for old, new in (
        ("{name: Acme Anvils", "{name: Acme Anvils, cik: 12345"),
        ("{label: Sales, unit: USD", "{label: Sales, unit: USD, tag: us-gaap:Revenues"),
        (
            "{label: Anvil sales, unit: USD",
            f"{{label: Anvil sales, unit: USD, tag: us-gaap:Revenues, {where}",
        ),
    ):
        assert old in text
        text = text.replace(old, new)
    folder: Path = folder_pack({"metrics.yaml": text})
    return folder


@pytest.fixture
def empty(pack: Path) -> Path:
    """The same without facts, and without the identity that needs some."""
    metrics = pack / "metrics.yaml"
    text = metrics.read_text(encoding="utf-8")
    metrics.write_text(text[: text.index("identities:")], encoding="utf-8")
    shutil.rmtree(pack / "facts")
    return pack


def facts(pack: Path) -> str:
    file = pack / "facts/ACME.csv"
    return file.read_text(encoding="utf-8") if file.exists() else ""


def fetch(run: Any, *arguments: str) -> Any:
    return run("facts", "fetch", "-p", "acme", *arguments)


def left(folder: Path) -> list[str]:
    """Files of downloads that were begun and not finished."""
    return [file.name for file in folder.rglob("*") if file.name.endswith((".part", ".tmp"))]


# what is new ---------------------------------------------------------------------------------------


def test_what_is_new_is_taken_over(edgar: Any, cache: Path, pack: Path, run: Any) -> None:
    """The second quarter was read; the third is asked for, in one's name, and its rows are written."""
    before = facts(pack)
    found = fetch(run)
    assert (found.code, found.err) == (
        0,
        "ACME: 2 filings since 2026-07-29, 1 new\nwrote acme/facts/ACME.csv\n",
    )
    assert edgar.paths == [INDEX, FACTS, at(Q3)]
    assert {headers["user-agent"] for _, headers in edgar.asked} == {f"thesis/{__version__} {CONTACT}"}
    new = [line for line in facts(pack).splitlines() if line not in before.splitlines()]
    assert new == [
        f"anvils.sales,2026Q3,98000000,USD,2026-10-29,10-Q {Q3},reported,",
        f"sales,2026Q3,160000000,USD,2026-10-29,10-Q {Q3},reported,",
    ]
    assert f"acme-2026-09-30.htm: 10-Q {Q3}, filed 2026-10-29" in found.out
    assert left(cache) == []


def test_it_works_where_a_loop_is_running_already(edgar: Any, cache: Path, pack: Path, run: Any) -> None:
    """As in a notebook, whose own loop runs in the thread that asks.

    The thread is a new one, since a browser of another test may have left its loop in that of the tests.
    """

    async def within() -> Any:
        return fetch(run)

    with ThreadPoolExecutor(1) as threads:
        assert threads.submit(lambda: asyncio.run(within())).result().code == 0


def test_the_second_time_nothing_is_new(edgar: Any, cache: Path, pack: Path, run: Any) -> None:
    """The lists are asked for whether they changed, the report not at all."""
    fetch(run)
    before = facts(pack)
    edgar.asked.clear()
    edgar.say(INDEX, status=304)
    edgar.say(FACTS, status=304)
    again = fetch(run)
    assert (again.code, again.err) == (0, "ACME: 1 filing since 2026-10-29, 0 new\n")
    assert again.out.endswith("nothing new\n")
    assert facts(pack) == before
    assert edgar.paths == [INDEX, FACTS]
    assert edgar.asked[0][1]["if-none-match"] == '"i1"'
    assert edgar.asked[1][1]["if-modified-since"] == "Thu, 29 Oct 2026 20:00:00 GMT"


def test_since_takes_all_again_and_downloads_none_twice(
    edgar: Any, cache: Path, pack: Path, run: Any
) -> None:
    first = fetch(run, "--since", "2026-10-01")
    assert (first.code, edgar.paths) == (0, [INDEX, FACTS, at(Q3)])
    before = facts(pack)
    edgar.asked.clear()
    again = fetch(run, "--since", "2026-10-01")
    assert (again.code, facts(pack)) == (0, before)
    assert again.err == "ACME: 1 filing since 2026-10-01, 1 new\n"
    assert edgar.paths == [INDEX, FACTS]


def test_an_empty_pack_is_filled(edgar: Any, cache: Path, empty: Path, run: Any) -> None:
    found = fetch(run)
    assert found.err.startswith("ACME: 3 filings since 2021-11-22, 3 new\n")
    rows = read_rows(facts(empty), "f")
    assert {(row.concept, row.period): row.value for row in rows} == {
        **{("sales", f"2026Q{i}"): str(SALES[n]) for i, n in enumerate(SALES, 1)},
        **{("anvils.sales", f"2026Q{i}"): str(ANVILS[n]) for i, n in enumerate(ANVILS, 1)},
    }


def test_companyfacts_alone_is_no_reading(
    edgar: Any, cache: Path, empty: Path, run: Any, tmp_path: Path
) -> None:
    """It has no lines of business, so the reports that it cites are still to be read."""
    (tmp_path / "facts.json").write_bytes(companyfacts(SALES))
    assert run("facts", "import", "facts.json", "-p", "acme").code == 0
    found = fetch(run)
    assert found.err.startswith("ACME: 3 filings since 2021-11-22, 3 new\n")
    assert "anvils.sales,2026Q1,97000000" in facts(empty)


def test_where_companyfacts_has_all_it_is_a_reading(edgar: Any, cache: Path, empty: Path, run: Any) -> None:
    metrics = empty / "metrics.yaml"
    plain = metrics.read_text(encoding="utf-8").replace(
        "tag: us-gaap:Revenues, where: {acme:LineAxis: acme:AnvilsMember}", "tag: us-gaap:Anvils"
    )
    metrics.write_text(plain, encoding="utf-8")
    edgar.say(INDEX, index(Q2, Q1))
    edgar.say(FACTS, companyfacts({Q1: 1_000_000, Q2: 1_000_000}))
    for number in (Q1, Q2):
        edgar.say(at(number), page(number, 1_000_000, 1))
    assert fetch(run).code == 0
    edgar.say(INDEX, index(Q3, Q2, Q1))
    assert fetch(run, "--dry-run").err == "ACME: 2 filings since 2026-07-29, 1 new\n"


def test_companyfacts_counts_only_since(edgar: Any, cache: Path, empty: Path, run: Any) -> None:
    found = fetch(run, "--since", "2026-07-01", "--without", "anvils.sales")
    assert {row.period for row in read_rows(facts(empty), "f")} == {"2026Q2", "2026Q3"}
    assert "left out, filed earlier than asked for: 1\n" in found.out


def test_a_dry_run_changes_no_facts(edgar: Any, cache: Path, pack: Path, run: Any) -> None:
    before = facts(pack)
    found = fetch(run, "--dry-run", "--verbose", "--only", "sales")
    assert (found.code, facts(pack)) == (0, before)
    assert f"sales 2026Q3  160000000  10-Q {Q3}" in found.out and "anvils.sales" not in found.out
    assert found.out.endswith("nothing was written: a dry run\n")


def test_a_filing_left_out_is_not_downloaded(edgar: Any, cache: Path, pack: Path, run: Any) -> None:
    assert fetch(run, "--without", Q3).code == 0
    assert at(Q3) not in edgar.paths


def test_an_entity_without_companyfacts(edgar: Any, cache: Path, pack: Path, run: Any) -> None:
    del edgar.replies[FACTS]
    found = fetch(run)
    assert found.code == 0 and "ACME: EDGAR has no companyfacts of it\n" in found.err
    assert "sales,2026Q3,160000000" in facts(pack)


def test_a_bar_where_somebody_looks(
    edgar: Any, cache: Path, pack: Path, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    found = fetch(run)
    assert "fetching" in found.err and "2/2" in found.err


# what goes wrong -----------------------------------------------------------------------------------


def test_a_fetch_that_was_cut_goes_on_where_it_was(edgar: Any, cache: Path, empty: Path, run: Any) -> None:
    """The server dies before the third report; the next time only that one is asked for."""
    kept = edgar.replies[at(Q3)]
    edgar.say(at(Q3), kept[0].body, sent=100)
    cut = fetch(run)
    assert cut.code == 3 and "gave up after 5 attempts" in cut.err and "bug" not in cut.err
    assert (facts(empty), left(cache)) == ("", [])
    edgar.replies[at(Q3)] = kept
    edgar.asked.clear()
    assert fetch(run).code == 0
    assert edgar.paths == [INDEX, FACTS, at(Q3)]
    assert "sales,2026Q1" in facts(empty) and "sales,2026Q3" in facts(empty)


def test_whoever_stops_it_finds_nothing_half_done(
    edgar: Any, cache: Path, pack: Path, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from thesis.sources.download_session import DownloadSession

    before, get = facts(pack), DownloadSession.get

    def stop(session: DownloadSession, url: str, into: Any, conditions: Any = None) -> Any:
        answer = get(session, url, into, conditions)
        if url.endswith(at(Q3)):
            raise KeyboardInterrupt
        return answer

    monkeypatch.setattr(DownloadSession, "get", stop)
    found = fetch(run)
    assert (found.code, found.out) == (130, "") and found.err.endswith("stopped\n")
    assert (facts(pack), left(cache)) == (before, [])
    assert not list(cache.rglob("acme-2026-09-30.htm"))


@pytest.mark.parametrize("damage", [b"", b"half", None])
def test_what_was_damaged_on_disk_is_fetched_anew(
    damage: bytes | None, edgar: Any, cache: Path, pack: Path, run: Any
) -> None:
    fetch(run, "--dry-run")
    (file,) = cache.rglob("acme-2026-09-30.htm")
    about = file.with_name(f"{file.name}.about")
    file.write_bytes(damage) if damage is not None else about.write_text("[]", encoding="utf-8")
    edgar.asked.clear()
    assert fetch(run).code == 0
    assert edgar.paths == [INDEX, FACTS, at(Q3)]
    assert "sales,2026Q3,160000000" in facts(pack)


THRESHOLD = (
    b"<!DOCTYPE html><html><head><title>SEC.gov | Request Rate Threshold Exceeded</title></head></html>"
)
WRONG: dict[str, tuple[str, bytes, str]] = {
    "page for list": (INDEX, THRESHOLD, "page called `SEC.gov | Request Rate Threshold Exceeded`"),
    "page for facts": (FACTS, THRESHOLD, "Threshold Exceeded"),
    "page for report": (at(Q3), THRESHOLD, "expected a report with inline XBRL"),
    "half a list": (INDEX, index(Q3)[:-20], "ends too early"),
    "another's list": (INDEX, index(Q3).replace(b"12345", b"54321"), "CIK 12345"),
    "another's facts": (FACTS, companyfacts(SALES).replace(b'"cik": 12345', b'"cik": 5'), "CIK 12345"),
    "list for facts": (FACTS, index(Q3), "other JSON"),
    "report without an end": (at(Q3), page(Q3, 1, 1)[:-20], "has no end"),
    "picture": (at(Q3), b"\x89PNG\r\n", "expected a report"),
}


@pytest.mark.parametrize(("path", "body", "told"), list(WRONG.values()), ids=list(WRONG))
def test_something_else_is_told_and_not_kept(
    path: str, body: bytes, told: str, edgar: Any, cache: Path, pack: Path, run: Any
) -> None:
    before, right = facts(pack), edgar.replies[path]
    edgar.say(path, body)
    found = fetch(run)
    assert found.code == 3, found.out
    assert told in found.err and "Traceback" not in found.err
    assert facts(pack) == before
    assert not [file for file in cache.rglob("*") if file.as_posix().endswith(path)]
    assert left(cache) == []
    edgar.replies[path] = right
    assert fetch(run).code == 0


def test_a_report_that_is_listed_and_not_there(edgar: Any, cache: Path, pack: Path, run: Any) -> None:
    del edgar.replies[at(Q3)]
    found = fetch(run)
    assert found.code == 3 and f"{edgar.url}{at(Q3)}" in found.err and "404" in found.err


def test_a_number_that_edgar_does_not_know(edgar: Any, cache: Path, pack: Path, run: Any) -> None:
    del edgar.replies[INDEX]
    found = fetch(run)
    assert found.code == 3 and "unknown-filer" in found.err and "`cik` in metrics.yaml" in found.err


def test_forbidden_is_explained(edgar: Any, cache: Path, pack: Path, run: Any) -> None:
    edgar.say(INDEX, b"Undeclared Automated Tool", status=403)
    found = fetch(run)
    assert found.code == 3 and "403" in found.err and "contact" in found.err


def test_older_parts_are_read_as_far_back_as_asked(edgar: Any, cache: Path, empty: Path, run: Any) -> None:
    """They may list again what the newest does."""
    body = json.loads(index(Q3))
    name = "CIK0000012345-submissions-001.json"
    body["filings"]["files"] = [{"name": name, "filingTo": "2026-07-29"}]
    edgar.say(INDEX, json.dumps(body).encode())
    edgar.say(f"/submissions/{name}", json.dumps(json.loads(index(Q3, Q2, Q1))["filings"]["recent"]).encode())
    assert fetch(run, "--dry-run", "--since", "2026-10-01").code == 0
    assert f"/submissions/{name}" not in edgar.paths
    found = fetch(run)
    assert found.err.startswith("ACME: 3 filings since")
    assert "anvils.sales,2026Q1,97000000" in facts(empty)


def test_without_a_cache_folder_downloads_last_for_the_run(
    edgar: Any, pack: Path, run: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SEC_CONTACT", CONTACT)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "for a while"))
    (tmp_path / "for a while").mkdir()
    assert fetch(run).code == 0
    assert "sales,2026Q3" in facts(pack)
    assert list((tmp_path / "for a while").iterdir()) == []


def test_a_cache_folder_that_is_none(
    edgar: Any, cache: Path, pack: Path, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache.write_text("a file", encoding="utf-8")
    found = fetch(run)
    assert found.code == 3 and "unwritable" in found.err and "THESIS_CACHE" in found.err


# who asks, and for what ----------------------------------------------------------------------------


def test_nobody_is_asked_without_a_contact(edgar: Any, pack: Path, run: Any) -> None:
    found = fetch(run)
    assert found.code == 3 and "SEC_CONTACT" in found.err and "config.toml" in found.err
    assert edgar.asked == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (f'[sec]\ncontact = "{CONTACT}"\n', 0),
        ("[sec]\n", 3),
        ("sec = 1\n", 3),
        ("[sec]\ncontact = 1\n", 3),
        ('[sec]\ncontact = "Jörg jörg@example.com"\n', 3),
        ('[sec]\ncontact = "a@b\\nX-Other: 1"\n', 3),
        ("[sec\n", 3),
        ("x = " + "[" * 5_000, 3),
    ],
)
def test_a_contact_in_the_settings(
    text: str, code: int, edgar: Any, pack: Path, run: Any, tmp_path: Path
) -> None:
    (tmp_path / "config.toml").write_text(text, encoding="utf-8")
    found = fetch(run, "--dry-run")
    assert found.code == code, found.err
    assert "Traceback" not in found.err
    assert bool(edgar.asked) == (code == 0)


def test_where_the_settings_are(monkeypatch: pytest.MonkeyPatch) -> None:
    from thesis.cli.config import config_file

    monkeypatch.delenv("THESIS_CONFIG")
    monkeypatch.setenv("XDG_CONFIG_HOME", "/x")
    assert config_file() == Path("/x/thesis/config.toml")
    monkeypatch.delenv("XDG_CONFIG_HOME")
    monkeypatch.setenv("HOME", "/home/jane")
    assert config_file() == Path("/home/jane/.config/thesis/config.toml")


def test_a_pack_of_the_programs_is_not_written_into(edgar: Any, cache: Path, run: Any) -> None:
    found = run("facts", "fetch", "-p", "amzn-4t")
    assert found.code == 3 and "comes with the program" in found.err
    assert edgar.asked == []


def test_an_entity_without_a_number(edgar: Any, cache: Path, folder_pack: Any, run: Any) -> None:
    folder_pack()
    for arguments in ((), ("--entity", "ACME")):
        found = fetch(run, *arguments)
        assert found.code == 3 and "unknown-filer" in found.err and "`cik:`" in found.err
    assert edgar.asked == []


def test_an_entity_without_tags_has_nothing_to_look_for(
    edgar: Any, cache: Path, pack: Path, run: Any
) -> None:
    metrics = pack / "metrics.yaml"
    text = metrics.read_text(encoding="utf-8")
    metrics.write_text(re.sub(r", tag: us-gaap:Revenues(, where: \{[^}]*\})?", "", text), encoding="utf-8")
    found = fetch(run)
    assert found.code == 0 and "no concept of it has a `tag`" in found.err
    assert edgar.asked == []


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--entity", "ACMEE"), "did you mean `ACME`?"),
        (("--only", "sale"), "did you mean `sales`?"),
        (("--without", "sale"), "did you mean `sales`?"),
        (("--since", "soon"), "expected a date"),
        (("--base-url", "ftp://mirror"), "expected an address"),
        (("--base-url", "http://[1"), "expected an address"),
        (("--base-url", "http://jane@mirror"), "expected an address"),
        (("--base-url", "http://mirror:99999"), "expected an address"),
        (("--base-url", "mirror"), "expected an address"),
        (("--base-url", "http://mirror/../x"), "expected an address"),
        (("--base-url", "http://a mirror"), "expected an address"),
        (("--base-url", "http://mirror/?a=b"), "expected an address"),
    ],
)
def test_wrong_usage_is_told(
    arguments: tuple[str, ...], told: str, edgar: Any, cache: Path, pack: Path, run: Any
) -> None:
    found = fetch(run, *arguments)
    assert (found.code, found.out, edgar.asked) == (2, "", [])
    assert told in found.err


def test_what_is_not_installed_is_told(
    pack: Path, run: Any, monkeypatch: pytest.MonkeyPatch, cache: Path
) -> None:
    monkeypatch.setattr("thesis.cli.extras.find_spec", lambda _: None)
    found = fetch(run)
    assert found.code == 2 and "pip install 'thesis[fetch]'" in found.err


def test_import_leaves_out_what_was_filed_before(pack: Path, run: Any, tmp_path: Path) -> None:
    """The same as a fetch does with companyfacts."""
    (tmp_path / "facts.json").write_bytes(companyfacts(SALES))
    found = run("facts", "import", "facts.json", "-p", "acme", "--since", "2026-10-29", "--dry-run")
    assert found.code == 0, found.err
    assert "left out, filed earlier than asked for: 2\n" in found.out and "new: 1\n" in found.out


# the documents beside the report -------------------------------------------------------------------

RESULTS = "0000012345-26-000110"
FOLDER = f"/Archives/edgar/data/12345/{RESULTS.replace('-', '')}/"
LIST, LISTING, RELEASE = f"{FOLDER}{RESULTS}-index.html", f"{FOLDER}index.json", f"{FOLDER}acmeex991.htm"
TOLD = b"""<html><body><p>Anvils were \x93heavy\x94 at last: sales of the shops
rose.</p><p>(in millions)</p><table>
<tr><td></td><td>Q2 2026</td><td>Q3 2026</td></tr><tr><td>Spent on shops</td><td>$ 28</td><td>$ 31</td></tr>
</table></body></html>"""


def filed(*documents: tuple[str, str]) -> bytes:
    """EDGAR's page with the documents of a filing, each with its type."""
    rows = "".join(
        f'<tr><td scope="row">{i}</td><td scope="row"></td><td><a href="/ix?doc=/{name}">{name}</a>'
        f' &nbsp;<span style="color: green">iXBRL</span></td><td scope="row">{kind}</td><td>9</td></tr>'
        for i, (name, kind) in enumerate(documents, 1)
    )
    heads = "".join(
        f'<th scope="col">{head}</th>' for head in ("Seq", "Description", "Document", "Type", "Size")
    )
    table = f'<table class="tableFile" summary="Document Format Files"><tr>{heads}</tr>{rows}</table>'
    return f"<html><head><title>EDGAR Filing Documents</title></head><body>{table}</body></html>".encode()


def folder_list(*names: str) -> bytes:
    items = [{"name": name, "type": "text.gif", "size": "9", "last-modified": ""} for name in names]
    return json.dumps({"directory": {"item": items, "name": FOLDER, "parent-dir": ""}}).encode()


@pytest.fixture
def results(edgar: Any, pack: Path) -> Any:
    """The server with an 8-K on the third quarter's results, and a pack that asks for a line of releases."""
    listed = json.loads(index(Q3, Q2, Q1))
    recent = listed["filings"]["recent"]
    row = {"accessionNumber": RESULTS, "form": "8-K", "filingDate": "2026-10-28", "reportDate": "2026-10-28"}
    for name, cell in {**row, "primaryDocument": "acme8k.htm", "isInlineXBRL": 1}.items():
        recent[name].insert(1, cell)
    recent["items"] = ["", "2.02,9.01", "", ""]
    edgar.say(INDEX, json.dumps(listed).encode())
    edgar.say(LIST, filed(("acme8k.htm", "8-K"), ("acmeex991.htm", "EX-99.1"), ("logo.jpg", "GRAPHIC")))
    edgar.say(RELEASE, TOLD)
    metrics = pack / "metrics.yaml"
    text = metrics.read_text(encoding="utf-8")
    metrics.write_text(
        text.replace("  building: {", '  building: {release: "Spent on shops", '), encoding="utf-8"
    )
    return edgar


def test_the_release_of_the_quarter_is_read_and_on_file(
    results: Any, cache: Path, pack: Path, run: Any
) -> None:
    """Its figures and the report's are written together; the next time it is not asked for."""
    found = fetch(run)
    assert found.code == 0, found.err
    assert "ACME: 1 release of results since 2026-06-14\n" in found.err
    assert results.paths == [INDEX, FACTS, at(Q3), LIST, RELEASE]
    assert f"building,2026Q3,31000000,USD,2026-10-28,8-K {RESULTS} (release),reported," in facts(pack)
    assert "put on file in acme/documents.csv: acme-2026-09-30.htm, acmeex991.htm\n" in found.out
    listed = json.loads(run("documents", "list", "acme", "--json").out)
    assert [(row["form"], row["accession"], row["filed"], row["period"], row["state"]) for row in listed] == [
        ("8-K", RESULTS, "2026-10-28", "2026Q3", "here"),
        ("10-Q", Q3, "2026-10-29", "2026Q3", "here"),
    ]
    assert listed[0]["origin"] == results.url + RELEASE
    quoted = run(
        "documents",
        "text",
        RESULTS,
        "-p",
        "acme",
        "--quote",
        'Anvils were "heavy" at last: sales of the shops rose.',
    )
    assert quoted.code == 0 and quoted.out.startswith("line 1: Anvils were")
    results.asked.clear()
    assert fetch(run).code == 0
    assert results.paths == [INDEX, FACTS]


SERVERS: dict[str, tuple[Mapping[str, Any], int, str, bool]] = {
    "names alone": ({LIST: None, LISTING: folder_list("acme8k.htm", "acmeex991.htm")}, 0, "1 release", True),
    "no list": ({LIST: None}, 0, f"8-K {RESULTS}: EDGAR has no list of its documents", False),
    "no exhibit": ({LIST: filed(("acme8k.htm", "8-K"), ("acmeex31.htm", "EX-31.1"))}, 0, "1 release", False),
    "not there": ({RELEASE: None}, 0, "EDGAR lists acmeex991.htm and does not have it (404)", False),
    "no table": ({RELEASE: b"<html><p>Sales rose.</p></html>"}, 0, "warning[not-a-release]", True),
    "cut": ({RELEASE: {"body": TOLD, "sent": 90}}, 3, "gave up after 5 attempts", False),
    "slow": ({RELEASE: {"body": TOLD, "pause": 0.05}}, 3, "too slow", False),
    "half a page": ({RELEASE: TOLD[:-40]}, 3, "the page has no end", False),
    "no text": ({RELEASE: b"\x89PNG\r\n"}, 3, "a picture", False),
    "a notice": (
        {RELEASE: THRESHOLD.replace(b"</html>", b"<p>x</p></html>")},
        3,
        "Threshold Exceeded",
        False,
    ),
    "a notice for the list": ({LIST: THRESHOLD}, 3, "Threshold Exceeded", False),
    "too large": ({RELEASE: b"<html>" + b"x" * 60_000_001}, 3, "larger than 60 MB", False),
}


@pytest.mark.parametrize("name", SERVERS)
def test_whatever_the_server_has_of_a_release_the_store_is_whole(
    name: str, results: Any, cache: Path, pack: Path, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer is clear, nothing is half done, and the figures of the report need no release."""
    from thesis.sources import download_session

    changes, code, told, is_on_file = SERVERS[name]
    if name == "slow":
        limits = download_session.RequestLimits(longest=1.0)
        monkeypatch.setattr(download_session, "RequestLimits", lambda: limits)
    for path, reply in changes.items():
        if reply is None:
            del results.replies[path]
        else:
            results.say(path, **(reply if isinstance(reply, dict) else {"body": reply}))
    before = facts(pack)
    found = fetch(run)
    assert (found.code, told in found.err) == (code, True), found.err
    assert "Traceback" not in found.err and left(pack) == left(cache) == []
    assert (facts(pack) != before) is (code == 0)
    assert ("sales,2026Q3,160000000" in facts(pack)) is (code == 0)
    listed = run("documents", "list", "acme")
    assert listed.code == 0, listed.err
    assert ("acmeex991.htm" in listed.out) is is_on_file and (Q3 in listed.out) is (code == 0)


@pytest.mark.parametrize("main", [page(Q3, 160_000_000, 98_000_000), None])
def test_an_exhibit_with_the_figures_is_read_with_its_report(
    main: bytes | None, edgar: Any, cache: Path, empty: Path, run: Any
) -> None:
    """An annual report whose figures stand in EX-13, and one that has them itself and no such exhibit."""
    whole = page(Q3, 160_000_000, 98_000_000).replace(b">10-Q<", b">10-K<")
    figures = whole[whole.index(b"<p><ix:nonFraction") : whole.index(b"</body>")]
    exhibit = whole[: whole.index(b"<div>")] + figures + b"</body></html>"
    edgar.say(INDEX, index(Q3).replace(b"10-Q", b"10-K"))
    del edgar.replies[FACTS]
    edgar.say(at(Q3), main or whole.replace(figures, b"<p>See Exhibit 13.</p>"))
    folder = at(Q3).rpartition("/")[0]
    listed = (("acme-2026-09-30.htm", "10-K"), *((("acmeex13.htm", "EX-13"),) if main is None else ()))
    edgar.say(f"{folder}/{Q3}-index.html", filed(*listed))
    edgar.say(f"{folder}/acmeex13.htm", exhibit)
    found = fetch(run)
    assert found.code == 0, found.err
    assert "sales,2026Q3,160000000" in facts(empty) and "anvils.sales,2026Q3,98000000" in facts(empty)
    assert (f"{folder}/acmeex13.htm" in edgar.paths) is (main is None)


# real filings --------------------------------------------------------------------------------------


@pytest.fixture
def real(loopback: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """EDGAR with what was gathered from it: lists, as they were in the spring of 2024, Alphabet's
    companyfacts, and two annual reports."""
    if not RAW.is_dir():
        pytest.skip(f"the gathered filings are not there: {RAW}")
    monkeypatch.setenv("SEC_BASE_URL", loopback.url)
    for cik in ("0001652044", "0001018724"):
        listed = json.loads((RAW / f"submissions_2026/CIK{cik}.json").read_bytes())
        recent = listed["filings"]["recent"]
        then = [i for i, day in enumerate(recent["filingDate"]) if day < "2024-03-01"]
        listed["filings"]["recent"] = {name: [column[i] for i in then] for name, column in recent.items()}
        loopback.say(f"/submissions/CIK{cik}.json", json.dumps(listed).encode())
    body = (RAW / "companyfacts_full/GOOGL_CIK0001652044.json").read_bytes()
    loopback.say("/api/xbrl/companyfacts/CIK0001652044.json", body)
    for folder, number, path in (
        ("googl_10k_fy2023", "0001652044-24-000022", "1652044/000165204424000022/goog-20231231.htm"),
        ("amzn_10k_fy2023", "0001018724-24-000008", "1018724/000101872424000008/amzn-20231231.htm"),
    ):
        body = (RAW / folder / f"{number}_primary-document.html").read_bytes()
        loopback.say(f"/Archives/edgar/data/{path}", body)
    for number in (
        "0001652044-24-000022",
        "0001652044-24-000014",
        "0001018724-24-000008",
        "0001018724-24-000006",
    ):
        folder = f"{int(number[:10])}/{number.replace('-', '')}"
        loopback.say(f"/Archives/edgar/data/{folder}/{number}-index.html", filed(("report.htm", "8-K")))
    return loopback


def test_real_filings_into_an_empty_pack(real: Any, cache: Path, run: Any, tmp_path: Path) -> None:
    """What the two reports for 2023 say, and again in vain."""
    pack = tmp_path / "amzn"
    shutil.copytree(bundled_folder("rules") / "amzn-4t", pack)
    shutil.rmtree(pack / "facts")
    arguments = ("-p", "amzn", "--entity", "AMZN", "--entity", "GOOGL", "--since", "2024-01-15")
    found = run("facts", "fetch", *arguments)
    assert found.code == 0, found.err
    assert "AMZN: 1 filing since 2024-01-15, 1 new\n" in found.err
    assert "AMZN: EDGAR has no companyfacts of it\n" in found.err
    rows = {
        (row.concept, row.period): row.value
        for name in ("AMZN", "GOOGL")
        for row in read_rows((pack / f"facts/{name}.csv").read_text(encoding="utf-8"), "f")
    }
    assert rows["aws.net_sales", "FY2023"] == "90757000000"
    assert rows["gcp.net_sales", "FY2023"] == "33088000000"
    assert rows["googl.capex", "FY2023"] == "32251000000"
    real.asked.clear()
    again = run("facts", "fetch", *arguments)
    assert again.code == 0 and again.out.endswith("nothing new\n")
    assert not [path for path in real.paths if "/Archives/" in path]
