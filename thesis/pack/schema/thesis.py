"""The keys of thesis.yaml: target, conditions, risks, kill criteria, and how scores make a verdict.

A percentage or a condition is kept as the text that the author wrote; ``thesis.lint`` checks it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal

from thesis.core.field_types import CONCENTRATION, DAY, DRAWS, EDGE, QUARTERS, SHARE, SUSTAINED
from thesis.core.record import record
from thesis.facts.fact import CONFIG
from thesis.pack.schema.combine import Combine


@record
class Target:
    """What the thesis says will happen."""

    __pydantic_config__ = CONFIG

    market_cap: float
    """The level to be reached, in whole units of currency."""
    by: Annotated[str, DAY]
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
    bands: Sequence[Annotated[str, EDGE]] = ()
    """Five edges: score 0, broken below the second, met from the third, strong from the fourth,
    score 1. Falling edges where less is better; of a risk, from benign to severe."""
    sustained: Annotated[str, SUSTAINED] = ""
    """As in `2 of 3`: the level that two of the last three quarters reach."""
    combine: Combine = "mean"
    """How a group's measures make one score."""
    measures: Sequence[Measure] = ()
    """A group's measures."""
    because: str = ""
    """Why these edges, or this weight."""
    misleads_when: str = ""
    """When a good or a bad score here means less than it seems."""
    since: Annotated[str, DAY] = ""
    """In force from this as-of date: a change of measure that was declared, not a way round
    missing data."""
    until: Annotated[str, DAY] = ""
    """In force up to this as-of date."""
    replaces: str = ""
    """The metric or rubric of the measure beside it that this one takes over from, with ``overlap``."""
    overlap: Annotated[int, QUARTERS] | None = None
    """In how many quarters this measure must be known before the one that it ``replaces`` counts no more;
    until then both do."""


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
class Retirement:
    """When and why a kill criterion was taken out of force."""

    __pydantic_config__ = CONFIG

    on: Annotated[str, DAY]
    """The day of the decision."""
    because: str
    """Why it no longer says that the thesis is over."""
    replaced_by: str = ""
    """The id of the criterion that took its place."""


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
    """Trips at once; otherwise it must hold in two quarters running, unless `when` says for how many."""
    since: Annotated[str, DAY] = ""
    """The day on which it was written, where that is later than the thesis. What it would have said of
    earlier days is a backtest."""
    retired: Retirement | None = None
    """Takes it out of force without an edit of its rule. It stands in the file for ever, so that its id is
    never used again; it has no say in a verdict, and what it would have said is shown beside it."""


@record
class Outcome:
    """What a verdict, a rule and a kill criterion are held against afterwards: the share price."""

    __pydantic_config__ = CONFIG

    after: Annotated[int, QUARTERS] = 4
    """Quarters later."""
    fall: Annotated[str, SHARE] = "20%"
    """By how much the price has to be lower then for a triggered criterion to have been right."""
    because: str = ""
    """Why this outcome."""


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
    below: Annotated[str, SHARE]
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
    coverage: Annotated[str, SHARE]
    """Least share of the evidence that is known and fresh."""
    width: Annotated[str, SHARE]
    """Widest range of the conditions' total."""
    steady: Annotated[str, SHARE]
    """Least share of other weightings that give the same verdict."""


@record
class Robustness:
    """The draws of other weights: Dirichlet around the pack's own, times the concentration."""

    __pydantic_config__ = CONFIG

    draws: Annotated[int, DRAWS] = 2000
    """How many other weightings are drawn."""
    concentration: Annotated[float, CONCENTRATION] = 20.0
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
    means: Mapping[str, str] | None = None
    """What each verdict means for somebody who holds or may buy the share, and what it asks for: a sentence
    for each, which is printed with the verdict."""
    caps: Sequence[Cap] = ()
    """What holds the verdict down, whatever the table says."""
    combine: Combination = Combination()
    """How scores make the two totals."""
    rated_from: Annotated[str, SHARE] = "60%"
    """Below this coverage there is no rating."""
    coverage: Literal["conditions", "all"] = "conditions"
    """conditions: coverage is that of their evidence; all: the lesser of it and that of the risks."""
    dead_band: Annotated[str, SHARE] = "3%"
    """How far past an edge a total must go before the verdict is said to be clear of it."""
    floor: Annotated[str, SHARE] = "5%"
    """The least that one score counts in a geometric or harmonic mean."""
    stale: Annotated[str, SHARE] = "10%"
    """How much wider a stale score is, each way, for every quarter that it is overdue."""
    confidence: Sequence[ConfidenceGrade] = ()
    """The grades of confidence, best first; what reaches none of them is D."""
    robustness: Robustness = Robustness()
    """How steadiness is drawn."""


@record
class Statement:
    """A statement of the thesis' source in the author's own words, and the one thing that tests it."""

    __pydantic_config__ = CONFIG

    id: str
    """Its number, by section and order, as in 3.2."""
    section: str
    """The section of the source that it stands in."""
    says: str
    """What it says, in other words than the source's."""
    rule: str = ""
    """The id of the condition, the risk or the kill criterion that tests it."""
    metric: str = ""
    """Or the metric, the line item or the value that does."""
    page: str = ""
    """Or the section of the memo that answers it: verdict, needs, scorecard, conditions, risks, flips,
    target, judgements or unknowns."""
    untested: str = ""
    """Or why nothing can test it."""
    note: str = ""
    """How the test reads the statement's words, and what it leaves out."""


@record
class ReviewRequirements:
    """What a review must say before it is signed."""

    __pydantic_config__ = CONFIG

    requires: Sequence[Literal["decision", "note"]] = ()
    """decision: what follows from it; note: a sentence for whoever reads it a year on."""


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
    written: Annotated[str, DAY] = ""
    """The day on which the rules were written. What they say of earlier days is a backtest."""
    outcome: Outcome | None = None
    """What the track record holds them against; by default a price lower by 20% after four quarters."""
    price: str = ""
    """The concept that holds the share price."""
    market_cap: str = ""
    """The metric that gives the market value."""
    requires: Requirements | None = None
    """How many kill criteria there must be before the thesis is scored."""
    review: ReviewRequirements | None = None
    """What a review must say before it is signed. Without this key signing warns of what is left out."""
    statements: Sequence[Statement] = ()
    """The statements of the thesis' source, each with what tests it. They have no say in a verdict; the memo
    prints them with the answer of the day."""
    drafts: Sequence[str] = ()
    """Rules and criteria by their ids, `target` and `valuation`: what the program drafted and the author has
    not decided yet. No review is signed while there are any."""

    @property
    def criteria(self) -> list[KillCriterion]:
        """The kill criteria that are in force."""
        return [criterion for criterion in self.kill if criterion.retired is None]

    @property
    def retired(self) -> list[KillCriterion]:
        """The kill criteria that are no longer in force."""
        return [criterion for criterion in self.kill if criterion.retired is not None]


SHAPES: tuple[type, ...] = (
    Target,
    Measure,
    Lift,
    Rule,
    Retirement,
    KillCriterion,
    Outcome,
    Requirements,
    Combination,
    TotalLabels,
    Cap,
    ConfidenceGrade,
    Robustness,
    VerdictTable,
    Statement,
    ReviewRequirements,
    ThesisFile,
)
