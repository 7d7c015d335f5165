"""The reference of the two libraries, from their docstrings."""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import thesis.calibration
import thesis.valuation
from scripts.docs.markdown import fenced, page, prose

WIDTH = 88  # of a signature


def libraries() -> dict[str, str]:
    """File name under docs/reference/python to page."""
    return {
        "valuation.md": _library(thesis.valuation, "driver_dcf, implied_growth"),
        "calibration.md": _library(thesis.calibration, "brier, skill"),
    }


def _library(module: ModuleType, example: str) -> str:
    """The module's own words, then each of its modules with what is taken from it."""
    found: dict[str, list[Any]] = {}
    for name, value in vars(module).items():
        if not name.startswith("_") and getattr(value, "__module__", "").startswith(f"{module.__name__}."):
            found.setdefault(value.__module__, []).append(value)
    parts = [fenced(f"from {module.__name__} import {example}", "python"), *_told(module)]
    for inner in sorted(found):
        first, *rest = _told(sys.modules[inner])
        title, *summary = re.split(r"[:.](?: |$)", first, maxsplit=1)
        parts += [f"## {title}", *(words[:1].upper() + words[1:] for words in summary), *rest]
        for value in sorted(found[inner], key=lambda value: (inspect.isclass(value), value.__name__.lower())):
            parts += [f"### {value.__name__}", fenced(_signature(value), "python"), *_told(value)]
    return page(module.__name__, f"the docstrings of {module.__name__}", *parts)


def _signature(value: Any) -> str:
    """``name(arguments) -> result``, a line for each argument where one line is too short."""
    if inspect.isclass(value) and not issubclass(value, tuple):
        return f"class {value.__name__}({value.__mro__[1].__name__})"
    if inspect.isclass(value):
        arguments, result = [f"{name}: {_written(kind)}" for name, kind in value.__annotations__.items()], ""
    else:
        signature = inspect.signature(value)
        arguments = list(_arguments(signature))
        result = f" -> {_written(signature.return_annotation)}"
    line = f"{value.__name__}({', '.join(arguments)}){result}"
    if len(line) <= WIDTH:
        return line
    return "\n".join([f"{value.__name__}(", *(f"    {argument}," for argument in arguments), f"){result}"])


def _arguments(signature: inspect.Signature) -> Iterator[str]:
    starred = False
    for each in signature.parameters.values():
        if each.kind is each.KEYWORD_ONLY and not starred:
            starred = True
            yield "*"
        stars = "*" * ((each.kind is each.VAR_POSITIONAL) + 2 * (each.kind is each.VAR_KEYWORD))
        default = "" if each.default is each.empty else f" = {each.default!r}"
        yield f"{stars}{each.name}: {_written(each.annotation)}{default}"


def _written(annotation: Any) -> str:
    """An annotation as it stands in the source."""
    return (
        annotation if isinstance(annotation, str) else str(getattr(annotation, "__forward_arg__", annotation))
    )


def _told(value: Any) -> Iterator[str]:
    """A docstring as Markdown: examples and indented paragraphs as blocks, the rest as words."""
    for paragraph in inspect.cleandoc(value.__doc__ or "").split("\n\n"):
        if paragraph.startswith(">>>"):
            yield fenced(paragraph, "pycon")
        elif paragraph.startswith("    "):
            yield fenced(inspect.cleandoc(f"\n{paragraph}"))
        else:
            yield prose(" ".join(paragraph.split()))
