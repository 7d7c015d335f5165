"""``thesis facts import``, ``tags`` and ``check`` as a person meets them."""

from __future__ import annotations

import json
import os
import re
import shutil
from pathlib import Path
from typing import Any

import click
import pytest

from tests.sources.conftest import CONTEXTS as RESOURCES
from tests.sources.conftest import write_page
from thesis.cli.facts import COMMANDS, command

ROOT = Path(__file__).parents[2]
ACME = ROOT / "tests" / "data" / "acme"
NUMBER = "0000012345-26-000111"
RATED = ("--as-of", "2026-10-15")

ANVILS = '<xbrldi:explicitMember dimension="acme:LineAxis">acme:AnvilsMember</xbrldi:explicitMember>'
CONTEXTS = "".join(
    f'<context id="{name}"><entity><identifier scheme="http://www.sec.gov/CIK">0000012345</identifier>{cut}'
    f"</entity><period><startDate>{start}</startDate><endDate>{end}</endDate></period></context>"
    for name, start, end, cut in (
        ("q", "2026-07-01", "2026-09-30", ""),
        ("nine", "2026-01-01", "2026-09-30", ""),
        ("before", "2025-07-01", "2025-09-30", ""),
        ("ttm", "2025-10-01", "2026-09-30", ""),
        (
            "anvils",
            "2026-07-01",
            "2026-09-30",
            f"<segment>{ANVILS}</segment>",
        ),
    )
)
FILING = f"""<?xml version="1.0"?>
<xbrl xmlns="http://www.xbrl.org/2003/instance" xmlns:xbrldi="http://xbrl.org/2006/xbrldi"
 xmlns:iso4217="http://www.xbrl.org/2003/iso4217" xmlns:us-gaap="http://fasb.org/us-gaap/2026"
 xmlns:dei="http://xbrl.sec.gov/dei/2026" xmlns:acme="http://acme.example/2026">
{CONTEXTS}<unit id="usd"><measure>iso4217:USD</measure></unit>
<dei:DocumentType contextRef="nine">10-Q</dei:DocumentType>
<dei:DocumentPeriodEndDate contextRef="nine">2026-09-30</dei:DocumentPeriodEndDate>
<us-gaap:Revenues contextRef="q" unitRef="usd" decimals="-6">160000000</us-gaap:Revenues>
<us-gaap:Revenues contextRef="nine" unitRef="usd" decimals="-6">475000000</us-gaap:Revenues>
<us-gaap:Revenues contextRef="ttm" unitRef="usd" decimals="-6">633000000</us-gaap:Revenues>
<us-gaap:Revenues contextRef="before" unitRef="usd" decimals="-6">151000000</us-gaap:Revenues>
<us-gaap:Revenues contextRef="anvils" unitRef="usd" decimals="-6">98000000</us-gaap:Revenues>
<us-gaap:Goodwill contextRef="q" unitRef="usd" decimals="-6">1000000</us-gaap:Goodwill>
</xbrl>
"""
INDEX = {
    "cik": "0000012345",
    "filings": {
        "recent": {
            "accessionNumber": ["0000012345-26-000110", NUMBER],
            "form": ["8-K", "10-Q"],
            "filingDate": ["2026-10-28", "2026-10-29"],
            "reportDate": ["2026-10-28", "2026-09-30"],
        }
    },
}


@pytest.fixture
def pack(folder_pack: Any, tmp_path: Path) -> Path:
    """The Acme pack with its number and the tags of its sales, and a filing beside it."""
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
    (tmp_path / "acme-20260930_htm.xml").write_text(FILING, encoding="utf-8")
    (tmp_path / "index.json").write_text(json.dumps(INDEX), encoding="utf-8")
    folder: Path = folder_pack({"metrics.yaml": text})
    return folder


def facts(pack: Path) -> str:
    return (pack / "facts/ACME.csv").read_text(encoding="utf-8")


FILE = "acme-20260930_htm.xml"
SAID = ("--accession", NUMBER, "--filed", "2026-10-29")


# import --------------------------------------------------------------------------------------------


