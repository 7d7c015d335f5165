"""The JSON Schema of each file of a pack, for editors."""

from __future__ import annotations

from typing import Any

from thesis.core.record import pydantic_ready
from thesis.facts.fact import CONFIG
from thesis.pack.schema.shapes import FILES, SHAPES
from thesis.pack.schema.standard import StandardFile
from thesis.pack.schema.trials import Trial


def json_schemas() -> dict[str, dict[str, Any]]:
    """File name to schema; numbers may also be written as texts, as YAML reads them here."""
    from pydantic import TypeAdapter

    pydantic_ready(SHAPES.values())
    for shape in SHAPES.values():  # reading them takes longer than all the rest of a memo
        shape.__pydantic_config__ = {**CONFIG, "use_attribute_docstrings": True}  # type: ignore[attr-defined]

    shapes: dict[str, Any] = {**FILES, "trials.yaml": list[Trial], "standard.yaml": StandardFile}
    found = {}
    for name, shape in shapes.items():
        schema = _lenient(TypeAdapter(shape).json_schema())
        found[name] = {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
    return found


def _lenient(schema: Any) -> Any:
    """A text such as 3e12 or 60% is a number to YAML in some places and not in others: allow both."""
    if isinstance(schema, dict):
        if schema.get("type") == "string" and "enum" not in schema and "const" not in schema:
            return {**schema, "type": ["string", "number"]}
        return {key: _lenient(value) for key, value in schema.items()}
    return [_lenient(item) for item in schema] if isinstance(schema, list) else schema
