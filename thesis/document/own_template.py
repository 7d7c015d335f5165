"""Renders a template of the user's, which may not hurt whoever tries it out.

A mistake in it, or somebody else's idea of a template, must not run code, read files beside its own
folder, fill the memory or run for ever. It runs in the sandbox; it includes what lies in its own folder and
the bundled templates; what it takes is counted in steps (``metered``), so that it fails at the same place on
every machine; and for what no count foresees it runs in a child process with limits of time and memory
(``child_process``), where the system can make a copy of a process.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

import jinja2
from jinja2 import nodes
from jinja2.exceptions import SecurityError
from jinja2.loaders import split_template_path

from thesis.core.problem import InvalidInput, Problem, SourceSpan, did_you_mean
from thesis.core.record import field_names
from thesis.document import child_process
from thesis.document.metered import Meter, count_steps
from thesis.document.sandbox_environment import STYLE, SandboxEnvironment
from thesis.files.disk import MOST_YAML_BYTES, bundled_folder, read_text
from thesis.files.own_folder import found_in

UNBOUNDED_FILTERS = ("center", "format", "indent", "filesizeformat")
INSIDE = "a template may include those in its own folder and the bundled ones"
LONGEST_MESSAGE = 200  # characters of what Jinja or Python say
_WIDE = re.compile(r"\d{4}|\{[^{}]*\{")  # a number that is long, or comes from elsewhere
SHORTEN = "shorten its loops, or what they go over"


def render_own_template(
    own: str,
    view: Mapping[str, Any],
    filters: Mapping[str, Callable[..., Any]],
    *,
    escaped: bool,
    printed: Callable[[Any], Any] | None,
) -> str:
    """The text that a template of the user's makes, by its path.

    Errors: ``InvalidInput``, whatever goes wrong in it.
    """

    def work() -> str:
        return _text(own, view, filters, escaped=escaped, printed=printed)

    try:
        return child_process.run_confined(work) if child_process.CAN_FORK else work()
    except child_process.Overrun as stopped:
        raise _flawed(_failed(f"{stopped}; {SHORTEN}", SourceSpan(own, 1, 1)), own) from None


def _text(
    own: str,
    view: Mapping[str, Any],
    filters: Mapping[str, Callable[..., Any]],
    *,
    escaped: bool,
    printed: Callable[[Any], Any] | None,
) -> str:
    environment = _OwnEnvironment(Path(own).parent, filters, escaped=escaped, printed=printed)
    try:
        return environment.get_template(Path(own).name).render(view)
    except InvalidInput:
        raise
    except jinja2.TemplateError as error:
        raise _flawed(_problem(error, own, view), own) from None
    except RecursionError:
        hint = "it may call or include itself"
        raise _flawed(_failed(f"it goes too deep; {hint}", SourceSpan(own, 1, 1)), own) from None
    except MemoryError:
        raise child_process.Overrun(child_process.TOO_MUCH_MEMORY) from None
    except Exception as error:  # a filter or a name was used in a way that it was not made for
        message = _said(str(error) or type(error).__name__, view)
        raise _flawed(_failed(message, _line_of(error.__traceback__, own)), own) from None


class _OwnEnvironment(SandboxEnvironment):
    """The sandbox of one rendering of a template of the user's, which counts what it takes."""

    intercepted_binops = frozenset(["+", "*", "**", "%"])

    def __init__(
        self,
        folder: Path,
        filters: Mapping[str, Callable[..., Any]],
        *,
        escaped: bool,
        printed: Callable[[Any], Any] | None,
    ) -> None:
        meter = self.meter = Meter()
        self.step, self.weighed, self.concat = meter.step, meter.weighed, meter.concat  # type: ignore[method-assign]
        loaders = [_OwnFolder(folder), jinja2.FileSystemLoader(str(bundled_folder("templates")))]
        super().__init__(
            loader=jinja2.ChoiceLoader(loaders),
            autoescape=escaped,
            finalize=(lambda value: printed(meter.weighed(value))) if printed else meter.weighed,
            optimized=False,  # nothing is worked out before it is counted
            **STYLE,
        )
        known = {name: made for name, made in self.filters.items() if name not in UNBOUNDED_FILTERS}
        self.filters = {name: meter.counted(name, made) for name, made in {**known, **filters}.items()}
        given: dict[str, Any] = dict(self.tests)
        self.tests = {name: meter.counted(name, made, sized=False) for name, made in given.items()}
        self.globals.pop("lipsum", None)
        self.globals["range"] = meter.steps

    def _generate(self, source: nodes.Template, *args: Any, **named: Any) -> str:
        count_steps(source, self)
        return super()._generate(source, *args, **named)

    def call(self, context: Any, called: Any, /, *args: Any, **named: Any) -> Any:
        """Call something from a template; a method of a text or a number is given bounded sizes."""
        if called is self.step:
            return self.meter.step(*args)
        if called is self.weighed:
            return self.meter.weighed(args[0])
        owner = getattr(called, "__self__", None)
        if isinstance(owner, (str, bytes, int, float)):
            given = {name: value for name, value in named.items() if not name.startswith("_")}
            self.meter.given(called.__name__, owner, args, given)
        return self.meter.weighed(super().call(context, called, *args, **named))

    def wrap_str_format(self, value: Any) -> Callable[..., str] | None:
        """``"{:.1f}".format``, which is given bounded widths."""
        made = super().wrap_str_format(value)
        if made is None:
            return None
        pattern = value.__self__

        def formatted(*args: Any, **named: Any) -> str:
            if _WIDE.search(pattern):
                raise SecurityError("a width in `format` has up to three digits of its own")
            self.meter.given("format", pattern, args, named)
            return made(*args, **named)

        return formatted

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        if operator == "**" or (operator == "%" and isinstance(left, (str, bytes))):
            raise SecurityError(f"`{operator}` could make something too large here")
        if operator == "*":
            self.meter.repeated(left, right)
        return self.meter.weighed(super().call_binop(context, operator, left, right))


class _OwnFolder(jinja2.BaseLoader):
    """The templates in the folder of the user's template, and no other file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def get_source(self, environment: jinja2.Environment, template: str) -> tuple[str, str, None]:
        name = "/".join(split_template_path(template))
        shown = str(self.folder / name)
        if not found_in(
            self.folder, name, shown, hint=f"{INSIDE}: copy it in", whole="the template's folder"
        ):
            raise jinja2.TemplateNotFound(template)
        return read_text(self.folder / name, shown, MOST_YAML_BYTES), shown, None


# what went wrong, and where --------------------------------------------------------------------


def _flawed(problem: Problem, own: str) -> InvalidInput:
    try:
        return InvalidInput([problem], {own: read_text(Path(own), own, MOST_YAML_BYTES)})
    except InvalidInput:
        return InvalidInput([problem])


def _problem(error: jinja2.TemplateError, own: str, view: Mapping[str, Any]) -> Problem:
    if isinstance(error, jinja2.TemplateNotFound):
        missing = own if error.name == Path(own).name else str(error.name)
        place = _line_of(error.__traceback__, own)
        return Problem("missing-file", f"there is no template `{missing}`", place, INSIDE)
    line = getattr(error, "lineno", None)
    place = SourceSpan(own, line, 1) if line else _line_of(error.__traceback__, own)
    return _failed(_said(error.message or str(error), view), place)


def _failed(message: str, place: SourceSpan | None) -> Problem:
    text, _, hint = message.partition("; ")
    text = text if len(text) <= LONGEST_MESSAGE else f"{text[:LONGEST_MESSAGE]}..."
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
