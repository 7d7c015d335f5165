"""Tables on the command line: the format of the file, and where it is written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from thesis.case.case import NothingKnown
from thesis.cli.context import as_of_option, pack_argument, write_out
from thesis.cli.exit_codes import UNDETERMINED
from thesis.cli.extras import require_modules
from thesis.cli.typed_arguments import CountArgument
from thesis.export.table_formats import TABLE_FORMATS, TableFormat, format_help, format_of

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
    form = click.option("--format", "form", type=click.Choice(list(TABLE_FORMATS)), help=format_help())
    return pack_argument(as_of_option(form(out_options(listed(command)))))


def quarters_option(command: Command) -> Command:
    count = CountArgument(1, 80)
    return click.option("--quarters", type=count, default=20, show_default=True, help="How many.")(command)


def tell_columns(columns: Sequence[DataColumn]) -> None:
    """Print what the columns mean."""
    from thesis.export.data_table import column_notes

    click.echo(column_notes(columns))


def require_table_format(name: str | None, out: str | None) -> TableFormat:
    """The format to write, by its name or by the file's.

    Errors: usage, for a format that is not text without a file to write to; ``ExtraMissing``.
    """
    form = format_of(name, out)
    if not (form.is_text or out):
        raise click.UsageError(f"{form.title} is not text: name a file with --out")
    require_modules(form.title, form.extra, *form.modules)
    return form


def write_table(table: DataTable, form: TableFormat, out: str | None, *, force: bool) -> None:
    """Print a table or write it to the file that was asked for."""
    content = form.content(table)
    if out:
        write_out(content, out, force=force)
    else:
        click.echo(content, nl=False)


def end_with_table(why: NothingKnown) -> NoReturn:
    """End an export for which no facts are known by the day: say why, with the exit code ``UNDETERMINED``."""
    click.echo(f"nothing to export: {why}", err=True)
    raise SystemExit(UNDETERMINED) from None
