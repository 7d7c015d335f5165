"""One at a time may change the files of a pack."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from thesis.core.problem import InvalidInput, Problem

LOCK = ".thesis.lock"
PATIENCE = 5.0  # seconds to wait for another who is writing


@contextmanager
def pack_lock(pack: Path, shown: str, patience: float = PATIENCE) -> Iterator[None]:
    """Hold a pack's files while they are changed; the system lets go of them if the program dies.

    Errors: ``InvalidInput`` where another holds them for longer than ``patience`` seconds, or the folder
    cannot be written to.
    """
    from filelock import FileLock, Timeout

    lock = FileLock(pack / LOCK, timeout=patience)
    try:
        lock.acquire()
    except Timeout:
        where = f"`{shown}`" if shown not in ("", ".") else "this folder"
        message = f"somebody else is writing to {where}; nothing was changed"
        hint = "wait until they are done, and say it again"
        raise InvalidInput([Problem("locked", message, hint=hint)]) from None
    except OSError as error:
        raise unwritable(shown if shown not in ("", ".") else str(pack), error) from None
    try:
        yield
    finally:
        lock.release()


def unwritable(shown: str, error: OSError) -> InvalidInput:
    """What to say of a file that cannot be written, nothing having changed."""
    reason = (error.strerror or "it cannot be written").lower()
    return InvalidInput([Problem("unwritable", f"cannot write `{shown}`: {reason}; nothing was changed")])
