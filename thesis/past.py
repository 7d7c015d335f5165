"""Past: what a pack would have said each quarter, on what was filed by then and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from thesis import plaintext, tones, words
from thesis.assess import assess
from thesis.assessment import Assessment, Finding
from thesis.case import Case
from thesis.interval import Interval
from thesis.layout import BAD, Column, Layout, Paragraph, Table, Toned
from thesis.pack import Pack
from thesis.quarter import Quarter

WIDTH = 80  # of what is said where there is no line
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
    return Layout(WIDTH, (Table(columns, tuple(map(_row, found))),))


def _row(a: Assessment) -> list[str]:
    tripped = [k.id for k in a.kill if k.tripped.lo == 1.0]
    killed = f" ({words.joined(tripped)} tripped)" if tripped else ""
    return [
        str(a.quarter),
        str(a.as_of),
        *(Toned(words.score(f.score), tones.of_score(f.score)) for f in a.conditions),
        words.score(a.verdict.engines),
        words.score(a.verdict.risks),
        words.share(a.verdict.coverage),
        Toned(f"{_verdict(a)}{killed}", BAD if tripped else tones.of_verdict(a.verdict)),
    ]
