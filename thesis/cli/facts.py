"""``thesis facts``."""

from __future__ import annotations

from datetime import date

import click

from thesis.cli.common import as_of_option, emit_json, json_option, load, pack_option, today
from thesis.problems import did_you_mean


@click.command(
    "facts",
    epilog="\b\nExamples:\n"
    "  thesis facts\n"
    "  thesis facts --concept aws.net_sales\n"
    "  thesis facts --concept shipping_costs --vintages",
)
@pack_option
@as_of_option
@json_option
@click.option("--concept", metavar="NAME", help="The rows of one concept.")
@click.option("--vintages", is_flag=True, help="Also the rows that a later one supersedes.")
def command(pack: str | None, as_of: date | None, as_json: bool, concept: str | None, vintages: bool) -> None:
    """List the facts: what is known of each concept, or one concept's rows with their sources."""
    from thesis import factlist
    from thesis.facts import Vintage

    opened = load(pack)
    if concept and concept not in opened.concepts:
        hint = did_you_mean(concept, opened.concepts)
        raise click.UsageError(f"there is no concept called `{concept}`{f'; {hint}' if hint else ''}")
    vintage = Vintage(opened.facts, opened.concepts, as_of or today(), opened.thesis.quarter)
    if concept:
        rows = factlist.rows(vintage, concept, vintages=vintages)
        if as_json:
            emit_json(rows)
        else:
            click.echo(factlist.rows_text(vintage, concept, rows))
        return
    listed = factlist.overview(opened, vintage)
    if as_json:
        emit_json(listed)
    else:
        click.echo(factlist.overview_text(listed))
