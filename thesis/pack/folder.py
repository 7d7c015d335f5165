"""The files of a pack as they are on disk, and the digest of every byte of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

from thesis.core.problem import InvalidInput, Problem
from thesis.files.disk import MOST_BYTES, MOST_YAML_BYTES, bundled_folder, read_bytes, read_text
from thesis.files.own_folder import found_in, names_in

THESIS, METRICS, JUDGEMENTS, VALUATION = "thesis.yaml", "metrics.yaml", "judgements.yaml", "valuation.yaml"
OVERRIDES, FORECASTS = "overrides.yaml", "forecasts.yaml"
NAMES = (THESIS, METRICS, JUDGEMENTS, VALUATION, OVERRIDES, FORECASTS)
OPTIONAL = (JUDGEMENTS, VALUATION, OVERRIDES, FORECASTS)
STANDARD = "standard"  # the folder of standard definitions, in a pack of its own version of them
FACTS = "facts"  # the folder of the fact files
REVIEWS = "reviews"  # the folder of the journal
MOST_FILES = 200
ID_LINE = re.compile(
    rb"""^id:[ \t]*("[^"\n]*"|'[^'\n]*'|[^\s#'"][^#\r\n]*?)(?=[ \t]*(?:#.*)?\r?$)""", re.MULTILINE
)
"""The line of a thesis.yaml that has its id, as its first group."""


_SET = re.compile(rf"{STANDARD}/([a-z0-9-]{{1,40}})(?:/([a-z0-9-]{{1,40}}))?")
_USES = re.compile(r"""^uses:[ \t]*["']?([^\s"'#]+)""", re.MULTILINE)


class Folder(NamedTuple):
    """A pack's files as they were read, by their names in the pack: ``thesis.yaml``, ``facts/AMZN.csv``.

    ``shown`` goes before a name where a message tells the user which file it is about: the path to the pack
    as it was typed. It is in no answer, so that none depends on how a path was typed.
    """

    path: Path
    shown: str
    texts: Mapping[str, str]
    facts: Mapping[str, str]

    @property
    def digest(self) -> str:
        """Of every byte that has a say in an answer."""
        return _digest(self.files)

    @property
    def facts_digest(self) -> str:
        """Of what decides whether the rows of facts are in order: they, and what they are checked against."""
        return _digest(self._of_facts)

    @property
    def facts_digests(self) -> tuple[str, str]:
        """``facts_digest``, and what it was until 0.1.0 where a path like ``tsla/`` put the thesis first."""
        texts = self._of_facts
        return self.facts_digest, _digest(
            {THESIS: texts.pop(THESIS), **dict(sorted(texts.items()))}, sort=False
        )

    @property
    def _of_facts(self) -> dict[str, str]:
        metrics = {
            name: text for name, text in self.texts.items() if name == METRICS or is_standard_file(name)
        }
        lines = self.texts[THESIS].split("\n")
        entity = next((line for line in lines if line.startswith("entity")), "")
        return {**metrics, **self.facts, THESIS: entity}

    @property
    def digests(self) -> dict[str, str]:
        """Of each file by its name in the pack."""
        found = sorted(self.files.items())
        return {name: blake2b(text.encode(), digest_size=16).hexdigest() for name, text in found}

    @property
    def files(self) -> dict[str, str]:
        """The text of every file by its name in the pack."""
        return {**self.texts, **self.facts}

    @property
    def sources(self) -> dict[str, str]:
        """The text of every file by the name under which messages show it."""
        return {self.shown * (not is_standard_file(name)) + name: text for name, text in self.files.items()}


def _digest(texts: Mapping[str, str], *, sort: bool = True) -> str:
    hashed = blake2b(digest_size=16)
    for name, text in sorted(texts.items()) if sort else texts.items():
        hashed.update(f"{len(name)} {len(text)} {name} {text}".encode())
    return hashed.hexdigest()


