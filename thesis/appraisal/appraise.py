"""Calculate a pack's valuation as of a day and return it as one immutable record."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from thesis.appraisal import price_paths
from thesis.appraisal.assumption_sensitivity import (
    AssumptionSwing,
    JointMove,
    SensitivityGrid,
    SensitivityQuestion,
    assumption_swings,
    sensitivity_grid,
    smallest_joint_move,
)
from thesis.appraisal.outside_view import OutsideView, outside_view
from thesis.appraisal.price_paths import PriceChange
from thesis.appraisal.scenarios import ScenarioResult, expected_market_cap, scenario_results
from thesis.appraisal.segment_multiples import SegmentMultiples, segment_multiples
from thesis.appraisal.signpost_asker import SignpostAsker
from thesis.appraisal.target_requirements import TargetRequirements, target_requirements
from thesis.case.case import Case, EvidenceItem
from thesis.core.interval import Interval
from thesis.core.period import Quarter, parse_day
from thesis.core.record import record, replace_fields
from thesis.pack.load import Pack
from thesis.pack.schema.valuation import ValuationInputs
from thesis.pack.scores import score_name
from thesis.pricing.inputs import PricingInputs, pricing_inputs
from thesis.pricing.market_implied import MarketImplied, market_implied
from thesis.pricing.priced_case import case_as_of
from thesis.pricing.starting_values import StartingValues, UnknownInputs, starting_values
from thesis.pricing.target_odds import TargetOddsTable, target_odds
from thesis.scoring.assessment import Assessment
from thesis.scoring.what_if import assumption_texts

if TYPE_CHECKING:
    from thesis.appraisal.simulation.target_chances import SimulationOptions, TargetSimulation

QUARTERS = 12  # of history, by the route that the price has taken


@record
class Appraisal:
    """What the target asks for, what the price assumes, and what the pack's beliefs come to.

    ``reason``: why nothing can be reckoned, ``missing`` the figures that it takes; then all but ``start`` is
    empty. ``written`` after the day seen from is hindsight. ``changed``: drivers that a what-if sets.
    """

    valuation: ValuationInputs
    written: date
    target: float
    by: date
    horizon: float
    start: StartingValues
    reason: str = ""
    missing: tuple[EvidenceItem, ...] = ()
    changed: Mapping[str, float] | None = None
    needs: TargetRequirements | None = None
    expectations: MarketImplied | None = None
    parts: SegmentMultiples | None = None
    since: tuple[PriceChange, ...] = ()
    history: tuple[tuple[Quarter, PriceChange], ...] = ()
    scenarios: tuple[ScenarioResult, ...] = ()
    expected: Interval | None = None
    market_cap: float | None = None
    levers: tuple[AssumptionSwing, ...] = ()
    pair: JointMove | None = None
    grid: SensitivityGrid | None = None
    chances: TargetOddsTable | None = None
    outside: tuple[OutsideView, ...] = ()
    simulation: TargetSimulation | None = None
    """Draws from the beliefs, where they were asked for."""

    @property
    def is_passed(self) -> bool:
        """Whether the target stands behind us already."""
        return bool(self.start.market_cap.value.lo >= self.target)


def appraise(
    case: Case,
    changed: Mapping[str, float] | None = None,
    scores: Mapping[str, Interval] | None = None,
    *,
    whole: bool = True,
    draw: SimulationOptions | None = None,
) -> Appraisal | None:
    """The appraisal of a pack that has a valuation and a target.

    ``scores`` of rules by their names (``score.aws_growth``) save working them out again. Without ``whole``
    the tables that only ``thesis value`` prints are left out; with ``draw`` the beliefs are drawn from.
    Errors: ``NothingKnown`` if nothing was filed.
    """
    valuation = case.pack.valuation
    if valuation is None or case.pack.thesis.target is None:
        return None
    if parse_day(case.pack.thesis.target.by) <= case.as_of:
        over = f"the target's day, {case.pack.thesis.target.by}, has passed"
        return _without(case, valuation, changed, reason=over)
    try:
        found = pricing_inputs(case, valuation, changed or {})
    except UnknownInputs as unknown:
        return _without(case, valuation, changed, reason=unknown.reason, missing=unknown.missing)
    asker = SignpostAsker(case, scores)
    question = SensitivityQuestion(found.today, found.assumptions, found.beliefs, found.target, found.horizon)
    moved = assumption_swings(question)
    scenarios = scenario_results(found, asker)
    paths = valuation.paths
    return Appraisal(
        valuation=valuation,
        written=date.fromisoformat(valuation.written),
        target=found.target,
        by=found.by,
        horizon=found.horizon,
        start=found.start,
        changed=changed,
        needs=target_requirements(found, whole=whole),
        expectations=market_implied(found, whole=whole),
        parts=segment_multiples(found),
        since=_since(found, asker) if paths else (),
        history=tuple(price_paths.price_history(valuation, paths, case, QUARTERS)) if paths and whole else (),
        scenarios=scenarios,
        expected=expected_market_cap(scenarios),
        market_cap=question.market_cap_with({}),
        levers=moved,
        pair=smallest_joint_move(question, moved) if whole else None,
        grid=sensitivity_grid(question, moved) if whole else None,
        chances=target_odds(found),
        outside=outside_view(found),
        simulation=_drawn(found, draw) if draw else None,
    )


def _drawn(found: PricingInputs, options: SimulationOptions) -> TargetSimulation:
    from thesis.appraisal.simulation.target_chances import simulate_target  # imports numpy

    return simulate_target(found, options)


def add_appraisal(
    pack: Pack, found: Assessment, changed: Mapping[str, float], draw: SimulationOptions | None = None
) -> Assessment:
    """An assessment with what the target takes, as known on its day; ``draw``: and draws from the beliefs."""
    case = case_as_of(pack, found.as_of, found.given, assumptions=changed)
    scores = {score_name(finding.id): finding.score for finding in found.findings}
    worth = appraise(case, changed, scores, whole=False, draw=draw)
    beliefs = assumption_texts(worth.valuation, changed, worth.start.market_cap.unit) if worth else {}
    return replace_fields(found, appraisal=worth, supposed={**found.supposed, **beliefs})


def _since(found: PricingInputs, asker: SignpostAsker) -> tuple[PriceChange, ...]:
    paths = found.valuation.paths
    assert paths
    days = [date.fromisoformat(text) for text in paths.since]
    attributions = price_paths.price_changes_since(found.valuation, found.case, days)
    return tuple(price_paths.add_paths(each, paths, asker) for each in attributions)


def _without(
    case: Case,
    valuation: ValuationInputs,
    changed: Mapping[str, float] | None,
    *,
    reason: str,
    missing: tuple[EvidenceItem, ...] = (),
) -> Appraisal:
    target = case.pack.thesis.target
    assert target
    return Appraisal(
        valuation=valuation,
        written=date.fromisoformat(valuation.written),
        target=target.market_cap,
        by=date.fromisoformat(target.by),
        horizon=0.0,
        start=starting_values(case, valuation),
        reason=reason,
        missing=missing,
        changed=changed,
    )
