"""Files: written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path


def write_atomically(path: Path, text: str, *, replace: bool = True) -> None:
    """Write a file through a temporary one beside it: flushed to the disk, then renamed.

    Errors: ``FileExistsError`` if the file is there and must not be replaced; ``OSError`` if it
    cannot be written, and then nothing has changed.
    """
    write_bytes_atomically(path, text.encode("utf-8"), replace=replace)


def write_bytes_atomically(path: Path, data: bytes, *, replace: bool = True) -> None:
    """The same for bytes."""
    beside = path.parent / f".{path.name}.{os.getpid()}.tmp"
    try:
        with open(beside, "xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if replace:
            os.replace(beside, path)
        else:
            os.link(beside, path)
    finally:
        beside.unlink(missing_ok=True)