def read_folder(path: Path, shown: str) -> Folder:
    """The texts of a pack's files. Errors: ``InvalidInput`` for all that are missing or unreadable."""
    problems: list[Problem] = []
    texts: dict[str, str] = {}
    facts: dict[str, str] = {}
    prefix = f"{shown}/" if shown not in ("", ".") else ""
    for name in NAMES:
        _collect(texts, path, name, prefix, MOST_YAML_BYTES, problems)
    collect_standard(texts, path, prefix, problems)
    found: list[str] = []
    try:
        found = fact_files(path, prefix)
    except InvalidInput as flawed:
        problems += flawed.problems
    if len(found) > MOST_FILES:
        message = f"`{prefix}facts` holds {len(found):,} files, at most {MOST_FILES} are read"
        problems.append(Problem("too-many-files", message, hint="a file holds the rows of one company"))
    for name in found[:MOST_FILES]:
        _collect(facts, path, f"facts/{name}", prefix, MOST_BYTES, problems)
    if problems:
        raise InvalidInput(problems, Folder(path, prefix, texts, facts).sources)
    return Folder(path, prefix, texts, facts)


def standard_file(uses: str) -> str:
    """The file that a name of standard definitions stands for; empty, where it cannot be one.

    >>> standard_file("standard/us-gaap"), standard_file("standard/us-gaap/bank")
    ('standard/us-gaap/company.yaml', 'standard/us-gaap/bank.yaml')
    """
    found = _SET.fullmatch(uses)
    return f"{STANDARD}/{found[1]}/{found[2] or 'company'}.yaml" if found else ""


def is_standard_file(name: str) -> bool:
    """Whether a file of a pack holds standard definitions."""
    return name.startswith(f"{STANDARD}/")


def collect_standard(texts: dict[str, str], path: Path, prefix: str, problems: list[Problem]) -> None:
    """Read the standard definitions that a pack uses: its own copy of them, else the program's.

    One that there is not is told when metrics.yaml is read.
    """
    text = texts.get(METRICS, "")
    while (used := _USES.search(text)) and (name := standard_file(used[1])) and name not in texts:
        bundled = bundled_folder("rules") / name
        try:
            if found_in(path, name, prefix + name):
                text = read_text(path / name, prefix + name, MOST_YAML_BYTES)
            elif bundled.is_file():
                text = read_text(bundled, name, MOST_YAML_BYTES)
            else:
                return
        except InvalidInput as flawed:
            problems += flawed.problems
            return
        texts[name] = text


def fact_files(path: Path, prefix: str) -> list[str]:
    """The names of a pack's files of facts, sorted.

    Errors: ``InvalidInput`` where their folder leads out of the pack or cannot be read.
    """
    return names_in(path, FACTS, f"{prefix}{FACTS}", lambda name: name.endswith(".csv"))


def has_journal(path: Path, shown: str) -> bool:
    """Whether reviews were signed on a pack, or something else has the name of their folder.

    Errors: ``InvalidInput`` for what leads out of the pack, or cannot be looked at.
    """
    return found_in(path, REVIEWS, f"{shown.rstrip('/')}/{REVIEWS}" if shown not in ("", ".") else REVIEWS)


def id_of(path: Path) -> str:
    """The id of the pack in a folder as it is written; nothing, where no line has it or it cannot be read."""
    try:
        found = ID_LINE.search(read_bytes(path / THESIS, THESIS, MOST_YAML_BYTES))
    except InvalidInput:
        return ""
    return found[1].decode("utf-8", "replace").strip("\"'") if found else ""


def _collect(
    into: dict[str, str], pack: Path, name: str, prefix: str, most: int, problems: list[Problem]
) -> None:
    """Read one of a pack's files; one that is not there and need not be is left out."""
    shown = prefix + name
    try:
        if found_in(pack, name, shown) or name not in OPTIONAL:
            into[name] = read_text(pack / name, shown, most)
    except InvalidInput as flawed:
        problems += flawed.problems
