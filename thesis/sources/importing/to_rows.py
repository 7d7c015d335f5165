"""The facts of one file as rows of a fact file, each with its filing.

The concepts of the pack say which facts, their periods where they belong. Figures in shares, or per share,
that were filed before a split are put on the basis of today, with the figure as filed in the note.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from thesis.core.problem import InvalidInput, Problem
from thesis.facts.fact_file import FactRow, plain_digits, value_text
from thesis.sources.importing.mapping import Tag, TagClash, TagMatch, TagQuery
from thesis.sources.importing.periods import COVER, UnplacedPeriod, YearSeams, place_period, year_seams
from thesis.sources.importing.which_filing import late_filings
from thesis.sources.reported_fact import FilingReference, ReportedFact

if TYPE_CHECKING:
    from thesis.facts.fact import LineItem
    from thesis.pack.load import Pack

FINEST = Decimal("1e-6")  # of a figure per share, where a split does not divide it evenly


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


class ImportedRows(NamedTuple):
    """What one file held: its filings, the rows that they make, and what no row was made of.

    ``prices`` says what it is where it is no filing: prices of whom, from which day to which.
    """

    shown: str
    facts: int
    filings: tuple[FilingReference, ...]
    rows: tuple[FactRow, ...]
    unmapped: Counter[Tag]
    left_out: Counter[str]
    prices: str = ""


def rows_from_facts(
    facts: Sequence[ReportedFact], shown: str, pack: Pack, given: ImportOptions, today: date
) -> ImportedRows:
    """A file's facts as rows.

    Errors: ``InvalidInput`` where it is nobody's, ill-dated or contradicts itself.
    """
    filers = _filers(facts, shown, pack, given)
    facts = [fact for fact in facts if fact.accession not in given.without]
    early = [fact for fact in facts if _is_early(fact, given.since)]
    facts = [fact for fact in facts if not _is_early(fact, given.since)] if early else facts
    by_filing: dict[FilingReference, list[ReportedFact]] = {}
    for fact in facts:
        by_filing.setdefault(fact.filing, []).append(fact)
    met = {filing: year_seams(stated) for filing, stated in by_filing.items()}
    problems = [p for filing, at in met.items() for p in late_filings(filing, at.end, shown, today)]
    wanted = [
        name for name in pack.concepts if (not given.only or name in given.only) and name not in given.without
    ]
    mapped = TagQuery(
        {name: pack.concepts[name] for name in wanted}, {n: filers.get(pack.owner(n), "") for n in wanted}
    ).map(facts)
    problems += [_stated_twice(clash) for clash in mapped.clashes]
    if problems:
        raise InvalidInput(problems)
    rows = []
    for match in mapped.matches:
        try:
            rows.append(_row(match, pack, met[match.fact.filing]))
        except UnplacedPeriod as reason:
            mapped.left_out[str(reason)] += 1
    if early:
        mapped.left_out["filed earlier than asked for"] += len(early)
    filings = tuple(sorted(met, key=lambda filing: (str(filing.filed), filing.accession)))
    return ImportedRows(shown, len(facts), filings, tuple(rows), mapped.unmapped, mapped.left_out)


def _filers(facts: Sequence[ReportedFact], shown: str, pack: Pack, given: ImportOptions) -> dict[str, str]:
    """The CIK of each entity. Errors: ``InvalidInput`` where the file is of none of them."""
    filers = {name: entity.cik.lstrip("0") for name, entity in pack.entities.items() if entity.cik}
    stated = sorted({fact.entity for fact in facts})
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


def _row(match: TagMatch, pack: Pack, met: YearSeams) -> FactRow:
    """A fact as a row. Errors: ``UnplacedPeriod`` where its period is none that is kept."""
    fact, concept = match.fact, pack.concepts[match.concept]
    owner = pack.owner(match.concept)
    period = place_period(fact, concept.kind, pack.entities[owner].year_ends, met)
    assert fact.filed  # identified
    lo, hi, how, noted, factor = rebase_figure(match.lo, match.hi, pack, match.concept, fact.filed)
    notes = [noted] if noted else []
    if fact.tag.startswith(COVER) and fact.period.is_instant:
        notes.append(f"cover page of {fact.period.end}")
    if match.lo < match.hi:
        notes.append("rounded")
    slack = Decimal(5).scaleb(-fact.decimals - 1) * factor if isinstance(fact.decimals, int) else Decimal(0)
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
        slack,
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


def rebase_figure(lo: Decimal, hi: Decimal, pack: Pack, name: str, filed: date) -> RebasedFigure:
    """A figure of a concept as it was filed on a day, with what splits since have made of it."""
    factor, splits = _factor(pack, pack.owner(name), pack.concepts[name], filed)
    if not splits or not lo:
        return RebasedFigure(lo, hi, "reported", "", factor)
    per = Decimal(1) / factor if factor < 1 else factor
    how = f"derived: as filed {'/' if factor < 1 else 'x'} {plain_digits(per)} for the split of {splits}"
    return RebasedFigure(
        scale_figure(lo, factor), scale_figure(hi, factor), how, f"as filed {value_text(lo, hi)}", factor
    )


def _factor(pack: Pack, owner: str, concept: LineItem, filed: date) -> tuple[Decimal, str]:
    """What brings a figure filed on a day to today's shares, and the days of the splits since."""
    later = [split for split in pack.splits if split.entity == owner and str(filed) < split.day]
    per_share = concept.unit.endswith("/share")
    if not later or (concept.unit != "shares" and not per_share):
        return Decimal(1), ""
    factor = Decimal(1)
    for split in later:
        factor *= Decimal(str(split.ratio))
    return (1 / factor if per_share else factor), " and ".join(sorted(split.day for split in later))


def scale_figure(value: Decimal, factor: Decimal) -> Decimal:
    """A figure on another basis, to a millionth where it does not divide evenly."""
    scaled = (value * factor).normalize()
    exponent = scaled.as_tuple().exponent
    assert isinstance(exponent, int)  # filed values are finite
    return scaled.quantize(FINEST) if exponent < FINEST.as_tuple().exponent else scaled  # type: ignore[operator]


def _stated_twice(clash: TagClash) -> Problem:
    first, second = clash.first.fact, clash.second.fact
    hint = (
        f"narrow `tag` or `where` of `{clash.first.concept}` in metrics.yaml, or leave it out with "
        f"--without {clash.first.concept}"
    )
    at = f" on line {first.place.line}" if first.place.line else ""  # JSON has none to speak of
    told = (
        f"`{first.place.file}` states `{clash.first.concept}` twice for {first.period} in {first.accession}: "
        f"{first.value} as {first.tag}{at}, {second.value} as {second.tag}"
    )
    return Problem("stated-twice", told, second.place if second.place.line else None, hint)
