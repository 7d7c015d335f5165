"""The text of a document, and what is found in it."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from thesis.archive.document_text import MOST_BYTES, DocumentText, is_text, text_of
from thesis.archive.passages import LONGEST_QUOTE, find_quote, find_words
from thesis.core.problem import InvalidInput

INLINE = """<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml" xmlns:ix="http://x"><head>
<title>acme-20260930</title><style>p {color: red}</style></head><body>
<div style="display: none"><ix:header><ix:hidden>0000012345</ix:hidden></ix:header></div>
<p>Net sales of the <b>seg</b>ment were <ix:nonFraction name="a:B">98.0</ix:nonFraction>&#160;million,
an increase of 3&#37;.</p><script>if (a < b) { x() }</script>
<table><tr><td><p>Net sales</p></td><td>$</td><td>97,000</td></tr>
<tr><td>Costs</td><td></td><td>(5)</td></tr></table>
<hr style="page-break-after:always"/><div>Anvils&nbsp;&mdash; &ldquo;heavy&rdquo;</div></body></html>"""


def text(document: str | bytes) -> DocumentText:
    return text_of(document if isinstance(document, bytes) else document.encode(), "a.htm")


MARKDOWN = """# Results

**Net sales** rose to
$5 million\\* &amp; more.

- North [America](https://a.example)
* West
| Sales | 5 |
|---|--:|
| *Costs* | (3\\|4) |
<!-- image -->
End<br>of it
"""
PAGE_LINES = (
    "Net sales of the segment were 98.0 million, an increase of 3%.",
    "Net sales $ 97,000",
    "Costs (5)",
    "Anvils \u2014 \u201cheavy\u201d",
)
MARKDOWN_LINES = (
    "Results",
    "Net sales rose to",
    "$5 million* & more.",
    "North America",
    "West",
    "Sales 5",
    "*Costs* (3|4)",
    "End of it",
)


@pytest.mark.parametrize(
    ("document", "lines"),
    [
        (INLINE, PAGE_LINES),
        ("<p>one<p>two<br>three<td>a<td>b", ("one", "two", "three a b")),
        ("<html><pre>one\n  two   2\n</pre>three\nfour</html>", ("one", "two 2", "three four")),
        ("<html><p>a <!-- b --> c &lt;d&gt; \u00ad</p><p> </p></html>", ("a c <d>",)),
        ("<html><p>kept<div style='display:none'>a<div>b</div>c</div> too", ("kept", "too")),
        ("<html><p style='display:none'>a<b>b</b><p>kept<br>too", ("kept", "too")),
        ("<html><div><p style='display:none'>a<br>b</div>kept", ("kept",)),
        ("<html><ul><li style='display:none'>a<ul><li>b</ul>c<li>kept</ul>", ("kept",)),
        ("<html><ul><li>one<li style='display:none'>a</ul>kept", ("one", "kept")),
        ("<html><table><tr style='display:none'><td>a<tr><td>kept</table>too", ("kept", "too")),
        ("<html><table><tr><td style='display:none'>a<table><tr><td>b</table>c<td>kept</table>", ("kept",)),
        ("<html><table><tr><th>one<th style='display:none'>a</table>kept", ("one", "kept")),
        ("<html><dl><dt>one<dd style='display:none'>a<dt>kept</dl>", ("one", "kept")),
        ("<html><select><option style='display:none'>a<option>kept</select>", ("kept",)),
        (b'<html><meta charset="windows-1259"><p>5 \x80', ("5 \u20ac",)),
        (MARKDOWN, MARKDOWN_LINES),
        ("first\r\nsecond\rthird\f\nnext page", ("first", "second", "third", "next page")),
        ("<PAGE> 3\nplain 4 < 5\n<PAGE> 4\nmore", ("plain 4 < 5", "more")),
        ("caf\u00e9 \uff15\ufb01ve\u200b \u202enet\u202c".encode("utf-16"), ("caf\u00e9 5five net",)),
        (b'<html><meta charset="windows-1252"><p>5 \x80 \x93each\x94', ("5 \u20ac \u201ceach\u201d",)),
        (b"Price \x95 5", ("Price \u2022 5",)),
    ],
)
def test_the_text_of_a_document(document: str | bytes, lines: tuple[str, ...]) -> None:
    assert text(document).text.split("\n") == list(lines)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "nothing in it"),
        (b" \r\n ", "nothing in it"),
        (b"<html><script>x</script></html>", "no text in it"),
        (b"<html><p>one<div style='display:none'>a<p>b</body></html>", "within an element `div`"),
        (b"<html><p>one<table><tr style='display:none'><td>two</html", "within an element `tr`"),
        (b"%PDF-1.7 text", "a PDF"),
        (b"PK\x03\x04rest", "a zip archive"),
        (b"\x89PNG\r\n", "a picture"),
        (bytes(range(256)) * 40, "no text"),
        (b"a\x00b" * 99, "no text"),
        (b"\xff\xfea", "no text"),
        (b"<DOCUMENT>\n<TYPE>10-K\n</DOCUMENT>\n<DOCUMENT>\n<TYPE>EX-13\n", "whole submission"),
        (b"x" * (MOST_BYTES + 1), "larger than 60 MB"),
    ],
)
def test_what_is_no_document(data: bytes, told: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        text_of(data, "a.htm")
    assert told in refused.value.problems[0].message


@pytest.mark.parametrize(
    "piece", ["<!--", "<p ", "<p style='display:none'>", "[a](", "**", "<td>", "|", "\f", "&#"]
)
def test_what_is_never_closed_comes_to_an_end(piece: str) -> None:
    """Neither of these takes longer than its length allows, nor fails."""
    for before in ("begin ", "<html>begin "):
        assert len(text(before + piece * 100_000 + "</p> end\nend").text) < 1_000_000


@pytest.mark.parametrize(
    ("data", "is_one"),
    [(INLINE.encode(), True), (b"# Results", True), (b'{"cik": 1}', False), (b"%PDF", False), (b"", False),
     (b"<?xml version='1.0'?><xbrli:xbrl/>", False)],
)  # fmt: skip
def test_which_files_are_documents(data: bytes, is_one: bool) -> None:
    assert is_text(data) is is_one


# what is found ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("quote", "places"),
    [
        ("Net sales of the segment were 98.0 million", ["page 1, line 1"]),
        ("Net\n  sales of the\u00a0seg\u00adment were 98.0\tmillion", ["page 1, line 1"]),
        ("$97,000 Costs", ["page 1, line 2"]),
        ('Anvils - "heavy"', ["page 2, line 4"]),
        ("Net sales", ["page 1, line 1", "page 1, line 2"]),
        ("net sales", []),
        ("Netsales of the segment", []),
        ("Net sales of these gment", []),
        ("sales of the segment were 98.0 million, an increase of 3%. Net sales", ["page 1, line 1"]),
        ("0000012345", []),
        ("98.1 million", []),
        ("", []),
        ("\u201c \u201d -", []),
    ],
)
def test_a_quote_has_its_places(quote: str, places: list[str]) -> None:
    assert [found.place for found in find_quote(text(INLINE), quote)] == places


def test_a_quote_is_found_over_a_line_that_ends_in_a_word() -> None:
    document = text("The charges of the year-\nend were for sever-\nance and for\nfreight.")
    for quote in ("the year-end were", "for severance and for freight", "sever-\nance and"):
        (found,) = find_quote(document, quote)
        assert document.text[found.offset : found.offset + found.length].replace("\n", " ") == found.text
    with pytest.raises(ValueError, match="at most 4,000 characters"):
        find_quote(document, "a" * (LONGEST_QUOTE + 1))


WORDS = st.lists(
    st.text(st.characters(codec="utf-8", exclude_characters="<>&"), min_size=1, max_size=9), max_size=30
)
SPACES = st.sampled_from([" ", "  ", "\n", "\u00a0", "\t\n ", "\u00ad ", " \u200b"])


@given(WORDS, st.data())
@example(["a\u0301", "\u2019", "x-", "-y"], None)
def test_what_a_text_says_is_found_where_it_says_it(words: list[str], data: st.DataObject | None) -> None:
    """Any piece of a text, spaced otherwise, is found at its offset; white space is one character."""
    try:
        document = text("<html><p>" + "</p><p>".join(words) + "</p></html>")
    except InvalidInput:
        return
    assert "  " not in document.text and document.text == document.text.strip()
    assert not any(
        unicodedata.category(c) in ("Cc", "Cf", "Zl") and c != "\n" for c in document.text if c < "\u2100"
    )
    start = data.draw(st.integers(0, len(document.text) - 1)) if data else 0
    end = data.draw(st.integers(start + 1, len(document.text))) if data else len(document.text)
    piece = document.text[start:end].strip()
    found = [
        each.offset for each in find_quote(document, piece.replace(" ", data.draw(SPACES) if data else "\n"))
    ]
    at = start + len(document.text[start:end]) - len(document.text[start:end].lstrip())
    if any(c.isalnum() for c in piece):
        assert found and (
            at in found or len(piece) < 3 or any(at - len(piece) < each <= at for each in found)
        )
    else:
        assert found == []


def test_words_stand_in_a_paragraph() -> None:
    document = text(
        "Capacity is\nconstrained by chips.\n\nChips cost more.\n\n" + "Much. " * 200 + "Capacities of power."
    )
    assert [found.text for found in find_words(document, ["CAPACIT", "chip"])] == [
        "Capacity is constrained by chips."
    ]
    assert [found.line for found in find_words(document, ["capacity", "chips"], every=False)] == [1, 3]
    assert [found.line for found in find_words(document, ["is constrained"])] == [1]
    (last,) = find_words(document, ["of power"])
    assert last.text.endswith("Capacities of power.") and len(last.text) <= 400
    (over,) = find_words(document, ["by chips. chips"])
    assert over.text == "Capacity is constrained by chips. Chips"
    assert list(find_words(document, ["apacity"])) == list(find_words(document, [" "])) == []
