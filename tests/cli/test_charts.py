"""``thesis charts``: one file a chart, all of them or none."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

RATED = ("--as-of", "2026-10-15")
NAMES = [
    "history-building_burden.svg",
    "history-margin.svg",
    "history-repairs_growth.svg",
    "matrix.svg",
    "scorecard.svg",
]


def names(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


def test_each_chart_is_a_file_and_a_line(folder_pack: Any, run: Any) -> None:
    pack = folder_pack()
    found = run("charts", *RATED, "--out", "pictures", cwd=pack)
    assert (found.code, found.out) == (0, "")
    assert names(pack / "pictures") == NAMES
    assert sorted(found.err.splitlines()) == [f"wrote pictures/{name}" for name in NAMES]
    for name in NAMES:
        ET.parse(pack / "pictures" / name)


def test_the_same_bytes_each_time_and_in_the_past_what_was_known_then(folder_pack: Any, run: Any) -> None:
    pack = folder_pack()
    for out in ("a", "b"):
        assert run("charts", *RATED, "--out", out, cwd=pack).code == 0
    assert [(pack / "a" / n).read_bytes() == (pack / "b" / n).read_bytes() for n in NAMES] == [True] * 5
    assert run("charts", "--as-of", "2026-06-01", "--out", "c", cwd=pack).code == 0
    assert "2026Q2" not in (pack / "c" / "scorecard.svg").read_text("utf-8")


def test_what_is_believed_is_drawn_too_and_drawn_from_when_asked(priced: Any, run: Any) -> None:
    pack = priced()
    assert run("charts", *RATED, "--out", "plain", cwd=pack).code == 0
    assert {"attribution.svg", "football.svg", "tornado.svg"} <= set(names(pack / "plain"))
    assert "fan.svg" not in names(pack / "plain")
    assert run("charts", *RATED, "--out", "drawn", "--simulate", cwd=pack).code == 0
    assert "fan.svg" in names(pack / "drawn")


def test_many_files_that_are_there_are_told_of_once(folder_pack: Any, run: Any) -> None:
    pack = folder_pack()
    assert run("charts", *RATED, "--out", "out", cwd=pack).code == 0
    assert run("charts", *RATED, "--out", "out", cwd=pack).code == 0, "its own files are made anew"
    for file in (pack / "out").iterdir():
        file.write_text("mine", encoding="utf-8")
    found = run("charts", *RATED, "--out", "out", cwd=pack)
    told = [name for name in NAMES if f"`out/{name}`" in found.err]
    assert (found.code, len(told)) == (3, 3)
    assert (
        f" and {len(NAMES) - 3} more are there already\n  = use --force to replace them\n1 prob" in found.err
    )


def test_they_are_the_charts_of_the_memo_and_of_its_forecasts_too(
    kept: Any, run: Any, tmp_path: Path
) -> None:
    """The same files byte by byte; the forecasts that a chart counts are those that its points hold."""
    folder = str(kept.kept)
    assert run("charts", folder, *RATED, "--out", "alone").code == 0
    assert run("memo", folder, *RATED, "--out", "memo/").code == 0
    alone, beside = tmp_path / "alone", tmp_path / "memo" / "charts"
    assert names(alone) == names(beside)
    for name in names(alone):
        assert (alone / name).read_text("utf-8").strip() == (beside / name).read_text("utf-8").strip()
    text = (alone / "reliability.svg").read_text("utf-8")
    assert "3 forecasts came due, too few: 3 of 40" in text


def test_a_file_that_is_there_stops_all_of_them(folder_pack: Any, run: Any) -> None:
    pack = folder_pack()
    (pack / "out").mkdir()
    (pack / "out" / "matrix.svg").write_text("mine", encoding="utf-8")
    found = run("charts", *RATED, "--out", "out", cwd=pack)
    assert found.code == 3
    assert "error[exists]: `out/matrix.svg` is there already" in found.err
    assert "use --force to replace it" in found.err
    assert names(pack / "out") == ["matrix.svg"]
    assert (pack / "out" / "matrix.svg").read_text("utf-8") == "mine"
    assert run("charts", *RATED, "--out", "out", "--force", cwd=pack).code == 0
    assert names(pack / "out") == NAMES
    assert (pack / "out" / "matrix.svg").read_text("utf-8").startswith("<svg")


@pytest.mark.parametrize("out", ["no/where", "thesis.yaml", "thesis.yaml/out"])
def test_a_place_that_is_no_folder_is_told_and_left_alone(out: str, folder_pack: Any, run: Any) -> None:
    pack = folder_pack()
    before = names(pack)
    found = run("charts", *RATED, "--out", out, cwd=pack)
    assert found.code == 3
    assert f"error[unwritable]: cannot write `{out}`" in found.err
    assert names(pack) == before


def test_a_folder_in_the_place_of_a_file_stops_all_of_them(folder_pack: Any, run: Any) -> None:
    pack = folder_pack()
    (pack / "out" / "matrix.svg").mkdir(parents=True)
    found = run("charts", *RATED, "--out", "out", "--force", cwd=pack)
    assert found.code == 3
    assert "[unwritable]" in found.err
    assert names(pack / "out") == ["matrix.svg"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written_stays_as_it_is(folder_pack: Any, run: Any) -> None:
    pack = folder_pack()
    (pack / "out").mkdir()
    (pack / "out").chmod(stat.S_IRUSR | stat.S_IXUSR)
    found = run("charts", *RATED, "--out", "out", cwd=pack)
    assert found.code == 3
    assert "[unwritable]" in found.err


def test_a_full_disk_leaves_nothing_behind(
    folder_pack: Any, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The third file cannot be written: the two before it are not there either, nor the folder."""
    pack, synced = folder_pack(), []

    def full(descriptor: int) -> None:
        synced.append(descriptor)
        if len(synced) == 3:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    found = run("charts", *RATED, "--out", "out", cwd=pack)
    assert found.code == 3
    assert "no space left on device; nothing was changed" in found.err
    assert not (pack / "out").exists()


