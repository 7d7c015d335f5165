"""Tables of facts, metrics and history: what their cells say, and that both files give them back."""

from __future__ import annotations

import csv
import io
import json
import math
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from thesis.cli import cli
from thesis.core.interval import Interval
from thesis.export.csv_table import BETWEEN, to_csv
from thesis.export.data_table import Cell, DataColumn, DataTable
from thesis.export.fact_rows import fact_table
from thesis.export.history_rows import history_table
from thesis.export.json_lines import to_json_lines
from thesis.export.metric_rows import metric_table
from thesis.export.parquet import to_parquet
from thesis.export.table_formats import TABLE_FORMATS
from thesis.files.disk import bundled_folder
from thesis.pack.folder import read_folder
from thesis.pack.load import Pack, build
from thesis.pricing.priced_case import case_as_of
from thesis.reports import quarterly_history

ROOT = Path(__file__).parents[2]
ACME = ROOT / "tests" / "data" / "acme"
DAY = date(2026, 10, 15)
READ: dict[str, Callable[[str], Cell]] = {
    "text": str,
    "texts": lambda text: tuple(text.split(BETWEEN)) if text else (),
    "number": lambda text: float(text) if text else None,
    "whole": int,
    "day": date.fromisoformat,
    "truth": {"true": True, "false": False}.__getitem__,
}


@cache
def amazon() -> Pack:
    return build(read_folder(bundled_folder("rules") / "amzn-4t", "rules/amzn-4t"))[0]


@cache
def table(name: str) -> DataTable:
    if name == "facts":
        return fact_table(amazon(), DAY, vintages=True)
    return {"metrics": metric_table, "history": history_table}[name](amazon(), DAY, 6)


FORMATS = pytest.mark.parametrize("form", TABLE_FORMATS)
TABLES = pytest.mark.parametrize("name", ["facts", "metrics", "history"])


def from_csv(text: str, columns: tuple[DataColumn, ...]) -> list[tuple[Cell, ...]]:
    head, *lines = csv.reader(io.StringIO(text, newline=""))
    assert head == [column.name for column in columns]
    return [
        tuple(READ[column.kind](cell) for cell, column in zip(line, columns, strict=True)) for line in lines
    ]


def by(found: DataTable, *wanted: Cell) -> list[dict[str, Cell]]:
    """The rows of a table whose first cells are these, by the names of its columns."""
    rows = [row for row in found.rows if row[: len(wanted)] == wanted]
    return [dict(zip([column.name for column in found.columns], row, strict=True)) for row in rows]


def one(found: DataTable, *wanted: Cell) -> dict[str, Cell]:
    (row,) = by(found, *wanted)
    return row


# round trips -----------------------------------------------------------------------------------------


@TABLES
def test_csv_gives_every_cell_back(name: str) -> None:
    assert from_csv(to_csv(table(name)), table(name).columns) == list(table(name).rows)


@TABLES
def test_parquet_gives_every_cell_back_and_says_what_it_holds(name: str) -> None:
    found = pq.read_table(io.BytesIO(to_parquet(table(name))))
    columns = [
        [tuple(c) if isinstance(c, list) else c for c in column.to_pylist()] for column in found.columns
    ]
    assert list(zip(*columns, strict=True)) == list(table(name).rows)
    assert found.schema.metadata == {
        b"table": name.encode(),
        b"pack": b"amzn-4t",
        b"digest": amazon().digest.encode(),
        b"as_of": b"2026-10-15",
    }
    told = {field.name: field.metadata[b"about"].decode() for field in found.schema}
    assert told == {column.name: column.about for column in table(name).columns}
    assert found.schema.field("lo").type == pa.float64()


@TABLES
def test_json_lines_give_every_cell_back(name: str) -> None:
    found, text = table(name), to_json_lines(table(name))
    days = {column.name for column in found.columns if column.kind == "day"}
    texts = {column.name for column in found.columns if column.kind == "texts"}
    rows = []
    for line in text.splitlines():
        row = json.loads(line, parse_constant=pytest.fail)
        assert list(row) == [column.name for column in found.columns]
        for day in days & {key for key, cell in row.items() if cell}:
            row[day] = date.fromisoformat(row[day])
        rows.append(tuple(tuple(cell) if key in texts else cell for key, cell in row.items()))
    assert rows == list(found.rows)


@TABLES
@FORMATS
def test_a_file_is_the_same_bytes_each_time(name: str, form: str) -> None:
    assert TABLE_FORMATS[form].content(table(name)) == TABLE_FORMATS[form].content(table(name))


