"""Reads a folder with a thesis into records and facts.

``read`` takes the files as they are and reports every mistake of form; whether names, units and
levels fit together is for ``thesis.lint`` to say.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from datetime import date
from functools import cache, cached_property
from types import UnionType
from typing import TYPE_CHECKING, Any, NamedTuple, Union, get_args, get_origin, get_type_hints

from thesis.core.problem import InvalidInput, Problem, did_you_mean, nearest_word
from thesis.core.record import field_names, pydantic_ready, replace_fields
from thesis.facts.fact import FactStore, LineItem
from thesis.files.yaml import KEY, Path_, SourceDocument, read_yaml
from thesis.pack.folder import Folder
from thesis.pack.schema.forecasts import NONE_FORECAST, Forecasts
from thesis.pack.schema.judgements import Judgement, JudgementsFile, Rubric, TriggerEvent
from thesis.pack.schema.metrics import Calendar, Entity, Identity, Metric, MetricsFile, PriceJump, ShareSplit
from thesis.pack.schema.overrides import NONE_OVERRIDDEN, Override, Overrides
from thesis.pack.schema.shapes import FILES, SHAPES, freeze, thaw
from thesis.pack.schema.thesis import Measure, ThesisFile
from thesis.pack.schema.valuation import ValuationInputs
from thesis.pack.value_names import ValueName, value_names

if TYPE_CHECKING:
    from pydantic import TypeAdapter


MOST_DIGITS = 18  # of a whole number: of days, draws or quarters
MOST_QUOTED = 80  # characters of a value that a message repeats


class Pack:
    """A thesis, its metrics, its judgements and its facts, under the digest of all their bytes."""

    def __init__(
        self,
        thesis: ThesisFile,
        metrics: MetricsFile,
        judgements: JudgementsFile,
        facts: FactStore,
        digest: str,
        valuation: ValuationInputs | None = None,
        overrides: Overrides = NONE_OVERRIDDEN,
        forecasts: Forecasts = NONE_FORECAST,
    ) -> None:
        self.thesis = thesis
        self.entities: Mapping[str, Entity] = metrics.entities
        self.concepts: Mapping[str, LineItem] = metrics.concepts
        self.metrics: Mapping[str, Metric] = metrics.metrics
        self.identities: Sequence[Identity] = metrics.identities
        self.calendar: Calendar = metrics.calendar
        self.splits: Sequence[ShareSplit] = metrics.splits
        self.jumps: Sequence[PriceJump] = metrics.jumps
        self.rubrics: Mapping[str, Rubric] = {rubric.id: rubric for rubric in judgements.rubrics}
        self.grades: Sequence[Judgement] = judgements.grades
        self.events: Sequence[TriggerEvent] = judgements.events
        self.valuation = valuation
        self.overrides: Sequence[Override] = overrides.overrides
        self.forecasts: Forecasts = forecasts
        self.facts = facts
        self.digest = digest

    @cached_property
    def values(self) -> Mapping[str, ValueName]:
        """The names `value.*` that its valuation gives, but for those that the pack declares otherwise."""
        target = self.thesis.target
        found = value_names(self.valuation, target.unit) if target else {}
        return {name: each for name, each in found.items() if self.declared(name) is None}

    @cached_property
    def reads_values(self) -> bool:
        """Whether a metric or a rule reads what the valuation works out, so that it has a say in scores."""
        thesis = self.thesis
        rules = (*thesis.conditions, *thesis.risks)
        texts = [metric.formula for metric in self.metrics.values()]
        texts += [rule.holds for rule in rules] + [rule.lift.when for rule in rules if rule.lift]
        texts += [kill.when for kill in thesis.kill]
        texts += [name for rule in rules for name in _scored_names(rule.measures)]
        return any(name in text for name in self.values for text in texts)

    def declared(self, name: str) -> LineItem | Metric | None:
        """The line item or metric of a name; None where there is none."""
        return self.concepts.get(name) or self.metrics.get(name)

    def shape(self, name: str) -> LineItem | Metric | ValueName | None:
        """What a name of the rule language stands for: its label and unit; None where there is none."""
        return self.declared(name) or self.values.get(name)

    def scored(self, name: str) -> Metric | ValueName:
        """The metric or the value that a measure scores. Errors: ``KeyError`` where there is none."""
        return self.metrics.get(name) or self.values[name]

    def owner(self, concept: str) -> str:
        """The entity whose figure a concept is."""
        return self.concepts[concept].entity or self.thesis.entity

    def unit_of(self, name: str) -> str:
        """The unit of a line item, a metric or a value; empty where there is none of that name."""
        shape = self.shape(name)
        return shape.unit if shape else ""

    @property
    def last_known(self) -> str:
        """The newest day on which a figure was filed or a grade given; empty where there is neither."""
        return max([self.facts.last_filed, *(grade.graded for grade in self.grades)])

    def with_facts(
        self,
        facts: FactStore,
        grades: Sequence[Judgement] | None = None,
        events: Sequence[TriggerEvent] | None = None,
    ) -> Pack:
        """The same rules on other facts, and on other judgements where they are given."""
        other = copy(self)
        other.facts = facts
        other.grades = self.grades if grades is None else grades
        other.events = self.events if events is None else events
        return other

    def with_formulas(self, formulas: Mapping[str, str]) -> Pack:
        """The same pack with other formulas for some metrics; itself, where they say the same."""
        other = {name: text for name, text in formulas.items() if self._formula(name) != text}
        if not other:
            return self
        found = copy(self)
        found.__dict__.pop("reads_values", None)
        found.metrics = {**self.metrics, **{name: self._defined(name, text) for name, text in other.items()}}
        return found

    def _formula(self, name: str) -> str:
        return self.metrics[name].formula if name in self.metrics else ""

    def _defined(self, name: str, formula: str) -> Metric:
        """A metric with another formula; one that is there no more as a bare number."""
        if name in self.metrics:
            return replace_fields(self.metrics[name], formula=formula)
        return Metric(formula, "ratio", "number", name)

    def known_by(self, day: date) -> Pack:
        """The same rules on what was filed, graded, happened and overridden by a day."""
        last = str(day)
        other = self.with_facts(
            self.facts.known_by(day),
            [grade for grade in self.grades if grade.graded <= last],
            [event for event in self.events if event.day <= last],
        )
        other.overrides = [override for override in self.overrides if override.since <= last]
        return other


def _scored_names(measures: Sequence[Measure]) -> Iterator[str]:
    for measure in measures:
        yield measure.metric
        yield from _scored_names(measure.measures)


def build(folder: Folder) -> tuple[Pack, dict[str, SourceDocument]]:
    """The pack in a folder, and its documents by file name.

    Errors: ``InvalidInput`` with all mistakes of form.
    """
    problems: list[Problem] = []
    documents: dict[str, SourceDocument] = {}
    shapes: dict[str, Any] = {}
    for name, shape in FILES.items():
        if name not in folder.texts:
            shapes[name] = None if shape is ValuationInputs else shape()
            continue
        try:
            documents[name] = read_yaml(folder.texts[name], folder.shown + name)
            shapes[name] = validate(documents[name], shape)
        except InvalidInput as flawed:
            problems += flawed.problems
    facts = FactStore(folder.shown)
    for name, text in folder.facts.items():
        try:
            facts.add(text, name)
        except InvalidInput as flawed:
            problems += flawed.problems
    if problems:
        raise InvalidInput(problems, folder.sources)
    return assemble_pack(shapes, facts, folder.digest), documents


def assemble_pack(shapes: Mapping[str, Any], facts: FactStore, digest: str) -> Pack:
    """The pack that the shapes of its files make, by file name."""
    thesis, metrics, judgements, valuation, overrides, forecasts = (shapes[name] for name in FILES)
    return Pack(thesis, metrics, judgements, facts, digest, valuation, overrides, forecasts)


def freeze_pack(shapes: Pack) -> str:
    """A checked pack as JSON, without its facts."""
    metrics = MetricsFile(
        shapes.entities,
        shapes.concepts,
        shapes.metrics,
        shapes.identities,
        shapes.calendar,
        shapes.splits,
    )
    judgements = JudgementsFile(list(shapes.rubrics.values()), shapes.grades, shapes.events)
    overrides = Overrides(shapes.overrides)
    parts = (shapes.thesis, metrics, judgements, shapes.valuation, overrides, shapes.forecasts)
    return json.dumps([freeze(part) for part in parts])


def thaw_pack(frozen: str, folder: Folder) -> Pack:
    """The pack that was frozen, with the facts of its folder (which are those it was checked with)."""
    shapes = dict(zip(FILES, json.loads(frozen, object_hook=thaw), strict=True))
    facts = FactStore(folder.shown)
    for name, text in folder.facts.items():
        facts.add(text, name)
    return assemble_pack(shapes, facts, folder.digest)


# pydantic's findings in our words ----------------------------------------------------------------


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
