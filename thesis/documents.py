"""Documents: YAML and CSV as plain text values, each with the place it stands at.

Every YAML scalar is its text and nothing else: what ``no``, ``12:30`` or ``1e3`` means is decided by
whoever knows what is expected there. The events of PyYAML's C parser are read one by one, so that a
file made to hurt (a bomb of aliases, a thousand brackets) is refused at the first event too many.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any, NamedTuple

from thesis.problems import Flawed, Problem, Span, did_you_mean

MOST_BYTES = 20_000_000
MOST_YAML_BYTES = 1_000_000
DEEPEST = 24

Path_ = tuple[str | int, ...]


class Document(NamedTuple):
    """A YAML file: ``value`` of texts, lists and dicts; ``spans`` by path, keys under ``(..., key, KEY)``."""

    file: str
    text: str
    value: Any
    spans: dict[Path_, Span]

    def span(self, path: Path_) -> Span:
        """Where a value stands, or the nearest thing around it."""
        while path and path not in self.spans:
            path = path[:-1]
        return self.spans.get(path, Span(self.file, 1, 1))

    def key_span(self, path: Path_) -> Span:
        """Where the key of a value stands."""
        return self.spans.get((*path, KEY), self.span(path))

    def within(self, path: Path_, offset: int, length: int) -> Span:
        """Where a part of a scalar's text stands in the file, however the scalar is written."""
        start = self.span(path)
        line, column = _locate(self.text, start, str(_at(self.value, path)), offset)
        return Span(self.file, line, column, max(1, length))


KEY = "\0key"  # no YAML text can hold it


def read_text(path: Path, shown: str, most: int = MOST_BYTES) -> str:
    """A file's text. Errors: ``Flawed`` for one that is missing, too large or not UTF-8."""
    try:
        with open(path, "rb") as file:
            data = file.read(most + 1)
    except FileNotFoundError:
        raise Flawed([Problem("missing-file", f"there is no file `{shown}`")]) from None
    except OSError as error:
        raise Flawed([Problem("unreadable-file", f"cannot read `{shown}`: {error.strerror}")]) from None
    if len(data) > most:
        raise Flawed([Problem("too-large", f"`{shown}` is larger than {most // 1_000_000} MB")])
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line = before.count(b"\n") + 1
        column = len(before.rpartition(b"\n")[2].decode("utf-8", "replace")) + 1
        found = f"expected UTF-8 text, found the byte 0x{data[error.start]:02x}"
        raise Flawed(
            [Problem("not-utf-8", found, Span(shown, line, column), "save the file as UTF-8")]
        ) from None


