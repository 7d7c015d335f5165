"""The cache on disk: results kept between runs under the digest of everything that they depend on.

What holds from some day on is recalled on no day before it. Nothing depends on the cache: a file that
is missing, unreadable or not what it should be is worked out again, and a folder that cannot be written
to is not an error.

Nothing that another user could have written is believed. Each entry carries a keyed digest (BLAKE2b) of its
kind, its name and every byte of it; the key is random, lies beside the entries, and counts only where it is
the user's own file that nobody else can read. Folders and files are opened one within the other, no link is
followed on the way, and whose they are is asked of what was opened. A system that cannot say whose a file is
keeps nothing.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path

from thesis import __version__
from thesis.files.disk import bundled_folder, make_private_folder

KEPT = 64  # files of one kind; the oldest go
KEPT_OF = {"rows": 512, "journals": 256}  # small ones, of which a board wants one for each pack
KEY = "key"  # the name of the file with the user's key
KEY_MARK = b"thesis cache key 1\n"  # no other file of the user's begins like this
KEY_BYTES = 32
OTHERS_MAY_WRITE = stat.S_IWGRP | stat.S_IWOTH
_NOFOLLOW = getattr(os, "O_NOFOLLOW", 0)
_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0)
_FILE = os.O_RDONLY | _NOFOLLOW | getattr(os, "O_NONBLOCK", 0)  # a pipe is not waited for
_TELLS_OWNERS = hasattr(os, "geteuid") and {os.open, os.unlink, os.rename, os.mkdir} <= os.supports_dir_fd


class Cache:
    """A folder of remembered texts; ``None`` remembers nothing."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder if _TELLS_OWNERS else None
        self._key = b""

    def recall(self, kind: str, *parts: str, on: date = date.max) -> str | None:
        """The text that was kept under these parts, if it was and holds on a day."""
        data = self.recall_bytes(kind, *parts, on=on)
        try:
            return None if data is None else data.decode()
        except UnicodeDecodeError:
            return None

    def keep(self, kind: str, text: str, *parts: str, since: date = date.min) -> None:
        """Keep a text under these parts, which holds from a day on."""
        self.keep_bytes(kind, text.encode(), *parts, since=since)

    def recall_bytes(self, kind: str, *parts: str, on: date = date.max) -> bytes | None:
        """The same of bytes."""
        if self.folder is None:
            return None
        name = _name(parts)
        try:
            with _opened(self.folder, _FOLDER) as top:
                key = self._key or _read_key(top)
                with _opened(kind, _FOLDER | _NOFOLLOW, top) as folder:
                    _require_own(folder)
                    head, _, data = _read(name, folder).partition(b"\n")
        except OSError:
            return None
        since, _, seal = head.decode("latin-1").partition(" ")
        is_whole = bool(key) and seal == _seal(key, kind, name, since, data)
        return data if is_whole and since <= str(on) else None

    def keep_bytes(self, kind: str, data: bytes, *parts: str, since: date = date.min) -> None:
        """The same of bytes."""
        if self.folder is None:
            return
        name = _name(parts)
        with suppress(OSError):
            make_private_folder(self.folder)
            with _opened(self.folder, _FOLDER) as top:
                _require_own(top)
                self._key = self._key or _read_key(top) or _new_key(top)
                with suppress(FileExistsError):
                    os.mkdir(kind, 0o700, dir_fd=top)
                with _opened(kind, _FOLDER | _NOFOLLOW, top) as folder:
                    _require_own(folder)
                    os.fchmod(folder, 0o700)
                    seal = _seal(self._key, kind, name, str(since), data)
                    _write(name, f"{since} {seal}\n".encode() + data, folder)
                    _prune(folder, KEPT_OF.get(kind, KEPT))


def _name(parts: tuple[str, ...]) -> str:
    return blake2b("\0".join((stamp(), *parts)).encode(), digest_size=16).hexdigest()


