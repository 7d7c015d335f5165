"""``thesis record``."""

from __future__ import annotations

from datetime import date

import click

from thesis.cli.context import (
    as_of_option,
    cache,
    emit_json,
    journal_of,
    json_option,
    locate_pack,
    pack_argument,
    today,
)
from thesis.cli.output import plain_option, print_document
from thesis.cli.typed_arguments import CountArgument
from thesis.workspace.open_pack import open_pack


@click.command(
    "record",
    epilog="\b\nExamples:\n  thesis record\n  thesis record amzn-4t --quarters 12 --as-of 2026-10-15",
)
@pack_argument
@as_of_option
@json_option
@plain_option
@click.option("--quarters", type=CountArgument(1, 80), default=20, show_default=True, help="How many.")
def command(
    name: str | None, pack: str | None, as_of: date | None, as_json: bool, plain: bool, quarters: int
) -> None:
    """What was said quarter by quarter, and what the price did afterwards.

    Each quarter is seen from the day its report was filed. The price is looked at 1, 2 and 4 quarters later
    and up to date, as far as it is known by the day that is looked from. Each rule and each kill criterion
    has its record too, a criterion with its false alarms and misses.
    """
    from thesis.journal.signed_record import signed_record
    from thesis.reports.track_record_report import record_document

    folder = locate_pack(pack, name)
    opened = open_pack(folder, today(), cache())
    found = signed_record(opened, as_of or today(), quarters, journal_of(folder))
    if as_json:
        emit_json(found)
    else:
        print_document(record_document(found), plain=plain)
