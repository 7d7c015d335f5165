"""Which pack a command is about: the one around the working folder, or the one that was named."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Command
from thesis.core.problem import InvalidInput
from thesis.workspace.find_pack import bundled_packs, find_pack

ACME = Path(__file__).parents[1] / "data" / "acme"
NAMELESS = (
    *("lint", "test", "facts check", "facts", "memo", "explain verdict", "history", "value", "due", "diff"),
    *("review start", "review list", "review verify", "review sign", "forecast list", "calibration"),
    *("export metrics", "charts --out drawn"),
)


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """A folder of packs: ``theses/acme`` and ``theses/other``, with a folder beside them that is no pack."""
    for name in ("acme", "other"):
        shutil.copytree(ACME, tmp_path / "theses" / name)
    (tmp_path / "theses" / "acme" / "notes" / "2026").mkdir(parents=True)
    (tmp_path / "empty").mkdir()
    return tmp_path


@pytest.mark.parametrize(
    ("inside", "shown"), [(".", "."), ("facts", ".."), ("notes/2026", "../..")], ids=["top", "facts", "notes"]
)
def test_from_inside_a_pack_that_pack_is_meant(inside: str, shown: str, shelf: Path, run: Command) -> None:
    pack = shelf / "theses" / "acme"
    assert find_pack(None, pack / inside) == (pack, shown)
    assert find_pack("acme", pack / inside) == (pack, shown)
    assert run("check", "--as-of", "2026-08-20", cwd=pack / inside).out.startswith("acme ")
    assert "acme" in run("list", cwd=pack / inside).out


def test_a_pack_s_own_files_are_named_from_where_one_stands(shelf: Path, run: Command) -> None:
    pack = shelf / "theses" / "acme"
    (pack / "metrics.yaml").write_text("metrics: [", encoding="utf-8")
    assert run("lint", cwd=pack / "facts").err.startswith("../metrics.yaml:2:")


@pytest.mark.parametrize("command", NAMELESS)
def test_a_folder_without_a_pack_is_told_with_the_packs_below(
    command: str, shelf: Path, run: Command
) -> None:
    found = run(*command.split(), cwd=shelf)
    assert found.code == 3, command
    assert "error[no-pack]: this folder is no pack and lies in none" in found.err
    assert "below it lie theses/acme, theses/other" in found.err
    assert found.out == ""


def test_check_without_a_name_shows_the_first_bundled_pack_and_warns(shelf: Path, run: Command) -> None:
    found = run("check", "--as-of", "2026-10-15", cwd=shelf / "empty")
    assert found.out.startswith("amzn-4t ")
    assert "warning: this folder is no pack and lies in none, so amzn-4t is shown" in found.err
    assert "warning" not in run("check", "amzn-4t", "--as-of", "2026-10-15", cwd=shelf / "empty").err
    assert (
        "below it lie theses/acme, theses/other; the next release asks for a name"
        in run("check", cwd=shelf).err
    )
    assert "; the next release asks for a name: thesis check amzn-4t" in found.err
    assert "below it" not in found.err


def test_an_empty_folder_names_the_bundled_packs(shelf: Path) -> None:
    with pytest.raises(InvalidInput) as caught:
        find_pack(None, shelf / "empty")
    assert f"{' and '.join(bundled_packs())} come with the program" in str(caught.value.problems[0].hint)


def _without(pack: Path, *keys: str) -> None:
    """Take sections out of a thesis: their lists are empty afterwards."""
    import yaml

    path = pack / "thesis.yaml"
    thesis = yaml.safe_load(path.read_text(encoding="utf-8"))
    thesis.update({key: [] for key in keys})
    path.write_text(yaml.safe_dump(thesis, sort_keys=False), encoding="utf-8")


@pytest.mark.parametrize(
    ("command", "risks", "kill"),
    [
        ("check", "risks none named", "kill      none named"),
        ("memo", "no risks named", "No kill criterion is named."),
        ("memo --format html", "no risks named", "No kill criterion is named."),
        ("explain verdict", "risks none named", "tripped: none named"),
        ("check --format junit", "risks none named", ""),
        ("check --format github", "risks none named", ""),
        ("history", " none ", ""),
    ],
)
def test_a_thesis_without_risks_never_reads_as_one_of_low_risk(
    command: str, risks: str, kill: str, shelf: Path, run: Any
) -> None:
    pack = shelf / "theses" / "acme"
    _without(pack, "risks", "kill")
    said = run(*command.split(), "--as-of", "2026-08-20", cwd=pack).out
    assert risks in said
    assert kill in said
    assert "low)" not in said.partition("conditions")[0]
    assert "none tripped" not in said
