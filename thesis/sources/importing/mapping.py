"""Which of a filing's facts belong to which of a pack's line items.

A concept names its tag, or several that carried it over the years (``a | b``), or several in the order in
which they are tried for each period of a filing (``a > b``); and the dimensions that must be there, each
with its member, with several, or with ``*`` for any. A fact with one dimension more is another figure: AWS
by segment is not net sales. Nothing is chosen between figures of one place in the order that differ: they
are a conflict, and it is for the pack to say more exactly which one it means.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from thesis.core.currency import is_currency
from thesis.core.interval import point
from thesis.facts.fact import LineItem, least_value, parse_tags
from thesis.pack.scores import fraction
from thesis.sources.importing.rounding import half_of
from thesis.sources.reported_fact import (
    INF,
    UNREADABLE,
    Decimals,
    Dimensions,
    FilingReference,
    ReportedFact,
    ReportedPeriod,
)
from thesis.sources.xbrl.text_values import in_years

ANY = "*"
LAST = 1000  # the place in the order of a figure that the line item cannot have
YEARS = "years"  # the unit of a concept that filings state as a duration
COARSE = -7  # statements are in millions at the coarsest; a figure rounded further is out of a text
UNREAD = "malformed, and of no line item asked for"
FORMS = ("10-K", "10-Q", "20-F", "40-F", "6-K", "8-K")  # and their amendments; a proxy only repeats
# A measure of the company's own, which companyfacts names without its prefix: acme:Store, Store.
_COMPANYS_OWN = re.compile(r"[A-Za-z][\w.-]*:.+|(?!(?:shares|[A-Z]{3})$)[A-Za-z][\w.-]*")

# Tags that may carry a part of what another states for the same days: what is under contracts with customers,
# told in a note, is all of the revenue of some companies and two thirds of that of a card company.
_WHOLES = ("us-gaap:Revenues", "us-gaap:RevenuesNetOfInterestExpense")
WHOLES_OF = {
    "us-gaap:RevenueFromContractWithCustomerExcludingAssessedTax": _WHOLES,
    "us-gaap:RevenueFromContractWithCustomerIncludingAssessedTax": _WHOLES,
    "us-gaap:SalesRevenueGoodsNet": (*_WHOLES, "us-gaap:SalesRevenueNet"),
    "us-gaap:SalesRevenueServicesNet": (*_WHOLES, "us-gaap:SalesRevenueNet"),
}

Tag = tuple[str, Dimensions]


class TagMatch(NamedTuple):
    """A fact and the concept that it is; ``lo`` and ``hi`` are the value, apart where it is rounded.

    ``rank`` is the place of its tag in the order in which the concept's tags are tried, from 0.
    """

    concept: str
    fact: ReportedFact
    lo: Decimal
    hi: Decimal
    rank: int = 0


class TagClash(NamedTuple):
    """One filing that states one concept twice for the same days, with different values."""

    first: TagMatch
    second: TagMatch


class UnfitReason(NamedTuple):
    """Why a figure cannot be that of a line item; ``unit`` is the figure's, where that is the reason."""

    text: str
    unit: str = ""


class TagPart(NamedTuple):
    """A figure mapped from a tag that is only part of a larger total, and that total, which nothing maps."""

    part: TagMatch
    whole: ReportedFact


class MappingResult(NamedTuple):
    """What became of every fact of a file.

    ``unmapped`` counts the numbers that no concept asks for; ``left_out`` those that cannot be used, by
    reason; ``unfit`` the same for each concept, where it is for their unit or form. ``flawed`` are the
    facts that cannot be read, by the concept that asks for them; ``parts`` were not taken for the whole.
    ``others`` names the tags that are another figure than the first of their concept in a filing, which
    states both for some days.
    """

    matches: list[TagMatch]
    clashes: list[TagClash]
    unmapped: Counter[Tag]
    left_out: Counter[str]
    unfit: dict[str, Counter[UnfitReason]]
    flawed: list[tuple[str, ReportedFact]]
    parts: list[TagPart]
    others: set[tuple[str, str, FilingReference]]


class _Asked(NamedTuple):
    """What a concept asks for beside the tag."""

    name: str
    concept: LineItem
    entity: str  # its CIK
    where: Mapping[str, frozenset[str]]
    rank: int

    def fits(self, dimensions: Dimensions) -> bool:
        return dimensions == UNREADABLE or (
            len(dimensions) == len(self.where)
            and all(
                axis in self.where and (member in self.where[axis] or ANY in self.where[axis])
                for axis, member in dimensions
            )
        )


_Place = tuple[str, FilingReference, ReportedPeriod]  # a concept in a filing for a period
_Days = tuple[str, FilingReference, str, ReportedPeriod, str]


