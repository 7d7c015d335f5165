"""``thesis facts add``."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

import click

from thesis.cli.context import DayArgument, cache, locate_pack, pack_option, refuse_bundled, today
from thesis.cli.facts_import import finish_import, print_row_changes
from thesis.cli.typed_arguments import completing

if TYPE_CHECKING:
    from thesis.pack.load import Pack
    from thesis.sources.importing.by_hand import HandEntry
    from thesis.sources.importing.plan import ImportPlan

Value = TypeVar("Value")

REQUIRED = ("concept", "period", "value", "filed", "source")


@click.command(
    "add",
    epilog="\b\nExamples:\n"
    "  thesis facts add guidance.net_sales_low --period 2026Q4 --value 206bn --filed 2026-10-29 \\\n"
    '    --source "8-K 0001018724-26-000040 (release)" --quote "between $206.0 billion and $213.0 billion"\n'
    "  thesis facts add charges.na/severance -p rules/mine\n\n"
    "What is missing is asked for in a terminal. The quote and the address become the note of the row. Rows "
    "are added, never changed. Exit codes: 0 fine; 2 wrong usage; 3 a problem, and then nothing was written.",
)
@click.argument("concept", required=False, shell_complete=completing("line items"))
@pack_option
@click.option("--period", metavar="PERIOD", help="2026Q2, FY2026, or of a daily concept 2026-07-31.")
@click.option("--value", metavar="VALUE", help='5e9, 16.9bn, 200e9..205e9, ">25e9", "not disclosed".')
@click.option("--unit", metavar="UNIT", help="The concept's own, for checking.")
@click.option("--filed", type=DayArgument(), metavar="DATE", help="The day it became public.")
@click.option("--source", metavar="TEXT", help="The document: its form and number, or who said it and where.")
@click.option("--quote", metavar="TEXT", help="The words it was read from.")
@click.option("--url", metavar="ADDRESS", help="Where they can be read. A quote or an address must be given.")
@click.option("--how", metavar="TEXT", help="reported (the default), secondary, derived: ..., judged: ...")
@click.option("--note", default="", metavar="TEXT", help="What else there is to say.")
@click.option("--ahead", is_flag=True, help="It was told before the period was over, as guidance is.")
@click.option(
    "--basis",
    type=click.Choice(["filed", "adjusted"]),
    help="Of shares and figures a share from before a split: as filed, or adjusted for it already.",
)
@click.option("--dry-run", is_flag=True, help="Show what would happen, and write nothing.")
def command(
    concept: str | None,
    pack: str | None,
    ahead: bool,
    dry_run: bool,
    **given: Any,
) -> None:
    """Enter a figure that stands only in prose: guidance, a run-rate, a charge."""
    from thesis.sources.importing.by_hand import plan_entry
    from thesis.workspace.open_pack import open_pack

    folder = locate_pack(pack)
    if not dry_run:
        refuse_bundled(folder, pack)
    opened = open_pack(folder, today(), cache(), unfinished=True)
    form = _Form(opened, {"concept": concept, **given})
    entry = form.filled(is_asking=is_terminal())
    plan = plan_entry(entry, opened, folder, today(), is_ahead=ahead)
    if not plan.problems:
        for line in print_row_changes(plan, verbose=True):
            click.echo(line)
    for _, change in plan.changes:
        if change.kind == "unchanged" and change.old and not change.row.provenance.is_difference:
            click.echo(f"nothing to add: {change.old.place} says so")
    if form.has_asked and plan.data and not (plan.problems or dry_run):
        click.confirm("write it?", default=True, abort=True, err=True)

    def plan_again() -> ImportPlan:
        now = locate_pack(pack)
        return plan_entry(
            entry, open_pack(now, today(), cache(), unfinished=True), now, today(), is_ahead=ahead
        )

    finish_import(plan, folder, plan_again, dry_run=dry_run)


def is_terminal() -> bool:
    """Whether there is somebody to ask."""
    return sys.stdin is not None and sys.stdin.isatty()


class _Form:
    """The parts of a figure, out of options or out of answers."""

    def __init__(self, pack: Pack, given: dict[str, Any]) -> None:
        self.pack = pack
        self.given = given
        self.has_asked = False
        self._wrong: list[str] = []

    def filled(self, *, is_asking: bool) -> HandEntry:
        """Everything checked. Errors: usage, with all that is missing or wrong."""
        from thesis.sources.importing import by_hand as e

        self._missing(is_asking=is_asking)
        concept = self._part("concept", lambda text: e.parse_concept(text, self.pack), "concept")
        known = self.pack.concepts.get((concept or "").partition("/")[0])
        unit = known.unit if known else ""
        period = value = None
        if known:
            if self.given["unit"] not in (None, known.unit):
                self._wrong.append(f"--unit: `{concept}` is measured in {unit}, found `{self.given['unit']}`")
            period = self._part("period", lambda text: e.parse_entered_period(text, known), "period")
            value = self._part("value", lambda text: e.parse_entered_value(text, unit), f"value in {unit}")
        filed = self.given["filed"] or self._part("filed", _day, "public since")
        source = self._part("source", e.parse_words, "source")
        quote = self._part("quote", e.parse_words, "quote, or nothing", optional=True)
        address = self._part("url", e.parse_address, "address", optional=bool(quote))
        how = self._part("how", e.parse_how, "how", default="reported")
        note = self.given["note"] and self._part("note", e.parse_words, "note")
        if self._wrong:
            raise click.UsageError("\n".join(self._wrong))
        assert concept and period and value and filed and source and how  # noqa: PT018 - all or an error above
        return e.HandEntry(
            concept,
            period,
            value,
            filed,
            source,
            how,
            e.evidence(quote or "", address or "", note or ""),
            self.given["basis"] or "",
        )

    def _missing(self, *, is_asking: bool) -> None:
        """Errors: usage, where something is missing and nobody is there to be asked."""
        missing = [
            f"--{name}" if name != "concept" else "CONCEPT" for name in REQUIRED if not self.given[name]
        ]
        if not self.given["quote"] and not self.given["url"]:
            missing.append("--quote or --url")
        if missing and not is_asking:
            raise click.UsageError(f"missing: {', '.join(missing)}")
        self.has_asked = bool(missing)

    def _part(
        self,
        name: str,
        parse: Callable[[str], Value],
        prompt: str,
        *,
        default: str | None = None,
        optional: bool = False,
    ) -> Value | None:
        """One part: given and checked, or asked for until it is right."""
        given = self.given[name]
        if given is not None and given != "":
            try:
                return parse(given)
            except ValueError as error:
                self._wrong.append(f"{'--' * (name != 'concept')}{name}: {error}".replace("concept: ", ""))
                return None
        if self._wrong or not self.has_asked:
            return parse(default) if default else None
        if name == "url" and optional:
            default = ""

        def checked(text: str) -> Value | None:
            if not text.strip() and optional:
                return None
            try:
                return parse(text)
            except ValueError as error:
                raise click.BadParameter(str(error)) from None

        shown = default if default is not None else "" if optional else None
        answer: Value | None = click.prompt(
            prompt, default=shown, value_proc=checked, err=True, show_default=bool(shown)
        )
        return answer


def _day(text: str) -> date:
    from thesis.core.period import parse_day

    return parse_day(text.strip())
