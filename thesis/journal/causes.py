"""The causes by which two states of a thesis differ, each of which can be applied by itself.

Two sides, A and B, are each a pack and a day. Everything of B is sorted by why it is not in A: a quarter
that was reported since, a restatement, a figure found late, a row that somebody changed in the file, a
price, a judgement, an override, the passing of time, a rule that changes on a day which the pack names, an
edited rule. A row that only says again what was known comes with time. ``CausesBetween.scores_with`` gives
the scores and the verdict with any choice of them taken from B and all others left as in A.

A review that was sealed under another rules version than this program's differs by one more cause: the
program, which today gives other scores for the same inputs. ``difference.cause_steps`` adds that step, since
it lies between sealed and recalculated figures and cannot be combined with other causes.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from thesis.core import semantics
from thesis.core.period import Quarter
from thesis.facts.fact import Fact, FactStore
from thesis.files.cache import Cache
from thesis.journal.review_schema import Review
from thesis.journal.store import inputs_of
from thesis.pack.dated_changes import DatedChange, dated_changes
from thesis.pack.folder import Folder
from thesis.pack.load import Pack
from thesis.pack.schema.judgements import Judgement, TriggerEvent
from thesis.pack.schema.overrides import Override
from thesis.pricing.priced_case import case_as_of
from thesis.scoring.assess import ScoredRules, score_rules
from thesis.workspace.open_pack import reopen_sealed_pack

PROGRAM = "program"
CAUSES = {
    PROGRAM: "program",
    "restated": "restatements",
    "filled": "figures found late",
    "corrected": "rows changed in the files",
    "quarters": "new quarters",
    "price": "price",
    "judgements": "judgements",
    "overrides": "overrides",
    "time": "passing of time",
    "dated": "rule changes on a date",
    "rules": "edited rules",
}
"""In the order in which they are taken over, with what they are called: the program first, so that all
other steps compare figures of one rules version; then the world, what was judged of it, what grew old, and
the rules last, those that change on a date before those that were edited, so that
what comes before them is the old rules on everything new."""

OURS = ("corrected", "judgements", "overrides", "dated", "rules")

_Key = tuple[str, str, str, str, str]


class ComparisonSide(NamedTuple):
    """One look: a pack, the day looked from, what to call it, and what a review of it published.

    ``review`` is the signed one of which the pack holds the inputs; None where the look is none of a review.
    """

    name: str
    pack: Pack
    day: date
    published: str = ""
    review: Review | None = None

    @property
    def rules_version(self) -> int:
        """The rules version of its figures: a review's is the sealed one, any other look's is today's."""
        return self.review.rules_version if self.review else semantics.SEMANTICS

    @property
    def quarter(self) -> Quarter:
        """The quarter under review. Errors: ``NothingKnown`` if nothing was filed by then."""
        return case_as_of(self.pack, self.day).quarter


