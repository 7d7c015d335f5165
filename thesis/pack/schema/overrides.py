"""The shapes of what an analyst says beside the figures, overrides and forecasts.

Both are dated, signed with a name and end by themselves: an override on its last day, a forecast when the
figures arrive that settle it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from thesis.core.record import record
from thesis.facts.fact import CONFIG

REASONS = ("discontinued", "restated", "redefined")
"""For which a forecast may be annulled: what was asked is told no more, or is no longer the same."""


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
    since: str
    """The day from which on it counts."""
    until: str
    """The last day on which it counts."""
    score: str = ""
    """Of a condition or a risk: 0 to 1, or a range as in `0.5..0.7`."""
    answer: Literal["", "yes", "no", "unknown"] = ""
    """Of a kill criterion: whether it has tripped; of a condition: whether its claim is literally true."""
    entered: str = ""
    """The day it was written down, where that is later than the day from which on it counts."""


def overrides_on(overrides: Iterable[Override], day: str) -> dict[str, Override]:
    """The override of each rule that counts on a day.

    Of several the one that was given last: it takes the place of the others for good, also once it has ended.
    """
    given = sorted((o for o in overrides if o.since <= day), key=lambda o: o.since)
    return {rule: o for rule, o in {o.rule: o for o in given}.items() if o.until >= day}


@record
class Overrides:
    """overrides.yaml: what an analyst replaced, each with its end."""

    __pydantic_config__ = CONFIG

    overrides: Sequence[Override] = ()
    """Every override there ever was; rows are added, never changed."""


@record
class Forecast:
    """A dated probability of something that a filing or a date will settle.

    ``p`` is the probability that ``when`` holds. Of a ladder it is one probability for each of ``levels``,
    that the metric reaches it; of quantiles ``values`` are the 10, 50 and 90% quantiles of the metric; of a
    verdict ``levels`` are the thesis' own, worst first, and ``p`` is one probability for each.
    """

    __pydantic_config__ = CONFIG

    id: str
    """What it goes by, for ever."""
    text: str
    """What is forecast, as a sentence."""
    kind: Literal["binary", "ladder", "quantiles", "verdict"]
    """binary: yes or no; ladder: rising levels; quantiles: three values; verdict: one of the levels."""
    by: str
    """Whose forecast it is."""
    made: str
    """The day it was made."""
    period: str
    """The quarter whose figures settle it."""
    when: str = ""
    """Of a binary one: a condition in the rule language."""
    metric: str = ""
    """Of a ladder or of quantiles: the metric."""
    p: Sequence[str] = ()
    """The probability, or one for each level."""
    levels: Sequence[str] = ()
    """Of a ladder: its rungs, rising; of a verdict: the thesis' levels, worst first."""
    values: Sequence[str] = ()
    """Of quantiles: the 10, 50 and 90% quantile."""
    base_rate: str = ""
    """What one would say knowing nothing of the company, as a probability."""
    base_rate_source: str = ""
    """Counted over what."""
    cluster: str = ""
    """Forecasts that one event settles share a cluster, and count as one."""
    supersedes: str = ""
    """The id of an earlier forecast of the same author; both are scored."""


@record
class Resolution:
    """How a forecast turned out, where no figure settles it by itself."""

    __pydantic_config__ = CONFIG

    forecast: str
    """The id of the forecast."""
    outcome: str
    """yes, no, annulled, a level or a value."""
    resolved: str
    """The day it was settled."""
    by: str
    """Who settled it."""
    evidence: str
    """What settles it."""
    source: str
    """Where that can be read."""
    because: Literal["", "discontinued", "restated", "redefined"] = ""
    """Of one that is annulled: its source was discontinued, or its figures restated or redefined."""


@record
class Forecasts:
    """forecasts.yaml: what was forecast, and how what no figure settles turned out."""

    __pydantic_config__ = CONFIG

    forecasts: Sequence[Forecast] = ()
    """Every forecast there ever was; rows are added, never changed."""
    resolutions: Sequence[Resolution] = ()
    """How those turned out that no figure settles."""


SHAPES: tuple[type, ...] = (Overrides, Override, Forecasts, Forecast, Resolution)
NONE_OVERRIDDEN, NONE_FORECAST = Overrides(), Forecasts()
