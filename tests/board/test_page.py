"""The board as a page and as Markdown: complete, readable by a machine, and nothing in it that runs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any, NamedTuple

import pytest

from tests.board.conftest import HURTS, NAME, Theses
from thesis.board.board_columns import COLUMNS
from thesis.core.controls import show_controls

HEADINGS = tuple(column.heading for column in COLUMNS.values())

pytestmark = pytest.mark.quick

VOID = ("meta", "br", "wbr", "link", "img", "input", "hr")
OURS = (
    {"html", "head", "meta", "title", "style", "body", "header", "nav", "main", "section", "footer"}
    | {"a", "h1", "h2", "small", "p", "ul", "li", "b", "div", "span", "wbr", "code"}
    | {"table", "caption", "thead", "tbody", "tr", "th", "td", "details", "summary", "dl", "dt", "dd"}
)


class Element(NamedTuple):
    """An element of a page with what it holds."""

    tag: str
    given: dict[str, str]
    inside: list[Any]

    def all(self, tag: str) -> Iterator[Element]:
        for each in self.inside:
            if isinstance(each, Element):
                if each.tag == tag:
                    yield each
                yield from each.all(tag)

    def one(self, tag: str) -> Element:
        (found,) = self.all(tag)
        return found

    @property
    def text(self) -> str:
        parts = (each.text if isinstance(each, Element) else each for each in self.inside)
        return " ".join("".join(parts).split())


class Tree(HTMLParser):
    """Reads a page, and refuses one whose elements are not closed in their order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.root = Element("", {}, [])
        self.open = [self.root]
        self.feed(text)
        self.close()
        assert self.open == [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = Element(tag, {name: value or "" for name, value in attrs}, [])
        self.open[-1].inside.append(found)
        if tag not in VOID:
            self.open.append(found)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        self.open[-1].inside.append(data)


@pytest.fixture
def page(every_kind: Theses) -> Element:
    """The page of a board with a thesis of every kind."""
    return Tree(every_kind.do("board", ".", "--format", "html").out).root


def test_every_thesis_is_a_row_with_its_headings_in_the_table_of_its_group(page: Element) -> None:
    for name, rows in (("attention", 4), ("active", 4), ("closed", 1)):
        section = next(s for s in page.all("section") if s.given["id"] == name)
        table = section.one("table")
        assert table.one("caption").text
        heads = list(table.one("thead").all("th"))
        assert [head.text for head in heads] == list(HEADINGS)
        assert {head.given["scope"] for head in heads} == {"col"}
        bodies = list(table.all("tbody"))
        assert len(bodies) == rows
        for body in bodies:
            row = next(body.all("tr"))
            assert row.one("th").given["scope"] == "row"
            cells = list(row.all("td"))
            assert [cell.given["data-label"] for cell in cells] == list(HEADINGS[1:])


def test_a_reader_with_a_screen_reader_or_a_keyboard_finds_the_way(page: Element) -> None:
    """Landmarks, one first heading, sections named by theirs, links that land, a language, a title."""
    assert page.one("html").given["lang"] == "en"
    assert page.one("title").text.startswith("Board, 12 Aug 2026: 9 theses")
    for landmark in ("header", "nav", "main", "footer", "h1"):
        page.one(landmark)
    ids = {e.given["id"] for tag in OURS for e in page.all(tag) if "id" in e.given}
    assert all(link.given["href"].removeprefix("#") in ids for link in page.all("a"))
    assert all(s.given["aria-labelledby"] in ids for s in page.all("section"))
    roles = {e.given.get("role") for tag in ("table", "tr", "th", "td") for e in page.all(tag)}
    assert None not in roles  # a phone shows cells as blocks, which would cost them their meaning


def test_nothing_in_the_page_comes_from_a_pack_but_text(page: Element) -> None:
    tags = {e.tag for tag in {*OURS, "script", "img", "svg", "iframe", "link", "form"} for e in page.all(tag)}
    assert tags <= OURS
    row = next(body for body in page.all("tbody") if "漢字" in body.text)
    assert row.one("th").text.startswith(f"{NAME} (acme)")
    assert " ".join(show_controls(HURTS).split()) in row.one("th").text
    handlers = [name for tag in OURS for e in page.all(tag) for name in e.given if name.startswith("on")]
    assert handlers == []
    policy = next(m.given["content"] for m in page.all("meta") if "http-equiv" in m.given)
    assert policy.startswith("default-src 'none'; style-src 'sha256-")


def test_the_page_needs_nothing_beside_it_and_is_small(every_kind: Theses) -> None:
    text = every_kind.do("board", ".", "--format", "html").out
    assert not re.search(r"(?:src|href)=\"(?!#)|url\(|@import|https?://", text)
    assert len(text.encode()) < 60_000


def test_a_tone_is_never_the_only_sign(every_kind: Theses) -> None:
    """Without its colours the page says the same: each toned cell has words of its own."""
    page = Tree(every_kind.do("board", ".", "--format", "html").out).root
    colours = {"good", "bad", "fair"}
    cells = [e for tag in ("td", "li") for e in page.all(tag)]
    toned = [e for e in cells if colours & set(e.given.get("class", "").split())]
    assert len(toned) > 10
    assert all(e.text for e in toned)


# Markdown --------------------------------------------------------------------------------------------


@pytest.fixture
def tokens(every_kind: Theses) -> list[Any]:
    """What a reader of GitHub's Markdown makes of the board."""
    reader = pytest.importorskip("markdown_it").MarkdownIt("commonmark").enable(["table", "strikethrough"])
    found: list[Any] = reader.parse(every_kind.do("board", ".", "--format", "markdown").out)
    return found


def test_markdown_has_a_table_of_each_group_with_a_row_for_each_thesis(tokens: list[Any]) -> None:
    kinds = [token.type for token in tokens]
    assert kinds.count("table_open") == 3
    assert kinds.count("tr_open") == 3 + 9
    assert kinds.count("td_open") == 9 * len(HEADINGS)
    headings = [tokens[i + 1].content for i, token in enumerate(tokens) if token.type == "heading_open"]
    assert headings == ["Board, 12 Aug 2026", "Needs attention (4)", "Active (4)", "Closed (1)"]


def test_nothing_in_the_markdown_comes_from_a_pack_but_text(tokens: list[Any]) -> None:
    inline = [child for token in tokens for child in token.children or ()]
    assert {token.type for token in [*tokens, *inline]}.isdisjoint(
        {"html_block", "html_inline", "link_open", "image", "code_inline", "code_block", "fence", "s_open"}
    )
    texts = ["".join(child.content for child in token.children) for token in tokens if token.children]
    assert any(text == f"{NAME} (acme)" for text in texts)
    assert any(" ".join(show_controls(HURTS).split()) in text for text in texts)


def test_what_would_change_a_verdict_stands_in_full_below_the_tables(every_kind: Theses) -> None:
    text = every_kind.do("board", "held", "--format", "markdown").out
    check = " ".join(every_kind.do("check", "held").out.split())
    for kind in ("better", "worse"):
        (told,) = re.findall(rf"^  - {kind}: (.*)$", text, re.MULTILINE)
        assert told in check
    assert "- kill: K1: Growth of repairs 18.4% (2 of 3 quarters), trips below 0" in text


def test_no_day_and_no_quarter_is_broken_between_two_lines(every_kind: Theses) -> None:
    """At 1,200 pixels a quarter once ended with its Q."""
    page = every_kind.do("board", ".", "--format", "html").out
    figures = re.findall(r'<td role="cell" class="figures"[^>]*><span>(.*?)</span></td>', page, re.DOTALL)
    assert figures
    assert all(re.fullmatch(r'<span class="whole">\d{4}Q\d</span>', each) for each in figures)
