"""Faults: a command in a process of its own that dies, or is refused something, at its n-th step on the disk.

A step is a call that the system may refuse: to look at a file, to open it for reading or writing, to read,
write, flush, rename, link or remove it, to make, list or remove a folder, to go on with its list, to lock or
unlock. Steps outside the folder of a trial are not counted.
"""

from __future__ import annotations

import builtins
import errno
import io
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple, NoReturn, Self

from thesis.files.disk import LOCK

KILLED = 137
REFUSALS = (errno.EIO, errno.ENOSPC, errno.EACCES, errno.EINTR, errno.ESTALE)
_WATCHED = frozenset(
    f"os.{name}"
    for name in ("rename", "link", "symlink", "remove", "mkdir", "rmdir", "listdir", "scandir", "truncate")
)
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_LOCKING = ("fcntl.flock", "fcntl.lockf")
_CALLS = (
    ("stat", "stat", "lstat"), ("read", "read"), ("write", "write"), ("fsync", "fsync", "fdatasync"),
)  # fmt: skip
"""Calls of ``os`` that tell no audit hook, behind the kind of their step."""
WRITES = frozenset(
    ("write", "create", "fsync", "rename", "link", "symlink", "remove", "mkdir", "rmdir", "truncate")
)
"""The kinds of steps that change what is on the disk."""


