"""What was made with an earlier program still holds: packs load, journals verify, templates render.

The figures are those of the day of the freeze, but for the ones that differences.yaml names.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pytest
import yaml

from scripts.figures import Difference
from tests.conftest import Command
from tests.frozen import cases
from tests.frozen.cases import (
    ANSWERS,
    FROZEN,
    HEAD,
    PACKS,
    RENDERED,
    TERN,
    moved,
    named,
    reprinted,
    unexplained,
)
from thesis.core import semantics
from thesis.core.aggregates import PowerMean
from thesis.files.disk import bundled_folder

DIFFERENCES = named((FROZEN / "differences.yaml").read_text("utf-8"))
KEYS = (FROZEN / "keys.txt").read_text("utf-8").splitlines()  # file: key
COMMANDS = [
    "memo --format html",
    "explain verdict",
    "charts --out {folder}",
    "export workbook --out {folder}/book.xlsx",
    "export metrics",
    "export calendar",
]
REVIEWS = ["2025Q1", "2025Q2", "2025Q3", "2025Q3.2", "2025Q4", "2026Q1", "2026Q1.2", "2026Q2"]
SEALED = sorted(folder.name for folder in (TERN / "reviews" / "inputs").iterdir())


def _holds(name: str, found: list[Difference]) -> None:
    """Every difference is named, and every name stands for one."""
    entries = {figure: each for figure, each in DIFFERENCES.items() if figure.startswith(f"{name}/")}
    left = unexplained(found, entries)
    assert not left, f"say in differences.yaml why these moved:\n{cases.entry(left)}"
    stale = sorted(set(entries) - {each.figure for each in found})
    assert not stale, "\n".join(["these are as they were, take their entries out:", *stale])


# --- The data -----------------------------------------------------------------------------------


def test_the_frozen_files_are_as_they_were() -> None:
    """Whoever would regenerate one changes sums.txt as well, where a reviewer sees it."""
    told = dict(line.split("  ")[::-1] for line in (FROZEN / "sums.txt").read_text("utf-8").splitlines())
    folders = ("packs", "templates", "answers", "rendered")
    files = [file for folder in folders for file in (FROZEN / folder).rglob("*") if file.is_file()]
    now = {
        file.relative_to(FROZEN).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest() for file in files
    }
    assert now == told


def test_every_answer_and_memo_is_asked_for_again() -> None:
    assert {file.stem for file in (FROZEN / "answers").iterdir()} == set(ANSWERS)
    assert {file.stem for file in (FROZEN / "rendered").iterdir()} == set(RENDERED)


@pytest.mark.parametrize("file", sorted({line.split(": ")[0] for line in KEYS}))
def test_the_keys_of_a_pack_stay_and_a_frozen_pack_uses_each(file: str) -> None:
    schema = json.loads((bundled_folder("rules") / "schema" / f"{file}.schema.json").read_text("utf-8"))
    known = cases.schema_keys(schema)
    texts = [pack / f"{file}.yaml" for pack in PACKS.iterdir()]
    read = [yaml.load(text.read_text("utf-8"), yaml.BaseLoader) for text in texts if text.is_file()]
    frozen = {line.split(": ")[1] for line in KEYS if line.startswith(f"{file}: ")}
    assert frozen <= known
    assert frozen <= set().union(*(cases.used_keys(known, each) for each in read))


# --- Loading ------------------------------------------------------------------------------------


@pytest.mark.parametrize("pack", ["amzn-4t", "tern"])
def test_the_trials_of_a_pack_hold_under_the_rules_that_they_were_written_for(
    pack: str, run: Command
) -> None:
    found = run("test", cwd=PACKS / pack)
    assert found.code == 0 or (semantics.SEMANTICS > 1 and found.code == 1), found.err


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_can_be_asked_of_a_frozen_pack(command: str, run: Command, tmp_path: Path) -> None:
    """Each of them reads the whole pack; what lint has come to demand since keeps none from it."""
    found = run(*command.format(folder=tmp_path).split(), "--as-of", "2026-08-20", cwd=TERN)
    assert found.code == 0, found.err


@pytest.mark.parametrize("inputs", SEALED)
def test_a_sealed_copy_of_a_pack_loads(inputs: str, run: Command, tmp_path: Path) -> None:
    """As any pack does: nothing that is asked of packs since keeps it from being read."""
    shutil.copytree(TERN / "reviews" / "inputs" / inputs, tmp_path / "copy")
    found = run("check", "--json", cwd=tmp_path / "copy")
    assert found.code in (0, 1, 4), found.err
    assert json.loads(found.out)["pack"] == "tern"


# --- The journal --------------------------------------------------------------------------------


def test_the_journal_verifies(run: Command) -> None:
    found = run("review", "verify", "--json", cwd=TERN)
    assert found.code == 0, found.err
    told = json.loads(found.out)
    assert (told["reviews"], told["head"], told["left_over"]) == (len(REVIEWS), HEAD, [])
    assert len(told["unproved"]) == (0 if semantics.SEMANTICS == 1 else len(REVIEWS))


def test_every_review_is_listed_with_what_it_published(run: Command) -> None:
    listed = json.loads(run("review", "list", "--json", cwd=TERN).out)
    assert [each["name"] for each in listed] == REVIEWS
    assert [each["seal"] for each in listed] == [
        (TERN / "reviews" / f"{name}.yaml").read_text("utf-8").split("seal: ")[-1].strip() for name in REVIEWS
    ]
    assert [each["state"]["level"] for each in listed] == [*["AT RISK"] * 5, "BROKEN", *["AT RISK"] * 2]


def test_a_touched_review_is_found(run: Command, tmp_path: Path) -> None:
    """The seals of the frozen journal are checked, and not only read."""
    folder = shutil.copytree(TERN, tmp_path / "tern")
    review = folder / "reviews" / "2025Q4.yaml"
    review.write_bytes(review.read_bytes().replace(b"Fuel is dear", b"Fuel is cheap"))
    found = run("review", "verify", cwd=folder)
    assert found.code == 3
    assert "2025Q4" in found.err


# --- Figures ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_gives_the_figures_that_it_gave(name: str, run: Command) -> None:
    found = ANSWERS[name].now(run)
    assert found.code == ANSWERS[name].code, found.err
    _holds(name, moved(name, found.out))


@pytest.mark.parametrize("name", RENDERED)
def test_a_template_of_ones_own_prints_the_figures_that_it_printed(name: str, run: Command) -> None:
    found = RENDERED[name].now(run)
    assert found.code == 0, found.err
    _holds(name, reprinted(name, found.out))


def test_a_number_that_moved_names_the_rules_version_that_moved_it() -> None:
    for figure, each in DIFFERENCES.items():
        numeric = all(isinstance(value, int | float) for value in (each.before, each.after))
        assert each.reason.strip("? "), figure
        assert (2 if numeric else 1) <= each.rules <= semantics.SEMANTICS, figure


# --- A number is changed on purpose -------------------------------------------------------------


@pytest.fixture
def halved(monkeypatch: pytest.MonkeyPatch) -> int:
    """A program whose formula for the score of a rule is another one; its next rules version."""
    average = PowerMean.over
    monkeypatch.setattr(PowerMean, "over", lambda *given: average(*given) / 2)
    return semantics.SEMANTICS + 1


def _raise(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    version = semantics.RulesVersion(number, "2099-01-01", "Rules are scored at half.")
    monkeypatch.setattr(semantics, "SEMANTICS", number)
    monkeypatch.setattr(semantics, "VERSIONS", (*semantics.VERSIONS, version))


def test_the_journal_outlives_a_number_that_is_changed_on_purpose(
    halved: int, monkeypatch: pytest.MonkeyPatch, run: Command
) -> None:
    if semantics.SEMANTICS == 1:  # a journal of these rules shows a change that nobody declared
        assert run("review", "verify", cwd=TERN).code == 3
    _raise(monkeypatch, halved)
    found = run("review", "verify", cwd=TERN)
    assert found.code == 0, found.err
    assert f"head {HEAD}" in found.out
    assert f"rules version 1 (this program: {halved})" in found.err
    assert run("review", "verify", "--strict", cwd=TERN).code == 4
    assert moved("tern-reviews", run("review", "list", "--json", cwd=TERN).out) == []


@pytest.mark.parametrize("name", ["tern-check-winter", "tern-diff-1", "amzn-check"])
def test_a_number_that_is_changed_on_purpose_is_a_named_difference(
    name: str, halved: int, monkeypatch: pytest.MonkeyPatch, run: Command
) -> None:
    """Everything still loads; what moved fails until it is named, and passes then."""
    _raise(monkeypatch, halved)
    found = ANSWERS[name].now(run)
    assert found.code in (0, 1, 4), found.err
    figures = moved(name, found.out)
    assert unexplained(figures, {})
    text = (
        cases.entry(figures).replace("rules: '?'", f"rules: {halved}").replace("reason: '?'", "reason: half")
    )
    assert unexplained(figures, named(text)) == []


@pytest.mark.parametrize("name", ["with-macros", "from-scratch-tripped", "page"])
def test_a_template_outlives_a_number_that_is_changed_on_purpose(
    name: str, halved: int, monkeypatch: pytest.MonkeyPatch, run: Command
) -> None:
    _raise(monkeypatch, halved)
    found = RENDERED[name].now(run)
    assert found.code == 0, found.err
    figures = reprinted(name, found.out)
    assert unexplained(figures, {})
    assert unexplained(figures, named(cases.entry(figures))) == []
