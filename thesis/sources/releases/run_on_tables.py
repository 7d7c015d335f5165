"""A table that a copy has run together into one line, ``Q1 2025Q2 2025Net sales$1,204$1,310``.

Only what can be cut in one way is read: a figure must show where it ends, by its comma groups, its cents,
a percent sign, a bracket, or by what is no digit after it. A line of figures that could be cut in two ways
becomes part of the label after it, and so matches nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from thesis.core.problem import SourceSpan
from thesis.sources.file_problems import FileProblems
from thesis.sources.releases.column_periods import MOST_HEADS
from thesis.sources.releases.tables import SourceTable, TableCell, TableRow

LONGEST = 100_000  # characters of such a line

_HEAD = r"Q[1-4] 20[0-9]{2}"
_HEADS = re.compile(rf"(?:{_HEAD}){{2,12}}(?!FY)")  # years beside quarters would be columns of their own
_CHANGE = re.compile(r"(?:Y/Y ?)?%? ?Change")
_NUMBER = r"[0-9]{1,3}(?:(?:,[0-9]{3})+|\.[0-9]{2}(?!%)|(?![0-9.,%]))"
_VALUE = (
    r"(?:N/A|[—–](?: ?%)?"  # noqa: RUF001 - a dash for nothing
    r"|\([0-9]{1,4}(?:\.[0-9])?\) ?%|[0-9]{1,4}(?:\.[0-9])? ?%"
    rf"|\$?\({_NUMBER}\)(?! ?%)|\$?{_NUMBER})"
)
_SEAM = re.compile(r"(?<=[a-z:)])(?=[A-Z])")  # where a heading ends and a label begins
_CUT_SHORT = tuple("0123456789$(,.%")  # a label that ends so has taken a part of a figure
_CAPTION_LINES = 6


def split_run_on_table(text: str, flaws: FileProblems) -> Iterator[SourceTable]:
    """The tables in lines that begin with quarters run together.

    Errors: ``InvalidInput`` for one without end.
    """
    above: list[str] = []
    for number, line in enumerate(text.split("\n"), 1):
        heads = _HEADS.match(line)
        if heads is None:
            above = [*above, line.strip()[:200]][-_CAPTION_LINES:]
            continue
        if len(line) > LONGEST:
            told = f"a table in one line of more than {LONGEST:,} characters"
            raise flaws.refuse_with("too-large", told, SourceSpan(flaws.shown, number, 1))
        yield SourceTable(" ".join(above), list(_rows(line, heads.group(), number)), has_spans=True)
        above = []


def _rows(line: str, heads: str, number: int) -> Iterator[TableRow]:
    quarters = re.findall(_HEAD, heads)
    yield TableRow(number, tuple(TableCell(quarter, i, i + 1) for i, quarter in enumerate(quarters, 1)))
    body = line[len(heads) :]
    change = _CHANGE.match(body)
    body = body[change.end() :] if change else body
    wanted = len(quarters) + bool(change)
    values = re.compile(rf"(?:{_VALUE}){{{wanted}}}(?!N/A)(?=[A-Z]|$)")
    start = 0
    for found in values.finditer(body):
        *headings, label = _SEAM.split(body[start : found.start()])
        start = found.end()
        for heading in headings[-MOST_HEADS:]:
            yield TableRow(number, (TableCell(heading, 0, 1),))
        if label.endswith(_CUT_SHORT):
            continue
        cells = re.findall(_VALUE, found.group())[: len(quarters)]
        yield TableRow(
            number, (TableCell(label, 0, 1), *(TableCell(cell, i, i + 1) for i, cell in enumerate(cells, 1)))
        )
