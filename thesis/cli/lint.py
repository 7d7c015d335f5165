"""``thesis lint``."""

from __future__ import annotations

from collections.abc import Mapping

import click

from thesis.cli.context import emit_answer, format_option, locate_pack, pack_argument, today
from thesis.cli.exit_codes import PROBLEM
from thesis.core.problem import Problem


@click.command("lint", epilog="\b\nExamples:\n  thesis lint\n  thesis lint rules/mine --format github")
@pack_argument
@format_option("text", "json", "junit", "github")
def command(name: str | None, pack: str | None, form: str) -> None:
    """Check a pack's files: names, units, levels, dates, facts and identities, all at once."""
    from thesis.core.problem import InvalidInput, render_problems
    from thesis.files.disk import MOST_YAML_BYTES
    from thesis.files.own_folder import found_in, own_text
    from thesis.workspace.open_pack import examined_pack
    from thesis.workspace.trial_runs import FILE, read_trials

    shown = pack or name or "the pack"
    sources: dict[str, str] = {}
    found: list[Problem] = []
    try:
        folder = locate_pack(pack, name, for_data=form == "json")
        shown = folder.shown.rstrip("/") or "this folder"
        built, found = examined_pack(folder, today())
        sources = folder.sources
        if not any(problem.level == "error" for problem in found):
            name = f"{folder.shown}{FILE}"
            if found_in(folder.path, FILE, name):
                sources[name] = own_text(folder.path, FILE, name, MOST_YAML_BYTES)
                read_trials(sources[name], name, built)
    except InvalidInput as flawed:
        found, sources = [*found, *flawed.problems], {**sources, **flawed.sources}
    if form == "json":
        emit_answer("problems", found)
    elif form != "text":
        click.echo(_report(form, found, sources, shown), nl=False)
    elif found:
        click.echo(render_problems(found, sources), err=True)
    else:
        click.echo(f"{shown}: no problems")
    if any(problem.level == "error" for problem in found):
        raise SystemExit(PROBLEM)


def _report(form: str, found: list[Problem], sources: Mapping[str, str], shown: str) -> str:
    """What a build server or GitHub reads of the problems."""
    from thesis.export.check_outcomes import problem_outcomes

    suites = problem_outcomes(found, sorted(sources), shown)
    if form == "junit":
        from thesis.export.junit import junit

        return junit("lint", suites, today(), {"pack": shown})
    from thesis.export.github import commands, in_repository

    return commands(suites, lambda outcome: in_repository(outcome.span) if outcome.span else None)
