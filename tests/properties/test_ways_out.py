"""Texts of a pack, of filings and of who types reach nobody's screen as anything but text.

A pack of which every name, reason, source and note is hostile is given to every command. Neither what is
printed nor a text file that is written holds a control character but line feeds and tabs, or a character that
turns the writing direction; isolates, marks of direction and joiners are kept. No Markdown loads an image,
and no cell of a CSV file is a formula.
"""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import click
import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from tests.conftest import ACME, VALUED
from thesis.archive.documents import Document, written_documents
from thesis.cli import cli, output
from thesis.core.controls import acting_characters, json_escaped, show_controls
from thesis.document.markdown_text import inert
from thesis.export.csv_table import to_csv
from thesis.export.data_table import DataColumn, DataTable
from thesis.facts.fact import COLUMNS, OPTIONAL, TEXTS
from thesis.facts.fact_file import FactRow, add_rows, read_rows
from thesis.files.csv import FORMULA_STARTS, marked_text, unmarked_text

TURNING = ("LRE", "RLE", "LRO", "RLO", "PDF")
KEPT = "\u2067\u05e9\u05dc\u05d5\u05dd\u2069 \u200f\u05d0 \U0001f469\u200d\U0001f4bb"  # isolates, RLM, ZWJ
ACTS = "\x1b[31m\x1b]0;x\x07\x08\x9b2J\u202etxt.exe\u202c\u2028\x7f"
IMAGE = "![pixel](https://evil.example/p.gif) ![p][r] &#x202e;&#8238; wow!"
HOSTILE = f"=1+1 {ACTS} {KEPT} {IMAGE}"
WORDS = (
    "title", "name", "label", "claim", "clause", "because", "source", "misleads_when", "evidence", "by",
    "asks", "about",
)  # fmt: skip
DAY = ("--as-of", "2026-10-15")
MINE = ("--by", f"J {ACTS}")

STEPS: dict[tuple[str, ...], list[tuple[str, ...]]] = {
    ("memo",): [DAY, (*DAY, "--format", "html"), (*DAY, "--json"), (*DAY, "--out", "memo.md"),
                (*DAY, "--out", "folder/"), (*DAY, "--out", "memo.html")],
    ("charts",): [(*DAY, "--out", "charts")],
    ("check",): [DAY, (*DAY, "--json"), (*DAY, "--format", "junit"), (*DAY, "--format", "github")],
    ("explain",): [("verdict", *DAY), ("margins", *DAY), ("J1", *DAY), ("sales", *DAY), ("margin", *DAY)],
    ("simulate",): [(*DAY, "--draws", "50"), (*DAY, "--draws", "50", "--json")],
    ("value",): [DAY, (*DAY, "--json")],
    ("base-rate",): [("--sales", "1e9", "--growth", "5%", "--years", "3")],
    ("review", "start"): [DAY],
    ("review", "sign"): [(*DAY, *MINE, "--decision", "hold", "--note", ACTS)],
    ("review", "list"): [()],
    ("review", "verify"): [()],
    ("judge",): [("J1", "--level", "2", "--evidence", ACTS, "--source", ACTS, "--period", "2026Q2", *MINE)],
    ("override",): [("margins", "--score", "0.6", "--reason", ACTS, "--until", "2026-12-01", *MINE)],
    ("forecast",): [("--id", "F1", "--when", "repairs_growth >= 10%", "--p", "60%", *MINE),
                    ("--when", ACTS, "--p", "1%")],
    ("forecast", "resolve"): [("F9", "--outcome", ACTS)],
    ("forecast", "list"): [()],
    ("diff",): [("2026Q1", "2026Q2"), (ACTS, "2026Q2")],
    ("due",): [DAY],
    ("calibration",): [()],
    ("history",): [DAY],
    ("record",): [DAY, (*DAY, "--json")],
    ("facts",): [(), ("--concept", "sales", "--vintages"), ("--concept", ACTS)],
    ("facts", "import"): [("page.htm", "--dry-run"), (f"{ACTS[:9]}.xml",)],
    ("facts", "fetch"): [()],
    ("facts", "prices", "fetch"): [(), ("--entity", ACTS)],
    ("facts", "none-stated"): [("--period", "2026Q2", "--word", ACTS)],
    ("todo",): [DAY, (*DAY, "--json")],
    ("facts", "add"): [("building", "--period", "2026Q3", "--value", "9m", "--filed", "2026-10-28",
                        "--source", ACTS, "--quote", ACTS)],
    ("facts", "release"): [("release.md", "--filed", "2026-10-28", "--dry-run")],
    ("facts", "tags"): [("page.htm",)],
    ("facts", "check"): [()],
    ("documents", "add"): [("page.htm", "--form", ACTS), (f"{ACTS[:9]}.txt",)],
    ("documents", "list"): [(), ("--json",)],
    ("documents", "text"): [("abab",), (ACTS,)],
    ("documents", "search"): [("a",), (ACTS,), ("a", "--json")],
    ("export", "facts"): [DAY, (*DAY, "--out", "facts.csv"), (*DAY, "--out", "facts.jsonl")],
    ("export", "metrics"): [DAY],
    ("export", "history"): [DAY],
    ("export", "workbook"): [(*DAY, "--out", "book.xlsx")],
    ("export", "calendar"): [DAY, (*DAY, "--out", "dates.ics")],
    ("new",): [(ACTS, "--entity", "X"), ("mine", "--from", "acme")],
    ("board",): [DAY, (*DAY, "--json"), (*DAY, "--out", "board.md"), (*DAY, "--out", "board.html")],
    ("list",): [DAY],
    ("lint",): [(), ("--json",), ("--format", "github")],
    ("test",): [()],
    ("help",): [(), (ACTS,)],
    ("schema",): [("thesis.yaml",), (ACTS,)],
}  # fmt: skip
FEEDS = (".ics",)  # of which lines end with CR and LF
PAGE = f"""<html xmlns="http://www.w3.org/1999/xhtml" xmlns:ix="http://www.xbrl.org/2013/inlineXBRL"><head><title>
{show_controls(HOSTILE)}\u202e</title></head><body>
<ix:nonNumeric name="x:\u202ename" contextRef="\u202ec">a</ix:nonNumeric></body></html>"""


