"""The Markdown memo as others render it: GitHub's own parser, and pandoc in both of its dialects."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from thesis.document import markdown_text
from thesis.memo.markdown import render_memo

RATED, UNRATED = "2026-10-15", "2026-11-22"
ACME = Path(__file__).parents[1] / "data" / "acme"
LINES = (
    "\n\n## Taken over\n\n| a | b |\n|---|---|\n| c | d |\n\n- [x] done\n1. one\n> said\n\n```\ncode\n~~~\n"
    "<table><tr><td>x</table> a \\| b | c\n\n[z]: javascript:alert(1)\n\n[^1]: no note\n===\n\n    code"
)
STARTS = ("# a heading", "#", "- a list", "+ a list", "* a list", "1. one", "12) one", "a. one", "iv) one",
          "> a quote", "| a | b |", "``` a", "~~~", "---", "***", "===", ": a term", "[^1]: a note",
          "[z]: charts/x", "A) one", "(1) one", "A. Person said", "-5% is less", "1.5 is more",
          "No note[^1] and ^[none]")  # fmt: skip
DASHES = "[-\u2013\u2014]+"  # pandoc sets several hyphens as a dash
PANDOC = shutil.which("pandoc")


class Chart(NamedTuple):
    id: str
    title: str
    alt: str
    svg: str
    is_late: bool = False


def github(text: str) -> str:
    """As GitHub's parser renders it, with tables, footnotes, bare links and strike-through; tags stay."""
    cmarkgfm = pytest.importorskip("cmarkgfm", reason="cmarkgfm is not installed")
    options = cmarkgfm.cmark.Options
    return str(
        cmarkgfm.markdown_to_html_with_extensions(
            text,
            options=options.CMARK_OPT_FOOTNOTES | options.CMARK_OPT_UNSAFE,
            extensions=["table", "strikethrough", "autolink", "tasklist"],
        )
    )


def pandoc(dialect: str) -> Callable[[str], str]:
    """As pandoc renders one of its dialects."""

    def rendered(text: str) -> str:
        if PANDOC is None:
            pytest.skip("there is no pandoc: apt install pandoc")
        made = subprocess.run(
            [PANDOC, "-f", dialect, "-t", "html", "--wrap=none"],
            input=text.encode(),
            capture_output=True,
            check=True,
        )
        assert made.stderr == b""
        return made.stdout.decode()

    return rendered


RENDERERS = pytest.mark.parametrize(
    "renderer", [github, pandoc("markdown"), pandoc("gfm")], ids=["GitHub", "pandoc", "pandoc as GitHub"]
)


