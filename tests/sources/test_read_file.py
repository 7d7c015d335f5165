"""Files of every kind, and files made to hurt."""

from __future__ import annotations

import io
import os
import tracemalloc
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sources.conftest import CONTEXTS
from tests.tiers import examples
from thesis.core.problem import InvalidInput, render_problems
from thesis.sources.read_file import read_facts, read_filing
from thesis.sources.xbrl.instance import read_instance

ASSETS = '<us-gaap:Assets contextRef="end" unitRef="usd">5</us-gaap:Assets>'
NUMBER = '<ix:nonFraction name="us-gaap:Assets" contextRef="end" unitRef="usd">5</ix:nonFraction>'


class Endless(io.BytesIO):
    """A stream of the same bytes for ever, after a beginning."""

    def __init__(self, head: bytes, again: bytes) -> None:
        super().__init__()
        self.head = head
        self.again = again
        self.given = 0

    def read(self, size: int | None = -1) -> bytes:
        assert size is not None and size > 0, "it has no end to be read to"
        at = (self.given - len(self.head)) % len(self.again)
        start = self.head[self.given :]
        self.given += size
        return start + (self.again * (size // len(self.again) + 2))[0 if start else at :][: size - len(start)]


def test_the_kind_is_in_the_file_not_in_its_name(instance: Any, page: Any, tmp_path: Path) -> None:
    path = tmp_path / "anything.txt"
    for data in (
        instance(ASSETS),
        page(NUMBER),
        b'\n {"cik": 1, "facts": {}}',
        b"\xef\xbb\xbf" + instance(ASSETS),
    ):
        path.write_bytes(data)
        assert read_facts(path, "x") == read_facts(str(path), "x") == read_facts(data, "x")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("\n", ""),
        (" \r\n\n", "\n\n"),
        ("<XBRL>\n", "\n</XBRL>\n"),
        ("<XBRL>", "</XBRL>"),
        ("<TEXT>\n<XBRL>\n\n", "\n</XBRL>\n</TEXT>\n"),
        ("<XML>\n", "</XML>"),
        ("\ufeff\n<xbrl>\n", "</xbrl>"),
    ],
)
@pytest.mark.parametrize("head", ['<?xml version="1.0"?>', '<?xml version="1.0" encoding="ASCII"?>', ""])
def test_what_stands_around_a_document_changes_nothing_in_it(
    page: Any, instance: Any, before: str, after: str, head: str
) -> None:
    """As libraries and whole submissions hand filings out; and places count the lines of the file."""
    for plain in (page(NUMBER, head=head), instance(ASSETS, head=head)):
        facts = read_facts(plain, "x")
        around = read_facts(before.encode() + plain + after.encode(), "x")
        lines = before.count("\n")
        moved = [fact.place._replace(line=fact.place.line - lines) for fact in around]
        assert [fact._replace(place=place) for fact, place in zip(around, moved, strict=True)] == facts


@pytest.mark.parametrize("after", ["<html/>", "</XBRL>more", "more", "</DIV>"])
def test_what_follows_a_document_and_is_no_wrapper_is_refused(page: Any, after: str) -> None:
    with pytest.raises(InvalidInput):
        read_facts(b"<XBRL>\n" + page(NUMBER) + after.encode(), "x")


def test_a_wrapped_document_that_is_cut_short_is_refused(page: Any) -> None:
    whole = b"<XBRL>\n" + page(NUMBER)
    with pytest.raises(InvalidInput):
        read_facts(whole[:-20] + b"\n</XBRL>", "x")


def test_pages_of_one_filing_say_together_what_their_figures_are_about(page: Any) -> None:
    """Contexts, units and the cover of one page hold in the others; each keeps its own where it has them."""
    cover = '<ix:nonNumeric name="dei:DocumentType" contextRef="year">10-K</ix:nonNumeric>'
    main, exhibit = page(cover), page(NUMBER, resources="")
    own = CONTEXTS.replace("2023-12-31</xbrli:instant>", "2022-12-31</xbrli:instant>")
    first, second, third = read_filing([(main, "a"), (exhibit, "b"), (page(NUMBER, resources=own), "c")])
    assert [fact.tag for fact in first] == ["dei:DocumentType"]
    assert [(str(fact.period), fact.form, fact.place.file) for fact in second] == [
        ("2023-12-31", "10-K", "b")
    ]
    assert [(str(fact.period), fact.form) for fact in third] == [("2022-12-31", "10-K")]
    with pytest.raises(InvalidInput):
        read_facts(exhibit, "b")
    assert read_filing([(main, "a"), (b"<html>letter</html>", "b")])[1] == []
    with pytest.raises(InvalidInput) as caught:
        read_filing([(b"<html>letter</html>", "b"), (b"", "c")])
    assert [problem.code for problem in caught.value.problems] == ["empty-file"]


def test_wanted_tags_alone(instance: Any) -> None:
    assert read_facts(instance(ASSETS), "x", wanted={"us-gaap:Cash"}) == []


