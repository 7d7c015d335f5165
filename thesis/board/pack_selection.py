"""Which packs a command is about: those around a folder, or those named on the command line."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from thesis.core.problem import InvalidInput, Problem
from thesis.files.disk import HERE, bundled_folder
from thesis.pack.folder import THESIS
from thesis.workspace.find_pack import RULES, bundled_packs, find_pack, folders_in, is_pack, pack_around

MOST_PACKS = 200
MORE = f"there are more than {MOST_PACKS} packs; the rest is not listed"


class PackInReach(NamedTuple):
    """A pack in reach: ``name`` is what ``-p`` takes. Into a bundled one nothing can be written."""

    name: str
    path: Path
    is_bundled: bool


def packs_in_reach(here: Path) -> tuple[list[PackInReach], bool]:
    """The pack that a folder is or lies in, those in its sub-folders and ``rules``, and the bundled ones.

    Each once, at most ``MOST_PACKS``; and whether there are more. A bundled pack whose name stands for
    another one here is out of reach.
    """
    around = pack_around(here) or here
    own = PackInReach(os.path.relpath(around, here), around, is_bundled=False)
    return _each_once([*_bundled(here), own, *_inside(here, "")])


def packs_by_name(wanted: Sequence[str], here: Path) -> tuple[list[PackInReach], bool]:
    """The packs that were named, each by its folder, its name or a folder of packs.

    Each once, at most ``MOST_PACKS``; and whether there are more. Errors: ``InvalidInput`` with every name
    that stands for no pack.
    """
    found: list[PackInReach] = []
    problems: list[Problem] = []
    for name in wanted:
        try:
            found += _meant(name, here)
        except InvalidInput as flawed:
            problems += flawed.problems
    if problems:
        raise InvalidInput(problems)
    return _each_once(found)


def _each_once(packs: Iterable[PackInReach]) -> tuple[list[PackInReach], bool]:
    found: dict[str, PackInReach] = {}
    for pack in packs:
        if _may_be_pack(pack.path):
            found.setdefault(os.path.realpath(pack.path), pack)
        if len(found) > MOST_PACKS:
            break
    return list(found.values())[:MOST_PACKS], len(found) > MOST_PACKS


def _may_be_pack(folder: Path) -> bool:
    """Whether a folder is a pack, or nobody can tell: then its row says why."""
    try:
        return is_pack(folder, str(folder))
    except InvalidInput:
        return True


def _meant(name: str, here: Path) -> list[PackInReach]:
    path, shown = here / name, _seen_from(here, name)
    if is_pack(path, name):
        return [PackInReach(shown, path, is_bundled=_is_installed(path))]
    if not os.path.isdir(path):
        found, _ = find_pack(name, here)
        return [PackInReach(name, found, is_bundled=found.parent.samefile(bundled_folder(RULES)))]
    inside = [
        pack
        for pack in _inside(path, "" if shown == "." else os.path.join(shown, ""))
        if _may_be_pack(pack.path)
    ]
    if not inside:
        hint = f"a pack is a folder with a {THESIS}; name one, or a folder of some"
        raise InvalidInput([Problem("no-pack", f"there is no pack in `{name}`", hint=hint)])
    return inside


def _seen_from(here: Path, name: str) -> str:
    """A folder by its path from here, however it was named; by its whole path where it lies elsewhere."""
    path = os.path.abspath(here / name)
    places = ((path, os.path.abspath(here)), (os.path.realpath(path), os.path.realpath(here)))
    return next((os.path.relpath(at, top) for at, top in places if Path(at).is_relative_to(top)), path)


def _bundled(here: Path) -> Iterator[PackInReach]:
    for name in bundled_packs():
        path = bundled_folder(RULES) / name
        if find_pack(name, here)[0].resolve() == path.resolve():
            yield PackInReach(name, path, is_bundled=True)


def _is_installed(path: Path) -> bool:
    """Whether a folder is the program's own, as it was installed, and not a checkout of it."""
    return path.resolve().is_relative_to(HERE.resolve())


def _inside(folder: Path, prefix: str) -> Iterator[PackInReach]:
    """The folders under ``rules``, then the others."""
    for name in folders_in(folder / RULES):
        yield PackInReach(f"{prefix}{RULES}/{name}", folder / RULES / name, is_bundled=False)
    for name in folders_in(folder):
        yield PackInReach(f"{prefix}{name}", folder / name, is_bundled=False)
