"""``thesis review verify``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from thesis import shelf
from thesis.cli.common import FINE, UNDETERMINED, cache, emit_json, json_option, locate, pack_argument, today
from thesis.problems import Flawed

if TYPE_CHECKING:
    from thesis.folder import Folder
    from thesis.journal.verifying import Verified
    from thesis.pack import Pack


@click.command(
    "verify",
    epilog="\b\nExamples:\n"
    "  thesis review verify\n"
    '  git tag -m "$(thesis review verify --head)" review-2026Q2\n\n'
    "The head is the seal of the newest review; it depends on every byte of the journal. Kept outside (a "
    "signed tag, a timestamp service) it proves that nothing was rewritten.\n\n"
    "Exit codes: 0 in order; 3 something was touched, and then it is named; 4 not known: a review cannot be "
    "worked out again by this version, or one may have been taken away.",
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
        emit_json({"reviews": len(found.chain), **{k: v for k, v in found._asdict().items() if k != "chain"}})
    elif only_head:
        click.echo(found.head)
    else:
        _tell(found)
    raise SystemExit(FINE if found.is_proved else UNDETERMINED)


def _tell(found: Verified) -> None:
    for note in (*found.notes, *found.unproved, *found.left_over):
        click.echo(note, err=True)
    number = len(found.chain)
    what = "one review" if number == 1 else f"{number} reviews"
    if not number:
        click.echo("no review is signed yet")
    elif found.is_proved:
        click.echo(f"{what} in order: sealed, unbroken, and what follows from the files they rest on")
    else:
        click.echo(f"{what}: every seal holds, but not all is known")
    if number:
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
