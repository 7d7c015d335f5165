"""Nothing is lost: whatever happens on the way, a file is the old or the new one, and nothing piles up."""

from __future__ import annotations

import errno
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.journal.faults import KILLED, Ended, die, full, run_with
from thesis.files.disk import LOCK
from thesis.journal.store import read_journal
from thesis.journal.verify import verify_journal
from thesis.pack.folder import read_folder

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="faults need processes that can be forked")

MOST_STEPS = 200
COMMANDS = {
    "sign": ("review", "sign", "--as-of", "2026-08-05", "--decision", "hold"),
    "judge": (
        "judge", "J1", "--level", "2", "--evidence", "A figure.", "--source", "letter", "--period", "2026Q2",
    ),
    "override": ("override", "margins", "--score", "0.6", "--reason", "A fire.", "--until", "2026-12-01"),
    "forecast": ("forecast", "--id", "F1", "--when", "repairs_growth >= 10%", "--p", "60%"),
    "facts": (
        "facts", "add", "building", "--period", "2026Q3", "--value", "9m", "--filed", "2026-10-28",
        "--source", "release of 2026-10-28", "--quote", "nine million",
    ),
}  # fmt: skip
SLOW = pytest.mark.slow
SIGNED_FIRST = [pytest.param(name, marks=() if name == "sign" else SLOW) for name in COMMANDS]
REFUSALS = [
    pytest.param(name, code, marks=() if (name, code) == ("sign", errno.ENOSPC) else SLOW)
    for name in COMMANDS
    for code in (errno.ENOSPC, errno.EROFS, errno.EACCES)
]


