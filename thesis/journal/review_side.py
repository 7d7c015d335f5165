"""A signed review as one side of a comparison."""

from __future__ import annotations

from thesis.files.cache import Cache
from thesis.journal.causes import ComparisonSide
from thesis.journal.review_schema import Review
from thesis.journal.store import inputs_of
from thesis.pack.folder import Folder
from thesis.workspace import discovery


def review_side(folder: Folder, review: Review, cache: Cache) -> ComparisonSide:
    """A signed review's own pack, on the day it looked from.

    Errors: ``InvalidInput`` if its files were touched.
    """
    return side_on(inputs_of(folder.path, folder.shown.rstrip("/"), review), review, cache)


def side_on(inputs: Folder, review: Review, cache: Cache) -> ComparisonSide:
    """The same, of files that were found to be what they were."""
    looked = f"as of {review.as_of}, " if review.as_of != review.signed else ""
    name = f"{review.name} ({looked}signed {review.signed})"
    return ComparisonSide(
        name, discovery.reopen_sealed_pack(inputs, cache), review.day, review.state.told, review
    )
