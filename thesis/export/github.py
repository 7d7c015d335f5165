"""Outcomes as workflow commands, which GitHub shows beside the lines of a pull request.

What failed is an error, what cannot be told a warning; of an assessment that stands the verdict is a notice.
GitHub shows ten of each kind for a step and leaves the rest to the log.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from thesis.core.problem import SourceSpan
from thesis.export.check_outcomes import CheckOutcome, OutcomeSuite

LEVELS = {"failed": "error", "unknown": "warning", "passed": "notice"}
DATA = {"%": "%25", "\r": "%0D", "\n": "%0A"}
PROPERTY = {**DATA, ":": "%3A", ",": "%2C"}
SAID_ANYWAY = "verdict"

Place = Callable[[CheckOutcome], SourceSpan | None]


def commands(suites: Iterable[OutcomeSuite], place: Place) -> str:
    """A line for each outcome that did not pass, and for the verdict. ``place`` finds it in the files."""
    return "".join(f"{line}\n" for suite in suites for line in _lines(suite, place))


def _lines(suite: OutcomeSuite, place: Place) -> Iterator[str]:
    for outcome in suite.outcomes:
        if outcome.state != "passed" or suite.name == SAID_ANYWAY:
            yield annotation(LEVELS[outcome.state], outcome.message, outcome.name, place(outcome))


def annotation(level: str, message: str, title: str, span: SourceSpan | None) -> str:
    """``::error file=thesis.yaml,line=3,col=5,title=...::message``, every part escaped by GitHub's rules."""
    where = {"file": span.file, "line": str(span.line), "col": str(span.column)} if span else {}
    properties = {**where, "title": " ".join(title.split())}
    told = ",".join(f"{name}={_escaped(value, PROPERTY)}" for name, value in properties.items())
    return f"::{level} {told}::{_escaped(message, DATA)}"


def _escaped(text: str, rules: dict[str, str]) -> str:
    return "".join(rules.get(c, c) for c in text)


def in_repository(span: SourceSpan) -> SourceSpan:
    """A place by the file's path from the top of the repository, from which GitHub counts.

    As it is, where there is no such job or the file lies outside.
    """
    top = os.environ.get("GITHUB_WORKSPACE")
    file = Path.cwd() / span.file
    if not top or not file.is_relative_to(top):
        return span
    return span._replace(file=file.relative_to(top).as_posix())
