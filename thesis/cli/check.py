"""``thesis check``."""

from __future__ import annotations

from datetime import date

import click

from thesis.assessment import Assessment
from thesis.cli.common import (
    BELOW,
    FINE,
    UNDETERMINED,
    as_of_option,
    emit_json,
    json_option,
    load,
    look,
    pack_argument,
)
from thesis.cli.what_if import set_option, what_if
from thesis.pack import Pack


@click.command(
    "check",
    epilog="\b\nExamples:\n  thesis check\n  thesis check amzn-4t --as-of 2026-10-15 --fail-under WATCH\n\n"
    "Exit codes: 0 it stands; 1 it is below what was asked for, or a kill criterion has tripped; "
    "4 undetermined or not rated.",
)
@pack_argument
@as_of_option
@json_option
@set_option
@click.option("--fail-under", metavar="VERDICT", help="Exit with 1 if the verdict is below this one.")
@click.option("--plain", is_flag=True, help="Words instead of symbols.")
def command(
    name: str | None,
    pack: str | None,
    as_of: date | None,
    as_json: bool,
    changes: tuple[str, ...],
    fail_under: str | None,
    plain: bool,
) -> None:
    """Does the thesis still stand? A checklist, and an exit code for schedulers."""
    opened = load(pack, name)
    wanted = _level(opened, fail_under)
    supposed = what_if(opened, changes)
    assessment = look(opened, as_of, supposed)
    if as_json:
        emit_json(assessment)
    else:
        from thesis.checklist import checklist

        if changes:
            click.echo(f"what if: {', '.join(changes)} (nothing is written)")
        for driver in supposed.beliefs:
            click.echo(f"         {driver} is a belief of the valuation, and has no say in a score")
        click.echo(checklist(assessment, plain=plain), nl=False)
    raise SystemExit(exit_code(assessment, opened, wanted))


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


def exit_code(found: Assessment, pack: Pack, wanted: int | None) -> int:
    """0 it stands, 1 it does not, 4 nobody can tell."""
    if any(k.tripped.lo == 1.0 for k in found.kill):
        return BELOW
    if not found.verdict.rated:
        return UNDETERMINED
    levels = list(pack.thesis.verdict.levels)
    worst, best = levels.index(found.verdict.worst), levels.index(found.verdict.best)
    if wanted is None:
        return FINE if worst == best else UNDETERMINED
    if best < wanted:
        return BELOW
    return FINE if worst >= wanted else UNDETERMINED
