"""The reference of commands: what ``--help`` says of each, as a page."""

from __future__ import annotations

import inspect
import textwrap
from collections.abc import Iterator

import click

from scripts.docs.markdown import fenced, page, prose
from thesis.cli import cli

INTRO = """\
What `--help` says of every command. A pack is named as the argument or with `-p`, by name or by folder;
where none is named it is the one that the working folder is or lies in. `-h` or `--help` after a
command prints its part of this page. What the exit codes mean is [told in one place](exit-codes.md)."""


def commands() -> str:
    """The page."""
    sections = [_section(name, command) for name, command in _all("thesis", cli)]
    return page("Commands", "the commands' own `--help`, in thesis/cli", INTRO, *sections)


def _all(name: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    """Every command with its full name, each group before its own."""
    yield name, command
    if isinstance(command, click.Group):
        context = click.Context(command, info_name=name)
        for each in command.list_commands(context):
            found = command.get_command(context, each)
            assert found is not None
            yield from _all(f"{name} {each}", found)


def _section(name: str, command: click.Command) -> str:
    context = click.Context(command, info_name=name)
    level = "#" * min(2 + name.count(" "), 4) if name != "thesis" else "##"
    usage = " ".join([name, *command.collect_usage_pieces(context)])
    told = [f"{level} {name}", *_paragraphs(command.help or ""), fenced(usage)]
    told.append("\n".join(_options(command, context)))
    if isinstance(command, click.Group):
        told.append(
            "Its commands: " + ", ".join(_link(name, each) for each in command.list_commands(context))
        )
    return "\n\n".join([*told, *_paragraphs(command.epilog or "")])


def _options(command: click.Command, context: click.Context) -> Iterator[str]:
    for param in command.params:
        record = param.get_help_record(context) if isinstance(param, click.Option) else None
        if record is not None:
            yield f"- `{record[0]}`: {prose(_plain(record[1]))}"


def _link(name: str, command: str) -> str:
    return f"[{command}](#{name.replace(' ', '-')}-{command})"


def _paragraphs(text: str) -> Iterator[str]:
    """Help text as Markdown: a paragraph that click keeps as it is becomes a block."""
    for paragraph in inspect.cleandoc(text).split("\n\n"):
        if not paragraph.startswith("\b"):
            yield prose(_plain(paragraph))
            continue
        first, *rest = paragraph.removeprefix("\b\n").split("\n")
        if first.endswith(":"):
            yield first
            yield fenced(textwrap.dedent("\n".join(rest)), "sh")
        else:
            yield fenced("\n".join([first, *rest]))


def _plain(text: str) -> str:
    return " ".join(text.split())