def test_a_filing_is_taken_over_and_the_next_memo_has_it(pack: Path, run: Any) -> None:
    """New rows are told and written, in their place; the comparison of a year ago says nothing new."""
    before = facts(pack)
    found = run("facts", "import", FILE, "-p", "acme", *SAID)
    assert (found.code, found.err) == (0, "wrote acme/facts/ACME.csv\n")
    assert found.out == (
        f"{FILE}: 10-Q {NUMBER}, filed 2026-10-29; 8 facts, 4 of them asked for\n"
        "  left out, over twelve months that are no fiscal year: 1\n"
        "  unmapped: 1 figure under 1 tag\n"
        "new: 3\n"
        "unchanged: 1\n"
    )
    new = [line for line in facts(pack).splitlines() if line not in before.splitlines()]
    assert new == [
        f"anvils.sales,2026Q3,98000000,USD,2026-10-29,10-Q {NUMBER},reported,",
        f"sales,2026Q3,160000000,USD,2026-10-29,10-Q {NUMBER},reported,",
        f"sales,9M2026,475000000,USD,2026-10-29,10-Q {NUMBER},reported,",
    ]
    assert [line for line in facts(pack).splitlines() if line not in new] == before.splitlines()
    assert run("lint", "acme").code == 0
    assert "2026Q3" in run("memo", "acme").out
    assert "9M2026" not in run("facts", "-p", "acme", "--concept", "sales", "--vintages").out


COVER = (
    '<ix:nonNumeric name="dei:DocumentType" contextRef="year">10-K</ix:nonNumeric>'
    '<ix:nonFraction name="dei:EntityPublicFloat" contextRef="end" unitRef="usd">5</ix:nonFraction>'
)
SALES = '<ix:nonFraction name="us-gaap:Revenues" contextRef="year" unitRef="usd">5</ix:nonFraction>'


def test_a_report_and_its_exhibit_are_read_together(pack: Path, run: Any, tmp_path: Path) -> None:
    """Given with their filing, or saved under its number; alone, the report has no figure, which is told."""
    folder = tmp_path / NUMBER.replace("-", "")
    folder.mkdir()
    (folder / "main.htm").write_bytes(write_page(COVER))
    (folder / "ex13.htm").write_bytes(write_page(SALES, resources=""))
    main, exhibit = (f"{folder.name}/{name}" for name in ("main.htm", "ex13.htm"))
    columns = {"accessionNumber": NUMBER, "form": "10-K", "filingDate": "2026-10-29"}
    columns["reportDate"] = "2023-12-31"
    recent = {name: [value] for name, value in columns.items()}
    listed = {"cik": "12345", "filings": {"recent": recent}}
    (tmp_path / "annual.json").write_text(json.dumps(listed), encoding="utf-8")
    told = []
    for more in (SAID, ("--index", "annual.json")):
        both = run("facts", "import", main, exhibit, "-p", "acme", *more, "--dry-run", "--verbose")
        assert (both.code, both.err) == (0, "")
        assert f"{main} and {exhibit}: 10-K {NUMBER}, filed 2026-10-29; 3 facts, 1 of them" in both.out
        assert "sales FY2023  5 " in both.out
        told.append(both.out)
    assert told[0] == told[1]
    alone = run("facts", "import", main, "-p", "acme", *SAID, "--dry-run")
    assert alone.code == 0 and "warning[no-figures]" in alone.err and "exhibit" in alone.err
    refused = run("facts", "import", exhibit, "-p", "acme", *SAID, "--dry-run")
    assert refused.code == 3 and "error[unknown-context]" in refused.err
    (folder / "ex99.htm").write_bytes(write_page(SALES.replace(">5<", ">7<"), resources=""))
    two = run("facts", "import", main, exhibit, f"{folder.name}/ex99.htm", "-p", "acme", *SAID, "--dry-run")
    assert two.code == 3 and f"`{exhibit}` and `{folder.name}/ex99.htm` state `sales` twice" in two.err
    assert f"{main}, {exhibit} and {folder.name}/ex99.htm: 10-K" in two.out


