"""Completion in a shell, as bash, zsh and fish ask for it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from thesis.cli import cli

pytestmark = pytest.mark.quick

CASES = [
    ("check ", "acme", "amzn-4t"),
    ("memo -p goo", "googl-cloud", ""),
    ("explain -p acme ", "verdict", "repairs-growth"),
    ("explain -p acme mar", "margins", "margin"),
    ("explain -p acme ", "K1", "sales"),
    ("explain -p acme sales --quarter 2026", "2026Q2", "2026Q1"),
    ("override -p acme ", "K1", "building"),
    ("judge -p acme ", "J1", "margins"),
    ("judge -p acme J1 --level ", "0", "2"),
    ("judge -p acme J1 --period 2026", "2026Q2", ""),
    ("check acme --fail-under ", "BROKEN", "ON TRACK"),
    ("check acme --fail-under at", "AT RISK", ""),
    ("check acme --set repairs", "repairs_growth=", "repairs.sales="),
    ("forecast -p acme --metric ", "margin", ""),
    ("forecast -p acme --period 2026Q", "2026Q3", "2026Q4"),
    ("facts -p acme --concept an", "anvils.sales", ""),
    ("facts add -p acme op", "operating_income", ""),
    ("documents text -p acme 0", "01234567", ""),
    ("diff -p acme ", "now", "2026Q2"),
]


def complete(typed: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """What zsh is offered for a line, without descriptions."""
    *words, last = typed.split(" ")
    monkeypatch.setenv("_THESIS_COMPLETE", "zsh_complete")
    monkeypatch.setenv("COMP_WORDS", " ".join(["thesis", *words, last]))
    monkeypatch.setenv("COMP_CWORD", str(len(words) + 1))
    capsys.readouterr()
    with pytest.raises(SystemExit) as ended:
        cli(prog_name="thesis")
    assert ended.value.code == 0
    found = capsys.readouterr()
    assert not found.err
    return [each for each in found.out.split("\n")[1::3] if each]


@pytest.mark.parametrize(("typed", "first", "second"), CASES)
def test_names_of_the_pack_are_completed(
    typed: str, first: str, second: str, folder_pack: Any, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    listed = f"digest,entity,form,accession,filed,period,origin\n{'01234567' * 8},ACME,10-Q,,,,a.htm\n"
    monkeypatch.chdir(folder_pack({"documents.csv": listed}).parent)
    offered = complete(typed, monkeypatch, capsys)
    assert {first, second} - {""} <= set(offered)
    last = typed.rsplit(" ", maxsplit=1)[1]
    assert all(each.casefold().startswith(last) or last[:1].isdigit() for each in offered)


def test_in_a_packs_folder_no_name_is_needed(
    folder_pack: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(folder_pack())
    assert "repairs_growth" in complete("explain rep", monkeypatch, capsys)


@pytest.mark.parametrize("broken", ["thesis.yaml", "metrics.yaml", "facts"])
def test_a_file_that_cannot_be_read_offers_nothing_and_says_nothing(
    broken: str, folder_pack: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In the middle of an edit a shell goes on completing what the other files have."""
    pack: Path = folder_pack()
    if broken == "facts":
        shutil.rmtree(pack / broken)
    else:
        (pack / broken).write_text("a: [", encoding="utf-8")
    monkeypatch.chdir(pack)
    offered = complete("explain ", monkeypatch, capsys)
    assert "verdict" in offered
    assert ("margins" in offered) == (broken != "thesis.yaml")
    assert ("margin" in offered) == (broken != "metrics.yaml")
    quarters = complete("explain sales --quarter ", monkeypatch, capsys)
    assert quarters[:2] == ([] if broken == "facts" else ["2026Q2", "2026Q1"])


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash")
def test_bash_gets_a_level_of_two_words_as_one(folder_pack: Any) -> None:
    """A space within a name is escaped for bash, which would take two words for it otherwise."""
    environment = os.environ | {
        "_THESIS_COMPLETE": "bash_complete",
        "COMP_WORDS": "thesis check acme --fail-under a",
        "COMP_CWORD": "4",
    }
    found = subprocess.run(
        [sys.executable, "-c", "from thesis.cli import cli; cli(prog_name='thesis')"],
        cwd=folder_pack().parent, env=environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert found.stdout == "plain,AT\\ RISK\n", found.stderr
