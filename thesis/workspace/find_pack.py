"""Finding a pack: around the working folder, by its path, by its id, or among the bundled packs."""

from __future__ import annotations

import os
from itertools import islice
from pathlib import Path

from thesis.core.problem import InvalidInput, Problem, did_you_mean
from thesis.files.disk import bundled_folder, unreadable
from thesis.files.own_folder import ABSENT, is_there, listed
from thesis.pack.folder import THESIS, id_of

RULES = "rules"
DEFAULT = "amzn-4t"  # the first of the packs that come with the program
MOST_ENTRIES = 10_000  # of a folder that is searched for packs
MOST_FOLDERS = 200  # of a level
MOST_CHARACTERS = 80  # of a name that a message repeats
MOST_NAMED = 5  # packs that a message names


def bundled_packs() -> list[str]:
    """The names of the packs that come with the program, the default one first."""
    names = [folder.name for folder in bundled_folder(RULES).iterdir() if (folder / THESIS).is_file()]
    return sorted(names, key=lambda name: (name != DEFAULT, name))


def pack_around(folder: Path) -> Path | None:
    """The innermost pack that a folder is, or lies in; None where it lies in none.

    Errors: ``InvalidInput`` where nobody can tell.
    """
    return next((each for each in (folder, *folder.parents) if is_pack(each, str(each))), None)


def is_pack(folder: Path, shown: str) -> bool:
    """Whether a folder has a thesis.yaml, be it one that cannot be read.

    Errors: ``InvalidInput`` where nobody can tell, as of a name that is too long.
    """
    return is_there(folder / THESIS, f"{shown[:MOST_CHARACTERS]}/{THESIS}")


def find_pack(wanted: str | None, folder: Path) -> tuple[Path, str]:
    """A pack's folder and the name to show: by path, by name, by its id, or the pack around a folder.

    Where nothing is named, the pack that ``folder`` is or lies in is meant. The id of that pack is a name for
    it, before a bundled one of the same name. Errors: ``InvalidInput`` if there is no such pack, with the
    names of packs near by.
    """
    around = pack_around(folder)
    if wanted is None:
        if around is None:
            raise InvalidInput([_no_pack_here(folder)])
        return around, os.path.relpath(around, folder)
    for candidate, shown in (
        (folder / wanted, wanted.rstrip("/") or "/"),
        (folder / RULES / wanted, f"{RULES}/{wanted}"),
        *([(around, os.path.relpath(around, folder))] if around and id_of(around) == wanted else ()),
        (bundled_folder(RULES) / wanted, f"{RULES}/{wanted}"),
    ):
        if is_pack(candidate, shown):
            return candidate, shown
    if os.path.isdir(folder / wanted):
        listed(folder / wanted, wanted)  # one that cannot be read is told
        message = f"there is no {THESIS} in `{wanted}`"
        below = [os.path.normpath(f"{wanted}/{name}") for name in packs_below(folder / wanted)]
        hint = f"below it lies {', '.join(below[:MOST_NAMED])}; " if below else ""
        hint += f"a pack is a folder with a {THESIS} and a metrics.yaml"
        raise InvalidInput([Problem("no-pack", message, hint=hint)])
    there = f"there are {', '.join(bundled_packs())}, or name a folder"
    hint = did_you_mean(wanted, bundled_packs()) or there
    raise InvalidInput([Problem("no-pack", f"no pack is called `{wanted[:MOST_CHARACTERS]}`", hint=hint)])


def packs_below(folder: Path) -> list[str]:
    """The packs in a folder's sub-folders and in theirs, by their paths from it, as far as can be seen."""
    found: list[str] = []
    for name in _seen(folder):
        inside = [f"{name}/{each}" for each in _seen(folder / name)]
        found += [each for each in (name, *inside) if os.path.lexists(folder / each / THESIS)]
    return found


def _seen(folder: Path) -> list[str]:
    """The first folders in a folder; none where it cannot be read, as there is nothing to name then."""
    try:
        return folders_in(folder)[:MOST_FOLDERS]
    except InvalidInput:
        return []


def folders_in(folder: Path) -> list[str]:
    """The names of the folders in a folder that are not hidden, sorted; none where there is no such folder.

    Errors: ``InvalidInput`` where it cannot be read.
    """
    try:
        with os.scandir(folder) as entries:
            names = [entry.name for entry in islice(entries, MOST_ENTRIES) if _is_folder(entry)]
    except OSError as error:
        if error.errno in ABSENT:
            return []
        raise unreadable(str(folder), error) from None
    return sorted(name for name in names if not name.startswith("."))


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False  # a link that leads back to itself


def packs_below_text(folder: Path) -> str:
    """Which packs lie below a folder, as words with `; ` behind them; nothing where there are none."""
    below = packs_below(folder)
    more = f" and {len(below) - MOST_NAMED} more" if len(below) > MOST_NAMED else ""
    lie = "lies" if len(below) == 1 else "lie"
    return f"below it {lie} {', '.join(below[:MOST_NAMED])}{more}; " if below else ""


def _no_pack_here(folder: Path) -> Problem:
    near = packs_below_text(folder)
    hint = f"name a pack: {near}{' and '.join(bundled_packs())} come with the program"
    return Problem("no-pack", f"this folder is no pack and lies in none: no {THESIS}", hint=hint)
