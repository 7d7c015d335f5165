"""The immutable record of a pack's assessment as of a day.

It holds, for every rule, its answer, its score and its evidence down to the cited filings; a memo,
a terminal table and a journal entry are all views of it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from thesis.case.case import EvidenceItem
from thesis.core.interval import UNKNOWN, Interval
from thesis.core.period import Quarter
from thesis.core.record import field_names, record
from thesis.core.strict_ends import as_stated
from thesis.facts.fact import Fact
from thesis.language.evaluate import Supposition
from thesis.pack.schema.judgements import Judgement, Rubric
from thesis.pack.schema.overrides import Override
from thesis.pack.schema.thesis import KillCriterion, Measure, Rule, TotalLabels
from thesis.scoring.volatility import NEAR


@record
class MeasureResult:
    """One measure of a rule: what it came to, and how that was arrived at.

    ``kind`` is metric, judgement or group. ``value`` is what is scored, in the metric's unit:
    this quarter's, or the level that the quarters of ``window`` sustain; ``reported`` the same with
    no adjustment. ``evidence`` is that of this quarter, ``window`` has one for each quarter read.
    ``typical`` is the typical change of the metric from one quarter to the next, in its unit, None where it
    has none. ``share`` is the part's effective weight in its rule. ``status`` is fresh, stale, expired, or
    the reason why nothing is known.
    """

    kind: str
    id: str
    name: str
    measure: Measure
    score: Interval
    label: str
    share: float
    status: str
    value: Interval | None = None
    reported: Interval | None = None
    reported_label: str = ""
    unit: str = "ratio"
    show: str = "number"
    edges: tuple[float, ...] = ()
    evidence: EvidenceItem | None = None
    window: tuple[EvidenceItem, ...] = ()
    typical: float | None = None
    history: tuple[tuple[str, Interval], ...] = ()
    grades: tuple[Judgement, ...] = ()
    rubric: Rubric | None = None
    parts: tuple[MeasureResult, ...] = ()

    @property
    def is_known(self) -> bool:
        """Whether anything at all is known of the score."""
        return self.score.lo > 0.0 or self.score.hi < 1.0 or self.score.is_point

    @property
    def depends_on_adjustment(self) -> bool:
        return bool(self.reported_label) and self.reported_label != self.label

    def leaves(self) -> Iterator[MeasureResult]:
        """The metrics and judgements at the ends, from left to right."""
        if not self.parts:
            yield self
        for part in self.parts:
            yield from part.leaves()


@record
class RuleResult:
    """What became of a condition or a risk.

    ``answer`` is that of the literal claim (conditions only); ``headline`` the leaf that stands
    for the rule in a table; ``coverage`` the share of its weight that is known and fresh; ``claim`` the
    comparisons that the literal claim makes. Where an
    analyst's ``override`` is in force, ``own_score`` and ``own_answer`` are what was worked out.
    """

    kind: str
    rule: Rule
    score: Interval
    label: str
    coverage: float
    parts: tuple[MeasureResult, ...]
    headline: MeasureResult
    answer: Interval | None = None
    answer_evidence: tuple[EvidenceItem, ...] = ()
    lift: Interval | None = None
    lift_evidence: tuple[EvidenceItem, ...] = ()
    reported_score: Interval | None = None
    reported_label: str = ""
    override: Override | None = None
    own_score: Interval | None = None
    own_label: str = ""
    own_answer: Interval | None = None
    claim: Criterion | None = None

    @property
    def id(self) -> str:
        return self.rule.id

    @property
    def is_given(self) -> bool:
        """Whether the score is an analyst's own, which no figure moves."""
        return self.override is not None and bool(self.override.score)

    def leaves(self) -> Iterator[MeasureResult]:
        for part in self.parts:
            yield from part.leaves()


