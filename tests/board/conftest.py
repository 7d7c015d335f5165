"""Theses of every kind: reviewed, tripped, left, broken, touched, and with names that would hurt."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ACME
from tests.journal.conftest import GROWTH, runner
from thesis.files.disk import bundled_folder
from thesis.files.yaml import read_yaml, yaml_text

FILED = 4  # the column of a row's filing day
REVIEWED, DAY = "2026-08-05", "2026-08-12"
TRIPS = ("when: repairs_growth < 0 in 2 of last 3 quarters", "when: repairs_growth < 19%")
EASED = ("bands: [0%, 5%, 10%, 20%, 30%]", "bands: [0%, 1%, 2%, 3%, 4%]")
TITLE = "Will Acme's repair shops outgrow its anvils?"
NAME = """<b>&amp; | `x` [y](z) $1 {{ 7 * 191 }}"""
HURTS = (
    """<script>alert(1)</script> | [x](javascript:alert(1)) `</style>` \x1b[31m\u202e {{ 7 * 191 }} 漢字"""
)


class Theses:
    """A folder of packs: ``acme`` adds one, ``copy`` one of the program's own, ``sign`` reviews it."""

    def __init__(self, folder: Path, run: Callable[..., Any], patch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.run = run
        self.patch = patch
        folder.mkdir(exist_ok=True)

    def acme(self, name: str, *changes: tuple[str, str]) -> Path:
        """The small pack, with some words of its rules changed."""
        pack = self.folder / name
        shutil.copytree(ACME, pack)
        self.edit(name, *changes)
        return pack

    def edit(self, name: str, *changes: tuple[str, str], file: str = "thesis.yaml") -> None:
        path = self.folder / name / file
        text = path.read_text(encoding="utf-8")
        for old, new in changes:
            assert old in text, old
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")

    def copy(self, name: str, day: str, source: Path | None = None) -> Path:
        """A pack of the program's own (or another), with what was filed, was graded or happened by a day."""
        original, pack = source or bundled_folder("rules") / name, self.folder / name
        (pack / "facts").mkdir(parents=True, exist_ok=True)
        for file in ("thesis.yaml", "metrics.yaml"):
            shutil.copy(original / file, pack / file)
        if "value.implied_growth" in (pack / "metrics.yaml").read_text(encoding="utf-8"):
            self.edit(name, ("\nconcepts:\n", f"\nconcepts:\n{GROWTH}"), file="metrics.yaml")
        for facts in (original / "facts").glob("*.csv"):
            head, *rows = csv.reader(io.StringIO(facts.read_text(encoding="utf-8")))
            text = io.StringIO()
            csv.writer(text, lineterminator="\n").writerows([head, *(r for r in rows if r[FILED] <= day)])
            (pack / "facts" / facts.name).write_text(text.getvalue(), encoding="utf-8")
        said = read_yaml((original / "judgements.yaml").read_text(encoding="utf-8"), "judgements.yaml").value
        told = {
            **said,
            "grades": [grade for grade in said["grades"] if grade["graded"] <= day],
            "events": [event for event in said.get("events", []) if event["day"] <= day],
        }
        (pack / "judgements.yaml").write_text(yaml_text(told), encoding="utf-8")
        return pack

    def sign(self, name: str, *words: str, day: str = REVIEWED) -> None:
        self.patch.setenv("THESIS_TODAY", day)
        found = self.run("review", "sign", *words, cwd=self.folder / name)
        assert found.code == 0, found.err

    def do(self, *arguments: str, day: str = DAY, cwd: Path | None = None) -> Any:
        """Run a command in the folder."""
        self.patch.setenv("THESIS_TODAY", day)
        return self.run(*arguments, cwd=cwd or self.folder)

    def board(self, *arguments: str, day: str = DAY) -> dict[str, Any]:
        """The board of all of them, as JSON."""
        found = self.do("board", ".", "--json", *arguments, day=day)
        assert found.code in (0, 1), found.err
        told: dict[str, Any] = json.loads(found.out)
        return told

    def row(self, name: str, day: str = DAY) -> dict[str, Any]:
        found: dict[str, Any] = next(row for row in self.board(day=day)["packs"] if row["name"] == name)
        return found


def names(board: dict[str, Any], group: str) -> Sequence[str]:
    """The names of a group's theses, in their order."""
    return [row["name"] for row in board["packs"] if row["group"] == group]


@pytest.fixture
def theses(tmp_path: Path, run: Any, monkeypatch: pytest.MonkeyPatch) -> Theses:
    """An empty folder of theses."""
    monkeypatch.setenv("THESIS_ANALYST", "R. Runner")
    return Theses(tmp_path / "theses", run, monkeypatch)


def _every_kind(theses: Theses) -> None:
    theses.acme("held")
    theses.sign("held", "--decision", "hold")
    theses.acme("sold")
    theses.sign("sold", "--decision", "exit")
    theses.acme("tripped", TRIPS)
    theses.sign("tripped", "--decision", "hold")
    theses.acme("eased")
    theses.sign("eased", "--decision", "add")
    theses.edit("eased", EASED)
    theses.acme("new")
    theses.acme("broken")
    theses.sign("broken", "--decision", "hold")
    (theses.folder / "broken" / "metrics.yaml").write_text("concepts: [\n", encoding="utf-8")
    theses.acme("touched")
    theses.sign("touched", "--decision", "hold")
    theses.edit("touched", ("R. Runner", "R. Gunner"), file="reviews/2026Q2.yaml")
    theses.acme("inputs")
    theses.sign("inputs", "--decision", "hold")
    (kept,) = (theses.folder / "inputs" / "reviews" / "inputs").iterdir()
    (kept / "thesis.yaml").write_text("id: another\n", encoding="utf-8")
    theses.acme(
        NAME, (TITLE, f'"{HURTS.replace(chr(27), chr(92) + "e").replace(chr(0x202E), chr(92) + "u202e")}"')
    )
    theses.sign(NAME, "--decision", "hold")


@pytest.fixture(scope="module")
def _made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Theses]:
    with pytest.MonkeyPatch.context() as patch:
        place = tmp_path_factory.mktemp("board")
        patch.setenv("THESIS_CACHE", str(place / "cache"))
        patch.setenv("THESIS_CONFIG", "config.toml")
        patch.setenv("THESIS_ANALYST", "R. Runner")
        found = Theses(place / "theses", runner(patch), patch)
        _every_kind(found)
        yield found


@pytest.fixture
def every_kind(_made: Theses, run: Any, monkeypatch: pytest.MonkeyPatch) -> Theses:
    """A folder with a thesis of every kind; tests only look."""
    monkeypatch.setenv("THESIS_CACHE", str(_made.folder.parent / "cache"))
    return Theses(_made.folder, run, monkeypatch)
