"""Which documents a pack has on file, and their bytes in the user's cache."""

from __future__ import annotations

import stat
from datetime import date
from pathlib import Path

import pytest

from thesis.archive.document_store import DocumentStore, put_on_file
from thesis.archive.documents import (
    COLUMNS,
    DOCUMENTS,
    Document,
    Filing,
    digest_of,
    documents_on_file,
    find_documents,
    read_documents,
    written_documents,
)
from thesis.core.period import Quarter
from thesis.core.problem import InvalidInput

NUMBER = "0000012345-26-000111"
RELEASE = Document("", "ACME", "8-K", NUMBER, date(2026, 10, 29), Quarter.parse("2026Q3"), "ex991.htm")
DATA = b"Anvils rose to $98 million."


@pytest.fixture
def store(tmp_path: Path) -> DocumentStore:
    return DocumentStore(tmp_path / "cache")


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    (tmp_path / "acme").mkdir()
    return tmp_path / "acme"


def put(pack: Path, store: DocumentStore, *said: tuple[bytes, Document]) -> list[str]:
    return [change.kind for change in put_on_file(pack, "acme/", store, [Filing(*each) for each in said])]


def test_a_document_is_on_file_once_whatever_it_is_called(pack: Path, store: DocumentStore) -> None:
    """What is said later completes what is known, and what contradicts it changes nothing."""
    bare = Document("", "ACME", origin="copy of it.txt")
    assert put(pack, store, (DATA, bare), (DATA, bare._replace(origin="b.txt"))) == ["new", "known"]
    assert put(pack, store, (DATA, RELEASE)) == ["completed"]
    before = (pack / DOCUMENTS).read_bytes()
    (found,) = documents_on_file(pack)
    assert found == RELEASE._replace(digest=digest_of(DATA), origin="copy of it.txt")
    assert (found.citation, found.name) == (f"8-K {NUMBER}", "copy of it.txt")
    (change,) = put_on_file(pack, "", store, [Filing(DATA, RELEASE._replace(form="10-K", accession=""))])
    assert (change.kind, change.told) == ("contradicted", ("`form` is 8-K in documents.csv, and 10-K now",))
    assert put(pack, store, (DATA, RELEASE)) == ["known"]
    assert (pack / DOCUMENTS).read_bytes() == before


def test_the_bytes_are_the_documents_own_or_are_told_to_be_gone(pack: Path, store: DocumentStore) -> None:
    put(pack, store, (DATA, RELEASE), (b"<p>web", RELEASE._replace(origin="https://a.example/x/web.htm")))
    here = {each.name: each for each in documents_on_file(pack)}
    assert store.read(here["ex991.htm"]) == DATA and store.text(here["web.htm"]).text == "web"
    assert store.folder
    assert stat.S_IMODE(store.folder.stat().st_mode) == 0o700
    for name, back in (("ex991.htm", "thesis documents add ex991.htm"),
                       ("web.htm", "thesis facts fetch --entity ACME --since 2026-10-29")):  # fmt: skip
        path = store.folder / here[name].digest
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        whole = path.read_bytes()
        for state, damage in (("damaged", whole[:-1]), ("missing", None)):
            path.write_bytes(damage) if damage is not None else path.unlink()
            assert store.state(here[name]) == state
            with pytest.raises(InvalidInput) as gone:
                store.read(here[name])
            assert back in gone.value.problems[0].hint
            assert put(pack, store, (whole, RELEASE._replace(accession="", form=""))) == ["restored"]
            assert store.read(here[name]) == whole


def test_without_a_cache_nothing_is_put_on_file(pack: Path) -> None:
    with pytest.raises(InvalidInput):
        put_on_file(pack, "", DocumentStore(None), [Filing(DATA, RELEASE)])
    assert not (pack / DOCUMENTS).exists() and documents_on_file(pack) == []


def test_every_row_that_is_wrong_is_told() -> None:
    good = "a" * 64
    rows = [
        f"{good},ACME,8-K,{NUMBER},2026-10-29,2026Q3,x.htm",
        f"{good},,,,,,",
        "abc,ACME,8-K,12,yesterday,Q3,x.htm",
        f"{'b' * 64},,,,,,{'x' * 501}",
    ]
    with pytest.raises(InvalidInput) as wrong:
        read_documents("\n".join([",".join(COLUMNS), *rows, ""]), DOCUMENTS)
    told = [(problem.span and problem.span.line, problem.message[:13]) for problem in wrong.value.problems]
    assert told == [
        (3, "the document "), (4, "`digest`: exp"), (4, "`accession`: "), (4, "`filed`: expe"),
        (4, "`period`: exp"), (5, "`origin`: lon"),
    ]  # fmt: skip


def test_what_is_written_is_read_back() -> None:
    listed = [RELEASE._replace(digest=digest_of(DATA), origin="=1+1.htm"), Document(digest_of(b"x"))]
    text = written_documents(listed)
    assert "'=1+1.htm" in text
    assert read_documents(text, DOCUMENTS) == listed[::-1]
    assert written_documents(reversed(listed)) == text


def test_a_document_is_found_by_what_names_it() -> None:
    one, two = (Document(digest_of(data), accession=NUMBER, origin=f"{data!r}.htm") for data in (b"1", b"2"))
    for wanted, found in {
        NUMBER: [one, two], one.id: [one], one.digest: [one], "b'2'.htm": [two], "b'2'": [], "": [], "zz": [],
    }.items():  # fmt: skip
        assert find_documents([one, two], wanted) == found
