"""Noting: the notes of a memo held against the evidence, and that against the rows of facts."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from tests.tieout import deriving as dv
from tests.tieout import front
from tests.tieout import spelling as sp
from tests.tieout.reading import Cell, Note, Read, Table
from thesis.case.case import EvidenceItem
from thesis.core.period import Quarter
from thesis.language.evaluate import Evaluator
from thesis.language.syntax import parse
from thesis.narrative.valuation_text import bridge_rows
from thesis.pack.load import Pack
from thesis.reports.statement_report import tested_statements
from thesis.scoring.assessment import Assessment, RuleResult


def all_evidence(a: Assessment, pack: Pack) -> list[EvidenceItem]:
    """Every value that a memo gives a note to."""
    sources: list[Any] = [a.header.price, a.header.market_cap]
    sources += [leaf for f in a.findings for leaf in f.leaves()]
    sources += [front.prior(pack, a, found) for found in a.findings]
    sources += [distance for k in a.kill for distance in k.distances]
    if a.appraisal is not None:
        start = a.appraisal.start
        sources += [start.price, start.market_cap, start.ebit, *(each.value for each in start.claims)]
        sources += a.appraisal.missing
    return [e for source in sources if source for e in dv.evidence_of(source)]


def untied(read: Read, a: Assessment, pack: Pack, folder: Path) -> Iterator[str]:
    """Each cell's notes are about its own figure; what they list is in the facts and gives that figure."""
    marks = {cell.notes for table in read.tables for row in table.rows for cell in row}
    cited = {mark for each in marks for mark in each} | {mark for cell in read.told for mark in cell.notes}
    if cited != set(read.notes):
        yield f"notes: cited {sorted(cited - set(read.notes))}, idle {sorted(set(read.notes) - cited)}"
    documents = {
        row[0].text: (row[1].text, row[2].text) for t in read.table("document", "filed") for row in t.rows
    }
    rows = facts(folder)
    for cell, source in _cited(read, a, pack):
        for mark in cell.notes:
            if mark in read.notes:
                yield from _note(f"note {mark}", read.notes[mark], source, documents, rows, a)


def _cited(read: Read, a: Assessment, pack: Pack) -> Iterator[tuple[Cell, Any]]:
    """Each cell that points to notes, with the figure that its notes must be about."""
    head = read.tables[0]
    for column, cell in zip(head.columns, head.rows[0], strict=True):
        if column.startswith("Price"):
            yield cell, a.header.price
        elif column == "Market cap":
            yield cell, a.header.market_cap
    for columns, rules in (("the thesis needs", a.conditions), ("risk, worst first", a.risks)):
        named = {front.name(found): found for found in rules}
        tables = read.table(columns, "latest")
        yield from _by_name(tables, "latest", {each: f.headline for each, f in named.items()})
        yield from _by_name(
            tables, "last quarter", {each: front.prior(pack, a, f) for each, f in named.items()}
        )
    standing = {f.rule.name: f.headline for f in a.findings}
    yield from _by_name(read.table("condition", "now"), "now", standing)
    yield from _by_name(read.table("risk", "now"), "now", standing)
    leaves = {leaf.name: leaf for f in a.findings for leaf in f.leaves()}
    yield from _by_name(read.table("measure", "edges"), "now", leaves)
    for table in read.table("kill criterion"):
        lines = [each for k in a.kill for each in (k.distances or (k,))]
        for row, line in zip(table.rows, lines, strict=True):
            yield row[table.columns.index("now")], line
    tested = {each.statement.id: each.found for each in tested_statements(pack, a)}
    for table in read.table("no.", "statement", "answer"):
        place = table.columns.index("no.")
        for row in table.rows:
            found = tested[row[place].text]
            about = found.headline if isinstance(found, RuleResult) else found
            yield row[table.columns.index("answer")], about
    if a.appraisal is not None:
        start = a.appraisal.start
        bridge: dict[str, Any] = {"Market value": start.market_cap, "Share price": start.price}
        bridge |= {"Operating income, four quarters": start.ebit}
        claims = {each.claim.name: each for each in start.claims}
        bridge |= {
            row.label: row.evidence
            for row in bridge_rows(a.appraisal)
            for name, each in claims.items()
            if row.evidence and name in row.label and row.evidence.value == each.after_tax
        }
        yield from _by_name(read.table("at the target"), "today", bridge)


def _by_name(tables: Iterable[Table], column: str, sources: Mapping[str, Any]) -> Iterator[tuple[Cell, Any]]:
    for table in tables:
        for row in table.rows:
            if row[0].text in sources:
                yield row[table.columns.index(column)], sources[row[0].text]


def _note(
    name: str,
    note: Note,
    source: Any,
    documents: Mapping[str, tuple[str, str]],
    rows: Mapping[tuple[str, str, str, str], list[str]],
    a: Assessment,
) -> Iterator[str]:
    for g in dv.grades_of(source):
        if f"{g.rubric} level {g.level}, {g.by}, {g.graded}" not in note.text:
            yield f"{name}: {g.by}'s level {g.level} of {g.graded} is not in `{note.text}`"
    window = dv.evidence_of(source)
    if not window:
        return
    newest, left = window[0], note.text
    if newest.status != "assumed" and newest.formula:
        if newest.formula not in left:
            yield f"{name}: the formula {newest.formula} is missing"
        yield from (
            f"{name}: {e.name} {e.period} does not follow"
            for w in window
            for e in w.walk()
            if not _follows(e)
        )
    leaves = {
        (e.name, e.period): e for w in window for e in w.walk() if not e.formula or e.status == "assumed"
    }
    for leaf in leaves.values():
        yield from _leaf(name, note, leaf, documents, rows, a)
    allowed = _allowed(window, leaves.values(), documents)
    for words in sorted(
        (*_said(window, leaves.values()), *(n for n, _ in documents.values())), key=len, reverse=True
    ):
        left = left.replace(words, " ")
    yield from (f"{name}: `{token}` comes from nowhere" for token in sp.tokens(left) if token not in allowed)


