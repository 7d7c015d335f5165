"""The rules version: a number that says which figures this program calculates from the same inputs.

It is raised, with a day and a reason, by every change of the program after which some pack would show another
score, verdict, value or odds than before. A signed review records the number under which its figures were
calculated, so that they are only recalculated and compared by a program whose number is the same. The version
of the package says nothing about figures: a release may leave them alone, and a change between two releases
may move them.
"""

from __future__ import annotations

from typing import NamedTuple


class RulesVersion(NamedTuple):
    """One rules version: its number, the day it came into force and what changed the figures."""

    number: int
    day: str
    """In ISO format, such as ``2026-11-22``."""
    reason: str
    """One line for readers of memos: which figures differ from those of the number before, and why."""


VERSIONS = (
    RulesVersion(
        1, "2026-11-22", "The first rules; a review that names no rules version was signed under them."
    ),
    RulesVersion(
        2,
        "2026-12-01",
        "A quotient over zero or less is unknown, or the worst where more of it is worse; typical changes "
        "leave out the year under review; a what-if holds in the quarter under review; sums have one order.",
    ),
    RulesVersion(
        3,
        "2026-12-01",
        "A simulated figure is kept to nine digits, the same on every processor; a price stands for its own "
        "quarter alone; `latest` stops at a conflict; sources of one day are compared all with all; an "
        "assumption holds where a figure is not disclosed; a figure stated as more or less than a number is "
        "not that number itself; a kill criterion whose condition says over how many quarters it must hold "
        "trips then, and no quarter later; of `or` the nearer comparison decides how near a criterion is, "
        "and `not` is measured on its own side; a forecast settles when its quarter is public, and is "
        "annulled where it was made later; sales are compared with base rates in the money of the table; the "
        "deadline of a report that falls on a weekend or a federal holiday runs to the next business day; a "
        "grade lives until the next quarter's review is due, where the pack gives no number of days; a "
        "quotient written inside a rule, and one read by way of a mean or another metric, is over zero or "
        "less the worst there is where more of it is worse, as a metric is, and unknown over zero or less "
        "where its numerator is zero or less as well; a bound and a number of one day that excludes it are a "
        "conflict.",
    ),
    RulesVersion(
        4,
        "2026-12-01",
        "Where no single figure would change the rating, the nearest two that would together are part of "
        "what is found; a total under other weights counts as at an edge from 1e-12 before it; what learning "
        "a figure would narrow is added up in another order, and may differ in its last digits.",
    ),
)
"""Every rules version, oldest first. A new one is appended; none is ever changed or removed."""

SEMANTICS: int = VERSIONS[-1].number
"""The rules version of this program."""
