"""The difference between two states of a thesis, split into its causes.

One cause after another is taken over from the later side, in the order of ``causes.CAUSES``; what each step
changes is that cause's part, so the parts add up to the whole by construction. Where a verdict turns on
several causes together, their order matters: every order is tried, up to ``MOST_ORDERED`` causes, and it is
said whether another one would tell another story, of the verdict and of each rule.

A review that was sealed under another rules version stands with its sealed figures. Its inputs replayed by
today's program against those figures are the cause *program*: the first step where the earlier side is such
a review, the last one where the later side is. Every step between them compares figures of one program.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import NamedTuple

from thesis.core import semantics
from thesis.core.interval import Interval
from thesis.journal.causes import CAUSES, PROGRAM, CausesBetween, ComparisonSide
from thesis.journal.review_file import answer_word, as_signed
from thesis.journal.rule_edits import RuleEdit, rule_edits
from thesis.scoring.assess import ScoredRules, assess
from thesis.scoring.assessment import RuleResult

MOST_ORDERED = 6  # causes of which every order is tried: 64 verdicts; of more, the two extreme orders
SEEN = 0.005  # of a score: what shows in hundredths


class CauseStep(NamedTuple):
    """What one cause changed: the verdict before and after it was taken over.

    ``versions`` are the rules versions of the figures before and after; None unless the cause is the program.
    """

    cause: str
    before: ScoredRules
    after: ScoredRules
    versions: tuple[int, int] | None = None

    @property
    def name(self) -> str:
        """What the cause is called: ``new quarters``, ``program (rules version 1 to 2)``."""
        if self.versions is None:
            return CAUSES[self.cause]
        return f"{CAUSES[self.cause]} (rules version {self.versions[0]} to {self.versions[1]})"

    @property
    def moves(self) -> bool:
        """Whether the verdict is another one after it."""
        return rating_text(self.before) != rating_text(self.after)


class RuleChange(NamedTuple):
    """One rule on both sides, and after each step; None where it does not exist."""

    id: str
    name: str
    scores: tuple[Interval | None, ...]
    """Before the first step, and after each."""
    labels: tuple[str, ...]

    @property
    def is_changed(self) -> bool:
        return any(score != self.scores[0] for score in self.scores)


class KillChange(NamedTuple):
    """One kill criterion at each stand of the way: yes, no, unknown; empty where it is not there."""

    id: str
    answers: tuple[str, ...]

    @property
    def is_changed(self) -> bool:
        return len(set(self.answers)) > 1


class Difference(NamedTuple):
    """From one look to another. ``order_matters`` is None where not every order was tried."""

    a: ComparisonSide
    b: ComparisonSide
    between: CausesBetween
    steps: tuple[CauseStep, ...]
    rules: tuple[RuleChange, ...]
    edits: tuple[RuleEdit, ...]
    order_matters: bool | None
    unsettled: tuple[str, ...] = ()
    """The causes whose part in the verdict would be another in another order."""
    shared: tuple[str, ...] = ()
    """The rules whose score would be split otherwise."""
    kill: tuple[KillChange, ...] = ()

    @property
    def before(self) -> ScoredRules:
        return self.steps[0].before if self.steps else self.between.scores_with(())

    @property
    def after(self) -> ScoredRules:
        return self.steps[-1].after if self.steps else self.before

    @property
    def under_old_rules(self) -> ScoredRules:
        """Everything new, by the rules of the first side."""
        return self.between.scores_with(name for name in CAUSES if name != "rules")

    def step(self, cause: str) -> CauseStep | None:
        return next((step for step in self.steps if step.cause == cause), None)


def difference(a: ComparisonSide, b: ComparisonSide) -> Difference:
    """What lies between two looks.

    Errors: ``NothingKnown`` if nothing was filed by one of the days; ``ValueError`` if the first is the
    later one.
    """
    if a.day > b.day:
        raise ValueError(f"expected the earlier one first, found {a.day} before {b.day}")
    between = CausesBetween(a, b)
    taken = cause_steps(between)
    matters, unsettled = _order(between, taken)
    way = [taken[0].before if taken else between.scores_with(()), *(step.after for step in taken)]
    _arrived(between.scores_with(CAUSES), b)
    rules = tuple(_rule_changes(way))
    return Difference(
        a,
        b,
        between,
        taken,
        rules,
        tuple(rule_edits(a.pack, b.pack)),
        matters,
        unsettled,
        tuple(rule.name for rule in rules if rule.is_changed and _is_shared(between, taken, rule)),
        tuple(_kill_changes(way)),
    )


def _arrived(last: ScoredRules, b: ComparisonSide) -> None:
    """Errors: ``AssertionError`` where the way does not end where a look by itself does."""
    alone = assess(b.pack, b.day)
    assert last.verdict == alone.verdict, "the causes do not explain the verdict"
    for found, wanted in zip((*last.conditions, *last.risks), alone.findings, strict=True):
        assert found.score == wanted.score, f"the causes do not explain the score of {wanted.id}"


def cause_steps(between: CausesBetween) -> tuple[CauseStep, ...]:
    """Each cause that there is, taken over after those before it: the whole way, in one order."""
    present = between.present
    heard = [between.scores_with(present[:i]) for i in range(len(present) + 1)]
    taken = [CauseStep(cause, heard[i], heard[i + 1]) for i, cause in enumerate(present)]
    a, b, today = between.a.review, between.b.review, semantics.SEMANTICS
    if a is not None and not a.is_of_these_rules:
        taken.insert(0, CauseStep(PROGRAM, as_signed(heard[0], a), heard[0], (a.rules_version, today)))
    if b is not None and not b.is_of_these_rules:
        taken.append(CauseStep(PROGRAM, heard[-1], as_signed(heard[-1], b), (today, b.rules_version)))
    return tuple(taken)


def rating_text(heard: ScoredRules) -> str:
    """``WATCH``, ``AT RISK..WATCH``, or ``NOT RATED``."""
    v = heard.verdict
    if not v.rated:
        return "NOT RATED"
    return v.worst if v.is_determined else f"{v.worst}..{v.best}"


def _order(between: CausesBetween, taken: Sequence[CauseStep]) -> tuple[bool | None, tuple[str, ...]]:
    """Whether in another order some cause would move the verdict otherwise, and which."""
    present = between.present
    unsettled = []
    for step in taken:
        if step.cause == PROGRAM:
            continue  # between sealed and recalculated figures there is one place only
        others = [name for name in present if name != step.cause]
        told = (rating_text(step.before), rating_text(step.after))
        for before in _choices(others):
            found = (
                rating_text(between.scores_with(before)),
                rating_text(between.scores_with((*before, step.cause))),
            )
            # what a cause does where it does nothing may be told of any verdict
            if found != told and (found[0] != found[1] or step.moves):
                unsettled.append(step.cause)
                break
    if len(present) > MOST_ORDERED and not unsettled:
        return None, ()
    return bool(unsettled), tuple(unsettled)


def _is_shared(between: CausesBetween, taken: Sequence[CauseStep], rule: RuleChange) -> bool:
    """Whether in another order some cause would have another part in a rule's score, as far as that shows."""
    for i, step in enumerate(taken):
        if step.cause == PROGRAM:
            continue
        told = _moved(rule.scores[i], rule.scores[i + 1])
        for before in _choices([name for name in between.present if name != step.cause]):
            heard = between.scores_with(before), between.scores_with((*before, step.cause))
            x, y = (_finding(each, rule.id) for each in heard)
            moved = _moved(x.score if x else None, y.score if y else None)
            if moved is None or told is None:
                if moved != told:
                    return True
            elif any(abs(m - t) >= SEEN for m, t in zip(moved, told, strict=True)):
                return True
    return False


