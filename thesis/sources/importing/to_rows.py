"""The facts of one file as rows of a fact file, each with its filing.

The concepts of the pack say which facts, their periods where they belong. Figures in shares, or per share,
that were filed before a split are put on the basis of today, with the figure as filed in the note.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from thesis.core.formatting import join_words
from thesis.core.problem import InvalidInput, Problem
from thesis.facts.fact import MONTHS, YearToDate
from thesis.facts.fact_file import FactRow, plain_digits, value_text
from thesis.facts.provenance import COVER_DAY, TAGGED
from thesis.pack.share_basis import rebasing, splits_after
from thesis.sources.importing.mapping import (
    LAST,
    MappingResult,
    Tag,
    TagClash,
    TagMatch,
    TagPart,
    TagQuery,
    UnfitReason,
)
from thesis.sources.importing.periods import (
    COVER,
    OddQuarter,
    UnplacedPeriod,
    YearSeams,
    place_period,
    year_seams,
)
from thesis.sources.importing.rounding import PrintedDigits, printed_digits, rounding_of
from thesis.sources.importing.which_filing import late_filings
from thesis.sources.reported_fact import FilingReference, ReportedFact

if TYPE_CHECKING:
    from thesis.facts.fact import LineItem
    from thesis.pack.load import Pack

SHARED = ("us-gaap:", "dei:", "srt:", "ifrs-full:")  # taxonomies that companyfacts holds
PERIODIC = ("10-K", "10-KT", "10-Q", "10-QT", "20-F", "40-F")  # reports that hold the statements
OTHER = "under a tag that is another figure in its filing"
ILL_DATED = "in a filing of a day that cannot be"
PART = "a part of what the filing states under another tag"
FINEST_PLACE = -6  # of a figure per share, where a split does not divide it evenly
FINEST = Decimal(1).scaleb(FINEST_PLACE)


class ImportOptions(NamedTuple):
    """What the user says of the files: which filing, whose, and which concepts to take from them."""

    filing: FilingReference = FilingReference()
    entity: str = ""
    lists: tuple[tuple[Path, str], ...] = ()
    only: Collection[str] = ()  # concepts
    without: Collection[str] = ()  # concepts, and filings by accession
    since: date | Mapping[str, date] | None = None  # the first filing day; a mapping gives it by CIK
    source: str = ""  # of prices: where they come from
    every_day: bool = False  # of prices: not only the last day of each quarter, and the newest
    currency: str = ""  # of prices: what they are quoted in where the file does not say, as GBX for pence


class MissingItems(NamedTuple):
    """Line items that a report should hold and does not; of no ``filing``, that none of them holds."""

    names: tuple[str, ...]
    filing: FilingReference | None


class WithheldFigures(NamedTuple):
    """What an import leaves out for a problem: a line item in one filing or quarter, or all of a source."""

    concept: str  # empty: everything that the source holds
    source: str  # a filing, a quarter or a file; empty: wherever it stands

    def __str__(self) -> str:
        parts = (f"`{self.concept}`" if self.concept else "", self.source)
        return " in ".join(part for part in parts if part)


class ImportedRows(NamedTuple):
    """What one file or filing held: the rows that it makes, and what no row was made of.

    ``prices`` says what it is where it is no filing: prices of whom, from which day to which. ``problems``
    are of figures that are asked for; those that they are about are ``withheld``, and no rows. ``seen`` are
    the concepts that a figure of was there, ``unfit`` those whose figures were all in another unit or form,
    with the reasons; ``doubtful`` are rows under a tag that is another figure in its filing than the first.
    """

    shown: str
    facts: int
    filings: tuple[FilingReference, ...]
    rows: tuple[FactRow, ...]
    unmapped: Counter[Tag]
    left_out: Counter[str]
    prices: str = ""
    missing: tuple[MissingItems, ...] = ()
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    seen: frozenset[str] = frozenset()
    unfit: Mapping[str, Counter[UnfitReason]] = {}
    doubtful: frozenset[FactRow] = frozenset()
    withheld: tuple[WithheldFigures, ...] = ()


def rows_from_facts(
    facts: Sequence[ReportedFact], shown: str, pack: Pack, given: ImportOptions, today: date
) -> ImportedRows:
    """The facts of one file, or of the documents of one filing, as rows.

    What is wrong with a figure that is asked for is a problem of the result, and the rest goes on: beside a
    figure that cannot be read those under its own tag, and nothing of a line item whose tags contradict each
    other. Errors: ``InvalidInput`` where the whole is nobody's or ill-dated.
    """
    filers = _filers(facts, shown, pack, given)
    facts = [fact for fact in facts if fact.accession not in given.without]
    early = [fact for fact in facts if _is_early(fact, given.since)]
    facts = [fact for fact in facts if not _is_early(fact, given.since)] if early else facts
    by_filing: dict[FilingReference, list[ReportedFact]] = {}
    for fact in facts:
        if not fact.flaw:
            by_filing.setdefault(fact.filing, []).append(fact)
    met = {filing: year_seams(stated) for filing, stated in by_filing.items()}
    late = {filing: list(late_filings(filing, at.end, shown, today)) for filing, at in met.items()}
    late = {filing: found for filing, found in late.items() if found}
    if late and len(late) == len(met):
        raise InvalidInput([problem for found in late.values() for problem in found])
    wanted = [
        name for name in pack.concepts if (not given.only or name in given.only) and name not in given.without
    ]
    query = TagQuery(
        {name: pack.concepts[name] for name in wanted}, {n: filers.get(pack.owner(n), "") for n in wanted}
    )
    ill_dated = query.map([fact for fact in facts if fact.filing in late]) if late else None
    mapped = query.map([fact for fact in facts if fact.filing not in late] if late else facts)
    problems = [*_unread(mapped.flawed), *_stated_twice(mapped.clashes)]
    lost = {match.fact.filing for match in ill_dated.matches} if ill_dated else set()
    problems += [problem for filing in late if filing in lost for problem in late[filing]]
    printed = printed_digits(facts)
    placed, warnings = [], []
    for match in mapped.matches:
        try:
            placed.append((match, _row(match, pack, met[match.fact.filing], printed)))
        except UnplacedPeriod as reason:
            mapped.left_out[str(reason)] += 1
            warnings += [_odd_quarter(match)] if isinstance(reason, OddQuarter) else []
    placed = [(match, row) for match, row in placed if not _is_lost(match, mapped)]
    rows = tuple(row for _, row in placed)
    doubtful = frozenset(
        row for match, row in placed if (match.concept, match.fact.tag, match.fact.filing) in mapped.others
    )
    mapped.left_out.update([PART] * len(mapped.parts))
    if late:
        mapped.left_out[ILL_DATED] += sum(fact.filing in late for fact in facts)
    warnings += _parts(mapped.parts)
    if early:
        mapped.left_out["filed earlier than asked for"] += len(early)
    filings = tuple(sorted(met, key=lambda filing: (str(filing.filed), filing.accession)))
    seen = {each.concept for each in mapped.matches} | {name for name, _ in mapped.flawed}
    seen |= {clash.first.concept for clash in mapped.clashes} | {each.part.concept for each in mapped.parts}
    stated = {fact.entity for fact in facts}
    expected = [
        name
        for name in wanted
        if filers.get(pack.owner(name)) in stated and _is_in(pack.concepts[name], facts)
    ]
    missing = _missing(expected, seen | set(mapped.unfit), mapped.matches, filings)
    if _has_only_a_cover(expected, mapped, pack):
        warnings += _no_figures(filings, shown)
    unfit = {name: reasons for name, reasons in mapped.unfit.items() if name not in seen}
    return ImportedRows(
        shown, len(facts), filings, rows, mapped.unmapped, mapped.left_out, "", missing,
        tuple(problems), tuple(warnings), frozenset(seen), unfit, doubtful,
        (*(WithheldFigures("", f"{f.form} {f.accession}") for f in late if f in lost), *_withheld(mapped)),
    )  # fmt: skip


def _is_lost(match: TagMatch, mapped: MappingResult) -> bool:
    """Whether a figure may be another one than is asked for, by what is wrong with figures beside it.

    A figure under the next tag would pass for one under the first that cannot be read. Of two tags that
    contradict each other in one filing nobody knows which one the line item means, in any filing.
    """
    name, fact = match.concept, match.fact
    unread = any(
        name == other and fact.filing == flawed.filing and fact.tag != flawed.tag
        for other, flawed in mapped.flawed
    )
    return unread or any(
        name == clash.first.concept and (fact.filing == clash.first.fact.filing or _is_of_two_tags(clash))
        for clash in mapped.clashes
    )


def _is_of_two_tags(clash: TagClash) -> bool:
    return clash.first.fact.tag != clash.second.fact.tag


def _withheld(mapped: MappingResult) -> Iterator[WithheldFigures]:
    """The line items with a problem, each in its filing or wherever it stands."""
    lost = {(name, _filing_text(fact)) for name, fact in mapped.flawed}
    lost |= {
        (each.first.concept, "" if _is_of_two_tags(each) else _filing_text(each.first.fact))
        for each in mapped.clashes
    }
    yield from (WithheldFigures(*each) for each in sorted(lost))


def _filing_text(fact: ReportedFact) -> str:
    return f"{fact.form} {fact.accession}".strip()


def without_others(taken: Sequence[ImportedRows], pack: Pack) -> list[ImportedRows]:
    """What files held, but for figures under a tag that is another figure in its filing, if better is known.

    Net sales beside total revenue are not total revenue restated: where a report states its year under
    both, and its quarters under the second alone, the quarters stay as they are known under the first, or
    as they follow from longer periods that are.
    """
    best = {(row.concept, row.period) for file in taken for row in file.rows if not row.provenance.tag}
    for name in {row.concept for file in taken for row in file.doubtful}:
        known = (fact for fact in pack.facts.of(name) if not fact.provenance.tag)
        best |= {(name, str(fact.period)) for fact in known}
        longer = (fact for fact in pack.facts.to_date(name) if not fact.provenance.tag)
        best |= {(name, str(fact.period)) for fact in longer}
    best |= set(_following(best, pack))
    found = []
    for file in taken:
        other = {row for row in file.doubtful if (row.concept, row.period) in best}
        left_out = file.left_out + Counter({OTHER: len(other)})
        rows = tuple(row for row in file.rows if row not in other)
        found.append(file._replace(rows=rows, left_out=left_out) if other else file)
    return found


def _following(known: Collection[tuple[str, str]], pack: Pack) -> Iterator[tuple[str, str]]:
    """The quarters, by concept, that are the difference of two periods which are known."""
    for name, text in known:
        if text[:2] not in MONTHS or not pack.concepts[name].adds_up:
            continue
        period = YearToDate.parse(text)
        quarters = period.quarters(pack.entities[pack.owner(name)].year_ends)
        before = quarters[0] if period.months == 6 else period._replace(months=period.months - 3)
        if (name, str(before)) in known:
            yield name, str(quarters[-1])


def _is_in(concept: LineItem, facts: Sequence[ReportedFact]) -> bool:
    """Whether a file of this kind can hold a concept; companyfacts has no dimensions and no own tags."""
    if not concept.tag or concept.kind == "register":
        return False
    is_collection = not any(fact.context for fact in facts)
    return not is_collection or (not concept.where and any(tag.startswith(SHARED) for tag in concept.tags))


def _missing(
    expected: Sequence[str],
    seen: Collection[str],
    matches: Sequence[TagMatch],
    filings: Sequence[FilingReference],
) -> tuple[MissingItems, ...]:
    """The line items without a figure, in all of the reports or in the newest one of its form.

    An item should be in a report if an earlier one of the same form has it.
    """
    reports = [filing for filing in filings if _base(filing.form) in PERIODIC]
    if not reports:
        return ()
    found: list[MissingItems] = []
    nothing = tuple(name for name in expected if name not in seen)
    if nothing:
        found.append(MissingItems(nothing, reports[0] if len(reports) == 1 else None))
    held: dict[FilingReference, set[str]] = {}
    for match in matches:
        held.setdefault(match.fact.filing, set()).add(match.concept)
    for form in sorted({filing.form for filing in reports if not filing.form.endswith("/A")}):
        *before, last = [filing for filing in reports if filing.form == form]
        usual = set().union(*(held.get(filing, set()) for filing in before))
        gone = tuple(name for name in expected if name in usual - held.get(last, set()))
        if gone:
            found.append(MissingItems(gone, last))
    return tuple(found)


def _base(form: str) -> str:
    return form.removesuffix("/A")


def _has_only_a_cover(expected: Sequence[str], mapped: MappingResult, pack: Pack) -> bool:
    """Whether nothing that is asked for was found but what stands on the cover page."""
    inside = [name for name in expected if not all(tag.startswith(COVER) for tag in pack.concepts[name].tags)]
    told = {each.concept for each in mapped.matches} | {clash.first.concept for clash in mapped.clashes}
    told |= {name for name, _ in mapped.flawed} | set(mapped.unfit)
    told |= {each.part.concept for each in mapped.parts}
    return bool(inside) and not told & set(inside)


def _no_figures(filings: Sequence[FilingReference], shown: str) -> Iterator[Problem]:
    """That a report holds none of the figures asked for."""
    reports = [filing for filing in filings if _base(filing.form) in PERIODIC]
    if reports:
        one = f"{reports[0].form} {reports[0].accession} holds none"
        which = one if len(reports) == 1 else f"its {len(reports)} reports hold none"
        hint = (
            "if they are in an exhibit, as many a 10-K has them in exhibit 13, give that together with the "
            "main document, or take the filing's `_htm.xml`; if they are under other tags, "
            "`thesis facts tags` lists those that are there"
        )
        message = f"`{shown}`: {which} of the figures asked for"
        yield Problem("no-figures", message, hint=hint, level="warning")


def _unread(flawed: Sequence[tuple[str, ReportedFact]]) -> Iterator[Problem]:
    """What is wrong with figures that are asked for, each once."""
    names: dict[Problem, list[str]] = {}
    for name, fact in flawed:
        assert fact.flaw  # it is why it is among them
        names.setdefault(fact.flaw, []).append(name)
    for flaw, held in names.items():
        listed = ", ".join(dict.fromkeys(held))
        hint = f"`{listed}` asks for it; --without leaves a line item out, or a filing by its number"
        yield flaw._replace(hint="; ".join(part for part in (flaw.hint, hint) if part))


def _parts(parts: Sequence[TagPart]) -> Iterator[Problem]:
    """For each line item, that figures were not taken because the filing states larger ones beside them."""
    by_concept: dict[str, list[TagPart]] = {}
    for each in parts:
        by_concept.setdefault(each.part.concept, []).append(each)
    for name, held in by_concept.items():
        part, whole = held[0].part.fact, held[0].whole
        more = f", and {len(held) - 1:,} more like it" if len(held) > 1 else ""
        message = (
            f"`{name}` is left out for {part.period} in {part.accession}: {part.tag}, {_number(part)}, is a "
            f"part of {whole.tag}, {_number(whole)}{more}"
        )
        hint = (
            f"for the total write `tag: {whole.tag} > {part.tag}`, and for the part alone "
            f"`tag: {part.tag} > {whole.tag}`"
        )
        yield Problem("partial-tag", message, None, hint, "warning")


def _odd_quarter(match: TagMatch) -> Problem:
    fact = match.fact
    message = (
        f"`{match.concept}`: {_number(fact)} for {fact.period} in {fact.form} {fact.accession} is left out: "
        "the quarters of this fiscal calendar do not fall into those of the year one by one"
    )
    hint = "what runs from the start of the year is kept, and the quarters that follow from it alone"
    return Problem("odd-quarter", message, fact.place if fact.place.line else None, hint, "warning")


def _filers(facts: Sequence[ReportedFact], shown: str, pack: Pack, given: ImportOptions) -> dict[str, str]:
    """The CIK of each entity. Errors: ``InvalidInput`` where the file is of none of them."""
    filers = {name: entity.cik.lstrip("0") for name, entity in pack.entities.items() if entity.cik}
    stated = sorted({fact.entity for fact in facts if fact.entity})
    if given.entity:
        own = filers.get(given.entity) or (stated[0] if len(stated) == 1 else "")
        filers = {given.entity: own}
    if not set(stated) & set(filers.values()):
        told = f"is of the company with the CIK {' and '.join(stated)}" if stated else "states no facts"
        whose = f"not of {given.entity}" if given.entity else "which none of the pack's entities has"
        hint = (
            f"set `cik: {stated[0]}` on its entity in metrics.yaml, or name it with --entity"
            if stated
            else ""
        )
        raise InvalidInput(
            [Problem("unknown-filer", f"`{shown}` {told}{', ' + whose if stated else ''}", hint=hint)]
        )
    return filers


def _row(match: TagMatch, pack: Pack, met: YearSeams, printed: PrintedDigits) -> FactRow:
    """A fact as a row. Errors: ``UnplacedPeriod`` where its period is none that is kept."""
    fact, concept = match.fact, pack.concepts[match.concept]
    owner = pack.owner(match.concept)
    period = place_period(fact, concept.kind, pack.entities[owner].year_ends, met)
    assert fact.filed  # identified
    counted = fact.period.end if fact.tag.startswith(COVER) and fact.period.is_instant else None
    told = counted or fact.filed
    lo, hi, how, noted, factor = rebase_figure(match.lo, match.hi, pack, match.concept, told)
    notes = [noted] if noted else []
    if counted:
        notes.append(f"{COVER_DAY}{counted}")
    if match.lo < match.hi:
        notes.append("rounded")
    if match.rank % LAST:
        notes.append(f"{TAGGED}{fact.tag}")
    return FactRow(
        match.concept,
        str(period),
        value_text(lo, hi),
        concept.unit,
        fact.filed,
        f"{fact.form} {fact.accession}",
        how,
        "; ".join(notes),
        f"{fact.place.file}:{fact.place.line}" if fact.place.line else fact.place.file,
        rounding_of(fact, printed) * factor,
    )


def _is_early(fact: ReportedFact, since: date | Mapping[str, date] | None) -> bool:
    """Whether a fact was filed before the first day that is taken."""
    first = since.get(fact.entity) if isinstance(since, Mapping) else since
    return bool(first and fact.filed and fact.filed < first)


class RebasedFigure(NamedTuple):
    """A figure on the basis of today's shares: its ends, how they came about, a note, and by what factor."""

    lo: Decimal
    hi: Decimal
    how: str
    note: str
    factor: Decimal


