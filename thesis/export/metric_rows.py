"""Metric rows: what a pack works out, quarter by quarter, as a table that names the filings behind it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from thesis.case.case import Case
from thesis.core.period import Quarter
from thesis.export.data_table import Cell, DataColumn, DataTable, value_ends
from thesis.export.filing_names import evidence_status, filing_names, unknown_reason
from thesis.pack.load import Pack

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

    Errors: ``LookupError`` if nothing was filed by then.
    """
    case = Case(pack, as_of)
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
