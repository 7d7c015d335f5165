"""The tables of an earnings release as rows of a fact file.

Each concept names its line (``release`` in metrics.yaml). A figure in millions is taken as it is printed;
one in percent is as wide as its rounding (``11 %`` is 10.5 to 11.5), and so is money in tenths of billions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from thesis.archive.documents import Document
from thesis.case.reporting_days import WEEKS_OVER, period_days
from thesis.core.currency import currency_of, is_currency
from thesis.core.period import Quarter
from thesis.core.problem import FileProblems, InvalidInput, Problem, SourceSpan
from thesis.facts.fact_file import FactRow, value_text
from thesis.pack.schema.metrics import label_key, parse_release_lines
from thesis.sources.importing.mapping import COARSE
from thesis.sources.importing.to_rows import ImportedRows, ImportOptions, WithheldFigures, rebase_figure
from thesis.sources.importing.which_filing import (
    ListedFiling,
    late_filings,
    read_filing_list,
    release_filing,
)
from thesis.sources.read_file import excerpt_source, open_file
from thesis.sources.releases.release_figures import (
    ColumnPeriod,
    PrintedNumber,
    ReleaseFigure,
    parse_printed,
    quarter_of_head,
    release_figures,
    scale_of,
)
from thesis.sources.releases.tables import html_tables, markdown_tables, split_run_on_table
from thesis.sources.reported_fact import FilingReference, bounded_number

if TYPE_CHECKING:
    from thesis.facts.fact import LineItem
    from thesis.pack.load import Pack

MOST_BYTES = 20_000_000
_PAGE = ("<html", "<table", "<!doctype", "<div", "<body", "<td", "<document>")
_NOT_TEXT = ("%PDF", "PK\x03\x04", "\x1f\x8b")
_HINT = "take the release itself: exhibit 99.1 of the 8-K as HTML, or a copy of it as Markdown"


class ReleaseResult(NamedTuple):
    """What a release held: the rows, and the concepts whose line it does not have.

    ``text``: of the file, where problems point into it.
    """

    contents: ImportedRows
    figures: int
    newest: Quarter
    missing: list[str]
    text: str = ""


class _Stated(NamedTuple):
    """A figure as a concept's value in a quarter."""

    concept: str
    quarter: Quarter
    lo: Decimal
    hi: Decimal
    slack: Decimal
    note: str
    figure: ReleaseFigure


def read_release(source: Path | bytes, shown: str) -> list[ReleaseFigure]:
    """Every figure of the quarterly tables of a release, HTML or Markdown or run together.

    Errors: ``InvalidInput`` where it is no text, too large, or has no such table.
    """
    flaws = FileProblems(shown)
    with open_file(source, shown) as stream:
        data = stream.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise flaws.refuse_with("too-large", f"larger than {MOST_BYTES // 1_000_000} MB")
    text = data.decode("utf-8-sig", "replace").replace("\r\n", "\n")
    if not text.strip():
        raise flaws.refuse_with("empty-file", "nothing in it")
    if "\0" in text or text.startswith(_NOT_TEXT):
        raise flaws.refuse_with("not-a-release", "this is no text", hint=_HINT)
    is_page = any(mark in text[:100_000].lower() for mark in _PAGE)
    try:
        found = list(release_figures(html_tables(text, flaws) if is_page else markdown_tables(text, flaws)))
        found += [] if is_page else release_figures(split_run_on_table(text, flaws))
    except InvalidInput as flawed:
        raise InvalidInput(flawed.problems, {shown: text}) from None
    if not found:
        told = "no table with quarters for columns, like `Q3 2025`"
        raise flaws.refuse_with("not-a-release", told, hint=_HINT)
    return found


