"""Nothing is lost: whatever happens on the way, a file is the old or the new one, and the words are true."""

from __future__ import annotations

import errno
import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.hardening.commands import READING, WRITING, WRITING_OPTIONS, Row, command_of, commands, write_pack
from tests.hardening.faults import REFUSALS, WRITES, refuse, run_with, start_with, tree, visible
from tests.hardening.trials import KEEPING, Trial, some, write_at_once
from thesis.journal.store import read_journal

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="faults need processes that can be forked")

SLOW = pytest.mark.slow
ROWS = [pytest.param(name, marks=() if name == "review sign" else SLOW) for name in WRITING]
Make = Callable[[Row], Trial]
ON_FILE = (WRITING["documents add"].arguments,)
EVERY = {
    **WRITING,
    **{name: Row(told, ON_FILE * name.startswith("documents")) for name, told in READING.items()},
}
OF_EACH_KIND = 2  # steps that are disturbed; ``python -m scripts.harden`` disturbs all of them
NO_PACK = ("schema", "help", "base-rate")
ONE_OF_MANY = ("board",)  # a pack that cannot be read has its line there, and the others have theirs


# the table -----------------------------------------------------------------------------------------


def test_every_command_is_in_the_table() -> None:
    """A new command has to be told to be one that writes, with a row, or one that does not."""
    writing = {command_of(name) for name in WRITING}
    assert writing.isdisjoint(READING)
    assert sorted(name for name, _ in commands()) == sorted(writing | set(READING))


def test_what_has_an_option_to_write_is_in_the_table_of_those_that_do() -> None:
    for name, command in commands():
        options = {option for each in command.params for option in each.opts}
        if options & set(WRITING_OPTIONS):
            assert name in {command_of(row) for row in WRITING}, name


@pytest.mark.parametrize("name", READING)
def test_what_is_said_to_read_writes_nothing(name: str, tmp_path: Path) -> None:
    folder = tmp_path / "pack"
    write_pack(folder)
    keeping = KEEPING if name.startswith("documents") else None
    if keeping:
        assert run_with(WRITING["documents add"].arguments, folder, environment=keeping).code == 0
    before = tree(folder)
    ended = run_with(READING[name], folder, environment=keeping)
    assert ended.code in (0, 1, 4), ended.said
    assert [step for step in ended.steps if step.split()[0] in WRITES] == []
    assert tree(folder) == before


# faults --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ROWS)
def test_a_run_that_dies_leaves_the_old_or_the_new(name: str, trial: Make) -> None:
    """At steps of each kind that changes the disk: no file is half, and the next run tidies up."""
    made = trial(WRITING[name])
    steps = some(made.writing_steps, random.Random(name), OF_EACH_KIND)
    assert len(steps) > 3
    wrong = {f"{at} {step}": found for at, step in steps if (found := made.died(at))}
    assert wrong == {}


@SLOW
@pytest.mark.parametrize("name", WRITING)
def test_a_refused_step_is_told_as_it_is(name: str, trial: Make) -> None:
    """At steps of each kind that changes the disk, one error after the other: the words say what is there."""
    made = trial(WRITING[name])
    wrong = {}
    for at, step in some(made.writing_steps, random.Random(f"{name} refused"), OF_EACH_KIND):
        code = REFUSALS[at % len(REFUSALS)]
        if found := made.refused(at, code):
            wrong[f"{os.strerror(code)} at step {at}, {step}"] = found
    assert wrong == {}


@SLOW
@pytest.mark.parametrize("name", [name for name in EVERY if name not in ONE_OF_MANY])
def test_a_file_that_cannot_be_read_is_told_with_a_remedy(name: str, trial: Make) -> None:
    """Of each kind of step that changes nothing one, drawn at random; the error has no name of a file."""
    made, draw = trial(EVERY[name]), random.Random(name)
    steps = some(made.reading_steps, draw, 1)
    assert len(steps) >= 3 or name in NO_PACK
    wrong = {}
    for at, step in steps:
        code = draw.choice(REFUSALS)
        if found := made.refused(at, code):
            wrong[f"{os.strerror(code)} at step {at}, {step}"] = found
    assert wrong == {}


@SLOW
@pytest.mark.parametrize("name", ONE_OF_MANY)
def test_a_pack_that_cannot_be_read_is_told_beside_the_others(name: str, trial: Make) -> None:
    """Where the answer is another one, it names the refusal, and the exit code is not that of a sound one."""
    made = trial(EVERY[name])
    for at, step in some(made.reading_steps, random.Random(name), 1):
        folder = made.fresh()
        ended = made.run(folder, at, refuse(errno.EIO))
        left = visible(tree(folder))
        if left == made.new and ended.code == made.undisturbed.code:
            continue  # the step has no say in the answer
        answer = ended.said + "".join(data.decode("utf-8", "replace") for data in left.values())
        assert ended.code in (1, 3), f"{step}: {ended.said}"
        assert os.strerror(errno.EIO).lower() in answer.lower(), f"{step}: {ended.said}"
        made.forget(folder)


@SLOW
@pytest.mark.parametrize("name", WRITING)
def test_a_run_that_is_killed_leaves_the_old_or_the_new(name: str, trial: Make) -> None:
    """At moments drawn at random."""
    made, draw = trial(WRITING[name]), random.Random(name)
    assert [found for _ in range(4) if (found := made.killed(draw, 0.2))] == []


# writers -------------------------------------------------------------------------------------------


@SLOW
def test_of_many_who_write_at_once_nobody_loses_a_word(tmp_path: Path) -> None:
    """Grades, overrides, forecasts and figures, eight at a time: what was said to be written is there."""
    folder = tmp_path / "pack"
    write_pack(folder)
    written, wrong = write_at_once(folder, rounds=6)
    assert wrong == []
    assert written > 24  # the others were told that somebody else was writing


def test_of_many_who_sign_at_once_one_wins_and_the_others_are_told(tmp_path: Path) -> None:
    folder = tmp_path / "pack"
    write_pack(folder)
    environment = {"THESIS_ANALYST": "R. Runner"}
    arguments = WRITING["review sign"].arguments
    running = [start_with(arguments, folder, environment=environment, name=f"{i}.") for i in range(4)]
    ended = [each.wait() for each in running]
    assert [each.code for each in ended] == [0, 0, 0, 0], ended
    assert sum("signed already" in each.said for each in ended) == 3
    assert len(read_journal(folder, ".")) == 1
