"""``thesis export``: a pack as the files that other programs read."""

from __future__ import annotations

import click

from thesis.cli.lazy_group import LazyGroup

COMMANDS = {
    "facts": "A row for each reported value.",
    "metrics": "A row for each metric in each quarter.",
    "history": "A row for each rule in each quarter, on what was filed by then.",
    "workbook": "A spreadsheet with the scorecard and the valuation as formulas.",
    "calendar": "When figures are due and judgements expire, as an iCalendar feed.",
}


class ExportGroup(LazyGroup):
    """What a pack is written as."""

    known = COMMANDS
    modules = "thesis.cli.export_"


@click.group(
    "export",
    cls=ExportGroup,
    epilog="\b\nExamples:\n"
    "  thesis export metrics amzn-4t --quarters 20 > metrics.csv\n"
    "  thesis export facts --out facts.parquet\n"
    "  thesis export workbook --as-of 2026-10-15 --out amzn-4t.xlsx\n"
    "  thesis export calendar --out amzn-4t.ics",
)
def command() -> None:
    """Write a pack for other programs: tables, a spreadsheet, a calendar."""
