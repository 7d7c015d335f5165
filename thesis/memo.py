"""Memo: an assessment as Markdown, through a Jinja template in a sandbox.

A template arranges; it computes nothing. Each figure it prints goes through ``note``, which gives
it a footnote that leads back to the formula and the filings.
"""

from __future__ import annotations

import marshal
import re
import sys
from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path
from typing import Any

import jinja2
from jinja2.bccache import Bucket, BytecodeCache
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from thesis import telling, words
from thesis.assessment import Assessment
from thesis.files import bundled, write_bytes_atomically
from thesis.footnotes import Footnotes
from thesis.interval import Interval
from thesis.problems import Flawed, Problem, Span
from thesis.records import names_of

TEMPLATE = "memo.md.j2"
LONGEST_TEXT = 1_000_000  # characters that a template may build by repeating


def render(assessment: Assessment, template: str | None = None, cache: Path | None = None) -> str:
    """The memo. Errors: ``Flawed`` with the place of a template's mistake."""
    environment = _environment(Path(template).parent if template else None, cache)
    notes = Footnotes(assessment.filers)
    name = Path(template).name if template else TEMPLATE
    try:
        text = environment.get_template(name).render(
            a=assessment, tell=TOLD, note=notes.mark, footnotes=notes.listed, sources=notes.sources
        )
    except jinja2.TemplateError as error:
        raise Flawed([_problem(error, template or name)]) from None
    except (
        TypeError,
        AttributeError,
        ValueError,
        LookupError,
        ZeroDivisionError,
        OverflowError,
        MemoryError,
        RecursionError,
    ) as error:
        place = _line_of(error, template or name)
        raise Flawed([Problem("template", f"the template failed: {error}", place)]) from None
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n") + "\n"


class _Environment(ImmutableSandboxedEnvironment):
    """The sandbox, with a bound on text that is built by repeating it.

    Of records and intervals, which hold nothing but values, a name that does not begin with an
    underscore is safe; looking no further is most of what the sandbox would cost.
    """

    intercepted_binops = frozenset(["*", "**"])

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        if names_of(obj) or isinstance(obj, Interval):
            return not attr.startswith("_")
        return super().is_safe_attribute(obj, attr, value)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        sized = [side for side in (left, right) if isinstance(side, (str, list, tuple))]
        if operator == "**" or any(len(side) * _times(left, right) > LONGEST_TEXT for side in sized):
            raise SecurityError(f"`{operator}` would make something too large")
        return super().call_binop(context, operator, left, right)


def _times(left: Any, right: Any) -> int:
    return next((int(side) for side in (left, right) if isinstance(side, (int, float))), 1)


def _environment(own: Path | None, cache: Path | None) -> jinja2.Environment:
    folders = ([own] if own else []) + [bundled("templates")]
    environment = _Environment(
        loader=jinja2.FileSystemLoader([str(folder) for folder in folders]),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
        autoescape=False,
        bytecode_cache=_CompiledTemplates(cache / "templates") if cache else None,
        auto_reload=False,
    )
    environment.filters.update(FILTERS)
    return environment


def _cell(text: Any) -> str:
    """A text inside a Markdown table: on one line, with no column mark."""
    return " ".join(str(text).split()).replace("|", "\\|")


FILTERS: dict[str, Callable[..., str]] = {
    "cell": _cell,
    "day": words.day,
    "answer": words.answer,
    "score": words.score,
    "share": words.share,
    "value": words.value,
    "gap": words.gap,
    "joined": words.joined,
    "level": words.level,
    "figure": telling.figure,
    "needed": telling.needed,
    "margin": telling.margin,
    "bands": telling.bands,
    "trend": telling.trend,
    "adjustment": telling.adjustment,
    "waiting": telling.waiting,
    "flip": telling.flip,
}


TOLD: dict[str, Callable[..., Any]] = {
    "headline": telling.headline,
    "verdict": telling.verdict,
    "unrated": telling.unrated,
    "changes": telling.changes,
    "learning": telling.learning,
    "kills": telling.kills,
    "judged": telling.judged,
}


def _problem(error: jinja2.TemplateError, shown: str) -> Problem:
    if isinstance(error, jinja2.TemplateNotFound):
        return Problem(
            "missing-file",
            f"there is no template `{shown}`"
            if error.name == Path(shown).name
            else f"there is no template `{error.name}`",
        )
    line = getattr(error, "lineno", None)
    place = Span(shown, line, 1) if line else _line_of(error, shown)
    return Problem("template", f"the template failed: {error.message or error}", place)


def _line_of(error: BaseException, shown: str) -> Span | None:
    """The last line of a template that a traceback went through."""
    found, trace = None, error.__traceback__
    while trace:
        if trace.tb_frame.f_code.co_filename.endswith(".j2") or trace.tb_frame.f_code.co_filename == shown:
            found = Span(shown, trace.tb_lineno, 1)
        trace = trace.tb_next
    return found


class _CompiledTemplates(BytecodeCache):
    """Compiled templates, under the digest of their source and of the versions that compiled them.

    As Python keeps its own: marshalled code in a folder of the user's. An unwritable folder is not
    an error.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def load_bytecode(self, bucket: Bucket) -> None:
        try:
            bucket.code = marshal.loads(self._file(bucket).read_bytes())
        except (OSError, ValueError, EOFError, TypeError):
            bucket.reset()

    def dump_bytecode(self, bucket: Bucket) -> None:
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            write_bytes_atomically(self._file(bucket), marshal.dumps(bucket.code))
        except OSError:
            pass

    def _file(self, bucket: Bucket) -> Path:
        maker = f"{sys.version} {bucket.environment.__class__.__name__} {bucket.checksum}"
        return self.folder / f"{bucket.key}-{blake2b(maker.encode(), digest_size=8).hexdigest()}"
