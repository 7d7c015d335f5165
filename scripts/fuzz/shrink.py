"""Making an input smaller as long as it still fails in the same way."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from scripts.fuzz.attempt import Attempt

Part = TypeVar("Part")
Fails = Callable[[Attempt], bool]

MOST_TRIALS = 400
MOST_SECONDS = 120.0
MOST_LINES = 4000


def shrunk(attempt: Attempt, fails: Fails, most: int = MOST_TRIALS) -> Attempt:
    """The smallest attempt found that still fails, within a number of trials and a time.

    Commands and edits are left out first; then, where the files may be cut down, whole files, lines of them
    and halves of what is left of a line.
    """
    budget = _Budget(fails, most)
    if len(attempt.steps) > 1 and attempt.is_free:
        attempt = attempt._replace(
            steps=_fewer(
                attempt.steps, lambda steps: bool(steps) and budget(attempt._replace(steps=tuple(steps)))
            )
        )
    whole = attempt
    attempt = whole._replace(
        edits=_fewer(whole.edits, lambda edits: budget(whole._replace(edits=tuple(edits))))
    )
    if not attempt.is_free:
        return attempt
    files = attempt.edited()
    attempt = attempt._replace(files=files, edits=())
    for name in sorted(files, key=lambda name: -len(files[name])):
        without = {each: data for each, data in files.items() if each != name}
        if budget(attempt._replace(files=without)):
            files = without
    for name in sorted(files, key=lambda name: -len(files[name])):
        for split in (_lines, _pieces):
            parts = split(files[name])
            if len(parts) > MOST_LINES:
                continue

            holds = _with_file(budget, attempt._replace(files=files), name)
            kept: Sequence[bytes] = _fewer(parts, holds)
            files = {**files, name: b"".join(kept)}
    return attempt._replace(files=files)


def _with_file(fails: Fails, attempt: Attempt, name: str) -> Callable[[Sequence[bytes]], bool]:
    """Whether the attempt fails with these parts in a file's place."""
    return lambda parts: fails(attempt._replace(files={**attempt.files, name: b"".join(parts)}))


class _Budget:
    """Whether an attempt fails; beyond the number of trials and the time nothing does."""

    def __init__(self, fails: Fails, most: int) -> None:
        self.fails = fails
        self.left = most
        self.end = time.monotonic() + MOST_SECONDS

    def __call__(self, attempt: Attempt) -> bool:
        if self.left <= 0 or time.monotonic() > self.end:
            return False
        self.left -= 1
        return self.fails(attempt)


def _lines(data: bytes) -> list[bytes]:
    return data.splitlines(keepends=True)


def _pieces(data: bytes) -> list[bytes]:
    """Words, marks and gaps; of a long word, pieces of eight bytes."""
    return re.findall(rb"\w{1,8}|\s+|[^\w\s]{1,4}", data) if len(data) < 20_000 else [data]


def _fewer(parts: Sequence[Part], holds: Callable[[Sequence[Part]], bool]) -> tuple[Part, ...]:
    """The parts without those that can be left out: first halves, then quarters, and so on to single ones."""
    kept = tuple(parts)
    size = max(1, len(kept) // 2)
    while kept:
        at = 0
        while at < len(kept):
            without = (*kept[:at], *kept[at + size :])
            if holds(without):
                kept = without
            else:
                at += size
        if size == 1:
            break
        size //= 2
    return kept
