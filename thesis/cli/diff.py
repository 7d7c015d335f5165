"""``thesis diff``."""

from __future__ import annotations

import click

from thesis.case.case import NothingKnown
from thesis.cli.context import cache, emit_json, journal_of, json_option, locate_pack, pack_option, today
from thesis.cli.typed_arguments import completing
from thesis.workspace.open_pack import open_pack


@click.command(
    "diff",
    epilog="\b\nExamples:\n"
    "  thesis diff                     from the last review to today\n"
    "  thesis diff 2026Q1 2026Q2       from one review to another\n"
    "  thesis diff 2026-08-07 now      from a day to today, by the pack as it is\n"
    "  thesis diff --rules --regret    with every edited rule, and which signed verdicts would differ\n\n"
    "A and B are a review (2026Q1; of one that was corrected 2026Q1.1 and 2026Q1.2), a quarter without one "
    "(the day it was filed), a day, or `now`. "
    "Exit codes: 0; 2 wrong usage; 3 a problem, as where a review was touched.",
)
@click.argument("a", required=False, shell_complete=completing("sides"))
@click.argument("b", required=False, shell_complete=completing("sides"))
@pack_option
@json_option
@click.option("--rules", is_flag=True, help="List every edited threshold, weight, formula and rubric.")
@click.option("--regret", is_flag=True, help="Which signed verdicts would differ on what is known now.")
def command(a: str | None, b: str | None, pack: str | None, as_json: bool, rules: bool, regret: bool) -> None:
    """What changed between two looks at a thesis, and who moved: the world, the clock or the analyst."""
    from thesis.cli.comparison_sides import comparison_side, named_review_side
    from thesis.cli.output import print_document
    from thesis.journal.causes import ComparisonSide
    from thesis.journal.difference import difference
    from thesis.journal.hindsight import hindsight_ratings
    from thesis.journal.store import reviews_in_force
    from thesis.reports import difference_report

    folder = locate_pack(pack)
    opened = open_pack(folder, today(), cache())
    chain = journal_of(folder)
    force = reviews_in_force(chain)
    if a is None and not force:
        raise click.UsageError(
            "no review is signed yet to compare with: name a quarter or a day, as in 2026Q1"
        )
    first = comparison_side(a, folder, opened, chain, today()) if a else named_review_side(folder, force[-1])
    second = comparison_side(b or "now", folder, opened, chain, today())
    try:
        found = difference(first, second)
    except (NothingKnown, ValueError) as error:
        raise click.UsageError(str(error)) from None
    now = ComparisonSide("now", opened, today())
    seen = (
        hindsight_ratings([(review, named_review_side(folder, review)) for review in force], now)
        if regret
        else []
    )
    if as_json:
        told = difference_report.regret_data(seen)
        emit_json({**difference_report.difference_json(found), **({"regret": told} if regret else {})})
        return
    print_document(difference_report.difference_document(found, rules=rules, seen=seen if regret else None))
