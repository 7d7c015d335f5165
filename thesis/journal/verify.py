"""Verifies the journal: every seal, the order of reviews, and that each follows from its sealed inputs.

Seals, the chain and the files that a review rests on are checked for every review. Its figures are recomputed
where its rules version is this program's; under another one they may differ for good reasons, and nothing
would follow from a comparison.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from thesis.core import semantics
from thesis.core.period import parse_day
from thesis.core.problem import InvalidInput, Problem, SourceSpan
from thesis.core.record import replace_fields
from thesis.files.own_folder import names_in
from thesis.journal import review_file
from thesis.journal.begun_mark import begun_marks
from thesis.journal.foreign_files import foreign_files
from thesis.journal.review_schema import Review
from thesis.journal.seal import REMEDY
from thesis.journal.sealed_forecasts import new_forecasts
from thesis.journal.sign import AnalystWords, draft_review
from thesis.journal.store import INPUTS, file_prefix, inputs_name, inputs_of, journal_head, read_journal
from thesis.pack.folder import REVIEWS, Folder
from thesis.pack.load import Pack, build
from thesis.scoring.assess import assess

_HEAD = re.compile(r"(?<![0-9A-Za-z])[0-9A-Fa-f]{32}(?![0-9A-Za-z])")
_RECORD = re.compile(r"^(program: |  assessment: ).*\n", re.MULTILINE)


class VerifiedJournal(NamedTuple):
    """A journal in order: its head, to be anchored outside, and what is worth knowing of it.

    ``unproved`` names, in words, the reviews that were not recomputed since they were sealed under another
    rules version than this program's: their seals hold, and nothing more is known. ``left_over`` are traces
    of a review that was taken away.
    """

    chain: tuple[Review, ...]
    head: str
    notes: tuple[str, ...] = ()
    unproved: tuple[str, ...] = ()
    left_over: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether every seal holds and nothing shows that a review was taken away."""
        return not self.left_over

    @property
    def is_proved(self) -> bool:
        """Whether it is whole and every review was recomputed as well."""
        return self.is_whole and not self.unproved


def verify_journal(pack: Path, shown: str, now: Pack | None = None) -> VerifiedJournal:
    """Read every review, and recompute those of this program's rules version from their own inputs.

    ``now`` is the pack as it stands, whose forecasts are held against the sealed ones. Errors:
    ``InvalidInput`` with the first review that is not what it was, or that does not follow from its inputs.
    """
    chain = read_journal(pack, shown)
    notes: list[str] = []
    unproved: list[str] = []
    for i, review in enumerate(chain):
        inputs = inputs_of(pack, shown, review)
        if not review.is_of_these_rules:
            unproved.append(_not_recomputed(review))
            continue
        again, signed = replay_review(inputs, review, chain[:i]), review_file.review_yaml(review)
        if again == signed:
            continue
        if _numbers(again) == _numbers(signed):
            notes.append(f"{review.name}: every number comes out again, in a record of another form")
            continue
        message = f"`{REVIEWS}/{review.name}.yaml` does not follow from the files it was signed on"
        hint = (
            "it was sealed by something else than `thesis review sign`, or the program was changed without "
            "a new rules version"
        )
        raise InvalidInput([Problem("not-reproduced", message, hint=hint)])
    if now is not None:
        new_forecasts(now, chain, max((r.day for r in chain), default=parse_day("1990-01-01")))
    foreign = foreign_files(pack, shown, chain)
    if foreign:
        raise InvalidInput(foreign)
    left = left_over(pack, shown, chain)
    return VerifiedJournal(tuple(chain), journal_head(chain), tuple(notes), tuple(unproved), tuple(left))


def _not_recomputed(review: Review) -> str:
    """Why a review was not recomputed, and what can be known of it."""
    versions = f"rules version {review.rules_version} (this program: {semantics.SEMANTICS})"
    said = f"{review.name}: sealed under {versions}; its seal holds; not recomputed"
    if review.rules_version > semantics.SEMANTICS:
        return f"{said}. A newer version of thesis signed it: install that one to recompute it"
    return said


def left_over(pack: Path, shown: str, chain: Sequence[Review]) -> list[str]:
    """Copies of a pack's files that no review rests on.

    The newest review can be taken away without a gap; the files that it was signed on then stay behind,
    unless they were taken too. That nothing is missing at the end only a head kept outside can prove. A
    signing that was cut off leaves such a copy as well, with a mark, and the next one takes both away.
    """
    copies = f"{REVIEWS}/{INPUTS}"
    used = {inputs_name(pack, review) for review in chain}
    begun = {mark.inputs: mark.review for mark in begun_marks(pack, shown, chain) if mark.review}
    names = names_in(pack, copies, file_prefix(shown) + copies, lambda name: name[0] != ".")
    return [
        f"{copies}/{name} belongs to no review: {_where_it_went(begun.get(name, ''))}"
        for name in names
        if name not in used and (pack / copies / name).is_dir()
    ]


def _where_it_went(begun: str) -> str:
    if not begun:
        return "one was taken away"
    return (
        f"the signing of {begun} was cut off, or the review was taken away; signing it again clears this up"
    )


def kept_head(text: str, shown: str, chain: Sequence[Review]) -> Review:
    """The newest review whose head was kept outside: nothing up to it was taken away or rewritten.

    ``text`` is whatever the heads were kept in, as the messages of signed tags: every word of 32 hexadecimal
    digits counts. Errors: ``InvalidInput`` where it holds none, or one that is of no review in the journal.
    """
    heads = list(dict.fromkeys(word.lower() for word in _HEAD.findall(text)))
    if not heads:
        message = f"expected a head in `{shown}`, 32 hexadecimal digits, found none"
        hint = "keep what `thesis review verify --head` prints"
        raise InvalidInput([Problem("no-head", message, SourceSpan(shown, 1, 1), hint)])
    known = {review.seal: review for review in chain}
    lost = [head for head in heads if head not in known]
    if lost:
        message = f"the head {lost[0]} was kept in `{shown}`, and no review of the journal has it"
        hint = "a review was taken away, or the journal was written anew: " + REMEDY
        raise InvalidInput([Problem("other-head", message, SourceSpan(shown, 1, 1), hint)])
    return max((known[head] for head in heads), key=list(chain).index)


def _numbers(text: str) -> str:
    """A review without what another version of the program says otherwise of the same numbers."""
    return _RECORD.sub("", text)


def replay_review(inputs: Folder, review: Review, before: Sequence[Review]) -> str:
    """The text of a review as it comes out of its inputs today, by what its analyst said then."""
    pack = build(inputs)[0]
    found = assess(pack, review.day)
    again = draft_review(inputs, pack, found, before, parse_day(review.signed), words_of(review))
    if review.digests.facts in inputs.facts_digests:
        again = replace_fields(again, digests=replace_fields(again.digests, facts=review.digests.facts))
    return review_file.review_yaml(again)


def words_of(review: Review) -> AnalystWords:
    """What the analyst said on signing."""
    return AnalystWords(
        by=review.by,
        decision=review.decision,
        note=review.note,
        premortem=tuple(review.premortem),
        opposing=review.opposing,
        supersedes=review.supersedes,
        reunderwriting=review.reunderwriting,
        accepted=tuple(review.accepted),
    )
