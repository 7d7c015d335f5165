"""Layout: tables with aligned columns and paragraphs, for a terminal of a hundred columns."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap

WIDTH = 98
INDENT = "  "
NARROWEST = 16  # characters of a column that is cut

Row = Sequence[str]


def table(head: Sequence[Row], rows: Sequence[Row], align: str) -> list[str]:
    """Lines with aligned columns. ``align``: ``l`` or ``r`` for each column; ``head`` may have several rows.

    Where it is too wide the names in the first column are cut, then the words in the last.
    """
    cells = [*head, *rows]
    widths = [max(len(row[i]) for row in cells) for i in range(len(align))]
    gap = "   " if sum(widths) + 3 * len(widths) <= WIDTH else "  "
    for column in (0, -1) if align[-1] == "l" else (0,):
        beyond = len(INDENT) + sum(widths) + len(gap) * (len(widths) - 1) - WIDTH
        widths[column] = max(min(NARROWEST, widths[column]), widths[column] - max(0, beyond))
    lines = [
        gap.join(
            text.rjust(width) if side == "r" else _cut(text, width).ljust(width)
            for text, width, side in zip(row, widths, align, strict=True)
        )
        for row in cells
    ]
    return [f"{INDENT}{line}".rstrip() for line in lines]


def pairs(rows: Sequence[tuple[str, str]]) -> list[str]:
    """Labels and what is to be said of each, wrapped beside its label."""
    wide = max((len(label) for label, _ in rows), default=0) + 3
    lines = []
    for label, text in rows:
        first, *rest = wrap(text, WIDTH - wide - len(INDENT)) or [""]
        lines.append(f"{INDENT}{label:<{wide}}{first}".rstrip())
        lines += [f"{INDENT}{'':<{wide}}{line}" for line in rest]
    return lines


def paragraph(text: str, indent: str = INDENT) -> list[str]:
    """A text in lines; nothing for no text."""
    return wrap(text, WIDTH, initial_indent=indent, subsequent_indent=indent, break_long_words=False)


def section(name: str, about: str, *blocks: Sequence[str]) -> list[str]:
    """A heading and what stands under it, a blank line between blocks; blocks of nothing are left out."""
    lines = wrap(f"{name.upper()}  {about}", WIDTH, subsequent_indent=" " * (len(name) + 2))
    for i, block in enumerate(filter(None, blocks)):
        lines += ["", *block] if i else block
    return lines


def beside(parts: Sequence[str]) -> list[str]:
    """Parts beside each other, three spaces between them, in as many lines as they take."""
    lines: list[str] = []
    for part in parts:
        if lines and len(lines[-1]) + 3 + len(part) <= WIDTH:
            lines[-1] += f"   {part}"
        else:
            lines.append(f"{INDENT}{part}")
    return lines


def between(left: str, right: str) -> str:
    """Left and right on one line."""
    room = WIDTH - len(right) - 2
    return f"{_cut(left, room):<{WIDTH - len(right)}}{right}"


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
