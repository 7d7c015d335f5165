"""Laws of what a terminal is sent: whatever a layout holds, it fits, and nothing of it is lost."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thesis.document import inline, plain_text
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
    Table,
    TextParts,
    TextWithEnd,
    spaced_groups,
)
from thesis.document.inline import (
    BAD,
    EMPHASIS,
    FAIR,
    GOOD,
    INDENTED,
    MUTED,
    SMALL,
    STRONG,
    UNBROKEN,
    Figure,
    Link,
    Span,
    TonedText,
    plain,
    tone_of,
)

pytest.importorskip("rich")

CODE = re.compile(r"\x1b\[[\d;]*m")
LETTERS = "abc .%+-|[/]&<>`*_\N{BULLET}\u6f22\u00e9\u0301\x1b\u202e\x07"
texts = st.builds(
    TonedText, st.text(LETTERS, max_size=40), st.sampled_from(["", GOOD, FAIR, BAD, STRONG, MUTED])
)
STYLES = [STRONG, EMPHASIS, inline.CODE, UNBROKEN, SMALL, INDENTED]
spanned: st.SearchStrategy[Any] = st.recursive(
    texts,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(tuple),
        st.builds(Span, inner, st.sampled_from(STYLES)),
        st.builds(Link, inner, st.just("#there")),
        st.builds(Figure, texts, st.none()),
    ),
    max_leaves=4,
)
widths = st.integers(40, 200)


@st.composite
def tables(draw: st.DrawFn) -> Table:
    count = draw(st.integers(1, 9))
    column = st.tuples(st.text("abc de", max_size=14), st.sampled_from("lr"), st.booleans())
    columns: list[Column[Any]] = [
        Column(heading, align=align, is_head=is_head)
        for heading, align, is_head in draw(st.lists(column, min_size=count, max_size=count))
    ]
    row = st.one_of(
        st.lists(spanned, min_size=count, max_size=count), st.lists(spanned, min_size=1, max_size=count)
    )
    rows = draw(st.lists(row, max_size=5))
    return Table(tuple(columns), tuple(rows), is_wordy=draw(st.booleans()))


pairs = st.lists(st.tuples(st.text("abc", max_size=12), texts), max_size=4)
blocks: st.SearchStrategy[Block] = st.one_of(
    texts.map(Line),
    spanned.map(Paragraph),
    st.tuples(texts, st.text("abc-", max_size=12)).map(lambda ends: TextWithEnd(*ends)),
    pairs.map(lambda rows: LabelledTexts(tuple(rows), 12)),
    st.lists(texts, max_size=5).map(lambda parts: TextParts(tuple(parts))),
    tables(),
    st.lists(texts, max_size=3).map(lambda items: Bullets(tuple(items))),
    st.lists(texts, max_size=3).map(lambda said: Quotation(tuple(said))),
    pairs.map(lambda rows: Facts(tuple(rows))),
)
layouts = st.builds(
    lambda some, inside: Document(80, (*some, Section("bridge", "about it", ((*inside,),)))),
    st.lists(blocks, max_size=3),
    st.lists(blocks, max_size=2),
)


def _shown(layout: Document, width: int) -> str:
    from thesis.document.terminal import terminal_text

    return CODE.sub("", terminal_text(layout, width))


def _held(block: Block) -> Iterable[str]:
    """Every text of a block; a heading is shown or not, as there is room."""
    if isinstance(block, (Line, Paragraph)):
        yield plain(block.text)
    elif isinstance(block, (LabelledTexts, Facts)):
        yield from (plain(part) for pair in block.rows for part in pair)
    elif isinstance(block, (TextParts, Bullets, Quotation)):
        yield from map(plain, block[0])
    elif isinstance(block, Table):
        yield from (plain(cell) for row in block.rows for cell in row)
    elif isinstance(block, TextWithEnd):
        yield from block[:2]
    elif isinstance(block, Section):
        for group in block.groups:
            for each in group:
                yield from _held(each)


def _letters(texts: Iterable[str]) -> Counter[str]:
    """What is printed of texts, but for spaces, rules and what is no letter."""
    from thesis.core.controls import show_controls

    return Counter(c for text in texts for c in show_controls(text) if not c.isspace() and c != "\u2500")


@given(layouts, widths)
def test_it_fits(layout: Document, width: int) -> None:
    from rich.cells import cell_len

    assert all(cell_len(line) <= width for line in _shown(layout, width).split("\n"))


@given(layouts, widths)
def test_nothing_is_lost_and_nothing_steers(layout: Document, width: int) -> None:
    shown = _shown(layout, width)
    held = _letters(text for block in layout.blocks for text in _held(block))
    assert held - _letters([shown]) == Counter()
    assert not re.search("[\x00-\x09\x0b-\x1f\u202e]", shown)


@given(layouts, widths)
def test_a_tone_changes_no_word(layout: Document, width: int) -> None:
    """Neither in a terminal nor in plain text."""
    bare = Document(layout.width, tuple(map(_untoned, layout.blocks)))
    assert _shown(bare, width) == _shown(layout, width)
    assert plain_text.document_text(bare) == plain_text.document_text(layout)


def _untoned(value: Any) -> Any:
    """A block in which every text is a plain one."""
    if isinstance(value, TonedText):
        return str(value)
    if isinstance(value, tuple):
        parts = [_untoned(part) for part in value]
        return type(value)(*parts) if hasattr(value, "_fields") else tuple(parts)
    return [_untoned(part) for part in value] if isinstance(value, list) else value


def test_a_toned_text_is_that_text() -> None:
    text = TonedText("WATCH", GOOD)
    assert (text, f"{text}!", tone_of(text), tone_of("WATCH")) == ("WATCH", "WATCH!", GOOD, "")


def test_groups_stand_apart_and_empty_ones_are_left_out() -> None:
    a, b = Line("a"), Line("b")
    assert spaced_groups([[], [a], [], [b]]) == (a, Line(), b)


def test_plain_text_of_a_table_ends_a_shorter_row_in_a_text_of_its_own() -> None:
    table = Table(
        (Column("name"), Column("figure"), Column("note")),
        (["a", "1", "x"], ["b", "a long remark"]),
    )
    assert plain_text.block_lines(table, 80) == [
        "name  figure  note",
        "a     1       x",
        "b     a long remark",
    ]
