"""Checks the remaining files of a pack that has mistakes of form, so that all are reported at once.

A value that is missing or of a wrong kind gets a stand-in, a key that nobody knows is left out or spelt
right, and lint reads the rest. Nothing is told twice, or on the strength of a stand-in: what lint says of a
mended place and of everything around it is dropped, as is what it says of a file that refers to a mended
one. Where a list, or what others go by, is not what it should be, nothing more is said of its file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from datetime import date
from typing import Any, Literal, NamedTuple, get_origin

from thesis.core.problem import InvalidInput, Problem, SourceSpan
from thesis.core.record import field_names
from thesis.facts.fact import FactStore
from thesis.files.yaml import KEY, Path_, SourceDocument, read_yaml
from thesis.lint import lint_pack
from thesis.pack.folder import FORECASTS, JUDGEMENTS, METRICS, OVERRIDES, THESIS, VALUATION, Folder
from thesis.pack.load import assemble_pack
from thesis.pack.schema.combine import Combine
from thesis.pack.schema.shapes import FILES
from thesis.pack.schema.valuation import ValuationInputs
from thesis.pack.standard import metrics_document
from thesis.pack.validate import Misfit, conform, type_at

FACTS = "facts"
REFERS: Mapping[str, frozenset[str]] = {
    THESIS: frozenset({METRICS, JUDGEMENTS}),
    METRICS: frozenset({METRICS}),
    JUDGEMENTS: frozenset(),
    VALUATION: frozenset({THESIS, METRICS}),
    OVERRIDES: frozenset({THESIS}),
    FORECASTS: frozenset({THESIS, METRICS, FORECASTS}),
    FACTS: frozenset({THESIS, METRICS}),
}
"""What each file names things of, its own among them: it cannot be judged where those were mended."""
ROUNDS = 3  # a value under a key that was misspelt may have mistakes of its own
_STAND_INS: Mapping[type, Any] = {str: "!", float: "1", int: "1", bool: "false"}
"""A text that is something, and neither a name nor a number; as a day it is before all days."""


def other_problems(folder: Folder, today: date) -> list[Problem]:
    """The errors beside the mistakes of form, as far as they can be told without correcting those."""
    shapes: dict[str, Any] = {}
    documents: dict[str, SourceDocument] = {}
    doubtful: dict[str, set[SourceSpan]] = {}
    for name, shape in FILES.items():
        text = folder.texts.get(name)
        found = None if text is None else _mended(folder, name, shape)
        if found is None:
            if name in (THESIS, METRICS):
                return []  # everything else is about what stands there
            shapes[name] = None if shape is ValuationInputs else shape()
            if text is not None:
                doubtful[name] = set()
            continue
        shapes[name], documents[name], places = found
        if places:
            doubtful[name] = places
    facts = _facts(folder)
    if facts is None:
        doubtful[FACTS] = set()
    pack = assemble_pack(shapes, facts or FactStore(), folder.digest)
    found_too = lint_pack(pack, documents, today, facts_known=facts is None)
    return [problem for problem in found_too if _is_certain(problem, folder, doubtful)]


def _is_certain(problem: Problem, folder: Folder, doubtful: Mapping[str, set[SourceSpan]]) -> bool:
    """Whether an error rests on nothing that was mended."""
    if problem.level != "error" or problem.span is None:
        return False
    name = problem.span.file.removeprefix(folder.shown)
    name = name if name in REFERS else FACTS
    return not REFERS[name] & doubtful.keys() and problem.span not in doubtful.get(name, ())


def _facts(folder: Folder) -> FactStore | None:
    facts = FactStore(folder.shown)
    try:
        for name, text in folder.facts.items():
            facts.add(text, name)
    except InvalidInput:
        return None
    return facts


class _Mended(NamedTuple):
    """A file that lint can read, and the places in it of which nothing more is to be said."""

    shape: Any
    document: SourceDocument
    places: set[SourceSpan]


def _mended(folder: Folder, name: str, shape: type) -> _Mended | None:
    """A file with stand-ins; None, where it cannot be read or something in it has none."""
    try:
        document = (
            metrics_document(folder).document
            if name == METRICS
            else read_yaml(folder.texts[name], folder.shown + name)
        )
    except InvalidInput:
        return None
    value, places = deepcopy(document.value), set[SourceSpan]()
    for _ in range(ROUNDS):
        fitted, misfits = conform(value, shape)
        if not misfits:
            return _Mended(fitted, document._replace(value=value), places)
        for misfit in sorted(
            misfits, key=lambda each: each.is_missing
        ):  # names first: one may be what is missing
            places.update(_around(misfit.path, document.spans))
            if not _mend(value, misfit, shape):
                return None
    return None


def _around(path: Path_, spans: Mapping[Path_, SourceSpan]) -> Iterator[SourceSpan]:
    """A place, and those of all that it is a part of."""
    for end in range(len(path) + 1):
        for each in (path[:end], (*path[:end], KEY)):
            if each in spans:
                yield spans[each]


def _mend(value: Any, misfit: Misfit, shape: type) -> bool:
    """Let a value fit at one place; whether that can be done."""
    if not misfit.path:
        return False
    *above, last = misfit.path
    for step in above:
        value = value[step]
    if misfit.is_unexpected:
        taken = value.pop(last)
        if misfit.meant:
            value.setdefault(misfit.meant, taken)
        return True
    if misfit.is_missing and last in value:
        return True  # it was misspelt
    owner, kind = type_at(shape, tuple(above)), type_at(shape, misfit.path)
    if last == "id" or last not in field_names(owner):
        return False  # others go by it
    if kind in _STAND_INS:
        value[last] = _STAND_INS[kind]
        return True
    if (get_origin(kind) is Literal or kind is Combine) and hasattr(owner, str(last)):
        value.pop(last)
        return True
    return False  # it holds what others go by, or decides what is asked of them
