"""``thesis documents text``."""

from __future__ import annotations

import click

from thesis.cli.context import cache_folder, emit_json, json_option, locate_pack, pack_option
from thesis.cli.exit_codes import BELOW
from thesis.cli.typed_arguments import completing


@click.command(
    "text",
    epilog="\b\nExamples:\n"
    "  thesis documents text 0001018724-26-000026 | less\n"
    '  thesis documents text amzn-20260630.htm --quote "net sales increased 13%"\n\n'
    "DOCUMENT is the beginning of a digest, an accession number or the name of a file, as in `thesis "
    "documents list`. A paragraph, a row of a table or a line of a plain text is a line here, without "
    "markup. JSON: document, and text or passages (offset, length, line, page, text, place). Exit codes: 0 "
    "fine; 1 the quote does not stand there; 2 wrong usage; 3 a problem, as of a document "
    "whose bytes are gone.",
)
@click.argument("document", shell_complete=completing("documents"))
@pack_option
@click.option("--quote", metavar="TEXT", help="Print where these words stand, and nothing else.")
@json_option
def command(document: str, pack: str | None, quote: str | None, as_json: bool) -> None:
    """Print the text of a document on file, or where a quote stands in it."""
    from thesis.archive.document_store import DocumentStore
    from thesis.archive.documents import documents_on_file
    from thesis.archive.passages import find_quote
    from thesis.cli.documents import named_document
    from thesis.reports import document_list

    folder = locate_pack(pack)
    found = named_document(documents_on_file(folder.path, folder.shown), document)
    text = DocumentStore(cache_folder()).text(found)
    head = {"document": document_list.document_json(found)}
    if quote is None:
        if as_json:
            emit_json({**head, "text": text.text})
        else:
            click.echo(text.text)
        return
    try:
        passages = find_quote(text, quote)
    except ValueError as error:
        raise click.UsageError(f"--quote: {error}") from None
    if as_json:
        emit_json({**head, "passages": document_list.passages_json(passages)})
    else:
        for each in passages:
            click.echo(f"{each.place}: {each.text}")
    if not passages:
        click.echo(f"the quote does not stand in {document_list.document_heading(found)}", err=True)
        raise SystemExit(BELOW)
