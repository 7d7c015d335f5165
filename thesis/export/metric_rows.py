"""The value of each metric by quarter, as a table that names the filings behind each value."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from thesis.case.case import Case, EvidenceItem
from thesis.core.period import Quarter
from thesis.export.data_table import Cell, DataColumn, DataTable, value_ends
from thesis.facts.fact import Fact
from thesis.pack.load import Pack
from thesis.pack.schema.judgements import Judgement
from thesis.pricing.priced_case import case_as_of

COLUMNS = (
    DataColumn("metric", "text", "name of the metric in the rules"),
    DataColumn("label", "text", "what it is called in a memo"),
    DataColumn("quarter", "text", "a quarter such as 2026Q2"),
    DataColumn("ends", "day", "last day of the quarter"),
    DataColumn("lo", "number", "the value or its low end; empty without a bound, or where it is not known"),
    DataColumn("hi", "number", "the value or its high end; empty without a bound, or where it is not known"),
    DataColumn("reported_lo", "number", "the same with no register of charges added back: as reported"),
    DataColumn("reported_hi", "number", "its high end"),
    DataColumn("unit", "text", "unit of the value: a ratio of 0.1 is 10%"),
    DataColumn("show", "text", "how a memo prints it: percent, points, bp, billions, multiple, number, usd"),
    DataColumn("status", "text", "known, range or unknown"),
    DataColumn("reason", "text", "why it is not known"),
    DataColumn("formula", "text", "what it is worked out from"),
    DataColumn("rests_on", "texts", "every document that its figures stand in, with the day it was filed"),
)


def metric_table(pack: Pack, as_of: date, quarters: int) -> DataTable:
    """Every metric in the last quarters, oldest first, all as known on the day.

    Errors: ``NothingKnown`` if nothing was filed by then.
    """
    case = case_as_of(pack, as_of)
    rows = list(_rows(case, case.as_reported(), quarters))
    return DataTable("metrics", pack.thesis.id, pack.digest, as_of, COLUMNS, rows)


def _rows(case: Case, reported: Case, quarters: int) -> Iterator[tuple[Cell, ...]]:
    for name in sorted(case.pack.metrics):
        for back in range(quarters - 1, -1, -1):
            yield _row(case, reported, name, case.quarter - back)


def _row(case: Case, reported: Case, name: str, quarter: Quarter) -> tuple[Cell, ...]:
    metric, evidence = case.pack.metrics[name], case.evidence(name, quarter)
    return (
        name, metric.label, str(quarter), quarter.end,
        *value_ends(evidence.value), *value_ends(reported.value(name, quarter)), metric.unit, metric.show,
        evidence_status(evidence), unknown_reason(evidence), metric.formula, filing_names([evidence]),
    )  # fmt: skip


def filing_name(fact: Fact) -> str:
    """``10-Q 0001018724-26-000026, filed 2026-07-31``."""
    return f"{fact.source}, filed {fact.filed}"


def filing_names(evidence: Iterable[EvidenceItem], grades: Iterable[Judgement] = ()) -> tuple[str, ...]:
    """Every document below some values, and the sources of some grades; each once, in order."""
    found = {filing_name(fact) for each in evidence for item in each.walk() for fact in item.facts}
    return tuple(sorted(found | {f"{grade.source}, graded {grade.graded}" for grade in grades}))


def evidence_status(evidence: EvidenceItem) -> str:
    """What is known of a metric: known, range or unknown."""
    if evidence.value.is_anything:
        return "unknown"
    return "known" if evidence.value.is_point else "range"


def unknown_reason(evidence: EvidenceItem) -> str:
    """Why a value is not known: its own reason, or what each figure below it waits for."""
    if not evidence.value.is_anything:
        return ""
    if evidence.reason:
        return evidence.reason
    below = [
        f"{e.name} {e.period} {e.status}{f', {e.reason}' if e.reason else ''}" for e in evidence.unknowns()
    ]
    return "; ".join(dict.fromkeys(below))
