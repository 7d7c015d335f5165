"""Listing: the packs in reach, a line each: where they stand, and what is due when."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from textwrap import shorten
from typing import Any

from thesis import plaintext
from thesis.board.cells import due_by
from thesis.board.reach import MORE
from thesis.board.row import Row
from thesis.layout import BAD, Column, Layout, Line, Table, Toned, one_line

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


def as_data(row: Row) -> dict[str, Any]:
    """A row as JSON can hold it."""
    return {
        **{name: getattr(row, name) for name in KEYS},
        "next_review": row.next_review,
        "published": row.published.verdict if row.published else "",
        "problems": len(row.problems),
        "why": row.why,
    }


def table(rows: Sequence[Row], *, is_cut: bool = False) -> str:
    """The same as ``laid_out``, as plain text."""
    return plaintext.text(laid_out(rows, is_cut=is_cut))


def laid_out(rows: Sequence[Row], *, is_cut: bool = False) -> Layout:
    """A line a pack, under headings; what cannot be told of one stands in place of its verdict.

    ``is_cut``: there are more packs. The published verdict has a column where one was published, the next
    review where a pack of one's own is listed.
    """
    skipped = set() if any(row.published or row.journal_problems for row in rows) else {PUBLISHED}
    skipped |= set() if any(map(_review, rows)) else {REVIEW}
    columns = [
        Column(name, is_head=name in ("pack", "verdict"))
        for i, name in enumerate(HEADINGS)
        if i not in skipped
    ]
    cells = [[one_line(cell) for i, cell in enumerate(_cells(row)) if i not in skipped] for row in rows]
    blocks = (Table(tuple(columns), tuple(cells), is_wordy=True),)
    return Layout(WIDTH, (*blocks, Line(MORE)) if is_cut else blocks)


def _cells(row: Row) -> tuple[str, ...]:
    if not row.verdict:
        remedy = f"; thesis lint {shlex.quote(row.name)}" if row.own_problems else ""
        return row.id or row.name, row.where, Toned(f"{row.why}{remedy}", BAD if row.own_problems else "")
    figures = due_by(row.next_quarter, row.fresh_until, is_overdue=row.is_overdue)
    title = shorten(row.title, TITLE, placeholder=" ...")
    shown = (_verdict(row), _published(row), row.quarter, row.filed, figures, _review(row), title)
    return (row.id, row.where, *shown)


def _review(row: Row) -> str:
    """Of a pack of one's own; nothing is signed in a bundled one."""
    due = None if row.is_bundled else row.next_review
    return due_by(due.quarter, due.by, is_overdue=due.is_overdue) if due else ""


def _verdict(row: Row) -> str:
    last = f" (last {row.last}, {row.last_on})" if row.last else ""
    return Toned(f"{row.verdict}{last}", row.tone)


def _published(row: Row) -> str:
    if row.journal_problems:
        return Toned(f"touched; thesis review verify {shlex.quote(row.name)}", BAD)
    return row.published.verdict if row.published else "none"
