"""``thesis facts none-stated``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from thesis.cli.context import cache, cache_folder, locate_pack, pack_option, refuse_bundled, today
from thesis.cli.facts_import import finish_import, print_row_changes
from thesis.cli.typed_arguments import CountArgument, QuarterArgument, completing

if TYPE_CHECKING:
    from thesis.archive.documents import Document
    from thesis.core.period import Quarter
    from thesis.pack.folder import Folder
    from thesis.pack.load import Pack
    from thesis.sources.importing.plan import ImportPlan
    from thesis.worklist.register_search import RegisterSearch


@click.command(
    "none-stated",
    epilog="\b\nExamples:\n"
    "  thesis facts none-stated --period 2026Q3 --dry-run\n"
    "  thesis facts none-stated --period 2026Q3 --because 'The passages are about earlier quarters.'\n\n"
    "The quarter's report on file is searched for the names of the items that the registers have had, and "
    "for each --word. Where words are found, nothing is written without a reason. The row keeps which "
    "document was searched, for what, and how many passages there were. Exit codes: 0 fine; 1 words were "
    "found, and no reason was given; 2 wrong usage; 3 a problem, and then nothing was written.",
)
@pack_option
@click.option("--period", type=QuarterArgument(), required=True, metavar="QUARTER", help="Of which quarter.")
@click.option(
    "--register", "registers", multiple=True, metavar="NAME", shell_complete=completing("line items"),
    help="Of this register. Default: all that have no row of the quarter.",
)  # fmt: skip
@click.option(
    "--in", "inside", metavar="DOCUMENT", shell_complete=completing("documents"),
    help="Search this document. Default: the report of the quarter.",
)  # fmt: skip
@click.option("--word", "words", multiple=True, metavar="TEXT", help="Also search for this.")
@click.option("--because", default="", metavar="TEXT", help="Why what was found is no item of the quarter.")
@click.option("--most", type=CountArgument(1), default=10, show_default=True, help="Passages to print.")
@click.option("--dry-run", is_flag=True, help="Show what would happen, and write nothing.")
def command(
    pack: str | None,
    period: Quarter,
    because: str,
    most: int,
    dry_run: bool,
    inside: str | None,
    **given: Any,
) -> None:
    """Confirm that no item of a register is stated for a quarter, after a search of its report on file."""
    from thesis.cli.exit_codes import BELOW
    from thesis.sources.importing.by_hand import parse_words
    from thesis.worklist.register_search import search_registers

    folder = locate_pack(pack)
    if not dry_run:
        refuse_bundled(folder, pack)
    opened = _opened(folder)
    names = _registers(opened, given["registers"], period)
    if not names:
        click.echo(f"nothing to add: every register has a row for {period}")
        return
    document, text = _document(folder, opened, period, names, inside)
    try:
        reason = parse_words(because) if because else ""
        search = search_registers(opened, names, document, text, given["words"])
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    _print(search, most)
    plan = _planned(folder, opened, search, period, reason)
    for line in print_row_changes(plan, verbose=True) if not plan.problems else ():
        click.echo(line)
    if search.passages and not reason:
        click.echo("nothing written: look at the passages; if none states an item, say so with --because")
        raise SystemExit(BELOW)

    def plan_again() -> ImportPlan:
        now = locate_pack(pack)
        return _planned(now, _opened(now), search, period, reason)

    finish_import(plan, folder, plan_again, dry_run=dry_run)


def _opened(folder: Folder) -> Pack:
    from thesis.workspace.open_pack import open_pack

    return open_pack(folder, today(), cache(), unfinished=True)


def _registers(pack: Pack, wanted: Sequence[str], period: Quarter) -> list[str]:
    """The registers asked for, or those without a row of a quarter. Errors: usage."""
    from thesis.core.problem import did_you_mean

    known = [name for name, concept in pack.concepts.items() if concept.kind == "register"]
    wrong = [name for name in wanted if name not in known]
    if wrong:
        hint = did_you_mean(wrong[0], known) or f"there are {', '.join(known) or 'none'}"
        raise click.UsageError(f"--register: there is no register called `{wrong[0]}`; {hint}")
    return [name for name in wanted or known if not any(f.period == period for f in pack.facts.of(name))]


def _document(
    folder: Folder, pack: Pack, period: Quarter, names: Sequence[str], inside: str | None
) -> tuple[Document, Any]:
    """The document to search, with its text. Errors: ``InvalidInput``, where there is none or it is gone."""
    from thesis.archive.document_store import DocumentStore
    from thesis.archive.documents import documents_on_file
    from thesis.cli.documents import named_document
    from thesis.core.problem import InvalidInput, Problem
    from thesis.worklist.register_search import report_on_file

    listed = documents_on_file(folder.path, folder.shown)
    owners = {pack.owner(name) for name in names}
    if len(owners) > 1:
        raise click.UsageError(f"--register: these are of {' and '.join(sorted(owners))}; name those of one")
    (owner,) = owners
    found = named_document(listed, inside) if inside else report_on_file(listed, owner, period)
    if found is None or found.filed is None:
        message = f"no report of {pack.entities[owner].name} for {period} is on file, with its day"
        hint = "`thesis facts fetch` puts it on file, and so does `thesis documents add`"
        raise InvalidInput([Problem("no-document", message, hint=hint)])
    if found.entity != owner or found.filed <= period.end:
        message = f"{found.citation} is no report of {pack.entities[owner].name} on {period}"
        raise InvalidInput([Problem("no-document", message, hint="name another with --in")])
    return found, DocumentStore(cache_folder()).text(found)


def _print(search: RegisterSearch, most: int) -> None:
    click.echo(f"searched {search.document.citation} for {search.words_text}: {search.counted}")
    for passage in search.passages[:most]:
        click.echo(f'  {passage.place}: "{passage.text}"')
    if len(search.passages) > most:
        click.echo(f"  and {len(search.passages) - most:,} more; --most prints them")


def _planned(folder: Folder, pack: Pack, search: RegisterSearch, period: Quarter, reason: str) -> ImportPlan:
    """The rows that say so, planned together."""
    from collections import Counter

    from thesis.facts.fact_file import FactRow
    from thesis.sources.importing.by_hand import HERE
    from thesis.sources.importing.plan import plan_rows
    from thesis.sources.importing.to_rows import ImportedRows

    document = search.document
    assert isinstance(document.filed, date)
    rows = tuple(
        FactRow(
            f"{name}/none",
            str(period),
            "0",
            pack.concepts[name].unit,
            document.filed,
            document.citation,
            "read: none stated",
            search.note(reason),
            HERE,
        )
        for name in search.registers
    )
    return plan_rows([ImportedRows(HERE, 1, (), rows, Counter(), Counter())], pack, folder)