def release_rows(path: Path, shown: str, pack: Pack, given: ImportOptions, today: date) -> ReleaseResult:
    """A release's figures as rows of its company's fact file.

    A line item that is said twice, has no scale or stands in another currency is left out, with its problem.
    Errors: ``InvalidInput`` where it is not known which filing it is, or that is ill-dated.
    """
    found = read_release(path, shown)
    index: list[ListedFiling] = [each for file, name in given.lists for each in read_filing_list(file, name)]
    entity = given.entity or pack.thesis.entity
    year_ends, cik = pack.entities[entity].year_ends, pack.entities[entity].cik.lstrip("0")
    wanted = {
        name: concept
        for name, concept in pack.concepts.items()
        if concept.release
        and pack.owner(name) == entity
        and (not given.only or name in given.only)
        and name not in given.without
    }
    lines = _asked(wanted)
    named = [(figure, _names(figure, lines)) for figure in found]
    quarters = _quarters([figure for figure, names in named if names] or found, year_ends, shown)
    newest = max(quarters.values())
    end = _last_day(found, newest) or period_days(pack, entity, newest).last_open
    filing = release_filing(path, shown, given.filing, cik, end, index)
    late = list(late_filings(filing, end, shown, today))
    if late:
        raise InvalidInput(late, excerpt_source(path, shown))
    problems: list[Problem] = []
    lost: set[str] = set()
    unmapped: Counter[tuple[str, tuple[tuple[str, str], ...]]] = Counter()
    left_out: Counter[str] = Counter()
    stated: dict[tuple[str, Quarter], _Stated] = {}
    met: set[str] = set()
    others: dict[str, Problem] = {}
    for figure, names in named:
        met.update(names)
        if not names:
            unmapped[" > ".join((*figure.headings[-1:], figure.label)), ()] += 1
        for name in names:
            try:
                each = _stated(name, wanted[name], figure, quarters[figure.period])
            except _OtherCurrency as reason:
                others.setdefault(name, _in_other_currency(name, figure, reason, shown))
            except _Unscaled as reason:
                problems.append(_unscaled(name, figure, reason, shown))
                lost.add(name)
            except ValueError as reason:
                left_out[str(reason)] += 1
            else:
                said_twice = list(_kept(stated, each, shown, filing))
                problems += said_twice
                lost |= {name} if said_twice else set()
    problems += others.values()
    lost |= set(others)
    rows = tuple(_row(each, pack, filing, shown) for each in stated.values() if each.concept not in lost)
    withheld = tuple(WithheldFigures(name, f"{filing.form} {filing.accession}") for name in sorted(lost))
    taken = ImportedRows(
        shown, len(found), (filing,), rows, unmapped, left_out, problems=tuple(problems), withheld=withheld
    )
    text = excerpt_source(path, shown).get(shown, "") if problems else ""
    return ReleaseResult(taken, len(found), newest, sorted(set(wanted) - met), text)


def release_document(found: ReleaseResult, entity: str) -> Document:
    """What a release is, for the list of documents on file."""
    form, accession, filed = found.contents.filings[0]
    return Document("", entity, form, accession, filed, found.newest)


def _quarters(found: Sequence[ReleaseFigure], year_ends: str, shown: str) -> dict[ColumnPeriod, Quarter]:
    """The calendar quarter of every head. Errors: ``InvalidInput`` for one beyond all reason."""
    quarters: dict[ColumnPeriod, Quarter] = {}
    for figure in found:
        try:
            quarters[figure.period] = quarters.get(figure.period) or quarter_of_head(figure.period, year_ends)
        except ValueError as error:
            raise InvalidInput(
                [Problem("bad-period", f"`{shown}`: {error}", SourceSpan(shown, figure.line, 1))]
            ) from None
    return quarters


def _last_day(found: Sequence[ReleaseFigure], newest: Quarter) -> date | None:
    """The last day of the newest quarter, where a head of some table names it."""
    days = {figure.period for figure in found if isinstance(figure.period, date)}
    first, last = (newest - 1).end + WEEKS_OVER, newest.end + WEEKS_OVER
    return max((day for day in days if first < day <= last), default=None)


Asked = Mapping[str, Sequence[tuple[str, str]]]


def _asked(wanted: Mapping[str, LineItem]) -> Asked:
    """Which concepts ask for a line of these words, and under which heading."""
    asked: dict[str, list[tuple[str, str]]] = {}
    for name, concept in wanted.items():
        for line in parse_release_lines(concept.release):
            asked.setdefault(line.words, []).append((line.heading, name))
    return asked


def _names(figure: ReleaseFigure, asked: Asked) -> list[str]:
    headings = {"", *map(label_key, figure.headings)}
    found = (name for heading, name in asked.get(label_key(figure.label), ()) if heading in headings)
    return list(dict.fromkeys(found))


class _OtherCurrency(Exception):
    """The table is in another currency than the line item."""


class _Unscaled(Exception):
    """The table does not say what it counts in."""


