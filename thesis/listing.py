"""Listing: the packs in reach, each with where it stands today and when the next figures are due."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import islice
from pathlib import Path
from textwrap import shorten
from typing import Any, NamedTuple

from thesis import shelf
from thesis.cache import Cache
from thesis.files import bundled
from thesis.folder import THESIS, read_folder
from thesis.problems import Flawed, Problem

MOST_PACKS = 200
MOST_LOOKED_AT = 10_000  # entries of a folder
RULES = "rules"
MORE = f"there are more than {MOST_PACKS} packs; the rest is not listed"
TITLE = 50  # characters of a title in the table


class Reached(NamedTuple):
    """A pack in reach: ``name`` is what ``-p`` takes."""

    name: str
    path: Path
    is_bundled: bool


class Row(NamedTuple):
    """Where one pack stands: ``verdict`` is empty where it has none, and then ``why`` says why.

    ``last`` and ``last_on`` are the last rating before today where there is none today. ``fresh_until`` is
    the day by which the figures of ``next_quarter`` are due, and the next review with them.
    """

    name: str
    where: str
    id: str = ""
    title: str = ""
    verdict: str = ""
    is_rated: bool = False
    last: str = ""
    last_on: str = ""
    quarter: str = ""
    filed: str = ""
    fresh_until: str = ""
    next_quarter: str = ""
    is_overdue: bool = False
    problems: int = 0
    why: str = ""


def reach(here: Path) -> tuple[list[Reached], bool]:
    """The packs in a folder, its sub-folders and ``rules``, and those that come with the program.

    Each once, at most ``MOST_PACKS``; and whether there are more. A bundled pack whose name stands for
    another one here is out of reach.
    """
    found: dict[str, Reached] = {}
    for name, path, is_bundled in _candidates(here):
        if os.path.isfile(path / THESIS):
            found.setdefault(os.path.realpath(path), Reached(name, path, is_bundled))
        if len(found) > MOST_PACKS:
            break
    return list(found.values())[:MOST_PACKS], len(found) > MOST_PACKS


def _candidates(here: Path) -> Iterator[tuple[str, Path, bool]]:
    for name in shelf.bundled_packs():
        path = bundled(RULES) / name
        if shelf.find(name, here)[0].resolve() == path.resolve():
            yield name, path, True
    yield ".", here, False
    for name in _folders(here / RULES):
        yield f"{RULES}/{name}", here / RULES / name, False
    for name in _folders(here):
        yield name, here / name, False


def _folders(folder: Path) -> list[str]:
    """The folders in a folder that are not hidden; none, where it cannot be read."""
    try:
        with os.scandir(folder) as entries:
            names = [entry.name for entry in islice(entries, MOST_LOOKED_AT) if entry.is_dir()]
    except OSError:
        return []
    return sorted(name for name in names if not name.startswith("."))


def look(packs: Sequence[Reached], today: date, cache: Cache) -> list[Row]:
    """Where each pack stands today; one that has problems is told as such and hides no other."""
    return [_row(pack, today, cache) for pack in packs]


def _row(reached: Reached, today: date, cache: Cache) -> Row:
    where = "bundled" if reached.is_bundled else reached.name
    try:
        folder = read_folder(reached.path, reached.name)
        kept = cache.recall("rows", folder.digest, str(today))
        found = _thawed(kept) if kept else None
        if found is None:
            found = _assessed(shelf.open_pack(folder, today, cache), today)
            cache.keep("rows", json.dumps(found), folder.digest, str(today))
        return Row(reached.name, where, **found)
    except Flawed as flawed:
        wrong = _errors(flawed.problems)
        return Row(reached.name, where, problems=wrong, why=f"{wrong} problem{'s' * (wrong != 1)}")


def _errors(problems: Sequence[Problem]) -> int:
    return sum(problem.level == "error" for problem in problems)


def _thawed(kept: str) -> dict[str, Any] | None:
    try:
        found = json.loads(kept)
    except ValueError:
        return None
    return found if isinstance(found, dict) and set(found) <= set(Row._fields) else None


def _assessed(pack: Any, today: date) -> dict[str, Any]:
    """What is to be told of a pack in order, as JSON can hold it."""
    from thesis.assess import assess, with_last_rated

    head = {"id": pack.thesis.id, "title": pack.thesis.title}
    try:
        found = with_last_rated(pack, assess(pack, today))
    except LookupError as error:
        return {**head, "why": f"nothing to assess: {error}"}
    last = found.last_rated
    return {
        **head,
        "verdict": found.headline,
        "is_rated": found.verdict.rated,
        "last": last.headline if last else "",
        "last_on": str(last.day) if last else "",
        "quarter": str(found.quarter),
        "filed": str(found.filed),
        "fresh_until": str(found.fresh_until),
        "next_quarter": found.next_due,
        "is_overdue": found.as_of > found.fresh_until,
    }


# as a table --------------------------------------------------------------------------------------

HEADINGS = ("pack", "where", "verdict", "figures to", "filed", "next review", "title")


def table(rows: Sequence[Row], *, is_cut: bool = False) -> str:
    """A line a pack, under headings; what cannot be told of one stands in place of its verdict."""
    cells = [HEADINGS, *map(_cells, rows)]
    widths = [max((len(row[i]) for row in cells if len(row) > 3), default=0) for i in range(len(HEADINGS))]
    lines = [
        "  ".join(f"{cell:<{w}}" for cell, w in zip(row, widths, strict=False)).rstrip() for row in cells
    ]
    if is_cut:
        lines.append(MORE)
    return "\n".join(lines)


def _cells(row: Row) -> tuple[str, ...]:
    if not row.verdict:
        import shlex

        remedy = f"; thesis lint {shlex.quote(row.name)}" if row.problems else ""
        return row.id or row.name, row.where, f"{row.why}{remedy}"
    due = f"{row.next_quarter} {'OVERDUE since' if row.is_overdue else 'by'} {row.fresh_until}"
    title = shorten(row.title, TITLE, placeholder=" ...")
    return row.id, row.where, _verdict(row), row.quarter, row.filed, due, title


def _verdict(row: Row) -> str:
    return f"{row.verdict} (last {row.last}, {row.last_on})" if row.last else row.verdict
