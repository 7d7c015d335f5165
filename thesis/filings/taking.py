"""Taking: one file's facts as rows of a fact file, each with its filing.

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

from thesis.filings.mapping import Asking, Clash, Match, Tag
from thesis.filings.origin import untimely
from thesis.filings.quarters import COVER, Misplaced, Seams, place, seams
from thesis.filings.reported import Filing, Reported
from thesis.filings.vintages import Row, plain, spread
from thesis.problems import Flawed, Problem

if TYPE_CHECKING:
    from thesis.facts import Concept
    from thesis.pack import Pack

FINEST = Decimal("1e-6")  # of a figure per share, where a split does not divide it evenly


class Given(NamedTuple):
    """What the user says of the files: which filing, whose, and which concepts to take from them."""

    filing: Filing = Filing()
    entity: str = ""
    lists: tuple[tuple[Path, str], ...] = ()
    only: Collection[str] = ()  # concepts
    without: Collection[str] = ()  # concepts, and filings by accession
    since: date | Mapping[str, date] | None = None  # the first filing day; a mapping gives it by CIK
    source: str = ""  # of prices: where they come from
    every_day: bool = False  # of prices: not only the last day of each quarter, and the newest


class Taken(NamedTuple):
    """What one file held: its filings, the rows that they make, and what no row was made of.

    ``told`` says what it is where it is no filing: prices of whom, from which day to which.
    """

    shown: str
    facts: int
    filings: tuple[Filing, ...]
    rows: tuple[Row, ...]
    unmapped: Counter[Tag]
    left_out: Counter[str]
    told: str = ""


def take(facts: Sequence[Reported], shown: str, pack: Pack, given: Given, today: date) -> Taken:
    """A file's facts as rows. Errors: ``Flawed`` where it is nobody's, ill-dated or contradicts itself."""
    filers = _filers(facts, shown, pack, given)
    facts = [fact for fact in facts if fact.accession not in given.without]
    early = [fact for fact in facts if _is_early(fact, given.since)]
    facts = [fact for fact in facts if not _is_early(fact, given.since)] if early else facts
    by_filing: dict[Filing, list[Reported]] = {}
    for fact in facts:
        by_filing.setdefault(fact.filing, []).append(fact)
    met = {filing: seams(stated) for filing, stated in by_filing.items()}
    problems = [p for filing, at in met.items() for p in untimely(filing, at.end, shown, today)]
    wanted = [
        name for name in pack.concepts if (not given.only or name in given.only) and name not in given.without
    ]
    mapped = Asking(
        {name: pack.concepts[name] for name in wanted}, {n: filers.get(pack.owner(n), "") for n in wanted}
    ).map(facts)
    problems += [_stated_twice(clash) for clash in mapped.clashes]
    if problems:
        raise Flawed(problems)
    rows = []
    for match in mapped.matches:
        try:
            rows.append(_row(match, pack, met[match.fact.filing]))
        except Misplaced as reason:
            mapped.left_out[str(reason)] += 1
    if early:
        mapped.left_out["filed earlier than asked for"] += len(early)
    filings = tuple(sorted(met, key=lambda filing: (str(filing.filed), filing.accession)))
    return Taken(shown, len(facts), filings, tuple(rows), mapped.unmapped, mapped.left_out)


def _filers(facts: Sequence[Reported], shown: str, pack: Pack, given: Given) -> dict[str, str]:
    """The CIK of each entity. Errors: ``Flawed`` where the file is of none of them."""
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
        raise Flawed(
            [Problem("unknown-filer", f"`{shown}` {told}{', ' + whose if stated else ''}", hint=hint)]
        )
    return filers


def _row(match: Match, pack: Pack, met: Seams) -> Row:
    """A fact as a row. Errors: ``Misplaced`` where its period is none that is kept."""
    fact, concept = match.fact, pack.concepts[match.concept]
    owner = pack.owner(match.concept)
    period = place(fact, concept.kind, pack.entities[owner].year_ends, met)
    assert fact.filed  # identified
    lo, hi, how, noted, factor = rebased(match.lo, match.hi, pack, match.concept, fact.filed)
    notes = [noted] if noted else []
    if fact.tag.startswith(COVER) and fact.period.is_instant:
        notes.append(f"cover page of {fact.period.end}")
    if match.lo < match.hi:
        notes.append("rounded")
    slack = Decimal(5).scaleb(-fact.decimals - 1) * factor if isinstance(fact.decimals, int) else Decimal(0)
    return Row(
        match.concept,
        str(period),
        spread(lo, hi),
        concept.unit,
        fact.filed,
        f"{fact.form} {fact.accession}",
        how,
        "; ".join(notes),
        f"{fact.place.file}:{fact.place.line}" if fact.place.line else fact.place.file,
        slack,
    )


def _is_early(fact: Reported, since: date | Mapping[str, date] | None) -> bool:
    """Whether a fact was filed before the first day that is taken."""
    first = since.get(fact.entity) if isinstance(since, Mapping) else since
    return bool(first and fact.filed and fact.filed < first)


class Rebased(NamedTuple):
    """A figure on the basis of today's shares: its ends, how they came about, a note, and by what factor."""

    lo: Decimal
    hi: Decimal
    how: str
    note: str
    factor: Decimal


def rebased(lo: Decimal, hi: Decimal, pack: Pack, name: str, filed: date) -> Rebased:
    """A figure of a concept as it was filed on a day, with what splits since have made of it."""
    factor, splits = _factor(pack, pack.owner(name), pack.concepts[name], filed)
    if not splits or not lo:
        return Rebased(lo, hi, "reported", "", factor)
    per = Decimal(1) / factor if factor < 1 else factor
    how = f"derived: as filed {'/' if factor < 1 else 'x'} {plain(per)} for the split of {splits}"
    return Rebased(scaled(lo, factor), scaled(hi, factor), how, f"as filed {spread(lo, hi)}", factor)


def _factor(pack: Pack, owner: str, concept: Concept, filed: date) -> tuple[Decimal, str]:
    """What brings a figure filed on a day to today's shares, and the days of the splits since."""
    later = [split for split in pack.splits if split.entity == owner and str(filed) < split.day]
    per_share = concept.unit.endswith("/share")
    if not later or (concept.unit != "shares" and not per_share):
        return Decimal(1), ""
    factor = Decimal(1)
    for split in later:
        factor *= Decimal(str(split.ratio))
    return (1 / factor if per_share else factor), " and ".join(sorted(split.day for split in later))


def scaled(value: Decimal, factor: Decimal) -> Decimal:
    """A figure on another basis, to a millionth where it does not divide evenly."""
    scaled = (value * factor).normalize()
    exponent = scaled.as_tuple().exponent
    assert isinstance(exponent, int)  # filed values are finite
    return scaled.quantize(FINEST) if exponent < FINEST.as_tuple().exponent else scaled  # type: ignore[operator]


def _stated_twice(clash: Clash) -> Problem:
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
