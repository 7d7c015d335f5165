"""The keys of trials.yaml, a list of tests of a pack's rules: invented figures and expected results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from thesis.core.record import record
from thesis.facts.fact import CONFIG


@record
class Expectation:
    """What one rule, metric or kill criterion should come to in a quarter; exactly one of the rest."""

    __pydantic_config__ = CONFIG

    of: str
    """The id of a rule or a kill criterion, or a metric's name."""
    at: str
    """The quarter."""
    value: str = ""
    """Of a metric: a value, a range or `unknown`; compared to the last digit written."""
    score: str = ""
    """Of a rule: its score or its range."""
    label: str = ""
    """Of a rule: met, or weak to met."""
    holds: Literal["", "yes", "no", "unknown"] = ""
    """Of a condition: whether the claim is literally true."""
    answer: Literal["", "yes", "no", "unknown"] = ""
    """Of a kill criterion: whether it has tripped."""


@record
class Trial:
    """A rule's own test: invented figures, and what the rules must say of them."""

    __pydantic_config__ = CONFIG

    name: str
    """The behaviour, as a sentence."""
    expect: Sequence[Expectation]
    """What must come out."""
    facts: Mapping[str, str] | None = None
    """Concept to series: the first quarter, then values; `_` is missing, `10+1x3` is 10 11 12 13."""
    judgements: Mapping[str, str] | None = None
    """Rubric to level."""
    as_of: str = ""
    """The day to look from; else 35 days after the quarter's end."""


SHAPES: tuple[type, ...] = (
    Expectation,
    Trial,
)
