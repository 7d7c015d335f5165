"""Command line: one module a command, loaded when it is called.

Only here live the clock, the working folder, standard output and exit codes.
"""

from __future__ import annotations

import errno
import gc
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import click

from thesis import __version__
from thesis.cli.exit_codes import BUG, FINE, INTERRUPTED, NOT_WRITTEN, PROBLEM
from thesis.cli.lazy_group import LazyGroup
from thesis.core import semantics

COMMANDS = {
    "memo": "Print the investment memo.",
    "charts": "Draw it: the charts of an assessment, as SVG files.",
    "check": "Does the thesis still stand? A checklist and an exit code.",
    "explain": "Take a rule, a metric or a concept apart, down to the filings.",
    "simulate": "Chances of the target under the pack's beliefs.",
    "value": "What the target takes, and what the price assumes.",
    "base-rate": "How many companies of a size have grown so fast.",
    "review": "Start, sign, list and verify the quarterly review.",
    "judge": "Grade a rubric, or say that something happened that ends its grades.",
    "override": "Replace a rule's score or answer, with a reason and an end.",
    "forecast": "Register a dated probability; settle or list forecasts.",
    "diff": "What changed between two reviews, quarters or days, and who moved.",
    "due": "What is overdue, with an exit code for schedulers.",
    "calibration": "How good the forecasts were.",
    "history": "One line per quarter, each on what was filed by then.",
    "facts": "List the facts and where they come from.",
    "export": "Tables, a spreadsheet or a calendar, for other programs.",
    "new": "Start a pack of your own.",
    "board": "Many theses at a glance, those that cannot wait first.",
    "list": "The packs in reach, each with its verdict and its next review.",
    "lint": "Check a pack's files.",
    "test": "Run a pack's own trials.",
    "schema": "JSON Schema of a pack's files and of what --json prints.",
}


FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF)
"""Of what takes an answer: it takes no more. Files are written elsewhere, and report their own errors."""

OBJECTS_BEFORE_COLLECTION = 200_000
"""New objects after which Python looks for unreachable cycles. A command makes few of them and ends soon, so
that looking as often as Python does by itself takes a twentieth of its time and frees nothing."""


class OutputFailed(Exception):
    """The answer could not be written; the cause is the error that said so."""


@contextmanager
def _told() -> Iterator[None]:
    """Raise ``OutputFailed`` before click turns a closed pipe into an exit code that has a meaning here."""
    try:
        yield
    except OSError as error:
        if error.errno in (*FULL, errno.EPIPE):
            raise OutputFailed from error
        raise


class ThesisGroup(LazyGroup):
    """The program's commands."""

    known = COMMANDS
    modules = "thesis.cli."

    def make_context(self, *given: Any, **more: Any) -> click.Context:
        with _told():
            return super().make_context(*given, **more)

    def invoke(self, ctx: click.Context) -> Any:
        with _told():
            return super().invoke(ctx)


@click.group(
    cls=ThesisGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit codes: 0 fine; 1 the verdict is below what was asked for, or a kill criterion has "
    "tripped; 2 wrong usage; 3 a problem in your files; 4 undetermined or not rated.",
)
@click.version_option(
    __version__,
    prog_name="thesis",
    message=f"%(prog)s, version %(version)s, rules version {semantics.SEMANTICS}",
)
def cli() -> None:
    """Run an investment thesis: score it against what the filings say, and print the memo.

    \b
    thesis memo amzn-4t                  the memo of a thesis; without a name, of that in this folder
    thesis check --fail-under WATCH      for a scheduler: exit code 1 if it is worse
    thesis explain aws-growth            where a score comes from
    """


def main() -> None:
    """Run the program; what is a mistake of the program's own is never swallowed."""
    gc.set_threshold(OBJECTS_BEFORE_COLLECTION)
    try:
        with _told():
            _run()
    except OutputFailed as untold:
        sys.exit(_unheard(untold.__cause__))


def _unheard(error: BaseException | None) -> int:
    """The exit code where an answer could not be written, after saying so; a reader who left is no error."""
    if isinstance(error, BrokenPipeError):
        _hushed()
        return FINE
    with suppress(OSError):
        reason = getattr(error, "strerror", None) or "it takes no more"
        click.echo(f"cannot write the answer: {reason.lower()}", err=True)
    _hushed()
    return NOT_WRITTEN


def _hushed() -> None:
    """Let both streams lead nowhere: what one still holds would be written, and complained of, at the end."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError, AttributeError):  # one that is closed, or no file
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _run() -> None:
    from thesis.core.problem import InvalidInput

    try:
        cli(standalone_mode=False)
    except click.exceptions.Exit as stopped:
        sys.exit(stopped.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except InvalidInput as flawed:
        from thesis.core.problem import render_problems

        click.echo(render_problems(flawed.problems, flawed.sources), err=True)
        sys.exit(PROBLEM)
    except (click.Abort, KeyboardInterrupt):
        click.echo("stopped", err=True)
        sys.exit(INTERRUPTED)
    except OutputFailed:
        raise
    except Exception:
        import traceback

        traceback.print_exc()
        click.echo("this is a bug in thesis, not in your files: please report it", err=True)
        sys.exit(BUG)
