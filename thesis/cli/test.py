"""``thesis test``."""

from __future__ import annotations

import click

from thesis.cli.context import cache, emit_json, json_option, locate_pack, pack_argument, today
from thesis.cli.exit_codes import BELOW
from thesis.core import formatting
from thesis.core.problem import InvalidInput, Problem
from thesis.workspace.open_pack import open_pack


@click.command("test", epilog="\b\nExamples:\n  thesis test\n  thesis test rules/mine")
@pack_argument
@json_option
def command(name: str | None, pack: str | None, as_json: bool) -> None:
    """Run a pack's own trials: invented figures, and what the rules must say of them."""
    from thesis.files.disk import MOST_YAML_BYTES
    from thesis.files.own_folder import found_in, own_text
    from thesis.workspace.trial_runs import FILE, read_trials, run_trials

    folder = locate_pack(pack, name)
    opened = open_pack(folder, today(), cache())
    file = f"{folder.shown}{FILE}"
    if not found_in(folder.path, FILE, file):
        hint = "write it beside thesis.yaml; `thesis schema trials.yaml` says what it holds"
        raise InvalidInput([Problem("missing-file", f"there is no file `{file}`", hint=hint)])
    trials, document = read_trials(own_text(folder.path, FILE, file, MOST_YAML_BYTES), file, opened)
    outcomes = run_trials(opened, trials, document)
    failed = [outcome for outcome in outcomes if not outcome.passed]
    if as_json:
        emit_json([outcome._asdict() for outcome in outcomes])
    else:
        for each in failed:
            click.echo(f"{file}:{each.line}: {each.trial}")
            click.echo(f"  {each.of} at {each.at}: expected {each.wanted}, found {each.found}")
        tried = f"{formatting.count(len(trials), 'trial')}, {formatting.count(len(outcomes), 'expectation')}"
        click.echo(f"{tried}, {len(failed)} failed")
    if failed:
        raise SystemExit(BELOW)
