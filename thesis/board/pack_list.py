"""The list of packs that the program finds: a line each with the rating and the next due date."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from textwrap import shorten
from typing import Any

from thesis.board.board_columns import due_by
from thesis.board.board_row import BoardRow
from thesis.board.pack_selection import MORE
from thesis.document import plain_text
from thesis.document.blocks import BAD, Layout, TableColumn, TextLine, TextTable, TonedText, one_line_text

WIDTH = 80  # of nothing: a line is as long as it has to be
TITLE = 50  # characters of a title in the table
HEADINGS = (
    "pack",
    "where",
    "verdict",
    "published",
    "figures to",
    "filed",
    "next figures",
    "next review",
    "title",
)
PUBLISHED, REVIEW = HEADINGS.index("published"), HEADINGS.index("next review")
KEYS = ("name", "where", "id", "title", "verdict", "is_rated", "last", "last_on", "quarter", "filed",
        "fresh_until", "next_quarter", "is_overdue")  # fmt: skip


def pack_list_json(row: BoardRow) -> dict[str, Any]:
    """A row as JSON can hold it."""
    return {
        **{name: getattr(row, name) for name in KEYS},
        "next_review": row.next_review,
        "published": row.published.verdict if row.published else "",
        "problems": len(row.problems),
        "why": row.why,
    }


def pack_list_text(rows: Sequence[BoardRow], *, is_cut: bool = False) -> str:
    """The same as ``pack_list_layout``, as plain text."""
    return plain_text.layout_text(pack_list_layout(rows, is_cut=is_cut))


def pack_list_layout(rows: Sequence[BoardRow], *, is_cut: bool = False) -> Layout:
    """A line a pack, under headings; what cannot be told of one stands in place of its verdict.

    ``is_cut``: there are more packs. The published verdict has a column where one was published, the next
    review where a pack of one's own is listed.
    """
    skipped = set() if any(row.published or row.journal_problems for row in rows) else {PUBLISHED}
    skipped |= set() if any(map(_review, rows)) else {REVIEW}
    columns = [
        TableColumn(name, is_head=name in ("pack", "verdict"))
        for i, name in enumerate(HEADINGS)
        if i not in skipped
    ]
    cells = [[one_line_text(cell) for i, cell in enumerate(_cells(row)) if i not in skipped] for row in rows]
    blocks = (TextTable(tuple(columns), tuple(cells), is_wordy=True),)
    return Layout(WIDTH, (*blocks, TextLine(MORE)) if is_cut else blocks)


def _cells(row: BoardRow) -> tuple[str, ...]:
    if not row.verdict:
        remedy = f"; {row.remedy}" if row.own_problems else ""
        return row.id or row.name, row.where, TonedText(f"{row.why}{remedy}", BAD if row.own_problems else "")
    figures = due_by(row.next_quarter, row.fresh_until, is_overdue=row.is_overdue)
    title = shorten(row.title, TITLE, placeholder=" ...")
    shown = (_verdict(row), _published(row), row.quarter, row.filed, figures, _review(row), title)
    return (row.id, row.where, *shown)


def _review(row: BoardRow) -> str:
    """Of a pack of one's own; nothing is signed in a bundled one."""
    due = None if row.is_bundled else row.next_review
    return due_by(due.quarter, due.by, is_overdue=due.is_overdue) if due else ""


def _verdict(row: BoardRow) -> str:
    last = f" (last {row.last}, {row.last_on})" if row.last else ""
    return TonedText(f"{row.verdict}{last}", row.tone)


def _published(row: BoardRow) -> str:
    if row.journal_problems:
        return TonedText(f"touched; thesis review verify {shlex.quote(row.name)}", BAD)
    return row.published.verdict if row.published else "none"
