"""Documents as records: pydantic reads them, and what it finds is told in our words, at its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from types import UnionType
from typing import TYPE_CHECKING, Any, NamedTuple, Union, get_args, get_origin, get_type_hints

from thesis.core.problem import InvalidInput, Problem, did_you_mean, nearest_word
from thesis.core.record import field_names, pydantic_ready
from thesis.files.yaml import KEY, Path_, SourceDocument
from thesis.pack.schema.shapes import SHAPES

if TYPE_CHECKING:
    from pydantic import TypeAdapter

MOST_DIGITS = 18  # of a whole number: of days, draws or quarters
MOST_QUOTED = 80  # characters of a value that a message repeats


class Misfit(NamedTuple):
    """A value that does not fit: where, and the key that a misspelt one was meant to be."""

    path: Path_
    is_missing: bool
    is_unexpected: bool
    meant: str
    details: Mapping[str, Any]


def validate(document: SourceDocument, shape: type) -> Any:
    """A document as a shape. Errors: ``InvalidInput`` with every value that does not fit."""
    fitted, misfits = conform(document.value, shape)
    if misfits:
        meant = {(*misfit.path[:-1], misfit.meant) for misfit in misfits if misfit.meant}
        told = [misfit for misfit in misfits if misfit.path not in meant]
        problems = [_problem(misfit.details, document, shape) for misfit in told]
        raise InvalidInput(problems, {document.file: document.text})
    return fitted


def conform(value: Any, shape: type) -> tuple[Any, list[Misfit]]:
    """A value as a shape, or else everything in it that does not fit."""
    from pydantic import ValidationError

    try:
        fitted = _reader(shape).validate_python(value)
    except ValidationError as error:
        return None, [_misfit(found, shape) for found in error.errors(include_url=False)]
    large = [
        {"loc": path, "type": "int_parsing_size", "input": text}
        for path, text in _long_digits(value)
        if type_at(shape, path) is int
    ]
    return (None, [_misfit(found, shape) for found in large]) if large else (fitted, [])


def _long_digits(value: Any, path: Path_ = ()) -> Iterator[tuple[Path_, str]]:
    """The texts in a document that are whole numbers of more digits than anything is counted in."""
    if isinstance(value, str):
        if len(value) > MOST_DIGITS and value.strip("+-0_ ").replace("_", "").isdecimal():
            yield path, value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _long_digits(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _long_digits(item, (*path, index))


@cache
def _reader(shape: type) -> TypeAdapter[Any]:
    from pydantic import TypeAdapter

    pydantic_ready(SHAPES.values())
    return TypeAdapter(shape)


def _misfit(found: Any, shape: type) -> Misfit:
    path, kind = tuple(found["loc"]), found["type"]
    is_unexpected = kind in _UNEXPECTED
    meant = nearest_word(str(path[-1]), _fields_at(shape, path[:-1])) if is_unexpected and path else ""
    return Misfit(path, kind in _MISSING, is_unexpected, meant, found)


def _problem(found: Mapping[str, Any], document: SourceDocument, shape: type) -> Problem:
    path: Path_ = tuple(found["loc"])
    kind, what = str(found["type"]), str(path[-1]) if path else "the file"
    if kind in _UNEXPECTED:
        known = _fields_at(shape, path[:-1])
        hint = did_you_mean(what, known) or (f"keys here are {', '.join(known)}" if known else "")
        return Problem("unknown-key", f"there is no key `{what}` here", document.key_span(path), hint)
    if kind in _MISSING:
        return Problem("missing-key", f"the key `{what}` is missing", _owner(document, path[:-1]))
    value = found.get("input")
    shown = (
        f"`{value[:MOST_QUOTED]}`" if isinstance(value, str) else _EMPTY.get(type(value), "something else")
    )
    expected = _expected(found)
    hint = "write `[]`, or leave the key out" if expected == "a list" and value == "" else ""
    shown = "nothing" if hint else shown
    return Problem("wrong-value", f"expected {expected}, found {shown}", document.span(path), hint)


_MISSING = ("missing", "missing_argument")
_UNEXPECTED = ("unexpected_keyword_argument", "extra_forbidden")
_EMPTY = {type(None): "nothing", dict: "keys and values", list: "a list"}
_WORDS: dict[str, str] = {
    "string_type": "a text",
    "float_parsing": "a number",
    "float_type": "a number",
    "finite_number": "a number",
    "int_parsing": "a whole number",
    "int_parsing_size": f"a whole number of at most {MOST_DIGITS} digits",
    "int_from_float": "a whole number",
    "int_type": "a whole number",
    "bool_parsing": "true or false",
    "bool_type": "true or false",
    "sequence_str": "a list",
    "list_type": "a list",
    "dataclass_type": "keys and values",
    "dict_type": "keys and values",
    "mapping_type": "keys and values",
    "is_instance_of": "a list",
}


def _expected(found: Mapping[str, Any]) -> str:
    if found["type"] == "literal_error":
        return str(found["ctx"]["expected"]).replace("'", "`")
    return _WORDS.get(str(found["type"])) or str(found["msg"]).lower()


def _owner(document: SourceDocument, path: Path_) -> Any:
    """Where something is missing: at its owner's key, or at the first of its own keys."""
    return document.spans.get((*path, KEY)) or document.span(path)


def _fields_at(shape: type, path: Path_) -> list[str]:
    """The keys that are known where a path leads: those of the shape that stands there."""
    return sorted(field_names(type_at(shape, path)))


def type_at(shape: type, path: Path_) -> Any:
    """The type of the value that a path leads to."""
    kind: Any = shape
    for step in path:
        kind = get_type_hints(kind).get(str(step)) if field_names(kind) else get_args(kind)[-1]
        if isinstance(kind, UnionType) or get_origin(kind) is Union:  # the latter of what was annotated
            kind = next(each for each in get_args(kind) if each is not type(None))
    return kind
