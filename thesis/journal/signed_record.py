"""The track record of a thesis with the ratings that signed reviews have published."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from thesis.journal.review_schema import Review
from thesis.journal.store import reviews_in_force
from thesis.pack.load import Pack
from thesis.scoring.track_record import TrackRecord, track_record


def signed_record(pack: Pack, as_of: date, quarters: int, chain: Sequence[Review] = ()) -> TrackRecord:
    """The record of the last quarters; a review counts that was signed by the day, and in time."""
    seen = [review for review in chain if review.signed <= str(as_of) and not review.backtest]
    return track_record(pack, as_of, quarters, {r.period: r.state.level for r in reviews_in_force(seen)})
