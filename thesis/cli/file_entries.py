"""Adds an entry, built from a command's options, to one of a pack's files; mistakes name the option.

What was never written has no line: a place in the item is the name of the option that it came from.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import click

from thesis.cli.context import today
from thesis.core.problem import InvalidInput, Problem, SourceSpan
from thesis.files.yaml import SourceDocument, read_yaml
from thesis.journal.append import Appended, append_to_file
from thesis.pack.folder import Folder

UNCHANGED = "nothing was written"


def add_entry(
    folder: Folder,
    file: str,
    key: str,
    item: Mapping[str, Any],
    named: Mapping[str, str] | None = None,
    *,
    about: Sequence[str],
    aside: Sequence[str] = ("entered",),
) -> Appended:
    """Add an item to the list under ``key`` of a pack's file, unless it is there; with the pack as it is now.

    ``named``: parameters of the command by the keys that are not called as they are; ``about`` and ``aside``
    as of ``append_to_file``. Errors: ``InvalidInput`` as of that, with the option in place of a line that is
    not there. What was done is told on standard error.
    """
    try:
        done = append_to_file(folder, file, key, item, today(), about=about, aside=aside)
    except InvalidInput as flawed:
        shown = folder.shown + file
        text = flawed.sources.get(shown)
        document = read_yaml(text, shown) if text is not None else None
        if document is None or not document.value.get(key):
            raise  # nothing was checked yet: this is the file without the entry
        wanted = _NewEntry(document, key, _options(named or {}))
        raise InvalidInput(
            [wanted.at_option(problem) for problem in flawed.problems], flawed.sources
        ) from None
    where = f"{folder.shown}{file}"
    told = f"wrote {where}" if done.is_new else f"{where} says this already: nothing to do"
    click.echo(told, err=True)
    return done


def _options(named: Mapping[str, str]) -> dict[str, str]:
    """The options and arguments of the command that runs, by the key that each gives its value to."""
    params = click.get_current_context().command.params
    found = {
        p.name or "": p.human_readable_name if isinstance(p, click.Argument) else p.opts[0] for p in params
    }
    return {**found, **{key: found[param] for key, param in named.items()}}


class _NewEntry:
    """The last item under a key, as it would have been written."""

    def __init__(self, document: SourceDocument, key: str, options: Mapping[str, str]) -> None:
        path = (key, len(document.value[key]) - 1)
        self.start = document.span(path)
        starts = ((_place(document.span((*path, each))), each) for each in document.value[key][-1])
        self.fields = sorted((start, options.get(each, "")) for start, each in starts)

    def at_option(self, problem: Problem) -> Problem:
        """A problem without a line, if it is one of the item."""
        span = problem.span
        if span is None or span.file != self.start.file or _place(span) < _place(self.start):
            return problem
        before = [option for start, option in self.fields if start <= _place(span)]
        option = before[-1] if before else ""
        message = f"{option}{': ' if option else ''}{problem.message}; {UNCHANGED}"
        return problem._replace(span=None, message=message)


def _place(span: SourceSpan) -> tuple[int, int]:
    return span.line, span.column
