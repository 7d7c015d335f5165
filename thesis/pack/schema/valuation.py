"""The keys of valuation.yaml: assumptions from today's value to the target, scenarios, base rates.

A number stays the text it is (``18%``, ``25%..45%``, ``50e9``), a formula is one of the rule language.
Every assumption says where it comes from: a source, or the word judgement and a reason.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal

from thesis.core.field_types import (
    CHANCE,
    CHANGE,
    DAY,
    FORECAST_YEARS,
    FRACTION,
    FRACTION_RANGE,
    GROWTH,
    MULTIPLE,
    MULTIPLE_RANGE,
    PERCENT_EDGE,
    RATE,
    RETURN,
    RETURN_OR_NONE,
    SALES,
    SESSIONS,
    SHARE_IN_PERCENT,
    VOLATILITY,
    YEARS,
)  # fmt: skip
from thesis.core.record import record
from thesis.facts.fact import CONFIG


@record
class AssumptionRange:
    """What one figure will come to at the horizon: three values, and how it may spread around the middle."""

    __pydantic_config__ = CONFIG

    central: str
    """The middle value."""
    low: str
    """The lowest that is thought plausible."""
    high: str
    """The highest that is thought plausible."""
    source: str
    """Where it comes from: a citation, or the word judgement."""
    because: str = ""
    """Why these values; a judgement needs it."""
    distribution: Literal["normal", "lognormal", "fixed"] = "normal"
    """Of the draws in a simulation. ``fixed`` stays at the middle value."""
    sd: str = ""
    """Standard deviation of the draws: of a lognormal, that of the logarithm."""
    sd_of: Literal["horizon", "year"] = "horizon"
    """What ``sd`` is that of: of the value at the horizon, or of one year's move. Before the horizon
    it is smaller, by the square root of time."""
    centre: Literal["median", "mean"] = "median"
    """What ``central`` is in a lognormal distribution."""


@record
class Segment:
    """A part of the business with a growth rate and a margin of its own.

    Where it stands today is ``sales`` with ``ebit``, or with ``margin_now`` where no profit is published;
    of one segment, the ``rest``, both are what the others leave of the total.
    """

    __pydantic_config__ = CONFIG

    id: str
    """Names its drivers: the growth of aws is `aws.growth`."""
    name: str
    """A short title for tables."""
    growth: AssumptionRange
    """Of sales, a year."""
    margin: AssumptionRange
    """At the horizon. It travels there in a straight line."""
    sales: str = ""
    """A formula: sales of the last four quarters."""
    ebit: str = ""
    """A formula: operating income of the last four quarters."""
    margin_now: str = ""
    """Or a formula: the margin that is assumed for today, as a range."""
    rest: bool = False
    """Whether it is what the other segments leave of the total."""
    multiple: Annotated[str, MULTIPLE_RANGE] = ""
    """Operating EV to EBIT in a sum of the parts, a number or a range."""
    sales_multiple: Annotated[str, MULTIPLE_RANGE] = ""
    """Or operating EV to sales."""
    multiple_because: str = ""
    """Why this multiple."""


@record
class BridgeItem:
    """What lies between the value of the business and that of its shares: a debt, or something owned."""

    __pydantic_config__ = CONFIG

    id: str
    """A short name; with `horizon`, that of a driver."""
    name: str
    """A short title for tables."""
    value: str
    """A formula: what it comes to today."""
    kind: Literal["owed", "owned"]
    """owed: taken off the value of the business; owned: added to it."""
    tax: Annotated[str, FRACTION_RANGE] = ""
    """Share that tax would take of something owned: of the gain where `cost` is given, else of all."""
    cost: str = ""
    """A formula: what was paid for something owned. No tax falls on that much of its value."""
    counted: bool = True
    """Whether it enters the bridge; else it is only shown beside it."""
    method: bool = False
    """Whether its tax is a method, which `value.*` may also apply to days before it was written."""
    horizon: AssumptionRange | None = None
    """What it comes to at the horizon, after tax; as today, unless said."""
    because: str = ""
    """Why it is counted, or is not."""


@record
class CompanyTotals:
    """The whole company's last four quarters, as formulas."""

    __pydantic_config__ = CONFIG

    sales: str
    """Sales of the last four quarters."""
    ebit: str
    """Operating income of the last four quarters."""