@record
class Headroom:
    """How far one comparison is from its threshold, at ``edge`` in its own unit.

    ``value`` is this quarter's, or the level that ``sustained`` quarters of ``window`` reach. ``trips`` is
    the side of the threshold on which the comparison holds: below, at or below, above, at or above, at
    exactly, away from. ``gap`` is in the figure's unit and ``moves`` in its typical quarterly moves, None
    where those are not known; both are above zero on the side that the thesis wants. ``held``
    counts the quarters of the window in which the comparison certainly holds. ``figure`` is the expression
    compared, ``against`` the one that it is compared with, where that is not a number.
    """

    label: str
    value: Interval
    edge: str
    at: float
    trips: str
    unit: str
    show: str
    gap: Interval
    window: tuple[EvidenceItem, ...]
    sustained: str = ""
    moves: float | None = None
    holds: Interval = UNKNOWN
    held: int = 0
    figure: str = ""
    against: str = ""


@record
class ConditionTree:
    """A part of a condition in normal form, without ``not``.

    ``how``: ``comparison``; ``and`` or ``or`` of its ``parts``; or ``quarters``, of one part that has to hold
    in ``least`` quarters of the last ``window`` and certainly held in ``held`` of them. ``place`` is that of
    a comparison in its list. ``moves``: the typical quarterly moves after which its answer would be another,
    of those of its parts the one that decides; None where that is not known.
    """

    how: str
    holds: Interval
    moves: float | None = None
    parts: tuple[ConditionTree, ...] = ()
    place: int = -1
    least: int = 1
    window: int = 1
    held: int = 0

    def leaves(self) -> Iterator[ConditionTree]:
        """The comparisons, from left to right."""
        if not self.parts:
            yield self
        for part in self.parts:
            yield from part.leaves()

    @property
    def soonest(self) -> int:
        """The fewest quarters after which it could hold: more than one where it must hold in several."""
        if self.how in ("and", "or"):
            found = [part.soonest for part in self.parts]
            return max(found) if self.how == "and" else min(found)
        return 0 if self.holds.lo == 1.0 else max(self.least - self.held, 1)

    @property
    def deciding(self) -> ConditionTree:
        """The comparison that decides how near a change is; where that is not known, the first such one."""
        if not self.parts:
            return self
        return next((part for part in self.parts if part.moves == self.moves), self.parts[0]).deciding


@record
class Criterion:
    """A condition as it is printed: its comparisons, in reading order, and how they combine."""

    tree: ConditionTree
    comparisons: tuple[Headroom, ...]

    @property
    def deciding(self) -> Headroom:
        """The comparison whose headroom is that of the whole."""
        return self.comparisons[self.tree.deciding.place]

    @property
    def is_measured(self) -> bool:
        """Whether enough is known of its figures to tell how far they are from their thresholds."""
        return self._all_or_any(self.tree, lambda d: not d.gap.is_anything)

    @property
    def is_near(self) -> bool:
        """Whether it may change within a year of typical moves, or cannot be told to be farther off."""
        return self._all_or_any(self.tree, lambda d: d.moves is None or d.moves < NEAR)

    def _all_or_any(self, tree: ConditionTree, asks: Callable[[Headroom], bool]) -> bool:
        if not tree.parts:
            return tree.place >= 0 and asks(self.comparisons[tree.place])
        found = [self._all_or_any(part, asks) for part in tree.parts]
        return any(found) if tree.how == "or" else all(found)


class Waiting(NamedTuple):
    """For how many quarters a kill criterion has held, and after how many it triggers."""

    held: int
    must: int


@record
class KillResult:
    """A kill criterion: its answer now, and whether it has tripped for good.

    ``now`` is its answer in the quarter under review; ``tripped`` also asks the quarter before, unless it
    trips at once or says itself over how many quarters it has to hold. While it holds and has not tripped,
    ``waiting`` counts its quarters. ``distances`` are its comparisons and ``tree`` how they combine. Under
    an ``override``, ``own`` is what ``tripped`` would be without it.
    ``status``: of its grades, ``fresh``, ``expired`` or ``missing``, where it has a ``rubric``.
    """

    kill: KillCriterion
    now: Interval
    tripped: Interval
    distances: tuple[Headroom, ...] = ()
    evidence: tuple[EvidenceItem, ...] = ()
    grades: tuple[Judgement, ...] = ()
    rubric: Rubric | None = None
    override: Override | None = None
    own: Interval | None = None
    status: str = ""
    tree: ConditionTree | None = None
    waiting: Waiting | None = None

    @property
    def id(self) -> str:
        return self.kill.id

    @property
    def criterion(self) -> Criterion | None:
        """The record of its condition; None where somebody's judgement decides."""
        return Criterion(self.tree, self.distances) if self.tree and self.distances else None

    @property
    def has_tripped(self) -> bool:
        """Whether it has for certain: as worked out, whatever an override says, or by an override's word."""
        return bool((self.own or self.tripped).lo == 1.0 or self.tripped.lo == 1.0)

    @property
    def moves(self) -> float | None:
        """Typical quarterly moves to where it trips: of ``or`` the nearest part's, of ``and`` the farthest's.

        None where they are not known, or where nothing is measured.
        """
        return self.tree.moves if self.tree else None

    @property
    def is_near(self) -> bool:
        """Whether it does or may trip, waits for another quarter, or is not known to be far off."""
        if self.tripped.hi == 1.0 or self.waiting:
            return True
        return self.criterion is not None and self.criterion.is_near and self.soonest <= NEAR

    @property
    def soonest(self) -> int:
        """The fewest quarters after which it could trip; 0 where nothing is measured."""
        return self.tree.soonest if self.tree else 0


