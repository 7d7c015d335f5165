"""What every test starts from: a day, no cache, and a small pack of an invented company."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

ACME = Path(__file__).parent / "data" / "acme"
TODAY = "2026-11-22"

collect_ignore = ["problems"]  # packs with mistakes, not to be run as they are

FolderPack = Callable[..., Path]
Command = Callable[..., "Run"]


@pytest.fixture(autouse=True)
def _same_day_everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test depends on the clock or on what an earlier run remembered."""
    monkeypatch.setenv("THESIS_TODAY", TODAY)
    monkeypatch.setenv("THESIS_CACHE", "")


@pytest.fixture
def folder_pack(tmp_path: Path) -> FolderPack:
    """``folder_pack({"thesis.yaml": text})``: a folder with the Acme pack, some files replaced or added.

    ``None`` in place of a text leaves the file out.
    """

    def write(overrides: Mapping[str, str | bytes | None] | None = None, name: str = "acme") -> Path:
        folder = tmp_path / name
        shutil.copytree(ACME, folder)
        for file, text in (overrides or {}).items():
            target = folder / file
            if text is None:
                target.unlink()
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(text.encode() if isinstance(text, str) else text)
        return folder

    return write


class Run(NamedTuple):
    """What a command left behind."""

    code: int
    out: str
    err: str


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Command:
    """``run("lint", "acme", cwd=folder)``: the program as from a terminal, in this process."""

    def call(*arguments: str, cwd: Path = tmp_path) -> Run:
        from thesis.cli import main

        monkeypatch.chdir(cwd)
        monkeypatch.setattr(sys, "argv", ["thesis", *arguments])
        capsys.readouterr()
        code = 0
        try:
            main()
        except SystemExit as stopped:
            code = stopped.code if isinstance(stopped.code, int) else 1
        out, err = capsys.readouterr()
        return Run(code, out, err)

    return call