@record
class DiscountedCashFlow:
    """What a discounted cash flow in value drivers is reckoned with, to read the expectations in a price."""

    __pydantic_config__ = CONFIG

    tax: Annotated[str, FRACTION]
    """On operating income."""
    wacc: Sequence[Annotated[str, RATE]]
    """Costs of capital to show, the middle one being the pack's own."""
    roic: Sequence[Annotated[str, RETURN_OR_NONE]]
    """Returns on new capital to show, the second being the pack's own; ``none`` where growth needs none."""
    growth: Sequence[Annotated[str, GROWTH]]
    """Growth rates for which the years are solved."""
    source: str
    """Where these rates come from, or the word judgement."""
    because: str = ""
    """Why these; a judgement needs it."""
    years: Annotated[int, FORECAST_YEARS] = 10
    """How long growth goes on before the terminal value."""
    terminal_growth: Annotated[str, CHANGE] = "3%"
    """Growth for ever after those years."""
    terminal_return: Annotated[str, RETURN] = "12%"
    """Return on new capital after those years."""
    mid_year: bool = False
    """Flows in the middle of each year instead of at its end."""
    method: bool = False
    """Whether these rates are a method, which `value.implied_growth` may also apply to days before they were
    written; without it, it is unknown on such days."""


@record
class RequirementTables:
    """Which figures to show in the tables of what the target needs."""

    __pydantic_config__ = CONFIG

    dates: Sequence[Annotated[str, DAY]]
    """Year ends at which the target may be reached."""
    multiples: Sequence[Annotated[str, MULTIPLE]]
    """Operating EV to EBIT; today's is added."""
    horizons: Sequence[Annotated[float, YEARS]]
    """Years from the last reported quarter."""
    sales_growth: Sequence[Annotated[str, GROWTH]]
    """Of the whole company, for the margins that it would take."""
    margin_years: Annotated[float, YEARS]
    """Years from the last reported quarter at which those margins are looked at."""
    cost_of_equity: Sequence[Annotated[str, RATE]]
    """Returns asked a year, for the years until the target is no more than that."""
    lead: str = ""
    """A driver, for the multiple that the target takes at each of its values."""
    lead_values: Sequence[str] = ()
    """The values of that driver to show."""
    share_drift: Annotated[str, CHANGE] = "0%"
    """Growth of the number of shares, a year."""


@record
class Signpost:
    """Something that would be seen if a scenario were under way."""

    __pydantic_config__ = CONFIG

    when: str
    """A condition in the rule language; ``score.aws_growth`` is the score of the rule aws-growth."""
    because: str = ""
    """What it stands for, for the memo."""


@record
class Scenario:
    """A named set of driver values, and what would show that it is the one."""

    __pydantic_config__ = CONFIG

    id: str
    """A short name, for ever."""
    name: str
    """A short title for tables."""
    claim: str
    """What happens, in one sentence."""
    drivers: Mapping[str, str] | None = None
    """Driver to value; the others stay at their middle."""
    signposts: Sequence[Signpost] = ()
    """What would be seen today if it were under way."""
    at_least: int = 1
    """How many of the signposts must hold for the scenario to be claimed."""
    probability: Annotated[str, CHANCE] = ""
    """The analyst's own forecast. Never worked out from a score."""
    because: str = ""
    """Why this probability; it needs one."""


@record
class PathRule:
    """A way in which a price may have come about, and when it counts as the one that was taken.

    ``log.price``, ``log.ebit``, ``log.multiple``, ``log.shares`` and ``log.moved`` (the sum of their sizes)
    are the parts of the price's change, as logarithms.
    """

    __pydantic_config__ = CONFIG

    id: str
    """A short name, for ever."""
    name: str
    """A short title for tables."""
    active: str
    """A condition in the rule language; the first route whose condition holds is the one."""
    because: str = ""
    """Why that shows it."""


@record
class PathSettings:
    """Since which days the price is taken apart, and the routes that it may have come by."""

    __pydantic_config__ = CONFIG

    since: Sequence[Annotated[str, DAY]]
    """The first is the one that history is measured from."""
    routes: Sequence[PathRule]
    """The ways it may have come by, the first that holds being the one."""


@record
class ScenarioEvent:
    """When the target counts as reached."""

    __pydantic_config__ = CONFIG

    touch: Annotated[int, SESSIONS] = 5
    """Sessions in a row at or above it."""
    end: Annotated[int, SESSIONS] = 20
    """Sessions before the day whose mean counts."""
    because: str = ""
    """Why so many sessions."""


