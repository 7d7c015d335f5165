"""``thesis review verify``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from thesis import shelf
from thesis.cli.common import cache, emit_json, json_option, locate, pack_argument, today
from thesis.problems import Flawed

if TYPE_CHECKING:
    from thesis.folder import Folder
    from thesis.pack import Pack


@click.command(
    "verify",
    epilog="\b\nExamples:\n"
    "  thesis review verify\n"
    '  git tag -m "$(thesis review verify --head)" review-2026Q2\n\n'
    "The head is the seal of the newest review; it depends on every byte of the journal. Kept outside (a "
    "signed tag, a timestamp service) it proves that nothing was rewritten.\n\n"
    "Exit codes: 0 in order; 3 something was touched, and then it is named.",
)
@pack_argument
@json_option
@click.option("--head", "only_head", is_flag=True, help="Print the head alone.")
def command(name: str | None, pack: str | None, as_json: bool, only_head: bool) -> None:
    """Is the journal what was signed? Every seal is checked and every review worked out again."""
    from thesis.journal.verifying import verify

    folder = locate(pack, name)
    found = verify(folder.path, folder.shown.rstrip("/"), _as_it_stands(folder))
    if as_json:
        emit_json({"reviews": len(found.chain), "head": found.head, "notes": found.notes})
        return
    if only_head:
        click.echo(found.head)
        return
    for note in found.notes:
        click.echo(note, err=True)
    if not found.chain:
        click.echo("no review is signed yet")
        return
    number = len(found.chain)
    what = "one review" if number == 1 else f"{number} reviews"
    click.echo(f"{what} in order: sealed, unbroken, and what follows from the files they rest on")
    click.echo(f"head {found.head}")


def _as_it_stands(folder: Folder) -> Pack | None:
    """The pack, whose forecasts are held against the sealed ones; none, where it has problems of its own."""
    try:
        return shelf.open_pack(folder, today(), cache())
    except Flawed:
        click.echo(
            "the pack as it stands is not in order (thesis lint); its forecasts are not looked at", err=True
        )
        return None
