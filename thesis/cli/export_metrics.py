"""``thesis export metrics``."""

from __future__ import annotations

from datetime import date

import click

from thesis.cli.common import load, today
from thesis.cli.tables import deliver, leave, quarters_option, require, table_options, tell


@click.command("metrics", epilog="\b\nExamples:\n  thesis export metrics amzn-4t --quarters 8")
@table_options
@quarters_option
def command(
    name: str | None,
    pack: str | None,
    as_of: date | None,
    form: str,
    out: str | None,
    force: bool,
    columns: bool,
    quarters: int,
) -> None:
    """Write what is worked out from the facts: a row for each metric in each quarter."""
    from thesis.formats.metric_rows import COLUMNS, metric_table

    if columns:
        tell(COLUMNS)
        return
    require(form, out)
    try:
        table = metric_table(load(pack, name), as_of or today(), quarters)
    except LookupError as error:
        leave(error)
    deliver(table, form, out, force=force)
