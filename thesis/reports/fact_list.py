"""The known values of each line item, and every row behind them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from thesis.case.case import Case
from thesis.core.interval import Interval
from thesis.core.period import Quarter
from thesis.core.strict_ends import as_stated
from thesis.facts.fact import Fact, Vintage
from thesis.pack.load import Pack
from thesis.pricing.priced_case import case_as_of


def fact_rows(vintage: Vintage, concept: str, *, vintages: bool) -> list[Fact]:
    """A concept's rows filed by the day, oldest period first; only the latest of each, or all."""
    found = vintage.rows(concept)
    if vintages:
        return found
    newest: dict[tuple[str, str], Fact] = {}
    for fact in found:
        newest[str(fact.period), fact.item] = fact
    return list(newest.values())


def fact_rows_text(vintage: Vintage, concept: str, found: Sequence[Fact]) -> str:
    """The rows of a concept, one a line."""
    shape = vintage.concepts[concept]
    lines = [f"{concept}  {shape.label}, {shape.unit}, {shape.kind}  as of {vintage.as_of}"]
    if shape.tag:
        lines.append(f"  {shape.tag}")
    values = [
        str(as_stated(fact.value) if isinstance(fact.value, Interval) else fact.value) for fact in found
    ]
    width = max(map(len, values), default=0)
    for fact, value in zip(found, values, strict=True):
        item = f" /{fact.item}" if fact.item else ""
        note = f"  - {fact.note}" if fact.note else ""
        lines.append(
            f"  {fact.period!s:<11}{value:>{width}}  filed {fact.filed}  {fact.source}; {fact.how}"
            f"{item}  {fact.file}:{fact.line}{note}"
        )
    return "\n".join(lines if found else [*lines, "  no fact filed by then"])


def line_item_overview(pack: Pack, vintage: Vintage) -> list[dict[str, Any]]:
    """For each concept how many quarters are known, from when to when, and who said so."""
    case = case_as_of(pack, vintage.as_of)
    listed = []
    for name in sorted(pack.concepts):
        found = fact_rows(vintage, name, vintages=False)
        periods = sorted({str(fact.period) for fact in found})
        listed.append(
            {
                "concept": name,
                "entity": pack.owner(name),
                "unit": pack.concepts[name].unit,
                "kind": pack.concepts[name].kind,
                "first": periods[0] if periods else "",
                "last": periods[-1] if periods else "",
                "periods": len(periods),
                "rows": len(vintage.rows(name)),
                "secondary": sum(fact.provenance.is_secondary for fact in found),
                "missing": _missing(found),
                "assumed": pack.concepts[name].assume,
                "status": _status(case, name, found),
            }
        )
    return listed


def _status(case: Case, name: str, found: Sequence[Fact]) -> str:
    """Whether the newest row is the newest there can be: fresh, stale, expired, or why there is none."""
    if case.is_assumed(name):
        return "assumed"
    if not found:
        return "missing"
    if isinstance(found[-1].value, str):
        return found[-1].value
    newest = max((fact.period for fact in found if isinstance(fact.period, Quarter)), default=None)
    return case.freshness(name, newest or case.quarter).status


def _missing(found: Sequence[Fact]) -> list[str]:
    """Quarters between the first and the last for which there is no row."""
    quarters = {fact.period for fact in found if isinstance(fact.period, Quarter)}
    if not quarters:
        return []
    first, last = min(quarters), max(quarters)
    every = [first + i for i in range(last.index - first.index + 1)]
    return [str(quarter) for quarter in every if quarter not in quarters]


def line_item_overview_text(listed: Sequence[dict[str, Any]]) -> str:
    """The overview as a table."""
    width = max(len(row["concept"]) for row in listed)
    head = f"{'concept':<{width}}  {'entity':<7}{'unit':<11}{'first':<11}{'last':<11}"
    lines = [f"{head}{'periods':>7}{'secondary':>11}  {'state':<14}gaps"]
    for row in listed:
        gaps = f"{len(row['missing'])}" if row["missing"] else ""
        first = row["first"] or (f"assumed {row['assumed']}" if row["assumed"] else "no facts")
        lines.append(
            f"{row['concept']:<{width}}  {row['entity']:<7}{row['unit']:<11}{first:<11}{row['last']:<11}"
            f"{row['periods']:>7}{row['secondary'] or '':>11}  {row['status']:<14}{gaps}".rstrip()
        )
    return "\n".join(lines)
