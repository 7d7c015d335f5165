"""A pack as of a day: the value of every name that a rule may use, and the evidence behind it.

Values are worked out on demand and remembered. The evidence of a value is the tree of names that
its formula read, down to the rows of facts, each with its filing, or with why there is none.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import copy
from datetime import date
from functools import cached_property
from typing import NamedTuple, Protocol

from thesis.case import freshness as fr
from thesis.case.freshness import Freshness
from thesis.core import formatting
from thesis.core.currency import show_of
from thesis.core.interval import EVERYTHING, Interval, point
from thesis.core.period import Quarter, parse_day
from thesis.core.record import record, replace_fields
from thesis.facts.fact import Fact, Impossible, LineItem, Reading, Vintage, least_value
from thesis.language.evaluate import Evaluator, Lookup, Supposition
from thesis.language.nodes import Multiple, Node, Product
from thesis.language.syntax import parse
from thesis.pack.directions import not_positive
from thesis.pack.load import Pack
from thesis.pack.schema.judgements import Judgement

SUPPOSED = "in this what-if, and in no file"
NOT_MEANINGFUL = "not meaningful: the divisor is zero or less"


class NothingKnown(LookupError):
    """What is asked for cannot be calculated on a day: the facts that it takes are not known by then."""


@record
class EvidenceItem:
    """A named value in a quarter and what it was worked out from.

    A metric has a ``formula`` and ``inputs``; a concept has ``facts``, or a ``status`` that says
    why it has none. ``period`` is the quarter, or the day of a daily concept.
    """

    name: str
    label: str
    unit: str
    show: str
    period: str
    value: Interval
    status: str
    formula: str = ""
    reason: str = ""
    facts: tuple[Fact, ...] = ()
    inputs: tuple[EvidenceItem, ...] = ()

    def walk(self) -> Iterator[EvidenceItem]:
        """This value and every one below it."""
        yield self
        for item in self.inputs:
            yield from item.walk()

    def unknowns(self) -> list[EvidenceItem]:
        """The concepts below that are not known, each once."""
        found = {(e.name, e.period): e for e in self.walk() if not e.inputs and e.value.is_anything}
        return list(found.values())


class Reliability(NamedTuple):
    """How far a value can be relied on: the status of its weakest input, and how late the latest is."""

    status: str
    due: date | None
    late: int


class ValueProvider(Protocol):
    """Works out the names ``value.*`` of one case, for rules that read them (``thesis.pricing``)."""

    def value(self, name: str, quarter: Quarter) -> Interval:
        """The value of a name in a quarter; anything where it is not known."""

    def evidence(self, name: str, quarter: Quarter) -> EvidenceItem:
        """The value with what it was worked out from, or with why it is unknown."""

    def reads(self, name: str) -> tuple[str, ...]:
        """The formulas that it is worked out from."""


class Case:
    """A pack seen from a day.

    ``given`` sets names to values: a what-if, never written anywhere. A value alone holds in the quarter
    under review; a ``Supposition`` says in how many of the last quarters. ``quarter`` is the quarter
    under review where it is not simply the newest. ``clock`` is the day by which things are fresh,
    late or in force, where it is not the day that is looked from; ``rules_day`` that by which measures are in
    force, where it is not the clock's. ``values`` makes what works out the names ``value.*``; a case without
    it has none (``thesis.pricing.priced_case`` opens one with it).

    Errors: ``Impossible`` where a name is given a value below the least that the pack declares for it.
    """

    def __init__(
        self,
        pack: Pack,
        as_of: date,
        given: Mapping[str, Interval | Supposition] | None = None,
        *,
        quarter: Quarter | None = None,
        clock: date | None = None,
        rules_day: date | None = None,
        values: Callable[[Case], ValueProvider] | None = None,
    ) -> None:
        self.pack = pack
        self.as_of = as_of
        self.clock = clock or as_of
        self.rules_day = rules_day or self.clock
        self.given = _suppositions(given or {})
        self.reported = False
        self._make_values = values
        self.vintage = Vintage(pack.facts, pack.concepts, as_of, pack.thesis.quarter)
        if quarter is not None:
            self.vintage.quarter = quarter
        self.evaluator = self._evaluator(self._look, definitions(pack))
        self._evidence: dict[tuple[str, int], EvidenceItem] = {}
        self._reads: dict[tuple[str, int], frozenset[tuple[str, int]]] = {}
        self._firsts: dict[str, float] = {}
        if self.given:
            self._refuse_impossible()

    @property
    def quarter(self) -> Quarter:
        """The quarter under review. Errors: ``NothingKnown`` if nothing was filed by the day."""
        if self.vintage.quarter is None:
            raise NothingKnown(f"nothing of `{self.pack.thesis.quarter}` was filed by {self.as_of}")
        return self.vintage.quarter

    @property
    def filed(self) -> date:
        """The day the quarter under review was first filed."""
        return self.first_filed[self.quarter]

    @cached_property
    def first_filed(self) -> dict[Quarter, date]:
        """The day on which each quarter known by now was first filed, oldest first."""
        found: dict[Quarter, date] = {}
        for fact in self.vintage.rows(self.pack.thesis.quarter):
            if isinstance(fact.period, Quarter):
                found[fact.period] = min(found.get(fact.period, fact.filed), fact.filed)
        return dict(sorted(found.items()))

    @property
    def newest_since(self) -> dict[Quarter, date]:
        """The day on which each quarter became the newest known, oldest first.

        A quarter is not among them that was never the newest: its figures came after those of a later one, or
        on the same day.
        """
        pack, found, last = self.pack, dict[Quarter, date](), Quarter(-1)
        for day in sorted({fact.filed for fact in self.vintage.rows(pack.thesis.quarter)}):
            newest = Vintage(pack.facts, pack.concepts, day, pack.thesis.quarter).quarter
            if newest is not None and newest > last:
                found[newest] = day
                last = newest
        return found

    @property
    def passed_over(self) -> list[Quarter]:
        """The quarters that were filed and never the newest."""
        newest = self.newest_since
        return [quarter for quarter in self.first_filed if quarter not in newest]

    def supposing(self, given: Mapping[str, Interval | Supposition]) -> Case:
        """The same case with more names set to values, as ``given`` of the case itself."""
        other = copy(self)
        other.given = {**self.given, **_suppositions(given)}
        other._start_anew()
        return other

    def _start_anew(self) -> None:
        """Forget what was worked out, of a copy that sees other values."""
        self.evaluator = self._evaluator(self._look, self.evaluator.metrics)
        self._evidence, self._reads = {}, {}
        self.__dict__.pop("values", None)

    @cached_property
    def values(self) -> ValueProvider:
        """What works out ``value.*`` for this case. Errors: ``LookupError`` if it was opened without."""
        if self._make_values is None:
            raise LookupError("the pack reads `value.*`, and the case was opened without its valuation")
        return self._make_values(self)

    def _refuse_impossible(self) -> None:
        """Errors: ``Impossible`` where a what-if sets a figure below its least value, or leaves one there."""
        wrong = []
        for name, supposed in self.given.items():
            shape = self.pack.declared(name)
            least = least_value(shape.above, shape.least) if shape else None
            if least and not least.allows(supposed.value):
                wrong.append(f"`{name}` is {least}, found {formatting.exact(supposed.value)}")
        if not wrong:
            wrong += [f"{told} in {quarter}" for told, quarter in self.impossible(self._given_quarters())]
        if wrong:
            raise Impossible("; ".join(wrong))

    def _given_quarters(self) -> list[Quarter]:
        """The quarters in which a what-if can move a metric: those set, or the one under review."""
        spans = self._spans.values()
        return [Quarter(at) for at in sorted({at for span in spans for at in span})] or [self.quarter]

    def impossible(
        self, quarters: Iterable[Quarter], names: Iterable[str] | None = None
    ) -> Iterator[tuple[str, Quarter]]:
        """Each metric that is certainly below its least value in a quarter, in words; of some names alone."""
        metrics = self.pack.metrics
        bounds = {
            name: least_value(metrics[name].above, metrics[name].least)
            for name in (metrics if names is None else names)
        }
        bounded = {name: least for name, least in bounds.items() if least}
        for quarter in quarters if bounded else ():
            for name, least in bounded.items():
                value = self.value(name, quarter)
                if not least.allows(Interval(value.hi, value.hi)):
                    yield f"`{name}` is {least}, and comes to {formatting.exact(value)}", quarter

    def is_given(self, name: str, quarter: Quarter) -> bool:
        """Whether a what-if sets a name in a quarter."""
        return name in self.given and (name not in self._spans or quarter.index in self._spans[name])

    @property
    def _spans(self) -> dict[str, range]:
        """The quarters in which each name is given, by their indexes; a name of every quarter has none."""
        last = self.vintage.quarter.index + 1 if self.vintage.quarter is not None else 0
        counts = {name: supposed.quarters for name, supposed in self.given.items()}
        return {name: range(last - count, last) for name, count in counts.items() if count is not None}

    def _evaluator(self, look: Lookup, formulas: Mapping[str, Node]) -> Evaluator:
        given = {name: supposed.value for name, supposed in self.given.items()}
        return Evaluator(look, formulas, given, self._spans, self._is_conflicting)

    def as_reported(self) -> Case:
        """The same case with every register left out: nothing adjusted."""
        bare = copy(self)
        bare.reported = True
        bare._start_anew()
        return bare

    def value(self, name: str, quarter: Quarter) -> Interval:
        """A metric's or a concept's value in a quarter."""
        return self.evaluator.named(name, quarter)

    def answer(self, text: str, quarter: Quarter) -> Interval:
        """A condition's answer in a quarter: no, yes or unknown."""
        return self.evaluator.ask(parse_once(text), quarter)

    def evaluator_with_least(self) -> Evaluator:
        """An evaluator to which a line item that is not known is at least the least that it can be."""

        def look(name: str, quarter: Quarter) -> Interval:
            value, item = self._look(name, quarter), self.pack.concepts.get(name)
            least = least_value(item.above, item.least) if item else None
            return Interval(least.value, math.inf) if least and value.is_anything else value

        return self._evaluator(look, self.evaluator.metrics)

    def _look(self, name: str, quarter: Quarter) -> Interval:
        if name not in self.pack.concepts:
            if name in self.pack.values:
                return self.values.value(name, quarter)
            return EVERYTHING  # a score, which is known of the day alone
        if self.reported and self.pack.concepts[name].kind == "register":
            return point(0.0)
        return self.vintage.value(name, quarter)

    def _is_conflicting(self, name: str, quarter: Quarter) -> bool:
        """Whether a line item was reported twice for a quarter, unlike."""
        if name in self.pack.values:
            read = {pair for text in self.values.reads(name) for pair in self.reads(text, quarter)}
            return any(self.vintage.reading(each, Quarter(at)).status == "conflict" for each, at in read)
        return name in self.pack.concepts and self.vintage.reading(name, quarter).status == "conflict"

    # where it comes from -------------------------------------------------------------------------

    def evidence(self, name: str, quarter: Quarter) -> EvidenceItem:
        """A value with everything it was worked out from."""
        key = (name, quarter.index)
        if key not in self._evidence:
            self._evidence[key] = self._evidence_of(name, quarter)
        return self._evidence[key]

    def evidence_of(self, text: str, quarter: Quarter) -> tuple[EvidenceItem, ...]:
        """What a condition reads."""
        asks = self.evaluator.asks(parse_once(text), quarter)
        return tuple(self.evidence(ask.name, quarter - ask.back) for ask in asks)

    def _evidence_of(self, name: str, quarter: Quarter) -> EvidenceItem:
        concept = self.pack.concepts.get(name)
        if concept:
            return self._reported(name, concept, quarter)
        if name not in self.pack.values:
            return self._computed(name, quarter)
        found = self.values.evidence(name, quarter)
        if not self.is_given(name, quarter):
            return found
        value = self.value(name, quarter)
        return replace_fields(found, value=value, status="assumed", formula="", reason=SUPPOSED, inputs=())

    def _reported(self, name: str, concept: LineItem, quarter: Quarter) -> EvidenceItem:
        reading = self.vintage.reading(name, quarter)
        day = self.vintage.last_day(name, quarter) if concept.kind == "daily" else None
        supposed = self.is_given(name, quarter)  # then no filing stands behind it
        return EvidenceItem(
            name=name,
            label=concept.label,
            unit=concept.unit,
            show=show_of(concept.unit),
            period=str(day or quarter),
            value=self.value(name, quarter),
            status="assumed" if supposed else reading.status,
            reason=SUPPOSED if supposed else self._reason(name, concept, reading, quarter),
            facts=() if supposed else reading.facts,
        )

    def _computed(self, name: str, quarter: Quarter) -> EvidenceItem:
        metric, supposed = self.pack.metrics[name], self.is_given(name, quarter)
        inputs = () if supposed else self.evidence_of(metric.formula, quarter)
        value = self.value(name, quarter)
        reason = SUPPOSED if supposed else ""
        if value.is_point and math.isinf(value.lo) and not supposed:
            reason = next(filter(None, map(words_of, inputs)), NOT_MEANINGFUL)
        if value.is_anything and not any(e.value.is_anything for e in inputs):
            reason = "growth from a base, or division by a divisor, that may be zero or less"
        return EvidenceItem(
            name=name,
            label=metric.label,
            unit=metric.unit,
            show=metric.show,
            period=str(quarter),
            value=value,
            status="assumed" if supposed else "computed",
            formula=metric.formula,
            reason=reason,
            inputs=inputs,
        )

    def _reason(self, name: str, concept: LineItem, reading: Reading, quarter: Quarter) -> str:
        """Why a concept is not known, or why it is read as it is."""
        if reading.status == "missing" and concept.kind == "daily":
            last = self.vintage.newest_day(name, quarter.end)
            earlier = f"; the last before is of {last}" if last else ""
            return f"no day of {quarter} in the facts{earlier}"
        if reading.status == "missing":
            due = self.due(name, quarter)
            return f"due by {due}" if due >= self.clock else "not in the facts"
        if reading.status == "conflict":
            return "; ".join(f"{fact.source} says {formatting.exact(fact.value)}" for fact in reading.facts)
        if reading.status in ("not disclosed", "discontinued"):
            return f"{reading.status}, says {reading.facts[0].source}"
        return concept.because if reading.status == "assumed" or concept.reach else ""

    # how far it can be relied on -----------------------------------------------------------------

    def due(self, concept: str, quarter: Quarter) -> date:
        """The day by which a concept's quarter is reported."""
        owner = self.pack.owner(concept)
        return fr.due_day(quarter, self.pack.entities[owner].year_ends, self.pack.calendar)

    def standing(self, text: str, quarter: Quarter) -> Reliability:
        """The status of what an expression rests on: of its weakest input.

        Of each concept the newest quarter counts, and only if the expression asks for this quarter's:
        what is looked up four quarters back is meant to be old. A price of an earlier quarter is of a day,
        and counts as well: it has to lie near that quarter's end.
        """
        worst = Reliability(fr.FRESH, None, 0)
        for _, _, found in self.rests_on(text, quarter):
            worst = _weaker(worst, found)
        return worst

    def rests_on(self, text: str, quarter: Quarter) -> Iterator[tuple[str, Quarter, Reliability]]:
        """The concepts of which ``standing`` takes the weakest, each with its quarter and its own status."""
        asked = self.reads(text, quarter)
        newest: dict[str, int] = {}
        for name, at in asked:
            newest[name] = max(newest.get(name, at), at)
        for name, at in sorted(asked):
            if at == newest[name] or self.pack.concepts[name].kind == "daily":
                yield name, Quarter(at), self._standing(name, Quarter(at), quarter)

    def _standing(self, name: str, asked: Quarter, quarter: Quarter) -> Reliability:
        status = self.vintage.reading(name, asked).status
        if status == "assumed" or self.is_given(name, asked):  # no filing, and so none that could be late
            return Reliability(fr.FRESH, None, 0)
        if asked < quarter:
            day = self.vintage.last_day(name, asked)
            if day is None:
                is_price = self.pack.concepts[name].kind == "daily"
                return Reliability("missing" if is_price else fr.FRESH, None, 0)
            found = fr.price_freshness(day, self.pack.calendar, asked.end)
        else:
            found = self.freshness(name, asked)
        if status != "known":
            return Reliability(status, None, found.late)  # a figure that is missing is no fresher for it
        return Reliability(found.status, found.due, found.late)

    def freshness(self, concept: str, quarter: Quarter) -> Freshness:
        """How fresh a concept's figure of a quarter is."""
        if self.pack.concepts[concept].kind == "daily":
            day = self.vintage.last_day(concept, quarter) or self.vintage.newest_day(concept)
            return fr.price_freshness(day or quarter.end, self.pack.calendar, self.clock)
        year_ends = self.pack.entities[self.pack.owner(concept)].year_ends
        return fr.quarter_freshness(quarter, year_ends, self.pack.calendar, self.clock)

    def reads(self, text: str, quarter: Quarter) -> frozenset[tuple[str, int]]:
        """Every concept that an expression reads, and the index of the quarter it reads it for."""
        key = (text, quarter.index)
        if key not in self._reads:
            found: set[tuple[str, int]] = set()
            for ask in self.evaluator.asks(parse_once(text), quarter):
                then = quarter - ask.back
                if ask.name not in self.pack.metrics and ask.name not in self.pack.values:
                    found.add((ask.name, then.index))
                elif not self.is_given(ask.name, then):
                    for formula in self._formulas(ask.name):
                        found |= self.reads(formula, then)
            self._reads[key] = frozenset(found)
        return self._reads[key]

    def _formulas(self, name: str) -> tuple[str, ...]:
        """What a metric or a value is worked out from."""
        metric = self.pack.metrics.get(name)
        return (metric.formula,) if metric else self.values.reads(name)

    def has_begun(self, name: str, quarter: Quarter) -> bool:
        """Whether every figure that a name reads for a quarter has a row by then, of any quarter."""
        return all(self._first(concept) <= at for concept, at in self.reads(name, quarter))

    def is_assumed(self, concept: str) -> bool:
        """Whether a line item is what the pack assumes of it in every quarter."""
        return bool(self.pack.concepts[concept].assume) and self.vintage.is_withheld(concept)

    def _first(self, concept: str) -> float:
        """The index of the first quarter that a concept has a row for; infinite where there is none."""
        if concept not in self._firsts:
            first = self.vintage.first(concept)
            unreported = math.inf if first is None else first.index
            beside = self.pack.concepts[concept].assume_beside
            assumed_from = self._first(beside) if beside else -math.inf
            self._firsts[concept] = assumed_from if self.is_assumed(concept) else unreported
        return self._firsts[concept]

    # judgements ----------------------------------------------------------------------------------

    def grades(self, rubric: str) -> list[Judgement]:
        """The latest grades given by the day: each grader's last word on the newest quarter graded.

        Where the newest grade names no quarter, those of its day. A grade that had ended when the newest one
        was given is no part of it.
        """
        given = [g for g in self.pack.grades if g.rubric == rubric and g.graded <= str(self.as_of)]
        if not given:
            return []
        newest = max(reversed(given), key=lambda g: g.graded)  # of one day the last that was written
        peers = [
            g for g in given if (g.period == newest.period if newest.period else g.graded == newest.graded)
        ]
        last = {who: max(g.graded for g in peers if g.by == who) for who in {g.by for g in peers}}
        began = parse_day(newest.graded)
        return [g for g in peers if g.graded == last[g.by] and self.counts_until(g) >= began]

    def counts_until(self, grade: Judgement) -> date:
        """The last day on which a grade counts, by what has happened up to the day."""
        happened = [event for event in self.pack.events if event.day <= str(self.as_of)]
        pack, following = self.pack, self._graded_on(grade) + 1
        year_ends, given = pack.entities[pack.thesis.entity].year_ends, parse_day(grade.graded)
        while fr.review_due(following, year_ends, pack.calendar) <= given:  # figures that are late themselves
            following += 1
        next_review = fr.review_due(following, year_ends, pack.calendar)
        return fr.last_day_of_grade(grade, happened, pack.calendar, next_review)

    def _graded_on(self, grade: Judgement) -> Quarter:
        """The newest quarter that a grade can rest on: known when it was given, or over and named by it."""
        given = parse_day(grade.graded)
        known = [quarter for quarter, filed in self.first_filed.items() if filed <= given]
        over = Quarter.of(given) - 1
        named = min(Quarter.parse(grade.period), over) if grade.period else None
        return max([*known, named] if named else known, default=over)


