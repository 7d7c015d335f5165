"""Random attacks on the program, as ``python -m scripts.fuzz`` makes them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from scripts.fuzz import worker as workers
from scripts.fuzz.__main__ import KINDS, main
from scripts.fuzz.attempt import Attempt, Edit, Step
from scripts.fuzz.laws import findings, steering
from scripts.fuzz.packs import journal, packs
from scripts.fuzz.shrink import shrunk
from scripts.fuzz.worker import Worker
from thesis.cli import lint

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="attempts need processes that can be forked")

LINT = Attempt(packs()["acme"], (), (Step(("lint",)),))


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], Worker]]:
    """``started()``: a process for attempts, which takes over what a test has changed in the program."""
    running: list[Worker] = []
    for name in (*workers.ENVIRONMENT, "SEC_CONTACT"):
        monkeypatch.setenv(name, "")  # put back afterwards

    def start() -> Worker:
        running.append(Worker())
        return running[-1]

    yield start
    for each in running:
        each.close()


@pytest.mark.parametrize("kind", KINDS)
def test_an_input_is_made_of_seed_kind_and_number(kind: str) -> None:
    """And of nothing else, so that a finding can be looked into."""
    makes = KINDS[kind]
    assert makes(Random("7 1")).edited() == makes(Random("7 1")).edited()
    assert makes(Random("7 1")) != makes(Random("7 2"))


@pytest.mark.parametrize("kind", KINDS)
def test_an_attempt_of_each_kind_has_an_answer(kind: str, tmp_path: Path, started: Any) -> None:
    ended = started().run(KINDS[kind](Random("7 3")))
    assert not ended.why
    assert all(outcome.out or outcome.err or outcome.code == 0 for outcome in ended.outcomes)


def test_a_crash_is_found_and_its_input_made_small(started: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A command that falls over one word of a file of 74 lines: the word is what is left."""

    def callback(**_: Any) -> None:
        if b"ANVIL" in Path("facts/ACME.csv").read_bytes():
            raise ZeroDivisionError("anvils")

    monkeypatch.setattr(lint.command, "callback", callback)
    worker = started()

    def fails(attempt: Attempt) -> bool:
        return any("ZeroDivisionError" in each for each in findings(attempt, worker.run(attempt)))

    edit = Edit("facts/ACME.csv", 900, 0, b"ANVIL")
    assert not fails(LINT)
    assert fails(LINT._replace(edits=(edit,)))
    small = shrunk(LINT._replace(edits=(Edit("metrics.yaml", 5, 0, b"x"), edit)), fails)
    assert list(small.edited()) == ["facts/ACME.csv"]
    assert len(small.edited()["facts/ACME.csv"]) < 16


def test_what_never_ends_is_found(started: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def callback(**_: Any) -> None:
        while True:
            pass

    monkeypatch.setattr(lint.command, "callback", callback)
    worker = started()
    with monkeypatch.context() as impatient:
        impatient.setattr(workers, "PROCESSOR_SECONDS", 0.2)
        assert "seconds of processor time" in worker.run(LINT).why
    again = worker.run(LINT._replace(steps=(Step(("schema",)),)))
    assert [outcome.code for outcome in again.outcomes] == [0]


def test_what_takes_too_much_memory_is_found(started: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scripts.fuzz.laws.MEMORY", 1)
    (what,) = findings(LINT, started().run(LINT))
    assert what.endswith("MB of memory")


def test_what_steers_a_terminal_is_told_from_what_does_not() -> None:
    assert steering("Łódź\n\t\u200f👩\u200d💻".encode()) == []
    assert steering("\x1b[2J \u202e \x85".encode()) == ["U+001B", "U+0085", "U+202E"]
    assert steering(b"A\r\nB\rC") == ["U+000D"]
    assert steering(b"\xff") == ["byte 0xff"]


@pytest.mark.parametrize("code", [2, 3])
def test_a_refusal_that_changed_files_is_found(
    code: int, started: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def callback(**_: Any) -> None:
        Path("thesis.yaml").write_text("x: y", encoding="utf-8")
        raise SystemExit(code)

    monkeypatch.setattr(lint.command, "callback", callback)
    found = findings(LINT, started().run(LINT))
    assert any("files were changed: thesis.yaml" in each for each in found)


def test_an_edit_of_a_journal_that_goes_unnoticed_is_found(
    started: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from thesis.cli import review_verify

    files = journal()
    review = next(name for name in files if name.startswith("reviews/2026Q1"))
    edited = Attempt(
        files, (Edit(review, 9, 1, b"X"),), (Step(("review", "verify")),), "noticed", is_free=False
    )
    assert findings(edited, started().run(edited)) == []
    monkeypatch.setattr(review_verify.command, "callback", lambda **_: None)
    (what,) = findings(edited, started().run(edited))
    assert "not noticed" in what


def test_the_command_says_its_seed_and_what_it_tried(
    tmp_path: Path, started: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--seed", "7", "--cases", "1", "--only", "prices", "--keep", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    assert "seed 7" in said
    assert "attempts: 1 (prices 1)" in said
