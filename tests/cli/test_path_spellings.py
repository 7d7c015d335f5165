"""An answer does not depend on how the path to a pack was typed."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ACME, Command, FolderPack
from thesis.pack.folder import Folder, read_folder

ANSWERS: Mapping[str, tuple[str, ...]] = {
    "memo": ("memo", "--json"),
    "check": ("check", "--json"),
    "value": ("value", "--json"),
    "explain": ("explain", "margin", "--json"),
    "facts": ("export", "facts"),
    "lint": ("lint", "--json"),
    "facts check": ("facts", "check", "--json"),
    "list": ("review", "list", "--json"),
    "workbook": ("export", "workbook", "--out", "OUT.xlsx"),
    "parquet": ("export", "facts", "--format", "parquet", "--out", "OUT.parquet"),
}


def spellings(pack: Path) -> dict[str, tuple[Path, tuple[str, ...]]]:
    """Ways to name one folder: the working folder, and what is typed there."""
    top, name = pack.parent, pack.name
    link = top / "elsewhere" / "link"
    link.parent.mkdir()
    link.symlink_to(pack)
    return {
        "none, inside": (pack, ()),
        "a dot, inside": (pack, ("-p", ".")),
        "its name": (top, ("-p", name)),
        "with a slash": (top, ("-p", f"{name}/")),
        "with a dot": (top, ("-p", f"./{name}")),
        "roundabout": (top, ("-p", f"elsewhere/../{name}")),
        "absolute": (top, ("-p", str(pack))),
        "from below": (pack / "facts", ("-p", "..")),
        "a link": (link.parent, ("-p", "link")),
    }


def _unpacked(data: bytes) -> Any:
    if not data.startswith(b"PK"):
        return data
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        return {name: parts.read(name) for name in parts.namelist()}


SIGN = ("review", "sign", "tsla", "--decision", "hold", "--note", "n", "--as-of", "2026-10-15")


@pytest.fixture
def signed(priced: FolderPack, run: Command, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A pack with a valuation and a journal, under a name after "thesis" in the alphabet."""
    pack = priced(name="tsla")
    monkeypatch.setenv("THESIS_ANALYST", "R. Runner")
    signed = run(*SIGN, cwd=pack.parent)
    assert signed.code == 0, signed.err
    return pack


@pytest.mark.parametrize("is_remembered", [False, True], ids=["anew", "with a cache"])
def test_every_answer_is_the_same_however_the_pack_is_named(
    signed: Path, run: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, is_remembered: bool
) -> None:
    monkeypatch.setenv("THESIS_CACHE", str(tmp_path / "cache") if is_remembered else "")
    expected: dict[str, Any] = {}
    places = spellings(signed)
    for spelling in ("none, inside", "with a slash", "with a dot", "absolute", "a link"):
        folder, named = places[spelling]
        for answer, command in ANSWERS.items():
            if is_remembered and answer not in ("memo", "check", "list"):
                continue
            out = tmp_path / f"out{Path(command[-1]).suffix}"
            asked = [str(out) if word.startswith("OUT") else word for word in command]
            found = run(*asked, *named, cwd=folder)
            assert found.code in (0, 1, 4), (answer, spelling, found.err)
            got = _unpacked(out.read_bytes()) if str(out) in asked else found.out
            out.unlink(missing_ok=True)
            assert got == expected.setdefault(answer, got), (answer, spelling)
            assert got, answer


@pytest.mark.parametrize("fault", ["a mistake", "a row", "no file"])
def test_problems_as_json_name_files_from_the_pack(folder_pack: FolderPack, run: Command, fault: str) -> None:
    """In a terminal they name them as they were typed, to be opened from there."""
    rows = (ACME / "facts" / "ACME.csv").read_text("utf-8")
    pack = folder_pack(
        {
            "a mistake": {"judgements.yaml": "rubrics: 1\n"},
            "a row": {"facts/ACME.csv": f"{rows}nothing,2026Q1,1,USD,2026-08-01,x,reported,\n"},
            "no file": {"metrics.yaml": None},
        }[fault]
    )
    name = {"a mistake": "judgements.yaml", "a row": "facts/ACME.csv", "no file": "metrics.yaml"}[fault]
    told = set()
    for folder, named in spellings(pack).values():
        told.add(run("lint", "--json", *named, cwd=folder).out)
        typed = f"{named[1].rstrip('/')}/" if named and named[1] != "." else ""
        assert f"{typed}{name}" in run("lint", *named, cwd=folder).err
    assert len(told) == 1
    assert f"{name}" in told.pop()


def test_a_board_names_a_pack_by_where_it_lies(folder_pack: FolderPack, run: Command) -> None:
    pack = folder_pack()
    typed = ("acme", "./acme", "acme/", str(pack), f"../{pack.parent.name}/acme")
    boards = {run("board", "--json", name, cwd=pack.parent).out for name in typed}
    assert len(boards) == 1
    assert '"name": "acme"' in boards.pop()


def test_a_review_verifies_from_everywhere(signed: Path, run: Command) -> None:
    """Also under another name: one digest of the facts, whatever stands before their names."""
    places = spellings(signed)
    told = {run("review", "verify", *named, cwd=folder) for folder, named in places.values()}
    assert {each.code for each in told} == {0}, told
    assert len({each.out for each in told}) == 1
    signed.rename(signed.with_name("acme"))
    assert run("review", "verify", "acme", cwd=signed.parent).out == told.pop().out


def test_a_review_whose_facts_were_sealed_in_the_other_order_verifies(
    priced: FolderPack, run: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until 0.1.0 a path after "thesis" in the alphabet put thesis.yaml before the facts in their digest."""
    pack = priced(name="tsla")
    other = read_folder(pack, "").facts_digests[1]
    assert other != read_folder(pack, "tsla").facts_digest
    monkeypatch.setenv("THESIS_ANALYST", "R. Runner")
    with monkeypatch.context() as earlier:
        earlier.setattr(Folder, "facts_digest", other)
        signed = run(*SIGN, cwd=pack.parent)
    assert signed.code == 0, signed.err
    assert other in (pack / "reviews" / "2026Q2.yaml").read_text("utf-8")
    for folder, named in spellings(pack).values():
        found = run("review", "verify", *named, cwd=folder)
        assert (found.code, found.err) == (0, ""), named
