"""``thesis calibration``."""

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
from thesis.workspace.open_pack import open_pack


@click.command(
    "calibration",
    epilog="\b\nExamples:\n  thesis calibration\n  thesis calibration --list\n\n"
    "Counted are forecasts that a review sealed before they were settled; back-tests never are. Under 40 "
    "that are independent of one another the answer is `too few`, and --scores prints what they come to. "
    "Exit code 0.",
)
@pack_argument
@as_of_option
@json_option
@click.option("--scores", "scored", is_flag=True, help="Print the scores also where there are too few.")
@click.option("--list", "listed", is_flag=True, help="List every forecast with its score.")
def command(
    name: str | None, pack: str | None, as_of: date | None, as_json: bool, listed: bool, scored: bool
) -> None:
    """How good the forecasts were: scores, skill, reliability, by analyst and by kind of rule."""
    from thesis.cli.output import print_document
    from thesis.journal.forecast_record import forecast_record
    from thesis.reports import calibration_report

    folder = locate_pack(pack, name)
    opened = open_pack(folder, today(), cache())
    found = forecast_record(opened, journal_of(folder), as_of or today())
    if as_json:
        emit_json(found)
    else:
        print_document(calibration_report.calibration_document(found, listed=listed, scored=scored))
