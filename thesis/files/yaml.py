"""Reading YAML with the place of every value, and writing YAML that reads back the same.

Every scalar is its text and nothing else: what ``no``, ``12:30`` or ``1e3`` means is decided by the module
that knows what is expected there, and a date is written without quotes. The events of PyYAML's C parser are
read one by one, so that a hostile file (a bomb of aliases, a thousand brackets) is refused at the first event
too many.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from thesis.core.problem import InvalidInput, Problem, SourceSpan

DEEPEST = 24  # levels of one YAML file
_TOO_DEEP = f"nested deeper than {DEEPEST} levels"
MOST_VALUES = 50_000  # of one YAML file, keys and all
WIDTH = 110  # of the lines that ``yaml_text`` writes

Path_ = tuple[str | int, ...]
"""Keys and list positions from the top of a document to a value."""


class SourceDocument(NamedTuple):
    """A YAML file: ``value`` of texts, lists and dicts; ``spans`` by path, keys under ``(..., key, KEY)``.

    ``included`` are the texts of other files, by name, from which some of its values were taken.
    """

    file: str
    text: str
    value: Any
    spans: dict[Path_, SourceSpan]
    included: Mapping[str, str] = {}

    def span(self, path: Path_) -> SourceSpan:
        """Where a value stands, or the nearest thing around it."""
        while path and path not in self.spans:
            path = path[:-1]
        return self.spans.get(path, SourceSpan(self.file, 1, 1))

    def key_span(self, path: Path_) -> SourceSpan:
        """Where the key of a value stands."""
        return self.spans.get((*path, KEY), self.span(path))

    def within(self, path: Path_, offset: int, length: int) -> SourceSpan:
        """Where a part of a scalar's text stands in the file, however the scalar is written."""
        start = self.span(path)
        text = self.included.get(start.file, self.text)
        line, column = _locate(text, start, str(_at(self.value, path)), offset)
        return SourceSpan(start.file, line, column, max(1, length))


KEY = "\0key"  # no YAML text can hold it


