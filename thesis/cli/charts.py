"""``thesis charts``."""

from __future__ import annotations

import os
from datetime import date
from typing import TYPE_CHECKING

import click

from thesis.cli.context import (
    as_of_option,
    assess_on,
    cache,
    journal_of,
    locate_pack,
    pack_argument,
    today,
    write_folder,
)
from thesis.cli.memo import journal_context, memo_charts
from thesis.workspace.open_pack import open_pack

if TYPE_CHECKING:
    from thesis.appraisal.simulation.target_chances import SimulationOptions


@click.command(
    "charts",
    epilog="\b\nExamples:\n"
    "  thesis charts amzn-4t --as-of 2026-10-15 --out charts\n"
    "  thesis charts --out charts --simulate --force",
)
@pack_argument
@as_of_option
@click.option("--simulate", is_flag=True, help="With the fan of what is drawn from the beliefs.")
@click.option("--out", metavar="DIR", required=True, help="The folder to write to; it is made if need be.")
@click.option("--force", is_flag=True, help="Replace files that are there.")
def command(
    name: str | None,
    pack: str | None,
    as_of: date | None,
    simulate: bool,
    out: str,
    force: bool,
) -> None:
    """Write the charts of an assessment, each as an SVG file.

    The history of each measure against its bands, the scorecard over the quarters, the verdict table; where
    the pack says what is believed, the scenarios, the beliefs and how the price came about; and where
    forecasts were settled, how often they came true. They are those of `thesis memo --out DIR/`.
    """
    folder, day = locate_pack(pack, name), as_of or today()
    opened = open_pack(folder, today(), cache())
    seen = assess_on(opened, day, appraised=True, draw=_draws() if simulate else None)
    found = memo_charts(seen, opened, journal_context(folder, opened, seen, journal_of(folder)))
    pictures = {f"{chart.id}.svg": f"{chart.svg}\n" for chart in found}
    is_new = write_folder(pictures, out, force=force)
    for picture in pictures:
        name = os.path.join(out, picture)
        click.echo(f"wrote {name}" if is_new else f"{name} is there already, byte for byte", err=True)


def _draws() -> SimulationOptions:
    from thesis.cli.simulate import usual_draws

    return usual_draws()
