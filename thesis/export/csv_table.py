"""Writes a table as CSV; an unknown value is an empty cell.

Lines end with a line feed, as those of the facts do. A cell with several texts has them with `` | ``
between. Texts stand as they are: a spreadsheet that is to be opened by hand is the workbook's business.
"""

from __future__ import annotations

import csv
import io

from thesis.export.data_table import Cell, DataTable

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
        return BETWEEN.join(cell)
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return repr(cell) if isinstance(cell, float) else str(cell)
