"""The keys of judgements.yaml: rubrics, the grades given under them, and events that end grades."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from thesis.core.field_types import DAY, QUARTER
from thesis.core.record import record
from thesis.facts.fact import CONFIG


@record
class Rubric:
    """A question that facts do not settle, and what each answer to it would look like."""

    __pydantic_config__ = CONFIG

    id: str
    """Stays the same for ever: grades refer to it."""
    name: str
    """A short title for tables."""
    asks: str
    """The question itself."""
    levels: Sequence[str]
    """Level 0 first; the score is level / highest level."""
    of: str = ""
    """The rule it informs."""
    triggers: Sequence[str] = ()
    """Events that make a grade expire at once."""


@record
class Judgement:
    """A grade that somebody gave on a day, with the evidence for it."""

    __pydantic_config__ = CONFIG

    rubric: str
    """The id of the rubric that it grades."""
    level: str
    """A level of the rubric, or a span as in `3..4` where the evidence allows both."""
    graded: Annotated[str, DAY]
    """The day from which on it counts."""
    by: str
    """Who graded it."""
    evidence: str
    """What was read, and what it says."""
    source: str
    """Where that can be read."""
    period: Annotated[str, QUARTER] = ""
    """The quarter it is about."""
    url: str = ""
    """Its address on the web."""
    back_filled: bool = False
    """Given in hindsight, from what was public on the day."""
    until: Annotated[str, DAY] = ""
    """The last day on which it counts, if that is sooner than the calendar has it."""
    entered: Annotated[str, DAY] = ""
    """The day it was written down, where that is later than the day from which on it counts."""

    @property
    def is_hindsight(self) -> bool:
        """Whether it was given after the day from which on it counts."""
        return self.back_filled or bool(self.entered)


@record
class TriggerEvent:
    """Something that happened and makes the grades given before it expire at once."""

    __pydantic_config__ = CONFIG

    rubric: str
    """The id of the rubric whose grades it ends."""
    day: Annotated[str, DAY]
    """The day from which on earlier grades no longer count."""
    what: str
    """What happened, in a sentence."""
    source: str
    """Where that can be read."""


@record
class JudgementsFile:
    """judgements.yaml: the rubrics, the grades given so far and the events that ended some of them."""

    __pydantic_config__ = CONFIG

    rubrics: Sequence[Rubric] = ()
    """The questions."""
    grades: Sequence[Judgement] = ()
    """The answers given so far; rows are added, never changed."""
    events: Sequence[TriggerEvent] = ()
    """What ended some of them."""


SHAPES: tuple[type, ...] = (
    Rubric,
    Judgement,
    TriggerEvent,
    JudgementsFile,
)
