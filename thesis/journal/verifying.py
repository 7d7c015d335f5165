"""Verifying: whether the journal is what was signed, and each review what follows from what it rests on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from thesis import __version__
from thesis.assess import assess
from thesis.folder import REVIEWS, Folder
from thesis.journal import recording
from thesis.journal.records import Review
from thesis.journal.signing import Words, drafted, new_forecasts
from thesis.journal.store import INPUTS, head, inputs_of, journal
from thesis.pack import Pack, build
from thesis.problems import Flawed, Problem
from thesis.quarter import parse_day

_RECORD = re.compile(r"^(program: |  assessment: ).*\n", re.MULTILINE)


class Verified(NamedTuple):
    """A journal in order: its head, to be anchored outside, and what is worth knowing of it."""

    chain: tuple[Review, ...]
    head: str
    notes: tuple[str, ...] = ()


def verify(pack: Path, shown: str, now: Pack | None = None) -> Verified:
    """Read every review, and work each out again from its own inputs.

    ``now`` is the pack as it stands, whose forecasts are held against the sealed ones. Errors: ``Flawed``
    with the first review that is not what it was, or that does not follow from its inputs.
    """
    chain = journal(pack, shown)
    notes: list[str] = []
    for i, review in enumerate(chain):
        inputs = inputs_of(pack, shown, review)
        again, signed = replayed(inputs, review, chain[:i]), recording.written(review)
        if again == signed:
            continue
        if _numbers(again) == _numbers(signed):
            notes.append(f"{review.name}: every number comes out again, in a record of another form")
            continue
        if review.program != __version__:
            notes.append(f"{review.name} was signed by version {review.program}; this one reckons otherwise")
            continue
        message = f"`{REVIEWS}/{review.name}.yaml` does not follow from the files it was signed on"
        hint = "it was sealed by something else than `thesis review sign`, or the program was changed"
        raise Flawed([Problem("not-reproduced", message, hint=hint)])
    notes += left_over(pack, chain)
    if now is not None:
        new_forecasts(now, chain, max((r.day for r in chain), default=parse_day("1990-01-01")))
    return Verified(tuple(chain), head(chain), tuple(notes))


def left_over(pack: Path, chain: Sequence[Review]) -> list[str]:
    """Copies of a pack's files that no review rests on.

    The newest review can be taken away without a gap; the files that it was signed on then stay behind,
    unless they were taken too. That nothing is missing at the end only a head kept outside can prove.
    """
    place = pack / REVIEWS / INPUTS
    used = {review.inputs for review in chain}
    names = sorted(folder.name for folder in place.iterdir()) if place.is_dir() else []
    return [
        f"{REVIEWS}/{INPUTS}/{name} belongs to no review: signing was cut off, or a review was taken away"
        for name in names
        if name not in used and not name.startswith(".")
    ]


def _numbers(text: str) -> str:
    """A review without what another version of the program says otherwise of the same numbers."""
    return _RECORD.sub("", text)


def replayed(inputs: Folder, review: Review, before: Sequence[Review]) -> str:
    """The text of a review as it comes out of its inputs today, by what its analyst said then."""
    pack = build(inputs)[0]
    found = assess(pack, review.day)
    again = drafted(inputs, pack, found, before, parse_day(review.signed), words_of(review))
    return recording.written(again)


def words_of(review: Review) -> Words:
    """What the analyst said on signing."""
    return Words(
        by=review.by,
        decision=review.decision,
        note=review.note,
        premortem=tuple(review.premortem),
        opposing=review.opposing,
        supersedes=review.supersedes,
        reunderwriting=review.reunderwriting,
    )
