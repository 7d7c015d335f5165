"""Write the JSON Schemas of what ``--json`` prints, from the records: ``python -m scripts.answer_schemas``.

It follows what ``thesis.scoring.assessment.json_ready`` does with each type. What a record gives a default
may be left out, everything else is always there; a number that is not finite is null.
"""

from __future__ import annotations

import ast
import inspect
import json
from collections import abc
from collections.abc import Mapping
from datetime import date
from functools import reduce
from operator import or_
from pathlib import Path
from textwrap import dedent
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from thesis.appraisal.appraise import Appraisal
from thesis.appraisal.simulation.target_chances import TargetSimulation
from thesis.board.board_answer import Board
from thesis.core.interval import Interval
from thesis.core.period import Quarter
from thesis.core.problem import Problem
from thesis.core.record import field_names
from thesis.export.json_answers import (
    VERSIONS,
    WITH_FIGURES,
    SimulationAnswer,
    ValuationAnswer,
    schema_file,
    schema_urn,
)
from thesis.facts.fact import Fact, YearToDate
from thesis.journal.status import SigningOutcome
from thesis.language.evaluate import Supposition
from thesis.pack.schema.combine import Combine, combine_schema
from thesis.pack.schema.thesis import Target
from thesis.reports.quarterly_history import HistoryRow
from thesis.scoring.assessment import Assessment
from thesis.worklist.work_list import WorkList

FOLDER = Path(__file__).parent.parent / "rules" / "schema"
DIALECT = "https://json-schema.org/draft/2020-12/schema"

ROOTS: dict[str, type] = {
    "assessment": Assessment,
    "history": HistoryRow,
    "value": ValuationAnswer,
    "simulation": SimulationAnswer,
    "board": Board,
    "problems": Problem,
    "todo": WorkList,
}
LISTS = ("history", "problems")

# Imported where they are used only, or kept as plain values there.
LATE: dict[str, Any] = {each.__name__: each for each in (Appraisal, TargetSimulation)}
KNOWN: dict[tuple[type, str], Any] = {
    (Assessment, "target"): Target | None,
    (Assessment, "appraisal"): Appraisal | None,
    (Assessment, "journal"): SigningOutcome | None,
    (Assessment, "work"): WorkList | None,
}

NUMBER = {"type": ["number", "null"]}
QUARTER = r"\d{4}Q[1-4]"
SIMPLE: dict[Any, dict[str, Any]] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: NUMBER,
    NoneType: {"type": "null"},
    Combine: combine_schema(),
    date: {"type": "string", "format": "date"},
    Quarter: {"type": "string", "pattern": f"^{QUARTER}$"},
    YearToDate: {"type": "string", "pattern": r"^(FY|9M|6M)\d{4}$"},
}
RULES = {
    "description": "The rules version under which the figures were calculated. Answers of programs that had "
    "none lack it: they are of number 1.",
    "type": "integer",
}
INTERVAL = {
    "description": "Everything from lo to hi. A number that is known has both ends alike; null is no bound, "
    "and two of them are nothing known. Of an answer 0 is no, 1 yes, and 0 to 1 unknown.",
    "type": "object",
    "properties": {"lo": NUMBER, "hi": NUMBER},
    "required": ["lo", "hi"],
}


SUPPOSITION = {
    "description": "What a what-if sets, as an interval, and in how many of the last quarters; null: in all.",
    "type": "object",
    "properties": {"lo": NUMBER, "hi": NUMBER, "quarters": {"type": ["integer", "null"]}},
    "required": ["lo", "hi", "quarters"],
}
PRINTED = {Interval: INTERVAL, Supposition: SUPPOSITION}


