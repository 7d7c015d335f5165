"""Checks of the numbers, dates and reasons in valuation.yaml, each mistake reported at its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from thesis.core.field_types import PERCENT, PERCENT_SIGNS, unsigned_rate
from thesis.core.period import parse_day
from thesis.core.problem import SourceSpan
from thesis.files.yaml import Path_
from thesis.language import nodes as n
from thesis.language.evaluate import reads
from thesis.language.syntax import parse
from thesis.language.units import ValueType
from thesis.lint.problem_list import ProblemList
from thesis.pack.assumptions import single_number, unsound_value
from thesis.pack.folder import VALUATION
from thesis.pack.schema.valuation import AssumptionRange

JUDGEMENT = ("judgement", "judgment")


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

    def number(self, text: str, *path: str | int) -> float | None:
        """The number that a text is; None if it does not fit its field, which is reported there."""
        return single_number(text) if self.report.fits(VALUATION, *path) else None

    def belief(self, name: str, text: str, *path: str | int) -> float | None:
        """A value of a driver that it can have."""
        if not self.report.attempt("bad-value", self.span(*path), single_number, text):
            return None
        value = single_number(text)
        for message in unsound_value(name, value):
            is_bare = not text.strip().endswith(PERCENT_SIGNS)
            remedy = PERCENT if is_bare and value > 1 and not any(unsound_value(name, value / 100)) else ""
            self.wrong("bad-value", message, *path, hint=remedy)
            return None
        doubt = unsigned_rate(text, value) if name.endswith(".growth") else None
        if doubt is not None:
            self.warning("percent-sign", doubt.message, *path, hint=doubt.hint)
        return value

    def day(self, text: str, *path: str | int) -> date | None:
        """The day that a text is; None if it is none, which is reported at its field."""
        return parse_day(text) if self.report.fits(VALUATION, *path) else None

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
