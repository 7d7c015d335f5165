"""The exit codes of every command, and which one ``check`` ends with.

A number has one meaning for every command; ``docs/reference/exit-codes.md`` is the table for users. A mistake
never gives ``BELOW`` and a bad verdict never gives ``PROBLEM``, so that a scheduler can tell the two apart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from thesis.journal.status import JournalStatus
    from thesis.pack.load import Pack
    from thesis.scoring.assessment import Assessment

FINE = 0
"""The question was answered, or the file was written."""
BELOW = 1
"""Bad news: a verdict below what was asked for, a triggered kill criterion, an overdue review."""
WRONG_USAGE = 2
"""An option or argument that makes no sense. click uses the same number."""
PROBLEM = 3
"""A user's files have a mistake; nothing of what it is about was calculated or written."""
UNDETERMINED = 4
"""The facts that are known do not decide the question."""
BUG = 70
"""An error of the program itself (``EX_SOFTWARE`` of sysexits.h)."""
NOT_WRITTEN = 74
"""The answer could not be written (``EX_IOERR`` of sysexits.h)."""
INTERRUPTED = 130
"""The user stopped the program from the keyboard."""


def _is_signed_below(where: JournalStatus, pack: Pack, found: Assessment, wanted: int | None) -> bool:
    state = where.would_publish(found.quarter) or (where.last.state if where.last else None)
    levels = list(pack.thesis.verdict.levels)
    if wanted is None or state is None or state.level not in levels:
        return False
    return levels.index(state.level) < wanted


def check_exit_code(
    found: Assessment, pack: Pack, wanted: int | None, where: JournalStatus | None = None
) -> int:
    """The exit code of ``check``: ``FINE``, ``BELOW`` or ``UNDETERMINED``.

    ``wanted`` is the index of the verdict that was asked for with ``--fail-under``. A kill criterion that was
    triggered and that no signed review has decided on gives ``BELOW``, and so does a signed rating below the
    one that was asked for, whatever the figures of the day say.
    """
    if where and (where.open_trips or _is_signed_below(where, pack, found, wanted)):
        return BELOW
    if not found.verdict.rated:
        return UNDETERMINED
    levels = list(pack.thesis.verdict.levels)
    worst, best = levels.index(found.verdict.worst), levels.index(found.verdict.best)
    if wanted is None:
        return FINE if worst == best else UNDETERMINED
    if best < wanted:
        return BELOW
    return FINE if worst >= wanted else UNDETERMINED
