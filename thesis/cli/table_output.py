"""Tables on the command line: the format of the file, and where it is written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from thesis.case.case import NothingKnown
from thesis.cli.context import as_of_option, pack_argument, write_out
from thesis.cli.exit_codes import UNDETERMINED
from thesis.cli.extras import require_modules as needed

if TYPE_CHECKING:
    from thesis.export.data_table import DataColumn, DataTable

Command = TypeVar("Command", bound=Callable[..., Any])


def out_options(command: Command) -> Command:
    """``--out`` and ``--force``."""
    out = click.option("--out", metavar="FILE", help="Write it to a file.")
    return out(click.option("--force", is_flag=True, help="Replace the file if it is there.")(command))


def table_options(command: Command) -> Command:
    """What the commands that write a table have in common."""
    listed = click.option("--columns", is_flag=True, help="Print what each column means, and no rows.")
    form = click.option(
        "--format", "form", type=click.Choice(["csv", "parquet"]), default="csv", show_default=True,
        help="Parquet needs pip install 'thesis[parquet]' and --out.",
    )  # fmt: skip
    return pack_argument(as_of_option(form(out_options(listed(command)))))


def quarters_option(command: Command) -> Command:
    count = click.IntRange(1, 80)
    return click.option("--quarters", type=count, default=20, show_default=True, help="How many.")(command)


def tell_columns(columns: Sequence[DataColumn]) -> None:
    """Print what the columns mean."""
    from thesis.export.data_table import column_notes

    click.echo(column_notes(columns))


def require_table_format(form: str, out: str | None) -> None:
    """Errors: usage, for Parquet without a file to write to; ``ExtraMissing``, without pyarrow."""
    if form != "parquet":
        return
    if not out:
        raise click.UsageError("Parquet is not text: name a file with --out")
    needed("Parquet", "parquet", "pyarrow")


def write_table(table: DataTable, form: str, out: str | None, *, force: bool) -> None:
    """Print a table or write it to the file that was asked for."""
    if form == "parquet":
        from thesis.export.parquet import to_parquet

        assert out  # ``require_table_format`` saw to it
        write_out(to_parquet(table), out, force=force)
        return
    from thesis.export.csv_table import to_csv

    text = to_csv(table)
    if out:
        write_out(text, out, force=force)
    else:
        click.echo(text, nl=False)


def end_with_table(why: NothingKnown) -> NoReturn:
    """End an export for which no facts are known by the day: say why, with the exit code ``UNDETERMINED``."""
    click.echo(f"nothing to export: {why}", err=True)
    raise SystemExit(UNDETERMINED) from None
