"""Reach: which packs are meant, those around a folder or those that were named."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from thesis import shelf
from thesis.files import HERE, bundled
from thesis.folder import THESIS
from thesis.problems import Flawed, Problem

MOST_PACKS = 200
MOST_LOOKED_AT = 10_000  # entries of a folder
RULES = "rules"
MORE = f"there are more than {MOST_PACKS} packs; the rest is not listed"


class Reached(NamedTuple):
    """A pack in reach: ``name`` is what ``-p`` takes. Into a bundled one nothing can be written."""

    name: str
    path: Path
    is_bundled: bool


def reach(here: Path) -> tuple[list[Reached], bool]:
    """The packs in a folder, its sub-folders and ``rules``, and those that come with the program.

    Each once, at most ``MOST_PACKS``; and whether there are more. A bundled pack whose name stands for
    another one here is out of reach.
    """
    return _each_once([*_bundled(here), Reached(".", here, is_bundled=False), *_inside(here, "")])


def named(wanted: Sequence[str], here: Path) -> tuple[list[Reached], bool]:
    """The packs that were named, each by its folder, its name or a folder of packs.

    Each once, at most ``MOST_PACKS``; and whether there are more. Errors: ``Flawed`` with every name that
    stands for no pack.
    """
    found: list[Reached] = []
    problems: list[Problem] = []
    for name in wanted:
        try:
            found += _meant(name, here)
        except Flawed as flawed:
            problems += flawed.problems
    if problems:
        raise Flawed(problems)
    return _each_once(found)


def _each_once(packs: Iterable[Reached]) -> tuple[list[Reached], bool]:
    found: dict[str, Reached] = {}
    for pack in packs:
        if os.path.lexists(pack.path / THESIS):
            found.setdefault(os.path.realpath(pack.path), pack)
        if len(found) > MOST_PACKS:
            break
    return list(found.values())[:MOST_PACKS], len(found) > MOST_PACKS


def _meant(name: str, here: Path) -> list[Reached]:
    path, shown = here / name, os.path.normpath(name)
    if os.path.lexists(path / THESIS):
        return [Reached(shown, path, is_bundled=_is_installed(path))]
    if not path.is_dir():
        found, _ = shelf.find(name, here)
        return [Reached(name, found, is_bundled=found.parent.samefile(bundled(RULES)))]
    inside = [
        pack
        for pack in _inside(path, "" if shown == "." else os.path.join(shown, ""))
        if os.path.lexists(pack.path / THESIS)
    ]
    if not inside:
        hint = f"a pack is a folder with a {THESIS}; name one, or a folder of some"
        raise Flawed([Problem("no-pack", f"there is no pack in `{name}`", hint=hint)])
    return inside


def _bundled(here: Path) -> Iterator[Reached]:
    for name in shelf.bundled_packs():
        path = bundled(RULES) / name
        if shelf.find(name, here)[0].resolve() == path.resolve():
            yield Reached(name, path, is_bundled=True)


def _is_installed(path: Path) -> bool:
    """Whether a folder is the program's own, as it was installed, and not a checkout of it."""
    return path.resolve().is_relative_to(HERE.resolve())


def _inside(folder: Path, prefix: str) -> Iterator[Reached]:
    """The folders under ``rules``, then the others."""
    for name in _folders(folder / RULES):
        yield Reached(f"{prefix}{RULES}/{name}", folder / RULES / name, is_bundled=False)
    for name in _folders(folder):
        yield Reached(f"{prefix}{name}", folder / name, is_bundled=False)


def _folders(folder: Path) -> list[str]:
    """The folders in a folder that are not hidden; none, where it cannot be read."""
    try:
        with os.scandir(folder) as entries:
            names = [entry.name for entry in islice(entries, MOST_LOOKED_AT) if entry.is_dir()]
    except OSError:
        return []
    return sorted(name for name in names if not name.startswith("."))
