"""A Jinja sandbox: templates can arrange what they are given and do nothing else.

A template is the user's own, but a mistake in it, or somebody else's idea of a template, must not run
code, read files beside its own folder, or fill the memory: attributes are guarded, text cannot be
repeated or padded at will, and ``range`` has a budget for each rendering.
"""

from __future__ import annotations

import marshal
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

import jinja2
from jinja2.bccache import Bucket, BytecodeCache
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from thesis.core.interval import Interval
from thesis.core.problem import InvalidInput, Problem, SourceSpan, did_you_mean
from thesis.core.record import field_names
from thesis.files.cache import Cache
from thesis.files.disk import bundled_folder

LONGEST_TEXT = 100_000  # characters that a template may make by repeating
MOST_STEPS = 100_000  # of all ranges in one rendering
PADDING = frozenset(["center", "expandtabs", "format", "format_map", "ljust", "rjust", "zfill"])
UNBOUNDED_FILTERS = ("center", "format", "indent", "filesizeformat")
MISTAKES = (
    TypeError,
    AttributeError,
    ValueError,
    LookupError,
    ArithmeticError,
    MemoryError,
    RecursionError,
)


def render_template(
    bundled_name: str,
    own: str | None,
    view: Mapping[str, Any],
    filters: Mapping[str, Callable[..., Any]],
    cache: Cache | None,
    *,
    escaped: bool = False,
    printed: Callable[[Any], Any] | None = None,
) -> str:
    """A template's text: the user's own, which may include the bundled ones, or a bundled one.

    ``escaped``: whatever the template prints is text in HTML, unless it is ``XmlReader`` already. ``printed``
    is applied to whatever it prints.
    Errors: ``InvalidInput`` with the place of what is wrong in a template of the user's; what is wrong in a
    bundled one is a bug of the program's.
    """
    environment = _environment(Path(own).parent if own else None, cache, escaped=escaped, printed=printed)
    environment.filters.update(filters)
    name = Path(own).name if own else bundled_name
    try:
        return environment.get_template(name).render(view)
    except jinja2.TemplateError as error:
        if own is None:
            raise
        raise _flawed(_problem(error, own, view), own) from None
    except MISTAKES as error:
        if own is None:
            raise
        message = _said(str(error) or type(error).__name__, view)
        raise _flawed(_failed(message, _line_of(error.__traceback__, own)), own) from None


def template_renderer(
    bundled_name: str, filters: Mapping[str, Callable[..., str]]
) -> Callable[[Mapping[str, Any]], str]:
    """A bundled template of markup, read once for many renderings; whatever it prints is escaped."""
    environment = _environment(None, None, escaped=True)
    environment.filters.update(filters)
    return environment.get_template(bundled_name).render


class _Environment(ImmutableSandboxedEnvironment):
    """The sandbox.

    Of records and intervals, which hold nothing but values, a name that does not begin with an
    underscore is safe; looking no further is most of what the sandbox would cost.
    """

    intercepted_binops = frozenset(["*", "**", "%"])

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        if field_names(obj) or isinstance(obj, Interval):
            return not attr.startswith("_")
        if isinstance(obj, str) and attr in PADDING:
            return False
        return super().is_safe_attribute(obj, attr, value)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        sized = [side for side in (left, right) if isinstance(side, (str, list, tuple))]
        times = next((int(side) for side in (left, right) if isinstance(side, (int, float))), 1)
        too_large = any(len(side) * times > LONGEST_TEXT for side in sized)
        if operator == "**" or too_large or (operator == "%" and isinstance(left, str)):
            raise SecurityError(f"`{operator}` could make something too large here")
        return super().call_binop(context, operator, left, right)


def _environment(
    own: Path | None,
    cache: Cache | None,
    *,
    escaped: bool = False,
    printed: Callable[[Any], Any] | None = None,
) -> jinja2.Environment:
    folders = ([own] if own else []) + [bundled_folder("templates")]
    environment = _Environment(
        loader=jinja2.FileSystemLoader([str(folder) for folder in folders]),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
        autoescape=escaped,
        finalize=printed,
        bytecode_cache=_CompiledTemplates(cache) if cache else None,
        auto_reload=False,
    )
    for name in UNBOUNDED_FILTERS:
        environment.filters.pop(name, None)
    environment.globals.pop("lipsum", None)
    environment.globals["range"] = _budgeted_range()
    return environment


