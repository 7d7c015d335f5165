"""What the files of a pack may hold, defined once.

The classes are records, so that a pack that was checked before costs no import of pydantic, which
reads the same definitions when a file is new, to validate it and to write the JSON Schema. A
percentage or a formula stays the text it is; ``thesis.lint`` reads them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from thesis.core.record import field_names, record
from thesis.facts.fact import CONFIG, LineItem
from thesis.pack.schema import overrides, valuation

Combine = Literal["min", "harmonic", "geometric", "mean", "cubic", "max"]
Show = Literal["percent", "points", "bp", "billions", "multiple", "number", "usd"]
QuarterName = Literal["Q1", "Q2", "Q3", "Q4"]


@record
class Target:
    """What the thesis says will happen."""

    __pydantic_config__ = CONFIG

    market_cap: float
    """The level to be reached, in whole units of currency."""
    by: str
    """The day by which, as in 2030-12-31."""
    event: Literal["touch", "end"] = "touch"
    """touch: reached at any time up to the day; end: standing there on the day."""
    unit: str = "USD"
    """The currency that it is counted in."""


@record
class Measure:
    """One thing looked at inside a rule: a metric with bands, a judgement, or a group of measures."""

    __pydantic_config__ = CONFIG

    weight: float
    """Relative to its neighbours; only the proportions count."""
    metric: str = ""
    """The metric that is scored."""
    judgement: str = ""
    """Or the rubric whose grade is the score."""
    group: str = ""
    """Or the id of a group with measures of its own."""
    name: str = ""
    """A short title, where the metric's own label does not serve."""
    bands: Sequence[str] = ()
    """Five edges: score 0, broken below the second, met from the third, strong from the fourth,
    score 1. Falling edges where less is better; of a risk, from benign to severe."""
    sustained: str = ""
    """As in `2 of 3`: the level that two of the last three quarters reach."""
    combine: Combine = "mean"
    """How a group's measures make one score."""
    measures: Sequence[Measure] = ()
    """A group's measures."""
    because: str = ""
    """Why these edges, or this weight."""
    misleads_when: str = ""
    """When a good or a bad score here means less than it seems."""
    since: str = ""
    """In force from this as-of date: a change of measure that was declared, not a way round
    missing data."""
    until: str = ""
    """In force up to this as-of date."""


@record
class Lift:
    """What raises a risk by whole levels while it holds."""

    __pydantic_config__ = CONFIG

    when: str
    """A condition in the rule language."""
    because: str
    """Why the one makes the other worse."""
    levels: int = 1
    """Each level is a quarter of the score."""


@record
class Rule:
    """A condition, which should hold, or a risk, which should not."""

    __pydantic_config__ = CONFIG

    id: str
    """Stays the same for ever: reviews refer to it."""
    name: str
    """A short title for tables."""
    claim: str
    """What is claimed, in one sentence."""
    clause: str
    """The clause of the thesis' source that it stands for."""
    measures: Sequence[Measure]
    """What is looked at to score it."""
    because: str = ""
    """Why these measures are combined in this way."""
    holds: str = ""
    """The claim taken literally, as a condition in the rule language."""
    combine: Combine = "mean"
    """How the measures make one score: what the claim's own wording implies."""
    weight: float = 1.0
    """Relative to the other conditions (risks weigh alike unless they say otherwise)."""
    lift: Lift | None = None
    """Raises a risk while something else holds."""
    caveats: Sequence[str] = ()
    """What a reader should keep in mind."""


@record
class KillCriterion:
    """A kill criterion: what, once true, ends the thesis whatever the scores say."""

    __pydantic_config__ = CONFIG

    id: str
    """Stays the same for ever: reviews and overrides refer to it."""
    claim: str
    """What would have happened, in one sentence."""
    because: str
    """Why the thesis is over then."""
    when: str = ""
    """A condition in the rule language."""
    judgement: str = ""
    """Or a rubric ..."""
    at_least: int = 1
    """... and the level from which on it trips."""
    immediate: bool = False
    """Trips at once; otherwise it must hold in two quarters running."""


@record
class Requirements:
    """What the author asks of the thesis itself; lint holds it to that."""

    __pydantic_config__ = CONFIG

    kill: int = 0
    """Fewest kill criteria."""
    measured: int = 0
    """How many of them have a `when`: a condition on figures that anybody can look up."""


