"""Statements of which at most one can be true: the words for each, and the record that decides between them.

The price is supported by growth or by none, a criterion has triggered or has not, a scenario's signposts are
seen or not. Wherever the memo or a command says one of these, it takes the words from here, by the key that
one function reads from one record; so no two sentences about one subject can contradict each other.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from thesis.core.interval import Interval
from thesis.pack.value_names import NONE_NEEDED, NONE_SUPPORTS
from thesis.scoring.assessment import Assessment, KillResult

if TYPE_CHECKING:
    from thesis.appraisal.appraise import Appraisal
    from thesis.appraisal.scenarios import ScenarioResult

OPEN = "open"
"""The key where the record leaves it open."""


class ExclusiveStatements(NamedTuple):
    """One row of the table: what its statements are about, and each statement by its key.

    ``read`` gives each subject that an assessment has, such as the id of a criterion, with the key of the one
    statement that is true of it. ``record`` names where it is read.
    """

    about: str
    statements: Mapping[str, str]
    record: str
    read: Callable[[Assessment], Iterator[tuple[str, str]]]


GROWTH = {
    "supported": "a growth rate supports the price",
    "unsupported": NONE_SUPPORTS,
    "decline": NONE_NEEDED,
    OPEN: "it is open whether any growth supports the price",
}
SIGNPOSTS = {"seen": "yes", "not seen": "no", OPEN: "cannot be told"}
CRITERION = {
    "triggered": "TRIPPED",
    "waiting": "not yet",
    "not triggered": "not tripped",
    OPEN: "not known",
}
TARGET = {"reached": "is the base case", "short": "is not the base case"}


def growth_key(growth: Interval) -> str:
    """Which statement is true of the growth that a price implies."""
    if growth.is_anything:
        return OPEN
    if growth.is_point and math.isinf(growth.lo):
        return "unsupported" if growth.lo > 0 else "decline"
    return OPEN if growth.hi == math.inf else "supported"


def signposts_key(view: ScenarioResult) -> str:
    """Whether enough of a scenario's signposts are seen."""
    if not view.claimed.is_point:
        return OPEN
    return "seen" if view.claimed.lo == 1.0 else "not seen"


def criterion_key(found: KillResult) -> str:
    """Whether a criterion has triggered; as far as an override in force says so, by its word."""
    key = answer_key(found.tripped)
    is_waiting = key == "not triggered" and found.waiting is not None and found.override is None
    return "waiting" if is_waiting else key


def answer_key(tripped: Interval) -> str:
    """Whether an answer to a criterion says that it has triggered."""
    if not tripped.is_point:
        return OPEN
    return "triggered" if tripped.lo == 1.0 else "not triggered"


def target_key(worth: Appraisal) -> str:
    """Whether the middle assumptions reach the target."""
    from thesis.narrative.key_assumption_text import is_short

    return "short" if is_short(worth) else "reached"


def _price(a: Assessment) -> Iterator[tuple[str, str]]:
    worth = a.appraisal
    if worth is not None and worth.expectations is not None:
        yield "the price", growth_key(worth.expectations.now.growth)


def _scenarios(a: Assessment) -> Iterator[tuple[str, str]]:
    for view in a.appraisal.scenarios if a.appraisal else ():
        if view.signposts:
            yield view.scenario.id, signposts_key(view)


def _target(a: Assessment) -> Iterator[tuple[str, str]]:
    if a.appraisal is not None and a.appraisal.market_cap is not None and not a.appraisal.is_passed:
        yield "the target", target_key(a.appraisal)


def _labels(a: Assessment, kind: str) -> Iterator[tuple[str, str]]:
    labels = a.verdict.labels.conditions if kind == "condition" else a.verdict.labels.risks
    for found in a.findings:
        if found.kind == kind:
            yield found.id, found.label if found.label in labels else OPEN


def exclusive_statements(a: Assessment) -> tuple[ExclusiveStatements, ...]:
    """The table, with the labels that the thesis of an assessment gives to conditions and risks."""
    labels = a.verdict.labels
    return (
        ExclusiveStatements("growth in the price", GROWTH, "appraisal.expectations.now.growth", _price),
        ExclusiveStatements(
            "a risk",
            {**{label: label for label in labels.risks}, OPEN: "a range of labels"},
            "risks[].label",
            lambda each: _labels(each, "risk"),
        ),
        ExclusiveStatements(
            "a condition",
            {**{label: label for label in labels.conditions}, OPEN: "a range of labels"},
            "conditions[].label",
            lambda each: _labels(each, "condition"),
        ),
        ExclusiveStatements("a scenario's signposts", SIGNPOSTS, "appraisal.scenarios[].claimed", _scenarios),
        ExclusiveStatements(
            "a kill criterion",
            CRITERION,
            "kill[].tripped",
            lambda each: ((found.id, criterion_key(found)) for found in each.kill),
        ),
        ExclusiveStatements("the target and the base case", TARGET, "appraisal.market_cap", _target),
    )
