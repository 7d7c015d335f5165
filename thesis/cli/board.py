"""``thesis board``."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from thesis.board.attention_groups import HEADINGS, MEANINGS
from thesis.cli.context import answer_text, as_of_option, cache, json_option, today, write_out
from thesis.cli.exit_codes import BELOW, FINE
from thesis.cli.output import plain_option, print_document
from thesis.core.formatting import capitalise

if TYPE_CHECKING:
    from thesis.board.board_row import BoardRow

TERMINAL, MARKDOWN, HTML, JSON = "terminal", "markdown", "html", "json"
ENDINGS = {".md": MARKDOWN, ".html": HTML, ".htm": HTML, ".json": JSON}


_GROUPS = "".join(f"{capitalise(HEADINGS[name])}: {meaning}.\n\n" for name, meaning in MEANINGS.items())


@click.command(
    "board",
    epilog="\b\nExamples:\n"
    "  thesis board\n"
    "  thesis board theses/ other/acme\n"
    "  thesis board theses/ --out board.html --force\n\n"
    "A DIR is a pack, the name of one, or a folder of packs. Without one: the packs in reach, as `thesis "
    "list` has them.\n\n"
    "Groups, the most urgent first in each.\n\n"
    f"{_GROUPS}"
    "What moved a verdict since the last review is told in one order of the causes; `thesis diff` says "
    "whether another would tell otherwise.\n\n"
    "JSON: as_of, counts (of each group), is_cut (there are more packs) and packs, in the order of the "
    "board, each with its group and the reasons for it; what there is none of is left out. `thesis schema "
    "board` has every key with its meaning.\n\n"
    "Exit codes: 0 nothing needs attention; 1 something does, whatever the format, so that a scheduler can "
    "tell somebody; 3 a DIR is neither a pack nor a folder of packs.",
)
@click.argument("dirs", metavar="[DIR]...", nargs=-1)
@as_of_option
@click.option(
    "--format", "form", type=click.Choice([TERMINAL, MARKDOWN, HTML, JSON]),
    help="Default: what the name of the file says, else terminal.",
)  # fmt: skip
@json_option
@plain_option
@click.option("--out", metavar="FILE", help="Write it to a file.")
@click.option("--force", is_flag=True, help="Replace the file if it is there.")
def command(
    dirs: tuple[str, ...],
    as_of: date | None,
    form: str | None,
    as_json: bool,
    plain: bool,
    out: str | None,
    force: bool,
) -> None:
    """Many theses at a glance: where each stands, what moved it, what cannot wait."""
    from thesis.board import attention_groups, pack_selection, row_builder

    asked, day = _format(form, out, as_json=as_json), as_of or today()
    here = Path.cwd()
    packs, is_cut = pack_selection.packs_by_name(dirs, here) if dirs else pack_selection.packs_in_reach(here)
    found = attention_groups.rows_by_group(row_builder.board_rows(packs, day, today(), cache()))
    _deliver(found, asked, day, out, is_cut=is_cut, plain=plain, force=force)
    raise SystemExit(BELOW if found[attention_groups.ATTENTION] or is_cut else FINE)


def _format(form: str | None, out: str | None, *, as_json: bool) -> str:
    """The format. Errors: usage, where two were asked for."""
    if as_json:
        if form not in (None, JSON):
            raise click.UsageError(f"--json and --format {form} were both given; leave one of them out")
        return JSON
    return form or ENDINGS.get(os.path.splitext(out or "")[1].lower(), TERMINAL)


def _deliver(
    found: Mapping[str, Sequence[BoardRow]],
    form: str,
    day: date,
    out: str | None,
    *,
    is_cut: bool,
    plain: bool,
    force: bool,
) -> None:
    """Print a board, or write it to a file."""
    if form == TERMINAL:
        from thesis.board.board_screen import board_document
        from thesis.document import plain_text

        document = board_document(found, day, is_cut=is_cut)
        if out:
            write_out(plain_text.document_text(document), out, force=force)
        else:
            print_document(document, plain=plain)
        return
    text = _text(found, form, day, is_cut=is_cut)
    if out:
        write_out(text, out, force=force, is_remade=True)
    else:
        click.echo(text, nl=False)


def _text(found: Mapping[str, Sequence[BoardRow]], form: str, day: date, *, is_cut: bool) -> str:
    if form == JSON:
        from thesis.board.board_answer import board_answer

        return answer_text("board", board_answer(found, day, is_cut=is_cut))
    from thesis.board import board_page

    return (board_page.board_html if form == HTML else board_page.board_markdown)(found, day, is_cut=is_cut)
