"""Writing files: all or none, what is on the disk is what is said, and nothing is left lying about."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from thesis.files import disk
from thesis.files.disk import (
    DiskWarning,
    PartlyWritten,
    new_folder,
    pack_lock,
    sweep_leftovers,
    unwritable,
    write_atomically,
    write_together,
)

OLD = {"a": b"old a", "b": b"old b", "c": b"old c"}
NEW = {"a": b"new a", "b": b"new b", "d": b"new d"}


def _refuse(*_: Any, **__: Any) -> None:
    raise OSError(errno.EIO, "Input/output error")


def _failing(real: Any, *failing: int) -> Any:
    """A function that fails at these calls, counted from one."""
    calls = iter(range(1, 100))

    def call(*arguments: Any, **more: Any) -> Any:
        if next(calls) in failing:
            _refuse()
        return real(*arguments, **more)

    return call


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, data in OLD.items():
        (tmp_path / name).write_bytes(data)
    return tmp_path


def _there(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("at", [1, 2, 3])
def test_where_one_cannot_be_placed_all_are_as_before(
    at: int, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "replace", _failing(os.replace, at))
    with pytest.raises(OSError, match="Input/output") as failed:
        write_together({folder / name: data for name, data in NEW.items()})
    assert not isinstance(failed.value, PartlyWritten)
    assert _there(folder) == OLD
    assert "nothing was changed" in str(unwritable("x", failed.value).problems[0].message)


def test_what_could_not_be_put_back_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "replace", _failing(os.replace, 2, 3))
    with pytest.raises(PartlyWritten) as failed:
        write_together({folder / name: data for name, data in NEW.items()})
    changed = {name for name, data in _there(folder).items() if OLD.get(name) != data}
    assert {path.name for path in failed.value.changed} == changed == {"a"}
    message = unwritable("x", failed.value).problems[0].message
    assert "`a` is written already" in message and "nothing was changed" not in message


def test_without_second_names_a_copy_is_put_back(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "link", _refuse)
    monkeypatch.setattr(os, "replace", _failing(os.replace, 2))
    with pytest.raises(OSError, match="Input/output"):
        write_together({folder / name: data for name, data in NEW.items()})
    assert _there(folder) == OLD


def test_a_folder_that_is_not_synced_is_a_warning_since_the_file_is_there(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disk, "sync_folder", _refuse)
    with pytest.warns(DiskWarning, match="`a` is written, but the disk did not confirm it"):
        write_atomically(folder / "a", "new a")
    assert _there(folder)["a"] == b"new a"


def test_every_folder_with_a_new_name_is_synced(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[Path] = []
    monkeypatch.setattr(disk, "sync_folder", synced.append)
    write_together({folder / "made" / "a": b"x", folder / "b": b"y"}, make_folders=True)
    assert set(synced) == {folder, folder / "made"}


LEFT = """
import os, sys
from pathlib import Path
from thesis.files import disk
place = Path(sys.argv[1])
if sys.argv[2] == "folder":
    with disk.new_folder(place / "mine") as made:
        print("ready", flush=True)
        sys.stdin.read() and None
        os._exit(9)
real = os.fsync
def stopped(number):
    print("ready", flush=True)
    sys.stdin.read()
    os._exit(9)
os.fsync = stopped
disk.write_atomically(place / "a", "half")
"""


@pytest.mark.skipif(os.name == "nt", reason="an open file cannot be removed there")
@pytest.mark.parametrize("kind", ["file", "folder"])
def test_a_killed_run_is_swept_and_a_living_one_is_not(kind: str, folder: Path) -> None:
    arguments = [sys.executable, "-c", LEFT, str(folder), kind]
    with subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout and other.stdout.readline() == "ready\n"
        hidden = {path for path in folder.iterdir() if path.name.startswith(".")}

        def write() -> None:
            write_atomically(folder / "a", "whole")
            sweep_leftovers(folder)
            with new_folder(folder / "mine"):
                pass

        write()
        assert len(hidden) == 1 and all(path.exists() for path in hidden)
        other.kill()
        other.communicate()
        write()
        assert not any(path.exists() for path in hidden)
    assert set(_there(folder)) == set(OLD)


def test_files_of_others_are_not_swept(folder: Path) -> None:
    (folder / ".b.1.tmp").write_bytes(b"of b")
    (folder / ".abc.tmp").write_bytes(b"of another")
    write_atomically(folder / "a", "new")
    assert {".b.1.tmp", ".abc.tmp"} <= set(_there(folder))


def test_a_lock_that_cannot_be_given_back_undoes_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from filelock import FileLock

    monkeypatch.setattr(FileLock, "release", _refuse)
    with pack_lock(folder, "."):
        write_atomically(folder / "a", "new a")
    assert _there(folder)["a"] == b"new a"