class TagQuery:
    """The concepts of a pack by the tags that carry them.

    ``filers`` gives the CIK of the entity that each concept is about, without leading zeros; a concept of
    an entity with no CIK is not looked for, nor is a register, whose items no tag tells apart.
    """

    def __init__(self, concepts: Mapping[str, LineItem], filers: Mapping[str, str]) -> None:
        self._by_tag: dict[str, list[_Asked]] = {}
        self._shares = {name: share for name, item in concepts.items() if (share := _least_share(item))}
        for name, concept in concepts.items():
            filer = filers.get(name, "")
            if not concept.tag or not filer or concept.kind == "register":
                continue
            where = {axis: frozenset(_either(member)) for axis, member in (concept.where or {}).items()}
            for rank, tier in enumerate(parse_tags(concept.tag)):
                for tag in tier:
                    asked = _Asked(name, concept, filer, where, rank)
                    self._by_tag.setdefault(tag, []).append(asked)
        self._filers = set(filers.values()) - {""}

    def map(self, reported: Iterable[ReportedFact]) -> MappingResult:
        """What each fact is."""
        stated: dict[_Place, list[TagMatch]] = {}
        result = MappingResult([], [], Counter(), Counter(), {}, [], [], set())
        reported = list(reported)
        for fact in reported:
            if fact.entity not in self._filers and not fact.flaw:
                result.left_out["of another company"] += 1
                continue
            asked = self._asked(fact)
            if fact.flaw:
                result.flawed.extend((each.name, fact) for each in asked)
                result.left_out.update([] if asked else [UNREAD])
                continue
            if not asked and fact.value is not None:
                result.unmapped.update([(fact.tag, fact.dimensions)])
            for each in asked:
                reason = _unfit(fact, each.concept)
                if reason is None:
                    match = _match(each, fact)
                    stated.setdefault(_key(match), []).append(match)
                    continue
                result.left_out[reason.text] += 1
                if fact.value is not None or fact.text:
                    result.unfit.setdefault(each.name, Counter())[reason] += 1
        found = self._chosen(stated, result)
        wholes = _wholes(reported)
        parts = [part for match in found.values() if (part := self._part(match, wholes))]
        for part in parts:
            found.pop(_key(part.part))
        return result._replace(matches=list(found.values()), parts=parts)

    def _chosen(
        self, stated: Mapping[_Place, Sequence[TagMatch]], result: MappingResult
    ) -> dict[_Place, TagMatch]:
        """The figure that counts of each line item, filing and period; what contradicts it is noted."""
        found: dict[_Place, TagMatch] = {}
        for place, matches in stated.items():
            chosen = first_stated(matches, self._shares.get(place[0]))
            result.others.update((m.concept, m.fact.tag, m.fact.filing) for m in chosen.others)
            result.clashes.extend(chosen.clashes)
            if not chosen.clashes:
                found[place] = chosen.match
        return found

    def _part(self, match: TagMatch, wholes: Mapping[_Days, ReportedFact]) -> TagPart | None:
        """A match that is a part of what its filing states under a tag that the pack does not name."""
        fact = match.fact
        if fact.dimensions or fact.value is None or fact.tag not in WHOLES_OF:
            return None
        named = {tag for tag, asked in self._by_tag.items() if any(a.name == match.concept for a in asked)}
        for tag in WHOLES_OF[fact.tag]:
            whole = wholes.get((tag, fact.filing, fact.entity, fact.period, fact.unit))
            if whole is None or whole.value is None or tag in named or abs(whole.value) <= abs(fact.value):
                continue
            if not is_rounding(whole.value, whole.decimals, fact.value):
                return TagPart(match, whole)
        return None

    def _asked(self, fact: ReportedFact) -> list[_Asked]:
        """Who asks for a fact; of a flawed one also where nobody can tell whose it is."""
        asked = (each for each in self._by_tag.get(fact.tag, ()) if each.fits(fact.dimensions))
        return [each for each in asked if fact.entity == each.entity or (fact.flaw and not fact.entity)]


def _wholes(reported: Iterable[ReportedFact]) -> dict[_Days, ReportedFact]:
    """The figures of which others may be parts, by tag, filing, company, days and unit."""
    tags = {tag for listed in WHOLES_OF.values() for tag in listed}
    return {
        (fact.tag, fact.filing, fact.entity, fact.period, fact.unit): fact
        for fact in reported
        if fact.tag in tags and not fact.dimensions and not fact.flaw
    }


class FirstStated(NamedTuple):
    """Which of the figures that one filing states for one line item and period counts.

    ``clashes`` are other figures under tags of the same place that contradict it: then nobody knows which one
    is meant. ``others`` stand under a later tag, and differ: what that tag states is another figure.
    """

    match: TagMatch
    clashes: list[TagClash]
    others: list[TagMatch]


