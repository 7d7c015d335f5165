"""Outcomes: an assessment, or what lint found, as things that passed, failed or could not be told.

A condition fails once it is surely broken, a risk once it is surely severe: in the worst quarter of its
score, whatever a pack calls that. Where it may or may not be there nobody can tell yet, and neither does
the report.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from thesis import telling, words
from thesis.assessment import Assessment, Finding, KillFinding
from thesis.freshness import EXPIRED
from thesis.interval import Interval
from thesis.journal.trips import Trip
from thesis.problems import Problem, Span
from thesis.scoring import level_of
from thesis.session import trip_text

State = Literal["passed", "failed", "unknown"]
STATES: tuple[State, ...] = ("passed", "failed", "unknown")
BY_CODE: dict[int, State] = {0: "passed", 1: "failed", 4: "unknown"}
WORST, LIGHTEST, HEAVIEST = 0, 0, 3  # quarters of a score


class Outcome(NamedTuple):
    """One thing that was looked at. ``kind`` says in a word what became of it: broken, severe, tripped.

    ``path`` leads to it in thesis.yaml, ``span`` to the place of a problem.
    """

    name: str
    state: State
    kind: str
    told: str
    path: tuple[str | int, ...] = ()
    span: Span | None = None


class Suite(NamedTuple):
    """Outcomes under a name: the conditions, the risks, a file."""

    name: str
    outcomes: tuple[Outcome, ...]

    def count(self, state: State) -> int:
        return sum(outcome.state == state for outcome in self.outcomes)


def of_assessment(a: Assessment, code: int, trips: Iterable[Trip] = ()) -> list[Suite]:
    """The verdict, by the exit code that ``thesis check`` gives, and each rule and kill criterion.

    ``trips`` of the journal's: those that nobody has decided on fail, whether they hold still or not.
    """
    places = {k.id: ("kill", i) for i, k in enumerate(a.kill)}
    waiting = [
        Outcome(
            f"{trip.id} has tripped", "failed", "undecided", trip_text(trip), places.get(trip.id, ("kill",))
        )
        for trip in trips
        if trip.is_open
    ]
    return [
        *([Suite("decisions", tuple(waiting))] if waiting else []),
        Suite("verdict", (_verdict(a, code),)),
        Suite("conditions", tuple(_rule(a, f, ("conditions", i)) for i, f in enumerate(a.conditions))),
        Suite("risks", tuple(_rule(a, f, ("risks", i)) for i, f in enumerate(a.risks))),
        Suite("kill criteria", tuple(_kill(k, ("kill", i)) for i, k in enumerate(a.kill))),
    ]


def of_problems(problems: Iterable[Problem], files: Sequence[str], shown: str) -> list[Suite]:
    """A suite for each of a pack's files, and one for what stands in none; without problems a file passes.

    A warning does not fail: the files can be evaluated.
    """
    found: dict[str, list[Outcome]] = {shown: [], **{file: [] for file in files}}
    for problem in problems:
        found.setdefault(problem.span.file if problem.span else shown, []).append(_problem(problem))
    clean = Outcome("no problems", "passed", "", "")
    return [
        Suite(name, tuple(outcomes) or (clean,))
        for name, outcomes in found.items()
        if outcomes or name != shown
    ]


def _verdict(a: Assessment, code: int) -> Outcome:
    v = a.verdict
    told = (
        f"{telling.headline(a)}. {telling.verdict(a)} Engines {words.score(v.engines)} ({v.engines_label}), "
        f"risks {words.score(v.risks)} ({v.risks_label}), {words.share(v.coverage)} of the evidence covered"
    )
    if not v.rated:
        told = f"{telling.headline(a)}. {telling.unrated(a)}"
    if a.without_overrides:
        told = f"{told.removesuffix('.')}; without overrides: {telling.unlike(a.without_overrides)}"
    return Outcome(a.title, BY_CODE[code], a.headline, told, ("verdict",))


def _rule(a: Assessment, found: Finding, path: tuple[str | int, ...]) -> Outcome:
    head, is_condition = found.headline, found.kind == "condition"
    told = f"{found.label} {words.score(found.score)}; {head.name}: {telling.figure(head)}"
    told += f", {'needs' if is_condition else 'high from'} {telling.needed(head)}"
    if found.answer is not None:
        told += f"; taken literally {words.answer(found.answer)}"
    if found.override:
        told += f"; overridden {telling.own_word(found)}"
    waits = [telling.waiting(gap) for gap in a.gaps if gap.rule == found.id and gap.waits_for]
    if waits:
        told += f"; waits for {'; '.join(dict.fromkeys(waits))}"
    state = _state(found.score, worst_is_low=is_condition)
    return Outcome(f"{found.id}: {found.rule.name}", state, found.label, told, path)


def _state(score: Interval, *, worst_is_low: bool) -> State:
    low, high = level_of(score.lo), level_of(score.hi)
    sure, possible = (
        (high == LIGHTEST, low == LIGHTEST) if worst_is_low else (low == HEAVIEST, high == HEAVIEST)
    )
    return "failed" if sure else "unknown" if possible else "passed"


def _kill(found: KillFinding, path: tuple[str | int, ...]) -> Outcome:
    tripped = found.tripped
    state: State = "unknown" if not tripped.is_point else "failed" if tripped.lo else "passed"
    kind = {"failed": "tripped", "passed": "not tripped", "unknown": "not known"}[state]
    told = [kind.upper() if state == "failed" else kind]
    if found.override:
        told.append(f"overridden {telling.own_word(found)}")
    elif state != "failed" and found.now.lo == 1.0:
        told.append("holds this quarter, trips if it holds next quarter too")
    told += [
        f"{d.label} {words.value(d.value, d.show, d.unit)}{telling.over(d)}, trips {d.trips} {d.edge}"
        for d in found.distances
    ]
    if found.rubric:
        levels = words.joined(dict.fromkeys(grade.level for grade in found.grades))
        graded = (
            f"level {levels}{' (expired)' if found.status == EXPIRED else ''}" if levels else "not graded"
        )
        told.append(f"{found.rubric.name}: {graded}, trips at level {found.kill.at_least}")
    return Outcome(f"{found.id}: {found.kill.claim}", state, kind, "; ".join(told), path)


def _problem(problem: Problem) -> Outcome:
    where = f" at {problem.span.line}:{problem.span.column}" if problem.span else ""
    told = f"{problem.message}\n{problem.hint}" if problem.hint else problem.message
    state: State = "failed" if problem.level == "error" else "unknown"
    return Outcome(f"{problem.code}{where}", state, problem.code, told, span=problem.span)