@pytest.mark.parametrize("tag", ["us-gaap:Revenues", "us-gaap:Other"])
def test_one_context_with_a_time_of_day_leaves_the_others(
    tag: str, pack: Path, run: Any, tmp_path: Path
) -> None:
    """What nobody asks for is counted; what is asked for is a problem at its place, beside the rest."""
    year = RESOURCES[RESOURCES.index("<xbrli:entity>") : RESOURCES.index("2023-12-31")]
    end = "2023-12-31T12:00:00</xbrli:endDate></xbrli:period></xbrli:context>"
    noon = f'<xbrli:context id="noon">{year}{end}'
    odd = SALES.replace('"year"', '"noon"').replace("us-gaap:Revenues", tag)
    body = COVER.replace("10-K", "10-Q") + SALES + odd
    (tmp_path / "page.htm").write_bytes(write_page(body, RESOURCES + noon))
    found = run("facts", "import", "page.htm", "-p", "acme", *SAID, "--dry-run", "--verbose")
    assert "sales FY2023  5 " in found.out
    if tag == "us-gaap:Revenues":
        assert found.code == 3 and "error[bad-context]" in found.err and "--without" in found.err
    else:
        assert (found.code, found.err) == (0, "")
        assert "left out, malformed, and of no line item asked for: 1" in found.out


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be"])
@pytest.mark.parametrize("before", ["", "<!-- saved - by hand -->\n\n", "\n<XBRL>\n<!--a--><!-- b -->"])
def test_a_page_reads_alike_in_any_encoding_and_with_comments_before_it(
    encoding: str, before: str, pack: Path, run: Any, tmp_path: Path
) -> None:
    head = f'{before}<?xml version="1.0" encoding="{encoding[:6].rstrip("-")}"?>'
    declared = write_page(COVER.replace("10-K", "10-Q") + SALES, RESOURCES, head=head).decode()
    mark = "\ufeff" if encoding == "utf-16-be" else ""
    (tmp_path / "page.htm").write_bytes((mark + declared).encode(encoding))
    found = run("facts", "import", "page.htm", "-p", "acme", *SAID, "--dry-run", "--verbose")
    assert (found.code, found.err) == (0, "")
    assert "sales FY2023  5 " in found.out


def test_contradictions_of_one_line_item_are_one_message(pack: Path, run: Any) -> None:
    before = facts(pack)
    rows = [
        f"sales,{quarter},1,USD,2026-10-29,10-Q {NUMBER},reported,typed in\n"
        for quarter in ("2026Q3", "9M2026")
    ]
    (pack / "facts/ACME.csv").write_text(before + "".join(rows), encoding="utf-8")
    found = run("facts", "import", FILE, "-p", "acme", *SAID)
    assert found.code == 3 and found.err.count("error[contradiction]") == 1
    assert ", and 1 more like it" in found.err


def test_importing_twice_adds_nothing(pack: Path, run: Any) -> None:
    run("facts", "import", FILE, "-p", "acme", *SAID)
    before = facts(pack)
    again = run("facts", "import", FILE, "-p", "acme", *SAID)
    assert (again.code, again.err, facts(pack)) == (0, "", before)
    assert again.out.splitlines()[-1] == "unchanged: 4"


def test_a_dry_run_writes_nothing(pack: Path, run: Any) -> None:
    before = facts(pack)
    found = run("facts", "import", FILE, "-p", "acme", *SAID, "--dry-run", "--verbose")
    assert (found.code, facts(pack)) == (0, before)
    assert f"  sales 2026Q3  160000000  10-Q {NUMBER}, 2026-10-29; reported\n" in found.out
    assert "1x us-gaap:Goodwill\n" in found.out
    assert found.out.endswith("nothing was written: a dry run\n")


