"""Files of a folder that are its own: found, listed and read where they resolve inside it.

One rule holds for everything in a pack, and for templates: what a name leads to, through links too, is read
where it lies in the folder itself; whatever leads out of it is a problem. What is not there is nothing; what
cannot be looked at is a problem too, and never counts as not there.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable
from pathlib import Path

from thesis.core.problem import InvalidInput, Problem
from thesis.files.disk import read_text, unreadable

ABSENT = (errno.ENOENT, errno.ENOTDIR)
COPY_IT_IN = "a pack reads its own files only: copy it in"


def found_in(folder: Path, name: str, shown: str, *, hint: str = COPY_IT_IN, whole: str = "the pack") -> bool:
    """Whether a folder has something of a name; ``shown`` and ``whole`` are what messages call the two.

    Errors: ``InvalidInput`` for what leads out of the folder, or cannot be looked at.
    """
    if not is_there(folder / name, shown):
        return False
    if not resolves_inside(folder, name):
        raise InvalidInput([Problem("outside", f"`{shown}` leads out of {whole}", hint=hint)])
    return True


def is_there(path: Path, shown: str) -> bool:
    """Whether there is something of a name, be it a link to nothing.

    Errors: ``InvalidInput`` where nobody can tell.
    """
    try:
        os.lstat(path)
    except OSError as error:
        if error.errno in ABSENT:
            return False
        raise unreadable(shown, error) from None
    return True


def is_folder(path: Path, shown: str) -> bool:
    """Whether a name is that of a folder, or leads to one. Errors: ``InvalidInput`` where nobody can tell."""
    try:
        return stat.S_ISDIR(os.stat(path).st_mode)
    except OSError as error:
        if error.errno in ABSENT:
            return False
        raise unreadable(shown, error) from None


def resolves_inside(folder: Path, name: str) -> bool:
    """Whether a name in a folder leads, through whatever links, to something inside the real folder."""
    real = os.path.realpath(folder)
    return Path(os.path.realpath(folder / name)).is_relative_to(real)


def names_in(folder: Path, name: str, shown: str, wanted: Callable[[str], bool] = bool) -> list[str]:
    """The names in a folder inside another, sorted; none where it is not there.

    Errors: ``InvalidInput`` where it leads out of the other, is no folder or cannot be read.
    """
    return list(filter(wanted, listed(folder / name, shown))) if found_in(folder, name, shown) else []


def listed(folder: Path, shown: str) -> list[str]:
    """All names in a folder, sorted. Errors: as ``entries_in``."""
    return [entry.name for entry in entries_in(folder, shown)]


def entries_in(folder: Path, shown: str) -> list[os.DirEntry[str]]:
    """All that a folder holds, by name. Errors: ``InvalidInput`` where it is no folder or cannot be read."""
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        raise unreadable(shown, error) from None


def own_text(folder: Path, name: str, shown: str, most: int) -> str:
    """The text of a file in a folder. Errors: as ``found_in`` and ``read_text``."""
    found_in(folder, name, shown)
    return read_text(folder / name, shown, most)
