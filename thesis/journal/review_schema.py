"""The keys of a signed review's file.

Numbers stand as texts: a point as ``0.74``, a range as ``0.55..0.89``, ``unknown`` where nothing is known;
with twelve significant digits, as comparisons use, so that another machine's last digit changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Literal

from thesis.core import semantics
from thesis.core.interval import EVERYTHING, Interval
from thesis.core.period import Quarter, parse_day
from thesis.core.record import record
from thesis.facts.fact import CONFIG
from thesis.pack.schema.forecasts import Forecast
from thesis.pack.schema.judgements import Judgement
from thesis.pack.schema.overrides import Override

DIGITS = 12
FORMAT = 1
"""The version of the format written here; a higher one is refused."""
Decision = Literal["", "hold", "add", "trim", "exit"]
DECISIONS = ("hold", "add", "trim", "exit")
ACTED = ("trim", "exit")
"""Decisions that act on a tripped kill criterion."""


@record
class InputDigests:
    """What a review rests on, as digests of every byte."""

    __pydantic_config__ = CONFIG

    pack: str
    """Of the pack's files together."""
    facts: str
    """Of the files with facts alone."""
    assessment: str
    """Of the whole assessment as JSON, by the program that is named."""
    files: Mapping[str, str]
    """Of each of the pack's files."""
    previous: str = ""
    """The seal of the file before this one; empty for the first."""


@record
class RatingState:
    """The published verdict, and what is on its way to it.

    ``worst`` and ``best`` are what the day's ranges allow with the dead band; ``level`` lies between
    them but for an upgrade that waits, or a thesis that stays BROKEN until it is underwritten anew.
    """

    __pydantic_config__ = CONFIG

    level: str
    """The published verdict."""
    worst: str
    """The worst verdict that the day's ranges allow, with the dead band."""
    best: str
    """The best one."""
    since: str
    """The quarter of the review that brought the level about."""
    levels: Sequence[str]
    """Every level there was, worst first."""
    rated: bool = True
    """Whether enough of the evidence was known and fresh."""
    pending: bool = False
    """An upgrade was seen once; the next quarter's review must see it too."""
    broken: bool = False
    """A kill criterion tripped; leaving the lowest level needs a re-underwriting."""
    held: bool = False
    """The level stands only because the range is wide."""

    @property
    def told(self) -> str:
        """``WATCH``, or ``WATCH, HELD (undetermined between AT RISK and ON TRACK)``."""
        return self.text_with(self.level)

    def text_with(self, level: str) -> str:
        """The same, with other words for the level: ``WATCH since 2026Q1``."""
        said = [level]
        if not self.rated:
            said.append("HELD (not rated)")
        elif self.held:
            said.append(f"HELD (undetermined between {self.worst} and {self.best})")
        if self.pending:
            said.append("an upgrade waits for the next quarter")
        return ", ".join(said)


@record
class MeasureScore:
    """One measure of a rule on the day: ``value`` in the metric's unit, ``score`` 0 to 1."""

    __pydantic_config__ = CONFIG

    id: str
    """The metric's name, or the rubric's or the group's id."""
    score: str
    """0 to 1, or a range."""
    label: str
    """The quarter of the score, in the words of the pack."""
    status: str = ""
    """fresh, stale, expired, missing, or what else is to be said of it."""
    value: str = ""
    """What was scored."""


@record
class RuleScore:
    """One condition or risk on the day; ``own`` is its score without the override."""

    __pydantic_config__ = CONFIG

    id: str
    """The rule's id."""
    score: str
    """0 to 1, or a range."""
    label: str
    """The quarter of the score, in the words of the pack."""
    coverage: str
    """Share of its evidence that was known and fresh."""
    own: str = ""
    """Its score without the override; empty where there was none."""
    measures: Sequence[MeasureScore] = ()
    """What it was scored on."""


@record
class KillAnswer:
    """One kill criterion on the day: yes, no or unknown; ``since`` is the day it tripped."""

    __pydantic_config__ = CONFIG

    id: str
    """The criterion's id."""
    tripped: Literal["yes", "no", "unknown"]
    """Whether it had."""
    since: str = ""
    """The day it tripped."""
    own: str = ""
    """The answer without the override."""


@record
class AssessmentFigures:
    """The assessment in numbers: the verdict of the day, before the journal holds or moves it."""

    __pydantic_config__ = CONFIG

    worst: str
    """The worst verdict that the ranges allow, without the dead band."""
    best: str
    """The best one."""
    rated: bool
    """Whether enough of the evidence was known and fresh."""
    engines: str
    """The conditions' total."""
    risks: str
    """The risks' total."""
    coverage: str
    """Share of the conditions' evidence that was known and fresh."""
    confidence: str
    """The grade of confidence."""
    conditions: Sequence[RuleScore]
    """Each condition."""
    risk_rules: Sequence[RuleScore] = ()
    """Each risk."""
    kill: Sequence[KillAnswer] = ()
    """Each kill criterion."""
    unknown: Sequence[str] = ()
    """What is not known exactly, what could change the verdict first."""
    without_overrides: str = ""
    """The verdict as it would be without them, where there are any."""


