"""Past: what a pack would have said each quarter, on what was filed by then and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from thesis import words
from thesis.assess import assess
from thesis.assessment import Assessment, Finding
from thesis.case import Case
from thesis.interval import Interval
from thesis.pack import Pack
from thesis.quarter import Quarter

NARROWEST = 12  # of a condition's column, the gap after it included


class Standing(NamedTuple):
    """A rule in a line of history."""

    score: Interval
    label: str


class Line(NamedTuple):
    """One quarter, seen from the day its report was filed; ``severities`` are the risks'."""

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
    )


def _standings(findings: Sequence[Finding]) -> dict[str, Standing]:
    return {found.id: Standing(found.score, found.label) for found in findings}


def _verdict(a: Assessment) -> str:
    v = a.verdict
    found = v.worst if v.is_determined else f"{v.worst}..{v.best}"
    return found if v.rated else f"not rated ({found})"


def table(found: Sequence[Assessment]) -> str:
    """The lines, with a column for each condition."""
    if not found:
        return "nothing was filed by then"
    names = [f.id for f in found[-1].conditions]
    widths = [max(NARROWEST, len(name) + 1) for name in names]
    head = f"{'quarter':<9}{'as of':<12}" + "".join(f"{n:<{w}}" for n, w in zip(names, widths, strict=True))
    lines = [f"{head}{'engines':<9}{'risks':<9}{'cover':<7}verdict"]
    for a in found:
        scores = "".join(f"{words.score(f.score):<{w}}" for f, w in zip(a.conditions, widths, strict=True))
        tripped = [k.id for k in a.kill if k.tripped.lo == 1.0]
        killed = f" ({words.joined(tripped)} tripped)" if tripped else ""
        lines.append(
            f"{a.quarter!s:<9}{a.as_of!s:<12}{scores}{words.score(a.verdict.engines):<9}"
            f"{words.score(a.verdict.risks):<9}{words.share(a.verdict.coverage):<7}{_verdict(a)}{killed}"
        )
    return "\n".join(lines)
