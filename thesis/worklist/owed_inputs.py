"""The inputs that a rating lacks on a day, taken from what the scored rules read and did not find.

The rules are scored on the newest quarter that ought to be known: the one under review, or where its figures
are past their date the last one whose report was due. What a measure, a lift, a claim or a kill criterion
then reads and finds missing, contradicted or out of date is owed, and nothing else. A figure of which the
company says that it does not disclose it is known to be unknown, and is not owed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from thesis.archive.documents import Document
from thesis.case import freshness
from thesis.case.case import Case, EvidenceItem
from thesis.core.interval import total
from thesis.core.period import Quarter
from thesis.pack.load import Pack
from thesis.pricing.priced_case import case_as_of
from thesis.scoring.assess import ScoredRules, score_rules
from thesis.scoring.assessment import KillResult, MeasureResult, RuleResult
from thesis.scoring.rules import coverage_credit

FIGURE, REGISTER, PRICE, GRADE = "figure", "register", "price", "grade"
MISSING = "missing"
OWED = (MISSING, "conflict")
WITHHELD = ("not disclosed", "discontinued")
REPORTS = ("10-Q", "10-K", "20-F", "40-F", "6-K")


class InputKey(NamedTuple):
    """An input of the rating: a line item in a quarter, the price on a day, or the grade of a rubric."""

    kind: str
    name: str
    period: str


class LackingInput(NamedTuple):
    """An input that the rating lacks: why, and which rules and kill criteria read it."""

    key: InputKey
    status: str
    rules: tuple[str, ...]


class MeasureNeed(NamedTuple):
    """What a measure would add to the coverage of conditions (side 0) or risks (1), and what it lacks."""

    share: float
    lacks: frozenset[InputKey]
    side: int


class RatingInputs(NamedTuple):
    """The rules scored on the newest quarter that ought to be known, and what they lack there."""

    case: Case
    scored: ScoredRules
    lacking: tuple[LackingInput, ...]
    needs: tuple[MeasureNeed, ...]


def rating_inputs(pack: Pack, as_of: date, documents: Sequence[Document] = ()) -> RatingInputs:
    """What a rating on a day lacks. ``documents``: those on file, which may tell of a quarter not loaded yet.

    Errors: ``NothingKnown`` if nothing was filed by the day.
    """
    case = case_as_of(pack, as_of)
    quarter = newest_owed(case, documents)
    if quarter > case.quarter:
        case = case_as_of(pack, as_of, quarter=quarter)
    scored = score_rules(case)
    found: dict[InputKey, tuple[str, list[str]]] = {}
    for rule, key, status in _lacking(case, scored):
        rules = found.setdefault(key, (status, []))[1]
        if rule not in rules:
            rules.append(rule)
    lacking = tuple(LackingInput(key, status, tuple(rules)) for key, (status, rules) in found.items())
    sides = coverage_sides(scored, case.pack)
    needs = [need for side, rules in enumerate(sides) for need in _needs(case, rules, side)]
    return RatingInputs(case, scored, lacking, tuple(needs))


def coverage_sides(scored: ScoredRules, pack: Pack) -> list[tuple[RuleResult, ...]]:
    """The rules whose coverage decides whether a thesis is rated, each kind for itself."""
    with_risks = pack.thesis.verdict.coverage == "all" and scored.risks
    return [scored.conditions, *([scored.risks] if with_risks else [])]


def newest_owed(case: Case, documents: Sequence[Document] = ()) -> Quarter:
    """The newest quarter of the thesis' own company that is known, was due or has its report on file."""
    thesis = case.pack.thesis
    late = case.freshness(thesis.quarter, case.quarter).late
    on_file = [
        document.period
        for document in documents
        if document.period is not None
        and document.entity == thesis.entity
        and document.form.startswith(REPORTS)
        and document.is_known_on(case.as_of)
        and document.period.end < case.as_of
    ]
    return max([case.quarter + late, *on_file])


