"""The keys of forecasts.yaml: dated probabilities, and the outcomes that no figure settles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

from thesis.core.field_types import AMOUNT, DAY, PROBABILITY, QUARTER
from thesis.core.record import record
from thesis.facts.fact import CONFIG

REASONS = ("discontinued", "restated", "redefined")
"""For which a forecast may be annulled: what was asked is told no more, or is no longer the same."""


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
    made: Annotated[str, DAY]
    """The day it was made."""
    period: Annotated[str, QUARTER]
    """The quarter whose figures settle it."""
    when: str = ""
    """Of a binary one: a condition in the rule language."""
    metric: str = ""
    """Of a ladder or of quantiles: the metric."""
    p: Sequence[Annotated[str, PROBABILITY]] = ()
    """The probability, or one for each level."""
    levels: Sequence[str] = ()
    """Of a ladder: its rungs, rising; of a verdict: the thesis' levels, worst first."""
    values: Sequence[Annotated[str, AMOUNT]] = ()
    """Of quantiles: the 10, 50 and 90% quantile."""
    base_rate: Annotated[str, PROBABILITY] = ""
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
    resolved: Annotated[str, DAY]
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


NONE_FORECAST = Forecasts()
"""What a pack without forecasts.yaml holds."""
SHAPES: tuple[type, ...] = (
    Forecasts,
    Forecast,
    Resolution,
)
