"""Regret: which signed verdicts would be others on what is known now of the quarters they were about."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from thesis.journal.causes import Between, Side
from thesis.journal.difference import spoken
from thesis.journal.records import Review

HINDSIGHT = ("restated", "filled", "corrected")


class Regret(NamedTuple):
    """A signed review: its verdict of the day, and the one that its rules give on today's figures."""

    review: Review
    then: str
    now: str
    rows: int
    """How many figures of its quarters are known otherwise, or better."""

    @property
    def differs(self) -> bool:
        return self.then != self.now


def regrets(signed: Iterable[tuple[Review, Side]], now: Side) -> list[Regret]:
    """Each review in force beside what its own rules say of the same quarters on the figures of today."""
    found = []
    for review, side in signed:
        between = Between(side, now)
        rows = sum(len(between.rows[name]) for name in HINDSIGHT)
        found.append(Regret(review, spoken(between.heard(())), spoken(between.heard(HINDSIGHT)), rows))
    return found
