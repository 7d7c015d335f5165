"""What the files on file state themselves, read as `thesis facts import` reads them, against the tables.

A row of the tables that names a filing which is on file is replaced by what that filing states, or by what
follows from several of them. The two have to agree: a difference that nobody has explained is an error.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from thesis.facts.fact_file import FactFile, FactRow
from thesis.pack.folder import read_folder
from thesis.pack.load import Pack, build
from thesis.sources.importing.periods import derived_quarters, year_mismatches
from thesis.sources.importing.to_rows import ImportOptions, rows_from_facts
from thesis.sources.importing.which_filing import identify_filings, read_filing_list
from thesis.sources.prices.closing_prices import closing_price_rows, read_price_series
from thesis.sources.read_file import read_facts
from thesis.sources.releases.release import release_rows
from thesis.sources.reported_fact import FilingReference

from .gathered import Data
from .model import DataError, Fact, Value
from .recipe import Recipe

Key = tuple[str, str, str]  # concept, period, document


class Difference(NamedTuple):
    """Where a file on file and the tables part; ``why`` is empty as long as nobody has explained it."""

    told: str
    why: str


class Imported:
    """The rows that the files on file make, and what became of the tables' rows beside them."""

    def __init__(self, data: Data, recipe: Recipe, pack: Path, today: date) -> None:
        folder = read_folder(pack, "")
        self.pack: Pack = build(folder._replace(facts={}))[0]
        self._recipe = recipe
        self._raw = data.folder / "raw"
        self._given = ImportOptions(without=recipe.unusable)
        self._today = today
        self.differences: list[Difference] = []
        self.replaced: dict[Key, FactRow] = {}

    @cached_property
    def stated(self) -> dict[Key, FactRow]:
        """What each filing states of each period; a document of its own goes before a collection."""
        index = [line for name in self._recipe.indexes for line in read_filing_list(self._raw / name, name)]
        found: dict[Key, FactRow] = {}
        for name in self._recipe.filings:
            path = self._raw / name
            facts = identify_filings(read_facts(path, name), path, name, FilingReference(), index)
            taken = rows_from_facts(facts, name, self.pack, self._given, self._today)
            if taken.problems:
                raise DataError("; ".join(problem.message for problem in taken.problems))
            for row in taken.rows:
                key = row.concept, row.period, row.provenance.document
                before = found.setdefault(key, row)
                if before.filed != row.filed or not _agree(before, row):
                    raise DataError(
                        f"{' '.join(key)}: {before.value} in {before.place}, {row.value} in {name}"
                    )
        return found

    @cached_property
    def released(self) -> dict[Key, FactRow]:
        """What the tables of the earnings releases state."""
        given = ImportOptions(lists=tuple((self._raw / name, name) for name in self._recipe.indexes))
        found: dict[Key, FactRow] = {}
        for name in self._recipe.release_files:
            taken = release_rows(self._raw / name, name, self.pack, given, self._today).contents
            found |= {(row.concept, row.period, row.provenance.document): row for row in taken.rows}
        return found

    @cached_property
    def worked_out(self) -> dict[Key, FactRow]:
        """The quarters that follow from what is stated for longer spans."""
        found: dict[Key, FactRow] = {}
        books: dict[str, FactFile] = {}
        for row in self.stated.values():
            books.setdefault(self.pack.owner(row.concept), FactFile(()))
        for entity, book in books.items():
            list(book.take(row for row in self.stated.values() if self.pack.owner(row.concept) == entity))
            for concept in book.concepts:
                if self.pack.concepts[concept].adds_up:
                    rows = derived_quarters(book.of(concept), self.pack.entities[entity].year_ends)
                    found |= {(row.concept, row.period, row.provenance.document): row for row in rows}
        return found

    @cached_property
    def closes(self) -> dict[tuple[str, str], list[FactRow]]:
        """Every close on file by concept and day, each file's with where it came from."""
        with (self._raw / "MANIFEST.tsv").open(encoding="utf-8", newline="") as handle:
            origin = {row["file"]: row for row in csv.DictReader(handle, delimiter="\t")}
        found: dict[tuple[str, str], list[FactRow]] = {}
        for name, entity in self._recipe.prices.items():
            source = f"{origin[name]['original_repository']} {origin[name]['path']}"
            given = ImportOptions(entity=entity, source=source, every_day=True)
            series = read_price_series(self._raw / name, name, self.pack, given, self._today)
            for row in closing_price_rows([series], self.pack, given)[0].rows:
                found.setdefault((row.concept, row.period), []).append(row)
        return found

    @cached_property
    def _last_days(self) -> dict[str, str]:
        """The last day of each file of closes: one that was taken while the market was open is none of it."""
        days: dict[str, str] = {}
        for (_, day), closes in self.closes.items():
            days |= {row.source: max(day, days.get(row.source, "")) for row in closes}
        return days

    def settle(self, fact: Fact) -> Fact:
        """A row of the tables as the files on file have it; as it is, where they do not."""
        row = self._row(fact)
        if row is None:
            return fact
        why = self._unlike(fact, row)
        if why is None:
            self.replaced[fact.concept, fact.period, row.source] = row
            is_rounder = _inside(row, fact)
            value = fact.value if is_rounder else Value.parse(row.value)
            if row.provenance.is_difference and fact.how == "reported":
                return fact  # the document has the quarter itself, which the collection lacks
            note = row.note or ("rounded" if is_rounder else "" if fact.second_hand else fact.note)
            return replace(fact, value=value, source=row.source, how=row.how, note=note)
        told = f"{fact.concept} {fact.period}: {fact.value} in the tables ({fact.source}, {fact.filed})"
        self.differences.append(
            Difference(f"{told}, {row.value} on file ({row.source}, {row.filed}, {row.place})", why)
        )
        return fact

    def _row(self, fact: Fact) -> FactRow | None:
        key = fact.concept, fact.period, fact.source.partition(" (")[0]
        closes = self.closes.get((fact.concept, fact.period))
        if closes:
            same = [row for row in closes if row.source == fact.source]
            fitting = same or (closes if fact.second_hand else [])
            return fitting[0] if fitting else None
        return self.stated.get(key) or self.worked_out.get(key) or self.released.get(key)

    def _unlike(self, fact: Fact, row: FactRow) -> str | None:
        """Why a row of the tables differs from the one on file; nothing where it does not."""
        is_same = str(fact.value) == row.value or _inside(row, fact)
        if is_same and fact.filed == str(row.filed) and fact.unit == row.unit:
            return None
        return self._recipe.explained.get((fact.concept, fact.period, row.provenance.document), "")

    def check(self, result: dict[str, list[Fact]]) -> None:
        """Note each year on file that the quarters of the result do not add up to."""
        for entity, facts in result.items():
            years = [row for row in self.stated.values() if row.period.startswith("FY")]
            book = FactFile(_as_row(fact) for fact in facts)
            list(book.take(row for row in years if self.pack.owner(row.concept) == entity))
            for concept in book.concepts:
                if "/" in concept or not self.pack.concepts[concept].adds_up:
                    continue
                for found in year_mismatches(book.of(concept), self.pack.entities[entity].year_ends):
                    told = (
                        f"{concept} {found.year.period}: the quarters are {found.apart} apart from the year"
                    )
                    why = self._recipe.uneven.get((concept, found.year.period), "")
                    self.differences.append(Difference(f"{told} ({found.year.source})", why))

    def unexplained(self) -> Iterator[str]:
        yield from (each.told for each in self.differences if not each.why)

    def more(self, entity: str, facts: Iterable[Fact]) -> Iterator[Fact]:
        """The quarters since 2015 and the closes that are on file and in none of an entity's rows."""
        known = {(fact.concept, fact.period) for fact in facts}
        for (concept, period, _), row in {**self.worked_out, **self.stated}.items():
            is_new = "Q" in period and period >= "2015" and (concept, period) not in known
            if is_new and self.pack.owner(concept) == entity:
                self.replaced[concept, period, row.source] = row
                yield _as_fact(row)
        for (concept, day), closes in self.closes.items():
            since = self._recipe.every_close
            is_asked = day in self._recipe.closes_of or (since and since <= day)
            if is_asked and (concept, day) not in known and self.pack.owner(concept) == entity:
                row = next((each for each in closes if self._last_days[each.source] != day), closes[0])
                self.replaced[concept, day, row.source] = row
                yield _as_fact(row)


def _agree(first: FactRow, second: FactRow) -> bool:
    """Whether two files say the same of a filing, the second perhaps without the range of its rounding."""
    if first.value == second.value:
        return True
    a, b = first.ends, second.ends
    return a is not None and b is not None and a[0] <= b[0] <= b[1] <= a[1]


def _inside(row: FactRow, fact: Fact) -> bool:
    """Whether the one figure on file is the range of the tables, of which it does not tell the width."""
    if not row.ends or row.ends[0] != row.ends[1] or not fact.value.width.is_finite() or not fact.value.width:
        return False
    low, high = fact.value.ends
    return (low + high) / 2 == row.ends[0]


def _as_fact(row: FactRow) -> Fact:
    value, filed = Value.parse(row.value), str(row.filed)
    return Fact(row.concept, row.period, value, row.unit, filed, row.source, row.how, row.note)


def _as_row(fact: Fact) -> FactRow:
    return FactRow(
        fact.concept, fact.period, str(fact.value), fact.unit, date.fromisoformat(fact.filed), fact.source,
        fact.how, fact.note, "", Decimal(0),
    )  # fmt: skip
