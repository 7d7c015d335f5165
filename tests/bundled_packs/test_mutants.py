"""A rule that was changed is caught by a trial: every edge, weight, number and window of the Alphabet pack.

Each mutant is the pack with one thing changed. One that no trial notices could be changed by mistake, and
its author would not be told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import TypeVar

import pytest

from thesis.files.disk import bundled_folder
from thesis.language.nodes import Persistence
from thesis.language.syntax import parse
from thesis.pack.folder import read_folder
from thesis.pack.load import Pack, build
from thesis.pack.schema.judgements import JudgementsFile
from thesis.pack.schema.metrics import Metric, MetricsFile
from thesis.pack.schema.thesis import KillCriterion, Measure, Rule, ThesisFile
from thesis.pack.scores import parse_score
from thesis.workspace.trial_runs import read_trials, run_trials

pytestmark = pytest.mark.slow

T = TypeVar("T")
FOLDER = bundled_folder("rules") / "googl-cloud"
NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?:%|bp)?(?![\w.])")
OTHER = {"geometric": "mean", "mean": "geometric", "max": "mean"}


def changed(record: T, **values: object) -> T:
    return type(record)(**{**vars(record), **values})


@cache
def pack() -> Pack:
    return build(read_folder(FOLDER, "googl-cloud"))[0]


# what may change -------------------------------------------------------------------------------------


def other_numbers(text: str) -> Iterator[str]:
    """A condition or a formula with one of its numbers a little larger, or a little smaller."""
    for found in NUMBER.finditer(text):
        digits = found[0].rstrip("%bp")
        unit = found[0][len(digits) :]
        for by in (0.92, 1.08) if float(digits) and unit else (-1, 1):
            other = (
                float(digits) * by
                if float(digits) and unit
                else float(digits) + by * (50 if unit == "bp" else 1)
            )
            if other >= 0 or unit:
                yield f"{text[: found.start()]}{other:g}{unit}{text[found.end() :]}"


def other_edges(bands: Sequence[str]) -> Iterator[list[str]]:
    """Bands with one edge moved by an eighth of the way to a neighbour."""
    values = [parse_score(edge) for edge in bands]
    for i, edge in enumerate(values):
        for neighbour in values[max(i - 1, 0) : i] + values[i + 1 : i + 2]:
            moved = edge + (neighbour - edge) / 8
            yield [*bands[:i], f"{moved:.10f}", *bands[i + 1 :]]


def other_measures(measure: Measure, *, alone: bool) -> Iterator[tuple[str, Measure]]:
    for bands in other_edges(measure.bands):
        yield f"{measure.metric} {bands}", changed(measure, bands=bands)
    if measure.sustained:
        yield f"{measure.metric} not sustained", changed(measure, sustained="")
        yield f"{measure.metric} in each of three", changed(measure, sustained="3 of 3")
    if not alone:
        yield (
            f"{measure.metric or measure.judgement} twice the weight",
            changed(measure, weight=measure.weight * 2),
        )


def other_rules(rule: Rule) -> Iterator[tuple[str, Rule]]:
    for i, measure in enumerate(rule.measures):
        for told, other in other_measures(measure, alone=len(rule.measures) == 1 or rule.combine == "max"):
            measures = [*rule.measures[:i], other, *rule.measures[i + 1 :]]
            yield f"{rule.id}: {told}", changed(rule, measures=measures)
    if len(rule.measures) > 1:
        yield f"{rule.id}: {OTHER[rule.combine]}", changed(rule, combine=OTHER[rule.combine])
    for holds in (*other_numbers(rule.holds), *loosened(rule.holds)):
        yield f"{rule.id}: {holds}", changed(rule, holds=holds)


def loosened(text: str) -> Iterator[str]:
    """A condition with `or` for `and`."""
    if " and " in text:
        yield text.replace(" and ", " or ")


def other_kills(kill: KillCriterion) -> Iterator[tuple[str, KillCriterion]]:
    for when in (*other_numbers(kill.when), *loosened(kill.when)):
        yield f"{kill.id}: {when}", changed(kill, when=when)
    if (
        kill.judgement
    ):  # a trial gives one grade for all quarters, so it cannot tell at once from twice running
        yield f"{kill.id}: from the next level", changed(kill, at_least=kill.at_least + 1)
    elif not isinstance(parse(kill.when), Persistence):  # which says itself how long, and waits no more
        yield f"{kill.id}: at once", changed(kill, immediate=True)


def other_theses(thesis: ThesisFile) -> Iterator[tuple[str, ThesisFile]]:
    for name in ("conditions", "risks"):
        rules = getattr(thesis, name)
        for i, rule in enumerate(rules):
            for told, other in other_rules(rule):
                yield told, changed(thesis, **{name: [*rules[:i], other, *rules[i + 1 :]]})
    for i, kill in enumerate(thesis.kill):
        for told, one in other_kills(kill):
            yield told, changed(thesis, kill=[*thesis.kill[:i], one, *thesis.kill[i + 1 :]])


def other_metrics() -> Iterator[tuple[str, Mapping[str, Metric]]]:
    """The metrics with one window or number of a formula changed, or a sum of four quarters left out."""
    for name, metric in pack().metrics.items():
        formulas = [*other_numbers(metric.formula), metric.formula.replace("ttm(", "(", 1)]
        for formula in formulas:
            if formula != metric.formula:
                yield f"{name} = {formula}", {**pack().metrics, name: changed(metric, formula=formula)}


def mutants() -> Iterator[tuple[str, ThesisFile, Mapping[str, Metric]]]:
    for told, thesis in other_theses(pack().thesis):
        yield told, thesis, pack().metrics
    for told, metrics in other_metrics():
        yield told, pack().thesis, metrics


# whether a trial notices -----------------------------------------------------------------------------


def is_noticed(thesis: ThesisFile, metrics: Mapping[str, Metric]) -> bool:
    given = pack()
    mutant = Pack(
        thesis,
        MetricsFile(given.entities, given.concepts, metrics, given.identities, given.calendar),
        JudgementsFile(list(given.rubrics.values()), given.grades),
        given.facts,
        given.digest,
        given.valuation,
    )
    text = (FOLDER / "trials.yaml").read_text(encoding="utf-8")
    trials, document = read_trials(text, "trials.yaml", mutant)
    return any(not found.passed for trial in trials for found in run_trials(mutant, [trial], document))


@pytest.mark.parametrize("group", range(8))
def test_a_changed_rule_is_caught_by_a_trial(group: int) -> None:
    """In eight parts, so that they run beside each other."""
    listed = list(mutants())
    assert len(listed) > 200
    assert [told for told, thesis, metrics in listed[group::8] if not is_noticed(thesis, metrics)] == []


def test_the_pack_as_it_is_passes() -> None:
    assert not is_noticed(pack().thesis, pack().metrics)
