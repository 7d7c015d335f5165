"""State: the published verdict, carried from review to review so that it moves when something is known.

Each day's ranges allow a worst and a best verdict, taken with the dead band. The published one is drawn
into that range and otherwise stays: down at once, up by one level after two quarters that both call for
it, to the lowest level when a kill criterion trips, and out of it only when it is underwritten anew.
Formulas and reasons: an interval of verdicts and a clamp into it, so that running a quarter twice or
knowing less can move nothing.
"""

from __future__ import annotations

from thesis.assessment import Assessment
from thesis.journal.records import State


def step(before: State | None, found: Assessment, *, anew: bool = False) -> State:
    """The state after a review, from that of the quarter before it; ``anew`` underwrites it once more.

    ``before`` is None at the first review, which publishes the worst verdict that the ranges allow; so does
    one whose thesis has other levels than before.
    """
    verdict = found.verdict
    levels = verdict.levels
    worst, best = levels.index(verdict.low), levels.index(verdict.high)
    state = State(
        level=verdict.low,
        worst=verdict.low,
        best=verdict.high,
        since=str(found.quarter),
        rated=verdict.rated,
    )
    if any(k.tripped.lo == 1.0 for k in found.kill):
        return _moved(state, before, verdict.worst, broken=True)
    if before is None or before.level not in levels or (before.broken and anew):
        return _moved(state, None, verdict.low)
    if before.broken:
        return _moved(state, before, before.level, broken=True)
    now = levels.index(before.level)
    if not verdict.rated:
        return _moved(state, before, before.level)
    wanted = min(max(now, worst), best)
    if wanted < now:
        return _moved(state, before, levels[wanted])
    if wanted > now:
        up = now + before.pending
        return _moved(state, before, levels[up], pending=wanted > up)
    is_open = worst < best and not verdict.worst == verdict.best == levels[now]
    return _moved(state, before, levels[now], held=is_open)


def _moved(
    state: State,
    before: State | None,
    level: str,
    *,
    pending: bool = False,
    broken: bool = False,
    held: bool = False,
) -> State:
    """The state at a level, which it has had since it was reached."""
    is_same = before is not None and before.level == level and before.broken == broken
    since = before.since if before is not None and is_same else state.since
    return State(
        level=level,
        worst=state.worst,
        best=state.best,
        since=since,
        rated=state.rated,
        pending=pending,
        broken=broken,
        held=held,
    )
