"""A command that writes can be said again: what it wrote is there already, exit code 0, no byte changes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

JUDGED = (
    "judge",
    "J1",
    "--level",
    "2",
    "--evidence",
    "A figure.",
    "--source",
    "letter",
    "--period",
    "2026Q2",
)
OVERRIDDEN = ("override", "margins", "--score", "0.6", "--reason", "A fire.", "--until", "2026-12-01")
SIGNED = ("review", "sign", "--as-of", "2026-08-05", "--decision", "hold")
COMMANDS: dict[str, tuple[str, ...]] = {
    "judge": JUDGED,
    "judge, an earlier day": (*JUDGED, "--graded", "2026-08-01"),
    "event": ("judge", "J1", "--event", "A shop burned.", "--source", "news"),
    "override": OVERRIDDEN,
    "forecast": ("forecast", "--id", "F1", "--when", "repairs_growth >= 10%", "--p", "60%"),
    "forecast resolve": (
        "forecast", "resolve", "F0", "--outcome", "yes", "--evidence", "It was said.", "--source", "news",
    ),
    "facts add": (
        "facts", "add", "building", "--period", "2026Q3", "--value", "9m", "--filed", "2026-10-28",
        "--source", "release of 2026-10-28", "--quote", "nine million",
    ),
    "documents add": ("documents", "add", "thesis.yaml", "--form", "letter", "--filed", "2026-10-28"),
    "sign": SIGNED,
    "sign, a correction": (*SIGNED, "--supersede", "A word was missing."),
    "memo": ("memo", "--as-of", "2026-10-15", "--out", "memo.md"),
    "memo, a folder": ("memo", "--as-of", "2026-10-15", "--out", "out/"),
    "charts": ("charts", "--as-of", "2026-10-15", "--out", "drawn"),
    "export": ("export", "facts", "--out", "rows.csv"),
    "schema": ("schema", "--out", "schemas"),
    "new, a copy": ("new", "copied", "--from", "."),
    "new, a skeleton": ("new", "bones", "--entity", "NVDA", "--target", "6e12", "--by", "2030"),
}  # fmt: skip


@pytest.fixture
def write(
    folder_pack: Any, run: Any, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Any]:
    """A command in the small pack on a day; with a forecast to settle, and a review to correct."""
    folder = folder_pack()
    monkeypatch.setenv("THESIS_ANALYST", "R. Runner")
    monkeypatch.setenv("THESIS_CACHE", str(tmp_path_factory.mktemp("cache")))

    def say(*words: str, day: str = "2026-11-22") -> Any:
        monkeypatch.setenv("THESIS_TODAY", day)
        return run(*words, cwd=folder)

    text = ("--text", "The smith leaves", "--p", "60%", "--period", "2026Q4")
    assert say("forecast", "--id", "F0", *text).code == 0
    assert say(*SIGNED, "--note", "First.").code == 0
    return say


def _tree(folder: Path) -> dict[str, tuple[bytes, int]]:
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != ".thesis.lock")
    return {str(path): (path.read_bytes(), path.stat().st_mtime_ns) for path in files}


@pytest.mark.parametrize("name", COMMANDS)
def test_what_was_written_is_there_already(name: str, write: Any, tmp_path: Path) -> None:
    words = COMMANDS[name] if name != "sign" else (*SIGNED, "--note", "First.")
    first = write(*words)
    assert first.code == 0, first.err
    there = _tree(tmp_path)
    for _ in range(2):
        again = write(*words)
        assert (again.code, _tree(tmp_path)) == (0, there), again.err
    said = again.out + again.err
    assert any(part in said for part in ("already", "nothing to add", "nothing to do")), said


@pytest.mark.parametrize("name", ["forecast", "forecast resolve", "facts add"])
def test_a_day_later_it_is_there_as_well(name: str, write: Any, tmp_path: Path) -> None:
    assert write(*COMMANDS[name]).code == 0
    there = _tree(tmp_path)
    assert (write(*COMMANDS[name], day="2026-11-23").code, _tree(tmp_path)) == (0, there)


def test_a_grade_that_is_taken_back_is_a_new_one(write: Any, tmp_path: Path) -> None:
    """The same grade again is new where another one came between."""
    other = tuple("1" if word == "2" else word for word in JUDGED)
    for words in (JUDGED, other, JUDGED):
        before = _tree(tmp_path)
        assert write(*words).code == 0
        assert _tree(tmp_path) != before


@pytest.mark.parametrize(
    "other",
    [("--level", "1"), ("--evidence", "Another."), ("--source", "call"), ("--by", "S. Second")],
    ids=lambda words: words[0],
)
def test_another_word_is_another_grade(other: tuple[str, ...], write: Any, tmp_path: Path) -> None:
    assert write(*JUDGED).code == 0
    before = _tree(tmp_path)
    assert write(*JUDGED, *other).code == 0
    assert _tree(tmp_path) != before


def test_another_correction_is_a_correction(write: Any, run: Any) -> None:
    assert write(*COMMANDS["sign, a correction"]).code == 0
    assert "2026Q2.3.yaml" in write(*COMMANDS["sign, a correction"], "--note", "And another.").out
