"""The reference of formats: every key of a pack's files and of a signed review, from their shapes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from scripts.docs.markdown import page, prose
from thesis.core.record import pydantic_ready
from thesis.facts.fact import CONFIG
from thesis.journal.review_schema import SHAPES as RECORDS
from thesis.journal.review_schema import Review
from thesis.pack.json_schema import json_schemas
from thesis.pack.schema.shapes import SHAPES

_FILE = re.compile(r"^[a-z]+\.yaml: ")
WORDS = {"string": "text", "number": "number", "integer": "whole number", "boolean": "true or false"}
SIGNED = """\
`reviews/2026Q2.yaml` is what `thesis review sign` writes: plain text that anybody can read without the
program, and that nobody edits. Its last line seals every byte above, and every review names the seal of the
one before; how that is checked is told in
[the quarterly review](../how-to/quarterly-review.md#verify-and-anchor). Numbers stand as texts, a range as
`0.55..0.89`, with twelve significant digits. A key that is empty or false is left out.

The pack's own files, as they were on the day, lie beside it under `reviews/inputs`."""
ABOUT = {
    "thesis.yaml": "What its keys come to is told in [the method](../../method/index.md).",
    "metrics.yaml": "Concepts are read, metrics are worked out. The facts themselves lie in `facts/*.csv`.",
    "judgements.yaml": "Written by hand or by `thesis judge`, which asks for what is missing.",
    "valuation.yaml": "A second axis beside the verdict: no score changes with it. The file may be absent.",
    "overrides.yaml": "Written by hand or by `thesis override`. The file may be absent.",
    "forecasts.yaml": "Written by hand or by `thesis forecast`. The file may be absent.",
    "standard.yaml": "Which sets there are is told in [the reference](../standard/index.md).",
    "trials.yaml": "A list of trials, run by `thesis test` and by pytest. The file may be absent.",
}


def pack_pages() -> dict[str, str]:
    """File name under docs/reference/pack to page."""
    return {f"{name.partition('.')[0]}.md": _file(name, schema) for name, schema in json_schemas().items()}


def review_page() -> str:
    """The format of a signed review."""
    from pydantic import TypeAdapter

    pydantic_ready([*SHAPES.values(), *RECORDS])
    for shape in (*SHAPES.values(), *RECORDS):
        shape.__pydantic_config__ = {**CONFIG, "use_attribute_docstrings": True}  # type: ignore[attr-defined]
    schema = TypeAdapter(Review).json_schema()
    return page(
        "The review file", "the docstrings of thesis/journal/review_schema.py", SIGNED, *_shapes(schema)
    )


def undescribed() -> Iterator[str]:
    """The keys that say nothing of themselves, as ``Rule.id``."""
    for schema in json_schemas().values():
        for name, shape in {schema.get("title", ""): schema, **schema.get("$defs", {})}.items():
            yield from (f"{name}.{key}" for key, of in _keys(shape) if not of.get("description"))


def _file(name: str, schema: Mapping[str, Any]) -> str:
    first, *rest = _shapes(schema)
    return page(name, "the docstrings of the shapes in thesis", f"{first}\n\n{ABOUT[name]}", *rest)


def _shapes(schema: Mapping[str, Any]) -> Iterator[str]:
    """The file's own shape, then each other in the order in which it is first spoken of."""
    shapes = schema.get("$defs", {})
    yield _shape("", schema) if "properties" in schema else ""
    for name in _in_order(schema, shapes, []):
        yield _shape(name, shapes[name])


def _in_order(shape: Any, shapes: Mapping[str, Any], found: list[str]) -> list[str]:
    """Names of the shapes that one speaks of: its own first, then theirs."""
    spoken = [name for name in dict.fromkeys(_references(shape)) if name not in found]
    found += spoken
    for name in spoken:
        _in_order(shapes[name], shapes, found)
    return found


def _references(shape: Any) -> Iterator[str]:
    if isinstance(shape, dict):
        if "$ref" in shape:
            yield shape["$ref"].rpartition("/")[2]
        for key, value in shape.items():
            if key not in ("$defs", "$ref"):
                yield from _references(value)
    elif isinstance(shape, list):
        for value in shape:
            yield from _references(value)


def _shape(name: str, shape: Mapping[str, Any]) -> str:
    """A heading, what it is and its keys; the file's own shape has no heading."""
    required = shape.get("required", [])
    keys = [_key(key, of, key in required) for key, of in _keys(shape)]
    words = _FILE.sub("", shape["description"])
    described = "\n\n".join(prose(" ".join(part.split())) for part in words.split("\n\n"))
    described = described[:1].upper() + described[1:]
    return "\n\n".join([*([f"## {name}"] if name else []), described, "\n".join(keys)])


def _keys(shape: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    return list(shape.get("properties", {}).items())


def _key(name: str, of: Mapping[str, Any], required: bool) -> str:
    kind = _type(of)
    default = "required" if required else _default(of.get("default"))
    meaning = prose(" ".join(of.get("description", "").split()))
    return f"- **`{name}`** ({kind}; {default}): {meaning}"


def _type(of: Mapping[str, Any]) -> str:
    if "$ref" in of:
        name = of["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in of:
        return " or ".join(_type(each) for each in of["anyOf"] if each.get("type") != "null")
    if "enum" in of:
        return "one of " + ", ".join(f"`{word}`" for word in of["enum"] if word != "")
    if "const" in of:
        return f"`{of['const']}`"
    if "examples" in of:
        return "such as " + ", ".join(f"`{word}`" for word in of["examples"])
    kind = of["type"]
    if kind == "array":
        return f"list of {_type(of['items'])}"
    if kind == "object":
        return f"name to {_type(of['additionalProperties'])}"
    return " or ".join(WORDS[each] for each in ([kind] if isinstance(kind, str) else kind[:1]))


def _default(value: Any) -> str:
    if isinstance(value, bool):
        return f"default {str(value).lower()}"
    if value in ("", None, [], {}):
        return "may be left out"
    if isinstance(value, dict):
        return "see there"
    return f"default `{value:g}`" if isinstance(value, float) else f"default `{value}`"
