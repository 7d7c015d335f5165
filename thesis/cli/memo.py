"""``thesis memo``."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

import click

from thesis.cli.context import (
    add_journal,
    answer_text,
    as_of_option,
    assess_on,
    cache,
    journal_of,
    json_option,
    locate_pack,
    pack_argument,
    today,
    write_folder,
    write_out,
)
from thesis.cli.extras import ExtraMissing
from thesis.cli.what_if_options import set_option, what_if
from thesis.workspace.open_pack import open_pack

if TYPE_CHECKING:
    from thesis.appraisal.simulation.target_chances import SimulationOptions
    from thesis.charts import SignedQuarter
    from thesis.files.cache import Cache
    from thesis.journal.review_schema import Review
    from thesis.memo.chart_slots import MemoChart
    from thesis.pack.folder import Folder
    from thesis.pack.load import Pack
    from thesis.reports.page_one import PageOne
    from thesis.reports.review_text import ReviewContext
    from thesis.scoring.assessment import Assessment

MARKDOWN, HTML, PDF, JSON = "markdown", "html", "pdf", "json"
ENDINGS = {".md": MARKDOWN, ".html": HTML, ".htm": HTML, ".pdf": PDF, ".json": JSON}
PAST = 12  # quarters before it that its charts show
NAMES = {MARKDOWN: "memo.md", HTML: "memo.html", PDF: "memo.pdf", JSON: "memo.json"}


@click.command(
    "memo",
    epilog="\b\nExamples:\n"
    "  thesis memo amzn-4t --as-of 2026-10-15\n"
    "  thesis memo --out memo.html\n"
    "  thesis memo --format pdf --out memo.pdf\n"
    "  thesis memo --out review/            memo.md with its charts\n"
    "  thesis memo --template mine.html.j2 --out memo.html",
)
@pack_argument
@as_of_option
@json_option
@set_option
@click.option(
    "--simulate", is_flag=True, help="With chances drawn from the beliefs, as `thesis simulate` has them."
)
@click.option(
    "--format", "form", type=click.Choice([MARKDOWN, HTML, PDF, JSON]),
    help="Default: what the name of the file or of the template says, else markdown.",
)  # fmt: skip
@click.option("--out", metavar="FILE|FOLDER", help="Write it to a file, or as memo.* to a folder.")
@click.option(
    "--force", is_flag=True, help="Replace what is there, also what was edited or is not of this program."
)
@click.option("--template", metavar="FILE", help="A Jinja template of your own.")
def command(
    name: str | None,
    pack: str | None,
    as_of: date | None,
    as_json: bool,
    changes: tuple[str, ...],
    simulate: bool,
    form: str | None,
    out: str | None,
    force: bool,
    template: str | None,
) -> None:
    """Print the investment memo: page one stands alone, and every figure has a footnote.

    As HTML it is one file that needs nothing beside it; a PDF needs `pip install 'thesis[pdf]'`.
    """
    to_folder = out is not None and (out.endswith(("/", os.sep)) or os.path.isdir(out))
    order = MemoRequest(
        form=_form(form, out, template, to_folder=to_folder, as_json=as_json),
        out=None if as_json else out,
        to_folder=to_folder,
        force=force,
        template=template,
    )
    _ready(order)
    folder, day, kept = locate_pack(pack, name), as_of or today(), cache()
    if template:
        _refuse_outside(template, folder)
    chain = journal_of(folder)
    sealed = chain[-1].seal if chain else ""
    # The same files, day and program make the same bytes; a template of one's own may read others.
    is_plain = not (template or changes or simulate) and order.is_kept
    asked = (folder.digest, str(day), sealed, order.form)
    text = kept.recall("memos", *asked, on=today()) if is_plain else None
    if text is None:
        opened = open_pack(folder, today(), kept)
        draw = _draws() if simulate else None
        found = assess_on(opened, day, what_if(opened, changes, day), appraised=True, draw=draw)
        text, drawn = _text(found, order, kept, opened, journal_context(folder, opened, found, chain))
        if is_plain:
            kept.keep("memos", text, *asked, since=today())
    else:
        drawn = ()
    _deliver(text, drawn, order)


class MemoRequest(NamedTuple):
    """What was asked for: the format, where it goes, and by which template."""

    form: str
    out: str | None
    to_folder: bool
    force: bool
    template: str | None

    @property
    def has_files(self) -> bool:
        """Whether charts become files of their own."""
        return self.form == MARKDOWN and self.to_folder

    @property
    def is_kept(self) -> bool:
        """Whether the text alone is all there is to remember."""
        return self.form != JSON and not self.has_files


def _form(form: str | None, out: str | None, template: str | None, *, to_folder: bool, as_json: bool) -> str:
    """The format. Errors: usage, where two things that were said do not go together."""
    if as_json:
        if form not in (None, JSON):
            raise click.UsageError(f"--json and --format {form} were both given; leave one of them out")
        return JSON
    made = _ending(template.removesuffix(".j2")) if template else None
    if out and not (form or template or to_folder):
        _known_ending(out)
    asked = form or (_ending(out) if out else None) or made or MARKDOWN
    if template and (asked == JSON or (made and (made == MARKDOWN) != (asked == MARKDOWN))):
        makes = (
            f"`{os.path.basename(template)}` makes {made}"
            if made and asked != JSON
            else "JSON has no template"
        )
        said = f"--format {form}" if form else f"--out {out}"
        raise click.UsageError(f"{makes}, and {said} asks for {asked}; leave one of them out")
    return asked


def _refuse_outside(template: str, folder: Folder) -> None:
    """Errors: ``InvalidInput`` for a template in the pack's folder that leads out of it, by whatever link."""
    from thesis.files.own_folder import found_in

    place, pack = os.path.abspath(template), os.path.abspath(folder.path)
    if os.path.commonpath([place, pack]) == pack:
        found_in(folder.path, os.path.relpath(place, pack), template)


