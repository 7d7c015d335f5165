"""Screen: a board for a terminal, a line for each thesis and what is to be said of it below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from thesis.board.cells import HEADINGS, LEGEND, cells, notes
from thesis.board.groups import ATTENTION, counted
from thesis.board.groups import HEADINGS as NAMES
from thesis.board.reach import MORE
from thesis.board.row import Row
from thesis.layout import (
    BAD,
    STRONG,
    Block,
    Column,
    Ends,
    Layout,
    Line,
    Paragraph,
    Table,
    Toned,
    apart,
    one_line,
)

WIDTH = 98


def laid_out(groups: Mapping[str, Sequence[Row]], day: date, *, is_cut: bool = False) -> Layout:
    """The groups from the most urgent to the last, those without a thesis left out.

    ``is_cut``: there are more packs.
    """
    told: list[list[Block]] = [[Ends(counted(groups), f"as of {day}")]]
    for name, rows in groups.items():
        if rows:
            heading = f"{NAMES[name].upper()} ({len(rows)})"
            told.append([Line(Toned(heading, BAD if name == ATTENTION else STRONG)), _table(rows)])
    told.append([Paragraph(LEGEND)])
    told.append([Line(MORE)] if is_cut else [])
    return Layout(WIDTH, apart(told))


def _table(rows: Sequence[Row]) -> Table:
    verdict = HEADINGS.published if any(row.published for row in rows) else HEADINGS.today
    columns = tuple(Column(name, is_head=name in (HEADINGS.pack, verdict)) for name in HEADINGS)
    lines: list[Sequence[str]] = []
    for row in rows:
        lines += [[*map(one_line, cells(row))], *(["", one_line(note)] for note in notes(row))]
    return Table(columns, tuple(lines), is_wordy=True)
