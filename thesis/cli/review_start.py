"""``thesis review start``."""

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
    write_out,
)
from thesis.cli.output import plain_option, print_document
from thesis.workspace.open_pack import open_pack


@click.command(
    "start",
    epilog="\b\nExamples:\n"
    "  thesis review start\n"
    "  thesis review start --form review.md      the quarterly form, filled in as far as figures can\n\n"
    "Nothing is written but the form. Exit code 0.",
)
@pack_argument
@as_of_option
@json_option
@plain_option
@click.option("--form", metavar="FILE", help="Write the quarterly form, to be filled in by hand.")
@click.option("--force", is_flag=True, help="Replace the file if it is there.")
def command(
    name: str | None,
    pack: str | None,
    as_of: date | None,
    as_json: bool,
    plain: bool,
    form: str | None,
    force: bool,
) -> None:
    """What a review is about: new figures, expired judgements, what is missing, near or settled."""
    from thesis.cli.comparison_sides import last_review
    from thesis.journal.agenda import review_agenda

    folder = locate_pack(pack, name)
    opened = open_pack(folder, today(), cache())
    found = assess_on(opened, as_of)
    chain = journal_of(folder)
    held = review_agenda(opened, found, chain, last_review(folder, chain, found.as_of))
    if form:
        from thesis.memo.review_form import render_review_form

        write_out(render_review_form(held), form, force=force)
    elif as_json:
        emit_json({name: value for name, value in held._asdict().items() if name != "found"})
    else:
        from thesis.reports.review_session import review_start_document

        print_document(review_start_document(held), plain=plain)
