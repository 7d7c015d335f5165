"""Prints a document as plain text, the same bytes everywhere, for pipes, files and logs."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import shorten, wrap
from typing import Any

from thesis.document.blocks import (
    Block,
    Bullets,
    Column,
    Document,
    Facts,
    LabelledTexts,
    Line,
    Paragraph,
    Quotation,
    Section,
    Slots,
    Table,
    TextParts,
    TextWithEnd,
    column_cells,
    facts_as_pairs,
    spaced_groups,
)
from thesis.document.inline import plain

Cells = Sequence[str]
NARROWEST = 16  # characters of a column that is cut


def document_text(document: Document) -> str:
    """All blocks, a line break at the end."""
    return "\n".join(line for block in document.blocks for line in block_lines(block, document.width)) + "\n"


def block_lines(block: Block, width: int) -> list[str]:
    """The lines of one block, where so many columns may be taken."""
    if isinstance(block, Line):
        return [f"{block.indent}{plain(block.text)}"]
    if isinstance(block, Paragraph):
        return _wrapped(plain(block.text), width, block.indent, block.indent, breaks=block.breaks)
    if isinstance(block, LabelledTexts):
        label = max([block.label, *(len(name) + 1 for name, _ in block.rows)])
        wide = block._replace(label=label)
        return [line for name, told in block.rows for line in _pair(wide, name, plain(told), width)]
    if isinstance(block, Table):
        return _table(block, width)
    if isinstance(block, Bullets):
        first, further = f"{block.indent}- ", f"{block.indent}  "
        return [
            line for item in block.items for line in _wrapped(plain(item), width, first, further, breaks=True)
        ]
    if isinstance(block, Section):
        return _section(block, width)
    return _other_lines(block, width)


def _other_lines(block: TextWithEnd | TextParts | Quotation | Facts | Slots, width: int) -> list[str]:
    if isinstance(block, Quotation):
        parts = [Paragraph(text, "  ", breaks=True) for text in block.paragraphs]
        return [line for each in spaced_groups([part] for part in parts) for line in block_lines(each, width)]
    if isinstance(block, Facts):
        return block_lines(facts_as_pairs(block), width)
    if isinstance(block, Slots):
        return []
    return _ends(block, width) if isinstance(block, TextWithEnd) else _parts(block, width)


def _wrapped(told: str, width: int, first: str, further: str, *, breaks: bool) -> list[str]:
    return wrap(told, width, initial_indent=first, subsequent_indent=further, break_long_words=breaks)


def _pair(block: LabelledTexts, label: str, told: str, width: int) -> list[str]:
    first = f"{block.indent}{label:<{block.label}}"
    further = f"{block.indent}{'':<{block.label}}"
    return _wrapped(told, width, first, further, breaks=block.breaks) or [first.rstrip()]


def _ends(block: TextWithEnd, width: int) -> list[str]:
    room = width - len(block.right) - 2
    if block.hanging is None:
        first, further = cut(block.left, room), []
    else:
        first, *further = wrap(block.left, room, subsequent_indent=block.hanging) or [""]
    return [f"{first:<{width - len(block.right)}}{block.right}", *further]


def _parts(block: TextParts, width: int) -> list[str]:
    if block.is_one_line:
        wide = f"{block.indent}{'   '.join(block.parts)}"
        return [wide if len(wide) <= width else f"{block.indent}{'  '.join(block.parts)}"]
    found: list[str] = []
    for part in block.parts:
        if found and len(found[-1]) + 3 + len(part) <= width:
            found[-1] += f"   {part}"
        else:
            found.append(f"{block.indent}{part}")
    return found


def _section(block: Section, width: int) -> list[str]:
    head = wrap(f"{block.name.upper()}  {block.about}", width, subsequent_indent=" " * (len(block.name) + 2))
    return [*head, *(line for each in spaced_groups(block.groups) for line in block_lines(each, width))]


# tables ------------------------------------------------------------------------------------------


def _table(block: Table, width: int) -> list[str]:
    columns = [column for column in block.columns if not column.is_extra]
    kept = [i for i, column in enumerate(block.columns) if not column.is_extra]
    rows = [[plain(row[i]) for i in kept if i < len(row)] for row in block.rows]
    head = [[column.heading for column in columns]] if block.is_headed else []
    widths, gap = _widths(block, columns, [*head, *rows], width)
    if block.is_cut:
        head = [list(map(cut, line, widths)) for line in head]
    printed = [_row(row, columns, widths, gap, is_cut=block.is_cut) for row in [*head, *rows]]
    found = [f"{block.indent}{line}" for line in printed]
    if columns and columns[-1].wraps:
        before = len(block.indent) + sum(widths[:-1]) + len(gap) * (len(widths) - 1)
        return [line for each in found for line in _hanging(each, width, before)]
    if block.is_trimmed:
        return [line.rstrip() for line in found]
    return [*(line.rstrip() for line in found[: len(head)]), *found[len(head) :]]


def _hanging(line: str, width: int, before: int) -> list[str]:
    """A line whose last column begins behind so many characters, and goes on there."""
    if len(line) <= width:
        return [line.rstrip()]
    first, *more = wrap(line[before:], max(NARROWEST, width - before)) or [""]
    return [f"{line[:before]}{first}".rstrip(), *(f"{'':<{before}}{part}" for part in more)]


def _widths(
    block: Table, columns: Sequence[Column[Any]], cells: Sequence[Cells], width: int
) -> tuple[list[int], str]:
    """How wide each column is, and what stands between two of them.

    Where a table is too wide and may be cut, that is done to the names in the first column, then to the
    words in the last, to other words, and at the end to the headings of figures, never to figures.
    """
    whole = [row for row in cells if len(row) == len(columns)]
    if all(column.width is not None for column in columns):
        return [_fixed_width(column, [row[i] for row in whole]) for i, column in enumerate(columns)], ""
    widths = [
        max((len(plain(cell)) for cell in column_cells(cells, i, len(columns))), default=0)
        for i in range(len(columns))
    ]
    if not block.is_cut:
        return widths, "  "
    gap = "   " if sum(widths) + 3 * len(widths) <= width else "  "
    wordy = [i for i, column in enumerate(columns) if column.align == "l" and i]
    figures = [i for i, column in enumerate(columns) if column.align == "r" and i]
    body = whole[1:] if block.is_headed else whole
    for i in (0, *reversed(wordy), *figures):
        told = NARROWEST if i not in figures else max([len(row[i]) for row in body], default=0)
        beyond = len(block.indent) + sum(widths) + len(gap) * (len(widths) - 1) - width
        widths[i] = max(min(told, widths[i]), widths[i] - max(0, beyond))
    return widths, gap


def _fixed_width(column: Column[Any], cells: Sequence[str]) -> int:
    """The width that a column asks for; more where a cell would touch the next one."""
    if not column.width or column.most:
        return column.width or 0
    return max(column.width, *(len(cell) + 1 for cell in cells))


def _row(row: Cells, columns: Sequence[Column[Any]], widths: Sequence[int], gap: str, *, is_cut: bool) -> str:
    return gap.join(
        told.rjust(width) if column.align == "r" else _fitted(told, column, width, is_cut=is_cut).ljust(width)
        for told, column, width in zip(row, columns, widths, strict=False)
    )


def _fitted(told: str, column: Column[Any], width: int, *, is_cut: bool) -> str:
    if column.most:
        mark, words, room = told[: column.mark], told[column.mark :], column.most - column.mark
        short = shorten(words, room, placeholder="…")
        return mark + (cut(words, room) if short == "…" else short)  # a first word that is too long itself
    return cut(told, width) if is_cut else told


def cut(told: str, longest: int) -> str:
    """A text, no longer than so many characters, by ``…`` for the end of one that is."""
    return told if len(told) <= longest else f"{told[: longest - 1]}…"
