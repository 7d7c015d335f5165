"""Appraise: a pack's assumptions on what is known on a day become one immutable record."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from thesis.appraisal import routes
from thesis.appraisal.chances import Chances, chances
from thesis.appraisal.expectations import Expectations, expectations
from thesis.appraisal.needs import Needs, needs
from thesis.appraisal.parts import Parts, parts
from thesis.appraisal.priors import Outside, outside
from thesis.appraisal.routes import Attribution
from thesis.appraisal.scenarios import View, expected, views
from thesis.appraisal.sensitivity import Grid, Lever, Pair, Question, grid, levers, pair
from thesis.appraisal.setting import Setting, setting
from thesis.appraisal.start import Start, Unknown, start
from thesis.assessment import Assessment
from thesis.assumptions import Valuation
from thesis.case import Case, Evidence
from thesis.interval import Interval
from thesis.names import score_name
from thesis.pack import Pack
from thesis.quarter import Quarter, parse_day
from thesis.records import record, replaced
from thesis.supposing import believed
from thesis.words import joined

if TYPE_CHECKING:
    from thesis.appraisal.simulated import Options, Simulated

QUARTERS = 12  # of history, by the route that the price has taken


@record
class Appraisal:
    """What the target asks for, what the price assumes, and what the pack's beliefs come to.

    ``reason``: why nothing can be reckoned, ``missing`` the figures that it takes; then all but ``start`` is
    empty. ``written`` after the day seen from is hindsight. ``changed``: drivers that a what-if sets.
    """

    valuation: Valuation
    written: date
    target: float
    by: date
    horizon: float
    start: Start
    reason: str = ""
    missing: tuple[Evidence, ...] = ()
    changed: Mapping[str, float] | None = None
    needs: Needs | None = None
    expectations: Expectations | None = None
    parts: Parts | None = None
    since: tuple[Attribution, ...] = ()
    history: tuple[tuple[Quarter, Attribution], ...] = ()
    scenarios: tuple[View, ...] = ()
    expected: Interval | None = None
    market_cap: float | None = None
    levers: tuple[Lever, ...] = ()
    pair: Pair | None = None
    grid: Grid | None = None
    chances: Chances | None = None
    outside: tuple[Outside, ...] = ()
    simulation: Simulated | None = None
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
    draw: Options | None = None,
) -> Appraisal | None:
    """The appraisal of a pack that has a valuation and a target.

    ``scores`` of rules by their names (``score.aws_growth``) save working them out again. Without ``whole``
    the tables that only ``thesis value`` prints are left out; with ``draw`` the beliefs are drawn from.
    Errors: ``LookupError`` if nothing was filed.
    """
    valuation = case.pack.valuation
    if valuation is None or case.pack.thesis.target is None:
        return None
    if parse_day(case.pack.thesis.target.by) <= case.as_of:
        over = f"the target's day, {case.pack.thesis.target.by}, has passed"
        return _without(case, valuation, changed, reason=over)
    try:
        found = setting(case, valuation, changed or {}, scores or {})
    except Unknown as unknown:
        reason = f"{joined(each.label for each in unknown.missing)} not known"
        return _without(case, valuation, changed, reason=reason, missing=unknown.missing)
    question = Question(found.today, found.known, found.beliefs, found.target, found.horizon)
    moved = levers(question)
    scenarios = views(found)
    paths = valuation.paths
    return Appraisal(
        valuation=valuation,
        written=date.fromisoformat(valuation.written),
        target=found.target,
        by=found.by,
        horizon=found.horizon,
        start=found.start,
        changed=changed,
        needs=needs(found, whole=whole),
        expectations=expectations(found, whole=whole),
        parts=parts(found),
        since=_since(found) if paths else (),
        history=tuple(routes.history(valuation, paths, case, QUARTERS)) if paths and whole else (),
        scenarios=scenarios,
        expected=expected(scenarios),
        market_cap=question.given({}),
        levers=moved,
        pair=pair(question, moved) if whole else None,
        grid=grid(question, moved) if whole else None,
        chances=chances(found),
        outside=outside(found),
        simulation=_drawn(found, draw) if draw else None,
    )


def _drawn(found: Setting, options: Options) -> Simulated:
    from thesis.appraisal.simulated import simulated  # imports numpy

    return simulated(found, options)


def with_appraisal(
    pack: Pack, found: Assessment, changed: Mapping[str, float], draw: Options | None = None
) -> Assessment:
    """An assessment with what the target takes, as known on its day; ``draw``: and draws from the beliefs."""
    case = Case(pack, found.as_of, found.given)
    scores = {score_name(finding.id): finding.score for finding in found.findings}
    worth = appraise(case, changed, scores, whole=False, draw=draw)
    beliefs = believed(worth.valuation, changed, worth.start.market_cap.unit) if worth else {}
    return replaced(found, appraisal=worth, supposed={**found.supposed, **beliefs})


def _since(found: Setting) -> tuple[Attribution, ...]:
    paths = found.valuation.paths
    assert paths
    days = [date.fromisoformat(text) for text in paths.since]
    attributions = routes.since(found.valuation, found.case, days)
    return tuple(routes.with_routes(each, paths, found.asker) for each in attributions)


def _without(
    case: Case,
    valuation: Valuation,
    changed: Mapping[str, float] | None,
    *,
    reason: str,
    missing: tuple[Evidence, ...] = (),
) -> Appraisal:
    target = case.pack.thesis.target
    assert target
    return Appraisal(
        valuation=valuation,
        written=date.fromisoformat(valuation.written),
        target=target.market_cap,
        by=date.fromisoformat(target.by),
        horizon=0.0,
        start=start(case, valuation),
        reason=reason,
        missing=missing,
        changed=changed,
    )