def test_an_import_as_json(pack: Path, run: Any, tmp_path: Path) -> None:
    """Every part is there, the text report is not, and a dry run writes nothing."""
    (tmp_path / FILE).write_text(FILING.replace(">151000000<", ">150000000<"), encoding="utf-8")
    call = ("facts", "import", FILE, "-p", "acme", *SAID, "--without", "anvils.sales", "--json")
    before = facts(pack)
    dry = json.loads(run(*call, "--dry-run").out)
    assert (dry["written"], facts(pack)) == ([], before)
    found = run(*call)
    told = json.loads(found.out)
    assert (found.code, found.err) == (0, "")
    assert told == {**dry, "written": ["facts/ACME.csv"]}
    assert list(told) == [
        "files", "counts", "worked_out", "changes", "import_again", "uneven", "problems", "withheld",
        "written",
    ]  # fmt: skip
    (file,) = told["files"]
    assert file == {
        "file": FILE,
        "filings": [{"form": "10-Q", "accession": NUMBER, "filed": "2026-10-29"}],
        "facts": 8,
        "asked_for": 3,
        "left_out": {"over twelve months that are no fiscal year": 1},
        "missing": [],
        "unmapped": [
            {"tag": "us-gaap:Goodwill", "dimensions": {}, "times": 1},
            {"tag": "us-gaap:Revenues", "dimensions": {"acme:LineAxis": "acme:AnvilsMember"}, "times": 1},
        ],
    }
    assert told["counts"] == {
        "new": 2, "restated": 1, "sharper": 0, "confirmed": 0, "unchanged": 0, "conflicting": 0,
    }  # fmt: skip
    (restated,) = [change for change in told["changes"] if change["kind"] == "restated"]
    was = float(restated["was"])
    assert restated["change"] == pytest.approx(150e6 / was - 1) and restated["was_source"].startswith("10-Q")
    cells = {"concept": "sales", "period": "2025Q3", "value": "150000000", "unit": "USD", "how": "reported"}
    rest = {"entity": "ACME", "filed": "2026-10-29", "source": f"10-Q {NUMBER}", "note": ""}
    assert {**cells, **rest}.items() <= restated.items() and restated["place"].startswith(f"{FILE}:")
    again = json.loads(run(*call).out)
    assert (again["counts"]["unchanged"], again["changes"], again["written"]) == (3, [], [])


def test_problems_are_in_the_json_too(pack: Path, run: Any) -> None:
    """Of figures that are withheld with all the rest, of a file that cannot be read alone."""
    row = f"sales,2026Q3,16000000,USD,2026-10-29,10-Q {NUMBER},reported,typed in\n"
    (pack / "facts/ACME.csv").write_text(facts(pack) + row, encoding="utf-8")
    found = run("facts", "import", FILE, "-p", "acme", *SAID, "--json")
    told = json.loads(found.out)
    assert (found.code, told["counts"]["conflicting"], told["written"]) == (3, 1, ["facts/ACME.csv"])
    assert told["withheld"] == [{"concept": "sales", "source": f"10-Q {NUMBER}"}]
    (problem,) = told["problems"]
    assert problem["code"] == "contradiction" and problem["span"]["file"] == "acme/facts/ACME.csv"
    assert f"not written: what is told above of `sales` in 10-Q {NUMBER}" in found.err
    assert "error[contradiction]" in found.err
    unread = run("facts", "import", "nowhere.xml", "-p", "acme", "--json")
    assert [each["code"] for each in json.loads(unread.out)["problems"]] == ["missing-file"]
    assert unread.code == 3 and "error[missing-file]" in unread.err


@pytest.fixture
def priced(pack: Path, tmp_path: Path) -> Path:
    """The pack with a share price, and a file of prices beside it."""
    metrics = pack / "metrics.yaml"
    price = "  price: {label: Price, unit: USD/share, kind: daily}\n"
    text = metrics.read_text(encoding="utf-8").replace("concepts:\n", f"concepts:\n{price}")
    metrics.write_text(text, encoding="utf-8")
    (tmp_path / "prices.csv").write_text("date,close\n2026-06-29,40.5\n2026-06-30,41.25\n2026-07-01,41\n")
    return pack


def test_prices_are_taken_over(priced: Path, run: Any) -> None:
    call = ("facts", "import", "prices.csv", "-p", "acme", "--entity", "ACME", "--source", "exchange closes")
    found = run(*call)
    assert (found.code, found.err) == (0, "wrote acme/facts/ACME.csv\n")
    assert found.out == (
        "prices.csv: prices of ACME, 2026-06-29 to 2026-07-01; 3 days, 2 of them asked for\n"
        "  left out, between the last days of quarters: 1\n"
        "new: 2\n"
    )
    how = '"reported (daily close, split-adjusted)"'
    assert f"price,2026-06-30,41.25,USD/share,2026-06-30,exchange closes,{how},\n" in facts(priced)
    assert run(*call).out.endswith("unchanged: 2\n")
    assert run("lint", "acme").code == 0
    every = run(*call, "--every-day", "--json")
    assert json.loads(every.out)["counts"]["new"] == 1
    assert json.loads(every.out)["files"][0]["filings"] == []


