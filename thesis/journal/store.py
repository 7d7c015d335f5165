"""Where signed reviews are stored, and how they are read, in order and without gaps.

``reviews/2026Q2.yaml`` is a review, ``reviews/2026Q2.2.yaml`` the one that supersedes it. A folder under
``reviews/inputs`` holds the pack's own files as they were when it was signed, so that it can be worked out
again. Each review ends with its seal, a digest of every byte above, and names the seal of the one before.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Any

from thesis.core.problem import InvalidInput, Problem, SourceSpan
from thesis.core.record import pydantic_ready
from thesis.files.cache import Cache
from thesis.files.disk import read_bytes
from thesis.files.yaml import read_yaml
from thesis.journal.review_schema import FORMAT, SHAPES, Review
from thesis.pack.folder import REVIEWS, Folder, read_folder
from thesis.pack.load import validate
from thesis.pack.schema.shapes import SHAPES as PACK_SHAPES
from thesis.pack.schema.shapes import freeze, thaw

INPUTS = "inputs"
BEGUN = ".begun"


def begun_name(inputs: str) -> str:
    """The mark beside a copy of a pack's files while the review that rests on it is being signed."""
    return f".{inputs}{BEGUN}"


SEAL = "seal: "
_REMEDY = "get it back from a copy of the journal"
_FORMAT = re.compile(r"^format: (.*)$", re.MULTILINE)
_NAME = re.compile(r"(\d{4}Q[1-4])(?:\.([2-9]|[1-9]\d{1,2}))?")
_SHAPES = {**PACK_SHAPES, **{shape.__name__: shape for shape in SHAPES}}


def seal_text(text: str) -> str:
    """The text of a review with its seal as the last line."""
    return f"{text}{SEAL}{_digest(text.encode())}\n"


def _digest(data: bytes) -> str:
    return blake2b(data, digest_size=16).hexdigest()


def read_journal(pack: Path, shown: str) -> list[Review]:
    """Every signed review of a pack in the order of signing, those that were superseded too.

    ``shown`` is the pack's name to show. Errors: ``InvalidInput`` with all files that are unreadable, of a
    newer format, touched since they were signed, or out of the chain.
    """
    problems: list[Problem] = []
    found: list[Review] = []
    sources: dict[str, str] = {}
    for path in _files(pack, shown):
        name = f"{_prefix(shown)}{REVIEWS}/{path.name}"
        try:
            sources[name], review = _review(path, name)
            found.append(review)
        except InvalidInput as flawed:
            problems += flawed.problems
    if not problems:
        problems += _broken_chain(found, shown)
    if problems:
        raise InvalidInput(problems, sources)
    return found


def reviews_in_force(chain: Iterable[Review]) -> list[Review]:
    """One review for each quarter, the one that supersedes in place of the superseded; oldest first."""
    return list({review.quarter: review for review in chain}.values())


def journal_head(chain: Sequence[Review]) -> str:
    """The seal that the next review builds on; empty before the first."""
    return chain[-1].seal if chain else ""


def inputs_of(pack: Path, shown: str, review: Review) -> Folder:
    """The pack's files as they were when a review was signed.

    Errors: ``InvalidInput`` with every one of them that is missing, not what it was, or none of them.
    """
    place = pack / REVIEWS / INPUTS / review.inputs
    name = f"{_prefix(shown)}{REVIEWS}/{INPUTS}/{review.inputs}"
    problems = []
    for file, digest in review.digests.files.items():
        if not (place / file).is_file():
            problems.append(_gone(f"{name}/{file}", review))
        elif _digest(read_bytes(place / file, f"{name}/{file}")) != digest:
            message = f"`{name}/{file}` is not what it was when {review.name} was signed"
            problems.append(Problem("touched", message, hint=_REMEDY))
    if problems:
        raise InvalidInput(problems)
    folder = read_folder(place, name)
    added = sorted(folder.digests.keys() - review.digests.files.keys())
    if added:
        message = f"`{name}/{added[0]}` was not there when {review.name} was signed"
        raise InvalidInput([Problem("touched", message, hint="take it out again")])
    return folder


