"""Where signed reviews are stored, and how they are read, in order and without gaps.

``reviews/2026Q2.yaml`` is a review, ``reviews/2026Q2.2.yaml`` the one that supersedes it. A folder under
``reviews/inputs`` holds the pack's own files as they were when it was signed, so that it can be worked out
again. How a review is sealed, and how a seal is checked, stands in ``seal``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Any

from thesis.core.problem import InvalidInput, Problem
from thesis.files.cache import Cache
from thesis.files.disk import read_bytes
from thesis.files.own_folder import found_in, names_in
from thesis.journal.review_schema import SHAPES, Review
from thesis.journal.seal import REMEDY, broken_chain, digest_of, read_sealed_review
from thesis.pack.folder import REVIEWS, Folder, read_folder
from thesis.pack.schema.shapes import SHAPES as PACK_SHAPES
from thesis.pack.schema.shapes import freeze, thaw

INPUTS = "inputs"
_NAME = re.compile(r"(\d{4}Q[1-4])(?:\.([2-9]|[1-9]\d{1,2}))?")
_SHAPES = {**PACK_SHAPES, **{shape.__name__: shape for shape in SHAPES}}


def read_journal(pack: Path, shown: str) -> list[Review]:
    """Every signed review of a pack in the order of signing, those that were superseded too.

    ``shown`` is the pack's name to show. Errors: ``InvalidInput`` with all files that are unreadable, of a
    newer format, touched since they were signed, or out of the chain.
    """
    problems: list[Problem] = []
    found: list[Review] = []
    sources: dict[str, str] = {}
    for path in _files(pack, shown):
        name = f"{file_prefix(shown)}{REVIEWS}/{path.name}"
        try:
            found_in(pack, f"{REVIEWS}/{path.name}", name)
            sources[name], review = read_sealed_review(path, name)
            found.append(review)
        except InvalidInput as flawed:
            problems += flawed.problems
    if not problems:
        problems += broken_chain(found, file_prefix(shown))
    if problems:
        raise InvalidInput(problems, sources)
    return found


def reviews_in_force(chain: Iterable[Review]) -> list[Review]:
    """One review for each quarter, the one that supersedes in place of the superseded; oldest first."""
    return list({review.quarter: review for review in chain}.values())


def journal_head(chain: Sequence[Review]) -> str:
    """The seal that the next review builds on; empty before the first."""
    return chain[-1].seal if chain else ""


def inputs_name(pack: Path, review: Review) -> str:
    """The name of the folder with the pack's files that a review rests on."""
    is_own = (pack / REVIEWS / INPUTS / review.inputs).is_dir()
    return review.inputs if is_own else review.shared_inputs


def inputs_of(pack: Path, shown: str, review: Review) -> Folder:
    """The pack's files as they were when a review was signed.

    Errors: ``InvalidInput`` with every one of them that is missing, not what it was, or none of them.
    """
    inputs = inputs_name(pack, review)
    place = pack / REVIEWS / INPUTS / inputs
    name = f"{file_prefix(shown)}{REVIEWS}/{INPUTS}/{inputs}"
    if not found_in(pack, f"{REVIEWS}/{INPUTS}/{inputs}", name):
        raise InvalidInput([_gone(f"{name}/{file}", review) for file in review.digests.files])
    problems = []
    for file, digest in review.digests.files.items():
        if not found_in(place, file, f"{name}/{file}"):
            problems.append(_gone(f"{name}/{file}", review))
        elif digest_of(read_bytes(place / file, f"{name}/{file}")) != digest:
            message = f"`{name}/{file}` is not what it was when {review.name} was signed"
            problems.append(Problem("touched", message, hint=REMEDY))
    if problems:
        raise InvalidInput(problems)
    folder = read_folder(place, name)
    added = sorted(folder.digests.keys() - review.digests.files.keys())
    if added:
        message = f"`{name}/{added[0]}` was not there when {review.name} was signed"
        raise InvalidInput([Problem("touched", message, hint="take it out again")])
    return folder


def _gone(file: str, review: Review) -> Problem:
    return Problem("touched", f"`{file}` is gone, on which {review.name} was signed", hint=REMEDY)


def cached_journal(pack: Path, shown: str, cache: Cache) -> list[Review]:
    """The same as ``read_journal``, remembered under every byte of the files until one of them changes."""
    digest = _digest_of_all(_files(pack, shown), shown)
    kept = cache.recall("journals", digest)
    if kept is not None:
        try:
            found: list[Review] = json.loads(kept, object_hook=_thaw)
        except (ValueError, TypeError, KeyError):
            pass  # not what was kept: read the files again
        else:
            return found
    chain = read_journal(pack, shown)
    cache.keep("journals", json.dumps(freeze(chain)), digest)
    return chain


def journal_digest(pack: Path, shown: str) -> str:
    """Of every byte of the signed reviews; empty, where there are none."""
    files = _files(pack, shown)
    return _digest_of_all(files, shown) if files else ""


def _digest_of_all(files: Sequence[Path], shown: str) -> str:
    hashed = blake2b(digest_size=16)
    for path in files:
        data = read_bytes(path, f"{file_prefix(shown)}{REVIEWS}/{path.name}")
        hashed.update(f"{path.name} {len(data)} ".encode() + data)
    return hashed.hexdigest()


def _thaw(value: dict[str, Any]) -> Any:
    return thaw(value, _SHAPES)


def file_prefix(shown: str) -> str:
    """What goes before the name of a pack's file in a message."""
    return f"{shown.rstrip('/')}/" if shown not in ("", ".") else ""


def _files(pack: Path, shown: str) -> list[Path]:
    """The files of reviews in the order of quarters; none where there is no journal.

    Errors: ``InvalidInput`` for names that are none, and where the folder, or that of the inputs, leads out
    of the pack or cannot be read.
    """
    shown_folder = f"{file_prefix(shown)}{REVIEWS}"
    names = names_in(pack, REVIEWS, shown_folder, lambda name: name.endswith(".yaml") and name[0] != ".")
    names_in(pack, f"{REVIEWS}/{INPUTS}", f"{shown_folder}/{INPUTS}")
    files = [pack / REVIEWS / name for name in names]
    strange = sorted(path.name for path in files if not _NAME.fullmatch(path.stem))
    if strange:
        hint = "a review is called after its quarter: 2026Q2.yaml, 2026Q2.2.yaml"
        raise InvalidInput(
            [
                Problem("touched", f"`{file_prefix(shown)}{REVIEWS}/{name}` is no signed review", hint=hint)
                for name in strange
            ]
        )
    return sorted(files, key=lambda path: _place(path.stem))


def _place(stem: str) -> tuple[str, int]:
    quarter, _, number = stem.partition(".")
    return quarter, int(number or 1)