class Disk:
    """Counts what a process does to a folder; at the n-th step something happens."""

    def __init__(self, folder: Path, at: int, happen: Callable[[], None], log: Path | None = None) -> None:
        self.folder = str(folder.resolve())
        self.left = at
        self.happen = happen
        self.log = log
        self.is_on = True

    def install(self) -> None:
        """Watch this process, for good."""
        sys.addaudithook(self._audit)
        plain_open, scandir = builtins.open, os.scandir

        def listed(path: Any = ".") -> Any:
            found, where = scandir(path), _path_of(path)
            return _Listing(found, self, where) if self._is_ours(where) else found

        def opened(file: Any, mode: str = "r", *rest: Any, **more: Any) -> Any:
            found, where = plain_open(file, mode, *rest, **more), _path_of(file)
            if not self._is_ours(where):
                return found
            return _Halfway(found, self, where) if set("xwa+") & set(mode) else _ReadFile(found, self, where)

        for kind, *names in _CALLS:
            for name in names:
                setattr(os, name, self._counted(kind, getattr(os, name)))
        for module, name, put in (
            (os, "scandir", listed), (builtins, "open", opened), (io, "open", opened),
        ):  # fmt: skip
            setattr(module, name, put)

    def _counted(self, kind: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def counted(file: Any, *rest: Any, **more: Any) -> Any:
            self._see(kind, _path_of(file))
            return call(file, *rest, **more)

        return counted

    def _audit(self, event: str, args: tuple[Any, ...]) -> None:
        if event == "open":
            flags = args[2] if isinstance(args[2], int) else 0
            self._see("create" if flags & _WRITING else "open", args[0])
        elif event in _WATCHED:
            self._see(event.partition(".")[2], *args[:2])
        elif event in _LOCKING:
            self._see("lock", _path_of(args[0]))

    def _see(self, kind: str, *paths: Any) -> None:
        ours = [path for path in paths if self._is_ours(path)]
        if ours:
            self.seen(kind, ours[0])

    def _is_ours(self, path: Any) -> bool:
        if isinstance(path, bytes):
            path = os.fsdecode(path)
        if not isinstance(path, (str, os.PathLike)):
            return False
        return f"{os.path.abspath(path)}/".startswith(f"{self.folder}/")

    def seen(self, kind: str, path: Any) -> None:
        """Count a step."""
        if not self.is_on:
            return
        self.left -= 1
        if self.log is not None:
            self._noted(f"{kind} {os.path.relpath(os.fspath(path), self.folder)}")
        if self.left == 0:
            self.is_on = False
            self.happen()

    def _noted(self, line: str) -> None:
        self.is_on = False
        assert self.log is not None
        number = os.open(self.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(number, f"{line}\n".encode())
        os.close(number)
        self.is_on = True

    def halfway(self, file: Any, data: Any, path: Any) -> Any:
        """Write; at the step at which something happens only half of it."""
        if self.left == 1 and self.is_on:
            file.write(data[: len(data) // 2])
            file.flush()
        self.seen("write", path)
        return file.write(data)


def _path_of(number: Any) -> Any:
    """The path of an open file, by its number or otherwise; none where the system does not tell."""
    if isinstance(number, (str, bytes, os.PathLike)):
        return number
    if not isinstance(number, int):
        number = number.fileno()
    try:
        return os.readlink(f"/proc/self/fd/{number}")
    except OSError:
        return None


class _Watched:
    """An open file or list, of which some calls are steps."""

    def __init__(self, file: Any, disk: Disk, path: Any) -> None:
        self.file = file
        self.disk = disk
        self.path = path

    def __getattr__(self, name: str) -> Any:
        return getattr(self.file, name)

    def __iter__(self) -> Any:
        return self

    def __next__(self) -> Any:
        return next(self.file)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()


class _Listing(_Watched):
    """A list of a folder whose every entry is a step."""

    def __next__(self) -> Any:
        self.disk.seen("readdir", self.path)
        return super().__next__()


class _ReadFile(_Watched):
    """A file whose every read is a step."""

    def read(self, *most: Any) -> Any:
        self.disk.seen("read", self.path)
        return self.file.read(*most)

    def readinto(self, into: Any) -> Any:
        self.disk.seen("read", self.path)
        return self.file.readinto(into)

    def readline(self, *most: Any) -> Any:
        self.disk.seen("read", self.path)
        return self.file.readline(*most)

    def __next__(self) -> Any:
        self.disk.seen("read", self.path)
        return super().__next__()


class _Halfway(_Watched):
    """A file whose every write is a step."""

    def write(self, data: Any) -> Any:
        return self.disk.halfway(self.file, data, self.path)

    def writelines(self, lines: Any) -> None:
        for line in lines:
            self.write(line)


def die() -> NoReturn:
    """As if the power went: nothing is tidied up."""
    os._exit(KILLED)


def refuse(code: int) -> Callable[[], None]:
    """The system refuses with this error number."""

    def refused() -> None:
        raise OSError(code, os.strerror(code))

    return refused


def nothing() -> None:
    """Nothing happens."""


class Ended(NamedTuple):
    """How a command ended, what it said, and the steps it took up to the fault, as in ``write memo.md``."""

    code: int
    said: str
    steps: tuple[str, ...]


class Running:
    """A command that runs in a child."""

    def __init__(self, pid: int, said: Path, steps: Path) -> None:
        self.pid = pid
        self.said = said
        self.steps = steps

    def kill(self, number: int) -> Ended:
        """Send it a signal, unless it has ended, and wait for its end."""
        os.kill(self.pid, number)
        return self.wait()

    def wait(self) -> Ended:
        _, status = os.waitpid(self.pid, 0)
        said = self.said.read_text("utf-8") if self.said.exists() else ""
        taken = tuple(self.steps.read_text("utf-8").splitlines())
        return Ended(os.waitstatus_to_exitcode(status), said, taken)


def start_with(
    arguments: tuple[str, ...],
    folder: Path,
    at: int = 0,
    happen: Callable[[], None] = nothing,
    environment: Mapping[str, str] | None = None,
    name: str = "",
) -> Running:
    """Start a command in a child that is forked from this process, with a fault at its n-th step; 0 is never.

    ``name`` tells apart what several commands in one folder say.
    """
    said, steps = folder.with_suffix(f".{name}said"), folder.with_suffix(f".{name}steps")
    said.unlink(missing_ok=True)
    steps.write_text("", "utf-8")
    pid = os.fork()
    if pid == 0:
        os.environ.update(environment or {})
        _child(arguments, folder, Disk(folder, at, happen, steps), said)
    return Running(pid, said, steps)


def run_with(
    arguments: tuple[str, ...],
    folder: Path,
    at: int = 0,
    happen: Callable[[], None] = nothing,
    environment: Mapping[str, str] | None = None,
) -> Ended:
    """The same, to its end."""
    return start_with(arguments, folder, at, happen, environment).wait()


def _child(arguments: tuple[str, ...], folder: Path, disk: Disk, said: Path) -> NoReturn:
    code = 70
    try:
        with open(said, "w", encoding="utf-8") as told:
            sys.stdout = sys.stderr = told
            from thesis.cli import main

            os.chdir(folder)
            sys.argv = ["thesis", *arguments]
            disk.install()
            try:
                main()
                code = 0
            except SystemExit as stopped:
                code = stopped.code if isinstance(stopped.code, int) else 1
    finally:
        os._exit(code)


# what is left on the disk ---------------------------------------------------------------------------

Tree = dict[str, bytes]


def tree(folder: Path) -> Tree:
    """Every file but the lock and what was downloaded, by its path."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != LOCK)
    found = {str(path.relative_to(folder)): path.read_bytes() for path in sorted(files)}
    return {name: data for name, data in found.items() if not name.startswith("cache/")}


def visible(files: Tree) -> Tree:
    """Without what a run that was cut off left half written, which has a hidden name that ends so."""
    return {name: data for name, data in files.items() if not any(map(_is_left, Path(name).parts))}


def _is_left(part: str) -> bool:
    return part.startswith(".") and part not in (".gitignore", ".schema")  # a new pack has these two


def lies(ended: Ended, old: Tree, new: Tree, left: Tree) -> Iterator[str]:
    """What is wrong with how a command ended that was refused a step, and with what it left on the disk.

    A file is the old or the new one, and the words say what is on the disk. A temporary file may be left,
    where it could not be removed: the next run has to remove it.
    """
    left = visible(left)
    if "Traceback" in ended.said or "this is a bug" in ended.said:
        yield f"a traceback: {ended.said.strip().splitlines()[-2:]}"
    elif ended.code not in (0, 1, 3, 4):
        yield f"exit code {ended.code}: {ended.said}"
    for name in sorted({*old, *left}):
        if left.get(name) not in (old.get(name), new.get(name)):
            yield f"{name} is neither the old nor the new one"
    changed = sorted(name for name in {*old, *left} if old.get(name) != left.get(name))
    if changed and "nothing was changed" in ended.said:
        yield f"it says that nothing was changed, and {changed} were"
    if ended.code in (0, 1) and left != new:
        yield f"exit code {ended.code}, and not everything is written: {ended.said}"
    if ended.code == 3 and changed and not _is_told(changed, ended.said):
        yield f"exit code 3 without a word of {changed}: {ended.said}"
    if ended.code == 3 and not changed and not ended.said.strip():
        yield "exit code 3 without a word"


def untold(ended: Ended, step: str) -> Iterator[str]:
    """What is left unsaid of a step that was refused, where the command ended with a problem.

    A message has the file, or a folder that it lies in, in one line, and a remedy in another.
    """
    seen = Path(step.partition(" ")[2]).parts
    if ended.code != 3 or not seen or seen[0].startswith("."):
        return
    if not any(part in ended.said for part in seen):
        yield f"{step}: no word of it: {ended.said}"
    if "\n  = " not in ended.said:
        yield f"{step}: no remedy: {ended.said}"


def _is_told(changed: list[str], said: str) -> bool:
    """Whether a message names what is on the disk: one of the files, or their folder."""
    return any(name in said or Path(name).parts[0] in said for name in changed)
