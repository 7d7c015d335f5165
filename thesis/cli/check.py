"""``thesis check``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

import click

from thesis.cli.context import (
    add_journal,
    as_of_option,
    assess_on,
    cache,
    emit_answer,
    format_option,
    journal_of,
    locate_pack,
    pack_argument,
    today,
)
from thesis.cli.exit_codes import check_exit_code
from thesis.cli.output import plain_option, print_document
from thesis.cli.typed_arguments import completing
from thesis.cli.what_if_options import WhatIf, set_option, what_if
from thesis.document.blocks import Line
from thesis.pack.folder import THESIS, Folder
from thesis.pack.load import Pack
from thesis.scoring.assessment import Assessment
from thesis.workspace.open_pack import open_pack

if TYPE_CHECKING:
    from thesis.journal.review_schema import Review
    from thesis.journal.status import JournalStatus
    from thesis.pack.schema.forecasts import Forecast


@click.command(
    "check",
    epilog="\b\nExamples:\n  thesis check\n  thesis check amzn-4t --as-of 2026-10-15 --fail-under WATCH\n\n"
    "Exit codes: 0 it stands; 1 it is below what was asked for, or a kill criterion has tripped and no "
    "signed review decides on it; 4 undetermined or not rated.",
)
@pack_argument
@as_of_option
@format_option("text", "json", "junit", "github")
@set_option
@click.option(
    "--fail-under",
    metavar="VERDICT",
    shell_complete=completing("levels"),
    help="Exit with 1 if the verdict is below this one.",
)
@plain_option
def command(
    name: str | None,
    pack: str | None,
    as_of: date | None,
    form: str,
    changes: tuple[str, ...],
    fail_under: str | None,
    plain: bool,
) -> None:
    """Does the thesis still stand? A checklist, and an exit code for schedulers."""
    folder = locate_pack(pack, name, or_bundled=True)
    opened = open_pack(folder, today(), cache())
    wanted = _level(opened, fail_under)
    supposed = what_if(opened, changes, as_of or today())
    assessment = assess_on(opened, as_of, supposed)
    where = _standing(opened, assessment, journal_of(folder))
    code = check_exit_code(assessment, opened, wanted, where)
    if form == "json":
        emit_answer("assessment", add_journal(assessment, where))
    elif form == "text":
        from thesis.case.forecast_terms import late_forecasts
        from thesis.pricing.priced_case import case_as_of

        late = late_forecasts(case_as_of(opened, assessment.as_of))
        _text(assessment, changes, supposed, where, late, plain=plain)
    else:
        click.echo(_report(form, assessment, code, folder, where), nl=False)
    raise SystemExit(code)


def _standing(pack: Pack, assessment: Assessment, chain: Sequence[Review]) -> JournalStatus | None:
    """Where the thesis stands by its journal; nothing, where none is kept and nothing has tripped."""
    if not chain and not any(k.has_tripped for k in assessment.kill):
        return None
    from thesis.journal.status import journal_status

    return journal_status(pack, assessment, chain)


def _text(
    found: Assessment,
    changes: tuple[str, ...],
    supposed: WhatIf,
    where: JournalStatus | None,
    late: Sequence[Forecast],
    *,
    plain: bool,
) -> None:
    from thesis.reports.check_report import check_document

    document = check_document(found, plain=plain, standing=where, late=late)
    print_document(document._replace(blocks=(*_supposed(changes, supposed), *document.blocks)), plain=plain)


def _supposed(changes: Sequence[str], supposed: WhatIf) -> Iterator[Line]:
    """What was changed for this answer, and what of it has no say in a score."""
    if changes:
        yield Line(f"what if: {', '.join(changes)} (nothing is written)")
    for driver in supposed.beliefs:
        yield Line(f"         {driver} is a belief of the valuation, and has no say in a score")


def _report(form: str, found: Assessment, code: int, folder: Folder, where: JournalStatus | None) -> str:
    """What a build server or GitHub reads of an assessment."""
    from thesis.export.check_outcomes import assessment_outcomes

    suites = assessment_outcomes(found, code, where.trips if where else ())
    if form == "junit":
        from thesis.export.junit import junit

        about = {"quarter": str(found.quarter), "rules": found.digest, "program": f"thesis {found.version}"}
        return junit(found.pack, suites, found.as_of, about)
    from thesis.export.github import commands, in_repository
    from thesis.files.yaml import read_yaml

    document = read_yaml(folder.texts[THESIS], folder.shown + THESIS)
    return commands(suites, lambda outcome: in_repository(document.span(outcome.path)))


def _level(pack: Pack, name: str | None) -> int | None:
    """The place of a verdict among the pack's. Errors: usage, for one that it does not have."""
    if name is None:
        return None
    levels = [level.upper() for level in pack.thesis.verdict.levels]
    if name.upper() not in levels:
        raise click.BadParameter(
            f"expected one of {', '.join(levels)}, found {name}", param_hint="--fail-under"
        )
    return levels.index(name.upper())
