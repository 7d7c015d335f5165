"""What moved a verdict since the last review, and what would move it next."""

from __future__ import annotations

from datetime import date, timedelta

from thesis.board.board_row import NearestChange, NearestKill, NextReview, RatingMove
from thesis.core import formatting
from thesis.journal.causes import OURS, CausesBetween, ComparisonSide
from thesis.journal.difference import CauseStep, cause_steps, rating_text
from thesis.journal.review_schema import Review
from thesis.journal.status import JournalStatus, unreviewed_quarters
from thesis.narrative import rating_change_text
from thesis.pack.load import Pack
from thesis.scoring.assessment import Assessment, Verdict


def rating_move(review: Review, before: ComparisonSide, pack: Pack, day: date) -> RatingMove:
    """From a review to a day. The causes are taken over in one order; ``thesis diff`` tries all.

    Errors: ``NothingKnown`` if nothing was filed by then.
    """
    between = CausesBetween(before, ComparisonSide(str(day), pack, day))
    taken = cause_steps(between)
    told = "; ".join(_moved(step) for step in taken if step.moves)
    if not taken:
        return RatingMove(review.name, "same", told)
    return RatingMove(review.name, _word(taken[0].before.verdict, taken[-1].after.verdict), told)


def _moved(step: CauseStep) -> str:
    whose = " (ours)" if step.cause in OURS else ""
    return f"{step.name}{whose}: {rating_text(step.before)} to {rating_text(step.after)}"


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


def nearest_rating_change(a: Assessment, *, better: bool) -> NearestChange | None:
    """The nearest figure that alone would give a better verdict, or a worse one; nothing without a rating."""
    if not a.verdict.rated:
        return None
    found = rating_change_text.nearest_changes(a.flips, better=better, count=1)
    if not found:
        return NearestChange(rating_change_text.rating_change_sentences(a, better=better))
    told = "; ".join(rating_change_text.rating_change_text(each) for each in found)
    return NearestChange(told, found[0].to, found[0].moves, is_open=found[-1].moves is None)


def nearest_kill_criterion(a: Assessment) -> NearestKill | None:
    """The criterion with the fewest typical quarterly moves to go; else the first without known ones."""
    found = rating_change_text.closest_kill_criterion(a.kill) or next(
        iter(rating_change_text.measurable_kill_criteria(a.kill)), None
    )
    if found is None or found.criterion is None:
        return None
    deciding = found.criterion.deciding
    return NearestKill(
        found.id,
        rating_change_text.kill_criterion_text(found),
        formatting.gap(deciding.gap, deciding.show, deciding.unit, deciding.at),
        found.moves,
        found.is_near,
    )


def next_review_date(pack: Pack, a: Assessment, where: JournalStatus) -> NextReview:
    """That of the first quarter that was filed and not reviewed; else that of the next one."""
    for quarter, _, by in unreviewed_quarters(pack, a, where):
        return NextReview(str(quarter), str(by), is_filed=True, is_overdue=a.as_of > by)
    by = a.fresh_until + timedelta(days=pack.calendar.review_days)
    return NextReview(a.next_due, str(by), is_filed=False, is_overdue=a.as_of > by)
