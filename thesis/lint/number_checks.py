"""Checks of the numbers, dates and reasons in valuation.yaml, each mistake reported at its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from thesis.core.period import parse_day
from thesis.core.problem import SourceSpan
from thesis.facts.fact import LARGEST
from thesis.files.yaml import Path_
from thesis.language import nodes as n
from thesis.language.evaluate import reads
from thesis.language.syntax import parse
from thesis.language.units import ValueType
from thesis.lint.problem_list import ProblemList
from thesis.pack.assumptions import number_range, single_number, unsound_value
from thesis.pack.folder import VALUATION
from thesis.pack.schema.valuation import AssumptionRange

JUDGEMENT = ("judgement", "judgment")
PERCENT = "is a percent sign missing?"


class NumberBounds(NamedTuple):
    """Which numbers make sense, and what to call them. ``above``: the lower end itself does not."""

    words: str
    low: float = -LARGEST
    high: float = LARGEST
    above: bool = False

    def holds(self, value: float) -> bool:
        return (self.low < value if self.above else self.low <= value) and value <= self.high

    def remedy(self, text: str, value: float) -> str:
        """A bare 9 where 9% makes sense is 900%."""
        is_bare = not text.strip().endswith(("%", "bp"))
        return PERCENT if is_bare and value > 1 and self.holds(value / 100) else ""


SHARE = NumberBounds("0% to 100%", 0, 1)
RATE = NumberBounds("a rate above 0%, of 100% at most", 0, 1, above=True)
CHANGE = NumberBounds("a rate above -100%, of 100% at most", -1, 1, above=True)
GROWTH = NumberBounds("growth above -100% a year, of 1000% at most", -1, 10, above=True)
RETURN = NumberBounds("a return above 0%, of 1000% at most", 0, 10, above=True)
MULTIPLE = NumberBounds("a multiple above 0, of 10000 at most", 0, 10_000, above=True)
YEARS = NumberBounds("more than 0 years, 100 at most", 0, 100, above=True)


class NumberChecks:
    """Reads the small texts of valuation.yaml. ``drivers``: each with its place, once they are known."""

    def __init__(self, report: ProblemList) -> None:
        self.report = report
        self.drivers: dict[str, tuple[AssumptionRange, Path_]] = {}

    def span(self, *path: str | int) -> SourceSpan:
        return self.report.span(VALUATION, *path)

    def is_written(self, *path: str | int) -> bool:
        """Whether a key stands in the file, and not only in its shape."""
        return path in self.report.documents[VALUATION].spans

    def wrong(self, code: str, message: str, *path: str | int, hint: str = "") -> None:
        self.report.problem(code, message, self.span(*path), hint)

    def warning(self, code: str, message: str, *path: str | int, hint: str = "") -> None:
        self.report.warning(code, message, self.span(*path), hint)

    # numbers and dates ---------------------------------------------------------------------------

    def number(self, text: str, bounds: NumberBounds, *path: str | int) -> float | None:
        """One number within bounds; None if it is none, which is then reported."""
        if not self.report.attempt("bad-value", self.span(*path), single_number, text):
            return None
        value = single_number(text)
        if bounds in (GROWTH, RETURN):
            self._rate(text, value, *path)
        return self.within(value, bounds, *path, text=text)

    def _rate(self, text: str, value: float, *path: str | int) -> None:
        """A rate of hundreds of percent that is possible, and written without its sign."""
        if abs(value) > 1 and not text.strip().endswith(("%", "bp")) and GROWTH.holds(value):
            self.warning("percent-sign", f"`{text}` is {100 * value:.6g}% a year", *path, hint=PERCENT)

    def within(self, value: float, bounds: NumberBounds, *path: str | int, text: str = "") -> float | None:
        """A number if it is within bounds."""
        if bounds.holds(value):
            return value
        message = f"expected {bounds.words}, found `{text or f'{value:.12g}'}`"
        self.wrong("bad-value", message, *path, hint=bounds.remedy(text, value) if text else "")
        return None

    def numbers(self, texts: Sequence[str], bounds: NumberBounds, *path: str | int) -> list[float]:
        """A list of numbers, without those that are reported."""
        found = [self.number(text, bounds, *path, i) for i, text in enumerate(texts)]
        return [value for value in found if value is not None]

    def ranged(self, text: str, bounds: NumberBounds, *path: str | int) -> None:
        """A number or a range within bounds."""
        if self.report.attempt("bad-value", self.span(*path), number_range, text):
            value = number_range(text)
            if not (bounds.holds(value.lo) and bounds.holds(value.hi)):
                self.wrong("bad-value", f"expected {bounds.words}, found `{text}`", *path)

    def belief(self, name: str, text: str, *path: str | int) -> float | None:
        """A value of a driver that it can have."""
        if not self.report.attempt("bad-value", self.span(*path), single_number, text):
            return None
        value = single_number(text)
        for message in unsound_value(name, value):
            is_bare = not text.strip().endswith(("%", "bp"))
            remedy = PERCENT if is_bare and value > 1 and not any(unsound_value(name, value / 100)) else ""
            self.wrong("bad-value", message, *path, hint=remedy)
            return None
        if name.endswith(".growth"):
            self._rate(text, value, *path)
        return value

    def day(self, text: str, *path: str | int) -> date | None:
        return parse_day(text) if self.report.attempt("bad-date", self.span(*path), parse_day, text) else None

    def past(self, text: str, what: str, *path: str | int) -> date | None:
        """A day that has come."""
        day = self.day(text, *path)
        if day and day > self.report.today:
            message = f"{what} {day}, which is after today ({self.report.today})"
            self.wrong("future-date", message, *path)
        return day

    # names, sources and reasons --------------------------------------------------------------------

    def ids(self, names: Sequence[str], paths: Sequence[Path_]) -> None:
        """Ids that are used twice or are none. A dot parts a segment from what is believed of it."""
        self.report.ids(VALUATION, names, paths)
        for name, path in zip(names, paths, strict=True):
            if "." in name:
                message = f"expected an id without dots, found `{name}`"
                self.wrong("bad-name", message, *path, hint="letters, digits, - and _")

    def driver(self, name: str, *path: str | int) -> bool:
        """Whether a driver is known."""
        if name not in self.drivers:
            there = f"drivers are {', '.join(self.drivers)}"
            self.report.unknown("unknown-driver", "driver", name, self.drivers, self.span(*path), there)
        return name in self.drivers

    def sourced(self, source: str, because: str, *path: str | int) -> None:
        """An assumption has a source, and a reason where that is somebody's judgement."""
        if not source.strip():
            hint = "name what it was taken from, or write `source: judgement` and say why"
            self.wrong("no-source", "an assumption without a source", *path, hint=hint)
        elif source.strip().lower() in JUDGEMENT:
            self.reasoned(because, "a judgement", *path)

    def reasoned(self, because: str, what: str, *path: str | int, field: str = "because") -> None:
        if not because.strip():
            self.wrong("no-source", f"{what} without a reason", *path, hint=f"add `{field}:` and say why")

    # the rule language -----------------------------------------------------------------------------

    def condition(self, text: str, more: Iterable[str], *path: str | int) -> None:
        """A condition that may name scores, or parts of the price's change, beside concepts and metrics."""
        given: Mapping[str, ValueType] = {name: ValueType(()) for name in more}
        before = len(self.report.problems)
        self.report.condition(text, VALUATION, path, given)
        if len(self.report.problems) > before:
            return
        for part, name in _looking_back(parse(text), frozenset(given)):
            message = f"`{name}` is known of the day alone, and of no quarter before it"
            span = self.report.documents[VALUATION].within(path, part.start, part.length)
            self.report.problem("bad-value", message, span, "ask for it as it stands")


def _looking_back(node: n.Node, names: frozenset[str]) -> Iterator[tuple[n.Node, str]]:
    """The smallest parts of an expression that read an earlier quarter of one of the names."""
    below = [found for child in node.children() for found in _looking_back(child, names)]
    yield from below
    told = {name for _, name in below}
    yield from ((node, name) for name in sorted({ask.name for ask in reads(node) if ask.back} & names - told))
