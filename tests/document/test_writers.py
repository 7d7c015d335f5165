"""What the writers of documents promise: the same words in every format, and none of them runs."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tieout.reading import read_html, read_markdown
from thesis.core.interval import Interval
from thesis.document.blocks import (
    RIGHT,
    Block,
    Bullets,
    Column,
    Document,
    Facts,
    Paragraph,
    Quotation,
    Section,
    Slots,
    Table,
    table_of,
    tables_in,
)
from thesis.document.html import HtmlWriter
from thesis.document.inline import (
    SAME,
    Figure,
    Link,
    ScoreBar,
    Span,
    Text,
    Trend,
    code,
    emphasis,
    figures,
    plain,
    strong,
)
from thesis.document.markdown import MarkdownWriter
from thesis.document.plain_text import document_text


class Ferry(NamedTuple):
    """A record of a table."""

    name: str
    fares: str
    source: Any = None


FERRIES = (Ferry("Tern", "12.5%", ("grade",)), Ferry("Sand | martin", "9%"))
COLUMNS = (
    Column[Ferry]("ferry", lambda each: Link(each.name, f"#{each.name[0]}")),
    Column[Ferry]("rule", lambda _: code("fares >= 5%"), is_extra=True),
    Column[Ferry]("fares", lambda each: Figure(each.fares, each.source), align=RIGHT),
    Column[Ferry]("standing", lambda _: strong("met"), is_head=True),
)
TABLE = table_of(COLUMNS, FERRIES, caption="Ferries", kind="score")
WRITTEN = st.text("abc .|`<>&*[]()^#-+\\\n\t\"'", max_size=20)


def marked(_: Any) -> str:
    return "[^1]"


def noted(_: Any) -> str:
    return '<sup><a class="note">1</a></sup>'


# each format -----------------------------------------------------------------------------------------


def test_a_table_in_markdown() -> None:
    assert MarkdownWriter(marked).blocks([TABLE]) == (
        "| ferry | rule | fares | standing |\n"
        "|---|---|---:|---|\n"
        "| Tern | `fares >= 5%` | 12.5%[^1] | **met** |\n"
        "| Sand \\| martin | `fares >= 5%` | 9% | **met** |"
    )


def test_a_table_on_a_page_begins_with_where_a_row_stands() -> None:
    page = HtmlWriter(noted).blocks([TABLE])
    assert re.findall(r"<th scope=\"col\".*?>(.*?)</th>", page) == ["ferry", "standing", "fares", "rule"]
    assert '<th scope="row"><a href="#T">Tern</a></th>' in page
    assert '<td class="num"><span class="figure">12.5%<sup><a class="note">1</a></sup></span></td>' in page
    assert "<td><code>fares &gt;= 5%</code></td>" in page


def test_a_table_in_plain_text_leaves_out_what_there_is_no_room_for() -> None:
    assert document_text(Document(80, (TABLE,))).splitlines() == [
        "ferry          fares  standing",
        "Tern           12.5%  met",
        "Sand | martin     9%  met",
    ]


@pytest.mark.parametrize("width", [40, 60, 100])
def test_a_table_in_a_terminal_has_all_of_its_figures(width: int) -> None:
    pytest.importorskip("rich")
    from thesis.document.terminal import terminal_text

    shown = re.sub(r"\x1b\[[\d;]*m", "", terminal_text(Document(80, (TABLE,)), width))
    for text in ("Tern", "Sand | martin", "12.5%", "9%", "met"):
        assert text in shown
    assert all(len(line) <= width for line in shown.splitlines())


def test_a_cell_that_goes_on_from_the_row_above_is_one_cell_on_a_page_and_empty_elsewhere() -> None:
    columns: tuple[Column[Any], ...] = (Column("kill"), Column("now"))
    table = Table(columns, (["K5", "1%"], [SAME, "2%"], ["K6", "3%"]))
    page = HtmlWriter().blocks([table])
    assert '<tr><th scope="row" rowspan="2">K5</th><td>1%</td></tr>\n<tr><td>2%</td></tr>' in page
    assert "|  | 2% |" in MarkdownWriter().blocks([table])
    assert "      2%" in document_text(Document(80, (table,)))


def test_sections_are_headings_one_below_the_other() -> None:
    inner = Section("Costs", "strong .89", ((Paragraph("Up."),),), id="rule-costs")
    outer = Section("Rules", "", ((Paragraph("One."),), (), (inner,)))
    assert MarkdownWriter().blocks([outer]) == "## Rules\n\nOne.\n\n### Costs: strong .89\n\nUp."
    page = HtmlWriter().blocks([outer])
    assert '<section class="level-3" id="rule-costs" aria-labelledby="rule-costs-title">' in page
    assert '<h3 id="rule-costs-title">Costs: <span>strong .89</span></h3>' in page


def test_what_only_a_page_draws_is_drawn_there_alone() -> None:
    """A chart stands where its slot is; a trend has its figures beside it for who cannot see bars."""
    blocks: list[Block] = [
        Slots(("history", "none")),
        Paragraph((Trend("▁█", "2026Q1 1%, 2026Q2 2%"), ScoreBar(Interval(0.2, 0.4)))),
    ]
    slots = {"history": "<svg></svg>"}.get
    page = HtmlWriter(slot=lambda name: slots(name, "")).blocks(blocks)
    assert page.startswith("<svg></svg>\n<p>")
    assert 'aria-label="2026Q1 1%, 2026Q2 2%"' in page
    assert '<rect fill="#1f6fb2" x="20.0" width="20.0" height="8"/>' in page
    assert MarkdownWriter().blocks(blocks) == "▁█"
    assert document_text(Document(80, tuple(blocks))) == "▁█\n"


def test_facts_lists_and_quotations() -> None:
    blocks: list[Block] = [
        Facts((("price", "$1"), ("target", ("$2 by ", emphasis("2030"))))),
        Bullets(("# one", "two")),
        Quotation(("Said.", "And more.")),
    ]
    assert MarkdownWriter().blocks(blocks) == (
        "| price | target |\n|---|---|\n| $1 | $2 by *2030* |\n\n- \\# one\n- two\n\n> Said.\n>\n> And more."
    )
    page = HtmlWriter().blocks(blocks)
    assert "<div><dt>target</dt><dd>$2 by <i>2030</i></dd></div>" in page
    assert "<li># one</li>" in page
    assert "<blockquote>\n<p>Said.</p><p>And more.</p></blockquote>" in page
    assert document_text(Document(80, tuple(blocks))).splitlines() == [
        "price   $1",
        "target  $2 by 2030",
        "- # one",
        "- two",
        "  Said.",
        "",
        "  And more.",
    ]


# cells -----------------------------------------------------------------------------------------------


def test_a_cell_is_found_by_its_row_and_heading_with_the_record_behind_its_figure() -> None:
    found = TABLE.cell("Tern", "fares")
    assert plain(found) == "12.5%"
    assert [str(each.evidence) for each in figures(found)] == ["('grade',)"]
    with pytest.raises(KeyError, match="no column is headed `fare`, but ferry, rule, fares, standing"):
        TABLE.cell("Tern", "fare")
    with pytest.raises(KeyError, match="no row begins with `tern`"):
        TABLE.cell("tern", "fares")


def test_tables_are_found_in_sections() -> None:
    assert list(tables_in([Section("a", "", ((Section("b", "", ((TABLE,),)),),))])) == [TABLE]


# what somebody wrote ---------------------------------------------------------------------------------


def _table(rows: list[list[Text]]) -> Table:
    columns: tuple[Column[Any], ...] = (Column("first"), Column("second"))
    return Table(columns, tuple(["x", *row] if len(row) == 1 else row for row in rows), caption="c")


@given(st.lists(st.lists(WRITTEN, min_size=2, max_size=2), min_size=1, max_size=3))
def test_a_page_says_what_was_written_and_nothing_else(rows: list[list[str]]) -> None:
    """Whatever it looks like, it is text; only what stands between backticks becomes code."""
    (read,) = read_html(HtmlWriter().blocks([_table([list(row) for row in rows])])).tables
    shown = [[cell.text for cell in row] for row in read.rows]
    assert shown == [[" ".join(re.sub(r"`([^`]+)`", r"\1", cell).split()) for cell in row] for row in rows]


@given(st.lists(st.lists(WRITTEN, min_size=2, max_size=2), min_size=1, max_size=3))
def test_a_table_in_markdown_keeps_its_cells_whatever_was_written(rows: list[list[str]]) -> None:
    (read,) = read_markdown(MarkdownWriter().blocks([_table([list(row) for row in rows])])).tables
    assert [len(row) for row in read.rows] == [2 for _ in rows]


@given(WRITTEN)
def test_no_markup_comes_out_of_a_text(text: str) -> None:
    blocks: list[Block] = [Paragraph(text), Bullets((text,)), Section(text, text, ())]
    page = HtmlWriter().blocks(blocks)
    tags = set(re.findall(r"<(\w+)", page))
    assert tags <= {"p", "ul", "li", "section", "h2", "span", "code"}
    assert not re.search(r"<(?!/?(?:p|ul|li|section|h2|span|code)\b)[a-z]", page)
    assert not re.search(r"(?<!\\)<[a-zA-Z/!?]", re.sub(r"\\\\", "", MarkdownWriter().blocks(blocks)))


@given(WRITTEN, st.sampled_from(["strong", "emphasis", "unbroken", "small", "indented"]))
def test_a_style_changes_no_word(text: str, style: str) -> None:
    assert plain(Span(text, style)).strip() == text.strip()
