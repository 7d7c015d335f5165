"""Appends an entry to a list in one of a pack's YAML files.

Every byte and comment that was there stays; the pack as it would be is checked before anything is written.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from thesis.core.problem import InvalidInput, Problem
from thesis.files.disk import pack_lock, read_bytes, sweep_leftovers, unwritable, write_bytes_atomically
from thesis.files.yaml import read_yaml, yaml_text
from thesis.pack.folder import Folder, read_folder
from thesis.pack.load import Pack
from thesis.workspace.open_pack import checked_pack

_KEY = re.compile(r"""^(?:"[^"]*"|'[^']*'|[^\s#\-"'][^:]*):(?:\s|$)""")
_EMPTY = re.compile(r":[ \t]*(?:\[[ \t]*\]|~|null)?[ \t]*(?:#.*)?$")


class Appended(NamedTuple):
    """A pack with an entry; ``is_new`` is false where the same was there already."""

    pack: Pack
    is_new: bool


def append_to_file(
    folder: Folder,
    file: str,
    key: str,
    item: Mapping[str, Any],
    today: date,
    *,
    about: Sequence[str],
    aside: Sequence[str] = (),
) -> Appended:
    """Add an item to the list under ``key`` of a pack's file; the file is made if there is none.

    Values that are empty are left out. An item is there already where the latest one that agrees with it in
    the keys ``about`` agrees in all keys but those ``aside``; then nothing is written. Errors:
    ``InvalidInput`` with what lint says of the pack as it would be, where the file is laid out so that
    nothing can be added, where somebody else is writing, or where it cannot be written; then nothing has
    changed.
    """
    kept = {name: value for name, value in item.items() if value not in ("", None, [], (), False)}
    with pack_lock(folder.path, folder.shown.rstrip("/")):
        sweep_leftovers(folder.path)
        now = read_folder(folder.path, folder.shown.rstrip("/"))
        path, shown = now.path / file, now.shown + file
        data = read_bytes(path, shown, is_needed=False).decode("utf-8")
        if _is_there(now.texts.get(file, ""), shown, key, kept, about, aside):
            return Appended(checked_pack(now, today), is_new=False)
        text = append_item(data, shown, key, kept)
        pack = checked_pack(
            now._replace(texts={**now.texts, file: text.removeprefix("\ufeff").replace("\r\n", "\n")}), today
        )
        try:
            write_bytes_atomically(path, text.encode())
        except OSError as error:
            raise unwritable(shown, error) from None
    return Appended(pack, is_new=True)


def _is_there(
    text: str, shown: str, key: str, item: Mapping[str, Any], about: Sequence[str], aside: Sequence[str]
) -> bool:
    """Whether the latest item about the same is the same."""

    def told(entry: Mapping[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in entry.items() if name not in aside}

    try:
        listed = (read_yaml(text, shown).value or {}).get(key) or [] if text.strip() else []
        wanted = read_yaml(yaml_text([dict(item)]), shown).value[0]
        alike = [each for each in listed if all(each.get(name) == wanted.get(name) for name in about)]
    except (InvalidInput, AttributeError):
        return False  # what is not laid out as a list of entries is told when the pack is checked
    return bool(alike) and told(alike[-1]) == told(wanted)


def append_item(text: str, shown: str, key: str, item: Mapping[str, Any]) -> str:
    """A YAML text with one more item in the list under a key of the top level, the rest byte for byte.

    Errors: ``InvalidInput`` where the list is not laid out one item below the other.
    """
    end = "\r\n" if "\r\n" in text else "\n"
    lines = text.replace("\r\n", "\n").split("\n")
    start = next((i for i, line in enumerate(lines) if _names(line.removeprefix("\ufeff"), key)), None)
    if start is None:
        blank = [""] if any(lines) else []
        made = [*_without_end(lines), *blank, f"{key}:", *_block(item, 2), ""]
    else:
        stop = _section_end(lines, start)
        indent = _indent(lines[start + 1 : stop])
        opened = _EMPTY.sub(":", lines[start]) if indent is None else lines[start]
        made = [
            *lines[:start],
            opened,
            *lines[start + 1 : stop],
            *_block(item, 2 if indent is None else indent),
        ]
        made += lines[stop:] if any(lines[stop:]) else [""]
    whole = end.join(made)
    if not _is_added(text, whole, shown, key, item):
        block = "\n".join(_block(item, 2))
        message = f"`{shown}` is laid out so that nothing can be added under `{key}`; nothing was changed"
        raise InvalidInput(
            [Problem("cannot-append", message, hint=f"write this under `{key}:` yourself:\n{block}")]
        )
    return whole


def _names(line: str, key: str) -> bool:
    return bool(_KEY.match(line)) and line.partition(":")[0].strip("\"' ") == key


def _section_end(lines: list[str], start: int) -> int:
    """The line after the last one of what stands under a key: comments above the next key stay with it."""
    stop = next((i for i in range(start + 1, len(lines)) if _KEY.match(lines[i])), len(lines))
    while stop > start + 1 and (not lines[stop - 1].strip() or lines[stop - 1].startswith("#")):
        stop -= 1
    return stop


def _indent(lines: list[str]) -> int | None:
    """How far in the items of a list stand; None, if there are none."""
    return next(
        (len(line) - len(line.lstrip(" ")) for line in lines if line.lstrip(" ").startswith("- ")), None
    )


def _without_end(lines: list[str]) -> list[str]:
    while lines and not lines[-1].strip():
        lines = lines[:-1]
    return lines


def _block(item: Mapping[str, Any], indent: int) -> list[str]:
    return [" " * indent + line if line else line for line in yaml_text([dict(item)]).split("\n")[:-1]]


def _is_added(before: str, after: str, shown: str, key: str, item: Mapping[str, Any]) -> bool:
    """Whether a file now says what it said, and the item last of all under the key."""
    try:
        now = read_yaml(after.removeprefix("\ufeff"), shown).value
        was = read_yaml(before.removeprefix("\ufeff"), shown).value if before.strip() else {}
        expected = read_yaml(yaml_text([dict(item)]), shown).value
    except InvalidInput:
        return False
    return bool(now == {**was, key: [*(was.get(key) or []), *expected]})
