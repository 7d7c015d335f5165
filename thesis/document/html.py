"""Writes the blocks of a document as HTML, in which whatever somebody wrote is text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

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
    SAME,
    SMALL,
    STRONG,
    UNBROKEN,
    Figure,
    Link,
    ScoreBar,
    Span,
    Text,
    Trend,
    tone_of,
)

if TYPE_CHECKING:
    from thesis.core.interval import Interval
    from thesis.document.inline import Evidence

BETWEEN_TICKS = re.compile(r"`([^`]+)`")
TAGS = {
    STRONG: ("<b>", "</b>"),
    EMPHASIS: ("<i>", "</i>"),
    CODE: ("<code>", "</code>"),
    SMALL: ("<small>", "</small>"),
    UNBROKEN: ('<span class="day">', "</span>"),
    INDENTED: ('<span class="in">', "</span>"),
}
NARROWEST_BAR = 3  # hundredths of a score: what a bar shows of one that is known exactly


class HtmlWriter:
    """Writes blocks; ``mark`` gives a figure its note, ``slot`` what stands in a place for a drawing."""

    def __init__(
        self,
        mark: Callable[[Evidence], str] = lambda _: "",
        slot: Callable[[str], str] = lambda _: "",
    ) -> None:
        self._mark = mark
        self._slot = slot

    def blocks(self, blocks: Iterable[Block], level: int = 2) -> Markup:
        """Blocks below one another; ``level`` is that of the headings of their sections."""
        shown = (self.block(block, level) for block in blocks)
        return Markup("\n".join(filter(None, shown)))  # noqa: S704  # escaped part by part

    def block(self, block: Block, level: int = 2) -> str:
        """One block; nothing for an empty one."""
        if isinstance(block, (Paragraph, Line)):
            role = f' class="{block.role}"' if isinstance(block, Paragraph) and block.role else ""
            shown = self.text(block.text)
            return f"<p{role}>{shown}</p>" if shown else ""
        if isinstance(block, Table):
            return self.table(block)
        if isinstance(block, Bullets):
            items = "".join(f"<li>{self.text(item)}</li>\n" for item in block.items)
            return f"<ul>\n{items}</ul>" if items else ""
        if isinstance(block, Section):
            return self.section(block, level)
        if isinstance(block, Facts):
            return f'<dl class="facts">\n{self._pairs(block.rows)}</dl>' if block.rows else ""
        if isinstance(block, Slots):
            drawn = "\n".join(filter(None, map(self._slot, block.names)))
            return f'<div class="figures">{drawn}</div>' if block.is_beside and drawn else drawn
        return self._others(block)

    def _others(self, block: TextWithEnd | LabelledTexts | TextParts | Quotation) -> str:
        """Blocks that come from a terminal, and what somebody wrote."""
        if isinstance(block, LabelledTexts):
            return f"<dl>\n{self._pairs(block.rows)}</dl>" if block.rows else ""
        if isinstance(block, TextParts):
            return f"<p>{' · '.join(map(self.text, block.parts))}</p>"
        if isinstance(block, TextWithEnd):
            return f"<p>{self.text(block.left)} <small>{self.text(block.right)}</small></p>"
        return (
            f"<blockquote>\n{''.join(f'<p>{self.text(each)}</p>' for each in block.paragraphs)}</blockquote>"
        )

    def _pairs(self, rows: Iterable[tuple[str, Text]]) -> str:
        return "".join(
            f"<div><dt>{self.text(label)}</dt><dd>{self.text(told)}</dd></div>\n" for label, told in rows
        )

    def section(self, block: Section, level: int) -> str:
        """A heading, and everything under it."""
        about = f": <span>{self.text(block.about)}</span>" if block.about else ""
        place, title = "", ""
        if block.id:
            place = f' id="{escape(block.id)}" aria-labelledby="{escape(block.id)}-title"'
            title = f' id="{escape(block.id)}-title"'
        inside = self.blocks((each for group in block.groups for each in group), level + 1)
        head = f"<h{level}{title}>{self.text(block.name)}{about}</h{level}>"
        return f'<section class="level-{level}"{place}>\n{head}\n{inside}\n</section>'

    # tables --------------------------------------------------------------------------------------

    def table(self, block: Table) -> str:
        """A table that scrolls in a box of its own where it is too wide. No row: nothing."""
        if not block.rows:
            return ""
        order = _order(block.columns)
        caption = escape(block.caption)
        kind = f' class="{block.kind}"' if block.kind else ""
        seen = "" if block.is_captioned else ' class="unseen"'
        heads = "".join(
            f'<th scope="col"{_number(block.columns[i])}>{self.text(block.columns[i].heading)}</th>'
            for i in order
        )
        return (
            f'<div class="scroll" tabindex="0" role="group" aria-label="{caption}">\n<table{kind}>\n'
            f"<caption{seen}>{caption}</caption>\n"
            f"<thead><tr>{heads}</tr></thead>\n<tbody>\n{self.rows(block)}\n</tbody>\n</table>\n</div>"
        )

    def rows(self, block: Table) -> str:
        """The rows of a table, without its headings."""
        order = _order(block.columns)
        return "\n".join(self._row(block, at, order) for at in range(len(block.rows)))

    def _row(self, block: Table, at: int, order: Sequence[int]) -> str:
        """A row; a cell that goes on in the rows below spans them, and is left out there."""
        row = block.rows[at]
        if len(row) < len(block.columns):
            *before, last = map(self.text, row)
            wide = len(block.columns) - len(before)
            return (
                f'<tr>{"".join(f"<td>{each}</td>" for each in before)}<td colspan="{wide}">{last}</td></tr>'
            )
        cells = [self._cell(block, at, i, is_first=not k) for k, i in enumerate(order) if row[i] is not SAME]
        return f"<tr>{''.join(cells)}</tr>"

    def _cell(self, block: Table, at: int, i: int, *, is_first: bool) -> str:
        text = block.rows[at][i]
        below = _rows_below(block.rows, at, i)
        span = f' rowspan="{below + 1}"' if below else ""
        if is_first:
            return f'<th scope="row"{span}>{self.text(text)}</th>'
        tone = tone_of(text)
        kinds = " ".join(filter(None, ("num" if block.columns[i].align == RIGHT else "", tone)))
        of = f' class="{kinds}"' if kinds else ""
        return f"<td{of}{span}>{self.text(text)}</td>"

    # texts ---------------------------------------------------------------------------------------

    def text(self, text: Text) -> str:
        """A text with its spans as elements, and with a note behind each figure that has evidence."""
        if isinstance(text, str):
            return words(text)
        if isinstance(text, Figure):
            mark = "" if text.evidence is None else self._mark(text.evidence)
            return f'<span class="figure">{words(text.text)}{mark}</span>' if text.text else mark
        if isinstance(text, Span):
            before, after = TAGS.get(text.style, ("", ""))
            inside = str(escape(text.text)) if text.style == CODE else self.text(text.text)
            return f"{before}{inside}{after}" if inside else ""
        if isinstance(text, Link):
            away = "" if text.target.startswith("#") else ' rel="noreferrer"'
            shown = self.text(text.text)
            return f'<a href="{escape(text.target)}"{away}>{shown}</a>' if text.target else shown
        if isinstance(text, Trend):
            return _trend(text)
        return _bar(text.score) if isinstance(text, ScoreBar) else "".join(map(self.text, text))


def words(text: str) -> str:
    """A string as text, in which what stands between backticks is code."""
    shown = str(escape(text))
    return BETWEEN_TICKS.sub(r"<code>\1</code>", shown) if "`" in shown else shown


def _order(columns: Sequence[Column[Any]]) -> list[int]:
    """The first column, what says where a row stands, the others, and what is looked up last."""
    return sorted(range(len(columns)), key=lambda i: (i > 0 and not columns[i].is_head, columns[i].is_extra))


def _rows_below(rows: Sequence[Row], at: int, i: int) -> int:
    """In how many rows below a cell goes on."""
    below = at + 1
    while below < len(rows) and len(rows[below]) > i and rows[below][i] is SAME:
        below += 1
    return below - at - 1


def _number(column: Column[Any]) -> str:
    return ' class="num"' if column.align == RIGHT else ""


def _trend(trend: Trend) -> str:
    values = escape(trend.values)
    if not trend.bars:
        return ""
    return (
        f'<span class="spark" role="img" aria-label="{values}" title="{values}">{escape(trend.bars)}</span>'
    )


def _bar(score: Interval) -> str:
    """A score on a line from 0 to 1, with marks where the labels change."""
    low = round(min(score.lo * 100, 100 - NARROWEST_BAR), 1)
    width = round(max((score.hi - score.lo) * 100, NARROWEST_BAR), 1)
    return (
        '<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"'
        ' focusable="false">'
        '<path stroke="#57606a" d="M25 0V8M50 0V8M75 0V8"/>'
        f'<rect fill="#1f6fb2" x="{low}" width="{width}" height="8"/></svg>'
    )
