"""Writes a table as JSON Lines: an object for each row, in the order of the table.

Every object has every column. What is not known, or not there, is ``null``; days are texts such as
``"2026-07-31"``; numbers have the digits that give them back exactly.
"""

from __future__ import annotations

import json
from datetime import date

from thesis.core.controls import json_escaped
from thesis.export.data_table import Cell, DataTable


def to_json_lines(table: DataTable) -> str:
    """The table as text, each line ended by a line feed."""
    names = [column.name for column in table.columns]
    lines = (
        json.dumps(dict(zip(names, map(_held, row), strict=True)), ensure_ascii=False, allow_nan=False)
        for row in table.rows
    )
    return "".join(f"{json_escaped(line)}\n" for line in lines)


def _held(cell: Cell) -> object:
    return str(cell) if isinstance(cell, date) else cell
