"""A thesis of one's own as it stood on a day: the real facts and grades up to then, and no later ones."""

from __future__ import annotations

import csv
import io
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Run
from tests.golden.conftest import compare
from thesis.files.disk import bundled_folder
from thesis.files.yaml import read_yaml, yaml_text

AMZN = bundled_folder("rules") / "amzn-4t"
FILED = 4  # the column of a row's filing day

# The analyst keeps no valuation, and so writes down the growth that the price needs.
GROWTH = (
    "  value.implied_growth: {label: Growth in the price, unit: ratio, kind: rate, source: a spreadsheet}\n"
)
GROWTH_ROW = "value.implied_growth,2026Q2,0.182,ratio,2026-09-29,a spreadsheet of the analyst,reported,"


class Desk:
    """An analyst with a copy of the Amazon thesis: ``on`` moves to a day, ``do`` runs a command there."""

    def __init__(self, folder: Path, run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.run = run
        self.monkeypatch = monkeypatch
        folder.mkdir()
        (folder / "facts").mkdir()
        for name in ("thesis.yaml", "metrics.yaml"):
            shutil.copy(AMZN / name, folder / name)
        self.edit("metrics.yaml", "\nconcepts:\n", f"\nconcepts:\n{GROWTH}")
        monkeypatch.setenv("THESIS_ANALYST", "J. Doe")

    def on(self, day: str) -> None:
        """It is this day, and what was filed and graded by then is in the files; own additions stay."""
        self.monkeypatch.setenv("THESIS_TODAY", day)
        for source in sorted((AMZN / "facts").glob("*.csv")):
            self._facts(source, day)
        self._grades(day)

    def _facts(self, source: Path, day: str) -> None:
        target = self.folder / "facts" / source.name
        before = target.read_text(encoding="utf-8").splitlines()[1:] if target.exists() else []
        head, *rows = csv.reader(io.StringIO(source.read_text(encoding="utf-8")))
        if source.name == "AMZN.csv":
            rows.append(GROWTH_ROW.split(","))
        lines = _lines([head, *(row for row in rows if row[FILED] <= day)])
        bundled_ones = {*_lines(rows), *lines}
        own = [line for line in before if line not in bundled_ones]
        target.write_text("\n".join([*lines, *own]) + "\n", encoding="utf-8")

    def _grades(self, day: str) -> None:
        file = self.folder / "judgements.yaml"
        bundled_ones = read_yaml(
            (AMZN / "judgements.yaml").read_text(encoding="utf-8"), "judgements.yaml"
        ).value
        now = read_yaml(file.read_text(encoding="utf-8"), "judgements.yaml").value if file.exists() else {}
        own = [g for g in now.get("grades", []) if g["by"] != "founders"]
        grades = [g for g in bundled_ones["grades"] if g["graded"] <= day]
        told = {"rubrics": bundled_ones["rubrics"], "grades": [*grades, *own]}
        if now.get("events"):
            told["events"] = now["events"]
        file.write_text(yaml_text(told), encoding="utf-8")

    def do(self, *arguments: str) -> Any:
        """Run a command in the folder."""
        return self.run(*arguments, cwd=self.folder)

    def edit(self, file: str, old: str, new: str) -> None:
        """Change one place in a file of rules."""
        path = self.folder / file
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, (text.count(old), old)
        path.write_text(text.replace(old, new), encoding="utf-8")

    def add_fact(self, row: str, entity: str = "AMZN") -> None:
        """Append a row to a file of facts."""
        with (self.folder / "facts" / f"{entity}.csv").open("a", encoding="utf-8") as file:
            file.write(row + "\n")

    def review(self, name: str) -> dict[str, Any]:
        """A signed review as its file has it."""
        text = (self.folder / "reviews" / f"{name}.yaml").read_text(encoding="utf-8")
        found: dict[str, Any] = read_yaml(text, name).value
        return found


def _lines(rows: list[list[str]]) -> list[str]:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().splitlines()


def runner(patch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """What the fixture ``run`` gives, for longer than one test."""
    from click.testing import CliRunner

    from thesis.cli import main

    def call(*arguments: str, cwd: Path) -> Run:
        patch.chdir(cwd)
        patch.setattr(sys, "argv", ["thesis", *arguments])
        with CliRunner().isolation() as (out, err, _):
            code = 0
            try:
                main()
            except SystemExit as stopped:
                code = stopped.code if isinstance(stopped.code, int) else 1
            return Run(code, out.getvalue().decode(), err.getvalue().decode())

    return call


@pytest.fixture
def golden() -> Callable[[str, str], None]:
    """``golden("name", text)`` as for memos; ``REWRITE_GOLDEN=1`` writes the texts anew."""
    return lambda name, text: compare(name, text, rewrite=bool(os.environ.get("REWRITE_GOLDEN")))


@pytest.fixture
def desk(tmp_path: Path, run: Any, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """``desk.on("2025-08-08"); desk.do("review", "sign")``."""
    return Desk(tmp_path / "mine", run, monkeypatch)


@pytest.fixture
def acme(folder_pack: Any, run: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """``acme("review", "sign", day="2026-08-05")``: the small pack, reviewed on a day."""
    folder = folder_pack()
    monkeypatch.setenv("THESIS_ANALYST", "R. Runner")

    def do(*arguments: str, day: str = "2026-08-05") -> Any:
        monkeypatch.setenv("THESIS_TODAY", day)
        return run(*arguments, cwd=folder)

    return do
