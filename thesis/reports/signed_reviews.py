"""The list of a pack's signed reviews."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from thesis.document import plain_text
from thesis.document.blocks import Column, Document, Line, table_of
from thesis.document.inline import BAD, FAIR, TonedText
from thesis.journal.review_schema import Review
from thesis.journal.store import reviews_in_force

WIDTH = 80  # of what is said where there is no line


def review_list_text(chain: Sequence[Review]) -> str:
    """The same as ``review_list_document``, as plain text."""
    return plain_text.document_text(review_list_document(chain))


def review_list_document(chain: Sequence[Review]) -> Document:
    """Every review, those that were superseded marked; oldest first."""
    if not chain:
        return Document(WIDTH, (Line("no review is signed yet: thesis review start"),))
    force = {review.name for review in reviews_in_force(chain)}
    columns = (
        Column[Review]("review", lambda review: review.name, is_head=True),
        Column[Review]("as of", lambda review: review.as_of),
        Column[Review]("signed", lambda review: review.signed),
        Column[Review]("by", lambda review: review.by),
        Column("published", _published, is_head=True),
        Column("of the day", _of_the_day),
        Column[Review]("decision", lambda review: review.decision or "none"),
        Column[Review]("", lambda review: _marks(review, force)),
    )
    return Document(WIDTH, (table_of(columns, chain, is_wordy=True),))


def _published(review: Review) -> str:
    return TonedText(review.state.told, BAD if review.state.broken else "")


def _of_the_day(review: Review) -> str:
    found = review.found
    day = found.worst if found.worst == found.best else f"{found.worst}..{found.best}"
    return day if found.rated else f"NOT RATED ({day})"


def _marks(review: Review, force: set[str]) -> str:
    marks = ["BACKTEST"] if review.backtest else []
    marks += ["superseded"] if review.name not in force else []
    marks += [] if review.is_of_these_rules else [f"rules version {review.rules_version}"]
    return TonedText(", ".join(marks), FAIR)


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
