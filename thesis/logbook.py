"""Logbook: the signed reviews of a pack, a line each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from thesis.journal.records import Review
from thesis.journal.store import in_force

HEADINGS = ("review", "as of", "signed", "by", "published", "of the day", "decision", "")


def table(chain: Sequence[Review]) -> str:
    """Every review, those that were superseded marked; oldest first."""
    if not chain:
        return "no review is signed yet: thesis review start\n"
    force = {review.name for review in in_force(chain)}
    cells = [HEADINGS, *(_cells(review, force) for review in chain)]
    widths = [max(len(row[i]) for row in cells) for i in range(len(HEADINGS))]
    lines = ["  ".join(f"{cell:<{w}}" for cell, w in zip(row, widths, strict=True)).rstrip() for row in cells]
    return "\n".join(lines) + "\n"


def _cells(review: Review, force: set[str]) -> tuple[str, ...]:
    found = review.found
    day = found.worst if found.worst == found.best else f"{found.worst}..{found.best}"
    marks = ["BACKTEST"] if review.backtest else []
    marks += ["superseded"] if review.name not in force else []
    return (
        review.name,
        review.as_of,
        review.signed,
        review.by,
        review.state.told,
        day if found.rated else f"NOT RATED ({day})",
        review.decision or "none",
        ", ".join(marks),
    )


def as_data(chain: Sequence[Review]) -> list[dict[str, Any]]:
    """Each review's head as JSON can hold it."""
    force = {review.name for review in in_force(chain)}
    return [
        {
            "name": review.name,
            "as_of": review.as_of,
            "signed": review.signed,
            "by": review.by,
            "state": review.state,
            "decision": review.decision,
            "backtest": review.backtest,
            "in_force": review.name in force,
            "seal": review.seal,
        }
        for review in chain
    ]
