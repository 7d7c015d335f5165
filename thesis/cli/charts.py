"""``thesis charts``."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from thesis.cli.common import as_of_option, load, look, pack_argument, today
from thesis.problems import Flawed, Problem

if TYPE_CHECKING:
    from thesis.appraisal.simulated import Options

QUARTERS = 12  # of the past


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

    The history of each measure against its bands, the scorecard over the quarters, the verdict table, and,
    where the pack says what is believed, the scenarios, the beliefs and how the price came about.
    """
    from thesis import past
    from thesis.charts import charts

    opened, day = load(pack, name), as_of or today()
    seen = look(opened, day, appraised=True, draw=_draws() if simulate else None)
    found = charts(seen, past.assessments(opened, day, QUARTERS))
    _write({f"{chart.id}.svg": f"{chart.svg}\n" for chart in found}, out, force=force)


def _write(texts: Mapping[str, str], out: str, *, force: bool) -> None:
    """Write the files into a folder, all or none. Errors: ``Flawed`` if one cannot be, or is there."""
    from thesis.files import write_together

    try:
        write_together(Path(out), texts, replace=force)
    except FileExistsError as error:
        there = os.path.join(out, os.path.basename(error.filename2 or error.filename))
        problem = Problem("exists", f"`{there}` is there already", hint="use --force to replace it")
        raise Flawed([problem]) from None
    except OSError as error:
        above = Path(out).parent
        reason = (error.strerror or "it cannot be written").lower()
        hint = "" if above.is_dir() else f"there is no folder `{above}`; make it first"
        message = f"cannot write `{out}`: {reason}; nothing was changed"
        raise Flawed([Problem("unwritable", message, hint=hint)]) from None
    for name in texts:
        click.echo(f"wrote {os.path.join(out, name)}", err=True)


def _draws() -> Options:
    from thesis.cli.simulate import usual_draws

    return usual_draws()
