"""Command line: one module a command, loaded when it is called.

Only here live the clock, the working folder, standard output and exit codes.
"""

from __future__ import annotations

import gc
import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, NoReturn

import click

from thesis import __version__
from thesis.cli.exit_codes import BUG, FINE, INTERRUPTED, NOT_WRITTEN, PROBLEM
from thesis.cli.lazy_group import LazyGroup
from thesis.cli.output import OutputFailed, guarded_streams
from thesis.core import semantics

GROUPS = {
    "Look at a thesis": {
        "check": "Show on one screen whether the thesis still stands.",
        "memo": "Print the memo, or write it as HTML, PDF or Markdown.",
        "value": "Show what the target requires and what the price implies.",
        "explain": "Take a rating, a score or a figure apart, down to the filings.",
        "history": "Show each quarter as it would have been rated on the day.",
        "record": "Show what was said each quarter and what the price did after.",
        "simulate": "Draw from the assumptions how likely the target is.",
        "base-rate": "Show how many companies of a size have grown so fast.",
        "charts": "Draw the charts, as SVG files.",
        "board": "Compare many theses, the most urgent first.",
        "list": "List the packs in reach, with their ratings.",
    },
    "Review it": {
        "todo": "List what a rating needs today, by document, with the commands.",
        "due": "List what is overdue; the exit code says whether anything is.",
        "review": "Start, sign, list and verify the quarterly review.",
        "judge": "Grade a rubric, with evidence and its source.",
        "override": "Put your own word in place of a score, until a day.",
        "forecast": "Register a dated probability; settle or list forecasts.",
        "diff": "Show what changed between two reviews, quarters or days.",
        "calibration": "Show how good the forecasts were.",
    },
    "Keep its figures": {
        "facts": "List, fetch, import, enter and check reported figures.",
        "documents": "List, add, print and search the documents on file.",
        "export": "Write tables, a spreadsheet or a calendar.",
    },
    "Set up and maintain": {
        "new": "Start a thesis of your own, from a copy or from scratch.",
        "lint": "Check the files of a pack.",
        "test": "Run the trials of a pack.",
        "schema": "Print the JSON Schema of a pack's files or of an answer.",
        "help": "Explain a command, as `thesis help memo`.",
    },
}
COMMANDS = {name: text for group in GROUPS.values() for name, text in group.items()}


OBJECTS_BEFORE_COLLECTION = 200_000
"""New objects after which Python looks for unreachable cycles. A command makes few of them and ends soon, so
that looking as often as Python does by itself takes a twentieth of its time and frees nothing."""


class ThesisGroup(LazyGroup):
    """The program's commands."""

    known = COMMANDS
    groups = GROUPS
    modules = "thesis.cli."


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
    """Score an investment thesis against what companies have filed, and print the memo.

    Start with the thesis that comes with the program, on a day when its figures were new:

    \b
    thesis check amzn-4t --as-of 2026-10-15
    thesis memo amzn-4t --as-of 2026-10-15 --out memo.html
    thesis new mine --from amzn-4t

    The first shows it on one screen, the second writes the memo for a browser, the third copies it, so that
    you can write a thesis of your own. In a pack's folder no command needs its name.
    """


def main() -> None:
    """Run the program; what is a mistake of the program's own is never swallowed."""
    gc.set_threshold(OBJECTS_BEFORE_COLLECTION)
    with guarded_streams():
        try:
            _run()
        except OutputFailed as untold:
            sys.exit(_unheard(untold.__cause__))


def _unheard(error: BaseException | None) -> int:
    """The exit code where an answer could not be written, after saying so; a reader who left is no error."""
    if isinstance(error, BrokenPipeError):
        _hushed()
        return FINE
    with suppress(OutputFailed):
        reason = getattr(error, "strerror", None) or "it takes no more"
        click.echo(f"cannot write the answer: {reason.lower()}", err=True)
    _hushed()
    return NOT_WRITTEN


def _hushed() -> None:
    """Let both streams lead nowhere: what one still holds would be written, and complained of, at the end."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError, AttributeError):  # one that is closed, or no file
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


@contextmanager
def _warned() -> Iterator[None]:
    """Tell on standard error, in a line of their own, what is to be known of writes that succeed."""
    from thesis.files.disk import DiskWarning

    def told(message: Warning | str, category: type[Warning], *where: Any, **more: Any) -> None:
        if not issubclass(category, DiskWarning):
            otherwise(message, category, *where, **more)
            return
        with suppress(OutputFailed):  # what is written is written, whoever hears of it
            click.echo(f"warning: {message}", err=True)

    otherwise = warnings.showwarning
    with warnings.catch_warnings():
        warnings.simplefilter("always", DiskWarning)
        warnings.showwarning = told
        yield


def _refused(error: OSError) -> NoReturn:
    """End the program because the system refused something, which is no mistake of the program's."""
    from thesis.core.problem import Problem, render_problems

    name = error.filename
    name = os.fsdecode(name) if isinstance(name, (str, bytes)) else str(name)
    what = (
        "the system refuses what the command needs"
        if error.filename is None
        else f"cannot read or write `{name}`"
    )
    message = f"{what}: {(error.strerror or str(error) or 'it does not say why').lower()}"
    problem = Problem(
        "unreadable-file", message, hint="mend what stands in the way, and say the command again"
    )
    click.echo(render_problems([problem], {}), err=True, color=True)
    sys.exit(PROBLEM)


def _run() -> None:
    from thesis.core.problem import InvalidInput

    try:
        with _warned():
            cli(standalone_mode=False, color=True)  # else click leaves out of pipes what the streams show
    except click.exceptions.Exit as stopped:
        sys.exit(stopped.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except InvalidInput as flawed:
        from thesis.core.problem import render_problems

        click.echo(render_problems(flawed.problems, flawed.sources), err=True, color=True)
        sys.exit(PROBLEM)
    except (click.Abort, KeyboardInterrupt):
        click.echo("stopped", err=True)
        sys.exit(INTERRUPTED)
    except OutputFailed:
        raise
    except Exception as error:
        if isinstance(error, OSError):
            _refused(error)
        import traceback

        traceback.print_exc()
        click.echo("this is a bug in thesis, not in your files: please report it", err=True)
        sys.exit(BUG)
