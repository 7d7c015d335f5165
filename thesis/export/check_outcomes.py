"""The results of an assessment or of lint as outcomes that passed, failed or are unknown.

A condition fails once it is surely broken, a risk once it is surely severe: in the worst quarter of its
score, whatever a pack calls that. Where it may or may not be there nobody can tell yet, and neither does
the report.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from thesis.case.freshness import EXPIRED
from thesis.core import formatting
from thesis.core.interval import Interval
from thesis.core.problem import Problem, SourceSpan
from thesis.journal.triggers import TriggerRecord
from thesis.narrative import rating_change_text, rating_text
from thesis.reports.review_session import trigger_summary
from thesis.scoring.assessment import Assessment, KillResult, RuleResult
from thesis.scoring.bands import level_of

State = Literal["passed", "failed", "unknown"]
STATES: tuple[State, ...] = ("passed", "failed", "unknown")
BY_CODE: dict[int, State] = {0: "passed", 1: "failed", 4: "unknown"}
WORST, LIGHTEST, HEAVIEST = 0, 0, 3  # quarters of a score


class CheckOutcome(NamedTuple):
    """One thing that was looked at. ``kind`` says in a word what became of it: broken, severe, tripped.

    ``path`` leads to it in thesis.yaml, ``span`` to the place of a problem.
    """

    name: str
    state: State
    kind: str
    message: str
    path: tuple[str | int, ...] = ()
    span: SourceSpan | None = None


class OutcomeSuite(NamedTuple):
    """Outcomes under a name: the conditions, the risks, a file."""

    name: str
    outcomes: tuple[CheckOutcome, ...]

    def count(self, state: State) -> int:
        return sum(outcome.state == state for outcome in self.outcomes)


def assessment_outcomes(a: Assessment, code: int, trips: Iterable[TriggerRecord] = ()) -> list[OutcomeSuite]:
    """The verdict, by the exit code that ``thesis check`` gives, and each rule and kill criterion.

    ``trips`` of the journal's: those that nobody has decided on fail, whether they hold still or not.
    """
    places = {k.id: ("kill", i) for i, k in enumerate(a.kill)}
    waiting = [
        CheckOutcome(
            f"{trip.id} has tripped",
            "failed",
            "undecided",
            trigger_summary(trip),
            places.get(trip.id, ("kill",)),
        )
        for trip in trips
        if trip.is_open
    ]
    return [
        *([OutcomeSuite("decisions", tuple(waiting))] if waiting else []),
        OutcomeSuite("verdict", (_verdict(a, code),)),
        OutcomeSuite("conditions", tuple(_rule(a, f, ("conditions", i)) for i, f in enumerate(a.conditions))),
        OutcomeSuite("risks", tuple(_rule(a, f, ("risks", i)) for i, f in enumerate(a.risks))),
        OutcomeSuite("kill criteria", tuple(_kill(k, ("kill", i)) for i, k in enumerate(a.kill))),
    ]


def problem_outcomes(problems: Iterable[Problem], files: Sequence[str], shown: str) -> list[OutcomeSuite]:
    """A suite for each of a pack's files, and one for what stands in none; without problems a file passes.

    A warning does not fail: the files can be evaluated.
    """
    found: dict[str, list[CheckOutcome]] = {shown: [], **{file: [] for file in files}}
    for problem in problems:
        found.setdefault(problem.span.file if problem.span else shown, []).append(_problem(problem))
    clean = CheckOutcome("no problems", "passed", "", "")
    return [
        OutcomeSuite(name, tuple(outcomes) or (clean,))
        for name, outcomes in found.items()
        if outcomes or name != shown
    ]


def _verdict(a: Assessment, code: int) -> CheckOutcome:
    v = a.verdict
    told = (
        f"{rating_text.verdict_headline(a)}. {rating_text.verdict_sentence(a)} Engines "
        f"{rating_text.engines_text(v)}, "
        f"risks {rating_text.risks_text(v)}, {formatting.share(v.coverage)} of the "
        "evidence covered"
    )
    if not v.rated:
        told = f"{rating_text.verdict_headline(a)}. {rating_text.not_rated_reason(a)}"
    if a.without_overrides:
        told = (
            f"{told.removesuffix('.')}; without overrides: "
            f"{rating_text.as_reported_text(a.without_overrides)}"
        )
    return CheckOutcome(a.title, BY_CODE[code], a.headline, told, ("verdict",))


def _rule(a: Assessment, found: RuleResult, path: tuple[str | int, ...]) -> CheckOutcome:
    head, is_condition = found.headline, found.kind == "condition"
    told = f"{found.label} {formatting.score(found.score)}; {head.name}: {rating_text.measure_figure(head)}"
    told += f", {'needs' if is_condition else 'high from'} {rating_text.threshold_text(head)}"
    if found.answer is not None:
        told += f"; taken literally {formatting.answer(found.answer)}"
    if found.override:
        told += f"; overridden {rating_text.own_level(found)}"
    waits = [rating_text.waiting_text(gap) for gap in a.gaps if gap.rule == found.id and gap.waits_for]
    if waits:
        told += f"; waits for {'; '.join(dict.fromkeys(waits))}"
    state = _state(found.score, worst_is_low=is_condition)
    return CheckOutcome(f"{found.id}: {found.rule.name}", state, found.label, told, path)


def _state(score: Interval, *, worst_is_low: bool) -> State:
    low, high = level_of(score.lo), level_of(score.hi)
    sure, possible = (
        (high == LIGHTEST, low == LIGHTEST) if worst_is_low else (low == HEAVIEST, high == HEAVIEST)
    )
    return "failed" if sure else "unknown" if possible else "passed"


def _kill(found: KillResult, path: tuple[str | int, ...]) -> CheckOutcome:
    tripped = found.tripped
    state: State = "unknown" if not tripped.is_point else "failed" if tripped.lo else "passed"
    kind = {"failed": "tripped", "passed": "not tripped", "unknown": "not known"}[state]
    told = [kind.upper() if state == "failed" else kind]
    if found.override:
        told.append(f"overridden {rating_text.own_level(found)}")
    elif found.waiting:
        told.append(rating_change_text.waits_text(found))
    if found.criterion:
        told.append(rating_change_text.kill_criterion_text(found))
    if found.rubric:
        levels = formatting.join_words(dict.fromkeys(grade.level for grade in found.grades))
        graded = (
            f"level {levels}{' (expired)' if found.status == EXPIRED else ''}" if levels else "not graded"
        )
        told.append(f"{found.rubric.name}: {graded}, trips at level {found.kill.at_least}")
    return CheckOutcome(f"{found.id}: {found.kill.claim}", state, kind, "; ".join(told), path)


def _problem(problem: Problem) -> CheckOutcome:
    where = f" at {problem.span.line}:{problem.span.column}" if problem.span else ""
    told = f"{problem.message}\n{problem.hint}" if problem.hint else problem.message
    state: State = "failed" if problem.level == "error" else "unknown"
    return CheckOutcome(f"{problem.code}{where}", state, problem.code, told, span=problem.span)
