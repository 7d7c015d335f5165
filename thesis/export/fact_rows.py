"""The facts filed by a day as a table, one row for each reported value."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from thesis.core.period import Quarter
from thesis.export.data_table import Cell, DataColumn, DataTable, value_ends
from thesis.facts.fact import Fact, Vintage
from thesis.memo.footnotes import link_to
from thesis.pack.load import Pack

COLUMNS = (
    DataColumn("concept", "text", "name of the concept in the rules"),
    DataColumn("item", "text", "of a register: which of its items; else empty"),
    DataColumn("label", "text", "what the concept is called in a memo"),
    DataColumn("entity", "text", "whose figure it is"),
    DataColumn("kind", "text", "flow, stock, rate, daily or register"),
    DataColumn("period", "text", "a quarter such as 2026Q2, or a day"),
    DataColumn("ends", "day", "last day of the period"),
    DataColumn("lo", "number", "the value or its low end; empty without a bound, or where there is none"),
    DataColumn("hi", "number", "the value or its high end; empty without a bound, or where there is none"),
    DataColumn("unit", "text", "USD, shares, USD/share, ratio, count or years"),
    DataColumn("status", "text", "known, range, at least, at most, conflict, not disclosed or discontinued"),
    DataColumn("filed", "day", "the day it became public"),
    DataColumn("source", "text", "the document it stands in"),
    DataColumn("link", "text", "where the document can be read; empty where that is not known"),
    DataColumn("how", "text", "how it was read: reported, derived, judged, transcribed ..."),
    DataColumn("note", "text", "what the row says beside its figure"),
    DataColumn("superseded", "truth", "whether a later row of the same period counts in its place"),
    DataColumn("file", "text", "the file of the row, from the folder of the pack"),
    DataColumn("line", "whole", "its line there"),
)


def fact_table(pack: Pack, as_of: date, *, vintages: bool) -> DataTable:
    """Every concept's rows filed by the day, the latest of each period, or all ``vintages``."""
    vintage = Vintage(pack.facts, pack.concepts, as_of, pack.thesis.quarter)
    filers = {name: entity.cik for name, entity in pack.entities.items() if entity.cik}
    rows = []
    for name in sorted(pack.concepts):
        found = vintage.rows(name)
        newest = {(str(fact.period), fact.item): fact.filed for fact in found}
        for fact in found:
            is_old = fact.filed < newest[str(fact.period), fact.item]
            if vintages or not is_old:
                rows.append(_row(vintage, pack.owner(name), fact, filers, superseded=is_old))
    return DataTable("facts", pack.thesis.id, pack.digest, as_of, COLUMNS, rows)


def _row(
    vintage: Vintage, owner: str, fact: Fact, filers: Mapping[str, str], *, superseded: bool
) -> tuple[Cell, ...]:
    concept, period = vintage.concepts[fact.concept], fact.period
    assert isinstance(period, (Quarter, date))  # a year to date stands in no vintage
    last = period.end if isinstance(period, Quarter) else period
    status = _status(vintage, fact, superseded=superseded)
    return (
        fact.concept, fact.item, concept.label, owner, concept.kind, str(period), last,
        *value_ends(fact.value), fact.unit, status, fact.filed, fact.source, link_to(fact, filers),
        fact.how, fact.note, superseded, fact.file, fact.line,
    )  # fmt: skip


def _status(vintage: Vintage, fact: Fact, *, superseded: bool) -> str:
    if isinstance(fact.period, Quarter) and not fact.item and not superseded:
        reading = vintage.reading(fact.concept, fact.period)
        if reading.status == "conflict":
            return "conflict"
    if isinstance(fact.value, str):
        return fact.value
    if fact.value.is_point:
        return "known"
    lo, hi = value_ends(fact.value)
    return "at most" if lo is None else "at least" if hi is None else "range"
