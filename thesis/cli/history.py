"""``thesis history``."""

from __future__ import annotations

from datetime import date

import click

from thesis.cli.context import as_of_option, emit_answer, json_option, load_pack, pack_argument, today
from thesis.cli.output import plain_option, print_document
from thesis.cli.typed_arguments import CountArgument


@click.command(
    "history",
    epilog="\b\nExamples:\n  thesis history\n  thesis history amzn-4t --quarters 20 --as-of 2026-10-15",
)
@pack_argument
@as_of_option
@json_option
@plain_option
@click.option("--quarters", type=CountArgument(1, 80), default=12, show_default=True, help="How many.")
def command(
    name: str | None, pack: str | None, as_of: date | None, as_json: bool, plain: bool, quarters: int
) -> None:
    """One line per quarter, each seen from the day its report was filed.

    Nothing that was filed later is used, so a line says what could have been known then. A quarter that was
    filed after a later one was never the newest, and has no line; below the lines it is named.
    """
    from thesis.reports import quarterly_history

    opened = load_pack(pack, name)
    day = as_of or today()
    found = quarterly_history.past_assessments(opened, day, quarters)
    left_out = quarterly_history.quarters_left_out(opened, day, found)
    dated = quarterly_history.rule_changes(opened, day, found)
    if as_json:
        emit_answer("history", quarterly_history.history_rows(found, left_out, dated))
    else:
        print_document(quarterly_history.history_document(found, left_out, dated), plain=plain)
