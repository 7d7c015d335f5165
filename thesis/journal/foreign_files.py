"""What lies in a journal's folder and is no part of the journal: other files, links, other names.

A review that was renamed is read by nothing and missed by nobody, a link shows what somebody else can
change, and a file beside the inputs may be taken for one of them. So everything has to be a signed review, a
file that one rests on, or a temporary file or mark of a signing that was cut off.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from thesis.core.problem import Problem
from thesis.files.disk import UNFINISHED
from thesis.journal.begun_mark import BEGUN
from thesis.journal.review_schema import Review
from thesis.journal.store import INPUTS, file_prefix, inputs_name
from thesis.pack.folder import REVIEWS

TOLERATED = (".DS_Store", ".gitattributes", ".gitignore", ".gitkeep", "Thumbs.db", "desktop.ini")
"""Names of what git and file managers put into folders; nothing reads them."""
TAKE_OUT = "take it out: the folder holds signed reviews and the files that they rest on, and nothing else"


def foreign_files(pack: Path, shown: str, chain: Sequence[Review]) -> list[Problem]:
    """A problem for everything in the journal's folder that is no part of it. Errors: ``OSError``."""
    place = pack / REVIEWS
    if not place.is_dir():
        return []
    files = {f"{review.name}.yaml" for review in chain}
    kept: dict[str, set[str]] = {}
    for review in chain:
        kept.setdefault(inputs_name(pack, review), set()).update(review.digests.files)
    name = f"{file_prefix(shown)}{REVIEWS}"
    return [
        Problem("touched", f"`{name}/{each}` is {what}", hint=hint)
        for each, what, hint in _foreign(place, files, kept)
    ]


def _foreign(place: Path, files: set[str], kept: dict[str, set[str]]) -> Iterator[tuple[str, str, str]]:
    """The name, what is wrong with it, and the remedy."""
    for entry in _entries(place):
        if entry.is_symlink():
            yield entry.name, *_LINK
        elif entry.name != INPUTS and entry.name not in files and not _is_passing(entry):
            yield entry.name, "no part of the journal", _hint(entry.name)
    inputs = place / INPUTS
    for entry in _entries(inputs):
        name = f"{INPUTS}/{entry.name}"
        if entry.is_symlink():
            yield name, *_LINK
        elif entry.is_dir(follow_symlinks=False):
            if entry.name in kept:
                yield from _within(inputs / entry.name, name, kept[entry.name])
        elif not _is_passing(entry):
            yield name, "no part of the journal", TAKE_OUT


_LINK = ("a link", "put the file itself in its place: a journal holds its own files")


def _within(place: Path, shown: str, files: set[str]) -> Iterator[tuple[str, str, str]]:
    folders = {name.rpartition("/")[0] for name in files} | {"facts"}
    for root, below, names in os.walk(place):
        for name in sorted((*below, *names)):
            path = Path(root, name)
            inside = path.relative_to(place).as_posix()
            if path.is_symlink():
                yield f"{shown}/{inside}", *_LINK
            elif inside not in (folders if path.is_dir() else files) and name not in TOLERATED:
                yield f"{shown}/{inside}", "none of the files on which the review was signed", TAKE_OUT


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    if not folder.is_dir() or folder.is_symlink():
        return []
    with os.scandir(folder) as entries:
        return sorted(entries, key=lambda entry: entry.name)


def _is_passing(entry: os.DirEntry[str]) -> bool:
    """Whether git, a file manager or a signing that was cut off has put it there."""
    is_ours = entry.name.startswith(".") and entry.name.endswith((UNFINISHED, BEGUN))
    return entry.name in TOLERATED or is_ours


def _hint(name: str) -> str:
    is_like_one = name.lstrip(".")[:4].isdecimal()
    return "if it is a review, give it its name back: 2026Q2.yaml, 2026Q2.2.yaml" if is_like_one else TAKE_OUT