def _stated(name: str, concept: LineItem, figure: ReleaseFigure, quarter: Quarter) -> _Stated:
    """A figure as a value. Errors: ``ValueError`` where it is none; ``_Unscaled``, ``_OtherCurrency``."""
    try:
        printed = parse_printed(figure.text)
    except ValueError:
        raise ValueError("no plain figure") from None
    is_ratio = concept.unit == "ratio"
    if printed.is_percent != is_ratio:
        raise ValueError(
            "no percent sign where a ratio belongs"
            if is_ratio
            else f"a percentage where {concept.unit} belongs"
        )
    wanted = currency_of(concept.unit)
    if wanted and figure.currencies and wanted not in figure.currencies:
        told = " or ".join(sorted(figure.currencies))
        raise _OtherCurrency(f"is measured in {wanted}, and the table is in {told}")
    try:
        scale = scale_of(concept.unit, figure.caption)
    except ValueError as error:
        raise _Unscaled(error) from None
    return _Stated(name, quarter, *_read(printed, concept, Decimal("0.01") if is_ratio else scale), figure)


def _read(printed: PrintedNumber, concept: LineItem, scale: Decimal) -> tuple[Decimal, Decimal, Decimal, str]:
    """The two ends, how far the figure may be rounded, and what there is to note."""
    value = bounded_number(printed.value * concept.sign * scale)
    half = Decimal(5).scaleb(-printed.places - 1) * scale
    if concept.unit == "ratio":
        digits = {0: "whole percents", 1: "tenths of a percent"}.get(printed.places, "percent")
        return value - half, value + half, half, f"printed in {digits}"
    if is_currency(concept.unit) and 2 * half >= Decimal(1).scaleb(-COARSE) and value:
        return value - half, value + half, half, "rounded"
    return value, value, half, ""


def _kept(
    stated: dict[tuple[str, Quarter], _Stated], each: _Stated, shown: str, filing: FilingReference
) -> Iterator[Problem]:
    """Keep a value, or say that it contradicts one that is kept; of two that agree the more exact one."""
    first = stated.setdefault((each.concept, each.quarter), each)
    if first is each:
        return
    if each.lo > first.hi or first.lo > each.hi:
        if min(abs(each.lo - first.hi), abs(first.lo - each.hi)) > max(each.slack, first.slack):
            yield _said_twice(first, each, shown, filing)
    elif each.slack < first.slack:
        stated[each.concept, each.quarter] = each


def _said_twice(first: _Stated, second: _Stated, shown: str, filing: FilingReference) -> Problem:
    one, other = first.figure, second.figure
    message = (
        f"`{shown}` states `{first.concept}` twice for {first.quarter} in {filing.accession}: {one.text} in "
        f"`{_where(one)}` on line {one.line}, {other.text} in `{_where(other)}`"
    )
    hint = (
        f"give the line of `{first.concept}` its heading in metrics.yaml, `release: heading > line`, or "
        f"leave it out with --without {first.concept}"
    )
    return Problem("stated-twice", message, SourceSpan(shown, other.line, 1), hint)


def _in_other_currency(name: str, figure: ReleaseFigure, reason: Exception, shown: str) -> Problem:
    hint = f"say so with `unit:` of `{name}` in metrics.yaml, or leave it out with --without {name}"
    return Problem("wrong-unit", f"`{name}` {reason}", SourceSpan(shown, figure.line, 1), hint)


def _unscaled(name: str, figure: ReleaseFigure, reason: Exception, shown: str) -> Problem:
    hint = f"write it above the table, as in `(in millions, except employee data)`, or use --without {name}"
    return Problem("no-scale", f"`{name}`: {reason}", SourceSpan(shown, figure.line, 1), hint)


def _where(figure: ReleaseFigure) -> str:
    return " > ".join((*figure.headings[-1:], figure.label))[:120]


def _row(each: _Stated, pack: Pack, filing: FilingReference, shown: str) -> FactRow:
    assert filing.filed  # the release is identified
    lo, hi, how, noted, factor = rebase_figure(each.lo, each.hi, pack, each.concept, filing.filed)
    return FactRow(
        each.concept,
        str(each.quarter),
        value_text(lo, hi),
        pack.concepts[each.concept].unit,
        filing.filed,
        f"{filing.form} {filing.accession} (release)",
        how,
        "; ".join(note for note in (noted, each.note) if note),
        f"{shown}:{each.figure.line}",
        each.slack * factor,
    )