def _known_ending(out: str) -> None:
    """Errors: usage, for a file whose ending says a format that no memo has; none says Markdown."""
    found = os.path.splitext(out)[1]
    if found and not _ending(out):
        *known, last = ENDINGS
        hint = "--format says what a file of another ending is to hold"
        if found == ".xlsx":
            hint = f"a spreadsheet is made by `thesis export workbook --out {out}`"
        raise click.UsageError(
            f"--out {out}: expected a folder, or a file that ends in {', '.join(known)} or {last}, found "
            f"{found}; {hint}"
        )


def _ending(name: str) -> str | None:
    return ENDINGS.get(os.path.splitext(name)[1].lower())


def _ready(order: MemoRequest) -> None:
    """See that a PDF can be made and has somewhere to go, before any work is done.

    Errors: usage, or ``ExtraMissing``.
    """
    if order.form != PDF:
        return
    if order.out is None and sys.stdout.isatty():
        raise click.UsageError(
            "a PDF is nothing for a terminal: add `--out memo.pdf`, or send it on with `|` or `>`"
        )
    from thesis.memo.pdf import PdfToolMissing, require_pdf_tools

    try:
        require_pdf_tools()
    except PdfToolMissing as missing:
        raise ExtraMissing(str(missing)) from None


def _text(
    found: Assessment, order: MemoRequest, kept: Cache, pack: Pack, reviewed: ReviewContext | None
) -> tuple[str, Sequence[MemoChart]]:
    """The memo's text, of a PDF that of its page, and the charts that go beside it."""
    if order.form == JSON:
        return answer_text("assessment", add_journal(found, reviewed.standing if reviewed else None)), ()
    front = functools.cache(functools.partial(_page_one, pack, found, reviewed))
    if order.form == MARKDOWN:
        from thesis.memo.markdown import render_memo

        drawn = memo_charts(found, pack, reviewed) if order.has_files else ()
        return render_memo(found, order.template, kept, drawn, reviewed, front), drawn
    from thesis.memo.html import render_html_memo as page

    return page(found, order.template, kept, memo_charts(found, pack, reviewed), reviewed, front), ()


