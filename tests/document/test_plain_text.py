"""Tables in plain text: columns never touch, and stand below one another."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.tiers import examples
from thesis.document.blocks import Column, Document, Table
from thesis.document.plain_text import document_text

cells = st.text("ab.-0%", min_size=1, max_size=30)


@given(st.lists(st.integers(1, 20), min_size=1, max_size=5), st.data())
def test_columns_of_a_fixed_width_never_touch(widths: list[int], data: st.DataObject) -> None:
    """However long a figure is, there is a blank between it and the next column."""
    columns: tuple[Column[Any], ...] = (
        *(Column("head", width=width) for width in widths),
        Column("last", width=0),
    )
    rows = data.draw(st.lists(st.tuples(*(cells for _ in columns)), max_size=4))
    _, *printed = document_text(Document(80, (Table(columns, tuple(rows)),))).splitlines()
    assert [line.split() for line in printed] == [list(row) for row in rows]


@examples(100)
@given(rows=st.lists(st.lists(cells, min_size=1, max_size=4), min_size=1, max_size=6))
def test_columns_stand_below_one_another_also_where_a_row_ends_early(rows: list[list[str]]) -> None:
    """The last cell of a short row goes on beyond its column; each before it stands in its own."""
    columns: tuple[Column[Any], ...] = tuple(Column(name) for name in "pqrs")
    head, *lines = document_text(Document(80, (Table(columns, tuple(map(tuple, rows))),))).splitlines()
    starts = [head.index(name) for name in "pqrs"]
    for row, line in zip(rows, lines, strict=True):
        for cell, start in zip(row, starts, strict=False):
            assert line[start:].startswith(cell)
            assert not start or line[start - 2 : start] == "  "
