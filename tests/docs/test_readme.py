"""README: what it shows is what the program prints."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from scripts.readme import updated
from thesis.cli import COMMANDS, cli

pytestmark = pytest.mark.quick

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_what_it_shows_is_what_is_printed() -> None:
    """The memo, the checklist and the functions in README are the program's own, to the letter."""
    assert updated(README) == README, "run: python -m scripts.readme"


def test_the_thesis_of_ones_own_works(tmp_path: Path) -> None:
    """The files that README tells a newcomer to write lint clean and make a memo."""
    own = README.split("<!-- own -->")[1].split("<!-- /own -->")[0]
    thesis, metrics, judgements, valuation, trials = re.findall(r"```yaml\n(.*?)```", own, re.DOTALL)
    (facts,) = re.findall(r"```csv\n(.*?)```", own, re.DOTALL)
    (tmp_path / "facts").mkdir()
    (tmp_path / "thesis.yaml").write_text(thesis, encoding="utf-8")
    (tmp_path / "metrics.yaml").write_text(metrics, encoding="utf-8")
    (tmp_path / "judgements.yaml").write_text(judgements, encoding="utf-8")
    (tmp_path / "valuation.yaml").write_text(valuation, encoding="utf-8")
    (tmp_path / "trials.yaml").write_text(trials, encoding="utf-8")
    (tmp_path / "facts" / "ACME.csv").write_text(facts, encoding="utf-8")
    runner = CliRunner()
    lint = runner.invoke(cli, ["lint", str(tmp_path)])
    assert lint.exit_code == 0, lint.output
    trial = runner.invoke(cli, ["test", str(tmp_path)])
    assert trial.exit_code == 0, trial.output
    memo = runner.invoke(cli, ["memo", str(tmp_path), "--as-of", "2026-08-15"])
    assert memo.exit_code == 0, memo.output
    # 127.5 to 128.5 on 104 a year ago is 22.6 to 23.6 %; 121 on 100 is 21 % and 115 on 93 is 23.7 %

    assert "22.6..23.6%" in memo.output
    value = runner.invoke(cli, ["value", str(tmp_path), "--as-of", "2026-08-15"])
    assert value.exit_code == 0, value.output
    # 472.5 to 473.5 grown by 18 % a year for 4.5 years, 15 % of it, 16 times, less 80

    assert "2,308.3..2,313.3" in value.output
    explained = runner.invoke(cli, ["explain", "verdict", "-p", str(tmp_path), "--as-of", "2026-08-15"])
    assert explained.exit_code == 0
    assert "on the scale DEAD < WEAK < FINE < GOOD" in explained.output


WRITING = ("facts import", "documents add")  # which account for what they wrote


def test_which_commands_take_a_day_is_told() -> None:
    """Every command that prints an answer takes ``--as-of``, but for those that README names."""
    dayless = set(re.findall(r"`([a-z -]+)`", README.split("takes its days")[1].split("depend on none")[0]))
    found = dict(_commands(cli, ""))
    answering = {name for name, options in found.items() if "--json" in options and name not in WRITING}
    assert {name for name in answering if "--as-of" not in found[name]} == {"diff", *dayless}


def _commands(command: click.Command, name: str) -> Iterator[tuple[str, set[str]]]:
    """Every command under one, by the words that call it, with its options."""
    yield name, {option for parameter in command.params for option in parameter.opts}
    if isinstance(command, click.Group):
        ctx = click.Context(command)
        for each in command.list_commands(ctx):
            below = command.get_command(ctx, each)
            assert below
            yield from _commands(below, f"{name} {each}".strip())


def test_every_command_is_told() -> None:
    """Each command stands in README's table."""
    for name in COMMANDS:
        assert f"`thesis {name}" in README
