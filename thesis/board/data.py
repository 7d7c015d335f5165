"""Data: a board as an answer for programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from thesis.board.groups import reasons
from thesis.board.row import Row
from thesis.records import replaced


class Board(NamedTuple):
    """Many theses on a day, the most urgent first; ``is_cut``: there are more packs than are told of."""

    as_of: date
    counts: Mapping[str, int]
    is_cut: bool
    packs: Sequence[Row]


def board(groups: Mapping[str, Sequence[Row]], day: date, *, is_cut: bool = False) -> Board:
    """The theses in the order of the board, each with its group and why it is there."""
    return Board(
        day,
        {name: len(rows) for name, rows in groups.items()},
        is_cut,
        tuple(
            replaced(row, group=name, reasons=tuple(reason.text for reason in reasons(row)))
            for name, rows in groups.items()
            for row in rows
        ),
    )
