"""Faults: a command in a process of its own that dies, or meets a full disk, at its n-th step on the disk."""

from __future__ import annotations

import builtins
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple, NoReturn, Self

KILLED = 137
_WATCHED = ("os.rename", "os.link", "os.remove", "os.mkdir", "os.rmdir")
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT


class Disk:
    """Counts what a process does to a folder; at the n-th step something happens."""

    def __init__(self, folder: Path, at: int, happen: Callable[[], None]) -> None:
        self.folder = str(folder.resolve())
        self.left = at
        self.happen = happen

    def install(self) -> None:
        """Watch this process, for good."""
        sys.addaudithook(self._audit)
        fsync, plain_open = os.fsync, builtins.open

        def synced(number: Any) -> None:
            self._step()
            fsync(number)

        def opened(file: Any, mode: str = "r", *rest: Any, **more: Any) -> Any:
            found = plain_open(file, mode, *rest, **more)
            return _Halfway(found, self) if "x" in mode and self._is_ours(file) else found

        setattr(os, "fsync", synced)  # noqa: B010 - its type has more overloads than we need
        builtins.open = opened

    def _audit(self, event: str, args: tuple[Any, ...]) -> None:
        writes = event == "open" and isinstance(args[2], int) and args[2] & _WRITING
        if (writes or event in _WATCHED) and any(self._is_ours(arg) for arg in args[:2]):
            self._step()

    def _is_ours(self, path: Any) -> bool:
        if not isinstance(path, (str, os.PathLike)):
            return False
        return f"{os.path.abspath(path)}/".startswith(f"{self.folder}/")

    def _step(self) -> None:
        self.left -= 1
        if self.left == 0:
            self.happen()

    def halfway(self, file: Any, data: bytes) -> None:
        """Write; at the n-th step only half of it."""
        self.left -= 1
        if self.left == 0:
            file.write(data[: len(data) // 2])
            file.flush()
            self.happen()
        file.write(data)


class _Halfway:
    """A file whose every write is a step."""

    def __init__(self, file: Any, disk: Disk) -> None:
        self.file = file
        self.disk = disk

    def write(self, data: bytes) -> None:
        self.disk.halfway(self.file, data)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.file, name)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()


def die() -> NoReturn:
    """As if the power went: nothing is tidied up."""
    os._exit(KILLED)


def full(code: int) -> Callable[[], None]:
    """The disk refuses with this error number."""

    def refuse() -> None:
        raise OSError(code, os.strerror(code))

    return refuse


class Ended(NamedTuple):
    """How a command ended, what it said, and whether it came as far as the fault."""

    code: int
    said: str
    met: bool


def run_with(arguments: tuple[str, ...], folder: Path, at: int, happen: Callable[[], None]) -> Ended:
    """Run a command in a child. Beyond its last step nothing happens."""
    said, met = folder.with_suffix(".said"), folder.with_suffix(".met")
    pid = os.fork()
    if pid == 0:

        def noted() -> None:
            os.close(os.open(met, os.O_CREAT))
            happen()

        _child(arguments, folder, at, noted, said)
    _, status = os.waitpid(pid, 0)
    return Ended(os.waitstatus_to_exitcode(status), said.read_text(encoding="utf-8"), met.exists())


def _child(
    arguments: tuple[str, ...], folder: Path, at: int, happen: Callable[[], None], said: Path
) -> NoReturn:
    code = 70
    try:
        with open(said, "w", encoding="utf-8") as told:
            sys.stdout = sys.stderr = told
            from thesis.cli import main

            os.chdir(folder)
            sys.argv = ["thesis", *arguments]
            Disk(folder, at, happen).install()
            try:
                main()
                code = 0
            except SystemExit as stopped:
                code = stopped.code if isinstance(stopped.code, int) else 1
    finally:
        os._exit(code)
