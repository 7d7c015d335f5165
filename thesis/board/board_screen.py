"""A board for the terminal: a line for each thesis, with its details below."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from thesis.board.attention_groups import ATTENTION, group_counts
from thesis.board.attention_groups import HEADINGS as NAMES
from thesis.board.board_columns import COLUMNS, LEGEND, notes
from thesis.board.board_row import BoardRow
from thesis.board.pack_selection import MORE
from thesis.document.blocks import (
    Block,
    Column,
    Document,
    Line,
    Paragraph,
    Row,
    Table,
    TextWithEnd,
    spaced_groups,
    table_of,
)
from thesis.document.inline import BAD, STRONG, Text, TonedText, one_line_text

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
    """A line for each thesis, and below it each of its notes."""
    verdict = "published" if any(row.published for row in rows) else "today"
    columns = [
        column._replace(is_head=column.is_head or name == verdict, cell=_on_one_line(column))
        for name, column in COLUMNS.items()
    ]
    lines: list[Row] = []
    for row, line in zip(rows, table_of(columns, rows).rows, strict=True):
        lines += [line, *(["", one_line_text(note)] for note in notes(row))]
    return Table(tuple(columns), tuple(lines), is_wordy=True)


def _on_one_line(column: Column[BoardRow]) -> Callable[[BoardRow], Text]:
    def cell(row: BoardRow) -> Text:
        found = column.cell(row)
        return one_line_text(found) if isinstance(found, str) else found

    return cell
