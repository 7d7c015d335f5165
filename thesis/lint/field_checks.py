"""Checks of single values: each against the type that its field states, whatever stands beside it.

The types are on the fields of the record classes (``thesis.core.field_types``), so that a new field needs no
check of its own. A value that is the field's default was left out, and is not checked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from types import NoneType
from typing import Annotated, Any, NamedTuple, get_args, get_origin, get_type_hints

from thesis.core.field_types import NumberType, TextType
from thesis.core.record import field_names
from thesis.files.yaml import Path_
from thesis.lint.problem_list import ProblemList
from thesis.pack.folder import FORECASTS, JUDGEMENTS, METRICS, OVERRIDES, THESIS, VALUATION

NOT_GIVEN = object()


class TypedValue(NamedTuple):
    """A value with its place in the file and the type that its field states."""

    path: Path_
    type: TextType | NumberType
    value: Any


def check_fields(report: ProblemList) -> None:
    """Report every value of a pack's files that does not fit its field, and warn of rates without a sign.

    The report remembers the places, so that checks of several values together leave those out.
    """
    for file, parts in _parts(report).items():
        for path, value in parts:
            for typed in typed_values(value, path):
                _check(report, file, typed)


def _check(report: ProblemList, file: str, typed: TypedValue) -> None:
    span = report.span(file, *typed.path)
    if not report.attempt(typed.type.code, span, typed.type.read, typed.value):
        report.misfits.add((file, typed.path))
        return
    doubt = typed.type.doubt(typed.value) if isinstance(typed.type, NumberType) else None
    if doubt is not None:
        report.warning("percent-sign", doubt.message, span, doubt.hint)


def _parts(report: ProblemList) -> Mapping[str, list[tuple[Path_, Any]]]:
    """The records of each file that is there, with their paths."""
    pack = report.pack
    parts: dict[str, list[tuple[Path_, Any]]] = {
        THESIS: [((), pack.thesis)],
        METRICS: [
            *((("concepts", name), item) for name, item in pack.concepts.items()),
            *((("metrics", name), metric) for name, metric in pack.metrics.items()),
            (("calendar",), pack.calendar),
            *((("splits", i), split) for i, split in enumerate(pack.splits)),
            *((("jumps", i), jump) for i, jump in enumerate(pack.jumps)),
        ],
        JUDGEMENTS: [
            *((("grades", i), grade) for i, grade in enumerate(pack.grades)),
            *((("events", i), event) for i, event in enumerate(pack.events)),
        ],
        VALUATION: [((), pack.valuation)],
        OVERRIDES: [(("overrides", i), override) for i, override in enumerate(pack.overrides)],
        FORECASTS: [((), pack.forecasts)],
    }
    return {file: found for file, found in parts.items() if file in report.documents}


def typed_values(value: Any, path: Path_) -> Iterator[TypedValue]:
    """Every value inside a record whose field states a type, in the order of the fields."""
    shape: type = type(value)
    for name, hint in _hints(shape).items():
        held = getattr(value, name)
        if held != getattr(shape, name, NOT_GIVEN):
            yield from _inside(hint, held, (*path, name))


def _inside(hint: Any, value: Any, path: Path_) -> Iterator[TypedValue]:
    given = [each for each in get_args(hint) if each is not NoneType]
    if value is not None and NoneType in get_args(hint) and len(given) == 1:
        yield from _inside(given[0], value, path)
    elif get_origin(hint) is Annotated:
        inner, *notes = get_args(hint)
        yield from (
            TypedValue(path, each, value) for each in notes if isinstance(each, (TextType, NumberType))
        )
        yield from _inside(inner, value, path)
    elif field_names(value):
        yield from typed_values(value, path)
    elif isinstance(value, Mapping):
        of = _item(hint)
        for key, item in value.items():
            yield from _inside(of, item, (*path, key))
    elif isinstance(value, Sequence) and not isinstance(value, str):
        of = _item(hint)
        for i, item in enumerate(value):
            yield from _inside(of, item, (*path, i))


def _item(hint: Any) -> Any:
    """The type of what a list or a mapping holds; of an optional one, that of what is there."""
    chosen = [each for each in get_args(hint) if each is not NoneType]
    if NoneType in get_args(hint):
        return _item(chosen[0])
    return chosen[-1] if chosen else hint


@cache
def _hints(shape: type) -> Mapping[str, Any]:
    """The types of a record's fields with what they state, in the order of the fields."""
    return get_type_hints(shape, include_extras=True) if field_names(shape) else {}