class Seen(HTMLParser):
    """What a reader sees: tables as rows of cells, items of lists, images, links and all the text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tables: list[list[list[str]]] = []
        self.items = 0
        self.images: list[dict[str, str | None]] = []
        self.links: list[str] = []
        self.ids: set[str] = set()
        self.text = ""
        self.tags: set[str] = set()
        self._in: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.add(tag)
        self._in.append(tag)
        if "id" in given:
            self.ids.add(given["id"] or "")
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self.tables[-1][-1].append("")
        elif tag == "li":
            self.items += 1
        elif tag == "img":
            self.images.append(given)
        elif tag == "a":
            self.links.append(given.get("href") or "")

    def handle_endtag(self, tag: str) -> None:
        while self._in and self._in.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if "code" not in self._in:
            self.text += data
        if {"td", "th"} & set(self._in):
            self.tables[-1][-1][-1] += data


@pytest.fixture(scope="module", params=["rated", "not rated", "drawn", "what if", "a small pack"])
def text(request: pytest.FixtureRequest, assessed: Any) -> str:
    found = {
        "rated": lambda: assessed(RATED),
        "not rated": lambda: assessed(UNRATED),
        "drawn": lambda: assessed(RATED, draw=True),
        "what if": lambda: assessed(RATED, given={"price": 300.0}, beliefs={"aws.growth": 0.22}),
        "a small pack": lambda: assessed(RATED, ACME),
    }[request.param]()
    return render_memo(found)


@RENDERERS
def test_tables_footnotes_and_lists_come_out_as_such(text: str, renderer: Callable[[str], str]) -> None:
    """As many of each as are written, every row with the cells of its head, every mark with its note."""
    seen = Seen(renderer(text))
    lines = text.splitlines()
    assert len(seen.tables) == sum(bool(re.fullmatch(r"\|(---:?\|)+", line)) for line in lines)
    assert sum(map(len, seen.tables)) == sum(line.startswith("| ") for line in lines)
    for table in seen.tables:
        assert {len(row) for row in table} == {len(table[0])}
    notes = set(re.findall(r"^\[\^(\d+)\]:", text, re.MULTILINE))
    marks = re.findall(r"\[\^(\d+)\](?!:)", text)
    assert notes == set(marks)
    told = len(notes) if renderer is github else len(marks)  # pandoc repeats a note for each of its marks
    assert seen.items == sum(line.startswith("- ") for line in lines) + told
    inside = [link[1:] for link in seen.links if link.startswith("#")]
    assert len([link for link in inside if re.match(r"fn-?\d+$", link)]) == len(marks)
    assert set(inside) <= seen.ids


@RENDERERS
def test_nothing_is_left_of_the_markup(text: str, renderer: Callable[[str], str]) -> None:
    """No star, hash, bar or bracket stands there as itself, and no dollar sign has become mathematics."""
    seen = Seen(renderer(text))
    assert not re.search(
        r"\*\*|^#|\|---|\[\^|\]\(|`|\*(Misleads|derived|judged|secondary)", seen.text, re.MULTILINE
    )
    assert not seen.tags & {"del", "sub", "math", "script", "style"}
    assert "math" not in renderer(text)


@RENDERERS
def test_a_chart_is_an_image_with_its_words(assessed: Any, renderer: Callable[[str], str]) -> None:
    alt = "Scores [by quarter], a_b * c_d, 10..20%, ending \\"
    charts = [
        Chart("scorecard", "Scores", alt, ""),
        Chart("fan", "Fan", "A fan", ""),
        Chart("x", "X", "More", ""),
    ]
    seen = Seen(renderer(render_memo(assessed(RATED), charts=charts)))
    assert [(image["src"], image["alt"]) for image in seen.images] == [
        ("charts/scorecard.svg", alt),
        ("charts/fan.svg", "A fan"),
        ("charts/x.svg", "More"),
    ]


@RENDERERS
def test_no_tag_that_somebody_wrote_is_one(
    assessed: Any, hostile: Path, renderer: Callable[[str], str]
) -> None:
    """HTML in a pack is text in what others make of the memo, and templates in it are not run."""
    page = renderer(render_memo(assessed(UNRATED, hostile)))
    seen = Seen(page)
    assert not seen.tags & {"script", "img", "svg", "style", "title", "b"}
    assert "<script>alert(1)</script>" in seen.text
    assert "1337" not in seen.text
    assert not [link for link in seen.links if not re.match(r"#|https?://", link)]
    assert not re.search(r"<[^>]+\son\w+=", page)


@RENDERERS
def test_no_text_in_a_pack_becomes_a_block(assessed: Any, spoil: Any, renderer: Callable[[str], str]) -> None:
    """Lines that look like headings, tables, lists, code and quotes add none; rows keep their width."""
    pages = [renderer(render_memo(assessed(UNRATED, spoil(text)))) for text in (LINES, " and so on")]
    for tag in ("h1", "h2", "h3", "table", "tr", "ul", "ol", "li", "blockquote", "pre", "hr", "input", "td"):
        spoilt, clean = (len(re.findall(rf"<{tag}[\s>]", page)) for page in pages)
        assert spoilt == clean, tag
    assert "## Taken over" in Seen(pages[0]).text


@RENDERERS
def test_a_text_that_begins_like_a_block_is_a_paragraph(renderer: Callable[[str], str]) -> None:
    for text in STARTS:
        page = renderer(f"Before.\n\n{markdown_text.prose(text)}\n\nAfter.\n")
        assert re.findall(r"<(\w+)", page) == ["p", "p", "p"], text
        told = f"Before. {' '.join(text.split())} After."
        assert re.sub(DASHES, "-", " ".join(Seen(page).text.split())) == re.sub(DASHES, "-", told)


@RENDERERS
@pytest.mark.parametrize("text", ["a | b", "a \\| b", "a \\\\| b", "|", "a \\", "``` | `"])
def test_no_mark_in_a_cell_makes_another_column(text: str, renderer: Callable[[str], str]) -> None:
    page = renderer(f"| h | i |\n|---|---|\n| {markdown_text.table_cell(text)} | x |\n")
    ((_, (_, last)),) = Seen(page).tables
    assert last == "x"


@pytest.mark.parametrize(
    ("written", "is_kept"),
    [
        ("[x](https://x.org/a)", True),
        ("[x](charts/fan.svg)", True),
        ("[x](#top)", True),
        ("[x](javascript:alert(1))", False),
        ("[x](&#106;avascript:alert(1))", False),
        ("[x](javascript\\:alert(1))", False),
        ("[x]( JaVaScript:alert(1))", False),
        ("[x](data:text/html,x)", False),
        ("[x](//x.org)", True),
    ],
)
def test_a_link_leads_to_the_web_or_to_a_file(written: str, is_kept: bool) -> None:
    links = Seen(github(markdown_text.inert(written))).links
    assert bool(links) == is_kept
    assert markdown_text.inert(markdown_text.inert(written)) == markdown_text.inert(written)


def test_what_looks_like_a_tag_is_escaped_once_however_often_it_is_printed() -> None:
    """Macros hand text on, and a backslash before a tag must not undo the one that makes it harmless."""
    for written, inert in (
        ("a <b> c", "a \\<b> c"),
        ("\\<b>", "\\<b>"),
        ("\\\\<b>", "\\\\\\<b>"),
        ("``` <b> `", "``` \\<b> `"),
        ("1 < 2 <3", "1 < 2 <3"),
    ):
        assert markdown_text.inert(written) == inert
        assert markdown_text.inert(inert) == inert
    assert markdown_text.code("a <b and c < d") == "a < b and c < d"
