"""``thesis review list``."""

from __future__ import annotations

import click

from thesis.cli.common import emit_json, journal_of, json_option, locate, pack_argument
from thesis.cli.terminal import plain_option, show


@click.command(
    "list",
    epilog="\b\nExamples:\n  thesis review list\n  thesis review list --json\n\n"
    "Exit code 0, whatever the reviews say.",
)
@pack_argument
@json_option
@plain_option
def command(name: str | None, pack: str | None, as_json: bool, plain: bool) -> None:
    """List the signed reviews: what was published, by whom, and what was decided."""
    from thesis import logbook

    chain = journal_of(locate(pack, name))
    if as_json:
        emit_json(logbook.as_data(chain))
    else:
        show(logbook.laid_out(chain), plain=plain)
