"""``thesis export history``."""

from __future__ import annotations

from datetime import date

import click

from thesis.cli.common import load, today
from thesis.cli.tables import deliver, leave, quarters_option, require, table_options, tell


@click.command(
    "history",
    epilog="\b\nExamples:\n  thesis export history amzn-4t --quarters 12 --format parquet --out past.parquet",
)
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
    """Write what the rules would have said each quarter, on what was filed by then: a row for each rule."""
    from thesis.formats.history_rows import COLUMNS, history_table

    if columns:
        tell(COLUMNS)
        return
    require(form, out)
    try:
        table = history_table(load(pack, name), as_of or today(), quarters)
    except LookupError as error:
        leave(error)
    deliver(table, form, out, force=force)
