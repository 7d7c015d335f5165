"""An attempt: files, edits of them, and the commands that are run on the result."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

Files = Mapping[str, bytes]
"""Paths relative to the attempt's folder, and what is in the files."""


class Edit(NamedTuple):
    """``cut`` bytes of a file at a place become ``put``; a file that is not there begins empty.

    ``put`` is ``None`` where the whole file is taken away.
    """

    file: str
    at: int
    cut: int
    put: bytes | None


class Step(NamedTuple):
    """A command of the program, and the folder in which it runs."""

    arguments: tuple[str, ...]
    folder: str = "."


class Attempt(NamedTuple):
    """What is tried.

    ``law`` is what must hold of the answers beside what holds of every command, a name in
    ``scripts.fuzz.laws.LAWS``. ``is_free``: the files may be cut down to find a smaller input; otherwise
    only edits may be left out.
    """

    files: Files
    edits: tuple[Edit, ...]
    steps: tuple[Step, ...]
    law: str = ""
    is_free: bool = True

    def edited(self) -> dict[str, bytes]:
        """The files after the edits."""
        files = dict(self.files)
        for file, at, cut, put in self.edits:
            if put is None:
                files.pop(file, None)
            else:
                data = files.get(file, b"")
                files[file] = data[:at] + put + data[at + cut :]
        return files


class Outcome(NamedTuple):
    """How a command ended, what it printed, and what it did to the files.

    ``memory`` is the most that the process has held so far, in bytes; ``written`` holds files that are new
    or other than before.
    """

    step: Step
    code: int
    out: bytes
    err: bytes
    memory: int
    written: Mapping[str, bytes]
    removed: tuple[str, ...]
