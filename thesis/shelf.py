"""Shelf: where packs are found, and how one is opened.

A pack that was found to be in order is remembered as JSON under the digest of its bytes and of the
program's own, so that it is neither parsed nor checked again until something changes.
"""

from __future__ import annotations

import os
from datetime import date
from hashlib import blake2b
from pathlib import Path

from thesis import __version__
from thesis.files import write_atomically
from thesis.pack import Folder, Pack, build, freeze_pack, read_folder, thaw_pack
from thesis.problems import Flawed, Problem, did_you_mean

HERE = Path(__file__).parent
THESIS_FILE = "thesis.yaml"


def bundled(kind: str) -> Path:
    """The folder of what comes with the program (``rules``, ``templates``), installed or checked out."""
    installed = HERE / "bundled" / kind
    return installed if installed.is_dir() else HERE.parent / kind


def bundled_packs() -> list[str]:
    """The names of the packs that come with the program."""
    return sorted(folder.name for folder in bundled("rules").iterdir() if (folder / THESIS_FILE).is_file())


def find(wanted: str | None, folder: Path) -> tuple[Path, str]:
    """A pack's folder and the name to show: by path, by name, else the folder's own, else the first bundled.

    Errors: ``Flawed`` if there is none of that name.
    """
    if wanted is None:
        if (folder / THESIS_FILE).is_file():
            return folder, "."
        wanted = bundled_packs()[0]
    for candidate, shown in (
        (folder / wanted, wanted.rstrip("/") or "/"),
        (folder / "rules" / wanted, f"rules/{wanted}"),
        (bundled("rules") / wanted, f"rules/{wanted}"),
    ):
        if (candidate / THESIS_FILE).is_file():
            return candidate, shown
    if (folder / wanted).is_dir():
        message = f"there is no {THESIS_FILE} in `{wanted}`"
        raise Flawed(
            [Problem("no-pack", message, hint="a pack is a folder with a thesis.yaml and a metrics.yaml")]
        )
    hint = (
        did_you_mean(wanted, bundled_packs()) or f"there are {', '.join(bundled_packs())}, or name a folder"
    )
    raise Flawed([Problem("no-pack", f"no pack is called `{wanted}`", hint=hint)])


def open_pack(path: Path, shown: str, today: date, cache: Path | None) -> Pack:
    """A pack in order. Errors: ``Flawed`` with everything that is wrong with it."""
    folder = read_folder(path, shown)
    kept = cache / "packs" / f"{folder.digest}-{stamp()}.json" if cache else None
    if kept:
        pack = _recall(kept, folder)
        if pack is not None:
            return pack
    pack = checked(folder, today)
    if kept:
        _remember(kept, freeze_pack(pack))
    return pack


def checked(folder: Folder, today: date) -> Pack:
    """The pack in a folder, after lint. Errors: ``Flawed`` with every error that lint found."""
    from thesis.lint import check

    pack, documents = build(folder)
    errors = [problem for problem in check(pack, documents, today) if problem.level == "error"]
    if errors:
        raise Flawed(errors, folder.sources)
    return pack


def stamp() -> str:
    """A digest of the program itself: what another version remembered is not trusted."""
    hashed = blake2b(__version__.encode(), digest_size=6)
    for entry in sorted(os.scandir(HERE), key=lambda e: e.name):
        if entry.name.endswith(".py"):
            found = entry.stat()
            hashed.update(f"{entry.name} {found.st_size} {found.st_mtime_ns}".encode())
    return hashed.hexdigest()


def _recall(kept: Path, folder: Folder) -> Pack | None:
    """The pack that was remembered; nothing, if the file is not there or is not what it should be."""
    try:
        return thaw_pack(kept.read_text(encoding="utf-8"), folder)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def _remember(kept: Path, frozen: str) -> None:
    """An unwritable cache is not an error: the next run checks the pack again."""
    try:
        kept.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_atomically(kept, frozen)
    except OSError:
        pass
