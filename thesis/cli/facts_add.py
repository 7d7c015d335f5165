"""``thesis facts add``."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from thesis.cli.context import (
    DayArgument,
    cache,
    cache_folder,
    locate_pack,
    pack_option,
    refuse_bundled,
    today,
)
from thesis.cli.facts_import import AGAIN, finish_import, new_outliers, print_row_changes
from thesis.cli.typed_arguments import completing
from thesis.core.problem import Problem, SourceSpan

if TYPE_CHECKING:
    from thesis.archive.documents import Document
    from thesis.pack.folder import Folder
    from thesis.pack.load import Pack
    from thesis.sources.importing.by_hand import EnteredFigure, HandEntry
    from thesis.sources.importing.figure_table import DocumentsAtHand
    from thesis.sources.importing.plan import ImportPlan

Value = TypeVar("Value")

OF_ONE = ("period", "value", "unit", "quote", "note")
"""What is of one figure, and has a column in a table."""
REQUIRED = ("concept", "period", "value", "filed", "source")


@click.command(
    "add",
    epilog="\b\nExamples:\n"
    "  thesis facts add guidance.net_sales_low --period 2026Q4 --value 206bn --filed 2026-10-29 \\\n"
    '    --source "8-K 0001018724-26-000040 (release)" --quote "between $206.0 billion and $213.0 billion"\n'
    "  thesis facts add charges.na/severance -p rules/mine\n"
    "  thesis facts add --from figures.csv --document 0001018724-26-000040 --dry-run\n"
    "  thesis facts add --document 0001018724-26-000040\n\n"
    "What is missing is asked for in a terminal: with --document and no CONCEPT, each line item that has no "
    "figure of the document's period, in the order of the document. The quote and the address become the "
    "note of the row; the quote has to stand in the document, if one is named. Rows are added, never "
    "changed.\n\n"
    "A table (--from) is CSV with the columns line_item, period, value and, where wanted, unit, filed, "
    "source, document, page, quote, url, how, note, ahead, basis. What a row leaves empty is taken from the "
    "options. All of its figures are written or none, and what is wrong is told with row and column. A "
    "figure that stands out from its series is refused until it is accepted.\n\n"
    "Exit codes: 0 fine; 2 wrong usage; 3 a problem, and then nothing was written.",
)
@click.argument("concept", required=False, shell_complete=completing("line items"))
@pack_option
@click.option("--from", "table", type=click.Path(path_type=Path), metavar="FILE", help="A table of figures.")
@click.option("--period", metavar="PERIOD", help="2026Q2, FY2026, or of a daily concept 2026-07-31.")
@click.option("--value", metavar="VALUE", help='5e9, 16.9bn, 200e9..205e9, ">25e9", "not disclosed".')
@click.option("--unit", metavar="UNIT", help="The concept's own, for checking.")
@click.option("--filed", type=DayArgument(), metavar="DATE", help="The day it became public.")
@click.option("--source", metavar="TEXT", help="The document: its form and number, or who said it and where.")
@click.option(
    "--document",
    metavar="DOCUMENT",
    shell_complete=completing("documents"),
    help="One on file, which gives source and day; the quote has to stand in it.",
)
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
@click.option(
    "--accept-outlier",
    "accepted",
    multiple=True,
    metavar="CONCEPT:PERIOD",
    help="Of a table: a figure that stands out and is right. May be repeated.",
)
@click.option("--dry-run", is_flag=True, help="Show what would happen, and write nothing.")
def command(
    concept: str | None,
    pack: str | None,
    table: Path | None,
    ahead: bool,
    accepted: tuple[str, ...],
    dry_run: bool,
    **given: Any,
) -> None:
    """Enter figures that stand only in prose: guidance, a run-rate, a charge."""
    from thesis.sources.importing.by_hand import EnteredFigure, plan_entries
    from thesis.workspace.open_pack import open_pack

    if table and (concept or any(given[name] for name in OF_ONE) or ahead):
        raise click.UsageError("with --from the table says line item, period, value, quote and the like")
    if accepted and not table:
        raise click.UsageError("--accept-outlier goes with --from: a single figure is written with a warning")
    folder = locate_pack(pack)
    if not dry_run:
        refuse_bundled(folder, pack)
    opened = open_pack(folder, today(), cache(), unfinished=True)
    at_hand = _documents_at_hand(folder)
    if table:
        _add_table(table, opened, folder, given, at_hand, accepted, pack, dry_run=dry_run)
        return
    document = _document(given, at_hand)
    if document and not concept and is_terminal():
        figures, has_asked = _ask_in_order(document, opened, given, at_hand), True
        if not figures:
            click.echo("nothing was entered", err=True)
            return
    else:
        form = _Form(opened, {"concept": concept, **given})
        entry = form.filled(is_asking=is_terminal())
        if document and given["quote"]:
            entry = entry._replace(note=_with_place(entry.note, given["quote"], document, at_hand))
        figures, has_asked = [EnteredFigure(entry, ahead)], form.has_asked
    _write(plan_entries(figures, opened, folder, today()), figures, folder, pack, has_asked, dry_run=dry_run)


def _write(
    plan: ImportPlan,
    figures: Sequence[EnteredFigure],
    folder: Folder,
    pack: str | None,
    has_asked: bool,
    *,
    dry_run: bool,
    are_outliers_accepted: bool = False,
) -> None:
    """Tell what entering figures does, and do it; where the user was asked, after one more question."""
    from thesis.sources.importing.by_hand import plan_entries
    from thesis.workspace.open_pack import open_pack

    if not plan.problems:
        for line in print_row_changes(plan, verbose=True):
            click.echo(line)
    for _, change in plan.changes:
        if change.kind == "unchanged" and change.old and not change.row.provenance.is_difference:
            click.echo(f"nothing to add: {change.old.place} says so")
    if has_asked and plan.data and not (plan.problems or dry_run):
        click.confirm("write it?", default=True, abort=True, err=True)

    def plan_again() -> ImportPlan:
        now = locate_pack(pack)
        return plan_entries(figures, open_pack(now, today(), cache(), unfinished=True), now, today())

    finish_import(
        plan, folder, plan_again, dry_run=dry_run, is_doubted=not are_outliers_accepted, again=AGAIN
    )


# a table -----------------------------------------------------------------------------------------


def _add_table(
    table: Path,
    opened: Pack,
    folder: Folder,
    given: Mapping[str, Any],
    at_hand: DocumentsAtHand,
    accepted: Sequence[str],
    pack: str | None,
    *,
    dry_run: bool,
) -> None:
    """Enter the figures of a table. Errors: ``InvalidInput`` with all that is wrong with them."""
    from thesis.files.disk import read_text
    from thesis.sources.importing.by_hand import plan_entries
    from thesis.sources.importing.figure_table import MOST_BYTES, SHARED, read_figures

    text = read_text(table, str(table), MOST_BYTES)
    shared = {name: str(given[name]) for name in SHARED if given[name]}
    figures = read_figures(text, str(table), opened, shared, at_hand)
    plan = plan_entries(figures, opened, folder, today())
    plan = plan._replace(sources={**plan.sources, str(table): text})
    if not plan.problems:
        plan = plan.refused(list(_outlier_problems(plan, folder, accepted)))
    _write(plan, figures, folder, pack, has_asked=False, dry_run=dry_run, are_outliers_accepted=True)


def _outlier_problems(plan: ImportPlan, folder: Folder, accepted: Sequence[str]) -> Iterator[Problem]:
    """The figures that stand out and are not accepted, and what is accepted and does not stand out."""
    found = {each.id: each for each in new_outliers(plan, folder)}
    places = {(change.row.concept, change.row.period): change.row.place for _, change in plan.changes}
    for each in found.values():
        if each.id not in accepted:
            file, _, line = places.get((each.concept, each.period), "").rpartition(":")
            span = SourceSpan(file, int(line), 1) if line.isdigit() else None
            meant = each.hint if each.hint.endswith("?") else f"{each.hint}."
            hint = f"{meant} Correct it, or say --accept-outlier {each.id}"
            yield Problem("unaccepted", f"{each.id}: {each.text}", span, hint)
    for name in accepted:
        if name not in found:
            there = f"there are {', '.join(found)}" if found else "there is none to accept"
            yield Problem("unaccepted", f"no figure stands out as `{name}`", hint=there)


# a document --------------------------------------------------------------------------------------


def _documents_at_hand(folder: Folder) -> DocumentsAtHand:
    from thesis.archive.document_store import DocumentStore
    from thesis.archive.documents import documents_on_file
    from thesis.sources.importing.figure_table import DocumentsAtHand

    listed = documents_on_file(folder.path, folder.shown)
    return DocumentsAtHand(listed, DocumentStore(cache_folder()))


def _document(given: dict[str, Any], at_hand: DocumentsAtHand) -> Document | None:
    """The document that was named; it gives source and day where they were not. Errors: ``InvalidInput``."""
    from thesis.cli.documents import named_document

    wanted = given.pop("document")
    if not wanted:
        return None
    document = named_document(at_hand.documents, wanted)
    given["source"] = given["source"] or document.citation
    given["filed"] = given["filed"] or document.filed
    return document


def _with_place(note: str, quote: str, document: Document, at_hand: DocumentsAtHand) -> str:
    """A note with the place of its quote. Errors: usage, where the document does not hold it."""
    try:
        return f"{note}; {at_hand.place_of(quote, document)} of document {document.id}"
    except ValueError as error:
        raise click.UsageError(f"--quote: {error}") from None


def _ask_in_order(
    document: Document, opened: Pack, given: Mapping[str, Any], at_hand: DocumentsAtHand
) -> list[EnteredFigure]:
    """Ask for each line item that has no figure of a document's period, in the order of the document."""
    from thesis.sources.importing import by_hand as e
    from thesis.sources.importing.figure_table import lines_to_ask

    if document.period is None or not given["filed"]:
        told = "the document's period or its day is not known: say them with `thesis documents add`"
        raise click.UsageError(told)
    figures = []
    for asked in lines_to_ask(document, opened, at_hand):
        item = opened.concepts[asked.name]
        if asked.passage:
            click.echo(f"\n{asked.passage.place}: {asked.passage.text}", err=True)
        last = f", last {asked.last}" if asked.last else ""
        shown = f"{item.label} ({asked.name}) {document.period} in {item.unit}{last}; nothing passes it over"
        value = _ask(shown, partial(e.parse_entered_value, unit=item.unit))
        if value is None:
            continue
        quote = _ask("quote, or nothing for the line above", _in_document(document, at_hand))
        words = quote or (asked.passage.text if asked.passage else None)
        while words is None:
            words = _ask("the words that it was read from", _in_document(document, at_hand))
        place = f"{at_hand.place_of(words, document)} of document {document.id}"
        entry = e.HandEntry(
            asked.name, str(document.period), value, given["filed"], given["source"], "reported",
            e.evidence(words, given["url"] or "", place), given["basis"] or "",
        )  # fmt: skip
        figures.append(e.EnteredFigure(entry))
    return figures


def _in_document(document: Document, at_hand: DocumentsAtHand) -> Callable[[str], str]:
    """Read a quote that has to stand in a document."""

    def read(text: str) -> str:
        at_hand.place_of(text, document)
        return text.strip()

    return read


def _ask(prompt: str, parse: Callable[[str], str]) -> str | None:
    """An answer, asked for until it is right; none where nobody answers anything."""

    def checked(text: str) -> str | None:
        try:
            return parse(text) if text.strip() else None
        except ValueError as error:
            raise click.BadParameter(str(error)) from None

    answer: str | None = click.prompt(prompt, default="", value_proc=checked, err=True, show_default=False)
    return answer


# one figure --------------------------------------------------------------------------------------


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