def read_yaml(text: str, shown: str) -> SourceDocument:
    """Read one YAML document. Errors: ``InvalidInput`` with every problem found on the way."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    builder = _Builder(shown, text)
    try:
        for event in yaml.parse(text, Loader=loader):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        builder.problems.append(_syntax_problem(error, shown))
    except yaml.reader.ReaderError as error:
        where = text[: error.position] if isinstance(error.position, int) else ""
        span = SourceSpan(shown, where.count("\n") + 1, len(where.rpartition("\n")[2]) + 1)
        builder.problem("yaml-syntax", f"this character is not allowed: {error.reason}", span)
    except _Refused:
        pass
    if builder.problems:
        raise InvalidInput(builder.problems, {shown: text})
    if builder.root is None:
        raise InvalidInput(
            [Problem("empty-file", f"`{shown}` is empty", SourceSpan(shown, 1, 1))], {shown: text}
        )
    return SourceDocument(shown, text, builder.root, builder.spans)


# What the parser finds wrong, in words for people who did not write it, and what to do about it.
_SYNTAX: dict[str, tuple[str, str]] = {
    "did not find expected key": ("expected a key here", "keys of one level stand in one column"),
    "did not find expected '-' indicator": ("expected `- ` here", "items of one list stand in one column"),
    "could not find expected ':'": ("expected `:` after a key", "write `key: value`, with a space"),
    "mapping values are not allowed in this context": (
        "a second `:` has no meaning here",
        "a text with `: ` in it needs quotes; keys of one level stand in one column",
    ),
    "found character that cannot start any token": (
        "no value begins with this character",
        "indent with spaces; a text that begins with `@`, a backtick or `%` needs quotes",
    ),
    "did not find expected ',' or ']'": ("expected `,` or `]`", "close the list"),
    "did not find expected ',' or '}'": ("expected `,` or `}`", "close the `{`"),
    "found unexpected end of stream": (
        "a quoted text is never closed",
        "close it with the quote it begins with",
    ),
    "found unknown escape character": (
        "there is no such escape",
        "in double quotes a backslash is written twice, in single quotes once",
    ),
}


def _syntax_problem(error: Any, shown: str) -> Problem:
    """What the parser could not read: where it gave up, and where what it was reading began."""
    mark = error.problem_mark or error.context_mark
    span = SourceSpan(shown, mark.line + 1, mark.column + 1) if mark else None
    found = str(error.problem or "this is not YAML")
    if "nesting depth" in found:  # the parser looks ahead of us, and from version 6.0.4 on gives up first
        return Problem("too-deep", _TOO_DEEP, span)
    message, hint = _SYNTAX.get(found, (found, ""))
    begun = error.context_mark
    if begun and found == "found unexpected end of stream":
        return Problem("yaml-syntax", message, SourceSpan(shown, begun.line + 1, begun.column + 1), hint)
    if begun and mark and begun.line != mark.line:
        hint = f"{hint}{'; ' if hint else ''}what is read here began on line {begun.line + 1}"
    return Problem("yaml-syntax", message, span, hint)


class _Refused(Exception):
    """Reading on would only cost time or memory."""


class _Builder:
    """Values out of events, on a stack of our own: depth costs no recursion."""

    def __init__(self, shown: str, text: str) -> None:
        self.shown = shown
        self.text = text
        self.root: Any = None
        self.spans: dict[Path_, SourceSpan] = {}
        self.problems: list[Problem] = []
        self._taken = 0
        self._open: list[list[Any]] = []  # [container, path, pending key or None]

    def problem(self, code: str, message: str, span: SourceSpan | None, hint: str = "") -> None:
        self.problems.append(Problem(code, message, span, hint))

    def refuse(self, code: str, message: str, span: SourceSpan, hint: str = "") -> None:
        self.problem(code, message, span, hint)
        raise _Refused

    def take(self, event: Any) -> None:
        kind = type(event).__name__
        if kind in ("MappingEndEvent", "SequenceEndEvent"):
            self._close(event)
            return
        if kind == "DocumentStartEvent" and self.root is not None:
            self.refuse("second-document", "expected one document, found a second", self._span(event))
        if kind not in ("ScalarEvent", "MappingStartEvent", "SequenceStartEvent", "AliasEvent"):
            return
        span = self._span(event)
        self._taken += 1
        if self._taken > MOST_VALUES:
            message = f"a file may hold {MOST_VALUES:,} keys and values, this one holds more"
            self.refuse("too-many-values", message, span)
        if kind == "AliasEvent" or event.anchor:
            self.refuse("alias", "anchors and aliases are not used here", span, "write the value out")
        if event.tag and event.tag != "!":
            tag = event.tag.replace("tag:yaml.org,2002:", "!!")
            self.problem("tag", f"tags are not used here, found `{tag}`", span, "remove the tag")
        if kind == "ScalarEvent":
            plain_nothing = event.style is None and event.value in ("", "~", "null")
            self._place(None if plain_nothing else event.value, span, scalar=True)
            return
        if len(self._open) >= DEEPEST:
            self.refuse("too-deep", _TOO_DEEP, span)
        container: Any = {} if kind == "MappingStartEvent" else []
        path = self._place(container, span, scalar=False)
        self._open.append([container, path, None])

    def _close(self, event: Any) -> None:
        """What is open ends here: on the line that it began on, its place is as long as it is."""
        path = self._open.pop()[1]
        span, end = self.spans[path], event.end_mark
        if end.line + 1 == span.line:
            self.spans[path] = span._replace(length=max(1, end.column + 1 - span.column))

    def _place(self, value: Any, span: SourceSpan, *, scalar: bool) -> Path_:
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

    def _start_pair(self, frame: list[Any], key: Any, span: SourceSpan, scalar: bool) -> None:
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

    def _span(self, event: Any) -> SourceSpan:
        start, end = event.start_mark, event.end_mark
        length = end.column - start.column if end.line == start.line else 1
        return SourceSpan(self.shown, start.line + 1, start.column + 1, max(1, length))


def _at(value: Any, path: Path_) -> Any:
    for step in path:
        value = value[step]
    return value


def _locate(text: str, start: SourceSpan, value: str, offset: int) -> tuple[int, int]:
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
    else:
        before = text[:position]
        return before.count("\n") + 1, position - before.rfind("\n")
    return start.line, start.column


# Writing ---------------------------------------------------------------------------------------


def yaml_text(value: Any) -> str:
    """Texts, numbers, lists and mappings as a block of YAML; a text of several lines as a literal block."""
    import yaml

    found: str = yaml.dump(
        _as_text(value), Dumper=_dumper(), sort_keys=False, allow_unicode=True, width=WIDTH
    )
    return found


def _as_text(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _as_text(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_as_text(item) for item in value]
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value) if isinstance(value, (int, float)) else str(value)


@cache
def _dumper() -> Any:
    """PyYAML's dumper, without what makes a text look like a number, a date or a yes to it."""
    from yaml.emitter import Emitter
    from yaml.representer import SafeRepresenter
    from yaml.resolver import BaseResolver
    from yaml.serializer import Serializer

    class Dumper(Emitter, Serializer, SafeRepresenter, BaseResolver):
        def __init__(self, stream: Any, **options: Any) -> None:
            style = {"default_style": options.pop("default_style", None), "default_flow_style": False}
            options.pop("default_flow_style", None)
            sort = options.pop("sort_keys", False)
            serial = {k: options.pop(k) for k in ("explicit_start", "explicit_end", "version", "tags")}
            encoding = options.pop("encoding", None)
            Emitter.__init__(self, stream, **options)
            Serializer.__init__(self, encoding=encoding, **serial)
            SafeRepresenter.__init__(self, sort_keys=sort, **style)
            BaseResolver.__init__(self)

        def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
            super().increase_indent(flow, False)

        def ignore_aliases(self, data: Any) -> bool:
            return True

    def text(dumper: Any, value: str) -> Any:
        style = "|" if "\n" in value else "'" if value in ("", "~", "null") else None
        return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)

    Dumper.add_representer(str, text)
    return Dumper
