"""Tables with documented columns, which CSV, JSON and Parquet files are written from.

A value that is a range has its ends in two columns. What is not known has neither, and a status that says
so; an end without a bound is empty as well, with the other one there.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from typing import Literal, NamedTuple

from thesis.core.interval import Interval
from thesis.core.strict_ends import as_stated

Kind = Literal["text", "number", "whole", "day", "truth", "texts"]
Cell = str | float | int | bool | date | tuple[str, ...] | None


class DataColumn(NamedTuple):
    """A column: its name, what it holds, and what that means."""

    name: str
    kind: Kind
    about: str


class DataTable(NamedTuple):
    """Rows of a pack seen from a day, each with a cell for every column."""

    name: str
    pack: str
    digest: str
    as_of: date
    columns: tuple[DataColumn, ...]
    rows: Sequence[tuple[Cell, ...]]


def value_ends(value: Interval | str | None) -> tuple[float | None, float | None]:
    """Both ends of a value, each empty where it has no bound; a word in place of a value has none."""
    if not isinstance(value, Interval):
        return None, None
    stated = as_stated(value)
    lo, hi = float(stated.lo), float(stated.hi)
    return lo if math.isfinite(lo) else None, hi if math.isfinite(hi) else None


def truth_ends(value: Interval) -> tuple[float | None, float | None]:
    """The ends of a score or an answer, empty where it may be anything from 0 to 1."""
    return (None, None) if (value.lo, value.hi) == (0.0, 1.0) else value_ends(value)


def column_notes(columns: Sequence[DataColumn]) -> str:
    """The columns with what they mean, a line each."""
    wide = max(len(column.name) for column in columns)
    return "\n".join(f"{column.name:<{wide}}  {column.kind:<6}  {column.about}" for column in columns)
