"""``thesis list``."""

from __future__ import annotations

from pathlib import Path

import click

from thesis.cli.common import cache, emit_json, json_option, today


@click.command(
    "list",
    epilog="\b\nExamples:\n  thesis list\n  thesis list --json\n\n"
    "In reach are the bundled packs, the working folder, its sub-folders and those of rules/. The next "
    "review is due with the next quarter's figures. A pack with problems has a line of its own and hides "
    "no other.\n\n"
    "JSON: a list of name (what -p takes), where, id, title, verdict, is_rated, last and last_on (the last "
    "rating, where there is none today), quarter, filed, fresh_until, next_quarter, is_overdue, problems "
    "(how many), why (there is no verdict).\n\n"
    "Exit code 0, whatever the packs say.",
)
@json_option
def command(as_json: bool) -> None:
    """List the packs in reach: verdict, freshness, next review."""
    from thesis import listing

    packs, is_cut = listing.reach(Path.cwd())
    rows = listing.look(packs, today(), cache())
    if as_json:
        emit_json([row._asdict() for row in rows])
        if is_cut:
            click.echo(listing.MORE, err=True)
    else:
        click.echo(listing.table(rows, is_cut=is_cut))
