"""The cache on disk: results kept between runs under the digest of everything that they depend on.

What holds from some day on is recalled on no day before it. Nothing depends on the cache: a file that
is missing, unreadable or not what it should be is worked out again, and a folder that cannot be written
to is not an error.
"""

from __future__ import annotations

import os
from datetime import date
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path

from thesis import __version__
from thesis.files.disk import bundled_folder, write_atomically

KEPT = 64  # files of one kind; the oldest go
KEPT_OF = {"rows": 512, "journals": 256}  # small ones, of which a board wants one for each pack


class Cache:
    """A folder of remembered texts; ``None`` remembers nothing."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder

    def recall(self, kind: str, *parts: str, on: date = date.max) -> str | None:
        """The text that was kept under these parts, if it was and holds on a day."""
        if self.folder is None:
            return None
        try:
            head, _, text = self._file(kind, parts).read_text(encoding="utf-8").partition("\n")
        except (OSError, UnicodeDecodeError):
            return None
        seal, _, since = head.partition(" ")
        return text if seal == _seal(since, text) and since <= str(on) else None

    def keep(self, kind: str, text: str, *parts: str, since: date = date.min) -> None:
        """Keep a text under these parts, which holds from a day on."""
        if self.folder is None:
            return
        file = self._file(kind, parts)
        try:
            file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            write_atomically(file, f"{_seal(str(since), text)} {since}\n{text}")
            self._prune(file.parent)
        except OSError:
            pass

    def _file(self, kind: str, parts: tuple[str, ...]) -> Path:
        key = blake2b("\0".join((stamp(), *parts)).encode(), digest_size=16).hexdigest()
        return (self.folder or Path()) / kind / key

    def _prune(self, folder: Path) -> None:
        files = sorted(folder.iterdir(), key=lambda file: file.stat().st_mtime_ns)
        for file in files[: -KEPT_OF.get(folder.name, KEPT)]:
            file.unlink(missing_ok=True)


def _seal(since: str, text: str) -> str:
    """What tells a damaged file from the one that was kept."""
    return blake2b(f"{since}\n{text}".encode(), digest_size=16).hexdigest()


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
