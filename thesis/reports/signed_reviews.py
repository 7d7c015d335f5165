"""The list of a pack's signed reviews."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from thesis.document import plain_text
from thesis.document.blocks import BAD, FAIR, Layout, TableColumn, TextLine, TextTable, TonedText
from thesis.journal.review_schema import Review
from thesis.journal.store import reviews_in_force

WIDTH = 80  # of what is said where there is no line
HEADINGS = ("review", "as of", "signed", "by", "published", "of the day", "decision", "")


def review_list_text(chain: Sequence[Review]) -> str:
    """The same as ``review_list_layout``, as plain text."""
    return plain_text.layout_text(review_list_layout(chain))


def review_list_layout(chain: Sequence[Review]) -> Layout:
    """Every review, those that were superseded marked; oldest first."""
    if not chain:
        return Layout(WIDTH, (TextLine("no review is signed yet: thesis review start"),))
    force = {review.name for review in reviews_in_force(chain)}
    columns = tuple(TableColumn(name, is_head=name in ("review", "published")) for name in HEADINGS)
    return Layout(
        WIDTH, (TextTable(columns, tuple(_cells(review, force) for review in chain), is_wordy=True),)
    )


def _cells(review: Review, force: set[str]) -> tuple[str, ...]:
    found = review.found
    day = found.worst if found.worst == found.best else f"{found.worst}..{found.best}"
    marks = ["BACKTEST"] if review.backtest else []
    marks += ["superseded"] if review.name not in force else []
    marks += [] if review.is_of_these_rules else [f"rules version {review.rules_version}"]
    return (
        review.name,
        review.as_of,
        review.signed,
        review.by,
        TonedText(review.state.told, BAD if review.state.broken else ""),
        day if found.rated else f"NOT RATED ({day})",
        review.decision or "none",
        TonedText(", ".join(marks), FAIR),
    )


def review_list_json(chain: Sequence[Review]) -> list[dict[str, Any]]:
    """Each review's head as JSON can hold it."""
    force = {review.name for review in reviews_in_force(chain)}
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
            "rules_version": review.rules_version,
            "seal": review.seal,
        }
        for review in chain
    ]