def rebase_figure(lo: Decimal, hi: Decimal, pack: Pack, name: str, told: date) -> RebasedFigure:
    """A figure of a concept as it was told on a day, with what splits since have made of it."""
    later = splits_after(pack, name, told)
    change = rebasing(pack.concepts[name], later)
    factor = Decimal(change.factor.numerator) / change.factor.denominator
    if not later or not lo:
        return RebasedFigure(lo, hi, "reported", "", factor)
    low, high = scale_figure(lo, change.factor), scale_figure(hi, change.factor)
    return RebasedFigure(low, high, change.how, f"as filed {value_text(lo, hi)}", factor)


def scale_figure(value: Decimal, factor: Fraction) -> Decimal:
    """A figure on another basis: exact where it divides evenly, else to a millionth.

    >>> scale_figure(Decimal("450000000"), Fraction(1, 30)), scale_figure(Decimal("10"), Fraction(1, 3))
    (Decimal('15000000'), Decimal('3.333333'))
    """
    exact = Fraction(value) * factor
    scaled = Decimal(exact.numerator) / Decimal(exact.denominator)
    if Fraction(scaled) != exact or -int(scaled.as_tuple().exponent) > -FINEST_PLACE:
        scaled = scaled.quantize(FINEST)
    return Decimal(plain_digits(scaled))


