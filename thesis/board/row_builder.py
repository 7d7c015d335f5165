"""Builds a pack's row, and caches it until a byte of the pack or its journal changes.

Whatever is wrong with one pack ends in its own row and hides no other.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from thesis.board.board_row import (
    PROGRAM_FAULT,
    BoardRow,
    OpenTrigger,
    OverdueItem,
    PackTrouble,
    RatingMove,
    SignedRating,
    row_from_json,
    row_to_json,
)
from thesis.board.pack_selection import PackInReach
from thesis.case.case import NothingKnown
from thesis.core.problem import InvalidInput, Problem
from thesis.core.record import replace_fields
from thesis.files.cache import Cache
from thesis.pack.folder import Folder, has_journal, read_folder
from thesis.workspace.open_pack import open_pack

_TOUCHED = "touched"
_OF_JOURNAL = ("decision", "review", "override", "forecast")  # kinds of what is due

if TYPE_CHECKING:
    from thesis.journal.review_schema import Review
    from thesis.journal.status import JournalStatus
    from thesis.pack.load import Pack
    from thesis.scoring.assessment import Assessment


def board_rows(packs: Sequence[PackInReach], day: date, today: date, cache: Cache) -> list[BoardRow]:
    """Where each pack stands on a day; ``today`` is the day it is, after which nothing can be dated."""
    return [_row(pack, day, today, cache) for pack in packs]


def _row(reached: PackInReach, day: date, today: date, cache: Cache) -> BoardRow:
    """The row of one pack; one that the program itself fails on has a row that says so."""
    try:
        return _built(reached, day, today, cache)
    except Exception as error:
        trouble = PackTrouble(PROGRAM_FAULT, "", f"{type(error).__name__}: {error}", "please report it")
        why = "a mistake of the program, not of the pack"
        return _Told(reached, ()).of(BoardRow("", "", why=why), [trouble])


def _built(reached: PackInReach, day: date, today: date, cache: Cache) -> BoardRow:
    chain, digest, troubles = _journal(reached, day, cache)
    told = _Told(reached, chain)
    try:
        folder = read_folder(reached.path, reached.name)
        inputs, touched = _inputs(folder, chain)
        parts = (folder.digest, digest, str(day), _TOUCHED if touched else "")
        kept = cache.recall("rows", *parts, on=today)
        found = _thawed(kept) if kept else None
        if found is None:
            pack = open_pack(folder, today, cache)
            found = _found(pack, day, None if troubles else chain)
            found = replace_fields(found, change=_change(pack, day, chain, inputs, cache) if inputs else None)
            cache.keep("rows", json.dumps(row_to_json(found)), *parts, since=today)
        return told.of(found, [*troubles, *touched])
    except InvalidInput as flawed:
        wrong = _troubles(flawed.problems)
        why = f"{len(wrong)} problem{'s' * (len(wrong) != 1)}"
        return told.of(BoardRow("", "", why=why), [*wrong, *troubles])


class _Told:
    """What is known of a pack without its rules: what it is called, and what its journal says."""

    def __init__(self, reached: PackInReach, chain: Sequence[Review]) -> None:
        self.reached = reached
        self.published = _published(chain)

    def of(self, found: BoardRow, troubles: Sequence[PackTrouble]) -> BoardRow:
        return replace_fields(
            found,
            name=self.reached.name,
            where="bundled" if self.reached.is_bundled else self.reached.name,
            is_bundled=self.reached.is_bundled,
            published=self.published,
            problems=tuple(troubles),
        )


def _troubles(problems: Sequence[Problem], *, in_journal: bool = False) -> list[PackTrouble]:
    return [
        PackTrouble(
            problem.code,
            f"{problem.span.file}:{problem.span.line}:{problem.span.column}" if problem.span else "",
            problem.message,
            problem.hint,
            in_journal,
        )
        for problem in problems
        if problem.level == "error"
    ]


def _thawed(kept: str) -> BoardRow | None:
    try:
        found = json.loads(kept, object_hook=row_from_json)
    except (ValueError, TypeError, KeyError):
        return None
    return found if isinstance(found, BoardRow) else None


# the journal -------------------------------------------------------------------------------------


def _journal(reached: PackInReach, day: date, cache: Cache) -> tuple[list[Review], str, list[PackTrouble]]:
    """The reviews up to a day, a digest of all of them, and what is wrong with them."""
    from thesis.journal.store import cached_journal, journal_digest

    shown = "" if reached.name == "." else reached.name
    try:
        if not has_journal(reached.path, shown):
            return [], "", []
        chain = cached_journal(reached.path, shown, cache)
        return [r for r in chain if r.as_of <= str(day)], journal_digest(reached.path, shown), []
    except InvalidInput as flawed:
        return [], _TOUCHED, _troubles(flawed.problems, in_journal=True)


def _inputs(folder: Folder, chain: Sequence[Review]) -> tuple[Folder | None, list[PackTrouble]]:
    """The files on which the last review was signed; or that they are not what they were."""
    if not chain:
        return None, []
    from thesis.journal.store import inputs_of, reviews_in_force

    try:
        return inputs_of(folder.path, folder.shown.rstrip("/"), reviews_in_force(chain)[-1]), []
    except InvalidInput as flawed:
        return None, _troubles(flawed.problems, in_journal=True)


def _published(chain: Sequence[Review]) -> SignedRating | None:
    if not chain:
        return None
    from thesis.journal.store import reviews_in_force

    force = reviews_in_force(chain)
    last, decided = force[-1], next((r for r in reversed(force) if r.decision), None)
    return SignedRating(
        verdict=last.state.level,
        told=last.state.told,
        since=last.state.since,
        review=last.name,
        signed=last.signed,
        by=last.by,
        decision=decided.decision if decided else "",
        decided=decided.signed if decided else "",
    )


# what is found -----------------------------------------------------------------------------------


def _change(
    pack: Pack, day: date, chain: Sequence[Review], inputs: Folder, cache: Cache
) -> RatingMove | None:
    """What became of the verdict since the last review; None where there is none on the day."""
    from thesis.board import verdict_moves
    from thesis.journal.causes import side_on
    from thesis.journal.store import reviews_in_force

    last = reviews_in_force(chain)[-1]
    try:
        return verdict_moves.rating_move(last, side_on(inputs, last, cache), pack, day)
    except (InvalidInput, NothingKnown):
        return RatingMove(last.name, "unknown", "what it was signed on cannot be read by this program")


def _found(pack: Pack, day: date, chain: Sequence[Review] | None) -> BoardRow:
    """What is to be told of a pack in order, but for its place and its journal's own words.

    ``chain`` is None where the journal cannot be read; then nothing is said that depends on it.
    """
    from thesis.board import verdict_moves
    from thesis.document import tones
    from thesis.journal.status import due_items, journal_status
    from thesis.narrative.rating_text import as_reported_text
    from thesis.narrative.work_text import restoring_lines
    from thesis.scoring.assess import add_last_rating, assess
    from thesis.worklist.work_list import work_list

    head = BoardRow("", "", id=pack.thesis.id, title=pack.thesis.title)
    try:
        a = add_last_rating(pack, assess(pack, day))
    except NothingKnown as error:
        return replace_fields(head, why=f"nothing to assess: {error}")
    where, last = journal_status(pack, a, chain or ()), a.last_rated
    untold = _OF_JOURNAL[:1] if chain is not None else _OF_JOURNAL
    overdue = [each for each in due_items(pack, a, where) if each.is_overdue and each.kind not in untold]
    return replace_fields(
        head,
        verdict=a.headline,
        worst=a.verdict.worst,
        best=a.verdict.best,
        tone=tones.verdict_tone(a.verdict),
        is_rated=a.verdict.rated,
        last=last.headline if last else "",
        last_on=str(last.day) if last else "",
        todo=() if a.verdict.rated else tuple(restoring_lines(work_list(pack, a))),
        overridden=tuple(f"{f.id} until {f.override.until}" for f in a.overridden if f.override),
        without_overrides=as_reported_text(a.without_overrides) if a.without_overrides else "",
        **_figures(a),
        better=verdict_moves.nearest_rating_change(a, better=True),
        worse=verdict_moves.nearest_rating_change(a, better=False),
        kill=verdict_moves.nearest_kill_criterion(a),
        next_review=verdict_moves.next_review_date(pack, a, where) if chain is not None else None,
        tripped=tuple(trip.id for trip in where.trips),
        trips=_open(where) if chain is not None else (),
        overdue=tuple(OverdueItem(d.kind, d.what, str(d.day), (day - d.day).days) for d in overdue),
    )


def _open(where: JournalStatus) -> tuple[OpenTrigger, ...]:
    return tuple(OpenTrigger(trip.id, trip.claim, str(trip.since), trip.days) for trip in where.open_trips)


def _figures(a: Assessment) -> dict[str, Any]:
    return {
        "quarter": str(a.quarter),
        "filed": str(a.filed),
        "fresh_until": str(a.fresh_until),
        "next_quarter": a.next_due,
        "is_overdue": a.as_of > a.fresh_until,
    }