@pytest.mark.parametrize(
    "head",
    [
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        '<!DOCTYPE x [<!ENTITY secret SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE x [<!ENTITY % p SYSTEM "http://else.example/x.dtd"> %p;]>',
        '<!DOCTYPE x [<!ATTLIST us-gaap:Assets scale CDATA "6">]>',
    ],
)
def test_declarations_are_refused(instance: Any, page: Any, refused: Any, head: str) -> None:
    """A bomb of entities, a file from the disk, one from elsewhere, an attribute that nobody wrote."""
    for data in (instance(ASSETS, head=head), page(NUMBER, head=head)):
        (problem,) = refused(data)
        assert problem.code == "document-type" and problem.span.line == 1


def test_entities_of_another_file_are_not_fetched(instance: Any, refused: Any) -> None:
    head = '<!DOCTYPE x SYSTEM "http://else.example/x.dtd">'
    (problem,) = refused(instance(ASSETS.replace(">5<", ">&five;<"), head=head))
    assert problem.code == "document-type" and "`&five;`" in problem.message


@pytest.mark.parametrize("again", [b"<a>", b'<xbrli:context id="a"><xbrli:entity>', b"<a><b>text"])
def test_nesting_without_end_stops_at_once(again: bytes) -> None:
    """Half a gigabyte of open elements would fill the memory; reading ends with the first piece."""
    stream = Endless(b'<xbrli:xbrl xmlns:xbrli="http://www.xbrl.org/2003/instance">', again)
    tracemalloc.start()
    try:
        with pytest.raises(InvalidInput) as caught:
            read_instance(stream, "x", most=500_000_000)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert caught.value.problems[-1].code == "too-deep"
    assert stream.given <= 2_000_000 and peak < 20_000_000


@pytest.mark.parametrize("again", [b" ", b"<a/>", b"<!-- again and again -->"])
def test_length_without_end_stops_at_the_bound(again: bytes) -> None:
    """What is no fact is not kept."""
    stream = Endless(
        b'<x:xbrl xmlns:x="http://www.xbrl.org/2003/instance"><a xmlns="http://www.xbrl.org/2003/linkbase">',
        again,
    )
    tracemalloc.start()
    try:
        with pytest.raises(InvalidInput) as caught:
            read_instance(stream, "x", most=1_500_000)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert caught.value.problems[-1].code == "too-large"
    assert peak < 20_000_000


def test_one_tag_without_end_stops_at_the_bound() -> None:
    """Read in growing pieces: looking through the unfinished tag anew with each would take for ever."""
    stream = Endless(b'<xbrli:xbrl xmlns:xbrli="http://www.xbrl.org/2003/instance" a="', b"a")
    with pytest.raises(InvalidInput) as caught:
        read_instance(stream, "x", most=30_000_000)
    assert caught.value.problems[-1].code == "too-large"


def test_too_many_prefixes(instance: Any, refused: Any) -> None:
    many = " ".join(f'xmlns:p{i}="urn:{i}"' for i in range(600))
    (problem,) = refused(instance(ASSETS).replace(b"<xbrli:xbrl", f"<xbrli:xbrl {many}".encode()))
    assert problem.code == "bad-namespace"


def test_a_prefix_that_pretends(instance: Any, refused: Any) -> None:
    data = instance(ASSETS).replace(b"http://fasb.org/us-gaap/2023", b"http://else.example/us-gaap/2023")
    (problem,) = refused(data)
    assert problem.code == "bad-namespace" and "`us-gaap`" in problem.message


@pytest.mark.parametrize("encoding", ["iso-8859-1", "windows-1252", "utf-16", "us-ascii"])
def test_other_encodings_are_read_as_declared(instance: Any, facts: Any, encoding: str) -> None:
    text = "plain" if encoding == "us-ascii" else "caf\u00e9"
    body = f'<acme:Note contextRef="end">{text}</acme:Note>'
    data = instance(body, head=f'<?xml version="1.0" encoding="{encoding}"?>').decode().encode(encoding)
    assert facts(data)[0].text == text


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data.replace(b"caf\xc3\xa9", b"caf\xe9"),
        lambda data: data.replace(b'"1.0"?', b'"1.0" encoding="klingon"?'),
        lambda data: data.replace(b"caf\xc3\xa9", b"caf\x00"),
    ],
)
def test_encodings_that_are_none(instance: Any, refused: Any, change: Any) -> None:
    data = change(instance('<acme:Note contextRef="end">caf\u00e9</acme:Note>'))
    (problem,) = refused(data)
    assert problem.code == "xml-syntax" and problem.span.line >= 1