@FORMATS
def test_the_ending_of_the_file_says_the_format(form: str, tmp_path: Path) -> None:
    entry, out, named = TABLE_FORMATS[form], tmp_path / "by-ending", tmp_path / "by-name"
    command = ["export", "facts", str(ACME), "--as-of", str(DAY), "--out"]
    for options in ([f"{out}{entry.ending}"], [str(named), "--format", form]):
        done = CliRunner().invoke(cli, [*command, *options])
        assert done.exit_code == 0, done.output
    assert Path(f"{out}{entry.ending}").read_bytes() == named.read_bytes()
    assert form in CliRunner().invoke(cli, ["export", "facts", "--help"]).output


@FORMATS
def test_what_is_not_text_is_not_printed(form: str) -> None:
    done = CliRunner().invoke(cli, ["export", "facts", str(ACME), "--as-of", str(DAY), "--format", form])
    assert (done.exit_code == 0) == TABLE_FORMATS[form].is_text
    if done.exit_code:
        assert "name a file with --out" in done.output


def test_texts_with_every_mark_of_csv_come_back() -> None:
    columns = (DataColumn("a", "text", ""), DataColumn("b", "texts", ""), DataColumn("c", "number", ""))
    rows = [
        ('a "quoted", text\nof = two @ lines', ("x; y", "z"), None),
        ("", (), -1e-300),
        ("-1", ("",), 0.1 + 0.2),
    ]
    found = DataTable("any", "any", "", DAY, columns, rows[:2])
    assert from_csv(to_csv(found), columns) == rows[:2]


# what the cells say ----------------------------------------------------------------------------------


def test_a_fact_has_its_document_its_day_and_its_place() -> None:
    row = one(table("facts"), "aws.net_sales", "", "AWS net sales", "AMZN", "flow", "2026Q2")
    assert (row["lo"], row["hi"], row["unit"], row["status"]) == (
        42232000000.0,
        42232000000.0,
        "USD",
        "known",
    )
    assert row["source"] == "10-Q 0001018724-26-000026"
    assert row["link"] == "https://www.sec.gov/Archives/edgar/data/1018724/000101872426000026/"
    assert (row["filed"], row["ends"], row["superseded"]) == (date(2026, 7, 31), date(2026, 6, 30), False)
    text = (bundled_folder("rules") / "amzn-4t" / str(row["file"])).read_text(encoding="utf-8").splitlines()
    assert text[int(str(row["line"])) - 1].startswith("aws.net_sales,2026Q2,42232000000,")


def test_every_fact_filed_by_the_day_is_a_row_and_no_other() -> None:
    filed = [
        cells
        for _, _, _, cells in amazon().facts.each()
        if cells[4] <= str(DAY) and cells[1][:2] not in ("FY", "9M", "6M")
    ]
    assert len(table("facts").rows) == len(filed) > 1000


def test_a_restated_value_is_superseded_and_left_out_unless_vintages_are_asked_for() -> None:
    folder = read_folder(ACME, "acme")
    pack = build(folder)[0]
    every = by(
        fact_table(pack, DAY, vintages=True), "anvils.sales", "", "Anvil sales", "ACME", "flow", "2025Q1"
    )
    assert [(row["lo"], row["superseded"]) for row in every] == [(101e6, True), (100e6, False)]
    latest = fact_table(pack, DAY, vintages=False)
    assert [row["lo"] for row in by(latest, "anvils.sales", "", "Anvil sales", "ACME", "flow", "2025Q1")] == [
        100e6
    ]
    before = fact_table(pack, date(2026, 1, 1), vintages=False)
    assert [row["lo"] for row in by(before, "anvils.sales", "", "Anvil sales", "ACME", "flow", "2025Q1")] == [
        101e6
    ]


def test_a_fact_that_is_one_sided_withheld_or_in_conflict_says_so(folder_pack: Any) -> None:
    tail = "USD,2026-07-29,10-Q 0000012345-26-000109,reported,\n"
    text = (ACME / "facts/ACME.csv").read_text("utf-8")
    kept = "".join(line for line in text.splitlines(keepends=True) if ",2026Q2," not in line)
    filed = {"sales": "159000000", "building": ">28e6", "operating_income": "not disclosed"}
    rows = "".join(f"{name},2026Q2,{value},{tail}" for name, value in filed.items())
    rows += f"anvils.sales,2026Q2,90e6,{tail}anvils.sales,2026Q2,110e6,{tail}"
    rows += f"repairs.sales,2026Q2,50e6..60e6,{tail}"
    pack = build(read_folder(folder_pack({"facts/ACME.csv": kept + rows}), "acme"))[0]
    found = {
        (row["concept"], row["lo"], row["hi"], row["status"])
        for row in by(fact_table(pack, DAY, vintages=False))
        if row["period"] == "2026Q2"
    }
    assert found == {
        ("sales", 159e6, 159e6, "known"),
        ("building", 28e6, None, "at least"),
        ("operating_income", None, None, "not disclosed"),
        ("anvils.sales", 90e6, 90e6, "conflict"),
        ("anvils.sales", 110e6, 110e6, "conflict"),
        ("repairs.sales", 50e6, 60e6, "range"),
    }