@record
class SealedFormula:
    """What a metric was worked out by."""

    __pydantic_config__ = CONFIG

    metric: str
    """Its name."""
    formula: str
    """An expression in the rule language."""


@record
class SettledForecast:
    """A forecast that turned out since the last review: yes, no, annulled, a level reached or a value."""

    __pydantic_config__ = CONFIG

    forecast: str
    """The id of the forecast."""
    outcome: str
    """yes, no, annulled, a level or a value."""
    day: str
    """The day on which it could be known."""
    by: str = ""
    """Who settled it, where no figure did."""
    value: str = ""
    """What it is scored by; empty where it was annulled."""
    was: str = ""
    """The same a quarter before, where that was known."""


@record
class AcceptedOutlier:
    """A figure that stands out from its series, and that the analyst has looked at and accepted."""

    __pydantic_config__ = CONFIG

    id: str
    """Its line item and period, as in sales:2026Q2; the line item alone for a whole series."""
    because: str
    """Why it is right."""
    value: str = ""
    """The figure: another one in its place has to be accepted anew."""


@record
class Review:
    """An assessment that an analyst has signed.

    ``number`` is 1, or counts up where one supersedes another of the same quarter. ``backtest`` marks one
    signed long after its day: it counts in no calibration.
    """

    __pydantic_config__ = CONFIG

    format: int
    """The version of the format; a newer one than the program knows is refused."""
    pack: str
    """The thesis' id."""
    title: str
    """Its question, as it was asked then."""
    quarter: str
    """The quarter under review."""
    number: int
    """1, or counting up where one supersedes another of the same quarter."""
    as_of: str
    """The day it looks from."""
    signed: str
    """The day it was signed."""
    by: str
    """Who signed it."""
    filing: str
    """The accession number of the quarter's filing, or its source."""
    program: str
    """The version of the program that worked it out."""
    digests: InputDigests
    """What it rests on."""
    state: RatingState
    """The published verdict."""
    found: AssessmentFigures
    """What the day came to."""
    rules_version: int = 1
    """The rules version under which its figures were calculated."""
    supersedes: str = ""
    """Why it replaces the one before it."""
    decision: Decision = ""
    """What follows from it: hold, add, trim or exit."""
    note: str = ""
    """What a reader a year on should know."""
    premortem: Sequence[str] = ()
    """Why it may have failed, seen from its end, each with a probability."""
    opposing: str = ""
    """The strongest case against, in its holder's words."""
    reunderwriting: str = ""
    """Why a broken thesis is taken up again."""
    backtest: bool = False
    """Signed long after its day: it counts in no calibration."""
    judgements: Sequence[Judgement] = ()
    """Every grade that had a say, or would have had if it had not expired."""
    overrides: Sequence[Override] = ()
    """The overrides in force on the day."""
    forecasts: Sequence[Forecast] = ()
    """Those that were made since the review before."""
    formulas: Sequence[SealedFormula] = ()
    """Of the metrics that these forecasts read: by them they are settled, whatever is edited since."""
    settled: Sequence[SettledForecast] = ()
    """Forecasts that turned out since the review before."""
    accepted: Sequence[AcceptedOutlier] = ()
    """Figures that stand out and were accepted; they stay so in later reviews."""
    seal: str = ""
    """The digest of every byte above, the seal of the file before it among them."""

    @property
    def name(self) -> str:
        """``2026Q2``, or ``2026Q2.2`` of one that supersedes: the name of its file."""
        return self.quarter if self.number == 1 else f"{self.quarter}.{self.number}"

    @property
    def inputs(self) -> str:
        """``2026Q2-13a6ee00``, ``2026Q2.2-13a6ee00``: the folder with the pack's files that it rests on."""
        return f"{self.name}-{self.digests.pack[:8]}"

    @property
    def shared_inputs(self) -> str:
        """``2026Q2-13a6ee00``: the folder that a correction shared with what it corrects, until 0.1.0."""
        return f"{self.quarter}-{self.digests.pack[:8]}"

    @property
    def day(self) -> date:
        return parse_day(self.as_of)

    @property
    def is_of_these_rules(self) -> bool:
        """Whether this program calculates figures as the one did that signed the review."""
        return self.rules_version == semantics.SEMANTICS

    @property
    def period(self) -> Quarter:
        return Quarter.parse(self.quarter)

    def rule(self, name: str) -> RuleScore | None:
        """A condition or a risk by its id."""
        return next((r for r in (*self.found.conditions, *self.found.risk_rules) if r.id == name), None)


SHAPES = (
    Review,
    InputDigests,
    RatingState,
    AssessmentFigures,
    RuleScore,
    MeasureScore,
    KillAnswer,
    SealedFormula,
    SettledForecast,
    AcceptedOutlier,
)


def number_from(text: str) -> Interval:
    """The value that ``number_text`` wrote, to its twelve digits."""
    if text == "unknown":
        return EVERYTHING
    low, _, high = text.partition("..")
    return Interval(float(low), float(high or low))


def number_text(value: Interval) -> str:
    """A value as text: ``0.74``, ``0.55..0.89`` or ``unknown``."""
    if value == EVERYTHING:
        return "unknown"
    low, high = (f"{end + 0.0:.{DIGITS}g}" for end in value.ends)
    return low if low == high else f"{low}..{high}"
