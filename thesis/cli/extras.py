"""Optional dependencies that some commands need, and the message that names a missing one."""

from __future__ import annotations

from importlib.util import find_spec

import click

from thesis.cli.exit_codes import WRONG_USAGE


class ExtraMissing(click.ClickException):
    """What a command needs is not there: one line that says how to get it, without the command's usage."""

    exit_code = WRONG_USAGE


def require_modules(what: str, extra: str, *modules: str) -> None:
    """See that modules can be imported, by the names that people know.

    Errors: ``ExtraMissing``, which names those that cannot and the extra that brings them.
    """
    missing = [name for name in modules if find_spec(name.lower()) is None]
    if missing:
        raise ExtraMissing(f"{what} needs {' and '.join(missing)}: pip install 'thesis[{extra}]'")