def test_a_metric_is_what_the_case_says_with_the_filings_it_rests_on() -> None:
    case = case_as_of(amazon(), DAY)
    bare = case.as_reported()
    for row in by(table("metrics")):
        name, quarter = str(row["metric"]), case.quarter
        while str(quarter) != row["quarter"]:
            quarter -= 1
        for value, ends in (
            (case.value(name, quarter), (row["lo"], row["hi"])),
            (bare.value(name, quarter), (row["reported_lo"], row["reported_hi"])),
        ):
            lo, hi = (-math.inf if ends[0] is None else ends[0], math.inf if ends[1] is None else ends[1])
            assert Interval(lo, hi) == value
    assert len(table("metrics").rows) == 6 * len(amazon().metrics)
    growth = one(table("metrics"), "aws_growth", "AWS sales growth", "2026Q2")
    assert growth["rests_on"] == (
        "10-Q 0001018724-25-000086, filed 2025-08-01",
        "10-Q 0001018724-26-000026, filed 2026-07-31",
    )


def test_a_metric_that_is_not_known_is_empty_and_says_why() -> None:
    found = [row for row in by(table("metrics")) if row["status"] == "unknown"]
    assert found
    for row in found:
        assert (row["lo"], row["hi"]) == (None, None)
        assert row["reason"]


def test_history_has_the_lines_of_history() -> None:
    """Quarter by quarter the totals, the scores and what tripped are those that ``thesis history`` prints."""
    for found in quarterly_history.past_assessments(amazon(), DAY, 6):
        rows = {
            (row["kind"], row["id"]): row for row in by(table("history"), str(found.quarter), found.as_of)
        }
        assert len(rows) == 2 + len(found.findings) + len(found.kill)
        for key, score in (
            (("total", "engines"), found.verdict.engines),
            (("total", "risks"), found.verdict.risks),
            *(((f.kind, f.id), f.score) for f in found.findings),
        ):
            is_open = (score.lo, score.hi) == (0.0, 1.0)
            assert (rows[key]["lo"], rows[key]["hi"]) == ((None, None) if is_open else (score.lo, score.hi))
        for kill in found.kill:
            told = {(0.0, 0.0): "not tripped", (1.0, 1.0): "tripped"}.get(
                (kill.tripped.lo, kill.tripped.hi), "unknown"
            )
            assert rows["kill", kill.id]["label"] == told
        assert {row["verdict_worst"] for row in rows.values()} == {found.verdict.worst}


def test_history_says_what_is_overridden_and_what_it_would_be_without(folder_pack: Any) -> None:
    """The rule's own score beside the given one, and the totals and the verdict of that day without it."""
    text = """\
overrides:
  - {rule: margins, score: "0.1", reason: One-off., by: J. Doe, since: 2026-07-29, until: 2026-10-31}
  - {rule: K1, answer: "yes", reason: It shrank., by: J. Doe, since: 2026-07-29, until: 2026-10-31}
"""
    plain, given = (
        build(read_folder(folder_pack(files, name), name))[0]
        for name, files in (("plain", {}), ("given", {"overrides.yaml": text}))
    )
    before, after = (history_table(pack, DAY, 2) for pack in (plain, given))
    newest = str(quarterly_history.past_assessments(plain, DAY, 1)[0].quarter)
    bare = {(row["kind"], row["id"]): row for row in by(before, newest)}
    rows = {(row["kind"], row["id"]): row for row in by(after, newest)}
    for key, row in rows.items():
        assert (row["own_lo"], row["own_hi"]) == (bare[key]["lo"], bare[key]["hi"])
        assert (row["own_worst"], row["own_best"]) == (bare[key]["verdict_worst"], bare[key]["verdict_best"])
    margins, criterion = rows["condition", "margins"], rows["kill", "K1"]
    assert (margins["lo"], margins["hi"], margins["label"]) == (0.1, 0.1, "broken")
    assert margins["override"] == "J. Doe, until 2026-10-31: One-off."
    assert (criterion["label"], criterion["own_hi"]) == ("tripped", 0.0)
    assert {row["verdict_worst"] for row in rows.values()} == {"BROKEN"} != {margins["own_worst"]}
    assert all(not row["override"] for key, row in rows.items() if key[1] not in ("margins", "K1"))
    earlier = [row for row in by(after) if row["quarter"] != newest]
    assert all((row["own_lo"], row["own_worst"], row["override"]) == (None, "", "") for row in earlier)


