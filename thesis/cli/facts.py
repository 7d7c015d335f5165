"""``thesis facts``: the list itself, and what is done with facts."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import click

from thesis.cli.context import (
    as_of_option,
    emit_json,
    json_option,
    load_pack,
    locate_pack,
    pack_option,
    today,
)
from thesis.cli.lazy_group import LazyGroup
from thesis.cli.typed_arguments import completing
from thesis.core.problem import InvalidInput, did_you_mean, render_problems

if TYPE_CHECKING:
    from thesis.pack.load import Pack

COMMANDS = {
    "import": "Take facts over from filings.",
    "fetch": "Take facts over from EDGAR, what is new since the last time.",
    "prices": "Take over daily closes from a site of your choice.",
    "add": "Enter a figure that stands only in prose.",
    "none-stated": "Confirm that a quarter's report states no item of a register.",
    "release": "Take over the table of an earnings release.",
    "tags": "What a filing holds, tag by tag.",
    "check": "What to look at before relying on the facts.",
}


class FactsGroup(LazyGroup):
    """What is done with facts; alone, the list of them."""

    known = COMMANDS
    modules = "thesis.cli.facts_"
    otherwise = "`thesis facts` alone lists them"


@click.group(
    "facts",
    cls=FactsGroup,
    invoke_without_command=True,
    subcommand_metavar="[COMMAND [ARGS]...]",
    epilog="\b\nExamples:\n"
    "  thesis facts\n"
    "  thesis facts --concept aws.net_sales\n"
    "  thesis facts --concept shipping_costs --vintages\n"
    "  thesis facts import 0001018724-24-000008.htm -p rules/mine",
)
@pack_option
@as_of_option
@json_option
@click.option(
    "--concept", metavar="NAME", shell_complete=completing("line items"), help="The rows of one concept."
)
@click.option("--vintages", is_flag=True, help="Also the rows that a later one supersedes.")
@click.pass_context
def command(
    ctx: click.Context,
    pack: str | None,
    as_of: date | None,
    as_json: bool,
    concept: str | None,
    vintages: bool,
) -> None:
    """List the facts: what is known of each concept, or one concept's rows with their sources."""
    if ctx.invoked_subcommand:
        if pack or as_of or as_json or concept or vintages:
            raise click.UsageError(f"options go behind `{ctx.invoked_subcommand}`")
        return
    from thesis.facts.fact import Vintage
    from thesis.reports import fact_list

    opened = _opened(pack)
    if concept and concept not in opened.concepts:
        hint = did_you_mean(concept, opened.concepts)
        raise click.UsageError(f"there is no concept called `{concept}`{f'; {hint}' if hint else ''}")
    vintage = Vintage(opened.facts, opened.concepts, as_of or today(), opened.thesis.quarter)
    if concept:
        rows = fact_list.fact_rows(vintage, concept, vintages=vintages)
        if as_json:
            emit_json(rows)
        else:
            click.echo(fact_list.fact_rows_text(vintage, concept, rows))
        return
    listed = fact_list.line_item_overview(opened, vintage)
    if as_json:
        emit_json(listed)
    else:
        click.echo(fact_list.line_item_overview_text(listed))


def _opened(pack: str | None) -> Pack:
    """The pack, even where figures do not tie, which shows here, or rules are still to be written."""
    try:
        return load_pack(pack)
    except InvalidInput as flawed:
        from thesis.lint.placeholders import UNWRITTEN

        if not {problem.code for problem in flawed.problems} <= {"untied", *UNWRITTEN}:
            raise
        click.echo(render_problems(flawed.problems, flawed.sources), err=True)
    from thesis.pack.load import build

    return build(locate_pack(pack))[0]