def _seal(key: bytes, kind: str, name: str, since: str, data: bytes) -> str:
    """What only somebody with the key can write, of an entry with its name and its first day."""
    hashed = blake2b(f"{kind}\0{name}\0{since}\0".encode(), key=key, digest_size=32)
    hashed.update(data)
    return hashed.hexdigest()


# the key -----------------------------------------------------------------------------------------


def _read_key(top: int) -> bytes:
    """The user's key; nothing, where there is none that only they can read."""
    try:
        data = _read(KEY, top, hidden=stat.S_IRWXG | stat.S_IRWXO)
    except OSError:
        return b""
    key = data.removeprefix(KEY_MARK)
    return key if len(key) == KEY_BYTES and len(data) == KEY_BYTES + len(KEY_MARK) else b""


def _new_key(top: int) -> bytes:
    """A new key, in place of one that is missing or unfit; every entry under another is void."""
    _write(KEY, KEY_MARK + os.urandom(KEY_BYTES), top)
    return _read_key(top)


# files within an opened folder -------------------------------------------------------------------


@contextmanager
def _opened(path: str | Path, flags: int, within: int | None = None) -> Iterator[int]:
    number = os.open(path, flags | getattr(os, "O_CLOEXEC", 0), dir_fd=within)
    try:
        yield number
    finally:
        os.close(number)


def _require_own(number: int, hidden: int = OTHERS_MAY_WRITE) -> None:
    """See that what was opened is the user's, and that others lack some rights to it. Errors: ``OSError``."""
    found = os.fstat(number)
    if found.st_uid != os.geteuid():
        raise PermissionError("it is another user's")
    if found.st_mode & hidden and not stat.S_ISDIR(found.st_mode):
        raise PermissionError("other users have a right to it")


def _read(name: str, folder: int, hidden: int = OTHERS_MAY_WRITE) -> bytes:
    """A file of the user's own. Errors: ``OSError``."""
    with _opened(name, _FILE, folder) as number:
        _require_own(number, hidden)
        if not stat.S_ISREG(os.fstat(number).st_mode):
            raise OSError("not an ordinary file")
        with open(number, "rb", closefd=False) as file:
            return file.read()


def _write(name: str, data: bytes, folder: int) -> None:
    """A file, whole or not at all; its seal tells what a power cut left of it. Errors: ``OSError``."""
    beside = f".{name}.{os.getpid()}.tmp"
    with suppress(FileNotFoundError):
        os.unlink(beside, dir_fd=folder)  # of a run that was killed
    number = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NOFOLLOW, 0o600, dir_fd=folder)
    try:
        with open(number, "wb") as file:
            file.write(data)
        os.replace(beside, name, src_dir_fd=folder, dst_dir_fd=folder)
    except BaseException:
        with suppress(OSError):
            os.unlink(beside, dir_fd=folder)
        raise


def _prune(folder: int, kept: int) -> None:
    """Remove the oldest files of a folder; what is no file, a link for one, is left alone."""
    found = []
    with os.scandir(folder) as entries:
        for entry in entries:
            about = os.stat(entry.name, dir_fd=folder, follow_symlinks=False)
            if stat.S_ISREG(about.st_mode):
                found.append((about.st_mtime_ns, entry.name))
    for _, name in sorted(found)[:-kept]:
        with suppress(FileNotFoundError):
            os.unlink(name, dir_fd=folder)


@lru_cache(maxsize=1)
def stamp() -> str:
    """A digest of the program and its templates: what another version kept is not used.

    It is taken once in a process, which runs the program as it was when it started.
    """
    hashed = blake2b(__version__.encode(), digest_size=8)
    for place in (Path(__file__).parents[1], bundled_folder("templates")):
        for root, folders, names in os.walk(place):
            folders[:] = sorted(name for name in folders if name not in ("__pycache__", "bundled"))
            for name in sorted(names):
                found = os.stat(os.path.join(root, name))
                hashed.update(f"{name} {found.st_size} {found.st_mtime_ns}".encode())
    return hashed.hexdigest()