@TABLES
def test_no_document_is_newer_than_the_row(name: str) -> None:
    """What was filed or graded after the day is in no row; of history, after the day of the quarter."""
    columns = [column.name for column in table(name).columns]
    checked = 0
    for row in table(name).rows:
        cells = dict(zip(columns, row, strict=True))
        day = cells.get("as_of", DAY)
        listed = cells.get("rests_on", (f"x, filed {cells.get('filed')}",))
        assert isinstance(listed, tuple)
        assert isinstance(day, date)
        assert all(date.fromisoformat(text[-10:]) <= day for text in listed)
        checked += len(listed)
    assert checked > 100


# on the command line ---------------------------------------------------------------------------------


@TABLES
def test_a_table_is_printed_as_csv_or_written(name: str, run: Any, tmp_path: Path) -> None:
    asked = ("export", name, str(ACME), "--as-of", "2026-10-15")
    printed, written = run(*asked), run(*asked, "--out", "rows.csv")
    assert (printed.code, printed.err) == (0, "")
    assert (written.code, written.out, written.err) == (0, "", "wrote rows.csv\n")
    assert (tmp_path / "rows.csv").read_bytes() == printed.out.encode()
    assert run(*asked, "--format", "parquet", "--out", "rows.parquet").code == 0
    assert pq.read_table(tmp_path / "rows.parquet").num_rows == printed.out.count("\n") - 1


@TABLES
def test_the_columns_are_told(name: str, run: Any) -> None:
    found = run("export", name, "--columns")
    assert found.code == 0
    told = [line.split()[0] for line in found.out.splitlines()]
    assert told == [column.name for column in table(name).columns]


def test_a_file_that_is_there_is_not_replaced_unless_it_is_said(run: Any, tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text("before", encoding="utf-8")
    asked = ("export", "facts", str(ACME), "--out", "rows.csv")
    refused = run(*asked)
    assert refused.code == 3
    assert "error[exists]: `rows.csv` is there already" in refused.err
    assert (tmp_path / "rows.csv").read_text(encoding="utf-8") == "before"
    assert run(*asked, "--force").code == 0
    assert (tmp_path / "rows.csv").read_text(encoding="utf-8").startswith("concept,")


def test_a_folder_that_is_not_there_is_named(run: Any) -> None:
    found = run("export", "metrics", str(ACME), "--format", "parquet", "--out", "no/such/rows.parquet")
    assert found.code == 3
    assert "error[unwritable]: cannot write `no/such/rows.parquet`" in found.err
    assert "make it first" in found.err


def test_parquet_without_a_file_or_without_pyarrow_is_told_in_a_line(
    run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = ("export", "facts", str(ACME), "--format", "parquet")
    assert run(*asked).err.endswith("Parquet is not text: name a file with --out\n")
    monkeypatch.setattr("thesis.cli.extras.find_spec", lambda _: None)
    found = run(*asked, "--out", "rows.parquet")
    assert (found.code, found.out) == (2, "")
    assert found.err == "Error: Parquet needs pyarrow: pip install 'thesis[parquet]'\n"


@pytest.mark.parametrize("name", ["metrics", "history"])
def test_before_the_first_filing_there_is_nothing_to_export(name: str, run: Any) -> None:
    found = run("export", name, str(ACME), "--as-of", "2001-01-01")
    assert (found.code, found.out) == (4, "")
    assert found.err == "nothing to export: nothing of `sales` was filed by 2001-01-01\n"


def test_pyarrow_is_not_loaded_for_csv() -> None:
    code = (
        "import sys; from thesis.cli import cli; cli(['export', 'facts', 'amzn-4t'], standalone_mode=False); "
        "sys.exit('pyarrow' in sys.modules)"
    )
    assert (
        subprocess.run([sys.executable, "-c", code], check=False, stdout=subprocess.DEVNULL).returncode == 0
    )
