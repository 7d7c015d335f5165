"""Links in a pack: what leads out of it, in a circle or nowhere is a problem, and is not read or written."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.hardening.commands import DAY, SIGN, write_pack
from tests.hardening.faults import Ended, run_with, tree

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="commands run in processes that can be forked"),
]

FILES = (
    "thesis.yaml", "metrics.yaml", "judgements.yaml", "valuation.yaml", "overrides.yaml", "forecasts.yaml",
    "trials.yaml",
    "facts", "facts/ACME.csv", "facts/MORE.csv", "reviews", "reviews/inputs", "reviews/2026Q2.yaml",
    "mine/other.j2", "mine/mine.md.j2",
)  # fmt: skip
COMMANDS = (
    ("check", *DAY), ("lint",), ("memo", *DAY, "--template", "mine/mine.md.j2"), ("test",), ("board", "."),
    ("list",),
    ("review", "verify"), ("facts", "--json"), ("review", "list"), ("new", "../copy", "--from", "."), SIGN,
    ("override", "margins", "--score", "0.6", "--reason", "A fire.", "--until", "2026-12-01"),
)  # fmt: skip
SECRET = "hunter2"
SIGNER = {"THESIS_ANALYST": "R. Runner"}


def _out(path: Path, outside: Path, is_folder: bool) -> None:
    path.symlink_to(outside / ("folder" if is_folder else "secret"))


def _to_itself(path: Path, outside: Path, is_folder: bool) -> None:
    path.symlink_to(path.name)


def _in_a_circle(path: Path, outside: Path, is_folder: bool) -> None:
    other = path.with_name("circle")
    other.symlink_to(path.name)
    path.symlink_to("circle")


def _nowhere(path: Path, outside: Path, is_folder: bool) -> None:
    path.symlink_to(outside / "nowhere" / "at-all")


LINKS: Mapping[str, Callable[[Path, Path, bool], None]] = {
    "out of the pack": _out,
    "to itself": _to_itself,
    "in a circle": _in_a_circle,
    "nowhere": _nowhere,
}


@pytest.mark.parametrize("link", LINKS)
@pytest.mark.parametrize("name", FILES)
def test_a_link_that_leads_out_is_not_followed(name: str, link: str, tmp_path: Path) -> None:
    """Whatever is asked: nothing of what it leads to is shown, copied or changed, and nothing is a crash."""
    pack, outside = tmp_path / "pack", tmp_path / "outside"
    (outside / "folder").mkdir(parents=True)
    (outside / "secret").write_text(f"{SECRET}: [\n", "utf-8")
    for each in ("2026Q2.yaml", "ACME.csv", "other.j2", "mine.md.j2"):
        (outside / "folder" / each).write_text(f"{SECRET}: [\n", "utf-8")
    write_pack(pack)
    (pack / "mine").mkdir()
    (pack / "mine" / "mine.md.j2").write_text("{% include 'other.j2' %}", "utf-8")
    (pack / "mine" / "other.j2").write_text("Mine.", "utf-8")
    if name.startswith("reviews/"):
        assert run_with(SIGN, pack, environment=SIGNER).code == 0
    path = pack / name
    is_folder = path.is_dir() or path.name == "reviews"
    if path.is_dir():
        shutil.rmtree(path)
    path.unlink(missing_ok=True)
    LINKS[link](path, outside, is_folder)
    before = tree(outside)
    for command in COMMANDS:
        _is_sound(run_with(command, pack, environment=SIGNER), command)
        assert tree(outside) == before, command
        copied = tree(tmp_path / "copy") if (tmp_path / "copy").is_dir() else {}
        assert not any(SECRET.encode() in data for data in copied.values()), command
        assert not any(SECRET.encode() in _read(each) for each in pack.rglob("*") if not each.is_symlink())


def _read(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() and path.resolve() == path else b""


def _is_sound(ended: Ended, command: tuple[str, ...]) -> None:
    assert ended.code in (0, 1, 3, 4), (command, ended.said)
    assert "Traceback" not in ended.said, (command, ended.said)
    assert SECRET not in ended.said, (command, ended.said)