def read_yaml(text: str, shown: str) -> Document:
    """Read one YAML document. Errors: ``Flawed`` with every problem found on the way."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    builder = _Builder(shown, text)
    try:
        for event in yaml.parse(text, Loader=loader):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        span = Span(shown, mark.line + 1, mark.column + 1) if mark else None
        builder.problem("yaml-syntax", str(error.problem or "this is not YAML"), span)
    except yaml.reader.ReaderError as error:
        where = text[: error.position] if isinstance(error.position, int) else ""
        span = Span(shown, where.count("\n") + 1, len(where.rpartition("\n")[2]) + 1)
        builder.problem("yaml-syntax", f"this character is not allowed: {error.reason}", span)
    except _Refused:
        pass
    if builder.problems:
        raise Flawed(builder.problems, {shown: text})
    if builder.root is None:
        raise Flawed([Problem("empty-file", f"`{shown}` is empty", Span(shown, 1, 1))], {shown: text})
    return Document(shown, text, builder.root, builder.spans)


class _Refused(Exception):
    """Reading on would only cost time or memory."""


class _Builder:
    """Values out of events, on a stack of our own: depth costs no recursion."""

    def __init__(self, shown: str, text: str) -> None:
        self.shown = shown
        self.text = text
        self.root: Any = None
        self.spans: dict[Path_, Span] = {}
        self.problems: list[Problem] = []
        self._open: list[list[Any]] = []  # [container, path, pending key or None]

    def problem(self, code: str, message: str, span: Span | None, hint: str = "") -> None:
        self.problems.append(Problem(code, message, span, hint))

    def refuse(self, code: str, message: str, span: Span, hint: str = "") -> None:
        self.problem(code, message, span, hint)
        raise _Refused

    def take(self, event: Any) -> None:
        kind = type(event).__name__
        if kind in ("MappingEndEvent", "SequenceEndEvent"):
            self._open.pop()
            return
        if kind == "DocumentStartEvent" and self.root is not None:
            self.refuse("second-document", "expected one document, found a second", self._span(event))
        if kind not in ("ScalarEvent", "MappingStartEvent", "SequenceStartEvent", "AliasEvent"):
            return
        span = self._span(event)
        if kind == "AliasEvent" or event.anchor:
            self.refuse("alias", "anchors and aliases are not used here", span, "write the value out")
        if event.tag and event.tag != "!":
            self.problem("tag", f"tags are not used here, found `{event.tag}`", span, "remove the tag")
        if kind == "ScalarEvent":
            plain_nothing = event.style is None and event.value in ("", "~", "null")
            self._place(None if plain_nothing else event.value, span, scalar=True)
            return
        if len(self._open) >= DEEPEST:
            self.refuse("too-deep", f"nested deeper than {DEEPEST} levels", span)
        container: Any = {} if kind == "MappingStartEvent" else []
        path = self._place(container, span, scalar=False)
        self._open.append([container, path, None])

    def _place(self, value: Any, span: Span, *, scalar: bool) -> Path_:
        if not self._open:
            self.root, path = value, ()
        elif isinstance(self._open[-1][0], list):
            container, parent, _ = self._open[-1]
            path = (*parent, len(container))
            container.append(value)
        else:
            frame = self._open[-1]
            if frame[2] is None:
                self._start_pair(frame, value, span, scalar)
                return ()
            path = (*frame[1], frame[2])
            frame[0][frame[2]] = value
            frame[2] = None
        self.spans[path] = span
        return path

    def _start_pair(self, frame: list[Any], key: Any, span: Span, scalar: bool) -> None:
        if not scalar or not isinstance(key, str):
            self.refuse("bad-key", "expected a word as the key", span)
        if key in frame[0]:
            first = self.spans[(*frame[1], key, KEY)]
            self.problem(
                "duplicate-key",
                f"`{key}` stands here a second time",
                span,
                f"it is on line {first.line} already",
            )
        self.spans[(*frame[1], key, KEY)] = span
        frame[2] = key

    def _span(self, event: Any) -> Span:
        start, end = event.start_mark, event.end_mark
        length = end.column - start.column if end.line == start.line else 1
        return Span(self.shown, start.line + 1, start.column + 1, max(1, length))


def _at(value: Any, path: Path_) -> Any:
    for step in path:
        value = value[step]
    return value


def _locate(text: str, start: Span, value: str, offset: int) -> tuple[int, int]:
    """The line and column of ``value[offset]``, walking text and value side by side.

    White space in the value stands for any run of it in the file (folding, indentation); an
    escape, which no expression needs, ends the walk at the scalar's start.
    """
    lines = text.split("\n")
    position = sum(len(line) + 1 for line in lines[: start.line - 1]) + start.column - 1
    first = text[position : position + 1]
    if first in "\"'":
        position += 1
    elif first in "|>":
        position = text.find("\n", position) + 1
    for index, character in enumerate(value):
        while position < len(text) and text[position].isspace() and not character.isspace():
            position += 1
        if index == offset:
            before = text[:position]
            return before.count("\n") + 1, position - before.rfind("\n")
        if character.isspace():
            continue
        if text[position : position + 1] != character:
            break
        position += 1
    return start.line, start.column


def read_csv(
    text: str, shown: str, columns: tuple[str, ...], optional: tuple[str, ...]
) -> list[tuple[int, list[str]]]:
    """Every row with its line, its cells in the order of ``columns`` and then ``optional``.

    Errors: ``Flawed`` with every row that does not fit the header, or the header's own mistakes.
    """
    reader = csv.reader(io.StringIO(text), strict=True)
    rows: list[tuple[int, list[str]]] = []
    problems: list[Problem] = []
    try:
        header = next(reader, [])
        problems += _header_problems(header, shown, columns, optional)
        if problems:
            raise Flawed(problems, {shown: text})
        order = [header.index(name) if name in header else -1 for name in columns + optional]
        in_order = order == list(range(len(header)))
        for cells in reader:
            if len(cells) == len(header):
                cells = cells if in_order else [cells[i] if i >= 0 else "" for i in order]
                rows.append((reader.line_num, cells))
            elif cells:
                found = f"expected {len(header)} columns, found {len(cells)}"
                many = len(cells) > len(header)
                hint = "a text with a comma in it needs double quotes" if many else ""
                problems.append(Problem("wrong-columns", found, Span(shown, reader.line_num, 1), hint))
    except csv.Error as error:
        span = Span(shown, max(1, reader.line_num), 1)
        problems.append(Problem("csv-syntax", f"this is not CSV: {error}", span))
    if problems:
        raise Flawed(problems, {shown: text})
    return rows


def _header_problems(
    header: list[str], shown: str, columns: tuple[str, ...], optional: tuple[str, ...]
) -> list[Problem]:
    place = Span(shown, 1, 1)
    problems = [
        Problem(
            "missing-column", f"expected the column `{name}`", place, f"the header is {','.join(columns)}"
        )
        for name in columns
        if name not in header
    ]
    for name in header:
        if name not in columns + optional:
            hint = did_you_mean(name, columns + optional)
            problems.append(Problem("unknown-column", f"there is no column `{name}`", place, hint))
        elif header.count(name) > 1:
            problems.append(Problem("duplicate-column", f"the column `{name}` stands here twice", place))
    return problems
