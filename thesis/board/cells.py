"""Cells: what stands in each column of a board, in the same words in every format."""

from __future__ import annotations

import shlex
from typing import NamedTuple

from thesis import nearing, words
from thesis.board.groups import OVERDUE, is_closed, reasons
from thesis.board.row import Near, Row, Trouble
from thesis.journal.agenda import NEAR
from thesis.layout import BAD, FAIR, GOOD, MUTED, STRONG, Toned

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


class Cells(NamedTuple):
    """One thesis in short words, a cell for each heading."""

    pack: str
    published: str
    today: str
    change: str
    better: str
    worse: str
    kill: str
    figures: str
    fresh: str
    next_review: str
    decision: str


HEADINGS = Cells(
    "pack", "published", "of the day", "since review", "better", "worse", "kill", "figures", "fresh until",
    "next review", "decision",
)  # fmt: skip


def cells(row: Row) -> Cells:
    """The cells of a row. What is not known is empty, what there is none of says so."""
    return Cells(
        pack=Toned(row.label, STRONG),
        published=row.published.verdict if row.published else "" if row.journal_problems else NONE,
        today=_today(row),
        change=_change(row),
        better=_near(row.better),
        worse=_near(row.worse),
        kill=_kill(row),
        figures=row.quarter,
        fresh=due_by("", row.fresh_until, is_overdue=row.is_overdue),
        next_review=_next(row),
        decision=_decision(row),
    )


def _today(row: Row) -> str:
    if not row.verdict:
        return Toned(row.why, BAD if row.own_problems else FAIR)
    told = row.worst if row.worst == row.best else f"{row.worst}..{row.best}"
    mark = OVERRIDDEN if row.overridden else ""
    return Toned(f"{told if row.is_rated else 'NOT RATED'}{mark}", row.tone)


def _change(row: Row) -> str:
    if row.change is None:
        return "" if row.problems or not row.verdict else Toned("no review", MUTED)
    return Toned(row.change.word, TONES.get(row.change.word, ""))


def _near(found: Near | None) -> str:
    if found is None:
        return ""
    if not found.to:
        return NONE
    if found.moves is None:
        return f"? to {found.to}"
    return f"{found.moves:.1f}{' or ?' if found.is_open else ''} to {found.to}"


def _kill(row: Row) -> str:
    if row.tripped:
        return Toned(f"{words.joined(row.tripped)} TRIPPED", BAD)
    if row.kill is None:
        return ""
    told = f"{row.kill.id} {row.kill.gap}"
    return Toned(f"{told}, near", FAIR) if row.kill.is_near else told


def _next(row: Row) -> str:
    if row.next_review is None or row.is_bundled or is_closed(row):
        return ""
    return due_by(row.next_review.quarter, row.next_review.by, is_overdue=row.next_review.is_overdue)


def due_by(what: str, day: str, *, is_overdue: bool) -> str:
    """``2026Q3 by 2026-11-09``, ``2026Q3 OVERDUE, due 2026-11-09``, or the day alone."""
    if not day:
        return ""
    told = f"{what} OVERDUE, due {day}" if is_overdue else f"{what} by {day}" if what else day
    return Toned(told.strip(), BAD if is_overdue else "")


def _decision(row: Row) -> str:
    if row.published is None:
        return "" if row.journal_problems else NONE
    found = row.published
    return f"{found.decision} {found.decided}" if found.decision else NONE


def notes(row: Row) -> list[str]:
    """What is to be said of a row below it: why it needs attention, what is wrong, what moved it."""
    told: list[str] = [Toned(reason.text, BAD if reason.rank < OVERDUE else FAIR) for reason in reasons(row)]
    told += [_trouble(each) for each in row.problems[:MOST_TROUBLES]]
    if len(row.problems) > MOST_TROUBLES:
        told.append(f"and {len(row.problems) - MOST_TROUBLES} more")
    if row.overridden:
        told.append(f"overridden: {words.joined(row.overridden)}; without: {row.without_overrides}")
    if row.change is not None and row.change.text:
        told.append(f"since {row.change.since}: {row.change.text}")
    if row.is_bundled:
        told.append(Toned(f"{BUNDLED}: `thesis new DIR --from {shlex.quote(row.name)}`", MUTED))
    return told


def _trouble(found: Trouble) -> str:
    is_placed = found.place and found.place.partition(":")[0] not in found.message
    place = f"{found.place}: " if is_placed else ""
    return f"{place}{found.message}{f'; {found.hint}' if found.hint else ''}"


def prospects(row: Row) -> list[tuple[str, str]]:
    """What would change the verdict, and end the thesis, each in a sentence."""
    told = [("better", row.better.text if row.better else ""), ("worse", row.worse.text if row.worse else "")]
    near = row.kill
    kill = f"{near.id}: {near.text}; {near.gap}, {nearing.away(near.moves)}" if near else ""
    return [(name, text) for name, text in (*told, ("kill", kill)) if text]