def test_a_file_that_is_cut_short(instance: Any, page: Any, refused: Any) -> None:
    """Wherever it is cut, it is refused and never half read."""
    for data in (instance(ASSETS), page(NUMBER)):
        for end in range(1, len(data), 37):
            problems = refused(data[:end])
            assert problems[-1].code in ("xml-syntax", "not-a-filing")
    whole = b'{"cik": 1, "facts": {"us-gaap": {}}}'
    for end in range(1, len(whole)):
        (problem,) = refused(whole[:end])
        assert problem.code == "json-syntax"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty-file"),
        (b" \n", "empty-file"),
        (b"PK\x03\x04rest", "compressed"),
        (b"\x1f\x8brest", "compressed"),
        (b"%PDF-1.7", "compressed"),
        (b"hello", "not-a-filing"),
        (b"<SEC-DOCUMENT>0000.txt : 2024", "not-a-filing"),
        (b"<schema/>", "not-a-filing"),
        (
            b'<?xml version="1.0"?><link:linkbase xmlns:link="http://www.xbrl.org/2003/linkbase"/>',
            "not-a-filing",
        ),
        (b'{"filings": {}}', "not-a-filing"),
        (b"[1, 2]", "not-a-filing"),
        (b"<!DOCTYPE html><html><body><p>Annual report<br></body></html>", "no-inline-xbrl"),
        (b"<HTML><BODY>&nbsp;Annual report</BODY></HTML>", "no-inline-xbrl"),
        (b'<html xmlns="http://www.w3.org/1999/xhtml"><body/></html>', "no-inline-xbrl"),
        (b'{"cik": 1, "facts": NaN}', "json-syntax"),
        (b'{"cik": 1, "facts": "\xff"}', "not-utf-8"),
        (b"[" * 200_000, "too-deep"),
    ],
)
def test_what_is_no_filing(refused: Any, data: bytes, code: str) -> None:
    (problem,) = refused(data)
    assert problem.code == code


def test_a_page_with_inline_xbrl_that_is_no_xml(page: Any, refused: Any) -> None:
    """It is told what is wrong with it, and not that nothing in it is tagged."""
    (problem,) = refused(page("<p>one<br>two</p>" + NUMBER))
    assert problem.code == "xml-syntax" and "does not close" in problem.message


def test_size_is_bounded(instance: Any, refused: Any) -> None:
    assert refused(instance(ASSETS), most=1000)[0].code == "too-large"
    assert refused(b'{"cik": 1, "facts": {}}', most=10)[0].code == "too-large"


def test_files_that_cannot_be_opened(refused: Any, tmp_path: Path) -> None:
    assert refused(tmp_path / "none.xml")[0].code == "missing-file"
    assert refused(tmp_path)[0].code == "unreadable-file"
    assert refused(Path("a\0b"))[0].code == "unreadable-file"
    os.mkfifo(tmp_path / "pipe")
    assert refused(tmp_path / "pipe")[0].code == "unreadable-file"


def test_an_instance_asked_for_is_no_page(page: Any) -> None:
    with pytest.raises(InvalidInput) as caught:
        read_instance(io.BytesIO(page(NUMBER)), "x")
    assert caught.value.problems[0].code == "not-a-filing"


def test_a_problem_is_shown_with_its_line(instance: Any, tmp_path: Path) -> None:
    path = tmp_path / "acme.xml"
    path.write_bytes(instance(ASSETS.replace(">5<", ">five<")))
    with pytest.raises(InvalidInput) as caught:
        read_facts(path, "acme.xml")
    assert render_problems(caught.value.problems, caught.value.sources) == (
        "acme.xml:15:1: error[bad-number]: `us-gaap:Assets`: expected a number, found `five`\n"
        "   |\n"
        '15 | <us-gaap:Assets contextRef="end" unitRef="usd">five</us-gaap:Assets>\n'
        "   | ^\n"
        "1 problem in 1 file"
    )


@examples(300)
@given(data=st.data(), kind=st.sampled_from(["instance", "page", "json"]))
def test_a_damaged_file_is_read_or_refused(instance: Any, page: Any, data: Any, kind: str) -> None:
    """Bytes changed, cut out or doubled anywhere: facts or problems, and nothing else ever."""
    filing = '"accn": "0000012345-24-000001", "form": "10-K", "filed": "2024-02-01"'
    row = f'{{"end": "2023-12-31", "val": 5, {filing}}}'
    note = '<ix:nonNumeric name="acme:N" contextRef="end" continuedAt="c">a</ix:nonNumeric>'
    whole = {
        "instance": instance(ASSETS),
        "page": page(NUMBER + note),
        "json": f'{{"cik": 1, "facts": {{"dei": {{"X": {{"units": {{"USD": [{row}]}}}}}}}}}}'.encode(),
    }[kind]
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(whole) - 1))
        until = data.draw(st.integers(at, min(len(whole), at + 30)))
        put = data.draw(
            st.one_of(st.binary(max_size=4), st.just(whole[at:until] * 2), st.just(b"0"), st.just(b'"'))
        )
        whole = whole[:at] + put + whole[until:]
    with suppress(InvalidInput):
        assert isinstance(read_facts(whole, "x"), list)
