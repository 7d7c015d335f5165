"""A board as a JSON answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from thesis.board.attention_groups import attention_reasons
from thesis.board.board_row import BoardRow
from thesis.core.record import replace_fields


class Board(NamedTuple):
    """Many theses on a day, the most urgent first; ``is_cut``: there are more packs than are told of."""

    as_of: date
    counts: Mapping[str, int]
    is_cut: bool
    packs: Sequence[BoardRow]


def board_answer(groups: Mapping[str, Sequence[BoardRow]], day: date, *, is_cut: bool = False) -> Board:
    """The theses in the order of the board, each with its group and why it is there."""
    return Board(
        day,
        {name: len(rows) for name, rows in groups.items()},
        is_cut,
        tuple(
            replace_fields(row, group=name, reasons=tuple(reason.text for reason in attention_reasons(row)))
            for name, rows in groups.items()
            for row in rows
        ),
    )