@record
class Combination:
    """How the rules' scores make the two totals."""

    __pydantic_config__ = CONFIG

    conditions: Combine = "geometric"
    """How the conditions make the engines' total."""
    risks: Combine = "cubic"
    """How the risks make theirs."""


@record
class TotalLabels:
    """What the four quarters of a score are called, worst first for conditions, benign first for risks."""

    __pydantic_config__ = CONFIG

    conditions: Sequence[str]
    """Four words, worst first: broken, weak, met, strong."""
    risks: Sequence[str]
    """Four words, benign first: low, elevated, high, severe."""


@record
class Cap:
    """The best verdict possible while so many conditions score below a level."""

    __pydantic_config__ = CONFIG

    conditions: int
    """How many conditions it takes."""
    below: str
    """The score below which a condition counts, as in 25%."""
    at_most: str
    """The best verdict that is left."""
    because: str = ""
    """What it says, for the memo."""


@record
class ConfidenceGrade:
    """A confidence grade and what it asks for; the worst of the three columns decides."""

    __pydantic_config__ = CONFIG

    grade: str
    """Its name: A, B, C."""
    coverage: str
    """Least share of the evidence that is known and fresh."""
    width: str
    """Widest range of the conditions' total."""
    steady: str
    """Least share of other weightings that give the same verdict."""


@record
class Robustness:
    """The draws of other weights: Dirichlet around the pack's own, times the concentration."""

    __pydantic_config__ = CONFIG

    draws: int = 2000
    """How many other weightings are drawn."""
    concentration: float = 20.0
    """How close to the pack's own weights they stay: more is closer."""
    seed: int = 1
    """Of the random numbers, so that every run draws the same."""


@record
class VerdictTable:
    """From the two totals to a verdict."""

    __pydantic_config__ = CONFIG

    levels: Sequence[str]
    """The verdicts, worst first."""
    labels: TotalLabels
    """What the four quarters of the two totals are called."""
    table: Mapping[str, Sequence[str]]
    """A row for each label of the conditions' total, a column for each of the risks'."""
    killed: str
    """The verdict once a kill criterion has tripped."""
    caps: Sequence[Cap] = ()
    """What holds the verdict down, whatever the table says."""
    combine: Combination = Combination()
    """How scores make the two totals."""
    rated_from: str = "60%"
    """Below this coverage there is no rating."""
    dead_band: str = "3%"
    """How far past an edge a total must go before the verdict is said to be clear of it."""
    floor: str = "5%"
    """The least that one score counts in a geometric or harmonic mean."""
    stale: str = "10%"
    """How much wider a stale score is, each way, for every quarter that it is overdue."""
    confidence: Sequence[ConfidenceGrade] = ()
    """The grades of confidence, best first; what reaches none of them is D."""
    robustness: Robustness = Robustness()
    """How steadiness is drawn."""


@record
class ThesisFile:
    """thesis.yaml: what is claimed, what would sink it, and how it all makes a verdict."""

    __pydantic_config__ = CONFIG

    id: str
    """A short name without spaces; reviews carry it."""
    title: str
    """The question, as the memo puts it."""
    entity: str
    """Whose facts the rules are about, unless a concept says otherwise."""
    quarter: str
    """The concept whose newest known quarter is the quarter under review."""
    conditions: Sequence[Rule]
    """What has to hold for the thesis to come true."""
    verdict: VerdictTable
    """How the scores make a verdict."""
    risks: Sequence[Rule] = ()
    """What may come between."""
    kill: Sequence[KillCriterion] = ()
    """What ends the thesis whatever the scores say."""
    target: Target | None = None
    """What the thesis says will happen, and by when."""
    price: str = ""
    """The concept that holds the share price."""
    market_cap: str = ""
    """The metric that gives the market value."""
    requires: Requirements | None = None
    """How many kill criteria there must be before the thesis is scored."""


@record
class Entity:
    """Whose figures they are."""

    __pydantic_config__ = CONFIG

    name: str
    """What to call it in a memo."""
    year_ends: QuarterName = "Q4"
    """The calendar quarter with which the fiscal year ends: its report is due later."""
    cik: str = ""
    """Its number at the SEC, for links to its filings."""


