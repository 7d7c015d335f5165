"""The scores of a pack by quarter, each on only what was filed by then."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from thesis.core import formatting
from thesis.core.interval import Interval
from thesis.core.period import Quarter
from thesis.document import plain_text, tones
from thesis.document.blocks import Column, Document, Line, Paragraph, table_of
from thesis.document.inline import BAD, TonedText
from thesis.narrative import rating_text
from thesis.pack.dated_changes import DatedChange, dated_changes
from thesis.pack.load import Pack
from thesis.pricing.priced_case import case_as_of
from thesis.scoring.assess import assess
from thesis.scoring.assessment import Assessment, KillResult, RuleResult

WIDTH = 80  # of what is said where there is no line
OWN_WORD = "*"  # behind what an override is in
RULES = (
    "Every line is by the rules as they are written today, on what was filed and graded by its day: no line "
    "says what rules of that day would have said."
)
NARROWEST = 12  # of a condition's column, the gap after it included


class HistoryScore(NamedTuple):
    """A rule in a line of history."""

    score: Interval
    label: str


class HistoryRow(NamedTuple):
    """One quarter, seen from the day its report was filed; ``severities`` are the risks'.

    ``overridden`` names each rule of which an analyst's own word takes the place. ``never_newest`` are the
    quarters before it that have no line, since a later one was filed by then. ``retired`` are the criteria
    that are no longer in force and would have tripped, ``rule_changes`` what changed in the rules on a day
    after the line before and up to this one's.
    """

    quarter: Quarter
    as_of: date
    verdict: str
    worst: str
    best: str
    rated: bool
    engines: Interval
    risks: Interval
    coverage: float
    conditions: Mapping[str, HistoryScore]
    severities: Mapping[str, HistoryScore]
    tripped: Sequence[str]
    overridden: Sequence[str]
    never_newest: Sequence[Quarter]
    retired: Sequence[str] = ()
    rule_changes: Sequence[DatedChange] = ()


def past_assessments(pack: Pack, as_of: date, quarters: int) -> list[Assessment]:
    """An assessment for each of the last quarters, from the day it became the newest known; oldest first.

    Each quarter is there once and the days rise. One that was never the newest has no such day.
    """
    days = list(case_as_of(pack, as_of).newest_since.values())[-quarters:]
    return [assess(pack, day) for day in days]


def quarters_left_out(pack: Pack, as_of: date, found: Sequence[Assessment]) -> list[Quarter]:
    """The quarters between those of a history that were filed and never the newest."""
    first = found[0].quarter if found else Quarter(0)
    return [quarter for quarter in case_as_of(pack, as_of).passed_over if quarter > first]


def history_rows(
    found: Sequence[Assessment], left_out: Sequence[Quarter], dated: Sequence[DatedChange] = ()
) -> list[HistoryRow]:
    """The lines of a history as data.

    ``left_out`` are the quarters between them without a line, ``dated`` the rules that changed on a day.
    """
    before = Quarter(0)
    rows = []
    for a, since in zip(found, _days_before(found), strict=True):
        passed = [quarter for quarter in left_out if before < quarter < a.quarter]
        changed = [change for change in dated if since < change.day <= a.as_of]
        rows.append(history_json(a, passed)._replace(rule_changes=changed))
        before = a.quarter
    return rows


def _days_before(found: Sequence[Assessment]) -> list[date]:
    """For each line the day of the line before it; for the first its own."""
    days = [a.as_of for a in found]
    return [*days[:1], *days[:-1]]


def rule_changes(pack: Pack, as_of: date, found: Sequence[Assessment]) -> list[DatedChange]:
    """The rules that changed on a day between the first line of a history and the day it is seen from."""
    return dated_changes(pack, found[0].as_of, as_of) if found else []


def history_json(a: Assessment, never_newest: Sequence[Quarter] = ()) -> HistoryRow:
    """One line of history as data, with the quarters before it that have none."""
    return HistoryRow(
        quarter=a.quarter,
        as_of=a.as_of,
        verdict=a.headline,
        worst=a.verdict.worst,
        best=a.verdict.best,
        rated=a.verdict.rated,
        engines=a.verdict.engines,
        risks=a.verdict.risks,
        coverage=a.verdict.coverage,
        conditions=_standings(a.conditions),
        severities=_standings(a.risks),
        tripped=[k.id for k in a.kill if k.tripped.lo == 1.0],
        overridden=[found.id for found in a.overridden],
        never_newest=never_newest,
        retired=[k.id for k in a.retired if k.has_tripped],
    )


def _standings(findings: Sequence[RuleResult]) -> dict[str, HistoryScore]:
    return {found.id: HistoryScore(found.score, found.label) for found in findings}


def _verdict(a: Assessment) -> str:
    v = a.verdict
    found = v.worst if v.is_determined else f"{v.worst}..{v.best}"
    return found if v.rated else f"not rated ({found})"


def history_text(
    found: Sequence[Assessment], left_out: Sequence[Quarter] = (), dated: Sequence[DatedChange] = ()
) -> str:
    """The same as ``history_document``, as plain text without the last line break."""
    return plain_text.document_text(history_document(found, left_out, dated)).rstrip("\n")


def history_document(
    found: Sequence[Assessment], left_out: Sequence[Quarter] = (), dated: Sequence[DatedChange] = ()
) -> Document:
    """The lines, with a column for each condition; below them quarters without a line and changes of rules.

    A line on whose day rules are others than on that of the line before is marked.
    """
    if not found:
        return Document(WIDTH, (Paragraph("nothing was filed by then"),))
    pairs = zip(found, _days_before(found), strict=True)
    changed = {a.as_of for a, since in pairs if any(since < each.day <= a.as_of for each in dated)}
    columns = (
        Column[Assessment]("quarter", lambda a: str(a.quarter), width=9, is_head=True),
        Column[Assessment]("as of", lambda a: str(a.as_of), width=12),
        *(_rule_column(i, f.id) for i, f in enumerate(found[-1].conditions)),
        Column("engines", _engines, width=9),
        Column("risks", _risks, width=9),
        Column[Assessment]("cover", lambda a: formatting.share(a.verdict.coverage), width=7),
        Column[Assessment]("verdict", lambda a: _rating(a, changed), width=0, is_head=True),
    )
    marked = [Paragraph(_overridden(a)) for a in found if any(map(_is_given, a.overridden))]
    marked += [Paragraph(_left_out(left_out))] if left_out else []
    marked += [Paragraph(f"Rule change on {each.day}: {each.text.rstrip('.')}.") for each in dated]
    return Document(WIDTH, (table_of(columns, found), Line(), *marked, Paragraph(RULES)))


def _left_out(quarters: Sequence[Quarter]) -> str:
    """The quarters without a line, and why they have none."""
    names = formatting.join_words([str(quarter) for quarter in quarters])
    was = "which was" if len(quarters) == 1 else "which were"
    return f"Without a line: {names}, {was} never the newest. A later quarter was filed by then."


def _rule_column(i: int, name: str) -> Column[Assessment]:
    """The scores of the condition in a place, under its name."""

    def cell(a: Assessment) -> str:
        found = a.conditions[i]
        return TonedText(f"{formatting.score(found.score)}{_mark(found)}", tones.score_tone(found.score))

    return Column(name, cell, width=max(NARROWEST, len(name) + 1))


def _engines(a: Assessment) -> str:
    return f"{formatting.score(a.verdict.engines)}{_mark(*a.conditions)}"


def _risks(a: Assessment) -> str:
    return f"{formatting.score(a.verdict.risks)}{_mark(*a.risks)}" if a.verdict.has_risks else "none"


def _rating(a: Assessment, changed: Collection[date]) -> str:
    """The verdict, marked where an override has a say or rules changed, and what tripped."""
    tripped = [k.id for k in a.kill if k.tripped.lo == 1.0]
    killed = f" ({formatting.join_words(tripped)} tripped)" if tripped else ""
    retired = [k.id for k in a.retired if k.has_tripped]
    killed += f" ({formatting.join_words(retired)}, retired since, would have)" if retired else ""
    killed += " (rule change)" if a.as_of in changed else ""
    told = f"{_verdict(a)}{_mark(*a.findings, *a.kill)}{killed}"
    return TonedText(told, BAD if tripped else tones.verdict_tone(a.verdict))


def _is_given(found: RuleResult | KillResult) -> bool:
    """Whether an analyst's own word is in what a line shows: a score, or whether a criterion has tripped."""
    return bool(found.override) and (isinstance(found, KillResult) or found.is_given)


def _mark(*found: RuleResult | KillResult) -> str:
    return OWN_WORD if any(map(_is_given, found)) else ""


def _overridden(a: Assessment) -> str:
    """``* 2026Q2: margins is .60 by J. Doe's own word until ..., worked out weak .42-.51.``, and so on."""
    told = [
        f"{f.id} is {rating_text.override_value(f)} by {f.override.by}'s own word until {f.override.until}, "
        f"worked out {rating_text.computed_value(f)}"
        for f in a.overridden
        if f.override and _is_given(f)
    ]
    without = (
        f" Without overrides: {rating_text.as_reported_text(a.without_overrides)}."
        if a.without_overrides
        else ""
    )
    return f"{OWN_WORD} {a.quarter}: {'; '.join(told)}.{without}"
