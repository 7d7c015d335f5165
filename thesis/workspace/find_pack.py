"""Finding the folder of a pack by its path, by its id, or among the packs that come with the program."""

from __future__ import annotations

from pathlib import Path

from thesis.core.problem import InvalidInput, Problem, did_you_mean
from thesis.files.disk import bundled_folder
from thesis.pack.folder import THESIS, id_of

DEFAULT = "amzn-4t"  # of the packs that come with the program, the one that is meant where none is named


def bundled_packs() -> list[str]:
    """The names of the packs that come with the program, the default one first."""
    names = [folder.name for folder in bundled_folder("rules").iterdir() if (folder / THESIS).is_file()]
    return sorted(names, key=lambda name: (name != DEFAULT, name))


def find_pack(wanted: str | None, folder: Path) -> tuple[Path, str]:
    """A pack's folder and the name to show: by path, by name, else the folder's own, else the default one.

    The id of the folder's own pack is a name for it, before a bundled one of the same name. Errors:
    ``InvalidInput`` if there is none of that name.
    """
    if wanted is None:
        if (folder / THESIS).is_file():
            return folder, "."
        wanted = DEFAULT
    for candidate, shown in (
        (folder / wanted, wanted.rstrip("/") or "/"),
        (folder / "rules" / wanted, f"rules/{wanted}"),
        *([(folder, ".")] if id_of(folder) == wanted else ()),
        (bundled_folder("rules") / wanted, f"rules/{wanted}"),
    ):
        if (candidate / THESIS).is_file():
            return candidate, shown
    if (folder / wanted).is_dir():
        message = f"there is no {THESIS} in `{wanted}`"
        hint = f"a pack is a folder with a {THESIS} and a metrics.yaml"
        raise InvalidInput([Problem("no-pack", message, hint=hint)])
    there = f"there are {', '.join(bundled_packs())}, or name a folder"
    hint = did_you_mean(wanted, bundled_packs()) or there
    raise InvalidInput([Problem("no-pack", f"no pack is called `{wanted}`", hint=hint)])
