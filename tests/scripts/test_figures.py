"""``scripts/figures``: what differs between the answers before a change and after it, and why."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from scripts import figures
from scripts.figures import ABSENT, chart, differences, html_lines, label, leaves, main, numbers, workbook
from tests.conftest import Command, FolderPack

BEFORE = {
    "verdict": {"best": "WATCH", "rated": True},
    "conditions": [{"id": "sales", "score": {"lo": 0.5, "hi": 0.75}}, {"id": "margin", "score": None}],
    "sentence": "Sales grew by 12.5%.",
}


def _both(tmp_path: Path, after: Any, reasons: str = "", *more: str) -> int:
    for name, value in (("before.json", BEFORE), ("after.json", after)):
        (tmp_path / name).write_text(json.dumps(value), "utf-8")
    (tmp_path / "reasons.yaml").write_text(reasons, "utf-8")
    given = ("--reasons", str(tmp_path / "reasons.yaml")) if reasons else ()
    return main([str(tmp_path / "before.json"), str(tmp_path / "after.json"), *given, *more])


def test_the_same_answers_differ_in_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _both(tmp_path, BEFORE) == 0
    assert capsys.readouterr().out == "0 differ, 0 of them without a reason\n"


def test_a_figure_that_moved_wants_a_reason(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    after = json.loads(json.dumps(BEFORE).replace("0.75", "0.7500000000000001"))
    assert _both(tmp_path, after) == 1
    assert (
        "| conditions/sales/score/hi | 0.75 | 0.7500000000000001 | **none given** |"
        in capsys.readouterr().out
    )
    assert _both(tmp_path, after, "conditions/*/score/hi: one sum, from left to right\n") == 0
    assert "| 0.7500000000000001 | one sum, from left to right |" in capsys.readouterr().out


def test_a_reason_that_fits_nothing_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _both(tmp_path, BEFORE, "conditions/*: rounding\n") == 0
    assert capsys.readouterr().err == "no difference is one of `conditions/*`\n"


def test_nothing_is_left_out() -> None:
    after = {
        "verdict": {"best": "AT RISK", "rated": 1},  # a truth became a number
        "conditions": [{"id": "margin", "score": 0.25}, {"id": "ads", "score": {}}],  # one gone, one new
        "sentence": "Sales grew by 12.5%.",
    }
    assert [(each.figure, each.before, each.after) for each in differences(BEFORE, after)] == [
        ("verdict/best", "WATCH", "AT RISK"),
        ("verdict/rated", True, 1),
        ("conditions/sales/id", "sales", ABSENT),
        ("conditions/sales/score/lo", 0.5, ABSENT),
        ("conditions/sales/score/hi", 0.75, ABSENT),
        ("conditions/margin/score", None, 0.25),
        ("conditions/ads/id", ABSENT, "ads"),
        ("conditions/ads/score", ABSENT, {}),
    ]


def test_unknown_is_not_the_same_as_left_out() -> None:
    assert [each.after for each in differences({"score": None, "best": 1}, {"best": 1})] == [ABSENT]


def test_items_that_share_a_name_go_by_their_place() -> None:
    assert dict(leaves([{"id": "a", "x": 1}, {"id": "a", "x": 2}])) == {
        "0/id": "a", "0/x": 1, "1/id": "a", "1/x": 2,
    }  # fmt: skip


def test_a_text_may_change_its_words_but_not_its_numbers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reworded = {**BEFORE, "sentence": "Growth in sales was 12.5%."}
    assert _both(tmp_path, reworded) == 1
    assert _both(tmp_path, reworded, "", "--figures") == 0
    assert capsys.readouterr().out.endswith("1 texts differ in their wording alone\n")
    assert _both(tmp_path, {**BEFORE, "sentence": "Growth in sales was 12.6%."}, "", "--figures") == 1


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("$2.66T[^2] by 2030, +50.3%", ("2.66T", "2030", "+50.3%")),
        ("engines .62 to .73, K5 and 1,234.5e6", (".62", ".73", "1,234.5e6")),
        ("26.6..52.4% in 2026Q2, 12 moves", ("26.6", "52.4%", "2026Q2", "12")),
        ("nothing alone can", ()),
    ],
)
def test_numbers_are_read_from_a_text(text: str, found: tuple[str, ...]) -> None:
    assert numbers(text) == found


def test_a_page_is_read_as_its_reader_sees_it() -> None:
    row = "<tr><td>Sales</td><td>.62<sup>4</sup></td></tr>"
    page = f"<style>p{{margin:3px}}</style><h2>Scores</h2><table>{row}</table>"
    assert html_lines(page) == ["# Scores", "| Sales | .62"]
    assert label("| Sales | .62") == "Sales"


def test_a_drawing_has_texts_and_shapes() -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg"><title>Sales</title><path d="M1 2L3 4" fill="red"/></svg>'
    assert chart(svg) == {"texts": ["Sales"], "shapes": [{"shape": "path", "d": "M1 2L3 4"}]}


def test_the_cells_of_a_workbook_go_by_their_row(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in (["Sales", 0.62], ["Sales", 0.73], [None, 5]):
        book.active.append(row)
    book.save(tmp_path / "book.xlsx")
    assert workbook(tmp_path / "book.xlsx") == {
        "Sheet": {"Sales": {"A": "Sales", "B": 0.62}, "Sales (2)": {"A": "Sales", "B": 0.73}, "": {"B": 5}}
    }


def test_a_program_is_asked_for_all_that_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, priced: FolderPack, run: Command
) -> None:
    """Of a small thesis: the bundled ones take a minute."""
    monkeypatch.setattr(figures, "LOOKS", ((str(priced()), "2026-10-15"),))
    figures.make(tmp_path, lambda *arguments: run(*arguments).out)
    place = tmp_path / "acme@2026-10-15"
    made = "charts check history memo memo-html memo-md metrics simulate value workbook"
    assert sorted(file.stem for file in place.iterdir()) == made.split()
    found = dict(leaves(figures.read(place)))
    assert found["check/verdict/rated"] is True
    assert {name for name in found if isinstance(found[name], float) and name.startswith("value/")}
    assert main([str(place), str(place)]) == 0


def test_the_program_of_a_checkout_is_asked_and_no_other(tmp_path: Path) -> None:
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "__init__.py").touch()
    (tmp_path / "thesis" / "__main__.py").write_text("import sys; print('another', *sys.argv[1:])", "utf-8")
    assert figures.said(tmp_path, "--version") == "another --version\n"
    (tmp_path / "thesis" / "__main__.py").write_text("raise SystemExit(3)", "utf-8")
    with pytest.raises(SystemExit, match="-m thesis check"):
        figures.said(tmp_path, "check")


@pytest.mark.parametrize(
    "arguments", [(), ("one.json",), ("one.json", "two.json"), ("--make", "folder", "one.json")]
)
def test_wrong_usage_is_exit_code_2(arguments: tuple[str, ...], tmp_path: Path) -> None:
    script = Path(figures.__file__).with_suffix("")
    found = subprocess.run(
        [sys.executable, script, *arguments], cwd=tmp_path, capture_output=True, check=False
    )
    assert found.returncode == 2
    assert b"usage: figures" in found.stderr
    assert not list(tmp_path.iterdir())