@record
class Confidence:
    """A: well covered, narrow, steady; down to D. The weakest of the three decides, if one does."""

    grade: str
    coverage: float
    width: float
    steady: float
    weakest: str


NONE_NAMED = "none named"
"""Said in place of a score, a label or a trigger where a thesis names no risks, or no kill criteria."""


@record
class Verdict:
    """Between ``worst`` and ``best``, which are the same once enough is known.

    ``rated`` is false where too little is known to say. ``low`` and ``high`` are the worst and the best
    if both totals were off by the dead band: what a published verdict is held between; ``low_alive`` is
    ``low`` if no kill criterion has tripped of which that is not known. ``risks_label`` is "none named" where
    the thesis names no risks. ``table`` has a
    row for each label of the conditions' total, the worst first, and in it a verdict for each label of
    the risks', benign first.
    """

    levels: tuple[str, ...]
    labels: TotalLabels
    table: tuple[tuple[str, ...], ...]
    worst: str
    best: str
    engines: Interval
    engines_label: str
    risks: Interval
    risks_label: str
    coverage: float
    measured_coverage: float
    rated: bool
    low: str
    high: str
    low_alive: str
    confidence: Confidence
    caps: tuple[str, ...] = ()

    @property
    def is_determined(self) -> bool:
        return self.worst == self.best

    @property
    def has_risks(self) -> bool:
        """Whether the thesis names any risks; where it does not, their total of 0 means nothing."""
        return self.risks_label != NONE_NAMED

    @property
    def clear(self) -> bool:
        """Whether the verdict would stand if both totals were off by the dead band."""
        return (self.low, self.high) == (self.worst, self.best)


@record
class RatingChange:
    """What one measure or one condition alone would have to be for another verdict.

    ``to`` is empty where no value can do it. ``side`` of ``value`` is where it does: above or below. The
    distance is told in typical quarterly ``moves`` of the series, None where those are not known, and as
    the ``way`` that its score has to go on the scale from 0 to 1.
    """

    rule: str
    part: str
    label: str
    better: bool
    to: str = ""
    score: float | None = None
    value: float | None = None
    now: float | None = None
    moves: float | None = None
    unit: str = ""
    show: str = "number"
    sustained: str = ""
    side: str = ""
    way: float | None = None


@record
class RatingPair:
    """What two measures together would have to be for another verdict, where no single measure can do it.

    ``to`` is empty where no two can while each moves by ``within`` typical quarterly changes at the most.
    Otherwise each of the ``parts`` moves by as many, ``moves``, and no other two get there by fewer.
    """

    better: bool
    within: float
    to: str = ""
    moves: float | None = None
    parts: tuple[RatingChange, ...] = ()


@record
class EvidenceGap:
    """A measure that is not known exactly, and what learning it could do.

    ``swing`` is the share of the total's range that it accounts for; ``matters`` whether some value
    of it would change or settle the verdict.
    """

    rule: str
    part: str
    label: str
    score: Interval
    status: str
    swing: float
    matters: bool
    waits_for: tuple[str, ...] = ()


@record
class AssessmentHeader:
    """What stands at the head of a memo; each with its evidence, or nothing."""

    price: EvidenceItem | None = None
    price_status: str = ""
    market_cap: EvidenceItem | None = None
    to_target: Interval | None = None


