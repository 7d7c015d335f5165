"""Printing an answer in colour on a terminal that supports it, and as plain text everywhere else.

Painted is what goes to a terminal that can do more than print, with the ``rich`` library installed
(``pip install 'thesis[terminal]'``). Everything else, and everything under ``--plain``, is the same text
byte for byte. ``NO_COLOR`` takes the colour and leaves the layout.

While the program runs, standard output and standard error are guarded: whatever is printed, also by click, a
usage error or a traceback, has its control characters shown. Only what the program itself paints goes past.
"""

from __future__ import annotations

import codecs
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO, TextIO, TypeVar, cast

import click

from thesis.core.controls import show_controls
from thesis.document import plain_text
from thesis.document.blocks import Document


class OutputFailed(Exception):
    """An answer could not be written to standard output or standard error; the cause says why."""


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

        painted = terminal_text(document, terminal_width())
        with _told():
            click.echo(painted, unguarded(sys.stdout), nl=False, color=True)
    else:
        print_lines(plain_text.document_text(document))


def print_lines(text: str) -> None:
    """Print a text as it is."""
    click.echo(text, nl=False)


def uses_colour() -> bool:
    """Whether what is printed is looked at by somebody in a terminal that can show it."""
    if not _is_terminal() or (os.name != "nt" and os.environ.get("TERM", "") in SIMPLE):
        return False
    try:
        MARKS.encode(unguarded(sys.stdout).encoding or "ascii")
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


# the two streams ---------------------------------------------------------------------------------


@contextmanager
def _told() -> Iterator[None]:
    """Tell an error of the streams from those of files. Errors: ``OutputFailed``."""
    try:
        yield
    except OSError as error:
        raise OutputFailed from error


class GuardedBytes:
    """A stream of bytes. Errors: ``OutputFailed`` where it takes no more."""

    def __init__(self, stream: BinaryIO) -> None:
        self.unguarded = stream

    def write(self, data: bytes) -> int:
        with _told():
            return self.unguarded.write(data)

    def flush(self) -> None:
        with _told():
            self.unguarded.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.unguarded, name)


class GuardedStream:
    """A stream of text that shows the characters which would act on a screen; bytes go to its ``buffer``.

    Errors: ``OutputFailed`` where it takes no more.
    """

    def __init__(self, stream: TextIO) -> None:
        self.unguarded = stream

    def write(self, text: str) -> int:
        """Write a text; in UTF-8 where the stream is of ASCII, as click does."""
        stream, shown = self.unguarded, show_controls(text)
        with _told():
            if not _is_ascii(stream.encoding):
                return stream.write(shown)
            stream.flush()
            stream.buffer.write(shown.encode("utf-8"))
            stream.buffer.flush()
            return len(shown)

    def flush(self) -> None:
        with _told():
            self.unguarded.flush()

    def writelines(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.write(line)

    @property
    def encoding(self) -> str:
        found = self.unguarded.encoding
        return "utf-8" if _is_ascii(found) else found

    def __getattr__(self, name: str) -> Any:
        if name == "buffer" and os.name == "nt" and self.unguarded.isatty():
            raise AttributeError(name)  # click would write to the console past this
        found = getattr(self.unguarded, name)
        return GuardedBytes(found) if name == "buffer" else found


@contextmanager
def guarded_streams() -> Iterator[None]:
    """Show control characters in whatever is written to standard output and standard error meanwhile."""
    streams = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = (cast("TextIO", each and GuardedStream(each)) for each in streams)
    try:
        yield
    finally:
        sys.stdout, sys.stderr = streams


def unguarded(stream: TextIO) -> TextIO:
    """The stream itself, for colours and bars of progress, which no text of anybody else is part of."""
    found: TextIO = getattr(stream, "unguarded", stream)
    return found


def _is_ascii(encoding: str | None) -> bool:
    try:
        return codecs.lookup(encoding or "ascii").name == "ascii"
    except LookupError:
        return False
