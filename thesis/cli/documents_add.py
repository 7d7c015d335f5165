"""``thesis documents add``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from thesis.cli.context import (
    DayArgument,
    cache,
    cache_folder,
    emit_json,
    json_option,
    locate_pack,
    pack_option,
    refuse_bundled,
    require_entity,
    today,
)
from thesis.cli.exit_codes import PROBLEM
from thesis.cli.typed_arguments import QuarterArgument
from thesis.core.formatting import clean_entry
from thesis.core.problem import InvalidInput, Problem, SourceSpan, render_problems

if TYPE_CHECKING:
    from thesis.archive.document_store import FilingChange
    from thesis.archive.documents import Document, Filing
    from thesis.core.period import Quarter
    from thesis.sources.importing.which_filing import ListedFiling

WORDS = {
    "new": "on file",
    "known": "on file already",
    "completed": "on file already, and more is known of it now",
    "restored": "on file already, and its bytes are here again",
}


@click.command(
    "add",
    epilog="\b\nExamples:\n"
    "  thesis documents add ex991.htm --form 8-K --accession 0001018724-25-000121 --filed 2025-10-30\n"
    "  thesis documents add 0001018724-25-000123.htm --index CIK0001018724.json -p rules/mine\n"
    "  thesis documents add letter.txt --entity AMZN --filed 2026-04-09\n\n"
    "A document is a page, with inline XBRL or without, Markdown or plain text. It is one document "
    "whatever its file is called: what is said of it later completes what is known. JSON: kind (new, known, "
    "completed, restored, contradicted), document, told. Exit codes: 0 fine; 2 wrong usage; 3 a problem, and "
    "then nothing of what it is about was put on file.",
)
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path))
@pack_option
@click.option("--entity", metavar="NAME", help="Whose document it is. Default: the thesis' own company.")
@click.option("--form", default="", metavar="FORM", help="What it was filed as: 10-Q, 8-K ...")
@click.option("--accession", default="", metavar="NUMBER", help="Default: out of the file's name.")
@click.option("--filed", type=DayArgument(), metavar="DATE", help="The day it was filed.")
@click.option("--period", type=QuarterArgument(), metavar="QUARTER", help="The newest that it reports on.")
@click.option(
    "--index",
    "lists",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The SEC's list of a company's filings, for form, day and period.",
)
@json_option
def command(
    files: tuple[Path, ...],
    pack: str | None,
    entity: str | None,
    form: str,
    accession: str,
    filed: date | None,
    period: Quarter | None,
    lists: tuple[Path, ...],
    as_json: bool,
) -> None:
    """Put documents on file, so that figures and grades can be taken from their words."""
    from thesis.archive.document_store import DocumentStore, put_on_file
    from thesis.archive.documents import ACCESSION, LONGEST, Document
    from thesis.sources.importing.which_filing import read_filing_list
    from thesis.workspace.open_pack import open_pack

    folder = locate_pack(pack)
    refuse_bundled(folder, pack)
    opened = open_pack(folder, today(), cache(), unfinished=True)
    require_entity(entity, opened)
    if accession and not ACCESSION.fullmatch(accession):
        raise click.UsageError(f"expected a number like 0001018724-24-000008, found `{accession}`")
    if filed and filed > today():
        raise click.UsageError(f"--filed: {filed} is after today ({today()})")
    try:
        form = clean_entry(form, LONGEST) if form else ""
    except ValueError as error:
        raise click.UsageError(f"--form: {error}") from None
    said = Document("", entity or opened.thesis.entity, form, accession, filed, period)
    listed = [each for path in lists for each in read_filing_list(path, str(path))]
    filings, problems = _read(files, said, listed)
    changes = put_on_file(folder.path, folder.shown, DocumentStore(cache_folder()), filings)
    problems += _contradictions(changes, folder.shown)
    if as_json:
        emit_json([_record(change) for change in changes])
    else:
        for line in _told(changes):
            click.echo(line)
    if problems:
        click.echo(render_problems(problems, {}), err=True)
        raise SystemExit(PROBLEM)


def _read(
    files: Sequence[Path], said: Document, listed: Sequence[ListedFiling]
) -> tuple[list[Filing], list[Problem]]:
    """The documents in files, and what is wrong with those that are none."""
    from thesis.archive.document_text import MOST_BYTES, text_of
    from thesis.archive.documents import Filing
    from thesis.files.disk import read_bytes

    filings: list[Filing] = []
    problems: list[Problem] = []
    for path in files:
        try:
            data = read_bytes(path, str(path), MOST_BYTES)
            text_of(data, str(path))
        except InvalidInput as flawed:
            problems += flawed.problems
            continue
        filings.append(Filing(data, _completed(said._replace(origin=path.name), path, listed)))
    return filings, problems


def _completed(said: Document, path: Path, listed: Sequence[ListedFiling]) -> Document:
    """What is said of a document, with what its file's name and the SEC's list have of it."""
    from thesis.core.period import Quarter, parse_day
    from thesis.sources.importing.which_filing import RESULTS, accession_of

    said = said._replace(accession=said.accession or accession_of(path))
    for each in listed:
        if said.accession and each.filing.accession == said.accession:
            is_report = RESULTS not in each.items and not each.filing.form.startswith("8-K")
            period = Quarter.of(parse_day(each.reports)) if each.reports and is_report else None
            return said._replace(
                form=said.form or each.filing.form,
                filed=said.filed or each.filing.filed,
                period=said.period or period,
            )
    return said


def _contradictions(changes: Sequence[FilingChange], shown: str) -> Iterator[Problem]:
    from thesis.archive.documents import DOCUMENTS

    for change in changes:
        if change.told:
            message = f"`{change.document.name}` ({change.document.id}): {'; '.join(change.told)}"
            hint = f"if {shown}{DOCUMENTS} is wrong, correct its row there"
            yield Problem("contradiction", message, SourceSpan(shown + DOCUMENTS, 1, 1), hint)


def _told(changes: Sequence[FilingChange]) -> Iterator[str]:
    from thesis.reports.document_list import document_heading

    for change in changes:
        if change.kind != "contradicted":
            yield f"{WORDS[change.kind]}: {document_heading(change.document)}"
        if change.kind != "contradicted" and change.document.filed is None:
            yield "  its filing day is not known, so that no day's search finds it: give it with --filed"


def _record(change: FilingChange) -> dict[str, object]:
    from thesis.reports.document_list import document_json

    return {"kind": change.kind, "document": document_json(change.document), "told": list(change.told)}
