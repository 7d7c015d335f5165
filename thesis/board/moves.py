"""Moves: what moved a verdict since the last review, and what would move it next."""

from __future__ import annotations

from datetime import date, timedelta

from thesis import nearing, words
from thesis.assessment import Assessment, Verdict
from thesis.board.row import Awaited, Change, Near, NearKill
from thesis.journal.agenda import is_near
from thesis.journal.causes import OURS, Between, Side
from thesis.journal.difference import Step, spoken, steps
from thesis.journal.records import Review
from thesis.journal.standing import Standing, unreviewed
from thesis.pack import Pack


def change(review: Review, before: Side, pack: Pack, day: date) -> Change:
    """From a review to a day. The causes are taken over in one order; ``thesis diff`` tries all.

    Errors: ``LookupError`` if nothing was filed by then.
    """
    between = Between(before, Side(str(day), pack, day))
    taken = steps(between)
    told = "; ".join(_moved(step) for step in taken if step.moves)
    if not taken:
        return Change(review.name, "same", told)
    return Change(review.name, _word(taken[0].before.verdict, taken[-1].after.verdict), told)


def _moved(step: Step) -> str:
    whose = " (ours)" if step.cause in OURS else ""
    return f"{step.name}{whose}: {spoken(step.before)} to {spoken(step.after)}"


def _word(before: Verdict, after: Verdict) -> str:
    """What became of a verdict: each end of its range counts."""
    if before.rated != after.rated:
        return "rated" if after.rated else "not rated"
    if before.levels != after.levels:
        return "other levels"
    ends = [
        after.levels.index(now) - after.levels.index(then)
        for then, now in ((before.worst, after.worst), (before.best, after.best))
    ]
    if not any(ends) or not after.rated:
        return "same"
    if min(ends) >= 0:
        return "better"
    if max(ends) <= 0:
        return "worse"
    return "clearer" if ends[0] > 0 else "less clear"


def near(a: Assessment, *, better: bool) -> Near | None:
    """The nearest figure that alone would give a better verdict, or a worse one; nothing without a rating."""
    if not a.verdict.rated:
        return None
    found = nearing.nearest(a.flips, better=better, count=1)
    if not found:
        return Near(nearing.changes(a, better=better))
    told = "; ".join(nearing.flip(each) for each in found)
    return Near(told, found[0].to, found[0].moves, is_open=found[-1].moves is None)


def near_kill(a: Assessment) -> NearKill | None:
    """The criterion with the fewest typical quarterly moves to go; else the first without known ones."""
    found = nearing.closest(a.kill) or next(iter(nearing.measured(a.kill)), None)
    if found is None:
        return None
    far = max(found.distances, key=lambda d: d.moves or 0.0)
    return NearKill(
        found.id,
        nearing.kill_text(found.distances),
        words.gap(far.gap, far.show, far.unit),
        found.moves,
        is_near(found),
    )


def next_review(pack: Pack, a: Assessment, where: Standing) -> Awaited:
    """That of the first quarter that was filed and not reviewed; else that of the next one."""
    for quarter, _, by in unreviewed(pack, a, where):
        return Awaited(str(quarter), str(by), is_filed=True, is_overdue=a.as_of > by)
    by = a.fresh_until + timedelta(days=pack.calendar.review_days)
    return Awaited(a.next_due, str(by), is_filed=False, is_overdue=a.as_of > by)
