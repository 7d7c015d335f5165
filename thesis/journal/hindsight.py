"""Signed verdicts that would differ on what is known now about their quarters."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from thesis.journal.causes import CausesBetween, ComparisonSide
from thesis.journal.difference import rating_text
from thesis.journal.review_file import as_signed
from thesis.journal.review_schema import Review

HINDSIGHT = ("restated", "filled", "corrected")


class HindsightRating(NamedTuple):
    """A signed review: its verdict of the day, and the one that its rules give on today's figures.

    Where the review was sealed under another rules version, ``recalculated`` is the verdict that this program
    gives on the figures of then; it is empty elsewhere. What the program changed is no regret.
    """

    review: Review
    then: str
    now: str
    rows: int
    """How many figures of its quarters are known otherwise, or better."""
    recalculated: str = ""

    @property
    def differs(self) -> bool:
        return self.now != (self.recalculated or self.then)


def hindsight_ratings(
    signed: Iterable[tuple[Review, ComparisonSide]], now: ComparisonSide
) -> list[HindsightRating]:
    """Each review in force beside what its own rules say of the same quarters on the figures of today."""
    found = []
    for review, side in signed:
        between = CausesBetween(side, now)
        rows = sum(len(between.rows[name]) for name in HINDSIGHT)
        then, hindsight = between.scores_with(()), between.scores_with(HINDSIGHT)
        if side.review is None or side.review.is_of_these_rules:
            found.append(HindsightRating(review, rating_text(then), rating_text(hindsight), rows))
        else:
            sealed = as_signed(then, side.review)
            found.append(
                HindsightRating(
                    review, rating_text(sealed), rating_text(hindsight), rows, recalculated=rating_text(then)
                )
            )
    return found
