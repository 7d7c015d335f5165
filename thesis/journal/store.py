"""Store: where signed reviews lie, and how they are read: all of them, in order, unbroken.

``reviews/2026Q2.yaml`` is a review, ``reviews/2026Q2.2.yaml`` the one that supersedes it; the folder of the
same name holds the pack's own files as they were when it was signed. Each file ends with its seal, a digest
of every byte above, and names the seal of the file before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b
from pathlib import Path

from thesis.documents import Document, read_yaml
from thesis.files import read_bytes, read_text
from thesis.folder import MOST_FILES, Folder, read_folder
from thesis.journal.records import FORMAT, SHAPES, Review
from thesis.pack import validate
from thesis.problems import Flawed, Problem, Span
from thesis.records import pydantic_ready

REVIEWS = "reviews"
SEAL = "seal: "
_NAME = re.compile(r"(\d{4}Q[1-4])(?:\.(\d{1,3}))?")


def sealed(text: str) -> str:
    """The text of a review with its seal as the last line."""
    return f"{text}{SEAL}{_digest(text)}\n"


def _digest(text: str) -> str:
    return blake2b(text.encode(), digest_size=16).hexdigest()


def journal(pack: Path, shown: str) -> list[Review]:
    """Every signed review of a pack in the order of signing, those that were superseded too.

    ``shown`` is the pack's name to show. Errors: ``Flawed`` with all files that are unreadable, of a newer
    format, touched since they were signed, or out of the chain.
    """
    problems: list[Problem] = []
    found: list[Review] = []
    sources: dict[str, str] = {}
    for path in _files(pack, shown):
        name = f"{_prefix(shown)}{REVIEWS}/{path.name}"
        try:
            text = _text(path, name)
            sources[name] = text
            found.append(_review(text, name, path.stem))
        except Flawed as flawed:
            problems += flawed.problems
    if not problems:
        problems += _broken_chain(found, shown)
    if problems:
        raise Flawed(problems, sources)
    return found


def in_force(chain: Iterable[Review]) -> list[Review]:
    """One review for each quarter, the one that supersedes in place of the superseded; oldest first."""
    return list({review.quarter: review for review in chain}.values())


def head(chain: Sequence[Review]) -> str:
    """The seal that the next review builds on; empty before the first."""
    return chain[-1].seal if chain else ""


def inputs_of(pack: Path, shown: str, review: Review) -> Folder:
    """The pack's files as they were when a review was signed.

    Errors: ``Flawed`` where one of them is missing, or not what it was.
    """
    name = f"{_prefix(shown)}{REVIEWS}/{review.name}"
    if not (pack / REVIEWS / review.name).is_dir():
        message = f"the files that {review.name} was signed on are gone: there is no folder `{name}`"
        raise Flawed([Problem("touched", message, hint="get it back from a copy of the journal")])
    folder = read_folder(pack / REVIEWS / review.name, name)
    changed = folder.digest != review.digests.pack or any(
        read_bytes(folder.path / file.removeprefix(folder.shown), file) != text.encode()
        for file, text in folder.sources.items()
    )
    if changed:
        message = f"a file in `{name}` is not what it was when {review.name} was signed"
        raise Flawed([Problem("touched", message, hint="get it back from a copy of the journal")])
    return folder


def digest_of(pack: Path) -> str:
    """Of every byte of the signed reviews: empty, where there are none."""
    hashed = blake2b(digest_size=16)
    files = sorted((pack / REVIEWS).glob("*.yaml"))[: MOST_FILES * 4]
    for path in files:
        hashed.update(f"{path.name} ".encode() + read_bytes(path, path.name))
    return hashed.hexdigest() if files else ""


def _prefix(shown: str) -> str:
    return f"{shown.rstrip('/')}/" if shown not in ("", ".") else ""


def _files(pack: Path, shown: str) -> list[Path]:
    """The files of reviews in the order of quarters. Errors: ``Flawed`` for names that are none."""
    folder = pack / REVIEWS
    files = [path for path in folder.glob("*.yaml") if not path.name.startswith(".")]
    strange = sorted(path.name for path in files if not _NAME.fullmatch(path.stem))
    if strange:
        hint = "a review is called after its quarter: 2026Q2.yaml, 2026Q2.2.yaml"
        raise Flawed(
            [
                Problem("touched", f"`{_prefix(shown)}{REVIEWS}/{name}` is no signed review", hint=hint)
                for name in strange
            ]
        )
    return sorted(files, key=lambda path: _place(path.stem))


def _place(stem: str) -> tuple[str, int]:
    quarter, _, number = stem.partition(".")
    return quarter, int(number or 1)


def _text(path: Path, shown: str) -> str:
    """The text of a review, every byte of it. Errors: ``Flawed`` where it is not as it was written."""
    text = read_text(path, shown)
    if text.encode() != read_bytes(path, shown):
        raise Flawed([_touched(shown, "its line ends or its first bytes were changed")])
    return text


def _review(text: str, shown: str, stem: str) -> Review:
    document = read_yaml(text, shown)
    _refuse_newer(document)
    above, _, seal = text.rpartition(SEAL)
    if not above or seal != f"{_digest(above)}\n":
        raise Flawed([_touched(shown, "its seal does not fit what it says")])
    pydantic_ready(SHAPES)
    review: Review = validate(document, Review)
    if review.name != stem:
        raise Flawed([_touched(shown, f"it is the review {review.name}, under another name")])
    return review


def _refuse_newer(document: Document) -> None:
    version = document.value.get("format", "") if isinstance(document.value, Mapping) else ""
    if not (str(version).isdecimal() and len(str(version)) < 10):
        raise Flawed([_touched(document.file, "it does not say which format it has")])
    if int(version) > FORMAT:
        message = f"expected a review of format {FORMAT} or older, found format {version}"
        hint = "a newer version of thesis signed it: install that one to read it"
        raise Flawed([Problem("newer-format", message, document.span(("format",)), hint)])


def _touched(shown: str, why: str) -> Problem:
    message = f"`{shown}` is not as it was signed: {why}"
    return Problem("touched", message, Span(shown, 1, 1), "get it back from a copy of the journal")


def _broken_chain(found: Sequence[Review], shown: str) -> list[Problem]:
    """The first file that does not follow on the one before it."""
    before = ""
    for review in found:
        name = f"{_prefix(shown)}{REVIEWS}/{review.name}.yaml"
        if review.digests.previous != before:
            expected = f"the seal {before}" if before else "nothing before it"
            follows = review.digests.previous or "nothing"
            message = f"a gap in the journal: `{name}` follows on {follows}, found {expected}"
            hint = "a review before it is missing or was replaced; get it back from a copy of the journal"
            return [Problem("gap", message, Span(name, 1, 1), hint)]
        before = review.seal
    return []
