"""The record of one pack on a list or a board."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from typing import Any

from thesis.core.record import record
from thesis.pack.schema.shapes import freeze, thaw

PROGRAM_FAULT = "program-fault"
"""The code of what is wrong with the program and not with a pack: it failed where nobody foresaw it."""


@record
class NearestChange:
    """A figure that would change the verdict soonest: ``moves`` away in its typical quarterly moves.

    ``is_open``: another that would has no known typical move, and may be nearer; where there are only such,
    ``moves`` is None. Where nothing can alone, ``to`` is empty and ``text`` says so.
    """

    text: str
    to: str = ""
    moves: float | None = None
    is_open: bool = False


@record
class NearestKill:
    """The criterion that is nearest to tripping: ``gap`` in its unit, ``moves`` in its typical ones."""

    id: str
    text: str
    gap: str
    moves: float | None
    is_near: bool


@record
class RatingMove:
    """What became of the verdict of the day since a review, in a word, and what moved it.

    ``text`` names each cause that moved it: ``new quarters: AT RISK to WATCH``; those of the analyst's own
    making are marked ``(ours)``.
    """

    since: str
    word: str
    text: str = ""


@record
class SignedRating:
    """What the last review in force says: its verdict, since which review, by whom; and what it decided.

    ``decision`` is the last that a review made, and ``decided`` the day on which that one was signed.
    """

    verdict: str
    told: str
    since: str
    review: str
    signed: str
    by: str
    decision: str = ""
    decided: str = ""


@record
class NextReview:
    """The next review: of which quarter, and by when. ``is_filed``: its figures are there already."""

    quarter: str
    by: str
    is_filed: bool
    is_overdue: bool


@record
class OpenTrigger:
    """A kill criterion that has tripped and that nobody has decided on."""

    id: str
    claim: str
    since: str
    days: int


@record
class OverdueItem:
    """Something that ``thesis due`` lists as overdue."""

    kind: str
    what: str
    since: str
    days: int


@record
class PackTrouble:
    """A problem in a pack or its journal: where, what, and the remedy."""

    code: str
    place: str
    message: str
    hint: str = ""
    in_journal: bool = False


@record
class BoardRow:
    """Where one pack stands: ``verdict`` is empty where it has none, and then ``why`` says why.

    ``name`` is what ``-p`` takes. ``last`` and ``last_on`` are the last rating before the day where there is
    none on it. ``fresh_until`` is the day by which the figures of ``next_quarter`` are due, and the next
    review with them. ``tone`` is that of the verdict.
    """

    name: str
    where: str
    group: str = ""
    """On a board: attention, active or closed."""
    reasons: Sequence[str] = ()
    """Why it needs attention, the most urgent first."""
    is_bundled: bool = False
    id: str = ""
    title: str = ""
    verdict: str = ""
    worst: str = ""
    best: str = ""
    tone: str = ""
    is_rated: bool = False
    last: str = ""
    last_on: str = ""
    todo: Sequence[str] = ()
    """Where it is not rated, the first steps that restore a rating."""
    quarter: str = ""
    filed: str = ""
    fresh_until: str = ""
    next_quarter: str = ""
    is_overdue: bool = False
    published: SignedRating | None = None
    change: RatingMove | None = None
    overridden: Sequence[str] = ()
    """Rules and kill criteria under an override in force, each with its last day."""
    without_overrides: str = ""
    """The verdict as it would be without them."""
    better: NearestChange | None = None
    worse: NearestChange | None = None
    kill: NearestKill | None = None
    next_review: NextReview | None = None
    tripped: Sequence[str] = ()
    """The kill criteria that have tripped, whatever was decided on them."""
    trips: Sequence[OpenTrigger] = ()
    overdue: Sequence[OverdueItem] = ()
    problems: Sequence[PackTrouble] = ()
    why: str = ""

    @property
    def own_problems(self) -> list[PackTrouble]:
        """What is wrong in the pack."""
        return [trouble for trouble in self.problems if not trouble.in_journal]

    @property
    def journal_problems(self) -> list[PackTrouble]:
        """What is wrong in its journal."""
        return [trouble for trouble in self.problems if trouble.in_journal]

    @property
    def remedy(self) -> str:
        """The command that shows what is wrong in the pack."""
        failed = any(trouble.code == PROGRAM_FAULT for trouble in self.problems)
        return f"thesis {'check' if failed else 'lint'} {shlex.quote(self.name)}"

    @property
    def label(self) -> str:
        """What it is called: what ``-p`` takes, with its id where that is another word."""
        is_told = not self.id or self.name.rpartition("/")[2] == self.id
        return self.name if is_told else f"{self.name} ({self.id})"


SHAPES: Mapping[str, type] = {
    shape.__name__: shape
    for shape in (
        NearestChange,
        NearestKill,
        RatingMove,
        SignedRating,
        NextReview,
        OpenTrigger,
        OverdueItem,
        PackTrouble,
        BoardRow,
    )
}


def row_to_json(row: BoardRow) -> Any:
    """A row as JSON can hold it."""
    return freeze(row)


def row_from_json(value: dict[str, Any]) -> Any:
    """An ``object_hook`` that makes of it what ``row_to_json`` was given."""
    return thaw(value, SHAPES)
