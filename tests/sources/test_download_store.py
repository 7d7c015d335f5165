"""Store: whole files or none, whoever else writes at the same time."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from thesis.sources.edgar.download_store import DownloadStore

URL = "https://www.sec.gov/Archives/edgar/data/12345/000001234526000111/acme.htm"


def put(store: DownloadStore, body: bytes, url: str = URL) -> Path:
    with store.room(url) as file:
        file.write(body)
        return store.keep(url, file, {"etag": '"1"'})


def test_what_was_kept_is_found_with_what_to_ask(tmp_path: Path) -> None:
    store = DownloadStore(tmp_path)
    assert store.find(URL) is None
    path = put(store, b"figures")
    kept = store.find(URL)
    assert kept and kept.path == path and kept.conditions == {"If-None-Match": '"1"'}
    assert path.read_bytes() == b"figures" and path.parent.name == "000001234526000111"


def test_what_is_not_kept_leaves_nothing(tmp_path: Path) -> None:
    store = DownloadStore(tmp_path)

    def stopped() -> None:
        with store.room(URL) as file:
            file.write(b"half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stopped()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("damage", [b"", b"figure", b"figurez"])
def test_a_damaged_file_is_not_there(damage: bytes, tmp_path: Path) -> None:
    store = DownloadStore(tmp_path)
    put(store, b"figures").write_bytes(damage)
    assert store.find(URL) is None
    put(store, b"figures")
    assert store.find(URL)


def test_hosts_and_ports_are_kept_apart(tmp_path: Path) -> None:
    store = DownloadStore(tmp_path)
    bases = (
        "http://127.0.0.1:1",
        "http://127.0.0.1:2",
        "https://127.0.0.1:1",
        "http://[::1]:1",
        "http://m/e",
    )
    assert len({store.path(f"{base}/a/b.json") for base in bases}) == 5


@pytest.mark.parametrize(
    "url", ["http://m/../x", "http://m/a/..", "http://m/a//b", "http://m/a?b", "http://m/.x"]
)
def test_no_path_leads_out_of_the_folder(url: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="plain path"):
        DownloadStore(tmp_path).path(url)


def test_many_at_once_leave_a_whole_file(tmp_path: Path) -> None:
    """Whatever they saw of each other on the way, one more round leaves one of their bodies."""
    store = DownloadStore(tmp_path)
    bodies = [bytes([i]) * 100_000 for i in range(1, 9)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda body: put(store, body), bodies * 5))
    assert store.path(URL).read_bytes() in bodies
    put(store, bodies[0])
    assert store.find(URL)
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 2


# other users ---------------------------------------------------------------------------------------

as_root = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give a file to somebody else"
)
NOBODY = 65534


def _given_away(path: Path) -> None:
    os.chown(path, NOBODY, NOBODY)


def _linked(path: Path) -> None:
    path.rename(path.with_suffix(".there"))
    path.symlink_to(path.with_suffix(".there"))


OTHERS: dict[str, Callable[[Path], object]] = {
    "a file that others can write": lambda path: path.chmod(0o666),
    "headers that others can write": lambda path: path.with_name(f"{path.name}.about").chmod(0o666),
    "a folder that others can write": lambda path: path.parent.chmod(0o777),
    "a folder above it": lambda path: path.parents[3].chmod(0o777),
    "a link": _linked,
    "a link to the folder": lambda path: _linked(path.parent),
}


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="whose a file is can be asked on POSIX only")
@pytest.mark.parametrize("change", OTHERS.values(), ids=OTHERS.keys())
def test_what_others_could_have_written_is_not_there(
    change: Callable[[Path], object], tmp_path: Path
) -> None:
    """A download that is open to others on its way down from the store's folder is fetched anew."""
    store = DownloadStore(tmp_path / "edgar")
    change(put(store, b"figures"))
    assert store.find(URL) is None


@as_root
@pytest.mark.parametrize("steps", [None, 0, 3], ids=["the file", "its folder", "a folder above"])
def test_what_others_own_is_not_there(steps: int | None, tmp_path: Path) -> None:
    store = DownloadStore(tmp_path / "edgar")
    path = put(store, b"figures")
    _given_away(path if steps is None else path.parents[steps])
    assert store.find(URL) is None


@as_root
def test_nothing_is_downloaded_into_a_folder_of_others(tmp_path: Path) -> None:
    """It says so; a folder of one's own that was open is closed and used."""
    store = DownloadStore(tmp_path / "edgar")
    path = put(store, b"figures")
    path.parent.chmod(0o777)
    put(store, b"figures")
    assert store.find(URL)
    _given_away(path.parent)
    with pytest.raises(PermissionError):
        put(store, b"figures")


def test_folders_of_downloads_are_the_users_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        put(DownloadStore(tmp_path / "a" / "edgar"), b"figures")
    finally:
        os.umask(before)
    folders = [path for path in tmp_path.rglob("*") if path.is_dir()]
    assert {stat.S_IMODE(path.stat().st_mode) for path in folders} == {0o700}