def _moved(before: Interval | None, after: Interval | None) -> tuple[float, float] | None:
    """By how much each end of a score moved; None where the rule came or went."""
    if before is None or after is None:
        return (0.0, 0.0) if before is after else None
    return after.lo - before.lo, after.hi - before.hi


def _kill_changes(way: Sequence[ScoredRules]) -> Iterable[KillChange]:
    for kill in dict.fromkeys(k.id for each in reversed(way) for k in each.kill):
        found = [next((k for k in each.kill if k.id == kill), None) for each in way]
        yield KillChange(kill, tuple("" if k is None else answer_word(k.tripped) for k in found))


def _choices(names: Sequence[str]) -> Iterable[tuple[str, ...]]:
    """Every choice of some causes; of many, none and all."""
    if len(names) >= MOST_ORDERED:
        return [(), tuple(names)]
    return [chosen for size in range(len(names) + 1) for chosen in combinations(names, size)]


def _rule_changes(heard: Sequence[ScoredRules]) -> Iterable[RuleChange]:
    """Every rule that some step knows, in the order of the newest."""
    known: dict[str, str] = {}
    for each in reversed(heard):
        for finding in (*each.conditions, *each.risks):
            known.setdefault(finding.id, finding.rule.name)
    for rule, name in known.items():
        found = [_finding(each, rule) for each in heard]
        yield RuleChange(
            rule,
            name,
            tuple(f.score if f else None for f in found),
            tuple(f.label if f else "" for f in found),
        )


def _finding(heard: ScoredRules, rule: str) -> RuleResult | None:
    return next((f for f in (*heard.conditions, *heard.risks) if f.id == rule), None)
