"""Signs a review: an assessment is sealed in the journal and can no longer be changed.

The pack's own files are copied into a folder beside the review, so that it can be worked out again from
what it rested on. The review's file is the last thing written, in one step: before it there is no review,
after it there is the whole one. What a run that was cut off left behind is swept away by the next.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

from thesis import __version__
from thesis.case.forecast_terms import formulas_of
from thesis.core import semantics
from thesis.core.period import parse_day
from thesis.core.problem import InvalidInput, Problem
from thesis.core.record import replace_fields
from thesis.files.disk import (
    UNFINISHED,
    pack_lock,
    sweep_leftovers,
    sync_folder,
    unwritable,
    write_atomically,
    write_together,
)
from thesis.journal import review_file
from thesis.journal.begun_mark import begun_marks, begun_name, begun_text
from thesis.journal.no_lookahead import lookahead_violations
from thesis.journal.outlier_check import accepted_outliers
from thesis.journal.review_schema import (
    DECISIONS,
    FORMAT,
    AcceptedOutlier,
    Decision,
    InputDigests,
    RatingState,
    Review,
    SealedFormula,
)
from thesis.journal.seal import seal_text, sealed_review
from thesis.journal.sealed_forecasts import new_forecasts, newly_settled
from thesis.journal.signed_rating import inherited_reunderwriting, next_state, state_before
from thesis.journal.store import INPUTS, journal_head, read_journal
from thesis.journal.triggers import trigger_records
from thesis.pack.folder import FACTS, REVIEWS, THESIS, Folder, read_folder
from thesis.pack.load import Pack
from thesis.pack.schema.judgements import Judgement
from thesis.pack.schema.overrides import overrides_on as overrides_in_force
from thesis.pricing.priced_case import case_as_of
from thesis.scoring.assess import assess
from thesis.scoring.assessment import Assessment

BACKFILLED = timedelta(days=14)
"""A review that is signed later than this after the day it looks from was written in hindsight."""


class AnalystWords(NamedTuple):
    """What the analyst says on signing; every part but the name may be empty."""

    by: str
    decision: Decision = ""
    note: str = ""
    premortem: tuple[str, ...] = ()
    opposing: str = ""
    supersedes: str = ""
    reunderwriting: str = ""
    accepted: tuple[AcceptedOutlier, ...] = ()


class SignedReview(NamedTuple):
    """A review in the journal; ``is_new`` is false where it was there already.

    ``chain`` is the journal before it, ``cleared`` names the reviews of which a signing that was cut off had
    left the copy of the pack's files, which was cleared away.
    """

    review: Review
    is_new: bool
    chain: tuple[Review, ...]
    cleared: tuple[str, ...] = ()


def sign_review(
    folder: Folder, as_of: date, today: date, words: AnalystWords, *, dry: bool = False
) -> SignedReview:
    """Sign what a pack comes to on a day; ``dry`` shows the review that it would be, and writes nothing.

    Signing the same filings again changes nothing. Errors: ``InvalidInput`` where the pack or the journal has
    mistakes, a decision or a note is left out that the pack asks for, a figure stands out and is not
    accepted, a later quarter is signed already, a correction does not say what it corrects, another is
    writing, or nothing can be written; then nothing has changed.
    ``NothingKnown`` if nothing was filed.
    """
    from thesis.workspace.open_pack import checked_pack

    shown = folder.shown.rstrip("/")
    if as_of > today:
        message = f"expected a day up to today ({today}), found {as_of}"
        raise InvalidInput([Problem("future-date", message, hint="what is not filed yet cannot be signed")])
    with pack_lock(folder.path, shown):
        now = read_folder(folder.path, shown)
        pack = checked_pack(now, today)
        chain = read_journal(now.path, shown)
        cleared = _sweep(now.path, shown, chain)
        found = assess(pack, as_of)
        before = _same_quarter(chain, found, pack, words) or _same_correction(now, pack, found, chain, words)
        if before is not None:
            return SignedReview(before, is_new=False, chain=tuple(chain), cleared=cleared)
        _refuse_drafts(pack)
        _refuse_unsaid(pack, words)
        words = words._replace(accepted=accepted_outliers(pack, as_of, chain, words.accepted))
        review = draft_review(now, pack, found, chain, today, words)
        if dry:
            return SignedReview(review, is_new=True, chain=tuple(chain), cleared=cleared)
        text = seal_text(review_file.review_yaml(review))
        name = f"{now.shown}{REVIEWS}/{review.name}.yaml"
        signed = sealed_review(text.encode(), name, review.name)[1]  # before anything is written
        try:
            _write(now, review, text)
        except OSError as error:
            raise unwritable(name, error) from None
        return SignedReview(signed, is_new=True, chain=tuple(chain), cleared=cleared)


def unsaid(words: AnalystWords) -> list[str]:
    """Which of a decision and a note is left out."""
    return [name for name, text in (("decision", words.decision), ("note", words.note)) if not text.strip()]


def _refuse_drafts(pack: Pack) -> None:
    """Errors: ``InvalidInput`` where the author has not decided all that was drafted for them."""
    drafts = pack.thesis.drafts
    if drafts:
        message = f"`{pack.thesis.id}` is a draft in part: {', '.join(drafts)}; nothing was signed"
        hint = f"decide each, and take its id off `drafts` in {THESIS}"
        raise InvalidInput([Problem("draft", message, hint=hint)])


def _refuse_unsaid(pack: Pack, words: AnalystWords) -> None:
    """Errors: ``InvalidInput`` where something is left out that the pack wants said."""
    wanted = pack.thesis.review.requires if pack.thesis.review else ()
    left_out = [name for name in unsaid(words) if name in wanted]
    if left_out:
        named = " and ".join(f"a {name}" for name in left_out)
        options = {"decision": f"--decision {'|'.join(DECISIONS)}", "note": '--note "why, in a sentence"'}
        hint = f"add {' and '.join(options[name] for name in left_out)}"
        message = f"`{pack.thesis.id}` asks for {named} under `review` in {THESIS}; nothing was signed"
        raise InvalidInput([Problem("incomplete-review", message, hint=hint)])


def draft_review(
    folder: Folder, pack: Pack, found: Assessment, chain: Sequence[Review], signed: date, words: AnalystWords
) -> Review:
    """The review of an assessment, as it follows on a chain: the same for the same inputs, to the byte."""
    lookahead_violations(pack, found)
    before = state_before(chain, found.quarter)
    corrected = [review for review in chain if review.period == found.quarter]
    open_trips = trigger_records(pack, found, chain)
    is_hindsight = _is_hindsight(pack, found, signed)
    made = new_forecasts(pack, chain, found.as_of if is_hindsight else signed)
    anew = _reunderwritten(before, found, words) or inherited_reunderwriting(chain, found)
    return Review(
        format=FORMAT,
        pack=pack.thesis.id,
        title=pack.thesis.title,
        quarter=str(found.quarter),
        number=len(corrected) + 1,
        as_of=str(found.as_of),
        signed=str(signed),
        by=words.by,
        filing=review_file.filing_of(pack, found),
        program=__version__,
        rules_version=semantics.SEMANTICS,
        digests=InputDigests(
            pack=folder.digest,
            facts=folder.facts_digest,
            assessment=review_file.assessment_digest(found),
            previous=journal_head(chain),
            files=folder.digests,
        ),
        state=next_state(before, found, anew=bool(anew)),
        found=review_file.assessment_figures(found, {trip.id: trip.since for trip in open_trips}),
        supersedes=words.supersedes,
        decision=words.decision,
        note=words.note,
        premortem=list(words.premortem),
        opposing=words.opposing,
        reunderwriting=anew,
        backtest=is_hindsight,
        judgements=_judgements(found),
        overrides=list(overrides_in_force(pack.overrides, str(found.as_of)).values()),
        forecasts=made,
        formulas=[SealedFormula(*pair) for pair in formulas_of(pack, made).items()],
        settled=newly_settled(pack, chain, found.as_of),
        accepted=list(words.accepted),
    )


def _is_hindsight(pack: Pack, found: Assessment, signed: date) -> bool:
    """Whether a review is written long after its day, on words of a later one, or when more was public."""
    if signed - found.as_of > BACKFILLED or case_as_of(pack, signed).quarter > found.quarter:
        return True
    day = str(found.as_of)
    entered = [grade.entered for grade in _judgements(found)]
    entered += [override.entered for override in overrides_in_force(pack.overrides, day).values()]
    return any(each > day for each in entered)


def _same_quarter(
    chain: Sequence[Review], found: Assessment, pack: Pack, words: AnalystWords
) -> Review | None:
    """The review that stands for these filings already.

    Errors: ``InvalidInput`` for one that cannot follow.
    """
    newest = max((review.as_of for review in chain), default="")
    if str(found.as_of) < newest and found.quarter == chain[-1].period:
        message = (
            f"expected a day on or after {newest}, from which {chain[-1].name} looks, found {found.as_of}"
        )
        raise InvalidInput(
            [Problem("bad-date", message, hint="a correction knows no less than what it corrects")]
        )
    later = [review.quarter for review in chain if review.period > found.quarter]
    if later:
        message = f"a review of {max(later)} is signed, so {found.quarter} can be signed no more"
        hint = "a correction goes into the review of the newest quarter"
        raise InvalidInput([Problem("too-late", message, hint=hint)])
    same = [review for review in chain if review.period == found.quarter]
    if not same and words.supersedes:
        message = f"there is no review of {found.quarter} that could be superseded"
        raise InvalidInput([Problem("nothing-to-supersede", message, hint="leave out --supersede")])
    if not same or words.supersedes:
        return None
    filing = review_file.filing_of(pack, found)
    if same[-1].filing != filing:
        message = f"{found.quarter} was signed on {same[-1].filing}, found {filing}"
        hint = '--supersede "the report is in": a quarter has one review, and corrections of it'
        raise InvalidInput([Problem("signed-already", message, hint=hint)])
    return same[-1]


def _same_correction(
    folder: Folder, pack: Pack, found: Assessment, chain: Sequence[Review], words: AnalystWords
) -> Review | None:
    """The newest review, where signing it again gives the same: the same words on the same files and day."""
    if not (chain and words.supersedes and words.supersedes == chain[-1].supersedes):
        return None
    last, earlier = chain[-1], chain[:-1]
    if (last.period, last.by, last.as_of) != (found.quarter, words.by, str(found.as_of)):
        return None
    accepted = accepted_outliers(pack, found.as_of, earlier, words.accepted)
    again = draft_review(
        folder, pack, found, earlier, parse_day(last.signed), words._replace(accepted=accepted)
    )
    then = replace_fields(last, program=again.program)
    return last if review_file.review_yaml(again) == review_file.review_yaml(then) else None


def _reunderwritten(before: RatingState | None, found: Assessment, words: AnalystWords) -> str:
    """Why the thesis is taken up again, if the analyst says so.

    Errors: ``InvalidInput`` where it is not broken, or still tripped.
    """
    if not words.reunderwriting:
        return ""
    tripped = [k.id for k in found.kill if k.tripped.lo == 1.0]
    if tripped:
        message = f"{', '.join(tripped)} is tripped: the thesis cannot be underwritten anew"
        hint = f"thesis override {tripped[0]} --answer no, with a reason and an end, if it does not count"
        raise InvalidInput([Problem("still-tripped", message, hint=hint)])
    if before is None or not before.broken:
        message = "only a broken thesis is underwritten anew, and this one is not"
        raise InvalidInput([Problem("not-broken", message, hint="leave out --reunderwrite")])
    return words.reunderwriting


def _judgements(found: Assessment) -> list[Judgement]:
    """Every grade that had a say, or would have if it had not expired; each once."""
    listed = [grade for finding in found.findings for leaf in finding.leaves() for grade in leaf.grades]
    listed += [grade for k in found.kill for grade in k.grades]
    return list(dict.fromkeys(listed))


# onto the disk -----------------------------------------------------------------------------------


def _write(folder: Folder, review: Review, text: str) -> None:
    """The copy of the pack's files, then the review: each whole, the review last. Errors: ``OSError``.

    Before the review has its name, all that it rests on has to be on the disk; after that nothing is an
    error.
    """
    reviews = folder.path / REVIEWS
    copies = reviews / INPUTS
    copy = copies / review.inputs
    begun = copies / begun_name(review.inputs)
    made = [place for place in (reviews, copies) if not place.is_dir()]
    is_copied = copy.is_dir()
    try:
        copies.mkdir(parents=True, exist_ok=True)
        write_atomically(begun, begun_text(review, review.inputs))
        if not is_copied:
            _copy(folder, copies, review.inputs)
        for place in (copies, *(place.parent for place in made)):
            sync_folder(place)
        write_atomically(reviews / f"{review.name}.yaml", text, replace=False)
    except OSError:
        if not is_copied:
            shutil.rmtree(copy, ignore_errors=True)
        _forget(begun)
        for place in reversed(made):
            with suppress(OSError):
                place.rmdir()  # only if nothing is in it
        raise
    _forget(begun)


def _copy(folder: Folder, copies: Path, name: str) -> None:
    """The pack's files under a name of their content: there whole or not at all. Errors: ``OSError``."""
    beside = copies / f".{name}.{os.getpid()}{UNFINISHED}"
    try:
        for place in {(beside / file).parent for file in folder.files} | {beside / FACTS}:
            place.mkdir(parents=True, exist_ok=True)
        write_together({beside / file: text.encode() for file, text in folder.files.items()})
        sync_folder(beside)
        os.rename(beside, copies / name)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _forget(begun: Path) -> None:
    with suppress(OSError):
        begun.unlink()


def _sweep(pack: Path, shown: str, chain: Sequence[Review]) -> tuple[str, ...]:
    """Remove what a run that was cut off left half written, and the copy that it made for no review.

    Returns the names of the reviews that were begun and are not there. A mark counts that names the head of
    this journal; a copy without one stays, as a trace of a review that was taken away.
    """
    copies = pack / REVIEWS / INPUTS
    cleared = []
    for mark in begun_marks(pack, shown, chain):
        if mark.review:
            shutil.rmtree(copies / mark.inputs, ignore_errors=True)
            cleared.append(mark.review)
        _forget(mark.path)
    for folder in (pack, pack / "facts", pack / REVIEWS, copies):
        sweep_leftovers(folder)
    return tuple(cleared)
