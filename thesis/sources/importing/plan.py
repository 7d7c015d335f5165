"""The import of several files, planned as a whole before anything is written.

Every file is read, mapped and placed; the rows go through the vintages, the quarters that follow are
added, and the pack is checked as it would then be.

A problem of one line item in one filing withholds that line item there, a problem of a whole filing the
filing: what they hold is left as unknown as if it had not been read, and the rest is written. Where it
cannot be told which figures are wrong, as in a sum that does not add up or with another fiscal year than the
pack says, nothing is written.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from thesis.archive.document_store import Intake
from thesis.archive.documents import Document
from thesis.core.formatting import join_words
from thesis.core.period import Quarter
from thesis.core.problem import InvalidInput, Problem, SourceSpan
from thesis.facts.fact import parse_value
from thesis.facts.fact_file import (
    ADDED,
    FactFile,
    FactRow,
    RowChange,
    add_rows,
    plain_digits,
    read_rows,
)
from thesis.files.disk import pack_lock, read_bytes, sweep_leftovers, unwritable, write_together
from thesis.lint.fact_checks import BELOW_LEAST, too_low
from thesis.pack.folder import FACTS
from thesis.pack.standard import metrics_document
from thesis.sources.importing.identity_check import broken_identities
from thesis.sources.importing.mapping import UnfitReason
from thesis.sources.importing.periods import (
    UnsplitYear,
    YearEnd,
    YearMismatch,
    derived_quarters,
    stated_year_ends,
    unsplit_years,
    year_mismatches,
    year_seams,
)
from thesis.sources.importing.rounding import with_rounding
from thesis.sources.importing.to_rows import (
    ImportedRows,
    ImportOptions,
    WithheldFigures,
    rows_from_facts,
    without_others,
)
from thesis.sources.importing.which_filing import (
    ListedFiling,
    accession_of,
    identify_filings,
    read_filing_list,
)
from thesis.sources.prices.closing_prices import (
    PriceSeries,
    closing_price_rows,
    holds_prices,
    read_price_series,
)
from thesis.sources.read_file import excerpt_source, read_filing

if TYPE_CHECKING:
    from thesis.pack.folder import Folder
    from thesis.pack.load import Pack
    from thesis.sources.reported_fact import ReportedFact


class ImportPlan(NamedTuple):
    """What an import would do.

    ``changes`` come with the entity whose file it is. ``problems`` are of what is ``withheld``; where they
    are of the whole, ``data`` is empty. ``not_additive`` names the fourth quarters of new years that are not
    worked out, since the quarters of their line item do not add up. ``later``
    names filings that were imported before although they were filed after a restatement that this import
    brings: what they said again was left out then, and may be a change back. ``data`` is each fact file that
    changes as it would then be, ``before`` what it is now, ``sources`` the texts that problems point into,
    and ``documents`` the files of single filings that were read, each with what it is.
    """

    files: list[ImportedRows]
    changes: list[tuple[str, RowChange]]
    problems: list[Problem]
    uneven: list[YearMismatch]
    later: list[str]
    data: dict[Path, bytes]
    sources: Mapping[str, str]
    before: Mapping[Path, bytes] = {}
    warnings: Sequence[Problem] = ()
    withheld: tuple[WithheldFigures, ...] = ()
    not_additive: Sequence[str] = ()
    documents: Sequence[tuple[Path, Document]] = ()

    def refused(self, problems: Sequence[Problem]) -> ImportPlan:
        """The plan with problems of the whole, if there are any: then nothing is to be written."""
        if not problems:
            return self
        return self._replace(problems=[*problems, *self.problems], data={}, before={})


def plan_import(
    files: Sequence[tuple[Path, str]],
    pack: Pack,
    folder: Folder,
    given: ImportOptions,
    today: date,
    also: Sequence[ImportedRows] = (),
) -> ImportPlan:
    """What importing files would do to a pack that is in order; each file comes with the name to show.

    ``also`` is what was taken from elsewhere at the same time, as from releases. A file that cannot be read
    is left out, and the others go on. Errors: ``InvalidInput`` with everything that is wrong, where none can
    be read, or the list of filings cannot.
    """
    problems: list[Problem] = []
    withheld: list[WithheldFigures] = []
    sources: dict[str, str] = {}
    index: list[ListedFiling] = []
    taken: list[ImportedRows] = []
    for path, shown in given.lists:
        with _noting(problems, sources):
            index += read_filing_list(path, shown)
    is_list_sound = not problems
    prices: list[PriceSeries] = []
    documents: dict[str, list[tuple[Path, str]]] = {}
    for path, shown in files:
        with _noting(problems, sources, withheld, shown):
            if holds_prices(path, shown):
                prices.append(read_price_series(path, shown, pack, given, today))
                continue
            is_one_filing = given.filing.accession or given.filing.filed
            key = "" if is_one_filing else accession_of(path) or str(path)
            documents.setdefault(key, []).append((path, shown))
    year_ends: dict[str, YearEnd] = {}
    on_file: list[tuple[Path, Document]] = []
    for listed in documents.values():
        path, shown = listed[0][0], join_words(name for _, name in listed)
        with _noting(problems, sources, withheld, shown):
            facts = [fact for each in read_filing(listed, given.filing) for fact in each]
            facts = identify_filings(facts, path, shown, given.filing, index)
            taken.append(rows_from_facts(facts, shown, pack, given, today))
            on_file += _documents(listed, facts, taken[-1], pack, given)
            for entity, found in stated_year_ends(facts).items():
                year_ends[entity] = max(found, year_ends.get(entity, found))
            if taken[-1].problems:
                for file, name in listed:
                    sources |= excerpt_source(file, name)
    if problems and not (is_list_sound and (taken or prices or also)):
        told = [problem for file in taken for problem in file.problems]
        raise InvalidInput([*problems, *told], sources)
    taken = [*without_others(taken, pack), *closing_price_rows(prices, pack, given), *also]
    plan = plan_rows(taken, pack, folder).refused(
        list(_other_year_ends(year_ends, taken, pack, folder, given))
    )
    unfit = dict(_all_unfit(taken, pack))
    withheld += [WithheldFigures(name, "") for name in unfit]
    return plan._replace(
        problems=[*problems, *unfit.values(), *plan.problems],
        sources={**plan.sources, **sources},
        withheld=(*withheld, *plan.withheld),
        documents=on_file,
    )


def _documents(
    listed: Sequence[tuple[Path, str]],
    facts: Sequence[ReportedFact],
    taken: ImportedRows,
    pack: Pack,
    given: ImportOptions,
) -> Iterator[tuple[Path, Document]]:
    """The documents of one filing, each with what it is; none of a file that holds several filings."""
    if len(taken.filings) != 1:
        return
    form, accession, filed = taken.filings[0]
    ciks = {fact.entity for fact in facts}
    entity = given.entity or next((n for n, e in pack.entities.items() if e.cik.lstrip("0") in ciks), "")
    end = year_seams(facts).end
    for path, _ in listed:
        document = Document("", entity, form, accession, filed, Quarter.of(end) if end else None, path.name)
        yield path, document


def _other_year_ends(
    stated: Mapping[str, YearEnd],
    taken: Sequence[ImportedRows],
    pack: Pack,
    folder: Folder,
    given: ImportOptions,
) -> Iterator[Problem]:
    """The entities whose fiscal year ends otherwise than the pack says, by their own reports."""
    document = metrics_document(folder).document
    asked = {pack.owner(name) for file in taken for name in file.seen if pack.concepts[name].kind == "flow"}
    for name in sorted(asked):
        cik = pack.entities[name].cik.lstrip("0")
        found = stated.get(cik) if cik or not given.entity else next(iter(stated.values()), None)
        year_ends = pack.entities[name].year_ends
        if found and found.quarter != year_ends:
            message = (
                f"`{name}` has `year_ends: {year_ends}`, and its fiscal year ends with {found.quarter} of "
                f"the calendar: on {found.day} by {found.source}"
            )
            span = document.span(("entities", name, "year_ends"))
            hint = f"write `year_ends: {found.quarter}`; its years and year-to-date figures need it"
            yield Problem("year-end", message, span, hint)


def _all_unfit(taken: Sequence[ImportedRows], pack: Pack) -> Iterator[tuple[str, Problem]]:
    """The line items whose figures are all in another unit, or in another kind of report."""
    seen = {name for file in taken for name in file.seen}
    unfit: dict[str, Counter[UnfitReason]] = {}
    files: dict[str, list[str]] = {}
    for file in taken:
        for name, reasons in file.unfit.items():
            if name not in seen:
                unfit.setdefault(name, Counter()).update(reasons)
                files.setdefault(name, []).append(file.shown)
    for name, reasons in unfit.items():
        told = "; ".join(f"{times:,} {reason.text}" for reason, times in reasons.most_common())
        message = f"`{name}`: all of its figures in `{files[name][0]}` are left out: {told}"
        unit = reasons.most_common(1)[0][0].unit
        hint = f"if it is stated in {unit}, write that as its `unit` in metrics.yaml; or " if unit else ""
        yield (
            name,
            Problem("all-left-out", message, hint=f"{hint}leave the line item out with --without {name}"),
        )


def write_plan(
    planned: ImportPlan,
    plan_again: Callable[[], ImportPlan] | None = None,
    intake: Intake | None = None,
) -> ImportPlan:
    """Write what a plan would change: every file whole, and all of them or none. Returns what was written.

    ``intake`` are documents that are put on file at the same time. Where somebody else wrote since the plan
    was made, it is made again by ``plan_again`` while the pack is held. Errors: ``InvalidInput`` where a file
    cannot be written, where another is writing for too long, or where a file is no longer what it was and
    there is no other plan; then nothing has changed.
    """
    if not (planned.data or intake):
        return planned
    pack = intake.pack if intake else next(iter(planned.data)).parent.parent
    with pack_lock(pack, "the facts"):
        sweep_leftovers(pack / FACTS)
        if _changed(planned) and plan_again is not None:
            planned = plan_again()
            intake = None if planned.problems and not planned.data else intake
        for path in _changed(planned):
            message = f"`{_shown(path)}` was changed by somebody else in the meantime; nothing was changed"
            raise InvalidInput([Problem("locked", message, hint="say it again: what they wrote is kept")])
        # the documents first: a run that is cut off between the two is then begun anew by the next
        contents = {**(intake.prepare() if intake else {}), **planned.data}
        try:
            write_together(contents, make_folders=True)
        except OSError as error:
            raise unwritable("` and `".join(map(_shown, contents)), error) from None
    return planned


def _changed(planned: ImportPlan) -> list[Path]:
    """The files to which somebody else wrote since they were read."""
    return [
        path
        for path, before in planned.before.items()
        if read_bytes(path, _shown(path), is_needed=False) != before
    ]


def _shown(path: Path) -> str:
    """A fact file as messages call it: by its folder and its name."""
    return f"{path.parent.name}/{path.name}"


@contextmanager
def _noting(
    problems: list[Problem],
    sources: dict[str, str],
    withheld: list[WithheldFigures] | None = None,
    shown: str = "",
) -> Iterator[None]:
    """Note the problems of one file, which is then withheld, and go on with the next."""
    try:
        yield
    except InvalidInput as flawed:
        problems += flawed.problems
        sources |= flawed.sources
        if withheld is not None:
            withheld.append(WithheldFigures("", shown))


class _Flaw(NamedTuple):
    """A problem of a line item in one filing or on one day, or of a whole filing."""

    problem: Problem
    withheld: WithheldFigures
    changes: tuple[tuple[str, RowChange], ...] = ()

    def is_about(self, row: FactRow) -> bool:
        return self.withheld.concept in ("", row.concept) and self.withheld.source in ("", _source(row))


def _source(row: FactRow) -> str:
    """Where a row stands: its filing, or the day of a price."""
    return row.period if row.is_daily else row.provenance.document


def plan_rows(taken: list[ImportedRows], pack: Pack, folder: Folder) -> ImportPlan:
    """What becomes of rows that were taken from somewhere, in a pack that is in order.

    Rows that a problem is about are withheld, and what follows from the others is worked out without them.
    """
    rows = [row for file in taken for row in file.rows]
    found: list[_Flaw] = []
    while True:
        plan, flaws = _planned(rows, taken, pack, folder)
        left = [row for row in rows if not any(flaw.is_about(row) for flaw in flaws)]
        found += flaws
        if not flaws or len(left) == len(rows):
            break
        rows = left
    told = [*(problem for file in taken for problem in file.problems), *(flaw.problem for flaw in found)]
    withheld = [*(each for file in taken for each in file.withheld), *(flaw.withheld for flaw in found)]
    plan = plan._replace(
        problems=[*dict.fromkeys(told), *plan.problems],
        changes=[*plan.changes, *(change for flaw in found for change in flaw.changes)],
        withheld=tuple(dict.fromkeys(withheld)),
    )
    return plan._replace(data={}, before={}) if flaws else plan


def _planned(
    rows: Sequence[FactRow], taken: list[ImportedRows], pack: Pack, folder: Folder
) -> tuple[ImportPlan, list[_Flaw]]:
    """What becomes of some rows, and what is wrong with single ones of them."""
    changes: list[tuple[str, RowChange]] = []
    unevens: list[YearMismatch] = []
    unsplit: list[UnsplitYear] = []
    impossible: list[FactRow] = []
    later: set[str] = set()
    data: dict[Path, bytes] = {}
    before: dict[Path, bytes] = {}
    texts: dict[str, str] = dict(folder.facts)
    labels: dict[str, str] = {}
    flaws: list[_Flaw] = []
    for entity in sorted({_owner(row, pack) for row in rows}):
        name = f"facts/{entity}.csv"
        path, shown = folder.path / name, folder.shown + name
        text = folder.facts.get(name, "")
        kept = read_rows(text, shown) if text else []
        flaws += _days_apart(kept, rows)
        book = FactFile(with_rounding(kept))
        found = list(book.take(row for row in rows if _owner(row, pack) == entity))
        year_ends = pack.entities[entity].year_ends
        for concept in book.concepts:
            if "/" not in concept and pack.concepts[concept].adds_up:  # items of registers have a slash
                derived = derived_quarters(book.of(concept), year_ends)
                possible = [row for row in derived if not any(_too_low(row, pack))]
                impossible += [row for row in derived if row not in possible]
                found += book.take(possible)
                unevens += year_mismatches(book.of(concept), year_ends)
                unsplit += unsplit_years(book.of(concept), year_ends)
        changes += [(entity, change) for change in found]
        later |= _later(kept, found) - {row.provenance.document for row in rows}
        added = [change.row for change in found if change.kind in ADDED]
        flaws += [
            _Flaw(each, WithheldFigures(row.concept, _source(row)))
            for row in added
            for each in _too_low(row, pack)
        ]
        if added:
            before[path] = read_bytes(path, shown) if text else b""
            data[path] = add_rows(before[path], shown, added)
            texts[name] = data[path].decode("utf-8-sig").replace("\r\n", "\n")
            labels |= _labels(kept, read_rows(texts[name], name))
    flaws += _contradictions(changes)
    flaws += [
        _Flaw(_uneven(each), WithheldFigures("", each.year.provenance.document))
        for each in unevens
        if each.is_one_document
    ]
    broken = [] if flaws else broken_identities(pack, folder, texts, labels)
    problems = [problem for problem in broken if problem.level == "error"]
    new = {
        (row.concept, row.period, row.provenance.document) for _, (kind, row, _) in changes if kind in ADDED
    }
    not_additive = sorted(
        f"{concept} {period}"
        for concept, period, _ in new
        if period.startswith("FY") and not pack.concepts[concept.partition("/")[0]].adds_up
    )
    unsplit = [e for e in unsplit if (e.year.concept, e.year.period, e.year.provenance.document) in new]
    warnings = [
        *(each for file in taken for each in file.warnings),
        *_unsplit(unsplit),
        *(problem for problem in broken if problem.level == "warning"),
        *_impossible(
            [row for row in impossible if row.provenance.document in {document for *_, document in new}]
        ),
    ]
    changes = [each for each in changes if each[1].kind != "conflicting"]  # they are flaws
    plan = ImportPlan(
        taken, changes, [], unevens, sorted(later), data, folder.sources, before, warnings, (), not_additive
    )
    return plan.refused(problems), flaws


def _too_low(row: FactRow, pack: Pack) -> Iterator[Problem]:
    """A figure below the least value that its concept declares."""
    told = too_low(row.concept, pack.concepts[row.concept.partition("/")[0]], parse_value(row.value))
    if told:
        yield Problem(
            "below-least", f"{told} for {row.period} in {row.source} ({row.place})", hint=BELOW_LEAST
        )


def _owner(row: FactRow, pack: Pack) -> str:
    """Whose file a row belongs in; the item of a register goes with the register."""
    return pack.owner(row.concept.partition("/")[0])


def _later(kept: Sequence[FactRow], changes: Sequence[RowChange]) -> set[str]:
    """The filings in a file that came after a restatement which the file did not have."""
    restated: dict[str, date] = {}
    for kind, row, _ in changes:
        if kind == "restated" and not row.provenance.is_difference:
            restated[row.concept] = min(restated.get(row.concept, row.filed), row.filed)
    return {
        row.provenance.document
        for row in kept
        if row.concept in restated and row.filed > restated[row.concept] and row.how == "reported"
    }


def _uneven(found: YearMismatch) -> Problem:
    """A report whose own quarters contradict its year: as a rule they carry the dates of another year."""
    told = " + ".join(f"{row.value} ({row.period})" for row in found.quarters)
    message = (
        f"`{found.year.concept}`: {found.year.source} states {found.year.value} for {found.year.period}, and "
        f"quarters that are {plain_digits(found.apart)} apart from it: {told}"
    )
    filing = found.year.provenance.document.split()[-1]
    hint = f"a period in it is wrong; leave the filing out with --without {filing}"
    return Problem("uneven-year", message, hint=hint)


def _impossible(rows: Sequence[FactRow]) -> Iterator[Problem]:
    """The differences that the line item cannot have, one warning for each line item."""
    by_concept: dict[str, list[FactRow]] = {}
    for row in rows:
        by_concept.setdefault(row.concept, []).append(row)
    for concept, held in by_concept.items():
        listed = ", ".join(f"{row.period} ({row.value}, {row.source})" for row in held)
        message = (
            f"`{concept}`: no quarter is worked out where it would be less than there can be, so that the "
            f"longer period counts otherwise than the months in it: {listed}"
        )
        hint = "look at what the tag stands for in both reports, or take the quarter from the release"
        yield Problem("mixed-basis", message, hint=hint, level="warning")


def _unsplit(years: Sequence[UnsplitYear]) -> Iterator[Problem]:
    """The fourth quarters that do not follow from a restated year, one warning for each line item."""
    by_concept: dict[tuple[str, bool], list[UnsplitYear]] = {}
    for each in years:
        by_concept.setdefault((each.year.concept, each.is_stale), []).append(each)
    for (concept, is_stale), held in by_concept.items():
        listed = ", ".join(dict.fromkeys(f"{each.quarter} ({each.year.source})" for each in held))
        if is_stale:
            message = (
                f"`{concept}`: the year was restated, its months were not, and the fourth quarter stays "
                f"as it was first worked out: {listed}"
            )
        else:
            message = (
                f"`{concept}`: no fourth quarter is worked out where the report of the year also restates "
                f"the year before, and the months in it are as they were told earlier: {listed}"
            )
        hint = "take the quarter from the company's release, with `thesis facts add`"
        yield Problem("mixed-basis", message, hint=hint, level="warning")


def _labels(kept: Sequence[FactRow], after: Sequence[FactRow]) -> dict[str, str]:
    """What to call each place of a file as it would be: where the row stands now, or that it is new."""
    labels, old = {}, iter(kept)
    awaited = next(old, None)
    for row in after:
        if awaited is not None and row._replace(place=awaited.place) == awaited:
            labels[row.place], awaited = awaited.place, next(old, None)
        else:
            labels[row.place] = f"new from {row.source}"
    return labels


def _days_apart(kept: Sequence[FactRow], rows: Sequence[FactRow]) -> Iterator[_Flaw]:
    """Filings that a file has under another day."""
    days = {row.provenance.document: row for row in rows}
    told: set[str] = set()
    for old in kept:
        new = days.get(old.provenance.document)
        if old.is_daily or old.provenance.document in told:
            continue  # a source of prices has no day of its own
        if new and new.filed != old.filed and old.how == "reported":
            document = old.provenance.document
            told.add(document)
            message = f"`{document}` is here as filed on {old.filed}, and is to be imported as of {new.filed}"
            problem = Problem("bad-date", message, _span(old), "one of the two days is wrong")
            yield _Flaw(problem, WithheldFigures("", document))


def _span(row: FactRow) -> SourceSpan | None:
    """Where a row of a fact file stands."""
    file, _, line = row.place.rpartition(":")
    return SourceSpan(file, int(line), 1) if file.endswith(".csv") and line.isdigit() else None


def _doubted(changes: Sequence[RowChange]) -> set[str]:
    """The filings that contradict what is known of several line items and confirm nothing of it."""
    against: dict[str, set[str]] = {}
    confirmed = set()
    for change in changes:
        if change.kind == "conflicting" and not change.row.is_daily:
            against.setdefault(change.row.provenance.document, set()).add(change.row.concept)
        elif change.kind in ("unchanged", "confirmed", "sharper"):
            confirmed.add(change.row.provenance.document)
    return {document for document, names in against.items() if len(names) > 1} - confirmed


def _contradictions(changes: Sequence[tuple[str, RowChange]]) -> Iterator[_Flaw]:
    """One problem for each line item of a filing that contradicts what is known of its day."""
    doubted = _doubted([change for _, change in changes])
    held: dict[WithheldFigures, list[tuple[str, RowChange]]] = {}
    for entity, change in changes:
        if change.kind == "conflicting":
            key = WithheldFigures(change.row.concept, _source(change.row))
            held.setdefault(key, []).append((entity, change))
    for key, found in held.items():
        withheld = key._replace(concept="") if key.source in doubted else key
        yield _Flaw(_contradiction(found[0][1], len(found) - 1), withheld, tuple(found))


def _contradiction(change: RowChange, more: int) -> Problem:
    row, old = change.row, change.old
    assert old  # nothing contradicts what is not there
    span = _span(old)
    at = "" if span else f" ({old.place})"
    message = (
        f"`{row.concept}` {row.period} is {old.value} in {old.source}{at}, and {row.value} in {row.source} "
        f"({row.place}), both filed on {row.filed}{f', and {more:,} more like it' if more else ''}"
    )
    hint = f"correct or delete the row that is wrong, or leave the concept out with --without {row.concept}"
    if row.is_daily:
        hint = "one was wrong, or taken before the day's close: delete that row, or pass it over with --since"
    if row.provenance.is_as_filed and not old.provenance.is_as_filed:
        hint = "the row is from before a split that the pack declares: delete it, and import the filing again"
    if row.provenance.is_difference and old.provenance.is_difference:
        hint = "if it was worked out before a filing was there that it needs, delete it and import again"
    return Problem("contradiction", message, span, hint)
