"""Tables in plain text: columns of a fixed width never touch."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from thesis.document.blocks import Layout, TableColumn, TextTable
from thesis.document.plain_text import layout_text

cells = st.text("ab.-0%", min_size=1, max_size=30)


@given(st.lists(st.integers(1, 20), min_size=1, max_size=5), st.data())
def test_columns_of_a_fixed_width_never_touch(widths: list[int], data: st.DataObject) -> None:
    """However long a figure is, there is a blank between it and the next column."""
    columns = (*(TableColumn("head", width=width) for width in widths), TableColumn("last", width=0))
    rows = data.draw(st.lists(st.tuples(*(cells for _ in columns)), max_size=4))
    _, *printed = layout_text(Layout(80, (TextTable(columns, tuple(rows)),))).splitlines()
    assert [line.split() for line in printed] == [list(row) for row in rows]
