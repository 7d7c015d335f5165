"""The pages on formats and on continuous integration: what they show is what the program does."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from scripts.columns import PAGE, updated
from thesis.cli import COMMANDS, cli

ROOT = Path(__file__).parents[2]
ACME = ROOT / "tests" / "data" / "acme"
GUIDE = (ROOT / "docs" / "how-to" / "continuous-integration.md").read_text(encoding="utf-8")
REFERENCE = PAGE.read_text(encoding="utf-8")
HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))


def section(text: str, name: str) -> str:
    return text.partition(f"<!-- {name} -->")[2].partition(f"<!-- /{name} -->")[0]


def block(text: str, name: str) -> Any:
    """The YAML between two marks."""
    return yaml.safe_load(section(text, name).strip().removeprefix("```yaml").removesuffix("```"))


def known_options(words: list[str]) -> set[str]:
    """The options of a command, or of a command in a group."""
    command = cli.get_command(click.Context(cli), words[0])
    if isinstance(command, click.Group) and len(words) > 1:
        command = command.get_command(click.Context(command), words[1]) or command
    assert command is not None
    return {option for parameter in command.params for option in parameter.opts}


# hooks -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook["id"])
def test_a_hook_runs_a_command_on_the_files_of_a_pack(hook: dict[str, Any], run: Any) -> None:
    program, command = hook["entry"].split()
    assert program == "thesis"
    assert command in COMMANDS
    assert run(command, str(ACME)).code == 0
    for file in ("thesis.yaml", "rules/mine/metrics.yaml", "rules/mine/judgements.yaml"):
        assert re.search(hook["files"], file)
    for file in ("README.md", "src/thesis.yaml.bak", "rules/mine/facts.csv", "my-thesis.yaml"):
        assert not re.search(hook["files"], file)
    assert bool(re.search(hook["files"], "rules/mine/facts/ACME.csv")) == (command == "lint")
    assert hook["pass_filenames"] is False


def test_the_guide_names_the_hooks_there_are() -> None:
    named = [hook["id"] for repo in block(GUIDE, "pre-commit")["repos"] for hook in repo["hooks"]]
    assert named == [hook["id"] for hook in HOOKS]


# the action ------------------------------------------------------------------------------------------


def commands() -> list[list[str]]:
    """Every thesis command that a page shows, as words."""
    texts = [step["run"] for step in block(GUIDE, "action")["jobs"]["thesis"]["steps"] if "run" in step]
    texts += re.findall(r"^thesis .*$", GUIDE, re.MULTILINE) + re.findall(
        r"`(thesis [^`]+)`", GUIDE + REFERENCE
    )
    listed = [shlex.split(text.split(" ||")[0].split(" >")[0]) for text in texts]
    return [words[1:] for words in listed if words[0] == "thesis"]


@pytest.mark.parametrize("words", commands(), ids=" ".join)
def test_each_command_that_is_shown_exists_with_its_options(words: list[str]) -> None:
    assert words[0] in COMMANDS
    assert {word for word in words if word.startswith("-")} <= known_options(words)


def test_the_steps_of_the_action_run_one_after_the_other(run: Any, tmp_path: Path) -> None:
    """As in a job, on a pack of that name: what is fine passes, and the report is XML."""
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "mine").symlink_to(ACME)
    steps = [step["run"] for step in block(GUIDE, "action")["jobs"]["thesis"]["steps"] if "run" in step]
    ran = [shlex.split(step.split(" >")[0]) for step in steps if step.startswith("thesis")]
    assert len(ran) == 4
    for _, *words in ran:
        at = ("--as-of", "2026-10-15") if words[0] == "check" else ()
        found = run(*words, *at)
        assert found.code == 0, found
        assert found.out.startswith("<?xml") == ("junit" in words)


@pytest.mark.parametrize(
    ("code", "arguments"),
    [
        (0, ("check", str(ACME), "--as-of", "2026-10-15")),
        (1, ("check", str(ACME), "--as-of", "2026-10-15", "--fail-under", "ON TRACK")),
        (2, ("check", str(ACME), "--format", "pdf")),
        (3, ("check", str(ROOT / "tests" / "problems"))),
        (3, ("lint", "nowhere")),
        (4, ("check", str(ACME), "--as-of", "2027-03-20")),
        (4, ("check", str(ACME), "--as-of", "2001-01-01")),
    ],
)
def test_an_exit_code_means_what_the_guide_says(code: int, arguments: tuple[str, ...], run: Any) -> None:
    assert f"| {code} |" in section(GUIDE, "exit-codes")
    assert run(*arguments).code == code


# the reference ---------------------------------------------------------------------------------------


def test_the_columns_are_the_program_s() -> None:
    assert updated(REFERENCE) == REFERENCE, "run: python -m scripts.columns"


def test_the_sheets_are_the_workbook_s() -> None:
    from thesis.workbook import (
        assumptions_sheet,
        cases_sheet,
        corners,
        facts_sheet,
        judgements_sheet,
        kill_criteria_sheet,
        measures_sheet,
        notes_sheet,
        quarter_grid,
        rules_sheet,
        verdict_sheet,
    )

    modules = (
        verdict_sheet,
        rules_sheet,
        measures_sheet,
        judgements_sheet,
        kill_criteria_sheet,
        corners,
        assumptions_sheet,
        cases_sheet,
    )
    names = [
        *(module.NAME for module in modules),
        quarter_grid.METRICS,
        quarter_grid.FIGURES,
        facts_sheet.NAME,
        notes_sheet.NAME,
    ]
    listed = REFERENCE.split("| sheet | holds |")[1].split("\n\n")[0]
    assert re.findall(r"^\| (\w[\w ]*?) \|", listed, re.MULTILINE) == names
