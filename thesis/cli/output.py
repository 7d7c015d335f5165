"""Printing an answer in colour on a terminal that supports it, and as plain text everywhere else.

Painted is what goes to a terminal that can do more than print, with the ``rich`` library installed
(``pip install 'thesis[terminal]'``). Everything else, and everything under ``--plain``, is the same text
byte for byte. ``NO_COLOR`` takes the colour and leaves the layout.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Any, TypeVar

import click

from thesis.core.formatting import escape_controls
from thesis.document import plain_text
from thesis.document.blocks import Document

Command = TypeVar("Command", bound=Callable[..., Any])

NARROWEST, WIDEST, USUAL = 40, 200, 80  # columns
SIMPLE = ("", "dumb", "unknown")  # kinds of terminals that print and do nothing else
MARKS = "●◐○▁█│─…"


def plain_option(command: Command) -> Command:
    return click.option(
        "--plain",
        is_flag=True,
        help="The text that a pipe gets, in a terminal too: no colour, words for marks.",
    )(command)


def print_document(document: Document, *, plain: bool = False) -> None:
    """Print a document: painted, or as plain text."""
    if not plain and uses_colour():
        from thesis.document.terminal import terminal_text

        click.echo(terminal_text(document, terminal_width()), nl=False, color=True)
    else:
        print_lines(plain_text.document_text(document))


def print_lines(text: str) -> None:
    """Print a text; to a terminal without characters that could steer it."""
    click.echo(escape_controls(text) if _is_terminal() else text, nl=False)


def uses_colour() -> bool:
    """Whether what is printed is looked at by somebody in a terminal that can show it."""
    if not _is_terminal() or (os.name != "nt" and os.environ.get("TERM", "") in SIMPLE):
        return False
    try:
        MARKS.encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return False
    from importlib.util import find_spec

    return find_spec("rich") is not None


def terminal_width() -> int:
    """How wide the terminal is."""
    import shutil  # which brings its archives along; only a terminal pays for that

    return max(NARROWEST, min(WIDEST, shutil.get_terminal_size((USUAL, 24)).columns))


def _is_terminal() -> bool:
    return sys.stdout is not None and sys.stdout.isatty()