def words_of(evidence: EvidenceItem, value: Interval | None = None) -> str:
    """What is said in place of a value without a number, as `no growth supports the price`; else empty.

    ``value``: another one that the evidence stands behind, such as the level that several quarters sustain.
    """
    value = evidence.value if value is None else value
    has_words = value.is_point and math.isinf(value.lo) and evidence.value == value
    return evidence.reason if has_words and evidence.reason not in ("", NOT_MEANINGFUL, SUPPOSED) else ""


def _suppositions(given: Mapping[str, Interval | Supposition]) -> dict[str, Supposition]:
    return {
        name: value if isinstance(value, Supposition) else Supposition(value) for name, value in given.items()
    }


_ORDER = (fr.FRESH, "assumed", fr.STALE, fr.EXPIRED, "discontinued", "not disclosed", "conflict", "missing")


def _weaker(a: Reliability, b: Reliability) -> Reliability:
    worst = max(a, b, key=lambda s: (_ORDER.index(s.status), s.late))
    return worst._replace(late=max(a.late, b.late))


def definitions(pack: Pack) -> dict[str, Node]:
    """What the name of each metric stands for, and the text of each quotient that has an answer over zero."""
    sides = not_positive(pack.thesis, pack.metrics)
    written = {text: definition(text, side) for text, side in sides.items() if text not in pack.metrics}
    return {
        **{text: node for text, node in written.items() if isinstance(node, Multiple)},
        **{name: definition(metric.formula, sides[name]) for name, metric in pack.metrics.items()},
    }


_PARSED: dict[str, Node] = {}
_MULTIPLES: dict[tuple[str, str], Node] = {}


def definition(formula: str, side: str = "") -> Node:
    """The node that a metric's name stands for: its formula, or a multiple that is bounded where it turns.

    ``side`` as ``not_positive`` of a metric. The same node each time.
    """
    node = parse_once(formula)
    if not side or not (isinstance(node, Product) and node.operator == "/"):
        return node
    key = (formula, side)
    if key not in _MULTIPLES:
        _MULTIPLES[key] = Multiple(node.start, node.length, side, node.left, node.right)
    return _MULTIPLES[key]


def parse_once(text: str) -> Node:
    """The node of an expression, the same one each time: values are remembered by node."""
    if text not in _PARSED:
        _PARSED[text] = parse(text)
    return _PARSED[text]
