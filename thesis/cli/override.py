"""``thesis override``."""

from __future__ import annotations

from datetime import date
from typing import Any

import click

from thesis.cli.context import DayArgument, cache, entry_day, locate_pack, pack_option, refuse_bundled, today
from thesis.cli.prompts import Prompt, prompt_answers
from thesis.cli.typed_arguments import completing
from thesis.core.problem import did_you_mean


@click.command(
    "override",
    epilog="\b\nExamples:\n"
    "  thesis override margins --score 0.55 --reason 'The Italian charge is one-off.' --until 2027-06-30\n"
    "  thesis override K2 --answer no --reason 'Useful lives were cut.' --until 2027-06-30\n\n"
    "The memo shows the verdict with and without overrides as long as one is in force. A tripped kill "
    "criterion stays open until a review is signed that holds the override.\n\n"
    "Exit codes: 0 written, or there already; 2 wrong usage; 3 a problem, and then nothing was written.",
)
@click.argument("rule", shell_complete=completing("rules"))
@pack_option
@click.option("--score", metavar="SCORE", help="Of a condition or risk: 0 to 1, or a range as in 0.5..0.7.")
@click.option(
    "--answer",
    type=click.Choice(["yes", "no", "unknown"]),
    help="Of a kill criterion: has it tripped? Of a condition: is its claim true?",
)
@click.option("--reason", metavar="TEXT", help="Why.")
@click.option("--by", metavar="NAME", help="Whose word it is. Default: THESIS_ANALYST, or the settings.")
@click.option("--until", metavar="DATE", help="The last day on which it counts.")
@click.option(
    "--since", type=DayArgument(), metavar="DATE", help="The day from which on it counts. Default: today."
)
def command(rule: str, pack: str | None, since: date | None, **given: Any) -> None:
    """Replace what a rule comes to by your own word, with a reason and an end."""
    from thesis.cli.config import analyst
    from thesis.cli.file_entries import add_entry
    from thesis.core.period import parse_day
    from thesis.pack.folder import OVERRIDES
    from thesis.workspace.open_pack import open_pack

    folder = locate_pack(pack)
    refuse_bundled(folder, pack)
    opened = open_pack(folder, today(), cache())
    thesis = opened.thesis
    known = [r.id for r in (*thesis.conditions, *thesis.risks)] + [k.id for k in thesis.criteria]
    if rule not in known:
        hint = did_you_mean(rule, known) or f"there are {', '.join(known)}"
        raise click.UsageError(f"there is no rule called `{rule}`; {hint}")
    if not (given["score"] or given["answer"]):
        is_kill, is_risk = (rule in [each.id for each in rules] for rules in (thesis.criteria, thesis.risks))
        kind = "--answer" if is_kill else "--score" if is_risk else "--score or --answer"
        raise click.UsageError(f"missing: {kind}, what takes its place")
    score = _score(given["score"] or "")
    asks = [
        Prompt("reason", "why"),
        Prompt("by", "whose word it is"),
        Prompt("until", "last day on which it counts", lambda text: str(parse_day(text.strip()))),
    ]
    said = prompt_answers(asks, {**given, "by": given["by"] or analyst()})
    item = {
        "rule": rule,
        "score": score,
        "answer": given["answer"] or "",
        "reason": said["reason"],
        "by": said["by"],
        "since": str(since or today()),
        "until": said["until"],
        "entered": entry_day(since or today()),
    }
    add_entry(folder, OVERRIDES, "overrides", item, about=("rule",))
    click.echo(f"{rule}: {score or given['answer']} until {said['until']}, by {said['by']}")


def _score(text: str) -> str:
    """A score in the notation of packs. Errors: usage."""
    from thesis.facts.fact import value_as_typed

    try:
        return value_as_typed(text, "ratio") if text else ""
    except ValueError as error:
        raise click.UsageError(f"--score: {error}") from None
