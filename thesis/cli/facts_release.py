"""``thesis facts release``."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from thesis.cli.context import DayArgument, cache, locate_pack, pack_option, refuse_bundled, today
from thesis.cli.facts_import import check_import_usage, finish_import, print_row_changes

if TYPE_CHECKING:
    from thesis.sources.importing.plan import ImportPlan
    from thesis.sources.releases.release import ReleaseResult


@click.command(
    "release",
    epilog="\b\nExamples:\n"
    "  thesis facts release ex991.htm --accession 0001018724-25-000121 --filed 2025-10-30 --dry-run\n"
    "  thesis facts release release.md --index CIK0001018724.json -p rules/mine\n\n"
    "A file is the release of a quarter's results, as HTML or Markdown. Each concept names its line under "
    "`release` in metrics.yaml; what is printed in whole percents becomes a range. Exit codes: 0 fine; 2 "
    "wrong usage; 3 a problem, and then nothing was written of the line items that it is about, or at all.",
)
@click.argument("file", type=click.Path(path_type=Path))
@pack_option
@click.option("--entity", metavar="NAME", help="Whose release it is. Default: the thesis' own company.")
@click.option("--filed", type=DayArgument(), metavar="DATE", help="The day it was filed.")
@click.option("--accession", default="", metavar="NUMBER", help="Default: out of the file's name.")
@click.option("--form", default="8-K", show_default=True, metavar="FORM", help="What it was filed with.")
@click.option(
    "--index",
    "lists",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The SEC's list of a company's filings, for the day and the accession number.",
)
@click.option("--only", multiple=True, metavar="CONCEPT", help="Take nothing else over.")
@click.option("--without", multiple=True, metavar="CONCEPT", help="Leave a concept out.")
@click.option("--dry-run", is_flag=True, help="Show what would happen, and write nothing.")
@click.option("--verbose", is_flag=True, help="List every row, and every line that no concept asks for.")
def command(
    file: Path,
    pack: str | None,
    entity: str | None,
    filed: date | None,
    accession: str,
    form: str,
    lists: tuple[Path, ...],
    only: tuple[str, ...],
    without: tuple[str, ...],
    dry_run: bool,
    verbose: bool,
) -> None:
    """Take over the table of an earnings release: each concept by its line, each quarter with the filing."""
    from thesis.sources.importing.plan import plan_rows
    from thesis.sources.importing.to_rows import ImportOptions
    from thesis.sources.releases.release import release_document, release_rows
    from thesis.sources.reported_fact import FilingReference
    from thesis.workspace.open_pack import open_pack

    folder = locate_pack(pack)
    if not dry_run:
        refuse_bundled(folder, pack)
    opened = open_pack(folder, today(), cache(), unfinished=True)
    given = ImportOptions(
        FilingReference(form, accession, filed),
        entity or "",
        tuple((path, str(path)) for path in lists),
        only,
        without,
    )
    check_import_usage(opened, given)
    found = release_rows(file, str(file), opened, given, today())
    plan = plan_rows([found.contents], opened, folder)
    plan = plan._replace(sources={**plan.sources, str(file): found.text}) if found.text else plan
    document = release_document(found, given.entity or opened.thesis.entity)._replace(origin=file.name)
    plan = plan._replace(documents=[(file, document)])
    for line in (*_told(found, verbose=verbose), *print_row_changes(plan, verbose=verbose)):
        click.echo(line)

    def plan_again() -> ImportPlan:
        now = locate_pack(pack)
        pack_now = open_pack(now, today(), cache(), unfinished=True)
        return plan_rows([release_rows(file, str(file), pack_now, given, today()).contents], pack_now, now)

    finish_import(plan, folder, plan_again, dry_run=dry_run)


def _told(found: ReleaseResult, *, verbose: bool) -> Iterator[str]:
    """What the file is, and what of it no row was made of."""
    taken = found.contents
    filing = taken.filings[0]
    yield (
        f"{taken.shown}: {filing.form} {filing.accession}, filed {filing.filed}; quarters to {found.newest}, "
        f"{found.figures:,} figures, {len(taken.rows):,} of them asked for"
    )
    for reason, times in sorted(taken.left_out.items()):
        yield f"  left out, {reason}: {times:,}"
    if found.missing:
        yield f"  not in this release: {', '.join(found.missing)}"
    yield f"  unmapped: {sum(taken.unmapped.values()):,} figures in {len(taken.unmapped):,} lines"
    if verbose:
        for (line, _), times in sorted(taken.unmapped.items()):
            yield f"    {times:>5,}x {line[:200]}"
