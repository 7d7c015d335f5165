"""The blocks of which an appraisal's sections are made, for a terminal of a hundred columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from thesis.document.blocks import (
    Block,
    Column,
    LabelledTexts,
    Paragraph,
    Row,
    Section,
    Table,
    TextParts,
    TextWithEnd,
)
from thesis.document.plain_text import cut

WIDTH = 98
INDENT = "  "
LABEL = 50  # characters of a label that has a text beside it

Blocks = list[Block]


def sheet_table(head: Sequence[str], rows: Sequence[Row], align: str) -> Blocks:
    """Aligned columns, ``l`` or ``r`` for each; ``head`` may be empty.

    Where it is too wide the names in the first column are cut, then the words in the last.
    """
    if not head and not rows:
        return []
    columns: tuple[Column[Any], ...] = tuple(
        Column(name, align=side) for name, side in zip(head or [""] * len(align), align, strict=True)
    )
    return [Table(columns, tuple(rows), INDENT, is_cut=True)]


def labelled_pairs(rows: Sequence[tuple[str, str]]) -> Blocks:
    """Labels, those cut that would leave too little room, and what is to be said of each beside it."""
    told = tuple((cut(label, LABEL), text) for label, text in rows)
    return [LabelledTexts(told, max(len(label) for label, _ in told) + 3, INDENT)] if told else []


def paragraph_block(text: str, indent: str = INDENT) -> Blocks:
    """A text in lines; nothing for no text."""
    return [Paragraph(text, indent)] if text.strip() else []


def sheet_section(name: str, about: str, *groups: Sequence[Block]) -> Blocks:
    """A heading and what stands under it, a blank line between groups; groups of nothing are left out."""
    return [Section(name, about, tuple(map(tuple, groups)))]


def side_by_side(parts: Sequence[str]) -> Blocks:
    """Parts beside each other, three spaces between them, in as many lines as they take."""
    return [TextParts(tuple(parts), INDENT)]


def left_and_right(left: str, right: str) -> Blocks:
    """Left and right on one line."""
    return [TextWithEnd(left, right)]
