"""``thesis memo``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

import click

from thesis import shelf
from thesis.cli.common import (
    as_of_option,
    cache,
    emit_answer,
    journal_of,
    json_option,
    locate,
    look,
    pack_argument,
    today,
    with_journal,
    write_out,
)
from thesis.cli.what_if import set_option, what_if

if TYPE_CHECKING:
    from thesis.appraisal.simulated import Options
    from thesis.assessment import Assessment
    from thesis.folder import Folder
    from thesis.journal.records import Review
    from thesis.pack import Pack
    from thesis.reviewed import Reviewed


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
    chain = journal_of(folder)
    sealed = chain[-1].seal if chain else ""
    # The same files, day and program make the same bytes; a template of one's own may read others.
    is_plain = not (as_json or template or changes or simulate)
    text = kept.recall("memos", folder.digest, str(day), sealed) if is_plain else None
    if text is None:
        opened = shelf.open_pack(folder, today(), kept)
        assessment = look(
            opened, day, what_if(opened, changes), appraised=True, draw=_draws() if simulate else None
        )
        reviewed = _reviewed(folder, opened, assessment, chain)
        if as_json:
            emit_answer("assessment", with_journal(assessment, reviewed.standing if reviewed else None))
            return
        from thesis.memo import render

        text = render(assessment, template, kept.folder, reviewed)
        if is_plain:
            kept.keep("memos", text, folder.digest, str(day), sealed)
    if out:
        write_out(text, out, force=force)
    else:
        click.echo(text, nl=False)


def _reviewed(folder: Folder, pack: Pack, found: Assessment, chain: Sequence[Review]) -> Reviewed | None:
    """What the journal adds to a memo; nothing, where none is kept and nothing has tripped."""
    if not chain and not any(k.has_tripped for k in found.kill):
        return None
    from thesis.cli.looks import review_side
    from thesis.journal.causes import Side
    from thesis.journal.difference import difference
    from thesis.journal.standing import due, standing
    from thesis.journal.store import in_force
    from thesis.journal.track import track
    from thesis.reviewed import Reviewed

    where = standing(pack, found, chain)
    force = in_force(where.chain)
    own = next((r for r in force if r.day == found.as_of and r.period == found.quarter), None)
    earlier = [review for review in force if review is not own]
    before = earlier[-1] if earlier else None
    now = Side(f"{found.as_of}", pack, found.as_of)
    change = difference(review_side(folder, before), now) if before else None
    record = track(pack, where.chain, found.as_of)
    return Reviewed(where, own, before, change, record, tuple(due(pack, found, where)))


def _draws() -> Options:
    from thesis.cli.simulate import usual_draws

    return usual_draws()
