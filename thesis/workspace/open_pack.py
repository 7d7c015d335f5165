"""Opening a pack: reading its files, checking them with lint, and caching a pack without errors.

A pack without errors is cached as JSON under the digest of its bytes, so that it is neither parsed nor
checked again until one of its files changes. A pack without errors on one day has none on any later day; on
an earlier day something in it may lie in the future, so it is checked again.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from thesis.core.problem import InvalidInput, Problem
from thesis.files.cache import Cache
from thesis.pack.folder import Folder

if TYPE_CHECKING:
    from thesis.pack.load import Pack


def open_pack(folder: Folder, today: date, cache: Cache, *, unfinished: bool = False) -> Pack:
    """The pack in a folder, in order; ``unfinished``: or with something still to be written by its author.

    Errors: ``InvalidInput`` with everything that is wrong with it.
    """
    from thesis.pack.load import freeze_pack, thaw_pack

    frozen = cache.recall("packs", folder.digest, on=today)
    if frozen is not None:
        try:
            return thaw_pack(frozen, folder)
        except (ValueError, TypeError, KeyError, AttributeError):
            pass  # not what was kept: check the pack again
    known = cache.recall("facts", folder.facts_digest, on=today) is not None
    try:
        pack = checked_pack(folder, today, facts_known=known)
    except InvalidInput as flawed:
        from thesis.lint.placeholders import is_only_unfinished
        from thesis.pack.load import build

        if unfinished and is_only_unfinished(flawed.problems):
            return build(folder)[0]
        raise
    cache.keep("packs", freeze_pack(pack), folder.digest, since=today)
    if not known:
        cache.keep("facts", "", folder.facts_digest, since=today)
    return pack


def reopen_sealed_pack(folder: Folder, cache: Cache) -> Pack:
    """A pack that was in order when a review was signed on it: read as it is, and not checked again.

    Errors: ``InvalidInput`` where its form is not what this program reads.
    """
    from thesis.pack.load import build, freeze_pack, thaw_pack

    frozen = cache.recall("packs", folder.digest)
    if frozen is not None:
        try:
            return thaw_pack(frozen, folder)
        except (ValueError, TypeError, KeyError, AttributeError):
            pass  # not what was kept: read it again
    pack = build(folder)[0]
    cache.keep("packs", freeze_pack(pack), folder.digest, since=date.max)  # read, and in order on no day yet
    return pack


def checked_pack(folder: Folder, today: date, *, facts_known: bool = False) -> Pack:
    """The pack in a folder, after lint. Errors: ``InvalidInput`` with every error that lint found."""
    pack, found = examined_pack(folder, today, facts_known=facts_known, warnings=False)
    errors = [problem for problem in found if problem.level == "error"]
    if errors:
        raise InvalidInput(errors, folder.sources)
    return pack


def examined_pack(
    folder: Folder, today: date, *, facts_known: bool = False, warnings: bool = True
) -> tuple[Pack, list[Problem]]:
    """The pack in a folder, and what lint says of it; with ``warnings=False`` only its errors.

    Errors: ``InvalidInput`` where its form is not right, with what else is wrong as far as that can be told.
    """
    from thesis.lint import lint_pack
    from thesis.pack.load import build

    try:
        pack, documents = build(folder)
    except InvalidInput as flawed:
        from thesis.lint.recovery import other_problems

        raise InvalidInput([*flawed.problems, *other_problems(folder, today)], flawed.sources) from None
    return pack, lint_pack(pack, documents, today, facts_known=facts_known, warnings=warnings)