@record
class LastRating:
    """The last day on which there was a rating, and what it was."""

    day: date
    quarter: Quarter
    worst: str
    best: str

    @property
    def headline(self) -> str:
        return verdict_text(self.worst, self.best)


@record
class Assessment:
    """Everything that was found: the pack's digest and the program's version say by what.

    ``filers`` gives each entity's number at the SEC. ``known_to`` is the newest day of the pack's figures and
    grades where that is after ``as_of``: its rules are as they were written by then, and may speak of it.
    """

    pack: str
    title: str
    entity: str
    digest: str
    version: str
    as_of: date
    quarter: Quarter
    filed: date
    fresh_until: date
    next_due: str
    target: Mapping[str, Any] | None
    header: AssessmentHeader
    verdict: Verdict
    conditions: tuple[RuleResult, ...]
    risks: tuple[RuleResult, ...]
    kill: tuple[KillResult, ...]
    flips: tuple[RatingChange, ...]
    gaps: tuple[EvidenceGap, ...]
    given: Mapping[str, Supposition]
    filers: Mapping[str, str]
    supposed: Mapping[str, str]
    """What a what-if sets, figures and beliefs by their names, as it is printed."""
    last_rated: LastRating | None = None
    journal: Any = None
    """What signed reviews publish (a ``SigningOutcome``), where any are kept or a criterion has tripped."""
    without_overrides: Verdict | None = None
    """The verdict as it would be without them, where any is in force."""
    known_to: date | None = None
    pairs: tuple[RatingPair, ...] = ()
    """The nearest two measures for a better and for a worse verdict, where no single measure can do it."""
    work: Any = None
    """What a rating needs (a ``WorkList``), where there is none."""
    retired: tuple[KillResult, ...] = ()
    """What the kill criteria that are no longer in force would say; they have no say in the verdict."""
    appraisal: Any = None
    """What the target takes (an ``Appraisal``), where it was asked for: a second axis, in no score."""

    @property
    def findings(self) -> tuple[RuleResult, ...]:
        return self.conditions + self.risks

    @property
    def overridden(self) -> tuple[RuleResult | KillResult, ...]:
        """Every rule and kill criterion with an override in force."""
        rules: tuple[RuleResult | KillResult, ...] = (*self.findings, *self.kill)
        return tuple(found for found in rules if found.override)

    @property
    def headline(self) -> str:
        """The verdict in words: one level, a range of levels, or not rated."""
        if not self.verdict.rated:
            return "NOT RATED"
        return verdict_text(self.verdict.worst, self.verdict.best)

    def finding(self, rule: str) -> RuleResult | None:
        """The finding of a rule, by its id."""
        return next((f for f in self.findings if f.id == rule), None)


def verdict_text(worst: str, best: str) -> str:
    """``WATCH``, or ``UNDETERMINED between AT RISK and WATCH``."""
    return worst if worst == best else f"UNDETERMINED between {worst} and {best}"


def json_ready(value: Any) -> Any:
    """A record as JSON can hold it: intervals as ``{lo, hi}``; what is not finite as null.

    What has a default may be left out, and is where it is empty; everything else is always there.
    """
    if isinstance(value, Interval):
        stated = as_stated(value)
        return {"lo": _end(stated.lo), "hi": _end(stated.hi)}
    if isinstance(value, Supposition):
        return {**json_ready(value.value), "quarters": value.quarters}
    if isinstance(value, Fact):
        known = {name: json_ready(item) for name, item in value._asdict().items() if item != ""}
        return {**known, "period": str(value.period)}
    names = field_names(value)
    if names:
        listed = {name: json_ready(getattr(value, name)) for name in names}
        return {
            name: item
            for name, item in listed.items()
            if item not in (None, "", [], {}) or not hasattr(type(value), name)
        }
    if isinstance(value, Mapping):
        return {str(key): json_ready(item) for key, item in value.items()}
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return {name: json_ready(getattr(value, name)) for name in value._fields}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [json_ready(item) for item in value]
    if isinstance(value, float):
        return _end(value)
    return str(value) if isinstance(value, (date, Quarter)) else value


def _end(value: float) -> float | None:
    return value if math.isfinite(value) else None
