"""Asks for a command's missing arguments in a terminal, and reports them as missing elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import click

from thesis.core.formatting import clean_entry

LONGEST = 4_000  # characters of a text


def plain_words(text: str) -> str:
    """A text on one line. Errors: ``ValueError`` where there is none, or no end of it."""
    return clean_entry(text, LONGEST)


class Prompt(NamedTuple):
    """One thing that is needed: its option's name, the question, and how its text is read.

    ``default`` is taken where nobody answers; None has to be answered.
    """

    name: str
    question: str
    read: Callable[[str], Any] = plain_words
    default: str | None = None


def is_terminal() -> bool:
    """Whether there is somebody to ask."""
    return sys.stdin is not None and sys.stdin.isatty()


def prompt_answers(asks: Sequence[Prompt], given: Mapping[str, Any]) -> dict[str, Any]:
    """Everything that is needed, each part as it was read.

    In a terminal what is missing is asked for until it is right. Errors: usage, with all that is missing
    or wrong at once.
    """
    wrong, missing, found = [], [], dict.fromkeys((ask.name for ask in asks), None)
    for ask in asks:
        text = given.get(ask.name)
        if text in (None, ""):
            missing.append(ask)
            continue
        try:
            found[ask.name] = ask.read(text) if isinstance(text, str) else text
        except ValueError as error:
            wrong.append(f"{_option(ask)}: {error}")
    needed = [ask for ask in missing if ask.default is None]
    if needed and not is_terminal():
        wrong.append(f"missing: {', '.join(map(_option, needed))}")
    if wrong:
        raise click.UsageError("\n".join(wrong))
    for ask in missing:
        found[ask.name] = _asked(ask) if needed else ask.read(ask.default) if ask.default else None
    return found


def _option(ask: Prompt) -> str:
    return f"--{ask.name.replace('_', '-')}"


def _asked(ask: Prompt) -> Any:
    def read(text: str) -> Any:
        if not text.strip() and ask.default is not None:
            return None
        try:
            return ask.read(text)
        except ValueError as error:
            raise click.BadParameter(str(error)) from None

    return click.prompt(
        ask.question, default=ask.default, value_proc=read, err=True, show_default=bool(ask.default)
    )
