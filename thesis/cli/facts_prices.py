"""``thesis facts prices``: closes from a site."""

from __future__ import annotations

import click

from thesis.cli.lazy_group import LazyGroup


class PricesGroup(LazyGroup):
    """What is done with prices; a file of them is taken over by ``facts import``."""

    known = {"fetch": "Download the closes since the newest that the pack has."}  # noqa: RUF012
    modules = "thesis.cli.facts_prices_"
    otherwise = "a file of prices is taken over with `thesis facts import`"


@click.group(
    "prices",
    cls=PricesGroup,
    subcommand_metavar="COMMAND [ARGS]...",
    epilog="\b\nExamples:\n  thesis facts prices fetch -p rules/mine",
)
def command() -> None:
    """Take over daily closes from a site of your choice. A file is taken over with `thesis facts import`."""
