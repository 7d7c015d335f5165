"""``thesis memo``."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import click

from thesis import shelf
from thesis.cli.common import (
    as_of_option,
    cache,
    emit_answer,
    json_option,
    locate,
    look,
    pack_argument,
    today,
    write_out,
)
from thesis.cli.what_if import set_option, what_if

if TYPE_CHECKING:
    from thesis.appraisal.simulated import Options


@click.command(
    "memo",
    epilog="\b\nExamples:\n"
    "  thesis memo amzn-4t --as-of 2026-10-15\n"
    "  thesis memo --out memo.md\n"
    "  thesis memo --template mine.md.j2",
)
@pack_argument
@as_of_option
@json_option
@set_option
@click.option(
    "--simulate", is_flag=True, help="With chances drawn from the beliefs, as `thesis simulate` has them."
)
@click.option("--out", metavar="FILE", help="Write it to a file.")
@click.option("--force", is_flag=True, help="Replace the file if it is there.")
@click.option("--template", metavar="FILE", help="A Jinja template of your own.")
def command(
    name: str | None,
    pack: str | None,
    as_of: date | None,
    as_json: bool,
    changes: tuple[str, ...],
    simulate: bool,
    out: str | None,
    force: bool,
    template: str | None,
) -> None:
    """Print the investment memo: page one stands alone, and every figure has a footnote."""
    folder, day, kept = locate(pack, name), as_of or today(), cache()
    # The same files, day and program make the same bytes; a template of one's own may read others.
    is_plain = not (as_json or template or changes or simulate)
    text = kept.recall("memos", folder.digest, str(day)) if is_plain else None
    if text is None:
        opened = shelf.open_pack(folder, today(), kept)
        assessment = look(
            opened, day, what_if(opened, changes), appraised=True, draw=_draw() if simulate else None
        )
        if as_json:
            emit_answer("assessment", assessment)
            return
        from thesis.memo import render

        text = render(assessment, template, kept.folder)
        if is_plain:
            kept.keep("memos", text, folder.digest, str(day))
    if out:
        write_out(text, out, force=force)
    else:
        click.echo(text, nl=False)


def _draw() -> Options:
    """The draws that `thesis simulate` makes when nothing else is said. Errors: usage, without numpy."""
    from thesis.cli.simulate import DRAWS, SEED, THREADS, require_numpy

    require_numpy()
    from thesis.appraisal.simulated import Options

    return Options(DRAWS, SEED, THREADS)
