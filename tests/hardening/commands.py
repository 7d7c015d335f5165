"""Every command of the program: what it is called with in a small pack, and whether it writes.

A command that is in neither table fails a test, and so does one that writes and is said to read.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import click

from tests.cli.test_facts_import import FILING, INDEX
from tests.cli.test_facts_release import LINES, RELEASE
from thesis.cli import cli

ROOT = Path(__file__).parents[2]
ACME, VALUED = ROOT / "tests" / "data" / "acme", ROOT / "tests" / "data" / "valued"
NUMBER = "0000012345-26-000111"
SAID = ("--accession", NUMBER, "--filed", "2026-10-29")
DAY = ("--as-of", "2026-08-05")
SIGN = ("review", "sign", *DAY, "--decision", "hold")
RESOLVABLE = ("forecast", "--id", "F9", "--text", "A press breaks", "--p", "10%", "--period", "2026Q4")
OLD = "What was there before.\n"


class Row(NamedTuple):
    """A command that writes.

    ``before`` are commands that make the pack ready for it, ``beside`` files that are there.
    """

    arguments: tuple[str, ...]
    before: tuple[tuple[str, ...], ...] = ()
    beside: Mapping[str, str] = {}


JUDGED = ("--evidence", "A figure.", "--source", "letter", "--period", "2026Q2")
WRITING: Mapping[str, Row] = {
    "review sign": Row(SIGN),
    "review sign --supersede": Row((*SIGN, "--supersede", "A word.", "--note", "As before."), (SIGN,)),
    "review start --form": Row(("review", "start", *DAY, "--form", "form.md")),
    "judge": Row(("judge", "J1", "--level", "2", *JUDGED)),
    "judge --event": Row(("judge", "J1", "--event", "A suit.", "--source", "court")),
    "override": Row(
        ("override", "margins", "--score", "0.6", "--reason", "A fire.", "--until", "2026-12-01"),
    ),
    "forecast": Row(
        ("forecast", "--id", "F1", "--when", "repairs_growth >= 10%", "--p", "60%")
    ),
    "forecast resolve": Row(
        ("forecast", "resolve", "F9", "--outcome", "yes", "--evidence", "It did.", "--source", "letter"),
        (RESOLVABLE,),
    ),
    "facts add": Row(
        (
            "facts", "add", "building", "--period", "2026Q3", "--value", "9m", "--filed", "2026-10-28",
            "--source", "release of 2026-10-28", "--quote", "nine million",
        ),
    ),
    "facts add --from": Row(
        ("facts", "add", "--from", "figures.csv", "--filed", "2026-10-28", "--source", "letter"),
        beside={"figures.csv": "line_item,period,value,quote\nbuilding,2026Q3,9m,nine million\n"},
    ),
    "facts none-stated": Row(
        ("facts", "none-stated", "--period", "2026Q2", "--word", "zebras"),
        (("documents", "add", "release.md", "--form", "10-Q", "--period", "2026Q2", *SAID),),
    ),
    "facts import": Row(("facts", "import", "filing.xml", *SAID)),
    "facts release": Row(("facts", "release", "release.md", *SAID)),
    "facts fetch": Row(("facts", "fetch")),
    "facts prices fetch": Row(("facts", "prices", "fetch")),
    "documents add": Row(("documents", "add", "release.md", "--form", "8-K", *SAID)),
    "new --from": Row(("new", "copy", "--from", ".")),
    "new": Row(("new", "fresh", "--entity", "NVDA", "--target", "6T", "--by", "2030")),
    "memo --out": Row(("memo", *DAY, "--out", "memo.md")),
    "memo --out --force": Row(("memo", *DAY, "--out", "memo.html", "--force"), beside={"memo.html": OLD}),
    "memo --out FOLDER": Row(("memo", *DAY, "--out", "md/")),
    "memo --out FOLDER --force": Row(("memo", *DAY, "--out", "md/", "--force"), beside={"md/memo.md": OLD}),
    "charts": Row(("charts", *DAY, "--out", "charts", "--force"), beside={"charts/matrix.svg": OLD}),
    "export facts": Row(("export", "facts", "--out", "facts.csv")),
    "export metrics": Row(("export", "metrics", "--out", "m.csv", "--force"), beside={"m.csv": OLD}),
    "export history": Row(("export", "history", "--out", "history.csv")),
    "export workbook": Row(("export", "workbook", *DAY, "--out", "book.xlsx")),
    "export calendar": Row(("export", "calendar", *DAY, "--out", "a.ics", "--force"), beside={"a.ics": OLD}),
    "board": Row(("board", ".", "--out", "board.html")),
    "schema": Row(("schema", "--out", "schemas")),
}  # fmt: skip
"""Commands that write, by the words and options that make them do so."""

READING: Mapping[str, tuple[str, ...]] = {
    "check": ("check", *DAY),
    "explain": ("explain", "margins", *DAY),
    "simulate": ("simulate", "--draws", "100"),
    "value": ("value",),
    "base-rate": ("base-rate", "--sales", "2e8", "--growth", "5%", "--years", "3"),
    "review list": ("review", "list"),
    "review verify": ("review", "verify"),
    "forecast list": ("forecast", "list"),
    "diff": ("diff", "2026-05-05", "2026-08-05"),
    "due": ("due",),
    "todo": ("todo",),
    "calibration": ("calibration",),
    "help": ("help", "check"),
    "history": ("history",),
    "record": ("record",),
    "facts": ("facts",),
    "facts tags": ("facts", "tags", "filing.xml"),
    "facts check": ("facts", "check"),
    "documents list": ("documents", "list"),
    "documents text": ("documents", "text", "release.md"),
    "documents search": ("documents", "search", "Q3"),
    "list": ("list",),
    "lint": ("lint",),
    "test": ("test",),
}
"""Commands that write nothing."""

WRITING_OPTIONS = ("--out", "--force")


def commands(group: click.Group = cli, words: tuple[str, ...] = ()) -> Iterator[tuple[str, click.Command]]:
    """Every command that can be run, by its words."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        path = (*words, name)
        if not isinstance(command, click.Group) or command.invoke_without_command:
            yield " ".join(path), command
        if isinstance(command, click.Group):
            yield from commands(command, path)


def command_of(row: str) -> str:
    """The words of a command in a row's name: those before the first option."""
    return row.partition(" -")[0]


def write_pack(folder: Path, row: Row | None = None) -> None:
    """Make the Acme pack, valued and with what imports need, and a filing and a release beside its files."""
    for source in (ACME, VALUED):
        for path in sorted(source.rglob("*")):
            if path.is_file() and path.name != "prices.csv":
                target = folder / path.relative_to(source)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(path.read_bytes())
    facts = folder / "facts" / "ACME.csv"
    facts.write_bytes((ACME / "facts" / "ACME.csv").read_bytes() + (VALUED / "prices.csv").read_bytes())
    metrics = folder / "metrics.yaml"
    text = metrics.read_text("utf-8").replace("{name: Acme Anvils", "{name: Acme Anvils, cik: 12345")
    for name, line in LINES.items():
        text = text.replace(f"  {name}: {{", f'  {name}: {{release: "{line}", ')
    metrics.write_text(
        text.replace("label: Sales, unit", "label: Sales, tag: us-gaap:Revenues, unit").replace(
            "\nmetrics:", "  charges: {label: Charges, unit: USD, kind: register}\n\nmetrics:", 1
        ),
        "utf-8",
    )
    for name, content in {
        "filing.xml": FILING,
        "release.md": RELEASE,
        "index.json": json.dumps(INDEX),
        **(row.beside if row else {}),
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, "utf-8")
