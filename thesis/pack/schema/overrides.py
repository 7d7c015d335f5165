"""The keys of overrides.yaml: an analyst's own score or answer for a rule, with reason, name and last day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Annotated, Literal

from thesis.core.field_types import DAY, SCORE_RANGE
from thesis.core.record import record
from thesis.facts.fact import CONFIG


@record
class Override:
    """An analyst's own word on a rule in place of what was worked out, for a time and for a reason."""

    __pydantic_config__ = CONFIG

    rule: str
    """The id of a condition, a risk or a kill criterion."""
    reason: str
    """Why, in a sentence that a reader a year on understands."""
    by: str
    """Whose word it is."""
    since: Annotated[str, DAY]
    """The day from which on it counts."""
    until: Annotated[str, DAY]
    """The last day on which it counts."""
    score: Annotated[str, SCORE_RANGE] = ""
    """Of a condition or a risk: 0 to 1, or a range as in `0.5..0.7`."""
    answer: Literal["", "yes", "no", "unknown"] = ""
    """Of a kill criterion: whether it has tripped; of a condition: whether its claim is literally true."""
    entered: Annotated[str, DAY] = ""
    """The day it was written down, where that is later than the day from which on it counts."""


@record
class Overrides:
    """overrides.yaml: what an analyst replaced, each with its end."""

    __pydantic_config__ = CONFIG

    overrides: Sequence[Override] = ()
    """Every override there ever was; rows are added, never changed."""


def overrides_on(overrides: Iterable[Override], day: str) -> dict[str, Override]:
    """The override of each rule that counts on a day.

    Of several the one that was given last: it takes the place of the others for good, also once it has ended.
    """
    given = sorted((o for o in overrides if o.since <= day), key=lambda o: o.since)
    return {rule: o for rule, o in {o.rule: o for o in given}.items() if o.until >= day}


NONE_OVERRIDDEN = Overrides()
"""What a pack without overrides.yaml holds."""
SHAPES: tuple[type, ...] = (
    Overrides,
    Override,
)
