"""Reads a folder with a thesis into records and facts.

``read`` takes the files as they are and reports every mistake of form; whether names, units and
levels fit together is for ``thesis.lint`` to say.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from datetime import date
from functools import cached_property
from typing import Any

from thesis.core.problem import InvalidInput, Problem
from thesis.core.record import replace_fields
from thesis.facts.fact import FactStore, LineItem
from thesis.files.yaml import SourceDocument, read_yaml
from thesis.pack.folder import METRICS, Folder
from thesis.pack.schema.forecasts import NONE_FORECAST, Forecasts
from thesis.pack.schema.judgements import Judgement, JudgementsFile, Rubric, TriggerEvent
from thesis.pack.schema.metrics import Calendar, Entity, Identity, Metric, MetricsFile, PriceJump, ShareSplit
from thesis.pack.schema.overrides import NONE_OVERRIDDEN, Override, Overrides
from thesis.pack.schema.shapes import FILES, freeze, thaw
from thesis.pack.schema.standard import StandardOrigins
from thesis.pack.schema.thesis import Measure, ThesisFile
from thesis.pack.schema.valuation import ValuationInputs
from thesis.pack.standard import metrics_document
from thesis.pack.validate import validate
from thesis.pack.value_names import ValueName, value_names


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
        origins: StandardOrigins | None = None,
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
        self.origins = origins
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

    def is_standard(self, name: str) -> bool:
        """Whether a line item or a metric is defined by the standard that the pack uses."""
        return self.origins is not None and name in self.origins.defined

    def origin(self, name: str) -> str:
        """Where a line item or a metric is defined, in words; empty in a pack that uses no standard."""
        if self.origins is None:
            return ""
        if name in self.origins.defined:
            return self.origins.defined[name]
        replaced = self.origins.replaced.get(name)
        return f"metrics.yaml, in place of {replaced}" if replaced else "metrics.yaml"

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
    origins: StandardOrigins | None = None
    for name, shape in FILES.items():
        if name not in folder.texts:
            shapes[name] = None if shape is ValuationInputs else shape()
            continue
        try:
            if name == METRICS:
                documents[name], origins = metrics_document(folder)
            else:
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
    return assemble_pack(shapes, facts, folder.digest, origins), documents


def assemble_pack(
    shapes: Mapping[str, Any], facts: FactStore, digest: str, origins: StandardOrigins | None = None
) -> Pack:
    """The pack that the shapes of its files make, by file name; ``origins``: of standard definitions."""
    thesis, metrics, judgements, valuation, overrides, forecasts = (shapes[name] for name in FILES)
    return Pack(thesis, metrics, judgements, facts, digest, valuation, overrides, forecasts, origins)


def freeze_pack(shapes: Pack) -> str:
    """A checked pack as JSON, without its facts."""
    metrics = MetricsFile(
        entities=shapes.entities,
        concepts=shapes.concepts,
        metrics=shapes.metrics,
        identities=shapes.identities,
        calendar=shapes.calendar,
        splits=shapes.splits,
        jumps=shapes.jumps,
    )
    judgements = JudgementsFile(list(shapes.rubrics.values()), shapes.grades, shapes.events)
    overrides = Overrides(shapes.overrides)
    parts = (
        shapes.thesis,
        metrics,
        judgements,
        shapes.valuation,
        overrides,
        shapes.forecasts,
        shapes.origins,
    )
    return json.dumps([freeze(part) for part in parts])


def thaw_pack(frozen: str, folder: Folder) -> Pack:
    """The pack that was frozen, with the facts of its folder (which are those it was checked with)."""
    *read, origins = json.loads(frozen, object_hook=thaw)
    shapes = dict(zip(FILES, read, strict=True))
    facts = FactStore(folder.shown)
    for name, text in folder.facts.items():
        facts.add(text, name)
    return assemble_pack(shapes, facts, folder.digest, origins)
