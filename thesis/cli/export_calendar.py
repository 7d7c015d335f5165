"""``thesis export calendar``."""

from __future__ import annotations

from datetime import date

import click

from thesis.case.case import NothingKnown
from thesis.cli.context import as_of_option, cache, journal_of, locate_pack, pack_argument, today, write_out
from thesis.cli.table_output import end_with_table, out_options
from thesis.workspace.open_pack import open_pack


@click.command("calendar", epilog="\b\nExamples:\n  thesis export calendar amzn-4t --out amzn-4t.ics --force")
@pack_argument
@as_of_option
@out_options
def command(name: str | None, pack: str | None, as_of: date | None, out: str | None, force: bool) -> None:
    """Write an iCalendar feed: the next figures and the review due, and when judgements expire.

    Overrides end and forecasts settle on their days as well, where the pack has them. What a review has
    signed is not due, and forecasts that reviews hold count as `thesis due` counts them.
    """
    from thesis.export.icalendar import icalendar
    from thesis.export.key_dates import key_dates
    from thesis.journal.status import journal_status
    from thesis.scoring.assess import assess

    folder, day = locate_pack(pack, name), as_of or today()
    opened = open_pack(folder, today(), cache())
    try:
        found = assess(opened, day)
    except NothingKnown as error:
        end_with_table(error)
    dates = key_dates(opened, found, journal_status(opened, found, journal_of(folder)))
    feed = icalendar(opened.thesis.id, day, dates).encode()  # its lines end with CR and LF
    if out:
        write_out(feed, out, force=force)
    else:
        click.echo(feed, nl=False)
