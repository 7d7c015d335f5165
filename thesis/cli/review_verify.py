"""``thesis review verify``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from thesis.cli.context import cache, emit_json, json_option, locate_pack, pack_argument, today
from thesis.cli.exit_codes import FINE, UNDETERMINED
from thesis.core import semantics
from thesis.core.formatting import count as counted
from thesis.core.problem import InvalidInput, Problem
from thesis.files.disk import MOST_YAML_BYTES, read_bytes
from thesis.workspace.open_pack import open_pack

if TYPE_CHECKING:
    from thesis.journal.review_schema import Review
    from thesis.journal.verify import VerifiedJournal
    from thesis.pack.folder import Folder
    from thesis.pack.load import Pack

ALONE = ":print"  # what --head says without a file


@click.command(
    "verify",
    epilog="\b\nExamples:\n"
    "  thesis review verify\n"
    '  git tag -s -m "$(thesis review verify --head)" review-2026Q2\n'
    "  git tag -l --format='%(contents)' 'review-*' | thesis review verify --head -\n\n"
    "The head is the seal of the newest review; it depends on every byte of the journal. Kept outside (a "
    "signed tag, a timestamp service) it proves that nothing up to it was taken away or rewritten: --head "
    "FILE looks for every head that the file holds.\n\n"
    "A review sealed under another rules version than this program's is not recomputed, since the same "
    "inputs may give other figures today; its seal and its files are checked all the same.\n\n"
    "Exit codes: 0 in order; 3 something was touched or a kept head is not there; 4 a review may have been "
    "taken away or, with --strict, was not recomputed.",
)
@pack_argument
@json_option
@click.option(
    "--head",
    "kept",
    is_flag=False,
    flag_value=ALONE,
    metavar="[FILE]",
    help="Compare with the heads kept in a file (- is standard input); without a file print the head alone.",
)
@click.option("--strict", is_flag=True, help="Exit with 4 where a review was not recomputed.")
def command(name: str | None, pack: str | None, as_json: bool, kept: str | None, strict: bool) -> None:
    """Is the journal what was signed? Every seal is checked and every review recomputed."""
    from thesis.journal.verify import kept_head, verify_journal

    folder = locate_pack(pack, name)
    found = verify_journal(folder.path, folder.shown.rstrip("/"), _as_it_stands(folder))
    anchored = None if kept in (None, ALONE) else kept_head(_text_of(kept), kept, found.chain)
    if as_json:
        told = {name: value for name, value in found._asdict().items() if name != "chain"}
        told |= {"kept": anchored.name} if anchored else {}
        emit_json({"reviews": len(found.chain), "rules_version": semantics.SEMANTICS, **told})
    elif kept == ALONE:
        click.echo(found.head)
    else:
        _tell(found)
        if anchored:
            _tell_kept(found, anchored)
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


def _text_of(file: str) -> str:
    """The text in which heads were kept. Errors: ``InvalidInput`` for a file that cannot be read."""
    if file == "-":
        return sys.stdin.read(MOST_YAML_BYTES)
    if Path(file).is_dir():
        hint = f"a thesis stands before the option: thesis review verify {file} --head"
        raise InvalidInput(
            [Problem("unreadable-file", f"`{file}` is a folder, and no file with heads", hint=hint)]
        )
    return read_bytes(Path(file), file, MOST_YAML_BYTES).decode("utf-8", "replace")


def _tell_kept(found: VerifiedJournal, anchored: Review) -> None:
    later = len(found.chain) - 1 - found.chain.index(anchored)
    after = f"; {counted(later, 'review')} signed since, of which no head was kept" if later else ""
    click.echo(f"the head of {anchored.name} was kept: nothing up to it was taken away or rewritten{after}")


def _as_it_stands(folder: Folder) -> Pack | None:
    """The pack, whose forecasts are held against the sealed ones; none, where it has problems of its own."""
    try:
        return open_pack(folder, today(), cache())
    except InvalidInput:
        click.echo(
            "the pack as it stands is not in order (thesis lint); its forecasts are not looked at", err=True
        )
        return None
