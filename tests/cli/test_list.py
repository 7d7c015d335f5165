"""``thesis list``: every pack in reach on a line of its own."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from thesis.board import pack_selection

ACME = Path(__file__).parents[1] / "data" / "acme"
BUNDLED = ("amzn-4t", "googl-cloud")
NVDA = ("--entity", "NVDA", "--target", "6e12", "--by", "2030")


def _rows(run: Any, cwd: Path) -> dict[str, dict[str, Any]]:
    found = run("list", "--json", cwd=cwd)
    assert found.code == 0
    return {row["name"]: row for row in json.loads(found.out)}


def test_packs_are_found_where_other_commands_find_them(folder_pack: Any, run: Any, tmp_path: Path) -> None:
    """The bundled ones, the folder itself, its sub-folders and those of rules, by what ``-p`` takes."""
    folder_pack(name="here")
    for name in ("here/one", "here/rules/two", "here/.hidden", "here/deep/er/three"):
        folder_pack(name=name)
    (tmp_path / "here" / "empty").mkdir()
    rows = _rows(run, tmp_path / "here")
    assert list(rows) == [*BUNDLED, ".", "rules/two", "one"]
    assert [row["where"] for row in rows.values()] == ["bundled", "bundled", ".", "rules/two", "one"]
    for name in rows:
        assert run("lint", name, cwd=tmp_path / "here").code == 0


def test_amazon_is_meant_where_no_pack_is_named(run: Any, tmp_path: Path) -> None:
    """Whatever else comes with the program, and first in the list of what does."""
    assert run("check", "--as-of", "2026-08-15").out == run("check", "amzn-4t", "--as-of", "2026-08-15").out
    assert list(_rows(run, tmp_path)) == list(BUNDLED)
    assert "amzn-4t, googl-cloud" in run("check", "nothing-of-that-name").err


def test_a_line_has_verdict_freshness_and_next_review(
    folder_pack: Any, run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What ``check`` says on that day, in one line."""
    folder_pack()
    monkeypatch.setenv("THESIS_TODAY", "2026-10-15")
    (line,) = [line for line in run("list").out.splitlines() if line.startswith("acme ")]
    assert "WATCH" in run("check", "acme").out
    assert line.split()[:6] == ["acme", "acme", "WATCH", "2026Q2", "2026-07-29", "2026Q3"]
    assert "2026Q3 by 2026-11-09" in line
    assert "2026Q2 OVERDUE, due 2026-08-12" in line  # its review
    assert "Will Acme's repair shops outgrow its anvils?" in line
    row = _rows(run, tmp_path)["acme"]
    assert (row["is_rated"], row["is_overdue"], row["last"]) == (True, False, "")


def test_overdue_figures_show_the_last_rating(folder_pack: Any, run: Any, tmp_path: Path) -> None:
    """After the day of the next figures there is no rating but the last one, and what is overdue."""
    folder_pack()
    (line,) = [line for line in run("list").out.splitlines() if line.startswith("acme ")]
    assert "NOT RATED (last WATCH, 2026-11-09)" in line
    assert "2026Q3 OVERDUE, due 2026-11-09" in line
    row = _rows(run, tmp_path)["acme"]
    assert (row["verdict"], row["is_rated"], row["last"], row["last_on"]) == (
        "NOT RATED", False, "WATCH", "2026-11-09",
    )  # fmt: skip


def test_a_pack_with_problems_hides_no_other(folder_pack: Any, run: Any, tmp_path: Path) -> None:
    """One line says how many there are and how to see them, and it is no error of the list."""
    folder_pack(name="good")
    folder_pack({"metrics.yaml": "concepts: [\n"}, name="bad one")
    folder_pack({"metrics.yaml": None}, name="worse")
    run("new", "nvda", *NVDA)
    found = run("list")
    assert (found.code, found.err) == (0, "")
    said = found.out
    assert "1 problem; thesis lint 'bad one'" in said
    assert "1 problem; thesis lint worse" in said
    assert "3 problems; thesis lint nvda" in said
    assert "NOT RATED (last WATCH, 2026-11-09)" in next(x for x in said.splitlines() if " good " in x)
    assert _rows(run, tmp_path)["nvda"]["problems"] == 3


