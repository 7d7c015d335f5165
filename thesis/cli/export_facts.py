"""``thesis export facts``."""

from __future__ import annotations

from datetime import date

import click

from thesis.cli.common import load, today
from thesis.cli.tables import deliver, require, table_options, tell


@click.command("facts", epilog="\b\nExamples:\n  thesis export facts amzn-4t --vintages --out facts.csv")
@table_options
@click.option("--vintages", is_flag=True, help="Also the rows that a later one supersedes.")
def command(
    name: str | None,
    pack: str | None,
    as_of: date | None,
    form: str,
    out: str | None,
    force: bool,
    columns: bool,
    vintages: bool,
) -> None:
    """Write the facts filed by a day: a row for each value, with its document."""
    from thesis.formats.fact_rows import COLUMNS, fact_table

    if columns:
        tell(COLUMNS)
        return
    require(form, out)
    table = fact_table(load(pack, name), as_of or today(), vintages=vintages)
    deliver(table, form, out, force=force)
