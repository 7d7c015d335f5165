"""Prints a document in colour, as wide as the terminal.

Texts are wrapped where they are easy to read. A table takes the width that its cells need; where there is
less, its words are wrapped, and where even that does not fit, each row becomes a card, so that nothing is
left out. A tone is a colour and never the only sign of what it says.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from itertools import zip_longest
from typing import Any

from rich.console import Console
from rich.text import Text

from thesis.core.controls import show_controls
from thesis.document import inline
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
    Row,
    Section,
    Slots,
    Table,
    TextParts,
    TextWithEnd,
    column_cells,
    facts_as_pairs,
)
from thesis.document.column_widths import (
    GAP,
    WORDS,
    column_needs,
    column_strips,
    squeeze_columns,
)
from thesis.document.inline import BAD, FAIR, GOOD, MUTED, STRONG, tone_of

READABLE = 110  # columns of running text; longer lines are hard to read

SPANS = {inline.STRONG: "bold", inline.EMPHASIS: "italic"}
STYLES = {"": "", GOOD: "cyan", FAIR: "yellow", BAD: "bold red", STRONG: "bold", MUTED: "dim"}


def terminal_text(document: Document, width: int) -> str:
    """A document for a terminal so many columns wide, with the codes for colour that its kind knows."""
    console = Console(
        file=StringIO(),
        force_terminal=True,
        width=width,
        legacy_windows=False,
        highlight=False,
        soft_wrap=True,
    )
    brush = TerminalStyle(console, width)
    for block in document.blocks:
        for line in brush.lines(block):
            console.print(line, no_wrap=True, overflow="ignore", crop=False)
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


class TerminalStyle:
    """Paints blocks for one width."""

    def __init__(self, console: Console, width: int) -> None:
        self.console = console
        self.width = width
        self.readable = min(width, READABLE)

    def lines(self, block: Block) -> Iterable[Text]:
        """The lines of a block."""
        if isinstance(block, Line):
            text = _text(block.text)
            return self.wrap(_strong(text) if tone_of(block.text) else text, block.indent)
        if isinstance(block, Paragraph):
            return self.wrap(_text(block.text), block.indent)
        if isinstance(block, TextWithEnd):
            return self.ends(block)
        if isinstance(block, LabelledTexts):
            return self.pairs(block)
        if isinstance(block, TextParts):
            return self.beside([_text(part) for part in block.parts], block.indent, self.readable)
        if isinstance(block, Table):
            return self.table(block)
        return self.section(block) if isinstance(block, Section) else self.others(block)

    def others(self, block: Bullets | Quotation | Facts | Slots) -> Iterator[Text]:
        """What is mostly read on a page: lists and quotations; what only a page draws is left out."""
        if isinstance(block, Bullets):
            for item in block.items:
                first, further = f"{block.indent}- ", f"{block.indent}  "
                for i, line in enumerate(self.wrap(_text(item), further)):
                    yield Text(first) + line[len(further) :] if not i else line
        elif isinstance(block, Facts):
            yield from self.pairs(facts_as_pairs(block))
        elif isinstance(block, Quotation):
            for i, paragraph in enumerate(block.paragraphs):
                yield from [Text()] if i else []
                yield from self.wrap(_text(paragraph), "  ")

    def wrap(self, text: Text, indent: str, further: str | None = None) -> list[Text]:
        """A text in lines; the second and those after it begin with ``further``."""
        after = indent if further is None else further
        found = _wrap(self.console, text, max(1, self.readable - max(len(indent), len(after))))
        return [Text(after if i else indent) + line for i, line in enumerate(found)]

    def ends(self, block: TextWithEnd) -> list[Text]:
        right = _text(block.right, "dim")
        room = max(WORDS, self.readable - right.cell_len - GAP)
        first, *more = _wrap(self.console, _text(block.left, "bold"), room) or [Text()]
        space = self.readable - first.cell_len - right.cell_len
        head = Text.assemble(first, " " * max(GAP, space), right)
        return [head, *(Text(block.hanging or "") + line for line in more)]

    def pairs(self, block: LabelledTexts) -> Iterator[Text]:
        """Each label with its text beside it; where that leaves too little room, above it."""
        wide = max([block.label, *(_text(label).cell_len + 1 for label, _ in block.rows)])
        indent = block.indent
        is_beside = self.readable - len(indent) - wide >= WORDS * 2
        for label, told in block.rows:
            text = _text(told)
            name = _text(label, STYLES[BAD] if tone_of(told) == BAD else "dim")
            if is_beside:
                further = indent + " " * wide
                for i, line in enumerate(self.wrap(text, further)):
                    yield Text(indent) + _padded(name, wide) + line[len(further) :] if not i else line
            else:
                yield from self.wrap(name, indent) if label else ()
                yield from self.wrap(text, f"{indent}  ")

    def beside(self, parts: Sequence[Text], indent: str, width: int) -> list[Text]:
        """Short texts beside one another, each whole where it can be."""
        found: list[Text] = []
        for part in parts:
            if found and found[-1].cell_len + 3 + part.cell_len <= width:
                found[-1] = found[-1] + Text("   ") + part
            elif len(indent) + part.cell_len <= width:
                found.append(Text(indent) + part)
            else:
                found += self.wrap(part, indent, f"{indent}  ")
        return found

    def section(self, block: Section) -> Iterator[Text]:
        name = _text(block.name.upper(), "bold")
        further = " " * (name.cell_len + GAP)
        yield from self.wrap(Text.assemble(name, "  ", _text(block.about)), "", further)
        for i, group in enumerate(filter(None, block.groups)):
            if i:
                yield Text()
            for each in group:
                yield from self.lines(each)

    # tables --------------------------------------------------------------------------------------

    def table(self, block: Table) -> Iterator[Text]:
        room = self.width - len(block.indent)
        for chosen in (range(len(block.columns)), [i for i, c in enumerate(block.columns) if not c.is_extra]):
            columns = [block.columns[i] for i in chosen]
            rows = [_chosen(row, chosen) for row in block.rows]
            needs = [
                column_needs(column, column_cells(rows, i, len(columns))) for i, column in enumerate(columns)
            ]
            if sum(most for _, most in needs) + GAP * (len(columns) - 1) <= room:
                break
        is_wordy = block.is_wordy or any(len(row) < len(columns) for row in rows)
        if widths := squeeze_columns(needs, room):
            yield from self.grid(block, columns, rows, widths)
        elif is_wordy or not (strips := column_strips(needs, room)):
            yield from self.cards(block, columns, rows)
        else:
            for i, strip in enumerate(strips):
                yield from [Text()] if i else []
                widths = squeeze_columns([needs[k] for k in strip], room)
                some = [[row[k] for k in strip] for row in rows]
                yield from self.grid(block, [columns[k] for k in strip], some, widths)

    def grid(
        self, block: Table, columns: Sequence[Column[Any]], rows: Sequence[Row], widths: Sequence[int]
    ) -> Iterator[Text]:
        if block.is_headed:
            yield from self.cells([_text(c.heading, "bold") for c in columns], columns, widths, block.indent)
            yield Text(block.indent) + _rule(sum(widths) + GAP * (len(widths) - 1))
        for row in rows:
            told = [_text(cell) for cell in row]
            if 0 < len(row) < len(columns):
                room = [*widths[: len(row) - 1], sum(widths[len(row) - 1 :]) + GAP * (len(widths) - len(row))]
                yield from self.cells(told, columns, room, block.indent)
            else:
                yield from self.cells(told, columns, widths, block.indent)

    def cells(
        self, told: Sequence[Text], columns: Sequence[Column[Any]], widths: Sequence[int], indent: str
    ) -> Iterator[Text]:
        """One row in as many lines as its longest cell takes."""
        wrapped = [
            _wrap(self.console, text, width) if i else self.wrap_name(text, width, column.mark)
            for i, (text, width, column) in enumerate(zip(told, widths, columns, strict=False))
        ]
        for parts in zip_longest(*wrapped, fillvalue=Text()):
            line = Text(indent)
            for i, (part, column, width) in enumerate(zip(parts, columns, widths, strict=False)):
                line += Text(" " * GAP if i else "")
                line += _padded(part, width, to_the_right=column.align == "r")
            line.rstrip()
            yield line

    def wrap_name(self, text: Text, width: int, mark: int) -> list[Text]:
        """The first cell of a row in lines; those after the first are set back, behind its mark."""
        back = mark or GAP
        if text.cell_len <= width or width <= WORDS // 2 + back:
            return _wrap(self.console, text, width)
        first, *more = _wrap(self.console, text[mark:], width - back)
        return [text[:mark] + first, *(Text(" " * back) + line for line in more)]

    def cards(self, block: Table, columns: Sequence[Column[Any]], rows: Sequence[Row]) -> Iterator[Text]:
        """Each row by itself: what it is of in its first line, then every other cell with its heading."""
        heads = {i for i, column in enumerate(columns) if column.is_head} or {0}
        for row in rows:
            if len(row) < len(columns):
                *before, last = map(_text, row)
                name = Text("  ").join(_strong(text) for text in before if text)
                yield from self.wrap(name, block.indent) if name else ()
                yield from self.wrap(last, f"{block.indent}    ")
                continue
            told = [(_text(cell), columns[i].heading) for i, cell in enumerate(row)]
            first = [_strong(text) for i, (text, _) in enumerate(told) if i in heads and text]
            rest = [_named(text, name) for i, (text, name) in enumerate(told) if i not in heads and text]
            yield from self.beside(first, block.indent, self.width)
            yield from self.beside(rest, f"{block.indent}    ", self.readable)


def _text(told: inline.Text, style: str = "") -> Text:
    """A text in the style of its tone, and its spans in their own."""
    if isinstance(told, str):
        return Text(show_controls(told).expandtabs(1), style=STYLES[tone_of(told)] or style)
    if isinstance(told, (inline.Figure, inline.Trend, inline.ScoreBar)):
        return Text(show_controls(inline.plain(told)).expandtabs(1), style=style)
    if isinstance(told, inline.Link):
        return _text(told.text, style)
    if isinstance(told, inline.Span):
        shown = _text(told.text, f"{style} {SPANS.get(told.style, '')}".strip())
        return Text("  ") + shown if told.style == inline.INDENTED else shown
    return Text.assemble(*(_text(part, style) for part in told))


def _strong(text: Text) -> Text:
    return Text(text.plain, style=f"bold {text.style}".strip())


def _named(text: Text, name: str) -> Text:
    return Text.assemble((f"{show_controls(name).expandtabs(1)} ", "dim"), text) if name else text


def _rule(width: int) -> Text:
    return Text("─" * width, style="dim")


def _padded(text: Text, width: int, *, to_the_right: bool = False) -> Text:
    blank = Text(" " * max(0, width - text.cell_len))
    return blank + text if to_the_right else text + blank


def _wrap(console: Console, text: Text, width: int) -> list[Text]:
    if text.cell_len <= width and "\n" not in text.plain:
        return [text]
    found = list(text.wrap(console, max(1, width), overflow="fold"))
    for line in found:
        line.rstrip()
    return found


def _chosen(row: Row, chosen: Sequence[int]) -> list[inline.Text]:
    return [row[i] for i in chosen if i < len(row)]
