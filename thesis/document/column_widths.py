"""How wide the columns of a table are in a terminal, and which fit side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.cells import cell_len

from thesis.core.controls import show_controls
from thesis.document.blocks import Column
from thesis.document.inline import Text, plain

WORDS = 16  # columns that a column of words needs at least
GAP = 2


def column_needs(column: Column[Any], cells: Sequence[Text]) -> tuple[int, int]:
    """The least and the most columns that a column takes: figures are not broken, words may be."""
    texts = [show_controls(plain(cell)).expandtabs(1) for cell in cells]
    most = max(map(cell_len, texts), default=0)
    heading = max(map(cell_len, column.heading.split()), default=0)
    least = most
    if column.align == "l":
        words = max((cell_len(word) for text in texts for word in text.split()), default=0)
        least = min(most, max(words, WORDS))
    return max(least, heading), max(most, cell_len(column.heading))


def column_strips(needs: Sequence[tuple[int, int]], room: int) -> list[list[int]]:
    """Columns in strips that fit below one another, each with the first column; none where one does not."""
    strips = [[0]]
    for i in range(1, len(needs)):
        if not squeeze_columns([needs[k] for k in (*strips[-1], i)], room):
            strips.append([0])
        strips[-1].append(i)
    return strips if all(squeeze_columns([needs[k] for k in strip], room) for strip in strips) else []


def squeeze_columns(needs: Sequence[tuple[int, int]], room: int) -> list[int]:
    """The widths of columns in so much room: the widest give way first. Nothing where there is too little."""
    widths = [most for _, most in needs]
    while sum(widths) + GAP * (len(widths) - 1) > room:
        able = [i for i, (least, _) in enumerate(needs) if widths[i] > least]
        if not able:
            return []
        widths[max(able, key=widths.__getitem__)] -= 1
    return widths
