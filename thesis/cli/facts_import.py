"""``thesis facts import``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from thesis.cli.context import (
    DayArgument,
    cache,
    emit_json,
    json_option,
    locate_pack,
    pack_option,
    refuse_bundled,
    require_entity,
    today,
)
from thesis.cli.exit_codes import PROBLEM
from thesis.cli.keep_documents import document_intake, print_intake
from thesis.core.problem import InvalidInput, did_you_mean, render_problems

if TYPE_CHECKING:
    from thesis.archive.document_store import Intake
    from thesis.case.outliers import Outlier
    from thesis.facts.fact_file import FactRow, RowChange
    from thesis.pack.folder import Folder
    from thesis.pack.load import Pack
    from thesis.sources.importing.periods import YearMismatch
    from thesis.sources.importing.plan import ImportPlan
    from thesis.sources.importing.to_rows import ImportedRows, ImportOptions

KINDS = {
    "new": "new",
    "restated": "restated",
    "sharper": "sharper than what was known",
    "confirmed": "second-hand until now",
    "unchanged": "unchanged",
    "conflicting": "conflicting",
}
SHOWN = ("restated", "sharper", "confirmed", "conflicting")  # listed without being asked for
AGAIN = "import the same again"
MOST_SHOWN = 40
MOST_NAMED = 5


@click.command(
    "import",
    epilog="\b\nExamples:\n"
    "  thesis facts import 0001018724-24-000008.htm --filed 2024-02-02 --dry-run\n"
    "  thesis facts import main.htm ex13.htm --accession 0000072971-25-000066 --filed 2025-02-25\n"
    "  thesis facts import amzn-2023*.htm --index CIK0001018724.json -p rules/mine\n"
    "  thesis facts import companyfacts/CIK0001652044.json -p rules/mine\n"
    '  thesis facts import amzn.csv --entity AMZN --source "exchange closes, NAME" -p rules/mine\n\n'
    "A file is an XBRL instance, a report with inline XBRL, the SEC's companyfacts, or daily prices (a CSV "
    "with date and close, JSON with dates and closes). A report and its exhibits, given together with their "
    "filing or saved under its number, are read as one. A figure counts from its filing day on, a price from "
    "its own; rows are added, never changed. Of prices the last day of each quarter is kept and the newest, "
    "and days that the pack has are compared; closes before a split are put on the new basis.\n\n"
    "JSON: files (file, filings, facts, asked_for, left_out, missing, unmapped), counts (new, restated, "
    "sharper, confirmed, unchanged, conflicting), worked_out, changes (kind, entity, the row's cells, place, "
    "was, was_source, change), import_again, uneven (year, quarters, apart), problems (level, code, message, "
    "span, hint), withheld (concept, source), written; of files that cannot be read, problems alone.\n\n"
    "Exit codes: 0 fine; 2 wrong usage; 3 a problem, and then nothing of what it is about was written: of a "
    "line item nothing of that filing, of a file nothing of it, and nothing at all where it cannot be told "
    "which figures are wrong.",
)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@pack_option
@click.option("--entity", metavar="NAME", help="Whose filing it is, where the pack does not know its CIK.")
@click.option("--filed", type=DayArgument(), metavar="DATE", help="The day it was filed.")
@click.option("--accession", default="", metavar="NUMBER", help="Default: out of the file's name.")
@click.option("--form", default="", metavar="FORM", help="10-K, 10-Q ... Default: what the cover page says.")
@click.option(
    "--index",
    "lists",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The SEC's list of a company's filings, for days and accession numbers.",
)
@click.option("--only", multiple=True, metavar="CONCEPT", help="Take nothing else over.")
@click.option("--without", multiple=True, metavar="CONCEPT|ACCESSION", help="Leave a concept or filing out.")
@click.option("--since", type=DayArgument(), metavar="DATE", help="Leave out what was filed before.")
@click.option("--source", default="", metavar="TEXT", help="Of prices: where they come from.")
@click.option(
    "--every-day", is_flag=True, help="Of prices: not only the last of each quarter, and the newest."
)
@click.option(
    "--currency",
    default="",
    metavar="CODE",
    help="Of prices: what they are quoted in where the file does not say; GBX for pence.",
)
@click.option("--dry-run", is_flag=True, help="Show what would happen, and write nothing.")
@click.option("--verbose", is_flag=True, help="List every row, and every tag that no concept asks for.")
@json_option
def command(
    files: tuple[Path, ...],
    pack: str | None,
    entity: str | None,
    filed: date | None,
    accession: str,
    form: str,
    lists: tuple[Path, ...],
    only: tuple[str, ...],
    without: tuple[str, ...],
    since: date | None,
    source: str,
    every_day: bool,
    currency: str,
    dry_run: bool,
    verbose: bool,
    as_json: bool,
) -> None:
    """Take facts over from filings: each concept by its tag, each quarter with its filing."""
    from thesis.sources.importing.plan import plan_import
    from thesis.sources.importing.to_rows import ImportOptions
    from thesis.sources.importing.which_filing import accession_of
    from thesis.sources.reported_fact import FilingReference
    from thesis.workspace.open_pack import open_pack

    numbers = {number for number in map(accession_of, files) if number}
    if len(numbers) > 1 and (filed or accession or form):
        told = "--filed, --accession and --form are of one filing, and these files are of several"
        raise click.UsageError(f"{told}: use --index")
    if len(files) > 1 and source:
        raise click.UsageError("--source is of one file of prices")
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
        since,
        source,
        every_day,
        currency,
    )
    check_import_usage(opened, given)
    try:
        planned = plan_import([(path, str(path)) for path in files], opened, folder, given, today())
    except InvalidInput as flawed:
        if as_json:
            from thesis.sources.importing.report import problem_report

            emit_json({"problems": problem_report(flawed.problems)})
        raise
    if (source or every_day or currency) and not any(taken.prices for taken in planned.files):
        raise click.UsageError(
            "--source, --every-day and --currency are of prices; a filing is its own source"
        )

    def plan_again() -> ImportPlan:
        now = locate_pack(pack)
        named = [(path, str(path)) for path in files]
        return plan_import(named, open_pack(now, today(), cache(), unfinished=True), now, given, today())

    if as_json:
        _finish_with_json(planned, folder, plan_again, dry_run=dry_run)
        return
    for line in print_import_report(planned, verbose=verbose):
        click.echo(line)
    finish_import(planned, folder, plan_again, dry_run=dry_run)


def _finish_with_json(
    planned: ImportPlan, folder: Folder, plan_again: Callable[[], ImportPlan], *, dry_run: bool
) -> None:
    """Write a plan and account for it."""
    from thesis.archive.documents import DOCUMENTS
    from thesis.sources.importing.plan import write_plan
    from thesis.sources.importing.report import import_report

    intake = None if dry_run else _intake(planned, folder)
    planned = planned if dry_run else write_plan(planned, plan_again, intake)
    written = [] if dry_run else list(planned.data)
    _warn(planned)
    listed = [DOCUMENTS] if intake and intake.is_changed else []
    emit_json(import_report(planned, [*(f"facts/{path.name}" for path in written), *listed]))
    if planned.problems:
        click.echo(render_problems(planned.problems, planned.sources), err=True)
        _tell_of_the_rest(planned, AGAIN, is_written=bool(written))
        raise SystemExit(PROBLEM)


def finish_import(
    planned: ImportPlan,
    folder: Folder,
    plan_again: Callable[[], ImportPlan] | None = None,
    *,
    dry_run: bool,
    again: str = AGAIN,
    is_doubted: bool = True,
) -> None:
    """Write what is sound of a plan that was told, unless nothing is to be written.

    With it the documents that were read are put on file. ``plan_again`` makes the plan once more, where
    somebody else wrote since. Ends the program with exit code 3 where something is wrong, whether or not the
    rest was written; ``again`` says how to come by what was not, and ``is_doubted`` whether figures that
    stand out are told.
    """
    _warn(planned)
    if planned.problems:
        click.echo(render_problems(planned.problems, planned.sources), err=True)
    if not dry_run:
        planned = _write(planned, folder, plan_again, is_doubted=is_doubted)
    elif planned.data or not planned.problems:
        click.echo("nothing was written: a dry run")
    if planned.problems:
        _tell_of_the_rest(planned, again, is_written=not dry_run and bool(planned.data))
        raise SystemExit(PROBLEM)


def _write(
    planned: ImportPlan,
    folder: Folder,
    plan_again: Callable[[], ImportPlan] | None,
    *,
    is_doubted: bool,
) -> ImportPlan:
    """Write what is sound of a plan, and tell what was written. Returns the plan that was."""
    from thesis.archive.documents import DOCUMENTS
    from thesis.files.disk import sweep_beside, sweep_leftovers
    from thesis.pack.folder import FACTS
    from thesis.sources.importing.plan import write_plan

    for each in new_outliers(planned, folder) if is_doubted else ():
        click.echo(f"warning: {each.id}: {each.text}; {each.hint}", err=True)
    intake = _intake(planned, folder)
    sweep_leftovers(folder.path / FACTS)  # also where there is nothing to write
    sweep_beside(folder.path / DOCUMENTS)
    told, planned = planned, write_plan(planned, plan_again, intake)
    if planned is not told:
        click.echo("somebody else wrote to the facts in the meantime: this was planned again", err=True)
        if planned.problems:
            click.echo(render_problems(planned.problems, planned.sources), err=True)
    if intake:
        print_intake(intake, folder)
    for path in planned.data:
        click.echo(f"wrote {folder.shown}facts/{path.name}", err=True)
    return planned


def _intake(planned: ImportPlan, folder: Folder) -> Intake | None:
    """The documents that a plan puts on file; none, where it is refused as a whole."""
    is_refused = planned.problems and not planned.data
    return None if is_refused else document_intake(folder, planned.documents)


def _tell_of_the_rest(planned: ImportPlan, again: str, *, is_written: bool) -> None:
    """Tell what was not written for a problem, and how to come by it."""
    if planned.withheld and planned.data:
        named = [str(each) for each in planned.withheld[:MOST_NAMED]]
        more = len(planned.withheld) - len(named)
        listed = f"{', '.join(named)}{f' and {more:,} more' if more else ''}"
        click.echo(
            f"{'not written' if is_written else 'not to be written'}: what is told above of {listed}. Once "
            f"that is mended, {again}: what is there is not written twice",
            err=True,
        )
    elif not is_written:
        click.echo("nothing was written", err=True)


def _warn(planned: ImportPlan) -> None:
    if planned.warnings:
        click.echo(render_problems(planned.warnings, planned.sources), err=True)


def new_outliers(planned: ImportPlan, folder: Folder) -> list[Outlier]:
    """The figures of a plan that stand out from their series, and did not before."""
    if not planned.data:
        return []
    from thesis.case.outliers import outliers
    from thesis.cli.context import today
    from thesis.facts.fact import FactStore
    from thesis.pack.load import build
    from thesis.pricing.priced_case import case_as_of

    pack, facts = build(folder)[0], FactStore(folder.shown)
    new = {f"facts/{path.name}": data.decode("utf-8-sig") for path, data in planned.data.items()}
    for name, text in {**folder.facts, **new}.items():
        facts.add(text.replace("\r\n", "\n"), name)
    known = {each.id for each in outliers(case_as_of(pack, today()))}
    found = outliers(case_as_of(pack.with_facts(facts), today()))
    return [each for each in found if each.id not in known]


def check_import_usage(pack: Pack, given: ImportOptions) -> None:
    """Errors: usage, for an entity, a concept or a number that is none."""
    from thesis.sources.importing.which_filing import ACCESSION

    require_entity(given.entity, pack)
    if given.filing.accession and not ACCESSION.fullmatch(given.filing.accession):
        raise click.UsageError(
            f"expected a number like 0001018724-24-000008, found `{given.filing.accession}`"
        )
    for name in (*given.only, *(name for name in given.without if not ACCESSION.fullmatch(name))):
        if name not in pack.concepts:
            hint = did_you_mean(name, pack.concepts)
            raise click.UsageError(f"there is no concept called `{name}`{f'; {hint}' if hint else ''}")


# the report ------------------------------------------------------------------------------------


def print_import_report(planned: ImportPlan, *, verbose: bool) -> Iterator[str]:
    """What an import does, line by line; of one that is refused, how far it came."""
    if planned.problems and not planned.data:
        yield "refused, and nothing was written; what was read:"
    elif planned.problems:
        yield "some of it cannot be used, as is told below; the rest:"
    for taken in planned.files:
        yield from _taken(taken, verbose=verbose)
    yield from print_row_changes(planned, verbose=verbose)


def print_row_changes(planned: ImportPlan, *, verbose: bool) -> Iterator[str]:
    """What becomes of the rows, whatever they were taken from."""
    counts = Counter(change.kind for _, change in planned.changes)
    derived = sum(
        change.row.provenance.is_difference and change.kind == "new" for _, change in planned.changes
    )
    for kind, words in KINDS.items():
        if counts[kind]:  # type: ignore[index]
            more = f", {derived} of them worked out" if kind == "new" and derived else ""
            yield f"{words}: {counts[kind]:,}{more}"  # type: ignore[index]
            if verbose or kind in SHOWN:
                listed = [change for _, change in planned.changes if change.kind == kind]
                yield from _listed(listed, verbose=verbose)
    if planned.later:
        named = f"{', '.join(planned.later[:MOST_NAMED])}{' ...' * (len(planned.later) > MOST_NAMED)}"
        yield f"import again, being filed since a restatement that was not known: {named}"
    if planned.not_additive:
        named = ", ".join(planned.not_additive[:MOST_NAMED])
        more = " ..." * (len(planned.not_additive) > MOST_NAMED)
        yield f"no fourth quarter is worked out of {named}{more}: such figures do not add up to their year"
    for found in planned.uneven:
        if not found.is_one_document:
            yield _uneven(found)


def _taken(taken: ImportedRows, *, verbose: bool) -> Iterator[str]:
    from thesis.core.formatting import count

    filings = [f"{filing.form} {filing.accession}, filed {filing.filed}" for filing in taken.filings]
    told = taken.prices or (filings[0] if len(filings) == 1 else f"{len(filings)} filings")
    read = count(taken.facts, "day" if taken.prices else "fact")
    yield f"{taken.shown}: {told}; {read}, {len(taken.rows):,} of them asked for"
    for reason, times in sorted(taken.left_out.items()):
        yield f"  left out, {reason}: {times:,}"
    if taken.prices:
        return
    for missing in taken.missing:
        where = f" in {missing.filing.form} {missing.filing.accession}" if missing.filing else ""
        yield f"  nothing{where} for {', '.join(missing.names)}"
    figures, tags = sum(taken.unmapped.values()), len(taken.unmapped)
    yield f"  unmapped: {count(figures, 'figure')} under {count(tags, 'tag')}"
    if verbose:
        for (tag, dimensions), times in sorted(taken.unmapped.items()):
            where = "".join(f" {axis}={member}" for axis, member in dimensions)
            yield f"    {times:>5,}x {tag}{where}"


def _listed(changes: Sequence[RowChange], *, verbose: bool) -> Iterator[str]:
    shown = changes if verbose else changes[:MOST_SHOWN]
    for change in shown:
        row, old = change.row, change.old
        was = f"{old.value} -> " if old and old.value != row.value else ""
        said = f"{was}{row.value}{_by(old, row)}"
        yield f"  {row.concept} {row.period}  {said}  {row.source}, {row.filed}; {row.how}"
    if len(shown) < len(changes):
        yield f"  and {len(changes) - len(shown):,} more; --verbose lists them"


def _by(old: FactRow | None, row: FactRow) -> str:
    """By how much a value changed, where both are numbers."""
    from thesis.sources.importing.report import relative_change

    change = relative_change(old, row)
    return "" if change is None else f" ({change:+.2%})"


def _uneven(found: YearMismatch) -> str:
    from thesis.facts.fact_file import plain_digits

    told = " + ".join(row.value for row in found.quarters)
    return (
        f"look at `{found.year.concept}` {found.year.period}: {told} is {plain_digits(found.apart)} "
        "apart from "
        f"{found.year.value} ({found.year.source}), as reported at first"
    )
