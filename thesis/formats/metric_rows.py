"""Metric rows: what a pack works out, quarter by quarter, as a table that names the filings behind it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from thesis.case import Case
from thesis.formats.documents import reason_of, rests_on, status_of
from thesis.formats.tables import Cell, Column, Table, ends
from thesis.pack import Pack
from thesis.quarter import Quarter

COLUMNS = (
    Column("metric", "text", "name of the metric in the rules"),
    Column("label", "text", "what it is called in a memo"),
    Column("quarter", "text", "a quarter such as 2026Q2"),
    Column("ends", "day", "last day of the quarter"),
    Column("lo", "number", "the value or its low end; empty without a bound, or where it is not known"),
    Column("hi", "number", "the value or its high end; empty without a bound, or where it is not known"),
    Column("reported_lo", "number", "the same with no register of charges added back: as reported"),
    Column("reported_hi", "number", "its high end"),
    Column("unit", "text", "unit of the value: a ratio of 0.1 is 10%"),
    Column("show", "text", "how a memo prints it: percent, points, bp, billions, multiple, number, usd"),
    Column("status", "text", "known, range or unknown"),
    Column("reason", "text", "why it is not known"),
    Column("formula", "text", "what it is worked out from"),
    Column("rests_on", "texts", "every document that its figures stand in, with the day it was filed"),
)


def metric_table(pack: Pack, as_of: date, quarters: int) -> Table:
    """Every metric in the last quarters, oldest first, all as known on the day.

    Errors: ``LookupError`` if nothing was filed by then.
    """
    case = Case(pack, as_of)
    rows = list(_rows(case, case.as_reported(), quarters))
    return Table("metrics", pack.thesis.id, pack.digest, as_of, COLUMNS, rows)


def _rows(case: Case, reported: Case, quarters: int) -> Iterator[tuple[Cell, ...]]:
    for name in sorted(case.pack.metrics):
        for back in range(quarters - 1, -1, -1):
            yield _row(case, reported, name, case.quarter - back)


def _row(case: Case, reported: Case, name: str, quarter: Quarter) -> tuple[Cell, ...]:
    metric, evidence = case.pack.metrics[name], case.evidence(name, quarter)
    return (
        name, metric.label, str(quarter), quarter.end,
        *ends(evidence.value), *ends(reported.value(name, quarter)), metric.unit, metric.show,
        status_of(evidence), reason_of(evidence), metric.formula, rests_on([evidence]),
    )  # fmt: skip
