"""Downloaded files on disk, each with the headers that the server sent.

A file lies under the path of its address, ``<name>.about`` beside it holds its length and digest, and what to
ask with whether there is a newer one. A file that does not agree with them counts as not there. Both are
written under a name of their own first and then renamed, so that two programs at once, or one that is cut
off, leave whole files or none. A file that another user could have written counts as not there either, and
nothing is written into a folder of theirs.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import IO, NamedTuple
from urllib.parse import urlsplit

from thesis.files.disk import close_to_others, is_own, make_private_folder

CHUNK = 1 << 16
_STEP = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]*")


class StoredFile(NamedTuple):
    """A file that is there and whole; the two texts are empty where the server gave none."""

    path: Path
    etag: str
    last_modified: str

    @property
    def conditions(self) -> dict[str, str]:
        """The headers that ask for a newer one only."""
        asked = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: text for name, text in asked.items() if text}


class DownloadStore:
    """A folder of downloaded files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, url: str) -> Path:
        """Where the file of an address lies, whether it is there or not."""
        parts = urlsplit(url)
        host = re.sub(r"[^A-Za-z0-9.-]", "_", f"{parts.scheme}_{parts.netloc}")
        steps = parts.path.strip("/").split("/")
        if parts.query or not all(_STEP.fullmatch(step) for step in steps):
            raise ValueError(f"expected a plain path, found `{url}`")
        return self.folder.joinpath(host, *steps)

    def find(self, url: str) -> StoredFile | None:
        """The file of an address, if it is there and as it was when it was kept."""
        path = self.path(url)
        if not all(is_own(each) for each in (path, _about(path), *self._folders(path))):
            return None
        try:
            about = json.loads(_about(path).read_bytes())
            if about["url"] == url and (about["length"], about["sha256"]) == _measured(path):
                return StoredFile(path, str(about["etag"]), str(about["last_modified"]))
        except (OSError, ValueError, KeyError, TypeError):
            pass  # missing or damaged: it is fetched anew
        return None

    @contextmanager
    def room(self, url: str) -> Iterator[IO[bytes]]:
        """A file to download into, gone afterwards unless it was kept. Errors: ``OSError``."""
        path = self.path(url)
        make_private_folder(path.parent)
        for folder in self._folders(path):
            close_to_others(folder)
        with _beside(path) as file:
            yield file

    def _folders(self, path: Path) -> list[Path]:
        """The folders that a file lies in, down from the store's own."""
        return [self.folder, *(each for each in path.parents if self.folder in each.parents)]

    def keep(self, url: str, file: IO[bytes], headers: Mapping[str, str]) -> Path:
        """Keep what was downloaded into ``room``. Errors: ``OSError``."""
        path = self.path(url)
        file.flush()
        length, digest = _measured(Path(file.name))
        about = {
            "url": url,
            "length": length,
            "sha256": digest,
            "etag": headers.get("etag", ""),
            "last_modified": headers.get("last-modified", ""),
        }
        with _beside(path) as beside:
            beside.write(json.dumps(about, indent=1).encode())
            beside.flush()
            os.replace(file.name, path)  # a cut between the two leaves a file that is fetched anew
            os.replace(beside.name, _about(path))
        return path


@contextmanager
def _beside(path: Path) -> Iterator[IO[bytes]]:
    """A new file in the folder of another, gone afterwards unless it was renamed."""
    number, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    os.close(number)
    try:
        with open(name, "w+b") as file:
            yield file
    finally:
        with suppress(FileNotFoundError):
            os.unlink(name)


def _about(path: Path) -> Path:
    return path.with_name(f"{path.name}.about")


def _measured(path: Path) -> tuple[int, str]:
    """Length and digest of a file, read piece by piece."""
    hashed, length = sha256(), 0
    with open(path, "rb") as file:
        while piece := file.read(CHUNK):
            hashed.update(piece)
            length += len(piece)
    return length, hashed.hexdigest()
