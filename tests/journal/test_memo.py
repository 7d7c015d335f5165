"""The memo beside a journal: what people wrote in it stays text, in HTML and in Markdown."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.document.test_markdown_text import RENDERERS, Seen
from tests.memo.test_html import Parsed, words_of

LINES = (
    "So.\n## Taken over\n\n| a | b |\n|---|---|\n| c | d |\n\n- [x] done\n1. one\n> said\n\n```\ncode\n"
    "<script>alert(1)</script> <b>bold</b> [x](javascript:alert(1)) [y](&#106;avascript:alert(1)) "
    "{{ 7 * 191 }}{% if x %} a \\| b | c\n\n[z]: javascript:alert(1)\n\n===\n\n    indented"
)
STARTS = (
    "# a heading",
    "- a list",
    "1) a list",
    "> a quote",
    "| a | b |",
    "```",
    "---",
    "[^1]: a note",
    "+ x",
)
FORECAST = ("forecast", "--when", "repairs_growth >= 15%", "--p", "60%")

Reviewed = Callable[[str], Path]


@pytest.fixture
def reviewed(folder_pack: Any, run: Any, monkeypatch: pytest.MonkeyPatch) -> Reviewed:
    """``reviewed(text)``: a small pack with a signed review, and overrides after it, all in these words."""

    def call(text: str) -> Path:
        folder: Path = folder_pack(name=f"p{len(text)}")
        by = ("--by", " ".join(text.split()))

        def do(day: str, *arguments: str) -> None:
            monkeypatch.setenv("THESIS_TODAY", day)
            found = run(*arguments, cwd=folder)
            assert found.code == 0, found.err

        evidence = ("--evidence", text, "--source", text, "--period", "2026Q2")
        do("2026-08-04", "judge", "J1", "--level", "2", *evidence, *by)
        do("2026-08-04", *FORECAST, "--id", "F1", "--text", text, *by)
        do("2026-08-04", "forecast", "--id", "F2", "--text", text, "--p", "10%", "--period", "2026Q4", *by)
        words: tuple[str, ...] = ("--note", text, "--opposing", text)
        for start in STARTS if text == LINES else ["So"] * len(STARTS):
            words += ("--premortem", f"{start}\n5%")
        do("2026-08-05", "review", "sign", "--decision", "hold", *words, *by)
        do("2026-08-06", "review", "sign", "--supersede", text, "--decision", "hold", *words, *by)
        given = ("--reason", text, "--until", "2026-10-31", *by)
        do("2026-08-20", "override", "margins", "--score", "0.5..0.6", *given)
        do("2026-08-20", "override", "K1", "--answer", "no", *given)
        monkeypatch.setenv("THESIS_TODAY", "2026-08-20")
        return folder

    return call


def test_in_html_it_adds_no_element_and_can_be_read(reviewed: Reviewed, run: Any) -> None:
    spoilt, clean = (
        Parsed(run("memo", "--format", "html", cwd=reviewed(text)).out) for text in (LINES, "So.")
    )

    def shape(found: Parsed) -> set[tuple[str, frozenset[str]]]:
        return {(tag, frozenset(attributes)) for tag, attributes in found.elements if tag != "code"}

    assert shape(spoilt) <= shape(clean)
    for tag in ("h2", "h3", "table", "tr", "ul", "li", "script", "a", "blockquote"):
        assert len(spoilt.all(tag)) == len(clean.all(tag)), tag
    text = words_of(spoilt.text)
    assert text.count("<script>alert(1)</script> <b>bold</b> [x](javascript:alert(1))") > 6
    assert "1337" not in text
    assert all(start in text for start in STARTS)


@RENDERERS
def test_in_markdown_it_makes_no_heading_table_list_tag_or_link(
    renderer: Callable[[str], str], reviewed: Reviewed, run: Any
) -> None:
    """As many of each as in the same memo with plain words, and every row as wide as its head."""
    spoilt, clean = (run("memo", cwd=reviewed(text)).out for text in (LINES, "So."))
    seen, plain = Seen(renderer(spoilt)), Seen(renderer(clean))
    pages = [renderer(text) for text in (spoilt, clean)]
    for tag in (
        "h1",
        "h2",
        "h3",
        "table",
        "tr",
        "ul",
        "ol",
        "li",
        "blockquote",
        "pre",
        "hr",
        "input",
        "section",
    ):
        counts = [len(re.findall(rf"<{tag}[\s>]", page)) for page in pages]
        assert counts[0] == counts[1], tag
    assert {len(row) for table in seen.tables for row in table} == {
        len(row) for table in plain.tables for row in table
    }
    assert [len(table) for table in seen.tables] == [len(table) for table in plain.tables]
    assert not seen.tags - plain.tags - {"code"}
    assert not [link for link in seen.links if not re.match(r"#|https?://", link)]
    assert "## Taken over" in seen.text
    assert "1337" not in seen.text


@RENDERERS
def test_the_form_of_a_review_keeps_texts_as_well(
    renderer: Callable[[str], str], reviewed: Reviewed, run: Any
) -> None:
    pages = []
    for text in (LINES, "So."):
        folder = reviewed(text)
        assert run("review", "start", "--form", "form.md", cwd=folder).code == 0
        pages.append(renderer((folder / "form.md").read_text("utf-8")))
    for tag in ("h2", "h3", "table", "tr", "script", "b"):
        counts = [len(re.findall(rf"<{tag}[\s>]", page)) for page in pages]
        assert counts[0] == counts[1], tag


def test_paragraphs_of_a_note_stay_apart(reviewed: Reviewed, run: Any) -> None:
    folder = reviewed("The first of\ntwo.\n\nThe second.")
    assert "\n> The first of two.\n>\n> The second.\n" in run("memo", cwd=folder).out
    page = run("memo", "--format", "html", cwd=folder).out
    assert "<p>The first of two.</p><p>The second.</p>" in page


# what it says -----------------------------------------------------------------------------------------


def test_both_formats_say_what_is_overridden_and_what_stands_behind_it(reviewed: Reviewed, run: Any) -> None:
    folder = reviewed("So.")
    html = Parsed(run("memo", "--format", "html", cwd=folder).out).text
    for text in (run("memo", cwd=folder).out.replace("*", "").replace("|", " "), html):
        flat = words_of(text)
        assert re.search(
            r"Margins is \.50-\.60 by So\..s own word until 2026-10-31 \(So\), calculated: \w+ \.\d\d", flat
        )
        assert "Without overrides: " in flat
        assert "met .50-.60 overridden" in flat
        assert "no overridden" in flat
        assert "Published: " in flat
        assert "Against the review of 2026Q2.2, signed 6 Aug 2026" in flat
        assert "F2: So. 10%" in flat
        assert "It corrects the one before it: So." in flat


def test_a_page_leads_to_what_the_journal_adds(reviewed: Reviewed, run: Any) -> None:
    page = Parsed(run("memo", "--format", "html", cwd=reviewed("So.")).out)
    links = [attributes["href"] for attributes in page.all("a")]
    held = [attributes.get("id") for attributes in page.all("section")]
    for name in ("change", "overrides", "forecasts", "decision"):
        assert f"#{name}" in links
        assert name in held
    assert "published" in page.text.partition("Verdict")[0]


def test_overrides_are_told_where_no_review_is_signed(folder_pack: Any, run: Any) -> None:
    """Without a journal there is nothing about reviews, and no empty section."""
    given = ("--reason", "So.", "--until", "2026-12-31", "--by", "J. Doe")
    folder = folder_pack()
    assert run("override", "margins", "--score", "0.5", *given, cwd=folder).code == 0
    page = run("memo", "--format", "html", cwd=folder).out
    assert 'id="overrides"' in page
    assert 'id="decision"' not in page
    text = run("memo", cwd=folder).out
    assert "## Overrides" in text
    assert "Published" not in text
