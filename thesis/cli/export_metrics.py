"""``thesis export metrics``."""

from __future__ import annotations

from datetime import date

import click

from thesis.case.case import NothingKnown
from thesis.cli.context import load_pack, today
from thesis.cli.table_output import (
    end_with_table,
    quarters_option,
    require_table_format,
    table_options,
    tell_columns,
    write_table,
)


@click.command("metrics", epilog="\b\nExamples:\n  thesis export metrics amzn-4t --quarters 8")
@table_options
@quarters_option
def command(
    name: str | None,
    pack: str | None,
    as_of: date | None,
    form: str | None,
    out: str | None,
    force: bool,
    columns: bool,
    quarters: int,
) -> None:
    """Write what is worked out from the facts: a row for each metric in each quarter."""
    from thesis.export.metric_rows import COLUMNS, metric_table

    if columns:
        tell_columns(COLUMNS)
        return
    written_as = require_table_format(form, out)
    try:
        table = metric_table(load_pack(pack, name), as_of or today(), quarters)
    except NothingKnown as error:
        end_with_table(error)
    write_table(table, written_as, out, force=force)