def _page_one(pack: Pack, found: Assessment, reviewed: ReviewContext | None) -> PageOne:
    """What page one is written from; only a template that prints it pays for the work."""
    from thesis.reports.page_one import page_one_of

    return page_one_of(pack, found, reviewed)


def memo_charts(found: Assessment, pack: Pack, reviewed: ReviewContext | None) -> Sequence[MemoChart]:
    """The drawings of an assessment for its memo, with the quarters before it and the forecasts scored."""
    from thesis.charts import charts as drawings
    from thesis.charts import reliability
    from thesis.reports.quarterly_history import past_assessments

    signed = signed_quarters(reviewed.standing.chain, found.as_of) if reviewed else ()
    drawn: list[MemoChart] = list(drawings(found, past_assessments(pack, found.as_of, PAST), signed))
    whole = reviewed.record.whole if reviewed else None
    return [*drawn, reliability(whole.bins, whole.independent_binary)] if whole and whole.bins else drawn


def signed_quarters(chain: Sequence[Review], as_of: date) -> Sequence[SignedQuarter]:
    """The ratings of the reviews in force by a day, each with whether the rules changed before it."""
    from thesis.charts import SignedQuarter
    from thesis.journal.store import reviews_in_force
    from thesis.pack.folder import METRICS, THESIS

    force = [review for review in reviews_in_force(chain) if review.day <= as_of]
    rules = [tuple(review.digests.files.get(name) for name in (THESIS, METRICS)) for review in force]
    return [
        SignedQuarter(review.period, review.state.level, i > 0 and rules[i] != rules[i - 1])
        for i, review in enumerate(force)
    ]


def _deliver(text: str, drawn: Sequence[MemoChart], order: MemoRequest) -> None:
    content: str | bytes = text
    if order.form == PDF:
        from thesis.memo.pdf import pdf

        content = pdf(text)
    if order.out and order.to_folder:
        from thesis.core.formatting import count
        from thesis.memo.markdown import CHARTS

        pictures = {f"{CHARTS}/{chart.id}.svg": chart.svg for chart in drawn}
        named = NAMES[order.form]
        is_new = write_folder({**pictures, named: content}, order.out, force=order.force)
        told = f" and {count(len(pictures), 'chart')}" if pictures else ""
        name, there = os.path.join(order.out, named), "are" if pictures else "is"
        said = f"wrote {name}{told}" if is_new else f"{name}{told} {there} there already, byte for byte"
        click.echo(said, err=True)
    elif order.out:
        write_out(content, order.out, force=order.force, is_remade=True)
    else:
        click.echo(content, nl=False)


def journal_context(
    folder: Folder, pack: Pack, found: Assessment, chain: Sequence[Review]
) -> ReviewContext | None:
    """What the journal adds to a memo; nothing, where none is kept and nothing has tripped."""
    if not chain and not any(k.has_tripped for k in found.kill):
        return None
    from thesis.cli.comparison_sides import named_review_side
    from thesis.journal.causes import ComparisonSide
    from thesis.journal.difference import difference
    from thesis.journal.forecast_record import forecast_record
    from thesis.journal.status import due_items, journal_status
    from thesis.journal.store import reviews_in_force
    from thesis.reports.review_text import ReviewContext

    where = journal_status(pack, found, chain)
    force = reviews_in_force(where.chain)
    own = next((r for r in force if r.day == found.as_of and r.period == found.quarter), None)
    earlier = [review for review in force if review is not own]
    before = earlier[-1] if earlier else None
    now = ComparisonSide(f"{found.as_of}", pack, found.as_of)
    change = difference(named_review_side(folder, before), now) if before else None
    record = forecast_record(pack, where.chain, found.as_of)
    return ReviewContext(where, own, before, change, record, tuple(due_items(pack, found, where)))


def _draws() -> SimulationOptions:
    from thesis.cli.simulate import usual_draws

    return usual_draws()
