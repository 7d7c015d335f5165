"""The verdict: worst and best of what is not known, how sure it is, and when there is none."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, TypeVar

import pytest

from thesis.core.interval import NO, UNKNOWN, YES, Interval, point
from thesis.files.disk import bundled_folder
from thesis.pack.folder import read_folder
from thesis.pack.load import build
from thesis.pack.schema.thesis import KillCriterion, Measure, Rule, VerdictTable
from thesis.scoring.assessment import KillResult, MeasureResult, RuleResult, Verdict
from thesis.scoring.verdict import reach_verdict, score_label

pytestmark = pytest.mark.quick

T = TypeVar("T")
LABELS = ("broken", "weak", "met", "strong")


@cache
def table() -> VerdictTable:
    return build(read_folder(bundled_folder("rules") / "amzn-4t", "amzn-4t"))[0].thesis.verdict


def changed(record: T, **values: Any) -> T:
    return type(record)(**{**vars(record), **values})


def finding(kind: str, score: Interval, coverage: float = 1.0) -> RuleResult:
    measure = Measure(weight=1.0, metric="m")
    leaf = MeasureResult("metric", "m", "m", measure, score, "", 1.0, "fresh")
    return RuleResult(kind, Rule("r", "r", "", "", [measure]), score, "", coverage, (leaf,), leaf)


def verdict(
    conditions: Sequence[Interval],
    risks: Sequence[Interval] = (point(0.1),),
    tripped: Interval = NO,
    coverage: float = 1.0,
    **settings: Any,
) -> Verdict:
    return reach_verdict(
        changed(table(), **settings),
        [finding("condition", score, coverage) for score in conditions],
        [finding("risk", score) for score in risks],
        [KillResult(KillCriterion("K1", "", ""), tripped, tripped)],
    )


ALL_MET = [point(0.6)] * 5


@pytest.mark.parametrize(
    ("conditions", "risks", "worst", "best"),
    [
        (ALL_MET, [point(0.1)], "ON TRACK", "ON TRACK"),
        (ALL_MET, [point(0.3)], "WATCH", "WATCH"),
        (ALL_MET, [Interval(0.1, 0.3)], "WATCH", "ON TRACK"),
        ([Interval(0.4, 0.6)] * 5, [point(0.3)], "AT RISK", "WATCH"),
        ([*ALL_MET[:4], UNKNOWN], [point(0.1)], "AT RISK", "ON TRACK"),
        ([UNKNOWN] * 5, [UNKNOWN], "OFF TRACK", "ON TRACK"),
        (ALL_MET, [], "ON TRACK", "ON TRACK"),
    ],
)
def test_the_verdict_runs_from_all_that_is_worst_to_all_that_is_best(
    conditions: list[Interval], risks: list[Interval], worst: str, best: str
) -> None:
    found = verdict(conditions, risks)
    assert (found.worst, found.best, found.is_determined) == (worst, best, worst == best)


@pytest.mark.parametrize(
    ("tripped", "worst", "best"),
    [(NO, "ON TRACK", "ON TRACK"), (YES, "BROKEN", "BROKEN"), (UNKNOWN, "BROKEN", "ON TRACK")],
)
def test_a_kill_criterion_ends_it_whatever_the_scores(tripped: Interval, worst: str, best: str) -> None:
    found = verdict(ALL_MET, tripped=tripped)
    assert (found.worst, found.best) == (worst, best)


@pytest.mark.parametrize(
    ("coverage", "rated"), [(1.0, True), (0.6, True), (0.3 + 0.3, True), (0.599, False), (0.0, False)]
)
def test_below_the_coverage_asked_for_there_is_no_rating(coverage: float, rated: bool) -> None:
    assert verdict(ALL_MET, coverage=coverage).rated == rated


@pytest.mark.parametrize(
    ("score", "clear"), [(0.60, True), (0.5301, True), (0.5299, False), (0.7201, False), (0.7199, True)]
)
def test_a_verdict_within_the_dead_band_of_an_edge_says_so(score: float, clear: bool) -> None:
    """Engines met at an elevated risk: WATCH, unless a total off by .03 would be another."""
    assert verdict([point(score)] * 5, [point(0.35)]).clear == clear


def test_the_caps_that_hold_the_verdict_down_are_told() -> None:
    """Strong engines with one stopped are capped; where the table is no better, a cap is not told."""
    stopped = verdict([point(1.0)] * 4 + [point(0.24)])
    assert stopped.caps == ("at most AT RISK: One engine has stopped.",)
    assert stopped.worst == "AT RISK"
    assert not verdict([point(0.1)] * 5).caps


@pytest.mark.parametrize(
    ("conditions", "coverage", "grade", "weakest"),
    [
        (ALL_MET, 1.0, "A", ""),  # nothing holds the best grade down
        (ALL_MET, 0.89, "B", "coverage"),
        (ALL_MET, 0.61, "C", "coverage"),
        (ALL_MET, 0.5, "D", "coverage"),
        ([Interval(0.55, 0.70)] * 5, 1.0, "B", "width"),
        ([Interval(0.50, 0.90)] * 5, 1.0, "D", "width"),
    ],
)
def test_confidence_is_the_worst_of_its_columns(
    conditions: list[Interval], coverage: float, grade: str, weakest: str
) -> None:
    found = verdict(conditions, coverage=coverage).confidence
    assert (found.grade, found.weakest) == (grade, weakest)


def test_a_verdict_that_hangs_on_the_weights_is_not_steady() -> None:
    """Strong and weak conditions, with a total near an edge: other weights give another verdict."""
    found = verdict([point(0.95), point(0.95), point(0.5), point(0.5), point(0.5)], [point(0.35)])
    even = verdict(ALL_MET, [point(0.35)])
    assert found.confidence.steady < 1.0
    assert even.confidence.steady == 1.0


def test_the_same_seed_draws_the_same_weights() -> None:
    scores = [point(0.95), point(0.95), point(0.5), point(0.5), point(0.5)]
    once, again = verdict(scores, [point(0.35)]), verdict(scores, [point(0.35)])
    assert once == again
    other = changed(table().robustness, seed=1, draws=300)
    assert verdict(scores, [point(0.35)], robustness=other).confidence.steady != once.confidence.steady


@pytest.mark.parametrize(
    ("score", "text"),
    [(point(0.6), "met"), (Interval(0.4, 0.6), "weak to met"), (UNKNOWN, "broken to strong")],
)
def test_a_range_over_two_labels_is_called_by_both(score: Interval, text: str) -> None:
    assert score_label(score, LABELS) == text
