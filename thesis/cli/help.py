"""``thesis help``."""

from __future__ import annotations

from collections.abc import Sequence

import click


@click.command(
    "help",
    epilog="\b\nExamples:\n  thesis help\n  thesis help memo\n  thesis help review sign",
    context_settings={"ignore_unknown_options": True},
)
@click.argument("names", metavar="[COMMAND]...", nargs=-1)
@click.pass_context
def command(context: click.Context, names: Sequence[str]) -> None:
    """Explain a command; without one, list them all."""
    assert context.parent is not None
    at = context.parent
    for name in names:
        group = at.command
        if not isinstance(group, click.Group):
            raise click.UsageError(f"`{at.command_path}` has no commands of its own", at)
        _, found, _ = group.resolve_command(at, [name])
        assert found is not None  # an unknown one is an error above
        at = click.Context(found, at, name)
    click.echo(at.get_help())