def test_a_pack_without_a_figure_says_so(folder_pack: Any, run: Any, tmp_path: Path) -> None:
    """It has no verdict, and no problem either."""
    folder_pack({"facts/ACME.csv": "concept,period,value,unit,filed,source,how\n"})
    row = _rows(run, tmp_path)["acme"]
    assert (row["verdict"], row["problems"], row["id"]) == ("", 0, "acme")
    assert "nothing to assess" in row["why"]
    assert "nothing to assess" in run("list").out


def test_one_pack_under_two_names_is_listed_once(folder_pack: Any, run: Any, tmp_path: Path) -> None:
    """A link to a pack is that pack; a pack of one's own takes the bundled one's name."""
    folder_pack(name="rules/amzn-4t")
    (tmp_path / "link").symlink_to(tmp_path / "rules" / "amzn-4t")
    rows = _rows(run, tmp_path)
    assert list(rows) == ["googl-cloud", "rules/amzn-4t"]
    assert rows["rules/amzn-4t"]["id"] == "acme"


def test_what_was_remembered_is_what_is_so(
    folder_pack: Any, run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second run says the same, an edited pack and another day are looked at anew."""
    monkeypatch.setenv("THESIS_CACHE", str(tmp_path / "cache"))
    pack = folder_pack(name="packs/acme")
    here = tmp_path / "packs"
    first = run("list", cwd=here).out
    assert run("list", cwd=here).out == first
    text = (pack / "thesis.yaml").read_text(encoding="utf-8")
    (pack / "thesis.yaml").write_text(text.replace("id: acme", "id: anvils"), encoding="utf-8")
    assert "\nanvils " in run("list", cwd=here).out
    monkeypatch.setenv("THESIS_TODAY", "2026-10-15")
    assert "NOT RATED" not in run("list", cwd=here).out
    moved = shutil.move(pack, here / "elsewhere")
    assert _rows(run, here)[Path(moved).name]["where"] == "elsewhere"


def test_the_list_looks_from_a_day(folder_pack: Any, run: Any, tmp_path: Path) -> None:
    """``--as-of`` is the day for every pack, as it is for one alone."""
    folder_pack(name="acme")
    assert "NOT RATED" in run("list").out
    found = run("list", "--as-of", "2026-10-15")
    assert (found.code, "NOT RATED" in found.out) == (0, False)
    assert "WATCH" in found.out
    assert "nothing to assess" in run("list", "--as-of", "2001-01-01").out


def test_inside_a_pack_its_id_is_its_name(folder_pack: Any, run: Any) -> None:
    """Also where a bundled pack is called the same, which is then out of reach."""
    text = (ACME / "thesis.yaml").read_text(encoding="utf-8")
    pack = folder_pack({"thesis.yaml": text.replace("id: acme", "id: 'amzn-4t'  # after its model")})
    found = run("check", "amzn-4t", "--as-of", "2026-10-15", cwd=pack).out
    assert found == run("check", "--as-of", "2026-10-15", cwd=pack).out
    assert "Acme" in found
    assert [line.split()[:2] for line in run("list", cwd=pack).out.splitlines()[1:]] == [
        ["googl-cloud", "bundled"],
        ["amzn-4t", "."],
    ]
    assert run("check", "anvils", cwd=pack).code == 3


def test_the_list_has_an_end(
    folder_pack: Any, run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a great many packs the first are listed, and it is said that there are more."""
    monkeypatch.setattr(pack_selection, "MOST_PACKS", 4)
    for i in range(4):
        folder_pack({"metrics.yaml": None}, name=f"p{i}")
    found = run("list")
    assert [line.split()[0] for line in found.out.splitlines()[1:5]] == [*BUNDLED, "p0", "p1"]
    assert "more than" in found.out.splitlines()[-1]
    found = run("list", "--json")
    assert len(json.loads(found.out)) == 4
    assert "more than" in found.err


def test_a_folder_that_cannot_be_read_is_passed_over(
    folder_pack: Any, run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """``rules`` may be a file, or somebody else's."""
    folder_pack(name="mine")
    (tmp_path / "rules").write_text("x", encoding="utf-8")
    assert list(_rows(run, tmp_path)) == [*BUNDLED, "mine"]
