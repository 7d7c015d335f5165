"""``thesis forecast list``."""

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


@click.command(
    "list",
    epilog="\b\nExamples:\n  thesis forecast list\n  thesis forecast list --json\n\nExit code 0.",
)
@pack_argument
@as_of_option
@json_option
def command(name: str | None, pack: str | None, as_of: date | None, as_json: bool) -> None:
    """List every forecast: how it turned out, or what will settle it."""
    from thesis.case.forecast_terms import forecast_text
    from thesis.journal.forecast_outcomes import forecast_outcomes
    from thesis.pack.schema.shapes import freeze
    from thesis.workspace.open_pack import open_pack

    folder = locate_pack(pack, name)
    opened = open_pack(folder, today(), cache())
    chain = journal_of(folder)
    sealed = {f.id: f for review in reversed(chain) for f in review.forecasts}
    now = {f.id: f for f in opened.forecasts.forecasts}
    found = forecast_outcomes(opened, {**now, **sealed}.values(), as_of or today(), chain)
    if as_json:
        emit_json(found)
        return
    for each in found:
        f = each.forecast
        ends = f"{each.text} on {each.day}" if not each.is_open else f"open, settled by {f.period}"
        edited = f.id in sealed and f.id in now and freeze(now[f.id]) != freeze(f)
        mark = "; EDITED in the file since it was sealed" if edited else ""
        click.echo(f"{f.id:<10} {ends:<28} {forecast_text(f)}  {f.text}  ({f.by}, {f.made}{mark})")
    if not found:
        click.echo("no forecast is registered yet: thesis forecast --help")