def test_prices_from_nowhere_or_of_nobody_are_refused(priced: Path, run: Any) -> None:
    found = run("facts", "import", "prices.csv", "-p", "acme")
    assert found.code == 3
    assert "error[no-source]" in found.err and "--source" in found.err
    assert "error[unknown-filer]" in found.err and "--entity ACME" in found.err
    two = run("facts", "import", "prices.csv", FILE, "-p", "acme", "--source", "exchange closes")
    assert two.code == 2 and "--source is of one file" in two.err
    filing = run("facts", "import", FILE, "-p", "acme", *SAID, "--source", "exchange closes")
    assert filing.code == 2 and "a filing is its own source" in filing.err


def test_a_price_that_another_source_has_differently_is_shown_with_its_row(priced: Path, run: Any) -> None:
    call = ("facts", "import", "prices.csv", "-p", "acme", "--entity", "ACME")
    run(*call, "--source", "A")
    (Path(priced.parent) / "prices.csv").write_text("date,close\n2026-06-30,41.26\n2026-07-01,41\n")
    found = run(*call, "--source", "B")
    assert found.code == 3 and "before the day's close" in found.err
    assert "`price` 2026-06-30 is 41.25 in A, and 41.26 in B (prices.csv)" in found.err


def test_a_restatement_says_by_how_much(pack: Path, run: Any, tmp_path: Path) -> None:
    changed = FILING.replace(">151000000<", ">150000000<")
    (tmp_path / FILE).write_text(changed, encoding="utf-8")
    found = run("facts", "import", FILE, "-p", "acme", *SAID, "--without", "anvils.sales")
    assert found.code == 0, found.err
    assert re.search(
        r"^restated: 1\n  sales 2025Q3  \d+ -> 150000000 \([+-]\d\.\d\d%\)  10-Q", found.out, re.MULTILINE
    )


def test_the_list_of_filings_gives_number_and_day(pack: Path, run: Any, tmp_path: Path) -> None:
    """By form and period, or by the number that the file is saved under."""
    found = run("facts", "import", FILE, "-p", "acme", "--index", "index.json", "--dry-run")
    assert f"10-Q {NUMBER}, filed 2026-10-29" in found.out
    shutil.copy(tmp_path / FILE, tmp_path / f"{NUMBER.replace('-', '')}.xml")
    named = run("facts", "import", f"{NUMBER.replace('-', '')}.xml", "-p", "acme", "--index", "index.json")
    assert f"10-Q {NUMBER}, filed 2026-10-29" in named.out


def test_without_a_number_and_a_day_both_are_asked_for(pack: Path, run: Any) -> None:
    found = run("facts", "import", FILE, "-p", "acme")
    assert found.code == 3
    assert "--accession" in found.err and "--filed" in found.err and "--index" in found.err


@pytest.mark.parametrize(
    ("filed", "code"), [("2026-12-01", "future-date"), ("2026-09-01", "bad-date"), ("2026-10-29", "")]
)
def test_a_day_that_cannot_be(filed: str, code: str, pack: Path, run: Any) -> None:
    """No filing is from tomorrow, nor from before its quarter was over."""
    found = run("facts", "import", FILE, "-p", "acme", "--accession", NUMBER, "--filed", filed, "--dry-run")
    assert found.code == (3 if code else 0)
    assert code in found.err


@pytest.mark.parametrize("text", ["{", "[]", '{"filings": {"recent": {"form": [1]}}}', None])
def test_a_list_that_is_none(text: str | None, pack: Path, run: Any, tmp_path: Path) -> None:
    (tmp_path / "index.json").unlink()
    if text is not None:
        (tmp_path / "index.json").write_text(text, encoding="utf-8")
    found = run("facts", "import", FILE, "-p", "acme", "--index", "index.json")
    assert found.code == 3 and "index.json" in found.err and "bug" not in found.err


