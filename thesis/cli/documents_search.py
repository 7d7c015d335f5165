"""``thesis documents search``."""

from __future__ import annotations

from datetime import date

import click

from thesis.cli.context import as_of_option, cache_folder, emit_json, json_option, locate_pack, pack_option
from thesis.cli.exit_codes import BELOW, PROBLEM
from thesis.cli.typed_arguments import CountArgument, completing
from thesis.core.problem import InvalidInput, Problem, render_problems


@click.command(
    "search",
    epilog="\b\nExamples:\n"
    "  thesis documents search capacity constrained\n"
    '  thesis documents search "special charges" --form 8-K --as-of 2025-11-20\n\n'
    "A word matches words that begin so; several words in quotation marks match as they are, also over "
    "the end of a line. A passage is a paragraph that holds them all, or a row of a table. JSON: document, "
    "total, passages (offset, length, line, page, text, place). Exit codes: 0 found; 1 nothing found; 2 "
    "wrong usage; 3 a problem, as of a document whose bytes are gone, after what was found in the others.",
)
@click.argument("words", nargs=-1, required=True)
@pack_option
@as_of_option
@click.option("--entity", metavar="NAME", help="Only in this company's documents.")
@click.option("--form", metavar="FORM", help="Only in documents of this form, as 10-Q.")
@click.option(
    "--in", "inside", metavar="DOCUMENT", shell_complete=completing("documents"), help="Only in this one."
)
@click.option("--any", "is_any", is_flag=True, help="Passages that hold any of the words, not all.")
@click.option("--most", type=CountArgument(1), default=10, show_default=True, help="Passages of a document.")
@json_option
def command(
    words: tuple[str, ...],
    pack: str | None,
    as_of: date | None,
    entity: str | None,
    form: str | None,
    inside: str | None,
    is_any: bool,
    most: int,
    as_json: bool,
) -> None:
    """Find words in the documents on file: each passage with its document and place."""
    from thesis.archive.document_store import DocumentStore
    from thesis.archive.documents import documents_on_file
    from thesis.archive.passages import find_words
    from thesis.cli.documents import named_document
    from thesis.reports import document_list

    folder = locate_pack(pack)
    listed = documents_on_file(folder.path, folder.shown)
    searched = [
        each
        for each in ([named_document(listed, inside)] if inside else listed)
        if (entity in (None, each.entity))
        and (form in (None, each.form))
        and (as_of is None or each.is_known_on(as_of))
    ]
    store = DocumentStore(cache_folder())
    results: list[document_list.SearchResult] = []
    problems: list[Problem] = []
    for each in searched:
        try:
            found = tuple(find_words(store.text(each), words, every=not is_any))
        except InvalidInput as flawed:
            problems += flawed.problems
        except ValueError as error:
            raise click.UsageError(f"WORDS: {error}") from None
        else:
            results += [document_list.SearchResult(each, found[:most], len(found))] if found else []
    if as_json:
        emit_json(document_list.search_json(results))
    else:
        for line in document_list.search_lines(results):
            click.echo(line)
    if problems:
        click.echo(render_problems(problems, {}), err=True)
        raise SystemExit(PROBLEM)
    if not results:
        click.echo(f"nothing found in {len(searched)} of {len(listed)} documents on file", err=True)
        raise SystemExit(BELOW)
