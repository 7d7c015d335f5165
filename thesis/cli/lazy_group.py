"""Command groups that import a command's module only when it runs."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import ClassVar

import click


class LazyGroup(click.Group):
    """A group by name and summary; ``modules`` is what goes before a command's name in its module's.

    A hyphen of the name is an underscore there.
    """

    known: ClassVar[Mapping[str, str]] = {}
    groups: ClassVar[Mapping[str, Mapping[str, str]]] = {}  # headings under which help lists the commands
    modules: ClassVar[str] = ""
    otherwise: ClassVar[str] = ""  # the hint where no name is near

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.known)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.known:
            return None
        command = getattr(import_module(f"{self.modules}{cmd_name.replace('-', '_')}"), "command")  # noqa: B009
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        wanted = args[0]  # click takes what looks like an option off the list
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            from thesis.core.problem import did_you_mean

            hint = did_you_mean(wanted, self.known) or self.otherwise
            raise click.UsageError(f"{error.message.rstrip('.')}{f'; {hint}' if hint else ''}", ctx) from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        widest = max(map(len, self.known))
        for heading, known in (self.groups or {"Commands": self.known}).items():
            with formatter.section(heading):
                formatter.write_dl([(name.ljust(widest), text) for name, text in known.items()])
