"""``thesis lint``."""

from __future__ import annotations

import click

from thesis.cli.common import PROBLEM, emit_json, json_option, locate, pack_argument, today


@click.command("lint", epilog="\b\nExamples:\n  thesis lint\n  thesis lint rules/mine --json")
@pack_argument
@json_option
def command(name: str | None, pack: str | None, as_json: bool) -> None:
    """Check a pack's files: names, units, levels, dates, facts and identities, all at once."""
    from thesis.files import MOST_YAML_BYTES, read_text
    from thesis.lint import check
    from thesis.pack import build
    from thesis.problems import Flawed, Problem, render
    from thesis.trials import FILE, read

    shown = pack or name or "the pack"
    sources: dict[str, str] = {}
    found: list[Problem] = []
    try:
        folder = locate(pack, name)
        shown = folder.shown.rstrip("/") or "this folder"
        built, documents = build(folder)
        found, sources = check(built, documents, today()), folder.sources
        if not any(problem.level == "error" for problem in found):
            trials = folder.path / FILE
            if trials.is_file():
                name = f"{folder.shown}{FILE}"
                sources[name] = read_text(trials, name, MOST_YAML_BYTES)
                read(sources[name], name, built)
    except Flawed as flawed:
        found, sources = [*found, *flawed.problems], {**sources, **flawed.sources}
    if as_json:
        emit_json([{**p._asdict(), "span": p.span._asdict() if p.span else None} for p in found])
    elif found:
        click.echo(render(found, sources), err=True)
    else:
        click.echo(f"{shown}: no problems")
    if any(problem.level == "error" for problem in found):
        raise SystemExit(PROBLEM)