class CausesBetween:
    """What lies between two sides, the earlier one first."""

    def __init__(self, a: ComparisonSide, b: ComparisonSide) -> None:
        self.a = a
        self.b = b
        self._scored: dict[frozenset[str], ScoredRules] = {}
        rows_a, rows_b = _rows(a), _rows(b)
        self._kept = [fact for key, fact in rows_a.items() if key in rows_b]
        self._gone = [fact for key, fact in rows_a.items() if key not in rows_b]
        self.rows: dict[str, list[Fact]] = {name: [] for name in CAUSES}
        known = {(f.concept, f.item, f.period): f for f in sorted(rows_a.values(), key=lambda f: f.filed)}
        edited = {(f.concept, f.item, f.period) for f in self._gone}
        last = a.quarter
        for key, fact in rows_b.items():
            if key not in rows_a:
                self.rows[self._cause(fact, known, edited, last)].append(fact)
        self.grades = _changed(_grades(a), _grades(b))

    def _cause(self, fact: Fact, known: Mapping[Any, Fact], edited: Container[object], last: Quarter) -> str:
        """Why a row is in B and not in A."""
        place = (fact.concept, fact.item, fact.period)
        if place in edited:
            return "corrected"
        if isinstance(fact.period, date):
            return "price"
        if place in known and fact.filed > self.a.day:
            return "time" if fact.value == known[place].value else "restated"
        return "quarters" if isinstance(fact.period, Quarter) and fact.period > last else "filled"

    @property
    def deletions(self) -> list[Fact]:
        """The rows that A had and B has no more, which no company takes back."""
        return self._gone

    @cached_property
    def dated(self) -> list[DatedChange]:
        """The rules of the later side that changed on a day between the two."""
        return dated_changes(self.b.pack, self.a.day, self.b.day)

    def count(self, cause: str) -> int:
        """How many figures a cause is about: a row that was edited is one, and time brings none."""
        facts = [*self.rows[cause], *(self._gone if cause == "corrected" else ())]
        return len({(fact.concept, fact.item, fact.period) for fact in facts})

    @cached_property
    def present(self) -> tuple[str, ...]:
        """The causes that there are, in their order."""
        return tuple(name for name in CAUSES if self._is_present(name))

    def _is_present(self, name: str) -> bool:
        a, b = self.a, self.b
        if name == "corrected":
            return bool(self.rows[name] or self._gone)
        if name == "judgements":
            return self.grades or _events(a) != _events(b)
        if name == "overrides":
            return _given(a) != _given(b)
        if name == "time":
            return a.day != b.day
        if name == "dated":
            return bool(self.dated)
        if name == "rules":
            return _rules(a.pack) != _rules(b.pack)
        return bool(self.rows[name])

    def scores_with(self, taken: Iterable[str]) -> ScoredRules:
        """The verdict with these causes taken from B, and all others as in A."""
        chosen = frozenset(taken) & frozenset(self.present)
        if chosen not in self._scored:
            self._scored[chosen] = self._score(chosen)
        return self._scored[chosen]

    def _score(self, taken: frozenset[str]) -> ScoredRules:
        a, b = self.a, self.b
        facts = list(self._kept)
        if "corrected" not in taken:
            facts += self._gone
        facts += [fact for name in taken for fact in self.rows[name]]
        judging = b if "judgements" in taken else a
        pack = (b if "rules" in taken else a).pack.with_facts(
            FactStore.of_facts(facts),
            _grades(judging),
            _events(judging),
        )
        overriding = b if "overrides" in taken else a
        clock = b.day if "time" in taken else a.day
        rules_day = b.day if "dated" in taken else a.day
        counting = {rule: o for rule, o in _given(overriding).items() if o.until >= str(clock)}
        return score_rules(case_as_of(pack, b.day, clock=clock, rules_day=rules_day), counting)


def _rows(side: ComparisonSide) -> dict[_Key, Fact]:
    """The rows that a side sees and rules can read, by what they say, however they were read."""
    found: dict[_Key, Fact] = {}
    for name in side.pack.facts.concepts:
        for fact in side.pack.facts.of(name):
            if fact.filed <= side.day:
                found.setdefault(_key(fact), fact)
    return found


def _key(fact: Fact) -> _Key:
    return fact.concept, fact.item, str(fact.period), str(fact.value), str(fact.filed)


def _grades(side: ComparisonSide) -> list[Judgement]:
    return [grade for grade in side.pack.grades if grade.graded <= str(side.day)]


def _given(side: ComparisonSide) -> dict[str, Override]:
    """Each rule's last override given by a side's day, whether it has ended by then or not."""
    given = sorted((o for o in side.pack.overrides if o.since <= str(side.day)), key=lambda o: o.since)
    return {o.rule: o for o in given}


def _events(side: ComparisonSide) -> list[TriggerEvent]:
    return [event for event in side.pack.events if event.day <= str(side.day)]


def _changed(a: list[Judgement], b: list[Judgement]) -> bool:
    said = [{(g.rubric, g.level, g.graded, g.by, g.period, g.until) for g in each} for each in (a, b)]
    return said[0] != said[1]


def _rules(pack: Pack) -> str:
    """Everything that decides what facts come to, as one text."""
    from thesis.journal.rule_edits import rule_values

    return repr(sorted(rule_values(pack).items()))


def review_side(folder: Folder, review: Review, cache: Cache) -> ComparisonSide:
    """A signed review as one side of a comparison: the pack that was sealed with it, on its as-of day.

    Errors: ``InvalidInput`` if its sealed files were changed.
    """
    return side_on(inputs_of(folder.path, folder.shown.rstrip("/"), review), review, cache)


def side_on(inputs: Folder, review: Review, cache: Cache) -> ComparisonSide:
    """The same as ``review_side``, from sealed files that were read and verified already."""
    looked = f"as of {review.as_of}, " if review.as_of != review.signed else ""
    name = f"{review.name} ({looked}signed {review.signed})"
    return ComparisonSide(name, reopen_sealed_pack(inputs, cache), review.day, review.state.told, review)