def _commands(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every command, and the groups that do something by themselves."""
    if not isinstance(command, click.Group):
        yield path
        return
    if command.invoke_without_command and path:
        yield path
    context = click.Context(command)
    for name in command.list_commands(context):
        below = command.get_command(context, name)
        assert below is not None
        yield from _commands(below, (*path, name))


def _acts(text: str) -> set[str]:
    """What of a text acts on a screen, by the Unicode database."""
    return {
        c
        for c in text
        if (unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") and c not in "\n\t")
        or unicodedata.bidirectional(c) in TURNING
    }


def _hostile(value: Any, key: str = "") -> Any:
    """A document with every text that somebody wrote made hostile."""
    if isinstance(value, dict):
        return {name: _hostile(item, name) for name, item in value.items()}
    if isinstance(value, list):
        return [
            f"{item} {HOSTILE}" if key == "levels" and str(item).endswith(".") else _hostile(item)
            for item in value
        ]
    is_day = re.match(r"[0-9]{4}-", str(value)) is not None  # `by:` of a target
    return f"{HOSTILE} {value}" if key in WORDS and isinstance(value, str) and not is_day else value


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    """The files of a pack of which every text is hostile."""
    found = {}
    for folder, name in ((VALUED, "thesis.yaml"), (VALUED, "metrics.yaml"), (VALUED, "valuation.yaml"),
                         (ACME, "judgements.yaml")):  # fmt: skip
        document = yaml.load((folder / name).read_text("utf-8"), yaml.BaseLoader)
        found[name] = yaml.safe_dump(_hostile(document), sort_keys=False, width=10_000)
    rows = csv.DictReader(io.StringIO((ACME / "facts/ACME.csv").read_text("utf-8")))
    out = io.StringIO()
    writer = csv.DictWriter(out, (*COLUMNS, *OPTIONAL), lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({**row, "note": f"{HOSTILE} {row['note']}".replace("\x7f", "")})
    prices = (VALUED / "prices.csv").read_text("utf-8")
    found["facts/ACME.csv"] = out.getvalue() + prices
    return found


@pytest.fixture
def pack(folder_pack: Any, texts: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("THESIS_ANALYST", f"R. {ACTS}")
    release = f"(in millions)\n\n| {HOSTILE} | Q3 2026 |\n|---|---|\n| {HOSTILE} | 5 |\n"
    listed = [Document("ab" * 32, HOSTILE[:99], HOSTILE[:99], origin=HOSTILE.replace("\r", ""))]
    files = {"page.htm": PAGE, "release.md": release, "documents.csv": written_documents(listed)}
    folder: Path = folder_pack({**texts, **files})
    return folder


def test_every_command_has_a_row() -> None:
    assert set(_commands(cli)) == set(STEPS)


def _files(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("where", ["a pipe", "a terminal"])
@pytest.mark.parametrize("command", STEPS, ids=" ".join)
def test_nothing_that_acts_comes_out(
    command: tuple[str, ...], where: str, run: Any, pack: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if where == "a terminal":
        pytest.importorskip("rich")
        monkeypatch.setattr(output, "_is_terminal", lambda: True)
        monkeypatch.setenv("TERM", "xterm-256color")
    before = _files(pack)
    for given_ in STEPS[command]:
        found = run(*command, *given_, cwd=pack)
        assert found.code in (0, 1, 2, 3, 4), found.err[-800:]
        out = found.out.replace("\r\n", "\n") if command == ("export", "calendar") else found.out
        if where == "a terminal":
            out = re.sub(r"\x1b\[[\d;]*m", "", out)  # the program's own colours
        assert not _acts(out + found.err), (given_, _acts(out + found.err))
    for path, data in _files(pack).items():
        is_ours = path.suffix in (".yaml", ".csv") and "facts.csv" not in path.name  # journals and facts
        if data == before.get(path) or path.suffix in (".xlsx", ".lock") or is_ours:
            continue
        text = data.decode()
        text = text.replace("\r\n", "\n") if path.suffix in FEEDS else text
        assert not _acts(text), (path.name, _acts(text))


@pytest.mark.parametrize("command", [("check",), ("memo",), ("list",)], ids=" ".join)
def test_what_acts_is_shown_and_what_languages_need_is_kept(
    command: tuple[str, ...], run: Any, pack: Path
) -> None:
    found = " ".join(run(*command, *DAY, cwd=pack).out.split())
    assert r"\x1b" in found and r"\x9b" in found and "U+202E" in found
    assert " ".join(KEPT.split()) in found


def test_json_holds_the_text_itself(run: Any, pack: Path) -> None:
    """There it is escaped as JSON escapes, so that who reads it has what stands in the pack."""
    found = json.loads(run("export", "facts", *DAY, "--format", "jsonl", cwd=pack).out.splitlines()[0])
    assert ACTS.replace("\x7f", "") in found["note"]


def test_a_workbook_shows_them(run: Any, pack: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    assert run("export", "workbook", *DAY, "--out", "book.xlsx", cwd=pack).code == 0
    book = openpyxl.load_workbook(pack / "book.xlsx")
    cells = [
        cell.value
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, str)
    ]
    assert not any(_acts(text.replace("\r", "")) for text in cells)
    assert any(r"\x1b" in text for text in cells)


@given(st.text())
@example(HOSTILE)
@example("\ud800\ufeff")
def test_the_function_shows_what_acts_and_nothing_else(text: str) -> None:
    shown = show_controls(text)
    assert not _acts(shown)
    assert show_controls(shown) == shown
    shown.encode()
    if not list(acting_characters(text)):
        assert shown == text
    assert json.loads(json_escaped(json.dumps(text, ensure_ascii=False))) == text
    assert not _acts(json_escaped(json.dumps(text, ensure_ascii=False)))


# Markdown ------------------------------------------------------------------------------------------


def _images(text: str) -> list[str]:
    """The addresses of images in a text of Markdown, as its reference parser reads it."""
    markdown = pytest.importorskip("markdown_it")
    tokens = markdown.MarkdownIt("commonmark").enable("table").parse(text)
    below = [child for token in tokens for child in token.children or ()]
    return [str(token.attrs.get("src")) for token in [*tokens, *below] if token.type == "image"]


@pytest.mark.parametrize(
    "words", [("memo", *DAY), ("memo", *DAY, "--out", "folder/"), ("board", *DAY, "--out", "b.md")]
)
def test_no_markdown_loads_an_image_from_elsewhere(words: tuple[str, ...], run: Any, pack: Path) -> None:
    found = run(*words, cwd=pack)
    written = [path.read_text("utf-8") for path in pack.rglob("*.md") if path.name != "release.md"]
    (text,) = written or [found.out]
    assert "evil.example" in text
    images = _images(text)
    assert all(re.fullmatch(r"charts/[\w.-]+\.svg", image) for image in images)
    assert bool(images) == (words[-1] == "folder/")


@given(
    st.lists(
        st.sampled_from(
            ["!", "[", "]", "(", ")", "\\", "x", "https://e.e/p", "\n", "`", "<", "&#x202e;", "&#8238"]
        )
    )
)
def test_no_text_is_an_image(parts: list[str]) -> None:
    text = "".join(parts)
    shown = inert(text)
    assert _images(f"{shown}") == []
    assert _images(f"{shown}[a](https://e.e/p)") == []  # a link of the program's own behind it
    assert inert(shown) == shown


# CSV -----------------------------------------------------------------------------------------------

CELLS = st.text(st.sampled_from("='+-@\t\r\n\uff1d\uff20a1, \""), max_size=6) | st.text(max_size=6)


@given(CELLS)
def test_a_cell_of_text_is_no_formula_and_reads_back(text: str) -> None:
    cell = marked_text(text)
    assert cell[:1] not in tuple(FORMULA_STARTS) or not cell
    assert unmarked_text(cell) == text


def test_an_export_has_no_formula(run: Any, pack: Path) -> None:
    for name in ("facts", "metrics", "history"):
        rows = list(csv.reader(io.StringIO(run("export", name, *DAY, cwd=pack).out)))
        cells = [cell for row in rows for cell in row if cell]
        assert all(cell[0] not in FORMULA_STARTS for cell in cells if not re.fullmatch(r"-[0-9.e+-]+", cell))
        assert name != "facts" or any(cell.startswith("'=1+1") for cell in cells)


def test_a_number_has_no_mark() -> None:
    columns = tuple(DataColumn(name, name, "") for name in ("text", "number", "texts"))
    table = DataTable("t", "p", "", date(2026, 7, 29), columns, [("-5", -5.0, ("@a", "=b"))])
    assert to_csv(table) == "text,number,texts\n'-5,-5.0,'@a | =b\n"


@given(CELLS.filter(lambda text: not list(acting_characters(text)) and "\n" not in text))
@example("=1+1")
@example("'=1+1")
@example("-5% in constant currency")
def test_what_is_added_to_facts_reads_back(text: str) -> None:
    """The files of facts are opened with spreadsheets too."""
    row = FactRow("sales", "2026Q2", "-5", "USD", date(2026, 7, 29), text, text, text)
    data = add_rows(b"", "facts.csv", [row])
    (found,) = read_rows(data.decode(), "facts.csv")
    assert (found.value, found.source, found.how, found.note) == ("-5", text, text, text)
    (cells,) = list(csv.DictReader(io.StringIO(data.decode())))
    assert all(cells[name][:1] not in tuple(FORMULA_STARTS) or not text for name in TEXTS)


def test_a_mark_before_a_number_is_a_mistake(folder_pack: Any, run: Any) -> None:
    text = (ACME / "facts/ACME.csv").read_text("utf-8").replace(",28000000,", ",'-28000000,")
    found = run("lint", cwd=folder_pack({"facts/ACME.csv": text}))
    assert found.code == 3 and "[bad-value]" in found.err


def test_lint_warns_of_texts_that_act(run: Any, pack: Path) -> None:
    found = run("lint", cwd=pack)
    assert re.search(r"thesis\.yaml:\d+:\d+: warning\[control-character\]: a text with \\x1b and", found.err)
    assert "facts/ACME.csv:2:1: warning[control-character]" in found.err
