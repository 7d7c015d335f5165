"""The mark of a signing that is under way, beside the copy of the pack's files that it has made.

It says which review is being written and on which head of the journal, under a seal of its own. Whoever finds
it knows that the copy belongs to that review; where the review is not there, its signing was cut off, or the
review was taken away afterwards and the mark put there. Nobody can tell the two apart, so a mark is never a
reason to call a journal whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from thesis.core.problem import InvalidInput
from thesis.files.disk import read_bytes
from thesis.files.own_folder import names_in
from thesis.journal.review_schema import Review
from thesis.journal.seal import seal_text
from thesis.journal.store import INPUTS, file_prefix
from thesis.pack.folder import REVIEWS

BEGUN = ".begun"
_MOST_BYTES = 1_000
_MARK = re.compile(r"review: (\S+)\non: (\S+)\ninputs: (\S+)\nseal: [0-9a-f]{32}\n")


class BegunMark(NamedTuple):
    """A mark: where it lies, the folder beside it, the review that was begun; empty if it does not hold."""

    path: Path
    inputs: str
    review: str


def begun_name(inputs: str) -> str:
    """The name of the mark beside a copy of a pack's files."""
    return f".{inputs}{BEGUN}"


def begun_text(review: Review, inputs: str) -> str:
    """What the mark of a review says, which follows on a head and rests on a folder of inputs."""
    return seal_text(f"review: {review.name}\non: {review.digests.previous or '-'}\ninputs: {inputs}\n")


def begun_marks(pack: Path, shown: str, chain: Sequence[Review]) -> Iterator[BegunMark]:
    """Every mark beside the inputs of reviews; one holds that is whole and whose review would be the next.

    Errors: ``InvalidInput`` where their folder cannot be read.
    """
    head = chain[-1].seal if chain else "-"
    signed = {review.name for review in chain}
    copies = f"{REVIEWS}/{INPUTS}"
    for name in names_in(pack, copies, file_prefix(shown) + copies, _is_mark):
        path = pack / copies / name
        inputs = name.removeprefix(".").removesuffix(BEGUN)
        try:
            text = read_bytes(path, name, _MOST_BYTES).decode()
        except (InvalidInput, UnicodeDecodeError):
            text = ""
        found = _MARK.fullmatch(text)
        is_whole = found is not None and text == seal_text(text[: text.rindex("seal: ")])
        holds = found is not None and is_whole and found[2] == head and found[3] == inputs
        yield BegunMark(path, inputs, found[1] if found and holds and found[1] not in signed else "")


def _is_mark(name: str) -> bool:
    return name.startswith(".") and name.endswith(BEGUN)
