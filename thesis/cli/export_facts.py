"""``thesis export facts``."""

from __future__ import annotations

from datetime import date

import click

from thesis.cli.context import load_pack, today
from thesis.cli.table_output import require_table_format, table_options, tell_columns, write_table


@click.command("facts", epilog="\b\nExamples:\n  thesis export facts amzn-4t --vintages --out facts.csv")
@table_options
@click.option("--vintages", is_flag=True, help="Also the rows that a later one supersedes.")
def command(
    name: str | None,
    pack: str | None,
    as_of: date | None,
    form: str | None,
    out: str | None,
    force: bool,
    columns: bool,
    vintages: bool,
) -> None:
    """Write the facts filed by a day: a row for each value, with its document."""
    from thesis.export.fact_rows import COLUMNS, fact_table

    if columns:
        tell_columns(COLUMNS)
        return
    written_as = require_table_format(form, out)
    table = fact_table(load_pack(pack, name), as_of or today(), vintages=vintages)
    write_table(table, written_as, out, force=force)
