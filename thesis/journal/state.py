"""State: the published verdict, carried from review to review so that it moves when something is known.

Each day's ranges allow a worst and a best verdict, taken with the dead band. The published one is drawn
into that range and otherwise stays: down at once, up by one level after two quarters that both call for
it, to the lowest level when a kill criterion trips, and out of it only when it is underwritten anew.
Formulas and reasons: an interval of verdicts and a clamp into it, so that running a quarter twice or
knowing less can move nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

from thesis.assessment import Assessment
from thesis.journal.records import Review, State
from thesis.journal.store import in_force
from thesis.quarter import Quarter


def step(before: State | None, found: Assessment, *, anew: bool = False) -> State:
    """The state after a review, from the one it follows on; ``anew`` underwrites a broken thesis once more.

    ``before`` is None at the first review, which publishes the worst verdict that the ranges allow; that a
    kill criterion is not known does not count there. So does a review whose thesis has more or fewer levels.
    """
    verdict = found.verdict
    levels = verdict.levels
    worst, best = levels.index(verdict.low), levels.index(verdict.high)
    state = State(
        level=verdict.low_alive,
        worst=verdict.low,
        best=verdict.high,
        since=str(found.quarter),
        levels=list(levels),
        rated=verdict.rated,
    )
    if any(k.tripped.lo == 1.0 for k in found.kill):
        return _moved(state, before, verdict.worst, broken=True)
    if before is not None and before.broken and not anew:
        return _moved(state, before, before.level, broken=True)
    if before is None or before.broken or len(before.levels) != len(levels):
        return _moved(state, None, verdict.low_alive, held=verdict.low != verdict.low_alive)
    now = list(before.levels).index(before.level)  # by its place: a level may have been renamed
    if not verdict.rated:
        return _moved(state, before, levels[now])
    wanted = min(max(now, worst), best)
    if wanted < now:
        return _moved(state, before, levels[wanted])
    if wanted > now:
        up = now + before.pending
        return _moved(state, before, levels[up], pending=wanted > up)
    is_open = worst < best and not verdict.worst == verdict.best == levels[now]
    return _moved(state, before, levels[now], held=is_open)


def follows_on(chain: Sequence[Review], quarter: Quarter) -> State | None:
    """The state that a review of a quarter follows on: of the quarter before; None at the first.

    A correction follows on the same one as what it corrects. But a thesis that was broken in this quarter
    stays so until it is underwritten anew.
    """
    force = in_force(chain)
    same = [review for review in force if review.period == quarter]
    if same and same[-1].state.broken:
        return same[-1].state
    earlier = [review for review in force if review.period < quarter]
    return earlier[-1].state if earlier else None


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
    is_same = before is not None and before.broken == broken and _place(before, level) == _place(state, level)
    since = before.since if before is not None and is_same else state.since
    return State(
        level=level,
        worst=state.worst,
        best=state.best,
        since=since,
        levels=state.levels,
        rated=state.rated,
        pending=pending,
        broken=broken,
        held=held,
    )


def _place(state: State, level: str) -> int:
    """The place of a level among those that a state knows; -1 for one that it does not know."""
    names = list(state.levels)
    return names.index(level) if level in names else -1
