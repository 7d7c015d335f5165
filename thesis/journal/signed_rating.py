"""The signed rating: how it moves from review to review, and when it waits for a second one.

Each day's ranges allow a worst and a best verdict, taken with the dead band. The published one is drawn
into that range and otherwise stays: down at once, up by one level after two quarters that both call for
it, to the lowest level when a kill criterion trips, and out of it only when it is underwritten anew.
Formulas and reasons: an interval of verdicts and a clamp into it, so that running a quarter twice or
knowing less can move nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

from thesis.core.period import Quarter
from thesis.core.record import replace_fields
from thesis.journal.review_schema import RatingState, Review
from thesis.journal.store import reviews_in_force
from thesis.scoring.assessment import Assessment


def next_state(before: RatingState | None, found: Assessment, *, anew: bool = False) -> RatingState:
    """The state after a review, from the one it follows on; ``anew`` underwrites a broken thesis once more.

    ``before`` is None at the first review, which publishes the worst verdict that the ranges allow; that a
    kill criterion is not known does not count there. So does one whose thesis has other levels altogether.
    """
    verdict = found.verdict
    levels = verdict.levels
    worst, best = levels.index(verdict.low), levels.index(verdict.high)
    state = RatingState(
        level=verdict.low_alive,
        worst=verdict.low,
        best=verdict.high,
        since=str(found.quarter),
        levels=list(levels),
        rated=verdict.rated,
    )
    if _is_tripped(found):
        return _moved(state, before, verdict.worst, broken=True)
    now = _place(before, levels)
    if before is not None and before.broken and not anew:
        return _moved(state, before, levels[now or 0], broken=True)
    if before is None or before.broken or now is None:
        return _moved(state, None, verdict.low_alive, held=verdict.low != verdict.low_alive)
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


def state_before(chain: Sequence[Review], quarter: Quarter) -> RatingState | None:
    """The state that a review of a quarter follows on: of the quarter before; None at the first.

    A correction follows on the same one as what it corrects. But a thesis that was broken in this quarter
    stays so until it is underwritten anew. An upgrade that waits does so for the very next quarter only.
    """
    broken = [review.state for review in chain if review.period == quarter and review.state.broken]
    if broken:
        return broken[-1]
    earlier = [review for review in reviews_in_force(chain) if review.period < quarter]
    if not earlier:
        return None
    last = earlier[-1]
    return last.state if last.period == quarter - 1 else replace_fields(last.state, pending=False)


def inherited_reunderwriting(chain: Sequence[Review], found: Assessment) -> str:
    """Why a quarter's review in force took a broken thesis up again, which its corrections inherit.

    Empty where it did not, and where a criterion has tripped since.
    """
    if _is_tripped(found):
        return ""
    force = [review for review in reviews_in_force(chain) if review.period == found.quarter]
    return force[-1].reunderwriting if force else ""


def _is_tripped(found: Assessment) -> bool:
    return any(k.tripped.lo == 1.0 for k in found.kill)


def _moved(
    state: RatingState,
    before: RatingState | None,
    level: str,
    *,
    pending: bool = False,
    broken: bool = False,
    held: bool = False,
) -> RatingState:
    """The state at a level, which it has had since it was reached."""
    place = _place(before, state.levels)
    is_same = before is not None and before.broken == broken and place == state.levels.index(level)
    since = before.since if before is not None and is_same else state.since
    return replace_fields(state, level=level, since=since, pending=pending, broken=broken, held=held)


def _place(before: RatingState | None, levels: Sequence[str]) -> int | None:
    """The place of a published level among the levels of today, which may have been edited since.

    By its name; a renamed one by its place, where there are as many as there were; None where neither says.
    """
    if before is None:
        return None
    if before.level in levels:
        return levels.index(before.level)
    return before.levels.index(before.level) if len(before.levels) == len(levels) else None