def test_what_contradicts_a_row_is_shown_and_the_rest_is_written(pack: Path, run: Any) -> None:
    before = facts(pack)
    row = f"sales,2026Q3,16000000,USD,2026-10-29,10-Q {NUMBER},reported,typed in\n"
    (pack / "facts/ACME.csv").write_text(before + row, encoding="utf-8")
    found = run("facts", "import", FILE, "-p", "acme", *SAID)
    assert found.code == 3
    assert "error[contradiction]" in found.err and f"| {row[:40]}" in found.err
    assert "wrote acme/facts/ACME.csv\n" in found.err
    assert f"not written: what is told above of `sales` in 10-Q {NUMBER}. Once that is mended" in found.err
    first = set(facts(pack).splitlines())
    assert first > set((before + row).splitlines())
    assert not any(line.startswith("sales,") for line in first - set((before + row).splitlines()))
    mended = "".join(line for line in facts(pack).splitlines(keepends=True) if "typed in" not in line)
    (pack / "facts/ACME.csv").write_text(mended, encoding="utf-8")
    assert run("facts", "import", FILE, "-p", "acme", *SAID).code == 0
    in_two = sorted(facts(pack).splitlines())
    (pack / "facts/ACME.csv").write_text(before, encoding="utf-8")
    run("facts", "import", FILE, "-p", "acme", *SAID)
    assert sorted(facts(pack).splitlines()) == in_two


def test_what_breaks_an_identity_is_not_written(pack: Path, run: Any, tmp_path: Path) -> None:
    before = facts(pack)
    repairs = "repairs.sales,2026Q3,99000000,USD,2026-10-28,letter,reported,\n"
    (pack / "facts/ACME.csv").write_text(before + repairs, encoding="utf-8")
    found = run("facts", "import", FILE, "-p", "acme", *SAID)
    assert found.code == 3
    assert "`lines` does not tie in 2026Q3" in found.err and "repairs.sales" in found.err
    assert facts(pack) == before + repairs


def test_a_write_that_fails_leaves_the_file_as_it_was(
    pack: Path, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = facts(pack)

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", fail)
    found = run("facts", "import", FILE, "-p", "acme", *SAID)
    assert found.code == 3 and "nothing was changed" in found.err
    assert facts(pack) == before
    assert [file.name for file in (pack / "facts").iterdir()] == ["ACME.csv"]


def test_a_pack_that_comes_with_the_program_is_not_written_into(
    pack: Path, run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By name it is refused; checked out and named by its path it is one's own."""
    rules = tmp_path / "rules"
    shutil.move(pack, rules / "acme")
    monkeypatch.setattr("thesis.files.disk.bundled_folder", lambda kind: tmp_path / kind)
    refused = run("facts", "import", FILE, "-p", "acme", *SAID)
    assert (
        refused.code == 3
        and "comes with the program" in refused.err
        and "thesis new mine --from acme" in refused.err
    )
    assert run("facts", "import", FILE, "-p", "acme", *SAID, "--dry-run").code == 0
    assert run("facts", "import", FILE, "-p", "rules/acme", *SAID).code == 0
    monkeypatch.setattr("thesis.files.disk.HERE", tmp_path)
    installed = run("facts", "import", FILE, "-p", "rules/acme", *SAID)
    assert installed.code == 3


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "FILES"),
        (
            (f"{NUMBER}.xml", "0000012345-26-000001.xml", "--filed", "2026-10-29"),
            "these files are of several",
        ),
        ((FILE, "--entity", "ACMEE"), "did you mean `ACME`?"),
        ((FILE, "--only", "sale"), "did you mean `sales`?"),
        ((FILE, "--without", "sale"), "did you mean `sales`?"),
        ((FILE, "--accession", "12"), "a number like"),
        ((FILE, "--filed", "soon"), "expected a date"),
    ],
)
def test_wrong_usage_is_told(arguments: tuple[str, ...], told: str, pack: Path, run: Any) -> None:
    found = run("facts", "import", *arguments, "-p", "acme")
    assert (found.code, found.out) == (2, "")
    assert told in found.err


# the group -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", list(COMMANDS))
def test_every_command_helps_with_an_example(name: str, run: Any) -> None:
    found = run("facts", name, "--help")
    assert found.code == 0
    examples = [line.split() for line in found.out.splitlines() if re.match(f" +thesis facts {name}", line)]
    assert examples
    assert isinstance(command, click.Group)
    one = command.get_command(click.Context(command), name)
    if isinstance(one, click.Group):
        (only,) = one.list_commands(click.Context(one))
        one = one.get_command(click.Context(one), only)
    assert one is not None
    known = {option for parameter in one.params for option in parameter.opts}
    assert {word for example in examples for word in example if word.startswith("-")} <= known