class Definitions:
    """Types as schemas; a class is described once, under the name of its module and its own."""

    def __init__(self) -> None:
        self.found: dict[str, dict[str, Any]] = {}

    def schema(self, kind: Any) -> dict[str, Any]:
        """The schema of a type. Errors: ``TypeError`` for one that ``plain`` is not known to print."""
        if kind in SIMPLE:
            return SIMPLE[kind]
        if kind is Interval or field_names(kind) or hasattr(kind, "_fields"):
            return self._ref(kind)
        origin, arguments = get_origin(kind), get_args(kind)
        if origin is Literal:
            return {"enum": list(arguments)}
        if origin in (Union, UnionType):
            return self._either(arguments)
        if origin is abc.Mapping:
            return {"type": "object", "additionalProperties": self.schema(arguments[1])}
        if origin is abc.Sequence or (origin is tuple and arguments[1:] == (...,)):
            return {"type": "array", "items": self.schema(arguments[0])}
        if origin is tuple:
            items = [self.schema(argument) for argument in arguments]
            return {"type": "array", "prefixItems": items, "minItems": len(items), "maxItems": len(items)}
        raise TypeError(f"how is {kind} printed?")

    def _either(self, kinds: tuple[Any, ...]) -> dict[str, Any]:
        listed = [self.schema(kind) for kind in kinds]
        if {"type": "null"} in listed and NUMBER in listed:
            listed.remove({"type": "null"})
        return listed[0] if len(listed) == 1 else {"anyOf": listed}

    def _ref(self, kind: type) -> dict[str, Any]:
        name = kind.__name__  # no two classes of the program share one
        if name not in self.found:
            self.found[name] = {}  # classes may hold themselves
            self.found[name] = PRINTED[kind] if kind in PRINTED else self._described(kind)
        return {"$ref": f"#/$defs/{name}"}

    def _described(self, kind: type) -> dict[str, Any]:
        hints = get_type_hints(kind, localns=LATE)
        names = field_names(kind) or kind._fields  # type: ignore[attr-defined]
        about, properties, required = _texts_of(kind), {}, []
        for name in names:
            hint = KNOWN.get((kind, name), hints[name])
            if _is_always_there(kind, name):
                required.append(name)
            elif type(None) in get_args(hint):
                hint = reduce(or_, [each for each in get_args(hint) if each is not NoneType])
            told = {"description": about[name]} if name in about else {}
            properties[name] = {**told, **self.schema(hint)}
        doc = inspect.cleandoc(kind.__doc__ or "")
        return {
            "description": " ".join(doc.split()),
            "type": "object",
            "properties": properties,
            "required": required,
        }


def _is_always_there(kind: type, name: str) -> bool:
    """Of a record what has no default, of a named tuple everything, of a fact what is not an empty text."""
    if kind is Fact:
        return get_type_hints(Fact)[name] is not str
    return not (field_names(kind) and hasattr(kind, name))


def _texts_of(kind: type) -> dict[str, str]:
    """What stands under the fields of a class: field to text."""
    (tree,) = ast.parse(dedent(inspect.getsource(kind))).body
    assert isinstance(tree, ast.ClassDef)
    found = {}
    for field, text in zip(tree.body, tree.body[1:], strict=False):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name):
            is_text = isinstance(text, ast.Expr) and isinstance(text.value, ast.Constant)
            if is_text and isinstance(text.value.value, str):  # type: ignore[attr-defined]
                found[field.target.id] = " ".join(text.value.value.split())  # type: ignore[attr-defined]
    return found


def schema(kind: str) -> dict[str, Any]:
    """The schema of a kind of answer."""
    definitions = Definitions()
    described = dict(definitions.found[_name(definitions, ROOTS[kind])])
    head = {
        "schema": {"const": schema_urn(kind)},
        **({"rules_version": RULES} if kind in WITH_FIGURES else {}),
    }
    described["properties"] = {**head, **described["properties"]}
    described["required"] = ["schema", *described["required"]]
    body = {"type": "array", "items": described} if kind in LISTS else described
    defs = {name: found for name, found in sorted(definitions.found.items()) if _is_used(name, definitions)}
    return {"$schema": DIALECT, "$id": schema_urn(kind), "title": kind, **body, "$defs": defs}


def _name(definitions: Definitions, kind: type) -> str:
    return str(definitions.schema(kind)["$ref"]).removeprefix("#/$defs/")


def _is_used(name: str, definitions: Definitions) -> bool:
    return f'"#/$defs/{name}"' in json.dumps(definitions.found)


def texts() -> Mapping[str, str]:
    """File name to text."""
    return {schema_file(kind): json.dumps(schema(kind), indent=2) + "\n" for kind in VERSIONS}


if __name__ == "__main__":
    for file, text in texts().items():
        (FOLDER / file).write_text(text, encoding="utf-8")
