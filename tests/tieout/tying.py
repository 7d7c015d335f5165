"""Tying: every figure of a memo held against what it must be, down to the rows of facts it rests on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tests.tieout import deriving as dv
from tests.tieout import front as dv_front
from tests.tieout import journaling as jn
from tests.tieout import noting
from tests.tieout import spelling as sp
from tests.tieout import worth as wt
from tests.tieout.reading import Cell, Read, Table
from thesis.document import blocks
from thesis.document.inline import SAME, plain
from thesis.journal.signed_record import signed_record
from thesis.memo.memo_section import MemoSubject
from thesis.memo.statement_section import section_titles
from thesis.pack.load import Pack
from thesis.reports.page_one import RECORD_QUARTERS
from thesis.reports.review_text import ReviewContext
from thesis.reports.statement_report import statement_blocks, tested_statements
from thesis.reports.track_record_report import record_blocks
from thesis.scoring.assessment import Assessment

SOURCED = frozenset(
    ["Market cap", "latest", "last quarter", "now", "today"]
)  # columns of which every figure has a note
ELSEWHERE = frozenset(
    ["flips", "paths", "scenarios", "changed"]
)  # tables whose figures have theirs somewhere else

JOURNAL = ("overrides", "causes", "changed", "edited", "settled", "open")


def untied(read: Read, a: Assessment, pack: Pack, folder: Path, r: ReviewContext | None = None) -> list[str]:
    """Every figure that does not match, or that has no source, in words; nothing, if all do.

    ``r``: what the folder's journal says.
    """
    found = [*_tables(read, a, pack, folder, r), *_sentences(read, a, pack, folder, r)]
    return [*found, *noting.untied(read, a, pack, folder), *_beside(read, a, r)]


def _beside(read: Read, a: Assessment, r: ReviewContext | None) -> Iterator[str]:
    """What only a page has: the line that stays in sight, the quarters behind lines of blocks, the foot."""
    if not read.glance:
        return
    glance = dv.glance(a, r.standing.last.state.level if r and r.standing.last else "")
    if " ".join(read.glance.split()) != glance:
        yield f"at a glance: printed `{read.glance}`, derived `{glance}`"
    on_page_one = [*dv_front.worst(a.conditions, is_good=True), *dv_front.worst(a.risks, is_good=False)]
    sparks = [*dv.sparks(on_page_one), *dv.sparks(a.findings)]
    if read.sparks != sparks:
        yield f"blocks: printed {read.sparks}, derived {sparks}"
    foot = f"{a.pack} {a.digest[:8]}, seen from {sp.day(a.as_of)}; made by thesis {a.version} from"
    if not read.footer.startswith(foot):
        yield f"foot: printed `{read.footer}`"


# the tables -------------------------------------------------------------------------------------------


def _tables(read: Read, a: Assessment, pack: Pack, folder: Path, r: ReviewContext | None) -> Iterator[str]:
    known: list[Table] = []

    def ours(*columns: str) -> list[Table]:
        found = [table for table in read.table(*columns) if table not in known]
        known.extend(found)
        return found

    is_told = any(x.to and x.part for x in a.flips)  # an idle table is left out
    head = read.tables[0]
    known.append(head)
    if list(dv_front.head(a)) != head.columns:
        yield f"header: printed {head.columns}, derived {list(dv_front.head(a))}"
    yield from _row("header", head.columns, head.rows[0], dv_front.head(a))
    pages: list[tuple[str, list[Table], Mapping[str, Any]]] = [
        ("needs", ours("the thesis needs", "latest"), dv_front.lines(pack, a, a.conditions)),
        ("weights", ours("risk, worst first", "latest"), dv_front.lines(pack, a, a.risks)),
        ("conditions", ours("condition", "now"), {f.rule.name: [dv.standing(f)] for f in a.conditions}),
        ("risks", ours("risk", "now"), {f.rule.name: [dv.standing(f)] for f in a.risks}),
        ("kill", ours("kill criterion"), dv.kills(a)),
        ("flips", ours("better at"), _single(dv.flips(a)) if is_told else {}),
        ("judgements", ours("question", "given"), dv.judgements(a)),
        ("gaps", ours("score somewhere in"), _single(dv.gaps(a))),
    ]
    v = a.appraisal
    if v is not None and not v.reason:
        pages += [
            ("bridge", ours("at the target"), _single(wt.bridged(v))),
            ("paths", ours("shares", "path"), _single(wt.parted(v))),
            ("scenarios", ours("sales a year"), _single(wt.scenarios(v))),
            ("levers", ours("low", "middle", "high"), _single(wt.levers(v))),
        ]
    pages += [("overrides", ours("rule", "given"), _single(jn.overrides(a)))]
    if r is not None:
        pages += [
            ("causes", ours("cause", "verdict after it"), _single(jn.causes(r, a, folder))),
            ("changed", ours("rule", "before", "after"), _single(jn.changed(r, a, folder))),
            ("edited", ours("edited rule"), _single(jn.edited(r))),
            ("settled", ours("turned out"), _single(jn.settled(r, a))),
            ("open", ours("still open"), _single(jn.still_open(r))),
        ]
    for name, tables, expected in pages:
        if len(tables) != bool(expected):
            yield f"{name}: {len(tables)} tables"
        for table in tables:
            yield from _listed(name, table, expected, folder)
    for found, table in zip(a.findings, ours("measure", "edges"), strict=True):
        rows = list(dv.measures(found.parts))
        yield from _listed(found.id, table, {name: [row] for name, row, _ in rows}, folder)
        if len(table.rows) != len(rows):
            yield f"{found.id}: {len(table.rows)} measures instead of {len(rows)}"
    yield from _as_built(read, known, _built(a, pack, r))
    (documents,) = ours("document", "filed") or [Table([], [])]
    yield from _documents(documents, a, pack)
    yield from (f"nobody knows the table {table.columns}" for table in read.tables if table not in known)


def _single(rows: Mapping[str, dv.Row]) -> dict[str, list[dv.Row]]:
    """Rows of which each name has one."""
    return {name: [row] for name, row in rows.items()}


def _listed(name: str, table: Table, expected: Mapping[str, list[dv.Row]], folder: Path) -> Iterator[str]:
    """A table whose rows are named: each row that is printed, and that page one lacks none."""
    counts: dict[str, int] = {}
    key = ""
    for cells in table.rows:
        key = cells[0].text or key
        wanted = next((rows for title, rows in expected.items() if title.lower() == key.lower()), None)
        if wanted is None:
            yield f"{name}: nobody knows the row `{key}`"
            continue
        at = counts[key] = counts.get(key, -1) + 1
        row = wanted[at] if at < len(wanted) else {}
        yield from _row(f"{name}, {key}", table.columns[1:], cells[1:], row, folder)
    if name in ("needs", "weights", "conditions", "risks", "kill", *JOURNAL):
        yield from (f"{name}: `{title}` is missing" for title in expected if title not in counts)


def _row(
    name: str, columns: Iterable[str], cells: Iterable[Cell], wanted: dv.Row, folder: Path | None = None
) -> Iterator[str]:
    """Each cell with a figure is exactly what it should be; where a source is due, there is a note."""
    for column, cell in zip(columns, cells, strict=True):
        if column in wanted and cell.text.lower() != wanted[column].lower():
            blank = not cell.text and name.startswith("kill")  # said once for all lines of a criterion
            if not blank:
                yield f"{name}, {column}: printed `{cell.text}`, derived `{wanted[column]}`"
        elif column not in wanted and folder and sp.tokens(_without_prose(cell.text, folder)):
            yield f"{name}, {column}: `{cell.text}` has no source"
        is_due = column in SOURCED and name.partition(",")[0] not in ELSEWHERE and "operating EV" not in name
        if is_due and sp.tokens(cell.text) and not cell.notes:
            yield f"{name}, {column}: `{cell.text}` has no note"


def _documents(table: Table, a: Assessment, pack: Pack) -> Iterator[str]:
    cited = {
        (fact.source.removesuffix(" (secondary)"), str(fact.filed))
        for e in noting.all_evidence(a, pack)
        for leaf in e.walk()
        for fact in leaf.facts
    }
    for cells in table.rows:
        if (cells[1].text, cells[2].text) not in cited:
            yield f"documents: {cells[1].text}, filed {cells[2].text}, stands behind nothing"


def _as_built(read: Read, known: list[Table], told: list[blocks.Block]) -> Iterator[str]:
    """Each table of some blocks as it stands in them.

    A page has columns in another order, and its cells that span several rows are read in each of them.
    """
    for block in told:
        if isinstance(block, blocks.Table):
            heads = sorted(column.heading for column in block.columns)
            tables = [table for table in read.tables if sorted(table.columns) == heads]
            known += tables
            wanted = [_worded(block.rows), _worded(_spanned(block.rows))]
            printed = [[sorted(cell.text for cell in row) for row in table.rows] for table in tables]
            if printed not in ([rows] for rows in wanted):
                yield f"{block.caption}: printed otherwise"


def _worded(rows: Iterable[Iterable[Any]]) -> list[list[str]]:
    return [sorted(" ".join(plain(cell).split()) for cell in row) for row in rows]


def _spanned(rows: Iterable[Iterable[Any]]) -> Iterator[list[Any]]:
    """The rows with what stands above in each cell that is the same."""
    above: list[Any] = []
    for row in rows:
        above = [above[i] if cell is SAME else cell for i, cell in enumerate(row)]
        yield above


_BUILT: dict[tuple[int, int], tuple[Assessment, ReviewContext | None, list[blocks.Block]]] = {}


def _built(a: Assessment, pack: Pack, r: ReviewContext | None) -> list[blocks.Block]:
    """The blocks of the track record and of the statements, made once for an assessment."""
    key = id(a), id(r)
    if key not in _BUILT:
        _BUILT[key] = (
            a,
            r,
            [*_record(a, pack, r), *_statements(a, pack)],
        )  # both are kept, so no id comes twice
    return _BUILT[key][2]


def _record(a: Assessment, pack: Pack, r: ReviewContext | None) -> list[blocks.Block]:
    """The track record, whose figures tests/scoring/test_track_record.py holds to the assessments."""
    if a.given:
        return []
    return record_blocks(signed_record(pack, a.as_of, RECORD_QUARTERS, r.standing.chain if r else ()))


def _statements(a: Assessment, pack: Pack) -> list[blocks.Block]:
    """The statements of the source; tests/reports/test_statement_report.py holds each answer to its test."""
    return statement_blocks(tested_statements(pack, a), section_titles(MemoSubject(a)))


# the sentences ----------------------------------------------------------------------------------------


def _sentences(read: Read, a: Assessment, pack: Pack, folder: Path, r: ReviewContext | None) -> Iterator[str]:
    """All that is printed outside tables and notes, without its author's words: the figures in order."""
    v = a.appraisal
    parts = [dv_front.sentences(pack, a, r, folder), *(dv.finding(f) for f in a.findings)]
    if v is not None:
        parts.append(wt.sentences(v))
        if not v.reason:
            expected = sp.spelt(v.expected, "billions", "USD") if v.expected else ""
            parts += [wt.implied(v), expected, wt.outside(v), wt.chance(v)]
    parts += [jn.sections(r, a)] if r is not None else []
    for block in _built(a, pack, r):
        if isinstance(block, (blocks.Paragraph, blocks.Bullets)):
            parts += map(plain, block.items if isinstance(block, blocks.Bullets) else [block.text])
    wanted = sp.tokens(_without_prose(" ".join(parts), folder))
    by = str(v.by) if v is not None else ""
    for caption in read.captions:
        if not set(sp.tokens(caption)) <= {by}:
            yield f"caption: `{caption}`"
    texts = (_without_prose(cell.text, folder).replace(a.pack, " ") for cell in read.told)
    printed = [token for text in texts for token in sp.tokens(text)]
    if printed != wanted:
        at = next((i for i, (x, y) in enumerate(zip(printed, wanted, strict=False)) if x != y), len(wanted))
        near = slice(max(0, at - 3), at + 3)
        yield f"sentences: printed ...{printed[near]}, derived ...{wanted[near]}"


@cache
def prose(folder: Path) -> tuple[str, ...]:
    """Whatever the pack's author wrote in words, longest first."""
    found: set[str] = set()

    def gather(value: Any) -> None:
        if isinstance(value, dict):
            for each in value.values():
                gather(each)
        elif isinstance(value, list):
            for each in value:
                gather(each)
        elif len(value) >= 12 and " " in value.strip() and re.search(r"[a-z]{2}|\d{10}-", value):
            for paragraph in value.split("\n\n"):
                text = " ".join(paragraph.replace("`", "").split())
                found.update(each for t in (text, text.rstrip(".")) for each in (t, t[0].upper() + t[1:]))

    for file in (*folder.glob("*.yaml"), *folder.glob("reviews/*.yaml")):
        if file.name != "trials.yaml":
            gather(yaml.load(file.read_text("utf-8"), yaml.BaseLoader))
    return tuple(sorted(found, key=len, reverse=True))


def _without_prose(text: str, folder: Path) -> str:
    for words in prose(folder):
        if words in text:
            text = text.replace(words, " ")
    return re.sub(r"thesis \d+\.\d+\.\d+", " ", text)