def _number(fact: ReportedFact) -> str:
    """The digits of a figure, without the zeros that JSON may end it with."""
    return "" if fact.value is None else plain_digits(fact.value)


def _stated_twice(clashes: Sequence[TagClash]) -> Iterator[Problem]:
    """One problem for each line item: which of its tags have different values for the same days."""
    by_concept: dict[str, list[TagClash]] = {}
    for clash in clashes:
        by_concept.setdefault(clash.first.concept, []).append(clash)
    for name, held in by_concept.items():
        sizes: Counter[str] = Counter()
        for clash in held:
            for match in clash:
                sizes[match.fact.tag] = max(sizes[match.fact.tag], int(abs(match.lo)))
        tags = [tag for tag, _ in sizes.most_common()]
        first, second = held[0].first.fact, held[0].second.fact
        at = f" on line {first.place.line}" if first.place.line else ""  # JSON has none to speak of
        more = f", and {len(held) - 1:,} more like it" if len(held) > 1 else ""
        files = join_words(dict.fromkeys(f"`{each.place.file}`" for each in (first, second)))
        told = (
            f"{files} state{'s' * (first.place.file == second.place.file)} `{name}` twice for {first.period} "
            f"in {first.accession}: {_number(first)} as {first.tag}{at}, {_number(second)} as "
            f"{second.tag}{more}"
        )
        order = f"put the tags in order, the total first, as in `tag: {' > '.join(tags)}`; or "
        hint = (
            f"{order if len(tags) > 1 else ''}narrow `tag` or `where` of `{name}` in metrics.yaml, or leave "
            f"it out with --without {name}"
        )
        yield Problem("stated-twice", told, second.place if second.place.line else None, hint)
