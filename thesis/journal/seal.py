"""The seal of a signed review, and the chain that seals form.

The last line of a review is its seal, a digest of every byte above it. Each review also names the seal of the
one before, so that a review that was edited, replaced or removed is found. A seal proves nothing against
somebody who reseals the whole chain; for that the newest seal is kept elsewhere (``review verify --head``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path

from thesis.core.problem import InvalidInput, Problem, SourceSpan
from thesis.core.record import pydantic_ready
from thesis.files.disk import read_bytes
from thesis.files.yaml import read_yaml
from thesis.journal.review_schema import FORMAT, SHAPES, Review
from thesis.pack.folder import REVIEWS
from thesis.pack.validate import validate

SEAL = "seal: "
REMEDY = "get it back from a copy of the journal"
_FORMAT = re.compile(r"^format: (.*)$", re.MULTILINE)


def seal_text(text: str) -> str:
    """The text of a review with its seal as the last line."""
    return f"{text}{SEAL}{digest_of(text.encode())}\n"


def digest_of(data: bytes) -> str:
    """The digest that a seal consists of: BLAKE2b with 16 bytes, as 32 hexadecimal digits."""
    return blake2b(data, digest_size=16).hexdigest()


def read_sealed_review(path: Path, shown: str) -> tuple[str, Review]:
    """The text of a signed review, and the review, after its seal was checked.

    Errors: ``InvalidInput`` where it is not as it was signed, or of a newer format.
    """
    return sealed_review(read_bytes(path, shown), shown, path.stem)


def sealed_review(data: bytes, shown: str, name: str) -> tuple[str, Review]:
    """The same of the bytes of a file, which has to hold the review of this name."""
    _refuse_newer(data, shown)
    above, _, seal = data.rpartition(SEAL.encode())
    if not above or seal != f"{digest_of(above)}\n".encode():
        raise InvalidInput([_touched(shown, "its seal does not fit what it says")])
    text = data.decode()
    document = read_yaml(text, shown)
    pydantic_ready(SHAPES)
    review: Review = validate(document, Review)
    if review.name != name:
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
    return Problem("touched", message, SourceSpan(shown, 1, 1), REMEDY)


def broken_chain(found: Sequence[Review], prefix: str) -> list[Problem]:
    """The first review that does not name the seal of the one before it; none where the chain holds.

    ``prefix`` goes before the names of files in messages.
    """
    before: Review | None = None
    for review in found:
        name = f"{prefix}{REVIEWS}/{review.name}.yaml"
        if review.digests.previous != (before.seal if before else ""):
            stands = f"{before.name} stands" if before else "nothing stands"
            message = f"a gap in the journal: what `{name}` follows on is not there, {stands} before it"
            hint = "it is missing or was replaced; get it back from a copy of the journal"
            return [Problem("gap", message, SourceSpan(name, 1, 1), hint)]
        before = review
    return []
