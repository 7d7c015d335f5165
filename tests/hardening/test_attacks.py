"""Hostile files of every kind, made at random: no traceback, no false exit code, no edit goes unnoticed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from random import Random

import pytest

from scripts.fuzz.__main__ import KINDS, main
from scripts.fuzz.packs import ROOT, pack_attempt
from scripts.fuzz.worker import ENVIRONMENT
from tests.scripts.test_same_bytes import interpreters

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="attempts need processes that can be forked"),
]

SEED = 20261201
CASES: Mapping[str, int] = {
    "packs": 150, "filings": 150, "prices": 150, "journals": 300, "templates": 60, "csv": 100,
    "lookahead": 60,
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_found(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What ``python -m scripts.fuzz`` looks for, on the same inputs in each run."""
    for name in (*ENVIRONMENT, "SEC_CONTACT"):
        monkeypatch.setenv(name, "")  # put back afterwards
    given = ["--seed", str(SEED), "--cases", str(CASES[kind]), "--only", kind, "--keep", str(tmp_path)]
    assert main(given) == 0, capsys.readouterr().out


def test_every_interpreter_refuses_the_same_with_the_same_words(tmp_path: Path) -> None:
    """Hostile packs under each Python that is there: one exit code, one answer, one message."""
    asked = interpreters()
    if len(asked) < 2:
        pytest.skip("no second interpreter with what the program needs; name some in OTHER_PYTHONS")
    for number in range(12):
        attempt = pack_attempt(Random(f"{SEED} {number}"))
        answers = {}
        for i, python in enumerate(asked):
            place = tmp_path / f"{number}" / f"{i}"
            for name, data in attempt.edited().items():
                (place / name).parent.mkdir(parents=True, exist_ok=True)
                (place / name).write_bytes(data)
            answers[python] = [_answer(python, place, *step.arguments) for step in attempt.steps]
        assert len({str(answer) for answer in answers.values()}) == 1, (attempt.edits, answers)


def _answer(python: str, place: Path, *arguments: str) -> tuple[int, bytes, bytes]:
    environment = {**os.environ, **ENVIRONMENT, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "random"}
    ended = subprocess.run(
        [python, "-m", "thesis", *arguments],
        cwd=place,
        env=environment,
        capture_output=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    assert ended.returncode in (0, 1, 2, 3, 4), (sys.version, ended.stderr)
    return ended.returncode, ended.stdout, ended.stderr
