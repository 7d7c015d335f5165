"""``thesis review list``."""

from __future__ import annotations

import click

from thesis.cli.context import emit_json, journal_of, json_option, locate_pack, pack_argument
from thesis.cli.output import plain_option, print_document


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
    from thesis.reports import signed_reviews

    chain = journal_of(locate_pack(pack, name))
    if as_json:
        emit_json(signed_reviews.review_list_json(chain))
    else:
        print_document(signed_reviews.review_list_document(chain), plain=plain)
