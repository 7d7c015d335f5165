"""``thesis documents list``."""

from __future__ import annotations

import click

from thesis.cli.context import cache_folder, emit_json, json_option, locate_pack, pack_argument
from thesis.cli.exit_codes import BELOW
from thesis.cli.output import plain_option, print_document


@click.command(
    "list",
    epilog="\b\nExamples:\n  thesis documents list\n  thesis documents list rules/mine --json\n\n"
    "JSON: digest, id, entity, form, accession, filed, period, origin, state (here, missing, damaged), "
    "way_back. Exit codes: 0 fine; 1 the bytes of one are missing or damaged; 2 wrong usage; 3 a problem in "
    "documents.csv.",
)
@pack_argument
@json_option
@plain_option
def command(name: str | None, pack: str | None, as_json: bool, plain: bool) -> None:
    """List the documents on file, and whether their bytes are here and whole."""
    from thesis.archive.document_store import DocumentStore
    from thesis.archive.documents import documents_on_file
    from thesis.reports import document_list

    folder = locate_pack(pack, name)
    store = DocumentStore(cache_folder())
    listed = [(each, store.state(each)) for each in documents_on_file(folder.path, folder.shown)]
    if as_json:
        emit_json(document_list.document_list_json(listed))
    else:
        print_document(document_list.document_list(listed), plain=plain)
    if any(state != "here" for _, state in listed):
        raise SystemExit(BELOW)
