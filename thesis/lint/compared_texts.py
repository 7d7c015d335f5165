"""Where a pack compares: every condition and formula that a score, an answer or a scenario comes from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from thesis.files.yaml import Path_
from thesis.pack.folder import FORECASTS, METRICS, THESIS, VALUATION
from thesis.pack.load import Pack
from thesis.pack.schema.thesis import Measure


class Text(NamedTuple):
    """An expression of a pack and where it stands."""

    text: str
    file: str
    path: Path_


def conditions_of(pack: Pack) -> Iterator[Text]:
    """Every condition of the thesis and of its scenarios."""
    thesis, valuation = pack.thesis, pack.valuation
    for kind, rules in (("conditions", thesis.conditions), ("risks", thesis.risks)):
        for i, rule in enumerate(rules):
            yield Text(rule.holds, THESIS, (kind, i, "holds"))
            yield Text(rule.lift.when if rule.lift else "", THESIS, (kind, i, "lift", "when"))
    for i, kill in enumerate(thesis.kill):
        yield Text(kill.when, THESIS, ("kill", i, "when"))
    for i, scenario in enumerate(valuation.scenarios if valuation else ()):
        for j, signpost in enumerate(scenario.signposts):
            yield Text(signpost.when, VALUATION, ("scenarios", i, "signposts", j, "when"))
    for i, route in enumerate(valuation.paths.routes if valuation and valuation.paths else ()):
        yield Text(route.active, VALUATION, ("paths", "routes", i, "active"))


def forecast_conditions(pack: Pack) -> Iterator[Text]:
    """The conditions of yes-or-no forecasts."""
    for i, forecast in enumerate(pack.forecasts.forecasts):
        yield Text(forecast.when, FORECASTS, ("forecasts", i, "when"))


def formulas_of(pack: Pack) -> Iterator[Text]:
    """The formulas of metrics."""
    for name, metric in pack.metrics.items():
        yield Text(metric.formula, METRICS, ("metrics", name, "formula"))


class PlacedMeasure(NamedTuple):
    """A measure of a rule, or of a group in it, and where it stands."""

    measure: Measure
    path: Path_


def measures_of(pack: Pack) -> Iterator[PlacedMeasure]:
    """Every measure of the thesis, those of groups included."""
    thesis = pack.thesis
    for kind, rules in (("conditions", thesis.conditions), ("risks", thesis.risks)):
        for i, rule in enumerate(rules):
            yield from _placed(rule.measures, (kind, i))


def _placed(measures: Sequence[Measure], path: Path_) -> Iterator[PlacedMeasure]:
    for i, measure in enumerate(measures):
        place: Path_ = (*path, "measures", i)
        yield PlacedMeasure(measure, place)
        yield from _placed(measure.measures, place)
