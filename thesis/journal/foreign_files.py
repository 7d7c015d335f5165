"""What lies in a journal's folder and is no part of the journal: other files, links, other names.

A review that was renamed is read by nothing and missed by nobody, a link shows what somebody else can
change, and a file beside the inputs may be taken for one of them. So everything has to be a signed review, a
file that one rests on, or a temporary file or mark of a signing that was cut off.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

from thesis.core.problem import Problem
from thesis.files.disk import UNFINISHED
from thesis.files.own_folder import entries_in, is_folder
from thesis.journal.begun_mark import BEGUN
from thesis.journal.review_schema import Review
from thesis.journal.store import INPUTS, file_prefix, inputs_name
from thesis.pack.folder import FACTS, REVIEWS

TOLERATED = (".DS_Store", ".gitattributes", ".gitignore", ".gitkeep", "Thumbs.db", "desktop.ini")
"""Names of what git and file managers put into folders; nothing reads them."""
TAKE_OUT = "take it out: the folder holds signed reviews and the files that they rest on, and nothing else"


def foreign_files(pack: Path, shown: str, chain: Sequence[Review]) -> list[Problem]:
    """A problem for everything in the journal's folder that is no part of it.

    Errors: ``InvalidInput`` where one of its folders cannot be read.
    """
    files = {f"{review.name}.yaml" for review in chain}
    kept: dict[str, set[str]] = {}
    for review in chain:
        kept.setdefault(inputs_name(pack, review), set()).update(review.digests.files)
    name = f"{file_prefix(shown)}{REVIEWS}"
    return [
        Problem("touched", f"`{name}/{each}` is {what}", hint=hint)
        for each, what, hint in _foreign(pack / REVIEWS, name, files, kept)
    ]


def _foreign(
    place: Path, shown: str, files: set[str], kept: dict[str, set[str]]
) -> Iterator[tuple[str, str, str]]:
    """The name, what is wrong with it, and the remedy."""
    for entry in _entries(place, shown):
        if entry.is_symlink():
            yield entry.name, *_LINK
        elif entry.name != INPUTS and entry.name not in files and not _is_passing(entry):
            yield entry.name, "no part of the journal", _hint(entry.name)
    inputs = place / INPUTS
    for entry in _entries(inputs, f"{shown}/{INPUTS}"):
        name = f"{INPUTS}/{entry.name}"
        if entry.is_symlink():
            yield name, *_LINK
        elif entry.is_dir(follow_symlinks=False):
            if entry.name in kept:
                for inside, what, hint in _within(inputs / entry.name, f"{shown}/{name}", kept[entry.name]):
                    yield f"{name}/{inside}", what, hint
        elif not _is_passing(entry):
            yield name, "no part of the journal", TAKE_OUT


_LINK = ("a link", "put the file itself in its place: a journal holds its own files")


def _within(place: Path, shown: str, files: set[str], inside: str = "") -> Iterator[tuple[str, str, str]]:
    """The same of a folder of inputs, and of those in it; ``inside`` is the way to one of them."""
    folders = {str(above) for name in files for above in PurePosixPath(name).parents} | {FACTS}
    for entry in _entries(place / inside, f"{shown}/{inside}".rstrip("/")):
        name = f"{inside}{entry.name}"
        is_below = entry.is_dir(follow_symlinks=False)
        if entry.is_symlink():
            yield name, *_LINK
        elif name not in (folders if is_below else files) and entry.name not in TOLERATED:
            yield name, "none of the files on which the review was signed", TAKE_OUT
        if is_below:
            yield from _within(place, shown, files, f"{name}/")


def _entries(folder: Path, shown: str) -> list[os.DirEntry[str]]:
    """What a folder holds; nothing where it is none, or a link."""
    return entries_in(folder, shown) if is_folder(folder, shown) and not folder.is_symlink() else []


def _is_passing(entry: os.DirEntry[str]) -> bool:
    """Whether git, a file manager or a signing that was cut off has put it there."""
    is_ours = entry.name.startswith(".") and entry.name.endswith((UNFINISHED, BEGUN))
    return entry.name in TOLERATED or is_ours


def _hint(name: str) -> str:
    is_like_one = name.lstrip(".")[:4].isdecimal()
    return "if it is a review, give it its name back: 2026Q2.yaml, 2026Q2.2.yaml" if is_like_one else TAKE_OUT
