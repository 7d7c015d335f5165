"""What a pack reads is its own, and what cannot be read never counts as not there."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

DAY = "2026-10-15"
SIGNED_ON = "2026-08-05"
FILES = [
    "thesis.yaml", "metrics.yaml", "judgements.yaml", "valuation.yaml", "overrides.yaml", "forecasts.yaml",
    "trials.yaml", "facts/ACME.csv", "facts", "reviews", "reviews/2026Q2.yaml", "reviews/inputs",
]  # fmt: skip
FOLDERS = ["facts", "reviews", "reviews/inputs"]
READ: dict[str, list[tuple[str, ...]]] = {  # commands that read a file or a folder, by what they are asked
    **{name: [("lint",)] for name in FILES},
    "trials.yaml": [("lint",), ("test",)],
    "reviews": [
        ("memo",),
        ("check",),
        ("due",),
        ("review", "list"),
        ("review", "verify"),
        ("review", "start"),
    ],
}
READ["facts"] = [
    ("memo",),
    ("check",),
    ("due",),
    ("lint",),
    ("facts", "check"),
    ("new", "../copy", "--from", "."),
]
READ["reviews/inputs"] = READ["reviews"]
READ["reviews/2026Q2.yaml"] = READ["reviews"]
CASES = [(name, command) for name, commands in READ.items() for command in commands]
IDS = [f"{name}: {' '.join(command)}" for name, command in CASES]
SECRET = "hunter2"


@pytest.fixture
def reviewed(folder_pack: Any, run: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The small pack with a journal of one review."""
    monkeypatch.setenv("THESIS_TODAY", SIGNED_ON)
    pack: Path = folder_pack()
    assert run("review", "sign", "--by", "J", cwd=pack).code == 0
    monkeypatch.setenv("THESIS_TODAY", DAY)
    return pack


def _moved_out(path: Path) -> None:
    """What is there lies outside, and a link leads to it."""
    outside = _outside(path)
    if path.exists():
        shutil.move(path, outside)
    else:
        outside.write_text(f"{SECRET}: [\n", encoding="utf-8")
    path.symlink_to(outside)


def _outside(path: Path) -> Path:
    place = next(each for each in path.parents if each.name == "acme").parent / "elsewhere"
    place.mkdir(exist_ok=True)
    return place / path.name


def _secret(path: Path) -> None:
    _emptied(path)
    outside = _outside(path)
    outside.write_text(f"{SECRET}: [\n", encoding="utf-8")
    path.symlink_to(outside)


def _to_itself(path: Path) -> None:
    _emptied(path)
    path.symlink_to(path.name)


def _to_nothing(path: Path) -> None:
    _emptied(path)
    path.symlink_to("nothing")


def _emptied(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _pipe(path: Path) -> None:
    _emptied(path)
    os.mkfifo(path)


CHANGES = {
    "a link out of the pack": (_moved_out, "leads out of the pack"),
    "a link to another kind of file": (_secret, "leads out of the pack"),
    "a link to itself": (_to_itself, "cannot read"),
    "a link to nothing": (_to_nothing, ""),
    "a pipe": (_pipe, ""),
}


@pytest.mark.parametrize(("change", "told"), CHANGES.values(), ids=CHANGES.keys())
@pytest.mark.parametrize(("name", "command"), CASES, ids=IDS)
def test_what_is_not_the_packs_own_is_a_problem(
    name: str,
    command: tuple[str, ...],
    change: Callable[[Path], None],
    told: str,
    reviewed: Path,
    run: Any,
) -> None:
    """One rule for every file and folder: what does not resolve to something of the pack's own is told."""
    change(reviewed / name)
    found = run(*command, cwd=reviewed)
    assert SECRET not in found.out + found.err and "Traceback" not in found.err
    if command[0] == "new" and found.code == 0:
        assert name in found.err  # what leads out is left out of a copy, and named
        return
    assert found.code == 3
    assert name in found.err and told in found.err


@pytest.mark.parametrize(("name", "command"), CASES, ids=IDS)
def test_a_link_that_stays_in_the_pack_is_read(
    name: str, command: tuple[str, ...], reviewed: Path, run: Any
) -> None:
    """A file that lies elsewhere in the pack's real folder is the pack's own."""
    if not (reviewed / name).exists():
        pytest.skip("the small pack has no such file")
    before = run(*command, cwd=reviewed)
    shutil.rmtree(reviewed.parent / "copy", ignore_errors=True)
    (reviewed / "kept").mkdir()
    (reviewed / name).rename(reviewed / "kept" / Path(name).name)
    (reviewed / name).symlink_to(
        os.path.relpath(reviewed / "kept" / Path(name).name, (reviewed / name).parent)
    )
    if "verify" not in command:  # which wants the files themselves in the journal
        assert run(*command, cwd=reviewed) == before


WRITING = [
    ("review", "sign", "--by", "J"),
    ("judge", "J1", "--level", "2", "--evidence", "e", "--source", "s", "--by", "J"),
]


@pytest.mark.parametrize("name", FOLDERS)
@pytest.mark.parametrize("command", WRITING, ids=lambda command: command[0])
def test_nothing_is_written_through_a_link_out_of_the_pack(
    command: tuple[str, ...], name: str, reviewed: Path, run: Any
) -> None:
    """Signing and grading leave alone what a link leads to."""
    if command[0] == "judge" and name != "facts":
        pytest.skip("a grade is written beside the journal")
    _moved_out(reviewed / name)
    outside = _outside(reviewed / name)
    before = {path: path.read_bytes() for path in outside.rglob("*") if path.is_file()}
    assert run(*command, cwd=reviewed).code == 3
    assert {path: path.read_bytes() for path in outside.rglob("*") if path.is_file()} == before


def test_a_lock_that_is_a_link_is_refused(reviewed: Path, run: Any) -> None:
    """The file that keeps two writers apart is no way to another file either."""
    outside = reviewed.parent / "elsewhere"
    outside.write_text("mine", encoding="utf-8")
    (reviewed / ".thesis.lock").unlink(missing_ok=True)
    (reviewed / ".thesis.lock").symlink_to(outside)
    found = run(*WRITING[1], cwd=reviewed)
    assert found.code == 3
    assert outside.read_text(encoding="utf-8") == "mine"


# what cannot be read -----------------------------------------------------------------------------


@pytest.fixture
def deny(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], None]:
    """Refuse to list a folder, as to a user without leave; root has leave for everything."""

    def refuse(folder: Path) -> None:
        wanted = os.path.realpath(folder)

        def refusing(name: str) -> None:
            made = getattr(os, name)

            def listed(path: Any = ".") -> Any:
                if not isinstance(path, int) and os.path.realpath(path) == wanted:
                    raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
                return made(path)

            monkeypatch.setattr(os, name, listed)

        for name in ("scandir", "listdir"):
            refusing(name)

    return refuse