@record
class Metric:
    """A named formula over concepts and other metrics."""

    __pydantic_config__ = CONFIG

    formula: str
    """An expression in the rule language."""
    unit: str
    """What it comes to: ratio, USD, USD/share, shares, count or years."""
    show: Show
    """How to print it."""
    label: str
    """What to call it in a memo."""
    because: str = ""
    """What it tells, and where the formula comes from."""
    above: str = ""
    """What every value lies above: 0 for what a part leaves of a whole, as sales outside a segment."""
    least: str = ""
    """Or the least value that there can be."""
    not_positive: Literal["", "highest", "lowest"] = ""
    """Of a multiple such as price over earnings: what it counts as where the divisor is not positive, the
    highest or the lowest multiple there can be. It is printed as n.m., not meaningful."""


@record
class Identity:
    """Two sides that must be equal in every quarter."""

    __pydantic_config__ = CONFIG

    id: str
    """What to call it when it does not tie."""
    left: str
    """A formula: one side."""
    right: str
    """A formula: the other side."""
    within: float
    """Largest difference allowed, in the unit of both sides."""
    because: str = ""
    """Why they must be equal."""


@record
class Calendar:
    """When the next figure is due."""

    __pydantic_config__ = CONFIG

    quarterly: int = 40
    """Days after a quarter's end by which a 10-Q is filed."""
    annual: int = 60
    """Days after a fiscal year's end by which a 10-K is filed."""
    price_days: int = 5
    """Trading days after which a price is stale."""
    judgement_days: int = 100
    """Days after which a grade has expired."""
    review_days: int = 14
    """Days after a quarter's filing by which its review is signed."""


@record
class ShareSplit:
    """New shares for old: figures filed before the day are put on the new basis when they are imported."""

    __pydantic_config__ = CONFIG

    entity: str
    """Whose shares."""
    day: str
    """The first day on which the shares traded at the new price."""
    ratio: float
    """New shares for one old one: 20 of a 20-for-1 split, 0.1 where ten became one."""
    source: str
    """Where it was announced."""


@record
class MetricsFile:
    """metrics.yaml: what is reported, and what is worked out from it."""

    __pydantic_config__ = CONFIG

    entities: Mapping[str, Entity]
    """Entity to whose figures they are."""
    concepts: Mapping[str, LineItem]
    """Concept to what it is: what is reported."""
    metrics: Mapping[str, Metric]
    """Metric to its formula: what is worked out."""
    identities: Sequence[Identity] = ()
    """Sums that must hold in every quarter; a misfit stops the run."""
    calendar: Calendar = Calendar()
    """When figures, prices, grades and reviews are due."""
    splits: Sequence[ShareSplit] = ()
    """New shares for old."""


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
    graded: str
    """The day from which on it counts."""
    by: str
    """Who graded it."""
    evidence: str
    """What was read, and what it says."""
    source: str
    """Where that can be read."""
    period: str = ""
    """The quarter it is about."""
    url: str = ""
    """Its address on the web."""
    back_filled: bool = False
    """Given in hindsight, from what was public on the day."""
    until: str = ""
    """The last day on which it counts, if that is sooner than the calendar's `judgement_days`."""
    entered: str = ""
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
    day: str
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


FILES: dict[str, type] = {
    "thesis.yaml": ThesisFile,
    "metrics.yaml": MetricsFile,
    "judgements.yaml": JudgementsFile,
    "valuation.yaml": valuation.ValuationInputs,
    "overrides.yaml": overrides.Overrides,
    "forecasts.yaml": overrides.Forecasts,
}

SHAPES: dict[str, type] = {
    shape.__name__: shape
    for shape in (
        ThesisFile, MetricsFile, JudgementsFile, *valuation.SHAPES, *overrides.SHAPES, Target, Measure,
        Lift, Rule, KillCriterion, Requirements, Combination, TotalLabels, Cap,
        ConfidenceGrade, Robustness, VerdictTable, Entity, LineItem, Metric, Identity, Calendar,
        ShareSplit, Rubric, Judgement, TriggerEvent, Trial, Expectation,
    )
}  # fmt: skip


def freeze(value: Any) -> Any:
    """A shape as JSON can hold it, each with its name."""
    names = field_names(value)
    if names:
        return {"": type(value).__name__, **{name: freeze(getattr(value, name)) for name in names}}
    if isinstance(value, Mapping):
        return {key: freeze(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [freeze(item) for item in value]
    return value


def thaw(value: dict[str, Any], shapes: Mapping[str, type] = SHAPES) -> Any:
    """The shape that ``freeze`` made a dictionary of: an ``object_hook`` for ``json.loads``."""
    name = value.pop("", None)
    return shapes[name](**value) if name else value
