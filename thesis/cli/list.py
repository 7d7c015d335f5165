"""``thesis list``."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from thesis.cli.context import as_of_option, cache, emit_json, json_option, today
from thesis.cli.output import plain_option, print_document


@click.command(
    "list",
    epilog="\b\nExamples:\n  thesis list\n  thesis list --as-of 2026-10-15 --json\n\n"
    "In reach are the bundled packs, the working folder, its sub-folders and those of rules/. The next "
    "review is due with the next quarter's figures. A pack with problems has a line of its own and hides "
    "no other. `thesis board` tells more of each, what is urgent first.\n\n"
    "JSON: a list of name (what -p takes), where, id, title, verdict, is_rated, last and last_on (the last "
    "rating, where there is none today), quarter, filed, fresh_until, next_quarter, is_overdue, published "
    "(the verdict of the last signed review), problems (how many), why (there is no verdict).\n\n"
    "Exit code 0, whatever the packs say.",
)
@as_of_option
@json_option
@plain_option
def command(as_of: date | None, as_json: bool, plain: bool) -> None:
    """List the packs in reach: verdict, freshness, next review."""
    from thesis.board import pack_list, pack_selection, row_builder

    packs, is_cut = pack_selection.packs_in_reach(Path.cwd())
    rows = row_builder.board_rows(packs, as_of or today(), today(), cache())
    if as_json:
        emit_json([pack_list.pack_list_json(row) for row in rows])
        if is_cut:
            click.echo(pack_selection.MORE, err=True)
    else:
        print_document(pack_list.pack_list_document(rows, is_cut=is_cut), plain=plain)
