"""Look: how the row of a pack is made, and remembered until a byte of the pack or its journal changes.

Whatever is wrong with one pack ends in its own row and hides no other.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from thesis import shelf
from thesis.board.reach import Reached
from thesis.board.row import Change, Overdue, Published, Row, Tripped, Trouble, frozen, thawed
from thesis.cache import Cache
from thesis.folder import REVIEWS, Folder, read_folder
from thesis.problems import Flawed, Problem
from thesis.records import replaced

_TOUCHED = "touched"
_OF_JOURNAL = ("decision", "review", "override", "forecast")  # kinds of what is due

if TYPE_CHECKING:
    from thesis.assessment import Assessment
    from thesis.journal.records import Review
    from thesis.journal.standing import Standing
    from thesis.pack import Pack


def look(packs: Sequence[Reached], day: date, today: date, cache: Cache) -> list[Row]:
    """Where each pack stands on a day; ``today`` is the day it is, after which nothing can be dated."""
    return [_row(pack, day, today, cache) for pack in packs]


def _row(reached: Reached, day: date, today: date, cache: Cache) -> Row:
    chain, digest, troubles = _journal(reached, day, cache)
    told = _Told(reached, chain)
    try:
        folder = read_folder(reached.path, reached.name)
        inputs, touched = _inputs(folder, chain)
        parts = (folder.digest, digest, str(day), _TOUCHED if touched else "")
        kept = cache.recall("rows", *parts, on=today)
        found = _thawed(kept) if kept else None
        if found is None:
            pack = shelf.open_pack(folder, today, cache)
            found = _found(pack, day, None if troubles else chain)
            found = replaced(found, change=_change(pack, day, chain, inputs, cache) if inputs else None)
            cache.keep("rows", json.dumps(frozen(found)), *parts, since=today)
        return told.of(found, [*troubles, *touched])
    except Flawed as flawed:
        wrong = _troubles(flawed.problems)
        why = f"{len(wrong)} problem{'s' * (len(wrong) != 1)}"
        return told.of(Row("", "", why=why), [*wrong, *troubles])


class _Told:
    """What is known of a pack without its rules: what it is called, and what its journal says."""

    def __init__(self, reached: Reached, chain: Sequence[Review]) -> None:
        self.reached = reached
        self.published = _published(chain)

    def of(self, found: Row, troubles: Sequence[Trouble]) -> Row:
        return replaced(
            found,
            name=self.reached.name,
            where="bundled" if self.reached.is_bundled else self.reached.name,
            is_bundled=self.reached.is_bundled,
            published=self.published,
            problems=tuple(troubles),
        )


def _troubles(problems: Sequence[Problem], *, in_journal: bool = False) -> list[Trouble]:
    return [
        Trouble(
            problem.code,
            f"{problem.span.file}:{problem.span.line}:{problem.span.column}" if problem.span else "",
            problem.message,
            problem.hint,
            in_journal,
        )
        for problem in problems
        if problem.level == "error"
    ]


def _thawed(kept: str) -> Row | None:
    try:
        found = json.loads(kept, object_hook=thawed)
    except (ValueError, TypeError, KeyError):
        return None
    return found if isinstance(found, Row) else None


# the journal -------------------------------------------------------------------------------------


def _journal(reached: Reached, day: date, cache: Cache) -> tuple[list[Review], str, list[Trouble]]:
    """The reviews up to a day, a digest of all of them, and what is wrong with them."""
    from thesis.journal.store import digest_of, recalled

    if not (reached.path / REVIEWS).is_dir():
        return [], "", []
    shown = "" if reached.name == "." else reached.name
    try:
        chain = recalled(reached.path, shown, cache)
        return [r for r in chain if r.as_of <= str(day)], digest_of(reached.path, shown), []
    except Flawed as flawed:
        return [], _TOUCHED, _troubles(flawed.problems, in_journal=True)


def _inputs(folder: Folder, chain: Sequence[Review]) -> tuple[Folder | None, list[Trouble]]:
    """The files on which the last review was signed; or that they are not what they were."""
    if not chain:
        return None, []
    from thesis.journal.store import in_force, inputs_of

    try:
        return inputs_of(folder.path, folder.shown.rstrip("/"), in_force(chain)[-1]), []
    except Flawed as flawed:
        return None, _troubles(flawed.problems, in_journal=True)


def _published(chain: Sequence[Review]) -> Published | None:
    if not chain:
        return None
    from thesis.journal.store import in_force

    force = in_force(chain)
    last, decided = force[-1], next((r for r in reversed(force) if r.decision), None)
    return Published(
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


def _change(pack: Pack, day: date, chain: Sequence[Review], inputs: Folder, cache: Cache) -> Change | None:
    """What became of the verdict since the last review; None where there is none on the day."""
    from thesis.board import moves
    from thesis.journal.sides import side_on
    from thesis.journal.store import in_force

    last = in_force(chain)[-1]
    try:
        return moves.change(last, side_on(inputs, last, cache), pack, day)
    except (Flawed, LookupError):
        return Change(last.name, "unknown", "what it was signed on cannot be read by this program")


def _found(pack: Pack, day: date, chain: Sequence[Review] | None) -> Row:
    """What is to be told of a pack in order, but for its place and its journal's own words.

    ``chain`` is None where the journal cannot be read; then nothing is said that depends on it.
    """
    from thesis import tones
    from thesis.assess import assess, with_last_rated
    from thesis.board import moves
    from thesis.journal.standing import due, standing
    from thesis.telling import unlike

    head = Row("", "", id=pack.thesis.id, title=pack.thesis.title)
    try:
        a = with_last_rated(pack, assess(pack, day))
    except LookupError as error:
        return replaced(head, why=f"nothing to assess: {error}")
    where, last = standing(pack, a, chain or ()), a.last_rated
    untold = _OF_JOURNAL[:1] if chain is not None else _OF_JOURNAL
    overdue = [each for each in due(pack, a, where) if each.is_overdue and each.kind not in untold]
    return replaced(
        head,
        verdict=a.headline,
        worst=a.verdict.worst,
        best=a.verdict.best,
        tone=tones.of_verdict(a.verdict),
        is_rated=a.verdict.rated,
        last=last.headline if last else "",
        last_on=str(last.day) if last else "",
        overridden=tuple(f"{f.id} until {f.override.until}" for f in a.overridden if f.override),
        without_overrides=unlike(a.without_overrides) if a.without_overrides else "",
        **_figures(a),
        better=moves.near(a, better=True),
        worse=moves.near(a, better=False),
        kill=moves.near_kill(a),
        next_review=moves.next_review(pack, a, where) if chain is not None else None,
        tripped=tuple(trip.id for trip in where.trips),
        trips=_open(where) if chain is not None else (),
        overdue=tuple(Overdue(d.kind, d.what, str(d.day), (day - d.day).days) for d in overdue),
    )


def _open(where: Standing) -> tuple[Tripped, ...]:
    return tuple(Tripped(trip.id, trip.claim, str(trip.since), trip.days) for trip in where.open_trips)


def _figures(a: Assessment) -> dict[str, Any]:
    return {
        "quarter": str(a.quarter),
        "filed": str(a.filed),
        "fresh_until": str(a.fresh_until),
        "next_quarter": a.next_due,
        "is_overdue": a.as_of > a.fresh_until,
    }
