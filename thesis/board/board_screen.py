"""A board for the terminal: a line for each thesis, with its details below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from thesis.board.attention_groups import ATTENTION, group_counts
from thesis.board.attention_groups import HEADINGS as NAMES
from thesis.board.board_columns import HEADINGS, LEGEND, board_cells, notes
from thesis.board.board_row import BoardRow
from thesis.board.pack_selection import MORE
from thesis.document.blocks import Block, Column, Document, Line, Paragraph, Table, TextWithEnd, spaced_groups
from thesis.document.inline import BAD, STRONG, TonedText, one_line_text

WIDTH = 98


def board_document(groups: Mapping[str, Sequence[BoardRow]], day: date, *, is_cut: bool = False) -> Document:
    """The groups from the most urgent to the last, those without a thesis left out.

    ``is_cut``: there are more packs.
    """
    told: list[list[Block]] = [[TextWithEnd(group_counts(groups), f"as of {day}")]]
    for name, rows in groups.items():
        if rows:
            heading = f"{NAMES[name].upper()} ({len(rows)})"
            told.append([Line(TonedText(heading, BAD if name == ATTENTION else STRONG)), _table(rows)])
    told.append([Paragraph(LEGEND)])
    told.append([Line(MORE)] if is_cut else [])
    return Document(WIDTH, spaced_groups(told))


def _table(rows: Sequence[BoardRow]) -> Table:
    verdict = HEADINGS.published if any(row.published for row in rows) else HEADINGS.today
    columns: tuple[Column[BoardRow], ...] = tuple(
        Column(name, is_head=name in (HEADINGS.pack, verdict)) for name in HEADINGS
    )
    lines: list[Sequence[str]] = []
    for row in rows:
        lines += [
            [*map(one_line_text, board_cells(row))],
            *(["", one_line_text(note)] for note in notes(row)),
        ]
    return Table(columns, tuple(lines), is_wordy=True)
