"""The cache: what another user could have written is worked out again, and their files are left alone."""

from __future__ import annotations

import marshal
import os
import stat
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from thesis.files.cache import KEPT, Cache

ACME = Path(__file__).parents[1] / "data" / "acme"
RATED = ("--as-of", "2026-10-15")
NOBODY = 65534
KINDS = ("templates", "memos", "packs", "facts", "journals", "rows")

pytestmark = pytest.mark.skipif(
    not hasattr(os, "geteuid"), reason="whose a file is can be asked on POSIX only"
)
as_root = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give a file to somebody else"
)


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    """A cache with one entry."""
    found = Cache(tmp_path / "cache")
    found.keep("memos", "what was worked out", "a", "b")
    assert found.recall("memos", "a", "b") == "what was worked out"
    return found


def _entry(cache: Cache, kind: str = "memos") -> Path:
    assert cache.folder
    return next((cache.folder / kind).iterdir())


def _key(cache: Cache) -> Path:
    assert cache.folder
    return cache.folder / "key"


def _given_away(path: Path) -> None:
    os.chown(path, NOBODY, NOBODY)


def _edited(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"worked", b"forged"))


def _sealed_by_another_key(cache: Cache) -> None:
    """The same entry as the cache of somebody else seals it."""
    assert cache.folder
    other = Cache(cache.folder.with_name("other"))
    other.keep("memos", "what was forged", "a", "b")
    _entry(cache).write_bytes(_entry(other).read_bytes())


def _moved(cache: Cache) -> None:
    """An entry with a seal of the user's own, under the name of another one."""
    name = _entry(cache)
    cache.keep("memos", "another answer", "c")
    other = next(path for path in name.parent.iterdir() if path != name)
    os.replace(other, name)


def _of_another_kind(cache: Cache) -> None:
    assert cache.folder
    cache.keep("packs", "another answer", "a", "b")
    os.replace(_entry(cache, "packs"), _entry(cache))


def _linked(path: Path) -> None:
    path.rename(path.with_suffix(".there"))
    path.symlink_to(path.with_suffix(".there"))


