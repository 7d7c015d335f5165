"""Signing asks about figures that stand out: each is corrected, or accepted with a reason that is sealed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

FACTS = (Path(__file__).parents[1] / "data" / "acme" / "facts" / "ACME.csv").read_text("utf-8")
DAY = "2026-08-05"
ODD = "building:2026Q1"


def _odd(figure: str = "26", quarter: str = "2026Q1") -> str:
    """Acme's figures, one of them in another unit."""
    rows = FACTS.splitlines(keepends=True)
    found = [i for i, row in enumerate(rows) if row.startswith(f"building,{quarter},")]
    cells = rows[found[0]].split(",")
    rows[found[0]] = ",".join([*cells[:2], figure, *cells[3:]])
    return "".join(rows)


@pytest.fixture
def sign(folder_pack: Any, run: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """``sign("--note", "x", facts=text)``: sign a review of Acme with these figures."""
    folder = folder_pack()

    def call(*options: str, facts: str = "", day: str = DAY) -> Any:
        monkeypatch.setenv("THESIS_TODAY", day)
        (folder / "facts" / "ACME.csv").write_text(facts or _odd(), encoding="utf-8")
        return run("review", "sign", "--by", "A. Analyst", *options, cwd=folder)

    call.folder = folder  # type: ignore[attr-defined]
    return call


def _reviews(sign: Any) -> list[str]:
    return sorted(path.name for path in (sign.folder / "reviews").glob("*.yaml"))


@pytest.mark.parametrize("more", [(), ("--dry-run",)])
def test_nothing_is_signed_while_a_figure_stands_out(sign: Any, more: tuple[str, ...]) -> None:
    found = sign(*more)
    assert found.code == 3
    assert ODD in found.err
    assert f"--accept-outlier {ODD} --because" in found.err
    assert _reviews(sign) == []


def test_every_figure_that_stands_out_is_told_at_once(sign: Any) -> None:
    rows = _odd().replace("cash_from_operations,2025Q4,33", "cash_from_operations,2025Q4,33000", 1)
    found = sign(facts=rows)
    assert found.err.count("error[unaccepted]") == 2
    found = sign("--accept-outlier", ODD, "--because", "So.", facts=rows)
    assert (found.code, found.err.count("error[unaccepted]")) == (3, 1)


def test_what_is_accepted_is_sealed_and_verifies_and_stays_accepted(sign: Any, run: Any) -> None:
    assert sign("--accept-outlier", ODD, "--because", "The shops stood still.").code == 0
    text = (sign.folder / "reviews" / "2026Q2.yaml").read_text("utf-8")
    assert f"- id: {ODD}\n    because: The shops stood still.\n    value: 26\n" in text
    assert run("review", "verify", cwd=sign.folder).code == 0
    corrected = sign("--supersede", "a note", "--note", "It is so.")
    assert corrected.code == 0, corrected.err
    assert run("review", "verify", cwd=sign.folder).code == 0


def test_another_figure_in_its_place_is_accepted_anew(sign: Any) -> None:
    assert sign("--accept-outlier", ODD, "--because", "So.").code == 0
    assert sign("--supersede", "a figure", facts=_odd("27")).code == 3


@pytest.mark.parametrize(
    "options",
    [
        ("--accept-outlier", ODD),
        ("--because", "So."),
        ("--accept-outlier", ODD, "--because", " "),
        ("--accept-outlier", ODD, "--accept-outlier", ODD, "--because", "So."),
        ("--accept-outlier", ODD, "--because", "So.", "--because", "And so."),
    ],
)
def test_each_is_accepted_once_and_with_a_reason(sign: Any, options: tuple[str, ...]) -> None:
    assert sign(*options).code == 2
    assert _reviews(sign) == []


def test_what_does_not_stand_out_cannot_be_accepted(sign: Any) -> None:
    found = sign("--accept-outlier", "sales:2026Q2", "--because", "So.", facts=FACTS)
    assert found.code == 3
    assert "no figure stands out as `sales:2026Q2`" in found.err


def test_a_figure_that_was_filed_later_does_not_stand_in_the_way(sign: Any) -> None:
    """What is signed is what was known on the day."""
    assert sign("--as-of", "2026-07-30", facts=_odd("28", "2026Q2"), day="2026-08-05").code == 3
    found = sign("--as-of", "2026-05-01", facts=_odd("28", "2026Q2"), day="2026-08-05")
    assert found.code == 0, found.err


def test_the_start_of_a_review_tells_what_stands_out(sign: Any, run: Any) -> None:
    sign()
    found = run("review", "start", cwd=sign.folder)
    assert f"stands out  {ODD}" in found.out
    told = json.loads(run("review", "start", "--json", cwd=sign.folder).out)
    assert [each["concept"] for each in told["outliers"]] == ["building"]


# on the command line ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "option"),
    [
        (("check", "--set", "margin=25"), "--set margin=25"),
        (("check", "--set", "sales=151*4"), "--set sales=151*4"),
        (("forecast", "--id", "F1", "--by", "A", "--p", "90%", "--when", "repairs_growth >= 20"), "--when"),
        (
            ("forecast", "--id", "F1", "--by", "A", "--p", "90%", "--metric", "margin", "--level", "20"),
            "--level",
        ),
    ],
)
def test_a_number_that_is_hardly_meant_is_told_beside_the_answer(
    folder_pack: Any, run: Any, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], option: str
) -> None:
    monkeypatch.setenv("THESIS_TODAY", DAY)
    found = run(*arguments, cwd=folder_pack())
    assert found.code in (0, 1)
    assert f"warning: {option}: " in found.err
    signed = tuple(
        text.replace("=25", "=25%").replace(">= 20", ">= 20%").replace("151*4", "151e6*4")
        if text != "20"
        else "20%"
        for text in arguments
    )
    assert "warning" not in run(*signed, cwd=folder_pack(name="signed")).err


def test_a_figure_that_is_entered_and_stands_out_is_told(
    folder_pack: Any, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("THESIS_TODAY", DAY)
    entry = (
        "facts",
        "add",
        "building",
        "--period",
        "2026Q3",
        "--filed",
        DAY,
        "--source",
        "x",
        "--quote",
        "y",
        "--ahead",
    )
    found = run(*entry, "--value", "27", cwd=folder_pack())
    assert "warning: building:2026Q3: 27 is about 1,000,000 times smaller" in found.err
    assert "warning" not in run(*entry, "--value", "27e6", cwd=folder_pack(name="whole")).err
