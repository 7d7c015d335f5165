"""Data: a board as JSON can hold it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from thesis.board.groups import reasons
from thesis.board.row import Row, as_data


def as_json(groups: Mapping[str, Sequence[Row]], day: date, *, is_cut: bool = False) -> dict[str, Any]:
    """The theses in the order of the board, each with its group and why it is there.

    ``is_cut``: there are more packs.
    """
    return {
        "as_of": str(day),
        "counts": {name: len(rows) for name, rows in groups.items()},
        "is_cut": is_cut,
        "packs": [
            {"group": name, "reasons": [reason.text for reason in reasons(row)], **as_data(row)}
            for name, rows in groups.items()
            for row in rows
        ],
    }
