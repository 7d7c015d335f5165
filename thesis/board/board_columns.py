"""The columns of a board and the text of each cell, the same in every format."""

from __future__ import annotations

import shlex

from thesis.board.attention_groups import OVERDUE, attention_reasons, is_closed
from thesis.board.board_row import BoardRow, NearestChange, PackTrouble
from thesis.core import formatting
from thesis.document.blocks import Column
from thesis.document.inline import BAD, FAIR, GOOD, MUTED, STRONG, TonedText
from thesis.narrative import rating_change_text
from thesis.scoring.volatility import NEAR

BUNDLED = "came with the program, which signs nothing there; a copy of your own"
MOST_TROUBLES = 3  # problems of one pack that are told; thesis lint tells all
NONE = "none"
OVERRIDDEN = "*"
LEGEND = (
    "better, worse: how many typical quarterly moves away the nearest figure is that alone would give "
    "another verdict, ? where a figure that would has no known move; kill: how far the criterion that is "
    f"nearest in such moves is from tripping; near, in orange: within {NEAR:g} moves, or it cannot be told; "
    "*: overrides are in force."
)
TONES = {"better": GOOD, "rated": GOOD, "worse": BAD, "not rated": BAD}


def _label(row: BoardRow) -> str:
    return TonedText(row.label, STRONG)


def _signed(row: BoardRow) -> str:
    return row.published.verdict if row.published else "" if row.journal_problems else NONE


def _today(row: BoardRow) -> str:
    if not row.verdict:
        return TonedText(row.why, BAD if row.own_problems else FAIR)
    told = row.worst if row.worst == row.best else f"{row.worst}..{row.best}"
    mark = OVERRIDDEN if row.overridden else ""
    return TonedText(f"{told if row.is_rated else 'NOT RATED'}{mark}", row.tone)


def _change(row: BoardRow) -> str:
    if row.change is None:
        return "" if row.problems or not row.verdict else TonedText("no review", MUTED)
    return TonedText(row.change.word, TONES.get(row.change.word, ""))


def _near(found: NearestChange | None) -> str:
    if found is None:
        return ""
    if not found.to:
        return NONE
    if found.moves is None:
        return f"? to {found.to}"
    return f"{found.moves:.1f}{' or ?' if found.is_open else ''} to {found.to}"


def _kill(row: BoardRow) -> str:
    if row.tripped:
        return TonedText(f"{formatting.join_words(row.tripped)} TRIPPED", BAD)
    if row.kill is None:
        return ""
    told = f"{row.kill.id} {row.kill.gap}"
    return TonedText(f"{told}, near", FAIR) if row.kill.is_near else told


def _next(row: BoardRow) -> str:
    if row.next_review is None or row.is_bundled or is_closed(row):
        return ""
    return due_by(row.next_review.quarter, row.next_review.by, is_overdue=row.next_review.is_overdue)


def due_by(what: str, day: str, *, is_overdue: bool) -> str:
    """``2026Q3 by 2026-11-09``, ``2026Q3 OVERDUE, due 2026-11-09``, or the day alone."""
    if not day:
        return ""
    told = f"{what} OVERDUE, due {day}" if is_overdue else f"{what} by {day}" if what else day
    return TonedText(told.strip(), BAD if is_overdue else "")


def _decision(row: BoardRow) -> str:
    if row.published is None:
        return "" if row.journal_problems else NONE
    found = row.published
    return f"{found.decision} {found.decided}" if found.decision else NONE


COLUMNS: dict[str, Column[BoardRow]] = {
    "pack": Column("pack", _label, is_head=True),
    "published": Column("published", _signed),
    "today": Column("of the day", _today),
    "change": Column("since review", _change),
    "better": Column("better", lambda row: _near(row.better)),
    "worse": Column("worse", lambda row: _near(row.worse)),
    "kill": Column("kill", _kill),
    "figures": Column("figures", lambda row: row.quarter),
    "fresh": Column("fresh until", lambda row: due_by("", row.fresh_until, is_overdue=row.is_overdue)),
    "next_review": Column("next review", _next),
    "decision": Column("decision", _decision),
}
"""A column of every board by the name that a page's stylesheet has for its cells.

What is not known is empty, what there is none of says so.
"""


def notes(row: BoardRow) -> list[str]:
    """What is to be said of a row below it: why it needs attention, what is wrong, what moved it."""
    told: list[str] = [
        TonedText(reason.text, BAD if reason.rank < OVERDUE else FAIR) for reason in attention_reasons(row)
    ]
    told += row.todo
    told += [_trouble(each) for each in row.problems[:MOST_TROUBLES]]
    if len(row.problems) > MOST_TROUBLES:
        told.append(f"and {len(row.problems) - MOST_TROUBLES} more")
    if row.overridden:
        told.append(f"overridden: {formatting.join_words(row.overridden)}; without: {row.without_overrides}")
    if row.change is not None and row.change.text:
        told.append(f"since {row.change.since}: {row.change.text}")
    if row.is_bundled:
        told.append(TonedText(f"{BUNDLED}: `thesis new DIR --from {shlex.quote(row.name)}`", MUTED))
    return told


def _trouble(found: PackTrouble) -> str:
    is_placed = found.place and found.place.partition(":")[0] not in found.message
    place = f"{found.place}: " if is_placed else ""
    return f"{place}{found.message}{f'; {found.hint}' if found.hint else ''}"


def prospects(row: BoardRow) -> list[tuple[str, str]]:
    """What would change the verdict, and end the thesis, each in a sentence."""
    told = [("better", row.better.text if row.better else ""), ("worse", row.worse.text if row.worse else "")]
    near = row.kill
    kill = (
        f"{near.id}: {near.text}; {near.gap}, {rating_change_text.typical_changes_text(near.moves)}"
        if near
        else ""
    )
    return [(name, text) for name, text in (*told, ("kill", kill)) if text]
