"""What must hold of every answer, and what must hold of the answers of some kinds of attempts."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache

import click

from scripts.fuzz.attempt import Attempt, Outcome
from scripts.fuzz.worker import MEMORY, Stopped
from thesis.cli import cli
from thesis.cli.exit_codes import BELOW, FINE, PROBLEM, UNDETERMINED, WRONG_USAGE

OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e\u2028\u2029")
"""Characters that turn the direction of what follows, or begin a line that nobody wrote."""
TEXTS = (".md", ".html", ".svg", ".txt", ".json", ".csv", ".ics", ".xml")
TABLES = (("export", "facts"), ("export", "metrics"), ("export", "history"))
BUG_MESSAGE = b"this is a bug in thesis"


@cache
def _has_bad_news(arguments: tuple[str, ...]) -> bool:
    """Whether a command says in its help that it ends with 1."""
    command: click.Command = cli
    for word in arguments:
        if not isinstance(command, click.Group):
            break
        found = command.get_command(click.Context(command), word)
        if found is None:
            break
        command = found
    told = f"{command.help or ''} {command.epilog or ''}"
    return re.search(r"Exit codes?:.*\b1 ", told, re.DOTALL) is not None


def steering(data: bytes) -> list[str]:
    """Control and override characters of a text but line ends and tabs; a byte that is not UTF-8 is one.

    CR LF is a line end, CR alone takes a reader back to the start of the line.
    """
    try:
        text = data.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        return [f"byte {data[error.start]:#04x}"]
    found = {char for char in set(text) if unicodedata.category(char) == "Cc" or char in OVERRIDES}
    return sorted(f"U+{ord(char):04X}" for char in found - set("\n\t"))


def _is_listed(answer: bytes, name: str) -> bool:
    """Whether a JSON answer says that a file was written."""
    try:
        return name in json.loads(answer).get("written", ())
    except (ValueError, AttributeError):
        return False


def _is_made(outcome: Outcome, name: str) -> bool:
    """Whether a file is a text that the program made, and not one that it keeps or copies as it was."""
    is_kept = "reviews/inputs/" in name or outcome.step.arguments[0] == "new"
    return name.endswith(TEXTS) and not is_kept and not name.startswith("facts/")


def _of_one(outcome: Outcome) -> Iterator[str]:
    """What is wrong with one answer.

    A command that writes what is sound and refuses the rest ends with 3 as well, and names what it wrote.
    """
    code, words = outcome.code, outcome.step.arguments
    if b"Traceback (most recent call last)" in outcome.err or BUG_MESSAGE in outcome.err:
        said = outcome.err.decode("utf-8", "replace")
        last = re.findall(r"^(?!this is a bug)[\w.]+(?::.*)?$", said, re.MULTILINE)
        yield f"traceback: {last[-1][:200] if last else ''}"
    elif code not in (FINE, WRONG_USAGE, PROBLEM, UNDETERMINED) and not (
        code == BELOW and (_has_bad_news(words) or "list" in words)
    ):
        yield f"exit code {code}"
    if code in (WRONG_USAGE, PROBLEM):
        if not outcome.err and not outcome.out:
            yield f"exit code {code} without a word"
        touched = sorted([*outcome.written, *outcome.removed])
        told = outcome.err.decode("utf-8", "replace")
        if touched and not all(f"wrote {name}" in told or _is_listed(outcome.out, name) for name in touched):
            yield f"exit code {code}, and files were changed: {', '.join(touched[:3])}"
    texts = {"on standard output": outcome.out, "on standard error": outcome.err}
    texts |= {f"in {name}": data for name, data in outcome.written.items() if _is_made(outcome, name)}
    for where, data in texts.items():
        if found := steering(data):
            yield f"control characters {where}: {', '.join(found[:5])}"
    if outcome.memory > MEMORY:
        yield f"{outcome.memory / 1e6:.0f} MB of memory"
    if any(re.search(r"(^|/)\.[^/]*\.tmp(/|$)", name) for name in outcome.written):
        yield "a temporary file was left"


def _nothing_more(attempt: Attempt, outcomes: Sequence[Outcome]) -> Iterator[str]:
    return iter(())


def _noticed(attempt: Attempt, outcomes: Sequence[Outcome]) -> Iterator[str]:
    """``review verify`` does not call a journal in order that was edited."""
    if outcomes[-1].code == FINE and attempt.edited() != dict(attempt.files):
        yield "an edit of the journal was not noticed"


def _undigested(answer: bytes) -> bytes:
    """An answer without digests of the pack's files, which are others on purpose."""
    return re.sub(rb"\b[0-9a-f]{32}\b|(?<=[a-z0-9] )[0-9a-f]{8}\b|sha256-[\w+/=]+", b"", answer)


def _same(attempt: Attempt, outcomes: Sequence[Outcome]) -> Iterator[str]:
    """Each command gives the same answer in the second folder as in the first."""
    half = len(outcomes) // 2
    for before, after in zip(outcomes[:half], outcomes[half:], strict=True):
        refused = PROBLEM in (before.code, after.code)
        if not refused and (before.code, _undigested(before.out)) != (after.code, _undigested(after.out)):
            yield f"another answer to {' '.join(before.step.arguments)}"


def _cells(attempt: Attempt, outcomes: Sequence[Outcome]) -> Iterator[str]:
    """No text in an exported table begins as a formula does."""
    import csv
    import io

    for outcome in outcomes:
        if outcome.step.arguments[:2] not in TABLES or outcome.code != FINE:
            continue
        try:
            rows = list(csv.reader(io.StringIO(outcome.out.decode("utf-8"), newline=""), strict=True))
        except csv.Error as error:
            yield f"no CSV: {error}"
            continue
        if len({len(row) for row in rows}) > 1:
            yield "rows of different lengths"
        cells = {cell for row in rows for cell in row if cell[:1] in ("=", "+", "-", "@", "\t", "\r")}
        texts = sorted(cell for cell in cells if not re.fullmatch(r"-(\d[\d.e+-]*|inf)", cell))
        if texts:
            yield f"a cell that a spreadsheet takes for a formula: {texts[0][:40]!r}"


Law = Callable[[Attempt, Sequence[Outcome]], Iterator[str]]
LAWS: Mapping[str, Law] = {
    "": _nothing_more,
    "noticed": _noticed,
    "same": _same,
    "cells": _cells,
}


def findings(attempt: Attempt, ended: Stopped) -> list[str]:
    """What is wrong with how an attempt ended, each with the command; nothing if all is well."""
    found = [
        f"thesis {' '.join(outcome.step.arguments)}: {what}"
        for outcome in ended.outcomes
        for what in _of_one(outcome)
    ]
    if ended.why:
        step = attempt.steps[len(ended.outcomes)]
        found.append(f"thesis {' '.join(step.arguments)}: {ended.why}")
    else:
        found += LAWS[attempt.law](attempt, ended.outcomes)
    return found
