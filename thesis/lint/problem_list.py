"""The list of problems that every check adds to, and the parsing of expressions for checks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from thesis.core.problem import Problem, SourceSpan, did_you_mean
from thesis.files.yaml import Path_, SourceDocument
from thesis.language import nodes as n
from thesis.language.functions import FUNCTIONS, SERIES
from thesis.language.syntax import SyntaxProblem, parse
from thesis.language.units import UnitClash, ValueType, infer
from thesis.lint.ambiguous_quarters import ambiguous_quarters
from thesis.pack.load import Pack
from thesis.pack.scores import SCORE, score_names
from thesis.pack.value_names import is_value, missing_key

MOST_PROBLEMS = 1000
MOST_READS = 20_000  # values that one expression may look up, through the metrics that it is made of
NOTHING: Mapping[str, ValueType] = {}
HIGHEST = 100  # levels of an expression, with the metrics that it is made of
ID_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-")


class TooManyProblems(Exception):
    """So much is wrong that checking on would tell nothing new."""


class ProblemList:
    """The problems found so far, and what the checks have learnt: the types of names."""

    def __init__(self, pack: Pack, documents: Mapping[str, SourceDocument], today: date) -> None:
        self.pack = pack
        self.documents = documents
        self.today = today
        self.problems: list[Problem] = []
        self.types: dict[str, ValueType] = {}
        self.heights: dict[str, int] = {}
        self.reads: dict[str, int] = {}
        self.misfits: set[tuple[str, Path_]] = set()
        """Files with the paths of values that do not fit their fields."""

    def span(self, file: str, *path: str | int) -> SourceSpan:
        """Where a value stands."""
        return self.documents[file].span(path)

    def fits(self, file: str, *path: str | int) -> bool:
        """Whether a value fits its field, and so do those inside it: checks of several values ask first."""
        return not any(at == file and place[: len(path)] == path for at, place in self.misfits)

    def problem(self, code: str, message: str, span: SourceSpan, hint: str = "") -> None:
        self.problems.append(Problem(code, message, span, hint))
        if len(self.problems) >= MOST_PROBLEMS:
            raise TooManyProblems

    def warning(self, code: str, message: str, span: SourceSpan, hint: str = "") -> None:
        self.problems.append(Problem(code, message, span, hint, "warning"))

    def unknown(
        self, code: str, kind: str, name: str, known: Iterable[str], span: SourceSpan, otherwise: str = ""
    ) -> None:
        """A name that nothing goes by."""
        self.problem(code, f"no {kind} is called `{name}`", span, did_you_mean(name, known) or otherwise)

    def attempt(self, code: str, span: SourceSpan, read: Callable[..., object], *args: Any) -> bool:
        """Whether a small text can be read; if not, it is reported."""
        try:
            read(*args)
        except SyntaxProblem as problem:
            self.problem(code, problem.message, span, problem.hint)
        except ValueError as error:
            self.problem(code, str(error), span, getattr(error, "hint", ""))
        else:
            return True
        return False

    def entity(self, name: str, span: SourceSpan) -> None:
        """An entity that a file names."""
        if name not in self.pack.entities:
            otherwise = "name it under `entities` in metrics.yaml"
            self.unknown("unknown-entity", "entity", name, self.pack.entities, span, otherwise)

    def ids(self, file: str, names: Sequence[str], paths: Sequence[Path_]) -> None:
        """Ids that are used twice, or are none."""
        first: dict[str, int] = {}
        for name, path in zip(names, paths, strict=True):
            span = self.span(file, *path)
            if name in first:
                hint = f"it is on line {first[name]} already"
                self.problem("duplicate-id", f"the id `{name}` is used twice", span, hint)
            elif not name or not set(name) <= ID_LETTERS:
                hint = "letters, digits, dots, - and _"
                self.problem("bad-name", f"expected an id such as aws-growth, found `{name}`", span, hint)
            first.setdefault(name, span.line)

    # the rule language ---------------------------------------------------------------------------

    def expression(
        self, text: str, file: str, path: Path_, more: Mapping[str, ValueType] = NOTHING
    ) -> n.Node | None:
        """The node of an expression whose names are all known; else None, and the reasons reported.

        ``more``: names that are known here alone, with their types.
        """
        document = self.documents[file]
        try:
            node = parse(text)
        except SyntaxProblem as problem:
            span = document.within(path, problem.start, problem.length)
            self.problem(problem.code, problem.message, span, problem.hint)
            return None
        if self.is_too_high(node, file, path):
            return None
        before = len(self.problems)
        for part in node.walk():
            if isinstance(part, n.Name) and not self._is_known(part.name) and part.name not in more:
                self._unknown_name(part.name, document.within(path, part.start, part.length), more)
            elif isinstance(part, n.Call) and part.function not in FUNCTIONS:
                span = document.within(path, part.start, len(part.function))
                known = f"there are {', '.join(FUNCTIONS)}"
                self.unknown("unknown-function", "function", part.function, FUNCTIONS, span, known)
        if len(self.problems) > before:
            return None
        for each in ambiguous_quarters(text, node):
            span = document.within(path, each.node.start, each.node.length)
            self.warning("ambiguous-quarters", each.message, span, each.hint)
        return node

    def _unknown_name(self, name: str, span: SourceSpan, more: Mapping[str, ValueType]) -> None:
        """A name in an expression that stands for nothing, or for nothing that may be read there."""
        if is_value(name):
            self.unknown_value(name, span)
        elif name.startswith(SCORE) and name in score_names(self.pack.thesis):
            message = f"`{name}` cannot be read here"
            hint = "scores are worked out from this; only signposts and paths may ask for them"
            self.problem("score-refused", message, span, hint)
        else:
            names = [*self.pack.concepts, *self.pack.metrics, *self.pack.values, *more]
            otherwise = f"here is {', '.join(more)}" if more else "declare it in metrics.yaml"
            self.unknown("unknown-name", "concept or metric", name, names, span, otherwise)

    def unknown_value(self, name: str, span: SourceSpan) -> None:
        """A name ``value.*`` that the pack does not have: misspelt, or for want of what it takes."""
        pack, key = self.pack, missing_key(name)
        if pack.valuation is None:
            message = f"`{name}` is worked out from valuation.yaml, and the pack has none"
            self.problem(
                "no-valuation", message, span, "write valuation.yaml, or declare a metric of your own"
            )
        elif key and not getattr(pack.valuation, key):
            message = f"`{name}` takes `{key}` of valuation.yaml, and it has none"
            self.problem("no-valuation", message, span, f"add `{key}:` to valuation.yaml")
        else:
            there = f"there are {', '.join(pack.values)}" if pack.values else "give the thesis a target"
            self.unknown("unknown-name", "value", name, pack.values, span, there)

    def is_too_wide(self, node: n.Node, file: str, path: Path_) -> bool:
        """Whether an expression looks up more values than can be told; if so, it is reported."""
        found = self.lookups(node)
        if found > MOST_READS:
            message = f"looks up {found:,} values, with the metrics it is made of; at most {MOST_READS:,}"
            hint = "a window inside a window multiplies: use fewer or narrower ones"
            self.problem("too-many-values", message, self.span(file, *path), hint)
        return found > MOST_READS

    def lookups(self, node: n.Node) -> int:
        """How many values an expression looks up, as often as it does."""
        if isinstance(node, n.Name):
            return 1 + self.reads.get(node.name, 0)
        if isinstance(node, n.Call):
            times = _times(node)
            return sum(times[i] * self.lookups(argument) for i, argument in enumerate(node.arguments))
        times_held = node.window if isinstance(node, n.Persistence) else 1
        return times_held * sum(self.lookups(child) for child in node.children())

    def is_too_high(self, node: n.Node, file: str, path: Path_) -> bool:
        """Whether an expression is nested too deep to be evaluated; if so, it is reported."""
        found = self.height(node)
        if found > HIGHEST:
            message = f"{found:,} levels deep, with the metrics it is made of; at most {HIGHEST}"
            hint = "name its parts as metrics of their own, and sum up in groups"
            self.problem("too-deep", message, self.span(file, *path), hint)
        return found > HIGHEST

    def height(self, node: n.Node) -> int:
        """How many levels deep an expression is, counting those of the metrics that it reads."""
        highest, below = 0, [(node, 1)]
        while below:
            part, level = below.pop()
            more = self.heights.get(part.name, 0) if isinstance(part, n.Name) else 0
            highest = max(highest, level + more)
            below += [(child, level + 1) for child in part.children()]
        return highest

    def _is_known(self, name: str) -> bool:
        return self.pack.shape(name) is not None

    def inferred(
        self, node: n.Node, file: str, path: Path_, more: Mapping[str, ValueType] = NOTHING
    ) -> ValueType:
        """The type of an expression, every misfit in it reported at its place."""
        document = self.documents[file]

        def complain(clash: UnitClash) -> None:
            span = document.within(path, clash.node.start, clash.node.length)
            self.problem(clash.code, clash.message, span, clash.hint)

        self.is_too_wide(node, file, path)
        return infer(node, {**self.types, **more} if more else self.types, complain)

    def number(self, text: str, file: str, path: Path_) -> ValueType | None:
        """The type of an expression that must be a number."""
        node = self.expression(text, file, path)
        found = self.inferred(node, file, path) if node is not None else None
        if found and found.kind == "truth":
            self.problem("unit-clash", "expected a number, found a condition", self.span(file, *path))
        return found

    def condition(self, text: str, file: str, path: Path_, more: Mapping[str, ValueType] = NOTHING) -> None:
        """An expression that must be a condition."""
        node = self.expression(text, file, path, more)
        found = self.inferred(node, file, path, more) if node is not None else None
        if found and found.kind not in ("truth", "any"):
            message = f"expected a condition, found a number ({found.unit})"
            hint = "compare it with something, as in `... >= 10%`"
            self.problem("unit-clash", message, self.span(file, *path), hint)


def _times(call: n.Call) -> list[int]:
    """How many quarters of each argument a function reads; 1 where its arguments are not in order yet."""
    function = FUNCTIONS[call.function]
    given = call.arguments
    arguments = [None if function.kind(i) in SERIES else _count(node) for i, node in enumerate(given)]
    is_whole = all(number != 0 or function.kind(i) == "lag" for i, number in enumerate(arguments))
    if (
        not is_whole
        or len(given) < len(function.takes)
        or (len(given) > len(function.takes) and not function.repeats)
    ):
        return [1] * len(given)
    numbers = [number for number in arguments if number is not None]
    try:
        reads = function.reads(arguments)
    except ValueError:  # no such rank, which the units tell
        return [max([1, *numbers])] * len(given)
    return [sum(read.argument == i for read in reads) for i in range(len(given))]


def _count(node: n.Node) -> int:
    """A whole number as it is written, of four digits at most; 0 where it is none."""
    return int(node.text[:4]) if isinstance(node, n.Number) and node.text.isdigit() else 0
