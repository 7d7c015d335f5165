"""``thesis todo``."""

from __future__ import annotations

from datetime import date

import click

from thesis.cli.context import (
    as_of_option,
    assess_on,
    cache,
    emit_answer,
    json_option,
    locate_pack,
    pack_argument,
    today,
)
from thesis.cli.exit_codes import BELOW, FINE
from thesis.cli.output import plain_option
from thesis.workspace.open_pack import open_pack


@click.command(
    "todo",
    epilog="\b\nExamples:\n  thesis todo\n  thesis todo amzn-4t --as-of 2026-12-01\n\n"
    "The fewest documents, figures and grades that restore a rating come first, then whatever else the rules "
    "read and do not find. What a command needs from a reader stands in capitals.\n\n"
    "Exit codes: 0 nothing is owed; 1 something is; 3 a problem in the pack.",
)
@pack_argument
@as_of_option
@json_option
@plain_option
def command(name: str | None, pack: str | None, as_of: date | None, as_json: bool, plain: bool) -> None:
    """What a rating needs: each input that is missing or out of date, by document, with its command."""
    from thesis.archive.documents import documents_on_file
    from thesis.cli.output import print_document
    from thesis.reports.work_report import work_document
    from thesis.worklist.work_list import work_list

    folder = locate_pack(pack, name)
    opened = open_pack(folder, today(), cache())
    found = assess_on(opened, as_of)
    work = work_list(opened, found, documents_on_file(folder.path, folder.shown), named=pack or name or "")
    if as_json:
        emit_answer("todo", work)
    else:
        print_document(work_document(work, found), plain=plain)
    raise SystemExit(BELOW if work.is_owed else FINE)