LISTING = [(name, command) for name, command in CASES if name in FOLDERS]


@pytest.mark.parametrize(
    ("name", "command"), LISTING, ids=[f"{name}: {' '.join(command)}" for name, command in LISTING]
)
def test_a_folder_that_cannot_be_read_is_told(
    name: str, command: tuple[str, ...], reviewed: Path, run: Any, deny: Callable[[Path], None]
) -> None:
    """It does not count as empty: no answer is given as if nothing had been signed or reported."""
    deny(reviewed / name)
    found = run(*command, cwd=reviewed)
    assert (found.code, found.out) == (3, "")
    assert f"{name}`" in found.err and "permission denied" in found.err and "chmod" in found.err


@pytest.mark.parametrize("name", FOLDERS)
def test_a_pack_that_cannot_be_read_leaves_the_others_on_the_board(
    name: str, reviewed: Path, folder_pack: Any, run: Any, deny: Callable[[Path], None]
) -> None:
    """Its row says why; the others have theirs."""
    other = folder_pack(name="other")
    alone = run("board", "other", "--json", cwd=other.parent)
    deny(reviewed / name)
    both = run("board", "acme", "other", cwd=other.parent)
    assert both.code == 1 and alone.code in (0, 1)
    assert f"{name}`: permission denied" in " ".join(both.out.split()) and "other" in both.out
    assert run("list", cwd=other.parent).code == 0


def test_a_folder_of_packs_that_cannot_be_read_is_told(
    reviewed: Path, run: Any, deny: Callable[[Path], None]
) -> None:
    """A board of it, and a search in it, say so."""
    deny(reviewed.parent)
    for command in (("board", "."), ("list",), ("board",)):
        found = run(*command, cwd=reviewed.parent)
        assert found.code == 3 and "permission denied" in found.err


def test_a_link_to_itself_hides_no_pack_beside_it(reviewed: Path, run: Any) -> None:
    """A folder with such a link in it is searched all the same."""
    (reviewed.parent / "loop").symlink_to("loop")
    assert "acme" in run("list", cwd=reviewed.parent).out


@pytest.mark.parametrize(
    "command", [("check", "acme"), ("check",), ("list",), ("board",), ("new", "x", "--from", "acme")]
)
def test_a_pack_that_cannot_be_looked_into_is_told(
    command: tuple[str, ...], reviewed: Path, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without leave to enter its folder nobody can say what is in it, which is no reason to say nothing."""
    real = os.lstat

    def looked(path: Any, **more: Any) -> Any:
        if not isinstance(path, int) and os.path.dirname(os.path.abspath(path)) == str(reviewed):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return real(path, **more)

    monkeypatch.setattr(os, "lstat", looked)
    here = reviewed if command == ("check",) else reviewed.parent
    found = run(*command, cwd=here)
    told = " ".join((found.out + found.err).split())
    assert found.code == (0 if command == ("list",) else 1 if command == ("board",) else 3)
    assert ("problems; thesis lint acme" if command == ("list",) else "permission denied") in told