def test_the_list_says_what_else_there_is(run: Any) -> None:
    told = run("facts", "--help").out
    assert all(f"  {name} " in told for name in COMMANDS)
    wrong = run("facts", "imprt")
    assert wrong.code == 2 and "did you mean `import`?" in wrong.err
    assert run("facts", "--vintages", "check").code == 2


def test_tags_show_what_to_write_into_a_pack(pack: Path, run: Any) -> None:
    found = run("facts", "tags", FILE, "--like", "anvil")
    assert found.code == 0
    assert "us-gaap:Revenues" in found.out and "acme:LineAxis = acme:AnvilsMember" in found.out
    assert "Goodwill" not in found.out
    assert run("facts", "tags", "nowhere.xml").code == 3


# check ---------------------------------------------------------------------------------------------


def test_facts_that_need_no_look(run: Any) -> None:
    assert run("facts", "check", str(ACME), *RATED) == (0, "nothing to look at\n", "")


def test_late_figures_are_told_together(run: Any) -> None:
    found = run("facts", "check", str(ACME))
    assert found.code == 1
    assert "2026Q2: the next was due by 2026-11-09\n    anvils.sales, building" in found.out


ROWS = """\
building,2026Q1,27000000000,USD,2026-05-02,10-Q/A x,reported,in thousands
cash_from_operations,2026Q1,41234567,USD,2026-05-02,10-Q/A x,reported,
cash_from_operations,2026Q2,41234567,USD,2026-08-02,10-Q/A y,reported,
operating_income,2026Q2,7000000,USD,2026-08-02,10-Q/A y,reported,
operating_income,2026Q2,9000000,USD,2026-08-02,8-K z,reported,
sales,FY2025,1000000,USD,2026-02-03,10-K w,reported,
"""


def test_what_to_look_at_is_told_with_its_reason(folder_pack: Any, run: Any) -> None:
    """A slip of unit, a figure said twice, a contradiction, a year that is not its quarters, a gap."""
    rows = (ACME / "facts/ACME.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [row for row in rows if not row.startswith("building,2024Q2")]
    pack = folder_pack({"facts/ACME.csv": "".join(kept) + ROWS})
    found = run("facts", "check", *RATED, cwd=pack)
    assert found.code == 1, found.err
    for said in (
        r"building +2026Q1: 27,000,000,000 is about 1,000 times larger",
        r"cash_from_operations +2026Q2, 2026Q1: 41,?234,?567, as in 2026Q1",
        r"operating_income +2026Q2: 10-Q/A y says 7,000,000 .* 8-K z says 9,000,000",
        r"sales +FY2025: .* apart from 1000000",
        r"building +2024Q2: there are rows from 2024Q1 to 2026Q2",
        r"^5 things to look at",
    ):
        assert re.search(said, found.out, re.MULTILINE), said
    as_json = run("facts", "check", "--json", *RATED, cwd=pack)
    assert as_json.code == 1
    assert sorted(each["kind"] for each in json.loads(as_json.out)) == [
        "conflict", "gap", "repeat", "size", "year",
    ]  # fmt: skip


def test_what_is_not_filed_yet_is_not_looked_at(folder_pack: Any, run: Any) -> None:
    pack = folder_pack({"facts/ACME.csv": (ACME / "facts/ACME.csv").read_text(encoding="utf-8") + ROWS})
    assert run("facts", "check", "--as-of", "2026-01-31", cwd=pack).out == "nothing to look at\n"


def test_an_identity_that_does_not_tie_is_a_problem(folder_pack: Any, run: Any) -> None:
    text = (ACME / "facts/ACME.csv").read_text(encoding="utf-8")
    wrong = text + "sales,2026Q2,1,USD,2026-08-02,10-Q/A y,reported,\n"
    found = run("facts", "check", cwd=folder_pack({"facts/ACME.csv": wrong}))
    assert found.code == 3 and "untied" in found.err