@pytest.fixture(autouse=True)
def _analyst(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THESIS_ANALYST", "R. Runner")


def _tree(folder: Path) -> dict[str, bytes]:
    """Every file but the lock."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != LOCK)
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(files)}


def _visible(tree: dict[str, bytes]) -> dict[str, bytes]:
    """Without what a run that was cut off left half written."""
    return {name: data for name, data in tree.items() if not any(p.startswith(".") for p in Path(name).parts)}


def _steps(
    arguments: tuple[str, ...], pack: Path, happen: Any, tmp_path: Path
) -> Iterator[tuple[Path, Ended]]:
    """A fresh copy of the pack after the command met its fault at step 1, 2, 3 ..., to the last."""
    for at in range(1, MOST_STEPS):
        folder = tmp_path / f"step{at}"
        shutil.copytree(pack, folder)
        ended = run_with(arguments, folder, at, happen)
        if not ended.met:
            assert ended.code == 0, ended.said
            return
        yield folder, ended
    raise AssertionError("it never came to an end")


def _after(arguments: tuple[str, ...], pack: Path, whole: Path) -> dict[str, bytes]:
    """The files after the command, nothing having happened on the way."""
    shutil.copytree(pack, whole)
    assert run_with(arguments, whole, 0, die).code == 0
    return _tree(whole)


@pytest.mark.parametrize("name", SIGNED_FIRST)
def test_a_run_that_dies_leaves_the_old_or_the_new(
    name: str, folder_pack: Any, run: Any, tmp_path: Path
) -> None:
    """At every write, rename and flush: no file is half, and the next run tidies up and succeeds."""
    pack = folder_pack()
    old, new = _tree(pack), _after(COMMANDS[name], pack, tmp_path / "whole")
    died = 0
    for folder, ended in _steps(COMMANDS[name], pack, die, tmp_path):
        assert ended.code == KILLED
        died += 1
        left = _visible(_tree(folder))
        assert all(left[file] in (old.get(file), new.get(file)) for file in left)
        assert set(old) <= set(left)
        assert run("lint", cwd=folder).code == 0
        if name == "sign":
            assert len(verify_journal(folder, ".").chain) in (0, 1)
        again = run(*COMMANDS[name], cwd=folder)
        assert again.code in (0, 3), again.err  # 3: it had got through, and the id is taken
        assert _visible(_tree(folder)) == _tree(folder), "something was left lying about"
    assert died > 3


@pytest.mark.parametrize(
    ("name", "code"), REFUSALS, ids=lambda value: os.strerror(value) if isinstance(value, int) else value
)
def test_a_disk_that_refuses_changes_nothing(name: str, code: int, folder_pack: Any, tmp_path: Path) -> None:
    """A full disk or a read-only folder is told in words, and the files are what they were."""
    pack = folder_pack()
    old, new = _tree(pack), _after(COMMANDS[name], pack, tmp_path / "whole")
    refused = 0
    for folder, ended in _steps(COMMANDS[name], pack, full(code), tmp_path):
        assert "Traceback" not in ended.said
        if ended.code == 0:  # what can be done without, as having a folder's names on the disk at once
            assert _visible(_tree(folder)) == new
            continue
        refused += 1
        assert ended.code == 3, ended.said
        assert os.strerror(code).lower() in ended.said
        assert "nothing was changed" in ended.said
        assert _tree(folder) == old
        assert not (folder / "reviews").exists()
    assert refused > 2


def _program(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    env = {**os.environ, "THESIS_TODAY": "2026-11-22", "THESIS_CACHE": "", "THESIS_ANALYST": "R. Runner"}
    return subprocess.Popen(
        [sys.executable, "-m", "thesis", *arguments],
        cwd=folder,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@SLOW
def test_killed_at_any_moment(folder_pack: Any, tmp_path: Path) -> None:
    """A kill at moments drawn at random: the journal is the old one or the new one, and it verifies."""
    pack = folder_pack()
    draw = random.Random(20261126)
    for i in range(6):
        folder = tmp_path / f"kill{i}"
        shutil.copytree(pack, folder)
        running = _program(folder, *COMMANDS["sign"])
        time.sleep(draw.uniform(0.2, 1.2))
        running.kill()
        running.communicate()
        assert len(verify_journal(folder, ".").chain) in (0, 1)
        finished = _program(folder, *COMMANDS["sign"])
        out, err = finished.communicate(timeout=60)
        assert finished.returncode == 0, err
        assert "2026Q2" in out
        assert _visible(_tree(folder)) == _tree(folder)


@SLOW
def test_of_two_who_sign_at_once_one_wins_and_the_other_is_told(folder_pack: Any) -> None:
    folder = folder_pack()
    running = [_program(folder, *COMMANDS["sign"]) for _ in range(3)]
    said = [process.communicate(timeout=120) for process in running]
    assert [process.returncode for process in running] == [0, 0, 0], said
    assert sum("signed ./reviews" in out or "signed reviews/2026Q2.yaml" in out for out, _ in said) == 1
    assert sum("signed already" in out for out, _ in said) == 2
    assert len(read_journal(folder, ".")) == 1


@SLOW
def test_of_two_who_write_at_once_nobody_loses_a_row(folder_pack: Any) -> None:
    """Grades, and figures: each is in the file, or its writer was told that it is not."""
    folder = folder_pack()
    judged = [
        _program(
            folder,
            "judge",
            "J1",
            "--level",
            "1",
            "--evidence",
            f"Said {i}.",
            "--source",
            "x",
            "--by",
            f"A{i}",
        )
        for i in range(3)
    ]
    added = [
        _program(
            folder, "facts", "add", "building", "--period", f"2026Q{i}", "--value", f"{i}1m",
            "--filed", f"2026-11-0{i}", "--source", f"release {i}", "--quote", "so much", "--ahead",
        )
        for i in (3, 4)
    ]  # fmt: skip
    for process in (*judged, *added):
        process.communicate(timeout=120)
    grades = (folder / "judgements.yaml").read_text(encoding="utf-8")
    for i, process in enumerate(judged):
        assert (f"Said {i}." in grades) == (process.returncode == 0)
    rows = (folder / "facts" / "ACME.csv").read_text(encoding="utf-8")
    for i, process in zip((3, 4), added, strict=True):
        assert (f"release {i}" in rows) == (process.returncode == 0)
    assert any(process.returncode == 0 for process in added)
    read_folder(folder, ".")