def first_stated(matches: Sequence[TagMatch], least_share: Decimal | None = None) -> FirstStated:
    """The figure under the first tag of a line item, of those that one filing states for one period.

    Of several under tags of one place the most exact counts. With ``least_share`` a figure that comes to less
    than that share of one under a later tag is passed over, as a part that was stated under the tag of the
    whole; it keeps its place behind all others.
    """
    if least_share is not None and len(matches) > 1:
        largest = max(abs(match.hi) for match in matches)
        matches = [
            match._replace(rank=match.rank + LAST) if abs(match.hi) < largest * least_share else match
            for match in matches
        ]
    ordered = sorted(matches, key=lambda match: match.rank)  # stable: those of one place as they are stated
    best, clashes, others = ordered[0], list[TagClash](), list[TagMatch]()
    for match in ordered[1:]:
        better, contradict = _more_exact(best, match)
        if match.rank == best.rank:
            clashes += [TagClash(best, match)] if contradict else []
            best = better
        elif contradict and match.rank < LAST:  # what was passed over says nothing of its tag
            others.append(match)
    return FirstStated(best, clashes, others)


def measures(unit: str, measure: str) -> bool:
    """Whether a pack's unit and a filing's are the same: USD/share is USD/shares, a count may be of anything.

    >>> measures("USD/share", "USD/shares"), measures("ratio", "USD")
    (True, False)
    """
    if unit == "count":
        return bool(_COMPANYS_OWN.fullmatch(measure))
    if unit == "ratio":
        return measure == "pure"
    return measure == "/".join("shares" if part == "share" else part for part in unit.split("/"))


def is_rounding(value: Decimal, decimals: Decimals, exact: Decimal) -> bool:
    """Whether a value stated to so many decimals is another one, rounded."""
    return isinstance(decimals, int) and abs(value - exact) <= half_of(decimals)


def _either(text: str) -> list[str]:
    return [part.strip() for part in text.split("|")]


def _key(match: TagMatch) -> _Place:
    return match.concept, match.fact.filing, match.fact.period


def _unfit(fact: ReportedFact, concept: LineItem) -> UnfitReason | None:
    """Why a figure cannot be that of a line item; None where it can."""
    if fact.value is None and not fact.text:
        return UnfitReason("stated as nil")
    if not fact.is_number:
        reason = _no_years(fact) if concept.unit == YEARS else "a text where a number belongs"
        if reason:
            return UnfitReason(reason)
    elif not measures(concept.unit, fact.unit):
        return UnfitReason(f"in {fact.unit} where {concept.unit} belongs", fact.unit)
    if fact.form and not fact.form.startswith(FORMS):
        return UnfitReason(f"in a {fact.form}, which is no report of results")
    return None


def _no_years(fact: ReportedFact) -> str:
    """Why a text is no number of years, as a duration like P3Y8M12D is one."""
    try:
        in_years(fact.text or "")
    except ValueError:
        return "a text where a duration belongs"
    return ""


def _match(asked: _Asked, fact: ReportedFact) -> TagMatch:
    if fact.text and not fact.is_number:
        return TagMatch(asked.name, fact, *in_years(fact.text), asked.rank)
    assert fact.value is not None  # nil was left out
    value = fact.value * asked.concept.sign
    if not _is_possible(value, asked.concept):
        return TagMatch(asked.name, fact, value, value, asked.rank + LAST)  # if there is no other
    is_coarse = isinstance(fact.decimals, int) and fact.decimals <= COARSE
    if is_currency(fact.unit) and is_coarse and value:
        half = half_of(fact.decimals)
        return TagMatch(asked.name, fact, value - half, value + half, asked.rank)
    return TagMatch(asked.name, fact, value, value, asked.rank)


def _least_share(concept: LineItem) -> Decimal | None:
    """The share of another candidate below which a figure is passed over, where the line item has one."""
    try:
        return Decimal(str(fraction(concept.least_share))) if concept.least_share else None
    except ValueError:
        return None  # for lint to say


def _is_possible(value: Decimal, concept: LineItem) -> bool:
    """Whether a line item can have a value: sales that are above 0 are not the zero of a first tag."""
    try:
        least = least_value(concept.above, concept.least)
    except ValueError:
        return True  # for lint to say
    return least is None or least.allows(point(float(value)))


def _more_exact(first: TagMatch, second: TagMatch) -> tuple[TagMatch, bool]:
    """Of two figures for the same days the one that is stated more exactly, and whether they contradict."""
    a, b = first.fact, second.fact
    if a.value is None or b.value is None:  # durations
        better = second if second.hi - second.lo < first.hi - first.lo else first
        return better, first.lo > second.hi or second.lo > first.hi
    better = second if _accuracy(b.decimals) > _accuracy(a.decimals) else first
    if a.value == b.value:
        return better, False
    agree = is_rounding(a.value, a.decimals, b.value) or is_rounding(b.value, b.decimals, a.value)
    return better, not agree


def _accuracy(decimals: Decimals) -> float:
    if decimals is None:
        return float("-inf")
    return float("inf") if decimals == INF else decimals
