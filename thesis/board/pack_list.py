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
from thesis.document.blocks import Column, Document, Line, table_of
from thesis.document.inline import BAD, TonedText, one_line_text

WIDTH = 80  # of nothing: a line is as long as it has to be
TITLE = 50  # characters of a title in the table
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
    """The same as ``pack_list_document``, as plain text."""
    return plain_text.document_text(pack_list_document(rows, is_cut=is_cut))


def pack_list_document(rows: Sequence[BoardRow], *, is_cut: bool = False) -> Document:
    """A line a pack, under headings; what cannot be told of one stands in place of its verdict.

    ``is_cut``: there are more packs. The published verdict has a column where one was published, the next
    review where a pack of one's own is listed.
    """
    is_published = any(row.published or row.journal_problems for row in rows)
    columns = (
        Column[BoardRow]("pack", lambda row: one_line_text(row.id), is_head=True),
        Column[BoardRow]("where", lambda row: one_line_text(row.where)),
        Column("verdict", _verdict, is_head=True),
        *([Column("published", _published)] if is_published else []),
        Column[BoardRow]("figures to", lambda row: row.quarter),
        Column[BoardRow]("filed", lambda row: row.filed),
        Column("next figures", _figures),
        *([Column("next review", _review)] if any(map(_review, rows)) else []),
        Column[BoardRow]("title", lambda row: one_line_text(shorten(row.title, TITLE, placeholder=" ..."))),
    )
    blocks = (table_of(columns, rows, _without_verdict, is_wordy=True),)
    return Document(WIDTH, (*blocks, Line(MORE)) if is_cut else blocks)


def _without_verdict(row: BoardRow) -> tuple[str, ...] | None:
    """What stands in a line in place of a verdict that there is not."""
    if row.verdict:
        return None
    remedy = f"; {row.remedy}" if row.own_problems else ""
    why = TonedText(f"{row.why}{remedy}", BAD if row.own_problems else "")
    return one_line_text(row.id or row.name), one_line_text(row.where), one_line_text(why)


def _figures(row: BoardRow) -> str:
    return due_by(row.next_quarter, row.fresh_until, is_overdue=row.is_overdue)


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
