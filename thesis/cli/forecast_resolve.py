"""``thesis forecast resolve``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from thesis.cli.context import DayArgument, cache, journal_of, locate_pack, pack_option, refuse_bundled, today
from thesis.cli.prompts import Prompt, prompt_answers
from thesis.core.problem import did_you_mean
from thesis.pack.schema.forecasts import REASONS

if TYPE_CHECKING:
    from thesis.pack.load import Pack


@click.command(
    "resolve",
    epilog="\b\nExamples:\n"
    "  thesis forecast resolve F11 --outcome yes --evidence 'AWS is designated.' --source 'Commission'\n"
    "  thesis forecast resolve F4 --outcome annulled --because redefined --evidence 'A segment was redrawn.' "
    "--source '10-Q'\n\n"
    "An outcome is yes, no, a verdict, a value, or annulled, which takes one of three reasons.\n\n"
    "Exit codes: 0 written, or there already; 2 wrong usage; 3 a problem, and then nothing was written.",
)
@click.argument("forecast", metavar="ID")
@pack_option
@click.option("--outcome", metavar="OUTCOME", help="yes, no, annulled, a verdict or a value.")
@click.option("--because", type=click.Choice(REASONS), help="Why it is annulled.")
@click.option("--evidence", metavar="TEXT", help="What settles it.")
@click.option("--source", metavar="TEXT", help="Where that can be read.")
@click.option(
    "--on", type=DayArgument(), metavar="DATE", help="The day on which it was settled. Default: today."
)
@click.option("--by", metavar="NAME", help="Who settles it. Default: THESIS_ANALYST, or the settings.")
def command(forecast: str, pack: str | None, on: date | None, because: str | None, **given: Any) -> None:
    """Settle a forecast by hand: one that no figure tells, or that the figures of its quarter left open."""
    from thesis.case.forecast_terms import ANNULLED, outcome_value
    from thesis.cli.config import analyst
    from thesis.cli.file_entries import add_entry
    from thesis.core.number_text import read_number
    from thesis.journal.forecast_outcomes import forecast_outcomes
    from thesis.pack.folder import FORECASTS
    from thesis.workspace.open_pack import open_pack

    folder = locate_pack(pack)
    refuse_bundled(folder, pack)
    opened = open_pack(folder, today(), cache())
    known = {f.id: f for f in opened.forecasts.forecasts}
    if forecast not in known:
        hint = did_you_mean(forecast, known) or f"there are {', '.join(known) or 'none'}"
        raise click.UsageError(f"there is no forecast called `{forecast}`; {hint}")

    settled = forecast_outcomes(opened, [known[forecast]], today(), journal_of(folder))[0]
    words = {**given, "because": because, "resolved": str(on or "")}
    if not (settled.is_open or _is_said(opened, forecast, words)):
        by = f"by {settled.by}" if settled.by else "by the figures"
        raise click.UsageError(f"`{forecast}` is settled already, {by} on {settled.day}: {settled.text}")

    def outcome(text: str) -> str:
        said = text.strip()
        if known[forecast].kind in ("ladder", "quantiles") and said != ANNULLED:
            said = str(read_number(said, opened.unit_of(known[forecast].metric)))
        outcome_value(known[forecast], said)
        return said

    asks = [
        Prompt("outcome", f"{known[forecast].text}\noutcome", outcome),
        Prompt("evidence", "evidence"),
        Prompt("source", "where that can be read"),
        Prompt("by", "settled by"),
    ]
    said = prompt_answers(asks, {**given, "by": given["by"] or analyst()})
    item = {
        "forecast": forecast,
        "outcome": said["outcome"],
        "resolved": str(on or today()),
        "by": said["by"],
        "evidence": said["evidence"],
        "source": said["source"],
        "because": because or "",
    }
    aside = () if on else ("resolved",)
    add_entry(folder, FORECASTS, "resolutions", item, {"resolved": "on"}, about=("forecast",), aside=aside)
    click.echo(f"{forecast}: {said['outcome']}, by {said['by']}")


def _is_said(pack: Pack, forecast: str, words: Mapping[str, str | None]) -> bool:
    """Whether a forecast was settled by hand in these very words; what is not said may be any."""
    last = next((each for each in reversed(pack.forecasts.resolutions) if each.forecast == forecast), None)
    return last is not None and all(
        getattr(last, name) == word.strip() for name, word in words.items() if word
    )