def _piped(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


PLANTED: dict[str, Callable[[Cache], object]] = {
    "an edited entry": lambda cache: _edited(_entry(cache)),
    "an entry sealed with another key": _sealed_by_another_key,
    "an entry under another's name": _moved,
    "an entry of another kind": _of_another_kind,
    "an entry that others can write": lambda cache: _entry(cache).chmod(0o666),
    "a link in place of an entry": lambda cache: _linked(_entry(cache)),
    "a pipe in place of an entry": lambda cache: _piped(_entry(cache)),
    "a link in place of a kind": lambda cache: _linked(_entry(cache).parent),
    "a link in place of the key": lambda cache: _linked(_key(cache)),
    "a key that others can read": lambda cache: _key(cache).chmod(0o644),
    "a key that is too short": lambda cache: _key(cache).write_bytes(_key(cache).read_bytes()[:-1]),
    "no key": lambda cache: _key(cache).unlink(),
}

GIVEN_AWAY: dict[str, Callable[[Cache], Path]] = {
    "an entry": _entry,
    "a kind": lambda cache: _entry(cache).parent,
    "the key": _key,
}


@pytest.mark.parametrize("plant", PLANTED.values(), ids=PLANTED.keys())
def test_what_somebody_planted_is_not_recalled(plant: Callable[[Cache], object], cache: Cache) -> None:
    """An entry counts only with a seal that the user's own key makes, and in its place."""
    plant(cache)
    assert Cache(cache.folder).recall("memos", "a", "b") is None


@as_root
@pytest.mark.parametrize("of", GIVEN_AWAY.values(), ids=GIVEN_AWAY.keys())
def test_what_another_user_owns_is_not_recalled(of: Callable[[Cache], Path], cache: Cache) -> None:
    """Whose an entry, its folder and the key are is asked, even where the seal is right."""
    _given_away(of(cache))
    assert Cache(cache.folder).recall("memos", "a", "b") is None


@as_root
def test_nothing_is_kept_in_another_users_folder(tmp_path: Path) -> None:
    """A folder that belongs to somebody else is left as it is."""
    folder = tmp_path / "theirs"
    folder.mkdir()
    _given_away(folder)
    Cache(folder).keep("memos", "text", "a")
    assert list(folder.iterdir()) == []


def test_nothing_is_believed_by_another_user(cache: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who is somebody else than the owner of the files takes nothing from them and adds nothing."""
    monkeypatch.setattr("thesis.files.cache.os.geteuid", lambda: os.getuid() + 1)
    before = _entry(cache).read_bytes()
    other = Cache(cache.folder)
    assert other.recall("memos", "a", "b") is None
    other.keep("memos", "another answer", "a", "b")
    assert _entry(cache).read_bytes() == before


@pytest.mark.parametrize("plant", PLANTED.values(), ids=PLANTED.keys())
def test_what_was_planted_is_kept_anew(plant: Callable[[Cache], object], cache: Cache) -> None:
    """After that the next run keeps its own answer, and the one after it finds that; a link stays unused."""
    plant(cache)
    again = Cache(cache.folder)
    again.keep("memos", "worked out again", "a", "b")
    is_used = not (cache.folder and (cache.folder / "memos").is_symlink())
    assert Cache(cache.folder).recall("memos", "a", "b") == ("worked out again" if is_used else None)


@pytest.fixture
def open_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def test_folders_are_the_users_alone(tmp_path: Path, open_umask: None) -> None:
    """Every folder that is made for the cache, those above it too, can be entered by its user only."""
    Cache(tmp_path / "a" / "b").keep("memos", "text", "part")
    made = [tmp_path / "a", *(tmp_path / "a").rglob("*")]
    assert {stat.S_IMODE(path.stat().st_mode) for path in made if path.is_dir()} == {0o700}
    assert {stat.S_IMODE(path.stat().st_mode) for path in made if path.is_file()} == {0o600}


def test_a_kind_that_was_open_is_closed(cache: Cache) -> None:
    """A folder of entries that others could enter is the user's alone after the next run."""
    _entry(cache).parent.chmod(0o777)
    cache.keep("memos", "text", "c")
    assert stat.S_IMODE(_entry(cache).parent.stat().st_mode) == 0o700


def test_the_oldest_entries_go(cache: Cache) -> None:
    for number in range(KEPT + 10):
        cache.keep("memos", "text", str(number))
    assert len(list(_entry(cache).parent.iterdir())) == KEPT


def test_nothing_is_removed_through_a_link(tmp_path: Path) -> None:
    """A link in place of a kind, or among its entries, costs nobody a file."""
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    for number in range(KEPT * 2):
        (theirs / str(number)).write_text("mine", encoding="utf-8")
    folder = tmp_path / "cache"
    folder.mkdir()
    (folder / "memos").symlink_to(theirs)
    (folder / "packs").mkdir()
    for number in range(KEPT * 2):
        (folder / "packs" / f"link {number}").symlink_to(theirs / str(number))
    kept = Cache(folder)
    for number in range(KEPT * 2):
        kept.keep("memos", "text", str(number))
        kept.keep("packs", "text", str(number))
    assert sorted(path.name for path in theirs.iterdir()) == sorted(map(str, range(KEPT * 2)))
    assert {path.read_text(encoding="utf-8") for path in theirs.iterdir()} == {"mine"}


def test_what_holds_from_a_day_on_holds_on_no_day_before_it(tmp_path: Path) -> None:
    kept = Cache(tmp_path)
    kept.keep("packs", "text", "a", since=date(2026, 10, 15))
    assert kept.recall("packs", "a", on=date(2026, 10, 14)) is None
    assert kept.recall("packs", "a", on=date(2026, 10, 15)) == "text"


def test_code_in_the_cache_is_not_run(
    folder_pack: Any, tmp_path: Path, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Code that somebody put in place of every file that was kept, and under a seal of before, never runs."""
    pack, folder, mark = folder_pack(), tmp_path / "cache", tmp_path / "it ran"
    monkeypatch.setenv("THESIS_CACHE", str(folder))
    first = run("memo", *RATED, cwd=pack)
    assert first.code == 0 and (folder / "templates").is_dir()
    code = marshal.dumps(compile(f"open({str(mark)!r}, 'w').close()", "memo.md.j2", "exec"))
    for file in list((folder / "templates").iterdir()):
        head = file.read_bytes().partition(b"\n")[0]
        for data in (code, head + b"\n" + code):
            file.write_bytes(data)
            for memo in (folder / "memos").iterdir():
                memo.unlink()
            assert run("memo", *RATED, cwd=pack) == first
    assert not mark.exists()