@record
class Correlation:
    """How two drivers move together."""

    __pydantic_config__ = CONFIG

    between: Sequence[str]
    """The names of two drivers, as in `[aws.growth, aws.margin]`."""
    rho: float
    """From -1 to 1, of the normal variables behind the draws."""
    because: str = ""
    """Why they move together."""


@record
class RandomWalk:
    """The share price as a random walk, to hold the model's chances against."""

    __pydantic_config__ = CONFIG

    volatility: Annotated[str, VOLATILITY]
    """Of a year's logarithmic return."""
    drift: Annotated[str, CHANGE]
    """Expected return a year."""
    source: str
    """Where both come from, or the word judgement."""
    because: str = ""
    """Why these; a judgement needs it."""


@record
class PriceIndex:
    """What a table's money is worth today, by an index of prices."""

    __pydantic_config__ = CONFIG

    then: float
    """The index in the year whose money the table counts in."""
    now: float
    """The index now, or the latest there is."""
    source: str
    """Which index, of which years, and who publishes it."""


@record
class BaseRateTable:
    """How fast companies of a size have grown: the share of them in each class of growth a year."""

    __pydantic_config__ = CONFIG

    id: str
    """What priors call it by."""
    name: str
    """A short title for tables."""
    years: int
    """Over how many years growth was measured."""
    sales_from: Annotated[float, SALES]
    """Smallest sales of the companies counted, in the deflator's money."""
    edges: Sequence[Annotated[float, PERCENT_EDGE]]
    """Growth a year in percent: the edges between the classes, which are open at both ends."""
    shares: Sequence[Annotated[float, SHARE_IN_PERCENT]]
    """Percent of the companies in each class, one more than there are edges."""
    mean: float
    """Mean growth a year, in percent."""
    median: float
    """Median growth a year, in percent."""
    sd: float
    """Standard deviation of growth a year, in percent points."""
    deflator: str
    """Money of which year, or nominal."""
    inflation: Annotated[str, CHANGE]
    """A year, to bring a nominal rate to the table's money."""
    vintage: str
    """Which companies over which years were counted."""
    source: str
    """Who counted them: author, title, year, table."""
    price_index: PriceIndex | None = None
    """What brings sales of today into the table's money; without it sizes are not compared."""


@record
class OwnViewWeight:
    """How far a growth assumption is drawn towards what others managed."""

    __pydantic_config__ = CONFIG

    table: str
    """The id of a table of base rates."""
    weight: Annotated[str, FRACTION]
    """Of the pack's own view; the rest is the median of the table."""
    because: str
    """Why this weight."""
    drivers: Sequence[str] = ()
    """The growth drivers that the table is held against."""


@record
class ValuationInputs:
    """valuation.yaml: what has to be believed for the target."""

    __pydantic_config__ = CONFIG

    written: Annotated[str, DAY]
    """The day on which the assumptions were written down; for an earlier day they are hindsight."""
    segments: Sequence[Segment]
    """The parts of the business, which make up the total."""
    multiple: AssumptionRange
    """Operating EV to EBIT at the horizon. From today's it travels there in a straight line."""
    shares: str
    """A formula: the number of shares that the price is multiplied with."""
    total: CompanyTotals
    """The whole company's sales and profit today."""
    claims: Sequence[BridgeItem] = ()
    """What lies between the value of the business and that of its shares."""
    cash_flow: AssumptionRange | None = None
    """Free cash flow added up to the horizon."""
    needs: RequirementTables | None = None
    """Which figures to show in the tables of what the target needs."""
    implied: DiscountedCashFlow | None = None
    """What the expectations in the price are reckoned with."""
    paths: PathSettings | None = None
    """Since when the price is taken apart, and by which ways."""
    scenarios: Sequence[Scenario] = ()
    """Named sets of beliefs."""
    correlations: Sequence[Correlation] = ()
    """Which drivers move together; the others do not."""
    market: RandomWalk | None = None
    """The random walk that the chances are held against."""
    base_rates: Sequence[BaseRateTable] = ()
    """How fast others have grown."""
    priors: Sequence[OwnViewWeight] = ()
    """How far beliefs are drawn towards that."""
    event: ScenarioEvent = ScenarioEvent()
    """How many sessions it takes for the target to count as reached."""


SHAPES: tuple[type, ...] = (
    ValuationInputs, AssumptionRange, Segment, BridgeItem, CompanyTotals, DiscountedCashFlow,
    RequirementTables, Signpost, Scenario, PathRule, PathSettings, ScenarioEvent, Correlation, RandomWalk,
    PriceIndex, BaseRateTable, OwnViewWeight,
)  # fmt: skip
