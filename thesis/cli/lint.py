"""``thesis lint``."""

from __future__ import annotations

from collections.abc import Mapping

import click

from thesis.cli.common import PROBLEM, emit_answer, format_option, locate, pack_argument, today
from thesis.problems import Problem


@click.command("lint", epilog="\b\nExamples:\n  thesis lint\n  thesis lint rules/mine --format github")
@pack_argument
@format_option("text", "json", "junit", "github")
def command(name: str | None, pack: str | None, form: str) -> None:
    """Check a pack's files: names, units, levels, dates, facts and identities, all at once."""
    from thesis import shelf
    from thesis.files import MOST_YAML_BYTES, read_text
    from thesis.problems import Flawed, render
    from thesis.trials import FILE, read

    shown = pack or name or "the pack"
    sources: dict[str, str] = {}
    found: list[Problem] = []
    try:
        folder = locate(pack, name)
        shown = folder.shown.rstrip("/") or "this folder"
        built, found = shelf.examined(folder, today())
        sources = folder.sources
        if not any(problem.level == "error" for problem in found):
            trials = folder.path / FILE
            if trials.is_file():
                name = f"{folder.shown}{FILE}"
                sources[name] = read_text(trials, name, MOST_YAML_BYTES)
                read(sources[name], name, built)
    except Flawed as flawed:
        found, sources = [*found, *flawed.problems], {**sources, **flawed.sources}
    if form == "json":
        emit_answer("problems", found)
    elif form != "text":
        click.echo(_report(form, found, sources, shown), nl=False)
    elif found:
        click.echo(render(found, sources), err=True)
    else:
        click.echo(f"{shown}: no problems")
    if any(problem.level == "error" for problem in found):
        raise SystemExit(PROBLEM)


def _report(form: str, found: list[Problem], sources: Mapping[str, str], shown: str) -> str:
    """What a build server or GitHub reads of the problems."""
    from thesis.formats.outcomes import of_problems

    suites = of_problems(found, sorted(sources), shown)
    if form == "junit":
        from thesis.formats.junit import junit

        return junit("lint", suites, today(), {"pack": shown})
    from thesis.cli.workspace import in_repository
    from thesis.formats.annotations import commands

    return commands(suites, lambda outcome: in_repository(outcome.span) if outcome.span else None)
