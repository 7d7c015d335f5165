"""``thesis review sign``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, cast

import click
from click.core import ParameterSource

from thesis.case.case import NothingKnown
from thesis.cli.context import (
    as_of_option,
    cache,
    emit_json,
    json_option,
    locate_pack,
    pack_argument,
    refuse_bundled,
    today,
)
from thesis.cli.exit_codes import UNDETERMINED
from thesis.cli.prompts import LONGEST, Prompt, is_terminal, prompt_answers
from thesis.core.formatting import count as counted
from thesis.core.period import read_quarter
from thesis.core.problem import InvalidInput, Problem
from thesis.journal.review_schema import DECISIONS, Decision, Review
from thesis.pack.folder import REVIEWS, THESIS
from thesis.workspace.open_pack import open_pack

if TYPE_CHECKING:
    from thesis.journal.review_schema import AcceptedOutlier
    from thesis.journal.sign import AnalystWords, SignedReview
    from thesis.pack.folder import Folder

_PROBABILITY = re.compile(r"(?<![\d.])(?:100|\d{1,2}(?:\.\d+)?) ?%")


def _why(context: click.Context, option: click.Parameter, value: str) -> str:
    """A reason, where one is given. Errors: usage, for one without words."""
    is_given = context.get_parameter_source(option.name or "") is not ParameterSource.DEFAULT
    if is_given and not value.strip():
        raise click.BadParameter("expected a reason, found nothing", context, option)
    return value


@click.command(
    "sign",
    epilog="\b\nExamples:\n"
    "  thesis review sign --by 'Jane Doe' --decision hold --note 'Margins next.'\n"
    "  thesis review sign --by 'Jane Doe' --supersede 'the report is in, after the release'\n"
    "  thesis review sign --by 'Jane Doe' --decision hold --reunderwrite 'AWS is back above 20%'\n\n"
    "What is signed is kept for good, with a copy of the pack's files; in a terminal it is shown first, "
    "and asked. A pack whose thesis.yaml says `review: {requires: [decision, note]}` is signed with both; "
    "any other is warned of what is left out. Signing the same filings again is nothing new, unless other "
    "words are said: those are a correction, with --supersede. A figure that stands out from its series "
    "(`thesis facts check`) has to be corrected or accepted; what was accepted stays so while the figure "
    "is the same. Reviews signed more than 14 days after the day they look from, when a later quarter was "
    "public, or on words that were written down later, are marked BACKTEST.\n\n"
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
@click.option(
    "--supersede", default="", metavar="WHY", callback=_why, help="Correct the review of this quarter."
)
@click.option(
    "--reunderwrite", default="", metavar="WHY", callback=_why, help="Take a broken thesis up again."
)
@click.option(
    "--accept-outlier",
    "accept",
    multiple=True,
    metavar="ID",
    help="A figure that stands out and is right, as in sales:2026Q2. May be said again.",
)
@click.option(
    "--because",
    multiple=True,
    metavar="TEXT",
    help="Why it is right: one reason for all that are accepted, or one for each.",
)
@click.option("--dry-run", is_flag=True, help="Show what would be signed, and write nothing.")
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
    accept: tuple[str, ...],
    because: tuple[str, ...],
    dry_run: bool,
) -> None:
    """Sign what the thesis comes to on a day, into the journal."""
    from thesis.cli.config import analyst
    from thesis.journal.sign import sign_review

    folder = locate_pack(pack, name)
    refuse_bundled(folder, pack or name)
    words = _words(by or analyst(), decision, note, premortem, opposing, supersede, reunderwrite)
    words = words._replace(accepted=_accepted(accept, because))
    day = as_of or today()
    is_asking = is_terminal() and not (as_json or dry_run)
    try:
        found = sign_review(folder, day, today(), words, dry=dry_run or is_asking)
        for cut_off in found.cleared:
            told = "or somebody took the review away: compare the head with the one you kept"
            click.echo(f"the signing of {cut_off} had been cut off and was cleared away, {told}", err=True)
        if is_asking and found.is_new:
            _tell(found, "would publish")
            click.confirm("sign it, for good?", default=False, abort=True, err=True)
            found = sign_review(folder, day, today(), words)
        if not found.is_new:
            _refuse_others(words, found.review)
    except NothingKnown as error:
        click.echo(f"nothing to sign: {error}", err=True)
        raise SystemExit(UNDETERMINED) from None
    if found.is_new:
        _warn_of_unsaid(folder, words)
    review = found.review
    if as_json:
        emit_json({"is_new": found.is_new, "review": review})
    elif not found.is_new:
        click.echo(f"{review.name} is signed already, on {review.signed} by {review.by}: nothing to do")
        if not words.supersedes:
            click.echo('a correction is a review of its own: --supersede "what was wrong"')
    elif dry_run:
        _tell(found, "would publish")
        click.echo("nothing was written: a dry run")
    else:
        click.echo(f"signed {folder.shown}{REVIEWS}/{review.name}.yaml")
        _tell(found, "published")
        click.echo(f"  seal       {review.seal}")


def _warn_of_unsaid(folder: Folder, words: AnalystWords) -> None:
    """Say what was left out of a review, where the pack does not say what it wants."""
    from thesis.journal.sign import unsaid

    left_out = unsaid(words)
    if left_out and open_pack(folder, today(), cache()).thesis.review is None:
        missing = " and ".join(f"no {name}" for name in left_out)
        key = "review: {requires: [decision, note]}"
        where = f"{folder.shown}{THESIS}"
        click.echo(f"warning: the review has {missing}; `{key}` in {where} asks for both", err=True)


def _words(by: str, decision: str | None, note: str, premortem: Sequence[str], *more: str) -> AnalystWords:
    """What the analyst says. Errors: usage, without a name, and with all texts that are no good."""
    from thesis.journal.sign import AnalystWords

    who = prompt_answers([Prompt("by", "signed by")], {"by": by})["by"]
    opposing, supersede, reunderwrite = more
    said = [("note", note), ("opposing", opposing), *(("premortem", each) for each in premortem)]
    wrong = [
        f"--{option}: expected at most {LONGEST:,} characters, found {len(text):,}"
        for option, text in said
        if len(text) > LONGEST
    ]
    wrong += [
        f"--premortem: expected a probability with it, as in 'Labs build their own: 25%', found `{text}`"
        for text in premortem
        if text.strip() and len(text) <= LONGEST and not _PROBABILITY.search(text)
    ]
    if wrong:
        raise click.UsageError("\n".join(wrong))
    return AnalystWords(
        by=who,
        decision=cast("Decision", decision or ""),
        note=note.strip(),
        premortem=tuple(text.strip() for text in premortem if text.strip()),
        opposing=opposing.strip(),
        supersedes=supersede.strip(),
        reunderwriting=reunderwrite.strip(),
    )


def _accepted(ids: Sequence[str], reasons: Sequence[str]) -> tuple[AcceptedOutlier, ...]:
    """The figures that are accepted, each with its reason. Errors: usage, where one has none."""
    from thesis.journal.review_schema import AcceptedOutlier

    ids, told = [_figure_name(text) for text in ids], [reason.strip() for reason in reasons]
    if bool(ids) != bool(told) or not all(told) or (len(told) not in (1, len(ids)) and ids):
        found = f"{counted(len(ids), 'figure')} and {counted(len(told) - told.count(''), 'reason')}"
        message = "--accept-outlier goes with --because TEXT, one for all or one for each"
        raise click.UsageError(f"{message}; found {found}")
    if len(set(ids)) < len(ids):
        raise click.UsageError("--accept-outlier: a figure is accepted twice")
    longest = max(map(len, told), default=0)
    if longest > LONGEST:
        raise click.UsageError(f"--because: expected at most {LONGEST:,} characters, found {longest:,}")
    listed = told * len(ids) if len(told) == 1 else told
    return tuple(AcceptedOutlier(name, reason) for name, reason in zip(ids, listed, strict=True))


def _figure_name(text: str) -> str:
    """A figure as it is listed, ``sales:2026Q2`` of ``sales:Q2 2026``; what names none, as it is."""
    name, mark, period = text.partition(":")
    try:
        return f"{name}{mark}{read_quarter(period)}"
    except ValueError:
        return text


def _refuse_others(words: AnalystWords, review: Review) -> None:
    """Errors: ``InvalidInput`` where something is said now that the signed review does not say."""
    said = {
        "decision": (words.decision, review.decision),
        "note": (words.note, review.note),
        "pre-mortem": (words.premortem, tuple(review.premortem)),
        "opposing case": (words.opposing, review.opposing),
        "reason to take it up again": (words.reunderwriting, review.reunderwriting),
    }
    others = [name for name, (now, then) in said.items() if now and now != then]
    if others:
        signed = f"{review.name} is signed already, on {review.signed} by {review.by}"
        message = f"{signed}, and not with this {' and this '.join(others)}; nothing was changed"
        hint = 'say the same with --supersede "what was wrong": a correction is a review of its own'
        raise InvalidInput([Problem("signed-already", message, hint=hint)])


def _tell(found: SignedReview, verb: str) -> None:
    """What a review publishes, seals and leaves open."""
    from thesis.journal.triggers import undecided_triggers
    from thesis.reports.review_session import FIRST, signed_rating_text

    review = found.review
    chain = [each for each in found.chain if each.name != review.name]
    click.echo(f"  {verb}  {signed_rating_text(review)}{', BACKTEST' if review.backtest else ''}")
    if not review.digests.previous:
        click.echo(f"             ({FIRST})")
    sealed = (
        ("override", review.overrides),
        ("forecast", review.forecasts),
        ("settled forecast", review.settled),
        ("accepted outlier", review.accepted),
    )
    told = [counted(len(items), noun) for noun, items in sealed if items]
    if told:
        click.echo(f"  with       {', '.join(told)}")
    if review.backtest:
        click.echo("  BACKTEST   written in hindsight: its forecasts count in no calibration")
    for kill in undecided_triggers([*chain, review]):
        click.echo(f"  {kill} has tripped, and this review does not act on it: it stays open", err=True)