def _lacking(case: Case, scored: ScoredRules) -> Iterator[tuple[str, InputKey, str]]:
    """Each rule or kill criterion with an input that it lacks, in the order of the thesis."""
    quarter = case.pack.thesis.quarter
    if case.vintage.reading(quarter, case.quarter).status in OWED:
        status = case.vintage.reading(quarter, case.quarter).status
        yield "quarter", InputKey(FIGURE, quarter, str(case.quarter)), status
    for found in (*scored.conditions, *scored.risks):
        for leaf in found.leaves():
            yield from ((found.id, key, status) for key, status in _of_measure(case, leaf))
        yield from ((found.id, key, status) for key, status in _of_rule(case, found))
    for kill in scored.kill:
        yield from ((kill.id, key, status) for key, status in _of_criterion(case, kill))


def _of_measure(case: Case, leaf: MeasureResult) -> Iterator[tuple[InputKey, str]]:
    """What a measure lacks in the quarters that it is scored on."""
    if leaf.kind == "judgement":
        yield from _of_grades(case, leaf.id, leaf.status)
        return
    for item in leaf.window:
        yield from _unknown(case, item)
    for name, _, found in case.rests_on(leaf.id, case.quarter):
        is_old = found.status in (freshness.STALE, freshness.EXPIRED)
        if is_old and case.pack.concepts[name].kind == "daily":
            yield InputKey(PRICE, name, str(case.as_of)), found.status


def _of_rule(case: Case, found: RuleResult) -> Iterator[tuple[InputKey, str]]:
    """What a rule's lift and its claim lack."""
    for answer, evidence in ((found.lift, found.lift_evidence), (found.answer, found.answer_evidence)):
        if answer is not None and not answer.is_point:
            for item in evidence:
                yield from _unknown(case, item)


def _of_criterion(case: Case, kill: KillResult) -> Iterator[tuple[InputKey, str]]:
    """What a kill criterion lacks that cannot be answered; it may have to hold in the quarter before too."""
    if kill.rubric is not None:
        yield from _of_grades(case, kill.rubric.id, kill.status)
    elif not (kill.own or kill.tripped).is_point:
        before = () if kill.kill.immediate else case.evidence_of(kill.kill.when, case.quarter - 1)
        for item in (*kill.evidence, *before):
            yield from _unknown(case, item)


def _of_grades(case: Case, rubric: str, status: str) -> Iterator[tuple[InputKey, str]]:
    if status in (MISSING, freshness.EXPIRED):
        yield InputKey(GRADE, rubric, str(case.quarter)), status


def _unknown(case: Case, item: EvidenceItem) -> Iterator[tuple[InputKey, str]]:
    """The line items below a value that are owed; below one that is known exactly there are none."""
    if item.value.is_point:
        return
    for below in item.inputs:
        yield from _unknown(case, below)
    concept = case.pack.concepts.get(item.name)
    if concept is not None and item.status in OWED:
        kind = {"register": REGISTER, "daily": PRICE}.get(concept.kind, FIGURE)
        yield InputKey(kind, item.name, item.period), item.status


def _needs(case: Case, rules: Iterable[RuleResult], side: int) -> Iterator[MeasureNeed]:
    """The measures of some rules that would count more towards coverage, once what they lack is there."""
    listed = list(rules)
    whole = total(sorted(found.rule.weight for found in listed))
    for found in listed:
        for leaf in found.leaves():
            lacks = frozenset(key for key, _ in _of_measure(case, leaf))
            gained = 1.0 - coverage_credit(leaf)
            if lacks and gained > 0.0 and not (leaf.kind == "metric" and _is_withheld(case, leaf)):
                yield MeasureNeed(found.rule.weight * leaf.share * gained / whole, lacks, side)


def _is_withheld(case: Case, leaf: MeasureResult) -> bool:
    """Whether a measure stays unknown whatever is loaded: a figure that it reads is not disclosed."""
    items = (item for window in leaf.window for item in window.walk())
    return any(not item.inputs and item.status in WITHHELD for item in items)
