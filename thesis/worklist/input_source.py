"""Where an input that a rating lacks can be found: the report, the release or whatever else states it.

A line item with a tag stands in the report of its quarter, one with a line of a release in that; of others
the last row says what it was read in. A document of which most of the lacking line items have rows has been
read already: what is lacking still is not where a program finds it, and is entered by hand.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from thesis.archive.documents import Document
from thesis.case.case import Case
from thesis.case.freshness import due_day
from thesis.case.reporting_days import GUIDANCE
from thesis.core.period import Quarter
from thesis.facts.fact import Fact
from thesis.worklist.owed_inputs import FIGURE, GRADE, PRICE, REGISTER, REPORTS, InputKey

REPORT, RELEASE, PRICES, GRADES, OTHER = "report", "release", "prices", "grades", "other"
_Place = tuple[str, str, Quarter]  # an entity's report or release on a quarter


class InputSource(NamedTuple):
    """A document, or what else inputs come from: ``kind`` report, release, prices, grades or other.

    ``name`` is what to call it, and ``period`` the quarter that it reports on.
    """

    kind: str
    entity: str
    period: Quarter | None
    name: str


class FoundInput(NamedTuple):
    """The source of an input, and whether a program finds it there, or somebody has to read it."""

    source: InputSource
    is_loaded: bool


class SourceFinder:
    """The sources of the inputs that a case lacks. ``documents``: those on file."""

    def __init__(self, case: Case, lacking: Iterable[InputKey], documents: Sequence[Document] = ()) -> None:
        self.case = case
        self.documents = [each for each in documents if each.is_known_on(case.as_of)]
        self._there: Counter[_Place] = Counter()
        self._lacking: Counter[_Place] = Counter()
        for name, concept in case.pack.concepts.items():
            if concept.tag or concept.release:
                self._there.update(self._places_of(name))
        for key in lacking:
            if key.kind == FIGURE:
                owner, quarter = case.pack.owner(key.name), Quarter.parse(key.period)
                self._lacking.update((owner, kind, quarter) for kind in self._kinds(key.name))

    def _kinds(self, name: str) -> list[str]:
        """The kinds of documents in which a program finds a line item."""
        concept = self.case.pack.concepts[name]
        return [kind for kind, told in ((REPORT, concept.tag), (RELEASE, concept.release)) if told]

    def _places_of(self, name: str) -> set[_Place]:
        """The reports and releases of which a line item has a row of the quarter that they report on."""
        owner = self.case.pack.owner(name)
        found: dict[str, _Place] = {}
        for fact in self.case.vintage.rows(name):
            kind = _kind(fact)
            if kind in (REPORT, RELEASE) and isinstance(fact.period, Quarter):
                known = found.get(fact.provenance.citation)
                if known is None or fact.period > known[2]:
                    found[fact.provenance.citation] = (owner, kind, fact.period)
        return set(found.values())

    def _is_read(self, place: _Place) -> bool:
        return self._there[place] > self._lacking[place]

    def find(self, key: InputKey) -> FoundInput:
        """Where an input stands."""
        if key.kind == GRADE:
            return FoundInput(InputSource(GRADES, "", None, "Judgements"), is_loaded=False)
        owner = self.case.pack.owner(key.name)
        if key.kind == PRICE:
            name = f"Prices of {self.case.pack.entities[owner].name}"
            return FoundInput(InputSource(PRICES, owner, None, name), is_loaded=True)
        quarter = Quarter.parse(key.period)
        kinds = self._kinds(key.name)
        unread = [kind for kind in kinds if not self._is_read((owner, kind, quarter))]
        if unread:
            return FoundInput(self._named(unread[0], owner, quarter), is_loaded=key.kind != REGISTER)
        return FoundInput(self._by_hand(key.name, owner, quarter, kinds), is_loaded=False)

    def _by_hand(self, name: str, owner: str, quarter: Quarter, kinds: Sequence[str]) -> InputSource:
        """Where somebody reads a figure: in what its last row was read in."""
        last = self.last_row(name)
        kind = _kind(last) if last else ""
        if kind in (REPORT, RELEASE) or kinds:
            is_ahead = GUIDANCE in name.split(".") or bool(last and last.provenance.is_told_ahead)
            return self._named(kind or kinds[0], owner, quarter - is_ahead)
        told = (last.provenance.document if last else "") or self.case.pack.concepts[name].source
        return InputSource(OTHER, owner, None, told or "a source that metrics.yaml does not name")

    def _named(self, kind: str, owner: str, quarter: Quarter) -> InputSource:
        entity = self.case.pack.entities[owner]
        form = "10-K" if f"Q{quarter.number}" == entity.year_ends else "10-Q"
        what = form if kind == REPORT else "Earnings release"
        return InputSource(kind, owner, quarter, f"{what} of {entity.name} for {quarter}")

    def report_on(self, register: str, quarter: Quarter) -> InputSource:
        """The report in which a quarter's items of a register stand."""
        return self._named(REPORT, self.case.pack.owner(register), quarter)

    def last_row(self, name: str) -> Fact | None:
        """The newest row of a line item known by the day."""
        rows = [fact for fact in self.case.vintage.rows(name) if isinstance(fact.period, (Quarter, date))]
        return max(rows, key=lambda fact: (str(fact.period), fact.filed, fact.line), default=None)

    def on_file(self, source: InputSource) -> Document | None:
        """The newest document on file that is a source."""
        found = [
            each
            for each in self.documents
            if source.kind in (REPORT, RELEASE)
            and (each.entity, each.period) == (source.entity, source.period)
            and each.form.startswith(REPORTS) == (source.kind == REPORT)
        ]
        return max(found, key=lambda each: (str(each.filed), each.digest), default=None)

    def due(self, source: InputSource) -> date | None:
        """The day by which a report or a release was or is due; None of other sources."""
        if source.period is None:
            return None
        pack = self.case.pack
        return due_day(source.period, pack.entities[source.entity].year_ends, pack.calendar)


def _kind(fact: Fact) -> str:
    """What kind of document a row was read in: a report, a release, or something else."""
    found = fact.provenance
    if found.form.startswith(REPORTS):
        return REPORT
    return RELEASE if found.form.startswith("8-K") or "release" in found.citation.lower() else OTHER