def test_somebody_who_writes_at_the_same_time_is_not_overwritten(
    folder_pack: Any, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that appears at the last moment stays, and what was put beside it is taken back."""
    pack, link = folder_pack(), os.link

    def late(source: Path, target: Path) -> None:
        if target.name == NAMES[1]:
            target.write_text("theirs", encoding="utf-8")
        link(source, target)

    monkeypatch.setattr(os, "link", late)
    found = run("charts", *RATED, "--out", "out", cwd=pack)
    assert found.code == 3
    assert "[exists]" in found.err
    assert names(pack / "out") == [NAMES[1]]
    assert (pack / "out" / NAMES[1]).read_text("utf-8") == "theirs"


def test_nothing_filed_is_nothing_to_draw(folder_pack: Any, run: Any) -> None:
    pack = folder_pack()
    found = run("charts", "--as-of", "1995-01-01", "--out", "out", cwd=pack)
    assert found.code == 4
    assert "nothing to assess" in found.err
    assert not (pack / "out").exists()


@pytest.mark.parametrize("command", [("charts", "--out", "out"), ("memo",)])
def test_what_cannot_be_drawn_from_is_an_answer_and_no_bug(
    command: tuple[str, ...], priced: Any, run: Any
) -> None:
    """A multiple of a loss leads nowhere: the reason is told, and nothing is written."""
    pack = priced(("ebit: ttm(operating_income)}", "ebit: ttm(operating_income) - 2e9}"))
    found = run(*command, *RATED, "--simulate", cwd=pack)
    assert (found.code, found.out) == (4, "")
    assert "nothing to simulate: today's operating income" in found.err
    assert not (pack / "out").exists()


def test_where_to_is_asked_for(folder_pack: Any, run: Any) -> None:
    assert run("charts", cwd=folder_pack()).code == 2
