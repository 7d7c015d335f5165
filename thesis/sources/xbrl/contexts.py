"""Contexts and units: whose fact it is, for which days, with which dimensions, measured in what.

XBRL states them once and facts refer to them by id. Instances and inline documents write them alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import NamedTuple

from thesis.core.problem import Problem
from thesis.sources.reported_fact import NO_PERIOD, UNREADABLE, Dimensions, ReportedPeriod, parse_any_day
from thesis.sources.xbrl.markup import XSI_NIL, XmlElement, XmlReader, resolve

XBRLI = "http://www.xbrl.org/2003/instance"
XBRLDI = "http://xbrl.org/2006/xbrldi"
CIK_SCHEME = "sec.gov/CIK"
CONTEXT, UNIT = f"{XBRLI} context", f"{XBRLI} unit"
_SEGMENT, _SCENARIO = f"{XBRLI} segment", f"{XBRLI} scenario"
_EXPLICIT, _TYPED = f"{XBRLDI} explicitMember", f"{XBRLDI} typedMember"


class Context(NamedTuple):
    """What a fact is about; of one with a ``flaw`` only what can be read."""

    entity: str
    period: ReportedPeriod
    dimensions: Dimensions
    flaw: Problem | None = None


NOWHERE = Context("", NO_PERIOD, UNREADABLE)


class Resources(XmlReader):
    """A document with contexts and units in it; one that is broken is kept with what is wrong with it."""

    def __init__(self, shown: str) -> None:
        super().__init__(shown)
        self.contexts: dict[str, Context] = {}
        self.units: dict[str, str | Problem] = {}
        self.opens[CONTEXT] = lambda name, attributes: self.grow(name, attributes, self._context)
        self.opens[UNIT] = lambda name, attributes: self.grow(name, attributes, self._unit)

    def _context(self, element: XmlElement) -> None:
        name = element.attributes.get("id", "")
        entity, period, dimensions, _ = NOWHERE
        flaw = self._twice(name, element, self.contexts)
        try:
            dimensions = self._dimensions(element)
            entity = _entity(element)
            period = _period(element)
        except ValueError as error:
            flaw = flaw or self.figure_flaw("bad-context", f"context `{name[:80]}`: {error}", element.place)
        self.contexts[name] = Context(
            entity, period, UNREADABLE if name in self.contexts else dimensions, flaw
        )

    def _unit(self, element: XmlElement) -> None:
        name = element.attributes.get("id", "")
        try:
            self.units[name] = self._twice(name, element, self.units) or self._measures(element)
        except ValueError as error:
            self.units[name] = self.figure_flaw("bad-measure", f"unit `{name[:80]}`: {error}", element.place)

    def _twice(self, name: str, element: XmlElement, known: Mapping[str, object]) -> Problem | None:
        """What is wrong with an id that two contexts or units have: which is meant, nobody can say."""
        if name not in known:
            return None
        return self.figure_flaw("duplicate-id", f"the id `{name[:80]}` is given twice", element.place)

    def _dimensions(self, element: XmlElement) -> Dimensions:
        found: dict[str, str] = {}
        for holder in (*element.every(_SEGMENT), *element.every(_SCENARIO)):
            for member in holder.children:
                if member.name not in (_EXPLICIT, _TYPED):
                    raise ValueError(f"expected members of dimensions, found `{self.tag(member.name)}`")
                axis = self.qname(member.attributes.get("dimension", ""), member)
                if axis in found:
                    raise ValueError(f"the axis `{axis}` is given twice")
                found[axis] = (
                    self.qname(member.text, member) if member.name == _EXPLICIT else _typed(member, axis)
                )
        return tuple(sorted(found.items()))

    def _measures(self, element: XmlElement) -> str:
        over = element.every(f"{XBRLI} unitNumerator")
        under = element.every(f"{XBRLI} unitDenominator")
        if not over and not under:
            return self._product(element)
        if len(over) != 1 or len(under) != 1:
            raise ValueError("expected one numerator and one denominator")
        return f"{self._product(over[0])}/{self._product(under[0])}"

    def _product(self, element: XmlElement) -> str:
        measures = [self.qname(measure.text, measure) for measure in element.every(f"{XBRLI} measure")]
        if not measures:
            raise ValueError("expected a measure, as in iso4217:USD")
        # currencies and XBRL's own measures are known without a prefix
        plain = [name.removeprefix("iso4217:").removeprefix("xbrli:") for name in measures]
        return "*".join(sorted(plain))

    def qname(self, text: str, element: XmlElement) -> str:
        return self.tag(resolve(text, element.bindings))


def _entity(element: XmlElement) -> str:
    identifiers = element.every(f"{XBRLI} identifier")
    if len(identifiers) != 1 or not identifiers[0].text:
        raise ValueError("expected one identifier of an entity")
    name = identifiers[0].text
    if not identifiers[0].attributes.get("scheme", "").rstrip("/").endswith(CIK_SCHEME):
        return name
    if not (name.isascii() and name.isdigit() and len(name) <= 10 and name.strip("0")):
        raise ValueError(f"expected a CIK of up to ten digits, found `{name[:80]}`")
    return name.lstrip("0")


def _period(element: XmlElement) -> ReportedPeriod:
    holders = element.every(f"{XBRLI} period")
    if len(holders) != 1:
        raise ValueError("expected one period")
    parts = {child.name.rpartition(" ")[2]: child.text for child in holders[0].children}
    if set(parts) == {"instant"}:
        return ReportedPeriod(None, _day(parts["instant"], is_end=True))
    if set(parts) == {"startDate", "endDate"}:
        start, end = _day(parts["startDate"], is_end=False), _day(parts["endDate"], is_end=True)
        if start > end:
            raise ValueError(f"the period {start}..{end} runs backwards")
        return ReportedPeriod(start, end)
    if set(parts) == {"forever"}:
        return ReportedPeriod(None, None)
    raise ValueError("expected an instant, or a start and an end")


def _day(text: str, *, is_end: bool) -> date:
    """A date, or midnight: the moment at which the day before ends and this one starts."""
    day, mark, time = text.partition("T")
    found = parse_any_day(day)
    if not mark or (is_end and time == "24:00:00"):
        return found
    if time != "00:00:00":
        raise ValueError(f"expected a date like 2026-07-31, found `{text[:80]}`")
    return found - timedelta(days=1) if is_end else found


def _typed(member: XmlElement, axis: str) -> str:
    if len(member.children) != 1:
        raise ValueError(f"expected one value of the typed axis `{axis}`")
    child = member.children[0]
    if child.attributes.get(XSI_NIL, "").strip() in ("true", "1"):
        return "nil"
    if child.children:
        raise ValueError(f"expected a plain value of the typed axis `{axis}`")
    return child.text
