"""Mistakes in a user's files: what is wrong, where, and what to do about it.

A user's mistake is a value, collected and reported with all the others, never an exception on its
way through the program. ``InvalidInput`` carries them once nothing can be evaluated.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import NamedTuple

LONGEST_WORD = 80  # characters; what is longer is no misspelt name
MOST_SHOWN = 200  # of one kind in one file; more of the same tell nothing new


class SourceSpan(NamedTuple):
    """A place in a file: line and column count from 1, length in characters."""

    file: str
    line: int
    column: int
    length: int = 1


class Problem(NamedTuple):
    """One mistake: a code that stays the same for ever, a place, a message and a remedy.

    ``level`` is ``error`` (nothing can be evaluated) or ``warning`` (it can, but is likely not
    what was meant).
    """

    code: str
    message: str
    span: SourceSpan | None = None
    hint: str = ""
    level: str = "error"


class InvalidInput(Exception):
    """The user's files cannot be evaluated; ``problems`` says why, ``sources`` holds their texts."""

    def __init__(self, problems: Sequence[Problem], sources: Mapping[str, str] | None = None) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = tuple(problems)
        self.sources = dict(sources or {})


def render_problems(problems: Iterable[Problem], sources: Mapping[str, str]) -> str:
    """All problems for a terminal: file by file from the top, each with its line and carets."""
    listed = sorted(set(problems), key=_place)
    lines = {file: text.split("\n") for file, text in sources.items()}
    kinds: Counter[tuple[str, str]] = Counter()
    blocks = []
    for problem in listed:
        kind = (problem.span.file if problem.span else "", problem.code)
        kinds[kind] += 1
        if kinds[kind] <= MOST_SHOWN:
            blocks.append(_block(problem, lines))
    more = [
        f"{file}: {number - MOST_SHOWN:,} more of [{code}]"
        for (file, code), number in sorted(kinds.items())
        if number > MOST_SHOWN
    ]
    return "\n".join([*blocks, *more, problem_summary(listed)])


def problem_summary(problems: Sequence[Problem]) -> str:
    """``2 problems and 1 warning in 2 files``."""
    files = {problem.span.file for problem in problems if problem.span}
    warnings = sum(problem.level == "warning" for problem in problems)
    counts = (("problem", len(problems) - warnings), ("warning", warnings))
    parts = [" and ".join(_count(number, noun) for noun, number in counts if number)]
    if files:
        parts.append(f"in {_count(len(files), 'file')}")
    return " ".join(parts)


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A hint that names the nearest known word, or nothing."""
    near = nearest_word(name, known)
    return f"did you mean `{near}`?" if near else ""


def nearest_word(name: str, known: Iterable[str]) -> str:
    """The known word that a misspelt one is nearest to, or nothing."""
    return _nearest(name, tuple(known)) if len(name) <= LONGEST_WORD else ""


@cache
def _nearest(name: str, known: tuple[str, ...]) -> str:
    from difflib import get_close_matches

    words = sorted(word for word in known if len(word) <= LONGEST_WORD)
    return next(iter(get_close_matches(name, words, n=1, cutoff=0.6)), "")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _place(problem: Problem) -> tuple[str, int, int, str, str]:
    span = problem.span or SourceSpan("", 0, 0)
    return span.file, span.line, span.column, problem.code, problem.message


def _block(problem: Problem, sources: Mapping[str, Sequence[str]]) -> str:
    span = problem.span
    head = f"{problem.level}[{problem.code}]: {problem.message}"
    lines = [f"{span.file}:{span.line}:{span.column}: {head}" if span else head]
    text = _line(sources.get(span.file, ()), span.line) if span else ""
    margin = " " * len(str(span.line)) if span else " "
    if span and text:
        lines += [f"{margin} |", *_excerpt(span, text)]
    if problem.hint:
        lines.append(f"{margin} = {problem.hint}")
    return "\n".join(lines)


def _excerpt(span: SourceSpan, text: str, width: int = 100) -> list[str]:
    """The line and carets under the place; of a long line the part around it."""
    start = max(0, span.column - 1 - width // 2) if len(text) > width else 0
    shown = text[start : start + width]
    carets = max(1, min(span.length, len(shown) - (span.column - 1 - start)))
    indent = " " * (span.column - 1 - start)
    return [f"{span.line} | {shown}", f"{' ' * len(str(span.line))} | {indent}{'^' * carets}"]


def _line(lines: Sequence[str], number: int) -> str:
    line = lines[number - 1] if 0 < number <= len(lines) else ""
    return "".join(c if c.isprintable() else " " for c in line)


MOST_FLAWS = 1000  # problems of one file after which reading stops


class FileProblems:
    """Collects the problems of one file while it is read; messages call the file ``shown``."""

    def __init__(self, shown: str) -> None:
        self.shown = shown
        self.problems: list[Problem] = []

    def flaw(self, code: str, message: str, place: SourceSpan | None = None, hint: str = "") -> None:
        """Note a problem. Errors: ``InvalidInput`` once there are too many to go on."""
        self.problems.append(self.figure_flaw(code, message, place, hint))
        if len(self.problems) >= MOST_FLAWS:
            self.settle()

    def figure_flaw(
        self, code: str, message: str, place: SourceSpan | None = None, hint: str = ""
    ) -> Problem:
        """A problem in this file that is not noted: of a figure that nobody may need."""
        return Problem(code, message if place else f"`{self.shown}`: {message}", place, hint)

    def refuse_with(
        self, code: str, message: str, place: SourceSpan | None = None, hint: str = ""
    ) -> InvalidInput:
        """What to raise where reading cannot go on: everything found, and this."""
        self.flaw(code, message, place, hint)
        return InvalidInput(self.problems)

    def settle(self) -> None:
        """Errors: ``InvalidInput`` if anything was found."""
        if self.problems:
            raise InvalidInput(self.problems)
