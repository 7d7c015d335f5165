"""The scorecard: a line for each condition, risk and kill criterion, defined once for every document.

A document takes the columns that it has room for: the memo all of them, a screen those of ``LATEST`` and
``SCORE``. The totals below the lines, and their names, are here too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from thesis.core import formatting
from thesis.core.interval import Interval
from thesis.document.blocks import RIGHT, Column, Table, table_of
from thesis.document.inline import SAME, Figure, Link, ScoreBar, Text, Trend, code, emphasis, unbroken
from thesis.narrative import rating_change_text, rating_text
from thesis.scoring.assessment import Assessment, Headroom, KillResult, MeasureResult, RuleResult

OVERRIDDEN = (" ", emphasis("overridden"))


def rule_place(rule: str) -> str:
    """The name of a rule's own section, for links to it."""
    return f"rule-{rule}"


def _name(found: RuleResult) -> Text:
    return Link(found.rule.name, f"#{rule_place(found.id)}")


def _claim(found: RuleResult) -> Text:
    """The answer to the literal claim, and the claim."""
    answer = formatting.answer(found.answer)
    told: Text = (f"{answer}: ", code(found.rule.holds)) if found.rule.holds else answer
    return (told, *OVERRIDDEN) if found.override and not found.is_given else told


def measure_cell(part: MeasureResult) -> Figure:
    """A measure's value, or a judgement's level, with what stands behind it."""
    return Figure(rating_text.measure_figure(part), part)


def headline_cell(found: RuleResult) -> Text:
    """The measure that stands for a rule, its value, and what the adjustment makes of it."""
    told = (f"{found.headline.name}: ", measure_cell(found.headline))
    adjusted = rating_text.adjustment_text(found)
    return (*told, " ", emphasis(adjusted)) if adjusted else told


def _standing(found: RuleResult) -> Text:
    score: Text = unbroken(formatting.score(found.score))
    told = (found.label, " ", score, *(OVERRIDDEN if found.is_given else ()))
    return (*told, ScoreBar(found.score))


def _sustained(found: RuleResult) -> str:
    """What several quarters sustain, where that is not what this one has."""
    part = found.headline
    if part.evidence is None or part.evidence.value == part.value:
        return ""
    return f"{rating_text.measure_value(part, part.value)} ({part.measure.sustained})"


def _trend(found: RuleResult) -> Text:
    return Trend(rating_text.sparkline_text(found.headline), rating_text.quarter_values(found.headline))


NAME = Column("condition", _name, is_head=True)
CLAIM = Column("taken literally", _claim, is_extra=True)
THRESHOLD = Column[RuleResult](
    "met from", lambda found: rating_text.threshold_text(found.headline), align=RIGHT
)
NOW = Column("now", headline_cell)
LATEST = Column[RuleResult]("now", lambda found: rating_text.short_measure_figure(found.headline))
SUSTAINED = Column("scored on", _sustained, is_extra=True)
HEADROOM = Column[RuleResult]("margin", lambda found: rating_text.headroom_of(found.headline), align=RIGHT)
TREND = Column("8 quarters", _trend)
SCORE = Column[RuleResult]("score", lambda found: formatting.score(found.score))
LABEL = Column[RuleResult]("standing", lambda found: found.label)
STANDING = Column("standing", _standing, is_head=True)

CONDITION_COLUMNS = (NAME, NOW, THRESHOLD, HEADROOM, TREND, STANDING, CLAIM)
RISK_COLUMNS = (
    NAME._replace(heading="risk"),
    NOW,
    THRESHOLD._replace(heading="high from"),
    TREND,
    STANDING._replace(heading="severity"),
)


def condition_table(a: Assessment, columns: Sequence[Column[RuleResult]] = CONDITION_COLUMNS) -> Table:
    """A line for each condition, with its threshold, where it stands and its claim."""
    return table_of(columns, a.conditions, caption="Conditions", kind="score")


def risk_table(a: Assessment) -> Table:
    """A line for each risk, with how severe it is; no line where none is named."""
    return table_of(RISK_COLUMNS, a.risks, caption="Risks", kind="score")


# kill criteria -----------------------------------------------------------------------------------


class CriterionRow(NamedTuple):
    """A comparison of a kill criterion as a line; None where a judgement decides.

    ``is_first``: the line in which the criterion's name and answer stand.
    """

    found: KillResult
    line: rating_change_text.CriterionLine | None = None
    is_first: bool = True

    @property
    def comparison(self) -> Headroom | None:
        return self.line.comparison if self.line else None


def criterion_rows(kill: Sequence[KillResult]) -> Iterator[CriterionRow]:
    """The lines of kill criteria, one for each comparison."""
    for found in kill:
        lines = rating_change_text.kill_criterion_lines(found)
        if lines:
            yield from (CriterionRow(found, line, is_first=not i) for i, line in enumerate(lines))
        else:
            yield CriterionRow(found)


def trigger_cell(found: KillResult) -> Text:
    """Whether a criterion has tripped, and whether that is somebody's own word."""
    told = rating_text.trigger_answer(found)
    return (told, *OVERRIDDEN) if found.override else told


def _compared(row: CriterionRow) -> Text:
    d = row.comparison
    if d is None:
        return (row.found.kill.claim, Figure("", row.found.grades or None))
    value = f"{rating_change_text.compared_value(d)}{rating_text.sustained_over(d)}"
    return (f"{d.label} ", Figure(value, d))


def _trips(row: CriterionRow) -> Text:
    if row.line is None:
        return f"at level {row.found.kill.at_least}"
    d = row.line.comparison
    return unbroken(f"{row.line.before}{d.trips} {d.edge}{row.line.after}")


def _distance(row: CriterionRow) -> str:
    return rating_change_text.headroom_text(row.comparison) if row.comparison else ""


KILL_COLUMNS = (
    Column[CriterionRow]("kill criterion", lambda row: row.found.id if row.is_first else SAME, is_head=True),
    Column("now", _compared),
    Column("trips", _trips),
    Column("distance", _distance, align=RIGHT),
    Column[CriterionRow](
        "tripped", lambda row: trigger_cell(row.found) if row.is_first else SAME, is_head=True
    ),
)


def kill_table(a: Assessment) -> Table:
    """A line for each comparison of each kill criterion; none where no criterion is named."""
    return table_of(KILL_COLUMNS, criterion_rows(a.kill), caption="Kill criteria", kind="score")


# totals ------------------------------------------------------------------------------------------


class ScorecardGroup(NamedTuple):
    """The lines of one kind and their total; ``name`` is theirs, ``total_name`` the total's."""

    name: str
    lines: tuple[RuleResult, ...]
    total_name: str
    total: Interval
    label: str


def scorecard_groups(a: Assessment) -> tuple[ScorecardGroup, ...]:
    """The conditions and, where any are named, the risks."""
    v = a.verdict
    conditions = ScorecardGroup("conditions", a.conditions, "engines", v.engines, v.engines_label)
    risks = ScorecardGroup("risks", a.risks, "risks", v.risks, v.risks_label)
    return (conditions, risks) if v.has_risks else (conditions,)
