"""Sides: a signed review as one side of a comparison."""

from __future__ import annotations

from thesis import shelf
from thesis.cache import Cache
from thesis.folder import Folder
from thesis.journal.causes import Side
from thesis.journal.records import Review
from thesis.journal.store import inputs_of


def review_side(folder: Folder, review: Review, cache: Cache) -> Side:
    """A signed review's own pack, on the day it looked from. Errors: ``Flawed`` if its files were touched."""
    return side_on(inputs_of(folder.path, folder.shown.rstrip("/"), review), review, cache)


def side_on(inputs: Folder, review: Review, cache: Cache) -> Side:
    """The same, of files that were found to be what they were."""
    looked = f"as of {review.as_of}, " if review.as_of != review.signed else ""
    name = f"{review.name} ({looked}signed {review.signed})"
    return Side(name, shelf.reopened(inputs, cache), review.day, review.state.told, review)