def _leaf(
    name: str,
    note: Note,
    leaf: EvidenceItem,
    documents: Mapping[str, tuple[str, str]],
    rows: Mapping[tuple[str, str, str, str], list[str]],
    a: Assessment,
) -> Iterator[str]:
    """A reported figure: printed in its period with its documents, and the row of facts says the same."""
    told = sp.spelt(leaf.value, leaf.show, leaf.unit)
    sources = {(fact.source.removesuffix(" (secondary)"), str(fact.filed)) for fact in leaf.facts}
    if leaf.value.is_anything:
        sources = set()
    marks = {mark for mark, named in documents.items() if named in sources}
    if len(marks) != len(sources):
        yield f"{name}: a document of {leaf.name} {leaf.period} is not listed"
    printed = _printed(note, leaf)
    if printed is None or told not in printed or not marks <= set(re.findall(r"\bd\d+\b", printed)):
        yield f"{name}: {leaf.name} {leaf.period} is {told} in {sorted(marks)}, printed `{printed}`"
    for fact in leaf.facts if not leaf.value.is_anything else ():
        row = rows.get((fact.concept, str(fact.period), fact.source, str(fact.filed)))
        if not row or fact.filed > a.as_of:
            yield f"{name}: no row of facts for {fact.concept} {fact.period} filed {fact.filed}"
        elif len(leaf.facts) == 1 and not fact.item and not leaf.reason:
            low, _, high = row[0].lstrip("<>").partition("..")
            ends = [sp.spelt(float(end), leaf.show, leaf.unit) for end in (low, high or low)]
            if not _within(ends, told):
                yield f"{name}: the row of {fact.concept} {fact.period} says {row[0]}, printed {told}"


def _within(ends: list[str], told: str) -> bool:
    """Whether a printed figure has the digits of a row's ends; the unit may stand once for both."""
    return all(re.sub(r"[^\d.,]", "", end) in told for end in ends)


def _printed(note: Note, leaf: EvidenceItem) -> str | None:
    """What a note prints for a concept in a period: in its table, or behind the concept's label."""
    period = "any quarter" if leaf.status == "assumed" else leaf.period
    for table in note.tables:
        for row in table.rows:
            for i, column in enumerate(table.columns):
                if i and {column, row[0].text} == {leaf.label, period}:
                    return f"{row[i].text} {row[i + 1].text}"
    if note.tables:
        return None
    series = note.text.partition(f"{leaf.label}: ")[2]
    found = re.search(
        rf"(?:^|, ){re.escape(leaf.period)} (.*?)(?=, \d{{4}}(?:Q\d|-\d\d-\d\d) |; [A-Z]|\.$|\. |$)", series
    )
    return series if leaf.status == "assumed" else found[1] if found else None


def _follows(e: EvidenceItem) -> bool:
    """Whether a worked-out value is what its formula makes of the values listed below it."""
    if not e.formula or e.status == "assumed" or e.name.startswith("value."):  # tied in tests/pricing
        return True
    below: dict[tuple[str, str], Any] = {}
    for each in e.inputs:
        below[each.name, each.period] = below[each.name, ""] = each.value

    def look(name: str, quarter: Quarter) -> Any:
        return below[name, str(quarter)] if (name, str(quarter)) in below else below[name, ""]

    again = Evaluator(look, {}).ask(parse(e.formula), Quarter.parse(e.period))
    return bool(again == e.value)


def _said(window: Iterable[EvidenceItem], leaves: Iterable[EvidenceItem]) -> Iterator[str]:
    """Words of a note that are names, formulas and reasons."""
    for e in (*window, *leaves):
        yield e.label
        if e.formula:
            yield e.formula
        if e.reason:
            yield " ".join(e.reason.rstrip(".").replace("`", "").split())
        for fact in e.facts:
            detail = fact.how.partition(":")[2].strip()
            if detail:
                yield detail


def _allowed(
    window: Iterable[EvidenceItem], leaves: Iterable[EvidenceItem], documents: Mapping[str, tuple[str, str]]
) -> set[str]:
    """Figures, periods and days that may stand in a note."""
    told = [f"{e.period} {sp.spelt(e.value, e.show, e.unit)}" for e in (*window, *leaves)]
    return {
        token for text in (*told, *(filed for _, filed in documents.values())) for token in sp.tokens(text)
    }


@cache
def facts(folder: Path) -> dict[tuple[str, str, str, str], list[str]]:
    """The values in the files of facts, by concept, period, source and day."""
    found: dict[tuple[str, str, str, str], list[str]] = {}
    for file in sorted((folder / "facts").glob("*.csv")):
        with file.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                key = row["concept"].partition("/")[0], row["period"], row["source"], row["filed"]
                found.setdefault(key, []).append(row["value"])
    return found
