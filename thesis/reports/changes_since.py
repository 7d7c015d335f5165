"""What changed between the last review, or the day before a quarter was filed, and an assessment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from thesis.case.case import EvidenceItem, NothingKnown
from thesis.core import formatting
from thesis.core.period import parse_day
from thesis.journal.causes import CausesBetween, ComparisonSide
from thesis.journal.difference import CauseStep, cause_steps, rating_text
from thesis.journal.rule_edits import RuleEdit
from thesis.pack.dated_changes import DatedChange
from thesis.pack.load import Pack
from thesis.pricing.priced_case import case_as_of
from thesis.scoring.assess import ScoredRules
from thesis.scoring.assessment import Assessment, MeasureResult, RuleResult

if TYPE_CHECKING:
    from thesis.reports.review_text import ReviewContext


class ChangesSince(NamedTuple):
    """What lies between an earlier state of a thesis and an assessment.

    ``since`` names the earlier state. ``steps`` are the causes in their order, each with the scores before
    and after it; ``restated`` counts the figures that a company has restated since; ``edits`` are the values
    of the rules that were changed and can move a score; ``dated`` are the rules that changed on a day that
    the pack names.
    """

    since: str
    before: ScoredRules
    steps: tuple[CauseStep, ...]
    restated: int
    edits: tuple[RuleEdit, ...]
    dated: tuple[DatedChange, ...] = ()

    @property
    def moving_steps(self) -> tuple[CauseStep, ...]:
        """The causes that changed the rating."""
        return tuple(step for step in self.steps if step.moves)

    @property
    def rating(self) -> tuple[str, str]:
        """The rating before and after."""
        return rating_text(self.before), rating_text(self.steps[-1].after if self.steps else self.before)


class MovedFigure(NamedTuple):
    """A headline measure that is not what it was: before and now, with the rule that it stands for."""

    found: RuleResult
    before: MeasureResult
    now: MeasureResult


def changes_since(pack: Pack, a: Assessment, reviewed: ReviewContext | None) -> ChangesSince | None:
    """The changes since the last signed review; without one, since the day before the quarter was filed.

    None under a what-if, and where nothing was known on that day.
    """
    if a.given:
        return None
    if reviewed is not None and reviewed.before is not None and reviewed.change is not None:
        change, signed = reviewed.change, parse_day(reviewed.before.signed)
        return ChangesSince(
            f"the review of {reviewed.before.name}, signed {formatting.day(signed)}",
            change.before,
            change.steps,
            change.between.count("restated"),
            tuple(edit for edit in change.edits if not edit.is_wording),
            tuple(change.between.dated),
        )
    day = a.filed - timedelta(days=1)
    try:
        earlier = ComparisonSide("", pack, day)
        between = CausesBetween(earlier, ComparisonSide("", pack, a.as_of))
    except NothingKnown:
        return None
    steps = cause_steps(between)
    before = steps[0].before if steps else between.scores_with(())
    name = f"{earlier.quarter}, as known on {formatting.day(day)}"
    return ChangesSince(name, before, steps, between.count("restated"), (), tuple(between.dated))


def moved_figures(found: ChangesSince, a: Assessment) -> list[MovedFigure]:
    """The headline figures that differ from the earlier state, those that moved a score farthest first."""
    moved = list(_moved(found.before, a))
    order = {each.found.id: i for i, each in enumerate(moved)}
    return sorted(moved, key=lambda each: (-_way(each), order[each.found.id]))


def _moved(before: ScoredRules, a: Assessment) -> Iterator[MovedFigure]:
    earlier = {f.id: f for f in (*before.conditions, *before.risks)}
    for found in a.findings:
        was = earlier.get(found.id)
        if was is None:
            continue
        same = next((leaf for leaf in was.leaves() if leaf.id == found.headline.id), None)
        if same is not None and _newest(same) != _newest(found.headline):
            yield MovedFigure(found, same, found.headline)


def _newest(part: MeasureResult) -> object:
    return part.evidence.value if part.evidence is not None else part.score


def _way(each: MovedFigure) -> float:
    """How far a measure's score moved, of the end that moved farther; of one that was unknown, nothing."""
    if not (each.before.is_known and each.now.is_known):
        return 0.0
    before, now = each.before.score, each.now.score
    return float(max(abs(now.lo - before.lo), abs(now.hi - before.hi)))


def prior_figures(pack: Pack, a: Assessment) -> Mapping[str, EvidenceItem]:
    """Each headline metric a quarter earlier, as known on the day of the assessment, by its rule's id."""
    case = case_as_of(pack, a.as_of, a.given)
    return {
        found.id: case.evidence(found.headline.id, a.quarter - 1)
        for found in a.findings
        if found.headline.kind == "metric"
    }


def rule_changes_text(found: ChangesSince) -> str:
    """``no rule changed``, ``3 rule values changed``, or what changed on which day."""
    told = [f"{formatting.count(len(found.edits), 'rule value')} changed"] if found.edits else []
    told += [f"since {formatting.day(change.day)} {change.text.rstrip('.')}" for change in found.dated]
    return "; ".join(told) or "no rule changed"