def _gone(file: str, review: Review) -> Problem:
    return Problem("touched", f"`{file}` is gone, on which {review.name} was signed", hint=_REMEDY)


def cached_journal(pack: Path, shown: str, cache: Cache) -> list[Review]:
    """The same as ``read_journal``, remembered under every byte of the files until one of them changes."""
    if not (pack / REVIEWS).is_dir():
        return []
    digest = _digest_of_all(_files(pack, shown))
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
    return _digest_of_all(files) if files else ""


def _digest_of_all(files: Sequence[Path]) -> str:
    hashed = blake2b(digest_size=16)
    for path in files:
        data = read_bytes(path, path.name)
        hashed.update(f"{path.name} {len(data)} ".encode() + data)
    return hashed.hexdigest()


def _thaw(value: dict[str, Any]) -> Any:
    return thaw(value, _SHAPES)


def _prefix(shown: str) -> str:
    return f"{shown.rstrip('/')}/" if shown not in ("", ".") else ""


def _files(pack: Path, shown: str) -> list[Path]:
    """The files of reviews in the order of quarters. Errors: ``InvalidInput`` for names that are none."""
    folder = pack / REVIEWS
    files = [path for path in folder.glob("*.yaml") if not path.name.startswith(".")]
    strange = sorted(path.name for path in files if not _NAME.fullmatch(path.stem))
    if strange:
        hint = "a review is called after its quarter: 2026Q2.yaml, 2026Q2.2.yaml"
        raise InvalidInput(
            [
                Problem("touched", f"`{_prefix(shown)}{REVIEWS}/{name}` is no signed review", hint=hint)
                for name in strange
            ]
        )
    return sorted(files, key=lambda path: _place(path.stem))


def _place(stem: str) -> tuple[str, int]:
    quarter, _, number = stem.partition(".")
    return quarter, int(number or 1)


def _review(path: Path, shown: str) -> tuple[str, Review]:
    """A review and its text.

    Errors: ``InvalidInput`` where it is not as it was signed, or of a newer format.
    """
    data = read_bytes(path, shown)
    _refuse_newer(data, shown)
    above, _, seal = data.rpartition(SEAL.encode())
    if not above or seal != f"{_digest(above)}\n".encode():
        raise InvalidInput([_touched(shown, "its seal does not fit what it says")])
    text = data.decode()
    document = read_yaml(text, shown)
    pydantic_ready(SHAPES)
    review: Review = validate(document, Review)
    if review.name != path.stem:
        raise InvalidInput([_touched(shown, f"it is the review {review.name}, under another name")])
    return text, review


def _refuse_newer(data: bytes, shown: str) -> None:
    """A newer program may seal in another way, so its format is looked at before the seal."""
    text = data.decode("utf-8", "replace")
    said = _FORMAT.search(text)
    if said is None or not (said[1].isdecimal() and said[1].isascii() and len(said[1]) < 10):
        raise InvalidInput([_touched(shown, "it does not say which format it has")])
    if int(said[1]) > FORMAT:
        message = f"expected a review of format {FORMAT} or older, found format {said[1]}"
        hint = "a newer version of thesis signed it: install that one to read it"
        line = text[: said.start(1)].count("\n") + 1
        raise InvalidInput(
            [Problem("newer-format", message, SourceSpan(shown, line, 9), hint)], {shown: text}
        )


def _touched(shown: str, why: str) -> Problem:
    message = f"`{shown}` is not as it was signed: {why}"
    return Problem("touched", message, SourceSpan(shown, 1, 1), _REMEDY)


def _broken_chain(found: Sequence[Review], shown: str) -> list[Problem]:
    """The first file that does not follow on the one before it."""
    before: Review | None = None
    for review in found:
        name = f"{_prefix(shown)}{REVIEWS}/{review.name}.yaml"
        if review.digests.previous != (before.seal if before else ""):
            stands = f"{before.name} stands" if before else "nothing stands"
            message = f"a gap in the journal: what `{name}` follows on is not there, {stands} before it"
            hint = "it is missing or was replaced; get it back from a copy of the journal"
            return [Problem("gap", message, SourceSpan(name, 1, 1), hint)]
        before = review
    return []
