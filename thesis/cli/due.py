"""``thesis due``."""

from __future__ import annotations

from datetime import date

import click

from thesis.cli.context import (
    as_of_option,
    assess_on,
    cache,
    emit_json,
    journal_of,
    json_option,
    locate_pack,
    pack_argument,
    today,
)
from thesis.cli.exit_codes import BELOW, FINE
from thesis.workspace.open_pack import open_pack


@click.command(
    "due",
    epilog="\b\nExamples:\n  thesis due\n  thesis due amzn-4t --as-of 2026-10-15\n\n"
    "A review is due within the pack's `review_days` (14) of its filing, a judgement until it expires or "
    "something ends it, a decision from the day on which a kill criterion trips.\n\n"
    "Exit codes: 0 nothing is overdue; 1 something is; 3 a problem in the pack or its journal.",
)
@pack_argument
@as_of_option
@json_option
def command(name: str | None, pack: str | None, as_of: date | None, as_json: bool) -> None:
    """What is overdue: reviews, figures, judgements, decisions on tripped criteria."""
    from thesis.cli.output import print_document
    from thesis.journal.status import due_items, journal_status
    from thesis.reports.review_session import due_document

    folder = locate_pack(pack, name)
    opened = open_pack(folder, today(), cache())
    found = assess_on(opened, as_of)
    listed = due_items(opened, found, journal_status(opened, found, journal_of(folder)))
    if as_json:
        emit_json(listed)
    else:
        print_document(due_document(listed))
    raise SystemExit(BELOW if any(each.is_overdue for each in listed) else FINE)
