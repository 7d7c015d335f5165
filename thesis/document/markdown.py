"""Writes the blocks of a document as Markdown that GitHub and pandoc read alike."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from thesis.document.blocks import (
    RIGHT,
    Block,
    Bullets,
    Column,
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
)
from thesis.document.inline import (
    CODE,
    EMPHASIS,
    INDENTED,
    STRONG,
    Figure,
    Link,
    ScoreBar,
    Span,
    Text,
    Trend,
)
from thesis.document.markdown_text import BAR, Code, begin_no_block, code, inert, single_line

if TYPE_CHECKING:
    from thesis.document.inline import Evidence

SPACES = re.compile(r"\s{2,}|[^\S ]")
MARKS = {STRONG: "**", EMPHASIS: "*"}


class MarkdownWriter:
    """Writes blocks; ``mark`` gives a figure its footnote, ``slot`` what stands in a place for a drawing."""

    def __init__(
        self,
        mark: Callable[[Evidence], str] = lambda _: "",
        slot: Callable[[str], str] = lambda _: "",
    ) -> None:
        self._mark = mark
        self._slot = slot

    def blocks(self, blocks: Iterable[Block], level: int = 2) -> Code:
        """Blocks with an empty line between them; ``level`` is that of the headings of their sections."""
        return Code("\n\n".join(text for text in (self.block(block, level) for block in blocks) if text))

    def block(self, block: Block, level: int = 2) -> str:
        """One block; nothing for an empty one."""
        if isinstance(block, (Paragraph, Line)):
            return self.paragraph(block.text)
        if isinstance(block, Table):
            return self.table(block)
        if isinstance(block, Bullets):
            return "\n".join(f"- {self.paragraph(item)}" for item in block.items)
        if isinstance(block, Section):
            return self.section(block, level)
        if isinstance(block, Facts):
            return self.table(
                Table(tuple(Column[Any](name) for name, _ in block.rows), ([told for _, told in block.rows],))
            )
        if isinstance(block, Slots):
            return "\n\n".join(filter(None, map(self._slot, block.names)))
        return self._others(block)

    def _others(self, block: TextWithEnd | LabelledTexts | TextParts | Quotation) -> str:
        """Blocks that come from a terminal, and what somebody wrote."""
        if isinstance(block, LabelledTexts):
            named = (((f"{label}: " if label else ""), text) for label, text in block.rows)
            return "\n".join(f"- {self.paragraph(part)}" for part in named)
        if isinstance(block, TextParts):
            return self.paragraph(" · ".join(block.parts))
        if isinstance(block, TextWithEnd):
            return self.paragraph(f"{block.left} ({block.right})" if block.right else block.left)
        return "\n>\n".join(f"> {self.paragraph(each)}" for each in block.paragraphs)

    def section(self, block: Section, level: int) -> str:
        """A heading, and everything under it."""
        about = f": {block.about}" if block.about else ""
        head = f"{'#' * level} {self.paragraph(f'{block.name}{about}')}"
        return f"{head}\n\n{self.blocks((each for group in block.groups for each in group), level + 1)}"

    def table(self, block: Table) -> str:
        """A table with a heading, which Markdown does not do without. No row: nothing."""
        if not block.rows:
            return ""
        heads = " | ".join(self.cell(column.heading) for column in block.columns)
        sides = "|".join("---:" if column.align == RIGHT else "---" for column in block.columns)
        return f"| {heads} |\n|{sides}|\n{self.rows(block)}"

    def rows(self, block: Table) -> str:
        """The rows of a table, without its headings."""
        return "\n".join(map(self._row, block.rows))

    def _row(self, row: Row) -> str:
        return f"| {' | '.join(map(self.cell, row))} |"

    def cell(self, text: Text) -> str:
        """A text inside a table: on one line, with no column mark."""
        line = self.text(text).strip()
        if "|" not in line:
            return line
        return BAR.sub(lambda bar: bar[1] + "\\" * (len(bar[1]) % 2) + "\\|", line)

    def paragraph(self, text: Text) -> str:
        """A text on one line that begins no other block."""
        return begin_no_block(self.text(text).strip())

    def text(self, text: Text) -> str:
        """A text with its spans marked, and with a note behind each figure that has evidence."""
        if isinstance(text, str):
            return self._words(text)
        if isinstance(text, Figure):
            mark = "" if text.evidence is None else self._mark(text.evidence)
            return f"{self._words(text.text)}{mark}"
        if isinstance(text, Span):
            return self._span(text)
        if isinstance(text, Link):
            shown = self.text(text.text)
            return shown if text.target.startswith("#") or not text.target else f"[{shown}]({text.target})"
        if isinstance(text, Trend):
            return text.bars
        return "" if isinstance(text, ScoreBar) else "".join(map(self.text, text))

    def _span(self, span: Span) -> str:
        if span.style == CODE and isinstance(span.text, str):
            return f"`{code(span.text)}`" if span.text else ""
        shown = self.text(span.text)
        mark = MARKS.get(span.style, "") if shown else ""
        return f"{'&nbsp;&nbsp;' if span.style == INDENTED else ''}{mark}{shown}{mark}"

    def _words(self, text: str) -> str:
        """A string on one line, in which nothing is a mark of Markdown's that would run something."""
        if SPACES.search(text):
            text = SPACES.sub(" ", text)
        before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
        return str(inert(f"{before}{single_line(text)}{after}" if text.strip() else text))
