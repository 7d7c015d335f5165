"""``thesis review sign``."""

from __future__ import annotations

from datetime import date
from typing import cast

import click

from thesis.cli.asking import Ask, answers
from thesis.cli.common import (
    UNDETERMINED,
    as_of_option,
    emit_json,
    json_option,
    locate,
    own_pack,
    pack_argument,
    today,
)
from thesis.journal.records import DECISIONS, Decision


@click.command(
    "sign",
    epilog="\b\nExamples:\n"
    "  thesis review sign --by 'Jane Doe' --decision hold --note 'Margins next.'\n"
    "  thesis review sign --by 'Jane Doe' --supersede 'the report is in, after the release'\n"
    "  thesis review sign --by 'Jane Doe' --decision hold --reunderwrite 'AWS is back above 20%'\n\n"
    "What is signed is kept for good, with a copy of the pack's files. Signing the same filings again is "
    "nothing new. Reviews signed more than 14 days after the day they look from are marked BACKTEST.\n\n"
    "Exit codes: 0 signed, or signed already; 2 wrong usage; 3 a problem, and then nothing was written; 4 "
    "nothing was filed by the day.",
)
@pack_argument
@as_of_option
@json_option
@click.option("--by", metavar="NAME", help="Who signs. Default: THESIS_ANALYST, or the settings.")
@click.option("--decision", type=click.Choice(DECISIONS), help="What follows from it.")
@click.option("--note", default="", metavar="TEXT", help="What a reader a year on should know.")
@click.option(
    "--premortem",
    multiple=True,
    metavar="TEXT",
    help="Why it may have failed, seen from its end, with a probability. May be said again.",
)
@click.option(
    "--opposing", default="", metavar="TEXT", help="The strongest case against, in its holder's words."
)
@click.option("--supersede", default="", metavar="WHY", help="Correct the review of this quarter.")
@click.option("--reunderwrite", default="", metavar="WHY", help="Take a broken thesis up again.")
def command(
    name: str | None,
    pack: str | None,
    as_of: date | None,
    as_json: bool,
    by: str | None,
    decision: str | None,
    note: str,
    premortem: tuple[str, ...],
    opposing: str,
    supersede: str,
    reunderwrite: str,
) -> None:
    """Sign what the thesis comes to on a day, into the journal."""
    from thesis.cli.config import analyst
    from thesis.journal.signing import Words, sign

    folder = locate(pack, name)
    own_pack(folder, pack or name)
    who = answers([Ask("by", "signed by")], {"by": by or analyst()})["by"]
    words = Words(
        by=who,
        decision=cast("Decision", decision or ""),
        note=note.strip(),
        premortem=tuple(text.strip() for text in premortem if text.strip()),
        opposing=opposing.strip(),
        supersedes=supersede.strip(),
        reunderwriting=reunderwrite.strip(),
    )
    try:
        found = sign(folder, as_of or today(), today(), words)
    except LookupError as error:
        click.echo(f"nothing to sign: {error}", err=True)
        raise SystemExit(UNDETERMINED) from None
    if as_json:
        emit_json({"is_new": found.is_new, "review": found.review})
        return
    from thesis.session import published

    review = found.review
    where = f"{folder.shown}reviews/{review.name}.yaml"
    if not found.is_new:
        click.echo(f"{review.name} is signed already, on {review.signed} by {review.by}: nothing to do")
        click.echo('a correction is a review of its own: --supersede "what was wrong"')
        return
    click.echo(f"signed {where}")
    click.echo(f"  published  {published(review)}{', BACKTEST' if review.backtest else ''}")
    click.echo(f"  seal       {review.seal}")
    for k in review.found.kill:
        if k.tripped == "yes" and review.decision in ("", "hold", "add"):
            click.echo(f"  {k.id} has tripped, and this review does not act on it: it stays open", err=True)
