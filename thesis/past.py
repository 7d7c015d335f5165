"""Past: what a pack would have said each quarter, on what was filed by then and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from thesis import layout, plaintext, telling, tones, words
from thesis.assess import assess
from thesis.assessment import Assessment, Finding, KillFinding
from thesis.case import Case
from thesis.interval import Interval
from thesis.layout import BAD, Column, Layout, Paragraph, Table, Toned
from thesis.pack import Pack
from thesis.quarter import Quarter

WIDTH = 80  # of what is said where there is no line
OWN_WORD = "*"  # behind what an override is in
RULES = (
    "Every line is by the rules as they are written today, on what was filed and graded by its day: no line "
    "says what rules of that day would have said."
)
NARROWEST = 12  # of a condition's column, the gap after it included


class Standing(NamedTuple):
    """A rule in a line of history."""

    score: Interval
    label: str


class Line(NamedTuple):
    """One quarter, seen from the day its report was filed; ``severities`` are the risks'.

    ``overridden`` names each rule of which an analyst's own word takes the place.
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
    conditions: Mapping[str, Standing]
    severities: Mapping[str, Standing]
    tripped: Sequence[str]
    overridden: Sequence[str]


def assessments(pack: Pack, as_of: date, quarters: int) -> list[Assessment]:
    """An assessment for each of the last quarters, from the day it was first filed; oldest first."""
    days = list(Case(pack, as_of).first_filed.values())[-quarters:]
    return [assess(pack, day) for day in days]


def summary(a: Assessment) -> Line:
    """One line of history as data."""
    return Line(
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
    )


def _standings(findings: Sequence[Finding]) -> dict[str, Standing]:
    return {found.id: Standing(found.score, found.label) for found in findings}


def _verdict(a: Assessment) -> str:
    v = a.verdict
    found = v.worst if v.is_determined else f"{v.worst}..{v.best}"
    return found if v.rated else f"not rated ({found})"


def table(found: Sequence[Assessment]) -> str:
    """The same as ``laid_out``, as plain text without the last line break."""
    return plaintext.text(laid_out(found)).rstrip("\n")


def laid_out(found: Sequence[Assessment]) -> Layout:
    """The lines, with a column for each condition."""
    if not found:
        return Layout(WIDTH, (Paragraph("nothing was filed by then"),))
    names = [f.id for f in found[-1].conditions]
    columns = (
        Column("quarter", width=9, is_head=True),
        Column("as of", width=12),
        *(Column(name, width=max(NARROWEST, len(name) + 1)) for name in names),
        Column("engines", width=9),
        Column("risks", width=9),
        Column("cover", width=7),
        Column("verdict", width=0, is_head=True),
    )
    marked = [Paragraph(_overridden(a)) for a in found if any(map(_is_given, a.overridden))]
    return Layout(WIDTH, (Table(columns, tuple(map(_row, found))), layout.Line(), *marked, Paragraph(RULES)))


def _row(a: Assessment) -> list[str]:
    tripped = [k.id for k in a.kill if k.tripped.lo == 1.0]
    killed = f" ({words.joined(tripped)} tripped)" if tripped else ""
    return [
        str(a.quarter),
        str(a.as_of),
        *(Toned(f"{words.score(f.score)}{_mark(f)}", tones.of_score(f.score)) for f in a.conditions),
        f"{words.score(a.verdict.engines)}{_mark(*a.conditions)}",
        f"{words.score(a.verdict.risks)}{_mark(*a.risks)}",
        words.share(a.verdict.coverage),
        Toned(
            f"{_verdict(a)}{_mark(*a.findings, *a.kill)}{killed}",
            BAD if tripped else tones.of_verdict(a.verdict),
        ),
    ]


def _is_given(found: Finding | KillFinding) -> bool:
    """Whether an analyst's own word is in what a line shows: a score, or whether a criterion has tripped."""
    return bool(found.override) and (isinstance(found, KillFinding) or found.is_given)


def _mark(*found: Finding | KillFinding) -> str:
    return OWN_WORD if any(map(_is_given, found)) else ""


def _overridden(a: Assessment) -> str:
    """``* 2026Q2: margins is .60 by J. Doe's own word until ..., worked out weak .42-.51.``, and so on."""
    told = [
        f"{f.id} is {telling.given(f)} by {f.override.by}'s own word until {f.override.until}, "
        f"worked out {telling.worked_out(f)}"
        for f in a.overridden
        if f.override and _is_given(f)
    ]
    without = f" Without overrides: {telling.unlike(a.without_overrides)}." if a.without_overrides else ""
    return f"{OWN_WORD} {a.quarter}: {'; '.join(told)}.{without}"