def _budgeted_range() -> Callable[..., Iterator[int]]:
    left = MOST_STEPS

    def steps(*args: int) -> Iterator[int]:
        nonlocal left
        for step in range(*args):
            left -= 1
            if left < 0:
                raise SecurityError(f"more than {MOST_STEPS:,} steps of `range`")
            yield step

    return steps


# what went wrong, and where --------------------------------------------------------------------


def _flawed(problem: Problem, own: str) -> InvalidInput:
    try:
        return InvalidInput([problem], {own: Path(own).read_text(encoding="utf-8")})
    except (OSError, UnicodeDecodeError):
        return InvalidInput([problem])


def _problem(error: jinja2.TemplateError, own: str, view: Mapping[str, Any]) -> Problem:
    if isinstance(error, jinja2.TemplateNotFound):
        missing = own if error.name == Path(own).name else str(error.name)
        hint = "a template may include those in its own folder and the bundled ones"
        return Problem(
            "missing-file", f"there is no template `{missing}`", _line_of(error.__traceback__, own), hint
        )
    line = getattr(error, "lineno", None)
    place = SourceSpan(own, line, 1) if line else _line_of(error.__traceback__, own)
    return _failed(_said(error.message or str(error), view), place)


def _failed(message: str, place: SourceSpan | None) -> Problem:
    text, _, hint = message.partition("; ")
    return Problem("template", f"the template failed: {text}", place, hint)


def _said(message: str, view: Mapping[str, Any]) -> str:
    """Jinja's message in our words, where it is about a name that there is not, or not in a record."""
    missing = re.fullmatch(r"'(\w+)' is undefined", message)
    if missing:
        near = did_you_mean(missing[1], view)
        return f"nothing is called `{missing[1]}`{f'; {near}' if near else ''}"
    found = re.fullmatch(r"'(?:\w+\.)*(\w+) object' has no attribute '(\w+)'", message)
    if not found:
        return message
    known = next(
        (field_names(value) for value in _records(view["a"]) if type(value).__name__ == found[1]), ()
    )
    hint = did_you_mean(found[2], known)
    return f"{found[1]} has no `{found[2]}`{f'; {hint}' if hint else ''}"


def _records(value: Any) -> Iterator[Any]:
    """A record and the records in it, one of each kind that is met first."""
    for name in field_names(value):
        held = getattr(value, name)
        for item in held if isinstance(held, tuple) else (held,):
            if field_names(item):
                yield item
                yield from _records(item)
    yield value


def _line_of(trace: TracebackType | None, shown: str) -> SourceSpan | None:
    """The last line of the user's template that a traceback went through."""
    found, name = None, Path(shown).name
    while trace:
        if Path(trace.tb_frame.f_code.co_filename).name == name:
            found = SourceSpan(shown, trace.tb_lineno, 1)
        trace = trace.tb_next
    return found


class _CompiledTemplates(BytecodeCache):
    """Compiled templates of the program's, under the digest of their source and of what compiled them.

    They are code: the cache gives back nothing that another user could have written.
    """

    def __init__(self, cache: Cache) -> None:
        self.cache = cache

    def load_bytecode(self, bucket: Bucket) -> None:
        data = self.cache.recall_bytes("templates", *_parts(bucket))
        try:
            bucket.code = marshal.loads(data) if data else None  # sealed with the user's key
        except (ValueError, EOFError, TypeError):
            bucket.reset()

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.cache.keep_bytes("templates", marshal.dumps(bucket.code), *_parts(bucket))


def _parts(bucket: Bucket) -> tuple[str, ...]:
    """What a compiled template depends on."""
    made = bucket.environment
    kind = f"{type(made).__name__} {made.autoescape is True} {made.finalize is None}"
    return bucket.key, bucket.checksum, sys.version, kind
