"""Numbers on the command line that are hardly meant: told on standard error, beside whatever is answered."""

from __future__ import annotations

from collections.abc import Iterable

import click

from thesis.case.magnitudes import NumberDoubt


def print_doubts(doubts: Iterable[tuple[str, NumberDoubt | None]]) -> None:
    """Print each doubt under the option that it is about."""
    for option, doubt in doubts:
        if doubt:
            click.echo(f"warning: {option}: {doubt.message}; {doubt.hint}", err=True)
