"""``thesis review verify``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from thesis.cli.context import cache, emit_json, json_option, locate_pack, pack_argument, today
from thesis.cli.exit_codes import FINE, UNDETERMINED
from thesis.core import semantics
from thesis.core.problem import InvalidInput
from thesis.workspace.open_pack import open_pack

if TYPE_CHECKING:
    from thesis.journal.verify import VerifiedJournal
    from thesis.pack.folder import Folder
    from thesis.pack.load import Pack


@click.command(
    "verify",
    epilog="\b\nExamples:\n"
    "  thesis review verify\n"
    '  git tag -m "$(thesis review verify --head)" review-2026Q2\n\n'
    "The head is the seal of the newest review; it depends on every byte of the journal. Kept outside (a "
    "signed tag, a timestamp service) it proves that nothing was rewritten.\n\n"
    "A review sealed under another rules version than this program's is not recomputed, since the same "
    "inputs may give other figures today; its seal and its files are checked all the same.\n\n"
    "Exit codes: 0 in order; 3 something was touched, and then it is named; 4 a review may have been taken "
    "away or, with --strict, was not recomputed.",
)
@pack_argument
@json_option
@click.option("--head", "only_head", is_flag=True, help="Print the head alone.")
@click.option("--strict", is_flag=True, help="Exit with 4 where a review was not recomputed.")
def command(name: str | None, pack: str | None, as_json: bool, only_head: bool, strict: bool) -> None:
    """Is the journal what was signed? Every seal is checked and every review recomputed."""
    from thesis.journal.verify import verify_journal

    folder = locate_pack(pack, name)
    found = verify_journal(folder.path, folder.shown.rstrip("/"), _as_it_stands(folder))
    if as_json:
        told = {name: value for name, value in found._asdict().items() if name != "chain"}
        emit_json({"reviews": len(found.chain), "rules_version": semantics.SEMANTICS, **told})
    elif only_head:
        click.echo(found.head)
    else:
        _tell(found)
    raise SystemExit(FINE if (found.is_proved if strict else found.is_whole) else UNDETERMINED)


def _tell(found: VerifiedJournal) -> None:
    for note in (*found.notes, *found.unproved, *found.left_over):
        click.echo(note, err=True)
    number = len(found.chain)
    what = "one review" if number == 1 else f"{number} reviews"
    if not number:
        click.echo("no review is signed yet")
    elif found.is_proved:
        click.echo(f"{what} in order: sealed, unbroken, and what follows from the files they rest on")
    elif found.is_whole:
        counted = f"{number - len(found.unproved)} recomputed, {len(found.unproved)} not"
        click.echo(f"{what} in order: sealed and unbroken; {counted}")
    else:
        click.echo(f"{what}: every seal holds, but not all is known")
    if number:
        click.echo(f"head {found.head}")


def _as_it_stands(folder: Folder) -> Pack | None:
    """The pack, whose forecasts are held against the sealed ones; none, where it has problems of its own."""
    try:
        return open_pack(folder, today(), cache())
    except InvalidInput:
        click.echo(
            "the pack as it stands is not in order (thesis lint); its forecasts are not looked at", err=True
        )
        return None
