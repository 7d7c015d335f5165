"""Starts a new pack, as a copy of another or as a skeleton to be filled in.

Both are put together in memory first, and then appear as a whole folder or not at all.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import NamedTuple

from thesis.core.aggregates import EXAMPLES
from thesis.core.problem import InvalidInput, Problem
from thesis.facts.fact import COLUMNS, OPTIONAL
from thesis.files.disk import (
    LOCK,
    MOST_BYTES,
    MOST_YAML_BYTES,
    bundled_folder,
    confirm_on_disk,
    new_folder,
    read_bytes,
    unwritable,
    write_together,
)
from thesis.files.own_folder import is_there, resolves_inside
from thesis.pack.folder import (
    FACTS,
    ID_LINE,
    JUDGEMENTS,
    METRICS,
    MOST_FILES,
    NAMES,
    STANDARD,
    THESIS,
    fact_files,
)

TRIALS = "trials.yaml"
IGNORE, IGNORED = ".gitignore", f"{LOCK}\n.*.tmp\n".encode()  # what git has no business with
SCHEMAS = ".schema"  # beside the files, hidden: for editors, and read by nothing else
EXAMPLE = "valuation.example.yaml"
TEMPLATES = (THESIS, METRICS, JUDGEMENTS, TRIALS, EXAMPLE)
_SCHEMA_LINE = re.compile(rb"^(#[ \t]*yaml-language-server:[ \t]*\$schema=)(\S+)", re.MULTILINE)
_IS_ID = re.compile(rb"""["']?[A-Za-z0-9_.-]+["']?""")
_SCALES = ((10**12, "trillion", "t"), (10**9, "billion", "b"), (10**6, "million", "m"))

Files = Mapping[str, bytes]


class PackCopy(NamedTuple):
    """A pack's own files by name; ``left_out`` are those that lead out of it by a link.

    ``id`` is the one that they were given, if they were given one.
    """

    files: Files
    left_out: list[str]
    id: str


class PackOutline(NamedTuple):
    """What a skeleton is filled in with; ``target`` in dollars, ``cik`` may be empty."""

    id: str
    title: str
    entity: str
    name: str
    cik: str
    target: float
    by: date
    year_ends: str = "Q4"


# a copy ------------------------------------------------------------------------------------------


def copy_pack(pack: Path, shown: str, new_id: str = "", wished: str = "") -> PackCopy:
    """The files of a pack, under another id if one is given; reviews, hidden and other files stay behind.

    ``wished`` is the id where none is given, and the pack has one. A pack with mistakes is copied
    with them. Errors: ``InvalidInput`` where a file cannot be read, or there is no line for the id that is
    given.
    """
    files: dict[str, bytes] = {}
    left_out: list[str] = []
    problems: list[Problem] = []
    for name in _own(pack, shown):
        if not resolves_inside(pack, name):
            left_out.append(name)
            continue
        most = MOST_BYTES if name.endswith(".csv") else MOST_YAML_BYTES
        try:
            files[name] = read_bytes(pack / name, f"{shown}/{name}", most)
        except InvalidInput as flawed:
            problems += flawed.problems
    if problems:
        raise InvalidInput(problems)
    has_id = ID_LINE.search(files.get(THESIS, b""))
    if not new_id and has_id and _IS_ID.fullmatch(has_id[1]):
        new_id = wished  # what is no id is a mistake, and stays one
    if new_id:
        files[THESIS] = _renamed(files.get(THESIS, b""), f"{shown}/{THESIS}", new_id)
    return PackCopy({**_with_schemas(files), IGNORE: IGNORED}, left_out, new_id)


def _own(pack: Path, shown: str) -> list[str]:
    """The names of the files that are the pack's."""
    is_own = resolves_inside(pack, FACTS)
    tables = fact_files(pack, f"{shown}/") if is_own else []
    if len(tables) > MOST_FILES:
        message = f"`facts` holds {len(tables):,} files, at most {MOST_FILES} are read"
        raise InvalidInput([Problem("too-many-files", message, hint="a file holds the rows of one company")])
    tables = [name for name in tables if not name.startswith(".")]
    listed = [
        *NAMES,
        *_own_standard(pack),
        TRIALS,
        *([] if is_own else [FACTS]),
        *(f"{FACTS}/{name}" for name in tables),
    ]
    return [name for name in listed if is_there(pack / name, f"{shown}/{name}")]


def _own_standard(pack: Path) -> list[str]:
    """The names of the files of standard definitions that a pack has of its own."""
    found = sorted(path.relative_to(pack).as_posix() for path in (pack / STANDARD).glob("*/*.yaml"))
    return [name for name in found if not any(part.startswith(".") for part in name.split("/"))][:MOST_FILES]


def _renamed(data: bytes, shown: str, new_id: str) -> bytes:
    """thesis.yaml with another id, and not a byte else changed."""
    found = ID_LINE.search(data)
    if found is None:
        hint = "write it as a line of its own, or leave out --id"
        raise InvalidInput([Problem("missing-key", f"`{shown}` has no line `id: ...`", hint=hint)])
    return data[: found.start(1)] + new_id.encode() + data[found.end(1) :]


def _with_schemas(files: Files) -> dict[str, bytes]:
    """The files with the schemas that editors check them by, for those that name one by a path."""
    found: dict[str, bytes] = {}
    for name, data in files.items():
        found[name] = data
        line = _SCHEMA_LINE.search(data) if name.endswith(".yaml") and "/" not in name else None
        if line is None or b"://" in line[2]:
            continue
        schema = f"{name.partition('.')[0]}.schema.json"
        found[name] = data[: line.start(2)] + f"{SCHEMAS}/{schema}".encode() + data[line.end(2) :]
        found[f"{SCHEMAS}/{schema}"] = (bundled_folder("rules") / "schema" / schema).read_bytes()
    return found


# a skeleton --------------------------------------------------------------------------------------


def pack_skeleton(outline: PackOutline, today: date) -> Files:
    """A commented pack without a rule or a figure: what the author must supply is for lint to say."""
    from thesis.document.sandbox import render_template

    view = {**outline._asdict(), "target": _written(outline.target), "today": today}
    view["aggregates"] = ", ".join(EXAMPLES)
    files = {
        name: render_template(f"pack/{name}.j2", None, view, {"yaml": _quoted}, None).rstrip("\n").encode()
        + b"\n"
        for name in TEMPLATES
    }
    files[f"facts/{outline.entity}.csv"] = (",".join((*COLUMNS, *OPTIONAL)) + "\n").encode()
    return placed_files(files)


def placed_files(files: Files) -> Files:
    """The files of a pack with what belongs beside them: schemas for editors, and what git leaves alone."""
    return {**_with_schemas(files), IGNORE: IGNORED}


def id_for(entity: str, target: float) -> str:
    """The id of a thesis that has none yet.

    >>> id_for("NVDA", 6e12)
    'nvda-6t'
    """
    number, _, letter = _scaled(target)
    return f"{entity.lower()}-{number}{letter}"


def title_for(name: str, target: float, by: date) -> str:
    """The question that a thesis asks, until its author says it better.

    >>> title_for("NVIDIA", 6e12, date(2030, 12, 31))
    'Will NVIDIA be worth 6 trillion dollars by 2030-12-31?'
    """
    number, scale, _ = _scaled(target)
    return f"Will {name} be worth {number} {scale} dollars by {by}?"


def _scaled(target: float) -> tuple[str, str, str]:
    """A sum in the largest unit that it is at least one of: the number, the unit's name and letter."""
    size, name, letter = next((scale for scale in _SCALES if target >= scale[0]), _SCALES[-1])
    return f"{target / size:.12g}", name, letter


def _written(target: float) -> str:
    """A sum as people write it: 6e12."""
    size = next((scale[0] for scale in _SCALES if target >= scale[0]), 1)
    return f"{target / size:.12g}e{len(str(size)) - 1}"


def _quoted(text: str) -> str:
    """A text as YAML, whatever is in it."""
    import json

    return json.dumps(text, ensure_ascii=False)


# onto the disk -----------------------------------------------------------------------------------


def place_folder(files: Files, folder: Path, shown: str) -> bool:
    """Make a folder of files: written beside it and renamed, so that it is there whole or not at all.

    Returns whether it was made; where it holds just these files already, nothing is to be done. Errors:
    ``InvalidInput`` if there is something else in it (of two at once, one wins), or if it cannot be written;
    nothing has changed then.
    """
    target = Path(os.path.realpath(folder))
    try:
        if _is_taken(target):
            return _refuse_others(target, files, shown)
        with new_folder(target) as made:
            for place in {(made / name).parent for name in files}:
                place.mkdir(parents=True, exist_ok=True)
            write_together({made / name: data for name, data in files.items()})
            os.rename(made, target)
    except OSError as error:
        if _was_taken(target):
            return _refuse_others(target, files, shown)
        hint = "" if target.parent.is_dir() else f"there is no folder `{folder.parent}`; make it first"
        raise unwritable(shown, error, hint, "make") from None
    confirm_on_disk(target.parent, [target])
    return True


def _refuse_others(target: Path, files: Files, shown: str) -> bool:
    """False, where a folder holds these files and no others but a lock. Errors: ``InvalidInput``."""
    try:
        there = {
            path.relative_to(target).as_posix(): path.read_bytes()
            for path in target.rglob("*")
            if not path.is_dir() and path.name != LOCK
        }
    except OSError:
        raise _taken(shown) from None
    if there != dict(files):
        raise _taken(shown)
    return False


def _is_taken(target: Path) -> bool:
    """Whether there is something that is no empty folder. Errors: ``OSError`` where nobody can tell."""
    if not os.path.lexists(target):
        return False
    if not target.is_dir():
        return True
    with os.scandir(target) as entries:
        return next(entries, None) is not None


def _was_taken(target: Path) -> bool:
    try:
        return _is_taken(target)
    except OSError:
        return False


def _taken(shown: str) -> InvalidInput:
    hint = "name a folder that is not there yet, or an empty one"
    return InvalidInput([Problem("exists", f"`{shown}` is there already; nothing was changed", hint=hint)])
