"""``thesis test``."""

from __future__ import annotations

import click

from thesis.cli.common import BELOW, emit_json, json_option, load, locate, pack_argument


@click.command("test", epilog="\b\nExamples:\n  thesis test\n  thesis test rules/mine")
@pack_argument
@json_option
def command(name: str | None, pack: str | None, as_json: bool) -> None:
    """Run a pack's own trials: invented figures, and what the rules must say of them."""
    from thesis.documents import MOST_YAML_BYTES, read_text
    from thesis.trials import FILE, read, run

    path, shown = locate(pack, name)
    opened = load(pack, name)
    file = f"{shown}/{FILE}" if shown != "." else FILE
    trials, document = read(read_text(path / FILE, file, MOST_YAML_BYTES), file, opened)
    outcomes = run(opened, trials, document)
    failed = [outcome for outcome in outcomes if not outcome.passed]
    if as_json:
        emit_json([outcome._asdict() for outcome in outcomes])
    else:
        for each in failed:
            click.echo(f"{file}:{each.line}: {each.trial}")
            click.echo(f"  {each.of} at {each.at}: expected {each.wanted}, found {each.found}")
        click.echo(f"{len(trials)} trials, {len(outcomes)} expectations, {len(failed)} failed")
    if failed:
        raise SystemExit(BELOW)
