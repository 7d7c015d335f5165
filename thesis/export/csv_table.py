"""Writes a table as CSV; an unknown value is an empty cell.

Lines end with a line feed, as those of the facts do. A cell with several texts has them with `` | ``
between. A text that a spreadsheet would take for a formula stands behind an apostrophe; numbers never do.
"""

from __future__ import annotations

import csv
import io

from thesis.export.data_table import Cell, DataTable
from thesis.files.csv import marked_text

BETWEEN = " | "


def to_csv(table: DataTable) -> str:
    """The table with its columns' names in the first line."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([column.name for column in table.columns])
    writer.writerows([_written(cell) for cell in row] for row in table.rows)
    return out.getvalue()


def _written(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, tuple):
        return marked_text(BETWEEN.join(cell))
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, str):
        return marked_text(cell)
    return repr(cell) if isinstance(cell, float) else str(cell)
