"""Points in a pack's facts that somebody should look at before relying on them.

None of it is a mistake for certain: a figure may be late because the company is, and two quarters may
come to the same. What is a mistake is for lint to say.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from thesis.case.case import Case
from thesis.case.freshness import FRESH
from thesis.case.outliers import Outlier, outliers
from thesis.core import formatting
from thesis.core.interval import Interval
from thesis.core.period import Quarter
from thesis.core.strict_ends import as_stated
from thesis.facts.fact import Fact, FactStore
from thesis.facts.fact_file import FactRow, plain_digits
from thesis.pack.load import Pack
from thesis.pricing.priced_case import case_as_of
from thesis.sources.importing.periods import year_mismatches
from thesis.sources.importing.rounding import with_rounding

DIGITS = 5  # a figure of so many that comes twice was hardly come to twice
LOOK_BACK = 4  # quarters


class QualityFinding(NamedTuple):
    """Something to look at: of what kind, in which concept and which periods, and why."""

    kind: str
    concept: str
    periods: tuple[str, ...]
    told: str


def quality_findings(pack: Pack, as_of: date) -> list[QualityFinding]:
    """Everything to look at in a pack that is in order, seen from a day."""
    case = case_as_of(pack, as_of)
    found: list[QualityFinding] = []
    for name in sorted(pack.concepts):
        if pack.concepts[name].kind == "daily":
            found += _late(case, name)
        elif not pack.concepts[name].assume:
            found += [*_late(case, name), *_gaps(case, name), *_conflicts(case, name)]
            found += [*_repeats(case, name), *_years(case, name)]
    return [*found, *map(_odd, outliers(case))]


def _odd(outlier: Outlier) -> QualityFinding:
    periods = (outlier.period,) if outlier.period else ()
    return QualityFinding("size", outlier.concept, periods, f"{outlier.text}; {outlier.hint}")


def _quarters(case: Case, name: str) -> list[Quarter]:
    """The quarters that some row was filed for, in order."""
    periods = {fact.period for fact in case.vintage.rows(name)}
    return sorted(period for period in periods if isinstance(period, Quarter))


def _points(case: Case, name: str) -> list[tuple[Quarter, float]]:
    """The quarters of which one value is known."""
    read = [(quarter, case.vintage.value(name, quarter)) for quarter in _quarters(case, name)]
    return [(quarter, value.lo) for quarter, value in read if value.lo == value.hi]


def _late(case: Case, name: str) -> Iterator[QualityFinding]:
    rows = case.vintage.rows(name)
    newest = case.vintage.newest(name)
    day = None
    if case.pack.concepts[name].kind == "daily" and case.vintage.quarter:
        newest = case.vintage.quarter
        day = case.vintage.newest_day(name)
    if not rows or newest is None:
        if not case.pack.concepts[name].assume and not case.pack.is_standard(name):
            yield QualityFinding("missing", name, (), "no figure is known")
        return
    if rows[-1].value == "discontinued":
        return
    found = case.freshness(name, newest)
    if found.status != FRESH:
        yield QualityFinding(found.status, name, (str(day or newest),), f"the next was due by {found.due}")


def _gaps(case: Case, name: str) -> Iterator[QualityFinding]:
    quarters = _quarters(case, name)
    there = set(quarters)
    every = range(quarters[0].index, quarters[-1].index) if quarters else ()
    missing = tuple(str(Quarter(i)) for i in every if Quarter(i) not in there)
    if missing:
        told = f"there are rows from {quarters[0]} to {quarters[-1]}"
        yield QualityFinding("gap", name, missing, told)


def _conflicts(case: Case, name: str) -> Iterator[QualityFinding]:
    for quarter in _quarters(case, name):
        reading = case.vintage.reading(name, quarter)
        if reading.status == "conflict":
            said = "; ".join(
                f"{fact.source} says {formatting.exact(fact.value)} ({_at(fact)})" for fact in reading.facts
            )
            yield QualityFinding("conflict", name, (str(quarter),), said)


def _repeats(case: Case, name: str) -> Iterator[QualityFinding]:
    """Figures that are those of an earlier quarter, to the last of many digits."""
    known: dict[int, float] = {}
    for quarter, value in _points(case, name):
        for back in range(1, LOOK_BACK + 1):
            if known.get(quarter.index - back) == value and _digits(value) >= DIGITS:
                told = f"{value:,.15g}, as in {quarter - back}"
                yield QualityFinding("repeat", name, (str(quarter), str(quarter - back)), told)
                break
        known[quarter.index] = value


def _digits(value: float) -> int:
    return len(f"{abs(value):.15g}".replace(".", "").strip("0")) if math.isfinite(value) else 0


def _years(case: Case, name: str) -> Iterator[QualityFinding]:
    """Years that the quarters do not add up to."""
    if not case.pack.concepts[name].adds_up:
        return
    rows: dict[str, list[FactRow]] = {}
    for row in with_rounding([_row(fact) for fact in _known(case.pack.facts, name, case.as_of)]):
        rows.setdefault(row.period, []).append(row)
    for found in year_mismatches(rows, case.pack.entities[case.pack.owner(name)].year_ends):
        told = " + ".join(row.value for row in found.quarters)
        said = f"{told} is {plain_digits(found.apart)} apart from {found.year.value} ({found.year.place})"
        yield QualityFinding("year", name, (found.year.period,), said)


def _known(facts: FactStore, name: str, as_of: date) -> Sequence[Fact]:
    return [fact for fact in (*facts.of(name), *facts.to_date(name)) if fact.filed <= as_of]


def _row(fact: Fact) -> FactRow:
    text = fact.value if isinstance(fact.value, str) else _text(fact.value)
    return FactRow(
        fact.concept, str(fact.period), text, fact.unit, fact.filed, fact.source, fact.how, place=_at(fact)
    )


def _text(value: Interval) -> str:
    value = as_stated(value)
    lo, hi = f"{value.lo:.15g}", f"{value.hi:.15g}"
    return lo if lo == hi else f"{lo}..{hi}"


def _at(fact: Fact) -> str:
    return f"{fact.file}:{fact.line}"
