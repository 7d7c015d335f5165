"""Groups theses into those that need attention, active and closed ones, and orders each group by urgency."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from thesis.board.board_row import BoardRow, OverdueItem
from thesis.core import formatting

ATTENTION, ACTIVE, CLOSED = "attention", "active", "closed"
HEADINGS = {ATTENTION: "needs attention", ACTIVE: "active", CLOSED: "closed"}
MEANINGS = {
    ATTENTION: "a kill criterion has tripped and no signed review decides on it, the pack or its journal has "
    "a problem, there is no rating, or something is overdue (`thesis due` lists it)",
    ACTIVE: "all others; also those that came with the program, in which nothing can be signed",
    CLOSED: "the last decision that a review made is exit",
}
"""What puts a thesis into a group. A problem comes before all else: what is closed may have been touched."""

TRIPPED, FLAWED, UNRATED, OVERDUE = range(4)
"""The ranks of reasons for attention, the most urgent first."""
CLOSING = "exit"
NEVER = 1e9  # typical quarterly moves: nothing alone does it


class AttentionReason(NamedTuple):
    """Why a thesis needs attention: the lower the ``rank`` the more urgent, among equals the more days."""

    rank: int
    days: int
    text: str


def attention_reasons(row: BoardRow) -> list[AttentionReason]:
    """Why a thesis needs attention, the most urgent reason first; none where it does not."""
    return sorted(_reasons(row), key=lambda reason: (reason.rank, -reason.days, reason.text))


def _reasons(row: BoardRow) -> Iterator[AttentionReason]:
    for some, what, remedy in (
        (row.own_problems, "the pack", row.remedy),
        (row.journal_problems, "the journal", f"thesis review verify {shlex.quote(row.name)}"),
    ):
        if some:
            told = f"{formatting.count(len(some), 'problem')} in {what}"
            yield AttentionReason(FLAWED, 0, f"{told}: `{remedy}`")
    if row.is_bundled or is_closed(row):
        return
    for trip in row.trips:
        days = formatting.count(trip.days, "day")
        yield AttentionReason(
            TRIPPED, trip.days, f"{trip.id} has tripped, {days} without a decision: {trip.claim}"
        )
    if not row.own_problems and not row.is_rated:
        last = f"; last {row.last}, {row.last_on}" if row.last else ""
        yield AttentionReason(UNRATED, 0, f"not rated{last}" if row.verdict else row.why)
    for kind in dict.fromkeys(each.kind for each in row.overdue):
        yield _overdue([each for each in row.overdue if each.kind == kind])


def _overdue(some: Sequence[OverdueItem]) -> AttentionReason:
    """What is overdue of one kind, in one reason."""
    first = max(some, key=lambda each: each.days)
    what = first.what if len(some) == 1 else formatting.count(len(some), first.kind)
    return AttentionReason(OVERDUE, first.days, f"overdue since {first.since}: {what}")


def is_closed(row: BoardRow) -> bool:
    """Whether the last decision on a thesis was to leave it."""
    return row.published is not None and row.published.decision == CLOSING


def attention_group(row: BoardRow) -> str:
    """The group of a thesis."""
    if attention_reasons(row):
        return ATTENTION
    return CLOSED if is_closed(row) else ACTIVE


def rows_by_group(rows: Sequence[BoardRow]) -> dict[str, list[BoardRow]]:
    """The rows of each group, the most urgent first; every group is there, if only empty."""
    found: dict[str, list[BoardRow]] = {name: [] for name in HEADINGS}
    for row in rows:
        found[attention_group(row)].append(row)
    return {
        ATTENTION: sorted(found[ATTENTION], key=_attention),
        ACTIVE: sorted(found[ACTIVE], key=_active),
        CLOSED: sorted(sorted(found[CLOSED], key=lambda row: row.name), key=_decided, reverse=True),
    }


def group_counts(groups: Mapping[str, Sequence[BoardRow]]) -> str:
    """``30 theses: 3 need attention, 25 active, 2 closed``."""
    sizes = {name: len(rows) for name, rows in groups.items()}
    total = sum(sizes.values())
    names = {**HEADINGS, ATTENTION: HEADINGS[ATTENTION] if sizes[ATTENTION] == 1 else "need attention"}
    told = ", ".join(f"{size} {names[name]}" for name, size in sizes.items())
    return f"{total} {'thesis' if total == 1 else 'theses'}: {told}"


def _attention(row: BoardRow) -> tuple[object, ...]:
    first = attention_reasons(row)[0]
    return first.rank, -first.days, row.name


def _active(row: BoardRow) -> tuple[object, ...]:
    """What became worse, then what is near a kill criterion, then what is nearest to a worse verdict."""
    is_worse = row.change is not None and row.change.word in ("worse", "not rated")
    is_near = row.kill is not None and row.kill.is_near
    away = row.worse.moves if row.worse and row.worse.moves is not None else NEVER
    by = row.next_review.by if row.next_review else ""
    return not is_worse, not is_near, away, by, row.name


def _decided(row: BoardRow) -> str:
    return row.published.decided if row.published else ""
