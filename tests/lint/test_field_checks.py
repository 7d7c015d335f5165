"""Every value whose field states a type is checked, at its place; the JSON Schema asks for the same."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from thesis.core import field_types
from thesis.core.field_types import NumberType, TextType
from thesis.files.disk import bundled_folder
from thesis.files.yaml import read_yaml
from thesis.lint import lint_pack
from thesis.lint.field_checks import typed_values
from thesis.pack.folder import Folder, read_folder
from thesis.pack.json_schema import json_schemas
from thesis.pack.load import build
from thesis.pack.schema.shapes import FILES

TODAY = date(2026, 11, 22)
NONSENSE = "nonsense"
TEXTS = (
    *("2026-10-15", "2026-13-01", "2026-1-1", "15 Oct 2026", "2026Q2", "2026Q5", "2Q26", "FY2026"),
    *("0", "1", "25%", "-25%", "250bp", "1e-3", ".5", "101%", "40", "4e12", "1_000", "25%..45%", "0.5..0.7"),
    *("2 of 3", "3 of 2", "two of three", "nonsense", " "),
)
TYPES = {name: each for name, each in vars(field_types).items() if isinstance(each, (TextType, NumberType))}


@cache
def folder() -> Folder:
    return read_folder(bundled_folder("rules") / "amzn-4t", "")


def typed() -> Iterator[tuple[str, tuple[str | int, ...]]]:
    """One value of each typed field that the bundled thesis writes: the file, and the path."""
    seen = set()
    _, documents = build(folder())
    for file, document in documents.items():
        record = thesis_record(file)
        for each in typed_values(record, ()):
            field = (file, *(part for part in each.path if isinstance(part, str) and part in KEYS[file]))
            if field not in seen and each.path in document.spans and isinstance(each.value, str):
                seen.add(field)
                yield file, each.path


def thesis_record(file: str) -> Any:
    from thesis.pack.validate import validate

    return validate(read_yaml(folder().texts[file], file), FILES[file])


def keys(value: Any) -> Iterator[str]:
    """Every key that a schema names."""
    if isinstance(value, dict):
        yield from value.get("properties", {})
        for item in value.values():
            yield from keys(item)
    if isinstance(value, list):
        for item in value:
            yield from keys(item)


SCHEMAS = json_schemas()
KEYS = {file: set(keys(schema)) for file, schema in SCHEMAS.items()}


@pytest.mark.parametrize(("file", "path"), list(typed()), ids=str)
def test_a_value_that_does_not_fit_is_reported_once_and_at_its_place(
    file: str, path: tuple[str | int, ...]
) -> None:
    document = read_yaml(folder().texts[file], file)
    span = document.span(path)
    lines = document.text.split("\n")
    line = lines[span.line - 1]
    lines[span.line - 1] = f"{line[: span.column - 1]}{NONSENSE}{line[span.column - 1 + span.length :]}"
    changed = folder()._replace(texts={**folder().texts, file: "\n".join(lines)})
    pack, documents = build(changed)
    found = [p for p in lint_pack(pack, documents, TODAY, facts_known=True) if p.level == "error"]
    here = [p for p in found if p.span and (p.span.file, p.span.line, p.span.column) == (file, *span[1:3])]
    assert len(here) == 1, found
    assert NONSENSE in here[0].message


@pytest.mark.parametrize("name", [name for name, each in TYPES.items() if isinstance(each, TextType)])
def test_what_can_be_read_is_what_the_json_schema_lets_through(name: str) -> None:
    """An editor may let through what lint refuses, and never refuses what can be read."""
    each = TYPES[name]
    assert isinstance(each, TextType)
    pattern = each.keywords.get("pattern", "")
    read = []
    for text in TEXTS:
        try:
            each.read(text)
        except Exception:  # of whatever kind
            continue
        read.append(text)
    assert read or name in ("UNIT", "SPLIT_RATIO")
    assert all(re.search(pattern, text) for text in read)


@pytest.mark.parametrize("name", [name for name, each in TYPES.items() if isinstance(each, NumberType)])
def test_a_number_fits_up_to_its_bounds_and_no_further(name: str) -> None:
    each = TYPES[name]
    assert isinstance(each, NumberType)
    assert each.holds(each.high)
    assert each.holds(each.low) != each.above
    for outside in (each.low - 1, each.high * 2 + 1):
        with pytest.raises(ValueError, match="expected"):
            each.read(outside)


def test_the_json_schema_has_the_bounds_of_numbers_and_the_form_of_days() -> None:
    shapes = SCHEMAS["thesis.yaml"]["$defs"]
    draws = shapes["Robustness"]["properties"]["draws"]
    assert (draws["minimum"], draws["maximum"]) == (0, 100_000)
    assert shapes["Target"]["properties"]["by"]["format"] == "date"


def test_a_rate_without_a_percent_sign_is_warned_of_and_read(tmp_path: Path) -> None:
    text = folder().texts["valuation.yaml"]
    assert "terminal_return: 12%" in text
    changed = folder()._replace(
        texts={**folder().texts, "valuation.yaml": text.replace("terminal_return: 12%", "terminal_return: 2")}
    )
    pack, documents = build(changed)
    found = [p for p in lint_pack(pack, documents, TODAY, facts_known=True) if p.code == "percent-sign"]
    assert [p.message for p in found] == ["`2` is 200% a year"]
